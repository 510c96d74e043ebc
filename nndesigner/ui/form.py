"""A form made from params: a row of name and field for each, for layers, optimizers and losses alike."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from nndesigner.catalogue.kind import Param, Required
from nndesigner.graph import Value
from nndesigner.ui import icons
from nndesigner.ui.fields import HEIGHT, Entry, Field, explained, field_for
from nndesigner.ui.ladder import has_rungs
from nndesigner.ui.scrub import Scrub
from nndesigner.ui.shown import MISSING, Shown, text_of
from nndesigner.ui.theme import font
from nndesigner.ui.unit import Unit

GUTTER = 16
_NONE: Mapping[str, str] = MappingProxyType({})
_PLAIN: Mapping[str, Unit] = MappingProxyType({})


class Form(QWidget):
    """Editors for some params. Its left margin, 16 pixels, holds the buttons that bring back a default.

    **Signals:** `edited` with a param's name and its new value, which fits, also while it is typed; `reset`
    with the name of a param to bring back to its default; `finished` when the person is done with a field; `exposed`
    with the name of a param that is to be one of the block's; `tried` with a param's name and each value it has while
    it is dragged, which is not its value yet; `let_be` when nothing is dragged any more.
    """

    edited = Signal(str, object)
    reset = Signal(str)
    finished = Signal()
    exposed = Signal(str)
    tried = Signal(str, object)
    let_be = Signal()

    def __init__(
        self,
        params: Sequence[Param],
        parent: QWidget | None = None,
        *,
        labels: Mapping[str, str] = _NONE,
        units: Mapping[str, Unit] = _PLAIN,
    ) -> None:
        super().__init__(parent)
        self.params = tuple(params)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(0)
        layout.setVerticalSpacing(4)
        layout.setColumnMinimumWidth(0, GUTTER)
        layout.setColumnMinimumWidth(2, 8)
        layout.setColumnMinimumWidth(3, 104)
        layout.setColumnStretch(1, 1)
        layout.setColumnStretch(3, 1)
        self._rows = {param.name: _Row(param, labels.get(param.name, param.name), self) for param in params}
        for index, row in enumerate(self._rows.values()):
            row.lay_out(layout, 2 * index)
            if isinstance(row.field, Entry) and (name := params[index].name) in units:
                row.field.set_unit(units[name])

    def let_go(self) -> None:
        """Ends a drag as if it had never begun."""
        for row in self._rows.values():
            row.label.cancel()

    def set_values(self, values: Mapping[str, Shown], stored: frozenset[str] = frozenset()) -> None:
        """Shows these values; those in `stored` differ from their defaults and can be brought back."""
        for name, row in self._rows.items():
            row.show_value(values.get(name, MISSING), name in stored)

    def set_arguments(self, arguments: Mapping[str, Value] | None) -> None:
        """Inside a block, the params of it that values may be computed from; None outside."""
        for row in self._rows.values():
            if isinstance(row.field, Entry):
                row.field.set_arguments(arguments)

    def field(self, name: str) -> Field:
        """The field of a param."""
        return self._rows[name].field

    def focus_param(self, name: str) -> bool:
        """Puts the cursor into a param's field; tells whether there is one."""
        if name not in self._rows:
            return False
        self._rows[name].field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True


