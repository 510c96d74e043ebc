"""How wires go round cards they would run through: by lanes between the cards, wherever these stand.

A wire whose plain course is free keeps it. Another one that runs downwards is led through the gaps of each belt of
cards below it, by the shortest way with the fewest bends (dynamic programming over the belts); one that runs back
turns aside further. Wires that have found their way count for those after them, the shortest first, so that none lies
on another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from nndesigner.graph import Edge
from nndesigner.layout.wires import Lane, Point, course, points, runs_back

Route = tuple[Lane, ...]

_CELL = 256.0
_CLEAR = 4.0  # a wire passes a card no closer than this, its line being up to five wide
_MARGIN = 16.0  # and better by this
_APART = 12.0  # two wires beside each other
_BEND = 40.0  # a bend is as bad as so long a way
_CLOSE = 80.0  # and another wire in the same lane as this
_MOST = 28  # lanes that are thought of
_NEAR = 700.0  # how far aside they are looked for
_BELT = 16.0  # the least room between belts in which a wire can change its lane


class Box(NamedTuple):
    """The room of a card."""

    left: float
    top: float
    right: float
    bottom: float


class Ends(NamedTuple):
    """Where a wire leaves and where it arrives."""

    start: Point
    end: Point


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
        area = _around(line)
        near = [(name, box) for name, box in self.within(area) if name not in apart_from]
        return {
            name
            for name, box in near
            if any(_touches(first, second, box) for first, second in pairwise(line))
        }


def _cells_of(box: Box) -> Iterator[tuple[int, int]]:
    for x in range(int(box.left // _CELL), int(box.right // _CELL) + 1):
        for y in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1):
            yield x, y


def _around(line: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in line], [y for _, y in line]
    return Box(min(xs) - _CLEAR, min(ys) - _CLEAR, max(xs) + _CLEAR, max(ys) + _CLEAR)


def _touches(first: Point, second: Point, box: Box) -> bool:
    """Whether a line comes closer to a box than is clear (Liang and Barsky 1984)."""
    left, right = box.left - _CLEAR, box.right + _CLEAR
    top, bottom = box.top - _CLEAR, box.bottom + _CLEAR
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


def routes(cards: Mapping[str, Box], wires: Mapping[Edge, Ends], beside: Iterable[Route] = ()) -> dict[Edge, Route]:
    """The lanes of each of these wires that would run through a card it does not end at; others are left out.

    `beside` are the routes of wires that stay as they are.
    """
    ground = Ground(cards)
    taken = [lane for route in beside for lane in route]
    blocked: list[tuple[float, Edge]] = []
    for edge, ends in wires.items():
        (x1, y1), (x2, y2) = ends
        if x1 == x2 and 0 < y2 - y1 <= 48:
            continue
        if ground.hit_by(points(ends.start, course(*ends)), (edge.source, edge.target)):
            blocked.append((abs(y2 - y1) + abs(x2 - x1), edge))
        elif y2 - y1 > _CELL / 2:
            taken.append(Lane(x2, y1, y2))
    found: dict[Edge, Route] = {}
    for _, edge in sorted(blocked):
        ends = wires[edge]
        back = runs_back(ends.end[0] - ends.start[0], ends.end[1] - ends.start[1])
        route = (_turned if back else _led)(ground, edge, ends, taken)
        if route:
            found[edge] = route
            taken += route
    return found


def _led(ground: Ground, edge: Edge, ends: Ends, taken: Sequence[Lane]) -> Route:
    """Lanes downwards, one in each belt of cards; none where there is no way."""
    (x1, y1), (x2, y2) = ends
    area = Box(min(x1, x2) - _NEAR, y1 + 1, max(x1, x2) + _NEAR, y2 - 1)
    boxes = [box for _, box in ground.within(area)]
    belts = _belts(boxes, y1, y2)
    lanes = _candidates(boxes, ends, taken)
    if not belts:
        return ()
    best: dict[float, tuple[float, tuple[float, ...]]] = {x1: (0.0, ())}
    for top, bottom, members in belts:
        free = [x for x in lanes if all(x <= box.left - _CLEAR - 1 or x >= box.right + _CLEAR + 1 for box in members)]
        if top <= y1 + 4:
            free = [x for x in free if x == x1]
        if bottom >= y2 - 4:
            free = [x for x in free if x == x2]
        following: dict[float, tuple[float, tuple[float, ...]]] = {}
        for x in free:
            own = _crowding(x, top, bottom, taken) + _tightness(x, members)
            cost, way = min(
                (before + abs(x - other) + (_BEND if x != other else 0.0), way)
                for other, (before, way) in best.items()
            )
            following[x] = (cost + own, (*way, x))
        if not following:
            return ()
        best = following
    _, way = min((cost + abs(x - x2) + (_BEND if x != x2 else 0.0), way) for x, (cost, way) in best.items())
    route = _joined([Lane(x, max(top, y1), min(bottom, y2)) for x, (top, bottom, _) in zip(way, belts, strict=True)])
    line = points(ends.start, course(*ends, route))
    return () if ground.hit_by(line, (edge.source, edge.target)) else route


def _belts(boxes: Sequence[Box], y1: float, y2: float) -> list[tuple[float, float, list[Box]]]:
    """Where cards stand between two heights: top, bottom and cards of each belt, with room to change between them."""
    found: list[tuple[float, float, list[Box]]] = []
    for box in sorted(boxes, key=lambda one: one.top):
        top, bottom = max(box.top - _CLEAR, y1), min(box.bottom + _CLEAR, y2)
        if found and top - found[-1][1] < _BELT:
            first, last, members = found[-1]
            found[-1] = (first, max(last, bottom), [*members, box])
        else:
            found.append((top, bottom, [box]))
    return found


def _candidates(boxes: Sequence[Box], ends: Ends, taken: Sequence[Lane]) -> list[float]:
    """Where a lane may be: below the one port, above the other, beside each card, and beside other wires there."""
    (x1, y1), (x2, y2) = ends
    found = {x1, x2}
    for box in boxes:
        found |= {box.left - _MARGIN, box.right + _MARGIN}
    for lane in taken:
        if min(lane.begin, lane.end) < y2 and max(lane.begin, lane.end) > y1:
            found |= {lane.x - _APART, lane.x + _APART}
    nearest = sorted(found, key=lambda x: (abs(x - x1) + abs(x - x2), x))
    return sorted({x1, x2, *nearest[:_MOST]})


def _crowding(x: float, top: float, bottom: float, taken: Sequence[Lane]) -> float:
    """How bad it is that other wires run in the same lane."""
    return sum(
        _CLOSE
        for lane in taken
        if abs(lane.x - x) < _APART - 1 and min(lane.begin, lane.end) < bottom and max(lane.begin, lane.end) > top
    )


def _tightness(x: float, members: Sequence[Box]) -> float:
    """How bad it is to pass closer by a card than is good."""
    away = min((max(box.left - x, x - box.right) for box in members), default=_MARGIN)
    return max(0.0, _MARGIN - away) * 2


def _joined(lanes: Sequence[Lane]) -> Route:
    """Lanes one below another as one."""
    found: list[Lane] = []
    for lane in lanes:
        if found and found[-1].x == lane.x:
            found[-1] = found[-1]._replace(end=lane.end)
        else:
            found.append(lane)
    return tuple(found)


def _turned(ground: Ground, edge: Edge, ends: Ends, taken: Sequence[Lane]) -> Route:
    """One lane upwards, as near as it can be; none where there is no free one."""
    (x1, y1), (x2, y2) = ends
    area = Box(min(x1, x2) - _NEAR, min(y1, y2) - 48, max(x1, x2) + _NEAR, max(y1, y2) + 48)
    boxes = [box for _, box in ground.within(area)]
    beside = {box.left - 20 for box in boxes} | {box.right + 20 for box in boxes}
    beside |= {lane.x + by for lane in taken for by in (-_APART, _APART)}
    top, bottom = min(y1, y2), max(y1, y2)
    ways = sorted(
        (abs(x - x1) + abs(x - x2) + _crowding(x, top, bottom, taken), x)
        for x in beside
        if area.left < x < area.right
    )
    for _, x in ways[: 2 * _MOST]:
        route = (Lane(x, y1, y2),)
        if not ground.hit_by(points(ends.start, course(*ends, route)), (edge.source, edge.target)):
            return route
    return ()
