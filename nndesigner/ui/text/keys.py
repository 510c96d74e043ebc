"""What keys do in a text of Python: indent, keep the margin, make comments, double lines, find where a line begins."""

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

TAB = "    "
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_OPENING = (":", "(", "[", "{")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def key_pressed(editor: QPlainTextEdit, event: QKeyEvent) -> bool:
    """Does what a key says in a text of Python; says whether it said anything."""
    key, keys = Qt.Key(event.key()), event.modifiers() & ~_KEYPAD
    plain = not keys
    if key in _ENTER and keys in (Qt.KeyboardModifier.NoModifier, _SHIFT):
        break_line(editor)
    elif key == Qt.Key.Key_Tab and plain:
        indent(editor)
    elif key == Qt.Key.Key_Backtab or (key == Qt.Key.Key_Tab and keys == _SHIFT):
        unindent(editor)
    elif key == Qt.Key.Key_Backspace and plain and on_margin(editor.textCursor()):
        _back_a_step(editor.textCursor())
    elif key == Qt.Key.Key_Home and keys in (Qt.KeyboardModifier.NoModifier, _SHIFT):
        _home(editor, bool(keys))
    elif key == Qt.Key.Key_Slash and keys & _CONTROL:
        comment(editor)
    elif key == Qt.Key.Key_D and keys == _CONTROL:
        double(editor)
    else:
        return False
    return True


def break_line(editor: QPlainTextEdit) -> None:
    """Begins a line at the margin of this one, a step deeper behind what opens something."""
    cursor = editor.textCursor()
    before = cursor.block().text()[: cursor.positionInBlock()]
    margin = before[: len(before) - len(before.lstrip())]
    deeper = TAB if before.rstrip().endswith(_OPENING) else ""
    cursor.insertText(f"\n{margin}{deeper}")
    editor.setTextCursor(cursor)
    editor.ensureCursorVisible()


def indent(editor: QPlainTextEdit) -> None:
    """Moves the selected lines a step to the right, or the caret to the next step."""
    cursor = editor.textCursor()
    if not cursor.hasSelection():
        cursor.insertText(" " * (len(TAB) - cursor.positionInBlock() % len(TAB)))
        return
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        if block.text().strip():
            QTextCursor(block).insertText(TAB)
    cursor.endEditBlock()


def unindent(editor: QPlainTextEdit) -> None:
    """Moves the line of the caret, or the selected lines, a step to the left."""
    cursor = editor.textCursor()
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        words = block.text()
        gone = min(len(words) - len(words.lstrip(" ")), len(TAB))
        _remove(block, 0, gone)
    cursor.endEditBlock()


def comment(editor: QPlainTextEdit) -> None:
    """Makes comments of the lines, or code again where all of them are comments."""
    cursor = editor.textCursor()
    blocks = [block for block in blocks_of(cursor) if block.text().strip()]
    margin = min((_margin(block.text()) for block in blocks), default=0)
    cursor.beginEditBlock()
    if all(block.text().lstrip().startswith("#") for block in blocks):
        for block in blocks:
            words = block.text()
            place = _margin(words)
            _remove(block, place, 2 if words[place : place + 2] == "# " else 1)
    else:
        for block in blocks:
            inside = QTextCursor(block)
            inside.setPosition(block.position() + margin)
            inside.insertText("# ")
    cursor.endEditBlock()


def double(editor: QPlainTextEdit) -> None:
    """Writes the line of the caret once more below it."""
    cursor = editor.textCursor()
    block = cursor.block()
    below = QTextCursor(block)
    below.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    column = cursor.positionInBlock()
    below.insertText("\n" + block.text())
    cursor.setPosition(block.next().position() + column)
    editor.setTextCursor(cursor)


def on_margin(cursor: QTextCursor) -> bool:
    """Whether there is nothing but at least a whole step of margin before the caret."""
    before = cursor.block().text()[: cursor.positionInBlock()]
    return not cursor.hasSelection() and before.endswith(TAB) and not before.strip()


def blocks_of(cursor: QTextCursor) -> list[QTextBlock]:
    """The lines that a selection touches; one that it only ends before is not among them."""
    document = cursor.document()
    block, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    if last != block and cursor.selectionEnd() == last.position():
        last = last.previous()
    found = [block]
    while found[-1] != last and found[-1].next().isValid():
        found.append(found[-1].next())
    return found


def _back_a_step(cursor: QTextCursor) -> None:
    gone = cursor.positionInBlock() % len(TAB) or len(TAB)
    cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, gone)
    cursor.removeSelectedText()


def _home(editor: QPlainTextEdit, selecting: bool) -> None:
    cursor = editor.textCursor()
    place = _margin(cursor.block().text())
    to = 0 if cursor.positionInBlock() == place else place
    mode = QTextCursor.MoveMode.KeepAnchor if selecting else QTextCursor.MoveMode.MoveAnchor
    cursor.setPosition(cursor.block().position() + to, mode)
    editor.setTextCursor(cursor)


def _margin(words: str) -> int:
    found = re.match(r"[ \t]*", words)
    return found.end() if found else 0


def _remove(block: QTextBlock, place: int, count: int) -> None:
    if count:
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + place)
        cursor.setPosition(block.position() + place + count, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
