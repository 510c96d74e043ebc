"""Blocks as values: made of a selection, unpacked, named, given params, looked into."""

from collections.abc import Mapping

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nndesigner import blocks, plan
from nndesigner.blocks import MAIN, Place
from nndesigner.expression import Expression
from nndesigner.graph import Edge, Graph, GraphError, Node
from nndesigner.model import Network
from nndesigner.project import Project
from tests.conftest import chain, residual_block, residual_digits, small_digits, wired

BODY = ("conv1", "relu1", "pool1")


def weights_of(project: Project) -> list[tuple[int, ...]]:
    """The shapes of all weights, in the order of the computation."""
    return [tuple(one.shape) for one in Network(plan.make(project)).state_dict().values()]


def answer(project: Project, weights: Mapping[str, torch.Tensor] | None = None) -> torch.Tensor:
    """What the network gives for the same picture, its weights all made by the same formula."""
    network = Network(plan.make(project)).eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.copy_(torch.sin(torch.arange(weight.numel(), dtype=torch.float32)).reshape(weight.shape))
        given = network(torch.cos(torch.arange(128.0)).reshape(2, 1, 8, 8))
    return given if isinstance(given, torch.Tensor) else next(iter(given))


def test_a_selection_becomes_one_node_of_a_block_between_the_same_neighbours() -> None:
    made = blocks.enclosed(small_digits(), "", BODY, "Body")
    node = made.graph.nodes["body1"]
    assert (node.kind, dict(node.params)) == ("Body", {})
    assert Edge("data", "image", "body1", "input") in made.graph.edges
    assert Edge("body1", "output", "flatten1", "input") in made.graph.edges
    assert not set(BODY) & made.graph.nodes.keys()
    inner = made.blocks["Body"].graph
    assert inner.edges == frozenset(chain("input", *BODY, "output"))


def test_the_block_stands_in_the_middle_of_what_was_selected_and_keeps_places_inside() -> None:
    project = small_digits()
    graph = project.graph.move({name: (160.0, 88.0 * number) for number, name in enumerate(BODY)})
    made = blocks.enclosed(Project(graph), "", BODY, "Body")
    assert made.graph.nodes["body1"].position == (160.0, 72.0)  # of a card that is 40 taller
    inner = made.blocks["Body"].graph.nodes
    assert [inner[name].position for name in BODY] == [(160.0, 0.0), (160.0, 88.0), (160.0, 176.0)]
    assert inner["input"].position == (160.0, -96.0)
    assert inner["output"].position == (160.0, 272.0)


def test_one_source_that_feeds_several_nodes_is_one_input() -> None:
    graph = Graph.of(
        [Node("a", "Input"), Node("b", "ReLU"), Node("c", "Sigmoid"), Node("d", "Add"), Node("e", "Output")],
        wired("a > b", "a > c", "b > d.input1", "c > d.input2", "d > e"),
    )
    made = blocks.enclosed(Project(graph), "", ["b", "c", "d"], "Both")
    assert [n.name for n in made.blocks["Both"].graph.nodes.values() if n.kind == "Input"] == ["input"]
    apart = blocks.enclosed(Project(graph), "", ["d"], "Total")
    names = [n.name for n in apart.blocks["Total"].graph.nodes.values() if n.kind == "Input"]
    assert names == ["input1", "input2"]


def test_a_selection_that_nothing_reaches_yet_gets_ports_of_its_own() -> None:
    graph = Graph.of([Node("a", "ReLU"), Node("b", "Sigmoid")], chain("a", "b"))
    inner = blocks.enclosed(Project(graph), "", ["a", "b"], "Pair").blocks["Pair"].graph
    assert inner.edges == frozenset(chain("input", "a", "b", "output"))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "none is"),
        (["data", "conv1"], "data can't be in a block"),
        (["linear1", "loss"], "loss can't be in a block"),
        (["linear1", "digit"], "digit can't be in the block"),
        (["conv1", "pool1"], "relu1 stands between"),
    ],
)
def test_what_cannot_be_a_block_is_refused_with_the_reason(names: list[str], words: str) -> None:
    with pytest.raises(GraphError, match=words):
        blocks.enclosed(small_digits(), "", names, "Body")


@pytest.mark.parametrize("name", ["Conv2d", "Residual", "small", "two words"])
def test_a_block_needs_a_free_name_that_is_a_class(name: str) -> None:
    with pytest.raises(GraphError):
        blocks.enclosed(residual_digits(), "", ["head"], name)


