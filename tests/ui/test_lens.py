"""What the network costs, as it is shown at the foot of the window, in the inspector and on the cards."""

import pytest
from pilot import Pilot
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from nndesigner import costs as core
from nndesigner.plan import make
from nndesigner.ui import figures, theme
from nndesigner.ui.batch_menu import BatchMenu
from nndesigner.ui.canvas.load import Load, loads
from nndesigner.ui.checker import Costed
from nndesigner.ui.cost_facts import CostFacts
from nndesigner.ui.status_row import StatusRow

THIN = figures.THIN


def costed(project, batch=64):
    return Costed(project, core.costs(make(project), batch), 2.0)


@pytest.fixture
def opened(pilot: Pilot):
    """The digits, their costs known."""

    def known(project=None, batch=64):
        found = pilot.window.parts.lens._costed
        return (
            found is not None
            and found.project is pilot.window.document.project
            and found.costs.batch == batch
        )

    pilot.window.filing.example("digits")
    pilot.wait(known)
    pilot.known = known
    return pilot


def words(pilot, name):
    return pilot.find(name).text()


def test_the_foot_of_the_window_tells_operations_and_memory(opened):
    found = opened.window.parts.lens._costed
    assert words(opened, "statusFlops") == figures.operations(found.costs.whole.flops)
    assert words(opened, "statusMemory") == figures.memory(found.costs.whole.training(2))
    assert figures.memory(found.costs.whole.kept) in opened.find("statusMemory").toolTip()


def test_they_follow_an_edit(opened):
    before = words(opened, "statusFlops")
    document = opened.window.document
    node = document.graph.nodes["conv2"]
    document.edit_graph("Set", document.graph.replace_node(node.with_param("out_channels", 128)))
    opened.wait(opened.known)
    assert words(opened, "statusFlops") != before


def test_another_batch_can_be_chosen_without_touching_the_training(opened):
    project = opened.window.document.project
    one = opened.window.parts.lens._costed.costs.whole.flops // 64
    opened.click("statusBatch")
    menu = opened.window.parts.status.findChild(BatchMenu)
    opened.wait(menu.isVisible)
    menu.hide()
    next(action for action in menu.actions() if action.objectName() == "batch8").trigger()
    opened.wait(lambda: opened.known(batch=8))
    assert words(opened, "statusFlops") == figures.operations(8 * one)
    assert words(opened, "statusBatch") == "batch 8"
    assert opened.window.document.project is project


def test_a_click_shows_on_the_cards_where_the_operations_are_and_another_hides_it(opened):
    items = opened.window.parts.canvas.stage.node_items
    opened.click("statusFlops")
    assert items["conv2"].load.length == 1
    assert items["conv2"].load.words == f"98{THIN}%"
    assert items["relu1"].load is None
    assert opened.window.actions_["costs_flops"].isChecked()
    assert opened.find("statusFlops").isChecked()
    opened.click("statusFlops")
    assert items["conv2"].load is None
    assert opened.window.actions_["costs_off"].isChecked()
    assert not opened.find("statusFlops").isChecked()


def test_the_menu_shows_parameters_or_memory(opened):
    items = opened.window.parts.canvas.stage.node_items
    opened.window.actions_["costs_parameters"].trigger()
    assert items["relu1"].load is None and items["linear1"].load.words == f"35{THIN}%"
    opened.window.actions_["costs_memory"].trigger()
    assert items["relu1"].load.words
    assert opened.find("statusMemory").isChecked() and not opened.find("statusParameters").isChecked()


def accents(picture: QImage) -> int:
    accent = QColor(theme.look.theme.accent)
    return sum(
        picture.pixelColor(x, y) == accent for x in range(picture.width()) for y in range(picture.height())
    )


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.2])
def test_the_bar_is_seen_from_near_and_far(opened, scale):
    canvas = opened.window.parts.canvas
    canvas.camera.zoom_to(scale)
    without = accents(canvas.viewport().grab().toImage())
    opened.window.actions_["costs_memory"].trigger()
    QTest.qWaitForWindowExposed(opened.window)
    assert accents(canvas.viewport().grab().toImage()) > without + 20


def test_the_inspector_tells_what_a_node_costs(opened):
    opened.window.parts.canvas.select(["conv2"])
    facts = {fact.name: fact for fact in opened.find("nodeName").window().findChild(CostFacts).facts}
    cost = opened.window.parts.lens._costed.costs.of["conv2"]
    assert facts["forwards"].value == figures.operations(cost.flops)
    assert facts["forwards"].remark == f"98{THIN}% of the network"
    assert facts["backwards"].value == figures.operations(cost.flops_backward)


def test_a_node_that_costs_nothing_has_no_bar():
    assert loads({"a": 30, "b": 0, "c": 10}, 100) == {
        "a": Load(1.0, f"30{THIN}%"),
        "c": Load(1 / 3, f"10{THIN}%"),
    }
    assert loads({}, 0) == {}


def test_a_small_share_is_not_said_to_be_none():
    assert figures.share(1, 1000) == f"<{THIN}1{THIN}%"
    assert figures.share(0, 1000) == f"0{THIN}%"
    assert figures.share(0, 0) == ""


def test_nothing_is_told_before_it_is_known(qtbot):
    row = StatusRow()
    qtbot.addWidget(row)
    row.show()
    assert row.findChild(object, "statusFlops").isHidden()
    facts = CostFacts()
    qtbot.addWidget(facts)
    facts.show_costs(None, "conv1")
    assert facts.isHidden()


def test_the_settings_of_the_training_are_a_click_away(qtbot):
    row = StatusRow()
    qtbot.addWidget(row)
    settings = next(one for one in row.findChild(BatchMenu).actions() if one.objectName() == "batchSettings")
    with qtbot.waitSignal(row.batch_clicked):
        settings.trigger()
