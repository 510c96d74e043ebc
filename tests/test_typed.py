"""A line becomes nodes and wires, or says where it is wrong; any text at all is read without harm."""

import inspect
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndesigner import blocks, catalogue, library, plan, typed
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Block, Code, Edge, Graph, Node
from nndesigner.project import Project
from tests.conftest import residual_digits

EMPTY = Project()


def wires(found: typed.Typed) -> list[str]:
    return [" ".join(edge) for edge in found.graph.sorted_edges]


def chained(found: typed.Typed) -> list[str]:
    return [found.graph.nodes[name].kind for name in found.added]


def params(found: typed.Typed, name: str) -> dict[str, object]:
    return dict(found.graph.nodes[name].params)


def test_the_line_of_the_readme_is_a_convolutional_network() -> None:
    line = "Conv2d(32, 3) > BatchNorm2d > ReLU > MaxPool2d(2) > x3 > Flatten > Linear(10)"
    found = typed.read(line, EMPTY)
    assert found.mistake is None
    assert chained(found) == ["Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d"] * 3 + ["Flatten", "Linear"]
    assert len(found.graph.edges) == len(found.added) - 1
    assert params(found, "conv3") == {"out_channels": 32, "kernel_size": 3}
    assert params(found, "linear1") == {"out_features": 10}
    assert found.ends == (("linear1", "output"),)


def test_lenet_is_one_line_from_data_to_loss() -> None:
    line = (
        "Data(digits) > Conv2d(6, 5, padding=2) > Tanh > AvgPool2d(2) > Conv2d(16, 3) > Tanh > Flatten"
        " > Linear(120) > Tanh > Linear(84) > Tanh > Linear(10) > [Output, CrossEntropyLoss]"
    )
    found = typed.read(line, EMPTY)
    assert found.mistake is None
    assert "data1 label loss1 target" in wires(found)
    made = plan.make(Project(found.graph))
    assert not made.errors
    assert str(made.types["linear3", "output"]) == "N×10"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Conv2d(8, 5)", {"out_channels": 8, "kernel_size": 5}),
        ("conv(8, 5)", {"out_channels": 8, "kernel_size": 5}),
        ("CONV2D(8, (5, 3), padding=same)", {"out_channels": 8, "kernel_size": (5, 3), "padding": "same"}),
        ("Conv2d(8, 5x3, padding='same')", {"out_channels": 8, "kernel_size": (5, 3), "padding": "same"}),
        ("Conv2d(8, 3, 1, 0)", {"out_channels": 8, "kernel_size": 3}),
        ("Conv2d(8, 3, bias=off)", {"out_channels": 8, "kernel_size": 3, "bias": False}),
        ("nn.Conv2d(3, 8, 5, 2, 1, 2)", {"out_channels": 8, "kernel_size": 5, "stride": 2, "padding": 1, "dilation": 2}),
        ("torch.nn.Conv2d(in_channels=3, out_channels=8, kernel_size=5)", {"out_channels": 8, "kernel_size": 5}),
        ("Conv2d(8, 5", {"out_channels": 8, "kernel_size": 5}),
        ("Reshape(16, 7, 7)", {"shape": (16, 7, 7)}),
        ("LeakyReLU(0.2)", {"negative_slope": 0.2}),
        ("LeakyReLU(1e-2)", {}),
        ("Flatten(1, -1)", {}),
    ],
)  # fmt: skip
def test_values_are_those_that_are_written(line: str, expected: dict[str, object]) -> None:
    found = typed.read(line, EMPTY)
    assert found.mistake is None
    assert params(found, found.added[0]) == expected


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("Conv2 > ReLU", "Conv2", "There is no layer called Conv2; did you mean Conv2d"),
        ("ReLU > Conv2d(32, 0) > ReLU", "0", "kernel_size is a whole number from 1"),
        ("Conv2d(kernelsize=3) > ReLU", "kernelsize=3", "did you mean kernel_size?"),
        ("Conv2d(8, 3, out_channels=9)", "out_channels=9", "out_channels is given twice"),
        ("ReLU > Data > Tanh", "Data", "Nothing leads into Data"),
        ("x3 > ReLU", "x3", "nothing before it to repeat"),
        ("ReLU Tanh > ReLU", "Tanh", "A > belongs before 'Tanh'"),
        ("ReLU(foo) > Tanh", "foo", "no node has this name"),
        ("relu1 = ReLU > relu1 = ReLU > for = Tanh > Tanh", "Tanh", "already means something in Python"),
        ("[ReLU, Tanh] > Sigmoid > ReLU", "Sigmoid", "Sigmoid takes one input"),
        ("ReLU > Output > ReLU > Tanh", "ReLU", "Nothing comes out"),
        ("Conv2d(8, 3) x2000 > ReLU", "x2000", "1 to 1000 times"),
        ("ReLU > (Tanh > x900) > ReLU", "Tanh", "500 layers at most"),
        ("ReLU > ; > Tanh", ";", "A layer belongs here"),
    ],
)
def test_a_mistake_has_its_place_and_a_sentence(line: str, place: str, words: str) -> None:
    mistake = typed.read(line, EMPTY).mistake
    assert mistake is not None
    assert line[mistake.start : mistake.end] == place
    assert words in mistake.words
    assert not mistake.unfinished


