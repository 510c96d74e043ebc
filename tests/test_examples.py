"""The examples: counts as published, numbers as those of networks written by hand, scripts that say the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pytest
import references
import torch
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker
from torch import nn

from nndesigner import cli, examples, script
from nndesigner.graph import Edge
from nndesigner.model import Network
from nndesigner.plan import Plan, make
from nndesigner.project import Project
from nndesigner.script.writer import class_name
from nndesigner.ui.canvas.face import face_of
from nndesigner.ui.canvas.items import curve

NAMES = examples.names()

# The numbers people publish or torchvision counts; GoogLeNet's without its two heads and with them.
PARAMETERS = {
    "lenet5": 61_706,
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "googlenet": 13_004_888,
    "resnet18": 11_689_512,
    "resnet50": 25_557_032,
    "densenet121": 7_978_856,
    "mobilenetv2": 3_504_872,
    "unet": 31_037_698,
}
GOOGLENET_WITHOUT_HEADS = 6_624_904
HEADS = ("head1", "aux1", "head2", "aux2")
BY_HAND: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "resnet18": (lambda: references.resnet((2, 2, 2, 2), deep=False), 64),
    "resnet50": (lambda: references.resnet((3, 4, 6, 3), deep=True), 64),
    "googlenet": (references.googlenet, 64),
    "densenet121": (references.densenet121, 64),
    "mobilenetv2": (references.mobilenetv2, 64),
    "unet": (references.UNet, 32),
}
# Where a Linear lies behind maps that no adaptive pooling brings to one size, pictures can't be smaller.
WHOLE = ("lenet5", "alexnet", "vgg16")


def without_heads() -> Project:
    project = examples.load("googlenet")
    return replace(project, graph=project.graph.remove(HEADS))


def built(name: str) -> Project:
    return without_heads() if name == "googlenet" else examples.load(name)


def inputs_of(plan: Plan, size: int | None = None) -> list[torch.Tensor]:
    """Random tensors that fit the plan's inputs, two samples; pictures of another `size` where it is given."""
    generator = torch.Generator().manual_seed(0)
    made = []
    for place in plan.inputs.values():
        given = plan.types[place]
        if given.is_float:
            sizes = (given.sizes[1], size, size) if size and len(given.sizes) == 4 else given.sizes[1:]
            made.append(torch.rand(2, *sizes, generator=generator))
        else:
            made.append(torch.randint(0, 8, (2, *given.sizes[1:]), generator=generator))
    return made


def classes_of(project: Project) -> dict[str, Any]:
    """What the project's script defines."""
    defined: dict[str, Any] = {"__name__": "exported"}
    exec(compile(script.write(project).text, "exported.py", "exec"), defined)
    return defined


