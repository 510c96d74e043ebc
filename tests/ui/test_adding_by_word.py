"""Layers added by typing and by choosing, with real events on a canvas; and the whole way in the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pilot import Pilot
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeView

from nndesigner import plan
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui import theme
from nndesigner.ui.adding.choosing import Choosing
from nndesigner.ui.adding.habits import Habits
from nndesigner.ui.adding.typing import Typing
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.palette import NAME, Palette, star_of

LEFT, NONE, PLAIN = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
LENET = (
    "Data(digits) > Conv2d(6, 5, padding=2) > Tanh > AvgPool2d(2) > Conv2d(16, 3) > Tanh > Flatten"
    " > Linear(120) > Tanh > Linear(84) > Tanh > Linear(10) > [Output, CrossEntropyLoss]"
)


def a_small_network() -> Project:
    return Project(
        Graph.of(
            [
                Node("input1", "Input", {"shape": (1, 8, 8)}, (0, 0)),
                Node("conv1", "Conv2d", {"out_channels": 4, "kernel_size": 3}, (0, 88)),
                Node("relu1", "ReLU", {}, (0, 176)),
            ],
            [Edge("input1", "output", "conv1", "input"), Edge("conv1", "output", "relu1", "input")],
        )
    )


class Desk:
    """A canvas with the search and the line over it."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas, self.document = canvas, canvas.document
        self.habits = Habits()
        self.choosing = Choosing(canvas, self.habits, canvas)
        self.typing = Typing(canvas, self.habits, canvas)
        self.typing.asked.connect(lambda project, place: self.typing.take(project, plan.make(project)))

    @property
    def graph(self) -> Graph:
        return self.document.graph

    @property
    def said(self) -> str:
        return self.typing.line.edit.accessibleDescription()

    def type(self, line: str) -> None:
        if self.typing.line.isHidden():
            self.typing.open()
        QTest.keyClicks(self.typing.line.edit, line)

    def press(self, key: Qt.Key) -> None:
        field = self.choosing.search.search if self.choosing.search.isVisible() else self.typing.line.edit
        QTest.keyClick(field, key)

    def at(self, x: float, y: float) -> QPoint:
        return self.canvas.mapFromScene(QPointF(x, y))

    def double_click(self, x: float, y: float) -> None:
        viewport = self.canvas.viewport()
        QTest.mouseClick(viewport, LEFT, PLAIN, self.at(x, y))
        QTest.mouseDClick(viewport, LEFT, PLAIN, self.at(x, y))

    def pull(self, node: str, port: str, is_output: bool, x: float, y: float, let_go: bool = True) -> None:
        viewport = self.canvas.viewport()
        start, end = self.canvas.mapFromScene(self.canvas.stage.spot_of(node, port, is_output)), self.at(x, y)
        QTest.mousePress(viewport, LEFT, PLAIN, start)
        for part in (0.3, 1.0):
            at = start + (end - start) * part
            where = QPointF(viewport.mapToGlobal(at))
            QApplication.sendEvent(
                viewport, QMouseEvent(QEvent.Type.MouseMove, QPointF(at), where, NONE, LEFT, PLAIN)
            )
        if let_go:
            QTest.mouseRelease(viewport, LEFT, PLAIN, end)


@pytest.fixture
def desk(qtbot, own_folders: Path) -> Iterator[Desk]:
    theme.apply(QApplication.instance(), theme.LIGHT)
    document = Document()
    canvas = Canvas(document)
    qtbot.addWidget(canvas)
    canvas.resize(1000, 700)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.activateWindow()
    document.load(a_small_network(), None)
    canvas.centerOn(100, 200)
    canvas.set_plan(plan.make(document.project))
    yield Desk(canvas)
    document.stack.clear()


# The line.


