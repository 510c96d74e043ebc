"""The search where the pointer is: a few letters, arrow keys and Enter, and a layer stands there."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from nndesigner.catalogue.kind import Kind
from nndesigner.ui.adding.habits import Habits
from nndesigner.ui.adding.panel import Panel
from nndesigner.ui.facts import plain_label
from nndesigner.ui.palette import NAME, RowPainter, SearchField, found_by, likely, row_of, star_of
from nndesigner.ui.theme import font

_WIDTH, _ROWS, _ROW = 320, 9, 28
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS - 1, Qt.Key.Key_PageUp: 1 - _ROWS}
Rank = Callable[[Kind], tuple[int, ...]]


class LayerSearch(Panel):
    """A search among kinds that fit, with what the one at hand does. **Signals:** `chosen` with a kind's name."""

    chosen = Signal(str)

    def __init__(self, habits: Habits, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layerSearch")
        self._habits = habits
        self._kinds: Sequence[Kind] = ()
        self._rank: Rank = habits.rank
        self._model = QStandardItemModel(self)
        self._head = plain_label("", "secondary", font(11))
        self._head.setObjectName("layerSearchHead")
        self.search = SearchField(self)
        self.search.setObjectName("layerSearchField")
        self.list = _Rows(self._model, habits, self)
        self._told = plain_label("", "secondary", font(11), wrap=True)
        self._told.setObjectName("layerSearchTold")
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._told.setMinimumHeight(2 * self._told.fontMetrics().lineSpacing() + 2)
        self.watch(self.search)
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.list.clicked.connect(self._clicked)
        self.list.selectionModel().currentChanged.connect(self._tell)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(self.search)
        column.addWidget(self.list)
        column.addWidget(self._told)
        self.setFixedWidth(_WIDTH)

    def offer(self, kinds: Sequence[Kind], head: str, at: QPoint, rank: Rank | None = None) -> None:
        """Opens at a place of the parent, with these kinds to choose from, and a line that says for what."""
        self._kinds, self._rank = likely(kinds), rank or self._habits.rank
        self.setFixedWidth(min(_WIDTH, max(160, self.parentWidget().width() - 16)))
        self._head.setText(head)
        self._head.setVisible(bool(head))
        if self.search.text():
            self.search.setText("")
        else:
            self._fill()
        self.adjustSize()
        room = self.parentWidget().size()
        x = min(max(at.x(), 8), room.width() - self.width() - 8)
        y = min(max(at.y(), 8), room.height() - self.height() - 8)
        self.move(max(x, 8), max(y, 8))
        self.open()

    def names(self) -> list[str]:
        """What is listed now, in order."""
        return [self._model.index(row, 0).data(NAME) for row in range(self._model.rowCount())]

    def key_pressed(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _STEPS:
            self._step(_STEPS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._step(1 if key == Qt.Key.Key_Tab else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if name := self.list.currentIndex().data(NAME):
                self._choose(name)
        else:
            return super().key_pressed(event)
        return True

    def _fill(self) -> None:
        query = self.search.text().strip()
        self._model.clear()
        ranked = [
            (found or 0, self._rank(kind), place, kind)
            for place, kind in enumerate(self._kinds)
            if (found := found_by(kind, query) if query else 0) is not None
        ]
        for *_, kind in sorted(ranked, key=lambda one: one[:3]):
            self._model.appendRow(row_of(kind))
        self.list.setVisible(bool(ranked))
        if ranked:
            self.list.setFixedHeight(min(len(ranked), _ROWS) * _ROW)
            self._select(0)
        elif query:
            words = self.tr("Nothing that fits here is called “{query}”. Try what it does: “normalize”.")
            self._told.setText(words.format(query=query))
        else:
            self._told.setText(self.tr("Nothing fits here."))
        self.adjustSize()

    def _step(self, steps: int) -> None:
        rows = self._model.rowCount()
        if rows:
            self._select(min(max(self.list.currentIndex().row() + steps, 0), rows - 1))

    def _select(self, row: int) -> None:
        index = self._model.index(row, 0)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)
        self._tell(index)

    def _tell(self, index: QModelIndex) -> None:
        if (words := index.data(Qt.ItemDataRole.AccessibleDescriptionRole)) is not None:
            self._told.setText(words)
            self.search.setAccessibleDescription(f"{index.data(NAME)}: {words}")

    def _clicked(self, index: QModelIndex) -> None:
        if (name := index.data(NAME)) and not self.list.starred:
            self._choose(name)

    def _choose(self, name: str) -> None:
        self.close_up()
        self.chosen.emit(name)


class _Rows(QListView):
    """The rows, which never take the keys from the field."""

    def __init__(self, model: QStandardItemModel, habits: Habits, parent: QWidget) -> None:
        super().__init__(parent)
        self.habits = habits
        self.starred = False
        self.setModel(model)
        self.setObjectName("layerSearchList")
        self.setAccessibleName(self.tr("Layers that fit"))
        self.setProperty("bare", True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(RowPainter(self))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        self.starred = bool(index.data(NAME)) and star_of(self.visualRect(index)).contains(at)
        if self.starred:
            self.habits.toggle(index.data(NAME))
            self.viewport().update()
            return
        super().mousePressEvent(event)
