"""A bar that finds words in a text."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from nndesigner.ui import icons
from nndesigner.ui.facts import plain_label
from nndesigner.ui.line import mark_refused
from nndesigner.ui.text.editor import Editor
from nndesigner.ui.theme import font

_MOST = 1000


class FindBar(QWidget):
    """Finds as one types, regardless of capitals; Enter goes to the next place, Escape back to the text.

    **Signals:** `left` when it was closed.
    """

    left = Signal()

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self._editor = editor
        self._places: list[tuple[int, int]] = []
        self._at = -1
        self.field = QLineEdit(self)
        self.field.setObjectName("findField")
        self.field.setAccessibleName(self.tr("Find in the code"))
        self.field.setPlaceholderText(self.tr("Find"))
        self.field.textEdited.connect(self._search)
        self._count = plain_label("", "secondary", font(11))
        self._count.setObjectName("findCount")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        for name, drawing, words, slot in (
            ("findBack", "chevron-up", self.tr("The place before"), self.back),
            ("findOn", "chevron-down", self.tr("The next place"), self.on),
            ("findClose", "close", self.tr("Close the search"), self.close_bar),
        ):
            button = QToolButton(self, autoRaise=True)
            button.setObjectName(name)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setIconSize(QSize(16, 16))
            button.setFixedSize(24, 24)
            icons.dress(button, drawing, "secondary")
            button.clicked.connect(slot)
            row.addWidget(button)
        editor.typed.connect(self._look_again)
        self.hide()

    def open_bar(self) -> None:
        """Asks what to find; what is selected in one line is found at once."""
        words = self._editor.textCursor().selectedText()
        if words and "\u2029" not in words:
            self.field.setText(words)
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()
        self._search()

    def close_bar(self) -> None:
        """Goes back to the text."""
        if self.isHidden():
            return
        self.hide()
        self._editor.marks.find(())
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.left.emit()

    def on(self) -> None:
        """The next place, the first after the last."""
        self._go(1)

    def back(self) -> None:
        """The place before."""
        self._go(-1)

    def event(self, event: QEvent) -> bool:
        # F3 is a key of the window too.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_F3
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.back() if back else self.on()
        else:
            super().keyPressEvent(event)

    def _search(self) -> None:
        self._look()
        start = self._editor.textCursor().selectionStart()
        later = [index for index, (place, _) in enumerate(self._places) if place >= start]
        self._at = later[0] if later else 0
        self._show()

    def _look_again(self) -> None:
        if not self.isHidden():
            self._look()
            self._tell()

    def _look(self) -> None:
        words, text = self.field.text().lower(), self._editor.toPlainText().lower()
        self._places = []
        place = text.find(words) if words else -1
        while place >= 0 and len(self._places) < _MOST:
            self._places.append((place, place + len(words)))
            place = text.find(words, place + len(words))
        self._at = min(self._at, len(self._places) - 1)
        self._editor.marks.find(self._places)

    def _go(self, step: int) -> None:
        if self._places:
            self._at = (self._at + step) % len(self._places)
            self._show()

    def _show(self) -> None:
        self._tell()
        if not self._places:
            return
        start, end = self._places[self._at]
        cursor = self._editor.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.reveal(cursor.blockNumber() + 1)

    def _tell(self) -> None:
        count, words = len(self._places), self.field.text()
        mark_refused(self.field, bool(words) and not count)
        if not words:
            self._count.setText("")
        elif not count:
            self._count.setText(self.tr("not there"))
        else:
            self._count.setText(self.tr("{} of {}").format(self._at + 1, count))
