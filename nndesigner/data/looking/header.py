"""Where a table begins, whether its first row has the names of its columns, and which these are."""

import re

import pandas as pd

from nndesigner.data.own.columns import MISSING, numbers_in

Rows = list[tuple[int, list[str]]]
"""Rows of a table, each with the number of the line it ends in, counted from 1."""
COMMENT = ("#", "//", "%")


def first_row(rows: Rows, width: int) -> int:
    """Where the table begins: after titles, which fill one cell, and comments."""
    for index, (_, row) in enumerate(rows):
        filled = sum(map(bool, row))
        following = sum(map(bool, rows[index + 1][1])) if index + 1 < len(rows) else 0
        if row[0].startswith(COMMENT) and index + 1 < len(rows):
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


def is_header(
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


def names_of(header: list[str], width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A name for each column, none twice, and those that were changed for that.

    The first of a header that lacks one is that of the rows. A name that is there already gets a number, one that makes
    it no other name of the header.
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
    changed = [
        name for name, cell in zip(found, cells, strict=True) if cell not in ("", name)
    ]
    return tuple(found), tuple(changed)
