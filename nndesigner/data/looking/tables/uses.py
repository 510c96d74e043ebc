"""What is done with each column of a table, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nndesigner.data.looking.found import Column
from nndesigner.data.looking.tables.kinds import is_identifier
from nndesigner.data.looking.tables.looked import Looked
from nndesigner.data.looking.tables.reading import Reading
from nndesigner.data.looking.tables.tally import Tally
from nndesigner.data.looking.tables.telling import tells
from nndesigner.data.own.columns import MISSING, numbers_in
from nndesigner.graph import Value

_TELLS_CLASS, _TELLS_NUMBER, _TELLS_NEARLY = 0.99, 0.999, 0.95
Use = tuple[str, str]
"""The role of a column and, in words, why it has it; see `Column`."""


@dataclass(frozen=True)
class _Target:
    """What is predicted, in the sample: class numbers or numbers of the rows that have it, and which rows have it."""

    values: np.ndarray
    present: np.ndarray


def uses_of(
    looked: Looked, reading: Reading
) -> tuple[tuple[Column, ...], dict[str, Value]]:
    """What is done with each column, and those that are used with their types as the loader takes them."""
    target = _target_values(looked, reading)
    text = _text(looked, reading)
    found: list[Column] = []
    used: dict[str, Value] = {}
    for name, tally in looked.facts.tallies.items():
        kind = reading.types[name]
        sort = kind[0] if kind else "text"
        plain = _told(reading, name) or _out_of_use(looked, name)
        if name == text and plain is None:
            plain = "text", "is read as text"
        use = plain or _nameless(looked, tally, sort)
        role, why = use or _weighed(looked, reading, name, target)
        if role in ("feature", "target", "text"):
            used[name] = kind
        examples = tuple(value for value, _ in tally.counts.most_common(5))
        found.append(
            Column(name, sort, examples, tally.missing, tally.distinct, role, why)
        )
    return tuple(found), used


def _text(looked: Looked, reading: Reading) -> str:
    """The column that is read as text: one a person chose, or the longest where there is nothing else to learn from."""
    choices, tallies = looked.choices, looked.facts.tallies
    ignored, chosen = choices.get("ignore") or (), choices.get("types") or {}
    special = (reading.target, reading.part, reading.group, *ignored)
    texts = [name for name, kind in reading.types.items() if kind[:1] == ("text",)]
    written = [name for name in texts if name in chosen]
    others = [
        name
        for name, kind in reading.types.items()
        if kind and kind[0] != "text" and name not in special
    ]
    if written or others:
        return written[0] if written else ""
    prose = [
        name
        for name in texts
        if not is_identifier(tallies[name], "number") and name not in ignored
    ]
    return max(prose, key=lambda one: tallies[one].characters, default="")


def _told(reading: Reading, name: str) -> Use | None:
    """What a column is used for that stands apart."""
    if name == reading.target:
        return "target", "is what is to be predicted"
    if name == reading.part:
        return "part", "tells the part a row is in"
    if name == reading.group:
        why = "tells what belongs together, so that a split can keep it together"
        return "group", why
    return None


def _out_of_use(looked: Looked, name: str) -> Use | None:
    """Why a column is left out whatever it holds."""
    tally = looked.facts.tallies[name]
    if name in (looked.choices.get("ignore") or ()):
        return "", "is left out as you chose"
    if not tally.present:
        return "", "is empty"
    if tally.distinct < 2 and name not in (looked.choices.get("types") or {}):
        return "", f"is the same in every row, {next(iter(tally.counts))!r}"
    return None


def _nameless(looked: Looked, tally: Tally, sort: str) -> Use | None:
    """Why there is nothing to learn from the words of a column."""
    chosen = looked.choices.get("types") or {}
    if tally.name not in chosen and is_identifier(tally, sort):
        return "", "is different in every row, so it only names the rows"
    if sort == "text":
        many = f"more than {tally.distinct:,}" if tally.more else f"{tally.distinct:,}"
        return "", f"is text, with {many} different values"
    return None


def _weighed(looked: Looked, reading: Reading, name: str, target: _Target) -> Use:
    """Whether a column is learned from, or gives the target away."""
    kind, dialect = reading.types[name], looked.dialect
    cells = looked.facts.sample[name][target.present]
    numbers = None
    if kind[0] == "number":
        numbers = numbers_in(cells, dialect.decimal, dialect.thousands)
        numbers = None if np.isnan(numbers).all() else numbers
    told = tells(cells, numbers, target.values)
    most = _TELLS_NUMBER if target.values.dtype.kind == "f" else _TELLS_CLASS
    if told >= most and name not in (looked.choices.get("types") or {}):
        why = f"gives {reading.target} away: it alone tells it in nearly every row"
        return "", why
    why = _read_as(kind, looked.facts.tallies[name])
    if told >= _TELLS_NEARLY:
        why += f"; it alone tells {reading.target} in most rows"
    return "feature", why


def _read_as(kind: tuple[str, ...], tally: Tally) -> str:
    if not kind:
        return ""
    if kind[0] == "number":
        unread = tally.present - tally.numbers
        return "is read as a number" + (
            f", of which {unread:,} can't be read and count as missing"
            if unread
            else ""
        )
    if kind[0] == "date":
        return "is read as a date, in days since 1970"
    if kind[0] == "boolean":
        return f"is read as 0 for {kind[1]} and 1 for {kind[2]}"
    return f"is read as one of {len(kind) - 1} kinds"


def _target_values(looked: Looked, reading: Reading) -> _Target:
    cells, dialect = looked.facts.sample[reading.target], looked.dialect
    kind = reading.types[reading.target]
    present = ~cells.isin(MISSING).to_numpy()
    if kind[0] == "number":
        values = numbers_in(cells, dialect.decimal, dialect.thousands)
        present &= ~np.isnan(values)
        return _Target(values[present], present)
    if kind[0] == "date":
        dates = pd.to_datetime(cells, format=kind[1], errors="coerce", utc=True)
        present &= dates.notna().to_numpy()
        days = dates[present].astype("int64").to_numpy().astype(float)
        return _Target(days, present)
    words = cells[present].str.lower() if kind[0] == "boolean" else cells[present]
    return _Target(pd.factorize(words)[0], present)
