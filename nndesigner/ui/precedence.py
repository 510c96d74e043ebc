"""Which of two is meant where a field and the window both know a key.

On some platforms a field takes keys of the oldest editors for itself, Ctrl+E for the end of the line among them. Here they are
keys of the window, stand in its menu, and do the same wherever the focus is.
"""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QWidget

_Key = QKeySequence.StandardKey
_FOREGONE = (_Key.MoveToEndOfLine, _Key.DeleteEndOfLine, _Key.DeleteCompleteLine)
_KEPT = "End"
_FIELDS = (QLineEdit, QAbstractSpinBox, QPlainTextEdit)


class Precedence(QObject):
    """Sees to it that keys of the window reach it while a field has the focus."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        keys = {key.toString() for one in _FOREGONE for key in QKeySequence.keyBindings(one)}
        self._foregone = keys - {_KEPT}
        app = QApplication.instance()
        if self._foregone and isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if isinstance(new, _FIELDS):
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return QKeySequence(event.keyCombination()).toString() in self._foregone
        return False
