"""The list of all data sets: where they are from, and whether they are here."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui import icons
from nndesigner.ui.data.library import Entry, Library
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font, look

_NAME = Qt.ItemDataRole.UserRole


class Shelves(QWidget):
    """The list with its search. **Signals:** `chosen` with the name of a data set."""

    chosen = Signal(str)

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._search = QLineEdit(self)
        self._search.setObjectName("dataSearch")
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search data sets"))
        self._search.setClearButtonEnabled(True)
        self._search.addAction(
            icons.icon("search", colour="secondary"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._search.textChanged.connect(self._fill)
        self._tree = QTreeWidget(self)
        self._tree.setObjectName("dataList")
        self._tree.setAccessibleName(self.tr("Data sets"))
        self._tree.setProperty("bare", True)
        self._tree.setColumnCount(2)
        self._tree.setHeaderHidden(True)
        self._tree.setRootIsDecorated(False)
        self._tree.setIndentation(0)
        self._tree.setItemsExpandable(False)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.header().setStretchLastSection(False)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.currentItemChanged.connect(self._choose)
        self._none = plain_label("", "secondary", font(11), wrap=True)
        self.setFocusProxy(self._tree)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._tree, 1)
        column.addWidget(self._none)
        library.changed.connect(self._fill)
        library.fetches.changed.connect(self._mark)
        look.changed.connect(self._fill)
        self._current = ""
        self._fill()

    @property
    def current(self) -> str:
        """The name of the one that is chosen, or nothing."""
        return self._current

    def choose(self, name: str) -> None:
        """Chooses one, or none; tells of it only where it is another."""
        if name:
            self._search.clear()
        self._current = name
        self._fill()

    def unmark(self) -> None:
        """Marks none in the list, though the one that was chosen is remembered."""
        self._tree.blockSignals(True)
        self._tree.setCurrentItem(None)
        self._tree.blockSignals(False)

    def names(self) -> list[str]:
        """All that are listed, in order."""
        return [str(item.data(0, _NAME)) for item in self._items()]

    def item(self, name: str) -> QTreeWidgetItem | None:
        """The row of a data set."""
        return next((item for item in self._items() if item.data(0, _NAME) == name), None)

    def _items(self) -> list[QTreeWidgetItem]:
        groups = [self._tree.topLevelItem(index) for index in range(self._tree.topLevelItemCount())]
        return [group.child(index) for group in groups for index in range(group.childCount())]

    def _fill(self) -> None:
        heads = {
            "bundled": self.tr("With the program"),
            "fetched": self.tr("Fetched when wanted"),
            "own": self.tr("Your own"),
        }
        wanted = self._search.text().strip().casefold()
        self._tree.blockSignals(True)
        self._tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for entry in self._library.entries():
            one = entry.data_set
            if wanted and not any(wanted in text.casefold() for text in (one.name, one.title, one.sentence)):
                continue
            if entry.group not in groups:
                groups[entry.group] = self._head(heads[entry.group])
            item = QTreeWidgetItem([one.title, self._state(entry)])
            item.setData(0, _NAME, one.name)
            item.setToolTip(0, one.sentence)
            item.setForeground(1, self._tree.palette().placeholderText())
            item.setFont(1, font(11))
            groups[entry.group].addChild(item)
        self._tree.expandAll()
        if (current := self.item(self._current)) is not None:
            self._tree.setCurrentItem(current)
        self._tree.blockSignals(False)
        broken = self._library.broken
        told = (
            self.tr("Nothing here is called “{}”.").format(self._search.text())
            if wanted and not groups
            else ""
        )
        self._none.setText(told or " ".join(broken))
        self._none.setVisible(bool(self._none.text()))

    def _head(self, words: str) -> QTreeWidgetItem:
        head = QTreeWidgetItem([words])
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        head.setFont(0, font(11, QFont.Weight.DemiBold))
        head.setForeground(0, self._tree.palette().placeholderText())
        self._tree.addTopLevelItem(head)
        head.setFirstColumnSpanned(True)
        return head

    def _state(self, entry: Entry) -> str:
        return {
            "here": "",
            "to fetch": self.tr("to fetch"),
            "fetching": self.tr("coming …"),
            "missing": self.tr("missing"),
        }[entry.presence]

    def _mark(self, name: str) -> None:
        entry, item = self._library.find(name), self.item(name)
        if entry is not None and item is not None:
            item.setText(1, self._state(entry))

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        name = str(item.data(0, _NAME) or "") if item is not None else ""
        if name:
            self._current = name
            self.chosen.emit(name)
