"""What the columns of a table hold, counted in one pass over its rows.

Memory stays bounded: of each column at most 20,000 different values are counted, and of the rows 50,000, drawn at random,
are kept to compare columns with one another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from nndesigner.data.own.columns import MISSING, numbers_in

MOST_VALUES = 20_000
_MOST_ROWS = 50_000


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
