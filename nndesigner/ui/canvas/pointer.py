"""Words beside the pointer: what is under it, or why a wire can't end there."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nndesigner.ui.theme import look

TONES = ("plain", "accent", "warning", "error")


class PointerLabel(QWidget):
    """A small label that stands beside the pointer and lets every event through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pointerLabel")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text = ""
        self._tone = "plain"
        self._font = QFont(QGuiApplication.font())
        self._font.setPixelSize(11)
        self.hide()

    def tell(self, text: str, at: QPoint, tone: str = "plain") -> None:
        """Shows these words near a place of the parent; no words hide it."""
        if not text:
            self.text = ""
            self.hide()
            return
        if (text, tone) != (self.text, self._tone):
            self.text, self._tone = text, tone
            self.setAccessibleName(text)
            self.resize(self._size())
            self.update()
        room = self.parentWidget().size()
        x = at.x() + 16 if at.x() + 16 + self.width() < room.width() else at.x() - 12 - self.width()
        y = at.y() + 20 if at.y() + 20 + self.height() < room.height() else at.y() - 12 - self.height()
        self.move(max(x, 4), max(y, 4))
        self.show()

    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def _size(self) -> QSize:
        measures = QFontMetrics(self._font)
        width = max(measures.horizontalAdvance(line) for line in self._lines())
        return QSize(
            width + 20 + (4 if self._tone != "plain" else 0), measures.height() * len(self._lines()) + 10
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.line))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        left = 10
        if self._tone != "plain":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(theme, self._tone)))
            painter.drawRoundedRect(QRectF(6, 6, 3, self.height() - 12), 1.5, 1.5)
            left = 15
        painter.setFont(self._font)
        painter.setPen(QColor(theme.ink))
        measures = QFontMetrics(self._font)
        for row, line in enumerate(self._lines()):
            painter.drawText(left, 5 + measures.ascent() + row * measures.height(), line)
        painter.end()
