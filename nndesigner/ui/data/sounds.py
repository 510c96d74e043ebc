"""Recordings of a data set in rows: their waves and what they sound like as log-mel spectrograms."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nndesigner.data.shown import Sample
from nndesigner.ui.data.pictures import heat_of
from nndesigner.ui.figures import duration
from nndesigner.ui.theme import font, look, mixed

_TALL, _APART, _WORDS = 88, 16, 104


class SoundRows(QWidget):
    """A row for each: label and length, the wave, the spectrogram, and beside it as it may look in training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataSounds")
        self._samples: tuple[Sample, ...] = ()
        self._heat: list[tuple[QPixmap, QPixmap | None]] = []
        self._waves: dict[int, QPixmap] = {}  # drawn once, as so many points take their time
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        look.changed.connect(self._recolour)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is shown."""
        return self._samples

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Shows these."""
        self._samples = samples
        self.setMinimumHeight(len(samples) * (_TALL + _APART))
        self.setAccessibleDescription(", ".join(one.label for one in samples))
        self._recolour()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    def _recolour(self) -> None:
        theme = look.theme
        table = [
            QColor(mixed(theme.accent, theme.raised, level / 150)).rgb()
            if level < 150
            else QColor(mixed(theme.ink, theme.accent, (level - 150) / 105)).rgb()
            for level in range(256)
        ]

        def coloured(image: QImage) -> QPixmap:
            image.setColorTable(table)
            return QPixmap.fromImage(image)

        self._waves.clear()
        self._heat = [
            (
                coloured(heat_of(one.spectrogram)),
                coloured(heat_of(one.varied)) if one.varied is not None else None,
            )
            for one in self._samples
            if one.spectrogram is not None
        ]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for index in range(len(self._samples)):
            row = QRect(0, index * (_TALL + _APART), self.width(), _TALL)
            if row.intersects(event.rect()):
                self._paint(painter, row, index)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._waves.clear()

    def _paint(self, painter: QPainter, row: QRect, index: int) -> None:
        one, heat = self._samples[index], self._heat[index]
        theme = look.theme
        painter.setPen(QColor(theme.ink))
        painter.setFont(font(13, QFont.Weight.DemiBold))
        words = QRect(row.left(), row.top(), _WORDS - 8, 20)
        label = painter.fontMetrics().elidedText(one.label, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, label)
        painter.setPen(QColor(theme.secondary))
        painter.setFont(font(11))
        painter.drawText(
            words.translated(0, 20),
            Qt.AlignmentFlag.AlignVCenter,
            f"{one.seconds:.2f} s" if one.seconds < 10 else duration(one.seconds),
        )
        count = 2 if heat[1] is None else 3
        wide = (row.width() - _WORDS - (count - 1) * 12) / count
        place = QRectF(row.left() + _WORDS, row.top(), wide, row.height())
        if index not in self._waves:
            self._waves[index] = self._wave(place.size(), one)
        painter.drawPixmap(place.topLeft(), self._waves[index])
        for pixmap in heat:
            if pixmap is not None:
                place = place.translated(wide + 12, 0)
                painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))

    def _wave(self, size: QSizeF, one: Sample) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap((size * ratio).toSize())
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(look.theme.raised))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_wave(painter, QRectF(QPointF(0, 0), size), one)
        painter.end()
        return pixmap


def _paint_wave(painter: QPainter, place: QRectF, one: Sample) -> None:
    theme = look.theme
    if one.wave is None or not len(one.wave):
        return
    loudest = max(0.05, float(abs(one.wave).max()))
    step, middle, reach = place.width() / len(one.wave), place.center().y(), 0.46 * place.height()
    upper = [
        QPointF(place.left() + (at + 0.5) * step, middle - reach * float(high) / loudest)
        for at, (_, high) in enumerate(one.wave)
    ]
    lower = [
        QPointF(place.left() + (at + 0.5) * step, middle - reach * float(low) / loudest)
        for at, (low, _) in enumerate(one.wave)
    ]
    painter.setPen(QPen(QColor(theme.accent), 1))
    painter.setBrush(QColor(theme.accent))
    painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
