"""A text of Python that can be typed in, with line numbers and marks; what the program shows in it never jumps."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from nndesigner.ui.highlighter import Highlighter
from nndesigner.ui.text import keys
from nndesigner.ui.text.folding import plain
from nndesigner.ui.text.gutter import Gutter, tip_of
from nndesigner.ui.text.marks import Marks
from nndesigner.ui.theme import font, look

LONGEST = 1_000_000  # characters that can be put in
WIDEST = 20_000  # characters of a line: laying out a longer one would stop the window

_CONTROL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
# What these do with Ctrl belongs to the text while one types, whatever they do elsewhere in the window.
_LETTERS = {getattr(Qt.Key, f"Key_{letter}") for letter in "ACDFVXYZ"}
_OWN = _LETTERS | {Qt.Key.Key_Slash, Qt.Key.Key_Insert, Qt.Key.Key_Home, Qt.Key.Key_End}


class Editor(QPlainTextEdit):
    """The editor.

    **Signals:** `typed` when the person changed the text; `shifted` with a line, counted from 1, and by how many lines
    everything from there on moved; `visited` with the line that the person went to; `undo_wanted` and `redo_wanted`
    where there is nothing of the text to undo or redo; `find_wanted`; `leave_wanted` on Escape; `refused` with the
    reason why a text can't be put in.
    """

    typed = Signal()
    shifted = Signal(int, int)
    visited = Signal(int)
    undo_wanted = Signal()
    redo_wanted = Signal()
    find_wanted = Signal()
    leave_wanted = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(font(12, mono=True))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.tail = ""  # what belongs to the text and is out of sight
        self._showing = False
        self.revision = 0  # another number after every change of the text, which Qt's own is of its looks too
        self._words = ""
        self._changed = self._was_typed = False
        self._kept = (0, 0)
        self._count = 1
        self._line = self._visit = 0
        # Colours are read before they are painted, and what they changed elsewhere is painted after that.
        self.document().contentsChange.connect(self._read)
        self.colours = Highlighter(self.document())
        self.document().contentsChange.connect(self._repaint)
        self.textChanged.connect(self._tell)
        self.marks = Marks(self, self.colours.is_silent)
        self.gutter = Gutter(self, self.marks)
        self.gutter.clicked.connect(self.go_to)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._moved)
        look.changed.connect(self._recolour)
        self.colours.recolour()
        self._make_room()

    # What the program shows.

    def show_lines(self, lines: list[str], *, undoable: bool = False) -> None:
        """Shows these lines in place of those before; touches only those that differ, so nothing jumps.

        Unless it is `undoable`, what was typed before can't be undone by it any more.
        """
        before = self.toPlainText().split("\n")
        start = 0
        while start < min(len(before), len(lines)) and before[start] == lines[start]:
            start += 1
        tail = 0
        while tail < min(len(before), len(lines)) - start and before[-1 - tail] == lines[-1 - tail]:
            tail += 1
        scroll, aside = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        self._showing = True
        if not start == len(before) == len(lines):
            stop = len(before) - tail
            _replace(self.document(), start, stop, lines[start : len(lines) - tail], len(before))
        self._showing = False
        if not undoable:
            self.document().clearUndoRedoStacks()
        self.verticalScrollBar().setValue(scroll)
        self.horizontalScrollBar().setValue(aside)
        self._line, self._visit = self.textCursor().blockNumber(), self.revision

    def reveal(self, line: int) -> None:
        """Scrolls so that a line is in the middle, unless it is in sight."""
        first = self.firstVisibleBlock().blockNumber() + 1
        count = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()))
        if not first <= line < first + count - 1:
            self.verticalScrollBar().setValue(max(0, line - 1 - count // 2))

    def go_to(self, line: int) -> None:
        """Puts the caret where the words of a line begin, and shows it."""
        block = self.document().findBlockByNumber(max(0, min(line, self.blockCount()) - 1))
        cursor = QTextCursor(block)
        words = block.text()
        cursor.setPosition(block.position() + len(words) - len(words.lstrip()))
        self.setTextCursor(cursor)
        self.reveal(block.blockNumber() + 1)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Following the text.

    def _read(self, place: int, gone: int, new: int) -> None:
        if self.colours.is_painting:
            return
        words = self.toPlainText()
        if words == self._words:
            return  # its looks alone
        self._words = words
        self.revision += 1
        self._changed, self._was_typed = True, not self._showing
        block = self.document().findBlock(place)
        start, count = block.blockNumber(), self.blockCount()
        last = self.document().findBlock(place + new)
        end = last.blockNumber() if last.isValid() else count - 1
        self.colours.read(words.split("\n"))
        self._kept = (start, count - 1 - end)
        if count != self._count:
            self.shifted.emit(start + 1 + (place != block.position()), count - self._count)
            self._count = count

    def _repaint(self, place: int, gone: int, new: int) -> None:
        if self._changed:
            self._changed = False
            self.colours.repaint_kept(*self._kept)

    def _tell(self) -> None:
        if self._was_typed:
            self._was_typed = False
            self.typed.emit()

    def _moved(self) -> None:
        """Whether the person went to another line, not by typing there."""
        line, before, revision = self.textCursor().blockNumber(), self._line, self._visit
        self._line, self._visit = line, self.revision
        went = line != before and revision == self._visit and not self._showing
        if went and self.hasFocus() and not self.textCursor().hasSelection():
            self.visited.emit(line + 1)

    # What the person puts in and takes out.

    def undo_typing(self) -> None:
        """Undoes what was typed; where nothing was, asks for what was done elsewhere to be undone."""
        if self.document().isUndoAvailable():
            self.undo()
        else:
            self.undo_wanted.emit()

    def redo_typing(self) -> None:
        """The way back."""
        if self.document().isRedoAvailable():
            self.redo()
        else:
            self.redo_wanted.emit()

    def createMimeDataFromSelection(self) -> QMimeData:
        """All of the text brings along what is out of sight."""
        data = super().createMimeDataFromSelection()
        cursor = self.textCursor()
        if abs(cursor.position() - cursor.anchor()) >= self.document().characterCount() - 1:
            data = QMimeData()
            data.setText(self.toPlainText() + self.tail)
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text; files are opened by the window."""
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = plain(source.text())
        if len(text) > LONGEST:
            self.refused.emit(
                self.tr("The text has {:,} characters; {:,} can be put in").format(len(text), LONGEST)
            )
        elif any(len(line) > WIDEST for line in text.split("\n")):
            self.refused.emit(self.tr("A line of the text has more than {:,} characters").format(WIDEST))
        else:
            self.textCursor().insertText(text)
            self.ensureCursorVisible()

    # Qt.

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressed = event.modifiers()
            held = bool(pressed & (_CONTROL | _ALT))
            if (not held and event.text()) or (pressed & _CONTROL and Qt.Key(event.key()) in _OWN):
                event.accept()  # it is meant for the text, also where it is a shortcut elsewhere
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self.cursorForPosition(event.pos()).blockNumber() + 1
            QToolTip.showText(event.globalPos(), tip_of(self.marks.signs, line), self.viewport())
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = Qt.Key(event.key()), bool(event.modifiers() & _CONTROL)
        back = bool(event.modifiers() & _SHIFT)
        if control and key == Qt.Key.Key_Z:
            self.redo_typing() if back else self.undo_typing()
        elif control and key == Qt.Key.Key_Y:
            self.redo_typing()
        elif control and key == Qt.Key.Key_F:
            self.find_wanted.emit()
        elif key == Qt.Key.Key_Escape:
            self.leave_wanted.emit()
        elif not keys.key_pressed(self, event):
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.visited.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.marks.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.marks.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_gutter()

    def _recolour(self) -> None:
        self.colours.recolour()
        self.marks.show()

    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter.room, 0, 0, 0)
        self._place_gutter()

    def _place_gutter(self) -> None:
        inside = self.contentsRect()
        self.gutter.setGeometry(inside.left(), inside.top(), self.gutter.room, inside.height())

    def _scroll_gutter(self, area: QRect, down: int) -> None:
        if down:
            self.gutter.scroll(0, down)
        else:
            self.gutter.update(0, area.y(), self.gutter.width(), area.height())


def shifted_lines(lines: Mapping[str, tuple[int, ...]], start: int, by: int) -> dict[str, tuple[int, ...]]:
    """The lines of nodes after `by` lines came in before line `start`, or went."""
    moved = {}
    for name, found in lines.items():
        kept = (line for line in found if by > 0 or line < start or line >= start - by)
        moved[name] = tuple(line + by if line >= start else line for line in kept)
    return moved


def _replace(document: QTextDocument, start: int, stop: int, lines: list[str], count: int) -> None:
    """Puts `lines` in place of lines `start` to `stop` of a document of `count` lines."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    words = "\n".join(lines)
    if start == count:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("\n" + words)
    else:
        cursor.setPosition(document.findBlockByNumber(start).position())
        if stop < count:
            cursor.setPosition(document.findBlockByNumber(stop).position(), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(words + "\n" if lines else "")
        elif stop > start and not lines and start > 0:
            # The end of the document goes, and the break before it.
            cursor.setPosition(document.findBlockByNumber(start).position() - 1)
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        else:
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(words)
    cursor.endEditBlock()
