"""A table as it was looked at once, before anything is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nndesigner.data.looking.dialect import Dialect
from nndesigner.data.looking.tables.tally import Facts


@dataclass(frozen=True)
class Looked:
    """Where a table stands, what a person chose, how it is written, and all that one pass over its rows told.

    `files` are those of its parts; the one to train with is at `path`.
    """

    path: Path
    files: Mapping[str, Path]
    choices: Mapping[str, Any]
    encoding: str
    dialect: Dialect
    facts: Facts
