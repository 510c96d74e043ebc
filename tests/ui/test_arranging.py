"""Order is brought into a drawing: laid out, aligned, distributed; wires go round cards."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from nndesigner import examples
from nndesigner.graph import Node
from nndesigner.project import Project
from tests.conftest import chain, small_digits


@pytest.fixture
def drawn(pilot, build):
    """A window that shows these nodes, wired as these lines say."""

    def show(project: Project):
        pilot.window.document.load(project, None)
        pilot.window.show_workspace("design")
        pilot.wait(lambda: set(pilot.canvas.stage.node_items) == set(project.graph.nodes))
        pilot.canvas.setFocus()
        pilot.canvas.fit()
        return pilot

    return show


def scattered() -> Project:
    """The digits, every node where it should not be."""
    project = small_digits()
    places = {name: (float(240 * (index % 3)), float(8 * index)) for index, name in enumerate(project.graph.nodes)}
    return Project(project.graph.move(places))


def positions(pilot):
    return {name: node.position for name, node in pilot.graph.nodes.items()}


def press(pilot, keys):
    pilot.hand._touched = pilot.canvas
    pilot.hand.keys(keys)


def test_a_key_arranges_all_in_one_step_and_undo_puts_everything_back(drawn):
    pilot = drawn(scattered())
    before = positions(pilot)
    press(pilot, "Ctrl+Shift+L")
    cards = [item.node.position for item in pilot.canvas.stage.node_items.values()]
    assert all(abs(a[0] - b[0]) >= 208 or abs(a[1] - b[1]) >= 56 for a, b in combinations(cards, 2))
    for edge in pilot.graph.edges:
        assert pilot.graph.nodes[edge.source].position[1] < pilot.graph.nodes[edge.target].position[1]
    assert pilot.window.document.stack.undoText() == "Arrange all"
    assert pilot.window.document.stack.count() == 1
    press(pilot, "Ctrl+Z")
    assert positions(pilot) == before
