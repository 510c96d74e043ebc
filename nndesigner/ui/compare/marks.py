"""What is laid over a canvas to show a difference: rings and signs on cards, on wires, and cards that are only elsewhere."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from nndesigner.difference import Sign
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.ink import line_pen
from nndesigner.ui.canvas.items import EdgeItem
from nndesigner.ui.canvas.metrics import Lettering, elided, font, text_width
from nndesigner.ui.theme import look

COLOURS: dict[Sign, str] = {"+": "good", "-": "error", "~": "warning"}
_RADIUS = 9.0
_CHIP = 18.0  # the height of the words at the foot of a card
_MARGIN = 14.0


def colour_of(sign: Sign) -> QColor:
    """The colour of a sign in the theme in use."""
    return QColor(look.theme.colour(COLOURS[sign]))


class CardMark(QGraphicsRectItem):
    """A ring round a card with its sign, and what changed in words at its foot."""

    def __init__(self, card: QRectF, sign: Sign, words: str = "") -> None:
        super().__init__(card.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN + _CHIP))
        self.card, self.sign, self.words = card, sign, words
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale, colour, corner = painter.worldTransform().m11(), colour_of(self.sign), metrics.CORNER
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line_pen(colour, 2))
        veil = QColor(colour)
        veil.setAlpha(90 if scale < metrics.ITEMS_FROM else 20)
        painter.setBrush(veil)
        painter.drawRoundedRect(self.card, corner, corner)
        grown = min(max(1.0, 0.75 / scale), 3.0)
        _paint_sign(painter, self.card.topLeft(), self.sign, grown)
        if self.words and scale >= metrics.FULL_FROM:
            _paint_words(painter, self.card, self.words, colour)


class FrameMark(QGraphicsRectItem):
    """A line round a frame that differs, with its sign, and what changed in words at its foot."""

    def __init__(self, area: QRectF, sign: Sign, words: str = "") -> None:
        super().__init__(area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN + _CHIP))
        self.area, self.sign, self.words = area, sign, words
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale, colour = painter.worldTransform().m11(), colour_of(self.sign)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line_pen(colour, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.area, metrics.CORNER, metrics.CORNER)
        _paint_sign(painter, self.area.topLeft(), self.sign, min(max(1.0, 0.75 / scale), 3.0))
        if self.words and scale >= metrics.FULL_FROM:
            _paint_words(painter, self.area, self.words, colour)


class Chosen(QGraphicsRectItem):
    """A ring round what is chosen, outside of that of its mark."""

    def __init__(self, card: QRectF) -> None:
        super().__init__(card.adjusted(-8, -8, 8, 8))
        self.card = card
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        reach, corner = 5.0, metrics.CORNER + 5
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line_pen(QColor(look.theme.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.card.adjusted(-reach, -reach, reach, reach), corner, corner)


class Ghost(QGraphicsRectItem):
    """Where a card is missing that the other side has: its outline, dashed, and its name."""

    def __init__(self, card: QRectF, name: str) -> None:
        super().__init__(card.adjusted(-2, -2, 2, 2))
        self.card, self.name = card, name
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        secondary = QColor(look.theme.secondary)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line_pen(secondary, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.card, metrics.CORNER, metrics.CORNER)
        if painter.worldTransform().m11() >= metrics.ITEMS_FROM:
            near = painter.worldTransform().m11() >= metrics.FULL_FROM
            face = Lettering.SMALL if near else Lettering.FAR
            # At the left, as a wire that passes runs down the middle.
            place = self.card.adjusted(12, 0, -self.card.width() / 2 - 8, 0)
            painter.setFont(font(face))
            painter.setPen(secondary)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, left, elided(self.name, face, place.width()))


class WireMark(QGraphicsPathItem):
    """A wire that only one side has: in its colour, with its sign in the middle."""

    def __init__(self, wire: EdgeItem, sign: Sign) -> None:
        super().__init__(QPainterPath(wire.path))
        self.setPos(wire.pos())
        self.sign = sign
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return super().boundingRect().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = painter.worldTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(line_pen(colour_of(self.sign), 2.5))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path())
        _paint_sign(painter, self.path().pointAtPercent(0.5), self.sign, min(max(0.85, 0.7 / scale), 3.0))


def _paint_words(painter: QPainter, area: QRectF, words: str, colour: QColor) -> None:
    """What changed, at the foot of a card or a frame."""
    shown = elided(words, Lettering.SMALL, area.width() - 40)
    width = text_width(shown, Lettering.SMALL) + 16
    place = QRectF(area.center().x() - width / 2, area.bottom() - 8, width, _CHIP)
    painter.setPen(line_pen(colour, 1))
    painter.setBrush(QColor(look.theme.surface))
    painter.drawRoundedRect(place, _CHIP / 2, _CHIP / 2)
    painter.setFont(font(Lettering.SMALL))
    painter.setPen(QColor(look.theme.ink))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_sign(painter: QPainter, at: QPointF, sign: Sign, size: float) -> None:
    """The sign in a disc: told by its form, and by its colour too."""
    radius = _RADIUS * size
    painter.setPen(line_pen(QColor(look.theme.paper), 1.5))
    painter.setBrush(colour_of(sign))
    painter.drawEllipse(at, radius, radius)
    face = QFont(font(Lettering.NAME))
    face.setPixelSize(round(14 * size))
    face.setWeight(QFont.Weight.Bold)
    painter.setFont(face)
    painter.setPen(QColor(look.theme.surface))
    place = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown_sign(sign))


def shown_sign(sign: Sign) -> str:
    """A sign as it is set: the minus as long as the plus is wide."""
    return "−" if sign == "-" else sign
