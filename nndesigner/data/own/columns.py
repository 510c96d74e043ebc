"""The cells of a column of a table as numbers: each type of column has its way."""

import re
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pandas as pd

MISSING = frozenset(
    ("", "?", "-", "--", "—", ".", "NA", "N/A", "n/a", "na", "<NA>", "#N/A", "NaN", "nan", "NAN", "NULL", "null", "None")
)  # fmt: skip


def column_values(
    cells: pd.Series, sort: str, details: Sequence[str], decimal: str, thousands: str
) -> np.ndarray:
    """The cells (N,) of a column of one type as float32 (N, k), or as the texts (N,) they are; see `load_table`."""
    if sort == "text":
        texts: np.ndarray = cells.mask(cells.isin(MISSING), "").to_numpy(dtype=object)
        return texts
    if sort == "category":
        codes = pd.Categorical(
            cells.mask(~cells.isin(details)), categories=list(details)
        ).codes
        values = np.zeros((len(cells), len(details)), dtype=np.float32)
        values[np.flatnonzero(codes >= 0), codes[codes >= 0]] = 1
        return values
    if sort == "boolean":
        words = cells.str.lower()
        known = np.where(
            words == details[1].lower(),
            1.0,
            np.where(words == details[0].lower(), 0.0, np.nan),
        )
        return known[:, None].astype(np.float32)
    if sort == "date":
        dates = pd.to_datetime(cells, format=details[0], errors="coerce", utc=True)
        days: np.ndarray = (
            (dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
        ).to_numpy(dtype=np.float32)
        return days[:, None]
    return numbers_in(cells, decimal, thousands)[:, None].astype(np.float32)


def numbers_in(cells: pd.Series, decimal: str, thousands: str) -> np.ndarray:
    """The numbers (N,), float64, written in these cells; NaN where there is none, or none that float32 holds.

    A currency or percent sign around a number is passed over; thousands are groups of three digits.
    """
    present = ~cells.isin(MISSING).to_numpy()
    plain = "[-+0-9eE.\n]*" if decimal == "." else "[-+0-9eE\n]*"
    if re.fullmatch(plain, "\n".join(cells[present])):  # most columns; much faster
        with suppress(ValueError):
            values = np.full(len(cells), np.nan)
            values[present] = cells[present].astype(float)
            values[~(np.abs(values) <= np.finfo(np.float32).max)] = np.nan
            return values
    number = number_form(decimal, thousands)
    codes, texts = pd.factorize(cells)
    values = np.full(len(texts), np.nan)
    for index, text in enumerate(texts):
        text = (
            re.sub("[\u00a0\u202f\u2009]", " ", text).replace("−", "-").strip("$€£¥% ")
        )
        if number.fullmatch(text):
            text = text.replace(thousands, "") if thousands else text
            values[index] = float(text.replace(decimal, "."))
    values[~(np.abs(values) <= np.finfo(np.float32).max)] = np.nan
    found: np.ndarray = values[codes]
    return found


def number_form(decimal: str, thousands: str) -> re.Pattern[str]:
    """How a number is written."""
    point, digits = re.escape(decimal), "[0-9]+"
    whole = (
        f"(?:[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|{digits})"
        if thousands
        else digits
    )
    return re.compile(
        f"[-+]?(?:{whole}(?:{point}[0-9]*)?|{point}{digits})(?:[eE][-+]?{digits})?"
    )
