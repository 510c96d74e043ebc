"""Params and settings held against one another."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import TypeVar

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.difference.change import Change
from nndesigner.difference.spelling import call
from nndesigner.graph import Node, Value
from nndesigner.project import TRAINING_PARAMS, Choice, Project


def values(node: Node, kind: Kind | None) -> dict[str, Value]:
    """All params of a node, defaults filled in as far as they are known."""
    return {**(kind.values(node.params) if kind is not None else {}), **node.params}


def only(found: Mapping[str, Value], names: Set[str]) -> dict[str, Value]:
    """Those of these names."""
    return {name: value for name, value in found.items() if name in names}


def compared(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Change, ...]:
    """What is not the same."""
    names = dict.fromkeys([*before, *after])
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if not _same(before.get(name), after.get(name)) or (name in before) != (name in after)
    )


def _same(one: object, other: object) -> bool:
    return one is other or one == other


Kept = TypeVar("Kept")


def unlike(
    before: Mapping[str, Kept], after: Mapping[str, Kept]
) -> Iterator[tuple[Kept | None, Kept | None]]:
    """What is kept under a name on one side, and is not the same on the other."""
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if not _same(one, other):
            yield one, other


def settings(before: Project, after: Project) -> tuple[Change, ...]:
    """What is set otherwise: the title, the training, its optimizer and its scheduler."""
    earlier, later = before.training, after.training
    names = [param.name for param in TRAINING_PARAMS]
    found = compared(
        {"title": before.title, **{name: getattr(earlier, name) for name in names}},
        {"title": after.title, **{name: getattr(later, name) for name in names}},
    )
    optimizer = _choices("optimizer", earlier.optimizer, later.optimizer)
    return (*found, *optimizer, *_choices("scheduler", earlier.scheduler, later.scheduler))


def _choices(role: str, was: Choice | None, now: Choice | None) -> Iterator[Change]:
    if (was and was.kind) != (now and now.kind):
        one, other = (
            call(choice.kind, choice.params) if choice is not None else None for choice in (was, now)
        )
        yield Change(role, one, other, named=True)
    elif was is not None and now is not None:
        for change in compared(_choice_values(was), _choice_values(now)):
            yield replace(change, name=f"{role}.{change.name}")


def _choice_values(choice: Choice) -> dict[str, Value]:
    kind = catalogue.BY_NAME.get(choice.kind)
    return {**(kind.values(choice.params) if kind is not None else {}), **choice.params}
