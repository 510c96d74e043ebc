"""A large network on the canvas: what keeps it fast changes nothing of what is there."""

from collections.abc import Iterator

import pytest

from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
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
