"""A large network on the canvas: what keeps it fast changes nothing of what is there."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.cells import Area, Cells
from nndesigner.ui.canvas.gestures import RubberBand
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document


def ladder(steps: int) -> Project:
    """A chain in one column, with a wire past each third node."""
    nodes = [Node(f"add{step}", "Add", {}, (0.0, 112.0 * step)) for step in range(steps)]
    edges = [Edge(f"add{step}", "output", f"add{step + 1}", "input1") for step in range(steps - 1)]
    edges += [Edge(f"add{step}", "output", f"add{step + 3}", "input2") for step in range(0, steps - 3, 3)]
    return Project(Graph.of(nodes, edges))


@pytest.fixture
def canvas(qtbot) -> Iterator[Canvas]:
    document = Document()
    made = Canvas(document)
    qtbot.addWidget(made)
    made.resize(800, 600)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    document.stack.clear()


def test_wires_are_led_round_cards_bit_by_bit_as_they_are_all_at_once(canvas, qtbot):
    canvas.document.load(ladder(90), None)
    canvas.stage.detours.settle()
    at_once = dict(canvas.stage.detours.lanes)
    canvas.document.load(Project(), None)

    canvas.document.load(ladder(90), None)
    assert not canvas.stage.detours.lanes
    qtbot.waitUntil(lambda: bool(canvas.stage.detours.lanes))

    assert canvas.stage.detours.lanes == at_once


def test_undoing_a_deletion_lays_the_same_items_down_again(canvas):
    canvas.document.load(ladder(90), None)
    cards, wires = dict(canvas.stage.node_items), dict(canvas.stage.edge_items)
    canvas.select_all()
    canvas.delete_selection()

    canvas.document.stack.undo()

    assert canvas.stage.node_items == cards
    assert canvas.stage.edge_items == wires
    assert canvas.selected_names() == ()


def test_what_was_deleted_comes_back_as_the_graph_it_comes_back_to(canvas):
    canvas.document.load(ladder(90), None)
    canvas.document.edit_graph("Delete", canvas.document.graph.remove(["add3"]))
    canvas.document.edit_graph("Move", canvas.document.graph.move({"add2": (400.0, 0.0)}))

    canvas.document.stack.setIndex(0)

    wire = canvas.stage.edge_items[Edge("add2", "output", "add3", "input1")]
    assert wire.line.p1() == canvas.stage.spot_of("add2", "output", True)


_PLACES = st.integers(-3000, 3000)
_SIZES = st.integers(0, 3000)
_AREAS = st.builds(lambda x, y, wide, high: (x, y, x + wide, y + high), _PLACES, _PLACES, _SIZES, _SIZES)


@settings(max_examples=40, deadline=None)
@given(st.lists(_AREAS, min_size=1, max_size=20), st.lists(_AREAS, max_size=8), _AREAS)
def test_what_touches_an_area_is_found_in_its_order(lying: list[Area], moved: list[Area], asked: Area):
    cells: Cells[int] = Cells()
    places = dict(enumerate(lying)) | dict(zip(range(len(lying)), moved, strict=False))
    for thing, area in (*enumerate(lying), *places.items()):
        cells.put(thing, area)
    cells.drop(0)

    left, top, right, lower = asked
    touching = [
        thing
        for thing, (begin, above, end, below) in places.items()
        if thing and begin <= right and end >= left and above <= lower and below >= top
    ]
    assert cells.within(asked) == touching


def leftovers(canvas: Canvas) -> int:
    """How many pixels look different once all of the window is painted anew, beyond what clipped lines may."""
    found = []
    for _ in range(2):
        for _ in range(3):
            QApplication.processEvents()
        image = (
            canvas.screen().grabWindow(canvas.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
        )
        found.append(np.frombuffer(image.constBits(), np.uint8).astype(int))
        canvas.viewport().update()
    return int((abs(found[0] - found[1]) > 40).sum())


def drag(canvas: Canvas, start: QPointF, *ways: QPointF) -> None:
    """The left button is pressed, the mouse goes these ways, and it is let go."""
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    steps = [(QEvent.Type.MouseButtonPress, start, left, left)]
    for way in ways:
        start = start + way
        steps.append((QEvent.Type.MouseMove, start, none, left))
    steps.append((QEvent.Type.MouseButtonRelease, start, left, none))
    for kind, at, button, held in steps:
        event = QMouseEvent(
            kind, at, canvas.viewport().mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(canvas.viewport(), event)
        QApplication.processEvents()


@pytest.mark.parametrize("scale", [1.0, 0.45, 0.2])
def test_nothing_is_left_where_something_was(canvas, scale):
    canvas.document.load(ladder(30), None)
    canvas.camera.zoom_to(scale)
    card = canvas.stage.node_items["add15"].card
    canvas.centerOn(card.center())
    canvas.stage.detours.settle()
    QApplication.processEvents()

    drag(canvas, canvas.viewportTransform().map(card.center()), QPointF(20, 8), QPointF(60, 30))
    assert canvas.document.graph.nodes["add15"].position != (0.0, 112.0 * 15)
    assert not leftovers(canvas)

    canvas.begin(RubberBand(canvas, QPointF(10, 10), adding=False))
    drag(canvas, QPointF(10, 10), QPointF(600, 500), QPointF(-500, -450))
    assert not leftovers(canvas)
