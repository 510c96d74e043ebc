"""Builders of projects, and what every test of the window needs."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from collections.abc import Callable
from itertools import pairwise

import pytest

from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, Node
from nndesigner.project import Choice, Project, Training
from tests import apart

HOME = apart.FOLDER


def wired(*words: str) -> list[Edge]:
    """Edges from lines such as `data.image > conv1`; the ports are `output` and `input` unless named."""
    edges = []
    for line in words:
        source, target = (end.strip() for end in line.split(">"))
        source, _, output = source.partition(".")
        target, _, into = target.partition(".")
        edges.append(Edge(source, output or "output", target, into or "input"))
    return edges


def chain(*names: str) -> list[Edge]:
    """Edges from each to the next."""
    return [Edge(first, "output", second, "input") for first, second in pairwise(names)]


def small_digits(**training: object) -> Project:
    """A convolutional network for the digits that trains in a second."""
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("conv1", "Conv2d", {"out_channels": 8, "kernel_size": 3}),
        Node("relu1", "ReLU"),
        Node("pool1", "MaxPool2d", {"kernel_size": 2}),
        Node("flatten1", "Flatten"),
        Node("dropout1", "Dropout", {"p": 0.2}),
        Node("linear1", "Linear", {"out_features": 10}),
        Node("digit", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired("data.image > conv1", "linear1 > loss", "data.label > loss.target"),
        *chain("conv1", "relu1", "pool1", "flatten1", "dropout1", "linear1", "digit"),
    ]
    settings = {"epochs": 2, "optimizer": Choice("Adam", {"lr": 0.01}), **training}
    return Project(Graph.of(nodes, edges), {}, Training(**settings), "Small digits")  # type: ignore[arg-type]


def residual_block() -> Block:
    """Two convolutions and a skip, with the exposed param `width`; takes any number of channels."""
    width = Expression("width")
    nodes = [
        Node("inp", "Input"),
        Node("conv1", "Conv2d", {"out_channels": width, "kernel_size": 3, "padding": 1}),
        Node("relu1", "ReLU"),
        Node("conv2", "Conv2d", {"out_channels": width, "kernel_size": 3, "padding": 1}),
        Node("skip", "Conv2d", {"out_channels": width, "kernel_size": 1}),
        Node("add1", "Add"),
        Node("out", "Output"),
    ]
    edges = [
        *chain("inp", "conv1", "relu1", "conv2"),
        *wired("inp > skip", "conv2 > add1.input1", "skip > add1.input2", "add1 > out"),
    ]
    return Block("Residual", Graph.of(nodes, edges), {"width": 16})


def residual_digits(**training: object) -> Project:
    """Blocks: one repeated twice with other channels each time, one with its default, inside another block too; an
    auxiliary loss, a frozen and a shared layer.
    """
    pair = Block(
        "Pair",
        Graph.of(
            [
                Node("a", "Input"),
                Node("first", "Residual", {"width": Expression("size * 2")}),
                Node("b", "Output"),
            ],
            wired("a > first.inp", "first.out > b"),
        ),
        {"size": 3},
    )
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("res1", "Residual", {"width": 8}, repeat=2),
        Node("res2", "Residual"),
        Node("pair1", "Pair", {"size": 4}),
        Node("pair2", "Pair"),
        Node("pool1", "AdaptiveAvgPool2d", {"output_size": 2}),
        Node("flatten1", "Flatten"),
        Node("linear1", "Linear", {"out_features": 24}, repeat=2),
        Node("linear2", "Linear", {"out_features": 24}, frozen=True),
        Node("again", "Linear", {"out_features": 24}, shares="linear2"),
        Node("silent", "Sigmoid", bypassed=True),
        Node("head", "Linear", {"out_features": 10}),
        Node("digit", "Output"),
        Node("loss", "CrossEntropyLoss"),
        Node("flatten2", "Flatten"),
        Node("aux", "Linear", {"out_features": 10}),
        Node("aux_loss", "CrossEntropyLoss", {"scale": 0.3}),
    ]
    edges = [
        *wired("data.image > res1.inp", "res1.out > res2.inp", "res2.out > pair1.a", "pair1.b > pair2.a"),
        *wired("pair2.b > pool1", "head > loss", "data.label > loss.target"),
        *chain("pool1", "flatten1", "linear1", "linear2", "again", "silent", "head", "digit"),
        *wired("res1.out > flatten2", "flatten2 > aux", "aux > aux_loss", "data.label > aux_loss.target"),
    ]
    settings = {"epochs": 2, "scheduler": Choice("StepLR", {"step_size": 1}), **training}
    project = Project(Graph.of(nodes, edges), {}, Training(**settings), "Residual digits")  # type: ignore[arg-type]
    return project.with_block(residual_block()).with_block(pair)


def nested_digits(**training: object) -> Project:
    """Blocks three deep: shared weights and repeats at every level, functions that read a block's params, a learned
    tensor, several inputs in a repeated block.
    """
    width, heads = Expression("width"), Expression("heads")
    mix = Block(
        "Mix",
        Graph.of(
            [
                Node("tokens", "Input"),
                Node("memory", "Input"),
                Node("first", "Linear", {"out_features": width}),
                Node("again", "Linear", {"out_features": width}, shares="first"),
                Node("heads1", "Reshape", {"shape": (-1, 16, heads, Expression("width // heads"))}),
                Node("back", "Reshape", {"shape": (-1, 16, width)}),
                Node("act", "GELU", repeat=2),
                Node("sum", "Add"),
                Node("out", "Output"),
            ],
            [
                *chain("tokens", "first", "again", "heads1", "back", "act"),
                *wired("act > sum.input1", "memory > sum.input2", "sum > out"),
            ],
        ),
        {"width": 8, "heads": 2},
    )
    layers = Block(
        "Layers",
        Graph.of(
            [
                Node("x_in", "Input"),
                Node("mix1", "Mix", {"width": width, "heads": Expression("width // 4")}, repeat=2),
                Node(
                    "mix2",
                    "Mix",
                    {"width": width, "heads": Expression("width // 4")},
                    shares="mix1",
                    repeat=2,
                ),
                Node("norm", "LayerNorm"),
                Node("out", "Output"),
            ],
            [
                *wired("x_in > mix1.tokens", "x_in > mix1.memory", "mix1.out > mix2.tokens"),
                *wired("x_in > mix2.memory", "mix2.out > norm", "norm > out"),
            ],
        ),
        {"width": 8},
    )
    tower = Block(
        "Tower",
        Graph.of(
            [Node("x_in", "Input"), Node("stack1", "Layers", {"width": Expression("size * 2")}, repeat=3), Node("out", "Output")],
            wired("x_in > stack1.x_in", "stack1.out > out"),
        ),
        {"size": 4},
    )  # fmt: skip
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("rows", "Reshape", {"shape": (-1, 16, 4)}),
        Node("embed", "Linear", {"out_features": 8}),
        Node("places", "Parameter", {"shape": (16, 8), "init": "randn", "scale": 0.02}),
        Node("placed", "Add"),
        Node("tower1", "Tower"),
        Node("tower2", "Tower", shares="tower1"),
        Node("mean1", "Mean", {"dim": 1}),
        Node("head", "Linear", {"out_features": 10}),
        Node("digit", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired("data.image > rows", "rows > embed", "embed > placed.input1", "places > placed.input2"),
        *wired("placed > tower1.x_in", "tower1.out > tower2.x_in", "tower2.out > mean1"),
        *chain("mean1", "head", "digit"),
        *wired("head > loss", "data.label > loss.target"),
    ]
    settings = {"epochs": 1, "optimizer": Choice("Adam", {"lr": 0.003}), **training}
    project = Project(Graph.of(nodes, edges), {}, Training(**settings), "Nested digits")  # type: ignore[arg-type]
    return project.with_block(mix).with_block(layers).with_block(tower)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test begins first, so that at the end no process waits for the one that has it."""
    items.sort(key=lambda item: item.path.name != "test_on_x.py")


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: gone through for garbage again and again, they would take minutes of all tests."""
    gc.freeze()


@pytest.fixture(scope="module")
def young_heap() -> None:
    """What other tests left is not gone through for garbage: seconds, which are not of the time that a source may take."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def build() -> Callable[..., Project]:
    """`build(nodes, *edge lines)`: a project of a graph."""

    def make(nodes: list[Node], *words: str) -> Project:
        return Project(Graph.of(nodes, wired(*words)))

    return make
