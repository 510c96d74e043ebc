"""The canvas under a hand: real events in, projects out."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nndesigner.catalogue.kind import CHECK_BATCH, TensorType
from nndesigner.graph import Block, Edge, Graph, Node, Note
from nndesigner.project import Project
from nndesigner.ui.canvas import edits
from nndesigner.ui.canvas.dropping import MIME
from nndesigner.ui.canvas.face import face_of, summary_of
from nndesigner.ui.canvas.fragment import fragment_from_text, fragment_to_text
from nndesigner.ui.canvas.pointer import PointerLabel
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.theme import DARK, LIGHT, look

LEFT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


def graph_of_three() -> Graph:
    return Graph.of(
        [
            Node("conv1", "Conv2d", {"out_channels": 8, "kernel_size": 3}, (0, 0)),
            Node("relu1", "ReLU", {}, (256, 0)),
            Node("pool1", "MaxPool2d", {"kernel_size": 2}, (512, 0)),
        ],
        [Edge("conv1", "output", "relu1", "input")],
    )


@pytest.fixture
def canvas(qtbot) -> Iterator[Canvas]:
    document = Document()
    made = Canvas(document)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    document.load(Project(graph_of_three()), None)
    made.centerOn(350, 100)
    yield made
    look.use(LIGHT)
    document.stack.clear()


def send(
    canvas: Canvas, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton
) -> None:
    where = QPointF(canvas.viewport().mapToGlobal(at.toPoint()))
    QApplication.sendEvent(canvas.viewport(), QMouseEvent(kind, at, where, button, held, PLAIN))


def press(canvas: Canvas, at: QPointF, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(canvas.viewport(), button, PLAIN, at.toPoint())


def move(canvas: Canvas, at: QPointF, held: Qt.MouseButton = LEFT) -> None:
    send(canvas, QEvent.Type.MouseMove, at, NONE, held)


def release(canvas: Canvas, at: QPointF, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseRelease(canvas.viewport(), button, PLAIN, at.toPoint())


def drag(canvas: Canvas, start: QPointF, end: QPointF, button: Qt.MouseButton = LEFT) -> None:
    press(canvas, start, button)
    for part in (0.3, 0.6, 1.0):
        move(canvas, start + (end - start) * part, button)
    release(canvas, end, button)


def seen(canvas: Canvas, place: QPointF) -> QPointF:
    return QPointF(canvas.mapFromScene(place))


def port(canvas: Canvas, node: str, name: str) -> QPointF:
    item = canvas.stage.node_items[node]
    return seen(canvas, item.spot(item.face.input(name) or item.face.output(name)))


def middle_of_wire(canvas: Canvas) -> QPointF:
    (wire,) = canvas.stage.edge_items.values()
    return seen(canvas, wire.pos() + wire.path.pointAtPercent(0.5))


def body(canvas: Canvas, node: str) -> QPointF:
    return seen(canvas, canvas.stage.node_items[node].card.center())


def said(canvas: Canvas) -> str:
    label = canvas.findChild(PointerLabel)
    return label.text if label.isVisible() else ""


def connected(*edges: Edge) -> Graph:
    graph = graph_of_three()
    return replace(graph, edges=graph.edges | set(edges))


RELU_POOL = Edge("relu1", "output", "pool1", "input")


# Wires.


def test_a_wire_pulled_from_an_output_to_an_input_connects_them_in_one_step(canvas):
    drag(canvas, port(canvas, "relu1", "output"), port(canvas, "pool1", "input"))
    assert canvas.document.graph == connected(RELU_POOL)
    assert canvas.document.stack.undoText() == "Connect relu1 to pool1"
    assert canvas.document.stack.count() == 1


def test_a_wire_can_be_pulled_backwards_from_a_free_input(canvas):
    drag(canvas, port(canvas, "pool1", "input"), port(canvas, "relu1", "output"))
    assert canvas.document.graph == connected(RELU_POOL)


def test_a_wire_dropped_on_a_card_takes_its_first_free_input(canvas):
    drag(canvas, port(canvas, "relu1", "output"), body(canvas, "pool1"))
    assert canvas.document.graph == connected(RELU_POOL)


def test_a_loop_is_refused_while_the_wire_is_pulled_with_the_reason_at_the_pointer(canvas, qtbot):
    start, end = port(canvas, "relu1", "output"), port(canvas, "conv1", "input")
    before = canvas.document.project
    press(canvas, start)
    move(canvas, end)
    assert said(canvas) == "This would close a loop: relu1 → conv1 → relu1"
    with qtbot.waitSignal(canvas.hint) as told:
        release(canvas, end)
    assert told.args == ["This would close a loop: relu1 → conv1 → relu1"]
    assert canvas.document.project is before
    assert said(canvas) == ""


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (("conv1", "output"), ("pool1", "output"), "An output can't feed an output; drop it on an input"),
        (("conv1", "input"), ("pool1", "input"), "An input can't feed an input; drop it on an output"),
        (("pool1", "output"), ("pool1", "input"), "pool1 can't feed itself"),
    ],
)
def test_what_makes_no_wire_is_refused_with_its_reason(canvas, start, end, reason):
    press(canvas, port(canvas, *start))
    move(canvas, port(canvas, *end))
    assert said(canvas) == reason
    release(canvas, port(canvas, *end))
    assert canvas.document.graph == graph_of_three()


def test_a_wire_dropped_in_the_void_changes_nothing(canvas):
    drag(canvas, port(canvas, "relu1", "output"), QPointF(600, 650))
    assert canvas.document.graph == graph_of_three()
    assert canvas.stage.overlays == []


def test_an_end_pulled_off_its_input_and_dropped_in_the_void_disconnects(canvas):
    drag(canvas, port(canvas, "relu1", "input"), QPointF(600, 650))
    assert canvas.document.graph.edges == frozenset()
    assert canvas.document.stack.undoText() == "Disconnect conv1 from relu1"


def test_an_end_pulled_to_another_input_moves_the_wire(canvas):
    drag(canvas, port(canvas, "relu1", "input"), port(canvas, "pool1", "input"))
    assert canvas.document.graph.edges == {Edge("conv1", "output", "pool1", "input")}
    assert canvas.document.stack.count() == 1


def test_escape_puts_a_pulled_end_back(canvas):
    press(canvas, port(canvas, "relu1", "input"))
    move(canvas, QPointF(600, 650))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    release(canvas, QPointF(600, 650))
    assert canvas.document.graph == graph_of_three()
    assert [item.state for item in canvas.stage.edge_items.values()] == [""]


def test_ports_that_fit_light_up_while_a_wire_is_pulled(canvas):
    press(canvas, port(canvas, "relu1", "output"))
    move(canvas, QPointF(600, 650))
    lit = {name: item.lit for name, item in canvas.stage.node_items.items()}
    assert lit == {"conv1": frozenset(), "relu1": frozenset({"out output"}), "pool1": frozenset({"in input"})}
    release(canvas, QPointF(600, 650))
    assert all(item.lit is None for item in canvas.stage.node_items.values())


def test_whole_numbers_into_a_layer_are_a_soft_reason_and_allowed(canvas):
    types = {("relu1", "output"): TensorType((2, 8), "int64")}
    canvas.set_plan(SimpleNamespace(types=types, problems=(), parameters=0, parameters_of={}))
    press(canvas, port(canvas, "relu1", "output"))
    move(canvas, port(canvas, "pool1", "input"))
    assert said(canvas) == "pool1 expects real numbers, relu1 gives int64"
    release(canvas, port(canvas, "pool1", "input"))
    assert canvas.document.graph == connected(RELU_POOL)


def test_a_joining_node_always_offers_one_more_port(canvas):
    graph = canvas.document.graph.add(Node("add1", "Add", {}, (512, 160)))
    canvas.document.edit_graph("Add", graph)
    for name in ("conv1", "relu1", "pool1"):
        drag(canvas, port(canvas, name, "output"), body(canvas, "add1"))
    assert set(canvas.document.graph.incoming["add1"]) == {"input1", "input2", "input3"}
    assert [spot.name for spot in canvas.stage.node_items["add1"].face.inputs][-1] == "input4"


# Moving.


def test_moving_snaps_to_the_grid_and_is_one_step(canvas):
    start = body(canvas, "pool1")
    drag(canvas, start, start + QPointF(37, 61))
    assert canvas.document.graph.nodes["pool1"].position == (552, 64)
    assert canvas.document.stack.count() == 1
    assert canvas.document.stack.undoText() == "Move pool1"
    canvas.document.stack.undo()
    assert canvas.document.graph == graph_of_three()
    assert canvas.stage.node_items["pool1"].scenePos() == QPointF(512, 0)


def test_all_that_is_selected_moves_together_and_wires_follow(canvas):
    canvas.select(["conv1", "pool1"])
    start = body(canvas, "conv1")
    press(canvas, start)
    move(canvas, start + QPointF(0, 80))
    wire = canvas.stage.edge_items[Edge("conv1", "output", "relu1", "input")]
    assert wire.line.p1() == canvas.stage.spot_of("conv1", "output", True) + QPointF(0, 80)
    assert wire.line.p2() == canvas.stage.spot_of("relu1", "input", False)
    release(canvas, start + QPointF(0, 80))
    positions = {name: node.position for name, node in canvas.document.graph.nodes.items()}
    assert positions == {"conv1": (0, 80), "relu1": (256, 0), "pool1": (512, 80)}
    assert canvas.document.stack.undoText() == "Move 2 nodes"
    assert canvas.stage.node_items["conv1"].scenePos() == QPointF(0, 80)


def test_escape_in_the_middle_of_a_drag_puts_everything_back(canvas):
    start = body(canvas, "relu1")
    press(canvas, start)
    move(canvas, start + QPointF(100, 100))
    assert canvas.stage.raft.names == {"relu1"} and canvas.stage.raft.offset == QPointF(104, 104)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.stage.raft is None
    release(canvas, start + QPointF(100, 100))
    assert canvas.stage.node_items["relu1"].scenePos() == QPointF(256, 0)
    wire = canvas.stage.edge_items[Edge("conv1", "output", "relu1", "input")]
    assert wire.line.p2() == canvas.stage.spot_of("relu1", "input", False)
    assert canvas.document.stack.count() == 0


def test_an_undo_in_the_middle_of_a_drag_ends_it(canvas):
    canvas.document.edit_graph("Delete", canvas.document.graph.remove(["pool1"]))
    start = body(canvas, "relu1")
    press(canvas, start)
    move(canvas, start + QPointF(100, 100))
    canvas.document.stack.undo()
    release(canvas, start + QPointF(100, 100))
    assert canvas.document.graph == graph_of_three()
    assert canvas.stage.node_items["relu1"].scenePos() == QPointF(256, 0)


def test_a_drag_that_ends_outside_the_window_still_moves(canvas):
    start = body(canvas, "conv1")
    drag(canvas, start, QPointF(-400, -300))
    x, y = canvas.document.graph.nodes["conv1"].position
    assert x < -400 and y < -300 and x % 8 == y % 8 == 0


def test_a_release_that_was_never_heard_cancels_the_drag(canvas):
    start = body(canvas, "conv1")
    press(canvas, start)
    move(canvas, start + QPointF(100, 100))
    move(canvas, start + QPointF(120, 100), NONE)
    assert canvas.gesture is None
    assert canvas.document.stack.count() == 0
    assert canvas.stage.node_items["conv1"].scenePos() == QPointF(0, 0)


def test_a_click_does_not_move(canvas):
    QTest.mouseClick(canvas.viewport(), LEFT, PLAIN, body(canvas, "relu1").toPoint())
    assert canvas.selected_names() == ("relu1",)
    assert canvas.document.stack.count() == 0


def test_arrow_keys_nudge_by_the_grid_and_merge_into_one_step(canvas):
    canvas.select(["pool1"])
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.document.graph.nodes["pool1"].position == (536, 8)
    assert canvas.document.stack.count() == 1


# Selecting, deleting.


def test_a_rubber_band_selects_what_it_touches(canvas, qtbot):
    start, end = seen(canvas, QPointF(224, -60)), seen(canvas, QPointF(560, 30))
    with qtbot.waitSignal(canvas.selection_changed):
        drag(canvas, start, end)
    assert canvas.selected_names() == ("relu1", "pool1")
    assert canvas.stage.overlays == []


def test_escape_ends_a_rubber_band_with_the_selection_before(canvas):
    canvas.select(["conv1"])
    press(canvas, seen(canvas, QPointF(200, -60)))
    move(canvas, seen(canvas, QPointF(560, 30)))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selected_names() == ("conv1",)


def test_shift_click_adds_to_the_selection_and_takes_away(canvas):
    shift = Qt.KeyboardModifier.ShiftModifier
    canvas.select(["conv1"])
    QTest.mouseClick(canvas.viewport(), LEFT, shift, body(canvas, "pool1").toPoint())
    assert canvas.selected_names() == ("conv1", "pool1")
    QTest.mouseClick(canvas.viewport(), LEFT, shift, body(canvas, "conv1").toPoint())
    assert canvas.selected_names() == ("pool1",)


def test_deleting_and_undoing_gives_the_identical_graph(canvas):
    before = canvas.document.graph
    canvas.select(["conv1", "relu1"])
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert tuple(canvas.document.graph.nodes) == ("pool1",)
    assert canvas.document.stack.undoText() == "Delete 2 nodes"
    canvas.document.stack.undo()
    assert canvas.document.graph is before
    assert set(canvas.stage.node_items) == set(before.nodes)
    assert set(canvas.stage.edge_items) == before.edges


def test_a_wire_is_selected_by_a_click_and_deleted(canvas):
    QTest.mouseClick(canvas.viewport(), LEFT, PLAIN, middle_of_wire(canvas).toPoint())
    assert canvas.stage.selected_edges() == (Edge("conv1", "output", "relu1", "input"),)
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert canvas.document.graph.edges == frozenset()
    assert canvas.document.stack.undoText() == "Delete a wire"


def test_deleting_with_nothing_selected_is_no_step(canvas):
    canvas.delete_selection()
    assert canvas.document.stack.count() == 0


def test_a_renamed_node_stays_selected(canvas):
    canvas.select(["relu1"])
    canvas.document.edit_graph("Rename", canvas.document.graph.rename("relu1", "act"))
    assert canvas.selected_names() == ("act",)


# Dropping kinds.


def drop(canvas: Canvas, text: bytes, at: QPointF) -> bool:
    data = QMimeData()
    data.setData(MIME, text)
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, PLAIN)
    QApplication.sendEvent(canvas.viewport(), enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(canvas.viewport(), QDragMoveEvent(at.toPoint(), copy, data, LEFT, PLAIN))
    QApplication.sendEvent(canvas.viewport(), QDropEvent(at, copy, data, LEFT, PLAIN))
    return True


def test_a_dropped_kind_becomes_a_node_there(canvas):
    at = QPointF(500, 500)
    assert drop(canvas, b"Linear", at)
    node = canvas.document.graph.nodes["linear1"]
    assert node.kind == "Linear" and node.params == {"out_features": 64}
    assert node.position[0] % 8 == node.position[1] % 8 == 0
    assert canvas.stage.node_at(canvas.in_scene(at)) == "linear1"
    assert canvas.selected_names() == ("linear1",)
    assert canvas.document.stack.count() == 1


def test_a_kind_dropped_on_a_wire_is_put_into_it(canvas):
    assert drop(canvas, b"BatchNorm2d", middle_of_wire(canvas))
    assert canvas.document.graph.edges == {
        Edge("conv1", "output", "norm1", "input"),
        Edge("norm1", "output", "relu1", "input"),
    }
    assert canvas.document.stack.undoText() == "Put norm1 between conv1 and relu1"


@pytest.mark.parametrize("kind, name", [(b"MaxPool2d", "pool2"), (b"LSTM", "lstm1")])
def test_a_kind_with_more_ways_in_and_out_is_put_into_a_wire_by_its_first(canvas, kind, name):
    assert drop(canvas, kind, middle_of_wire(canvas))
    assert canvas.document.graph.edges == {
        Edge("conv1", "output", name, "input"),
        Edge(name, "output", "relu1", "input"),
    }


@pytest.mark.parametrize("text", [b"Adam", b"NoSuchLayer", b"\xff\xfe"])
def test_what_can_not_stand_on_the_canvas_is_not_accepted(canvas, text):
    assert not drop(canvas, text, QPointF(500, 500))
    assert canvas.document.graph == graph_of_three()


def test_adding_kinds_one_after_the_other_builds_a_chain(canvas):
    canvas.document.load(Project(), None)
    for kind in ("Data", "Flatten", "Linear"):
        canvas.add_kind(kind)
    assert canvas.document.graph.edges == {
        Edge("data1", "image", "flatten1", "input"),
        Edge("flatten1", "output", "linear1", "input"),
    }
    assert canvas.selected_names() == ("linear1",)
    cards = [item.card for item in canvas.stage.node_items.values()]
    assert not any(one.intersects(other) for one in cards for other in cards if one is not other)


def test_an_optimizer_can_not_be_added(canvas, qtbot):
    with qtbot.waitSignal(canvas.hint):
        canvas.add_kind("Adam")
    assert canvas.document.graph == graph_of_three()


# Clipboard.


def test_copy_and_paste_gives_the_same_part_under_free_names(canvas):
    canvas.select(["conv1", "relu1"])
    canvas.copy()
    canvas.paste()
    graph = canvas.document.graph
    assert tuple(graph.nodes) == ("conv1", "relu1", "pool1", "conv2", "relu2")
    assert Edge("conv2", "output", "relu2", "input") in graph.edges
    assert graph.nodes["conv2"].params == graph.nodes["conv1"].params
    assert graph.nodes["conv2"].position == (24, 24)
    assert canvas.selected_names() == ("conv2", "relu2")
    assert canvas.document.stack.count() == 1


def test_cut_and_undo_gives_the_identical_graph(canvas):
    before = canvas.document.graph
    canvas.select_all()
    canvas.cut()
    assert not canvas.document.graph.nodes
    canvas.document.stack.undo()
    assert canvas.document.graph is before


def test_duplicate_leaves_the_clipboard_alone(canvas):
    QGuiApplication.clipboard().setText("mine")
    canvas.select(["pool1"])
    canvas.duplicate()
    assert "pool2" in canvas.document.graph.nodes
    assert QGuiApplication.clipboard().text() == "mine"


@pytest.mark.parametrize("text", ["", "hello", "{}", '{"format": "nndesigner"}', "{" * 5000, "[1, 2]"])
def test_pasting_foreign_text_is_harmless(canvas, qtbot, text):
    QGuiApplication.clipboard().setText(text)
    with qtbot.waitSignal(canvas.hint):
        canvas.paste()
    assert canvas.document.graph == graph_of_three()
    assert canvas.document.stack.count() == 0


def test_a_fragment_brings_the_blocks_it_uses():
    inner = Graph.of([Node("entry", "Input"), Node("exit", "Output")])
    project = Project(Graph.of([Node("part", "Twice")])).with_block(Block("Twice", inner))
    found = fragment_from_text(fragment_to_text(project, project.graph))
    assert found is not None and found.blocks == project.blocks and found.graph == project.graph


# Following.


def test_sync_touches_only_what_differs(canvas):
    nodes, wires = dict(canvas.stage.node_items), dict(canvas.stage.edge_items)
    faces = {name: item.face for name, item in nodes.items()}
    graph = canvas.document.graph
    canvas.document.edit_graph("Set", graph.replace_node(graph.nodes["conv1"].with_param("stride", 2)))
    assert canvas.stage.node_items == nodes and canvas.stage.edge_items == wires
    assert nodes["relu1"].face is faces["relu1"] and nodes["pool1"].face is faces["pool1"]
    assert nodes["conv1"].face.summary == "8 · 3×3 · stride 2"
    canvas.document.edit_graph("Delete", canvas.document.graph.remove(["pool1"]))
    assert canvas.stage.node_items == {name: nodes[name] for name in ("conv1", "relu1")}
    canvas.document.edit_graph("Connect", canvas.document.graph.disconnect(wires))
    assert canvas.stage.edge_items == {}


def test_an_unknown_layer_is_drawn_with_the_ports_of_its_wires(canvas):
    graph = canvas.document.graph.add(Node("new1", "FromTheFuture", {"a": 1}, (256, 200)))
    graph = graph.connect(Edge("relu1", "output", "new1", "left")).connect(
        Edge("new1", "right", "pool1", "input")
    )
    canvas.document.edit_graph("Add", graph)
    item = canvas.stage.node_items["new1"]
    assert (item.face.known, item.face.family, item.face.summary) == (False, "unknown", "FromTheFuture")
    assert [spot.name for spot in (*item.face.inputs, *item.face.outputs)] == ["left", "right"]
    assert item.problem == "error"
    assert not canvas.grab().isNull()


def test_a_plan_one_edit_behind_is_shown_as_far_as_it_goes(canvas):
    problem = SimpleNamespace(node="pool1", message="too large", port="", severity="warning", cures=())
    gone = SimpleNamespace(node="nobody", message="?", port="", severity="error", cures=())
    types = {
        ("conv1", "output"): TensorType((CHECK_BATCH, 8, 26, 26)),
        ("pool1", "output"): TensorType((CHECK_BATCH, 8, 13, 13)),
        ("gone", "output"): TensorType((CHECK_BATCH, 1)),
    }
    canvas.set_plan(SimpleNamespace(types=types, problems=(problem, gone), parameters=0, parameters_of={}))
    items = canvas.stage.node_items
    shapes = [items[name].shape_text for name in ("conv1", "relu1", "pool1")]
    assert shapes == ["", "", "N×8×13×13"], "a shape stands on the wire, or else on the card"
    assert (items["pool1"].problem, items["conv1"].problem) == ("warning", "")
    assert [wire.label for wire in canvas.stage.edge_items.values()] == ["N×8×26×26"]
    canvas.set_plan(None)
    assert items["pool1"].shape_text == items["pool1"].problem == ""


def test_notes_are_drawn_and_kept(canvas):
    graph = replace(canvas.document.graph, notes=(Note("Try more channels", (0, 200)),))
    canvas.document.edit_graph("Note", graph)
    assert [item.note for item in canvas.stage.note_items] == list(graph.notes)
    start = body(canvas, "conv1")
    drag(canvas, start, start + QPointF(40, 40))
    assert canvas.document.graph.notes == graph.notes


def test_every_state_is_painted_at_every_scale_in_both_themes(canvas):
    nodes = canvas.document.graph.nodes
    changed = [
        replace(nodes["conv1"], frozen=True, repeat=3),
        replace(nodes["relu1"], bypassed=True),
        replace(nodes["pool1"], name="a_name_that_is_far_too_long_for_any_card_on_this_canvas_to_show"),
    ]
    canvas.document.edit_graph("Set", Graph.of(changed, canvas.document.graph.edges))
    pictures = set()
    for theme in (LIGHT, DARK):
        look.use(theme)
        for scale in (2.0, 1.0, 0.5, 0.2):
            canvas.camera.zoom_to(scale)
            image = canvas.grab().toImage()
            pictures.add(bytes(image.constBits()))
            assert image.pixelColor(3, 3).name().upper() == theme.paper
    assert len(pictures) == 8


def test_undoing_the_deletion_of_two_thousand_nodes_restores_them(canvas):
    nodes = [Node(f"n{i}", "ReLU", {}, (i % 50 * 256.0, i // 50 * 96.0)) for i in range(2000)]
    wires = [Edge(f"n{i}", "output", f"n{i + 1}", "input") for i in range(1999)]
    canvas.document.load(Project(Graph.of(nodes, wires)), None)
    before = canvas.document.graph
    canvas.select_all()
    canvas.delete_selection()
    assert canvas.stage.node_items == {} and canvas.stage.edge_items == {} and canvas.stage.items() == []
    canvas.document.stack.undo()
    assert canvas.document.graph is before
    assert canvas.stage.node_items.keys() == before.nodes.keys()
    assert canvas.stage.edge_items.keys() == before.edges


# Looking.


def test_the_wheel_zooms_at_the_pointer(canvas):
    at = QPointF(300, 200)
    kept = canvas.in_scene(at)
    where = QPointF(canvas.viewport().mapToGlobal(at.toPoint()))
    event = QWheelEvent(
        at, where, QPoint(), QPoint(0, -240), NONE, PLAIN, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(canvas.viewport(), event)
    assert canvas.camera.scale < 0.8
    assert (canvas.in_scene(at) - kept).manhattanLength() < 2


def test_the_middle_button_pans_and_changes_nothing(canvas):
    start, end = QPointF(300, 500), QPointF(380, 460)
    kept = canvas.in_scene(start)
    drag(canvas, start, end, MIDDLE)
    assert (canvas.in_scene(end) - kept).manhattanLength() < 1
    assert canvas.document.stack.count() == 0


def test_space_and_the_left_button_pan(canvas):
    start, end = body(canvas, "relu1"), body(canvas, "relu1") + QPointF(50, 20)
    kept = canvas.in_scene(start)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, start, end)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert (canvas.in_scene(end) - kept).manhattanLength() < 1
    assert canvas.document.graph == graph_of_three()


def test_fit_shows_all_at_natural_size_at_most(canvas):
    canvas.camera.zoom_to(3)
    canvas.fit()
    assert canvas.camera.scale == 1
    canvas.document.edit_graph("Move", canvas.document.graph.move({"pool1": (4000, 900)}))
    canvas.fit()
    shown = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert canvas.camera.scale < 1 and shown.contains(canvas.stage.bounds())


def test_revealing_selects_and_comes_to_rest_in_the_middle(canvas, qtbot):
    canvas.document.edit_graph("Move", canvas.document.graph.move({"pool1": (4000, 900)}))
    canvas.reveal("pool1")
    assert canvas.selected_names() == ("pool1",)
    middle = QPointF(canvas.viewport().rect().center())
    card = canvas.stage.node_items["pool1"].card
    qtbot.waitUntil(lambda: (canvas.in_scene(middle) - card.center()).manhattanLength() < 3)


def test_the_empty_canvas_says_what_to_do_until_there_is_something(canvas):
    message = canvas.findChild(object, "canvasEmpty")
    assert not message.isVisible()
    canvas.document.load(Project(), None)
    assert message.isVisible()
    canvas.add_kind("ReLU")
    assert not message.isVisible()


# Values.


def test_the_summary_of_a_node_says_the_params_that_matter():
    project = Project()

    def words(kind: str, **params: object) -> str:
        node = Node("node", kind, params)
        return summary_of(node, project.kind_of(node))

    assert words("Conv2d", out_channels=32, kernel_size=3, stride=2) == "32 · 3×3 · stride 2"
    assert words("Conv2d", out_channels=32, kernel_size=(3, 5), padding="same", bias=False) == (
        "32 · 3×5 · padding same · no bias"
    )
    assert words("ReLU") == "ReLU"
    assert words("Data", dataset="digits") == "Handwritten digits"
    assert words("Reshape", shape=(-1, 4, 2)) == "-1×4×2"
    assert words("Nobody") == "Nobody"


def test_a_summary_leaves_out_what_every_new_node_of_the_kind_has():
    project = Project()
    kind = project.kind_of(Node("node", "LSTM"))
    begun = Node("node", "LSTM", kind.start_params())
    assert summary_of(begun, kind) == "64"
    assert summary_of(begun.with_param("bidirectional", True), kind) == "64 · bidirectional"
    assert summary_of(begun.with_param("batch_first", False), kind) == "64 · no batch first"


def test_ports_that_may_stay_without_a_wire_are_told_apart():
    project = Project()
    node = Node("node", "MultiheadAttention", {"num_heads": 4})
    face = face_of(node, project.kind_of(node), ["query"])
    quiet = [spot.name for spot in face.inputs if spot.optional]
    assert quiet == ["key_padding_mask", "attn_mask"]
    assert face_of(node, project.kind_of(node), ["query", "attn_mask"]) != face


def test_one_of_several_wires_beside_one_another_says_what_flows(canvas, qtbot):
    nodes = [
        Node("a", "Input", {"shape": (6, 8)}),
        Node("b", "MultiheadAttention", {"num_heads": 4, "batch_first": True}, (0, 200)),
    ]
    edges = [Edge("a", "output", "b", port) for port in ("query", "key", "value")]
    project = Project(Graph.of(nodes, edges))
    canvas.document.load(project, None)
    canvas.set_plan(SimpleNamespace(types={("a", "output"): TensorType((8191, 6, 8))}, problems=()))
    said = {edge.input: item.label for edge, item in canvas.stage.edge_items.items()}
    assert said == {"query": "", "key": "N×6×8", "value": ""}


def test_cards_and_their_ports_lie_on_the_grid():
    project = Project()
    for kind in ("Conv2d", "Add", "Bilinear", "Data"):
        node = Node("some_name", kind, {"dataset": "digits"} if kind == "Data" else {})
        face = face_of(node, project.kind_of(node))
        assert face.width % 8 == face.height % 8 == 0
        assert all(spot.x % 4 == 0 and 0 < spot.x < face.width for spot in (*face.inputs, *face.outputs))


def test_pasting_twice_never_takes_a_name_that_is_taken():
    graph = graph_of_three()
    once, _ = edits.pasted(graph, graph, (24, 24))
    twice, names = edits.pasted(once, graph, (48, 48))
    assert names == ("conv3", "relu3", "pool3")
    assert len(twice.nodes) == 9 and len(twice.edges) == 3
