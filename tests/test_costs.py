"""What a network costs, held equal to torch: its counter of operations, its hooks on what autograd keeps, its weights."""

import json
import weakref
from dataclasses import replace
from typing import Any

import pytest
import torch
from test_kinds import LAYERS, named, project_of
from torch.utils.flop_counter import FlopCounterMode

from nndesigner import amounts, catalogue, cli, examples, measuring, nnd
from nndesigner.catalogue.kind import Kind
from nndesigner.costs import Cost, GivenUp, copies_of, costs
from nndesigner.graph import Edge, Graph, Node
from nndesigner.inference import resolve
from nndesigner.measuring import Layout, Question, measure
from nndesigner.model import Network
from nndesigner.plan import Plan, make
from nndesigner.project import Project
from tests.conftest import chain, residual_digits

NOT_COUNTED = pytest.mark.filterwarnings("ignore")


class Keepsake:
    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor.detach()


def built(plan: Plan, batch: int, device: str = "meta") -> tuple[Network, list[torch.Tensor]]:
    with torch.device(device):
        types = [plan.types[place] for place in plan.inputs.values()]
        given = [torch.zeros(one.at(batch), dtype=getattr(torch, one.dtype)) for one in types]
        return Network(plan).train(), given


def counted(plan: Plan, batch: int, device: str = "meta") -> tuple[int, int, int]:
    """Operations forwards and backwards and bytes kept for the pass backwards, of a whole run of the network."""
    network, given = built(plan, batch, device)
    weights = {one.untyped_storage()._cdata for one in (*network.parameters(), *network.buffers())}
    keepsakes = []

    def pack(tensor: torch.Tensor) -> Keepsake:
        keepsake = Keepsake(tensor)
        keepsakes.append(weakref.ref(keepsake))
        return keepsake

    with (
        FlopCounterMode(display=False) as forwards,
        torch.autograd.graph.saved_tensors_hooks(pack, lambda one: one.tensor),
    ):
        result = network(*given)
    alive = [keepsake.tensor.untyped_storage() for one in keepsakes if (keepsake := one()) is not None]
    kept = {one._cdata: one.nbytes() for one in alive if one._cdata not in weights}
    results = [one for one in (result if isinstance(result, tuple) else (result,)) if one.requires_grad]
    with FlopCounterMode(display=False) as backwards:
        if results:
            torch.autograd.backward(results, [torch.empty_like(one) for one in results])
    return forwards.get_total_flops(), backwards.get_total_flops(), sum(kept.values())


def told(plan: Plan, batch: int) -> tuple[int, int, int]:
    whole = costs(plan, batch).whole
    return whole.flops, whole.flops_backward, whole.kept


@pytest.mark.parametrize("name", examples.names())
def test_operations_and_kept_memory_of_every_example_are_those_of_a_whole_run(name: str) -> None:
    plan = make(examples.load(name))
    assert told(plan, 2) == counted(plan, 2)


@pytest.mark.parametrize("name", examples.names())
def test_parameters_and_weights_of_every_example_are_those_of_its_state_dict(name: str) -> None:
    plan = make(examples.load(name))
    network, _ = built(plan, 1)
    whole = costs(plan, 2).whole
    assert whole.parameters == sum(weight.numel() for weight in network.parameters())
    assert whole.weights == sum(one.numel() * one.element_size() for one in network.state_dict().values())
    assert whole.gradients == sum(4 * one.numel() for one in network.parameters() if one.requires_grad)


def test_vgg16_takes_the_operations_that_torch_counts() -> None:
    assert costs(make(examples.load("vgg16")), 2).whole.flops == 61_881_057_280


@pytest.mark.parametrize("name", ["digits", "digits-residual", "lenet5"])
def test_the_cpu_keeps_and_computes_what_the_meta_device_says(name: str) -> None:
    plan = make(examples.load(name))
    assert told(plan, 3) == counted(plan, 3, "cpu")


@NOT_COUNTED
@pytest.mark.parametrize("kind", LAYERS, ids=named)
def test_every_kind_costs_in_a_network_what_a_whole_run_counts(kind: Kind) -> None:
    plan = make(behind_a_learned_layer(project_of(kind)))
    plan = plan if not plan.errors else make(project_of(kind))
    assert not plan.errors
    on_meta = kind.name != "FractionalMaxPool3d"  # whose pass backwards is only there on the CPU
    assert told(plan, 3) == counted(plan, 3, "meta" if on_meta else "cpu")


def behind_a_learned_layer(alone: Project) -> Project:
    """The same, but what is of fractions first goes through a layer with a parameter, so that gradients flow back."""
    graph = alone.graph
    floats = {node.name for node in graph.nodes.values() if node.params.get("dtype") == "float32"}
    learned = [Node(f"learned_{name}", "PReLU") for name in floats]
    edges = [
        Edge(f"learned_{edge.source}", edge.output, edge.target, edge.input)
        if edge.source in floats
        else edge
        for edge in graph.edges
    ]
    edges += [Edge(name, "output", f"learned_{name}", "input") for name in floats]
    return replace(alone, graph=Graph.of([*graph.nodes.values(), *learned], edges))


