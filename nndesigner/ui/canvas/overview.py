"""The whole model seen from far away, painted in a few batched calls instead of item by item."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem

from nndesigner.graph import Edge
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.ink import Ink, ink, line_pen
from nndesigner.ui.canvas.items import NodeItem
from nndesigner.ui.canvas.load import bar_of
from nndesigner.ui.canvas.scene import Scene
from nndesigner.ui.canvas.sheets import FrameItem, frame_colors

DOTS_FROM = 0.45
_MOST_ROUNDED = 300
_SMOOTH = QPainter.RenderHint.Antialiasing
_NO_PEN = Qt.PenStyle.NoPen


def paint_paper(painter: QPainter, rect: QRectF, scale: float) -> None:
    """Paints the paper, with its dots as long as they are far enough apart."""
    colors = ink()
    painter.fillRect(rect, colors.paper)
    if scale < DOTS_FROM:
        return
    step = metrics.DOTS if scale >= 1 else 2 * metrics.DOTS
    place = painter.worldTransform()
    left, top = math.floor(rect.left() / step) * step, math.floor(rect.top() / step) * step
    row = _row_of_dots(step * scale, math.ceil(rect.width() * scale + 2 * step * scale), colors)
    painter.resetTransform()
    x = round(left * scale + place.dx())
    for number in range(math.ceil((rect.bottom() - top) / step) + 1):
        painter.drawPixmap(x, round((top + number * step) * scale + place.dy()), row)
    painter.setWorldTransform(place)


@lru_cache(maxsize=64)
def _row_of_dots(step: float, width: int, colors: Ink) -> QPixmap:
    """One row of dots as a picture, which is put down again and again."""
    row = QPixmap(width, 2)
    row.fill(QColor(0, 0, 0, 0))
    painter = QPainter(row)
    for number in range(math.ceil(width / step)):
        painter.fillRect(round(number * step), 0, 2, 2, colors.dots)
    painter.end()
    return row


@dataclass(frozen=True)
class Batches:
    """What is painted in one call each: wires, the cards of each family, and rings by what is wrong."""

    lines: list[QLineF]
    families: dict[str, list[QRectF]]
    rings: dict[str, list[QRectF]]
    bars: list[QRectF]

    @staticmethod
    def of(scene: Scene, names: Collection[str], edges: Collection[Edge]) -> "Batches":
        """Those of these nodes and wires."""
        families: dict[str, list[QRectF]] = {}
        rings: dict[str, list[QRectF]] = {}
        bars: list[QRectF] = []
        for name in names:
            item = scene.node_items[name]
            if scene.marks.loads:
                families.setdefault("", []).append(item.card)
                if item.load is not None:
                    bars.append(bar_of(item.card, item.load))
            else:
                families.setdefault(item.face.family, []).append(item.card)
            if worst := worst_of(item):
                rings.setdefault(worst, []).append(item.card)
        lines: list[QLineF] = []
        for edge in edges:
            wire = scene.edge_items[edge]
            if wire.winds:
                lines.extend(wire.legs())
            else:
                lines.append(wire.line)
        return Batches(lines, families, rings, bars)

    def paint(self, painter: QPainter) -> None:
        """Paints them."""
        colors = ink()
        rounded = sum(map(len, self.families.values())) <= _MOST_ROUNDED
        painter.setRenderHint(_SMOOTH, rounded)
        painter.setPen(line_pen(colors.wire, 1))
        if self.lines:
            painter.drawLines(self.lines)
        painter.setPen(_NO_PEN)
        for family, cards in self.families.items():
            painter.setBrush(colors.family(family) if family else colors.quiet)
            if rounded:
                for card in cards:
                    painter.drawRoundedRect(card, metrics.CORNER, metrics.CORNER)
            else:
                painter.drawRects(cards)
        painter.setBrush(colors.accent_brush)
        if self.bars:
            painter.drawRects(self.bars)
        for name, cards in self.rings.items():
            _paint_rings(painter, cards, line_pen(colors.severity[name], 2), rounded)
        painter.setRenderHint(_SMOOTH)


def _paint_rings(painter: QPainter, cards: list[QRectF], pen: QPen, rounded: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    if rounded:
        for card in cards:
            painter.drawRoundedRect(card, metrics.CORNER, metrics.CORNER)
    else:
        painter.drawRects(cards)


def worst_of(item: NodeItem) -> str:
    """What is wrong with a node, or with how it learns: "error", "warning" or nothing."""
    learning = item.pulse.tone if item.pulse is not None and item.pulse.tone != "good" else ""
    return "error" if item.broken or "error" in (item.problem, learning) else item.problem or learning


class Overview:
    """A scene seen from far away. What lies still is gathered once, what is dragged apart from it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._version = -1
        self._resting = self._floating = Batches([], {}, {}, [])

    def paint(self, painter: QPainter) -> None:
        """Paints it; `painter` stands in the scene."""
        scene, raft = self._scene, self._scene.raft
        if self._version != scene.version - scene.choices:
            self._gather()
        painter.setRenderHint(_SMOOTH)
        for frame in sorted(scene.sheets.frames, key=FrameItem.zValue):
            fill, edge = frame_colors(frame.frame.color, ink())
            painter.setPen(edge)
            painter.setBrush(fill)
            painter.drawRect(frame.area)
        for note in scene.note_items:
            painter.setPen(ink().note_outline)
            painter.setBrush(ink().note)
            painter.drawRect(note.sceneBoundingRect())
        self._resting.paint(painter)
        if raft is not None:
            painter.setPen(line_pen(ink().wire, 1))
            painter.drawLines([scene.edge_items[edge].line for edge in raft.crossing])
            painter.translate(raft.offset)
            self._floating.paint(painter)
            painter.translate(-raft.offset)
        self._paint_chosen(painter)
        for overlay in filter(QGraphicsItem.isVisible, scene.overlays):
            painter.save()
            painter.translate(overlay.pos())
            overlay.paint(painter, QStyleOptionGraphicsItem(), None)
            painter.restore()

    def _paint_chosen(self, painter: QPainter) -> None:
        """Paints rings round what is selected, which changes more often than what lies there."""
        raft = self._scene.raft
        chosen = [item for item in self._scene.selectedItems() if isinstance(item, NodeItem)]
        riding = [item.card for item in chosen if raft is not None and item.node.name in raft.names]
        resting = [item.card for item in chosen if raft is None or item.node.name not in raft.names]
        rounded = len(self._scene.node_items) <= _MOST_ROUNDED
        painter.setRenderHint(_SMOOTH, rounded)
        _paint_rings(painter, resting, ink().ring, rounded)
        if raft is not None:
            painter.translate(raft.offset)
            _paint_rings(painter, riding, ink().ring, rounded)
            painter.translate(-raft.offset)
        painter.setRenderHint(_SMOOTH)

    def _gather(self) -> None:
        scene, raft = self._scene, self._scene.raft
        names: Collection[str] = scene.node_items.keys()
        edges: Collection[Edge] = scene.edge_items.keys()
        if raft is not None:
            self._floating = Batches.of(scene, raft.names, raft.inner)
            names, edges = names - raft.names, edges - raft.inner - raft.crossing
        self._resting = Batches.of(scene, names, edges)
        self._version = scene.version - scene.choices
