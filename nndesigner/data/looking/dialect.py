"""How a table is written: what separates its cells, where it begins, its names, how its numbers look.

Each possibility is tried on the first lines with the csv module, and the one under which they form the most regular
table is taken: `csv.Sniffer` takes letters for separators where text is in the cells.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nndesigner.data.looking.header import COMMENT, Rows, first_row, is_header, names_of
from nndesigner.data.own.columns import numbers_in
from nndesigner.data.problem import DataError

SEPARATORS = ("\t", ";", "|", ",", " ")
_BODY = 500
_WAYS = (
    (".", ""),
    (".", ","),
    (",", ""),
    (",", "."),
    (".", " "),
    (",", " "),
    (".", "'"),
)
_WAYS_OF_SEMICOLONS = (
    (".", ""),
    (",", ""),
    (",", "."),
    (".", ","),
    (",", " "),
    (".", " "),
    (".", "'"),
)
_COMMA_NUMBER = re.compile(r"[-+]?[\d.' ]*,\d+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written; the first row of its body is in line `skip`, counted from 0. `before` are lines above it.

    `header` says whether its names stand in it; `decimal` and `thousands` are the signs within numbers.
    """

    separator: str
    quote: str
    skip: int
    names: tuple[str, ...]
    header: bool
    decimal: str
    thousands: str
    before: tuple[str, ...]
    renamed: tuple[str, ...]  # names of columns that another column had already
    regular: float  # the fraction of rows that have as many cells as there are names


def dialect_of(
    lines: Sequence[str],
    separator: str | None = None,
    quote: str | None = None,
    header: bool | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
) -> Dialect:
    """How these first lines of a table are written; what is given is not guessed.

    Raises `DataError` where they have one column only, or no rows.
    """
    told = re.fullmatch(r"(?i)sep=(.)\s*", lines[0]) if lines else None
    if told:
        separator = separator or told[1]
    skipped = 1 if told else 0
    body = lines[skipped:]
    quotes = (quote,) if quote is not None else _quotes(body)
    tries = [
        _tried(body, one, mark)
        for one in ((separator,) if separator else SEPARATORS)
        for mark in quotes
    ]
    if not any(rows for *_, rows in tries):
        raise DataError(
            f"no line can be divided into cells: a cell may have {csv.field_size_limit():,} characters at most"
        )
    regular, width, used, mark, rows = max(tries, key=lambda one: (one[0], one[1] > 1))
    if width < 2:
        raise DataError(
            "expected at least two columns, got one: no sign was found that divides the lines into cells"
            if separator is None
            else f"expected at least two columns, got one: {separator!r} does not divide the lines into cells"
        )
    place = first_row(rows, width)
    numbers = _body(rows, place)
    decimal, thousands = _way_of_numbers(numbers, _ways(used, decimal, thousands))
    if header is None:
        place, header = _place_of_names(rows, place, width, decimal, thousands)
    if header:
        skip, first = rows[place][0], rows[place][1]
    else:
        skip, first = rows[place - 1][0] if place else 0, []
    names, renamed = names_of(first, width)
    before = tuple(
        line.strip()
        for line in lines[: skipped + skip - (1 if header else 0)]
        if line.strip()
    )
    return Dialect(
        used,
        mark,
        skipped + skip,
        names,
        header,
        decimal,
        thousands,
        before,
        renamed,
        regular,
    )


def _body(rows: Rows, place: int) -> list[list[str]]:
    """Some rows below the first, or that one where there are no others."""
    return [row for _, row in rows[place + 1 : place + 1 + _BODY]] or [rows[place][1]]


def _place_of_names(
    rows: Rows, place: int, width: int, decimal: str, thousands: str
) -> tuple[int, bool]:
    """Which row of a table that begins at `place` holds the names of its columns, if one does: its first, or a comment."""
    first, body = rows[place][1], _body(rows, place)
    if is_header(first, body, decimal, thousands):
        return place, True
    if len(rows) == place + 1 and not any(map(str.isdigit, "".join(first))):
        return place, True
    above = rows[place - 1][1] if place else []
    if above and len(above) == width and above[0].startswith(COMMENT):
        return place - 1, True
    return place, False


