"""The script of the network as it is now, beside the canvas: read, lit up and copied."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui import icons
from nndesigner.ui.highlighter import Highlighter
from nndesigner.ui.theme import font, look, mixed

_COPIED = 1500  # milliseconds that the button says so


class _Gutter(QWidget):
    """The line numbers, with a bar beside the lines that are lit."""

    def __init__(self, text: "_Text") -> None:
        super().__init__(text)
        self._text = text

    def sizeHint(self) -> QSize:
        return QSize(self._text.gutter_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._text.paint_gutter(self, event.rect())


class _Text(QPlainTextEdit):
    """Read-only code with line numbers. **Signals:** `line_clicked` with a line, counted from 1."""

    line_clicked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("codeText")
        self.setAccessibleName(self.tr("Python script of the network"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(font(12, mono=True))
        self.setCursorWidth(1)
        self.lit: frozenset[int] = frozenset()
        self._gutter = _Gutter(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_gutter)
        self._make_room()

    @property
    def gutter_width(self) -> int:
        """Room for the largest line number."""
        digits = max(3, len(str(self.blockCount())))
        return 16 + 8 + self.fontMetrics().horizontalAdvance("9") * digits

    def show_lines(self, lines: list[str]) -> tuple[int, int]:
        """Shows these lines in place of those before; touches only those that differ, so nothing jumps.

        Gives how many lines stayed at the start and at the end.
        """
        before = self.toPlainText().split("\n")
        start = 0
        while start < min(len(before), len(lines)) and before[start] == lines[start]:
            start += 1
        if start == len(before) == len(lines):
            return start, 0
        tail = 0
        while tail < min(len(before), len(lines)) - start and before[-1 - tail] == lines[-1 - tail]:
            tail += 1
        scroll, aside = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        _replace(self.document(), start, len(before) - tail, lines[start : len(lines) - tail], len(before))
        self.verticalScrollBar().setValue(scroll)
        self.horizontalScrollBar().setValue(aside)
        return start, tail

    def light(self, lines: frozenset[int]) -> None:
        """Lights these lines softly, and shows the first if it is out of sight."""
        self.lit = lines
        color = QColor(mixed(look.theme.accent, look.theme.surface, 0.14))
        selections = []
        for line in sorted(lines):
            selection = QTextEdit.ExtraSelection()
            selection.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            selection.format.setBackground(color)
            selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            selections.append(selection)
        self.setExtraSelections(selections)
        self._gutter.update()

    def reveal(self, line: int) -> None:
        """Scrolls so that a line is in the middle, unless it is in sight."""
        first = self.firstVisibleBlock().blockNumber() + 1
        count = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()))
        if not first <= line < first + count - 1:
            self.verticalScrollBar().setValue(max(0, line - 1 - count // 2))

    def paint_gutter(self, gutter: QWidget, area: QRect) -> None:
        """Draws the numbers of the lines in sight."""
        theme = look.theme
        painter = QPainter(gutter)
        painter.fillRect(area, QColor(theme.surface))
        painter.setFont(font(11, mono=True))
        block = self.firstVisibleBlock()
        # The last block is taller than its line.
        height = self.blockBoundingRect(self.document().firstBlock()).height()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > area.bottom():
                break
            lit = block.blockNumber() + 1 in self.lit
            if lit:
                painter.fillRect(QRect(0, round(place.top()), 3, round(height)), QColor(theme.accent))
            painter.setPen(QColor(theme.ink if lit else mixed(theme.secondary, theme.surface, 0.75)))
            row = QRect(0, round(place.top()), gutter.width() - 12, round(height))
            painter.drawText(
                row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(block.blockNumber() + 1)
            )
            block = block.next()
        painter.end()

    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter_width, 0, 0, 0)
        self._place_gutter()

    def _place_gutter(self) -> None:
        inside = self.contentsRect()
        self._gutter.setGeometry(inside.left(), inside.top(), self.gutter_width, inside.height())

    def _scroll_gutter(self, area: QRect, down: int) -> None:
        if down:
            self._gutter.scroll(0, down)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_gutter()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_clicked.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line_clicked.emit(self.textCursor().blockNumber() + 1)
            return
        super().keyPressEvent(event)


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


class CodeView(QWidget):
    """The script, or a calm line in its place.

    **Signals:** `node_clicked` with the name of a node, when a line of it was clicked.
    """

    node_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codeView")
        self.setAccessibleName(self.tr("Code"))
        self._code = ""
        self._lines: Mapping[str, tuple[int, ...]] = {}
        self._names_of: dict[int, str] = {}
        self._lit: tuple[str, ...] = ()
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
        self._copy.clicked.connect(self.copy)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED)
        self._copied.timeout.connect(self._say_copy)
        self.text = _Text(self)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._highlighter = Highlighter(self.text.document())
        self._message = QLabel(self)
        self._message.setObjectName("codeMessage")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setProperty("tone", "secondary")
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setMargin(24)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.text)
        self._pages.addWidget(self._message)
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 8, 4)
        head.addWidget(self._about, 1)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self.text.line_clicked.connect(self._clicked)
        look.changed.connect(self._recolour)
        self._recolour()
        self.set_message(self.tr("The script appears here once there is a network."))

    @property
    def code(self) -> str:
        """The script shown, or nothing while a message is."""
        return self._code

    @property
    def message(self) -> str:
        """The line shown in place of the script, or nothing."""
        return "" if self._code else self._message.text()

    @property
    def lit_lines(self) -> tuple[int, ...]:
        """The lines lit up, counted from 1."""
        return tuple(sorted(self.text.lit))

    @property
    def settled(self) -> bool:
        """Whether every line has its colours."""
        return self._highlighter.settled

    def set_code(self, text: str, lines: Mapping[str, tuple[int, ...]]) -> None:
        """Shows a script; `lines` are those that belong to each node, counted from 1."""
        if text != self._code:
            self._code = text
            shown = text.rstrip("\n").split("\n")
            self._highlighter.read(shown)
            self._highlighter.repaint_kept(*self.text.show_lines(shown))
            self._about.setText(self.tr("Python · {} lines").format(len(shown)))
        self._lines = dict(lines)
        self._names_of = {line: name for name, found in lines.items() for line in found}
        self._copy.setEnabled(True)
        self._pages.setCurrentWidget(self.text)
        self._light()

    def set_message(self, message: str) -> None:
        """Shows a line in place of the script."""
        self._code = ""
        self._message.setText(message)
        self._about.setText(self.tr("Python"))
        self._copy.setEnabled(False)
        self._pages.setCurrentWidget(self._message)

    def highlight(self, names: tuple[str, ...]) -> None:
        """Lights the lines of these nodes, and shows the first of them."""
        self._lit = names
        self._light()
        if self._code and self.text.lit:
            self.text.reveal(min(self.text.lit))

    def copy(self) -> None:
        """Puts the script on the clipboard."""
        QGuiApplication.clipboard().setText(self._code)
        self._copy.setText(self.tr("Copied"))
        self._copied.start()

    def _say_copy(self) -> None:
        self._copy.setText(self.tr("Copy"))

    def _light(self) -> None:
        self.text.light(frozenset(line for name in self._lit for line in self._lines.get(name, ())))

    def _clicked(self, line: int) -> None:
        if name := self._names_of.get(line):
            self.node_clicked.emit(name)

    def _recolour(self) -> None:
        theme = look.theme
        # The code is no field to fill in: no border.
        self.text.setStyleSheet(f"#codeText {{ border: none; padding: 0; background: {theme.surface}; }}")
        self.setStyleSheet(f"#codeView {{ background: {theme.surface}; }}")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._highlighter.recolour()
        self._light()
