"""The examples of the welcome page, side by side: a few at once, all of them under their heads when asked for."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nndesigner.project import Project
from nndesigner.ui import icons
from nndesigner.ui.example_card import ExampleCard
from nndesigner.ui.example_words import section_of, sections
from nndesigner.ui.theme import font

MOST_COLUMNS = 4
_AT_ONCE = 6


class ExampleGrid(QWidget):
    """Cards side by side, the first few at once and the others when they are asked for.

    **Signals:** `chosen` with the name of an example.
    """

    chosen = Signal(str)

    def __init__(self, examples: Sequence[tuple[str, Project]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._examples = examples
        self._cards: list[ExampleCard] = []
        self._heads: list[QLabel] = []
        self._columns = 1
        self._all = QPushButton(self.tr("All {} examples").format(len(examples)), self)
        self._all.setObjectName("welcomeAll")
        self._all.setAccessibleName(self._all.text())
        self._all.setProperty("quiet", True)
        self._all.setCheckable(True)
        self._all.toggled.connect(self._show)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._show()

    def set_columns(self, columns: int) -> None:
        """Shows so many cards side by side."""
        if columns != self._columns:
            self._columns = columns
            self._show()

    @property
    def _at_once(self) -> int:
        """How many there are at first: two full rows where they are wide."""
        return max(_AT_ONCE, 2 * self._columns)

    def _show(self) -> None:
        every = self._all.isChecked()
        icons.dress(self._all, "chevron-down" if every else "chevron-right", "secondary")
        count = len(self._examples) if every else self._at_once
        for name, project in self._examples[len(self._cards) : count]:
            card = ExampleCard(name, project, self)
            card.clicked.connect(self._choose)
            card.stepped.connect(self._step)
            self._cards.append(card)
        for index, card in enumerate(self._cards):
            card.setVisible(index < count)
        self._all.setVisible(len(self._examples) > self._at_once)
        self._place(every)

    def _place(self, every: bool) -> None:
        for widget in (*self._cards, *self._heads):
            self._grid.removeWidget(widget)
        for head in self._heads:
            head.hide()
            head.deleteLater()
        self._heads = []
        shown = [card for card in self._cards if not card.isHidden()]
        row, last = 0, None
        for title, cards in _in_sections(shown) if every else [("", shown)]:
            if title:
                head = self._head(title, first=row == 0)
                self._grid.addWidget(head, row, 0, 1, self._columns)
                row += 1
            for index, card in enumerate(cards):
                self._grid.addWidget(card, row + index // self._columns, index % self._columns)
                if last is not None:
                    QWidget.setTabOrder(last, card)
                last = card
            row += -(-len(cards) // self._columns)
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def _head(self, title: str, *, first: bool) -> QLabel:
        head = QLabel(title, self)
        head.setObjectName("welcomeSection")
        head.setFont(font(11, QFont.Weight.DemiBold))
        head.setProperty("tone", "secondary")
        head.setContentsMargins(0, 0 if first else 12, 0, 0)
        self._heads.append(head)
        head.show()
        return head

    def _step(self, across: int, down: int) -> None:
        """The focus goes to the nearest card that way."""
        card = self.sender()
        if not isinstance(card, ExampleCard):
            return
        here = card.geometry().center()

        def far(other: ExampleCard) -> tuple[int, int] | None:
            away = other.geometry().center() - here
            ahead = QPoint.dotProduct(away, QPoint(across, down))
            aside = abs(away.x() if down else away.y())
            return (ahead + 3 * aside, aside) if ahead > 0 and (down or aside < other.height() // 2) else None

        others = {one: far(one) for one in self._cards if not one.isHidden() and one is not card}
        reached = {one: way for one, way in others.items() if way is not None}
        if reached:
            min(reached, key=lambda one: reached[one]).setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self) -> None:
        card = self.sender()
        if isinstance(card, ExampleCard):
            self.chosen.emit(card.name)


def _in_sections(cards: Sequence[ExampleCard]) -> list[tuple[str, list[ExampleCard]]]:
    """The cards under their heads, those of no known section last."""
    found: dict[str, list[ExampleCard]] = {title: [] for title in sections()}
    for card in cards:
        found.setdefault(section_of(card.name), []).append(card)
    return [(title, several) for title, several in found.items() if several]
