"""Networks with one mistake each: it is told once, at the node to blame, and its first cure leaves no problem."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import torch
from sklearn.model_selection import train_test_split

from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.checks.learning import training_part
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, GraphError, Node
from nndesigner.model import Network
from nndesigner.nnd import ProjectError, from_text, to_text
from nndesigner.plan import make
from nndesigner.project import Choice, Project, Training
from tests.conftest import chain, residual_block, small_digits, wired

DATA = Node("data", "Data", {"dataset": "digits"})
CANCER = Node("data", "Data", {"dataset": "breast-cancer"})


@dataclass(frozen=True)
class Broken:
    """A network with a mistake: where it shows, which node is to blame (the same, if not said), and its first cure."""

    name: str
    project: Callable[[], Project]
    node: str
    cure: str
    culprit: str = ""
    severity: str = "error"
    expected: str = ""
    actual: str = ""
    gives: str = ""


def network(nodes: list[Node], *words: str, **training: object) -> Project:
    return Project(Graph.of(nodes, wired(*words)), {}, Training(**training))  # type: ignore[arg-type]


def along(*nodes: Node, data: Node = DATA, loss: str = "CrossEntropyLoss", **training: object) -> Project:
    """From the data through these nodes to an Output and a loss."""
    image, label = ("image", "label") if data is DATA else ("features", "benign")
    names = [node.name for node in nodes]
    edges = [
        *wired(
            f"data.{image} > {names[0]}",
            f"{names[-1]} > out",
            f"{names[-1]} > loss",
            f"data.{label} > loss.target",
        ),
        *chain(*names),
    ]
    ends = [Node("out", "Output"), Node("loss", loss)]
    return Project(Graph.of([data, *nodes, *ends], edges), {}, Training(**training))  # type: ignore[arg-type]


def from_input(shape: tuple[int, ...], *nodes: Node, dtype: str = "float32") -> Project:
    """From an Input through these nodes to an Output."""
    first = Node("a", "Input", {"shape": shape, "dtype": dtype})
    names = ["a", *(node.name for node in nodes), "out"]
    return Project(Graph.of([first, *nodes, Node("out", "Output")], chain(*names)))


def edited(change: Callable[[Graph], Graph], **training: object) -> Project:
    """The small digits with an edit."""
    project = small_digits(**training)
    return replace(project, graph=change(project.graph))


def conv(name: str, out: int = 8, **params: object) -> Node:
    return Node(name, "Conv2d", {"out_channels": out, "kernel_size": 3, **params})  # type: ignore[dict-item]


def linear(name: str, out: int = 10, **flags: object) -> Node:
    return Node(name, "Linear", {"out_features": out}, **flags)  # type: ignore[arg-type]


FLATTEN = Node("flatten1", "Flatten")


def skip(first: int = 64, second: int = 128, **params: object) -> Project:
    """A residual connection whose way has other sizes than its skip."""
    nodes = [
        Node("a", "Input", {"shape": (first, 8, 8)}),
        conv("conv1", second, **{"padding": 1, **params}),
        Node("relu1", "ReLU"),
        conv("conv2", second, padding=1),
        Node("add1", "Add"),
        Node("out", "Output"),
    ]
    words = (
        "a > conv1",
        "conv1 > relu1",
        "relu1 > conv2",
        "conv2 > add1.input1",
        "a > add1.input2",
        "add1 > out",
    )
    return network(nodes, *words)


def two(
    kind: str, left: tuple[int, ...], right: tuple[int, ...], dtype: str = "float32", **params: object
) -> Project:
    """Two inputs that are joined."""
    nodes = [
        Node("a", "Input", {"shape": left}),
        Node("b", "Input", {"shape": right, "dtype": dtype}),
        Node("join", kind, params),  # type: ignore[arg-type]
        Node("out", "Output"),
    ]
    return network(nodes, "a > join.input1", "b > join.input2", "join > out")


def cut_off() -> Project:
    hidden = [linear("linear1", 16), Node("detach1", "Detach"), linear("linear2", 1)]
    return along(*hidden, data=CANCER, loss="BCEWithLogitsLoss")


def two_heads() -> Project:
    project = small_digits()
    graph = project.graph.add(linear("head2", 4), Node("second", "Output"))
    return replace(
        project,
        graph=Graph.of(graph.nodes.values(), [*graph.edges, *wired("dropout1 > head2", "head2 > second")]),
    )


def frozen() -> Project:
    return along(Node("flatten1", "Flatten"), linear("linear1", frozen=True))


def idle() -> Project:
    return edited(
        lambda graph: graph.add(Node("idle", "ReLU")).connect(Edge("conv1", "output", "idle", "input"))
    )


def idle_layers() -> Project:
    return edited(
        lambda graph: (
            graph.add(conv("idle1"), conv("idle2"))
            .connect(Edge("conv1", "output", "idle1", "input"))
            .connect(Edge("idle1", "output", "idle2", "input"))
        )
    )


def in_block() -> Project:
    """A block that names a param it does not have."""
    block = residual_block()
    wrong = block.graph.nodes["conv1"].with_param("out_channels", Expression("widht"))
    nodes = [Node("a", "Input", {"shape": (4, 8, 8)}), Node("res1", "Residual"), Node("out", "Output")]
    project = network(nodes, "a > res1.inp", "res1.out > out")
    return project.with_block(replace(block, graph=block.graph.replace_node(wrong)))


def sharing() -> Project:
    return from_input((4,), linear("one", 6), linear("two", 6, shares="one"))


def second_data() -> Project:
    project = small_digits()
    graph = project.graph.add(Node("again", "Data", {"dataset": "digits"})).connect(
        Edge("again", "label", "loss", "target")
    )
    return replace(project, graph=graph)


BROKEN = [
    Broken(
        "a head with too few classes",
        lambda: along(FLATTEN, linear("linear1", 7)),
        "loss", "Set out_features of linear1 to 10", "linear1", expected="N×10", actual="N×7", gives="linear1 gives N×10",
    ),
    Broken(
        "a head with too few classes, seen through an activation and a dropout",
        lambda: along(FLATTEN, linear("linear1", 7), Node("relu1", "ReLU"), Node("drop1", "Dropout")),
        "loss", "Set out_features of linear1 to 10", "linear1", gives="drop1 gives N×10",
    ),
    Broken(
        "no layer that gives scores",
        lambda: along(conv("conv1"), Node("relu1", "ReLU")),
        "loss", "Insert a Flatten and a Linear to 10 after relu1", expected="N×10", actual="N×8×6×6",
    ),
    Broken(
        "a forgotten Flatten before a Linear",
        lambda: along(conv("conv1"), linear("linear1")),
        "loss", "Insert a Flatten before linear1", "linear1", actual="N×8×6×10",
    ),
    Broken(
        "maps where rows are wanted",
        lambda: along(conv("conv1", 10), Node("norm1", "BatchNorm1d"), FLATTEN, linear("linear1")),
        "norm1", "Make norm1 a BatchNorm2d", actual="N×10×6×6", gives="norm1 gives N×10×6×6",
    ),
    Broken(
        "a window larger than the maps",
        lambda: along(conv("conv1"), Node("pool1", "MaxPool2d", {"kernel_size": 9}), FLATTEN, linear("linear1")),
        "pool1", "Set kernel_size of pool1 to 6", gives="pool1 gives N×8×1×1",
    ),
    Broken(
        "a convolution larger than the maps",
        lambda: along(conv("conv1"), conv("conv2", kernel_size=7), FLATTEN, linear("linear1")),
        "conv2", "Set padding of conv2 to same", gives="conv2 gives N×8×6×6",
    ),
    Broken(
        "a sequence convolution for pictures",
        lambda: along(Node("conv1", "Conv1d", {"out_channels": 4, "kernel_size": 3}), FLATTEN, linear("linear1")),
        "conv1", "Make conv1 a Conv2d", expected="N×channels×length", actual="N×1×8×8",
    ),
    Broken(
        "pictures without a channel axis",
        lambda: from_input((28, 28), conv("conv1")),
        "conv1", "Insert Unsqueeze for the missing channel axis before conv1", actual="N×28×28",
        gives="unsqueeze1 gives N×1×28×28",
    ),
    Broken(
        "channels last",
        lambda: from_input((28, 28, 3), conv("conv1")),
        "conv1", "Insert Permute (0, 3, 1, 2) before conv1", severity="warning", expected="N×3×28×28",
        actual="N×28×28×3", gives="permute1 gives N×3×28×28",
    ),
    Broken(
        "a convolution after a Flatten",
        lambda: along(FLATTEN, conv("conv1"), Node("flatten2", "Flatten"), linear("linear1")),
        "conv1", "Remove flatten1", "flatten1", actual="N×64",
    ),
    Broken(
        "a skip of 64 channels around a way of 128",
        skip,
        "add1", "Insert a 1×1 convolution to 128 channels before add1", expected="N×128×8×8", actual="N×64×8×8",
        gives="conv3 gives N×128×8×8",
    ),
    Broken(
        "a skip around a way with a stride",
        lambda: skip(stride=2),
        "add1", "Insert a 1×1 convolution to 128 channels before add1", gives="conv3 gives N×128×4×4",
    ),
    Broken(
        "a skip around a convolution without padding",
        lambda: skip(64, 64, padding=0),
        "add1", "Set padding of conv1 to same", "conv1", expected="N×64×6×6", actual="N×64×8×8",
    ),
    Broken(
        "rows of other widths in an Add",
        lambda: two("Add", (32,), (48,)),
        "join", "Insert a Linear to 48 before join", expected="N×32", actual="N×48",
    ),
    Broken(
        "(N, 1) and (N): every sample would meet every other",
        lambda: network(
            [Node("a", "Input", {"shape": (8,)}), linear("one", 1), Node("mean1", "Mean", {"dim": (1,)}), Node("add1", "Add"), Node("out", "Output")],
            "a > one", "a > mean1", "one > add1.input1", "mean1 > add1.input2", "add1 > out",
        ),
        "add1", "Insert Squeeze before add1", expected="N×1", actual="N",
    ),
    Broken(
        "maps of other sizes in a Concat",
        lambda: network(
            [Node("a", "Input", {"shape": (3, 8, 8)}), conv("conv1"), Node("cat1", "Concat", {"dim": 1}), Node("out", "Output")],
            "a > conv1", "a > cat1.input1", "conv1 > cat1.input2", "cat1 > out",
        ),
        "cat1", "Set padding of conv1 to same", "conv1", expected="N×any×8×8", actual="N×8×6×6",
    ),
    Broken(
        "whole and fractional numbers in a Concat",
        lambda: two("Concat", (4,), (3,), "int64", dim=1),
        "join", "Set dtype of b to float32", "b", "warning", "float32", "int64", "b gives float32",
    ),
    Broken(
        "whole numbers for a Linear",
        lambda: from_input((4,), linear("linear1"), dtype="int64"),
        "linear1", "Set dtype of a to float32", "a", expected="float32", actual="int64",
    ),
    Broken(
        "class numbers for MSELoss",
        lambda: along(FLATTEN, linear("linear1"), loss="MSELoss"),
        "loss", "Use CrossEntropyLoss instead of MSELoss", expected="float32", actual="int64",
    ),
    Broken(
        "a yes or no for CrossEntropyLoss",
        lambda: along(linear("linear1", 2), data=CANCER),
        "loss", "Use BCEWithLogitsLoss instead of CrossEntropyLoss, and set out_features of linear1 to 1", "linear1",
        actual="N×1",
    ),
    Broken(
        "a prediction wider than its target",
        lambda: along(linear("linear1", 3), data=CANCER, loss="BCEWithLogitsLoss"),
        "loss", "Set out_features of linear1 to 1", "linear1", expected="N×3", actual="N×1",
    ),
    Broken(
        "a prediction without the target's axis of one",
        lambda: along(linear("linear1", 8), Node("mean1", "Mean", {"dim": (1,)}), data=CANCER, loss="MSELoss"),
        "loss", "Insert Squeeze before loss", expected="N", actual="N×1", gives="squeeze1 gives N",
    ),
    Broken(
        "Softmax before CrossEntropyLoss, seen through a dropout",
        lambda: along(FLATTEN, linear("linear1"), Node("soft1", "Softmax", {"dim": -1}), Node("drop1", "Dropout")),
        "loss", "Remove soft1", "soft1", "warning",
    ),
    Broken(
        "Softmax before CrossEntropyLoss and an Output",
        lambda: along(FLATTEN, linear("linear1"), Node("soft1", "Softmax", {"dim": -1})),
        "loss", "Wire linear1 to loss, before soft1", severity="warning",
    ),
    Broken(
        "Sigmoid before BCEWithLogitsLoss",
        lambda: along(linear("linear1", 1), Node("sig1", "Sigmoid"), Node("same1", "Identity"), data=CANCER, loss="BCEWithLogitsLoss"),
        "loss", "Remove sig1", "sig1", "warning",
    ),
    Broken(
        "no LogSoftmax before NLLLoss",
        lambda: along(FLATTEN, linear("linear1"), loss="NLLLoss"),
        "loss", "Use CrossEntropyLoss instead of NLLLoss", severity="warning",
    ),
    Broken(
        "Softmax before NLLLoss",
        lambda: along(FLATTEN, linear("linear1"), Node("soft1", "Softmax", {"dim": -1}), loss="NLLLoss"),
        "loss", "Make soft1 a LogSoftmax", "soft1", "warning",
    ),
    Broken(
        "no Sigmoid before BCELoss",
        lambda: along(linear("linear1", 1), data=CANCER, loss="BCELoss"),
        "loss", "Use BCEWithLogitsLoss instead of BCELoss",
    ),
    Broken(
        "a layer whose input is missing",
        lambda: edited(lambda graph: graph.disconnect(wired("conv1 > relu1"))),
        "relu1", "Wire conv1 to relu1", gives="conv1 gives N×8×6×6",
    ),
    Broken(
        "a loss without its target",
        lambda: edited(lambda graph: graph.disconnect(wired("data.label > loss.target"))),
        "loss", "Wire data.label to loss.target",
    ),
    Broken(
        "an Add of one",
        lambda: network(
            [Node("a", "Input", {"shape": (4,)}), linear("one"), Node("add1", "Add"), Node("out", "Output")],
            "a > one", "one > add1.input1", "add1 > out",
        ),
        "add1", "Remove add1",
    ),
    Broken("a part that leads nowhere", idle, "idle", "Add an Output after idle", severity="warning"),
    Broken("layers that lead nowhere", idle_layers, "idle2", "Remove idle2 and 1 node before it", "idle1", "warning"),
    Broken(
        "no end",
        lambda: edited(lambda graph: graph.remove(["digit", "loss"])),
        "", "Add an Output and a CrossEntropyLoss after linear1", severity="warning",
    ),
    Broken(
        "no loss",
        lambda: edited(lambda graph: graph.remove(["loss"])),
        "", "Add a CrossEntropyLoss after linear1", severity="warning",
    ),
    Broken(
        "no Output", lambda: edited(lambda graph: graph.remove(["digit"])), "", "Add an Output after linear1",
        severity="warning",
    ),
    Broken(
        "a batch norm whose last batch has one record",
        lambda: along(FLATTEN, linear("linear1"), Node("norm1", "BatchNorm1d"), batch_size=157),
        "norm1", "Set batch_size to 158", gives="the last batch has 151",
    ),
    Broken(
        "a batch norm on maps of one place, in batches of one",
        lambda: along(
            conv("conv1"), Node("pool1", "AdaptiveAvgPool2d", {"output_size": 1}), Node("norm1", "BatchNorm2d"),
            FLATTEN, linear("linear1"), batch_size=1,
        ),
        "norm1", "Set batch_size to 3",
    ),
    Broken("a layer behind Detach", cut_off, "detach1", "Remove detach1", severity="warning"),
    Broken("a head that no loss judges", two_heads, "head2", "Freeze head2", severity="warning"),
    Broken("nothing but frozen layers", frozen, "linear1", "Unfreeze linear1"),
    Broken("weights shared by layers of other sizes", sharing, "two", "Give two weights of its own"),
    Broken(
        "groups that do not divide the channels",
        lambda: from_input((6, 4, 4), Node("norm1", "GroupNorm", {"num_groups": 4})),
        "norm1", "Set num_groups of norm1 to 3",
    ),
    Broken(
        "an axis that is not there",
        lambda: from_input((4,), Node("soft1", "Softmax", {"dim": 5})),
        "soft1", "Set dim of soft1 to -1",
    ),
    Broken(
        "a value out of its range",
        lambda: from_input((4,), Node("drop1", "Dropout", {"p": 2.0})),
        "drop1", "Set p of drop1 to 0.5",
    ),
    Broken(
        "a param in another spelling",
        lambda: from_input((4,), Node("linear1", "Linear", {"out_feature": 3, "out_features": 4})),
        "linear1", "Remove out_feature from linear1",
    ),
    Broken(
        "a layer in another spelling",
        lambda: from_input((3, 8, 8), Node("conv1", "Conv2D", {"out_channels": 4})),
        "conv1", "Make conv1 a Conv2d", gives="conv1 gives N×4×6×6",
    ),
    Broken(
        "a wire to an input that is not there",
        lambda: network([Node("a", "Input", {"shape": (4,)}), linear("one"), Node("out", "Output")], "a > one.x", "one > out"),
        "one", "Wire a to one.input",
    ),
    Broken(
        "an optimizer on the canvas",
        lambda: edited(lambda graph: graph.add(Node("opt", "SGD", {"lr": 0.1}))),
        "opt", "Train with SGD, and remove opt",
    ),
    Broken(
        "an optimizer whose settings contradict each other",
        lambda: small_digits(optimizer=Choice("SGD", {"lr": 0.1, "nesterov": True})),
        "", "Set momentum to 0.9",
    ),
    Broken(
        "a value a setting can't have",
        lambda: small_digits(optimizer=Choice("Adam", {"lr": -1.0})),
        "", "Set lr back to 0.001",
    ),
    Broken(
        "a split by groups where there are none",
        lambda: small_digits(split="grouped"),
        "", "Split at random, or by the parts it comes in",
    ),
    Broken(
        "gradients summed up for an optimizer that asks for the loss again",
        lambda: small_digits(optimizer=Choice("LBFGS"), accumulate=2),
        "", "Set accumulate to 1",
    ),
    Broken(
        "half precision for an optimizer that asks for the loss again",
        lambda: small_digits(optimizer=Choice("LBFGS"), precision="fp16"),
        "", "Set precision to fp32",
    ),
    Broken(
        "nothing left to learn from",
        lambda: small_digits(validation=0.6, test=0.4),
        "", "Keep 10 % for validation and 20 % for the test",
    ),
    Broken("a second Data node", second_data, "again", "Use data in its place"),
    Broken("a block that misspells its own param", in_block, "res1", "Set out_channels of conv1 to width"),
    Broken(
        "values that a Reshape can't lay out",
        lambda: from_input((72,), Node("reshape1", "Reshape", {"shape": (-1, 8, 4, 3)})),
        "reshape1", "Set shape of reshape1 to -1, 6, 4, 3", gives="reshape1 gives N×6×4×3",
    ),
    Broken(
        "scores of a sequence with the classes last",
        lambda: network(
            [Node("a", "Input", {"shape": (12, 8)}), Node("b", "Input", {"shape": (12,), "dtype": "int64"}),
             linear("linear1", 5), Node("out", "Output"), Node("loss", "CrossEntropyLoss")],
            "a > linear1", "linear1 > out", "linear1 > loss", "b > loss.target",
        ),
        "loss", "Insert Permute (0, 2, 1) before loss", gives="permute1 gives N×5×12",
    ),
]  # fmt: skip

# Mistakes that no edit cures for sure, and why.
WITHOUT_A_CURE: list[tuple[str, str, Callable[[], Project]]] = [
    (
        "a network without weights",
        "which layers it should have is for the person to say",
        lambda: along(
            Node("conv1", "AdaptiveAvgPool2d", {"output_size": 1}),
            FLATTEN,
            Node("wide", "Repeat", {"repeats": (1, 10)}),
        ),
    ),
    (
        "a wire from a node that gives nothing that fits",
        "there is nothing else to take",
        lambda: along(FLATTEN, Node("mm", "MatMul"), linear("linear1")),
    ),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_mistake_is_told_once_at_the_node_to_blame_and_its_first_cure_leaves_no_problem(
    broken: Broken,
) -> None:
    project = broken.project()
    plan = make(project)
    assert len(plan.problems) == 1, [problem.message for problem in plan.problems]
    (problem,) = plan.problems
    assert (problem.node, problem.severity) == (broken.node, broken.severity)
    assert problem.culprit == (broken.culprit or broken.node)
    assert problem.cures and problem.cures[0].title == broken.cure, [cure.title for cure in problem.cures]
    for said, wanted in (
        (problem.expected, broken.expected),
        (problem.actual, broken.actual),
        (problem.cures[0].gives, broken.gives),
    ):
        assert not wanted or said == wanted
    cured = make(problem.cures[0].applied(project))
    assert not cured.problems, [problem.message for problem in cured.problems]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_no_cure_leaves_an_error(broken: Broken) -> None:
    project = broken.project()
    (problem,) = make(project).problems
    for cure in problem.cures:
        assert not make(cure.applied(project)).errors, cure.title


@pytest.mark.parametrize(("name", "reason", "project"), WITHOUT_A_CURE)
def test_a_mistake_without_a_likely_edit_offers_none(
    name: str, reason: str, project: Callable[[], Project]
) -> None:
    problems = make(project()).errors
    assert len(problems) == 1 and not problems[0].cures, (name, reason)


def test_beyond_a_mistake_shapes_are_those_of_its_first_cure_and_marked() -> None:
    plan = make(along(conv("conv1", 10), Node("norm1", "BatchNorm1d"), FLATTEN, linear("linear1", 10)))
    assert str(plan.types["norm1", "output"]) == "N×10×6×6"
    assert str(plan.types["linear1", "output"]) == "N×10"
    assert plan.assumed == {(name, "output") for name in ("norm1", "flatten1", "linear1")}


def test_what_only_an_assumption_breaks_is_not_told_but_other_mistakes_are() -> None:
    project = along(
        conv("conv1", 10),
        Node("norm1", "BatchNorm1d"),
        FLATTEN,
        Node("drop1", "Dropout", {"p": 3.0}),
        linear("linear1", 7),
    )
    assert [problem.node for problem in make(project).problems] == ["norm1", "drop1"]


def test_a_mistake_in_a_branch_leaves_the_other_one_told() -> None:
    nodes = [
        DATA, FLATTEN, linear("left", 7), linear("right", 9), Node("out", "Output"),
        Node("loss1", "CrossEntropyLoss"), Node("loss2", "CrossEntropyLoss"),
    ]  # fmt: skip
    plan = make(
        network(
            nodes,
            "data.image > flatten1",
            "flatten1 > left",
            "flatten1 > right",
            "left > out",
            "left > loss1",
            "right > loss2",
            "data.label > loss1.target",
            "data.label > loss2.target",
        )
    )
    assert [(one.node, one.culprit) for one in plan.problems] == [("loss1", "left"), ("loss2", "right")]


def test_a_layer_that_shares_the_weights_of_a_broken_one_is_not_blamed() -> None:
    project = along(FLATTEN, linear("one", 64), linear("two", 64, shares="one"), linear("last"))
    broken = replace(
        project,
        graph=project.graph.replace_node(replace(project.graph.nodes["one"], params={"out_features": 0})),
    )
    (problem,) = make(broken).problems
    assert problem.node == "one"


def test_a_cure_of_a_broken_file_full_of_mistakes_is_quick() -> None:
    nodes = [Node(f"n{number}", "Linear", {"out_features": 0}) for number in range(300)]
    graph = Graph.of(
        [Node("a", "Input", {"shape": (4,)}), *nodes, Node("out", "Output")],
        chain("a", *(n.name for n in nodes), "out"),
    )
    began = time.perf_counter()
    plan = make(Project(graph))
    assert len(plan.errors) == 300 and plan.errors[0].cures
    assert time.perf_counter() - began < 2


def test_a_cure_inside_a_block_changes_the_block() -> None:
    project = in_block()
    (problem,) = make(project).problems
    cured = problem.cures[0].applied(project)
    assert cured.graph is project.graph
    assert cured.blocks["Residual"].graph.nodes["conv1"].params["out_channels"] == Expression("width")


def test_the_training_part_is_counted_as_the_data_is_split() -> None:
    for size in (20, 101, 150, 442, 569, 1797):
        for validation, test in ((0.1, 0.2), (0.15, 0.15), (0.3, 0.1), (0.05, 0.33)):
            rest, _ = train_test_split(range(size), test_size=test, random_state=0)
            train, _ = train_test_split(rest, test_size=validation / (1 - test), random_state=0)
            data_set = replace(BY_NAME["iris"], size=size)
            assert training_part(data_set, Training(validation=validation, test=test)) == len(train)
    given = replace(BY_NAME["mnist"], parts={"train": 901, "test": 99})
    train, _ = train_test_split(range(901), test_size=0.1, random_state=0)
    assert training_part(given, Training()) == len(train)
    assert training_part(BY_NAME["multi30k"], Training()) == 29000


def test_a_batch_norm_really_fails_on_a_last_batch_of_one_and_the_cure_really_helps() -> None:
    project = along(FLATTEN, linear("linear1"), Node("norm1", "BatchNorm1d"), batch_size=157)
    network_ = Network(replace(make(project), problems=()))
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        network_(torch.rand(1, 1, 8, 8))
    (problem,) = make(project).problems
    training = problem.cures[0].applied(project).training
    assert training_part(BY_NAME["digits"], training) % training.batch_size != 1


def test_a_loop_is_refused_while_drawing_and_told_of_a_file() -> None:
    project = small_digits()
    with pytest.raises(GraphError, match="would close a loop: linear1 → conv1"):
        project.graph.connect(Edge("linear1", "output", "conv1", "input"))
    text = to_text(project).replace(
        '["data", "image", "conv1", "input"]', '["linear1", "output", "conv1", "input"]'
    )
    with pytest.raises(ProjectError, match=r"the wires close a loop: .*conv1.*, at graph"):
        from_text(text)


def test_a_cure_that_would_leave_the_mistake_is_not_offered() -> None:
    """A convolution can't keep its size where it has a stride, so padding is no cure there."""
    project = along(conv("conv1"), conv("conv2", kernel_size=7, stride=2), FLATTEN, linear("linear1"))
    (problem,) = make(project).problems
    assert [cure.title for cure in problem.cures] == ["Set kernel_size of conv2 to 6"]