def test_what_comes_before_a_mistake_is_drawn_and_one_at_the_end_is_unfinished() -> None:
    found = typed.read("Conv2d(8, 3) > ReLU > Con", EMPTY)
    assert chained(found) == ["Conv2d", "ReLU"]
    assert found.mistake is not None and found.mistake.unfinished
    assert typed.read("Conv2d(8, 3) > ReLU > ", EMPTY).mistake is None


def test_branches_stand_side_by_side_and_are_joined() -> None:
    found = typed.read(
        "Conv2d(8, 1) > [Conv2d(8, 3, padding=1) > ReLU, ] > Add > [ReLU, Tanh] > Concat", EMPTY
    )
    assert "relu1 output add1 input1" in wires(found)
    assert "conv1 output add1 input2" in wires(found)
    assert {"relu2 output concat1 input1", "tanh1 output concat1 input2"} <= set(wires(found))
    assert found.lanes["relu2"] < found.lanes["concat1"] < found.lanes["tanh1"]


def test_a_name_can_be_spoken_of_later_and_each_copy_speaks_of_its_own() -> None:
    found = typed.read("(skip = ReLU > Conv2d(8, 3) > Add(skip)) x2", EMPTY)
    assert found.mistake is None
    assert {"skip output add1 input2", "skip1 output add2 input2"} <= set(wires(found))


def test_times_right_after_a_layer_repeats_that_layer() -> None:
    found = typed.read("TransformerEncoderLayer(nhead=2) x6 > ReLU ×2", EMPTY)
    assert [found.graph.nodes[name].repeat for name in found.added] == [6, 2]


def test_it_begins_after_what_is_given_or_after_a_node_that_is_named() -> None:
    graph = Graph.of([Node("conv1", "Conv2d"), Node("relu1", "ReLU")])
    project = Project(graph)
    after = typed.read("Tanh", project, (("conv1", "output"),))
    assert wires(after) == ["conv1 output tanh1 input"]
    named = typed.read("relu1 > Tanh", project, (("conv1", "output"),))
    assert wires(named) == ["relu1 output tanh1 input"]
    both = typed.read("[conv1, relu1] > Add", project, (("conv1", "output"),))
    assert wires(both) == ["conv1 output add1 input1", "relu1 output add1 input2"]
    own = typed.read("conv1 > relu1", project)
    assert wires(own) == ["conv1 output relu1 input"] and own.added == ()


