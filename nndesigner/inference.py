"""What torch gives for a kind, its arguments and what comes in: asked on the meta device, and remembered."""

import functools
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from nndesigner import catalogue, rules
from nndesigner.catalogue.kind import Kind, Structure, TensorType, taken
from nndesigner.catalogue.tensor import CHECK_BATCH, axis_words
from nndesigner.graph import Value
from nndesigner.indexing import read

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


def construct(kind: Kind, arguments: Mapping[str, Value]) -> Any:
    """The layer itself, or the tensor a network holds."""
    if kind.is_tensor:
        return _tensor(kind, arguments)
    passed = {name: kind.by_name[name].passed if name in kind.by_name else "keyword" for name in arguments}
    module = resolve(kind.target)(
        **{name: value for name, value in arguments.items() if passed[name] not in ("call", "wrapped")}
    )
    for name, value in arguments.items():
        if passed[name] == "wrapped":
            module = getattr(torch.nn.utils.parametrizations, str(value))(module)
    return module


def call(
    kind: Kind, function: Callable[..., Any], inputs: Mapping[str, Any], arguments: Mapping[str, Value]
) -> Any:
    """What comes of calling it with these inputs, by the names of their ports: a tensor, or a tuple of them."""
    by_place, by_name = taken(kind, inputs, arguments)
    if not kind.is_operator:
        return function(*by_place, **by_name)
    if kind.target == "operator.getitem":
        index = read(str(by_place[1]))
        return by_place[0][index[0] if len(index) == 1 else index]
    terms = [*by_place[0], *by_place[1:]] if isinstance(by_place[0], list) else by_place
    return functools.reduce(function, terms) if len(terms) > 1 else function(terms[0])


def unpacked(structure: Structure, result: Any) -> Iterator[Any]:
    """The outputs in a result, in order: what has a name in the structure."""
    if isinstance(structure, str):
        if structure:
            yield result
        return
    for part, value in zip(structure, result, strict=True):
        yield from unpacked(part, value)


@functools.lru_cache(maxsize=65536)
def infer(
    kind_name: str, arguments: Arguments, inputs: tuple[TensorType, ...], ports: tuple[str, ...] = ()
) -> Inference:
    """What a catalogue kind makes of these inputs, in training mode. `ports` are their names, if not all in order."""
    kind = catalogue.BY_NAME[kind_name].at(dict(arguments))
    names = ports or kind.input_names([f"{port.name}{len(inputs)}" for port in kind.inputs if port.many])
    given = dict(arguments)
    try:
        if kind.role == "layer" and (rule := rules.RULES.get(kind_name)):
            return Inference(*rule(given, dict(zip(names, inputs, strict=False))))
        with torch.device("meta"), torch.no_grad():
            tensors = [torch.empty(one.sizes, dtype=getattr(torch, one.dtype)) for one in inputs]
            by_port = dict(zip(names, tensors, strict=False))
            parameters = 0
            if kind.is_tensor:
                result = construct(kind, given)
                parameters = result.numel() if kind.target == "torch.nn.Parameter" else 0
            elif kind.is_module:
                module = construct(kind, given)
                parameters = sum(parameter.numel() for parameter in module.parameters())
                result = call(kind, module, by_port, given)
            else:
                result = call(kind, resolve(kind.target), by_port, given)
            several = (result,) if kind.role == "loss" else tuple(unpacked(kind.structure, result))
    except Exception as error:  # torch raises whatever it likes; its words are all there is
        return Inference(failure=_first_sentence(error))
    return Inference(
        tuple(TensorType(tuple(one.shape), str(one.dtype).removeprefix("torch.")) for one in several),
        parameters,
    )


def warm() -> None:
    """Makes torch load what its first meta operation needs (0.3–1.3 s), so that the first check is quick."""
    sizes = TensorType((CHECK_BATCH, 1, 8, 8))
    infer("Conv2d", (("in_channels", 1), ("out_channels", 1), ("kernel_size", 3)), (sizes,))
    infer("BatchNorm2d", (("num_features", 1),), (sizes,))


def _tensor(kind: Kind, arguments: Mapping[str, Any]) -> Any:
    """A parameter or a buffer as the network holds it; `init` names the function of torch that fills it."""
    values = {**kind.values({}), **arguments}
    made = getattr(torch, values["init"])(*values["shape"])
    return resolve(kind.target)(made if values["scale"] == 1 else values["scale"] * made)


def _first_sentence(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return re.sub(r"\d+", lambda found: axis_words(int(found[0])), lines[0][:300])
