"""A field for a name: judged while it is typed, taken when the person is done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

# A menu or another window is looked at for a moment: the person has not left the field.
LEAVING = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}

_BEARING = 2  # pixels that Qt leaves at both ends of a line's text


def mark_refused(widget: QWidget, refused: bool) -> None:
    """Draws the ring of an error around a field, or takes it away."""
    if bool(widget.property("refused")) == refused:
        return
    widget.setProperty("refused", refused)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Line(QLineEdit):
    """A field for a name: what is typed is judged at once and taken when the person is done.

    **Signals:** `taken` with a new text that was not refused; `refused` with the reason, "" when it is not.
    """

    taken = Signal(str)
    refused = Signal(str)

    def __init__(self, judge: Callable[[str], str | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judge = judge
        self._kept = ""
        self.textEdited.connect(self._typed)

    def set_text(self, text: str) -> None:
        """Shows a text; one that it has already does not touch what is being typed."""
        if text != self._kept:
            self._kept = text
            self._restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._judge(self.text()) is None:
                self._take()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self._restore()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A text that is too long ends in an ellipsis while nobody types."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        room = room.marginsRemoved(self.textMargins()).adjusted(_BEARING, 0, -_BEARING, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        if self.hasFocus() or text == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in LEAVING:
            return
        if self._judge(self.text()) is None:
            self._take()
        else:
            self._restore()

    def _typed(self, text: str) -> None:
        problem = (self._judge(text) or "") if text != self._kept else ""
        mark_refused(self, bool(problem))
        self.refused.emit(problem)

    def _take(self) -> None:
        text = self.text()
        if text != self._kept:
            self._kept = text
            self.taken.emit(text)

    def _restore(self) -> None:
        self.setText(self._kept)
        self.home(False)  # of a long text, the beginning is seen
        mark_refused(self, False)
        self.refused.emit("")
