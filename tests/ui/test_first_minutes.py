"""The first minutes: an empty canvas that says what to do, and tips that go away for good."""

import pytest
from pilot import Pilot
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QAction, QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nndesigner.graph import Graph, Node
from nndesigner.project import Project
from nndesigner.ui import key_cap, theme
from nndesigner.ui.help.tips import OFF, SHOWN, TIPS, Tips


@pytest.fixture
def beginner(pilot: Pilot) -> Pilot:
    """Someone who sees the program for the first time, before an empty canvas."""
    QSettings().remove(OFF)
    pilot.window.filing.new()
    pilot.window.show_workspace("design")
    return pilot


@pytest.fixture
def tips(beginner: Pilot) -> Tips:
    return beginner.window.parts.tips


def shown(pilot: Pilot, tips: Tips) -> str:
    pilot.wait(tips.bubble.isVisible)
    return tips.bubble.text


def test_an_empty_canvas_offers_three_ways_with_their_keys(beginner: Pilot) -> None:
    ways = [beginner.find(f"begin_{name}") for name in ("add_layer", "type_line", "welcome")]
    actions = beginner.window.actions_
    assert [way.keys for way in ways] == [actions[way.name].shortcut().toString() for way in ways]
    message = beginner.find("canvasEmpty")
    assert all(message.rect().contains(way.geometry()) for way in ways)
    beginner.click("begin_add_layer")
    assert QApplication.focusWidget() is None or beginner.window.parts.palette.isVisible()
    beginner.click("begin_type_line")
    beginner.wait(lambda: beginner.find("typedLine").isVisible())
    beginner.hand.keys("Escape")
    beginner.click("begin_welcome")
    assert beginner.window.welcome.isVisible()


def test_the_message_goes_by_itself_and_comes_back_with_undo(beginner: Pilot) -> None:
    message = beginner.find("canvasEmpty")
    beginner.canvas.add_kind("ReLU")
    assert not message.isVisible()
    beginner.window.document.stack.undo()
    assert message.isVisible()
    beginner.window.parts.blocks.new()
    beginner.canvas.select_all()
    beginner.canvas.delete_selection()
    assert message.isVisible()
    assert not message.beginnings[2].isVisible()  # no example opens inside of a block


def test_the_message_fits_any_canvas(beginner: Pilot) -> None:
    canvas, message = beginner.canvas, beginner.find("canvasEmpty")
    canvas.setMinimumWidth(0)
    for width in (260, 420, 700, 1600):
        canvas.resize(width, 520)
        message.place()
        assert canvas.rect().contains(message.geometry())
        cards = [one.geometry() for one in message.beginnings]
        assert not any(one.intersects(other) for place, one in enumerate(cards) for other in cards[:place])


@pytest.mark.parametrize("keys", ["/", "Ctrl+Shift+A", "Ctrl++", "F5"])
def test_a_key_cap_is_as_wide_as_it_says(qapp: QApplication, keys: str) -> None:
    image = QImage(300, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.LIGHT.raised))
    painter = QPainter(image)
    key_cap.paint(painter, QPointF(10, 5), keys, theme.LIGHT)
    painter.end()
    inked = [x for x in range(300) if image.pixelColor(x, 15) != QColor(theme.LIGHT.raised)]
    assert min(inked) in (10, 11)
    assert abs(max(inked) - (10 + key_cap.width_of(keys))) <= 2


def test_a_tip_comes_at_its_moment_and_never_again(beginner: Pilot, tips: Tips) -> None:
    beginner.canvas.setFocus()
    beginner.canvas.add_kind("ReLU")
    assert shown(beginner, tips).startswith("Press / to type several layers")
    assert not tips.bubble.isAncestorOf(QApplication.focusWidget() or beginner.canvas)
    assert beginner.window.rect().contains(tips.bubble.geometry())
    assert tips.bubble.accessibleName() == f"Tip: {tips.bubble.text}"
    beginner.click("tipGotIt")
    assert not tips.bubble.isVisible()
    beginner.window.document.stack.undo()
    beginner.window.document.stack.redo()
    tips.offer("first node")
    assert tips._waiting is None
    assert QSettings().value(SHOWN) in ("first node", ["first node"])


