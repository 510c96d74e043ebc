"""Asks what to compare with: the version last saved, a run of the project, or a file."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nndesigner.training.runs import RunInfo
from nndesigner.ui import runs_model
from nndesigner.ui.facts import plain_label

_ROW = 28
_MOST_ROWS = 10
_SAVED = "saved"


class CompareDialog(QDialog):
    """A list to choose from, and a button for a file.

    **Signals:** `saved_chosen`, `run_chosen` with a run, `file_wanted`.
    """

    saved_chosen = Signal()
    run_chosen = Signal(object)
    file_wanted = Signal()

    def __init__(self, saved: str, found: Sequence[RunInfo], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("compareDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Compare with"))
        self.setMinimumWidth(440)
        self._list = QListWidget(self)
        self._list.setObjectName("compareChoices")
        self._list.setAccessibleName(self.tr("What to compare with"))
        if saved:
            self._add(self.tr("{} as it was last saved").format(saved), _SAVED)
        for run in reversed(found):
            self._add(_words(run), run)
        self._list.setFixedHeight(min(_MOST_ROWS, max(3, self._list.count())) * _ROW + 8)
        self._list.itemDoubleClicked.connect(self._accept)
        self._list.currentItemChanged.connect(self._enable)
        file = QPushButton(self.tr("A file…"))
        file.setObjectName("compareFile")
        file.clicked.connect(self._want_file)
        self._compare = QPushButton(self.tr("Compare"))
        self._compare.setObjectName("compareGo")
        self._compare.setProperty("primary", True)
        self._compare.setDefault(True)
        self._compare.clicked.connect(self._accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setObjectName("compareCancel")
        box = QDialogButtonBox(self)
        box.addButton(self._compare, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(file)
        foot.addStretch(1)
        foot.addWidget(box)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        if not self._list.count():
            words = self.tr("There is no saved version and no run yet: compare with a file.")
            column.addWidget(plain_label(words, "secondary", wrap=True))
            self._list.hide()
        column.addWidget(self._list)
        column.addSpacing(8)
        column.addLayout(foot)
        if not self._list.count():
            self._compare.hide()
            file.setProperty("primary", True)
            file.setDefault(True)
            file.setFocus()
        self._list.setCurrentRow(0)
        self._enable()

    def _add(self, words: str, what: object) -> None:
        item = QListWidgetItem(words, self._list)
        item.setData(Qt.ItemDataRole.UserRole, what)
        item.setSizeHint(QSize(0, _ROW))

    def _enable(self) -> None:
        self._compare.setEnabled(self._list.currentItem() is not None)

    def _accept(self) -> None:
        item = self._list.currentItem()
        what = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self.accept()
        if what == _SAVED:
            self.saved_chosen.emit()
        elif isinstance(what, RunInfo):
            self.run_chosen.emit(what)

    def _want_file(self) -> None:
        self.reject()
        self.file_wanted.emit()


def _words(run: RunInfo) -> str:
    """A run in a line: its number, when it began, how it stands, its best figure, its note."""
    parts = [QCoreApplication.translate("Compare", "Run {}").format(run.number)]
    if run.started is not None:
        parts.append(run.started.astimezone().strftime("%Y-%m-%d %H:%M"))
    parts.append(runs_model.status_word(run))
    if run.best:
        parts.append(runs_model.told(run.best))
    if run.note:
        parts.append(" ".join(run.note.split()))
    return " · ".join(parts)
