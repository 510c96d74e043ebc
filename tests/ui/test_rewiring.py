"""Wires that are there: an end led elsewhere, wires cut across, taken off and exchanged. Real events in, graphs out."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pilot import Pilot
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from nndesigner.graph import Block, Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.cutting import Blade, crosses
from nndesigner.ui.canvas.ink import ink
from nndesigner.ui.canvas.pointer import PointerLabel
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.wire_work import WireWork, can_swap

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
PLAIN, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
VOID = QPointF(40, 660)

CONV_RELU = Edge("conv1", "output", "relu1", "input")
CONV_POOL = Edge("conv1", "output", "pool1", "input")
RELU_SUB = Edge("relu1", "output", "sub1", "input")
POOL_SUB = Edge("pool1", "output", "sub1", "other")
SUB_MAKE = Edge("sub1", "output", "make1", "input1")
ALL = frozenset({CONV_RELU, CONV_POOL, RELU_SUB, POOL_SUB, SUB_MAKE})


def branched() -> Project:
    """conv1 feeds two branches that a difference joins; it leads into a block. dense1 and stem1 are free."""
    inside = Graph.of(
        [Node("input1", "Input"), Node("relu1", "ReLU"), Node("output1", "Output")],
        [Edge("input1", "output", "relu1", "input"), Edge("relu1", "output", "output1", "input")],
    )
    nodes = [
        Node("conv1", "Conv2d", {"out_channels": 8, "kernel_size": 3}, (160, 0)),
        Node("stem1", "ReLU", {}, (480, 0)),
        Node("relu1", "ReLU", {}, (0, 200)),
        Node("pool1", "Identity", {}, (320, 200)),
        Node("sub1", "Subtract", {}, (160, 400)),
        Node("make1", "Make", {}, (160, 560)),
        Node("dense1", "Flatten", {}, (480, 400)),
    ]
    return Project(Graph.of(nodes, ALL)).with_block(Block("Make", inside))


@pytest.fixture
def canvas(qtbot) -> Iterator[Canvas]:
    document = Document()
    made = Canvas(document)
    qtbot.addWidget(made)
    made.resize(1200, 720)
    with qtbot.waitExposed(made):
        made.show()
    document.load(branched(), None)
    made.centerOn(380, 320)
    yield made
    document.stack.clear()


def send(
    widget: QWidget,
    kind: QEvent.Type,
    at: QPointF,
    button: Qt.MouseButton,
    held: Qt.MouseButton,
    keys: Qt.KeyboardModifier,
) -> None:
    where = QPointF(widget.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(widget, QMouseEvent(kind, at, where, button, held, keys))


def hold(
    canvas: Canvas,
    start: QPointF,
    end: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    """Drags, and does not let go."""
    QTest.mousePress(canvas.viewport(), button, keys, start.toPoint())
    for part in (0.3, 0.6, 1.0):
        at = start + (end - start) * part
        send(canvas.viewport(), QEvent.Type.MouseMove, at, NONE, button, keys)


def drag(
    canvas: Canvas,
    start: QPointF,
    end: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    hold(canvas, start, end, button, keys)
    QTest.mouseRelease(canvas.viewport(), button, keys, end.toPoint())


def port(canvas: Canvas, node: str, name: str) -> QPointF:
    item = canvas.stage.node_items[node]
    return QPointF(canvas.mapFromScene(item.spot(item.face.input(name) or item.face.output(name))))


def on_wire(canvas: Canvas, edge: Edge, part: float) -> QPointF:
    item = canvas.stage.edge_items[edge]
    return QPointF(canvas.mapFromScene(item.pos() + item.path.pointAtPercent(part)))


def by_its_start(canvas: Canvas, edge: Edge) -> QPointF:
    return on_wire(canvas, edge, canvas.stage.edge_items[edge].path.percentAtLength(24))


def by_its_end(canvas: Canvas, edge: Edge) -> QPointF:
    path = canvas.stage.edge_items[edge].path
    return on_wire(canvas, edge, path.percentAtLength(path.length() - 24))


def said(canvas: Canvas) -> str:
    label = canvas.findChild(PointerLabel)
    return label.text if label.isVisible() else ""


def edges(canvas: Canvas) -> frozenset[Edge]:
    return canvas.document.graph.edges


def undone_and_done_again(canvas: Canvas, title: str) -> None:
    """One step of this name was made, from the project of the beginning; it goes back and forth exactly."""
    stack, after = canvas.document.stack, canvas.document.project
    assert (stack.count(), stack.undoText()) == (1, title)
    stack.undo()
    assert canvas.document.project == branched()
    assert list(canvas.document.graph.nodes) == list(branched().graph.nodes)
    assert canvas.stage.edge_items.keys() == ALL
    stack.redo()
    assert canvas.document.project is after
    assert canvas.stage.edge_items.keys() == after.graph.edges


def nothing_is_left(canvas: Canvas) -> None:
    assert canvas.gesture is None and canvas.stage.overlays == [] and said(canvas) == ""
    assert all(item.lit is None for item in canvas.stage.node_items.values())
    assert all(item.state == "" for item in canvas.stage.edge_items.values())


# An end led elsewhere.


@pytest.mark.parametrize(
    ("grip", "target", "after"),
    [
        (
            lambda c: port(c, "relu1", "input"),
            ("dense1", "input"),
            Edge("conv1", "output", "dense1", "input"),
        ),
        (lambda c: by_its_end(c, CONV_RELU), ("dense1", "input"), Edge("conv1", "output", "dense1", "input")),
        (
            lambda c: by_its_start(c, CONV_RELU),
            ("stem1", "output"),
            Edge("stem1", "output", "relu1", "input"),
        ),
    ],
    ids=["held at the input", "held on the wire by its end", "held on the wire by its start"],
)
def test_a_wires_end_is_dragged_to_another_port_as_one_step(
    canvas: Canvas, grip: Callable[[Canvas], QPointF], target: tuple[str, str], after: Edge
) -> None:
    drag(canvas, grip(canvas), port(canvas, *target))

    assert edges(canvas) == ALL - {CONV_RELU} | {after}
    nothing_is_left(canvas)
    undone_and_done_again(canvas, "Move wire")


def test_an_end_that_is_dragged_shows_what_fits_as_a_new_wire_does(canvas: Canvas) -> None:
    def lit() -> dict[str, frozenset[str] | None]:
        return {name: item.lit for name, item in canvas.stage.node_items.items()}

    hold(canvas, port(canvas, "conv1", "output"), VOID)
    new = lit()
    canvas.end_gesture()
    hold(canvas, by_its_end(canvas, CONV_RELU), VOID)

    assert lit() == new
    assert said(canvas) == "Drop here to disconnect"
    wire = canvas.stage.edge_items[CONV_RELU]
    assert wire.state == "faded" and wire.isSelected()
    assert wire.pen_for(ink(), True) is ink().wire_pen("faded", wire.width, wire.dtype, True)
    assert len(canvas.stage.overlays) == 1
    send(canvas.viewport(), QEvent.Type.MouseMove, port(canvas, "sub1", "other"), NONE, LEFT, PLAIN)
    assert said(canvas) == "Replaces the wire from pool1"


def test_an_end_dropped_on_an_input_with_a_wire_takes_its_place(canvas: Canvas) -> None:
    drag(canvas, port(canvas, "relu1", "input"), port(canvas, "sub1", "other"))

    assert edges(canvas) == ALL - {CONV_RELU, POOL_SUB} | {Edge("conv1", "output", "sub1", "other")}
    undone_and_done_again(canvas, "Move wire")


def test_an_end_is_led_into_a_block_and_out_of_it(canvas: Canvas) -> None:
    drag(canvas, by_its_end(canvas, CONV_RELU), port(canvas, "make1", "input1"))

    assert edges(canvas) == ALL - {CONV_RELU, SUB_MAKE} | {Edge("conv1", "output", "make1", "input1")}


@pytest.mark.parametrize("grip", [by_its_start, by_its_end])
def test_an_end_put_back_where_it_was_is_no_step(
    canvas: Canvas, grip: Callable[[Canvas, Edge], QPointF]
) -> None:
    near = grip(canvas, CONV_RELU)
    hold(canvas, near, VOID)
    home = port(canvas, "conv1", "output") if grip is by_its_start else port(canvas, "relu1", "input")
    send(canvas.viewport(), QEvent.Type.MouseMove, home, NONE, LEFT, PLAIN)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, home.toPoint())

    assert canvas.document.project == branched()
    assert canvas.document.stack.count() == 0
    nothing_is_left(canvas)


def test_an_end_dropped_in_the_void_takes_the_wire_off(canvas: Canvas) -> None:
    drag(canvas, by_its_start(canvas, CONV_RELU), VOID)

    assert edges(canvas) == ALL - {CONV_RELU}
    undone_and_done_again(canvas, "Disconnect conv1 from relu1")


def test_a_click_on_a_wires_end_selects_it_and_a_slip_of_the_hand_takes_nothing_off(canvas: Canvas) -> None:
    near = by_its_end(canvas, CONV_RELU)
    drag(canvas, near, near)
    assert canvas.stage.selected_edges() == (CONV_RELU,)

    drag(canvas, near, near + QPointF(-9, -3))

    assert canvas.document.stack.count() == 0
    drag(canvas, near, port(canvas, "dense1", "input"))
    assert canvas.stage.selected_edges() == (Edge("conv1", "output", "dense1", "input"),)


def test_the_middle_of_a_wire_is_no_end(canvas: Canvas) -> None:
    drag(canvas, on_wire(canvas, CONV_RELU, 0.5), port(canvas, "dense1", "input"))

    assert canvas.document.stack.count() == 0
    assert canvas.stage.selected_edges() == (CONV_RELU,)


@pytest.mark.parametrize(
    ("grip", "target", "reason"),
    [
        (by_its_end, ("conv1", "input"), "conv1 can't feed itself"),
        (by_its_start, ("relu1", "output"), "relu1 can't feed itself"),
        (by_its_start, ("sub1", "output"), "This would close a loop: sub1 → relu1 → sub1"),
        (by_its_end, ("stem1", "output"), "An output can't feed an output; drop it on an input"),
    ],
)
def test_what_can_not_be_is_refused_with_its_reason_and_the_wire_stays(
    canvas: Canvas, qtbot, grip: Callable[[Canvas, Edge], QPointF], target: tuple[str, str], reason: str
) -> None:
    hold(canvas, grip(canvas, CONV_RELU), port(canvas, *target))
    assert said(canvas) == reason
    with qtbot.waitSignal(canvas.hint) as told:
        QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, port(canvas, *target).toPoint())

    assert told.args == [reason]
    assert canvas.document.project == branched()
    nothing_is_left(canvas)


def test_escape_and_another_project_put_the_end_back(canvas: Canvas) -> None:
    hold(canvas, by_its_start(canvas, CONV_RELU), port(canvas, "stem1", "output"))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.document.project == branched()
    nothing_is_left(canvas)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, VOID.toPoint())

    hold(canvas, by_its_end(canvas, CONV_RELU), VOID)
    canvas.document.load(Project(Graph.of([Node("relu1", "ReLU")])), None)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, VOID.toPoint())

    assert edges(canvas) == frozenset() and canvas.document.stack.count() == 0
    nothing_is_left(canvas)


def test_ctrl_takes_all_wires_of_an_output_along_or_those_that_are_selected(canvas: Canvas) -> None:
    hold(canvas, port(canvas, "conv1", "output"), port(canvas, "stem1", "output"), keys=CONTROL)
    assert said(canvas) == "2 wires from stem1"
    QTest.mouseRelease(canvas.viewport(), LEFT, CONTROL, port(canvas, "stem1", "output").toPoint())
    both = {CONV_RELU._replace(source="stem1"), CONV_POOL._replace(source="stem1")}
    assert edges(canvas) == ALL - {CONV_RELU, CONV_POOL} | both
    undone_and_done_again(canvas, "Move 2 wires")

    canvas.document.stack.undo()
    canvas.stage.select((), [CONV_POOL])
    drag(canvas, port(canvas, "conv1", "output"), port(canvas, "stem1", "output"), keys=CONTROL)

    assert edges(canvas) == ALL - {CONV_POOL} | {CONV_POOL._replace(source="stem1")}


# Cut across.


@pytest.mark.parametrize(
    ("button", "keys"), [(LEFT, ALT), (RIGHT, CONTROL)], ids=["Alt+Drag", "Ctrl+Right drag"]
)
def test_a_line_drawn_across_wires_cuts_them_as_one_step(
    canvas: Canvas, button: Qt.MouseButton, keys: Qt.KeyboardModifier
) -> None:
    left = on_wire(canvas, CONV_RELU, 0.5) - QPointF(60, 0)
    right = on_wire(canvas, CONV_POOL, 0.5) + QPointF(60, 0)

    hold(canvas, left, right, button, keys)
    assert said(canvas) == "Cut 2 wires"
    assert edges(canvas) == ALL
    send(canvas.viewport(), QEvent.Type.MouseMove, left + QPointF(90, 0), NONE, button, keys)
    assert said(canvas) == "Cut a wire"
    send(canvas.viewport(), QEvent.Type.MouseMove, right, NONE, button, keys)
    QTest.mouseRelease(canvas.viewport(), button, keys, right.toPoint())

    assert edges(canvas) == ALL - {CONV_RELU, CONV_POOL}
    nothing_is_left(canvas)
    undone_and_done_again(canvas, "Cut 2 wires")


def red_above(picture: QPixmap) -> bool:
    """Whether there is the red of wires that are to be cut in a picture, but for the blade in its middle."""
    image, red = picture.toImage(), QColor(ink().theme.error).hue()
    middle = image.height() // 2
    found = (image.pixelColor(x, row) for row in range(middle - 4) for x in range(image.width()))
    return any(abs(one.hue() - red) < 8 and one.saturation() > 80 for one in found)


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_wires_that_are_to_be_cut_are_red_from_near_and_from_far(canvas: Canvas, scale: float) -> None:
    canvas.zoom_reset()
    canvas.camera.zoom_to(scale)
    start, end = (on_wire(canvas, CONV_RELU, 0.5) + QPointF(aside, 0) for aside in (-16, 8))
    around = QRect(start.toPoint() - QPoint(30, 30), QSize(60, 60))
    assert not red_above(canvas.grab(around))

    hold(canvas, start, end, RIGHT, CONTROL)

    (wire,) = (item for item in canvas.stage.edge_items.values() if item.state)
    assert wire.edge == CONV_RELU and wire.state == "cut"
    assert red_above(canvas.grab(around))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas.viewport(), RIGHT, CONTROL, end.toPoint())
    assert wire.state == ""
    assert not red_above(canvas.grab(around))


def test_escape_and_a_line_across_nothing_cut_nothing(canvas: Canvas) -> None:
    left, right = (on_wire(canvas, SUB_MAKE, 0.5) + QPointF(aside, 0) for aside in (-200, 200))
    hold(canvas, left, right, RIGHT, CONTROL)
    assert isinstance(canvas.gesture, Blade) and said(canvas) == "Cut a wire"
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas.viewport(), RIGHT, CONTROL, right.toPoint())
    nothing_is_left(canvas)

    drag(canvas, QPointF(20, 20), QPointF(20, 600), RIGHT, CONTROL)

    assert canvas.document.project == branched() and canvas.document.stack.count() == 0
    nothing_is_left(canvas)


def test_the_blade_opens_no_menu_and_a_plain_right_click_does(canvas: Canvas) -> None:
    asked: list[object] = []
    canvas.menu_wanted.connect(asked.append)
    at = canvas.viewport().rect().center()
    for keys in (CONTROL, PLAIN):
        where = canvas.viewport().mapToGlobal(at)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, where, keys)
        QApplication.sendEvent(canvas.viewport(), event)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("start", "end", "met"),
    [
        ((5, -5), (5, 5), True),
        ((10, -5), (10, 5), True),
        ((5, 1), (5, 5), False),
        ((-5, 0), (-1, 0), False),
        ((2, 0), (8, 0), False),
        ((21, -5), (21, 5), False),
    ],
)
def test_a_line_crosses_a_course_or_not(start: tuple[int, int], end: tuple[int, int], met: bool) -> None:
    course = [(0, 0), (10, 0), (20, 0)]
    assert crosses(course, start, end) is met
    assert crosses(course, end, start) is met
    assert crosses(course[::-1], start, end) is met


# Taken off and exchanged.


def test_all_wires_of_what_is_selected_are_taken_off_in_one_step(canvas: Canvas) -> None:
    work = WireWork(canvas)
    canvas.select(["sub1", "relu1"])

    work.disconnect_selection()

    assert edges(canvas) == {CONV_POOL}
    assert canvas.selected_names() == ("relu1", "sub1")
    undone_and_done_again(canvas, "Disconnect 2 nodes")


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ([], "Select nodes or wires to disconnect them"),
        (["stem1"], "stem1 has no wires"),
        (["stem1", "dense1"], "None of them has a wire"),
    ],
)
def test_where_there_is_no_wire_to_take_off_it_is_said(canvas: Canvas, qtbot, chosen, words) -> None:
    canvas.select(chosen)
    with qtbot.waitSignal(canvas.hint) as told:
        WireWork(canvas).disconnect_selection()
    assert told.args == [words] and canvas.document.stack.count() == 0


def swapped(*pairs: tuple[Edge, Edge]) -> frozenset[Edge]:
    found = ALL
    for before, after in pairs:
        found = found - {before} | {after}
    return found


SWAPPED = swapped(
    (RELU_SUB, Edge("relu1", "output", "sub1", "other")), (POOL_SUB, Edge("pool1", "output", "sub1", "input"))
)


def test_the_inputs_of_a_node_are_swapped_in_one_step_and_twice_is_as_before(canvas: Canvas) -> None:
    canvas.select(["sub1"])
    assert can_swap(canvas)

    WireWork(canvas).swap_inputs()

    assert edges(canvas) == SWAPPED
    undone_and_done_again(canvas, "Swap inputs of sub1")
    WireWork(canvas).swap_inputs()
    assert edges(canvas) == ALL


def test_two_selected_wires_are_swapped_and_stay_selected(canvas: Canvas) -> None:
    across = Edge("stem1", "output", "dense1", "input")
    canvas.document.load(replace(branched(), graph=branched().graph.connect(across)), None)
    canvas.stage.select((), [across, POOL_SUB])

    WireWork(canvas).swap_inputs()

    after = {Edge("pool1", "output", "dense1", "input"), Edge("stem1", "output", "sub1", "other")}
    assert edges(canvas) == ALL - {POOL_SUB} | after
    assert set(canvas.stage.selected_edges()) == after
    assert canvas.document.stack.undoText() == "Swap inputs of sub1 and dense1"


def test_of_many_inputs_the_first_two_with_wires_are_swapped_and_one_wire_alone_goes_beside(
    canvas: Canvas,
) -> None:
    into = [Edge(name, "output", "cat1", f"input{at}") for name, at in (("relu1", 2), ("pool1", 3))]
    graph = branched().graph.add(Node("cat1", "Concat", {}, (480, 560)))
    canvas.document.load(replace(branched(), graph=graph.connect(into[0]).connect(into[1])), None)
    canvas.select(["cat1"])
    WireWork(canvas).swap_inputs()
    ports = {name: edge.source for name, edge in canvas.document.graph.incoming["cat1"].items()}
    assert ports == {"input2": "pool1", "input3": "relu1"}

    canvas.document.edit_graph("Off", canvas.document.graph.disconnect([into[1]._replace(source="relu1")]))
    WireWork(canvas).swap_inputs()

    ports = {name: edge.source for name, edge in canvas.document.graph.incoming["cat1"].items()}
    assert ports == {"input1": "pool1"}


@pytest.mark.parametrize(
    ("names", "wires", "words"),
    [
        ([], [], "Select one node with two inputs, or two wires, to swap them"),
        (["sub1", "relu1"], [], "Select one node with two inputs, or two wires, to swap them"),
        (["relu1"], [], "relu1 has no two inputs to swap"),
        ([], [CONV_RELU, CONV_POOL], "Both wires come from conv1: there is nothing to swap"),
        ([], [CONV_RELU, RELU_SUB], "This wire would close a loop: relu1 → relu1"),
    ],
)
def test_what_can_not_be_swapped_is_said(canvas: Canvas, qtbot, names, wires, words) -> None:
    canvas.stage.select(names, wires)
    with qtbot.waitSignal(canvas.hint) as told:
        WireWork(canvas).swap_inputs()
    assert told.args == [words] and canvas.document.stack.count() == 0


def test_keys_and_the_menu_swap_and_disconnect_in_the_window(pilot: Pilot) -> None:
    pilot.window.document.load(branched(), None)
    pilot.window.show_workspace("design")
    pilot.canvas.setFocus()
    pilot.canvas.select(["sub1"])
    pilot.window.findChild(QWidget, "canvasMenu").open_at(pilot.canvas.mapToGlobal(VOID.toPoint()))
    menu = pilot.find("canvasMenu")
    listed = [action.objectName() for action in menu.actions()]
    menu.close()
    assert {"swap_inputsAction", "disconnectAction"} <= set(listed)

    QTest.keyClick(pilot.canvas, Qt.Key.Key_S, ALT)
    assert pilot.graph.edges == SWAPPED
    QTest.keyClick(pilot.canvas, Qt.Key.Key_W, ALT)
    assert pilot.graph.edges == {CONV_RELU, CONV_POOL}
    pilot.canvas.select(["dense1"])
    pilot.window.findChild(QWidget, "canvasMenu").open_at(pilot.canvas.mapToGlobal(VOID.toPoint()))
    listed = [action.objectName() for action in menu.actions()]
    menu.close()
    assert not {"swap_inputsAction", "disconnectAction"} & set(listed)
    while pilot.window.document.stack.canUndo():
        pilot.window.document.stack.undo()
    assert pilot.window.document.project == branched()