def test_a_tip_waits_while_a_hand_is_on_something(beginner: Pilot, tips: Tips) -> None:
    beginner.window.actions_["type_line"].trigger()
    tips.offer("problem")
    tips._show()
    assert not tips.bubble.isVisible()
    QTest.keyClick(beginner.find("typedLineField"), Qt.Key.Key_Escape)
    assert "F4" in shown(beginner, tips)
    tips.offer("run")  # one at a time
    assert tips._waiting is None
    beginner.window.actions_["next_problem"].trigger()
    assert not tips.bubble.isVisible()


@pytest.fixture
def column(beginner: Pilot) -> Pilot:
    """Layers in a column that is as high as the canvas; what is wrong with them is no news."""
    QSettings().setValue(SHOWN, ["problem"])
    graph = Graph.of([Node(f"relu{row}", "ReLU", {}, (0, 72 * row)) for row in range(8)])
    beginner.window.filing.begin(Project(graph))
    beginner.wait(lambda: "relu1" in beginner.graph.nodes)
    return beginner


def widen(pilot: Pilot, width: int) -> None:
    """Makes the canvas so wide, and shows all of the network in its middle."""
    pilot.canvas.setFixedWidth(width)
    pilot.wait(lambda: pilot.canvas.width() == width)
    pilot.canvas.fit()
    pilot.wait(lambda: pilot.canvas.camera.still)


@pytest.mark.parametrize(("width", "wide"), [(980, 332), (740, 232)])
def test_a_tip_stands_beside_cards_and_is_narrow_where_it_must(
    column: Pilot, tips: Tips, width: int, wide: int
) -> None:
    widen(column, width)
    tips.offer("block")
    shown(column, tips)
    canvas = column.canvas
    place = tips.bubble.geometry().translated(-canvas.mapTo(column.window, QPoint()))
    cards = [canvas.mapFromScene(item.card).boundingRect() for item in canvas.stage.node_items.values()]
    assert tips.bubble.width() == wide
    assert len(cards) == 8 and not any(card.intersects(place) for card in cards)


def test_a_tip_waits_for_another_moment_where_it_would_hide_cards(column: Pilot, tips: Tips) -> None:
    widen(column, 300)
    tips.offer("block")
    column.wait(lambda: tips._waiting is None)
    assert not tips.bubble.isVisible()
    widen(column, 740)
    tips.offer("block")
    assert "Alt+Down" in shown(column, tips)
    widen(column, 300)
    column.wait(lambda: not tips.bubble.isVisible())


def test_no_more_tips_means_none_until_they_are_asked_for(beginner: Pilot, tips: Tips) -> None:
    tips.offer("block")
    shown(beginner, tips)
    beginner.click("tipNoMore")
    tips.offer("run")
    assert tips._waiting is None
    beginner.window.actions_["tips"].trigger()
    tips.offer("block")
    assert "Alt+Down" in shown(beginner, tips)


def test_another_project_takes_a_tip_away_and_brings_none(beginner: Pilot, tips: Tips) -> None:
    tips.offer("run")
    shown(beginner, tips)
    beginner.window.filing.begin(Project(Graph.of([Node("relu1", "ReLU")])))
    beginner.wait(lambda: "relu1" in beginner.graph.nodes)
    beginner.window.document.load(Project(), None)
    assert not tips.bubble.isVisible()
    beginner.window.document.load(Project(Graph.of([Node("relu1", "ReLU")])), None)
    assert tips._waiting is None


def test_every_tip_names_actions_that_exist(beginner: Pilot) -> None:
    assert len({tip.moment for tip in TIPS}) == len(TIPS)
    for tip in TIPS:
        names = [part.partition("}")[0] for part in tip.text.split("{")[1:]]
        for name in names:
            action = beginner.window.findChild(QAction, f"{name}Action")
            assert action is not None and not action.shortcut().isEmpty()