def test_a_line_is_drawn_after_the_free_end_as_one_step(desk: Desk) -> None:
    before = desk.document.project
    desk.type("MaxPool2d(2) > Flatten > Linear(10)")
    shapes = {one.name: one.shape for one in desk.typing.line.shapes.steps}
    assert shapes == {"pool1": "N×4×3×3", "flatten1": "N×36", "linear1": "N×10"}
    assert desk.document.project is before
    desk.press(Qt.Key.Key_Return)
    assert Edge("relu1", "output", "pool1", "input") in desk.graph.edges
    assert desk.canvas.selected_names() == ("linear1",)
    tops = [desk.graph.nodes[name].position[1] for name in ("relu1", "pool1", "flatten1", "linear1")]
    assert tops == sorted(set(tops))
    assert not desk.typing.line.isVisible()
    desk.document.stack.undo()
    assert desk.document.project == before


def test_it_is_drawn_after_what_is_selected_beside_what_stands_there(desk: Desk) -> None:
    desk.canvas.select(["conv1"])
    desk.type("Tanh > Sigmoid")
    desk.press(Qt.Key.Key_Return)
    assert Edge("conv1", "output", "tanh1", "input") in desk.graph.edges
    cards = {name: item.card for name, item in desk.canvas.stage.node_items.items()}
    assert not any(
        one.intersects(other) for one in cards.values() for other in cards.values() if one is not other
    )


def test_several_selected_lead_into_one(desk: Desk) -> None:
    desk.canvas.select(["conv1", "relu1"])
    desk.type("Add")
    desk.press(Qt.Key.Key_Return)
    assert {edge.source for edge in desk.graph.incoming["add1"].values()} == {"conv1", "relu1"}


def test_escape_leaves_all_as_it_was(desk: Desk) -> None:
    before = desk.document.project
    desk.type("Conv2d(8, 3) > ReLU")
    desk.press(Qt.Key.Key_Escape)
    assert not desk.typing.line.isVisible()
    assert desk.document.project is before and not desk.document.stack.canUndo()


def test_rubbish_is_told_at_its_place_and_not_drawn(desk: Desk) -> None:
    before = desk.document.project
    desk.type("Conv2d(8, 0) > ReLU")
    assert desk.said.startswith("kernel_size is a whole number from 1")
    desk.press(Qt.Key.Key_Return)
    assert desk.typing.line.isVisible() and desk.document.project is before
    desk.typing.line.edit.clear()
    desk.type(")] >>> qwerty((( x3 ,,,")
    desk.press(Qt.Key.Key_Return)
    assert desk.said and desk.document.project is before


def test_what_does_not_fit_is_told_before_it_is_drawn(desk: Desk) -> None:
    desk.type("Conv1d(8, 3)")
    assert desk.said.startswith("conv2 expects 3 axes (N, channels, length), relu1 gives N×4×6×6")
    assert [one.wrong for one in desk.typing.line.shapes.steps] == [True]


def test_what_fits_is_offered_while_typing_and_taken_with_tab(desk: Desk) -> None:
    desk.type("Con")
    desk.press(Qt.Key.Key_Tab)
    desk.type("(")
    assert "out_channels: a whole number from 1" in desk.said
    desk.type("8, 3, padd")
    desk.press(Qt.Key.Key_Tab)
    desk.type("sa")
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.typing.line.edit.text() == "Conv2d(8, 3, padding=same"
    desk.press(Qt.Key.Key_Return)
    assert dict(desk.graph.nodes["conv2"].params) == {"out_channels": 8, "kernel_size": 3, "padding": "same"}


def test_lines_typed_before_come_back_and_stay_for_the_next_time(desk: Desk) -> None:
    for line in ("ReLU", "Tanh"):
        desk.type(line)
        desk.press(Qt.Key.Key_Return)
    desk.type("Sig")
    desk.press(Qt.Key.Key_Up)
    assert desk.typing.line.edit.text() == "Tanh"
    desk.press(Qt.Key.Key_Up)
    assert desk.typing.line.edit.text() == "ReLU"
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    assert desk.typing.line.edit.text() == "Sig"
    assert Habits().lines == ["ReLU", "Tanh"]


