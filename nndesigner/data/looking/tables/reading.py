"""How the columns of a table are read: the type of each, and what stands in three of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nndesigner.data.looking.found import counted, listed
from nndesigner.data.looking.tables.kinds import BOOLEANS, ordered, type_of
from nndesigner.data.looking.tables.looked import Looked
from nndesigner.data.looking.tables.tally import Tally
from nndesigner.data.looking.tables.target import as_target, guessed_target
from nndesigner.data.own.files import PARTS
from nndesigner.data.problem import DataError

TYPES = ("number", "category", "boolean", "date", "text")
_GROUP = re.compile(
    r"(?i)(patient|subject|speaker|person|participant|user|customer|group|household|session)([ _-]?(id|no|nr|number|name))?"
)
_PART = re.compile(r"(?i)split|part|partition|subset|set|fold|usage")


@dataclass(frozen=True)
class Reading:
    """How the columns of a table are read: the type of each with its details, and what stands in three of them."""

    types: Mapping[str, tuple[str, ...]]
    target: str
    group: str
    part: str


def reading_of(looked: Looked) -> Reading:
    """How a table is read: as a person chose, and else as it looks; raises `DataError`."""
    facts, choices = looked.facts, looked.choices
    types = {name: type_of(tally) for name, tally in facts.tallies.items()}
    chosen = dict(choices.get("types") or {})
    for column, kind in chosen.items():
        types[column] = _as_type(kind, _tally(looked, column))
    ignored = [_tally(looked, one).name for one in choices.get("ignore") or ()]
    open_to_all = [one for one in types if one not in ignored]
    part = _part(looked, open_to_all)
    group = _chosen(looked, "group", open_to_all, _is_group)
    target = choices.get("target")
    if target:
        _tally(looked, target)
    else:
        left_out = {*ignored, part, group}
        target = guessed_target(types, facts.tallies, left_out, set(chosen))
    if not target:
        raise DataError(
            f"{looked.path} has no column that could be predicted: say which one, as target."
        )
    types[target] = as_target(
        looked.path, types[target], facts.tallies[target], target in chosen
    )
    return Reading(types, target, "" if target == group else group, part)


def _tally(looked: Looked, name: str) -> Tally:
    """What was counted of a column that a person named."""
    known = looked.facts.tallies
    if name not in known:
        raise DataError(
            f"{looked.path} has no column {name!r}; it has {listed(known, 20)}."
        )
    return known[name]


def _chosen(
    looked: Looked, role: str, columns: Sequence[str], fits: Callable[[Tally], bool]
) -> str:
    """The column of a role: the one a person chose, or the first that fits; nothing where there is none."""
    asked = looked.choices.get(role)
    if asked is None:
        return next((one for one in columns if fits(looked.facts.tallies[one])), "")
    return _tally(looked, asked).name if asked else ""


def _part(looked: Looked, columns: Sequence[str]) -> str:
    """The column that tells the part a row is in, if there is one."""
    part = _chosen(looked, "part", columns, _is_part)
    if part:
        tally = looked.facts.tallies[part]
        if tally.missing or not all(word.lower() in PARTS for word in tally.counts):
            raise DataError(
                f"{looked.path}: the column {part} does not tell a part, such as train or test, in every row."
            )
    return part


def _as_type(kind: str, tally: Tally) -> tuple[str, ...]:
    """A column read as a person says."""
    if kind == "category":
        if tally.more:
            raise DataError(
                f"the column {tally.name} has more than 20,000 values, too many for a category."
            )
        return ("category", *ordered(tally))
    if kind == "boolean":
        words = sorted({value.lower() for value in tally.counts})
        pair = next((one for one in BOOLEANS if set(one) == set(words)), tuple(words))
        if len(pair) != 2:
            raise DataError(
                f"the column {tally.name} is not boolean: it has {counted(len(words), 'value')}."
            )
        return ("boolean", *pair)
    if kind == "date":
        found = type_of(tally)
        if found[:1] != ("date",):
            raise DataError(
                f"the column {tally.name} holds no dates in a form that is known."
            )
        return found
    if kind not in TYPES:
        raise DataError(
            f"{kind!r} is no type of a column; expected {', '.join(TYPES)}."
        )
    return (kind,)


def _is_part(tally: Tally) -> bool:
    words = {value.lower() for value in tally.counts} if tally.distinct <= 6 else set()
    return (
        _PART.fullmatch(tally.name) is not None
        and not tally.missing
        and len(words) > 1
        and "train" in {PARTS.get(word) for word in words}
        and all(word in PARTS for word in words)
    )


def _is_group(tally: Tally) -> bool:
    return (
        _GROUP.fullmatch(tally.name) is not None
        and not tally.all_different
        and 3 < tally.distinct <= tally.present / 2
    )
