"""What of a file of weights fits the network, what does not, and whether the next run is to begin with it."""

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nndesigner.matching import Match, match, shape_words
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font

if TYPE_CHECKING:
    from nndesigner.ui.weights.work import Looked

_SIZE = (560, 520)
_ROW = 24


class WeightsDialog(QDialog):
    """What fits, by name and shape. **Signals:** `accepted_with` with whether weights are taken by their order too."""

    accepted_with = Signal(bool)

    def __init__(self, looked: "Looked", parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("weightsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Weights from {}").format(looked.start.path.name))
        self.resize(min(_SIZE[0], parent.width() - 32), min(_SIZE[1], parent.height() - 32))
        self._wanted, self._found, self._constants = looked.wanted, looked.found, looked.constants
        self._sum = plain_label("", face=font(15, QFont.Weight.DemiBold))
        self._sum.setObjectName("weightsSum")
        self._words = plain_label("", "secondary", wrap=True)
        self.tree = QTreeWidget(self)
        self.tree.setObjectName("weightsTree")
        self.tree.setAccessibleName(self.tr("What fits and what does not"))
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(12)
        self.tree.setUniformRowHeights(True)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._by_order = QCheckBox(
            self.tr("Also take what is left in its order, as long as shapes agree"), self
        )
        self._by_order.setObjectName("weightsByOrder")
        self._by_order.toggled.connect(self._refresh)
        self._use = QPushButton(self.tr("Start from these"))
        self._use.setObjectName("weightsUse")
        self._use.setProperty("primary", True)
        self._use.setDefault(True)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setObjectName("weightsCancel")
        self._buttons = QDialogButtonBox(self)
        self._buttons.addButton(self._use, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for widget in (self._sum, self._words, self.tree, self._by_order, self._buttons):
            column.addWidget(widget)
        self._refresh()
        self._by_order.setVisible(bool(self.matched.missing and self.matched.unexpected))

    def _refresh(self) -> None:
        self.matched: Match = match(self._wanted, self._found, self._by_order.isChecked(), self._constants)
        found = self.matched
        self._sum.setText(self.tr("{} of {} fit").format(f"{len(found.pairs):,}", f"{found.wanted:,}"))
        self._words.setText(self._said(found))
        self._use.setEnabled(bool(found.pairs))
        self.tree.clear()
        self._list(self.tr("Of another shape"), [str(one) for one in found.misfits])
        self._list(
            self.tr("Not in the file"),
            [f"{name}  {shape_words(self._wanted[name])}" for name in found.missing],
        )
        self._list(
            self.tr("Not used"), [f"{name}  {shape_words(self._found[name])}" for name in found.unexpected]
        )
        renamed = [f"{own} ← {name}" for own, name in found.pairs if own != name]
        self._list(self.tr("Under another name"), renamed, folded=bool(found.missing or found.misfits))
        same = [own for own, name in found.pairs if own == name]
        self._list(self.tr("Under the same name"), same, folded=True)

    def _said(self, found: Match) -> str:
        if not found.pairs:
            return self.tr(
                "Nothing in the file has the name and shape of a weight here, so no run can begin with it."
            )
        if found.is_whole:
            return self.tr("The next run begins with all of the network’s weights from this file.")
        return self.tr("The next run begins with those, and with random weights where nothing fits.")

    def _list(self, title: str, lines: list[str], *, folded: bool = False) -> None:
        if not lines:
            return
        top = QTreeWidgetItem(self.tree, [f"{title} ({len(lines):,})"])
        top.setFont(0, font(12, QFont.Weight.DemiBold))
        top.setSizeHint(0, QSize(0, _ROW))
        for line in lines:
            item = QTreeWidgetItem(top, [line])
            item.setFont(0, font(12, mono=True))
            item.setToolTip(0, f"<span>{html.escape(line)}</span>")
        top.setExpanded(not folded)

    def _accept(self) -> None:
        by_order = self._by_order.isChecked()
        self.accept()
        self.accepted_with.emit(by_order)
