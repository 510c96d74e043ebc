"""What is in sight, painted in a few passes where cards show only sign and name: all wires, all cards, all names.

Painted item by item, most of the time would go into handing each item over from Qt.
"""

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nndesigner.ui.canvas.ink import ink
from nndesigner.ui.canvas.items import EdgeItem, NodeItem
from nndesigner.ui.canvas.metrics import MARGIN, Lettering, font
from nndesigner.ui.canvas.scene import Scene

_BY_BOUNDS, _UPWARDS = Qt.ItemSelectionMode.IntersectsItemBoundingRect, Qt.SortOrder.AscendingOrder


def paints(scene: Scene) -> bool:
    """Whether a scene can be painted so: not while cards show how they learn or what they take."""
    return not scene.marks.loads and not scene.marks.pulses


def paint(painter: QPainter, scene: Scene, area: QRectF, view: QTransform, widget: QWidget) -> None:
    """Paints what is in this area of the scene as `view` shows it."""
    below: list[QGraphicsItem] = []
    above: list[QGraphicsItem] = []
    wires: list[EdgeItem] = []
    cards: list[NodeItem] = []
    for item in scene.items(area, _BY_BOUNDS, _UPWARDS):
        if type(item) is NodeItem:
            cards.append(item)
        elif type(item) is EdgeItem:
            wires.append(item)
        else:
            (below if item.zValue() < 0 else above).append(item)
    ratio = widget.devicePixelRatioF()
    _paint_others(painter, below, view, widget)
    if (raft := scene.raft) is not None:
        resting = [item for item in wires if item.edge not in raft.inner]
        _paint_wires(painter, resting, view, ratio)
        _paint_cards(painter, [item for item in cards if item.node.name not in raft.names], view, ratio)
        view_of_raft = QTransform.fromTranslate(raft.offset.x(), raft.offset.y()) * view
        _paint_wires(painter, [item for item in wires if item.edge in raft.inner], view_of_raft, ratio)
        _paint_cards(painter, [item for item in cards if item.node.name in raft.names], view_of_raft, ratio)
    else:
        _paint_wires(painter, wires, view, ratio)
        _paint_cards(painter, cards, view, ratio)
    _paint_others(painter, above, view, widget)


def _paint_others(
    painter: QPainter, items: Iterable[QGraphicsItem], view: QTransform, widget: QWidget
) -> None:
    option = QStyleOptionGraphicsItem()
    for item in items:
        if not item.flags() & QGraphicsItem.GraphicsItemFlag.ItemHasNoContents:
            painter.save()
            painter.setTransform(item.sceneTransform() * view)
            item.paint(painter, option, widget)
            painter.restore()


def _paint_wires(painter: QPainter, wires: Iterable[EdgeItem], view: QTransform, ratio: float) -> None:
    colors, scale = ink(), view.m11()
    straight: dict[int, tuple[QPen, list[QLineF]]] = {}
    painter.resetTransform()
    for item in wires:
        pen = item.pen_for(colors, False)
        if item.straight:
            straight.setdefault(id(pen), (pen, []))[1].append(item.line)
        elif (stroke := item.stroke_at(scale, ratio)) is not None:
            stroke.put(painter, item.line.x1() * scale + view.dx(), item.line.y1() * scale + view.dy(), ratio)
        else:
            painter.setTransform(view)
            painter.translate(item.line.p1())
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(item.path)
            painter.resetTransform()
    painter.setTransform(view)
    for pen, lines in straight.values():
        painter.setPen(pen)
        painter.drawLines(lines)


def _paint_cards(painter: QPainter, cards: list[NodeItem], view: QTransform, ratio: float) -> None:
    colors, scale = ink(), view.m11()
    dx, dy = view.dx() - MARGIN * scale, view.dy() - MARGIN * scale
    painter.resetTransform()
    for item in cards:
        x, y = item.node.position
        x, y = round((x * scale + dx) * ratio) / ratio, round((y * scale + dy) * ratio) / ratio
        painter.drawPixmap(QPointF(x, y), item.picture_at(scale, ratio, colors))
    painter.setTransform(view)
    painter.setPen(colors.text)
    painter.setFont(font(Lettering.FAR))
    for item in cards:
        (x, y), (where, name) = item.node.position, item.far_word
        if item.face.bypassed:
            painter.setOpacity(0.6)
        painter.drawStaticText(QPointF(x + where.x(), y + where.y()), name)
        if item.face.bypassed:
            painter.setOpacity(1.0)
