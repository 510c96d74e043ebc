"""Finding one's way: the map, the search, bookmarks, back and forward, problem by problem."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from pilot import PLAIN, Pilot, QtHand
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSettings, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from nndesigner import blocks
from nndesigner.graph import Edge, Graph, Node, Note
from nndesigner.project import Project
from nndesigner.ui.canvas.passage import Passage
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.finding.minimap import Minimap
from nndesigner.ui.finding.sight import sight_of
from nndesigner.ui.finding.way import Way
from nndesigner.ui.problems import Problems

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


def tower() -> Project:
    """Forty layers in a column, far higher than the window, of which two stand in a block; with a note at its foot."""
    nodes = [Node("image", "Input", {"shape": (3, 32, 32)}, (0.0, -160.0))]
    for step in range(20):
        nodes += [
            Node(f"conv{step}", "Conv2d", {"out_channels": 8, "kernel_size": 3}, (0.0, step * 320.0)),
            Node(f"act{step}", "ReLU", {}, (0.0, step * 320.0 + 160.0)),
        ]
    edges = [Edge(one.name, "output", two.name, "input") for one, two in pairwise(nodes)]
    project = Project(Graph.of(nodes, edges, [Note("Why so deep", (320.0, 6400.0))]))
    return blocks.enclosed(project, "", ["conv9", "act9"], "Body")


class Finder:
    """A person at a canvas with all by which one finds one's way, and nothing else of the window."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas, self.document = canvas, canvas.document
        self.passage = Passage(canvas)
        self.way = Way(canvas, Problems(), lambda: None, canvas.reveal)
        self.hints: list[str] = []
        canvas.hint.connect(self.hints.append)
        canvas.camera.duration = lambda: 0

    @property
    def map(self) -> Minimap:
        return self.way.map

    @property
    def field(self) -> QLineEdit:
        return self.way.finding.bar.field

    def open(self, project: Project) -> None:
        self.document.load(project, None)
        self.canvas.fit()
        QApplication.processEvents()

    def near(self, name: str) -> None:
        """Looks at a node at natural size, by no leap."""
        self.canvas.camera.zoom_to(1.0)
        self.canvas.centerOn(self.card(name).center())

    def card(self, name: str) -> QRectF:
        return self.canvas.stage.node_items[name].card

    def reveal(self, name: str) -> None:
        self.canvas.reveal(name)
        QApplication.processEvents()

    @property
    def middle(self) -> str:
        """The node in the middle of the canvas."""
        return self.canvas.stage.node_at(self.place) or ""

    @property
    def place(self) -> QPointF:
        return self.canvas.in_scene(QPointF(self.canvas.viewport().rect().center()))

    @property
    def path(self) -> str:
        return self.document.place.path

    def on_map(self, name: str) -> QPoint:
        return self.map.picture.on_map(self.card(name).center()).toPoint()

    def back(self) -> None:
        self.way.journey.back()
        QApplication.processEvents()

    def forward(self) -> None:
        self.way.journey.forward()
        QApplication.processEvents()

    def find(self, words: str) -> None:
        self.way.finding.open()
        self.field.selectAll()
        QTest.keyClicks(self.field, words)
        QApplication.processEvents()

    def press(self, widget: QWidget, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyClick(widget, key, keys)
        QApplication.processEvents()

    @property
    def told(self) -> tuple[str, str]:
        """How many the bar says there are, and what of the one at hand."""
        bar = self.way.finding.bar
        count, words = (bar.findChild(QLabel, f"canvasFind{part}") for part in ("Count", "Told"))
        return count.text(), words.text()

    def keep(self, name: str) -> None:
        self.way.keeping.ask()
        self.name(name)

    def name(self, name: str) -> None:
        line = self.canvas.findChild(QLineEdit, "namingLine")
        line.selectAll()
        QTest.keyClicks(line, name)
        self.press(line, Qt.Key.Key_Return)


@pytest.fixture
def finder(qtbot: QtBot, own_folders: Path) -> Iterator[Finder]:
    """A person before the whole tower."""
    canvas = Canvas(Document())
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    made = Finder(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    made.open(tower())
    qtbot.waitUntil(lambda: not made.map.drawing)
    yield made
    canvas.document.stack.clear()


# The map.


def test_the_map_is_there_only_while_some_of_the_graph_is_out_of_sight(finder: Finder) -> None:
    whole = finder.map.isVisible()

    finder.near("conv3")

    assert (whole, finder.map.isVisible()) == (False, True)
    finder.canvas.fit()
    assert not finder.map.isVisible()


def test_a_click_and_a_drag_on_the_map_look_there_and_back_comes_back(finder: Finder) -> None:
    finder.near("conv0")
    early, late = finder.on_map("conv5"), finder.on_map("conv15")

    QTest.mouseClick(finder.map, LEFT, PLAIN, early)
    QApplication.processEvents()
    clicked = finder.place.y()
    QtHand().drag(finder.map, early, late)
    QApplication.processEvents()
    dragged = finder.place.y()
    finder.back()
    again = finder.place.y()
    finder.back()

    pixel = 1 / finder.map.picture.scale
    assert abs(clicked - finder.card("conv5").center().y()) < 2 * pixel
    assert abs(dragged - finder.card("conv15").center().y()) < 3 * pixel
    assert abs(again - clicked) < 2
    assert finder.middle == "conv0"


def test_the_wheel_on_the_map_zooms_round_the_middle(finder: Finder) -> None:
    finder.near("conv4")
    at = QPointF(4, 4)
    turn = QWheelEvent(
        at, finder.map.mapToGlobal(at), QPoint(), QPoint(0, -240),
        Qt.MouseButton.NoButton, PLAIN, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip

    QApplication.sendEvent(finder.map, turn)

    assert 0.6 < finder.canvas.camera.scale < 0.8
    assert finder.middle == "conv4"


def test_the_map_follows_the_graph_later_and_bit_by_bit(finder: Finder, qtbot: QtBot) -> None:
    before, at = finder.map.picture, finder.on_map("conv19")
    filled = before.pixmap.toImage().pixelColor(at)

    finder.document.edit_graph("Delete", finder.document.graph.remove(["conv19"]))

    assert finder.map.picture is before
    qtbot.waitUntil(lambda: not finder.map.drawing)
    assert finder.map.picture.pixmap.toImage().pixelColor(at) != filled


# The search.


def test_a_search_counts_marks_and_goes_round(finder: Finder) -> None:
    finder.near("conv0")

    finder.find("relu")

    assert finder.told == ("1 of 20", "act0 · ReLU")
    assert finder.canvas.selected_names() == ("act0",)
    assert finder.canvas.stage.overlays[-1].count == 19
    finder.press(finder.field, Qt.Key.Key_Return)
    finder.press(finder.field, Qt.Key.Key_Return)
    assert finder.told == ("3 of 20", "act2 · ReLU")
    for _ in range(3):
        finder.press(finder.field, Qt.Key.Key_Return, SHIFT)
    assert finder.told[0] == "20 of 20"
    finder.press(finder.field, Qt.Key.Key_Escape)
    assert finder.way.finding.bar.isHidden()
    assert not finder.canvas.stage.overlays


def test_what_is_in_a_block_is_gone_to_when_it_is_chosen(finder: Finder) -> None:
    finder.find("conv9 kernel_size=3")

    assert finder.told == ("1 of 1", "conv9 · kernel_size = 3 · Enter goes to Main › Body")
    assert finder.path == ""
    finder.press(finder.field, Qt.Key.Key_Return)
    assert finder.path == "Body"
    assert finder.canvas.selected_names() == ("conv9",)
    finder.back()
    assert finder.path == ""


def test_what_is_not_there_is_said_and_an_edit_is_searched_anew(finder: Finder, qtbot: QtBot) -> None:
    finder.find("gelu")
    assert finder.told == ("not there", "")
    node = finder.document.graph.nodes["act3"]

    finder.document.edit_graph("Replace", finder.document.graph.replace_node(replace(node, kind="GELU")))
    qtbot.waitUntil(lambda: finder.told[0] == "1 of 1")
    finder.document.stack.undo()

    qtbot.waitUntil(lambda: finder.told == ("not there", ""))


def test_all_that_was_found_here_is_selected(finder: Finder) -> None:
    finder.find("deep")
    assert finder.canvas.stage.note_items[0].isSelected()
    finder.find("conv2d")

    finder.press(finder.field, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)

    assert len(finder.canvas.selected_names()) == 19
    assert finder.hints[-1] == "19 selected · 1 more in other graphs"


def test_another_project_ends_the_search(finder: Finder) -> None:
    finder.find("relu")

    finder.document.load(Project(), None)

    assert not finder.canvas.stage.overlays
    assert finder.way.finding.bar.isHidden()


def test_a_large_network_is_searched_in_turns(
    finder: Finder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nndesigner.ui.finding.finding._TURN", 0.0005)  # however quick the machine
    nodes = [Node(f"add{n}", "Add", {}, (n % 50 * 240.0, n // 50 * 120.0)) for n in range(2_000)]
    finder.document.load(Project(Graph.of([*nodes, Node("last", "ReLU", {}, (0.0, 9_999.0))])), None)
    finding, turns = finder.way.finding, []
    finding._turn.timeout.connect(lambda: turns.append(1))

    finder.find("kernel")
    finder.find("last")
    qtbot.waitUntil(lambda: not finding.searching)

    assert [hit.node for hit in finding.hits] == ["last"]
    assert turns


# Back and forward.


def press_button(finder: Finder, button: Qt.MouseButton) -> None:
    port = finder.canvas.viewport()
    at = QPointF(port.rect().center())
    down = QMouseEvent(QEvent.Type.MouseButtonPress, at, port.mapToGlobal(at), button, button, PLAIN)
    QApplication.sendEvent(port, down)
    QApplication.processEvents()


def test_back_and_forward_go_through_what_was_looked_at(finder: Finder) -> None:
    finder.near("conv2")
    first = sight_of(finder.canvas, finder.document.place)
    finder.reveal("conv12")
    finder.passage.enter("body1")
    QApplication.processEvents()
    inside = sight_of(finder.canvas, finder.document.place)

    finder.back()
    assert (finder.path, finder.middle) == ("", "conv12")
    finder.back()
    assert first.resembles(sight_of(finder.canvas, finder.document.place))
    press_button(finder, Qt.MouseButton.ForwardButton)
    press_button(finder, Qt.MouseButton.ForwardButton)

    assert inside.resembles(sight_of(finder.canvas, finder.document.place))
    finder.forward()
    assert finder.hints[-1] == "There is nothing further on"
    press_button(finder, Qt.MouseButton.BackButton)
    assert finder.middle == "conv12"


def test_a_block_that_is_gone_is_left_out_on_the_way_back(finder: Finder) -> None:
    finder.near("conv2")
    finder.passage.enter("body1")
    QApplication.processEvents()
    finder.reveal("conv9")
    finder.passage.leave()
    QApplication.processEvents()
    finder.reveal("conv12")
    finder.document.edit("Unpack", blocks.unpacked(finder.document.project, "", "body1"))
    finder.document.edit("Delete the block", replace(finder.document.project, blocks={}))

    for _ in range(9):
        finder.back()

    assert finder.path == ""
    assert finder.hints[-1] == "There is nothing further back"


# Bookmarks.


def test_a_view_is_kept_under_a_name_and_gone_to_by_its_digit(finder: Finder) -> None:
    finder.near("conv4")
    finder.keep("Early")
    finder.passage.enter("body1")
    finder.way.keeping.ask()
    line = finder.canvas.findChild(QLineEdit, "namingLine")
    assert line.text() == "Body"
    finder.press(line, Qt.Key.Key_Return)

    finder.press(finder.canvas, Qt.Key.Key_1)

    assert (finder.path, finder.middle) == ("", "conv4")
    assert finder.hints[-1] == "Early · Main"
    finder.way.keeping.open()
    assert finder.way.keeping.list.keys() == ["0", "1", "new"]
    finder.press(finder.way.keeping.list.search, Qt.Key.Key_2)
    assert finder.path == "Body"
    assert finder.document.stack.count() == 0


def test_a_bookmark_is_renamed_and_forgotten_and_kept_for_the_file(finder: Finder, tmp_path: Path) -> None:
    keeping = finder.way.keeping
    for name in ("Early", "Middle", "Late"):
        finder.keep(name)
    keeping.open()
    finder.press(keeping.list.search, Qt.Key.Key_Down)
    finder.press(keeping.list.search, Qt.Key.Key_F2)
    finder.name("Narrow")
    assert keeping.list.current() == "1"
    finder.press(keeping.list.search, Qt.Key.Key_Up)
    finder.press(keeping.list.search, Qt.Key.Key_Delete)

    names = [one.name for one in keeping.bookmarks.all]
    finder.document.save(tmp_path / "tower.nnd")
    finder.document.load(Project(), None)
    forgotten = keeping.bookmarks.all
    finder.document.open(tmp_path / "tower.nnd")

    assert names == ["Narrow", "Late"]
    assert forgotten == ()
    assert [one.name for one in keeping.bookmarks.all] == names
    assert keeping.list.isHidden()


def test_settings_that_are_broken_keep_no_bookmarks(finder: Finder, tmp_path: Path) -> None:
    finder.document.save(tmp_path / "tower.nnd")
    kept = {str(tmp_path / "tower.nnd"): [{"name": "Early", "middle": [0]}]}
    QSettings().setValue("bookmarks", json.dumps(kept))

    finder.document.open(tmp_path / "tower.nnd")

    assert finder.way.keeping.bookmarks.all == ()


# The selection.


def test_the_selection_fills_the_canvas(finder: Finder) -> None:
    finder.canvas.select(["conv7", "act7", "conv8"])

    finder.way.fit_selection()

    assert finder.middle == "act7"
    assert finder.canvas.camera.scale == 1.0
    finder.canvas.select([])
    finder.way.fit_selection()
    assert finder.canvas.camera.scale < 0.2


# In the window, by its keys.


def keys(pilot: Pilot, *names: str) -> None:
    """Presses keys in the window, which is the active one though there is no screen."""
    pilot.window.activateWindow()
    pilot.wait(pilot.window.isActiveWindow)
    for name in names:
        pilot.hand.keys(name)


def test_a_person_finds_their_way_by_keys(pilot: Pilot) -> None:
    pilot.canvas.camera.duration = lambda: 0
    pilot.window.document.load(tower(), None)
    pilot.window._opened()
    QApplication.processEvents()
    shown, status = pilot.window.parts.way.map, pilot.window.parts.status
    pilot.canvas.setFocus()
    # Problems, one after the other.
    pilot.window.document.edit_graph("Delete", pilot.graph.remove(["conv3", "conv15"]))
    pilot.settle()
    pilot.wait(pilot.window.parts.docks["problems"].isVisible)  # it takes room from the canvas
    listed = [one.culprit or one.node for one in pilot.window.parts.problems.listed]
    met = []
    for _ in listed:
        keys(pilot, "F4")
        met.append("".join(pilot.canvas.selected_names()))
    assert met == listed == ["act3", "act15", ""]
    keys(pilot, "Shift+F4")
    assert pilot.canvas.selected_names() == ("act15",)
    assert status.hint.startswith(f"Problem {len(listed) - 1} of {len(listed)}: ")
    # What is wrong is found too.
    keys(pilot, "Ctrl+F")
    pilot.hand.click(pilot.find("canvasFindField"), QPoint(8, 8))
    pilot.hand.type("error")
    pilot.wait(lambda: bool(pilot.window.parts.way.finding.hits))
    assert {hit.node for hit in pilot.window.parts.way.finding.hits} <= set(listed)
    keys(pilot, "F3")
    keys(pilot, "Escape")
    # The selection near, the map beside it, put away and back.
    pilot.hand.click(status, QPoint(8, 8))
    keys(pilot, "F")
    pilot.wait(shown.isVisible)
    assert pilot.window.actions_["minimap"].isChecked()
    keys(pilot, "M")
    assert not shown.isVisible()
    assert not QSettings().value("minimap", type=bool)
    keys(pilot, "M")
    pilot.wait(shown.isVisible)
    # A bookmark, away from it, and back to it by the way one came and by its digit.
    keys(pilot, "Alt+Shift+B")
    pilot.hand.click(pilot.find("namingLine"), QPoint(8, 8))
    keys(pilot, "Return")
    pilot.hand.click(status, QPoint(8, 8))
    QApplication.processEvents()
    here = sight_of(pilot.canvas, pilot.window.document.place)
    for back in ("Alt+Left", "Alt+B"):
        keys(pilot, "Ctrl+0")
        QApplication.processEvents()
        assert pilot.canvas.camera.scale < 0.2
        keys(pilot, back)
        if back == "Alt+B":
            QTest.keyClick(pilot.find("bookmarksField"), Qt.Key.Key_1)
        QApplication.processEvents()
        assert here.resembles(sight_of(pilot.canvas, pilot.window.document.place))
