"""The quiet parts of a panel: heads, plain words, lists of what is known, buttons without a frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from nndesigner.ui import icons
from nndesigner.ui.form import GUTTER
from nndesigner.ui.theme import font


@dataclass(frozen=True)
class Fact:
    """Something that is known and can't be set: its name, its value, and where it comes from."""

    name: str
    value: str
    remark: str = ""


class Facts(QWidget):
    """A list of facts, names at the left, values at the right in the monospaced face."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Shows these facts."""
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        while item := self._grid.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, fact in enumerate(facts):
            value = plain_label(fact.value, face=font(12, mono=True))
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setMinimumHeight(20)
            self._grid.addWidget(plain_label(fact.name, "secondary"), 2 * row, 0)
            self._grid.addWidget(value, 2 * row, 1, Qt.AlignmentFlag.AlignRight)
            if fact.remark:
                remark = plain_label(fact.remark, "secondary", font(11), wrap=True)
                remark.setContentsMargins(0, 0, 0, 4)
                self._grid.addWidget(remark, 2 * row + 1, 0, 1, 2)


def plain_label(words: str, tone: str = "", face: QFont | None = None, *, wrap: bool = False) -> QLabel:
    """Words that are never taken for markup."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if face is not None:
        label.setFont(face)
    if tone:
        label.setProperty("tone", tone)
    return label


def head(words: str) -> QLabel:
    """The head of a group."""
    return plain_label(words, "secondary", font(11, QFont.Weight.DemiBold))


def indented(widget: QWidget) -> QHBoxLayout:
    """A widget in line with the names of a form, beside its gutter."""
    row = QHBoxLayout()
    row.setContentsMargins(GUTTER, 0, 0, 0)
    row.addWidget(widget)
    return row


def help_button(words: str, name: str) -> QToolButton:
    """A question mark that leads to a help page."""
    button = QToolButton()
    button.setObjectName(name)
    button.setAutoRaise(True)
    button.setIconSize(QSize(16, 16))
    button.setFixedSize(24, 24)
    button.setAccessibleName(words)
    button.setToolTip(words)
    icons.dress(button, "help", "secondary")
    return button


def quiet_button(words: str, name: str, drawing: str, colour: str = "secondary") -> QPushButton:
    """A button without a frame, with an icon."""
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setProperty("quiet", True)
    icons.dress(button, drawing, colour)
    if colour == "error":
        button.setProperty("danger", True)
    return button
