"""Order is brought into a drawing: laid out, aligned, distributed; wires go round cards; notes and frames say what is what."""

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainterPathStroker
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from nndesigner import examples
from nndesigner.graph import Frame, Graph, Node, Note
from nndesigner.project import Project
from nndesigner.ui.canvas.writing import Writing
from tests.conftest import chain, small_digits

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def shown(pilot):
    """Shows a project in the window at natural size, its upper left corner in sight."""

    def show(project: Project):
        pilot.window.document.load(project, None)
        pilot.window.show_workspace("design")
        pilot.wait(lambda: set(pilot.canvas.stage.node_items) == set(project.graph.nodes))
        pilot.canvas.fit()
        pilot.canvas.setFocus()
        return pilot

    return show


def three(*places) -> Project:
    nodes = [Node(name, "ReLU", {}, place) for name, place in zip(("a", "b", "c"), places, strict=True)]
    return Project(Graph.of(nodes))


def scattered() -> Project:
    """The digits, every node where it should not be."""
    graph = small_digits().graph
    return Project(
        graph.move({name: (240.0 * (index % 3), 8.0 * index) for index, name in enumerate(graph.nodes)})
    )


def positions(pilot):
    return {name: node.position for name, node in pilot.graph.nodes.items()}


def press(pilot, keys):
    QTest.keySequence(pilot.canvas, keys)
    gliding = pilot.window.parts.arranging.gliding
    pilot.wait(lambda: not gliding.runs or pilot.canvas.camera.duration() > 1000)


def at(pilot, x, y) -> QPoint:
    return pilot.canvas.mapFromScene(QPointF(x, y))


def card(pilot, name):
    return pilot.canvas.stage.node_items[name].card


def begin(pilot, start: QPoint, end: QPoint) -> None:
    """A drag that is not over yet."""
    viewport = pilot.canvas.viewport()
    QTest.mousePress(viewport, LEFT, PLAIN, start)
    for part in (0.3, 1.0):
        here = QPointF(start + (end - start) * part)
        event = QMouseEvent(
            QEvent.Type.MouseMove, here, QPointF(viewport.mapToGlobal(here.toPoint())), NONE, LEFT, PLAIN
        )
        QApplication.sendEvent(viewport, event)


def drag(pilot, start: QPoint, end: QPoint) -> None:
    begin(pilot, start, end)
    QTest.mouseRelease(pilot.canvas.viewport(), LEFT, PLAIN, end)


def runs_through(wire, rect) -> bool:
    """Whether a wire as it is drawn lies on an area."""
    return QPainterPathStroker().createStroke(wire.path.translated(wire.pos())).intersects(rect)


# Laying out.


def test_a_key_arranges_all_in_one_step_and_undo_puts_everything_back(shown):
    pilot = shown(scattered())
    before = positions(pilot)
    press(pilot, "Ctrl+Shift+L")
    cards = [item.card for item in pilot.canvas.stage.node_items.values()]
    assert not any(first.intersects(second) for first, second in combinations(cards, 2))
    for edge in pilot.graph.edges:
        assert pilot.graph.nodes[edge.source].position[1] < pilot.graph.nodes[edge.target].position[1]
    assert pilot.window.document.stack.undoText() == "Arrange all"
    assert pilot.window.document.stack.count() == 1
    pilot.window.document.stack.undo()
    assert positions(pilot) == before


def test_what_is_in_its_place_is_not_edited(shown):
    pilot = shown(scattered())
    press(pilot, "Ctrl+Shift+L")
    press(pilot, "Ctrl+Shift+L")
    assert pilot.window.document.stack.count() == 1


def test_layers_run_from_left_to_right_where_that_is_chosen(shown):
    pilot = shown(scattered())
    press(pilot, "Alt+A")
    for edge in pilot.graph.edges:
        assert card(pilot, edge.source).right() < card(pilot, edge.target).left()
    press(pilot, "Alt+D")
    for edge in pilot.graph.edges:
        assert card(pilot, edge.source).bottom() < card(pilot, edge.target).top()


def test_the_selection_alone_is_arranged_and_lies_on_nothing(shown):
    pilot = shown(scattered())
    before = positions(pilot)
    pilot.canvas.select(["conv1", "relu1", "pool1"])
    press(pilot, "Alt+L")
    moved = {name for name, place in positions(pilot).items() if place != before[name]}
    assert moved <= {"conv1", "relu1", "pool1"} and len(moved) >= 2
    for name in ("conv1", "relu1", "pool1"):
        others = [item.card for other, item in pilot.canvas.stage.node_items.items() if other != name]
        assert not any(card(pilot, name).intersects(other) for other in others)
    assert pilot.window.document.stack.undoText() == "Arrange 3 nodes"


