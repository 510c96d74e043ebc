"""What stands between the brackets of `x[:, 0, 1:5]`, read by a closed reader."""

import re
from types import EllipsisType

Index = int | slice | None | EllipsisType
_PART = re.compile(r"\.\.\.|None|-?\d{1,9}|(-?\d{1,9})?:(-?\d{1,9})?(:\d{1,9})?")


class IndexingError(ValueError):
    """Text that is no index; its words are meant for people."""


def read(text: str) -> tuple[Index, ...]:
    """The index a text stands for; raises `IndexingError`."""
    parts = [part.strip() for part in text.split(",")]
    if not all(_PART.fullmatch(part) for part in parts) or parts.count("...") > 1:
        raise IndexingError(f"expected an index such as :, 0 or :, 1:5, got {text[:60]!r}")
    return tuple(_part(part) for part in parts)


def spelled(text: str) -> str:
    """The same index as it is written in Python."""
    read(text)
    return ", ".join(part.strip() for part in text.split(","))


def _part(part: str) -> Index:
    if part == "...":
        return ...
    if part == "None":
        return None
    if ":" not in part:
        return int(part)
    ends = [int(end) if end else None for end in part.split(":")]
    if len(ends) == 3 and ends[2] == 0:
        raise IndexingError(f"a step of 0 leads nowhere, in {part!r}")
    return slice(*ends)