def test_a_loop_is_refused_and_nothing_is_drawn() -> None:
    graph = Graph.of([Node("a", "ReLU"), Node("b", "ReLU")], [Edge("a", "output", "b", "input")])
    found = typed.read("b > Tanh > a", Project(graph))
    assert found.graph == graph
    assert found.mistake is not None and "loop" in found.mistake.words


def test_blocks_and_own_layers_are_kinds_like_any() -> None:
    inner = Graph.of(
        [Node("input", "Input"), Node("relu", "ReLU"), Node("output", "Output")],
        [Edge("input", "output", "relu", "input"), Edge("relu", "output", "output", "input")],
    )
    text = "def twice(x, factor: float = 2.0):\n    return x * factor\n"
    project = Project().with_block(Block("Part", inner, {"width": 8})).with_code(Code("twice", text))
    found = typed.read("Part(width=16) > twice", project)
    assert found.mistake is None
    assert chained(found) == ["Part", "twice"]
    assert params(found, found.added[0]) == {"width": 16}
    within = typed.read("Part", project, path="Part")
    assert within.mistake is not None and "never contains itself" in within.mistake.words


def shared(*names: str) -> dict[str, Project]:
    """A library in which blocks of the residual digits are kept."""
    return {name: library.kept_of(residual_digits(), name) for name in names}


def other_residual() -> Project:
    """A project that has another block of that name, which hands on what it gets."""
    return blocks.with_new_block(Project(), "Residual")


def test_a_block_of_the_library_comes_into_the_project_with_all_it_uses_as_dropping_it_does() -> None:
    kept = shared("Pair")
    found = typed.read("Input(shape=(8, 8, 8)) > pair > Pair x2 > Output", Project(), kept=kept)
    assert found.mistake is None
    assert chained(found) == ["Input", "Pair", "Pair", "Output"]
    assert [found.graph.nodes[name].repeat for name in found.added] == [1, 1, 2, 1]
    assert found.project.blocks == library.brought(Project(), kept["Pair"])[0].blocks
    assert not plan.make(found.project).errors


def test_what_the_project_calls_so_goes_before_the_library_which_can_be_named() -> None:
    project = other_residual()
    mine = typed.read("Residual", project, kept=shared("Residual"))
    assert mine.project.blocks == project.blocks and chained(mine) == ["Residual"]
    theirs = typed.read("library.residual > library.Residual", project, kept=shared("Residual"))
    assert theirs.mistake is None and chained(theirs) == ["Residual2", "Residual2"]
    assert theirs.project.blocks["Residual"] == project.blocks["Residual"]
    assert theirs.project.blocks["Residual2"].graph == residual_digits().blocks["Residual"].graph


def test_a_word_in_another_meaning_does_not_reach_into_the_library() -> None:
    kept = shared("Residual", "Pair")
    named = Graph.of([Node("Residual", "ReLU"), Node("library", "Input")])
    node = typed.read("library.output > Residual > Tanh", Project(named), kept=kept)
    assert node.mistake is None and not node.project.blocks
    assert wires(node) == ["library output Residual input", "Residual output tanh1 input"]
    missing = typed.read("library.Residul", Project(), kept=kept).mistake
    assert missing is not None
    assert missing.words == "There is no block Residul in the library; did you mean library.Residual?"
    assert chained(typed.read("residual", Project())) == ["Add"]  # which is a word for it
    assert chained(typed.read("residual", Project(), kept=kept)) == ["Residual"]


def test_a_block_of_the_library_that_would_contain_itself_is_refused() -> None:
    project = library.brought(Project(), shared("Residual")["Residual"])[0]
    seen = Project(project.blocks["Residual"].graph, project.blocks)
    found = typed.read("Pair", seen, path="Residual", kept=shared("Pair"))
    assert found.mistake is not None and "never contains itself" in found.mistake.words


