"""What is written is read back as the same project: every kind, every example, and projects drawn at random."""

import random
from dataclasses import replace

import pytest
import torch

from nndesigner import catalogue, examples, script
from nndesigner.catalogue.kind import Kind
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, Node, Note, Value
from nndesigner.model import Network
from nndesigner.plan import Plan, make
from nndesigner.project import Choice, Project, Training
from nndesigner.script import drawing
from nndesigner.script.reader import Source, read
from nndesigner.script.writer import Form
from tests.conftest import nested_digits, residual_digits, small_digits
from tests.sampling import sampled
from tests.test_kinds import LAYERS, alternatives, named, project_of

pytestmark = pytest.mark.usefixtures("young_heap")


def without_drawing(text: str) -> str:
    return drawing.parted(text)[0]


def calls(plan: Plan) -> list[object]:
    """What a plan computes, without the names of operations."""
    found: list[object] = []
    for step in plan.steps:
        inner = [calls(part.inner) for part in step.parts if part.inner is not None]
        given = [dict(part.arguments) for part in step.parts if part.inner is None]
        found.append((step.kind.name, step.name if step.is_attribute and step.owns else "", given, inner))
    return found


def assert_same(project: Project, form: Form = "train") -> None:
    text = script.write(project, form=form).text
    found = read(Source(text))
    assert not found.errors, found.errors
    assert found.project == project
    assert script.write(found.project, form=form).text == text


def assert_computes_the_same_without_its_drawing(project: Project) -> None:
    plan = make(project)
    found = read(Source(without_drawing(script.write(project, plan, "model").text)))
    assert not found.errors, found.errors
    again = make(found.project)
    assert not again.errors
    assert calls(again) == calls(plan)
    assert [*Network(again).state_dict()] == [*Network(plan).state_dict()]


def kind_is_read_back(kind: Kind, count: int) -> None:
    read_ones = 0
    for params in alternatives(kind):
        project = project_of(kind, **params)
        if make(project).errors:
            continue
        assert_same(project, "model")
        assert_computes_the_same_without_its_drawing(project)
        read_ones += 1
        if read_ones == count:
            break
    assert read_ones


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("kind", LAYERS, ids=named)
def test_every_kind_is_read_back(kind: Kind) -> None:
    kind_is_read_back(kind, 2)


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("kind", LAYERS, ids=named)
def test_every_kind_is_read_back_with_every_param(kind: Kind) -> None:
    kind_is_read_back(kind, 1000)


@pytest.mark.parametrize("name", examples.names())
@pytest.mark.parametrize("form", ["train", "model"])
def test_every_example_is_read_back(name: str, form: Form) -> None:
    assert_same(examples.load(name), form)


@pytest.mark.parametrize("name", examples.names())
def test_an_example_that_lost_its_drawing_computes_the_same(name: str) -> None:
    assert_computes_the_same_without_its_drawing(examples.load(name))


@pytest.mark.parametrize(
    "project", [small_digits(), residual_digits(), nested_digits()], ids=lambda one: one.title
)
def test_projects_of_other_tests_are_read_back(project: Project) -> None:
    assert_same(project)
    assert_same(project, "model")


# Drawn at random.

_VECTOR = (
    "Linear",
    "ReLU",
    "LayerNorm",
    "Dropout",
    "Tanh",
    "BatchNorm1d",
    "Scale",
    "Shift",
    "Negate",
    "Exp",
    "Power",
)
_MAPS = (
    "Conv2d",
    "ReLU",
    "BatchNorm2d",
    "MaxPool2d",
    "Dropout2d",
    "GELU",
    "Scale",
    "GroupNorm",
    "AvgPool2d",
    "Permute",
)
_JOINS = ("Add", "Multiply", "Concat", "Subtract", "Maximum")


