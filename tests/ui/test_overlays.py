"""What the canvas is looked at by: how the layers learn, how long they take, and the legend that says what is shown."""

from dataclasses import replace

import pytest
from pilot import Pilot

from nndesigner.blocks import MAIN, inside
from nndesigner.training.report import Diverged, Examined, Health
from nndesigner.ui import figures
from tests.conftest import residual_digits

THIN = figures.THIN
LAYERS = {
    "conv1": Health(0.2, 3.0, 1e-3),
    "conv2": Health(1e-9, 3.0, 1e-3),
    "linear1": Health(0.1, 3.0, 0.8),
}


@pytest.fixture
def opened(pilot: Pilot) -> Pilot:
    pilot.window.filing.example("digits")
    pilot.settle()
    pilot.lens = pilot.window.parts.lens
    pilot.timing = pilot.window.running.timing
    pilot.items = pilot.window.parts.canvas.stage.node_items
    return pilot


def key(pilot):
    """What the legend says, if it is there."""
    legend = pilot.lens.legend
    return legend.key if legend.isVisible() else None


def narrowed(pilot):
    """The digits with little to compute, so that measuring takes no time."""
    document = pilot.window.document
    graph = document.graph
    for name in ("conv1", "conv2"):
        graph = graph.replace_node(graph.nodes[name].with_param("out_channels", 2))
    small = replace(document.project.training, batch_size=4)
    document.load(replace(document.project, graph=graph, training=small), None)
    pilot.settle()


def measured(pilot):
    """Waits until it is measured; gives the seconds by node."""
    pilot.wait(lambda: pilot.timing.timed is not None and not pilot.timing.active)
    return pilot.timing.timed.times.of


def test_without_a_run_the_legend_says_what_to_do_and_does_it(opened):
    started = []
    opened.lens.training_wanted.disconnect()
    opened.lens.training_wanted.connect(lambda: started.append(1))
    opened.hand.keys("Alt+4")
    assert opened.window.actions_["costs_gradients"].isChecked()
    assert "Train to see this" in key(opened).remarks[0] and key(opened).action == "Train"
    opened.click("legendAction")
    assert started == [1]
    opened.click("legendClose")
    assert key(opened) is None and opened.window.actions_["costs_off"].isChecked()


def test_how_the_layers_learned_stays_on_the_cards_after_the_run(opened):
    run, items = opened.window.run, opened.items
    run._enter("running")
    run._report([Examined(40, LAYERS)])
    assert items["conv1"].pulse.words == "∇ 0.2"
    run._enter("finished")
    assert items["conv1"].pulse is None
    opened.hand.keys("Alt+4")
    assert [items[name].pulse.words for name in LAYERS] == ["∇ 0.2", "↓ vanishing", "↑ leaps"]
    assert [items[name].pulse.tone for name in LAYERS] == ["good", "warning", "warning"]
    assert (key(opened).least, key(opened).most) == ("1.0e-7", "100")
    assert key(opened).remarks[-1] == "3 layers learn, 2 stand out"
    opened.hand.keys("Alt+2")
    assert items["conv1"].pulse is None
    opened.wait(lambda: items["conv2"].load is not None)  # once the costs are known
    opened.hand.keys("Alt+4")
    opened.window.document.load(opened.window.document.project, None)
    assert all(item.pulse is None for item in opened.items.values())
    assert key(opened).action == "Train"


WITHIN = {
    "res1": Health(0.2, 3.0, 1e-3),
    "res1/1/conv1": Health(0.1, 3.0, 1e-3),
    "res1/1/relu1": Health(dead=0.75),
    "res1/2/conv1": Health(1e-9, 3.0, 1e-3),
    "res1/2/relu1": Health(dead=0.1),
    "res2": Health(0.2, 3.0, 1e-3),
    "res2/conv1": Health(0.3, 3.0, 1e-3),
    "head": Health(0.1, 3.0, 1e-3),
}


def test_inside_of_a_block_the_cards_show_how_its_layers_learn_in_this_use(opened):
    document, run, parts = opened.window.document, opened.window.run, opened.window.parts
    document.load(residual_digits(), None)
    run._enter("running")
    run._report([Examined(40, WITHIN)])
    opened.hand.keys("Alt+4")
    items = parts.canvas.stage.node_items
    assert (items["res1"].pulse.words, items["res1"].pulse.tone) == ("↓ conv1 vanishing", "warning")
    assert items["res2"].pulse.words == "∇ 0.2"
    assert key(opened).remarks[-1] == "3 layers learn, 2 stand out"
    opened.canvas.select(["res1"])
    assert parts.inspector._page.health._word.text().startswith("Worst inside is conv1 in copy 2. Almost no")
    document.go(inside(document.project, document.place, "res1"))
    assert items["conv1"].pulse.words == "↓ vanishing" and items["relu1"].pulse.words == f"∅ 75{THIN}% dead"
    assert items["conv2"].pulse is None
    assert key(opened).remarks[-1] == "1 layers learn, 2 stand out"
    opened.canvas.select(["conv1"])
    facts = {fact.name: fact.value for fact in parts.inspector._page.health.facts}
    assert (facts["gradient norm"], facts["of copy"]) == ("1.0e-9", "2")
    document.go(inside(document.project, MAIN, "res2"))
    assert items["conv1"].pulse.words == "∇ 0.3" and items["relu1"].pulse is None
    run._enter("finished")
    assert items["conv1"].pulse.words == "∇ 0.3"
    document.go(inside(document.project, MAIN, "pair2"))
    assert key(opened).remarks == ("The run tells nothing of the layers in here.",)
    document.go(MAIN)
    assert items["head"].pulse.words == "∇ 0.1"