def several(result: torch.Tensor | tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_number_of_parameters_is_that_of_the_published_network(name: str) -> None:
    plan = make(examples.load(name))
    with torch.device("meta"):
        counted = sum(weight.numel() for weight in Network(plan).parameters())
    assert plan.parameters == counted == PARAMETERS[name]


def test_googlenet_has_two_heads_that_can_be_left_out() -> None:
    whole, plan = examples.load("googlenet"), make(without_heads())
    assert list(make(whole).outputs) == ["object", "aux1", "aux2"]
    assert plan.parameters == GOOGLENET_WITHOUT_HEADS
    assert sum(node.kind == "Inception" for node in whole.graph.nodes.values()) == 9


def test_the_small_googlenet_takes_grey_pictures_of_28_pixels() -> None:
    plan = make(examples.load("googlenet-digits"))
    assert plan.types["data", "image"].sizes[1:] == (1, 28, 28)
    assert plan.parameters == 1_564_276  # half the published widths, one auxiliary head


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_drawn_without_a_problem_and_its_shapes_are_real(name: str) -> None:
    project = examples.load(name)
    plan = make(project)
    assert not plan.problems
    with torch.device("meta"):
        network = Network(plan).train()
    given = [one.to("meta") for one in inputs_of(plan)]
    for place, result in zip(plan.results, several(network(*given)), strict=True):
        assert result.shape[1:] == plan.types[place].sizes[1:]
    assert plan.parameters == sum(weight.numel() for weight in network.parameters())


@pytest.mark.parametrize("name", BY_HAND)
def test_the_drawn_network_computes_what_the_one_written_by_hand_computes(name: str) -> None:
    torch.manual_seed(0)
    reference, size = BY_HAND[name][0](), BY_HAND[name][1]
    plan = make(built(name))
    with torch.device("meta"):
        drawn = Network(plan)
    weights = reference.state_dict()
    assert [one.shape for one in drawn.state_dict().values()] == [one.shape for one in weights.values()]
    drawn.load_state_dict(dict(zip(drawn.state_dict(), weights.values(), strict=True)), assign=True)
    given = inputs_of(plan, size)
    with torch.no_grad():
        assert torch.equal(drawn.eval()(*given), reference.eval()(*given))


def test_vgg16_has_the_layers_of_the_one_written_by_hand() -> None:
    with torch.device("meta"):
        drawn, reference = Network(make(examples.load("vgg16"))), references.vgg16()
    assert [one.shape for one in drawn.parameters()] == [one.shape for one in reference.parameters()]


@pytest.mark.parametrize("name", NAMES)
def test_the_exported_class_computes_what_the_module_computes(name: str) -> None:
    project = examples.load(name)
    plan = make(project)
    exported = classes_of(project)[class_name(project)]
    torch.manual_seed(0)
    theirs = exported().eval()
    with torch.device("meta"):
        ours = Network(plan).eval()
    assert [*ours.state_dict()] == [*theirs.state_dict()]
    ours.load_state_dict(theirs.state_dict(), assign=True)
    size = None if project.data_set() or name in WHOLE else 64
    given = inputs_of(plan, size)
    results = []
    for network in (ours, theirs):
        torch.manual_seed(0)  # some draw random numbers
        with torch.no_grad():
            results.append(several(network(*given)))
    for mine, other in zip(*results, strict=True):
        assert mine.shape == other.shape
        assert torch.equal(mine, other)


@dataclass(frozen=True)
class Drawing:
    """A graph as the canvas draws it: its cards, its wires, its notes."""

    cards: dict[str, QRectF]
    wires: dict[Edge, QPainterPath]
    notes: list[QRectF]


def drawings_of(name: str) -> Iterator[Drawing]:
    """The main graph of an example and those of its blocks, drawn."""
    project = examples.load(name)
    for graph in (project.graph, *(block.graph for block in project.blocks.values())):
        faces = {
            name: face_of(
                node,
                project.kind_of(node),
                [edge.input for edge in graph.edges if edge.target == name],
                [edge.output for edge in graph.edges if edge.source == name],
            )
            for name, node in graph.nodes.items()
        }
        cards = {
            name: QRectF(*node.position, faces[name].width, faces[name].height)
            for name, node in graph.nodes.items()
        }
        wires = {}
        for edge in graph.edges:
            begin, end = faces[edge.source].output(edge.output), faces[edge.target].input(edge.input)
            assert begin and end
            first = cards[edge.source].topLeft() + QPointF(begin.x, begin.y)
            wires[edge] = curve(first, cards[edge.target].topLeft() + QPointF(end.x, end.y))
        yield Drawing(cards, wires, [QRectF(*note.position, *note.size) for note in graph.notes])


@pytest.mark.parametrize("name", NAMES)
def test_no_card_lies_on_another_and_layers_run_downwards(name: str) -> None:
    for drawing in drawings_of(name):
        boxes = [*drawing.cards.values(), *drawing.notes]
        near = [pair for pair in combinations(boxes, 2) if pair[0].adjusted(-8, -8, 8, 8).intersects(pair[1])]
        assert near == []
        for edge in drawing.wires:
            assert drawing.cards[edge.target].top() >= drawing.cards[edge.source].bottom() + 16
        assert all(part % 8 == 0 for box in boxes for part in (box.x(), box.y()))


@pytest.mark.parametrize("name", NAMES)
def test_no_wire_runs_behind_a_card(name: str) -> None:
    for drawing in drawings_of(name):
        hidden = [
            (edge, behind)
            for edge, wire in drawing.wires.items()
            for behind, card in drawing.cards.items()
            if behind not in (edge.source, edge.target)
            and QPainterPathStroker().createStroke(wire).intersects(card.adjusted(-2, -2, 2, 2))
        ]
        assert hidden == []


@pytest.mark.parametrize("name", NAMES)
def test_every_example_can_be_exported(name: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path, text = tmp_path / f"{name}.nnd", tmp_path / "exported.py"
    assert cli.main(["new", name, "-o", str(path)]) == 0
    assert cli.main(["check", str(path)]) == 0
    assert cli.main(["export", str(path), "-o", str(text), "--no-proof"]) == 0
    assert compile(text.read_text(), "exported.py", "exec")
    capsys.readouterr()


def test_titles_are_short_and_every_one_is_another() -> None:
    titles = [examples.load(name).title for name in NAMES]
    assert len(set(titles)) == len(titles)
    assert all(0 < len(title) <= 40 for title in titles)