class Drawing:
    """Draws a project at random: branches, joins, blocks in blocks with params, repeats, shared and bypassed layers."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.blocks: dict[str, Block] = {}
        self.number = 0

    def project(self) -> Project:
        for level in range(self.chance.randint(0, 3)):
            self.block(f"Block{'ABC'[level]}")
        maps = self.chance.random() < 0.5
        shape = (4, 8, 8) if maps else (8,)
        graph = self.graph("main", shape, maps=maps, width=self.chance.randint(1, 9))
        training = Training(
            optimizer=self.chance.choice([Choice("Adam"), Choice("SGD", {"lr": 0.05, "momentum": 0.9})]),
            epochs=self.chance.randint(1, 30),
            seed=self.chance.randint(0, 9),
        )
        title = self.chance.choice(["", "A net", 'Größe 5 “quoted” \\ "it"', "resnet"])
        return Project(graph, self.blocks, training, title)

    def block(self, name: str) -> None:
        params: dict[str, Value] = {}
        for param in self.chance.sample(["width", "size", "depth"], self.chance.randint(0, 2)):
            params[param] = self.chance.choice([4, 8])
        graph = self.graph(name, None, maps=False, width=self.chance.randint(1, 5), params=params)
        self.blocks[name] = Block(name, graph, params)

    def graph(
        self,
        where: str,
        shape: tuple[int, ...] | None,
        *,
        maps: bool,
        width: int,
        params: dict[str, Value] | None = None,
    ) -> Graph:
        chance = self.chance
        entry = Node(
            "input" if shape is None else chance.choice(["input", "picture"]),
            "Input",
            {"shape": shape or (8,)},
            self.spot(),
        )
        nodes: list[Node] = [entry]
        edges: list[Edge] = []
        open_: list[tuple[str, str]] = [(entry.name, "output")]
        for _ in range(width):
            if len(open_) > 1 and chance.random() < 0.3:
                first, second = chance.sample(open_, 2)
                join = Node(self.name(nodes, "join"), chance.choice(_JOINS), self.join_params(), self.spot())
                nodes.append(join)
                ports = ("input", "other") if join.kind in ("Subtract", "Maximum") else ("input1", "input2")
                edges += [Edge(*first, join.name, ports[0]), Edge(*second, join.name, ports[1])]
                open_.append((join.name, "output"))
                continue
            source = chance.choice(open_[-3:])
            node = self.layer(nodes, maps, params or {})
            nodes.append(node)
            edges.append(Edge(*source, node.name, "input"))
            open_.append((node.name, "output"))
        ends = 1 if chance.random() < 0.7 or len(open_) < 3 else 2
        for number, place in enumerate([open_[-1], *chance.sample(open_[1:] or open_, 1)][:ends]):
            end = Node(("output", "aside")[number], "Output", position=self.spot())
            nodes.append(end)
            edges.append(Edge(*place, end.name, "input"))
        notes = [Note("A note\nwith “two” lines", self.spot())] if chance.random() < 0.3 else []
        return Graph.of(nodes, edges, notes)

    def layer(self, nodes: list[Node], maps: bool, params: dict[str, Value]) -> Node:
        chance = self.chance
        known = [name for name in self.blocks if not maps]
        if known and chance.random() < 0.3:
            name = chance.choice(known)
            given = {one: chance.choice([4, 8]) for one in self.blocks[name].params if chance.random() < 0.4}
            return Node(
                self.name(nodes, name.lower()), name, given, self.spot(), repeat=chance.choice([1, 1, 2, 3])
            )
        kind = catalogue.BY_NAME[chance.choice(_MAPS if maps else _VECTOR)]
        stored: dict[str, Value] = dict(kind.start_params().items())
        if kind.name == "Linear":
            stored["out_features"] = (
                Expression(chance.choice([*params, *(f"{one} * 2" for one in params)]))
                if params and chance.random() < 0.5
                else 8
            )
        if kind.name == "Conv2d":
            stored = {
                "out_channels": 4,
                "kernel_size": chance.choice([1, 3, (3, 3)]),
                "padding": chance.choice([0, 1]),
            }
        if kind.name in ("Scale", "Shift", "Power"):
            stored = {next(iter(kind.by_name)): chance.choice([2, 0.5, 3.0, 1e-3])}
        if kind.name == "GroupNorm":
            stored = {"num_groups": 2}
        if kind.name == "Permute":
            stored = {"dims": (0, 1, 3, 2)}
        if kind.name in ("MaxPool2d", "AvgPool2d"):
            stored = {"kernel_size": 1}
        if kind.name == "Dropout" and chance.random() < 0.5:
            stored["p"] = chance.choice([0.1, 0.5])  # 0.5 is the default, said all the same
        stem = chance.choice([kind.name_stem, "layer", "deep", "h"])
        own = kind.is_module and kind.name in ("Linear", "ReLU", "Tanh", "Conv2d")
        alike = [
            one
            for one in nodes
            if one.kind == kind.name
            and one.params == stored
            and own
            and one.shares is None
            and one.repeat == 1
            and not one.bypassed
        ]
        return Node(
            self.name(nodes, stem),
            kind.name,
            stored,
            self.spot(),
            bypassed=chance.random() < 0.07,
            frozen=kind.name in ("Linear", "Conv2d") and chance.random() < 0.15,
            repeat=chance.choice([1, 1, 1, 1, 2, 3]) if own and kind.name != "Conv2d" else 1,
            shares=chance.choice(alike).name if alike and chance.random() < 0.3 else None,
            rate=1.0 if kind.name != "Linear" or chance.random() < 0.9 else 0.1,
        )

    def name(self, nodes: list[Node], stem: str) -> str:
        names = {node.name for node in nodes}
        number = self.chance.randint(1, 4)
        while f"{stem}{number}" in names:
            number += 1
        return f"{stem}{number}"

    def join_params(self) -> dict[str, Value]:
        return {}

    def spot(self) -> tuple[float, float]:
        return self.chance.randint(-40, 40) * 8.0, self.chance.randint(-40, 40) * 8.0


def sound(seed: int) -> Project | None:
    """A project drawn at random, if it can be written."""
    project = Drawing(seed).project()
    plan = make(project)
    return None if plan.errors or not plan.steps else project


@pytest.mark.parametrize("start", sampled(range(0, 2000, 50), 4))
def test_projects_drawn_at_random_are_read_back(start: int) -> None:
    tried = [project for seed in range(start, start + 50) if (project := sound(seed)) is not None]
    assert len(tried) >= 10
    for project in tried:
        assert_same(project, "model")


def test_a_project_drawn_at_random_computes_the_same_to_the_bit() -> None:
    for seed in range(30):
        project = sound(seed)
        if project is None:
            continue
        plan = make(project)
        again = make(read(Source(script.write(project, plan, "model").text)).project)
        network, other = Network(plan).eval(), Network(again).eval()
        other.load_state_dict(network.state_dict())
        given = [torch.randn(plan.types[place].at(2)) for place in plan.inputs.values()]
        first, second = network(*given), other(*given)
        for one, two in zip(
            first if isinstance(first, tuple) else [first],
            second if isinstance(second, tuple) else [second],
            strict=True,
        ):
            assert torch.equal(torch.nan_to_num(one), torch.nan_to_num(two))


def test_a_lost_drawing_costs_places_notes_and_settings_only() -> None:
    project = replace(nested_digits(), title="")
    found = read(Source(without_drawing(script.write(project, form="model").text))).project
    again = read(Source(script.write(found, form="model").text)).project
    assert again == found
    assert {name: [*block.graph.nodes] for name, block in found.blocks.items()} == {
        name: [*block.graph.nodes] for name, block in again.blocks.items()
    }
