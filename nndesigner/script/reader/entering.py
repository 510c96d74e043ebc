"""What goes into a network: as it is given, as the source tells it, or as it is tried out."""

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nndesigner.catalogue.kind import CHECK_BATCH, TensorType
from nndesigner.script.reader.reading import ReadingError, Source
from nndesigner.script.reader.values import (
    Container,
    Function,
    Instance,
    Layer,
    Thing,
)

_PICTURES = (224, 32, 28, 64, 299, 227, 256, 128, 96, 512, 84, 448, 105, 416, 384, 300, 40, 16)
_LENGTHS = (64, 16, 32, 128, 256, 8, 512, 1024, 10, 5, 100)


def runs(thing: Thing) -> bool:
    """Whether it can be called without a `forward` of its own."""
    return isinstance(thing, Layer | Container) or (isinstance(thing, Instance) and thing.inside is not None)


def inputs_of(thing: Thing, forward: Any) -> list[str]:
    """The arguments of its `forward` that are tensors: those without a default."""
    if not isinstance(forward, Function):
        return ["input"] if runs(thing) else []
    given = forward.node.args
    needed = needs(forward)
    if not needed and given.vararg is not None:
        return [given.vararg.arg]
    return needed or _first_left_open(forward)


def optional(forward: Any, needed: list[str]) -> list[str]:
    """The arguments of its `forward` that have a default, in order: what else may go in."""
    if not isinstance(forward, Function):
        return []
    given = forward.node.args
    return [one.arg for one in (*given.posonlyargs, *given.args)[1:] if one.arg not in needed]


def _first_left_open(forward: Function) -> list[str]:
    """The first argument where all have a default, if that is None: `forward(self, input_ids=None, labels=None)`."""
    given = forward.node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)][1:]
    first = given.defaults[0] if names and len(given.defaults) == len(names) else None
    return names[:1] if isinstance(first, ast.Constant) and first.value is None else []


def given_by(source: Source, names: list[str], others: Sequence[str] = ()) -> Mapping[str, TensorType] | None:
    """What is asked for goes in; None where nothing is. Raises `ReadingError` for another number of inputs.

    `others` are the arguments that may go in, too, where more is given than must be.
    """
    if not source.inputs:
        return None
    if len(source.inputs) > len(names):
        names = [*names, *others][: len(source.inputs)]
    if len(source.inputs) != len(names):
        raise ReadingError(
            f"{source.main or 'the network'} takes {len(names)} inputs ({', '.join(names)}), and {len(source.inputs)} are given"
        )
    return {
        name: TensorType((CHECK_BATCH, *shape[1:]), "")
        for name, shape in zip(names, source.inputs, strict=True)
    }


def told_by(source: Source, forward: Any, names: list[str]) -> Mapping[str, TensorType] | None:
    """What a comment behind `def forward` tells: `image: (N, 1, 28, 28)`."""
    if not isinstance(forward, Function) or not isinstance(forward.node, ast.FunctionDef):
        return None
    lines = source.text.splitlines()[forward.node.lineno - 1 : forward.node.body[0].lineno - 1]
    lines = lines or source.text.splitlines()[forward.node.lineno - 1 : forward.node.lineno]
    words = " ".join(line.partition("#")[2] for line in lines)
    found = {}
    for name, sizes, dtype in re.findall(
        r"(\w+): \(N((?:, \d{1,7}){0,7}),?\)(?: (int64|bool|float32))?", words
    ):
        sizes_ = tuple(int(one) for one in re.findall(r"\d+", sizes))
        found[name] = TensorType((CHECK_BATCH, *sizes_), dtype or "float32")
    return {name: found[name] for name in names} if all(name in found for name in names) and names else None


def layers_of(thing: Any, seen: set[int] | None = None) -> Iterator[Layer]:
    """The layers a network holds, in the order they were made."""
    seen = seen if seen is not None else set()
    if id(thing) in seen:
        return
    seen.add(id(thing))
    match thing:
        case Layer():
            yield thing
        case Container():
            for one in thing.items.values():
                yield from layers_of(one, seen)
        case Instance():
            for one in (*thing.attributes.values(), thing.inside):
                yield from layers_of(one, seen)
        case list() | tuple():
            for one in thing:
                yield from layers_of(one, seen)
        case dict():
            for one in thing.values():
                yield from layers_of(one, seen)


def tries(thing: Thing, names: list[str]) -> Iterator[Mapping[str, TensorType]]:
    """What may go in, the likeliest first."""
    shapes = list(_shapes(thing))
    for shape in shapes[:2]:
        yield dict.fromkeys(names, shape)
    if len(names) > 1:
        bare = TensorType((CHECK_BATCH,), "float32")  # one number a sample, such as a step in time
        for several in itertools.product([*shapes[:1], bare, *shapes[1:3]], repeat=min(len(names), 2)):
            if len(set(several)) > 1:
                yield dict(zip(names, several * len(names), strict=False))
    for shape in shapes[2:]:
        yield dict.fromkeys(names, shape)


def _shapes(thing: Thing) -> Iterator[TensorType]:
    layers = list(itertools.islice(layers_of(thing), 50))
    first = next((one for one in layers if one.followed or one.kind.startswith("Embedding")), None)
    kind = first.kind if first is not None else ""
    sizes = [int(one) for one in (first.followed.values() if first else ()) if isinstance(one, int)]
    count = sizes[0] if sizes else 1
    linear = next((one for one in layers if one.kind == "Linear"), None)
    width = int(linear.followed.get("in_features", 0)) if linear is not None else 0
    batched = {name: TensorType((CHECK_BATCH, *name)) for name in _guessed(kind, count, width)}
    if kind.startswith("Embedding"):
        for length in _LENGTHS:
            yield TensorType((CHECK_BATCH, length), "int64")
    yield from batched.values()
    if not kind.startswith("Embedding"):
        for length in _LENGTHS[:2]:
            yield TensorType((CHECK_BATCH, length), "int64")


def _guessed(kind: str, count: int, width: int) -> Iterator[tuple[int, ...]]:
    if kind.startswith(("Conv2d", "BatchNorm2d", "Unfold", "GroupNorm", "InstanceNorm2d")):
        if count == 1:
            yield (1, 28, 28)
            yield (1, 32, 32)
        for size in _PICTURES:
            yield (count, size, size)
    elif kind.startswith(("Conv1d", "BatchNorm1d")):
        for length in (128, 1000, 784, 1024, 4096, 8000, 16000, 32):
            yield (count, length)
        yield (count,)
    elif kind.startswith("Conv3d"):
        yield (count, 16, 112, 112)
        yield (count, 32, 32, 32)
    elif kind.startswith("ConvTranspose2d"):
        for size in (1, 4, 7, 8):
            yield (count, size, size)
        yield (count,)
    elif kind == "Linear":
        if width in (784, 1024):
            yield (1, *[int(width**0.5)] * 2)
        if width == 3072:
            yield (3, 32, 32)
        yield (count,)
        for length in (16, 64):
            yield (length, count)
        yield (count, 7)
        for size in (32, 28, 224):
            yield (3, size, size)
    elif kind:
        yield (16, count)
        yield (count,)
        yield (8, 8, count)
    else:
        yield (16,)
    yield (3, 224, 224)
    yield (3, 32, 32)
    yield (1, 28, 28)


def needs(function: Function, skipped: int = 1) -> list[str]:
    """The arguments without a default, `self` apart."""
    given = function.node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    needed = names[skipped : len(names) - len(given.defaults)] if len(names) > len(given.defaults) else []
    return needed + [
        one.arg for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None
    ]
