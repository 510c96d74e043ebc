"""A small sheet that floats over the canvas and closes when the person turns to something else."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from nndesigner.ui.theme import look

_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class Panel(QWidget):
    """A sheet with a field that has the keys while it is open.

    **Signals:** `closed` when it went away, with whether by Escape, or by itself or its work being done.
    """

    closed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.field: QLineEdit | None = None
        self.hide()
        look.changed.connect(self.update)

    def watch(self, field: QLineEdit) -> None:
        """This field has the keys."""
        self.field = field
        field.installEventFilter(self)

    def open(self) -> None:
        """Shows it, with the keys in its field."""
        self.show()
        self.raise_()
        if self.field is not None:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_up(self, escaped: bool = False) -> None:
        """Goes away."""
        if self.isHidden():
            return
        self.hide()
        self.closed.emit(escaped)

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Does what a key says in the field; says whether it said anything."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_up(True)
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self.key_pressed(event)
            if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
                plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
                if plain and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape):
                    event.accept()
                    return True
            if (
                event.type() == QEvent.Type.FocusOut
                and isinstance(event, QFocusEvent)
                and event.reason() not in _PASSING
                and not self._holds_focus()
            ):
                self.close_up()
        return super().eventFilter(watched, event)

    def _holds_focus(self) -> bool:
        now = QApplication.focusWidget()
        return now is not None and now is not self.field and self.isAncestorOf(now)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look.theme.edge), 1))
        painter.setBrush(QColor(look.theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()
