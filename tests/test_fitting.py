"""What fits at a place, and one layer in another's place."""

import pytest

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.fitting import fits_between, input_for, replaced, way_through
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project

MAPS = TensorType((8191, 8, 12, 12))
NUMBERS = TensorType((8191, 20), "int64")


def kind(name: str) -> Kind:
    return catalogue.BY_NAME[name]


def test_what_fits_is_judged_by_rank_and_by_dtype() -> None:
    assert input_for(kind("Conv2d"), MAPS) == "input"
    assert input_for(kind("Conv1d"), TensorType((8191, 8))) is None
    assert input_for(kind("Embedding"), NUMBERS) == "input"
    assert input_for(kind("Embedding"), MAPS) is None
    assert input_for(kind("Conv2d"), NUMBERS) is None
    assert input_for(kind("Data"), MAPS) is None
    assert input_for(kind("Add"), MAPS) == "input1"


@pytest.mark.parametrize("name", ["ReLU", "MaxPool2d", "AdaptiveMaxPool2d", "Max"])
def test_what_needs_one_wire_and_gives_something_stands_in_a_wire(name: str) -> None:
    assert fits_between(kind(name), MAPS)


@pytest.mark.parametrize("name", ["Add", "Data", "Output", "MSELoss", "MaxUnpool2d", "Conv1d"])
def test_what_needs_more_or_gives_nothing_or_does_not_fit_stands_in_no_wire(name: str) -> None:
    assert not fits_between(kind(name), MAPS)


def test_layers_with_states_stand_in_a_wire_by_what_they_need() -> None:
    assert way_through(kind("LSTM")) == ("input", "output")
    assert way_through(kind("TransformerEncoderLayer")) == ("src", "output")


def test_another_layer_takes_wires_and_params_over_and_a_name_of_its_own() -> None:
    graph = Graph.of(
        [
            Node("input1", "Input"),
            Node("pool1", "MaxPool2d", {"kernel_size": 3, "stride": 2}, (0, 80), frozen=True),
            Node("relu1", "ReLU"),
        ],
        [Edge("input1", "output", "pool1", "input"), Edge("pool1", "output", "relu1", "input")],
    )
    after, name, lost = replaced(Project(graph), "pool1", kind("AvgPool2d"))
    assert (name, lost) == ("pool1", 0)
    assert after.nodes["pool1"] == Node(
        "pool1", "AvgPool2d", {"kernel_size": 3, "stride": 2}, (0, 80), frozen=True
    )
    assert after.edges == graph.edges
    again, name, lost = replaced(Project(after), "pool1", kind("Conv2d"))
    assert name == "conv1" and lost == 0
    assert dict(again.nodes["conv1"].params) == {"out_channels": 32, "kernel_size": 3, "stride": 2}
    assert list(again.nodes) == ["input1", "conv1", "relu1"]
    assert Edge("conv1", "output", "relu1", "input") in again.edges


def test_ports_are_matched_by_name_then_in_order_and_what_finds_none_is_counted() -> None:
    graph = Graph.of(
        [Node("a", "ReLU"), Node("b", "ReLU"), Node("skip", "Subtract"), Node("c", "ReLU")],
        [
            Edge("a", "output", "skip", "input"),
            Edge("b", "output", "skip", "other"),
            Edge("skip", "output", "c", "input"),
        ],
    )
    added, name, lost = replaced(Project(graph), "skip", kind("Add"))
    assert (name, lost) == ("skip", 0)
    assert {edge.input for edge in added.incoming["skip"].values()} == {"input1", "input2"}
    single, _, lost = replaced(Project(added), "skip", kind("Tanh"))
    assert lost == 1
    assert set(single.incoming["skip"].values()) == {Edge("a", "output", "skip", "input")}


def test_a_value_that_the_other_kind_does_not_take_is_left_behind() -> None:
    graph = Graph.of([Node("conv1", "Conv2d", {"out_channels": 4, "kernel_size": (3, 5), "padding": "same"})])
    after, name, _ = replaced(Project(graph), "conv1", kind("Conv1d"))
    assert dict(after.nodes[name].params) == {"out_channels": 4, "kernel_size": 3, "padding": "same"}
