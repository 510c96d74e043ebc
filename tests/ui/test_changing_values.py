"""A value is changed where it stands: dragged by its name, for several nodes at once, on the card itself."""

from collections.abc import Iterator

import pytest
from pilot import LEFT, NONE, PLAIN, Pilot
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nndesigner import catalogue
from nndesigner.blocks import Place
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, Node, Value
from nndesigner.project import Project
from nndesigner.ui.document import Document
from nndesigner.ui.inspector import Inspector
from nndesigner.ui.ladder import Pace, climbed
from nndesigner.ui.scrub import RUNG
from nndesigner.ui.several_page import shared_params

GRAPH = Graph.of(
    [
        Node("data", "Data", {"dataset": "digits"}, (0, 0)),
        Node("conv1", "Conv2d", {"out_channels": 16, "kernel_size": 3}, (0, 96)),
        Node("conv2", "Conv2d", {"out_channels": 32, "kernel_size": 3}, (0, 192)),
        Node("drop", "Dropout", {}, (0, 288)),
        Node("flat", "Flatten", {}, (0, 384)),
        Node("fc", "Linear", {"out_features": 10}, (0, 480)),
        Node("loss", "CrossEntropyLoss", {}, (0, 576)),
        Node("out", "Output", {}, (300, 576)),
    ],
    [
        Edge("data", "image", "conv1", "input"),
        Edge("conv1", "output", "conv2", "input"),
        Edge("conv2", "output", "drop", "input"),
        Edge("drop", "output", "flat", "input"),
        Edge("flat", "output", "fc", "input"),
        Edge("fc", "output", "loss", "input"),
        Edge("fc", "output", "out", "input"),
        Edge("data", "label", "loss", "target"),
    ],
)


