"""The choice of the batch for which operations and memory are told."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from nndesigner.ui.figures import thousands

BATCHES = (1, 8, 32, 64, 128, 256, 512)


class BatchMenu(QMenu):
    """A menu of batches, the training's first.

    **Signals:** `chosen` with the number of records, 0 for as many as in the training; `settings_wanted`.
    """

    chosen = Signal(int)
    settings_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("batchMenu")
        self._group = QActionGroup(self)
        self._as_trained = self.addAction("")
        self.addSeparator()
        self._own = [self.addAction(thousands(records)) for records in BATCHES]
        for records, action in zip((0, *BATCHES), (self._as_trained, *self._own), strict=True):
            action.setObjectName(f"batch{records}")
            action.setCheckable(True)
            self._group.addAction(action)
            action.triggered.connect(partial(self.chosen.emit, records))
        self.addSeparator()
        settings = self.addAction(self.tr("Settings of the training…"))
        settings.setObjectName("batchSettings")
        settings.triggered.connect(self.settings_wanted)
        self.show_choice(0, 0)

    def show_choice(self, trained: int, own: int) -> None:
        """Shows with how many records the network is trained, and what was chosen instead, or 0."""
        self._as_trained.setText(self.tr("As in the training ({count})").format(count=thousands(trained)))
        action = self._own[BATCHES.index(own)] if own in BATCHES else self._as_trained
        action.setChecked(True)
