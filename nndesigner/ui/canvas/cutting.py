"""Wires cut by a line drawn across them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from nndesigner.graph import Edge
from nndesigner.ui.canvas.gestures import START_DISTANCE
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.items import EdgeItem

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_TOUCHING = Qt.ItemSelectionMode.IntersectsItemBoundingRect
_BELOW_CARDS = 0.5
Point = tuple[float, float]


class Blade:
    """A straight line from where it was pressed to the pointer: the wires it crosses are marked, and cut at release."""

    def __init__(self, canvas: Canvas, at: QPointF) -> None:
        self._canvas, self._pressed = canvas, at
        self._start = canvas.in_scene(at)
        self._courses: dict[Edge, Sequence[Point]] = {}
        self._crossed: tuple[Edge, ...] = ()
        self._line, self._marks = QGraphicsPathItem(), QGraphicsPathItem()
        self._line.setPen(line_pen(ink().severity["error"], 1))
        self._marks.setPen(line_pen(ink().severity["error"], 2, Qt.PenStyle.DashLine))
        for overlay in (self._marks, self._line):
            canvas.stage.add_overlay(overlay)
        self._marks.setZValue(_BELOW_CARDS)
        canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.move(at)

    def move(self, at: QPointF) -> None:
        """Draws it to here, and marks what it crosses."""
        end = self._canvas.in_scene(at)
        blade = QPainterPath(self._start)
        blade.lineTo(end)
        self._line.setPath(blade)
        far = (at - self._pressed).manhattanLength() >= START_DISTANCE
        self._mark(self._crossed_by(blade, end) if far else ())
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
        self._fade(self._crossed, "")
        self._canvas.tell("", QPointF())
        self._canvas.viewport().unsetCursor()
        for overlay in (self._line, self._marks):
            self._canvas.stage.remove_overlay(overlay)

    def _mark(self, crossed: tuple[Edge, ...]) -> None:
        if crossed == self._crossed:
            return
        self._fade(self._crossed, "")
        self._fade(crossed, "faded")
        self._crossed = crossed
        marks = QPainterPath()
        for edge in crossed:
            wire = self._canvas.stage.edge_items[edge]
            marks.addPath(wire.path.translated(wire.pos()))
        self._marks.setPath(marks)

    def _fade(self, edges: tuple[Edge, ...], state: str) -> None:
        for edge in edges:
            if (wire := self._canvas.stage.edge_items.get(edge)) is not None:
                wire.set_state(state)

    def _crossed_by(self, blade: QPainterPath, end: QPointF) -> tuple[Edge, ...]:
        here, there = self._start.toTuple(), end.toTuple()
        return tuple(
            item.edge
            for item in self._canvas.stage.items(blade, _TOUCHING)
            if isinstance(item, EdgeItem) and crosses(self._course(item), here, there)
        )

    def _course(self, item: EdgeItem) -> Sequence[Point]:
        """The corners of a wire's curve, straightened once."""
        if item.edge not in self._courses:
            (polygon, *_) = item.path.translated(item.pos()).toSubpathPolygons()
            self._courses[item.edge] = tuple(point.toTuple() for point in polygon)
        return self._courses[item.edge]


def crosses(course: Sequence[Point], start: Point, end: Point) -> bool:
    """Whether a line of these corners crosses the stretch from `start` to `end`."""
    return any(
        _is_left(start, end, one) != _is_left(start, end, other)
        and _is_left(one, other, start) != _is_left(one, other, end)
        for one, other in pairwise(course)
    )


def _is_left(start: Point, end: Point, point: Point) -> bool:
    """Whether a point lies left of a line, seen along it."""
    return (end[0] - start[0]) * (point[1] - start[1]) > (end[1] - start[1]) * (point[0] - start[0])


def cut_title(count: int) -> str:
    """What cutting so many wires is called in the list of edits."""
    if count == 1:
        return QCoreApplication.translate("Canvas", "Cut a wire")
    return QCoreApplication.translate("Canvas", "Cut {count} wires").format(count=count)
