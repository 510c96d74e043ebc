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
_LONG = 100.0  # a free wire longer than this may go another way so as to cross fewer
_SHORT = 48.0  # no card fits into a straight wire of this length
_CLEAR = 4.0  # a wire passes a card no closer than this, its line being up to five wide
_MARGIN = 16.0  # and better by this
_APART = 12.0  # two wires beside each other
_BEND = 40.0  # a bend is as bad as so long a way
_CLOSE = 80.0  # and another wire in the same lane as this
_MOST = 28  # lanes that are thought of
_NEAR = 700.0  # how far aside they are looked for
_CROSSING = 1500.0  # a crossing
_NOTHING = 1e-6
_TURNS = 3
_MANY = 200  # wires, above which a way is looked for once and for the blocked only
_MOST_BELTS = 40
_TRIED = 12
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


def touches(line: Sequence[Point], boxes: Iterable[Box], margin: float) -> bool:
    """Whether a line comes closer to one of these boxes than this."""
    grown = [
        Box(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin) for box in boxes
    ]
    return any(_touches(first, second, box) for box in grown for first, second in pairwise(line))


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


class _Drawn(NamedTuple):
    """A wire as it is led now: its lanes, the points along it, the room it takes."""

    route: Route
    line: list[Point]
    area: Box


def routes(
    cards: Mapping[str, Box], wires: Mapping[Edge, Ends], beside: Iterable[Route] = ()
) -> dict[Edge, Route]:
    """The lanes of each of these wires that would run through a card it does not end at, or could cross fewer others;
    those that keep their plain course are left out. `beside` are the routes of wires that stay as they are.
    """
    leading = Leading(cards, wires, beside)
    for _ in leading.steps():
        pass
    return leading.found


class Leading:
    """The wires that are led together: the shortest first, then those again that others came in the way of.

    It goes on from step to step, none of them long, so that a window can do other things meanwhile; after the last
    one `found` has the lanes of those that need some.
    """

    def __init__(
        self, cards: Mapping[str, Box], wires: Mapping[Edge, Ends], beside: Iterable[Route] = ()
    ) -> None:
        self._ground, self._wires = Ground(cards), wires
        self._resting = [lane for route in beside for lane in route]
        self._drawn: dict[Edge, _Drawn] = {}
        self._blocked: set[Edge] = set()
        self._open: set[Edge] = set()  # what has not found its way yet, and so crosses nothing
        self._areas = _Areas()
        self.found: dict[Edge, Route] = {}

    def steps(self) -> Iterator[None]:
        """Leads them."""
        for edge, ends in self._wires.items():
            (x1, y1), (x2, y2) = ends
            self._draw(edge, drawn := _drawn(ends, ()))
            if x1 == x2 and 0 < y2 - y1 <= _SHORT:
                continue
            if self._ground.hit_by(drawn.line, (edge.source, edge.target)):
                self._blocked.add(edge)
            yield
        self._open = set(self._blocked)
        many = len(self._wires) > _MANY
        long = (
            () if many else (edge for edge, (start, end) in self._wires.items() if end[1] - start[1] > _LONG)
        )
        waiting = sorted({*self._blocked, *long}, key=lambda edge: (_length(self._wires[edge]), edge))
        waiting.sort(key=lambda edge: edge not in self._blocked)
        for turn in range(1 if many else _TURNS):
            changed = False
            for edge in waiting:
                yield
                blocked = edge in self._blocked
                if not (blocked and not turn) and not self._crossings(edge, self._drawn[edge]):
                    continue
                best = self._best(edge)
                self._open.discard(edge)
                if best is not None and best.route != self._drawn[edge].route:
                    self._draw(edge, best)
                    changed = True
            if not changed:
                break
        self.found = {edge: drawn.route for edge, drawn in self._drawn.items() if drawn.route}

    def _draw(self, edge: Edge, drawn: "_Drawn") -> None:
        self._areas.put(edge, drawn.area)
        self._drawn[edge] = drawn

    def _best(self, edge: Edge) -> _Drawn | None:
        """The best of the ways there are for a wire, its plain course among them where nothing is in its way."""
        ends = self._wires[edge]
        taken = [*self._resting, *self._lanes_but(edge)]
        ways: dict[Route, float] = {}
        if edge not in self._blocked:
            ways[()] = _length(ends)
        if runs_back(ends.end[0] - ends.start[0], ends.end[1] - ends.start[1]):
            ways |= _turned(self._ground, edge, ends, taken)
        else:
            (x1, y1), (x2, y2) = ends
            left, right = min(x1, x2) - _NEAR, max(x1, x2) + _NEAR
            others = {
                other: drawn.line
                for other, drawn in self._drawn.items()
                if drawn.area.top < y2
                and drawn.area.bottom > y1
                and drawn.area.left < right
                and drawn.area.right > left
                and other != edge
                and other not in self._open
            }
            ways |= _led(self._ground, edge, ends, taken, others)
        longest = float("inf") if edge in self._blocked else _length(ends) + abs(ends.end[1] - ends.start[1])
        tried = [(cost, _drawn(ends, route)) for route, cost in ways.items() if cost <= longest]
        return min(
            ((_CROSSING * self._crossings(edge, drawn) + cost, drawn) for cost, drawn in tried),
            default=(0.0, None),
        )[1]

    def _lanes_but(self, edge: Edge) -> Iterator[Lane]:
        for other, drawn in self._drawn.items():
            if other[:2] == edge[:2]:
                continue  # what carries the same may lie together
            start, end = self._wires[other]
            if drawn.route:
                yield from drawn.route
            elif end[1] - start[1] > _CELL / 2 and other not in self._blocked:
                yield Lane(end[0], start[1], end[1])

    def _crossings(self, edge: Edge, drawn: _Drawn) -> int:
        """How often a wire crosses others."""
        area, count = drawn.area, 0
        for other in self._areas.near(area):
            _, line, room = self._drawn[other]
            if (
                other != edge
                and other not in self._open
                and room.left <= area.right
                and room.right >= area.left
                and room.top <= area.bottom
                and room.bottom >= area.top
            ):
                count += crossings_of(drawn.line, line)
        return count