def test_cards_glide_to_their_places_and_a_press_ends_that(shown, monkeypatch):
    pilot = shown(scattered())
    monkeypatch.setattr(type(pilot.canvas.camera), "duration", lambda self: 10_000)
    gliding = pilot.window.parts.arranging.gliding
    press(pilot, "Ctrl+Shift+L")
    assert gliding.runs
    name = max(positions(pilot), key=lambda one: positions(pilot)[one][1])
    assert (card(pilot, name).x(), card(pilot, name).y()) != positions(pilot)[name]
    QTest.mouseClick(pilot.canvas.viewport(), LEFT, PLAIN, QPoint(4, 4))
    assert not gliding.runs
    assert all(
        (card(pilot, one).x(), card(pilot, one).y()) == place for one, place in positions(pilot).items()
    )


def test_undo_in_the_middle_of_a_glide_shows_what_is(shown, monkeypatch):
    pilot = shown(scattered())
    monkeypatch.setattr(type(pilot.canvas.camera), "duration", lambda self: 10_000)
    before = positions(pilot)
    press(pilot, "Ctrl+Shift+L")
    pilot.window.document.stack.undo()
    assert all((card(pilot, one).x(), card(pilot, one).y()) == place for one, place in before.items())


# In line.


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("Ctrl+Shift+Left", [(0, 0), (0, 120), (0, 240)]),
        ("Ctrl+Shift+H", [(52, 0), (52, 120), (52, 240)]),
        ("Ctrl+Shift+Right", [(104, 0), (104, 120), (104, 240)]),
        ("Ctrl+Shift+Up", [(0, 0), (104, 0), (40, 0)]),
        ("Ctrl+Shift+M", [(0, 120), (104, 120), (40, 120)]),
        ("Ctrl+Shift+Down", [(0, 240), (104, 240), (40, 240)]),
    ],
)
def test_selected_nodes_are_put_in_line(shown, keys, expected):
    pilot = shown(three((0, 0), (104, 120), (40, 240)))
    pilot.canvas.select_all()
    press(pilot, keys)
    assert list(positions(pilot).values()) == expected
    assert pilot.window.document.stack.undoText() == "Align 3 nodes"


def test_gaps_are_made_the_same(shown):
    pilot = shown(three((0, 0), (0, 100), (0, 400)))
    pilot.canvas.select_all()
    press(pilot, "Alt+V")
    assert [y for _, y in positions(pilot).values()] == [0, 200, 400]
    pilot.window.document.load(three((0, 0), (300, 0), (1000, 0)), None)
    pilot.canvas.select_all()
    press(pilot, "Alt+H")
    assert [x for x, _ in positions(pilot).values()] == [0, 500, 1000]


def test_one_node_alone_is_not_aligned_and_the_window_says_what_to_do(shown):
    pilot = shown(three((0, 0), (104, 120), (40, 240)))
    pilot.canvas.select(["a"])
    said: list[str] = []
    pilot.canvas.hint.connect(said.append)
    press(pilot, "Ctrl+Shift+Left")
    assert said == ["Select two nodes or more to align them"]
    assert pilot.window.document.stack.count() == 0


def test_a_dragged_card_comes_to_rest_in_line_with_another_and_a_guide_shows_it(shown):
    pilot = shown(three((3, 0), (400, 200), (404, 401)))
    start = at(pilot, *card(pilot, "b").center().toTuple())
    begin(pilot, start, start + QPoint(round(-398 * pilot.canvas.camera.scale), 0))
    (guide,) = (one for one in pilot.canvas.stage.overlays if one.isVisible())
    assert guide.line().dx() == 0
    QTest.mouseRelease(
        pilot.canvas.viewport(), LEFT, PLAIN, start + QPoint(round(-398 * pilot.canvas.camera.scale), 0)
    )
    assert positions(pilot)["b"][0] == 3
    assert pilot.canvas.stage.overlays == []


