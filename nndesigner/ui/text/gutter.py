"""The strip beside a text: line numbers, a bar beside lit lines, a sign beside lines there is something to say of."""

import html
from collections.abc import Iterator, Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QTextBlock
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from nndesigner.ui import icons
from nndesigner.ui.text.marks import Marks, Sign
from nndesigner.ui.theme import font, look

_SIGN = 12
_LEFT, _RIGHT = 20, 12


def tip_of(signs: Mapping[int, Sign], line: int) -> str:
    """What a tooltip says of a line, never taken for markup of the text's own; nothing where there is no sign."""
    sign = signs.get(line)
    return f"<p>{html.escape(sign.message)}</p>" if sign is not None else ""


class Gutter(QWidget):
    """The strip of one editor. `rows` gives its lines in sight with their tops and heights.

    **Signals:** `clicked` with a line, counted from 1.
    """

    clicked = Signal(int)

    def __init__(self, editor: QPlainTextEdit, marks: Marks) -> None:
        super().__init__(editor)
        self._editor, self._marks = editor, marks
        marks.changed.connect(self.update)

    @property
    def room(self) -> int:
        """Its width: that of the largest number, and of what stands beside it."""
        digits = max(3, len(str(self._editor.blockCount())))
        return _LEFT + _RIGHT + self._editor.fontMetrics().horizontalAdvance("9") * digits

    def sizeHint(self) -> QSize:
        return QSize(self.room, 0)

    def rows(self) -> Iterator[tuple[QTextBlock, int, int]]:
        """The lines in sight, each with its top and its height."""
        editor = self._editor
        block = editor.firstVisibleBlock()
        # The last block is taller than its line.
        height = round(editor.blockBoundingRect(editor.document().firstBlock()).height())
        while block.isValid():
            top = round(editor.blockBoundingGeometry(block).translated(editor.contentOffset()).top())
            if top > self.height():
                return
            yield block, top, height
            block = block.next()

    def line_at(self, at: QPoint) -> int:
        """The line beside a place, or 0."""
        for block, top, height in self.rows():
            if top <= at.y() < top + height:
                return int(block.blockNumber()) + 1
        return 0

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = look.theme, event.rect()
        painter = QPainter(self)
        painter.fillRect(area, QColor(theme.surface))
        painter.setFont(font(11, mono=True))
        lit, signs = self._marks.lit, self._marks.signs
        here = -1
        if self._editor.hasFocus():
            here = self._editor.textCursor().blockNumber() + 1
        for block, top, height in self.rows():
            if top > area.bottom():
                break
            if top + height < area.top():
                continue
            line = block.blockNumber() + 1
            if line in lit:
                painter.fillRect(QRect(0, top, 3, height), QColor(theme.accent))
            sign = signs.get(line)
            if sign is not None:
                name, tone = ("problem", "error") if sign.severity == "error" else ("help", "accent_text")
                place = QRect(5, top + (height - _SIGN) // 2, _SIGN, _SIGN)
                icons.icon(name, colour=tone).paint(painter, place)
            strong = line in lit or line == here
            painter.setPen(QColor(theme.ink if strong else theme.secondary))
            row = QRect(0, top, self.width() - _RIGHT, height)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (line := self.line_at(event.position().toPoint())):
            self.clicked.emit(line)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tip_of(self._marks.signs, self.line_at(event.pos())), self)
            return True
        return super().event(event)
