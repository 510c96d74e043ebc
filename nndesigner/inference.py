"""What torch gives for a kind, its arguments and what comes in: asked on the meta device, and remembered."""

import functools
import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.graph import Value

Arguments = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Inference:
    """What comes out, and how many parameters it takes; or torch's own words why nothing does."""

    outputs: tuple[TensorType, ...] = ()
    parameters: int = 0
    failure: str = ""


@functools.cache
def resolve(target: str) -> Callable[..., Any]:
    """The callable a catalogue entry names. Only names in the catalogue get here."""
    module, _, name = target.rpartition(".")
    owner: Any = torch.Tensor if module == "torch.Tensor" else importlib.import_module(module)
    found: Callable[..., Any] = getattr(owner, name)
    return found


def construct(kind: Kind, arguments: Mapping[str, Value]) -> torch.nn.Module:
    """The layer itself."""
    module: torch.nn.Module = resolve(kind.target)(**arguments)
    return module


def call_function(kind: Kind, inputs: Sequence[torch.Tensor], arguments: Mapping[str, Value]) -> Any:
    """Calls a kind that is no module: a method of its first input, an operator between all, or a function of all."""
    function = resolve(kind.target)
    if kind.is_method:
        return function(inputs[0], *arguments.values())
    if kind.target.startswith("operator."):
        return functools.reduce(function, inputs)
    return function(list(inputs) if kind.inputs[0].many else inputs[0], **arguments)


@functools.lru_cache(maxsize=65536)
def infer(kind_name: str, arguments: Arguments, inputs: tuple[TensorType, ...]) -> Inference:
    """What a catalogue kind makes of these inputs, in training mode."""
    kind = catalogue.BY_NAME[kind_name]
    try:
        with torch.device("meta"), torch.no_grad():
            tensors = [torch.empty(one.sizes, dtype=getattr(torch, one.dtype)) for one in inputs]
            if kind.is_module:
                module = construct(kind, dict(arguments))
                parameters = sum(parameter.numel() for parameter in module.parameters())
                results = module(*tensors)
            else:
                parameters = 0
                results = call_function(kind, tensors, dict(arguments))
    except Exception as error:  # torch raises whatever it likes; its words are all there is
        return Inference(failure=_first_sentence(error))
    several = results if isinstance(results, tuple) else (results,)
    return Inference(
        tuple(TensorType(tuple(one.shape), str(one.dtype).removeprefix("torch.")) for one in several),
        parameters,
    )


def warm() -> None:
    """Makes torch load what its first meta operation needs (0.3–1.3 s), so that the first check is quick."""
    sizes = TensorType((2, 1, 8, 8))
    infer("Conv2d", (("in_channels", 1), ("out_channels", 1), ("kernel_size", 3)), (sizes,))
    infer("BatchNorm2d", (("num_features", 1),), (sizes,))


def _first_sentence(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]