def test_the_menu_of_a_selection_aligns_it(shown):
    pilot = shown(three((0, 0), (104, 120), (40, 240)))
    pilot.canvas.select_all()
    pilot.canvas.menu_wanted.emit(pilot.canvas.mapToGlobal(QPoint(10, 10)))
    menu = pilot.find("canvasMenu")
    align = next(one.menu() for one in menu.actions() if one.text() == "Align")
    assert isinstance(align, QMenu)
    next(one for one in align.actions() if one.text() == "Align left").trigger()
    menu.hide()
    assert {x for x, _ in positions(pilot).values()} == {0}


# Wires go round cards.


def in_the_way() -> Project:
    nodes = [Node(name, "ReLU", {}, (0.0, 120.0 * index)) for index, name in enumerate(("a", "b", "c"))]
    graph = Graph.of(nodes, chain("a", "c"))
    return Project(graph)


def test_a_wire_goes_round_a_card_in_its_way(shown):
    pilot = shown(in_the_way())
    (wire,) = pilot.canvas.stage.edge_items.values()
    assert wire.lanes
    assert not runs_through(wire, card(pilot, "b"))


def test_a_wire_is_straight_again_when_the_card_is_dragged_away_and_goes_round_when_it_is_back(shown):
    pilot = shown(in_the_way())
    (wire,) = pilot.canvas.stage.edge_items.values()
    start = at(pilot, *card(pilot, "b").center().toTuple())
    aside = QPoint(round(320 * pilot.canvas.camera.scale), 0)
    drag(pilot, start, start + aside)
    assert not wire.lanes
    drag(pilot, start + aside, start)
    assert wire.lanes
    pilot.window.document.stack.undo()
    assert not wire.lanes


def test_a_wire_is_led_when_the_drag_ends_and_not_before(shown):
    pilot = shown(three((0, 0), (400, 120), (0, 240)))
    document = pilot.window.document
    document.edit_graph("Connect", replace(document.graph, edges=frozenset(chain("a", "c"))))
    (wire,) = pilot.canvas.stage.edge_items.values()
    start, end = at(pilot, *card(pilot, "b").center().toTuple()), at(pilot, 104, 148)
    begin(pilot, start, end)
    assert not wire.lanes
    QTest.mouseRelease(pilot.canvas.viewport(), LEFT, PLAIN, end)
    assert wire.lanes


@pytest.mark.parametrize("name", ["googlenet", "densenet121", "transformer-translation", "unet", "vae"])
def test_no_wire_of_an_example_runs_through_a_card_once_it_is_arranged(shown, name):
    pilot = shown(examples.load(name))
    press(pilot, "Ctrl+Shift+L")
    pilot.canvas.stage.detours.settle()
    for edge, wire in pilot.canvas.stage.edge_items.items():
        for other, item in pilot.canvas.stage.node_items.items():
            assert other in (edge.source, edge.target) or not runs_through(wire, item.card)


# Notes and frames.


def writing(pilot) -> Writing:
    pilot.wait(lambda: any(isinstance(one, Writing) and one.isVisible() for one in QApplication.allWidgets()))
    return next(one for one in QApplication.allWidgets() if isinstance(one, Writing) and one.isVisible())


def test_a_note_is_written_where_it_stands(shown):
    pilot = shown(three((0, 0), (0, 120), (0, 240)))
    press(pilot, "Ctrl+Shift+T")
    field = writing(pilot)
    QTest.keyClicks(field, "Try more channels")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [note.text for note in pilot.graph.notes] == ["Try more channels"]
    assert pilot.window.document.stack.undoText() == "Add a note"
    (item,) = pilot.canvas.stage.note_items
    assert not any(item.area.intersects(one.card) for one in pilot.canvas.stage.node_items.values())


