"""The kept runs as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QDate,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

from nndesigner.training.report import Metrics
from nndesigner.training.runs import RunInfo
from nndesigner.ui import figures
from nndesigner.ui.fields import explained
from nndesigner.ui.theme import font, look

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
RUN, STARTED, STATUS, EPOCHS, BEST, TEST, DURATION, CHANGES, NOTE = range(9)
SORT = Qt.ItemDataRole.UserRole
COLOUR = Qt.ItemDataRole.UserRole + 1
ICON = Qt.ItemDataRole.UserRole + 2
_RISING = ("accuracy", "binary_accuracy", "rounded_accuracy", "token_accuracy")
_RIGHT = (EPOCHS, BEST, TEST, DURATION)
ICONS = {
    "running": ("train", "accent_text"),
    "finished": ("ok", "good"),
    "stopped": ("stop", "secondary"),
    "failed": ("problem", "error"),
    "interrupted": ("warning", "warning"),
}


def status_word(run: RunInfo) -> str:
    """How a run stands."""
    return {
        "running": QCoreApplication.translate("Runs", "running"),
        "finished": QCoreApplication.translate("Runs", "finished"),
        "stopped": QCoreApplication.translate("Runs", "stopped"),
        "failed": QCoreApplication.translate("Runs", "failed"),
        "interrupted": QCoreApplication.translate("Runs", "interrupted"),
    }[run.status]


def told(metrics: Metrics) -> str:
    """The metric that matters most, in words; the loss where there is no other."""
    name = next((name for name in metrics if name != "loss"), "loss" if metrics else "")
    if not name:
        return "–"
    value = metrics[name]
    return figures.percent(value) if name in _RISING else figures.measured(value)


def goodness(metrics: Metrics) -> float:
    """The same as a number: the larger the better."""
    name = next((name for name in metrics if name != "loss"), "loss" if metrics else "")
    if not name or metrics[name] != metrics[name]:
        return float("-inf")
    return metrics[name] if name in _RISING else -metrics[name]


class RunsModel(QAbstractTableModel):
    """One run a row, the newest first; the note can be edited.

    **Signals:** `noted` with the folder of a run and its new note.
    """

    noted = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: list[RunInfo] = []
        self._colours: Mapping[Path, str] = {}
        self._heads = (
            self.tr("Run"), self.tr("Started"), self.tr("Status"), self.tr("Epochs"), self.tr("Validation"),
            self.tr("Test"), self.tr("Duration"), self.tr("What changed"), self.tr("Note"),
        )  # fmt: skip
        self._head_tips = {
            BEST: self.tr("After the epoch with the lowest validation loss"),
            TEST: self.tr("On data kept for the end"),
            CHANGES: self.tr("How the project differs from that of the run before"),
            NOTE: self.tr("Yours: a double click or F2 changes it."),
        }

    def show_runs(self, found: Sequence[RunInfo]) -> None:
        """Shows these; the table rests where they are the same runs as before."""
        newest = sorted(found, key=lambda run: -run.number)
        if [run.folder for run in newest] == [run.folder for run in self.runs]:
            for row, run in enumerate(newest):
                self._replace(row, run)
            return
        self.beginResetModel()
        self.runs = newest
        self.endResetModel()

    def update_run(self, run: RunInfo) -> bool:
        """Shows what came of one run since; tells whether it is among those shown. What differs was told before."""
        for row, known in enumerate(self.runs):
            if known.folder == run.folder:
                self._replace(row, run if run.changes else replace(run, changes=known.changes))
                return True
        return False

    def set_colours(self, colours: Mapping[Path, str]) -> None:
        """The colours of the curves, by the folders of their runs."""
        self._colours = colours
        if self.runs:
            self.dataChanged.emit(self.index(0, RUN), self.index(len(self.runs) - 1, RUN))

    def _replace(self, row: int, run: RunInfo) -> None:
        if run != self.runs[row]:
            self.runs[row] = run
            self.dataChanged.emit(self.index(row, RUN), self.index(row, NOTE))

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._head_tips.get(section, "")
        return _aligned(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NOTE else flags

    def data(self, index: Index, role: int = 0) -> object:
        run, column = self.runs[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(run, column)
            case Qt.ItemDataRole.EditRole:
                return run.note if column == NOTE else None
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(run, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _aligned(column)
            case Qt.ItemDataRole.FontRole:
                return font(12, mono=True) if column in _RIGHT else None
            case Qt.ItemDataRole.ForegroundRole:
                quiet = column in (STARTED, DURATION, CHANGES) or self._words(run, column) == "–"
                return QColor(look.theme.secondary if quiet else look.theme.ink)
        if role == SORT:
            return self._rank(run, column)
        if role == COLOUR and column == RUN:
            return self._colours.get(run.folder)
        return ICONS[run.status] if role == ICON and column == STATUS else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        run = self.runs[index.row()]
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or index.column() != NOTE or text == run.note:
            return False
        self._replace(index.row(), replace(run, note=text))
        self.noted.emit(run.folder, text)
        return True

    def _words(self, run: RunInfo, column: int) -> str:
        match column:
            case 0:
                return str(run.number)
            case 1:
                return _when(run.started)
            case 2:
                return status_word(run)
            case 3:
                return f"{run.epochs} / {run.epochs_set}" if run.epochs_set else "–"
            case 4:
                return told(run.best)
            case 5:
                return told(run.test)
            case 6:
                return figures.duration(run.seconds) if run.seconds else "–"
            case 7:
                return ", ".join(run.changes)
        return run.note

    def _tip(self, run: RunInfo, column: int) -> str:
        match column:
            case 2:
                return explained(run.reason)
            case 4 if run.best:
                return explained(self.tr("Epoch {}: {}").format(run.best_epoch, _all(run.best)))
            case 5:
                return explained(_all(run.test))
            case 7:
                return explained(*run.changes)
            case 8:
                return explained(run.note, self.tr("A double click or F2 changes the note."))
        return ""

    @staticmethod
    def _rank(run: RunInfo, column: int) -> object:
        match column:
            case 0 | 1:
                return run.number
            case 2:
                return run.status
            case 3:
                return run.epochs
            case 4:
                return goodness(run.best)
            case 5:
                return goodness(run.test)
            case 6:
                return run.seconds
            case 7:
                return ", ".join(run.changes)
        return run.note


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _all(metrics: Metrics) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {figures.percent(value) if name in _RISING else figures.measured(value)}"
        for name, value in metrics.items()
    )


def _when(moment: datetime | None) -> str:
    """Today's by the hour, others by date and hour."""
    if moment is None:
        return "–"
    local = QDateTime.fromSecsSinceEpoch(round(moment.timestamp()))
    hour = QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)
    if local.date() == QDate.currentDate():
        return hour
    return f"{QLocale().toString(local.date(), QLocale.FormatType.ShortFormat)} {hour}"
