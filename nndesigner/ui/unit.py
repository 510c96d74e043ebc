"""What stands behind a number in its field: its unit, or what such a number means."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QLineEdit

from nndesigner.graph import Value
from nndesigner.ui.theme import font

Unit = Callable[[Value], str]
_ASIDE, _GAP = 4, 8


class UnitLabel(QLabel):
    """Pale words at the right end of a line; hidden where the number itself needs the room."""

    def __init__(self, line: QLineEdit, unit: Unit) -> None:
        super().__init__(line)
        self._line, self._unit = line, unit
        self.setObjectName("unit")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(11))
        self.setProperty("tone", "secondary")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.installEventFilter(self)
        line.textChanged.connect(self._place)

    def show_for(self, value: Value) -> None:
        """The words that belong to this value."""
        self.setText(self._unit(value))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        line = self._line
        self.adjustSize()
        written = QFontMetricsF(line.font()).horizontalAdvance(line.text())
        free = line.width() - line.textMargins().left() - written - _ASIDE
        self.setVisible(bool(self.text()) and self.width() + _GAP <= free)
        self.move(line.width() - self.width() - _ASIDE, (line.height() - self.height()) // 2)
