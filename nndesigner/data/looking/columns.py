"""What the columns of a table hold, in one pass over its rows: types, missing values, and which one tells another.

Memory stays bounded: of each column at most 20,000 different values are counted, and of the rows 50,000, drawn at random,
are kept to compare columns with one another.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from nndesigner.data.own import MISSING, numbers_in

MOST_VALUES = 20_000
_MOST_ROWS = 50_000
_MOST_COMPARED = 100  # columns, each with each
_FEWEST_ROWS = 30  # below that, a column tells another by chance
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


@dataclass
class Tally:
    """What was counted of one column so far."""

    name: str
    rows: int = 0
    missing: int = 0
    numbers: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    holes: Counter[str] = field(
        default_factory=Counter
    )  # how missing values are written
    more: bool = False  # there are more values than are counted
    unread: Counter[str] = field(default_factory=Counter)
    characters: int = 0
    counting: bool = True  # each number is one more than that before
    first: float | None = None
    last: float | None = None

    def add(self, cells: pd.Series, decimal: str, thousands: str) -> None:
        """Counts the cells of further rows."""
        self.rows += len(cells)
        empty = cells.isin(MISSING).to_numpy()
        present = cells[~empty]
        self.holes.update(cells[empty].value_counts().to_dict())
        self.missing += len(cells) - len(present)
        if not len(present):
            return
        values = numbers_in(present, decimal, thousands)
        readable = ~np.isnan(values)
        self.numbers += int(readable.sum())
        if len(self.unread) < 100:
            self.unread.update(present[~readable].iloc[:1000])
        if not self.more:
            self.counts.update(present.value_counts().to_dict())
            self.more = len(self.counts) > MOST_VALUES
        self.characters += sum(map(len, present))
        if self.counting:
            steps = np.diff(
                values if self.last is None else np.append(self.last, values)
            )
            self.counting = bool(readable.all() and (steps == 1).all())
            self.first = float(values[0]) if self.first is None else self.first
            self.last = float(values[-1])

    @property
    def present(self) -> int:
        """How many cells hold something."""
        return self.rows - self.missing

    @property
    def distinct(self) -> int:
        """How many different values there are, as far as they were counted."""
        return min(len(self.counts), MOST_VALUES)

    @property
    def all_different(self) -> bool:
        """Whether no value comes twice, as far as they were counted."""
        most = self.counts.most_common(1)
        return bool(most) and most[0][1] == 1 and self.present > 1


@dataclass(frozen=True)
class Facts:
    """All that one pass over a table told: a tally of each column, and a sample of the rows as they are written."""

    tallies: Mapping[str, Tally]
    sample: pd.DataFrame
    rows: int


def facts_of(
    chunks: Iterable[list[list[str]]],
    names: Sequence[str],
    decimal: str,
    thousands: str,
) -> Facts:
    """Looks at all rows once."""
    tallies = {name: Tally(name) for name in names}
    sample = _Sample(names)
    rows = 0
    for chunk in chunks:
        frame = pd.DataFrame(chunk, columns=list(names), dtype=object)
        for name, tally in tallies.items():
            tally.add(frame[name], decimal, thousands)
        rows += len(frame)
        sample.add(frame)
    return Facts(tallies, sample.frame(), rows)


class _Sample:
    """At most 50,000 rows of all that were added, each with the same chance: those with the lowest random keys."""

    def __init__(self, names: Sequence[str]) -> None:
        self.generator = np.random.default_rng(0)
        self.frames = [pd.DataFrame(columns=list(names), dtype=object)]
        self.keys = [np.empty(0)]
        self.bound = 1.0

    def add(self, frame: pd.DataFrame) -> None:
        keys = self.generator.random(len(frame))
        self.frames.append(frame[keys < self.bound])
        self.keys.append(keys[keys < self.bound])
        if sum(map(len, self.keys)) > 2 * _MOST_ROWS:
            self._thin_out()

    def frame(self) -> pd.DataFrame:
        """The rows that are kept, in their order."""
        self._thin_out()
        return self.frames[0]

    def _thin_out(self) -> None:
        keys = np.concatenate(self.keys)
        frame = pd.concat(
            [one for one in self.frames if len(one)] or self.frames, ignore_index=True
        )
        if len(keys) > _MOST_ROWS:
            chosen = np.sort(np.argpartition(keys, _MOST_ROWS)[:_MOST_ROWS])
            frame, keys = frame.iloc[chosen].reset_index(drop=True), keys[chosen]
            self.bound = float(keys.max())
        self.frames, self.keys = [frame], [keys]


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


def tells(cells: pd.Series, numbers: np.ndarray | None, target: np.ndarray) -> float:
    """How much of the target a column tells by itself, from 0 to 1; `target` are class numbers, or float for numbers.

    For classes: the fraction of the errors of always guessing the most frequent one that is gone when the guess depends
    on the value, or for numbers on as many ranges as there are classes. For a number: the squared rank correlation, or
    the fraction of its variance that lies between the values of a category. `numbers` are the cells as numbers, if they
    are.
    """
    if len(cells) < _FEWEST_ROWS:
        return 0.0
    codes, values = pd.factorize(cells)
    grouped = len(values) * 10 <= len(cells)
    if target.dtype.kind == "f":
        return _tells_number(codes, numbers, target, grouped)
    counts = np.bincount(target)
    base = counts.max() / len(target)
    if base == 1:
        return 0.0
    right = 0.0
    if grouped:
        table = np.zeros((len(values), len(counts)), dtype=np.int64)
        np.add.at(table, (codes, target), 1)
        right = table.max(axis=1).sum() / len(target)
    elif numbers is not None and len(counts) <= 20:
        from sklearn.tree import DecisionTreeClassifier  # takes seconds to load

        filled = np.nan_to_num(numbers, nan=float(np.nanmin(numbers)) - 1)[:, None]
        tree = DecisionTreeClassifier(
            max_leaf_nodes=max(2, int((counts > 0).sum())), random_state=0
        )
        right = float(tree.fit(filled, target).score(filled, target))
    return float(max(0.0, (right - base) / (1 - base)))


def _tells_number(
    codes: np.ndarray, numbers: np.ndarray | None, target: np.ndarray, grouped: bool
) -> float:
    told = 0.0
    if numbers is not None:
        both = ~np.isnan(numbers)
        if (
            both.sum() >= _FEWEST_ROWS
            and np.ptp(numbers[both]) > 0
            and np.ptp(target[both]) > 0
        ):
            ranks = np.corrcoef(
                pd.Series(numbers[both]).rank(), pd.Series(target[both]).rank()
            )
            told = float(ranks[0, 1] ** 2) * both.mean()
    variance = target.var()
    if grouped and variance > 0:
        means = np.bincount(codes, target) / np.maximum(np.bincount(codes), 1)
        told = max(
            told, 1 - float(((target - means[codes]) ** 2).mean()) / float(variance)
        )
    return told


def same_as(sample: pd.DataFrame, names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of columns of which each value of one goes with one value of the other, so that they say the same."""
    if len(names) > _MOST_COMPARED:
        return []
    codes = {name: pd.factorize(sample[name])[0] for name in names}
    sizes = {name: int(code.max(initial=0)) + 1 for name, code in codes.items()}
    found: list[tuple[str, str]] = []
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            if (
                sizes[first] != sizes[second]
                or sizes[first] < 2
                or sizes[first] * 2 > len(sample)
            ):
                continue
            joint = len(
                np.unique(codes[first].astype(np.int64) * sizes[second] + codes[second])
            )
            if joint == sizes[first]:
                found.append((first, second))
    return found