class Held:
    """The left button, held down on a widget until it is let go."""

    def __init__(self, target: QWidget) -> None:
        self._target, self._start = target, QPoint(8, target.height() // 2)
        self._keys = PLAIN
        QTest.mousePress(target, LEFT, PLAIN, self._start)

    def move(self, rungs: float, keys: Qt.KeyboardModifier = PLAIN) -> "Held":
        self._keys = keys
        self._at = self._start + QPoint(round(rungs * RUNG), 40)
        where = QPointF(self._target.mapToGlobal(self._at))
        move = QMouseEvent(QEvent.Type.MouseMove, QPointF(self._at), where, NONE, LEFT, keys)
        QApplication.sendEvent(self._target, move)
        return self

    def let_go(self) -> None:
        QTest.mouseRelease(self._target, LEFT, self._keys, self._at)


@pytest.fixture
def drawn(pilot: Pilot) -> Iterator[Pilot]:
    """A person before a small network."""
    pilot.window.document.load(Project(graph=GRAPH), None)
    pilot.window.show_workspace("design")
    pilot.settle()
    yield pilot


def text(pilot: Pilot, name: str) -> str:
    return pilot.find(f"param_{name}").lineEdit().text()


def grab(pilot: Pilot, name: str) -> Held:
    return Held(pilot.find(f"paramLabel_{name}"))


def history(pilot: Pilot) -> list[str]:
    stack = pilot.window.document.stack
    return [stack.text(place) for place in range(stack.count())]


def said(pilot: Pilot) -> str:
    note = pilot.window.parts.foresight.note
    return note.words.replace("\u202f", " ") if note is not None and note.isVisible() else ""


@pytest.mark.parametrize(
    ("kind", "param", "begun", "rungs", "pace", "found"),
    [
        ("Conv2d", "out_channels", 6, 10, "plain", 16),
        ("Conv2d", "out_channels", 16, 3, "plain", 40),
        ("Linear", "out_features", 84, 1, "plain", 88),
        ("Linear", "out_features", 84, -1, "plain", 80),
        ("Linear", "out_features", 84, 3, "fine", 87),
        ("Linear", "out_features", 84, 2, "coarse", 256),
        ("Linear", "out_features", 84, -9, "coarse", 1),
        ("Linear", "out_features", 512, 1, "plain", 544),
        ("Dropout", "p", 0.5, 3, "plain", 0.65),
        ("Dropout", "p", 0.5, -99, "plain", 0.0),
        ("Dropout", "p", 0.93, 1, "fine", 0.94),
        ("Adam", "lr", 0.001, -4, "plain", 5e-05),
        ("Adam", "lr", 0.001, 2, "coarse", 0.1),
        ("SGD", "weight_decay", 0.0, 1, "plain", 1e-06),
        ("SGD", "momentum", 0.9, 9, "plain", 0.95),
        ("Hardtanh", "min_val", -1.0, -2, "plain", -1.2),
        ("Softmax", "dim", -1, -2, "coarse", -3),
        ("MaxPool2d", "stride", None, 2, "plain", 2),
        ("MaxPool2d", "stride", None, -2, "plain", None),
        ("Conv2d", "kernel_size", (3, 5), -9, "plain", (1, 3)),
        ("Conv2d", "padding", "same", 3, "plain", "same"),
    ],
)
def test_numbers_go_by_rungs_a_person_would_have_typed(
    kind: str, param: str, begun: Value, rungs: int, pace: Pace, found: Value
) -> None:
    value = climbed(catalogue.BY_NAME[kind].by_name[param], begun, rungs, pace)
    assert value == found
    assert type(value) is type(found)


def test_a_number_is_dragged_and_what_follows_is_seen_before_it_is_let_go(drawn: Pilot) -> None:
    document, stage = drawn.window.document, drawn.canvas.stage
    drawn.select("conv2")
    held = grab(drawn, "out_channels").move(4)
    assert text(drawn, "out_channels") == "64"
    drawn.wait(lambda: "+" in said(drawn))
    assert said(drawn) == "+9.76 k parameters\n+10.1 MFLOPs\nN×32×4×4 → N×64×4×4"
    assert stage.node_items["conv2"].face.summary == "64 · 3×3"
    assert str(stage.plan.types["conv2", "output"]) == "N×64×4×4"
    assert document.graph == GRAPH and history(drawn) == []

    held.move(0)
    assert text(drawn, "out_channels") == "32"
    held.move(2).let_go()
    assert document.graph.nodes["conv2"].params["out_channels"] == 48
    assert history(drawn) == ["Set conv2.out_channels"]
    assert said(drawn) == ""
    drawn.settle()
    assert str(stage.plan.types["conv2", "output"]) == "N×48×4×4"
    document.stack.undo()
    assert document.graph == GRAPH


def test_escape_in_a_drag_leaves_no_step(drawn: Pilot) -> None:
    document, stage = drawn.window.document, drawn.canvas.stage
    drawn.select("conv1")
    held = grab(drawn, "kernel_size").move(9)
    drawn.wait(lambda: said(drawn) != "")
    assert "conv1" in said(drawn)  # what does not fit any more is told
    drawn.hand.keys("Escape")
    assert text(drawn, "kernel_size") == "3"
    assert said(drawn) == ""
    held.move(12).let_go()
    assert document.graph == GRAPH and history(drawn) == []
    assert stage.node_items["conv1"].face.summary == "16 · 3×3"
    assert stage.plan.problems == ()
    assert drawn.canvas.selected_names() == ("conv1",)


def test_several_nodes_are_set_at_once_in_one_step(drawn: Pilot) -> None:
    document = drawn.window.document
    drawn.canvas.select(["conv1", "conv2"])
    assert drawn.find("severalHead").text() == "2 layers selected"
    field = drawn.find("param_out_channels")
    assert text(drawn, "out_channels") == ""
    assert field.lineEdit().placeholderText() == "various"
    assert text(drawn, "kernel_size") == "3"

    drawn.set_param("out_channels", "24")
    channels = {name: document.graph.nodes[name].params["out_channels"] for name in ("conv1", "conv2")}
    assert channels == {"conv1": 24, "conv2": 24}
    assert history(drawn) == ["Set out_channels of 2 layers"]
    document.stack.undo()
    assert document.graph == GRAPH
    assert text(drawn, "out_channels") == ""

    drawn.hand.click(field, QPoint(24, 12))
    drawn.hand.type("7")
    drawn.hand.keys("Escape")
    assert document.graph == GRAPH

    held = grab(drawn, "out_channels").move(2)  # from the first of them
    drawn.wait(lambda: "parameters" in said(drawn))
    assert drawn.canvas.stage.node_items["conv1"].face.summary == "32 · 3×3"
    held.let_go()
    grab(drawn, "repeat").move(1).let_go()
    both = [document.graph.nodes[name] for name in ("conv1", "conv2")]
    assert [(node.params["out_channels"], node.repeat) for node in both] == [(32, 2), (32, 2)]
    assert history(drawn) == ["Set out_channels of 2 layers", "Set repeat of 2 layers"]
    document.stack.undo()
    document.stack.undo()
    assert document.graph == GRAPH


def test_different_kinds_share_what_has_the_same_name_and_type() -> None:
    by_name = catalogue.BY_NAME
    shared = shared_params([by_name["Conv2d"], by_name["ConvTranspose2d"], by_name["Conv2d"]])
    assert {"out_channels", "kernel_size", "stride", "bias"} <= {param.name for param in shared}
    assert "padding" not in {param.name for param in shared}  # “same” is a padding of one of them only
    (p,) = shared_params([by_name["Dropout"], by_name["Dropout2d"]])
    assert p == by_name["Dropout"].by_name["p"]
    assert shared_params([by_name["Conv2d"], by_name["ReLU"]]) == ()


def double_click(pilot: Pilot, node: str) -> None:
    card = pilot.canvas.stage.node_items[node].card
    at = pilot.canvas.mapFromScene(QPointF(card.left() + 80, card.top() + 38))
    pilot.hand.click(pilot.canvas.viewport(), at)
    QTest.mouseDClick(pilot.canvas.viewport(), LEFT, PLAIN, at)


def press(key: Qt.Key, field: QWidget) -> None:
    QTest.keyClick(field, key)


def is_open(pilot: Pilot) -> bool:
    return any(one.isVisible() for one in pilot.canvas.findChildren(QWidget, "cardEditor"))


def test_values_are_changed_on_the_card_in_one_step(drawn: Pilot) -> None:
    document, stage = drawn.window.document, drawn.canvas.stage
    double_click(drawn, "conv2")
    channels, kernel = drawn.find("card_out_channels"), drawn.find("card_kernel_size")
    drawn.wait(channels.hasFocus)
    QTest.keyClicks(channels, "48")
    press(Qt.Key.Key_Tab, channels)
    assert kernel.hasFocus()
    QTest.keyClicks(kernel, "5x")
    press(Qt.Key.Key_Return, kernel)
    assert is_open(drawn)
    assert drawn.find("cardEditorProblem").reason.startswith("kernel_size is a whole number from 1")
    kernel.selectAll()
    QTest.keyClicks(kernel, "2")
    drawn.wait(lambda: "parameters" in said(drawn))
    assert stage.node_items["conv2"].face.summary == "48 · 2×2"
    assert document.graph == GRAPH
    press(Qt.Key.Key_Return, kernel)
    assert not is_open(drawn)
    assert QApplication.focusWidget() is drawn.canvas, QApplication.focusWidget()
    assert document.graph.nodes["conv2"].params == {"out_channels": 48, "kernel_size": 2}
    assert history(drawn) == ["Set the values of conv2"]
    document.stack.undo()
    assert document.graph == GRAPH

    press(Qt.Key.Key_Return, drawn.canvas)  # by the keyboard
    QTest.keyClicks(drawn.find("card_out_channels"), "9")
    press(Qt.Key.Key_Escape, drawn.find("card_out_channels"))
    assert not is_open(drawn)
    assert document.graph == GRAPH
    assert stage.node_items["conv2"].face.summary == "32 · 3×3"

    double_click(drawn, "drop")  # nothing but its kind stands on its card
    Held(drawn.find("cardLabel_p")).move(-4).let_go()  # by the mouse alone
    drawn.select("fc")  # who goes on elsewhere has finished
    assert not is_open(drawn)
    assert document.graph.nodes["drop"].params == {"p": 0.3}
    assert document.stack.undoText() == "Set drop.p"


def test_fields_on_a_card_go_away_with_it(drawn: Pilot) -> None:
    document, canvas = drawn.window.document, drawn.canvas
    editing = drawn.window.parts.card_editing
    editing.edit("conv1")
    QTest.keyClicks(drawn.find("card_out_channels"), "5")
    canvas.camera.scroll(0, 30)
    assert is_open(drawn)
    canvas.camera.scroll(0, 3000)
    assert not is_open(drawn)
    canvas.fit()
    editing.edit("conv1")
    QTest.keyClicks(drawn.find("card_out_channels"), "5")
    document.edit_graph("Delete", document.graph.remove(["conv1"]))
    assert not is_open(drawn)
    document.stack.undo()
    assert document.graph == GRAPH
    editing.edit("conv2")
    held = grab(drawn, "kernel_size").move(2)
    document.load(Project(), None)
    held.let_go()
    assert not is_open(drawn) and document.graph == Graph() and history(drawn) == []
    assert said(drawn) == ""


def test_in_a_block_what_is_computed_is_told_and_what_is_shared_becomes_a_param(qtbot: QtBot) -> None:
    nodes = [
        Node(name, "Conv2d", {"out_channels": value, "kernel_size": 3})
        for name, value in (("one", Expression("width")), ("two", 8), ("three", 8))
    ]
    document = Document()
    document.load(Project(blocks={"Body": Block("Body", Graph.of(nodes, []), {"width": 16})}), None)
    document.go(Place("Body"))
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.show()

    def child(name: str) -> QWidget:
        return inspector.findChild(QWidget, name)

    inspector.show_nodes(("one",))
    Held(child("paramLabel_out_channels")).move(9).let_go()  # a number that is computed is no handle
    assert document.stack.count() == 0

    inspector.show_nodes(("one", "two"))
    assert child("param_out_channels").lineEdit().placeholderText() == "various"
    assert child("severalRemark").text() == (
        "out_channels of one is computed; what is set here takes its place."
    )
    inspector.show_nodes(("two", "three"))
    assert child("severalRemark").isHidden()
    child("param_out_channels").findChild(QAction, "expose").trigger()
    held = document.graph.nodes
    assert held["two"].params["out_channels"] == held["three"].params["out_channels"]
    assert held["three"].params["out_channels"] == Expression("out_channels")
    assert document.project.blocks["Body"].params == {"width": 16, "out_channels": 8}
    assert child("param_out_channels").lineEdit().text() == "= out_channels"
    document.stack.undo()
    assert document.graph.nodes["three"].params["out_channels"] == 8


def test_a_hint_goes_with_the_next_edit_or_selection_and_stays_while_nothing_is_done(pilot: Pilot) -> None:
    pilot.window.document.load(Project(GRAPH), None)
    pilot.settle()
    status, canvas = pilot.window.parts.status, pilot.canvas
    for go_on in (
        lambda: canvas.select(["conv1"]),
        lambda: pilot.window.document.edit_graph("Delete", pilot.graph.remove(["drop"])),
    ):
        canvas.select(["out"])
        pilot.window.parts.card_editing.edit_selected()
        assert status.hint.startswith("out has no values")
        pilot.wait(lambda: not status.is_fresh)
        assert status.hint.startswith("out has no values")
        go_on()
        assert status.hint == ""


def test_what_is_said_of_an_edit_outlives_that_edit(pilot: Pilot) -> None:
    pilot.canvas.hint.emit("Two wires are lost")
    pilot.window.document.load(Project(GRAPH), None)
    assert pilot.window.parts.status.hint == "Two wires are lost"
