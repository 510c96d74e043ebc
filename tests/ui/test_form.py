from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, Param
from nndesigner.expression import Expression
from nndesigner.graph import Value
from nndesigner.ui import theme
from nndesigner.ui.fields import Entry, read
from nndesigner.ui.form import Form, Refusal
from nndesigner.ui.ladder import stepped
from nndesigner.ui.shown import text_of

CONV = catalogue.BY_NAME["Conv2d"]
POOL = catalogue.BY_NAME["MaxPool2d"]
ADAM = catalogue.BY_NAME["Adam"]


class Shown:
    """A form in a window of its own, beside a field to go to, and what it told."""

    def __init__(self, qtbot: QtBot, kind: Kind, params: dict[str, Value]) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.form = Form(kind.params)
        self.elsewhere = QLineEdit()
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.form)
        layout.addWidget(self.elsewhere)
        self.form.set_values(kind.values(params), frozenset(params))
        self.edits: list[tuple[str, object]] = []
        self.resets: list[str] = []
        self.finished = 0
        self.form.edited.connect(self._note_edit)
        self.form.reset.connect(self.resets.append)
        self.form.finished.connect(self._note_end)
        self.window.show()
        self.elsewhere.setFocus()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def _note_edit(self, name: str, value: object) -> None:
        self.edits.append((name, value))

    def _note_end(self) -> None:
        self.finished += 1

    def field(self, name: str) -> QWidget:
        found = self.form.findChild(QWidget, f"param_{name}")
        assert found is not None
        return found

    def text(self, name: str) -> str:
        field = self.field(name)
        assert isinstance(field, Entry)
        return field.lineEdit().text()

    def type(self, name: str, text: str) -> None:
        field = self.field(name)
        QTest.mouseClick(field.lineEdit(), Qt.MouseButton.LeftButton)
        field.selectAll()
        self.finished = 0
        QTest.keyClicks(field, text)

    def leave(self) -> None:
        QTest.mouseClick(self.elsewhere, Qt.MouseButton.LeftButton)

    def reason(self, name: str) -> str:
        found = self.form.findChild(Refusal, f"paramProblem_{name}")
        return found.reason if found is not None and found.isVisible() else ""


@pytest.fixture(autouse=True, scope="module")
def styled(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.LIGHT)
    yield


@pytest.fixture
def conv(qtbot: QtBot) -> Shown:
    return Shown(qtbot, CONV, {"out_channels": 16, "kernel_size": 3})


@pytest.fixture
def adam(qtbot: QtBot) -> Shown:
    return Shown(qtbot, ADAM, {})


@pytest.mark.parametrize(
    ("kind", "name", "text", "value"),
    [
        (CONV, "out_channels", " 64 ", 64),
        (CONV, "kernel_size", "3", 3),
        (CONV, "kernel_size", "3, 5", (3, 5)),
        (CONV, "kernel_size", "3,5", (3, 5)),
        (CONV, "kernel_size", "3×5", (3, 5)),
        (CONV, "kernel_size", "3 x 5", (3, 5)),
        (CONV, "kernel_size", "(3, 5)", (3, 5)),
        (CONV, "padding", "same", "same"),
        (CONV, "padding", "Same", "same"),
        (POOL, "stride", "", None),
        (ADAM, "lr", "1e-3", 0.001),
        (ADAM, "lr", ".5", 0.5),
        (ADAM, "lr", "1", 1.0),
        (ADAM, "betas", "0.9, 0.99", (0.9, 0.99)),
        (catalogue.BY_NAME["Reshape"], "shape", "−1, 4, 2", (-1, 4, 2)),
        (catalogue.BY_NAME["Input"], "shape", "10", (10,)),
        (catalogue.BY_NAME["Input"], "shape", "()", ()),
        (catalogue.BY_NAME["Softmax"], "dim", "-1", -1),
        (catalogue.BY_NAME["AdaptiveAvgPool2d"], "output_size", "none × 7", (None, 7)),
        (catalogue.BY_NAME["Upsample"], "scale_factor", "1.5, 2", (1.5, 2.0)),
        (catalogue.BY_NAME["Upsample"], "scale_factor", "3", 3.0),
    ],
)
def test_text_is_read_as_the_value_it_means(kind: Kind, name: str, text: str, value: Value) -> None:
    found = read(kind.by_name[name], text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        (CONV, "out_channels", "0"),
        (CONV, "out_channels", ""),
        (CONV, "out_channels", "many"),
        (CONV, "out_channels", "1.5"),
        (CONV, "out_channels", "9" * 30),
        (CONV, "kernel_size", "3, 5, 7"),
        (CONV, "kernel_size", "same"),
        (CONV, "kernel_size", "none, 3"),
        (catalogue.BY_NAME["AdaptiveAvgPool2d"], "output_size", "none"),
        (ADAM, "lr", "nan"),
        (ADAM, "lr", "1e999"),
        (ADAM, "lr", "1_0"),
        (ADAM, "betas", "0.9"),
        (catalogue.BY_NAME["Input"], "shape", "3, 0"),
    ],
)
def test_text_that_means_nothing_is_refused_with_the_name_of_the_param(
    kind: Kind, name: str, text: str
) -> None:
    with pytest.raises(ValueError, match=f"^{name} is "):
        read(kind.by_name[name], text)


