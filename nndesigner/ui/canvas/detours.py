"""Which wires of a scene go round cards, found when cards came to rest and not while they are dragged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer

from nndesigner.graph import Edge
from nndesigner.layout.ground import Box, touches
from nndesigner.layout.routes import Leading
from nndesigner.layout.wires import Ends, Route, course, points

if TYPE_CHECKING:
    from nndesigner.ui.canvas.scene import Scene

_ALL = 150  # up to so many wires are led together, so that how one got to a drawing does not show in it
_NEAR = 24.0  # a wire this close to a card that moved may find a better way
_AT_ONCE = 60  # up to so many are led at once, more of them bit by bit when what was changed has been painted
_BIT = 0.004  # seconds


class Detours(QObject):
    """The lanes of the wires of one scene that go round something."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._scene = scene
        self.lanes: dict[Edge, Route] = {}
        self._boxes: dict[str, Box] = {}
        self._ends: dict[Edge, Ends] = {}
        self._unled: set[Edge] = set()
        self._work: Iterator[None] = iter(())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._go_on)

    def lanes_of(self, edge: Edge, start: QPointF, end: QPointF) -> Route:
        """The lanes of a wire, if it still is where they were found for."""
        lanes = self.lanes.get(edge, ())
        return lanes if lanes and self._ends[edge] == (start.toTuple(), end.toTuple()) else ()

    def follow(self) -> None:
        """Something may stand elsewhere now: the wires this concerns are led anew, soon if they are many."""
        if len(self._scene.edge_items) <= _AT_ONCE:
            self.settle()
        else:
            self._work = self._led()
            self._later.start(0)

    def settle(self) -> None:
        """Leads the wires that something changed for, now."""
        self._later.stop()
        self._work = iter(())
        if self._scene.raft is None:
            for _ in self._led():
                pass

    def _go_on(self) -> None:
        """A bit of it; nothing while cards are dragged."""
        if self._scene.raft is not None:
            self._later.start(50)
            return
        until = perf_counter() + _BIT
        for _ in self._work:
            if perf_counter() > until:
                self._later.start(0)
                return

    def _led(self) -> Iterator[None]:
        """Leads wires step by step. What a step was not reached for is led the next time."""
        scene = self._scene
        boxes: dict[str, Box] = {}
        for name, card in [(name, item.card) for name, item in scene.node_items.items()]:
            boxes[name] = _box(card)
            yield
        ends: dict[Edge, Ends] = {}
        for edge, line in [(edge, item.line) for edge, item in scene.edge_items.items()]:
            ends[edge] = _ends(line.toTuple())
            yield
        if boxes == self._boxes and ends == self._ends and not self._unled:
            return
        wires = ends if len(ends) <= _ALL else self._concerned(boxes, ends)
        self._boxes, self._ends, self._unled = boxes, ends, set(wires)
        resting = {edge: route for edge, route in self.lanes.items() if edge in ends and edge not in wires}
        yield
        leading = Leading(boxes, wires, resting.values())
        yield from leading.steps()
        found = leading.found | resting
        self._unled = set()
        differing = {edge for edge in wires if found.get(edge) != self.lanes.get(edge)}
        self.lanes = found
        scene.lead(differing)
        if differing:
            scene.version += 1

    def _concerned(self, boxes: dict[str, Box], ends: dict[Edge, Ends]) -> dict[Edge, Ends]:
        """The wires that moved, and those that come by where a card was or is now."""
        changed = {name for name in {*boxes, *self._boxes} if boxes.get(name) != self._boxes.get(name)}
        areas = [
            box for name in changed for box in (boxes.get(name), self._boxes.get(name)) if box is not None
        ]
        if len(areas) > len(boxes) / 4:
            return ends
        return {
            edge: one
            for edge, one in ends.items()
            if one != self._ends.get(edge)
            or edge in self._unled
            or _comes_by(one, self.lanes.get(edge, ()), areas)
        }


def _box(card: QRectF) -> Box:
    return Box(card.x(), card.y(), card.x() + card.width(), card.y() + card.height())


def _ends(line: tuple[float, float, float, float]) -> Ends:
    return Ends(line[:2], line[2:])


def _comes_by(ends: Ends, lanes: Route, areas: Sequence[Box]) -> bool:
    """Whether a wire runs near one of these areas."""
    xs = [ends.start[0], ends.end[0], *(lane.x for lane in lanes)]
    ys = [ends.start[1], ends.end[1]]
    left, right, top, bottom = min(xs) - 160, max(xs) + 160, min(ys) - 48, max(ys) + 48
    near = [
        box
        for box in areas
        if box.left < right and box.right > left and box.top < bottom and box.bottom > top
    ]
    return bool(near) and touches(points(ends.start, course(*ends, lanes)), near, _NEAR)
