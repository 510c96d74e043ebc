"""What the pictures of kinds are drawn with: cells, arrows, boxes and words in the colours of a theme and a family."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from nndesigner.ui.theme import Theme, font, mixed


@dataclass(frozen=True)
class Ink:
    """A painter that knows the theme and the hue of one family."""

    painter: QPainter
    theme: Theme
    family: str

    @property
    def hue(self) -> QColor:
        """The family's colour."""
        return QColor(self.theme.family(self.family))

    def tint(self, share: float) -> QColor:
        """The family's colour, thinned with the ground it stands on."""
        return QColor(mixed(self.theme.family(self.family), self.theme.raised, share))

    def line(self, width: float = 1.0, colour: str = "edge", *, dashed: bool = False) -> QPen:
        """A pen in a colour of the theme."""
        pen = QPen(QColor(self.theme.colour(colour)), width)
        if dashed:
            pen.setDashPattern([2.5, 2.5])
        return pen

    def cell(self, place: QRectF, share: float | None = None, *, dashed: bool = False) -> None:
        """One number: filled by its share of the largest, or empty."""
        self.painter.setPen(self.line(1.0, "edge" if dashed else "line", dashed=dashed))
        self.painter.setBrush(Qt.BrushStyle.NoBrush if share is None else self.tint(share))
        self.painter.drawRect(place)

    def frame(self, place: QRectF, width: float = 2.0, colour: QColor | None = None) -> None:
        """A frame round some cells."""
        pen = QPen(colour or self.hue, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(place)

    def box(self, place: QRectF, words: str = "", *, filled: bool = True, strong: bool = False) -> None:
        """A part with a word in it."""
        self.painter.setPen(QPen(self.hue, 2 if strong else 1))
        self.painter.setBrush(self.tint(0.2) if filled else QColor(self.theme.surface))
        self.painter.drawRoundedRect(place, 4, 4)
        if words:
            self.words(place, words, colour="ink")

    def dot(self, centre: QPointF, radius: float, share: float = 1.0) -> None:
        """A unit."""
        self.painter.setPen(QPen(self.hue, 1))
        self.painter.setBrush(self.tint(share))
        self.painter.drawEllipse(centre, radius, radius)

    def wire(self, begin: QPointF, end: QPointF, width: float = 1.2, colour: str = "secondary") -> None:
        """A straight line."""
        self.painter.setPen(self.line(width, colour))
        self.painter.drawLine(begin, end)

    def arrow(self, *places: QPointF, colour: str = "secondary", width: float = 1.4) -> None:
        """A line through these places with a head at its end."""
        path = QPainterPath(places[0])
        for place in places[1:]:
            path.lineTo(place)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(self.line(width, colour))
        self.painter.drawPath(path)
        begin, end = places[-2], places[-1]
        away = begin - end
        length = max((away.x() ** 2 + away.y() ** 2) ** 0.5, 1e-6)
        back, side = away / length * 6, QPointF(-away.y(), away.x()) / length * 3.5
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.theme.colour(colour)))
        self.painter.drawPolygon(QPolygonF([end, end + back + side, end + back - side]))

    def words(
        self,
        place: QRectF,
        text: str,
        size: int = 11,
        colour: str = "secondary",
        where: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
        weight: QFont.Weight = QFont.Weight.Normal,
        *,
        mono: bool = False,
    ) -> None:
        """Words within a place, which may reach out of it."""
        self.painter.setFont(font(size, weight, mono=mono))
        self.painter.setPen(QColor(self.theme.colour(colour)))
        self.painter.drawText(place, int(where) | int(Qt.TextFlag.TextDontClip), text)

    def curve(self, places: Sequence[QPointF], width: float = 2.0) -> None:
        """A line through many places."""
        pen = QPen(self.hue, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF(list(places)))


def centred(area: QRectF, width: float, height: float) -> QRectF:
    """A place of this size in the middle of an area."""
    return QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)
