"""Where the nodes of a line come to stand: one below the other, branches side by side, on free paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from nndesigner.graph import Graph, Position
from nndesigner.typed import Typed
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.face import face_of
from nndesigner.ui.canvas.metrics import GRID, snapped

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

GAP = 32
LANE = metrics.CARD_WIDTH + GAP


def placed(canvas: Canvas, found: Typed, after: Sequence[str], at: QPointF) -> tuple[Graph, QRectF]:
    """The graph of a line with its new nodes in their places, and the area they take.

    They stand below the nodes they come `after`, or with their head at a place of the scene.
    """
    cards = [item.card for name in after if (item := canvas.stage.node_items.get(name)) is not None]
    middle, top = at.x(), at.y()
    if cards:
        middle = sum(card.center().x() for card in cards) / len(cards)
        top = max(card.bottom() for card in cards) + GAP
    areas = _areas(found, middle, top)
    if not areas:
        return found.graph, QRectF()
    whole = QRectF()
    for area in areas.values():
        whole = whole.united(area)
    aside = 0.0
    margin = QRectF(-GRID, -GRID, 2 * GRID, 2 * GRID)
    while canvas.stage.nodes_in(_grown(whole.translated(aside, 0), margin)):
        aside += LANE
    places: dict[str, Position] = {
        name: (snapped(area.left() + aside), snapped(area.top())) for name, area in areas.items()
    }
    return found.graph.move(places), whole.translated(aside, 0)


def _grown(area: QRectF, by: QRectF) -> QRectF:
    return area.adjusted(by.left(), by.top(), by.width(), by.height())


def _areas(found: Typed, middle: float, top: float) -> dict[str, QRectF]:
    """Each new node below all that feed it."""
    areas: dict[str, QRectF] = {}
    for name in found.added:
        node = found.graph.nodes[name]
        wired = found.graph.incoming.get(name, {})
        face = face_of(node, found.project.kind_of(node), wired)
        above = [areas[edge.source].bottom() + GAP for edge in wired.values() if edge.source in areas]
        x = middle + found.lanes.get(name, 0.0) * LANE - face.width / 2
        y = max(above, default=top)
        area = QRectF(x, y, face.width, face.height)
        # Beside a shorter branch nothing lies; in one lane nothing lies on another.
        while any(area.adjusted(-1, -1, 1, 1).intersects(other) for other in areas.values()):
            area.translate(0, GRID)
        areas[name] = area
    return areas
