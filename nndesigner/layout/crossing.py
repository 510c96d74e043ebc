"""Where wires cross: how often two lines do, and on which side of others a place is."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from nndesigner.graph import Edge
from nndesigner.layout.wires import Point

_NOTHING = 1e-6


def crossings_of(one: Sequence[Point], other: Sequence[Point]) -> int:
    """How often two lines cross; what begin or end together do not there."""
    count = 0
    for first, second in pairwise(one):
        left, right = (first[0], second[0]) if first[0] < second[0] else (second[0], first[0])
        top, bottom = (first[1], second[1]) if first[1] < second[1] else (second[1], first[1])
        for third, fourth in pairwise(other):
            if (
                (third[0] < left and fourth[0] < left)
                or (third[0] > right and fourth[0] > right)
                or (third[1] < top and fourth[1] < top)
                or (third[1] > bottom and fourth[1] > bottom)
            ):
                continue
            if (
                _side(first, second, third) * _side(first, second, fourth) < -_NOTHING
                and _side(third, fourth, first) * _side(third, fourth, second) < -_NOTHING
            ):
                count += 1
    return count


def _side(first: Point, second: Point, point: Point) -> float:
    """Above 0 on the one side of a line, below on the other."""
    return (second[0] - first[0]) * (point[1] - first[1]) - (second[1] - first[1]) * (point[0] - first[0])


class Sides:
    """On which side of other wires a place is, at each of some heights."""

    def __init__(self, edge: Edge, others: Mapping[Edge, Sequence[Point]], heights: Sequence[float]) -> None:
        self._at: list[list[tuple[float, int]]] = [[] for _ in heights]
        self._there = [0] * len(heights)
        self._known: dict[tuple[int, float], int] = {}
        for number, (other, line) in enumerate(others.items()):
            bit = 1 << number
            for level, x in _across(line, heights):
                if level == 0 and other[:2] == edge[:2]:
                    continue  # they begin together
                self._at[level].append((x, bit))
                self._there[level] |= bit

    def changed(self, level: int, x: float, after: float) -> int:
        """How many are on the other side of `after` at the next height than of `x` at this one."""
        both = self._there[level] & self._there[level + 1]
        return ((self._left_of(level, x) ^ self._left_of(level + 1, after)) & both).bit_count()

    def _left_of(self, level: int, x: float) -> int:
        found = self._known.get((level, x))
        if found is None:
            found = 0
            for other, bit in self._at[level]:
                if other < x:
                    found |= bit
            self._known[level, x] = found
        return found


def _across(line: Sequence[Point], heights: Sequence[float]) -> Iterator[tuple[int, float]]:
    """Where a line that runs down is at each height it comes by."""
    level = 0
    for (x1, y1), (x2, y2) in pairwise(line):
        if y2 < y1:
            return
        while level < len(heights) and heights[level] < y1:
            level += 1
        while level < len(heights) and heights[level] <= y2:
            share = (heights[level] - y1) / (y2 - y1) if y2 > y1 else 0.0
            yield level, x1 + share * (x2 - x1)
            level += 1
