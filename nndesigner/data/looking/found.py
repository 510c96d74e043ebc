"""What was found in a file or folder: the data set it makes, the columns of a table, and remarks for the person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

Progress = Callable[[int, int], None]
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what it holds, and what is done with it.

    `type` is number, category, boolean, date or text. `distinct` counts its different values, up to 20,000 of them.
    `role` is feature, target, group, part or text; nothing for a column that is not used. `why` says in words how it came
    to that.
    """

    name: str
    type: str
    examples: tuple[str, ...]
    missing: int
    distinct: int
    role: str
    why: str

    @property
    def used(self) -> bool:
        """Whether anything comes of it."""
        return bool(self.role)


@dataclass(frozen=True, slots=True)
class Found:
    """A data set as it was found, with what a person should know before it is used."""

    data_set: DataSet
    columns: tuple[Column, ...] = ()
    remarks: tuple[str, ...] = ()


def found(
    name: str,
    path: Path,
    sentence: str,
    size: int,
    fields: tuple[Field, ...],
    loader: str,
    arguments: Mapping[str, Value],
    files: Mapping[str, str],
    remarks: Iterable[str],
    *,
    parts: Mapping[str, int] | None = None,
    group: str = "",
    start: Mapping[str, Value] | None = None,
    columns: tuple[Column, ...] = (),
) -> Found:
    """The data set made of what was found at a path, its remarks kept as what is known of it."""
    remarks = tuple(remarks)
    data_set = DataSet(
        name,
        name,
        sentence,
        size,
        path.name,
        "not stated",
        fields,
        loader,
        arguments,
        {part: count for part, count in (parts or {}).items() if count},
        group,
        " ".join(remarks),
        start=start or {},
        files=files,
    )
    return Found(data_set, columns, remarks)


def frozen(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """A mapping among the arguments of a loader, as nobody can change it."""
    return MappingProxyType(dict(values))


def listed(names: Iterable[str], most: int = _SHOWN) -> str:
    """A few names, and how many more there are."""
    names = list(names)
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names in the order a person expects: whole numbers by size, all else as text."""
    names = list(names)
    if all(name.lstrip("-").isdecimal() for name in names):
        return tuple(sorted(names, key=int))
    return tuple(sorted(names))


def only(choices: Mapping[str, object], kind: str, *known: str) -> None:
    """Raises `DataError` where a choice was made that this kind of data does not have."""
    for name in choices:
        if name not in known:
            raise DataError(
                f"{name} can't be chosen for {kind}; what can is {', '.join(known)}."
            )


def unless_usual(told: Mapping[str, tuple[Value, Value]]) -> dict[str, Value]:
    """Arguments of a loader, each given with its default: those that differ from it."""
    return {name: value for name, (value, usual) in told.items() if value != usual}


def sizes_of_parts(arrays: Mapping[str, Any]) -> dict[str, int]:
    """How many records each part has; nothing where the data tell no parts."""
    if "part" not in arrays:
        return {}
    return {
        part: int((arrays["part"] == part).sum())
        for part in ("train", "validation", "test")
    }


def verb(count: int, one: str, many: str) -> str:
    """The form of a verb that goes with a number."""
    return one if count == 1 else many
