"""Blocks kept for all projects, as a person has them: kept, found in the palette, dragged in, renamed, removed, put back."""

import pytest
from pilot import Pilot
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu, QTreeView

from nndesigner import blocks, library, nnd
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.block_picture import BlockPicture
from tests.conftest import residual_digits


@pytest.fixture
def opened(pilot: Pilot) -> Pilot:
    """A network with blocks, drawn on the canvas."""
    pilot.window.document.load(residual_digits(), None)
    pilot.window.show_workspace("design")
    pilot.canvas.fit()
    pilot.parts = pilot.window.parts
    pilot.wait(lambda: not pilot.parts.library.reading)
    return pilot


def keep(pilot, node, name=""):
    """Keeps the block of a node by keys."""
    pilot.canvas.select([node])
    pilot.canvas.setFocus()
    pilot.hand.keys("Alt+K")
    line = pilot.find("namingLine")
    if name:
        line.setFocus()
        line.selectAll()
        pilot.hand._touched = line
        pilot.hand.type(name)
    pilot.click("namingMake")


def listed(pilot):
    """The names under the heading of the library."""
    return [library.plain(name) for name in pilot.parts.palette.names() if library.is_marked(name)]


def begin_anew(pilot):
    nodes = [Node("inp", "Input", {"shape": (1, 8, 8)}), Node("out", "Output")]
    project = Project(Graph.of(nodes, [Edge("inp", "output", "out", "input")]))
    pilot.window.document.load(project, None)
    return project


def chosen(pilot, name, words):
    """Does what the menu of a row of the palette says."""
    menu = QMenu()
    pilot.parts.palette.menu_opening.emit(menu, name)
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_a_block_is_kept_and_dragged_into_another_project_as_one_step(opened):
    keep(opened, "pair1")
    assert library.names() == ("Pair",) and listed(opened) == ["Pair"]
    before = begin_anew(opened)
    assert listed(opened) == ["Pair"]
    count = len(opened.graph.nodes)
    search, rows = opened.find("paletteSearch"), opened.find("paletteList")
    search.setText("pair")
    place = opened.parts.palette.names().index("library:Pair")
    start = rows.visualRect(rows.model().index(place, 0)).center()
    end = opened.canvas.mapFromScene(QPointF(400, 0))
    opened.hand.carry(rows.viewport(), start, "library:Pair", opened.canvas.viewport(), end)
    opened.wait(lambda: len(opened.graph.nodes) == count + 1)
    document = opened.window.document
    assert document.graph.nodes["pair1"].kind == "Pair"
    assert document.project.blocks == {name: residual_digits().blocks[name] for name in ("Residual", "Pair")}
    document.stack.undo()
    assert document.project == before


def test_picked_by_keys_it_is_wired_and_what_is_called_alike_gets_a_free_name(opened):
    keep(opened, "res2")
    begin_anew(opened)
    opened.parts.blocks.new()
    document = opened.window.document
    document.edit("Rename", nnd.from_text(nnd.to_text(document.project).replace('"Block"', '"Residual"')))
    opened.parts.blocks.passage.leave()
    document.go(document.place.__class__())
    opened.canvas.select(["inp"])
    opened.parts.palette.chosen.emit("library:Residual")
    assert {"Residual", "Residual2"} <= set(document.project.blocks)
    node = next(node for node in document.graph.nodes.values() if node.kind == "Residual2")
    assert Edge("inp", "output", node.name, "inp") in document.graph.edges


def test_it_is_found_in_the_search_where_the_pointer_is(opened):
    keep(opened, "res2", "Skip")
    begin_anew(opened)
    opened.canvas.select([])
    opened.parts.choosing.find()
    search = opened.parts.choosing.search
    search.search.setText("skip")
    assert search.names()[0] == "library:Skip"
    search.chosen.emit("library:Skip")
    assert any(node.kind == "Skip" for node in opened.graph.nodes.values())


def test_it_is_typed_with_its_shape_known_before_as_one_step(opened):
    keep(opened, "pair1")
    before = begin_anew(opened)
    document, line = opened.window.document, opened.parts.typing.line
    opened.canvas.select(["inp"])
    opened.canvas.setFocus()
    opened.hand.keys("/")
    opened.hand._touched = line.edit
    opened.hand.type("pa")
    offered = line.offers.model()
    assert "Pair" in [offered.index(row, 0).data() for row in range(offered.rowCount())]
    line.edit.clear()
    opened.hand.type("Pair(size=2) > ReLU")
    opened.wait(lambda: [one.shape for one in line.shapes.steps] == ["N×4×8×8", "N×4×8×8"])
    assert document.project == before
    opened.hand.keys("Return")
    assert document.graph.nodes["pair1"].params == {"size": 2}
    assert set(document.project.blocks) == {"Pair", "Residual"}
    document.stack.undo()
    assert document.project == before


