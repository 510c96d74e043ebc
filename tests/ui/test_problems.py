from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from nndesigner.graph import Graph
from nndesigner.plan import Plan
from nndesigner.problem import Cure, Problem
from nndesigner.ui import theme
from nndesigner.ui.problems import Comparison, CureButton, Problems, compared

CURE = Cure("Insert a Flatten before linear1", Graph())
WARNING = Problem("add1", "nothing uses add1", severity="warning")
ERROR = Problem("conv2", "conv2 expects 16 channels, <i>pool1</i> gives 3", cures=(CURE,))


@pytest.fixture(autouse=True)
def styled(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.LIGHT)
    yield


@pytest.fixture
def listed(qtbot: QtBot) -> Problems:
    made = Problems()
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def texts(listed: Problems) -> list[str]:
    return [label.text() for label in listed.findChildren(QLabel) if label.isVisible()]


def test_without_problems_it_says_so(listed: Problems) -> None:
    assert texts(listed) == ["No problems. Everything on the canvas fits together."]
    listed.set_plan(Plan(problems=(ERROR,)))
    listed.set_plan(Plan())
    assert texts(listed) == ["No problems. Everything on the canvas fits together."]


def test_errors_come_first_and_are_told_apart_in_words(listed: Problems, qtbot: QtBot) -> None:
    listed.set_plan(Plan(problems=(WARNING, ERROR)))
    rows = [listed.findChild(QWidget, f"problem_{name}") for name in ("conv2", "add1")]
    qtbot.waitUntil(lambda: rows[0].y() < rows[1].y())
    assert rows[0].accessibleName().startswith("Error: conv2")
    assert rows[1].accessibleName().startswith("Warning: add1")
    assert "conv2 expects 16 channels, <i>pool1</i> gives 3" in texts(listed)
    assert "Nothing uses add1" in texts(listed)


def test_the_counts_are_told_when_they_change(listed: Problems, qtbot: QtBot) -> None:
    with qtbot.waitSignal(listed.count_changed) as told:
        listed.set_plan(Plan(problems=(WARNING, ERROR)))
    assert told.args == [1, 1]
    with qtbot.assertNotEmitted(listed.count_changed):
        listed.set_plan(Plan(problems=(ERROR, WARNING)))
    with qtbot.waitSignal(listed.count_changed) as told:
        listed.set_plan(None)
    assert told.args == [0, 0]


def test_a_click_chooses_the_node(listed: Problems, qtbot: QtBot) -> None:
    listed.set_plan(Plan(problems=(ERROR,)))
    row = listed.findChild(QWidget, "problem_conv2")
    with qtbot.waitSignal(listed.chosen) as told:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert told.args == ["conv2"]


def test_arrows_and_enter_choose_by_keyboard(listed: Problems, qtbot: QtBot) -> None:
    listed.set_plan(Plan(problems=(ERROR, WARNING)))
    first, second = (listed.findChild(QWidget, f"problem_{name}") for name in ("conv2", "add1"))
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    with qtbot.waitSignal(listed.chosen) as told:
        QTest.keyClick(second, Qt.Key.Key_Return)
    assert told.args == ["add1"]
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_a_cure_is_handed_on_and_does_not_choose_the_node(listed: Problems, qtbot: QtBot) -> None:
    listed.set_plan(Plan(problems=(ERROR,)))
    with qtbot.assertNotEmitted(listed.chosen), qtbot.waitSignal(listed.cure_chosen) as told:
        QTest.mouseClick(listed.findChild(CureButton), Qt.MouseButton.LeftButton)
    assert told.args == [CURE]


def test_it_is_only_as_tall_as_it_needs(listed: Problems) -> None:
    empty = listed.sizeHint().height()
    listed.set_plan(Plan(problems=(ERROR,)))
    one = listed.sizeHint().height()
    listed.set_plan(Plan(problems=tuple(Problem(f"n{i}", "does not fit") for i in range(20))))
    assert empty < one < listed.sizeHint().height() == 200


def test_a_long_list_says_how_many_more_there_are(listed: Problems) -> None:
    listed.set_plan(Plan(problems=tuple(Problem(f"n{i}", "does not fit") for i in range(60))))
    assert "And 10 more, listed once some of these are solved." in texts(listed)


