"""Measurements in growing arrays, and the few of them that are worth drawing."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# Extremes are kept for every so many samples, so that ten million steps cost no more to draw than a few.
_BLOCK = 64


class Growing:
    """Numbers that are appended to, in an array that doubles."""

    def __init__(self) -> None:
        self._room: Numbers = np.empty(256)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> Numbers:
        """All of them, as a view."""
        return self._room[: self._count]

    def cut(self, count: int) -> None:
        """Keeps the first so many."""
        self._count = min(self._count, count)

    def extend(self, numbers: Numbers) -> None:
        """Appends these."""
        needed = self._count + len(numbers)
        if needed > len(self._room):
            room = np.empty(max(needed, 2 * len(self._room)))
            room[: self._count] = self.values
            self._room = room
        self._room[self._count : needed] = numbers
        self._count = needed


class Samples:
    """Values `y` at rising places `x`."""

    def __init__(self) -> None:
        self._x, self._y = Growing(), Growing()
        self._block_x, self._low, self._high = Growing(), Growing(), Growing()
        # Sums and counts of all before: they give the mean of any stretch at once.
        self._sums, self._counts = Growing(), Growing()
        self._sums.extend(np.zeros(1))
        self._counts.extend(np.zeros(1))

    def __len__(self) -> int:
        return len(self._x)

    @property
    def x(self) -> Numbers:
        """Where was measured."""
        return self._x.values

    @property
    def y(self) -> Numbers:
        """What was measured."""
        return self._y.values

    def extend(self, x: Numbers, y: Numbers) -> None:
        """Appends measurements; `x` goes on from the last."""
        self._x.extend(x)
        self._y.extend(y)
        known = np.isfinite(y)
        self._sums.extend(self._sums.values[-1] + np.cumsum(np.where(known, y, 0.0)))
        self._counts.extend(self._counts.values[-1] + np.cumsum(known))
        start, stop = len(self._low) * _BLOCK, len(self) // _BLOCK * _BLOCK
        if stop > start:
            blocks = self.y[start:stop].reshape(-1, _BLOCK)
            self._block_x.extend(self.x[start:stop:_BLOCK])
            self._low.extend(np.fmin.reduce(blocks, axis=1))
            self._high.extend(np.fmax.reduce(blocks, axis=1))

    def cut(self, place: float) -> None:
        """Forgets what was measured beyond a place."""
        count = int(np.searchsorted(self.x, place, side="right"))
        for grown in (self._x, self._y):
            grown.cut(count)
        for grown in (self._sums, self._counts):
            grown.cut(count + 1)
        for grown in (self._block_x, self._low, self._high):
            grown.cut(count // _BLOCK)

    def nearest(self, place: float) -> int | None:
        """The index of the sample closest to a place, or None where there are no samples."""
        if not len(self):
            return None
        right = min(int(np.searchsorted(self.x, place)), len(self) - 1)
        left = max(0, right - 1)
        return left if abs(self.x[left] - place) <= abs(self.x[right] - place) else right

    def drawn(self, limit: int, left: float, right: float) -> tuple[Numbers, Numbers]:
        """At most `limit` points that look like all between two places: each stretch by its extremes."""
        first, last = self._within(self.x, left, right)
        count = last - first
        if count <= limit:
            return self.x[first:last], self.y[first:last]
        if count <= limit * _BLOCK:
            x, y = self.x[first:last], self.y[first:last]
            return _extremes(x, y, y, limit)
        begin, end = self._within(self._block_x.values, left, right)
        x = self._block_x.values[begin:end]
        return _extremes(x, self._low.values[begin:end], self._high.values[begin:end], limit)

    def averaged(self, limit: int, left: float, right: float, window: int) -> tuple[Numbers, Numbers]:
        """At most `limit` points between two places, each the mean of the `window` samples up to it."""
        first, last = self._within(self.x, left, right)
        if last <= first:
            return self.x[:0], self.y[:0]
        ends = np.unique(np.linspace(first, last - 1, min(limit, last - first)).astype(np.int64))
        starts = np.maximum(ends + 1 - window, 0)
        sums = self._sums.values[ends + 1] - self._sums.values[starts]
        counts = self._counts.values[ends + 1] - self._counts.values[starts]
        means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        return self.x[ends], means

    @staticmethod
    def _within(x: Numbers, left: float, right: float) -> tuple[int, int]:
        first, last = np.searchsorted(x, (left, right))
        return max(0, int(first) - 1), min(len(x), int(last) + 1)


def _extremes(x: Numbers, low: Numbers, high: Numbers, limit: int) -> tuple[Numbers, Numbers]:
    """The lowest and the highest of each of `limit / 2` stretches; the last stretch may be short."""
    width = -(-len(x) // (limit // 2))
    starts = np.arange(0, len(x), width)
    places = np.repeat(x[starts], 2)
    places[1::2] = (x[starts] + x[np.minimum(starts + width, len(x)) - 1]) / 2
    values = np.empty(len(places))
    values[0::2] = np.fmin.reduceat(low, starts)
    values[1::2] = np.fmax.reduceat(high, starts)
    return places, values
