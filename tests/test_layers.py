"""The layers of torch.nn with many more values and shapes than they begin with, and what they refuse."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from test_kinds import assert_alike, project_of

from nndesigner import catalogue, script
from nndesigner.catalogue.kind import CHECK_BATCH, Kind, TensorType
from nndesigner.graph import Graph, Node, Value
from nndesigner.plan import Plan, make
from nndesigner.project import Project
from tests.conftest import wired

BY_NAME = catalogue.BY_NAME
FAMILIES = {
    *("linear", "convolution", "padding", "pooling", "normalization", "activation", "dropout"),
    *("resampling", "distance"),
}
MODULES = [kind for kind in catalogue.KINDS if kind.is_module and kind.family in FAMILIES]
TAKING = {
    length: (CHECK_BATCH, 4, *sizes) for length, sizes in ((2, ()), (3, (8,)), (4, (6, 8)), (5, (4, 6, 8)))
}


def at(kind: Kind, *shapes: tuple[int, ...]) -> Kind:
    """The kind with other tensors as its example."""
    dtypes = [one.dtype for one in kind.example]
    example = (TensorType((CHECK_BATCH, *shape), dtype) for shape, dtype in zip(shapes, dtypes, strict=True))
    return replace(kind, example=tuple(example))


def numbers(kind: Kind) -> list[dict[str, Value]]:
    """Each of its numbers a little away from where it starts."""
    found: list[dict[str, Value]] = []
    for param in kind.params:
        start = param.start
        if param.type == "float":
            near = (0.9 if start is None else start * 0.9 + 0.01) if not isinstance(start, tuple) else None
            if param.problem(near) is None and (param.name, kind.name) not in WITH_ANOTHER:
                found.append({param.name: near})
        elif param.type in ("int", "size") and (param.name, kind.name) not in WITH_ANOTHER:
            more = 2 if start in (None, 0, 1) else start + 1
            if (kind.name, param.name, more) not in NOT_DIVIDING:
                found.append({param.name: more})
    return found


# Set only in place of another, or together with it: each is among the variants below.
WITH_ANOTHER = {
    *(
        (name, kind.name)
        for kind in MODULES
        for name in ("padding", "output_padding", "output_ratio", "size")
    ),
    *(
        (name, kind.name)
        for kind in MODULES
        for name in ("scale_factor", "kernel_size", "output_size", "axes")
    ),
    *((name, "Fold") for name in ("dilation", "stride")),
}
NOT_DIVIDING = {
    ("GroupNorm", "num_groups", 5),
    ("PixelShuffle", "upscale_factor", 3),
    ("ChannelShuffle", "groups", 3),
}

VARIANTS: list[tuple[Kind, dict[str, Value]]] = [
    (kind, params) for kind in MODULES for params in numbers(kind)
]
for _kind in MODULES:  # every number of axes it takes
    if len(_kind.inputs) == 1 and _kind.name not in ("Fold",):
        for _rank in _kind.inputs[0].ranks or (2, 3, 4, 5):
            VARIANTS.append((at(_kind, TAKING[_rank][1:]), {}))


def add(name: str, *shapes: tuple[int, ...], **params: Value) -> None:
    """One more variant."""
    kind = BY_NAME[name]
    VARIANTS.append((at(kind, *shapes) if shapes else kind, params))


for _axes in (1, 2, 3):
    _ones, _sizes, _places = (1,) * _axes, tuple(range(1, _axes + 1)), (7, 8, 9)[:_axes]
    add(f"ConvTranspose{_axes}d", stride=3, output_padding=tuple(range(_axes)), padding=_sizes)
    for _norm in ("weight_norm", "spectral_norm"):
        add(f"Conv{_axes}d", (4, *_places), parametrization=_norm, bias=False, groups=2, stride=2)
        add(f"ConvTranspose{_axes}d", (4, *_places), parametrization=_norm, groups=2, dilation=2)
    for _mode in ("reflect", "replicate", "circular"):
        add(f"Conv{_axes}d", (4, *_places), padding=_sizes, padding_mode=_mode)
        add(f"Conv{_axes}d", (4, *_places), padding="same", padding_mode=_mode, dilation=2)
    for _what in ("Zero", "Constant", "Reflection", "Replication", "Circular"):
        add(f"{_what}Pad{_axes}d", (3, *_places), padding=2)
        add(f"{_what}Pad{_axes}d", (3, *_places), padding=(0, 1, 2, 3, 4, 5)[: 2 * _axes])
    add(f"ConstantPad{_axes}d", value=-1.5)
    for _pool in ("Max", "Avg"):
        add(f"{_pool}Pool{_axes}d", (3, *_places), kernel_size=3, padding=1, stride=2, ceil_mode=True)
        add(f"{_pool}Pool{_axes}d", (3, *_places), kernel_size=(2, 3, 4)[:_axes], padding=(1,) * _axes)
    add(f"MaxPool{_axes}d", (3, *(2,) * _axes), kernel_size=3, ceil_mode=True)
    add(f"LPPool{_axes}d", (3, *_places), kernel_size=3, norm_type=3.0, stride=2, ceil_mode=True)
    add(f"MaxPool{_axes}d", (3, *_places), kernel_size=3, padding=1, dilation=2, return_indices=True)
    add(f"AdaptiveMaxPool{_axes}d", (3, *_places), output_size=5, return_indices=True)
    add(f"AdaptiveAvgPool{_axes}d", (3, *_places), output_size=(3, 4, 5)[:_axes])
    add(f"MaxUnpool{_axes}d", (3, *_places), (3, *_places), stride=3, kernel_size=4, padding=1)
    _twice = tuple(2 * _size + 1 for _size in _places)
    add(f"MaxUnpool{_axes}d", (3, *_places), (3, *_places), output_size=_twice)
    add(f"InstanceNorm{_axes}d", (3, *_places), affine=True, track_running_stats=True, momentum=0.3)
    for _momentum in (None, 0.5):
        add(f"BatchNorm{_axes}d", (3, *_places), momentum=_momentum, affine=False)
        add(f"BatchNorm{_axes}d", (3, *_places), momentum=_momentum, track_running_stats=False)
    if _axes > 1:
        add(
            f"FractionalMaxPool{_axes}d", (3, *_places), output_ratio=None, output_size=4, return_indices=True
        )
        add(f"FractionalMaxPool{_axes}d", (3, *_places), output_ratio=0.7, kernel_size=(2, 3, 2)[:_axes])
for _mode, _places in (
    ("nearest", (5,)),
    ("linear", (5,)),
    ("bilinear", (5, 6)),
    ("bicubic", (5, 6)),
    ("nearest-exact", (5, 6)),
    ("trilinear", (3, 4, 5)),
    ("nearest", (3, 4, 5)),
):
    add("Upsample", (3, *_places), mode=_mode, scale_factor=1.7)
    add("Upsample", (3, *_places), mode=_mode, scale_factor=1.7, recompute_scale_factor=True)
    add("Upsample", (3, *_places), mode=_mode, scale_factor=None, size=9)
    if "nearest" not in _mode:
        add("Upsample", (3, *_places), mode=_mode, align_corners=True)
        add("Upsample", (3, *_places), mode=_mode, align_corners=False)
add("Upsample", (3, 4, 5), scale_factor=None, size=(6, 7))
add("Upsample", (3, 4, 5), scale_factor=(1.5, 3.0), mode="bilinear")
add("UpsamplingNearest2d", (3, 4, 5), scale_factor=(1.0, 2.0))
add("FractionalMaxPool2d", (3, 9, 9), output_ratio=(0.5, 0.6))
add("AdaptiveAvgPool2d", (3, 9, 7), output_size=(None, 2))
add("AdaptiveMaxPool3d", (3, 9, 7, 5), output_size=(3, None, None), return_indices=True)
add("UpsamplingBilinear2d", (3, 4, 5), scale_factor=None, size=7)
add("UpsamplingNearest2d", (3, 4, 5), scale_factor=1.5)
add("PixelShuffle", (18, 4, 5), upscale_factor=3)
add("PixelUnshuffle", (2, 6, 9), downscale_factor=3)
add("GroupNorm", (10, 3), num_groups=5)
add("ChannelShuffle", (9, 4), groups=3)
add("Unfold", (3, 9, 10), kernel_size=(2, 3), dilation=2, padding=1, stride=(1, 2))
add("Fold", (12, 36), output_size=(9, 10), kernel_size=(2, 3), dilation=2, padding=1, stride=(1, 2))
add("Fold", (12, 40), output_size=(9, 10), kernel_size=(2, 3), dilation=2, padding=1, stride=(2, 1))
add("Unflatten", (6, 8), dim=-1, unflattened_size=(2, -1, 2))
add("Unflatten", (6, 8), dim=1, unflattened_size=(-1, 3))
for _places in ((5, 8), (3, 5, 8)):
    for _many in range(1, len(_places) + 1):
        add("LayerNorm", _places, axes=_many, bias=False)
        add("RMSNorm", _places, axes=_many, eps=1e-3)
    add("PReLU", _places, per_channel=True, init=0.1)
    for _name in ("Softmax", "LogSoftmax", "Softmin"):
        add(_name, _places, dim=1)
    add("Linear", _places, parametrization="spectral_norm")
    add("Linear", _places, parametrization="weight_norm", bias=False)
    add("Bilinear", _places, (*_places[:-1], 7), parametrization="weight_norm")
    add("Bilinear", _places, (*_places[:-1], 7), parametrization="spectral_norm")
    add("CosineSimilarity", _places, _places, dim=-1)
    add("PairwiseDistance", _places, _places, p=1.0)
add("GLU", (6, 5), dim=1)
add("Hardtanh", min_val=-2.0, max_val=3.0)
add("RReLU", lower=0.2, upper=0.2)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        pytest.param(kind, params, id=f"{kind.name} {' '.join(map(str, kind.example))} {params or ''}")
        for kind, params in VARIANTS
    ],
)
def test_a_layer_is_the_same_in_the_module_and_in_the_script(kind: Kind, params: dict[str, Value]) -> None:
    assert_alike(kind, params)


def planned(name: str, *shapes: tuple[int, ...], **params: Value) -> Plan:
    kind = BY_NAME[name]
    return make(project_of(at(kind, *shapes) if shapes else kind, **params))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (("Conv2d", (3, 8, 8), {"groups": 2}), "must divide its 3 input channels and its 32 output channels"),
        (("ConvTranspose2d", (3, 8, 8), {"groups": 2}), "must divide its 3 input channels and its 32 output"),
        (("GroupNorm", (6, 8), {}), "num_groups of layer must divide its 6 channels; it is set to 4"),
        (("ChannelShuffle", (3, 8), {}), "groups of layer must divide its 3 channels; it is set to 2"),
        (("Conv2d", (3, 8, 8), {"padding": "same", "stride": 2}), "can be same only with a stride of 1"),
        (("Conv1d", (3, 2), {}), "the window of layer is 3, and in0 gives only 2"),
        (("MaxPool2d", (3, 8, 8), {"padding": 2}), "half its window at most, 1×1; it is set to 2×2"),
        (
            ("ReflectionPad2d", (3, 4, 6), {"padding": (0, 0, 4, 0)}),
            "mirrors 4×0 values around and needs more",
        ),
        (("CircularPad1d", (3, 4), {"padding": 5}), "repeats 5 values around and needs as many"),
        (("Conv1d", (3, 2), {"padding": 2, "padding_mode": "reflect"}), "mirrors 2 values around"),
        (("ZeroPad2d", (3, 4, 4), {"padding": -1}), "padding is a whole number from 0, or 4 of them, not -1"),
        (("ConvTranspose1d", (3, 4), {"padding": 4}), "cuts off all it would make of N×3×4"),
        (
            ("FractionalMaxPool2d", (3, 8, 8), {"output_ratio": None}),
            "layer needs output_size or output_ratio",
        ),
        (
            ("FractionalMaxPool2d", (3, 8, 8), {"output_size": 3}),
            "takes output_size or output_ratio, not both",
        ),
        (
            ("FractionalMaxPool2d", (3, 8, 8), {"output_ratio": 0.9, "kernel_size": 3}),
            "can make 1 to 6×6 of 8×8",
        ),
        (("FractionalMaxPool2d", (3, 8, 8), {"output_ratio": 0.01}), "asked for 0×0"),
        (("Upsample", (3, 8, 8), {"scale_factor": None}), "layer needs size or scale_factor"),
        (("Upsample", (3, 8, 8), {"size": 9}), "takes size or scale_factor, not both"),
        (
            ("Upsample", (3, 8, 8), {"mode": "linear"}),
            "mode linear of layer is for 3 axes, in0 gives N×3×8×8",
        ),
        (
            ("Upsample", (3, 8, 8), {"align_corners": True}),
            "align_corners of layer has no meaning for the mode",
        ),
        (("Upsample", (3, 8), {"size": (3, 4), "scale_factor": None}), "size of layer has 2 numbers"),
        (("Upsample", (3, 8), {"scale_factor": 0.1}), "makes 8 only 0.1 times as large"),
        (("Upsample", (3, 8), {"scale_factor": (2.0, 1.0)}), "scale_factor of layer has 2 numbers"),
        (("Upsample", (3, 8, 9), {"scale_factor": (2.0, 0.1)}), "makes 8×9 only 2×0.1 times as large"),
        (
            ("AdaptiveAvgPool2d", (3, 8, 8), {"output_size": (0, None)}),
            "or 2 of them, none where a size stays",
        ),
        (("PixelShuffle", (6, 8, 8), {}), "needs channels that 4 divides; in0 gives 6"),
        (("PixelUnshuffle", (6, 8, 7), {}), "needs height and width that 2 divides; in0 gives 8×7"),
        (("GLU", (7,), {}), "splits axis -1 in two halves, which needs an even size; it is 7"),
        (("GLU", (8,), {"dim": 0}), "it is the batch"),
        (("Unflatten", (8,), {"unflattened_size": (3, 2)}), "lays axis 1 out as 3×2, which is not 8"),
        (("Unflatten", (8,), {"unflattened_size": (-1, -1)}), "may hold one −1"),
        (("Fold", (6, 9), {}), "expects channels × 2×2 values in axis 1, which 4 divides"),
        (("Fold", (8, 10), {}), "has room for 3×3 = 9 patches on maps of 4×4; in0 gives 10"),
        (("Fold", (8, 10), {"output_size": 1}), "has room for no patch on maps of 1×1"),
        (("InstanceNorm2d", (8, 1, 1), {}), "needs several values a channel to normalize"),
        (
            ("LayerNorm", (8, 4), {"axes": 3}),
            "axes of layer is 2 at most, as in0 gives N×8×4; it is set to 3",
        ),
        (("RReLU", (8,), {"lower": 0.5}), "upper of layer is less than its lower, 0.5"),
        (("Hardtanh", (8,), {"min_val": 1.0}), "max_val of layer is not larger than its min_val, 1; it is 1"),
        (("Softmin", (8,), {"dim": None}), "dim of layer is missing"),
    ],
    ids=lambda one: f"{one[0]} {one[2]}" if isinstance(one, tuple) else "",
)
def test_what_does_not_fit_is_told_in_plain_words(
    plan: tuple[str, tuple[int, ...], dict[str, Value]], words: str
) -> None:
    name, shape, params = plan
    errors = planned(name, shape, **params).errors
    assert len(errors) == 1
    assert words in errors[0].message
    for cure in errors[0].cures:
        assert not make(Project(cure.graph)).errors


def test_two_inputs_of_a_bilinear_layer_differ_in_their_last_axis_only() -> None:
    errors = planned("Bilinear", (3, 8), (4, 8)).errors
    assert "differ in their last axis only; in0 gives N×3×8, in1 gives N×4×8" in errors[0].message
    assert "x2 to have the shape" in planned("CosineSimilarity", (8,), (9,)).errors[0].message


def test_a_batch_that_does_not_stand_in_front_gives_a_layer_no_size() -> None:
    nodes = [
        Node("a", "Input", {"shape": (8, 5)}),
        Node("turned", "Permute", {"dims": (1, 0, 2)}),
        Node("norm1", "LayerNorm", {"axes": 2}),
        Node("conv1", "Conv1d", {"out_channels": 4, "kernel_size": 1}),
        *(Node(name, "Output") for name in ("b", "c")),
    ]
    edges = wired("a > turned", "turned > norm1", "turned > conv1", "norm1 > b", "conv1 > c")
    errors = make(Project(Graph.of(nodes, edges))).errors
    assert {error.node: error.message for error in errors} == {
        "norm1": "norm1 takes its normalized_shape from 8×N×5, where the batch stands; bring the batch to the front "
        "before",
        "conv1": "conv1 takes its in_channels from 8×N×5, where the batch stands; bring the batch to the front before",
    }


def unpooling(size: int, **params: Value) -> Project:
    """A MaxPool2d of maps of this size, and what goes back."""
    nodes = [
        Node("image", "Input", {"shape": (3, size, size)}),
        Node("pool1", "MaxPool2d", {"kernel_size": 2, "return_indices": True}),
        Node("unpool1", "MaxUnpool2d", {"kernel_size": 2, **params}),
        Node("out", "Output"),
    ]
    wires = ("image > pool1", "pool1 > unpool1", "pool1.indices > unpool1.indices", "unpool1 > out")
    return Project(Graph.of(nodes, wired(*wires)))


def test_an_unpool_makes_maps_of_the_size_before_the_pool() -> None:
    assert str(make(unpooling(8)).types["unpool1", "output"]) == "N×3×8×8"
    problem = make(unpooling(9)).errors[0]
    assert problem.message == (
        "unpool1 makes maps of 8×8, and its indices are places in maps of 9×9; set output_size to these"
    )
    cured = make(Project(problem.cures[0].graph))
    assert not cured.errors and str(cured.types["unpool1", "output"]) == "N×3×9×9"
    assert "1 numbers" not in make(unpooling(9, output_size=(9,))).errors[0].message
    assert (
        "can make 7×7 to 9×9 of 4×4; it is asked for 12×12"
        in make(unpooling(8, output_size=(12, 12))).errors[0].message
    )


@pytest.mark.parametrize("repeat", [1, 3])
@pytest.mark.parametrize("params", [{}, {"stride": 2, "padding": (1, 2), "output_padding": 1, "bias": False}])
def test_a_layer_whose_weights_are_normed_is_written_as_ruff_would(
    repeat: int, params: dict[str, Value], tmp_path: Path
) -> None:
    start = {"out_channels": 16, "kernel_size": 3, "parametrization": "spectral_norm"}
    nodes = [
        Node("a", "Input", {"shape": (16, 8, 8)}),
        Node("upsampling1", "ConvTranspose2d", {**start, **params}, repeat=repeat),
        Node("b", "Output"),
    ]
    written = script.write(Project(Graph.of(nodes, wired("a > upsampling1", "upsampling1 > b"))))
    assert "spectral_norm(" in written.text
    path = tmp_path / "exported.py"
    path.write_text(written.text, "utf-8")
    words = [sys.executable, "-m", "ruff", "format", "--isolated", "--check", str(path)]
    assert subprocess.run(words, check=False, capture_output=True).returncode == 0
