"""Pooling: many neighbouring values become one; and the way back."""

from nndesigner.catalogue.kind import Kind, Param, Port, TensorType
from nndesigner.catalogue.maps import example, maps

_CEIL = Param("ceil_mode", "bool", False, "Whether a window that is not full counts too")
_RETURN = Param("return_indices", "bool", False, "Whether it also tells where each largest value was")
_OUTPUTS = (
    Port("output"),
    Port(
        "indices",
        dtype="int",
        when="return_indices",
        sentence="Where in its map each largest value was found",
    ),
)


def _window(axes: int) -> tuple[Param, ...]:
    return (
        Param("kernel_size", "size", sentence="How large the window is", initial=2, minimum=1, axes=axes),
        Param(
            "stride", "size", None, "How far the window moves on; nothing: its own size", minimum=1, axes=axes
        ),
    )


def _around(axes: int) -> Param:
    return Param(
        "padding", "size", 0, "How much is put around; half the window at most", minimum=0, axes=axes
    )


def _maximum(axes: int) -> Kind:
    return Kind(
        f"MaxPool{axes}d",
        "pooling",
        f"torch.nn.MaxPool{axes}d",
        "Keeps the largest value of each window: was the pattern there at all?",
        "y = max of each window",
        inputs=(maps(axes),),
        outputs=_OUTPUTS,
        params=(
            *_window(axes),
            _around(axes),
            Param("dilation", "size", 1, "Distance between the window's places", minimum=1, axes=axes),
            _RETURN,
            _CEIL,
        ),
        example=example(axes),
        synonyms="max pooling downsample",
        stem="pool",
    )


def _average(axes: int) -> Kind:
    divisor = Param(
        "divisor_override", "int", None, "What the sum is divided by; nothing: the window", minimum=1
    )
    return Kind(
        f"AvgPool{axes}d",
        "pooling",
        f"torch.nn.AvgPool{axes}d",
        "Takes the mean of each window.",
        "y = mean of each window",
        inputs=(maps(axes),),
        params=(
            *_window(axes),
            _around(axes),
            _CEIL,
            Param("count_include_pad", "bool", True, "Whether what was put around counts in the mean"),
            *([divisor] if axes > 1 else []),
        ),
        example=example(axes),
        synonyms="average mean pooling downsample",
        stem="pool",
    )


def _power(axes: int) -> Kind:
    return Kind(
        f"LPPool{axes}d",
        "pooling",
        f"torch.nn.LPPool{axes}d",
        "Between the sum and the maximum of each window: the larger p, the more the largest value counts.",
        "y = (Σ xᵖ over each window)^(1/p)",
        inputs=(maps(axes),),
        params=(
            Param("norm_type", "float", sentence="p: 1 gives the sum", initial=2.0, minimum=1),
            *_window(axes),
            _CEIL,
        ),
        example=example(axes),
        synonyms="power average pooling p-norm downsample",
        stem="pool",
    )


def _fractional(axes: int) -> Kind:
    return Kind(
        f"FractionalMaxPool{axes}d",
        "pooling",
        f"torch.nn.FractionalMaxPool{axes}d",
        "Max pooling by any factor: the windows lie at random steps, new ones each time.",
        "y = max of windows at random steps",
        inputs=(maps(axes),),
        outputs=_OUTPUTS,
        params=(
            Param("kernel_size", "size", sentence="How large the window is", initial=2, minimum=1, axes=axes),
            Param(
                "output_size", "size", None, "The size of the result; nothing: by ratio", minimum=1, axes=axes
            ),
            Param(
                "output_ratio",
                "float",
                None,
                "The size of the result as a part of the input's; nothing: by size",
                initial=0.5,
                above=0,
                maximum=0.999999,
                axes=axes,
            ),
            _RETURN,
        ),
        example=example(axes),
        synonyms="fractional max pooling random downsample",
        stem="pool",
    )


def _adaptive(axes: int, what: str, word: str) -> Kind:
    largest = what == "Max"
    return Kind(
        f"Adaptive{what}Pool{axes}d",
        "pooling",
        f"torch.nn.Adaptive{what}Pool{axes}d",
        f"Gives maps of the size you ask for, whatever comes in, by taking the {word} of windows that fit.",
        f"y = {word} of windows chosen to fit",
        inputs=(maps(axes),),
        outputs=_OUTPUTS if largest else (Port("output"),),
        params=(
            Param(
                "output_size",
                "size",
                sentence="The size of the result" + (", none for a size that stays" if axes > 1 else ""),
                initial=1,
                minimum=1,
                axes=axes,
                holes=axes > 1,
            ),
            *([_RETURN] if largest else []),
        ),
        example=example(axes),
        synonyms=f"global {word} pooling",
        stem="pool",
    )


def _back(axes: int) -> Kind:
    given = example(axes)[0]
    indices = Port(
        "indices", maps(axes).ranks, "int", like="input", sentence="Where the values were: of a MaxPool"
    )
    return Kind(
        f"MaxUnpool{axes}d",
        "pooling",
        f"torch.nn.MaxUnpool{axes}d",
        "Puts the values of a MaxPool back where they were, with zeros between. Turn on return_indices there.",
        "y at indices = x, else 0",
        inputs=(maps(axes), indices),
        params=(
            *_window(axes),
            Param("padding", "size", 0, "What the MaxPool put around", minimum=0, axes=axes),
            Param(
                "output_size",
                "shape",
                None,
                f"{'The size' if axes == 1 else f'All {axes} sizes'} of the maps before the MaxPool; nothing: "
                "as many times as large as the windows move on",
                minimum=1,
                passed="call",
            ),
        ),
        example=(given, TensorType(given.sizes, "int64")),
        synonyms="unpooling upsample decoder segnet inverse",
        stem="unpool",
    )


KINDS = (
    *map(_maximum, (1, 2, 3)),
    *map(_average, (1, 2, 3)),
    *(_adaptive(axes, "Avg", "mean") for axes in (1, 2, 3)),
    *(_adaptive(axes, "Max", "maximum") for axes in (1, 2, 3)),
    *map(_power, (1, 2, 3)),
    *map(_fractional, (2, 3)),
    *map(_back, (1, 2, 3)),
)
