"""A pick from the catalogue, an optimizer or a scheduler, and its params."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, Required
from nndesigner.graph import Value
from nndesigner.project import Choice
from nndesigner.ui.facts import help_button
from nndesigner.ui.form import GUTTER, Form
from nndesigner.ui.theme import font


def fresh_choice(kind: Kind) -> Choice:
    """A choice as it begins: only what the kind has no default for is stored."""
    return Choice(kind.name, kind.start_params())


def with_param(choice: Choice, name: str, value: Value) -> Choice:
    """With one param set; at its default it is not stored."""
    kind = catalogue.BY_NAME.get(choice.kind)
    param = kind.by_name.get(name) if kind else None
    params = {**choice.params, name: value}
    if param is not None and not isinstance(param.default, Required) and _same(value, param.default):
        del params[name]
    return Choice(choice.kind, params)


def without_param(choice: Choice, name: str) -> Choice:
    """With one param back where it began."""
    kind = catalogue.BY_NAME.get(choice.kind)
    start = kind.start_params() if kind else {}
    params = {key: value for key, value in choice.params.items() if key != name}
    return Choice(choice.kind, {**params, name: start[name]} if name in start else params)


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


class ChoiceForm(QWidget):
    """A combo of kinds, the sentence of the one picked, and the form of its params.

    **Signals:** `picked` with a whole new choice, or None for none; `edited` with the choice, a param of it
    changed, and that param's name; `finished` when a person left a field; `help_wanted` with the name of a kind.
    """

    picked = Signal(object)
    help_wanted = Signal(str)
    edited = Signal(object, str)
    finished = Signal()

    def __init__(
        self, name: str, title: str, kinds: Sequence[Kind], none: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choice: Choice | None = None
        self._shown: str | None = None
        self._form: Form | None = None
        self._none = none
        self._combo = QComboBox(self)
        self._combo.setObjectName(name)
        self._combo.setAccessibleName(title)
        if none:
            self._combo.addItem(self.tr("None"), "")
        for kind in kinds:
            self._combo.addItem(kind.name, kind.name)
        # One long name must not keep all settings from a narrow dock; the list shows all of it.
        self._combo.view().setMinimumWidth(self._combo.sizeHint().width())
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._combo.setMinimumContentsLength(8)
        self._sentence = QLabel(self)
        self._sentence.setObjectName(f"{name}Sentence")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setFont(font(11))
        self._sentence.setProperty("tone", "secondary")
        self._help = help_button(self.tr("Explain it"), f"{name}Help")
        self._help.clicked.connect(lambda: self.help_wanted.emit(self._shown or ""))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        # The form keeps a gutter at its left; what stands above is in line with its names.
        for above in (self._combo, self._sentence):
            row = QHBoxLayout()
            row.setContentsMargins(GUTTER, 0, 0, 0)
            row.addWidget(above, 1)
            if above is self._combo:
                row.addWidget(self._help)
            self._column.addLayout(row)
        self._combo.activated.connect(self._pick)

    def show_choice(self, choice: Choice | None) -> None:
        """Shows this choice."""
        self._choice = choice
        name = choice.kind if choice else ""
        if self._shown != name:
            self._change_kind(name)
        kind = catalogue.BY_NAME.get(name)
        if self._form is not None and kind is not None and choice is not None:
            self._form.set_values(kind.values(choice.params), frozenset(choice.params))

    def _change_kind(self, name: str) -> None:
        self._shown = name
        index = self._combo.findData(name)
        if index < 0:
            # A kind of a later version stays what it is until another is picked.
            self._combo.addItem(name, name)
            index = self._combo.count() - 1
        self._combo.setCurrentIndex(index)
        kind = catalogue.BY_NAME.get(name)
        self._help.setEnabled(kind is not None)
        unknown = self.tr("This version does not know it.") if name else self._none
        self._sentence.setText(kind.sentence if kind else unknown)
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        if kind is not None and kind.params:
            self._form = Form(kind.params, self)
            self._form.edited.connect(self._edit)
            self._form.reset.connect(self._reset)
            self._form.finished.connect(self.finished)
            self._column.addWidget(self._form)

    def _pick(self, index: int) -> None:
        name = self._combo.itemData(index)
        if name == self._shown:
            return
        kind = catalogue.BY_NAME.get(name)
        self.picked.emit(fresh_choice(kind) if kind else None)

    def _edit(self, name: str, value: Value) -> None:
        if self._choice is not None:
            self.edited.emit(with_param(self._choice, name, value), name)

    def _reset(self, name: str) -> None:
        if self._choice is not None:
            self.edited.emit(without_param(self._choice, name), name)