def test_blocks_repetitions_shared_and_frozen_layers_are_counted_as_they_are_run() -> None:
    plan = make(residual_digits())
    found = costs(plan, 5)
    assert (found.whole.flops, found.whole.flops_backward, found.whole.kept) == counted(plan, 5)
    network, _ = built(plan, 1)
    assert found.whole.trainable == sum(one.numel() for one in network.parameters() if one.requires_grad)
    shared, again = found.of["linear2"], found.of["again"]
    assert (shared.parameters, shared.trainable, again.parameters, again.weights) == (600, 0, 0, 0)
    assert again.flops == shared.flops == 2 * 5 * 24 * 24
    inside = [cost for name, cost in found.of.items() if name.startswith("res1.")]
    assert Cost.together(inside) == found.of["res1"]
    assert "pair1.first.conv1" in found.of
    assert Cost.together([found.of[step.name] for step in plan.steps]) == found.whole


@pytest.fixture
def two() -> Plan:
    nodes = [
        Node("image", "Input", {"shape": (4, 8, 8)}),
        Node("conv1", "Conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1}),
        Node("relu1", "ReLU"),
        Node("conv2", "Conv2d", {"out_channels": 2, "kernel_size": 3, "padding": 1}),
        Node("maps", "Output"),
    ]
    return make(Project(Graph.of(nodes, chain("image", "conv1", "relu1", "conv2", "maps"))))


def test_each_layer_has_its_own_costs(two: Plan) -> None:
    found = costs(two, 10)
    conv1, relu1, conv2 = (found.of[name] for name in ("conv1", "relu1", "conv2"))
    assert conv1.flops == 2 * 10 * 8 * 8 * 8 * 4 * 9
    assert relu1.flops == relu1.flops_backward == 0
    assert conv1.flops_backward == conv1.flops  # the image needs no gradient
    assert conv2.flops_backward == 2 * conv2.flops
    assert conv1.kept == 4 * 10 * 4 * 8 * 8  # the image
    assert (relu1.kept, conv2.kept) == (4 * 10 * 8 * 8 * 8, 0)  # what relu1 gives, kept once for both


def test_training_takes_weights_gradients_activations_and_what_the_optimizer_remembers(two: Plan) -> None:
    whole = costs(two, 10).whole
    assert whole.weights == whole.gradients == 4 * two.parameters
    assert whole.training(2) == 4 * 4 * two.parameters + whole.kept


def test_a_network_that_runs_holds_two_neighbours_at_once(two: Plan) -> None:
    found = costs(two, 10)
    image, maps = 4 * 10 * 4 * 64, 4 * 10 * 8 * 64
    assert found.peak == image + 2 * maps  # relu1 takes one and gives one, and who calls holds the image
    assert found.running == found.peak + found.whole.weights


def test_a_frozen_layer_before_all_others_keeps_nothing(two: Plan) -> None:
    nodes = [
        Node("image", "Input", {"shape": (4, 8, 8)}),
        Node("conv1", "Conv2d", {"out_channels": 8, "kernel_size": 3}, frozen=True),
        Node("conv2", "Conv2d", {"out_channels": 2, "kernel_size": 3}),
        Node("maps", "Output"),
    ]
    found = costs(make(Project(Graph.of(nodes, chain("image", "conv1", "conv2", "maps")))), 2)
    assert (found.of["conv1"].flops_backward, found.of["conv1"].kept) == (0, 0)
    assert found.of["conv2"].flops_backward == found.of["conv2"].flops


def test_what_does_not_lead_to_a_gradient_is_not_run_backwards() -> None:
    nodes = [
        Node("image", "Input", {"shape": (16,)}),
        Node("linear1", "Linear", {"out_features": 8}),
        Node("argmax1", "Argmax", {"dim": 1}),
        Node("digit", "Output"),
    ]
    plan = make(Project(Graph.of(nodes, chain("image", "linear1", "argmax1", "digit"))))
    assert not plan.errors
    assert told(plan, 4) == counted(plan, 4) == (2 * 4 * 16 * 8, 0, 0)


def test_a_norm_that_can_not_learn_from_one_record_still_has_costs() -> None:
    nodes = [
        Node("image", "Input", {"shape": (16,)}),
        Node("linear1", "Linear", {"out_features": 8}),
        Node("norm1", "BatchNorm1d"),
        Node("linear2", "Linear", {"out_features": 4}),
        Node("digit", "Output"),
    ]
    plan = make(Project(Graph.of(nodes, chain("image", "linear1", "norm1", "linear2", "digit"))))
    assert costs(plan, 1).whole.flops == costs(plan, 8).whole.flops // 8 == 2 * (16 * 8 + 8 * 4)


def test_a_norm_that_averages_over_all_batches_costs_what_any_norm_does() -> None:
    def norm(*more: tuple[str, None]) -> Question:
        return Question(
            "BatchNorm2d",
            (("num_features", 4), *more),
            ("input",),
            (Layout.plain((3, 4, 8, 8), "float32"),),
            (True,),
        )

    assert measure(norm(("momentum", None))) == measure(norm())


SEQUENCES = [kind for kind in catalogue.KINDS if kind.target in measuring._SEQUENCES]


@pytest.mark.parametrize("length", [1, 4, 5, 11])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("first", [True, False], ids=["batch first", "time first"])
@pytest.mark.parametrize("kind", SEQUENCES, ids=named)
def test_a_long_sequence_costs_what_is_carried_on_from_short_ones(
    kind: Kind, first: bool, layers: int, length: int
) -> None:
    sizes = (3, length, 6) if first else (length, 3, 6)
    arguments = (
        ("input_size", 6), ("hidden_size", 5), ("num_layers", layers), ("batch_first", first), ("bidirectional", True),
    )  # fmt: skip
    question = Question(kind.name, arguments, ("input",), (Layout.plain(sizes, "float32"),), (True,))
    assert measure(question) == measuring._measured(question)


def test_a_sequence_of_thousands_of_steps_is_counted_at_once() -> None:
    question = Question(
        "LSTM",
        (("input_size", 8), ("hidden_size", 8)),
        ("input",),
        (Layout.plain((9000, 2, 8), "float32"),),
        (False,),
    )
    assert measure(question).flops == 9000 * 2 * 2 * 4 * (8 * 8 + 8 * 8)


def test_nobody_waits_for_costs_that_are_unwanted(two: Plan) -> None:
    with pytest.raises(GivenUp):
        costs(two, 2, lambda: True)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        *((kind.name, {}) for kind in catalogue.KINDS if kind.role == "optimizer"),
        ("SGD", {"momentum": 0.9}),
        ("RMSprop", {"momentum": 0.9, "centered": True}),
        ("Adam", {"amsgrad": True}),
        ("AdamW", {"amsgrad": True}),
        ("LBFGS", {"history_size": 3}),
    ],
)
def test_an_optimizer_remembers_as_many_copies_as_is_said(name: str, params: dict[str, Any]) -> None:
    weight = torch.nn.Parameter(torch.rand(64, 64))
    optimizer = resolve(f"torch.optim.{name}")([weight], lr=1e-3, **params)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (weight**2).sum()
        loss.backward()
        if name == "SparseAdam":
            weight.grad = weight.grad.to_sparse()
        return loss

    for _ in range(params.get("history_size", 1)):
        optimizer.step(closure)

    def held(value: Any) -> int:
        if isinstance(value, torch.Tensor):
            return value.numel()
        return sum(map(held, value)) if isinstance(value, list) else 0

    found = sum(held(value) for state in optimizer.state.values() for value in state.values())
    if name == "LBFGS":
        assert found / weight.numel() <= copies_of(name, params)
    else:
        assert found / weight.numel() == pytest.approx(copies_of(name, params), abs=0.05)


