"""The list of what differs, grouped by graph; choosing a line shows it on both sides."""

import html

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QLabel, QStackedWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from nndesigner.difference import Difference, Group, Line, told
from nndesigner.ui.compare.marks import colour_of, shown_sign
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font, look

_ROW = 26
_LINE, _BLOCK = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class Listing(QStackedWidget):
    """Lines in groups. **Signals:** `chosen` with the block of a line, and the line."""

    chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("differences")
        self.total = 0
        self.tree = QTreeWidget()
        self.tree.setObjectName("differencesTree")
        self.tree.setAccessibleName(self.tr("Differences"))
        self.tree.setProperty("bare", True)
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(0)
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setUniformRowHeights(False)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.currentItemChanged.connect(lambda item, _: self._choose(item))
        self.tree.itemClicked.connect(lambda item, _: self._choose(item))
        self._empty: QLabel = plain_label(
            self.tr("Nothing differs but where things stand."), "secondary", wrap=True
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self._empty)
        self.addWidget(self.tree)
        self.addWidget(holder)
        self._quiet = False
        look.changed.connect(self._colour)

    def show_difference(self, found: Difference) -> None:
        """Lists all of it."""
        self._quiet = True
        self.tree.clear()
        groups = told(found)
        for group in groups:
            self._add(group)
        self.tree.expandAll()
        self._quiet = False
        self.total = sum(len(group.lines) for group in groups)
        self.setCurrentIndex(0 if groups else 1)
        self._colour()

    def lines(self) -> list[str]:
        """What it says, line by line."""
        return [f"{line.sign} {line.text}" for line in self._all_lines()]

    def mark(self, block: str, name: str, before: bool) -> None:
        """Marks the line about a node, if there is one, without choosing it."""
        self._quiet = True
        self.tree.setCurrentItem(None)
        for item in self._items():
            line: Line = item.data(0, _LINE)
            if item.data(0, _BLOCK) == block and name in (line.before if before else line.after):
                self.tree.setCurrentItem(item)
                break
        self._quiet = False

    def choose(self, row: int) -> None:
        """Chooses a line by its number."""
        self.tree.setCurrentItem(self._items()[row])

    def _add(self, group: Group) -> None:
        top = QTreeWidgetItem(self.tree, [group.title[:1].upper() + group.title[1:]])
        top.setFlags(Qt.ItemFlag.ItemIsEnabled)
        top.setFont(0, font(11, QFont.Weight.DemiBold))
        top.setSizeHint(0, QSize(0, _ROW + 6))
        for line in group.lines:
            item = QTreeWidgetItem(top, [f"{shown_sign(line.sign)}  {line.text}"])
            item.setData(0, _LINE, line)
            item.setData(0, _BLOCK, group.block)
            item.setSizeHint(0, QSize(0, _ROW))
            item.setFont(0, font(12, mono=True))
            item.setToolTip(0, f"<span>{html.escape(line.text)}</span>")
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, _spoken(line))
            if not (group.is_graph and (line.before or line.after)):
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        line = item.data(0, _LINE) if item is not None else None
        if not self._quiet and isinstance(line, Line) and (line.before or line.after):
            self.chosen.emit(item.data(0, _BLOCK), line)

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount())]
        return [top.child(row) for top in tops for row in range(top.childCount())]

    def _all_lines(self) -> list[Line]:
        return [item.data(0, _LINE) for item in self._items()]

    def _colour(self) -> None:
        for item in self._items():
            item.setForeground(0, colour_of(item.data(0, _LINE).sign))
        for row in range(self.tree.topLevelItemCount()):
            self.tree.topLevelItem(row).setForeground(0, QColor(look.theme.secondary))


def _spoken(line: Line) -> str:
    return {"+": "added: ", "-": "removed: ", "~": "changed: "}[line.sign] + line.text
