"""What lies where in a scene: its cards and wires by their places, and what a pointer is on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from nndesigner.graph import Edge
from nndesigner.ui.canvas.cells import Area, Cells
from nndesigner.ui.canvas.items import EdgeItem, NodeItem, area_of
from nndesigner.ui.canvas.metrics import MARGIN, PORT_REACH


class Place:
    """A port that was found: its node, its name, and whether it is an output."""

    __slots__ = ("is_output", "name", "node", "position")

    def __init__(self, node: str, name: str, is_output: bool, position: QPointF) -> None:
        self.node, self.name, self.is_output, self.position = node, name, is_output, position


class Whereabouts:
    """Where the cards and wires of one scene lie at rest."""

    def __init__(self) -> None:
        self._cards: Cells[NodeItem] = Cells()
        self._wires: Cells[EdgeItem] = Cells()
        self._heaped: dict[NodeItem, set[NodeItem]] = {}  # cards that lie on one another

    def put_card(self, item: NodeItem) -> None:
        """A card lies where it says."""
        self._part(item)
        left, top, right, lower = item.box
        others = self._cards.within(item.box)
        self._cards.put(item, (left - MARGIN, top - MARGIN, right + MARGIN, lower + MARGIN))
        for other in others:
            if other is not item:
                self._heaped.setdefault(item, set()).add(other)
                self._heaped.setdefault(other, set()).add(item)

    def put_wire(self, item: EdgeItem) -> None:
        """A wire runs where it says."""
        self._wires.put(item, item.room)

    def drop_card(self, item: NodeItem) -> None:
        """A card is no longer there."""
        self._part(item)
        self._cards.drop(item)

    def drop_wire(self, item: EdgeItem) -> None:
        """A wire is no longer there."""
        self._wires.drop(item)

    def cards_in(self, area: QRectF) -> list[NodeItem]:
        """The cards that show in this area, the uppermost last."""
        return self._cards.within(area_of(area))

    def wires_in(self, area: QRectF) -> list[EdgeItem]:
        """The wires that may show in this area."""
        return self._wires.within(area_of(area))

    def storeys(self, cards: Sequence[NodeItem]) -> list[list[NodeItem]]:
        """Cards that lie beside each other, and above them those that lie on some of them. In each, cards and words can be
        painted one after the other: no words shine through.
        """
        if not self._heaped:
            return [list(cards)]
        storeys: list[list[NodeItem]] = [[]]
        found: dict[NodeItem, int] = {}
        for item in cards:
            storey = 0
            if item in self._heaped:
                below = (found[other] for other in self._heaped[item] if other in found)
                storey = found[item] = max(below, default=-1) + 1
                if storey == len(storeys):
                    storeys.append([])
            storeys[storey].append(item)
        return storeys

    def _part(self, item: NodeItem) -> None:
        for other in self._heaped.pop(item, ()):
            self._heaped[other].discard(item)
            if not self._heaped[other]:
                del self._heaped[other]

    def node_at(self, position: QPointF) -> str | None:
        """The node whose card is here."""
        for item in reversed(self._cards.within(_around(position, 0))):
            if item.card.contains(position):
                return item.face.name
        return None

    def nodes_in(self, area: QRectF) -> set[str]:
        """The nodes whose cards touch this area."""
        left, top, right, lower = area_of(area)
        return {
            item.face.name
            for item in self._cards.within((left, top, right, lower))
            if item.box[0] < right and item.box[2] > left and item.box[1] < lower and item.box[3] > top
        }

    def port_at(self, position: QPointF, reach: float = PORT_REACH) -> Place | None:
        """The nearest port within reach."""
        best, nearest = None, reach
        for item in reversed(self._cards.within(_around(position, reach))):
            for is_output, spots in ((False, item.face.inputs), (True, item.face.outputs)):
                for spot in spots:
                    place = item.spot(spot)
                    away = (place - position).manhattanLength()
                    if away <= 1.5 * nearest and (away := _length(place - position)) <= nearest:
                        best, nearest = Place(item.face.name, spot.name, is_output, place), away
        return best

    def edge_at(self, position: QPointF, reach: float = 6) -> Edge | None:
        """The nearest wire within reach."""
        best, nearest = None, reach
        for item in reversed(self._wires.within(_around(position, reach))):
            if (away := _distance(item.path, position - item.line.p1())) <= nearest:
                best, nearest = item.edge, away
        return best


def _around(position: QPointF, reach: float) -> Area:
    x, y = position.x(), position.y()
    return x - reach, y - reach, x + reach, y + reach


def _length(way: QPointF) -> float:
    return (way.x() ** 2 + way.y() ** 2) ** 0.5


def _distance(path: QPainterPath, position: QPointF) -> float:
    """How far a place is from a wire's curve."""
    nearest = float("inf")
    px, py = position.x(), position.y()
    for polygon in path.toSubpathPolygons():
        points = [(point.x(), point.y()) for point in polygon]
        for (ax, ay), (bx, by) in pairwise(points):
            dx, dy = bx - ax, by - ay
            along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy or 1)
            along = min(max(along, 0.0), 1.0)
            nearest = min(nearest, ((ax + along * dx - px) ** 2 + (ay + along * dy - py) ** 2) ** 0.5)
    return nearest