class _Areas:
    """Where wires are, in strips across; a wire is found again in each strip it comes through."""

    def __init__(self) -> None:
        self._strips: dict[int, set[Edge]] = {}
        self._of: dict[Edge, range] = {}

    def put(self, edge: Edge, area: Box) -> None:
        """A wire takes this area now."""
        for strip in self._of.get(edge, ()):
            self._strips[strip].discard(edge)
        self._of[edge] = _strips_of(area)
        for strip in self._of[edge]:
            self._strips.setdefault(strip, set()).add(edge)

    def near(self, area: Box) -> set[Edge]:
        """The wires that may come through an area, and others."""
        return set().union(*(self._strips.get(strip, ()) for strip in _strips_of(area)))


def _strips_of(area: Box) -> range:
    return range(int(area.top // _CELL), int(area.bottom // _CELL) + 1)


def _drawn(ends: Ends, route: Route) -> _Drawn:
    line = points(ends.start, course(*ends, route))
    return _Drawn(route, line, _around(line))


def _length(ends: Ends) -> float:
    (x1, y1), (x2, y2) = ends
    return abs(y2 - y1) + abs(x2 - x1)


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


def _led(
    ground: Ground, edge: Edge, ends: Ends, taken: Sequence[Lane], others: Mapping[Edge, Sequence[Point]]
) -> dict[Route, float]:
    """Lanes downwards, one in each belt of cards, and how long that is; none where there is no way.

    Which of the `others` are on the left is known of each place at each height, as the bits of a number: a crossing is a
    bit that changes from one height to the next.
    """
    (x1, y1), (x2, y2) = ends
    area = Box(min(x1, x2) - _NEAR, y1 + 1, max(x1, x2) + _NEAR, y2 - 1)
    boxes = [box for _, box in ground.within(area)]
    belts = _belts(boxes, y1, y2)
    if not belts:
        return {}
    if len(belts) > _MOST_BELTS:
        return _passed(ground, edge, ends, taken, belts)
    lanes = _candidates(boxes, ends, taken)
    heights = [y1, *(y for top, bottom, _ in belts for y in (top, bottom)), y2]
    sides = _Sides(edge, others, heights)
    best: dict[float, tuple[float, tuple[float, ...]]] = {x1: (0.0, ())}
    for number, (top, bottom, members) in enumerate(belts):
        free = [
            x
            for x in lanes
            if all(x <= box.left - _CLEAR - 1 or x >= box.right + _CLEAR + 1 for box in members)
        ]
        if top <= y1 + 4:
            free = [x for x in free if x == x1]
        elif bottom >= y2 - 4:
            free = [x for x in free if x == x2]
        level = 2 * number
        following: dict[float, tuple[float, tuple[float, ...]]] = {}
        for x in free:
            own = _crowding(x, top, bottom, taken) + _tightness(x, members)
            own += _CROSSING * sides.changed(level + 1, x, x)
            cost, way = min(
                (
                    before
                    + abs(x - other)
                    + (_BEND if x != other else 0.0)
                    + _CROSSING * sides.changed(level, other, x),
                    way,
                )
                for other, (before, way) in best.items()
            )
            following[x] = (cost + own, (*way, x))
        if not following:
            return {}
        best = following
    last = len(heights) - 2
    cost, way = min(
        (cost + abs(x - x2) + (_BEND if x != x2 else 0.0) + _CROSSING * sides.changed(last, x, x2), way)
        for x, (cost, way) in best.items()
    )
    length = sum(abs(x - other) + (_BEND if x != other else 0.0) for other, x in pairwise((x1, *way, x2)))
    route = _joined(
        [Lane(x, max(top, y1), min(bottom, y2)) for x, (top, bottom, _) in zip(way, belts, strict=True)]
    )
    line = points(ends.start, course(*ends, route))
    return {} if ground.hit_by(line, (edge.source, edge.target)) else {route: length + y2 - y1}


def _passed(
    ground: Ground,
    edge: Edge,
    ends: Ends,
    taken: Sequence[Lane],
    belts: Sequence[tuple[float, float, list[Box]]],
) -> dict[Route, float]:
    """One lane past so many belts that trying all ways through them would take too long; where there is none, none."""
    (x1, y1), (x2, y2) = ends
    begin = belts[0][1] + _BELT if belts[0][0] <= y1 + 4 else y1 + _BELT
    end = belts[-1][0] - _BELT if belts[-1][1] >= y2 - 4 else y2 - _BELT
    passed = [box for _, _, members in belts for box in members if box.bottom > begin and box.top < end]
    free: list[float] = []
    edge_of = float("-inf")
    for box in sorted(passed):
        if box.left - edge_of >= 2 * _MARGIN and edge_of > float("-inf"):
            free += [edge_of + _MARGIN, box.left - _MARGIN]
        elif edge_of == float("-inf"):
            free.append(box.left - _MARGIN)
        edge_of = max(edge_of, box.right)
    free.append(edge_of + _MARGIN)
    crowded = [lane for lane in taken if lane.begin < end and lane.end > begin]
    shifted = {x + _APART * step for x in free for step in range(-4, 5)}
    ways = sorted((abs(x - x1) + abs(x - x2) + _crowding(x, begin, end, crowded), x) for x in shifted)
    for cost, x in ways[:_TRIED]:
        route = (Lane(x, begin, end),)
        if not ground.hit_by(points(ends.start, course(*ends, route)), (edge.source, edge.target)):
            return {route: cost + y2 - y1}
    return {}


class _Sides:
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
        if abs(lane.x - x) < _APART - 1
        and min(lane.begin, lane.end) < bottom
        and max(lane.begin, lane.end) > top
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


def _turned(ground: Ground, edge: Edge, ends: Ends, taken: Sequence[Lane]) -> dict[Route, float]:
    """One lane upwards, as near as it can be, on either side, and how long that is; none where there is no free one."""
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
    found: dict[Route, float] = {}
    for cost, x in ways[: 2 * _MOST]:
        route = (Lane(x, y1, y2),)
        if ground.hit_by([(x, y1), (x, y2)]):
            continue  # not even through its own cards
        if not ground.hit_by(points(ends.start, course(*ends, route)), (edge.source, edge.target)):
            found[route] = cost + bottom - top
            if len(found) == 3:
                break
    return found
