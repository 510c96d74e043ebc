"""A line of a few numbers, small, without axes: how something came where it is."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from nndesigner.ui.theme import look

_HEIGHT = 36
_ASIDE = 4.0


class Spark(QWidget):
    """Numbers in a row, the latest at the right with a disc. They are drawn by their logarithms where all are above 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("spark")
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.values: tuple[float, ...] = ()
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def show_values(self, values: Sequence[float]) -> None:
        """Shows these; those that are no numbers leave a gap."""
        if tuple(values) != self.values:
            self.values = tuple(values)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(_ASIDE, _ASIDE, -_ASIDE, -_ASIDE)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(
            QPointF(room.left(), self.height() - 0.5), QPointF(room.right(), self.height() - 0.5)
        )
        places = self._places(room)
        if places:
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawPolyline(QPolygonF(places))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(places[-1], 3, 3)
        painter.end()

    def _places(self, room: QRectF) -> list[QPointF]:
        known = [(at, value) for at, value in enumerate(self.values) if math.isfinite(value)]
        if not known:
            return []
        above = all(value > 0 for _, value in known)
        heights = [math.log10(value) if above else value for _, value in known]
        low, high = min(heights), max(heights)
        span = max(high - low, 0.5 if above else 1e-12)
        middle = (low + high) / 2
        across = room.width() / max(1, len(self.values) - 1)
        return [
            QPointF(room.left() + at * across, room.center().y() - (height - middle) / span * room.height())
            for (at, _), height in zip(known, heights, strict=True)
        ]
