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

from nndesigner.data.own.columns import MISSING, numbers_in
from nndesigner.data.problem import DataError

Rows = list[tuple[int, list[str]]]
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
_COMMENT = ("#", "//", "%")
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
    regular, width, used, mark, rows = max(tries, key=lambda one: (one[0], one[1] > 1))
    if width < 2:
        raise DataError(
            "expected at least two columns, got one: no sign was found that divides the lines into cells"
            if separator is None
            else f"expected at least two columns, got one: {separator!r} does not divide the lines into cells"
        )
    place = _first_row(rows, width)
    ways = _WAYS_OF_SEMICOLONS if used in "\t;" else _WAYS
    sample = [row for _, row in rows[place + 1 : place + 1 + _BODY]] or [rows[place][1]]
    decimal, thousands = _way_of_numbers(sample, [
        way
        for way in ways
        if (decimal is None or way[0] == decimal) and (thousands is None or way[1] == thousands)
    ] or [(decimal or ".", thousands or "")])  # fmt: skip
    first = rows[place][1]
    commented = rows[place - 1][1] if place and first else []
    if header is None:
        header = _is_header(first, sample, decimal, thousands)
        header = header or (
            len(rows) == place + 1
            and not any(char.isdigit() for char in "".join(first))
        )
        if not header and len(commented) == width and commented[0].startswith(_COMMENT):
            place, first, header = place - 1, commented, True
    if header:
        skip, names = rows[place][0], _names(first, width)
    else:
        skip, names = rows[place - 1][0] if place else 0, _names([], width)
    before = tuple(
        line.strip()
        for line in lines[: skipped + skip - (1 if header else 0)]
        if line.strip()
    )
    return Dialect(
        used, mark, skipped + skip, names, header, decimal, thousands, before, regular
    )


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


def _first_row(rows: Rows, width: int) -> int:
    """Where the table begins: after titles, which fill one cell, and comments."""
    for index, (_, row) in enumerate(rows):
        filled = sum(map(bool, row))
        following = sum(map(bool, rows[index + 1][1])) if index + 1 < len(rows) else 0
        if row[0].startswith(_COMMENT) and index + 1 < len(rows):
            continue
        if filled == 1 and row[0] and following > 1:
            continue
        if len(row) >= width or (
            len(row) == width - 1
            and len(rows) > index + 1
            and len(rows[index + 1][1]) == width
        ):
            return index
    return 0


def _is_header(
    first: list[str], body: list[list[str]], decimal: str, thousands: str
) -> bool:
    """Whether a row holds the names of the columns, as seen from what stands below it."""
    if len(first) < max(map(len, body)) and len(first) == len(body[0]) - 1:
        return True
    numeric = pd.Series(first)
    is_number = ~pd.isna(numbers_in(numeric, decimal, thousands))
    over_numbers = repeated = names = 0
    years = [int(cell) for cell in first if re.fullmatch("(18|19|20|21)[0-9]{2}", cell)]
    if is_number.sum() and not (
        len(years) == is_number.sum() < len(first)
        and len(years) > 1
        and years == sorted(set(years))
    ):
        return False
    for index, cell in enumerate(first):
        below = [
            row[index] for row in body if index < len(row) and row[index] not in MISSING
        ]
        if not below:
            continue
        if cell in MISSING:
            continue
        names += 1
        numbers = ~pd.isna(numbers_in(pd.Series(below), decimal, thousands))
        if numbers.mean() > 0.8:
            over_numbers += 1
        elif cell in below:
            repeated += 1
    return over_numbers > 0 or repeated <= 0.3 * names


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


def _names(header: list[str], width: int) -> tuple[str, ...]:
    """A name for each column, none twice; the first of a header that lacks one is that of the rows.

    A name that is there already gets a number, one that makes it no other name of the header.
    """
    if len(header) == width - 1:
        header = ["row", *header]
    cells = [
        cell.lstrip("#%/ ") if index == 0 else cell
        for index, cell in enumerate(header[:width])
    ]
    cells = [" ".join(cell.split()) for cell in cells] + [""] * (width - len(cells))
    found: list[str] = []
    for index, cell in enumerate(cells):
        name = stem = cell or f"column {index + 1}"
        count = 1
        while name in found or (name != stem and name in cells):
            count += 1
            name = f"{stem} {count}"
        found.append(name)
    return tuple(found)