def test_amounts_have_three_digits_and_a_unit() -> None:
    said = [amounts.operations(count) for count in (0, 999, 1000, 4_833_280, 61_881_057_280, 999_600)]
    assert said == ["0 FLOPs", "999 FLOPs", "1.00 kFLOPs", "4.83 MFLOPs", "61.9 GFLOPs", "1.00 MFLOPs"]
    assert amounts.memory(132_352) == "132 kB"


def test_check_tells_the_costs(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    path = tmp_path / "residual.nnd"
    nnd.save(residual_digits(), path)
    plan = make(residual_digits())
    assert cli.main(["check", str(path), "--batch", "5", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    whole = costs(plan, 5).whole
    assert (found["batch"], found["flops"], found["memory"]) == (5, whole.flops, whole.training(2))
    assert sum(found["memory_parts"].values()) == found["memory"]
    assert found["nodes"]["pair1.first.conv1"]["flops"] > 0
    assert sum(found["nodes"][step.name]["flops"] for step in plan.steps) == whole.flops
    assert cli.main(["check", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("res1 ") and "MFLOPs" in line for line in lines)
    assert cli.main(["check", str(path), "--batch", "0"]) == 2


def test_the_masks_of_a_transformer_cost_it_nothing() -> None:
    """Torch looks into masks, which have no values on the meta device; what is counted is the same without them."""
    nodes = [
        Node("source", "Input", {"shape": (5, 16)}),
        Node("target", "Input", {"shape": (6, 16)}),
        Node("mask", "CausalMask"),
        Node(
            "transformer1",
            "Transformer",
            {
                "nhead": 2,
                "num_encoder_layers": 1,
                "num_decoder_layers": 1,
                "dim_feedforward": 32,
                "batch_first": True,
            },
        ),
        Node("out", "Output"),
    ]
    wires = [
        Edge("source", "output", "transformer1", "src"),
        Edge("target", "output", "transformer1", "tgt"),
        Edge("transformer1", "output", "out", "input"),
    ]
    plain = costs(make(Project(Graph.of(nodes, wires))), 2).of["transformer1"]
    masked = [Edge("target", "output", "mask", "input"), Edge("mask", "output", "transformer1", "tgt_mask")]
    found = costs(make(Project(Graph.of(nodes, [*wires, *masked]))), 2).of["transformer1"]
    assert found.flops == plain.flops > 0
    assert found.flops_backward == plain.flops_backward > 0