class _Row(QObject):
    """One param in a form: its name, its field, the way back to its default, and why its text is refused.

    The last two are made when they are first needed, as most forms never show them.
    """

    def __init__(self, param: Param, word: str, form: Form) -> None:
        super().__init__(form)
        self._param = param
        self._word = word
        self._form = form
        self._back: QToolButton | None = None
        self._refusal: Refusal | None = None
        self.field = field_for(param, form)
        self.label = Scrub(word, param, self._begun, form)
        self.label.setObjectName(f"paramLabel_{param.name}")
        self.label.setToolTip(explained(param.sentence))
        self.label.setMinimumHeight(HEIGHT)
        self.label.setProperty("tone", "secondary")
        self.field.setAccessibleName(word)
        self.label.setBuddy(self.field)
        self.field.edited.connect(self._edited)
        self.field.refused.connect(self._refused)
        self.field.finished.connect(form.finished)
        if isinstance(self.field, Entry):
            self.field.exposing.connect(self._exposed)
            self.label.moved.connect(self._tried)
            self.label.dropped.connect(self.field.take)
            self.label.let_be.connect(self._let_be)
            self.label.pressed.connect(self._go_in)

    def lay_out(self, layout: QGridLayout, row: int) -> None:
        """Takes its place, in two rows of the form."""
        self._layout, self._place = layout, row
        layout.addWidget(self.label, row, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.field, row, 3, Qt.AlignmentFlag.AlignVCenter)

    def show_value(self, value: Shown, stored: bool) -> None:
        """Shows a value, with more weight where it is `stored`."""
        tone = "" if stored else "secondary"
        if self.label.property("tone") != tone:
            self.label.setProperty("tone", tone)
            self.label.style().polish(self.label)
        resets = stored and not isinstance(self._param.default, Required)
        if resets and self._back is None:
            self._back = self._way_back()
        if self._back is not None:
            self._back.setVisible(resets)
        if isinstance(self.field, Entry) and value != self.field.value:
            self.label.cancel()
        self.field.set_value(value)
        self._offer_to_drag(value)

    def _offer_to_drag(self, value: Shown) -> None:
        drags = isinstance(self.field, Entry) and has_rungs(self._param, value)
        if self.label.set_drags(drags):
            how = self.tr("Drag to the side to change it; with Shift finely, with Ctrl coarsely")
            self.label.setToolTip(explained(self._param.sentence, how if drags else ""))

    def _begun(self) -> Shown:
        return self.field.value if isinstance(self.field, Entry) else MISSING

    def _tried(self, value: Shown) -> None:
        if isinstance(self.field, Entry):
            self.field.try_value(value)
        self._form.tried.emit(self._param.name, value)

    def _let_be(self) -> None:
        if isinstance(self.field, Entry):
            self.field.let_be()
        self._form.let_be.emit()

    def _go_in(self) -> None:
        self.field.setFocus(Qt.FocusReason.MouseFocusReason)
        if isinstance(self.field, Entry):
            self.field.selectAll()

    def _way_back(self) -> QToolButton:
        button = QToolButton(self._form)
        button.setObjectName(f"paramReset_{self._param.name}")
        button.setAccessibleName(self.tr("Reset {name}").format(name=self._word))
        button.setProperty("reset", True)
        button.setIconSize(QSize(12, 12))
        button.setFixedSize(14, 14)
        icons.dress(button, "reset", "accent_text")
        default = self._param.default
        words = self.tr("nothing") if default is None or isinstance(default, Required) else text_of(default)
        button.setToolTip(explained(self.tr("Back to {value}").format(value=words)))
        button.clicked.connect(self._reset)
        place = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        self._layout.addWidget(button, self._place, 0, place)
        QWidget.setTabOrder(self.field, button)
        return button

    def _refused(self, reason: str) -> None:
        if reason and self._refusal is None:
            self._refusal = Refusal(self._form)
            self._refusal.setObjectName(f"paramProblem_{self._param.name}")
            self._layout.addWidget(self._refusal, self._place + 1, 1, 1, 3)
        if self._refusal is not None:
            self._refusal.show_reason(reason)

    def _edited(self, value: object) -> None:
        self._form.edited.emit(self._param.name, value)

    def _exposed(self) -> None:
        self._form.exposed.emit(self._param.name)

    def _reset(self) -> None:
        # The button is about to vanish, and would hand the focus to whatever comes next.
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(self.field, Entry):
            self.field.selectAll()
        self._form.reset.emit(self._param.name)
        self._form.finished.emit()


class Refusal(QWidget):
    """Why something was refused, in a sentence below its field; hidden while all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(6)
        layout.addWidget(icons.Picture("problem", 14, "error"), 0, Qt.AlignmentFlag.AlignTop)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setFont(font(11))
        self._label.setWordWrap(True)
        self._label.setProperty("tone", "error")
        layout.addWidget(self._label, 1)
        self.hide()

    @property
    def reason(self) -> str:
        """The sentence that stands there, or nothing."""
        return self._label.text()

    def show_reason(self, reason: str) -> None:
        """Shows a sentence; nothing hides it."""
        self._label.setText(reason)
        self.setAccessibleName(reason)
        self.setVisible(bool(reason))
