"""What torch gives for a kind, its arguments and what comes in: asked on the meta device, and remembered."""

import functools
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from nndesigner import catalogue, child, own, rules
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


def resolved(kind: Kind) -> Callable[..., Any]:
    """The callable of a kind. For code of one's own this runs its text: only a plan without problems leads here."""
    return own.compiled(kind.code) if kind.code is not None else resolve(kind.target)


def construct(kind: Kind, arguments: Mapping[str, Value]) -> Any:
    """The layer itself, or the tensor a network holds."""
    if kind.is_tensor:
        return _tensor(kind, arguments)
    passed = {name: kind.by_name[name].passed if name in kind.by_name else "keyword" for name in arguments}
    module = resolved(kind)(
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


def infer(
    kind_name: str, arguments: Arguments, inputs: tuple[TensorType, ...], ports: tuple[str, ...] = ()
) -> Inference:
    """What a catalogue kind makes of these inputs, in training mode. `ports` are their names, if not all in order."""
    types = tuple(type(value) for _, value in arguments)
    return _inferred(kind_name, arguments, types, inputs, ports)


# The types are a part of the key because 1, 1.0 and True are equal, and x + 1 is not x + 1.0.
@functools.lru_cache(maxsize=65536)
def _inferred(
    kind_name: str,
    arguments: Arguments,
    _types: tuple[type, ...],
    inputs: tuple[TensorType, ...],
    ports: tuple[str, ...],
) -> Inference:
    kind = catalogue.BY_NAME[kind_name].at(dict(arguments))
    names = ports or kind.input_names([f"{port.name}{len(inputs)}" for port in kind.inputs if port.many])
    given = dict(arguments)
    try:
        rule = rules.RULES.get(kind_name) if kind.role in ("layer", "loss") else None
        if rule is not None and (ruled := rule(given, dict(zip(names, inputs, strict=False)))) is not None:
            return Inference(*ruled)
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
    if not all(isinstance(one, torch.Tensor) for one in several):
        return Inference(failure="it does not give the tensors its outputs stand for")
    outputs = tuple(TensorType(tuple(one.shape), str(one.dtype).removeprefix("torch.")) for one in several)
    called = kind.role == "layer" and not (kind.is_module or kind.is_tensor)
    if called and inputs and not _for_any_batch(kind, names, given, inputs, outputs):
        return Inference(failure="its result would depend on how many samples there are, and that varies")
    return Inference(outputs, parameters)


def _for_any_batch(
    kind: Kind,
    names: tuple[str, ...],
    given: Mapping[str, Value],
    inputs: tuple[TensorType, ...],
    outputs: tuple[TensorType, ...],
) -> bool:
    """Whether a function gives, of a single sample, what it gives of many: it may cut the batch, or count on it."""
    try:
        with torch.device("meta"), torch.no_grad():
            tensors = [torch.empty(one.at(1), dtype=getattr(torch, one.dtype)) for one in inputs]
            result = call(kind, resolve(kind.target), dict(zip(names, tensors, strict=False)), given)
            shapes = [tuple(one.shape) for one in unpacked(kind.structure, result)]
    except Exception:
        return False
    return shapes == [one.at(1) for one in outputs]


def infer_own(
    kind: Kind, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], ports: tuple[str, ...]
) -> Inference:
    """What a trusted layer of one's own makes of these inputs, found out in a child process with limits."""
    assert kind.code is not None
    key = (kind.code, tuple(arguments.items()), inputs, ports)
    if key not in _own:
        try:
            found = child.ask(probe, kind, dict(arguments), inputs, ports)
        except child.ChildError as error:
            found = Inference(failure=str(error))
        if len(_own) > 4096:
            _own.clear()
        _own[key] = found
    return _own[key]


_own: dict[tuple[object, ...], Inference] = {}


def probe(
    kind: Kind, arguments: dict[str, Value], inputs: tuple[TensorType, ...], ports: tuple[str, ...]
) -> Inference:
    """Runs a layer of one's own on the meta device; where it can't run there, twice on the CPU with small batches.

    The size of each axis is a + b·N; two batches of different primes tell a and b.
    """
    assert kind.code is not None
    try:
        return _tried(kind, arguments, inputs, ports, "meta", CHECK_BATCH)
    except Exception:
        try:
            small, large = (_tried(kind, arguments, inputs, ports, "cpu", batch) for batch in (13, 17))
        except Exception as error:
            return Inference(failure=own.told(kind.code, error))
    outputs = []
    for one, other in zip(small.outputs, large.outputs, strict=True):
        slopes = [(y - x) // 4 for x, y in zip(one.sizes, other.sizes, strict=True)]
        sizes = tuple(x - 13 * b + CHECK_BATCH * b for x, b in zip(one.sizes, slopes, strict=True))
        outputs.append(TensorType(sizes, one.dtype))
    return Inference(tuple(outputs), small.parameters)


def _tried(
    kind: Kind,
    arguments: dict[str, Value],
    inputs: tuple[TensorType, ...],
    ports: tuple[str, ...],
    device: str,
    batch: int,
) -> Inference:
    with torch.device(device), torch.no_grad():
        tensors = [torch.ones(one.at(batch), dtype=getattr(torch, one.dtype)) for one in inputs]
        by_port = dict(zip(ports, tensors, strict=True))
        made = construct(kind, arguments) if kind.is_module else resolved(kind)
        result = call(kind, made, by_port, arguments)
        several = tuple(unpacked(kind.structure, result))
    for one in several:
        if not isinstance(one, torch.Tensor):
            raise TypeError(f"{kind.name} must return tensors, and returned {type(one).__name__}")
    parameters = 0
    if isinstance(made, torch.nn.Module):
        parameters = sum(one.numel() for one in made.parameters())
    types = tuple(TensorType(tuple(one.shape), str(one.dtype).removeprefix("torch.")) for one in several)
    return Inference(types, parameters)


def warm() -> None:
    """Makes torch load what its first meta operation needs (0.3–1.3 s), so that the first check is quick."""
    sizes = TensorType((CHECK_BATCH, 1, 8, 8))
    infer("Conv2d", (("in_channels", 1), ("out_channels", 1), ("kernel_size", 3)), (sizes,))
    infer("GroupNorm", (("num_groups", 1), ("num_channels", 1)), (sizes,))


def _tensor(kind: Kind, arguments: Mapping[str, Any]) -> Any:
    """A parameter or a buffer as the network holds it; `init` names the function of torch that fills it."""
    values = {**kind.values({}), **arguments}
    made = getattr(torch, values["init"])(values["shape"])
    return resolve(kind.target)(made if values["scale"] == 1 else values["scale"] * made)


def _first_sentence(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return re.sub(r"\d+", lambda found: axis_words(int(found[0])), lines[0][:300])
