"""Blocks in the window: made of a selection, looked into, changed for every use, unpacked."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pilot import Pilot
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from nndesigner import blocks
from nndesigner.blocks import MAIN, Place
from nndesigner.expression import Expression
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.face import Face
from tests.conftest import residual_digits, small_digits

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
STEP = 128.0


def laid_out(project: Project) -> Project:
    """Every graph of the project with a row for each step of its order."""

    def rows(graph: Graph) -> Graph:
        level: dict[str, int] = {}
        places: dict[str, tuple[float, float]] = {}
        for name in graph.order:
            before = [level[edge.source] for edge in graph.incoming.get(name, {}).values()]
            level[name] = 1 + max(before, default=-1)
            beside = sum(one == level[name] for one in level.values()) - 1
            places[name] = (beside * 240.0, level[name] * STEP)
        return graph.move(places)

    made = replace(project, graph=rows(project.graph))
    for block in project.blocks.values():
        made = made.with_block(replace(block, graph=rows(block.graph)))
    return made


def twice() -> Project:
    """A block `Body` of a convolution, used twice, one after the other."""
    made = blocks.enclosed(small_digits(), "", ["conv1", "relu1"], "Body")
    graph = made.graph.insert(
        Node("body2", "Body"), Edge("body1", "output", "pool1", "input"), "input", "output"
    )
    return laid_out(replace(made, graph=graph))


@pytest.fixture
def opened(pilot: Pilot) -> Callable[[Project], Pilot]:
    """`opened(project)`: the pilot before that project, seen whole and checked."""

    def show(project: Project) -> Pilot:
        pilot.window.document.load(project, None)
        pilot.window._opened()
        pilot.settle()
        pilot.canvas.fit()
        return pilot

    return show


def place_of(pilot: Pilot) -> Place:
    return pilot.window.document.place


def enter(pilot: Pilot, node: str) -> None:
    card = pilot.canvas.stage.node_items[node].card
    at = pilot.canvas.mapFromScene(card.center())
    pilot.hand.click(pilot.canvas.viewport(), at)
    QTest.mouseDClick(pilot.canvas.viewport(), LEFT, PLAIN, at)
    pilot.wait(lambda: place_of(pilot).trail[-1:] == (node,))
    pilot.wait(lambda: pilot.canvas.camera.still)
    pilot.settle()


def select(pilot: Pilot, *names: str) -> None:
    pilot.canvas.select(names)
    pilot.hand.click(pilot.window.parts.status, QPoint(8, 8))


def face(pilot: Pilot, name: str) -> Face:
    return pilot.canvas.stage.node_items[name].face


def shown_shape(pilot: Pilot, source: str) -> str:
    """What stands on the first wire out of a node."""
    return next(item.label for edge, item in pilot.canvas.stage.edge_items.items() if edge.source == source)


def crumbs(pilot: Pilot) -> list[str]:
    found = pilot.window.parts.blocks.passage.crumbs
    return [one.accessibleName() for one in found.findChildren(QToolButton) if one.isVisible()]


def shown(pilot: Pilot, name: str) -> bool:
    """Whether a widget of that name can be seen; one just made is shown once events were handled."""
    found = pilot.window.findChild(QWidget, name)
    return found is not None and found.isVisible()


def act(pilot: Pilot, name: str) -> None:
    pilot.window.actions_[name].trigger()


def test_a_block_is_made_looked_into_changed_for_every_use_and_unpacked_and_all_is_undone(
    opened: Callable[[Project], Pilot],
) -> None:
    pilot = opened(laid_out(small_digits()))
    document, before = pilot.window.document, pilot.window.document.project
    # A block is made of two layers, under a name that is typed.
    pilot.canvas.select(["conv1", "relu1"])
    pilot.hand.click(pilot.window.parts.status, QPoint(8, 8))
    pilot.canvas.setFocus()
    act(pilot, "make_block")
    line = pilot.find("namingLine")
    assert isinstance(line, QLineEdit) and line.text() == "ConvBlock"
    pilot.hand.click(line, line.rect().center())
    pilot.hand.keys("Ctrl+A")
    pilot.hand.type("Body")
    pilot.click("namingMake")
    pilot.wait(lambda: "body1" in pilot.graph.nodes)
    assert pilot.canvas.selected_names() == ("body1",)
    assert face(pilot, "body1").inside is not None
    # It is used once more.
    pilot.window.parts.palette.chosen.emit("Body")
    pilot.wait(lambda: "body2" in pilot.graph.nodes)
    # One goes in by a double click, and sees the shapes of that use.
    pilot.settle()
    pilot.canvas.fit()
    enter(pilot, "body1")
    assert crumbs(pilot) == ["Main", "Body"]
    assert set(pilot.graph.nodes) == {"input", "conv1", "relu1", "output"}
    assert shown_shape(pilot, "conv1") == "N×8×6×6"
    # A layer is changed there, which changes both uses.
    pilot.select("conv1")
    pilot.set_param("out_channels", "12")
    pilot.settle()
    assert shown_shape(pilot, "conv1") == "N×12×6×6"
    pilot.click("crumb_0")
    pilot.wait(lambda: place_of(pilot) == MAIN)
    pilot.settle()
    assert crumbs(pilot) == []
    plan = pilot.canvas.stage.plan
    assert plan.types["body1", "output"].sizes[1] == plan.types["body2", "output"].sizes[1] == 12
    # One use is unpacked, the other stays.
    pilot.canvas.select(["body1"])
    act(pilot, "unpack_block")
    assert {"conv1", "relu1", "body2"} <= set(pilot.graph.nodes)
    assert pilot.graph.nodes["conv1"].params["out_channels"] == 12
    # And all the way back.
    while document.stack.canUndo():
        act(pilot, "undo")
    assert document.project == before
    assert place_of(pilot) == MAIN


def test_undo_goes_to_where_something_changes(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(twice())
    enter(pilot, "body2")
    pilot.select("conv1")
    pilot.set_param("out_channels", "5")
    act(pilot, "go_out")
    assert place_of(pilot) == MAIN
    assert pilot.canvas.selected_names() == ("body2",)
    act(pilot, "undo")
    assert place_of(pilot) == Place("Body", ("body2",))
    assert pilot.graph.nodes["conv1"].params["out_channels"] == 8
    pilot.window.document.go(MAIN)
    act(pilot, "redo")
    assert place_of(pilot) == Place("Body", ("body2",))


def test_when_a_block_is_undone_one_is_back_outside(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(laid_out(small_digits()))
    act(pilot, "new_block")
    assert place_of(pilot) == Place("Block")
    remark = pilot.find("crumbsRemark")
    assert isinstance(remark, QLabel) and "not used yet" in remark.text()
    pilot.settle()
    assert pilot.canvas.stage.plan is None
    act(pilot, "undo")
    assert place_of(pilot) == MAIN
    assert crumbs(pilot) == []


def test_one_goes_through_blocks_in_blocks_and_back_by_any_crumb(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(laid_out(residual_digits()))
    enter(pilot, "pair1")
    enter(pilot, "first")
    assert crumbs(pilot) == ["Main", "Pair", "Residual"]
    assert shown_shape(pilot, "conv1") == "N×8×8×8"  # twice the size of 4 that pair1 sets
    pilot.click("crumb_1")
    pilot.wait(lambda: place_of(pilot) == Place("Pair", ("pair1",)))
    assert pilot.canvas.selected_names() == ("first",)
    act(pilot, "go_in")
    assert place_of(pilot) == Place("Residual", ("pair1", "first"))
    act(pilot, "go_out")
    act(pilot, "go_out")
    act(pilot, "go_out")
    assert place_of(pilot) == MAIN


def test_enter_opens_the_selected_block_and_of_a_layer_its_values(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(twice())
    pilot.select("pool1")
    pilot.hand.keys("Return")
    assert place_of(pilot) == Place()
    pilot.hand.keys("Escape")
    pilot.select("body1")
    pilot.hand.keys("Return")
    assert place_of(pilot) == Place("Body", ("body1",))


def test_what_cannot_be_a_block_is_told_at_once(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(laid_out(small_digits()))
    pilot.canvas.select(["conv1", "pool1"])
    act(pilot, "make_block")
    assert "relu1 stands between" in pilot.window.parts.status.hint
    assert not [one for one in pilot.canvas.children() if one.objectName() == "namingBar" and one.isVisible()]


def test_a_name_that_is_taken_is_refused_in_the_bar_and_escape_lets_it_be(
    opened: Callable[[Project], Pilot],
) -> None:
    pilot = opened(laid_out(small_digits()))
    pilot.canvas.select(["conv1", "relu1"])
    act(pilot, "make_block")
    line = pilot.find("namingLine")
    pilot.hand.click(line, line.rect().center())
    pilot.hand.keys("Ctrl+A")
    pilot.hand.type("Conv2d")
    assert "layer of torch" in pilot.find("namingProblem").accessibleName()
    pilot.hand.keys("Return")
    assert "conv1" in pilot.graph.nodes
    pilot.hand.keys("Escape")
    pilot.hand.keys("Escape")
    pilot.wait(lambda: not line.isVisible())
    assert not pilot.window.document.project.blocks


def test_a_number_becomes_a_param_of_the_block_and_each_use_sets_its_own(
    opened: Callable[[Project], Pilot],
) -> None:
    pilot = opened(twice())
    enter(pilot, "body1")
    pilot.select("conv1")
    field = pilot.find("param_out_channels")
    button = next(one for one in field.findChildren(QToolButton) if one.isVisible())
    pilot.hand.click(button, button.rect().center())
    block = pilot.window.document.project.blocks["Body"]
    assert dict(block.params) == {"out_channels": 8}
    assert pilot.graph.nodes["conv1"].params["out_channels"] == Expression("out_channels")
    pilot.set_param("out_channels", "= out_channels * 2")
    assert pilot.graph.nodes["conv1"].params["out_channels"] == Expression("out_channels * 2")
    act(pilot, "go_out")
    pilot.wait(lambda: pilot.canvas.camera.still)
    pilot.select("body2")
    pilot.set_param("out_channels", "3")
    pilot.settle()
    plan = pilot.canvas.stage.plan
    assert plan.types["body1", "output"].sizes[1] == 16
    assert plan.types["body2", "output"].sizes[1] == 6


def test_a_wrong_expression_is_refused_at_its_field(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(laid_out(residual_digits()))
    enter(pilot, "res2")
    pilot.select("conv1")
    pilot.set_param("out_channels", "= depth * 2")
    assert "'depth'" in pilot.find("paramProblem_out_channels").accessibleName()
    assert pilot.graph.nodes["conv1"].params["out_channels"] == Expression("width")


def test_the_page_of_a_block_names_it_and_its_params(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(laid_out(residual_digits()))
    enter(pilot, "res1")
    pilot.canvas.select([])
    uses = pilot.find("blockUses")
    assert isinstance(uses, QLabel) and "used 3 times: res1, res2, first (Pair)" in uses.text()
    for name, text in (
        ("blockName", "Skip"),
        ("blockParamName_width", "channels"),
        ("blockParam_channels", "20"),
    ):
        pilot.wait(lambda name=name: shown(pilot, name))
        pilot.hand.click(pilot.find(name), QPoint(24, 14))
        pilot.hand.keys("Ctrl+A")
        pilot.hand.type(text)
        pilot.hand.keys("Return")
    project = pilot.window.document.project
    assert dict(project.blocks["Skip"].params) == {"channels": 20}
    assert place_of(pilot) == Place("Skip", ("res1",))
    assert crumbs(pilot) == ["Main", "Skip"]
    pilot.click("blockParamRemove_channels")
    assert "res1 sets channels to 8" in pilot.find("blockProblem").accessibleName()
    pilot.click("blockAddParam")
    assert pilot.window.document.project.blocks["Skip"].params["width"] == 16


def test_a_block_is_never_dropped_into_itself(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(twice())
    enter(pilot, "body1")
    before = pilot.window.document.project
    middle = pilot.canvas.viewport().rect().center()
    rows = pilot.window.parts.palette.findChild(QAbstractItemView)
    pilot.hand.carry(rows.viewport(), QPoint(40, 40), "Body", pilot.canvas.viewport(), middle)
    assert pilot.window.document.project is before
    assert "never contains itself" in pilot.window.parts.status.hint


def test_the_palette_lists_the_blocks_and_drops_them(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(twice())
    assert pilot.window.parts.palette.names()[0] == "Body"
    pilot.drop_kind("Body", 400.0, 300.0)
    assert "body3" in pilot.graph.nodes
    pilot.click("paletteNewBlock")
    assert place_of(pilot) == Place("Block")


def test_what_does_not_fit_in_a_block_is_listed_inside_and_outside(
    opened: Callable[[Project], Pilot],
) -> None:
    pilot = opened(twice())
    enter(pilot, "body1")
    pilot.select("conv1")
    pilot.set_param("kernel_size", "9")
    pilot.settle()
    stage = pilot.canvas.stage
    assert [problem.node for problem in stage.plan.errors] == ["conv1"]
    assert stage.node_items["conv1"].problem == "error"
    act(pilot, "go_out")
    assert stage.node_items["body1"].problem == "error"
    pilot.wait(lambda: pilot.window.parts.docks["problems"].isVisible())
    pilot.click("problem_body1")
    assert pilot.canvas.selected_names() == ("body1",)


def test_a_cure_inside_a_block_keeps_what_is_computed(opened: Callable[[Project], Pilot]) -> None:
    project = blocks.exposed(twice(), "Body", "conv1", "out_channels", "width")
    inner = project.blocks["Body"].graph
    inner = inner.replace_node(inner.nodes["conv1"].with_param("kernel_size", 9))
    pilot = opened(blocks.with_graph_at(project, "Body", inner))
    enter(pilot, "body1")
    cures = [cure for problem in pilot.canvas.stage.plan.errors for cure in problem.cures]
    if cures:
        pilot.window.parts._cure(cures[0])
        assert pilot.graph.nodes["conv1"].params["out_channels"] == Expression("width")
        assert dict(pilot.graph.nodes["input"].params) == {}


def test_weights_are_shared_and_a_layer_repeated_in_the_inspector(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(twice())
    pilot.select("body2")
    picker = pilot.find("param_shares")
    picker.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    assert pilot.graph.nodes["body2"].shares == "body1"
    assert "weights of body1" in face(pilot, "body2").summary
    pilot.select("body1")
    pilot.wait(lambda: shown(pilot, "param_repeat"))
    pilot.set_param("repeat", "3")
    assert face(pilot, "body1").repeat == 3


def test_the_menu_of_the_canvas_offers_what_fits(opened: Callable[[Project], Pilot]) -> None:
    pilot = opened(twice())
    menu = pilot.window.findChild(QMenu, "canvasMenu")

    def offered(names: list[str]) -> list[str]:
        pilot.canvas.select(names)
        pilot.canvas.menu_wanted.emit(pilot.canvas.mapToGlobal(QPoint(200, 200)))
        found = [
            action.objectName().removesuffix("Action") for action in menu.actions() if action.objectName()
        ]
        menu.close()
        return found

    on_blocks = ("go_in", "replace", "make_block", "unpack_block", "make_unique", "keep_block")
    assert tuple(name for name in offered(["body1"]) if name in on_blocks) == on_blocks
    assert not {"go_in", "unpack_block", "make_unique", "keep_block"} & set(offered(["pool1"]))
    assert "go_out" not in offered([])
    enter(pilot, "body1")
    assert offered([])[0] == "go_out"


def test_nodes_of_the_same_name_do_not_lend_their_shapes_to_each_other(
    opened: Callable[[Project], Pilot],
) -> None:
    """conv1 stands in the main network and in the block: nothing of the one is shown at the other."""
    made = blocks.enclosed(small_digits(), "", ["conv1", "relu1"], "Body")
    graph = made.graph.rename("pool1", "conv1")
    pilot = opened(laid_out(replace(made, graph=graph)))
    pilot.select("conv1")
    enter(pilot, "body1")
    assert pilot.canvas.selected_names() == ()
    item = pilot.canvas.stage.node_items["conv1"]
    assert item.face.family == "convolution"
    assert pilot.canvas.mapFromScene(QPointF(item.card.center())).x() > 0
