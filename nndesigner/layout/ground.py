"""The room cards take: which of them are within an area, and which a line comes too close to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from nndesigner.layout.wires import Point

CELL = 256.0
CLEAR = 4.0  # a wire passes a card no closer than this, its line being up to five wide


class Box(NamedTuple):
    """The room of a card."""

    left: float
    top: float
    right: float
    bottom: float


class Ground:
    """The cards, found by where they are."""

    def __init__(self, cards: Mapping[str, Box]) -> None:
        self._cards = cards
        self._cells: dict[tuple[int, int], list[str]] = {}
        for name, box in cards.items():
            for cell in _cells_of(box):
                self._cells.setdefault(cell, []).append(name)

    def within(self, area: Box) -> list[tuple[str, Box]]:
        """The cards that touch an area."""
        found: dict[str, Box] = {}
        for cell in _cells_of(area):
            for name in self._cells.get(cell, ()):
                box = self._cards[name]
                if (
                    box.left < area.right
                    and box.right > area.left
                    and box.top < area.bottom
                    and box.bottom > area.top
                ):
                    found[name] = box
        return list(found.items())

    def hit_by(self, line: Sequence[Point], apart_from: Iterable[str] = ()) -> set[str]:
        """The cards a line runs through or too close by, but for some."""
        area = around(line)
        near = [(name, box) for name, box in self.within(area) if name not in apart_from]
        return {
            name
            for name, box in near
            if any(_touches(first, second, box) for first, second in pairwise(line))
        }


def touches(line: Sequence[Point], boxes: Iterable[Box], margin: float) -> bool:
    """Whether a line comes closer to one of these boxes than this."""
    grown = [
        Box(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin) for box in boxes
    ]
    return any(_touches(first, second, box) for box in grown for first, second in pairwise(line))


def _cells_of(box: Box) -> Iterator[tuple[int, int]]:
    for x in range(int(box.left // CELL), int(box.right // CELL) + 1):
        for y in range(int(box.top // CELL), int(box.bottom // CELL) + 1):
            yield x, y


def around(line: Sequence[Point]) -> Box:
    """The room a wire takes."""
    xs, ys = [x for x, _ in line], [y for _, y in line]
    return Box(min(xs) - CLEAR, min(ys) - CLEAR, max(xs) + CLEAR, max(ys) + CLEAR)


def _touches(first: Point, second: Point, box: Box) -> bool:
    """Whether a line comes closer to a box than is clear (Liang and Barsky 1984)."""
    left, right = box.left - CLEAR, box.right + CLEAR
    top, bottom = box.top - CLEAR, box.bottom + CLEAR
    (x1, y1), (x2, y2) = first, second
    if max(x1, x2) <= left or min(x1, x2) >= right or max(y1, y2) <= top or min(y1, y2) >= bottom:
        return False
    dx, dy = x2 - x1, y2 - y1
    begin, end = 0.0, 1.0
    for way, low, high in ((dx, left - x1, right - x1), (dy, top - y1, bottom - y1)):
        if way == 0:
            if low >= 0 or high <= 0:
                return False
            continue
        one, other = sorted((low / way, high / way))
        begin, end = max(begin, one), min(end, other)
    return begin < end
