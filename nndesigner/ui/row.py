"""A row of a list of sentences: pointed at, picked by a click or by a key, stepped from by the arrows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from nndesigner.ui.theme import look, mixed


class Row(QFrame):
    """One row. **Signals:** `chosen` with what it stands for; `stepped` with itself and 1 or -1, by the arrow keys."""

    chosen = Signal(object)
    stepped = Signal(object, int)

    def __init__(self, meaning: object, parent: QWidget) -> None:
        super().__init__(parent)
        self._meaning = meaning
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._meaning)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._meaning)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(self, 1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self.underMouse() or self.hasFocus()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = look.theme
        painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(QColor(mixed(theme.ink, theme.surface, 0.05)))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