@pytest.mark.parametrize(
    ("line", "project", "offers", "start"),
    [
        ("Resid", Project(), ["Residual"], 0),
        ("ReLU > librar", Project(), ["Pair", "Residual"], 7),
        ("ReLU > library.", Project(), ["Pair", "Residual"], 7),
        ("library.Resi", other_residual(), ["library.Residual"], 0),
        ("Resid", other_residual(), ["Residual", "library.Residual"], 0),
        ("Resid", residual_digits(), ["Residual"], 0),
        ("Pair(", Project(), ["size="], 5),
        ("library.Pair(s", Project(), ["size="], 13),
    ],
)
def test_blocks_of_the_library_are_offered_with_what_they_bring(
    line: str, project: Project, offers: list[str], start: int
) -> None:
    kept = shared("Pair", "Residual")
    found = typed.complete(line, len(line), project, kept=kept)
    texts = [one.text for one in found.offers]
    assert (texts[: len(offers)], found.start) == (offers, start)
    assert not [text for text in texts[len(offers) :] if "Residual" in text]
    pair = next((one for one in found.offers if one.text == "Pair"), None)
    assert pair is None or pair.told.endswith("It brings Residual along.")


@pytest.mark.parametrize(
    ("line", "first", "told"),
    [
        ("Con", "Conv2d", ""),
        ("dense", "Linear", ""),
        ("Conv2d(", "out_channels=", "out_channels: a whole number from 1"),
        ("Conv2d(32, ", "kernel_size=", "kernel_size: a whole number from 1, or 2 of them"),
        ("Conv2d(32, 3, pad", "padding=", "stride"),
        ("Conv2d(padding=s", "same", "padding"),
        ("ReLU > [Tan", "Tanh", ""),
        ("Data(dig", "digits", ""),
    ],
)
def test_it_is_known_what_fits_where_one_types(line: str, first: str, told: str) -> None:
    found = typed.complete(line, len(line), EMPTY)
    assert found.offers[0].text == first
    assert told in found.told


@pytest.mark.parametrize(
    "kind", [kind for kind in catalogue.KINDS if kind.is_module], ids=lambda kind: kind.name
)
def test_positions_are_those_of_torch(kind: Kind) -> None:
    module, _, name = kind.target.rpartition(".")
    known = list(inspect.signature(getattr(import_module(module), name)).parameters)
    if "args" in known or not kind.target.startswith("torch."):
        return  # recurrent layers declare nothing
    first = [one for one in typed.positional(kind)[:4] if one in known and one != "reduction"]
    assert first == sorted(first, key=known.index)


PIECES = st.sampled_from(
    ["Conv2d", "ReLU", "Add", "Data", "a", "a=", "relu1", "x3", "×2", ">", "(", ")", "[", "]", ",", "=", "3", "-1", ".",
     "0.5", "'same'", "nn.", " ", "padding=", "LSTM", "Output", "CrossEntropyLoss", "3x3", "é", "\"", "x99"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40))
def test_any_text_is_read_without_harm(line: str) -> None:
    found = typed.read(line, EMPTY)
    Graph.of(found.graph.nodes.values(), found.graph.edges)
    assert set(found.added) == set(found.graph.nodes)
    if found.mistake is not None:
        assert 0 <= found.mistake.start < found.mistake.end <= len(line) + 1
        assert found.mistake.words
    for at in (0, len(line) // 2, len(line)):
        typed.complete(line, at, EMPTY)


LAYERS = st.sampled_from(["Conv2d(8, 3)", "ReLU", "Tanh", "MaxPool2d(2)", "BatchNorm2d", "Dropout(0.2)"])


@given(st.lists(LAYERS, min_size=1, max_size=6), st.integers(1, 5))
def test_a_repeated_part_is_the_part_written_so_often(part: list[str], times: int) -> None:
    chain = " > ".join(part)
    short, long = typed.read(f"{chain} > x{times}", EMPTY), typed.read(" > ".join([chain] * times), EMPTY)
    assert short.graph == long.graph
