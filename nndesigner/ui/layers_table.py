"""The layers of the run in a table: a row each, with what was seen of it last."""

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui.theme import font, look
from nndesigner.ui.vitals import Vital, Vitals, level, percents, scientific

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_ROW = 28
_SORT, _LEVEL, _TONE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
NAME, STATE, GRADIENT, WEIGHT, UPDATE, ACTIVATIONS, DEAD = range(7)


class LayersModel(QAbstractTableModel):
    """The layers, in the order of computation."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.vitals: list[Vital] = []
        self._heads = (
            (self.tr("Layer"), self.tr("The name of its node")),
            (self.tr("State"), self.tr("What the numbers say together")),
            (
                self.tr("Gradient"),
                self.tr("Norm of the gradients of its weights; the bar shows its logarithm"),
            ),
            (self.tr("Weights"), self.tr("Norm of its weights")),
            (self.tr("Update"), self.tr("How much of the weights one step changes; about 0.001 is usual")),
            (self.tr("Activations"), self.tr("Mean and standard deviation of what it gives")),
            (self.tr("Dead"), self.tr("Part of its units that gave 0 for the whole batch")),
        )

    def show_layers(self, layers: Mapping[str, Vital]) -> None:
        """Shows these; the table rests where they are the same layers as before."""
        vitals = list(layers.values())
        if [one.name for one in vitals] == [one.name for one in self.vitals]:
            self.vitals = vitals
            if vitals:
                self.dataChanged.emit(self.index(0, STATE), self.index(len(vitals) - 1, DEAD))
            return
        self.beginResetModel()
        self.vitals = vitals
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.vitals)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._heads[section][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        return None

    def data(self, index: Index, role: int = 0) -> object:
        vital, column = self.vitals[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _WORDS[column](vital)
            case Qt.ItemDataRole.ToolTipRole:
                return vital.sentence if column == STATE else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _aligned(column)
            case Qt.ItemDataRole.FontRole:
                return font(12, mono=True) if column >= GRADIENT else None
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(vital, column)
        if role == _SORT:
            return index.row() if column == NAME else _RANKS[column](vital)
        if role == _TONE:
            return vital.tone
        if role == _LEVEL:
            return level(vital.health.gradient) if column == GRADIENT and vital.learns else None
        return None

    @staticmethod
    def _colour(vital: Vital, column: int) -> QColor:
        theme = look.theme
        if column == STATE and vital.tone != "good":
            return QColor(theme.colour(vital.tone))
        quiet = column == STATE or (column in (GRADIENT, WEIGHT, UPDATE) and not vital.health.weight)
        return QColor(theme.secondary if quiet else theme.ink)


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in (NAME, STATE) else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _weighed(value: Callable[[Vital], float]) -> Callable[[Vital], str]:
    """In words, or a dash for a layer that has no weights."""
    return lambda vital: scientific(value(vital)) if vital.health.weight else "–"


_RANKS: dict[int, Callable[[Vital], float | str]] = {
    STATE: lambda vital: {"good": 0, "warning": 1, "error": 2}[vital.tone],
    GRADIENT: lambda vital: _finite(vital.health.gradient),
    WEIGHT: lambda vital: _finite(vital.health.weight),
    UPDATE: lambda vital: _finite(vital.health.update),
    ACTIVATIONS: lambda vital: _finite(vital.health.deviation),
    DEAD: lambda vital: _finite(vital.health.dead),
}
_WORDS: dict[int, Callable[[Vital], str]] = {
    NAME: lambda vital: vital.name,
    STATE: lambda vital: vital.word,
    GRADIENT: _weighed(lambda vital: vital.health.gradient),
    WEIGHT: _weighed(lambda vital: vital.health.weight),
    UPDATE: _weighed(lambda vital: vital.health.update),
    ACTIVATIONS: lambda vital: f"{scientific(vital.health.mean)} ± {scientific(vital.health.deviation)}",
    DEAD: lambda vital: percents(vital.health.dead),
}


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.inf


class _Cells(QStyledItemDelegate):
    """Cells as they are, with a bar below the number of a gradient."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        length = index.data(_LEVEL)
        if length is None:
            return
        theme = look.theme
        room = QRectF(option.rect).adjusted(8, 0, -8, -3)
        bar = QRectF(room.left(), room.bottom() - 3, room.width(), 3)
        painter.fillRect(bar, QColor(theme.raised))
        bar.setWidth(max(2.0, bar.width() * length))
        painter.fillRect(bar, QColor(theme.colour(index.data(_TONE))))


class LayersTable(QWidget):
    """The table; it follows only while it can be seen.

    **Signals:** `chosen` with the name of the layer whose row was picked.
    """

    chosen = Signal(str)

    def __init__(self, vitals: Vitals, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vitals = vitals
        self.model = LayersModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(_SORT)
        self._sorted.setDynamicSortFilter(True)
        self.table = QTableView(self)
        self._set_up()
        empty = QLabel(self.tr("While a run goes on, each layer has a row here."), self)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setProperty("tone", "secondary")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        vitals.changed.connect(self._follow)
        self._showing = False
        look.changed.connect(self.table.viewport().update)

    def _set_up(self) -> None:
        table = self.table
        table.setObjectName("layersTable")
        table.setAccessibleName(self.tr("Layers of the run"))
        table.setModel(self._sorted)
        table.setItemDelegate(_Cells(table))
        table.setProperty("bare", True)
        table.setShowGrid(False)
        table.setSortingEnabled(True)
        table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(56)
        for column, width in {
            STATE: 120,
            GRADIENT: 88,
            WEIGHT: 80,
            UPDATE: 80,
            ACTIVATIONS: 132,
            DEAD: 72,
        }.items():
            table.setColumnWidth(column, width)
        table.selectionModel().currentRowChanged.connect(self._choose)

    def select(self, name: str) -> None:
        """Marks the row of a layer, and nothing where it has none."""
        rows = [row for row, vital in enumerate(self.model.vitals) if vital.name == name]
        self._showing = True
        if rows:
            place = self._sorted.mapFromSource(self.model.index(rows[0], NAME))
            self.table.setCurrentIndex(place)
        else:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self._showing = False

    def _follow(self) -> None:
        if self.isVisible():
            self._pages.setCurrentIndex(1 if self._vitals.layers else 0)
            outer = {name: one for name, one in self._vitals.layers.items() if "/" not in name}
            self.model.show_layers(outer)

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid() and not self._showing:
            self.chosen.emit(self._sorted.mapToSource(current.siblingAtColumn(NAME)).data())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()