def test_a_line_can_be_typed_into_a_block(pilot: Pilot) -> None:
    inner = Graph.of([Node("input", "Input"), Node("output", "Output")])
    graph = Graph.of([Node("input1", "Input", {"shape": (3, 8, 8)}), Node("part1", "Part")])
    graph = graph.connect(Edge("input1", "output", "part1", "input"))
    pilot.window.filing.begin(Project(graph, {"Part": Block("Part", inner, {"width": 8})}))
    pilot.settle()
    pilot.canvas.select(["part1"])
    pilot.window.actions_["go_in"].trigger()
    pilot.wait(lambda: bool(pilot.window.document.place.path))
    pilot.window.actions_["type_line"].trigger()
    line = pilot.window.parts.typing.line
    QTest.keyClicks(pilot.find("typedLineField"), "input > Conv2d(width, 3) > ReLU > output")
    QTest.keyClick(pilot.find("typedLineField"), Qt.Key.Key_Return)
    assert not line.isVisible()
    block = pilot.window.document.project.blocks["Part"]
    assert dict(block.graph.nodes["conv1"].params) == {"out_channels": Expression("width"), "kernel_size": 3}
    assert Edge("relu1", "output", "output", "input") in block.graph.edges


# The search.


def test_a_double_click_on_paper_offers_all_and_wires_what_was_selected(desk: Desk) -> None:
    desk.canvas.select(["relu1"])
    desk.double_click(300, 250)
    assert desk.choosing.search.isVisible()
    QTest.keyClicks(desk.choosing.search.search, "normalize")
    QTest.keyClicks(desk.choosing.search.search, "\b" * 9 + "batch norm")
    assert desk.choosing.search.names()[0] == "BatchNorm2d"
    desk.press(Qt.Key.Key_Return)
    assert Edge("relu1", "output", "norm1", "input") in desk.graph.edges
    assert desk.canvas.stage.node_items["norm1"].card.contains(QPointF(300, 270))
    assert desk.document.stack.count() == 1


def test_tab_on_the_canvas_opens_the_search_and_escape_closes_it(desk: Desk) -> None:
    before = desk.document.project
    desk.canvas.setFocus()
    QTest.keyClick(desk.canvas, Qt.Key.Key_Tab)
    assert desk.choosing.search.isVisible()
    desk.press(Qt.Key.Key_Escape)
    assert not desk.choosing.search.isVisible() and desk.canvas.hasFocus()
    assert desk.document.project is before


def test_a_wire_let_go_in_the_void_offers_only_what_fits_and_wires_it(desk: Desk) -> None:
    desk.pull("relu1", "output", True, 300, 300)
    names = desk.choosing.search.names()
    assert {"Conv2d", "MaxPool2d", "Add", "Flatten"} <= set(names)
    assert not {"Conv1d", "Embedding", "Data", "LSTM"} & set(names)
    QTest.keyClicks(desk.choosing.search.search, "max pool")
    desk.press(Qt.Key.Key_Return)
    assert Edge("relu1", "output", "pool1", "input") in desk.graph.edges
    desk.document.stack.undo()
    assert desk.document.project == a_small_network()


def test_an_input_pulled_into_the_void_gets_what_is_chosen(desk: Desk) -> None:
    desk.document.edit_graph("", desk.graph.add(Node("conv2", "Conv2d", {}, (400, 200))))
    desk.pull("conv2", "input", False, 420, 80)
    assert "ReLU" in desk.choosing.search.names() and "CrossEntropyLoss" not in desk.choosing.search.names()
    QTest.keyClicks(desk.choosing.search.search, "tanh")
    desk.press(Qt.Key.Key_Return)
    assert Edge("tanh1", "output", "conv2", "input") in desk.graph.edges
    assert desk.graph.nodes["tanh1"].position[1] < 80


def test_the_menu_on_paper_adds_where_it_was_asked_for(pilot: Pilot) -> None:
    pilot.window.filing.begin(a_small_network())
    pilot.settle()
    at = QPoint(60, 60)
    pilot.canvas.menu_wanted.emit(pilot.canvas.viewport().mapToGlobal(at))
    menu = pilot.find("canvasMenu")
    here = next(action for action in menu.actions() if action.objectName() == "addHereAction")
    QTest.mouseClick(menu, LEFT, PLAIN, menu.actionGeometry(here).center())
    search = pilot.window.parts.choosing.search
    assert search.isVisible()
    QTest.keyClicks(search.search, "relu")
    QTest.keyClick(search.search, Qt.Key.Key_Return)
    card = pilot.canvas.stage.node_items["relu2"].card
    assert card.adjusted(-8, -8, 8, 8).contains(pilot.canvas.mapToScene(at))


