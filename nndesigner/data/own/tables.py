"""Tables of one's own: files of text with cells in rows."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from nndesigner.data.own.columns import MISSING, column_values
from nndesigner.data.own.files import PARTS
from nndesigner.data.own.texts import opened


def load_table(
    path: str,
    names: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    target: str = "",
    separator: str = ",",
    encoding: str = "utf-8-sig",
    skip: int = 1,
    quote: str = '"',
    decimal: str = ".",
    thousands: str = "",
    group: str = "",
    part: str = "",
    validation: str = "",
    test: str = "",
) -> dict[str, np.ndarray]:
    """A table: features (N, k) as float32, and of the target label (N,) or, where it is a number, target (N, 1).

    `names` are those of all columns, after `skip` lines; `columns` are those that are used, each with its type: number;
    boolean with its two words; category with its values, one feature each, 1 where it has that value; date with its
    format, as days since 1970; text, which is a field of its own, text (N,). A number, date or boolean that is missing
    or can't be read is NaN, and a missing category 0 in all its features. Rows without their target are left out. The
    column `part` says which part a row is in; `validation` and `test` are further files like the first.
    """
    pieces: dict[str, list[np.ndarray]] = {}
    for where, file in (("train", path), ("validation", validation), ("test", test)):
        if not file:
            continue
        for rows in table_rows(file, len(names), separator, encoding, skip, quote):
            cells = {
                name: pd.Series(column, dtype=object)
                for name, column in zip(names, zip(*rows, strict=True), strict=True)
            }
            values = {
                name: column_values(cells[name], sort, details, decimal, thousands)
                for name, (sort, *details) in columns.items()
            }
            found = inputs_in(values, columns, target)
            kept = np.ones(len(rows), dtype=bool)
            if target in columns:
                answer, kept = target_in(
                    values[target], columns[target], cells[target], target, file
                )
                found |= answer
            if group:
                found["group"] = cells[group].to_numpy(dtype=str)
            if part:
                found["part"] = parts_in(cells[part], part, file)
            elif validation or test:
                found["part"] = np.full(len(rows), where, dtype="<U10")
            for name, array in found.items():
                pieces.setdefault(name, []).append(array[kept])
    if not pieces:
        raise ValueError(f"{path} has no rows.")
    order = ("features", "text", "label", "target", "group", "part")
    return {name: np.concatenate(pieces[name]) for name in order if name in pieces}


def inputs_in(
    values: Mapping[str, np.ndarray], columns: Mapping[str, Sequence[str]], target: str
) -> dict[str, np.ndarray]:
    """The columns of a table that something is predicted from, as features (N, k) and text (N,), as far as it has such."""
    found: dict[str, np.ndarray] = {}
    features = []
    for name, (sort, *_) in columns.items():
        if name == target:
            continue
        if sort == "text":
            found["text"] = values[name]
        else:
            features.append(values[name])
    if features:
        found["features"] = np.concatenate(features, axis=1)
    return found


def target_in(
    values: np.ndarray, kind: Sequence[str], cells: pd.Series, name: str, file: str
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What is predicted, as label (N,) or target (N, 1), and whether a row has it (N,)."""
    sort, *details = kind
    if sort not in ("category", "boolean"):
        return {"target": values}, ~np.isnan(values[:, 0])
    codes = (
        values[:, 0]
        if sort == "boolean"
        else np.where(values.any(1), values.argmax(1), np.nan)
    )
    kept = ~np.isnan(codes)
    odd = ~kept & ~cells.isin(MISSING).to_numpy()
    if odd.any():
        raise ValueError(
            f"{file}: {cells[odd].iloc[0]!r} in the column {name} is none of the classes "
            f"{', '.join(details)}."
        )
    return {"label": np.nan_to_num(codes).astype(np.int64)}, kept


def parts_in(cells: pd.Series, name: str, file: str) -> np.ndarray:
    """The parts (N,) that the cells of a column tell."""
    words = cells.str.lower()
    if not words.isin(PARTS).all():
        raise ValueError(
            f"{file}: {words[~words.isin(PARTS)].iloc[0]!r} in the column {name} is no part."
        )
    found: np.ndarray = words.map(PARTS).to_numpy(dtype="<U10")
    return found


def table_rows(
    path: str, width: int, separator: str, encoding: str, skip: int, quote: str
) -> Iterator[list[list[str]]]:
    """The rows of a table after `skip` lines, 10,000 at a time, each `width` cells without the space around them.

    Short rows are filled up with empty cells; empty rows, and rows with more cells than there are columns, are left
    out. The separator of one space stands for any amount of white space.
    """
    with opened(path, encoding) as file:
        for _ in range(skip):
            file.readline()
        lines = (" ".join(line.split()) for line in file) if separator == " " else file
        reader = csv.reader(
            lines,
            delimiter=separator,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            skipinitialspace=True,
        )
        try:
            while rows := list(islice(reader, 10_000)):
                cells = [list(map(str.strip, row)) for row in rows]
                fitting = [
                    row
                    if len(row) == width
                    else row[:width] + [""] * (width - len(row))
                    for row in cells
                    if any(row) and (len(row) <= width or not any(row[width:]))
                ]
                if fitting:
                    yield fitting
        except csv.Error as error:
            raise ValueError(f"{path} is cut short or damaged: {error}.") from error
