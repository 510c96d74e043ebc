"""The small card beside the cross-hair: what every line is worth there."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nndesigner.ui.plots.plot import Stroke, stroke_pen
from nndesigner.ui.theme import font, look

_ROW, _INSIDE, _STROKE, _GAP = 18, 8, 16, 8


@dataclass(frozen=True)
class Reading:
    """One row: how its line looks, if it has one, its name and its value in words."""

    name: str
    value: str
    stroke: Stroke | None = None
    colour: str = "accent"


class Readout(QWidget):
    """A card that lies over a plot and lets the pointer through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("curvesReadout")
        self._head = ""
        self._readings: tuple[Reading, ...] = ()
        self.hide()

    @property
    def text(self) -> str:
        """All it says, a row a line."""
        rows = [f"{reading.name} {reading.value}" for reading in self._readings]
        return "\n".join([self._head, *rows])

    def show_readings(self, head: str, readings: Sequence[Reading], place: float) -> None:
        """Stands beside `place`, in pixels of the parent, on the side where there is room."""
        self._head, self._readings = head, tuple(readings)
        self.resize(self._needed())
        left = place + 12
        if left + self.width() > self.parentWidget().width() - 4:
            left = max(4.0, place - 12 - self.width())
        self.move(round(left), 8)
        self.show()
        self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        return font(11), font(11, mono=True)

    def _needed(self) -> QSize:
        words, numbers = map(QFontMetricsF, self._fonts())
        rows = [
            _STROKE
            + _GAP
            + words.horizontalAdvance(one.name)
            + 2 * _GAP
            + numbers.horizontalAdvance(one.value)
            for one in self._readings
        ]
        width = max([*rows, words.horizontalAdvance(self._head)], default=0.0)
        return QSize(round(width) + 2 * _INSIDE + 2, _ROW * (len(self._readings) + 1) + _INSIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        words, numbers = self._fonts()
        inner = QRectF(self.rect()).adjusted(_INSIDE, _INSIDE / 2, -_INSIDE, 0)
        row = QRectF(inner.left(), inner.top(), inner.width(), _ROW)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(words)
        painter.setPen(QColor(theme.secondary))
        painter.drawText(row, middle, self._head)
        for reading in self._readings:
            row.translate(0, _ROW)
            if reading.stroke:
                painter.setPen(stroke_pen(reading.stroke, reading.colour))
                y = round(row.center().y()) + 0.5
                painter.drawLine(QPointF(row.left(), y), QPointF(row.left() + _STROKE, y))
            painter.setPen(QColor(theme.ink))
            painter.setFont(words)
            painter.drawText(row.adjusted(_STROKE + _GAP, 0, 0, 0), middle, reading.name)
            painter.setFont(numbers)
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, reading.value)
        painter.end()
