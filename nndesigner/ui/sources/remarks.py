"""The list of what is to be said of the lines of a source: what could not be read and why, and what was decided."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.facts import plain_label
from nndesigner.ui.row import Row
from nndesigner.ui.sources.signs import sentence
from nndesigner.ui.theme import font

if TYPE_CHECKING:
    from nndesigner.script.reader.reading import Remark

_SHOWN = 100
_TALLEST = 132
_LINE_WIDTH = 64
_BAR = 12  # pixels of the scroll bar


class RemarksList(QWidget):
    """What is to be said of a source, errors first. **Signals:** `chosen` with a line; `closed`."""

    chosen = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("remarks")
        self.setAccessibleName(self.tr("Remarks on the source"))
        self._rows: list[_Row] = []
        self._title = ElidedLabel(parent=self)
        self._title.setObjectName("remarksTitle")
        self._title.setFont(font(11, QFont.Weight.DemiBold))
        self._title.setProperty("tone", "secondary")
        close = QToolButton(self, autoRaise=True)
        close.setObjectName("remarksClose")
        close.setAccessibleName(self.tr("Close the remarks"))
        close.setIconSize(QSize(16, 16))
        close.setFixedSize(24, 24)
        icons.dress(close, "close", "secondary")
        close.clicked.connect(self._close)
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 4, 0)
        top.addWidget(self._title, 1)
        top.addWidget(close)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(8, 0, 8, 4)
        self._column.setSpacing(0)
        self._more = plain_label("", "secondary")
        self._more.setContentsMargins(8, 4, 8, 4)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setProperty("bare", True)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._scroll)
        self.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """What the rows say."""
        return tuple(row.accessibleName() for row in self._rows)

    def show_remarks(self, name: str, remarks: "Sequence[Remark]") -> None:
        """Lists these; without any the list goes away."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        ordered = sorted(remarks, key=lambda remark: (remark.severity != "error", remark.line))
        self._rows = [_Row(remark, self._inside) for remark in ordered[:_SHOWN]]
        for index, row in enumerate(self._rows):
            self._column.insertWidget(index, row)
            row.chosen.connect(self.chosen.emit)
            row.stepped.connect(self._step)
        hidden = len(ordered) - len(self._rows)
        self._more.setText(self.tr("And {} more.").format(hidden))
        self._more.setVisible(hidden > 0)
        errors = sum(remark.severity == "error" for remark in remarks)
        self._title.setText(self._said(name, errors, len(remarks) - errors))
        self.setVisible(bool(remarks))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Only as tall as it needs."""
        needed = self._column.heightForWidth(max(200, self.width() - _BAR))
        self._scroll.setFixedHeight(min(_TALLEST, max(24, needed)))

    def _said(self, name: str, errors: int, notes: int) -> str:
        unread = self.tr("{} places can’t be read").format(errors)
        noted = self.tr("{} remarks").format(notes)
        unread = self.tr("1 place can’t be read") if errors == 1 else unread
        noted = self.tr("1 remark") if notes == 1 else noted
        return " · ".join([name, *([unread] if errors else []), *([noted] if notes else [])])

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _step(self, row: "_Row", steps: int) -> None:
        place = self._rows.index(row) + steps
        if 0 <= place < len(self._rows):
            self._rows[place].setFocus()
            self._scroll.ensureWidgetVisible(self._rows[place], 0, 0)


class _Row(Row):
    """One remark. **Signals:** `chosen` with its line, `stepped` by the arrow keys."""

    def __init__(self, remark: "Remark", parent: QWidget) -> None:
        super().__init__(remark.line, parent)
        error = remark.severity == "error"
        self.setObjectName(f"remark_{remark.line}")
        self.setAccessibleName(str(remark))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(8)
        picture = icons.Picture("problem" if error else "help", 16, "error" if error else "secondary")
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        place = self.tr("line {}").format(remark.line) if remark.line else self.tr("file")
        line = plain_label(place, "secondary", font(12, mono=True))
        line.setFixedWidth(_LINE_WIDTH)
        row.addWidget(line, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(plain_label(sentence(remark.message), wrap=True), 1)
