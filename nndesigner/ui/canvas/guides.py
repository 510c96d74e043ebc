"""Where a dragged card comes to rest: on the grid, or in line with a card in sight, which a guide line shows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsLineItem

from nndesigner.layout.aligning import Line, Lines
from nndesigner.layout.ground import Box
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.metrics import snapped

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_REACH = 6.0  # pixels of the screen
_MOST = 2  # lines in each direction
_FURTHER = 16.0  # how far a guide line stands out


class Guides:
    """The lines of the cards in sight, as long as a drag lasts. They are gathered once, at its beginning."""

    def __init__(self, canvas: Canvas, card: QRectF, dragged: Collection[str]) -> None:
        self._canvas, self._card = canvas, card
        shown = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        boxes = [
            Box(one.x(), one.y(), one.x() + one.width(), one.y() + one.height())
            for item in canvas.stage.whereabouts.cards_in(shown)
            if item.node.name not in dragged and (one := item.card).intersects(shown)
        ]
        self._across, self._down = Lines(boxes, True), Lines(boxes, False)
        # One for each line, so that what lies between lines need not be painted anew; all of them from the beginning,
        # as everything in sight is painted anew when one is added.
        self._items = [QGraphicsLineItem() for _ in range(2 * _MOST)]
        for item in self._items:
            item.setPen(line_pen(ink().accent, 1))
            item.hide()
            canvas.stage.add_overlay(item)

    def settled(self, x: float, y: float) -> QPointF:
        """Where the card comes to rest that is wanted with its upper left corner here; the lines it is in are shown."""
        reach = _REACH / min(max(self._canvas.camera.scale, 0.3), 1.5)
        width, height = self._card.width(), self._card.height()
        right, lower = self._across.pull(x, x + width, reach), self._down.pull(y, y + height, reach)
        x = snapped(x) if right is None else x + right
        y = snapped(y) if lower is None else y + lower
        self._show(x, y, x + width, y + height)
        return QPointF(x, y)

    def end(self) -> None:
        """Takes the lines away."""
        for item in self._items:
            self._canvas.stage.remove_overlay(item)
        self._items.clear()

    def _show(self, left: float, top: float, right: float, bottom: float) -> None:
        # Three lines through cards of one size say no more than the one through their middles.
        lines = [
            QLineF(line.at, min(line.begin, top) - _FURTHER, line.at, max(line.end, bottom) + _FURTHER)
            for line in _fewest(self._across.at(left, right))
        ]
        lines += [
            QLineF(min(line.begin, left) - _FURTHER, line.at, max(line.end, right) + _FURTHER, line.at)
            for line in _fewest(self._down.at(top, bottom))
        ]
        for number, item in enumerate(self._items):
            item.setVisible(number < len(lines))
            if number < len(lines):
                item.setLine(lines[number])


def _fewest(lines: list[Line]) -> list[Line]:
    return lines[1:2] if len(lines) > _MOST else lines