def test_escape_lets_a_wire_in_the_void_go(desk: Desk) -> None:
    desk.pull("relu1", "output", True, 300, 300)
    assert len(desk.canvas.stage.overlays) == 1
    desk.press(Qt.Key.Key_Escape)
    assert not desk.canvas.stage.overlays
    assert desk.document.project == a_small_network()


def test_a_double_click_on_a_wire_puts_a_layer_in_between(desk: Desk) -> None:
    desk.double_click(104, 160)
    assert "Add" not in desk.choosing.search.names()
    QTest.keyClicks(desk.choosing.search.search, "batchnorm2")
    desk.press(Qt.Key.Key_Return)
    assert Edge("conv1", "output", "norm1", "input") in desk.graph.edges
    assert Edge("norm1", "output", "relu1", "input") in desk.graph.edges


def test_another_layer_takes_the_place_and_the_wires(desk: Desk) -> None:
    desk.canvas.select(["conv1"])
    desk.choosing.replace()
    names = desk.choosing.search.names()
    assert names[0].startswith("ConvTranspose2d") and "Conv1d" not in names
    QTest.keyClicks(desk.choosing.search.search, "max pool")
    desk.press(Qt.Key.Key_Return)
    assert desk.graph.edges == {
        Edge("input1", "output", "pool1", "input"),
        Edge("pool1", "output", "relu1", "input"),
    }
    assert dict(desk.graph.nodes["pool1"].params) == {"kernel_size": 3}
    for _ in range(10):
        desk.document.stack.undo()
    assert desk.document.project == a_small_network()


# The palette.


def test_only_what_fits_is_lit_while_a_wire_is_pulled(desk: Desk, qtbot) -> None:
    palette = Palette(habits=desk.habits)
    qtbot.addWidget(palette)
    lit: list[frozenset[str] | None] = []
    desk.canvas.wire_pulled.connect(lambda loose: lit.append(desk.choosing.fitting(loose)))
    desk.pull("relu1", "output", True, 300, 300, let_go=False)
    assert lit[-1] is not None and "Conv2d" in lit[-1] and "Conv1d" not in lit[-1]
    desk.canvas.end_gesture()
    assert lit[-1] is None


def test_favourites_are_starred_listed_first_and_kept(desk: Desk, qtbot) -> None:
    palette = Palette(habits=desk.habits)
    qtbot.addWidget(palette)
    palette.resize(240, 700)
    palette.show()
    rows = palette.findChild(QTreeView, "paletteList")
    index = next(index for index in rows.rows() if index.data(NAME) == "Linear")
    QTest.mouseClick(rows.viewport(), LEFT, PLAIN, star_of(rows.visualRect(index)).center())
    assert palette.names()[0] == "Linear"
    assert Habits().favourites == ["Linear"]
    QTest.mouseClick(rows.viewport(), LEFT, PLAIN, star_of(rows.visualRect(rows.rows()[0])).center())
    assert Habits().favourites == []


def test_what_is_used_most_comes_first(desk: Desk) -> None:
    for _ in range(3):
        desk.habits.use(["Softmax"])
    assert desk.habits.most_used(5) == ["Softmax"]
    desk.double_click(300, 300)
    assert desk.choosing.search.names()[0] == "Softmax"


# In the window.


def test_a_network_is_typed_from_an_empty_window(pilot: Pilot) -> None:
    pilot.window.filing.new()
    pilot.settle()
    pilot.hand.keys("/")
    line = pilot.window.parts.typing.line
    pilot.wait(line.isVisible)
    QTest.keyClicks(pilot.find("typedLineField"), LENET)
    pilot.wait(lambda: bool(line.shapes.steps) and line.shapes.steps[11].shape == "N×10")
    QTest.keyClick(pilot.find("typedLineField"), Qt.Key.Key_Return)
    pilot.settle()
    assert pilot.graph.nodes["loss1"].kind == "CrossEntropyLoss"
    assert len(pilot.graph.nodes) == 14
    pilot.window.document.stack.undo()
    assert not pilot.graph.nodes