@pytest.mark.parametrize("kind", catalogue.KINDS, ids=lambda kind: kind.name)
def test_every_value_of_the_catalogue_reads_back_from_its_text(kind: Kind) -> None:
    for param in kind.params:
        if param.type != "bool":
            assert read(param, text_of(param.start)) == param.start
        if param.holes:
            with_hole = (None, *range(1, param.axes))
            assert read(param, text_of(with_hole)) == with_hole


@pytest.mark.parametrize("kind", catalogue.KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_a_form_whose_fields_can_be_named(qtbot: QtBot, kind: Kind) -> None:
    form = Form(kind.params)
    qtbot.addWidget(form)
    form.set_values(kind.values(kind.start_params()))
    for param in kind.params:
        field = form.findChild(QWidget, f"param_{param.name}")
        assert field is not None
        assert field.accessibleName() == param.name
    form.show()
    assert [found for found in form.findChildren(Refusal) if found.isVisible()] == []


def test_small_numbers_are_written_without_padding() -> None:
    assert text_of(1e-8) == "1e-8"
    assert text_of(2.5e-05) == "2.5e-5"
    assert text_of(()) == "()"
    assert text_of(1e20) == "1e20"
    assert text_of(0.25) == "0.25"


@pytest.mark.parametrize(
    ("value", "steps", "result"),
    [(0.001, 1, 0.002), (0.001, -1, 0.0009), (0.25, 1, 0.26), (1e-8, 1, 2e-8), (0.3, 3, 0.6)],
)
def test_stepping_a_number_keeps_its_digits(value: float, steps: int, result: float) -> None:
    assert stepped(ADAM.by_name["lr"], value, steps) == result


def test_stepping_out_of_range_leads_nowhere() -> None:
    assert stepped(CONV.by_name["out_channels"], 1, -1) is None
    assert stepped(CONV.by_name["kernel_size"], (3, 1), -1) is None
    assert stepped(CONV.by_name["kernel_size"], (3, 2), -1) == (2, 1)


def test_typing_hands_on_each_value_that_fits(conv: Shown) -> None:
    conv.type("out_channels", "128")
    assert conv.edits == [("out_channels", 1), ("out_channels", 12), ("out_channels", 128)]


def test_a_size_is_typed_as_one_number_or_several(conv: Shown) -> None:
    conv.type("kernel_size", "5,7")
    assert conv.edits == [("kernel_size", 5), ("kernel_size", (5, 7))]
    conv.leave()
    assert conv.text("kernel_size") == "5, 7"


def test_a_number_out_of_range_is_refused_where_it_is_typed(conv: Shown) -> None:
    conv.type("out_channels", "0")
    assert conv.edits == []
    assert conv.reason("out_channels") == "out_channels is a whole number from 1, not 0"
    assert conv.field("out_channels").property("refused") is True


def test_a_refused_field_returns_to_the_value_from_before_when_it_is_left(conv: Shown) -> None:
    conv.type("out_channels", "8x")
    assert conv.edits == [("out_channels", 8)]
    conv.leave()
    assert conv.text("out_channels") == "16"
    assert conv.edits == [("out_channels", 8), ("out_channels", 16)]
    assert conv.reason("out_channels") == ""
    assert conv.field("out_channels").property("refused") is not True


def test_a_number_half_typed_is_not_refused_before_a_pause(adam: Shown, qtbot: QtBot) -> None:
    adam.type("lr", "1e-")
    assert adam.reason("lr") == ""
    QTest.keyClicks(adam.field("lr"), "4")
    assert adam.edits[-1] == ("lr", 1e-4)
    adam.type("lr", "3e")
    qtbot.waitUntil(lambda: adam.reason("lr") == "lr is a number above 0, not '3e'")


def test_a_letter_in_a_whole_number_is_refused_at_once(conv: Shown) -> None:
    conv.type("out_channels", "8x")
    assert conv.reason("out_channels") == "out_channels is a whole number from 1, not '8x'"


def test_enter_tells_why_text_is_refused_and_keeps_it(conv: Shown) -> None:
    conv.type("kernel_size", "3,")
    assert conv.reason("kernel_size") == ""
    QTest.keyClick(conv.field("kernel_size"), Qt.Key.Key_Return)
    assert conv.reason("kernel_size").startswith("kernel_size is a whole number from 1, or 2 of them")
    assert conv.text("kernel_size") == "3,"
    assert conv.finished == 0


def test_enter_and_leaving_finish_an_edit(conv: Shown) -> None:
    conv.type("out_channels", "24")
    QTest.keyClick(conv.field("out_channels"), Qt.Key.Key_Return)
    assert conv.finished == 1
    conv.leave()
    assert conv.finished == 2


def test_escape_brings_back_the_last_value(conv: Shown) -> None:
    conv.type("kernel_size", "x")
    QTest.keyClick(conv.field("kernel_size"), Qt.Key.Key_Escape)
    assert conv.text("kernel_size") == "3"
    assert conv.reason("kernel_size") == ""


def test_an_equal_value_does_not_touch_what_is_being_typed(adam: Shown) -> None:
    adam.type("lr", "2e-3")
    adam.form.set_values({**ADAM.values({}), "lr": 0.002}, frozenset({"lr"}))
    assert adam.text("lr") == "2e-3"
    adam.type("lr", "2e-")
    adam.form.set_values({**ADAM.values({}), "lr": 2.0}, frozenset({"lr"}))
    assert adam.text("lr") == "2e-"


def test_another_value_is_shown_even_while_one_types(conv: Shown) -> None:
    conv.type("out_channels", "40")
    conv.form.set_values(CONV.values({"out_channels": 16, "kernel_size": 3}))
    assert conv.text("out_channels") == "16"


def test_the_arrows_step_up_and_down(conv: Shown) -> None:
    conv.type("out_channels", "8")
    QTest.keyClick(conv.field("out_channels"), Qt.Key.Key_Up)
    QTest.keyClick(conv.field("out_channels"), Qt.Key.Key_Down)
    QTest.keyClick(conv.field("out_channels"), Qt.Key.Key_Down)
    assert conv.edits == [("out_channels", value) for value in (8, 9, 8, 7)]


def test_the_wheel_over_a_field_that_is_not_in_use_changes_nothing(conv: Shown) -> None:
    for name in ("out_channels", "padding_mode"):
        field = conv.field(name)
        middle = QPointF(field.rect().center())
        event = QWheelEvent(
            middle, field.mapToGlobal(middle), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, event)
    assert conv.edits == []


def test_an_empty_optional_field_means_nothing_and_says_what_that_is(qtbot: QtBot) -> None:
    pool = Shown(qtbot, POOL, {"kernel_size": 2, "stride": 1})
    pool.type("stride", "")
    QTest.keyClick(pool.field("stride"), Qt.Key.Key_Delete)
    assert pool.edits == [("stride", None)]
    assert pool.field("stride").lineEdit().placeholderText() == "its own size"


def test_a_check_box_and_a_combo_hand_on_and_finish(conv: Shown) -> None:
    QTest.mouseClick(conv.field("bias"), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    combo = conv.field("padding_mode")
    assert isinstance(combo, QComboBox)
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert conv.edits == [("bias", False), ("padding_mode", "reflect")]
    assert conv.finished >= 2


def test_only_a_stored_value_with_a_default_can_be_brought_back(qtbot: QtBot) -> None:
    shown = Shown(qtbot, CONV, {"out_channels": 16, "kernel_size": 3, "stride": 2})
    buttons = [one.objectName() for one in shown.form.findChildren(QToolButton) if one.isVisible()]
    assert buttons == ["paramReset_stride"]
    button = shown.form.findChild(QToolButton, "paramReset_stride")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown.resets == ["stride"]
    shown.form.set_values(CONV.values({"out_channels": 16, "kernel_size": 3}), frozenset({"out_channels"}))
    assert not button.isVisible()
    assert shown.text("stride") == "1"


def test_a_stored_value_stands_out_from_a_default(conv: Shown) -> None:
    tones = {
        name: conv.form.findChild(QLabel, f"paramLabel_{name}").property("tone") for name in CONV.by_name
    }
    assert tones["out_channels"] == ""
    assert tones["stride"] == "secondary"


def test_an_expression_is_shown_and_can_not_be_typed_over(qtbot: QtBot) -> None:
    shown = Shown(qtbot, CONV, {"out_channels": Expression("width * 2"), "kernel_size": 3})
    assert shown.text("out_channels") == "= width * 2"
    shown.type("out_channels", "5")
    QTest.keyClick(shown.field("out_channels"), Qt.Key.Key_Up)
    assert shown.edits == []
    shown.form.set_values(CONV.values({"out_channels": 4, "kernel_size": 3}))
    shown.type("out_channels", "5")
    assert shown.edits == [("out_channels", 5)]


def test_a_wrong_value_from_a_file_is_shown_with_the_reason(qtbot: QtBot) -> None:
    shown = Shown(qtbot, CONV, {"out_channels": 0, "kernel_size": 3, "padding_mode": "odd"})
    assert shown.text("out_channels") == "0"
    assert shown.reason("out_channels") == "out_channels is a whole number from 1, not 0"
    assert shown.field("padding_mode").placeholderText() == "odd"
    assert "not 'odd'" in shown.reason("padding_mode")


def test_a_label_of_ones_own_names_the_field(qtbot: QtBot) -> None:
    form = Form((Param("repeat", "int", 1, minimum=1),), labels={"repeat": "Repeat"})
    qtbot.addWidget(form)
    assert form.findChild(QLabel, "paramLabel_repeat").text() == "Repeat"
    assert form.findChild(QWidget, "param_repeat").accessibleName() == "Repeat"


def test_markup_in_a_sentence_is_shown_as_text(qtbot: QtBot) -> None:
    form = Form((Param("a", "int", 1, "less <b>bold</b>"),))
    qtbot.addWidget(form)
    assert "&lt;b&gt;" in form.findChild(QWidget, "param_a").toolTip()


def test_the_cursor_is_put_into_a_param_by_name(conv: Shown) -> None:
    assert conv.form.focus_param("stride")
    assert conv.field("stride").hasFocus()
    assert not conv.form.focus_param("nothing")


def test_nothing_is_cut_off_in_a_narrow_panel(qtbot: QtBot) -> None:
    for kind in catalogue.KINDS:
        form = Form(kind.params)
        qtbot.addWidget(form)
        form.set_values(kind.values(kind.start_params()))
        assert form.minimumSizeHint().width() <= 284, kind.name
