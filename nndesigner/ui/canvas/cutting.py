"""Wires cut by a line drawn across them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsLineItem, QStyleOptionGraphicsItem, QWidget

from nndesigner.graph import Edge
from nndesigner.ui.canvas.gestures import START_DISTANCE
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.items import EdgeItem

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_PIECES = 8
_STRETCH = 400.0  # wires are looked for beside so much of the line at a time
Point = tuple[float, float]


class _Legs(QGraphicsItem):
    """Wires that are to be cut, as they are seen from far away: straight lines, painted in one call. The canvas is painted
    as a whole there, so it takes no room of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[QLineF] = []

    def boundingRect(self) -> QRectF:
        return QRectF()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setPen(line_pen(ink().severity["error"], 1))
        painter.drawLines(self.lines)


class Blade:
    """A straight line from where it was pressed to the pointer: the wires it crosses are marked, and cut at release."""

    def __init__(self, canvas: Canvas, at: QPointF) -> None:
        self._canvas, self._pressed = canvas, at
        self._start = canvas.in_scene(at)
        self._courses: dict[EdgeItem, Sequence[Point]] = {}
        self._crossed: frozenset[Edge] = frozenset()
        self._legs = _Legs()
        self._legs_known: dict[Edge, list[QLineF]] = {}
        # In pieces, as what lies in the rectangle round a line is painted anew when it moves.
        self._pieces = [QGraphicsLineItem() for _ in range(_PIECES)]
        for piece in self._pieces:
            piece.setPen(line_pen(ink().severity["error"], 1))
        for overlay in (self._legs, *self._pieces):
            canvas.stage.add_overlay(overlay)
        canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.move(at)

    def move(self, at: QPointF) -> None:
        """Draws it to here, and marks what it crosses."""
        end = self._canvas.in_scene(at)
        whole = QLineF(self._start, end)
        for number, piece in enumerate(self._pieces):
            piece.setLine(QLineF(whole.pointAt(number / _PIECES), whole.pointAt((number + 1) / _PIECES)))
        far = (at - self._pressed).manhattanLength() >= START_DISTANCE
        self._mark(self._crossed_by(whole) if far else frozenset())
        words = QCoreApplication.translate("Canvas", "Draw it across wires to cut them")
        if self._crossed:
            words = cut_title(len(self._crossed))
        self._canvas.tell(words, at, "error" if self._crossed else "plain")

    def release(self, at: QPointF) -> None:
        """Cuts what it crosses, as one edit."""
        self._end()
        if self._crossed:
            document = self._canvas.document
            document.edit_graph(cut_title(len(self._crossed)), document.graph.disconnect(self._crossed))

    def cancel(self) -> None:
        """Takes the line away; nothing is cut."""
        self._end()

    def _end(self) -> None:
        self._dress(self._crossed, "")
        self._canvas.tell("", QPointF())
        self._canvas.viewport().unsetCursor()
        for overlay in (self._legs, *self._pieces):
            self._canvas.stage.remove_overlay(overlay)

    def _mark(self, crossed: frozenset[Edge]) -> None:
        if crossed == self._crossed:
            return
        self._dress(self._crossed - crossed, "")
        self._dress(crossed - self._crossed, "cut")
        self._crossed = crossed
        if not self._canvas.shows_items:
            self._legs.lines = [leg for edge in crossed for leg in self._legs_of(edge)]
            self._canvas.refresh_overview()

    def _legs_of(self, edge: Edge) -> list[QLineF]:
        if edge not in self._legs_known:
            self._legs_known[edge] = self._canvas.stage.edge_items[edge].legs()
        return self._legs_known[edge]

    def _dress(self, edges: Iterable[Edge], state: str) -> None:
        for edge in edges:
            if (wire := self._canvas.stage.edge_items.get(edge)) is not None:
                wire.set_state(state)

    def _crossed_by(self, whole: QLineF) -> frozenset[Edge]:
        count = max(math.ceil(whole.length() / _STRETCH), 1)
        corners = [whole.pointAt(number / count) for number in range(count + 1)]
        near: set[EdgeItem] = set()
        for one, other in pairwise(corners):
            near.update(self._canvas.stage.whereabouts.wires_in(QRectF(one, other).normalized()))
        start, end = whole.p1().toTuple(), whole.p2().toTuple()
        return frozenset(item.edge for item in near if crosses(self._course(item), start, end))

    def _course(self, item: EdgeItem) -> Sequence[Point]:
        """The corners of a wire's curve, straightened once."""
        if item not in self._courses:
            (polygon, *_) = item.path.translated(item.pos()).toSubpathPolygons()
            self._courses[item] = tuple(point.toTuple() for point in polygon)
        return self._courses[item]


def crosses(course: Sequence[Point], start: Point, end: Point) -> bool:
    """Whether a line of these corners crosses the stretch from `start` to `end`."""
    (left, top), (across, down) = start, (end[0] - start[0], end[1] - start[1])
    before: Point | None = None
    was_left = False
    for point in course:
        is_left = across * (point[1] - top) > down * (point[0] - left)
        if (
            before is not None
            and is_left != was_left
            and _is_left(before, point, start) != _is_left(before, point, end)
        ):
            return True
        before, was_left = point, is_left
    return False


def _is_left(start: Point, end: Point, point: Point) -> bool:
    """Whether a point lies left of a line, seen along it."""
    return (end[0] - start[0]) * (point[1] - start[1]) > (end[1] - start[1]) * (point[0] - start[0])


def cut_title(count: int) -> str:
    """What cutting so many wires is called in the list of edits."""
    if count == 1:
        return QCoreApplication.translate("Canvas", "Cut a wire")
    return QCoreApplication.translate("Canvas", "Cut {count} wires").format(count=count)
