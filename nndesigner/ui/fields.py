"""Editors for one param each, and how a value is written as text and read from it.

A field keeps the last value that fits. What does not fit is refused where it is typed, with the reason, and
is never handed on.
"""

import html
import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QSizePolicy, QWidget

from nndesigner.catalogue import reading
from nndesigner.catalogue.kind import Param
from nndesigner.expression import Expression
from nndesigner.graph import Value
from nndesigner.ui import icons
from nndesigner.ui.ladder import Pace, climbed, stepped
from nndesigner.ui.line import LEAVING, mark_refused
from nndesigner.ui.shown import MISSING, Missing, Shown, Various, text_of
from nndesigner.ui.unit import Unit, UnitLabel

HEIGHT = 28
_PLAIN, _CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
# Which keys step by more than one, beside the arrows of a spin box.
_WAYS: dict[tuple[int, Qt.KeyboardModifier], tuple[int, Pace]] = {
    (Qt.Key.Key_PageUp, _PLAIN): (1, "plain"),
    (Qt.Key.Key_PageDown, _PLAIN): (-1, "plain"),
    (Qt.Key.Key_Up, _CONTROL): (1, "coarse"),
    (Qt.Key.Key_Down, _CONTROL): (-1, "coarse"),
}
PAUSE = 800  # ms without a key after which text that may have been a beginning is taken for the whole
_BEGINNINGS = {
    "one": re.compile(r"[+-]?"),
    "number": re.compile(r"[+-]?0*\.?0*|.*[0-9.][eE][+-]?"),
    "several": re.compile(r"[(\[]?[+-]?|.*[,;×xX(\[\s][+-]?|.*[0-9.][eE][+-]?"),
}


def read(param: Param, text: str, arguments: Mapping[str, Value] | None = None) -> Value:
    """The value that `text` means to `param`; raises `ValueError` with the reason why it means none.

    Inside a block, `arguments` are its params: text such as `= width * 2` is computed from them.
    """
    plain = text.strip()
    if arguments is not None and plain.startswith("="):
        return _computed(param, plain.replace("−", "-")[1:].strip(), arguments)
    return reading.read(param, plain)


def _computed(param: Param, text: str, arguments: Mapping[str, Value]) -> Value:
    expression = Expression(text)
    if problem := param.problem(expression.value(arguments)):
        raise ValueError(problem)
    return expression


def is_beginning(param: Param, text: str) -> bool:
    """Whether text that can't be read yet may become something, so that it is too early to refuse it."""
    plain = text.strip().replace("−", "-")
    if param.type in ("text", "index") or any(choice.startswith(plain.lower()) for choice in param.choices):
        return True
    many = param.type in ("shape", "floats", "axes") or (param.type in ("size", "float") and param.axes > 1)
    form = "several" if many else "number" if param.type == "float" else "one"
    if not plain or _BEGINNINGS[form].fullmatch(text.replace("−", "-")):
        return True
    parts = reading.parts(plain) if many else []
    return 0 < len(parts) < param.axes and all(map(reading.NUMBER.fullmatch, parts))


def explained(*sentences: str) -> str:
    """A tooltip of these sentences, which are text and not markup, one a paragraph."""
    return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences if sentence)