def test_a_problem_of_the_whole_project_has_a_name(listed: Problems) -> None:
    listed.set_plan(Plan(problems=(Problem("", "there is no data"),)))
    assert texts(listed) == ["The project", "There is no data"]


def test_the_keyboard_stays_in_the_list_when_a_problem_is_solved(listed: Problems) -> None:
    listed.set_plan(Plan(problems=(ERROR, WARNING)))
    listed.findChild(QWidget, "problem_add1").setFocus()
    listed.set_plan(Plan(problems=(ERROR,)))
    assert [row.objectName() for row in listed.findChildren(QWidget) if row.hasFocus()] == ["problem_conv2"]


def test_shapes_are_compared_axis_by_axis() -> None:
    def differing(expected: str, actual: str) -> list[bool]:
        return [axis.differs for axis in compared(expected, actual)]

    assert differing("N×10", "N×7") == [False, True]
    assert differing("N×channels×height×width", "N×28×28") == [False, False, False, True]
    assert differing("N×channels or N×channels×length", "N×8") == [False, False]
    assert differing("N×8×9 or more×9 or more", "N×8×6×12") == [False, False, True, False]
    assert differing("N×any×8×8", "N×3×6×8") == [False, False, True, False]
    assert differing("float32", "int64") == [True]


def test_what_came_stands_below_what_was_expected(listed: Problems) -> None:
    listed.set_plan(Plan(problems=(Problem("loss", "loss needs 10", expected="N×10", actual="N×7"), ERROR)))
    (comparison,) = listed.findChildren(Comparison)
    assert comparison.accessibleName() == "expected N×10, got N×7"
    assert comparison.font().pixelSize() <= 13 and comparison.height() == 40


def test_the_axis_that_differs_is_underlined_and_not_only_coloured(listed: Problems) -> None:
    def marks(actual: str) -> int:
        """The longest run of one colour in a row of points that is not the ground's, in the lower half."""
        listed.set_plan(Plan(problems=(Problem("loss", "loss needs 10", expected="N×10", actual=actual),)))
        comparison = listed.findChildren(Comparison)[-1]
        picture = comparison.grab().toImage()
        ground = picture.pixelColor(picture.width() - 1, 0)
        longest = 0
        for y in range(picture.height() // 2, picture.height()):
            run, before = 0, ground
            for x in range(picture.width()):
                colour = picture.pixelColor(x, y)
                run = run + 1 if colour == before != ground else 1
                longest, before = max(longest, run), colour
        return longest

    assert marks("N×10") < 8 <= marks("N×7")


def test_a_click_goes_to_the_node_to_blame(listed: Problems, qtbot: QtBot) -> None:
    listed.set_plan(Plan(problems=(Problem("loss", "loss needs 10", culprit="linear1"),)))
    assert "loss, because of linear1" in texts(listed)
    with qtbot.waitSignal(listed.chosen) as told:
        QTest.mouseClick(listed.findChild(QWidget, "problem_loss"), Qt.MouseButton.LeftButton)
    assert told.args == ["linear1"]


def test_a_cure_shows_the_shape_it_gives(listed: Problems) -> None:
    cure = Cure("Set out_features of linear1 to 10", Graph(), "linear1 gives N×10")
    listed.set_plan(Plan(problems=(Problem("loss", "loss needs 10", cures=(cure,)),)))
    button = listed.findChild(CureButton)
    assert button.text() == "Set out_features of linear1 to 10  →  N×10"
    assert button.accessibleName() == "Set out_features of linear1 to 10: linear1 gives N×10"


def test_where_room_is_short_cures_stand_below_and_keep_their_shape(listed: Problems, qtbot: QtBot) -> None:
    cure = Cure("Insert a 1×1 convolution to 128 channels before add1", Graph(), "conv3 gives N×128×8×8")
    listed.set_plan(Plan(problems=(Problem("add1", "sizes must be equal", cures=(cure,)),)))
    button = listed.findChild(CureButton)
    message = next(label for label in listed.findChildren(QLabel) if label.text() == "Sizes must be equal")

    def top(widget: QWidget) -> int:
        return widget.mapTo(listed, widget.rect().topLeft()).y()

    qtbot.waitUntil(lambda: top(button) <= top(message))
    listed.resize(280, 200)
    qtbot.waitUntil(lambda: top(button) > top(message))
    qtbot.waitUntil(lambda: button.text().endswith("…  →  N×128×8×8"))
    assert button.geometry().right() < 280
