"""A table as a data set: how it is written, what its columns are used for, and what a person should know of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest
from nndesigner.data.looking.dialect import dialect_of
from nndesigner.data.looking.found import (
    Column,
    Found,
    counted,
    found,
    frozen,
    listed,
    only,
    sizes_of_parts,
    unless_usual,
)
from nndesigner.data.looking.tables.looked import Looked
from nndesigner.data.looking.tables.reading import Reading, reading_of
from nndesigner.data.looking.tables.remarks import remarks_of
from nndesigner.data.looking.tables.tally import facts_of
from nndesigner.data.looking.tables.uses import uses_of
from nndesigner.data.looking.text import encoding_of, head
from nndesigner.data.own.tables import load_table, table_rows
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

CHOICES = (
    "kind", "target", "types", "ignore", "group", "part", "separator", "encoding", "quote", "header", "decimal",
    "thousands", "validation", "test",
)  # fmt: skip


def look(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """The table in a file, and what is to be known of it; raises `DataError`."""
    only(choices, "a table", *CHOICES)
    looked = _looked_at(path, choices)
    reading = reading_of(looked)
    columns, used = uses_of(looked, reading)
    inputs = [one.name for one in columns if one.role in ("feature", "text")]
    if not inputs:
        reasons = [
            f"{one.name} {one.why}" for one in columns if one.name != reading.target
        ]
        raise DataError(
            f"{path} has no column to predict {reading.target} from: {'; '.join(reasons)}."
        )
    arguments = _arguments(looked, reading, used)
    try:
        arrays = load_table(**arguments)  # type: ignore[arg-type]
    except ValueError as error:
        raise DataError(str(error)) from None
    size = len(next(iter(arrays.values())))
    return found(
        name,
        path,
        f"A table of {counted(size, 'row')}: {reading.target} from {listed(inputs, 8)}.",
        size,
        _fields(path, reading, columns, arrays),
        "own.load_table",
        arguments,
        {str(file): digest(file) for file in looked.files.values()},
        remarks_of(looked, reading, columns, arrays),
        parts=sizes_of_parts(arrays),
        group=reading.group,
        columns=columns,
    )


def _looked_at(path: Path, choices: Mapping[str, Any]) -> Looked:
    encoding = choices.get("encoding") or encoding_of(path)
    lines, _ = head(path, encoding)
    signs = ("separator", "quote", "header", "decimal", "thousands")
    try:
        dialect = dialect_of(lines, **{sign: choices.get(sign) for sign in signs})
    except DataError as error:
        raise DataError(f"{path}: {error}.") from None
    if dialect.regular < 0.5:
        raise DataError(
            f"{path} is no table: its lines don't have the same number of cells, whatever sign is taken to divide them."
        )
    how = (dialect.separator, encoding, dialect.skip, dialect.quote)
    files = {"train": path}
    for part in ("validation", "test"):
        if choices.get(part):
            files[part] = Path(choices[part])
    chunks = (
        chunk
        for file in files.values()
        for chunk in table_rows(str(file), len(dialect.names), *how)
    )
    facts = facts_of(chunks, dialect.names, dialect.decimal, dialect.thousands)
    if not facts.rows:
        raise DataError(f"{path} has names of columns, but no rows.")
    return Looked(path, files, choices, encoding, dialect, facts)


def _arguments(
    looked: Looked, reading: Reading, used: Mapping[str, Value]
) -> dict[str, Value]:
    """What `load_table` is to be given."""
    dialect, files = looked.dialect, looked.files
    told: dict[str, tuple[Value, Value]] = {
        "target": (reading.target, ""),
        "separator": (dialect.separator, ","),
        "encoding": (looked.encoding, "utf-8-sig"),
        "skip": (dialect.skip, 1),
        "quote": (dialect.quote, '"'),
        "decimal": (dialect.decimal, "."),
        "thousands": (dialect.thousands, ""),
        "group": (reading.group, ""),
        "part": (reading.part, ""),
        "validation": (str(files.get("validation", "")), ""),
        "test": (str(files.get("test", "")), ""),
    }
    return {
        "path": str(looked.path),
        "names": dialect.names,
        "columns": frozen(used),
        **unless_usual(told),
    }


def _fields(
    path: Path,
    reading: Reading,
    columns: tuple[Column, ...],
    arrays: Mapping[str, np.ndarray],
) -> tuple[Field, ...]:
    fields: list[Field] = []
    if "features" in arrays:
        names = [one.name for one in columns if one.role == "feature"]
        sizes = (arrays["features"].shape[1],)
        fields.append(Field("features", sizes, listed(names, 8), prepare="standardize"))
    if "text" in arrays:
        name = next(one.name for one in columns if one.role == "text")
        fields.append(Field("text", (), name, sort="text"))
    target = reading.target
    if "target" in arrays:
        return (*fields, Field("target", (1,), target, prepare="standardize"))
    if len(np.unique(arrays["label"])) < 2:
        raise DataError(
            f"{path}: the column {target} has one class only: there is nothing to tell apart."
        )
    classes = reading.types[target][1:]
    return (*fields, Field("label", (), target, "int64", classes, sort="label"))
