"""Shape rules against torch itself, over many arguments and sizes."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from nndesigner.catalogue.kind import TensorType
from nndesigner.rules import RULES


def outcome(module: nn.Module, *inputs: torch.Tensor) -> tuple[tuple[int, ...], int]:
    result = module(*inputs)
    return tuple(result.shape), sum(weight.numel() for weight in module.parameters())


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_the_rule_for_convolutions_is_torchs(data: st.DataObject) -> None:
    axes = data.draw(st.integers(1, 3))
    size = st.integers(1, 4)
    sizes = st.one_of(size, st.tuples(*[size] * axes))
    groups = data.draw(st.integers(1, 3))
    arguments: dict[str, Any] = {
        "in_channels": groups * data.draw(size),
        "out_channels": groups * data.draw(size),
        "kernel_size": data.draw(sizes),
        "stride": data.draw(sizes),
        "padding": data.draw(st.one_of(st.integers(0, 3), st.tuples(*[st.integers(0, 3)] * axes))),
        "dilation": data.draw(sizes),
        "groups": groups,
        "bias": data.draw(st.booleans()),
    }
    shape = (2, arguments["in_channels"], *(data.draw(st.integers(1, 9)) for _ in range(axes)))
    ruled = RULES[f"Conv{axes}d"](arguments, {"input": TensorType(shape)})
    with torch.device("meta"):
        try:
            found = outcome(getattr(nn, f"Conv{axes}d")(**arguments), torch.empty(shape))
        except RuntimeError:
            assert ruled is None
            return
    assert ruled is not None
    assert (ruled[0][0].sizes, ruled[1]) == found


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 4), min_size=2, max_size=3), min_size=2, max_size=3),
    st.integers(-4, 4),
)
def test_the_rule_for_joining_is_torchs(shapes: list[list[int]], dim: int) -> None:
    inputs = {f"input{n}": TensorType(tuple(shape)) for n, shape in enumerate(shapes, 1)}
    ruled = RULES["Concat"]({"dim": dim}, inputs)
    try:
        found = tuple(torch.cat([torch.empty(shape, device="meta") for shape in shapes], dim=dim).shape)
    except (RuntimeError, IndexError):
        assert ruled is None
        return
    assert ruled is not None and ruled[0][0].sizes == found


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(2, 5), (2, 3, 5), (2, 1, 3, 5)])
def test_the_rule_for_linear_layers_is_torchs(shape: tuple[int, ...], bias: bool) -> None:
    arguments: dict[str, Any] = {"in_features": 5, "out_features": 7, "bias": bias}
    ruled = RULES["Linear"](arguments, {"input": TensorType(shape)})
    assert ruled is not None
    assert (ruled[0][0].sizes, ruled[1]) == outcome(nn.Linear(**arguments), torch.empty(shape))


def test_a_rule_leaves_to_torch_what_is_wrapped() -> None:
    arguments: dict[str, Any] = {"in_features": 5, "out_features": 7, "parametrization": "weight_norm"}
    assert RULES["Linear"](arguments, {"input": TensorType((2, 5))}) is None
