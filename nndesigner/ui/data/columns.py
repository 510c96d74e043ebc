"""The columns of a table that is being added: what each holds and what is done with it, to be set right."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from nndesigner.data.looking.found import Column
from nndesigner.ui import icons
from nndesigner.ui.data.tables import dress_table
from nndesigner.ui.figures import thousands
from nndesigner.ui.theme import look

Index = QModelIndex | QPersistentModelIndex
TYPES = ("number", "category", "boolean", "date", "text")
USES = ("feature", "group", "part", "")
PREDICT, NAME, TYPE, USE, MISSING, WHY, DISTINCT, EXAMPLES = range(8)
_EDITED = (TYPE, USE)


def _said(text: str) -> str:
    return QCoreApplication.translate("Columns", text)


def type_word(name: str) -> str:
    """How a type of column is called."""
    words = {
        "number": _said("number"),
        "category": _said("category"),
        "boolean": _said("yes or no"),
        "date": _said("date"),
        "text": _said("text"),
    }
    return words.get(name, name)


def use_word(role: str) -> str:
    """What is done with a column, in a word or two."""
    words = {
        "feature": _said("learned from"),
        "text": _said("learned from"),
        "target": _said("predicted"),
        "group": _said("group"),
        "part": _said("part"),
        "": _said("not used"),
    }
    return words.get(role, role)


def leaks(column: Column) -> bool:
    """Whether a column tells what is to be predicted by itself."""
    return "it alone tells" in column.why


class ColumnsModel(QAbstractTableModel):
    """The columns as a table.

    **Signals:** `type_chosen` and `use_chosen` with a column's name and what it is to be.
    """

    type_chosen = Signal(str, str)
    use_chosen = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Shows these; the view keeps its place where they have the same names."""
        same = [one.name for one in columns] == [one.name for one in self.columns]
        if not same:
            self.beginResetModel()
        self.columns = tuple(columns)
        if same and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(columns) - 1, EXAMPLES))
        elif not same:
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else EXAMPLES + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() in _EDITED and self.editable(index):
            found |= Qt.ItemFlag.ItemIsEditable
        if index.column() == PREDICT:
            found |= Qt.ItemFlag.ItemIsUserCheckable
        return found

    def editable(self, index: Index) -> bool:
        """Whether there is something to choose: what is predicted is chosen by predicting another."""
        return not (index.column() == USE and self.columns[index.row()].role == "target")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight if section in (MISSING, DISTINCT) else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.tr("Predict"), self.tr("Column"), self.tr("Type"), self.tr("Use"), self.tr("Missing"),
            self.tr("What was found"), self.tr("Different"), self.tr("Values"),
        )[section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, at = self.columns[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (
                "", one.name, type_word(one.type), use_word(one.role), thousands(one.missing) if one.missing else "",
                one.why[:1].upper() + one.why[1:], thousands(one.distinct), ", ".join(one.examples),
            )[at]  # fmt: skip
        if role == Qt.ItemDataRole.EditRole:
            return one.type if at == TYPE else "feature" if one.role == "text" else one.role
        if role == Qt.ItemDataRole.CheckStateRole and at == PREDICT:
            return Qt.CheckState.Checked if one.role == "target" else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if at in (MISSING, DISTINCT) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            theme = look.theme
            if at == WHY and leaks(one):
                return QColor(theme.warning)
            return QColor(theme.ink if one.used and at != WHY else theme.secondary)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        one = self.columns[index.row()]
        if role == Qt.ItemDataRole.EditRole and value != self.data(index, role):
            (self.type_chosen if index.column() == TYPE else self.use_chosen).emit(one.name, str(value))
            return True
        if role == Qt.ItemDataRole.CheckStateRole and one.role != "target":
            self.use_chosen.emit(one.name, "target")
            return True
        return False


class _Picks(QStyledItemDelegate):
    """Draws what can be chosen with a mark, and offers the choices where a cell is clicked."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        combo = QComboBox(parent)
        combo.setObjectName("columnChoice")
        combo.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        for name in TYPES if index.column() == TYPE else USES:
            combo.addItem(type_word(name) if index.column() == TYPE else use_word(name), name)
        combo.activated.connect(lambda: self._choose(combo))
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))
        editor.showPopup()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)

    def _choose(self, combo: QComboBox) -> None:
        self.commitData.emit(combo)
        self.closeEditor.emit(combo)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.column() == PREDICT:
            self._paint_radio(painter, option, index)
            return
        if index.column() in _EDITED and index.flags() & Qt.ItemFlag.ItemIsEditable:
            inner = QStyleOptionViewItem(option)
            super().paint(painter, inner, index)
            mark = QRect(option.rect.right() - 20, option.rect.center().y() - 6, 12, 12)
            icons.icon("chevron-down", colour="secondary").paint(painter, mark)
            return
        super().paint(painter, option, index)

    @staticmethod
    def _paint_radio(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = look.theme
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        if index.row() % 2:
            painter.fillRect(option.rect, QColor(theme.raised))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = option.rect.center()
        painter.setPen(QPen(QColor(theme.fill if on else theme.edge), 4 if on else 1))
        painter.setBrush(QColor(theme.surface))
        reach = 5 if on else 6
        painter.drawEllipse(middle, reach, reach)
        painter.restore()


class ColumnsTable(QTableView):
    """The table of columns; a click on a type or a use offers the others, one on the left predicts that column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("addColumns")
        self.setAccessibleName(self.tr("Columns"))
        self.columns = ColumnsModel(self)
        self.setModel(self.columns)
        self._picks = _Picks(self)  # kept: a view does not own its delegate
        self.setItemDelegate(self._picks)
        dress_table(self)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.clicked.connect(self._pick)
        head = self.horizontalHeader()
        head.setStretchLastSection(True)
        head.setSectionResizeMode(PREDICT, QHeaderView.ResizeMode.Fixed)
        widths = {
            PREDICT: 62,
            NAME: 122,
            TYPE: 100,
            USE: 118,
            MISSING: 68,
            WHY: 286,
            DISTINCT: 78,
            EXAMPLES: 180,
        }
        for column, wide in widths.items():
            self.setColumnWidth(column, wide)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Shows these."""
        self.columns.show_columns(columns)

    def cell(self, name: str, column: int) -> QRect:
        """Where a cell of the column of that name is."""
        row = [one.name for one in self.columns.columns].index(name)
        return self.visualRect(self.columns.index(row, column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _pick(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        if index.column() == PREDICT:
            self.columns.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        elif index.column() in _EDITED and self.columns.editable(index):
            self.edit(index)