def test_one_problem_stands_for_all_layers_that_learn_nothing() -> None:
    project = cut_off()
    (problem,) = make(project).problems
    assert problem.message == "no gradient comes through detach1, so linear1 learns nothing"
    network_ = Network(make(project))
    network_(torch.rand(4, 30)).sum().backward()
    silent = {name.partition(".")[0] for name, weight in network_.named_parameters() if weight.grad is None}
    assert silent == {"linear1"}


def test_a_cure_inside_a_block_that_breaks_another_use_of_it_is_not_offered() -> None:
    """A block that adds takes 8 channels first and 16 then; made to fit the second, it would not fit the first."""
    inner = Graph.of(
        [Node("i", "Input"), conv("conv1", 8, padding=1), Node("add1", "Add"), Node("o", "Output")],
        wired("i > conv1", "conv1 > add1.input1", "i > add1.input2", "add1 > o"),
    )
    nodes = [
        Node("a", "Input", {"shape": (8, 6, 6)}), Node("first", "Skip"), conv("between", 16, padding=1),
        Node("second", "Skip"), Node("out", "Output"),
    ]  # fmt: skip
    words = ("a > first.i", "first.o > between", "between > second.i", "second.o > out")
    project = network(nodes, *words).with_block(Block("Skip", inner))
    (problem,) = make(project).problems
    assert problem.node == "second"
    assert "Set out_channels of conv1 to 16" not in [cure.title for cure in problem.cures]
    for cure in problem.cures:
        assert not make(cure.applied(project)).errors
