"""The ground of a card: its paper, stripe, sign, ports and badge, painted once and then stamped.

Rounded rectangles, discs and signs are dear to paint with smooth edges; many cards differ in their words only. So
the ground of each look is painted once for a scale, and put down as a picture under the words.
"""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from nndesigner.ui.canvas import glyphs, metrics
from nndesigner.ui.canvas.face import Inside
from nndesigner.ui.canvas.ink import Ink, ink
from nndesigner.ui.thumbnail import paint_network

_NO_PEN = Qt.PenStyle.NoPen
_MOST_STAMPS = 400


@dataclass(frozen=True, slots=True)
class Ground:
    """All that the ground of a card depends on. A port is its place along its side and "wired", "free",
    "optional", "fits" or "faded"."""

    family: str
    width: int
    height: int
    inputs: tuple[tuple[float, str], ...]
    outputs: tuple[tuple[float, str], ...]
    near: bool
    hovered: bool = False
    selected: bool = False
    problem: str = ""
    known: bool = True
    bypassed: bool = False
    repeated: bool = False
    inside: Inside | None = None
    broken: bool = False
    second_line: bool = False  # of params, above the picture of a block


@lru_cache(maxsize=4096)
def the_one(ground: Ground) -> Ground:
    """The ground that stands for all that are equal to it, so that they are told apart without being compared."""
    return ground


_stamps: dict[tuple[Ground, float, float, str], QPixmap] = {}


def picture_of(ground: Ground, scale: float, ratio: float) -> QPixmap:
    """The ground of a card at this scale, on a screen with so many pixels to a unit."""
    key = (ground, scale, ratio, ink().theme.name)
    picture = _stamps.get(key)
    if picture is None:
        if len(_stamps) >= _MOST_STAMPS:
            _stamps.clear()
        picture = _stamps[key] = _painted(ground, scale, ratio)
    return picture


def _painted(ground: Ground, scale: float, ratio: float) -> QPixmap:
    margin = metrics.MARGIN
    width, height = ground.width + 2 * margin, ground.height + 2 * margin
    picture = QPixmap(int(width * scale * ratio + 2), int(height * scale * ratio + 2))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(margin, margin)
    paint_ground(painter, ground)
    painter.end()
    return picture


def paint_ground(painter: QPainter, ground: Ground) -> None:
    """Paints the ground itself."""
    colors = ink()
    _paint_paper(painter, colors, ground)
    if ground.bypassed:
        painter.setOpacity(0.6)
    _paint_sign(painter, colors, ground)
    if ground.inside is not None and ground.near:
        left, lower = metrics.TEXT_LEFT - 4, 12 if ground.second_line else 0
        top, tall = metrics.CARD_HEIGHT - 8 + lower, metrics.PICTURE_HEIGHT - lower
        room = QRectF(left, top, ground.width - left - 12, tall)
        paint_network(painter, room, ground.inside.project, colors.theme, margin=2.0)
    painter.setOpacity(1.0)
    for y, spots in ((0, ground.inputs), (ground.height, ground.outputs)):
        for x, state in spots:
            _paint_port(painter, colors, QPointF(x, y), state)
    if ground.broken:
        _paint_broken(painter, colors, ground)
    elif ground.problem:
        _paint_badge(painter, colors, ground)


def _paint_paper(painter: QPainter, colors: Ink, ground: Ground) -> None:
    corner = metrics.CORNER
    card = QRectF(0, 0, ground.width, ground.height)
    if ground.hovered and not ground.bypassed:
        painter.setPen(_NO_PEN)
        painter.setBrush(colors.shade)
        for reach in (1, 2, 4):
            painter.drawRoundedRect(card.adjusted(-1, reach, 1, reach), corner + 1, corner + 1)
    painter.setPen(colors.lifted_outline if ground.hovered else colors.outline)
    painter.setBrush(colors.raised if ground.hovered else colors.surface)
    if ground.repeated:
        painter.drawRoundedRect(card.translated(6, 6), corner, corner)
    if ground.bypassed:
        painter.setBrush(colors.paper)
    if ground.bypassed or not ground.known:
        painter.setPen(colors.dashed_outline)
    if ground.problem or ground.broken:
        painter.setPen(colors.problem_ring["error" if ground.broken else ground.problem])
    if ground.selected:
        painter.setPen(colors.ring)
    painter.drawRoundedRect(card, corner, corner)


def _paint_sign(painter: QPainter, colors: Ink, ground: Ground) -> None:
    brush = colors.family(ground.family)
    painter.setPen(_NO_PEN)
    painter.setBrush(brush)
    painter.drawRoundedRect(QRectF(6, 10, metrics.STRIPE, ground.height - 20), 2, 2)
    size = 1.0 if ground.near else 1.5
    painter.save()
    if ground.near:
        painter.translate(18, 11)
    else:
        painter.translate(18, ground.height / 2 - 12)
    painter.scale(size, size)
    painter.fillPath(glyphs.glyph_outline(ground.family), brush)
    painter.restore()


def _paint_port(painter: QPainter, colors: Ink, place: QPointF, state: str) -> None:
    radius = metrics.PORT_RADIUS if state != "optional" else metrics.OPTIONAL_RADIUS
    painter.setPen(colors.port)
    painter.setBrush(colors.wire_brush if state == "wired" else colors.surface)
    if state == "fits":
        painter.setPen(_NO_PEN)
        painter.setBrush(colors.accent_halo)
        painter.drawEllipse(place, radius + 5, radius + 5)
        painter.setPen(colors.ring)
        painter.setBrush(colors.surface)
    elif state == "faded":
        painter.setPen(colors.faded_port)
    painter.drawEllipse(place, radius, radius)


def _paint_badge(painter: QPainter, colors: Ink, ground: Ground) -> None:
    size = 1.0 if ground.near else 1.3
    painter.translate(ground.width - 8, 1)
    painter.scale(size, size)
    painter.setPen(colors.badge_rim)
    painter.setBrush(colors.severity[ground.problem])
    painter.drawPath(glyphs.badge(ground.problem))
    painter.setPen(_NO_PEN)
    painter.setBrush(colors.surface)
    painter.drawPath(glyphs.exclamation(ground.problem))


def _paint_broken(painter: QPainter, colors: Ink, ground: Ground) -> None:
    """The badge of the first node that gave no numbers any more."""
    size = 1.0 if ground.near else 1.4
    painter.translate(ground.width - 12, 0)
    painter.scale(size, size)
    badge = QRectF(-18, -9, 36, 18)
    painter.setPen(colors.badge_rim)
    painter.setBrush(colors.severity["error"])
    painter.drawRoundedRect(badge, 9, 9)
    face = QFont(metrics.font(metrics.Lettering.SMALL))
    face.setWeight(QFont.Weight.Bold)
    painter.setFont(face)
    painter.setPen(colors.broken_text)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, "NaN")
