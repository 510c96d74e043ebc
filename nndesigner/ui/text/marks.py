"""What is marked in a text besides its colours: lit lines, the line of the caret, brackets, errors, what was found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from nndesigner.ui.text.brackets import Silent, pair_at
from nndesigner.ui.theme import look, mixed

Severity = Literal["error", "note"]
Selection = QTextEdit.ExtraSelection


@dataclass(frozen=True)
class Sign:
    """What is to be said of a line, counted from 1."""

    line: int
    message: str
    severity: Severity = "error"


class Marks(QObject):
    """The marks of one editor. Those of lines move along with the text. **Signals:** `changed`."""

    changed = Signal()

    def __init__(self, editor: QPlainTextEdit, silent: Silent) -> None:
        super().__init__(editor)
        self._editor, self._silent = editor, silent
        self._lit: list[QTextCursor] = []
        self._signs: list[tuple[Sign, QTextCursor]] = []
        self._found: Sequence[tuple[int, int]] = ()
        editor.cursorPositionChanged.connect(self.show)

    @property
    def lit(self) -> frozenset[int]:
        """The lit lines, counted from 1."""
        return frozenset(cursor.blockNumber() + 1 for cursor in self._lit)

    @property
    def signs(self) -> Mapping[int, Sign]:
        """The signs by the lines they are at now; of several at a line the worst."""
        found: dict[int, Sign] = {}
        for sign, cursor in self._signs:
            line = cursor.blockNumber() + 1
            if line not in found or (sign.severity == "error") > (found[line].severity == "error"):
                found[line] = sign
        return found

    def light(self, lines: Iterable[int]) -> None:
        """Lights just these lines softly."""
        self._lit = [self._at(line) for line in sorted(lines)]
        self.show()

    def sign(self, signs: Iterable[Sign]) -> None:
        """Puts just these signs at their lines."""
        count = self._editor.blockCount()
        self._signs = [(sign, self._at(sign.line)) for sign in signs if 1 <= sign.line <= count]
        self.show()

    def find(self, places: Sequence[tuple[int, int]]) -> None:
        """Marks what was found: where each begins and ends in the document."""
        self._found = places
        self.show()

    def show(self) -> None:
        """Shows all of it."""
        theme, paper = look.theme, look.theme.surface
        shown: list[Selection] = []
        if self._editor.hasFocus():
            shown.append(_whole(self._editor.textCursor(), mixed(theme.ink, paper, 0.05)))
        shown += [_whole(cursor, mixed(theme.accent, paper, 0.14)) for cursor in self._lit]
        for start, end in self._found:
            shown.append(_part(self._editor, start, end, mixed(theme.warning, paper, 0.2)))
        shown += [self._wave(cursor) for sign, cursor in self._signs if sign.severity == "error"]
        if self._editor.hasFocus():
            shown += self._brackets()
        self._editor.setExtraSelections(shown)
        self.changed.emit()

    def _at(self, line: int) -> QTextCursor:
        return QTextCursor(self._editor.document().findBlockByNumber(line - 1))

    def _wave(self, cursor: QTextCursor) -> Selection:
        """Under the words of the line; an empty line shows it in the gutter alone."""
        block = cursor.block()
        words = block.text()
        start = block.position() + len(words) - len(words.lstrip())
        made = _part(self._editor, start, block.position() + len(words.rstrip()), "")
        made.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        made.format.setUnderlineColor(QColor(look.theme.error))
        return made

    def _brackets(self) -> list[Selection]:
        theme, shown = look.theme, []
        for here, there in pair_at(self._editor.textCursor(), self._silent):
            tone = mixed(theme.accent if there is not None else theme.error, theme.surface, 0.3)
            for place in (here, there):
                if place is not None:
                    shown.append(_part(self._editor, place, place + 1, tone))
        return shown


def _whole(cursor: QTextCursor, colour: str) -> Selection:
    made = Selection()
    made.cursor = QTextCursor(cursor)
    made.cursor.clearSelection()
    made.format.setBackground(QColor(colour))
    made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return made


def _part(editor: QPlainTextEdit, start: int, end: int, colour: str) -> Selection:
    made = Selection()
    made.cursor = QTextCursor(editor.document())
    made.cursor.setPosition(start)
    made.cursor.setPosition(max(start, end), QTextCursor.MoveMode.KeepAnchor)
    if colour:
        made.format.setBackground(QColor(colour))
    return made