def test_typed_where_another_is_called_so_it_gets_a_free_name(opened):
    keep(opened, "res2")
    begin_anew(opened)
    document = opened.window.document
    document.edit("Rename", blocks.with_new_block(document.project, "Residual"))
    opened.canvas.select(["inp"])
    opened.parts.typing.open()
    line = opened.parts.typing.line
    opened.hand._touched = line.edit
    opened.hand.type("library.Res")
    opened.hand.keys("Tab")
    assert line.edit.text() == "library.Residual"
    opened.hand.keys("Return")
    assert [node.kind for node in document.graph.nodes.values()][-1] == "Residual2"
    assert {"Residual", "Residual2"} == set(document.project.blocks)


def test_a_name_that_is_taken_is_refused_where_it_is_typed(opened):
    keep(opened, "res2")
    keep(opened, "pair1", "Residual")
    assert library.find("Residual").blocks.keys() == {"Residual"}
    bar = opened.parts.keeping._bar
    assert bar.isVisible() and "another block" in bar._judge("Residual")
    opened.hand._touched = opened.find("namingLine")
    opened.hand.keys("Escape")  # brings back what stood there
    opened.hand.keys("Escape")
    assert not bar.isVisible() and listed(opened) == ["Residual"]


def test_renamed_removed_and_put_back(opened):
    keep(opened, "res2")
    chosen(opened, "library:Residual", "Rename…")
    line = opened.find("namingLine")
    opened.hand.click(line, line.rect().center())
    opened.hand.keys("Ctrl+A")
    opened.hand.type("Skip")
    opened.click("namingMake")
    assert listed(opened) == ["Skip"] and library.names() == ("Skip",)
    chosen(opened, "library:Skip", "Remove from the library")
    assert listed(opened) == [] and library.names() == ()
    opened.click("noticeChoice1")
    assert listed(opened) == ["Skip"]


def test_what_another_window_keeps_is_seen_and_what_is_broken_is_told(opened):
    project = residual_digits()
    library.put(library.kept_of(project, "Residual"))
    (library.folder() / "Bad.nnd").write_text("{")
    hints = []
    opened.canvas.hint.connect(hints.append)
    opened.parts.library.look_again()
    opened.wait(lambda: not opened.parts.library.reading)
    assert listed(opened) == ["Residual"]
    assert any("Bad.nnd is no block of the library" in words for words in hints)


def test_one_use_is_made_unique_and_undone(opened):
    document = opened.window.document
    before = document.project
    opened.canvas.select(["res2"])
    assert "used 3 times" in opened.find("nodeUses").text()
    opened.click("nodeMakeUnique")
    assert document.graph.nodes["res2"].kind == "Residual2"
    assert document.graph.nodes["res1"].kind == "Residual"
    assert document.stack.undoText() == "Make res2 unique, as Residual2"
    assert opened.canvas.selected_names() == ("res2",)
    document.stack.undo()
    assert document.project == before
    opened.canvas.select(["head"])
    opened.canvas.setFocus()
    opened.hand.keys("Alt+U")
    assert document.project == before and "no block" in opened.parts.status.hint


def test_the_inside_is_pictured_on_its_page_and_in_the_palette_and_painted_once(opened):
    opened.canvas.select(["res2"])
    picture = next(one for one in opened.parts.inspector.findChildren(BlockPicture) if one.isVisible())
    first = picture.picture()
    assert picture.picture().cacheKey() == first.cacheKey() and not first.isNull()
    opened.hand.click(picture, picture.rect().center())
    assert opened.window.document.place.path == "Residual"
    opened.click("blockKeep")
    opened.click("namingMake")
    assert listed(opened) == ["Residual"]
    card = opened.parts.explaining.card
    rows = opened.parts.palette.findChild(QTreeView, "paletteList")
    index = next(index for index in rows.rows() if index.data(0x0100) == "library:Residual")
    rows.scrollTo(index)
    assert card._show_at(rows.visualRect(index).center())
    assert card.findChild(BlockPicture).isVisible()
