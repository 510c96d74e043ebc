"""A sheet with a field and a list of things by name: a few letters, arrow keys and Enter choose one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.adding.panel import Panel
from nndesigner.ui.facts import plain_label
from nndesigner.ui.palette import FAMILY, NAME, TOLD, RowPainter
from nndesigner.ui.theme import font

_ROW, _MOST = 28, 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its text, what is told of it at the right, and other words by which it is found.

    One that is not `possible` is listed, and can't be chosen.
    """

    key: str
    text: str
    told: str = ""
    family: str = ""
    words: str = ""
    possible: bool = True


def found_in(choice: Choice, query: str) -> int | None:
    """How well a query finds a choice, best first: every word of it must be there, or else all its letters in order."""
    text, told = choice.text.casefold(), f"{choice.told} {choice.words}".casefold()
    parts = query.casefold().split()
    if not parts:
        return 0
    if text.startswith(" ".join(parts)):
        return 0
    ranks = [_word_found(part, text, told) for part in parts]
    if None not in ranks:
        return sum(rank for rank in ranks if rank is not None)
    letters = iter(text)
    return 100 if all(letter in letters for letter in "".join(parts)) else None


def _word_found(part: str, text: str, told: str) -> int | None:
    if any(word.startswith(part) for word in text.split()):
        return 1
    if part in text:
        return 3
    return 8 if part in told else None


class Chooser(Panel):
    """A choice among many by name.

    **Signals:** `chosen` with the key of one that is possible; `pointed` with the key that Enter would choose, "" for none.
    """

    chosen = Signal(str)
    pointed = Signal(str)

    def __init__(self, name: str, title: str, hint: str, width: int, rows: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        self._rows = rows
        self._choices: tuple[Choice, ...] = ()
        self._by_key: dict[str, Choice] = {}
        self._head = plain_label(title, "secondary", font(11))
        self._head.setObjectName(f"{name}Head")
        self.search = QLineEdit(self)
        self.search.setObjectName(f"{name}Field")
        self.search.setAccessibleName(title)
        self.search.setPlaceholderText(hint)
        self.search.setFixedHeight(_ROW)
        icons.dress(
            self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition),
            "search",
            "secondary",
        )
        self._model = QStandardItemModel(self)
        self.list = _Rows(self._model, f"{name}List", title, self)
        self._told = plain_label("", "secondary", font(11), wrap=True)
        self._told.setObjectName(f"{name}Told")
        self.watch(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for part in (self._head, self.search, self.list, self._told):
            column.addWidget(part)
        self.search.textChanged.connect(self._fill)
        self.list.clicked.connect(lambda index: self._choose(index.data(NAME)))

    def offer(self, choices: Sequence[Choice], head: str = "") -> None:
        """Opens with these to choose from, and a line that says for what."""
        self._choices, self._by_key = tuple(choices), {choice.key: choice for choice in choices}
        self.list.painter.fitting = frozenset(choice.key for choice in choices if choice.possible)
        if head:
            self._head.setText(head)
        blocked = self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(blocked)
        self._fill()
        self.open()

    def put(self, at: QPoint) -> None:
        """Stands at this place of its parent, or as near to it as there is room."""
        self.adjustSize()
        room = self.parentWidget().size()
        x = min(at.x(), room.width() - self.width() - 8)
        y = min(at.y(), room.height() - self.height() - 8)
        self.move(max(x, 8), max(y, 8))

    def keys(self) -> list[str]:
        """What is listed now, in order."""
        return [self._model.index(row, 0).data(NAME) for row in range(self._model.rowCount())]

    def current(self) -> str:
        """The key that Enter would choose, "" for none."""
        return self.list.currentIndex().data(NAME) or ""

    def key_pressed(self, event: QKeyEvent) -> bool:
        key, page = event.key(), self._rows - 1
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
        steps |= {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
        if key in steps:
            self._step(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.current())
        else:
            return super().key_pressed(event)
        return True

    def _fill(self) -> None:
        query = self.search.text().strip()
        ranked = [
            (rank, place, choice)
            for place, choice in enumerate(self._choices)
            if (rank := found_in(choice, query)) is not None
        ]
        self._model.clear()
        for *_, choice in sorted(ranked, key=lambda one: one[:2])[:_MOST]:
            self._model.appendRow(self._row(choice))
        self.list.setVisible(bool(ranked))
        self._told.setVisible(not ranked)
        if ranked:
            self.list.setFixedHeight(min(len(ranked), self._rows) * _ROW)
            self._select(0)
        else:
            self._told.setText(self.tr("Nothing is called “{query}”. Try fewer letters.").format(query=query))
            self.search.setAccessibleDescription(self._told.text())
            self.pointed.emit("")
        self.adjustSize()

    def _row(self, choice: Choice) -> QStandardItem:
        item = QStandardItem(choice.text)
        item.setData(choice.key, NAME)
        item.setData(choice.family, FAMILY)
        item.setData(choice.told, TOLD)
        item.setData(self._spoken(choice), Qt.ItemDataRole.AccessibleTextRole)
        return item

    def _spoken(self, choice: Choice) -> str:
        parts = [choice.text, choice.told, "" if choice.possible else self.tr("not possible now")]
        return ", ".join(part for part in parts if part)

    def _step(self, steps: int) -> None:
        if rows := self._model.rowCount():
            self._select(min(max(self.list.currentIndex().row() + steps, 0), rows - 1))

    def _select(self, row: int) -> None:
        index = self._model.index(row, 0)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)
        self.search.setAccessibleDescription(self._spoken(self._by_key[index.data(NAME)]))
        self.pointed.emit(index.data(NAME))

    def _choose(self, key: str) -> None:
        if key and self._by_key[key].possible:
            self.close_up()
            self.chosen.emit(key)


class _Rows(QListView):
    """The rows, which never take the keys from the field."""

    def __init__(self, model: QStandardItemModel, name: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.painter = RowPainter(self)
        self.setModel(model)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("bare", True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(self.painter)