def test_the_first_that_gave_no_number_is_marked_inside_of_its_block_too(opened):
    document, run, parts = opened.window.document, opened.window.run, opened.window.parts
    document.load(residual_digits(), None)
    items = parts.canvas.stage.node_items
    run._enter("running")
    run._report([Diverged(1, 2, "pair1", "so", "pair1/first/conv2")])

    def marked():
        return [name for name, item in items.items() if item.broken]

    assert marked() == ["pair1"]
    document.go(inside(document.project, MAIN, "pair1"))
    assert marked() == ["first"]
    document.go(inside(document.project, document.place, "first"))
    assert marked() == ["conv2"]
    document.go(inside(document.project, MAIN, "res2"))
    assert marked() == []
    run._report([Diverged(1, 2, "res2", "as an earlier version told it")])
    assert marked() == []
    document.go(MAIN)
    assert marked() == ["res2"]


def test_the_legend_tells_the_range_of_the_costs(opened):
    opened.wait(lambda: opened.lens._costed is not None)
    opened.hand.keys("Alt+2")
    cost = opened.lens._costed.costs.of["conv2"]
    assert key(opened).most == f"{figures.operations(cost.flops)}  conv2"
    assert "With a batch of 64" in key(opened).remarks
    opened.hand.keys("Alt+0")
    assert key(opened) is None


def test_time_is_measured_shown_and_known_to_be_outdated(opened):
    narrowed(opened)
    opened.wait(
        lambda: (
            opened.lens._costed is not None and opened.lens._costed.project is opened.window.document.project
        )
    )
    opened.hand.keys("Alt+5")
    assert key(opened).action == "Stop"
    times = measured(opened)
    slowest = max((name for name in times if name in opened.items), key=lambda name: times[name].both)
    load = opened.items[slowest].load
    assert load.length == 1 and not load.stale
    assert load.words.startswith(f"{figures.brief(times[slowest].both)} · ")
    assert key(opened).action == "Measure again"
    assert key(opened).most == f"{figures.brief(times[slowest].both)}  {slowest}"

    opened.window.parts.canvas.select(["conv2"])
    facts = {fact.name: fact.value for fact in opened.window.parts.inspector._page.costs.times.facts}
    assert facts["forwards"] == figures.brief(times["conv2"].forwards)
    assert facts["both"] == figures.brief(times["conv2"].both)
    opened.window.parts.canvas.select([])
    named = [fact.name for fact in opened.window.parts.inspector._page.costs.times.facts]
    assert named[:3] == ["forwards", "backwards", slowest]

    document = opened.window.document
    document.edit_graph("Move", document.graph.move({"conv1": (400.0, 0.0)}))
    assert not opened.items[slowest].load.stale
    node = document.graph.nodes["conv1"]
    document.edit_graph("Set", document.graph.replace_node(node.with_param("out_channels", 3)))
    assert opened.items[slowest].load.stale and key(opened).stale
    assert opened.find("timeStale")
    document.stack.undo()
    assert not opened.items[slowest].load.stale
    document.stack.redo()
    opened.click("legendAction")
    opened.wait(lambda: not opened.timing.active)
    assert not key(opened).stale
    assert opened.timing.timed.project is document.project


def test_another_batch_makes_it_outdated_and_another_project_unknown(opened):
    narrowed(opened)
    opened.hand.keys("Alt+5")
    measured(opened)
    opened.window.parts.status._take_batch(2)
    assert key(opened).stale
    opened.hand.keys("Alt+6")
    opened.wait(lambda: not opened.timing.active)
    assert opened.timing.timed.times.batch == 2 and not key(opened).stale
    opened.window.filing.example("digits")
    assert opened.timing.timed is None and key(opened).action == "Measure"


def test_nothing_is_measured_while_something_is_trained_and_training_does_not_wait_for_long(opened):
    opened.timing._is_busy = lambda: True
    opened.hand.keys("Alt+5")
    assert key(opened).remarks == ("Something is being trained. Measure when it has ended.",)
    opened.timing._is_busy = lambda: False
    opened.click("legendAction")
    assert opened.timing.active
    then = []
    assert opened.window.running._waits(lambda: then.append(1))
    opened.wait(lambda: bool(then))
    assert not opened.timing.active


def test_what_can_not_be_run_is_told_in_the_legend(opened):
    document = opened.window.document
    document.edit_graph("Cut", document.graph.disconnect(document.graph.incoming["conv2"].values()))
    opened.hand.keys("Alt+5")
    opened.wait(lambda: not opened.timing.active)
    assert "conv2" in key(opened).remarks[0]


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_an_outdated_bar_looks_otherwise(opened, scale):
    narrowed(opened)
    opened.lens.show("time")
    measured(opened)
    canvas = opened.window.parts.canvas
    canvas.camera.zoom_to(scale)
    fresh = canvas.viewport().grab().toImage()
    marks = canvas.stage.marks
    canvas.mark(replace(marks, loads={name: replace(load, stale=True) for name, load in marks.loads.items()}))
    assert canvas.viewport().grab().toImage() != fresh
