"""The table of the project's runs: looked through, compared, noted, opened, gone on with, deleted."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QIcon, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nndesigner.training.runs import RunInfo
from nndesigner.ui import icons
from nndesigner.ui.facts import quiet_button
from nndesigner.ui.question import Role, ask, nothing
from nndesigner.ui.runs_model import (
    BEST,
    CHANGES,
    COLOUR,
    DURATION,
    EPOCHS,
    ICON,
    NOTE,
    RUN,
    SORT,
    STARTED,
    STATUS,
    TEST,
    RunsModel,
)
from nndesigner.ui.theme import look

_ROW = 28
_WIDTHS = {RUN: 64, STARTED: 88, STATUS: 112, EPOCHS: 96, BEST: 120, TEST: 76, DURATION: 88, NOTE: 136}
# Hues that are told apart side by side, in the order they are given to runs.
COLOURS = ("linear", "activation", "pooling", "joining", "convolution", "loss", "recurrent", "resampling")
GO_ON = ("stopped", "interrupted", "failed")


@lru_cache
def _icon(name: str, colour: str) -> QIcon:
    """An icon in a colour of #RRGGBB."""
    return icons.icon(name, colour=colour)


class _Cells(QStyledItemDelegate):
    """Cells as they are, with the colour of a run's curves, and the icon of its status, before the words."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if found := index.data(ICON):
            name, colour = found
            option.icon = _icon(name, look.theme.colour(colour))
            option.decorationSize = QSize(14, 14)
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if colour := index.data(COLOUR):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.theme.family(colour)))
            place = QRectF(option.rect.right() - 22, option.rect.center().y() - 4, 10, 10)
            painter.drawRoundedRect(place, 3, 3)


class _Table(QTableView):
    """The rows; F2 is theirs, to write a note, not the window's."""

    def event(self, event: QEvent) -> bool:
        """Keeps F2 from the window's action."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_F2
        ):
            event.accept()
            return True
        return super().event(event)


class RunsPanel(QWidget):
    """The runs of the project; the curves of those that are selected are laid over one another elsewhere.

    **Signals:** `compared` with the selected runs, each with the name of its colour; `open_wanted`, `compare_wanted`,
    `resume_wanted`, `save_wanted`, `folder_wanted` and `delete_wanted` with a run; `noted` with the folder of a run and its new note.
    """

    compared = Signal(object)
    open_wanted = Signal(object)
    compare_wanted = Signal(object)
    resume_wanted = Signal(object)
    save_wanted = Signal(object)
    folder_wanted = Signal(object)
    delete_wanted = Signal(object)
    noted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsPanel")
        self.setAccessibleName(self.tr("Runs"))
        self._busy = False
        self._colours: dict[Path, str] = {}
        self.model = RunsModel(self)
        self.model.noted.connect(self.noted)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT)
        self.table = _Table(self)
        self._set_up()
        self._actions = self._make_actions()
        self._empty = QLabel(self.tr("Each run is kept here, with its curves and its weights."), self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("tone", "secondary")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addLayout(self._foot())
        self._choose()

    # What it is made of.

    def _set_up(self) -> None:
        table = self.table
        table.setObjectName("runsTable")
        table.setAccessibleName(self.tr("Runs of the project"))
        table.setModel(self._sorted)
        table.setItemDelegate(_Cells(table))
        table.setProperty("bare", True)
        table.setShowGrid(False)
        table.setSortingEnabled(True)
        table.sortByColumn(RUN, Qt.SortOrder.DescendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(CHANGES, QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(56)
        for column, width in _WIDTHS.items():
            table.setColumnWidth(column, width)
        table.selectionModel().selectionChanged.connect(self._choose)

    def _make_actions(self) -> dict[str, QAction]:
        records = (
            ("open", self.tr("Open as it was"), "", self.open_wanted),
            ("compare", self.tr("Compare with the canvas"), "", self.compare_wanted),
            ("resume", self.tr("Resume"), "", self.resume_wanted),
            ("save", self.tr("Save weights…"), "", self.save_wanted),
            ("folder", self.tr("Show folder"), "", self.folder_wanted),
            ("note", self.tr("Change the note"), "F2", None),
            ("delete", self.tr("Delete"), "Del", self.delete_wanted),
        )
        made = {}
        for name, words, keys, wanted in records:
            action = QAction(words, self)
            action.setObjectName(f"runs_{name}")
            if keys:
                action.setShortcut(QKeySequence(keys))
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                self.table.addAction(action)
            if wanted is not None:
                action.triggered.connect(lambda _=False, wanted=wanted: self._want(wanted))
            made[name] = action
        made["note"].triggered.connect(self._edit_note)
        return made

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        self._buttons: dict[str, QPushButton] = {}
        drawings = {
            "open": "open",
            "compare": "compare",
            "resume": "train",
            "save": "save",
            "folder": "external",
            "delete": "delete",
        }
        for name, drawing in drawings.items():
            action = self._actions[name]
            button = quiet_button(
                action.text(), f"runs{name.title()}", drawing, "error" if name == "delete" else "secondary"
            )
            button.clicked.connect(action.trigger)
            action.enabledChanged.connect(button.setEnabled)
            self._buttons[name] = button
            if name == "delete":
                row.addStretch(1)
            row.addWidget(button)
        return row

    # What is shown.

    @property
    def runs(self) -> list[RunInfo]:
        """The runs that are shown, the newest first."""
        return self.model.runs

    def show_runs(self, found: Sequence[RunInfo]) -> None:
        """Shows these runs; those that are selected stay so."""
        chosen = {run.folder for run in self.selected()}
        self.model.show_runs(found)
        self._pages.setCurrentIndex(1 if found else 0)
        if chosen and not self.table.selectionModel().hasSelection():
            self.select(chosen)
        self._choose()

    def update_run(self, run: RunInfo) -> bool:
        """Shows what came of one run since; tells whether it is among those shown."""
        known = self.model.update_run(run)
        if known:
            self._enable()
        return known

    def set_busy(self, busy: bool) -> None:
        """Whether a run goes on, so that none can be resumed."""
        self._busy = busy
        self._enable()

    def selected(self) -> list[RunInfo]:
        """The selected runs, from the top."""
        rows = self.table.selectionModel().selectedRows()
        places = sorted(rows, key=lambda index: index.row())
        return [self.model.runs[self._sorted.mapToSource(index).row()] for index in places]

    def select(self, folders: set[Path]) -> None:
        """Selects the runs in these folders."""
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        self.table.clearSelection()
        for row, run in enumerate(self.model.runs):
            if run.folder in folders:
                place = self._sorted.mapFromSource(self.model.index(row, RUN))
                self.table.selectionModel().select(place, flags)

    # What a person does.

    def _choose(self) -> None:
        """A run keeps the colour of its curves for as long as it is selected."""
        chosen = self.selected()
        folders = {run.folder for run in chosen}
        self._colours = {folder: name for folder, name in self._colours.items() if folder in folders}
        for run in chosen[: len(COLOURS)]:
            free = [name for name in COLOURS if name not in self._colours.values()]
            if run.folder not in self._colours and free:
                self._colours[run.folder] = free[0]
        self.model.set_colours(self._colours)
        self._enable()
        shown = [run for run in chosen if run.folder in self._colours]
        self.compared.emit([(run, self._colours[run.folder]) for run in shown])

    def _enable(self) -> None:
        chosen = self.selected()
        one = chosen[0] if len(chosen) == 1 else None
        for name in ("open", "compare", "folder", "note"):
            self._actions[name].setEnabled(one is not None)
        self._actions["save"].setEnabled(one is not None and one.status != "running")
        self._actions["resume"].setEnabled(one is not None and one.status in GO_ON and not self._busy)
        self._actions["delete"].setEnabled(bool(chosen) and all(run.status != "running" for run in chosen))

    def _want(self, wanted: object) -> None:
        chosen = self.selected()
        if wanted is self.delete_wanted:
            self._ask_delete(chosen)
        elif len(chosen) == 1:
            wanted.emit(chosen[0])

    def _ask_delete(self, chosen: list[RunInfo]) -> None:
        def delete() -> None:
            for run in chosen:
                self.delete_wanted.emit(run)

        numbers = ", ".join(str(run.number) for run in sorted(chosen, key=lambda run: run.number))
        question = self.tr("Delete run {}?") if len(chosen) == 1 else self.tr("Delete the runs {}?")
        ask(
            self.window(),
            question.format(numbers),
            self.tr("Curves, checkpoint and weights are deleted from the disk. This can’t be undone."),
            ("questionCancel", self.tr("Cancel"), Role.RejectRole, nothing),
            ("questionDelete", self.tr("Delete"), Role.DestructiveRole, delete),
        )

    def _edit_note(self) -> None:
        if (place := self.table.currentIndex()).isValid():
            self.table.edit(place.siblingAtColumn(NOTE))

    def _show_menu(self, at: QPoint) -> None:
        if not self.selected():
            return
        menu = QMenu(self)
        menu.setObjectName("runsMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self._actions.values()))
        menu.popup(self.table.viewport().mapToGlobal(at))
