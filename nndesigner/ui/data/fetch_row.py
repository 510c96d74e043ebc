"""The line in which a data set is fetched: its button, then how far it is, then what went wrong, all in one place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from nndesigner.catalogue.sources import BY_NAME
from nndesigner.ui.data.fetches import Fetches
from nndesigner.ui.facts import plain_label
from nndesigner.ui.figures import memory
from nndesigner.ui.form import Refusal
from nndesigner.ui.theme import font


class FetchRow(QWidget):
    """Gets one data set. Hidden where it is here, or needs no fetching. **Signals:** `came` when it is here."""

    came = Signal()

    def __init__(self, fetches: Fetches, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fetches = fetches
        self._name = ""
        self._get = QPushButton(self.tr("Get"), self)
        self._get.setObjectName("dataGet")
        self._get.setAccessibleName(self._get.text())
        self._get.setProperty("primary", True)
        self._get.clicked.connect(self._start)
        self._from = QPushButton(self.tr("From a folder…"), self)
        self._from.setObjectName("dataGetFrom")
        self._from.setAccessibleName(self._from.text())
        self._from.setToolTip(self.tr("Takes the files from a folder on this computer, checked as all are"))
        self._from.clicked.connect(self._choose_folder)
        self._words = plain_label("", "secondary", font(11), wrap=True)
        self._words.setObjectName("dataGetWords")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("dataGetProgress")
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setObjectName("dataGetCancel")
        self._cancel.setAccessibleName(self._cancel.text())
        self._cancel.setProperty("small", True)
        self._cancel.clicked.connect(lambda: self._fetches.cancel(self._name))
        self._refusal = Refusal(self)
        self._refusal.setObjectName("dataGetProblem")
        self._lay_out()
        fetches.changed.connect(self._follow)
        self.hide()

    def show_data_set(self, name: str) -> None:
        """Shows how this data set is got; nothing where it needs not be."""
        self._name = name if name in BY_NAME else ""
        self._refresh()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._get, self._from, self._cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._refusal)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addLayout(buttons)

    def _follow(self, name: str) -> None:
        if name != self._name:
            return
        was = self.isHidden()
        self._refresh()
        if self.isHidden() and not was:
            self.came.emit()

    def _refresh(self) -> None:
        if not self._name or self._fetches.present(self._name):
            self.hide()
            return
        state = self._fetches.state(self._name)
        size = state.total or BY_NAME[self._name].size or 0
        self._get.setVisible(not state.running)
        self._from.setVisible(bool(state.error) and not state.running)
        self._cancel.setVisible(state.running)
        self._bar.setVisible(state.running)
        self._refusal.show_reason("" if state.running else state.error)
        self._get.setText(self.tr("Try again") if state.error else self.tr("Get"))
        if state.running:
            self._bar.setRange(0, 1000 if size else 0)
            self._bar.setValue(round(1000 * min(1.0, state.done / size)) if size else 0)
            told = self.tr("{done} of {size}").format(done=memory(state.done), size=memory(size))
            self._words.setText(told if size else memory(state.done))
        elif state.error:
            self._words.setText(self.tr("What has come is kept; the next try goes on from there."))
        elif size:
            self._words.setText(
                self.tr("Not on this computer yet. It takes {} on the disk.").format(memory(size))
            )
        self.show()

    def _start(self) -> None:
        self._fetches.start(self._name)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("The folder with the files of {}").format(self._name))
        dialog.setObjectName("dataFolderDialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._from_folder)
        dialog.open()

    def _from_folder(self, folder: str) -> None:
        self._fetches.start(self._name, folder)
