"""How wires go round cards they would run through: by lanes between the cards, wherever these stand.

A wire whose plain course is free keeps it. Another one that runs downwards is led through the gaps of each belt of
cards below it, by the shortest way with the fewest bends (dynamic programming over the belts); one that runs back
turns aside further. Wires that have found their way count for those after them, the shortest first, so that none lies
on another.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from nndesigner.graph import Edge
from nndesigner.layout.crossing import crossings_of
from nndesigner.layout.ground import CELL, Box, Ground, around
from nndesigner.layout.ways import CROSSING, NEAR, led, turned
from nndesigner.layout.wires import Ends, Lane, Point, Route, course, points, runs_back

_LONG = 100.0  # a free wire longer than this may go another way so as to cross fewer
_SHORT = 48.0  # no card fits into a straight wire of this length
_TURNS = 3
_MANY = 200  # wires, above which a way is looked for once and for the blocked only


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
            ways |= turned(self._ground, edge, ends, taken)
        else:
            (x1, y1), (x2, y2) = ends
            left, right = min(x1, x2) - NEAR, max(x1, x2) + NEAR
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
            ways |= led(self._ground, edge, ends, taken, others)
        longest = float("inf") if edge in self._blocked else _length(ends) + abs(ends.end[1] - ends.start[1])
        tried = [(cost, _drawn(ends, route)) for route, cost in ways.items() if cost <= longest]
        return min(
            ((CROSSING * self._crossings(edge, drawn) + cost, drawn) for cost, drawn in tried),
            default=(0.0, None),
        )[1]

    def _lanes_but(self, edge: Edge) -> Iterator[Lane]:
        for other, drawn in self._drawn.items():
            if other[:2] == edge[:2]:
                continue  # what carries the same may lie together
            start, end = self._wires[other]
            if drawn.route:
                yield from drawn.route
            elif end[1] - start[1] > CELL / 2 and other not in self._blocked:
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
    return range(int(area.top // CELL), int(area.bottom // CELL) + 1)


def _drawn(ends: Ends, route: Route) -> _Drawn:
    line = points(ends.start, course(*ends, route))
    return _Drawn(route, line, around(line))


def _length(ends: Ends) -> float:
    (x1, y1), (x2, y2) = ends
    return abs(y2 - y1) + abs(x2 - x1)
