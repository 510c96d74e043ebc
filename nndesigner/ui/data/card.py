"""The card of a data set: what it is, how large, what each record holds, where it is from, what is known of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nndesigner.catalogue.data import DataSet
from nndesigner.ui.data.words import field_words, parts_of
from nndesigner.ui.facts import Fact, Facts, plain_label
from nndesigner.ui.figures import thousands
from nndesigner.ui.theme import font

_WIDEST = 560


class DataCard(QWidget):
    """Everything that is told of a data set in words. With `title`, its name and sentence stand above."""

    def __init__(self, parent: QWidget | None = None, *, title: bool = True) -> None:
        super().__init__(parent)
        self._data_set: DataSet | None = None
        self._title = plain_label("", face=font(15, QFont.Weight.DemiBold), wrap=True)
        self._title.setObjectName("dataTitle")
        self._sentence = plain_label("", wrap=True)
        self._facts = Facts(self)
        self._facts.setObjectName("dataFacts")
        size = 11 if title else 13
        self._known = self._small("dataKnown", size)
        self._source = self._small("dataSource", size)
        self._licence = self._small("dataLicence", size)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if title:
            column.addWidget(self._title)
            column.addWidget(self._sentence)
        for widget in (self._facts, self._known, self._source, self._licence):
            column.addWidget(widget)
        if not title:
            self.setMaximumWidth(_WIDEST)
            column.addStretch(1)

    def show_data_set(self, data_set: DataSet) -> None:
        """Shows this one."""
        if data_set == self._data_set:
            return
        self._data_set = data_set
        self._title.setText(data_set.title)
        self._sentence.setText(data_set.sentence)
        facts = [Fact(self.tr("records"), thousands(data_set.size), parts_of(data_set))]
        facts += [Fact(one.name, field_words(one), one.sentence) for one in data_set.fields]
        if data_set.group:
            facts.append(Fact(self.tr("can be split by"), data_set.group))
        self._facts.show_facts(facts)
        self._tell(self._known, data_set.known)
        self._tell(self._source, self.tr("Source: {}").format(data_set.source) if data_set.source else "")
        self._tell(self._licence, self.tr("Licence: {}").format(data_set.licence) if data_set.licence else "")

    def _small(self, name: str, size: int) -> QLabel:
        label = plain_label("", "secondary", font(size), wrap=True)
        label.setObjectName(name)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    @staticmethod
    def _tell(label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))
