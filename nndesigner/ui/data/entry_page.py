"""One data set out of the list: what it is, how it is got, what is wrong with it, and what it looks like."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nndesigner.graph import Value
from nndesigner.project import Training
from nndesigner.ui.data.card import DataCard
from nndesigner.ui.data.fetch_row import FetchRow
from nndesigner.ui.data.library import Entry, Library
from nndesigner.ui.data.preview import Preview
from nndesigner.ui.data.reading import Reading
from nndesigner.ui.facts import plain_label
from nndesigner.ui.form import Refusal
from nndesigner.ui.theme import font

_PAUSE = 120  # ms a selection rests before it is read


class EntryPage(QWidget):
    """What is shown of the data set that is chosen in the list."""

    def __init__(self, library: Library, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._entry: Entry | None = None
        self._params: Mapping[str, Value] = {}
        self._training = Training()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._read)
        self._title = plain_label("", face=font(20, QFont.Weight.DemiBold))
        self._title.setObjectName("dataDialogTitle")
        self._sentence = plain_label("", wrap=True)
        self._fetch = FetchRow(library.fetches, self)
        self._fetch.came.connect(self._come)
        self._problem = Refusal(self)
        self._problem.setObjectName("dataMissing")
        self.preview = Preview(reading, self)
        self._card = DataCard(self, title=False)
        self.preview.add_tab(self._card, self.tr("About"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._title, self._sentence, self._fetch, self._problem):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addWidget(self.preview, 1)

    def show_entry(self, entry: Entry, params: Mapping[str, Value], training: Training) -> None:
        """Shows this data set, prepared and split like that."""
        self._entry, self._params, self._training = entry, params, training
        one = entry.data_set
        self._title.setText(one.title)
        self._sentence.setText(one.sentence)
        self._card.show_data_set(one)
        self._fetch.show_data_set(one.name if entry.group == "fetched" else "")
        gone = next((path for path in one.files if not Path(path).exists()), "")
        told = self.tr("{} is no longer there. Put it back, or add the data set again.").format(gone)
        self.refuse(told if entry.presence == "missing" else "")
        if entry.presence == "here":
            self.preview.show_nothing(self.tr("Reading {} …").format(one.title))
            self._soon.start()
        else:
            self._soon.stop()
            absent = self.tr("Its samples are shown here once it is on this computer.")
            self.preview.show_nothing(absent if entry.group == "fetched" else "")

    def rest(self) -> None:
        """Reads nothing for now."""
        self._soon.stop()

    def refuse(self, reason: str) -> None:
        """Says what is wrong with it; nothing takes that away."""
        self._problem.show_reason(reason)

    def _come(self) -> None:
        if self._entry is not None and self.isVisible():
            self._entry = self._library.find(self._entry.data_set.name)
            self._read()

    def _read(self) -> None:
        if self._entry is not None and self.isVisible():
            self.preview.show_data_set(self._entry.data_set, self._params, self._training)
