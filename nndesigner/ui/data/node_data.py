"""What the inspector shows of a Data node: its data set as a card, and how it is prepared and varied."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.kind import Kind, Param
from nndesigner.graph import Node, Value
from nndesigner.ui import icons
from nndesigner.ui.data.card import DataCard
from nndesigner.ui.data.fetch_row import FetchRow
from nndesigner.ui.data.fetches import Fetches
from nndesigner.ui.data.words import PREPARING, labels
from nndesigner.ui.facts import head, indented, plain_label
from nndesigner.ui.form import Form, Refusal
from nndesigner.ui.theme import font


class NodeData(QWidget):
    """The data set of one Data node, and the forms of its settings.

    **Signals:** `edited` with a param's name and its new value; `reset` with the name of one to bring back to its
    default; `finished` when the person is done with a field; `wanted` with `choose` or `preview`.
    """

    edited = Signal(str, object)
    reset = Signal(str)
    finished = Signal()
    wanted = Signal(str)

    def __init__(self, kind: Kind, fetches: Fetches | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nodeData")
        self._card = DataCard(self)
        self._unknown = plain_label("", wrap=True)
        self._unknown.setObjectName("nodeDataUnknown")
        self._gone = Refusal(self)
        self._gone.setObjectName("nodeDataGone")
        self._fetch = FetchRow(fetches, self) if fetches is not None else None
        params = [param for param in kind.params if param.name != "dataset"]
        self._forms: list[Form] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(indented(self._card))
        self._column.addLayout(indented(self._unknown))
        self._column.addLayout(indented(self._gone))
        if self._fetch is not None:
            self._column.addLayout(indented(self._fetch))
        self._column.addLayout(self._buttons())
        self._group(
            self.tr("Preparation"),
            self.tr("Fitted on the training part alone."),
            [param for param in params if param.name in PREPARING],
        )
        self._group(
            self.tr("Variation"),
            self.tr("In training only, anew for each batch."),
            [param for param in params if param.name not in PREPARING],
        )

    def show_node(self, node: Node, kind: Kind, data_set: DataSet | None) -> None:
        """Shows a node as it is now, with the data set it names."""
        self._card.setVisible(data_set is not None)
        self._unknown.setVisible(data_set is None)
        if data_set is None:
            name = node.params.get("dataset")
            told = self.tr("There is no data set “{}” in this project. Choose another, or add it.").format(
                name
            )
            self._unknown.setText(told if name else self.tr("No data set is chosen yet."))
        else:
            self._card.show_data_set(data_set)
        gone = next((one for one in data_set.files if not Path(one).exists()), "") if data_set else ""
        told = self.tr("{} is no longer there. Put it back, or add the data set again.").format(gone)
        self._gone.show_reason(told if gone else "")
        if self._fetch is not None:
            self._fetch.show_data_set(data_set.name if data_set is not None and data_set.fetched else "")
        self._preview.setEnabled(data_set is not None)
        for form in self._forms:
            form.set_values(kind.values(node.params), frozenset(node.params))

    def set_arguments(self, arguments: Mapping[str, Value] | None) -> None:
        """Inside a block, the params of it that values may be computed from; None outside."""
        for form in self._forms:
            form.set_arguments(arguments)

    def focus_param(self, name: str) -> bool:
        """Puts the cursor into a param's field; tells whether there is one."""
        return any(form.focus_param(name) for form in self._forms)

    def _buttons(self) -> QHBoxLayout:
        self._preview = self._button("nodeDataPreview", self.tr("Preview"), "search", "preview")
        self._choose = self._button("nodeDataChoose", self.tr("Choose…"), "family-data", "choose")
        row = indented(self._preview)
        row.setSpacing(8)
        row.addWidget(self._choose)
        row.addStretch(1)
        return row

    def _button(self, name: str, words: str, icon: str, wish: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        icons.dress(button, icon)
        button.clicked.connect(lambda: self.wanted.emit(wish))
        return button

    def _group(self, words: str, sentence: str, params: Sequence[Param]) -> None:
        if not params:
            return
        form = Form(params, self, labels=labels())
        form.edited.connect(self.edited)
        form.reset.connect(self.reset)
        form.finished.connect(self.finished)
        self._forms.append(form)
        self._column.addSpacing(8)
        self._column.addLayout(indented(head(words)))
        self._column.addLayout(indented(plain_label(sentence, "secondary", font(11), wrap=True)))
        self._column.addWidget(form)