def test_shared_weights_stay_on_one_side_of_the_border() -> None:
    with pytest.raises(GraphError, match="again shares the weights of linear2"):
        blocks.enclosed(residual_digits(), "", ["linear2"], "Half")
    made = blocks.enclosed(residual_digits(), "", ["linear2", "again"], "Tied")
    assert made.blocks["Tied"].graph.nodes["again"].shares == "linear2"


def test_a_block_made_inside_a_block_takes_the_params_it_computes_from() -> None:
    made = blocks.enclosed(residual_digits(), "Residual", ["conv1", "relu1", "conv2"], "Twice")
    assert dict(made.blocks["Twice"].params) == {"width": 16}
    node = made.blocks["Residual"].graph.nodes["twice1"]
    assert dict(node.params) == {"width": Expression("width")}
    assert plan.make(made).parameters == plan.make(residual_digits()).parameters


def test_unpacking_gives_the_values_of_this_use() -> None:
    made = blocks.unpacked(residual_digits(), "", "res2")
    assert made.graph.nodes["conv1"].params["out_channels"] == 16
    assert "res2" not in made.graph.nodes
    assert "inp" not in made.graph.nodes


def test_unpacking_a_repeated_block_lays_its_insides_one_after_the_other() -> None:
    project = residual_digits()
    made = blocks.unpacked(project, "", "res1")
    assert Edge("add1", "output", "conv3", "input") in made.graph.edges
    assert made.graph.incoming["res2"]["inp"].source == "add2"
    assert weights_of(made) == weights_of(project)


def test_unpacking_inside_a_block_keeps_what_is_computed() -> None:
    made = blocks.unpacked(residual_digits(), "Pair", "first")
    value = made.blocks["Pair"].graph.nodes["conv1"].params["out_channels"]
    assert isinstance(value, Expression)
    assert value.value({"size": 4}) == 8


def test_unpacking_makes_room_for_what_comes_out() -> None:
    project = blocks.with_graph_at(
        residual_digits(), "", residual_digits().graph.move({"res2": (0.0, 100.0), "pair1": (0.0, 200.0)})
    )
    inside = project.blocks["Residual"].graph.move({"conv1": (0.0, 96.0), "add1": (0.0, 384.0)})
    project = blocks.with_graph_at(project, "Residual", inside)
    made = blocks.unpacked(project, "", "res2").graph.nodes
    lowest = max(made[name].position[1] for name in ("conv1", "add1"))
    assert made["pair1"].position[1] > lowest


def test_a_block_that_shares_weights_is_not_unpacked() -> None:
    project = residual_digits()
    graph = project.graph.replace_node(Node("pair2", "Pair", shares="pair1"))
    with pytest.raises(GraphError, match="pair2 shares the weights of pair1"):
        blocks.unpacked(blocks.with_graph_at(project, "", graph), "", "pair1")


def test_unpacking_every_block_computes_the_same_bits() -> None:
    project = residual_digits()
    before, bits = weights_of(project), answer(project)
    for name in ("res1", "res2", "pair1", "pair2"):
        project = blocks.unpacked(project, "", name)
    inner = [name for name, node in project.graph.nodes.items() if node.kind in project.blocks]
    for name in inner:
        project = blocks.unpacked(project, "", name)
    assert not any(node.kind in project.blocks for node in project.graph.nodes.values())
    assert weights_of(project) == before
    assert torch.equal(answer(project), bits)


@settings(deadline=None, max_examples=40)
@given(st.sets(st.sampled_from(["conv1", "relu1", "pool1", "flatten1", "dropout1", "linear1"]), min_size=1))
def test_a_selection_enclosed_and_unpacked_computes_the_same_bits(names: set[str]) -> None:
    project = small_digits()
    try:
        made = blocks.enclosed(project, "", names, "Body")
    except GraphError as error:
        assert "between" in str(error)
        return
    assert weights_of(made) == weights_of(project)
    assert torch.equal(answer(made), answer(project))
    back = blocks.unpacked(made, "", "body1")
    assert weights_of(back) == weights_of(project)
    assert back.graph.edges == project.graph.edges
    assert back.graph.nodes.keys() == project.graph.nodes.keys()
    assert torch.equal(answer(back), answer(project))


def test_a_param_is_exposed_with_its_value_as_the_default() -> None:
    made = blocks.enclosed(small_digits(), "", BODY, "Body")
    made = blocks.exposed(made, "Body", "conv1", "out_channels", "width")
    assert dict(made.blocks["Body"].params) == {"width": 8}
    assert made.blocks["Body"].graph.nodes["conv1"].params["out_channels"] == Expression("width")
    with pytest.raises(GraphError, match="computed from the params of Body already"):
        blocks.exposed(made, "Body", "conv1", "out_channels", "other")
    with pytest.raises(GraphError, match="'width' already"):
        blocks.exposed(made, "Body", "conv1", "kernel_size", "width")


