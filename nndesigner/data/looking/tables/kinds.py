"""What kind of values a column holds, as seen from its tally: numbers, dates, words of a few kinds, or text."""

import re

import pandas as pd

from nndesigner.data.looking.tables.tally import Tally

BOOLEANS = (
    ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on"), ("0", "1"), ("nein", "ja"), ("non", "oui"),
    ("falsch", "wahr"), ("faux", "vrai"), ("否", "是"),
)  # fmt: skip
_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%m/%d/%y", "%d/%m/%y",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y%m%d",
)  # fmt: skip
_TIMES = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    "T%H:%M",
    "T%H:%M:%S",
    "T%H:%M:%S.%f",
    "T%H:%M:%SZ",
    "T%H:%M:%S%z",
)
_LIKE_DATE = re.compile(
    r"(?i)\d{1,4}[-./ ]\w{1,9}[-./ ]\d{1,4}.*|[a-z]{3,9} \d{1,2}, \d{4}.*|(19|20)\d{6}"
)
_IDENTIFIER = re.compile(
    r"(?i)(.*[ _.-])?(id|index|uuid|key|row|no|nr|number)|unnamed.*|[a-z]+Id|rownames?"
)


def type_of(tally: Tally) -> tuple[str, ...]:
    """What a column holds, with what is needed to read it: see `load_table`; nothing where it is empty."""
    if not tally.present:
        return ()
    values = tuple(tally.counts)
    lowered = {value.lower() for value in values} if len(values) <= 8 else set()
    for pair in BOOLEANS:
        if lowered == set(pair):
            return ("boolean", *pair)
    unread = tally.present - tally.numbers
    coded = (
        any(re.fullmatch("0[0-9]+", value) for value in values[:1000])
        and len({len(v) for v in values}) == 1
    )
    if (
        not coded
        and tally.numbers
        and (unread <= 0.05 * tally.present or (unread == 1 and tally.present >= 8))
    ):
        if date := _date_in(tally, numeric=True):
            return ("date", date)
        return ("number",)
    if date := _date_in(tally, numeric=False):
        return ("date", date)
    if is_category(tally):
        return ("category", *ordered(tally))
    return ("text",)


def is_category(tally: Tally) -> bool:
    """Whether few enough values come often enough to be kinds of something."""
    few = tally.distinct <= 20 and (
        tally.distinct <= tally.present / 2 or tally.distinct <= 3
    )
    return not tally.more and (
        few or (tally.distinct <= 200 and tally.distinct <= 0.05 * tally.present)
    )


def ordered(tally: Tally) -> tuple[str, ...]:
    """The values of a column in order: numbers by size, all else as text."""
    values = [value for value in tally.counts if value]
    try:
        return tuple(sorted(values, key=float))
    except ValueError:
        return tuple(sorted(values))


def is_identifier(tally: Tally, kind: str) -> bool:
    """Whether a column only numbers or names its rows."""
    if not tally.all_different or tally.present < 5:
        return False
    if kind == "number":
        counted = tally.counting and tally.first in (0, 1)
        named = _IDENTIFIER.fullmatch(tally.name) is not None
        return counted or (named and all(value.isdigit() for value in tally.counts))
    return kind == "text" and tally.characters <= 40 * tally.present


def whole_numbers(tally: Tally) -> bool:
    """Whether all that is counted are whole numbers."""
    return not tally.more and all(
        re.fullmatch(r"[-+]?[0-9]+(\.0+)?", value) for value in tally.counts
    )


def _date_in(tally: Tally, numeric: bool) -> str:
    """The format of the dates a column holds; nothing if it holds none."""
    values = list(tally.counts)[:2000]
    if not values or not all(_LIKE_DATE.fullmatch(value) for value in values[:20]):
        return ""
    if numeric and not re.search("(?i)date|day|datum|time", tally.name):
        return ""
    cells = pd.Series(values, dtype=str)
    for date in _DATES:
        for time in _TIMES:
            if (
                pd.to_datetime(
                    cells.iloc[:20], format=date + time, errors="coerce", utc=True
                )
                .notna()
                .mean()
                < 0.9
            ):
                continue
            if (
                pd.to_datetime(cells, format=date + time, errors="coerce", utc=True)
                .notna()
                .mean()
                >= 0.98
            ):
                return date + time
    return ""