def _held(event: QKeyEvent) -> Qt.KeyboardModifier:
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class Entry(QAbstractSpinBox):
    """A field one types into: a number that also steps up and down, several numbers, or a word among them.

    **Signals:** `edited` with each new value that fits, while it is typed; `refused` with the reason why the
    text does not fit, "" when it does again; `finished` when the person goes on elsewhere or presses Enter;
    `exposing` when its number is to be a param of the block it stands in.
    """

    edited = Signal(object)
    refused = Signal(str)
    finished = Signal()
    exposing = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._param = param
        self._arguments: Mapping[str, Value] | None = None
        self._expose: QAction | None = None
        self._unit: UnitLabel | None = None
        self._value: Shown = MISSING
        self._before: Shown = MISSING  # what stood here before the person began to type
        self._problem = ""
        self._steps = param.type in ("int", "float", "size", "axis")
        self.setProperty("steps", self._steps)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The style sheet's side padding does not reach the line inside a spin box.
        self.lineEdit().setTextMargins(6, 0, 2, 0)
        self.lineEdit().setPlaceholderText(self._meaning_of_nothing())
        self.lineEdit().textEdited.connect(self._typed)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._refuse_now)

    @property
    def value(self) -> Shown:
        """The last value that was shown or typed and fits."""
        return self._value

    def set_value(self, value: Shown) -> None:
        """Shows a value; one that it has already does not touch what is being typed."""
        if value == self._value and type(value) is type(self._value):
            return
        self._value = self._before = value
        self._restore()

    def try_value(self, value: Shown) -> None:
        """Shows a value that is only tried."""
        self._pause.stop()
        self._refuse("")
        self.lineEdit().setText(text_of(value))
        self._show_unit(value)

    def let_be(self) -> None:
        """Shows again what stands, when no value is tried any more."""
        self._restore()

    def take(self, value: Shown) -> None:
        """Hands a value on that fits, as if it had been typed and finished."""
        self.finished.emit()
        self.lineEdit().setText(text_of(value))
        self._typed(text_of(value))
        self._accept()
        self.finished.emit()

    @property
    def fits(self) -> bool:
        """Whether what is typed can be read; if not, the reason is told."""
        try:
            read(self._param, self.lineEdit().text(), self._arguments)
        except ValueError as error:
            self._refuse(str(error))
            return False
        return True

    def set_unit(self, unit: Unit) -> None:
        """What is to stand behind the value."""
        self._unit = UnitLabel(self.lineEdit(), unit)
        self._show_unit()

    def _show_unit(self, tried: Shown = MISSING) -> None:
        value = self._value if isinstance(tried, Missing) else tried
        if self._unit is not None and not isinstance(value, Missing):
            self._unit.show_for(value)

    def set_arguments(self, arguments: Mapping[str, Value] | None) -> None:
        """Inside a block, the params of it that a value may be computed from; None outside."""
        if arguments is None and self._arguments is None:
            return
        self._arguments = arguments
        self.setReadOnly(isinstance(self._value, Expression) and arguments is None)
        if self._expose is None:
            self._expose = QAction(QCoreApplication.translate("Entry", "Make it a param of the block"), self)
            self._expose.setObjectName("expose")
            self._expose.triggered.connect(self.exposing)
            icons.dress(self._expose, "expose", "secondary")
        self._offer_to_expose()

    def _offer_to_expose(self) -> None:
        """Only a whole number can be a param of a block."""
        line, action = self.lineEdit(), self._expose
        if action is None:
            return
        whole = isinstance(self._value, int) and not isinstance(self._value, bool)
        offered = action in line.actions()
        if whole and self._arguments is not None and not offered:
            line.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        elif offered and not (whole and self._arguments is not None):
            line.removeAction(action)

    def validate(self, text: str, position: int) -> object:
        return QValidator.State.Acceptable, text, position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._steps and not self.isReadOnly():
            if stepped(self._param, self._value, 1) is not None:
                flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
            if stepped(self._param, self._value, -1) is not None:
                flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    def stepBy(self, steps: int) -> None:
        found = stepped(self._param, self._value, steps)
        if found is not None and not self.isReadOnly():
            self.lineEdit().setText(text_of(found))
            self._typed(text_of(found))
            self.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A form is scrolled past its fields; only the one in use takes the wheel for itself.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif event.key() == Qt.Key.Key_Escape and self.lineEdit().text() != text_of(self._before):
            self._go_back()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif self._steps and not self.isReadOnly() and (way := _WAYS.get((event.key(), _held(event)))):
            self._climb(*way)
        else:
            super().keyPressEvent(event)

    def _climb(self, rungs: int, pace: Pace) -> None:
        found = climbed(self._param, self._value, rungs, pace)
        if found != self._value:
            self.lineEdit().setText(text_of(found))
            self._typed(text_of(found))
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in LEAVING:
            self._accept() if self._fits() else self._go_back()
            self.finished.emit()

    def _fits(self) -> bool:
        try:
            read(self._param, self.lineEdit().text(), self._arguments)
        except ValueError:
            return False
        return True

    def _accept(self) -> None:
        self._before = self._value
        self._restore()

    def _go_back(self) -> None:
        """Back to what stood here before: beginnings of what is refused in the end, such as 1 of 1x, are not meant."""
        known = isinstance(self._before, Various) or not isinstance(self._before, Missing)
        if known and self._before != self._value:
            self._value = self._before
            self.edited.emit(self._before)
        self._restore()

    def _enter(self) -> None:
        if self.isReadOnly():
            return
        try:
            read(self._param, self.lineEdit().text(), self._arguments)
        except ValueError as error:
            self._refuse(str(error))
        else:
            self._accept()
            self.finished.emit()
        self.selectAll()

    def _typed(self, text: str) -> None:
        self._pause.stop()
        try:
            value = read(self._param, text, self._arguments)
        except ValueError as error:
            formula = self._arguments is not None and text.lstrip().startswith("=")
            if formula or is_beginning(self._param, text):
                self._refuse("")
                self._pause.start()
            else:
                self._refuse(str(error))
            return
        self._refuse("")
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self.lineEdit().setPlaceholderText(self._meaning_of_nothing())
            self._offer_to_expose()
            self._show_unit()
            self.edited.emit(value)

    def _refuse_now(self) -> None:
        try:
            read(self._param, self.lineEdit().text(), self._arguments)
        except ValueError as error:
            self._refuse(str(error))

    def _refuse(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            mark_refused(self, bool(problem))
            self.refused.emit(problem)

    def _restore(self) -> None:
        """Shows the last value that fits, as it is written."""
        self._pause.stop()
        self.lineEdit().setText(text_of(self._value))
        self.lineEdit().setPlaceholderText(self._meaning_of_nothing())
        self.setReadOnly(isinstance(self._value, Expression) and self._arguments is None)
        self._offer_to_expose()
        self._show_unit()
        self._refuse("" if isinstance(self._value, Missing) else self._param.problem(self._value) or "")
        self.update()

    def _meaning_of_nothing(self) -> str:
        """What an empty field means: what the param's sentence says of "nothing", else just that; or that the values
        of several nodes do not agree.
        """
        if isinstance(self._value, Various):
            return QCoreApplication.translate("Entry", "various")
        if not (self._param.optional or self._param.default is None):
            return ""
        _, _, meaning = self._param.sentence.partition("nothing: ")
        return meaning or QCoreApplication.translate("Entry", "nothing")


class Tick(QCheckBox):
    """A field for yes or no. **Signals:** as `Entry`."""

    edited = Signal(object)
    refused = Signal(str)
    finished = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._param = param
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._clicked)

    def set_value(self, value: Shown) -> None:
        """Shows a value."""
        self.setTristate(isinstance(value, Various))
        if isinstance(value, Various):
            self.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self.setChecked(value is True)
        self.setEnabled(not isinstance(value, Expression))
        self.setText(text_of(value) if isinstance(value, Expression) else "")
        wrong = None if isinstance(value, Missing) else self._param.problem(value)
        mark_refused(self, bool(wrong))
        self.refused.emit(wrong or "")

    def _clicked(self, checked: bool) -> None:
        self.edited.emit(checked)
        self.finished.emit()


