"""The colours of Python code, as Pygments reads it."""

import time
from collections import deque
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from pygments.token import Comment, Keyword, Name, Number, Operator, _TokenType, is_token_subtype
from pygments.token import String as Text
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from nndesigner.ui.theme import Theme, look, mixed

if TYPE_CHECKING:
    from pygments.lexer import Lexer

Piece = tuple[int, int, str]  # where it begins in its line, how long it is, which colour
Pieces = tuple[Piece, ...]

_BUDGET = 0.005  # seconds of reading in one frame
_REMEMBERED = 5000  # passages

# The most particular first.
_COLOURS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "comment"),
    (Text, "text"),
    (Number, "number"),
    (Keyword.Constant, "number"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (Name.Function, "defined"),
    (Name.Class, "defined"),
    (Name.Decorator, "defined"),
    (Name.Builtin.Pseudo, "self"),
    (Name.Builtin, "builtin"),
)


@cache
def _lexer() -> "Lexer":
    from pygments.lexers.python import PythonLexer  # compiles its patterns: not before there is code to read

    return PythonLexer(stripnl=False, ensurenl=False)


def passages_of(lines: list[str]) -> list[tuple[str, ...]]:
    """Lines that can be read by themselves, one at a time or, where a long string runs over several, together."""
    passages: list[tuple[str, ...]] = []
    gathered: list[str] = []
    for line in lines:
        gathered.append(line)
        marks = line.count('"""') + line.count("'''")
        inside = (marks % 2 == 1) if len(gathered) == 1 else (marks % 2 == 0)
        if not inside:
            passages.append(tuple(gathered))
            gathered = []
    if gathered:
        passages.append(tuple(gathered))
    return passages


def pieces_of(text: str) -> list[Pieces]:
    """For each line of a passage its coloured pieces."""
    lines: list[list[Piece]] = [[]]
    column = 0
    for kind, words in _lexer().get_tokens(text):
        color = _color_of(kind)
        for index, part in enumerate(words.split("\n")):
            if index:
                lines.append([])
                column = 0
            if part and color:
                lines[-1].append((column, len(part), color))
            column += len(part)
    return [tuple(line) for line in lines]


def colors_of(theme: Theme) -> dict[str, str]:
    """The colours of code, with so much ink that they can be read in lines that are lit and words that are found, too."""
    colors = {
        "comment": theme.secondary,
        "text": theme.good,
        "number": theme.warning,
        "keyword": theme.accent_text,
        "defined": theme.family("shaping"),
        "self": theme.secondary,
        "builtin": theme.family("convolution"),
    }
    return {name: mixed(color, theme.ink, 0.8) for name, color in colors.items()}


_known: dict[_TokenType, str] = {}


def _color_of(kind: _TokenType) -> str:
    if kind not in _known:
        _known[kind] = next((color for family, color in _COLOURS if is_token_subtype(kind, family)), "")
    return _known[kind]


class Highlighter(QSyntaxHighlighter):
    """Paints a document of Python code in the theme's colours.

    Reading 400 new lines takes 60 ms, so it is spread over several frames; what was read once is remembered.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._read: dict[tuple[str, ...], list[Pieces]] = {}
        self._pieces: list[Pieces] = []
        self._before: list[Pieces] = []
        self._unread: deque[tuple[int, tuple[str, ...]]] = deque()
        self._formats: dict[str, QTextCharFormat] = {}
        self.is_painting = False  # whether what changes of the document is its looks alone
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._go_on)

    @property
    def settled(self) -> bool:
        """Whether every line has its colours."""
        return not self._unread

    def is_silent(self, line: int, column: int) -> bool:
        """Whether what stands in a line, counted from 0, at a column is in a string or a comment."""
        pieces = self._pieces[line] if line < len(self._pieces) else ()
        return any(
            start <= column < start + length and color in ("text", "comment")
            for start, length, color in pieces
        )

    def read(self, lines: list[str]) -> None:
        """Takes the lines that the document is about to show."""
        self._before, self._pieces = self._pieces, []
        self._unread.clear()
        if len(self._read) > _REMEMBERED:
            self._read.clear()
        for passage in passages_of(lines):
            known = self._read.get(passage)
            if known is None:
                self._unread.append((len(self._pieces), passage))
            self._pieces += known or [()] * len(passage)
        self._read_some()

    def repaint_kept(self, start: int, tail: int) -> None:
        """Paints anew what looks otherwise among the first `start` and last `tail` lines, whose words stayed.

        Lines whose words changed are painted by Qt itself.
        """
        before, after = self._before, self._pieces
        count = len(after)
        kept = [(line, line) for line in range(min(start, len(before)))]
        kept += [(count - back, len(before) - back) for back in range(1, min(tail, len(before)) + 1)]
        self._repaint(line for line, old in kept if after[line] != before[old])

    def _repaint(self, lines: Iterable[int]) -> None:
        self.is_painting = True
        for line in lines:
            self.rehighlightBlock(self.document().findBlockByNumber(line))
        self.is_painting = False

    def recolour(self) -> None:
        """Takes on the theme of now."""
        self._formats = {}
        for name, color in colors_of(look.theme).items():
            shape = QTextCharFormat()
            shape.setForeground(QColor(color))
            shape.setFontItalic(name == "comment")
            if name == "defined":
                shape.setFontWeight(QFont.Weight.DemiBold)
            self._formats[name] = shape
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        line = self.currentBlock().blockNumber()
        if line < len(self._pieces):
            for start, length, color in self._pieces[line]:
                self.setFormat(start, length, self._formats[color])

    def _read_some(self) -> list[int]:
        """Reads as much as a part of a frame allows; gives the lines that were read."""
        end = time.perf_counter() + _BUDGET
        found: list[int] = []
        while self._unread and time.perf_counter() < end:
            first, passage = self._unread.popleft()
            pieces = self._read.get(passage)
            if pieces is None:
                pieces = self._read[passage] = pieces_of("\n".join(passage))
            self._pieces[first : first + len(passage)] = pieces
            found += range(first, first + len(passage))
        if self._unread:
            self._next.start()
        return found

    def _go_on(self) -> None:
        self._repaint(self._read_some())
