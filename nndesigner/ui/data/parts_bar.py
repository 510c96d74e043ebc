"""How the records are divided: a bar in three pieces, with their counts below."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nndesigner.ui.data.words import part_name
from nndesigner.ui.figures import share, thousands
from nndesigner.ui.theme import font, look, mixed


class PartsBar(QWidget):
    """Training, validation and test part of a data set."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataParts")
        self._parts: tuple[tuple[str, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(34)
        look.changed.connect(self.update)

    def show_parts(self, parts: Sequence[tuple[str, int]]) -> None:
        """Shows these; none hides the bar."""
        self._parts = tuple(parts)
        self.setVisible(bool(parts))
        self.setAccessibleDescription(self.words)
        self.update()

    @property
    def words(self) -> str:
        """The same in words."""
        total = sum(count for _, count in self._parts)
        return " · ".join(
            f"{thousands(count)} {part_name(name)} ({share(count, total)})" for name, count in self._parts
        )

    def sizeHint(self) -> QSize:
        return QSize(240, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = sum(count for _, count in self._parts) or 1
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(0, 0, self.width(), 8), 4, 4)
        painter.setClipPath(shape)
        left = 0.0
        for (_, count), strength in zip(self._parts, (1.0, 0.55, 0.28), strict=False):
            wide = self.width() * count / total
            painter.fillRect(
                QRectF(left, 0, max(1.0, wide - 1), 8), QColor(mixed(theme.accent, theme.raised, strength))
            )
            left += wide
        painter.setClipping(False)
        painter.setFont(font(11))
        painter.setPen(QColor(theme.secondary))
        painter.drawText(QRect(0, 12, self.width(), 20), Qt.AlignmentFlag.AlignVCenter, self.words)
        painter.end()
