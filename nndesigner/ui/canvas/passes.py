"""What is in sight, painted in a few passes: sheets, wires, the words on them, cards, the words on those.

Painted item by item, most of the time would go into handing each item over from Qt and changing pens.
"""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem

from nndesigner.ui.canvas.card import picture_of
from nndesigner.ui.canvas.ink import Ink, ink
from nndesigner.ui.canvas.items import EdgeItem, NodeItem
from nndesigner.ui.canvas.load import paint_load
from nndesigner.ui.canvas.marks import paint_pulse
from nndesigner.ui.canvas.metrics import FULL_FROM, MARGIN
from nndesigner.ui.canvas.scene import Scene
from nndesigner.ui.canvas.strokes import Stroke, stroke_of


def paint(painter: QPainter, scene: Scene, area: QRectF, view: QTransform, ratio: float) -> None:
    """Paints what is in this area of the scene as `view` shows it, on a screen with so many pixels to a unit."""
    sheets = sorted((*scene.sheets.frames, *scene.sheets.notes), key=QGraphicsItem.zValue)
    paint_others(painter, (sheet for sheet in sheets if sheet.area.intersects(area)), view)
    wires, cards = scene.whereabouts.wires_in(area), scene.whereabouts.cards_in(area)
    if (raft := scene.raft) is None:
        _paint_drawing(painter, scene, wires, cards, view, ratio)
    else:
        resting = [item for item in wires if item.edge not in raft.inner]
        still = [item for item in cards if item.node.name not in raft.names]
        _paint_drawing(painter, scene, resting, still, view, ratio)
        area = area.translated(-raft.offset)
        riding = [item for item in scene.whereabouts.wires_in(area) if item.edge in raft.inner]
        riders = [item for item in scene.whereabouts.cards_in(area) if item.node.name in raft.names]
        raised = QTransform.fromTranslate(raft.offset.x(), raft.offset.y()) * view
        _paint_drawing(painter, scene, riding, riders, raised, ratio)
    paint_others(painter, scene.overlays, view)


def paint_others(painter: QPainter, items: Iterable[QGraphicsItem], view: QTransform) -> None:
    """Paints items that paint themselves, those that are shown."""
    option = QStyleOptionGraphicsItem()
    for item in filter(QGraphicsItem.isVisible, items):
        painter.save()
        painter.setTransform(item.sceneTransform() * view)
        item.paint(painter, option, None)
        painter.restore()


def _paint_drawing(
    painter: QPainter,
    scene: Scene,
    wires: Sequence[EdgeItem],
    cards: Sequence[NodeItem],
    view: QTransform,
    ratio: float,
) -> None:
    near = view.m11() >= FULL_FROM
    colors = ink()
    _paint_wires(painter, colors, wires, view, ratio)
    if near:
        _paint_labels(painter, colors, wires)
    for storey in scene.whereabouts.storeys(cards):
        _paint_grounds(painter, storey, view, ratio)
        _paint_bars(painter, storey, near)
        _paint_words(painter, colors, [item for item in storey if not item.face.bypassed], near)
        if faded := [item for item in storey if item.face.bypassed]:
            painter.setOpacity(0.6)
            _paint_words(painter, colors, faded, near)
            painter.setOpacity(1.0)


def _paint_wires(
    painter: QPainter, colors: Ink, wires: Iterable[EdgeItem], view: QTransform, ratio: float
) -> None:
    scale, dx, dy = view.m11(), view.dx(), view.dy()
    near = scale >= FULL_FROM
    straight: dict[int, tuple[QPen, list[QLineF]]] = {}
    strokes: dict[int, Stroke] = {}
    painter.resetTransform()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for item in wires:
        pen = item.pen_for(colors, near)
        if item.straight:
            straight.setdefault(id(pen), (pen, []))[1].append(item.line)
            continue
        shape = item.shape
        stroke = strokes.get(id(shape))
        if stroke is None and (stroke := stroke_of(shape, item.path, pen, scale, ratio)) is not None:
            strokes[id(shape)] = stroke
        x, y, _, _ = item.line.toTuple()
        x, y = x * scale + dx, y * scale + dy
        if stroke is not None:
            stroke.put(painter, x, y, ratio)
        else:  # on whole pixels too, so that it does not jump when it is stamped
            x, y = round(x * ratio) / ratio, round(y * ratio) / ratio
            painter.setTransform(QTransform(scale, 0, 0, scale, x, y))
            painter.setPen(pen)
            painter.drawPath(item.path)
            painter.resetTransform()
    painter.setTransform(view)
    for pen, lines in straight.values():
        painter.setPen(pen)
        painter.drawLines(lines)


def _paint_labels(painter: QPainter, colors: Ink, wires: Iterable[EdgeItem]) -> None:
    painter.setPen(colors.secondary)
    for item in wires:
        if (words := item.words()) is not None:
            area, glyphs = words
            painter.fillRect(area, colors.paper)
            for where, run in glyphs:
                painter.drawGlyphRun(where, run)


def _paint_grounds(painter: QPainter, cards: Iterable[NodeItem], view: QTransform, ratio: float) -> None:
    """Puts them down on whole pixels of the screen."""
    scale = view.m11()
    dx, dy, near = view.dx() - MARGIN * scale, view.dy() - MARGIN * scale, scale >= FULL_FROM
    pictures: dict[int, QPixmap] = {}
    painter.resetTransform()
    for item in cards:
        ground = item.ground(near)
        picture = pictures.get(id(ground))
        if picture is None:
            picture = pictures[id(ground)] = picture_of(ground, scale, ratio)
        x, y, _, _ = item.box
        x, y = round((x * scale + dx) * ratio) / ratio, round((y * scale + dy) * ratio) / ratio
        painter.drawPixmap(QPointF(x, y), picture)
    painter.setTransform(view)


def _paint_bars(painter: QPainter, cards: Iterable[NodeItem], near: bool) -> None:
    for item in cards:
        if item.load is None and item.pulse is None:
            continue
        corner = item.card.topLeft()
        painter.translate(corner)
        painter.setOpacity(0.6 if item.face.bypassed else 1.0)
        if item.load is not None:
            paint_load(painter, item.load, item.face.width, item.face.height, near)
        elif item.pulse is not None:
            paint_pulse(painter, item.pulse, item.face.width, item.face.height, near)
        painter.setOpacity(1.0)
        painter.translate(-corner)


def _paint_words(painter: QPainter, colors: Ink, cards: Sequence[NodeItem], near: bool) -> None:
    painter.setPen(colors.text)
    if not near:
        for item in cards:
            for where, run in item.name_glyphs():
                painter.drawGlyphRun(where, run)
        return
    said = [item.word_glyphs() for item in cards]
    for name, _ in said:
        for where, run in name:
            painter.drawGlyphRun(where, run)
    painter.setPen(colors.secondary)
    for _, quiet in said:
        for where, run in quiet:
            painter.drawGlyphRun(where, run)
    for item in cards:
        if item.face.frozen:
            painter.save()
            painter.translate(item.card.topLeft())
            item.paint_flake(painter)
            painter.restore()