def test_a_param_is_named_otherwise_everywhere() -> None:
    made = blocks.param_renamed(residual_digits(), "Residual", "width", "channels")
    assert dict(made.blocks["Residual"].params) == {"channels": 16}
    assert made.graph.nodes["res1"].params["channels"] == 8
    assert made.blocks["Pair"].graph.nodes["first"].params["channels"] == Expression("size * 2")
    assert plan.make(made).parameters == plan.make(residual_digits()).parameters


def test_a_param_is_withdrawn_once_no_use_sets_it_otherwise() -> None:
    with pytest.raises(GraphError, match="res1 sets width to 8; bring it back to 16 first"):
        blocks.withdrawn(residual_digits(), "Residual", "width")
    alone = blocks.enclosed(small_digits(), "", BODY, "Body")
    made = blocks.exposed(alone, "Body", "conv1", "out_channels", "width")
    assert blocks.withdrawn(made, "Body", "width") == alone


def test_a_block_is_named_otherwise_with_all_its_uses() -> None:
    made = blocks.renamed(residual_digits(), "Residual", "Skip")
    assert list(made.blocks) == ["Skip", "Pair"]
    assert made.graph.nodes["res1"].kind == "Skip"
    assert made.blocks["Pair"].graph.nodes["first"].kind == "Skip"
    with pytest.raises(GraphError, match="'Pair' already"):
        blocks.renamed(made, "Skip", "Pair")


def test_a_block_is_deleted_only_when_nothing_uses_it() -> None:
    with pytest.raises(GraphError, match="Pair is used by pair1, pair2"):
        blocks.deleted(residual_digits(), "Pair")
    free = residual_digits().with_block(residual_block())
    assert blocks.deleted(blocks.with_new_block(free, "Spare"), "Spare") == free


def test_a_port_named_otherwise_keeps_its_wires_at_every_use() -> None:
    made = blocks.node_renamed(residual_digits(), "Residual", "out", "sum")
    assert not plan.make(made).errors
    assert made.graph.incoming["res2"]["inp"].output == "sum"
    assert made.blocks["Pair"].graph.incoming["b"]["input"].output == "sum"


def test_one_goes_in_by_nodes_and_out_again() -> None:
    project = residual_digits()
    pair = blocks.inside(project, MAIN, "pair2")
    assert pair == Place("Pair", ("pair2",))
    first = blocks.inside(project, pair, "first")
    assert first == Place("Residual", ("pair2", "first"))
    assert blocks.through(project, first.trail) == ("Pair", "Residual")
    assert blocks.outside(project, first) == pair
    assert blocks.outside(project, first, 2) == MAIN
    with pytest.raises(GraphError, match="head is no block"):
        blocks.inside(project, MAIN, "head")


def test_a_place_stays_where_it_is_or_goes_out_to_what_is_left() -> None:
    project = residual_digits()
    place = Place("Residual", ("pair2", "first"))
    assert blocks.settled(project, place) == place
    assert blocks.settled(blocks.renamed(project, "Residual", "Skip"), place) == Place("Skip", place.trail)
    gone = blocks.unpacked(project, "", "pair2")
    assert blocks.settled(gone, place) == Place("Residual", ("res1",))
    assert blocks.settled(Project(), place) == MAIN


def test_a_block_that_nothing_uses_has_no_trail() -> None:
    project = blocks.with_new_block(residual_digits(), "Spare")
    assert blocks.place_of(project, "Spare") == Place("Spare")
    assert blocks.place_of(project, "Residual") == Place("Residual", ("res1",))


def test_a_block_never_stands_in_itself() -> None:
    project = residual_digits()
    assert not blocks.stands_in(project, "Pair", "Residual")
    assert not blocks.stands_in(project, "Pair", "Pair")
    assert blocks.stands_in(project, "Residual", "Pair")
    assert blocks.stands_in(project, "Pair", "")
    inside = project.blocks["Residual"].graph.add(Node("pair", "Pair"))
    with pytest.raises(GraphError, match="can't contain itself"):
        blocks.with_graph_at(project, "Residual", inside)


def test_a_name_is_suggested_after_what_weighs_most() -> None:
    project = residual_digits()
    assert blocks.suggested_name(small_digits(), "", BODY) == "ConvBlock"
    assert blocks.suggested_name(project, "Residual", ["conv1", "conv2", "add1"]) == "Residual2"
    assert blocks.suggested_name(project, "", ["silent"]) == "Block"
