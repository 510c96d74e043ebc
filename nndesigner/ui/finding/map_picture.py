"""The picture of a whole graph on the map, made bit by bit, so that no frame waits for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import sqrt
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.overview import worst_of
from nndesigner.ui.canvas.sheets import FrameItem, frame_colors

if TYPE_CHECKING:
    from nndesigner.ui.canvas.items import EdgeItem, NodeItem
    from nndesigner.ui.canvas.scene import Scene

MARGIN, _CORNER = 8, 6
_SURFACE = 21_000  # pixels that the map takes, whatever its form
_NARROWEST, _WIDEST = 0.4, 2.6  # width by height
_BIT = 100
_LEAST = 2.0  # pixels of a node
_SIGN = 8.0  # of a problem or a selected node
_Item = TypeVar("_Item")


class MapPicture:
    """What a map shows besides where one looks: `area` of the scene, in a `pixmap` that `steps` fills."""

    def __init__(self, scene: Scene, room: QSize, ratio: float) -> None:
        self._nodes: list[NodeItem] = list(scene.node_items.values())
        self._edges: list[EdgeItem] = list(scene.edge_items.values())
        self._notes = [item.area for item in scene.sheets.notes]
        self._frames = [
            (item.area, item.frame.color) for item in sorted(scene.sheets.frames, key=FrameItem.zValue)
        ]
        self._room, self._ratio = room, ratio
        self.area = scene.sheets.bounds()
        self.size = QSize()
        self.scale = 1.0
        self.pixmap = QPixmap()

    def steps(self) -> Iterator[None]:
        """Draws it, pausing again and again; whole when there is nothing more to come."""
        for nodes in _bits(self._nodes):
            for item in nodes:
                self.area = self.area.united(item.card)
            yield
        self._measure()
        self.pixmap = QPixmap(self.size * self._ratio)
        self.pixmap.setDevicePixelRatio(self._ratio)
        self.pixmap.fill(ink().paper)
        self._draw_paper()
        self._draw_sheets()
        yield
        for edges in _bits(self._edges):
            self._draw_wires(edges)
            yield
        signs: dict[tuple[int, int], tuple[str, QPointF]] = {}
        for nodes in _bits(self._nodes):
            self._draw_nodes(nodes)
            self._gather(nodes, signs)
            yield
        self._draw_problems(signs.values())

    def on_map(self, place: QPointF) -> QPointF:
        """A place of the scene on the map."""
        return self._corner() + (place - self.area.topLeft()) * self.scale

    def in_scene(self, at: QPointF) -> QPointF:
        """A place of the map in the scene."""
        return self.area.topLeft() + (at - self._corner()) / self.scale

    def rect_of(self, area: QRectF) -> QRectF:
        """An area of the scene on the map."""
        return QRectF(self.on_map(area.topLeft()), area.size() * self.scale)

    def ring_of(self, card: QRectF) -> QRectF:
        """What is drawn round a selected card."""
        return self._seen(card, _SIGN - 4).adjusted(-2, -2, 2, 2)

    def _corner(self) -> QPointF:
        size = self.area.size() * self.scale
        return QPointF((self.size.width() - size.width()) / 2, (self.size.height() - size.height()) / 2)

    def _measure(self) -> None:
        across, down = max(self.area.width(), 1.0), max(self.area.height(), 1.0)
        form = min(max(across / down, _NARROWEST), _WIDEST)
        width = min(round(sqrt(_SURFACE * form)), self._room.width())
        height = min(round(sqrt(_SURFACE / form)), self._room.height())
        self.size = QSize(max(width, 3 * MARGIN), max(height, 3 * MARGIN))
        self.scale = min((self.size.width() - 2 * MARGIN) / across, (self.size.height() - 2 * MARGIN) / down)

    def _painter(self, *, smooth: bool = False) -> QPainter:
        painter = QPainter(self.pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        return painter

    def _draw_paper(self) -> None:
        painter, colors = self._painter(smooth=True), ink()
        painter.setPen(QPen(QColor(colors.theme.line), 1))
        painter.setBrush(colors.surface)
        outline = QRectF(0, 0, self.size.width(), self.size.height()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(outline, _CORNER, _CORNER)
        painter.end()

    def _draw_sheets(self) -> None:
        painter, colors = self._painter(), ink()
        for area, color in self._frames:
            fill, edge = frame_colors(color, colors)
            painter.setPen(edge)
            painter.setBrush(fill)
            painter.drawRect(self.rect_of(area))
        painter.setPen(colors.note_outline)
        painter.setBrush(colors.note)
        painter.drawRects([self.rect_of(area) for area in self._notes])
        painter.end()

    def _draw_wires(self, edges: Sequence[EdgeItem]) -> None:
        painter = self._painter(smooth=True)
        painter.setPen(QPen(ink().wire, 0.7))
        painter.drawLines(
            [
                QLineF(self.on_map(line.p1()), self.on_map(line.p2()))
                for item in edges
                for line in (item.legs() if item.winds else (item.line,))
            ]
        )
        painter.end()

    def _draw_nodes(self, nodes: Sequence[NodeItem]) -> None:
        painter, colors = self._painter(smooth=True), ink()
        families: dict[str, list[QRectF]] = {}
        for item in nodes:
            families.setdefault(item.face.family, []).append(self._seen(item.card, _LEAST))
        painter.setPen(Qt.PenStyle.NoPen)
        for family, cards in families.items():
            painter.setBrush(colors.family(family))
            painter.drawRects(cards)
        painter.end()

    def _gather(self, nodes: Sequence[NodeItem], signs: dict[tuple[int, int], tuple[str, QPointF]]) -> None:
        """Where problems are; of several that lie on one another, the worst."""
        for item in nodes:
            if worst := worst_of(item):
                at = self.on_map(item.card.center())
                cell = (int(at.x() / _SIGN), int(at.y() / _SIGN))
                if cell not in signs or worst == "error":
                    signs[cell] = (worst, at)

    def _draw_problems(self, signs: Collection[tuple[str, QPointF]]) -> None:
        """A triangle for an error, a lozenge for a warning."""
        painter, colors, half = self._painter(smooth=True), ink(), _SIGN / 2
        painter.setPen(line_pen(colors.surface.color(), 1))
        for worst, at in signs:
            painter.setBrush(colors.severity[worst])
            up, down = QPointF(0, -half), QPointF(0, half)
            left, right = QPointF(-half, 0), QPointF(half, 0)
            corners = [up, down + right, down + left] if worst == "error" else [up, right, down, left]
            painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
        painter.end()

    def _seen(self, card: QRectF, least: float) -> QRectF:
        """A card on the map, never smaller than can be seen."""
        rect = self.rect_of(card)
        wider, taller = max(least - rect.width(), 0.0) / 2, max(least - rect.height(), 0.0) / 2
        return rect.adjusted(-wider, -taller, wider, taller)


def _bits(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Some at a time."""
    return (items[start : start + _BIT] for start in range(0, len(items), _BIT))