def _ways(
    separator: str, decimal: str | None, thousands: str | None
) -> list[tuple[str, str]]:
    """The ways in which numbers may be written, as far as that is not told."""
    ways = _WAYS_OF_SEMICOLONS if separator in "\t;" else _WAYS
    return [
        way for way in ways if decimal in (None, way[0]) and thousands in (None, way[1])
    ] or [(decimal or ".", thousands or "")]


def rows_of(lines: Sequence[str], separator: str, quote: str) -> Rows:
    """The rows of these lines, each with the number of the line it ends in, counted from 1; empty ones left out."""
    texts = [" ".join(line.split()) for line in lines] if separator == " " else lines
    reader = csv.reader(
        texts,
        delimiter=separator,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=True,
    )
    rows: Rows = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error:
        return []
    return rows


def _quotes(lines: Sequence[str]) -> tuple[str, ...]:
    text = "".join(lines[:200])
    single = len(re.findall(r"(?m)(?:^|[\t;|, ])'[^'\n]*'(?=[\t;|,\r\n ]|$)", text))
    if '"' in text:
        return ('"', "")
    return ("'", '"') if single > 3 else ('"',)


def _tried(
    lines: Sequence[str], separator: str, quote: str
) -> tuple[float, int, str, str, Rows]:
    """How regular the table is under this separator, how many columns it has, and its rows."""
    rows = rows_of(lines, separator, quote)
    if not rows:
        return -1.0, 0, separator, quote, rows
    widths = Counter(
        len(_trimmed(row)) if separator != " " else len(row) for _, row in rows
    )
    common = max(widths.values())
    full = Counter(len(row) for _, row in rows)
    # Empty cells at the end of a row count where most rows have them, or the rows would seem of uneven length.
    width = max(full, key=lambda one: (full[one], one))
    if full[width] < common:
        width = max(widths, key=lambda one: (widths[one], one))
    if width < 2:
        return -1.0, width, separator, quote, rows
    start = next(index for index, (_, row) in enumerate(rows) if len(row) >= width)
    body = [row for _, row in rows[start:]]
    fitting = [row for row in body if len(row) >= width and not any(row[width:])]
    mixed = [
        cell
        for row in fitting
        for cell in row
        if (
            any(sign in cell for sign in SEPARATORS[:4])
            and not _COMMA_NUMBER.fullmatch(cell)
        )
        or (separator == "\t" and "  " in cell)
    ]
    doubled = [
        cell
        for row in fitting
        for cell in row
        if len(cell) > 1 and cell[0] == cell[-1] == '"'
    ]
    regular = len(fitting) / len(rows) if len(rows) < 20 else len(fitting) / len(body)
    faults = (0.5 * len(mixed) + len(doubled)) / (len(fitting) * width)
    late = {" ": 0.3, "|": 0.0}.get(separator, 0.0) + (0.02 if not quote else 0.0)
    return regular - faults - late, width, separator, quote, rows


def _trimmed(row: list[str]) -> list[str]:
    count = len(row)
    while count and not row[count - 1]:
        count -= 1
    return row[:count]


def _way_of_numbers(
    body: list[list[str]], ways: Sequence[tuple[str, str]]
) -> tuple[str, str]:
    """The decimal sign and that of thousands under which the most cells are numbers."""
    cells = pd.Series(
        [cell for row in body for cell in row if any(c.isdigit() for c in cell)],
        dtype=str,
    )
    if len(cells) == 0:
        return ways[0]
    counts = [int((~pd.isna(numbers_in(cells, *way))).sum()) for way in ways]
    return ways[counts.index(max(counts))]
