"""What einops' patterns do to a tensor, drawn as the reshaping, permuting and reducing they stand for."""

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.script.reader import special
from nndesigner.script.reader.values import Known, Operation, Unreadable

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_Groups = list[list[str]]
_TOKEN = re.compile(r"\(|\)|\.\.\.|\w+|…")
_REDUCTIONS = {"mean": "Mean", "sum": "Sum", "max": "Amax", "min": "Amin", "prod": "Prod"}


def _parted(side: str, rank: int) -> _Groups:
    """One side of a pattern: the names in each axis. The axes that `...` stands for get names of their own."""
    found: _Groups = []
    inside: list[str] | None = None
    for token in _TOKEN.findall(side):
        if token == "(":
            inside = []
        elif token == ")":
            if inside is None:
                raise Unreadable(f"the brackets of {side!r} do not match")
            found.append(inside)
            inside = None
        else:
            names = [f"…{number}" for number in range(rank)] if token == "..." else [token]
            names = [name for name in names if name != "1"]
            if inside is not None:
                inside += names
            else:
                found += [[name] for name in names] if names or token == "..." else [[]]
    if inside is not None:
        raise Unreadable(f"the brackets of {side!r} do not match")
    return found


def _sides(interp: "Interpreter", tensor: Any, pattern: Any) -> tuple[_Groups, _Groups, list[Any]]:
    if not isinstance(pattern, str) or pattern.count("->") != 1:
        raise Unreadable("a pattern of einops is a text with one ->")
    left, right = pattern.split("->")
    sizes = list(interp.sizes(tensor))
    rest = max(0, len(sizes) - len(_parted(left.replace("...", ""), 0)))
    before, after = _parted(left, rest), _parted(right, rest)
    if len(before) != len(sizes):
        raise Unreadable(f"{pattern!r} is for {len(before)} axes, and the tensor has {len(sizes)}")
    return before, after, sizes


def _lengths(groups: _Groups, sizes: list[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """How long each named axis is."""
    found: dict[str, Any] = {name: one for name, one in given.items() if isinstance(one, int)}
    for group, size in zip(groups, sizes, strict=True):
        open_ = [name for name in group if name not in found]
        known = math.prod(int(found[name]) for name in group if name in found)
        if len(open_) > 1 or not known or int(size) % known or (not open_ and known != int(size)):
            raise Unreadable(f"an axis of {int(size)} is not parted as ({' '.join(group)})")
        if open_:
            found[open_[0]] = size if len(group) == 1 else int(size) // known
    return found


def _shaped(interp: "Interpreter", tensor: Any, groups: _Groups, lengths: Mapping[str, Any]) -> Any:
    sizes = [
        lengths[group[0]] if len(group) == 1 else math.prod(int(lengths[name]) for name in group)
        for group in groups
    ]
    if [int(one) for one in sizes] == [int(one) for one in interp.sizes(tensor)]:
        return tensor
    return special.reshape(interp, (tensor, *sizes), {})


def _ordered(interp: "Interpreter", tensor: Any, names: list[str], wanted: list[str]) -> Any:
    order = [names.index(name) for name in wanted]
    return tensor if order == sorted(order) else special.permute(interp, (tensor, *order), {})


def _flat(groups: _Groups) -> list[str]:
    return [name for group in groups for name in group]


def _transformed(
    interp: "Interpreter", tensor: Any, pattern: Any, given: Mapping[str, Any], reduction: str = ""
) -> Any:
    before, after, sizes = _sides(interp, tensor, pattern)
    lengths = _lengths(before, sizes, given)
    names, wanted = _flat(before), _flat(after)
    if missing := [name for name in wanted if name not in lengths]:
        raise Unreadable(f"how long {missing[0]} is in {pattern!r} is not said")
    tensor = _shaped(interp, tensor, [[name] for name in names], lengths)
    gone = [number for number, name in enumerate(names) if name not in wanted]
    if gone:
        if not reduction:
            raise Unreadable(f"{names[gone[0]]} is on one side of {pattern!r} alone")
        tensor = interp.draw(_REDUCTIONS[reduction], {"input": tensor}, {"dim": tuple(gone)})
        names = [name for name in names if name in wanted]
    tensor = _ordered(interp, tensor, names, [name for name in wanted if name in names])
    if new := [name for name in wanted if name not in names]:
        ones = {**lengths, **dict.fromkeys(new, 1)}
        tensor = _shaped(interp, tensor, [[name] for name in wanted], ones)
        tensor = special.expand(interp, (tensor, *(lengths[name] for name in wanted)), {})
    return _shaped(interp, tensor, after, lengths)


def _rearrange(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    tensor, pattern = args
    return _transformed(interp, tensor, pattern, keywords)


def _reduce(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = dict(keywords)
    tensor, pattern, *rest = args
    reduction = rest[0] if rest else given.pop("reduction", "")
    if reduction not in _REDUCTIONS:
        raise Unreadable("this reduction of einops is not read")
    return _transformed(interp, tensor, pattern, given, reduction)


def _layer(work: Any) -> Any:
    """A layer of einops: a pattern that waits for its tensor."""

    def made(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Operation:
        def called(again: "Interpreter", inputs: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
            return work(again, (*inputs, *args), keywords)

        return Operation(interp.line, work=called)

    return made


EINOPS: Mapping[str, Any] = {
    "rearrange": Known("rearrange", _rearrange),
    "repeat": Known("repeat", _rearrange),
    "reduce": Known("reduce", _reduce),
    "Rearrange": Known("Rearrange", _layer(_rearrange)),
    "Reduce": Known("Reduce", _layer(_reduce)),
}
