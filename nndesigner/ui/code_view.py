"""The script of the network as it is now, beside the canvas: read, lit up, copied, and typed in.

The view shows what it is told and tells what the person does; what text and canvas say to each other is decided in
`conversation`.
"""

import html
from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui import icons
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.text.bar import Bar
from nndesigner.ui.text.editor import Editor, shifted_lines
from nndesigner.ui.text.find_bar import FindBar
from nndesigner.ui.text.folding import folded, unfolded
from nndesigner.ui.text.marks import Sign
from nndesigner.ui.theme import font, look

_COPIED = 1500  # milliseconds that the button says so
_FOOT = 28
_FOLLOW = 120  # milliseconds until the canvas goes along with the caret


class CodeView(QWidget):
    """The script, or a calm line in its place.

    **Signals:** `node_clicked` with the name of a node, when the person went to a line of it; `typed` when the person
    changed the text; `entered` and `left` when the focus came and went; `undo_wanted` and `redo_wanted` where that is
    not for the text to do; `leave_wanted` when the person is done here.
    """

    node_clicked = Signal(str)
    typed = Signal()
    entered = Signal()
    left = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codeView")
        self.setAccessibleName(self.tr("Code"))
        self._lines: Mapping[str, tuple[int, ...]] = {}
        self._names_of: dict[int, str] = {}
        self._lit: tuple[str, ...] = ()
        self._visited = 0
        self.is_used = False  # whether the focus is here
        self._make()
        self._lay_out()
        self._connect()
        self._recolour()
        self.set_message(self.tr("The script appears here once there is a network."))

    def _make(self) -> None:
        self._about = QLabel(self.tr("Python"), self)
        self._about.setObjectName("codeAbout")
        self._about.setProperty("tone", "secondary")
        self._about.setFont(font(11))
        self._copy = QPushButton(self.tr("Copy"), self)
        self._copy.setObjectName("codeCopy")
        self._copy.setAccessibleName(self.tr("Copy the script"))
        self._copy.setProperty("quiet", True)
        self._copy.setProperty("small", True)
        self._copy.setFont(font(11))
        icons.dress(self._copy, "copy", "secondary")
        self.text = Editor(self)
        self.text.setObjectName("codeText")
        self.text.setAccessibleName(self.tr("Python script of the network"))
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.find_bar = FindBar(self.text, self)
        self._message = QLabel(self)
        self._message.setObjectName("codeMessage")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setProperty("tone", "secondary")
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setMargin(24)
        self._sign = icons.Picture("problem", 12, "error", self)
        self._says = ElidedLabel(parent=self)
        self._says.setObjectName("codeSays")
        self._says.setFont(font(11))
        self.bar = Bar(self)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED)
        self._follow = QTimer(self, singleShot=True, interval=_FOLLOW)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 8, 4)
        head.addWidget(self._about, 1)
        head.addWidget(self._copy)
        self._foot = QWidget(self)
        self._foot.setFixedHeight(_FOOT)  # what it says comes and goes, and the text must not jump
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addWidget(self._says, 1)
        page = QWidget(self)
        below = QVBoxLayout(page)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.text, 1)
        below.addWidget(self._foot)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(page)
        self._pages.addWidget(self._message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.find_bar)
        column.addWidget(self._pages, 1)
        column.addWidget(self.bar)

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy)
        self._copied.timeout.connect(self._say_copy)
        self._follow.timeout.connect(self._tell_visit)
        self.text.typed.connect(self._typed)
        self.text.shifted.connect(self._shift)
        self.text.visited.connect(self._visit)
        self.text.undo_wanted.connect(self.undo_wanted)
        self.text.redo_wanted.connect(self.redo_wanted)
        self.text.find_wanted.connect(self.find_bar.open_bar)
        self.text.leave_wanted.connect(self.leave_wanted)
        self.text.refused.connect(lambda words: self.say(words, "error"))
        self.bar.shown.connect(self._foot.setHidden)  # which says the same in a line
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        look.changed.connect(self._recolour)

    # What is shown.

    @property
    def code(self) -> str:
        """The text shown with what is folded away, or nothing while a message is."""
        return unfolded(self.text.toPlainText(), self.text.tail) if self.shows_text else ""

    @property
    def shows_text(self) -> bool:
        """Whether there is a text, and not a message."""
        return self._pages.currentIndex() == 0

    @property
    def message(self) -> str:
        """The line shown in place of the script, or nothing."""
        return "" if self.shows_text else self._message.text()

    @property
    def lit_lines(self) -> tuple[int, ...]:
        """The lines lit up, counted from 1."""
        return tuple(sorted(self.text.marks.lit))

    @property
    def settled(self) -> bool:
        """Whether every line has its colours."""
        return self.text.colours.settled

    @property
    def said(self) -> str:
        """What stands below the text."""
        return self._says.text()

    def set_code(self, text: str, lines: Mapping[str, tuple[int, ...]], *, undoable: bool = False) -> None:
        """Shows a text; `lines` are those that belong to each node, counted from 1.

        An `undoable` change can be undone like one that was typed.
        """
        shown, tail = folded(text)
        self.text.tail = tail
        self._pages.setCurrentIndex(0)
        self.text.show_lines(shown.split("\n"), undoable=undoable)
        self._copy.setEnabled(True)
        self._tell_length()
        self.take_lines(lines)

    def set_message(self, message: str) -> None:
        """Shows a line in place of the script."""
        self._message.setText(message)
        self._about.setText(self.tr("Python"))
        self._copy.setEnabled(False)
        self.find_bar.close_bar()
        self._pages.setCurrentIndex(1)

    def take_lines(self, lines: Mapping[str, tuple[int, ...]]) -> None:
        """Learns which lines of the text that is shown belong to which node."""
        self._lines = dict(lines)
        self._names_of = {line: name for name, found in lines.items() for line in found}
        self._light()

    def highlight(self, names: tuple[str, ...]) -> None:
        """Lights the lines of these nodes, and shows the first of them unless the person is at work in the text."""
        self._lit = names
        self._light()
        if self.shows_text and self.text.marks.lit and not self.is_used:
            self.text.reveal(min(self.text.marks.lit))

    def sign(self, signs: Iterable[Sign]) -> None:
        """Puts signs at lines of the text, in place of those before."""
        self.text.marks.sign(signs)

    def say(self, words: str, tone: str = "secondary") -> None:
        """Says something quietly below the text; an error with its sign."""
        self._says.setText(words)
        self._says.setToolTip(f"<p>{html.escape(words)}</p>")
        self._says.setProperty("tone", tone)
        self._says.style().unpolish(self._says)
        self._says.style().polish(self._says)
        self._sign.setVisible(tone == "error")

    def copy(self) -> None:
        """Puts the whole text on the clipboard."""
        QGuiApplication.clipboard().setText(self.code)
        self._copy.setText(self.tr("Copied"))
        self._copied.start()

    def _say_copy(self) -> None:
        self._copy.setText(self.tr("Copy"))

    def _tell_length(self) -> None:
        hidden = len(self.text.tail.strip().splitlines())
        lines = self.tr("Python · {} lines").format(self.text.blockCount())
        folded_away = self.tr("{}, the layout folded away").format(lines)
        self._about.setText(folded_away if hidden else lines)

    def _light(self) -> None:
        self.text.marks.light(line for name in self._lit for line in self._lines.get(name, ()))

    # What the person does.

    def _typed(self) -> None:
        self._follow.stop()
        self._light()
        self._tell_length()
        self.typed.emit()

    def _shift(self, start: int, by: int) -> None:
        self._lines = shifted_lines(self._lines, start, by)
        self._names_of = {line: name for name, found in self._lines.items() for line in found}

    def _visit(self, line: int) -> None:
        self._visited = line
        self._follow.start()

    def _tell_visit(self) -> None:
        if name := self._names_of.get(self._visited):
            self.node_clicked.emit(name)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is None:
            return  # another program is looked at for a moment: the person has not left
        is_used = new is self or self.isAncestorOf(new)
        if is_used != self.is_used:
            self.is_used = is_used
            (self.entered if is_used else self.left).emit()

    def _recolour(self) -> None:
        theme = look.theme
        # The code is no field to fill in: no border.
        self.text.setStyleSheet(f"#codeText {{ border: none; padding: 0; background: {theme.surface}; }}")
        self.setStyleSheet(f"#codeView {{ background: {theme.surface}; }}")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