def test_a_note_without_words_is_none(shown):
    pilot = shown(three((0, 0), (0, 120), (0, 240)))
    press(pilot, "Ctrl+Shift+T")
    QTest.keyClick(writing(pilot), Qt.Key.Key_Escape)
    press(pilot, "Ctrl+Shift+T")
    QTest.keyClick(writing(pilot), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pilot.graph.notes == () and pilot.window.document.stack.count() == 0


def noted() -> Project:
    project = three((0, 0), (0, 120), (0, 240))
    return replace(
        project, graph=replace(project.graph, notes=(Note("Old words", (320.0, 0.0), (200.0, 80.0)),))
    )


def test_a_double_click_writes_on_a_note(shown):
    pilot = shown(noted())
    QTest.mouseDClick(pilot.canvas.viewport(), LEFT, PLAIN, at(pilot, 400, 40))
    field = writing(pilot)
    assert field.toPlainText() == "Old words"
    QTest.keyClicks(field, "New words")
    pilot.canvas.setFocus()
    pilot.wait(lambda: pilot.graph.notes[0].text == "New words")


def test_a_note_is_moved_resized_copied_and_deleted(shown):
    pilot = shown(noted())
    drag(pilot, at(pilot, 400, 40), at(pilot, 480, 120))
    assert pilot.graph.notes[0].position == (400, 80)
    (item,) = pilot.canvas.stage.note_items
    corner = item.area.bottomRight() - QPointF(6, 6)
    drag(pilot, at(pilot, *corner.toTuple()), at(pilot, *(corner + QPointF(80, 40)).toTuple()))
    assert pilot.graph.notes[0].size == (280, 120)
    assert item.isSelected()
    press(pilot, "Ctrl+C")
    press(pilot, "Ctrl+V")
    assert [note.text for note in pilot.graph.notes] == ["Old words", "Old words"]
    press(pilot, "Delete")
    assert len(pilot.graph.notes) == 1
    stack = pilot.window.document.stack
    while stack.canUndo():
        stack.undo()
    assert pilot.graph == noted().graph


def test_a_frame_goes_round_the_selection_and_is_titled_at_once(shown):
    pilot = shown(three((0, 0), (0, 120), (0, 240)))
    pilot.canvas.select(["a", "b"])
    press(pilot, "Ctrl+Shift+F")
    field = writing(pilot)
    QTest.keyClicks(field, "Encoder")
    QTest.keyClick(field, Qt.Key.Key_Return)
    (frame,) = pilot.graph.frames
    assert frame.title == "Encoder"
    (item,) = pilot.canvas.stage.sheets.frames
    assert item.area.contains(card(pilot, "a")) and item.area.contains(card(pilot, "b"))
    assert not item.area.intersects(card(pilot, "c"))
    assert pilot.window.document.stack.count() == 1
    pilot.window.document.stack.undo()
    assert pilot.graph.frames == ()


def framed() -> Project:
    project = noted()
    frame = Frame("Encoder", (-24.0, -40.0), (256.0, 248.0), "blue")
    return replace(project, graph=replace(project.graph, frames=(frame,)))


def test_a_frame_takes_along_what_stands_in_it(shown):
    pilot = shown(framed())
    title = at(pilot, 20, -24)
    drag(pilot, title, title + QPoint(0, round(-160 * pilot.canvas.camera.scale)))
    places = positions(pilot)
    moved = pilot.graph.frames[0].position[1] + 40
    assert moved < -100
    assert places == {"a": (0, moved), "b": (0, 120 + moved), "c": (0, 240)}
    assert pilot.graph.notes[0].position == (320, 0)
    assert pilot.window.document.stack.undoText() == "Move the frame Encoder"
    pilot.window.document.stack.undo()
    assert pilot.graph == framed().graph


def test_inside_a_frame_nodes_are_taken_as_ever(shown):
    pilot = shown(framed())
    begin(pilot, at(pilot, 220, 90), at(pilot, 10, 200))
    QTest.mouseRelease(pilot.canvas.viewport(), LEFT, PLAIN, at(pilot, 10, 200))
    assert pilot.canvas.selected_names() == ("b",)
    drag(pilot, at(pilot, 104, 28), at(pilot, 184, 28))
    assert positions(pilot)["a"] == (80, 0) and pilot.graph.frames == framed().graph.frames


def test_a_frame_gets_the_next_colour(shown):
    pilot = shown(framed())
    QTest.mouseClick(pilot.canvas.viewport(), LEFT, PLAIN, at(pilot, 20, -24))
    press(pilot, "Alt+F")
    assert pilot.graph.frames[0].color == "green"


def test_frames_stay_round_what_they_hold_when_all_is_arranged(shown):
    project = scattered()
    names = ("conv1", "relu1")
    graph = project.graph.move({"conv1": (2000.0, 0.0), "relu1": (2000.0, 96.0)})
    frame = Frame("First", (1976.0, -40.0), (256.0, 224.0), "red")
    pilot = shown(replace(project, graph=replace(graph, frames=(frame,))))
    press(pilot, "Ctrl+Shift+L")
    (item,) = pilot.canvas.stage.sheets.frames
    assert all(item.area.contains(card(pilot, name)) for name in names)