class Picker(QComboBox):
    """A field for one of several words. **Signals:** as `Entry`."""

    edited = Signal(object)
    refused = Signal(str)
    finished = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._param = param
        self._values: Sequence[Value] = param.choices
        if param.optional or param.default is None:
            self._values = (None, *param.choices)
        for value in self._values:
            self.addItem(QCoreApplication.translate("Entry", "nothing") if value is None else text_of(value))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.activated.connect(self._activated)

    def set_value(self, value: Shown) -> None:
        """Shows a value; one that is no choice is shown and refused."""
        known = value in self._values
        self.setCurrentIndex(self._values.index(value) if known else -1)
        various = QCoreApplication.translate("Entry", "various")
        self.setPlaceholderText(various if isinstance(value, Various) else "" if known else text_of(value))
        self.setEnabled(not isinstance(value, Expression))
        wrong = None if isinstance(value, Missing) else self._param.problem(value)
        mark_refused(self, bool(wrong))
        self.refused.emit(wrong or "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _activated(self, index: int) -> None:
        self.edited.emit(self._values[index])
        self.finished.emit()


Field = Entry | Tick | Picker


def field_for(param: Param, parent: QWidget | None = None) -> Field:
    """The editor that suits a param, named and described after it."""
    made: Field
    if param.type == "bool":
        made = Tick(param, parent)
    elif param.type == "choice" and param.choices:
        made = Picker(param, parent)
    else:
        made = Entry(param, parent)
    if not isinstance(made, Tick):
        made.setFixedHeight(HEIGHT)
    made.setObjectName(f"param_{param.name}")
    made.setAccessibleDescription(param.sentence)
    made.setToolTip(explained(param.sentence, "" if param.type == "bool" else param.expects()))
    return made
