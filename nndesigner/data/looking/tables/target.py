"""The column of a table that is to be predicted: which one it is, and how it is read."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from nndesigner.data.looking.tables.kinds import (
    is_category,
    is_identifier,
    ordered,
    whole_numbers,
)
from nndesigner.data.looking.tables.tally import Tally
from nndesigner.data.problem import DataError

_SURE_TARGETS = ("target", "label", "labels")
_TARGETS = (
    "y", "survived", "species", "outcome", "diagnosis", "class", "classes", "response",
    "output", "variety", "churn", "income", "sentiment", "default", "quality", "price", "saleprice", "medv", "mpg",
)  # fmt: skip


def guessed_target(
    types: Mapping[str, tuple[str, ...]],
    tallies: Mapping[str, Tally],
    left_out: set[str],
    chosen: set[str],
) -> str:
    """The column that is most likely to be predicted: by its name, or the last that could be, or the first.

    `chosen` are the columns whose type a person said.
    """

    def could_be(name: str) -> bool:
        tally, kind = tallies[name], types[name]
        if name in left_out or not kind or tally.distinct < 2:
            return False
        if kind[0] in ("date", "text"):
            return False
        return name in chosen or not is_identifier(tally, kind[0])

    possible = [name for name in types if could_be(name)]
    if named := _named(types, set(types) - left_out, possible):
        return named
    return _placed(types, tallies, possible) if possible else ""


def _named(types: Iterable[str], open_to_all: set[str], possible: list[str]) -> str:
    """The column with a name that targets have; nothing where there is none."""
    lowered: dict[str, str] = {}
    for name in types:
        lowered.setdefault(re.sub("[ _-]", "", name.lower()), name)
    for word in _SURE_TARGETS:
        if lowered.get(word) in open_to_all:
            return lowered[word]
    for word in _TARGETS:
        if word == "y" and {"x", "z"} <= set(lowered):
            continue  # a place in space
        if lowered.get(word) in possible:
            return lowered[word]
    return ""


def _placed(
    types: Mapping[str, tuple[str, ...]],
    tallies: Mapping[str, Tally],
    possible: list[str],
) -> str:
    """The last column that could be predicted, unless the first looks more like it."""
    names = list(types)
    classes = [name for name in possible if types[name][0] in ("category", "boolean")]
    if names[-1] not in possible and names[0] in possible:
        return names[0]
    if len(classes) == 1 and classes[0] in (names[0], names[-1]):
        return classes[0]
    first = tallies[names[0]]
    if (
        names[0] in possible
        and whole_numbers(first)
        and first.distinct <= 10
        and not whole_numbers(tallies[possible[-1]])
    ):
        return names[0]
    return possible[-1]


def as_target(
    path: Path, kind: tuple[str, ...], tally: Tally, chosen: bool
) -> tuple[str, ...]:
    """How the column that is to be predicted is read: few whole numbers are classes, unless a person says otherwise."""
    if not kind:
        raise DataError(
            f"{path}: the column {tally.name} is empty, so it can't be predicted."
        )
    if (
        kind[0] == "number"
        and not chosen
        and whole_numbers(tally)
        and tally.distinct <= 10
        and is_category(tally)
    ):
        kind = ("category", *ordered(tally))
    if kind[0] == "text":
        if tally.more or tally.distinct > tally.present / 2:
            raise DataError(
                f"{path}: the column {tally.name} can't be predicted: it has {tally.distinct:,} different texts in "
                f"{tally.present:,} rows."
            )
        kind = ("category", *ordered(tally))
    if kind[0] in ("category", "boolean") and tally.distinct < 2:
        raise DataError(
            f"{path}: the column {tally.name} has one class only, {next(iter(tally.counts))!r}: there is nothing to tell apart."
        )
    return kind
