"""The program for those who hear it, and for those who see it otherwise."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pilot import Pilot
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget
from shiboken6 import isValid
from tour import Stop, glance, tour

_SMALL = (640, 400)
_READ = QAccessible.Text.Name
Role, Flow = QAccessible.Role, QAccessible.RelationFlag
FLOWS = Flow.FlowsFrom | Flow.FlowsTo


def reachable(root: QWidget) -> Iterator[QWidget]:
    """What can be seen under a widget, and takes the focus by key or by mouse."""
    for one in [root, *root.findChildren(QWidget)]:
        own = one.focusProxy() is None and not isinstance(one.parentWidget(), QAbstractSpinBox | QComboBox)
        if own and one.isVisible() and one.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield one


def nameless(root: QWidget) -> set[str]:
    """What a screen reader has no name for."""
    found = set()
    for one in reachable(root):
        said = QAccessible.queryAccessibleInterface(one)
        if not said.text(_READ).strip():
            found.add(f"{type(one).__name__} {one.objectName()} in {one.parentWidget().objectName()}")
    return found


WALKS = [pytest.param(glance, 3), pytest.param(tour, 26, marks=pytest.mark.thorough)]


@pytest.mark.parametrize(("walk", "least"), WALKS)
def test_everything_has_a_name_and_fits_a_small_screen(
    pilot: Pilot, tmp_path: Path, walk: Callable[[Pilot, Path], Iterator[Stop]], least: int
) -> None:
    """1280×800 at 200 %: half of that in pixels that do not depend on the device."""
    pilot.window.resize(*_SMALL)
    nameless_at, large_at, stops = {}, {}, 0
    for name, root in walk(pilot, tmp_path):
        stops += 1
        nameless_at[name] = nameless(root)
        large_at[name] = root.width() > _SMALL[0] or root.height() > _SMALL[1]

    assert {name: found for name, found in nameless_at.items() if found} == {}
    assert [name for name, large in large_at.items() if large] == []
    assert stops >= least


@pytest.fixture
def heard(pilot: Pilot) -> Iterator[QAccessibleInterface]:
    """What a screen reader has of the canvas, on which the digits stand."""
    QAccessible.setActive(True)
    pilot.window.filing.example("digits")
    pilot.settle()
    yield QAccessible.queryAccessibleInterface(pilot.canvas)
    QAccessible.setActive(False)


def nodes_of(heard: QAccessibleInterface) -> dict[str, QAccessibleInterface]:
    children = [heard.child(index) for index in range(heard.childCount())]
    return {one.text(_READ).split(",")[0]: one for one in children if one.role() == Role.ListItem}


def test_the_canvas_is_heard_as_a_list_of_its_nodes(pilot: Pilot, heard: QAccessibleInterface) -> None:
    nodes = nodes_of(heard)
    pilot.canvas.select(["conv1"])
    conv, seen, card = nodes["conv1"], pilot.canvas, pilot.canvas.stage.node_items["conv1"].card

    assert heard.role() == Role.List and [*nodes] == [*pilot.graph.nodes]
    assert conv.text(_READ) == "conv1, Conv2d"
    assert conv.text(QAccessible.Text.Description).startswith(
        "32 · 3×3 · padding 1, gives N×32×8×8, from data"
    )
    assert conv.state().selectable and conv.state().selected and not nodes["linear1"].state().selected
    assert conv.rect().center() == seen.viewport().mapToGlobal(seen.mapFromScene(card.center()))
    assert heard.childAt(*conv.rect().center().toTuple()).text(_READ) == "conv1, Conv2d"
    assert heard.indexOfChild(conv) == [*pilot.graph.nodes].index("conv1")
    assert conv.parent().text(_READ) == "Canvas"
    wires = {(one.text(_READ).split(",")[0], flow) for one, flow in conv.relations(FLOWS)}
    assert ("data", Flow.FlowsFrom) in wires and len(wires) == 2


def test_a_node_that_is_gone_is_not_heard_and_comes_back_by_undo(
    pilot: Pilot, heard: QAccessibleInterface
) -> None:
    gone = nodes_of(heard)["conv1"]
    pilot.canvas.select(["conv1"])
    pilot.canvas.delete_selection()

    assert not isValid(gone)
    assert "conv1" not in nodes_of(heard)
    pilot.window.document.stack.undo()
    assert nodes_of(heard)["conv1"].text(_READ) == "conv1, Conv2d"
    gc.collect()
    assert nodes_of(heard)["conv1"].isValid()


def test_keys_that_people_bring_along_do_what_they_do_elsewhere(pilot: Pilot) -> None:
    window = pilot.window
    window.filing.example("digits")
    pilot.settle()
    before = pilot.graph
    pilot.canvas.select(["conv1"])
    pilot.canvas.delete_selection()
    without = pilot.graph

    pilot.hand.keys("Ctrl+Z")
    assert pilot.graph == before
    pilot.hand.keys("Ctrl+Y")
    assert pilot.graph == without
    pilot.hand.keys("F11")
    pilot.wait(window.isFullScreen)
    pilot.hand.keys("F11")
    pilot.wait(lambda: not window.isFullScreen())
    pilot.hand.keys("Ctrl+Z")
    pilot.hand.keys("Ctrl+W")
    pilot.wait(lambda: not window.isVisible())
