"""Pictures of a data set in a grid, each with its label and, beside it, as it may look in training."""

import math

import numpy as np
from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nndesigner.data.shown import Sample
from nndesigner.ui.theme import font, look

_SIDE = 96  # of a picture on the screen
_WORDS = 20
_APART = 12


def image_of(picture: np.ndarray) -> QImage:
    """Bytes (height, width, 1 or 3) as an image."""
    height, width, channels = picture.shape
    form = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(picture.tobytes(), width, height, width * channels, form).copy()


def heat_of(values: np.ndarray) -> QImage:
    """Bytes (bands, moments), the lowest band first, as an image from dark to bright with the lowest band below."""
    return QImage(
        np.ascontiguousarray(values[::-1]).tobytes(),
        values.shape[1],
        values.shape[0],
        values.shape[1],
        QImage.Format.Format_Indexed8,
    ).copy()


class PictureGrid(QWidget):
    """The grid; as tall as it needs to be for its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataPictures")
        self._samples: tuple[Sample, ...] = ()
        self._drawn: list[tuple[QPixmap, QPixmap | None]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        look.changed.connect(self.update)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is shown."""
        return self._samples

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Shows these; those with a varied picture as pairs."""
        self._samples = samples
        self._drawn = []
        for one in samples:
            assert one.picture is not None
            varied = self._scaled(one.varied) if one.varied is not None else None
            self._drawn.append((self._scaled(one.picture), varied))
        self.setAccessibleDescription(", ".join(one.label for one in samples))
        self._fit()
        self.update()

    def place(self, index: int) -> QRect:
        """Where a sample is drawn, label and all."""
        wide, columns = self._cell(), self._columns()
        row, column = divmod(index, columns)
        tall = _SIDE + _WORDS + _APART
        return QRect(column * (wide + _APART), row * tall, wide, _SIDE + _WORDS)

    def _scaled(self, picture: np.ndarray) -> QPixmap:
        """In whole steps where it is small, so that each pixel stays a square."""
        ratio = self.devicePixelRatioF()
        side = round(_SIDE * ratio)
        image = image_of(picture)
        large = max(image.width(), image.height())
        smooth = (
            Qt.TransformationMode.SmoothTransformation
            if large > side / 2
            else Qt.TransformationMode.FastTransformation
        )
        pixmap = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth))
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    @property
    def _paired(self) -> bool:
        return any(varied is not None for _, varied in self._drawn)

    def _cell(self) -> int:
        return 2 * _SIDE + 4 if self._paired else _SIDE

    def _columns(self) -> int:
        return max(1, (self.width() + _APART) // (self._cell() + _APART))

    def _fit(self) -> None:
        rows = math.ceil(len(self._samples) / self._columns())
        self.setMinimumHeight(rows * (_SIDE + _WORDS + _APART))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = look.theme
        painter.setFont(font(11))
        metrics = painter.fontMetrics()
        for index, (picture, varied) in enumerate(self._drawn):
            place = self.place(index)
            if not place.intersects(event.rect()):
                continue
            for at, pixmap in ((place.left(), picture), (place.left() + _SIDE + 4, varied)):
                if pixmap is None:
                    continue
                size = pixmap.deviceIndependentSize().toSize()
                box = QRect(at, place.top(), _SIDE, _SIDE)
                inner = QRect(
                    box.center().x() - size.width() // 2,
                    box.center().y() - size.height() // 2,
                    size.width(),
                    size.height(),
                )
                painter.drawPixmap(inner.topLeft(), pixmap)
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.drawRect(inner.adjusted(0, 0, -1, -1))
            painter.setPen(QColor(theme.secondary))
            words = QRect(place.left(), place.top() + _SIDE, place.width(), _WORDS)
            shown = metrics.elidedText(self._samples[index].label, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            for index, one in enumerate(self._samples):
                if self.place(index).contains(event.pos()):
                    words = self.tr("record {number}: {label}").format(number=one.record, label=one.label)
                    QToolTip.showText(event.globalPos(), words, self)
                    return True
        return super().event(event)
