import time
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from nndesigner import examples
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, Node, Value
from nndesigner.model import Network
from nndesigner.plan import Plan, make
from nndesigner.project import Choice, Project, Training
from tests.conftest import chain, residual_digits, small_digits, wired

Build = Callable[..., Project]


def only(plan: Plan) -> tuple[str, str, str]:
    """The one error there is: node, port, message."""
    assert len(plan.errors) == 1, plan.errors
    error = plan.errors[0]
    return error.node, error.port, error.message


def changed(node: str, **params: object) -> Project:
    project = small_digits()
    found = project.graph.nodes[node]
    for name, value in params.items():
        found = found.with_param(name, value)  # type: ignore[arg-type]
    return replace(project, graph=project.graph.replace_node(found))


def shape_of(result: torch.Tensor | tuple[torch.Tensor, ...]) -> tuple[int, ...]:
    """The sizes of a result, or of the first of several."""
    return tuple((result[0] if isinstance(result, tuple) else result).shape)


@pytest.mark.parametrize("name", [name for name in examples.names() if examples.load(name).data_set()])
def test_every_example_with_data_has_no_problem_and_the_shapes_torch_gives(name: str) -> None:
    plan = make(examples.load(name))
    assert not plan.problems
    network = Network(plan).eval()
    seen: dict[str, tuple[int, ...]] = {}
    for child, module in network.named_children():
        module.register_forward_hook(lambda _m, _i, out, child=child: seen.update({child: shape_of(out)}))
    given = (plan.types[place] for place in plan.inputs.values())
    network(*(torch.ones(one.at(2), dtype=getattr(torch, one.dtype)) for one in given))
    assert seen
    for child, sizes in seen.items():
        assert plan.types[child, "output"].at(2) == sizes
    assert plan.parameters == sum(weight.numel() for weight in network.parameters())


def test_what_follows_from_shapes_is_filled_in() -> None:
    plan = make(small_digits())
    arguments = {step.name: dict(step.parts[0].arguments) for step in plan.steps}
    assert arguments["conv1"] == {"in_channels": 1, "out_channels": 8, "kernel_size": 3}
    assert arguments["linear1"] == {"in_features": 72, "out_features": 10}
    assert str(plan.types["conv1", "output"]) == "N×8×6×6"


def test_the_network_is_what_feeds_the_outputs_and_the_losses() -> None:
    plan = make(residual_digits())
    assert list(plan.inputs) == ["image"]
    assert plan.outputs == {"digit": ("head", "output")}
    assert plan.results == (("head", "output"), ("aux", "output"))
    assert [(one.name, one.scale, one.target) for one in plan.objectives] == [
        ("loss", 1.0, ("data", "label")),
        ("aux_loss", 0.3, ("data", "label")),
    ]


def test_shared_frozen_and_bypassed_layers_are_what_they_say() -> None:
    plan = make(residual_digits())
    network = Network(plan)
    names = {name.partition(".")[0] for name, _ in network.named_parameters()}
    assert "again" not in names and "silent" not in names
    assert not any(weight.requires_grad for weight in network.get_submodule("linear2").parameters())
    assert plan.parameters_of["again"] == 0
    assert plan.parameters == sum(weight.numel() for weight in network.parameters())


def test_a_repeated_layer_infers_each_repetition_by_itself() -> None:
    plan = make(residual_digits())
    step = next(step for step in plan.steps if step.name == "linear1")
    assert [part.arguments["in_features"] for part in step.parts] == [24, 24]
    blocks = next(step for step in plan.steps if step.name == "res1")
    assert [part.inner.steps[0].parts[0].arguments["in_channels"] for part in blocks.parts if part.inner] == [
        1,
        8,
    ]


def test_a_missing_input_is_told_at_its_port() -> None:
    project = small_digits()
    plan = make(replace(project, graph=project.graph.disconnect(wired("conv1 > relu1"))))
    assert only(plan) == ("relu1", "input", "relu1 gets nothing at 'input'; pull a wire to it")
    assert ("conv1", "output") in plan.types


def test_the_rest_goes_on_beyond_a_failure() -> None:
    project = changed("pool1", kernel_size=9)
    grown = project.graph.add(Node("other", "Flatten")).connect(Edge("conv1", "output", "other", "input"))
    plan = make(replace(project, graph=grown))
    node, port, message = only(plan)
    assert (node, port) == ("pool1", "input")
    assert "9×9" in message and "6×6" in message and "relu1" in message
    assert plan.types["other", "output"].at(2) == (2, 288)


def test_too_few_inputs_to_join_are_told(build: Build) -> None:
    project = build(
        [Node("a", "Input", {"shape": (4,)}), Node("add1", "Add"), Node("out", "Output")],
        "a > add1.input1",
        "add1 > out",
    )
    assert only(make(project)) == ("add1", "input1", "add1 joins 2 or more inputs, and has 1")


def test_joins_take_any_number_of_inputs(build: Build) -> None:
    nodes = [Node(name, "Input", {"shape": (4,)}) for name in "abc"]
    project = build(
        [*nodes, Node("cat1", "Concat", {"dim": 1}), Node("out", "Output")],
        *(f"{name} > cat1.input{number}" for number, name in enumerate("abc", 1)),
        "cat1 > out",
    )
    plan = make(project)
    assert plan.types["cat1", "output"].at(2) == (2, 12)


def test_a_wrong_number_of_classes_is_cured_by_its_own_edit() -> None:
    project = changed("linear1", out_features=7)
    plan = make(project)
    node, port, message = only(plan)
    assert (node, port) == ("loss", "input")
    assert message == "loss needs a score for each of the 10 classes of data, but linear1 gives 7"
    cured = make(replace(project, graph=plan.errors[0].cures[0].graph))
    assert plan.errors[0].cures[0].title == "Set out_features of linear1 to 10"
    assert not cured.problems


def test_a_forgotten_flatten_is_cured_by_its_own_edit() -> None:
    project = small_digits()
    graph = project.graph.remove(["flatten1"]).connect(Edge("pool1", "output", "dropout1", "input"))
    plan = make(replace(project, graph=graph))
    assert only(plan)[2].startswith("loss expects scores of N×classes for a target of N")
    cured = make(replace(project, graph=plan.errors[0].cures[0].graph))
    assert not cured.errors


def test_an_axis_out_of_range_is_told(build: Build) -> None:
    nodes = [Node("a", "Input", {"shape": (4,)}), Node("soft", "Softmax", {"dim": 5}), Node("out", "Output")]
    node, port, message = only(make(build(nodes, "a > soft", "soft > out")))
    assert (node, port) == ("soft", "dim")
    assert "from -2 to 1" in message


def test_a_loss_whose_target_has_another_shape_is_told(build: Build) -> None:
    nodes = [
        Node("data", "Data", {"dataset": "breast-cancer"}),
        Node("linear1", "Linear", {"out_features": 3}),
        Node("loss", "MSELoss"),
    ]
    plan = make(build(nodes, "data.features > linear1", "linear1 > loss", "data.benign > loss.target"))
    assert only(plan)[2] == "loss expects target to have the shape of its input, N×3, but data gives N×1"
    assert plan.errors[0].cures[0].title == "Set out_features of linear1 to 1"


def test_what_torch_refuses_beyond_that_is_told_with_the_node(build: Build) -> None:
    nodes = [
        Node("a", "Input", {"shape": (6, 4, 4)}),
        Node("norm1", "GroupNorm", {"num_groups": 4}),
        Node("out", "Output"),
    ]
    node, _, message = only(make(build(nodes, "a > norm1", "norm1 > out")))
    assert node == "norm1"
    assert message == "num_groups of norm1 must divide its 6 channels; it is set to 4"


def test_unknown_kinds_ports_and_params_are_problems_of_their_node(build: Build) -> None:
    nodes = [
        Node("a", "Input", {"shape": (4,)}),
        Node("b", "Unheard"),
        Node("c", "ReLU"),
        Node("d", "Dropout", {"q": 1}),
    ]
    plan = make(build(nodes, "a > b", "a.side > c", "a > d"))
    assert {(problem.node, problem.port) for problem in plan.errors} == {("a", "side"), ("b", ""), ("d", "q")}


def test_a_missing_or_wrong_value_is_told_with_what_is_expected() -> None:
    assert only(make(changed("dropout1", p=2.0)))[2] == "dropout1: p is a number from 0 to 1, not 2.0"
    project = small_digits()
    bare = replace(project, graph=project.graph.replace_node(Node("conv1", "Conv2d", {"kernel_size": 3})))
    assert only(make(bare))[2] == "conv1: out_channels is missing; it is a whole number from 1"


def test_parts_that_nothing_uses_are_advice() -> None:
    project = small_digits()
    graph = project.graph.add(Node("idle", "ReLU")).connect(Edge("conv1", "output", "idle", "input"))
    plan = make(replace(project, graph=graph))
    assert not plan.errors
    assert [(problem.node, problem.severity) for problem in plan.problems] == [("idle", "warning")]
    assert plan.parameters == make(project).parameters


def test_a_network_without_an_end_says_what_is_missing() -> None:
    project = small_digits()
    assert not make(Project()).problems
    no_end = make(replace(project, graph=project.graph.remove(["digit", "loss"])))
    assert "no end yet" in no_end.problems[0].message
    no_loss = make(replace(project, graph=project.graph.remove(["loss"])))
    assert "no loss" in no_loss.problems[0].message
    no_output = make(replace(project, graph=project.graph.remove(["digit"])))
    assert "no Output" in no_output.problems[0].message


def test_a_problem_inside_a_block_is_told_at_the_block() -> None:
    project = residual_digits()
    inner = project.blocks["Residual"].graph
    broken = Block("Residual", inner.disconnect(wired("inp > skip")), project.blocks["Residual"].params)
    plan = make(project.with_block(broken))
    assert plan.errors[0].node == "res1"
    assert plan.errors[0].message.startswith("inside res1: skip gets nothing")


def test_an_expression_that_has_no_value_is_told() -> None:
    project = small_digits()
    node = project.graph.nodes["conv1"].with_param("out_channels", Expression("width"))
    assert "width" in only(make(replace(project, graph=project.graph.replace_node(node))))[2]


def test_weights_of_another_kind_or_size_can_not_be_shared(build: Build) -> None:
    nodes = [
        Node("a", "Input", {"shape": (4,)}),
        Node("one", "Linear", {"out_features": 6}),
        Node("two", "Linear", {"out_features": 6}, shares="one"),
        Node("out", "Output"),
    ]
    project = build(nodes, "a > one", "one > two", "two > out")
    assert "sizes differ" in only(make(project))[2]
    relu = replace(project, graph=project.graph.replace_node(replace(nodes[2], shares="a")))
    assert "a is none" in only(make(relu))[2]


def test_a_thousand_layers_are_planned() -> None:
    names = [f"n{number}" for number in range(1000)]
    nodes = [
        Node("a", "Input", {"shape": (8,)}),
        *(Node(name, "Linear", {"out_features": 8}) for name in names),
    ]
    graph = Graph.of([*nodes, Node("out", "Output")], chain("a", *names, "out"))
    plan = make(Project(graph))
    assert not plan.problems and plan.parameters == 1000 * 72


def in_block(inner: Graph, *words: str, outputs: tuple[str, ...] = ("out",)) -> Project:
    """A project of an Input (1, 8, 8), the block `Inner` as node `inner`, and an Output for each of its ports."""
    nodes = [Node("a", "Input", {"shape": (1, 8, 8)}), Node("inner", "Inner")]
    ends = [Node(f"end_{name}", "Output") for name in outputs]
    wires = wired(*words, *(f"inner.{name} > end_{name}" for name in outputs))
    return Project(Graph.of([*nodes, *ends], wires)).with_block(Block("Inner", inner))


def test_a_blocks_outputs_come_in_the_order_of_its_ports() -> None:
    """The deep one stands first in the file, though it is computed last, and two are fed by the same layer."""
    inner = Graph.of(
        [Node("deep", "Output"), Node("i", "Input"), Node("again", "Output"), Node("shallow", "Output"),
         Node("pool", "MaxPool2d", {"kernel_size": 2})],
        wired("i > pool", "pool > deep", "pool > again", "i > shallow"),
    )  # fmt: skip
    plan = make(in_block(inner, "a > inner.i", outputs=("deep", "again", "shallow")))
    assert not plan.errors
    results = Network(plan)(torch.rand(3, 1, 8, 8))
    planned = [plan.types[place].at(2)[1:] for place in plan.results]
    assert [tuple(result.shape[1:]) for result in results] == planned
    assert set(planned) == {(1, 4, 4), (1, 8, 8)}


@pytest.mark.parametrize("kind", ["Data", "MSELoss"])
def test_data_and_losses_in_a_block_are_refused(kind: str) -> None:
    inner = Graph.of(
        [Node("i", "Input"), Node("wrong", kind, {"dataset": "digits"} if kind == "Data" else {}),
         Node("out", "Output")],
        wired("i > out", *(["i > wrong", "i > wrong.target"] if kind == "MSELoss" else [])),
    )  # fmt: skip
    assert "inside inner: wrong can't be in a block" in only(make(in_block(inner, "a > inner.i")))[2]


def test_an_optimizer_on_the_canvas_is_told_to_be_no_layer(build: Build) -> None:
    assert "training settings" in only(make(build([Node("opt", "Adam")])))[2]


def test_a_block_without_inputs_can_stand_bypassed() -> None:
    inner = Graph.of([Node("out", "Output")])
    project = Project(Graph.of([Node("inner", "Inner", bypassed=True)])).with_block(Block("Inner", inner))
    assert make(project).errors


def test_a_bypassed_loss_counts_for_nothing_and_is_not_checked() -> None:
    project = small_digits()
    idle = Node("idle", "MSELoss", bypassed=True)
    graph = project.graph.add(idle).connect(Edge("conv1", "output", "idle", "input"))
    plan = make(replace(project, graph=graph))
    assert not plan.errors and [one.name for one in plan.objectives] == ["loss"]


def test_a_field_of_the_data_never_takes_a_nodes_name() -> None:
    graph = small_digits().graph.rename("relu1", "image").rename("pool1", "data_image")
    assert list(make(replace(small_digits(), graph=graph)).inputs) == ["data_image_"]


@pytest.mark.parametrize(
    ("kind", "params", "shape", "message"),
    [
        ("ConvTranspose2d", {"out_channels": 2, "kernel_size": 3, "output_padding": 1}, (4, 8, 8), "less than its stride"),
        ("ConvTranspose2d", {"out_channels": 2, "kernel_size": 1, "padding": (0, 4)}, (4, 8, 8), "cuts off all it would make of N×4×8×8"),
        ("Reshape", {"shape": (-1, 2, 4)}, (4,), "can't lay N×4 from a, 4N numbers, out as -1×2×4"),
        ("Softplus", {"beta": 1e300}, (4,), "beta is a number above 0, not 1e+300"),
        ("Dropout", {"p": 10**400}, (4,), "…"),
    ],
)  # fmt: skip
def test_what_the_meta_device_lets_through_is_told(
    build: Build, kind: str, params: dict[str, Value], shape: tuple[int, ...], message: str
) -> None:
    nodes = [Node("a", "Input", {"shape": shape}), Node("layer", kind, params), Node("out", "Output")]
    node, _, words = only(make(build(nodes, "a > layer", "layer > out")))
    assert node == "layer" and message in words


def test_reshaping_may_share_a_sample_out_to_several_rows_and_back(build: Build) -> None:
    nodes = [
        Node("a", "Input", {"shape": (4, 6)}),
        Node("rows", "Reshape", {"shape": (-1, 6)}),
        Node("linear1", "Linear", {"out_features": 3}),
        Node("back", "Reshape", {"shape": (-1, 4, 3)}),
        Node("out", "Output"),
    ]
    plan = make(build(nodes, "a > rows", "rows > linear1", "linear1 > back", "back > out"))
    assert not plan.errors and plan.types["back", "output"].at(2) == (2, 4, 3)


def test_adding_what_has_another_number_of_axes_is_told(build: Build) -> None:
    """With a batch of two, N×2×8 plus N×8 fits by chance."""
    nodes = [
        Node("a", "Input", {"shape": (2, 8)}),
        Node("b", "Input", {"shape": (8,)}),
        Node("add1", "Add"),
        Node("out", "Output"),
    ]
    project = build(nodes, "a > add1.input1", "b > add1.input2", "add1 > out")
    assert only(make(project))[:2] == ("add1", "input2")


@pytest.mark.parametrize(
    ("training", "message"),
    [
        (Training(Choice("Lion")), "'Lion' is no optimizer"),
        (Training(Choice("StepLR", {"step_size": 1})), "'StepLR' is no optimizer"),
        (Training(scheduler=Choice("Adam")), "'Adam' is no scheduler"),
        (Training(Choice("Adam", {"lr": 0.0})), "lr is a number above 0"),
        (Training(Choice("Adam", {"lr": Expression("1")})), "not computed"),
        (Training(Choice("SGD", {"nesterov": True})), "needs a momentum"),
    ],
)
def test_settings_that_can_not_train_are_a_problem_of_the_project(training: Training, message: str) -> None:
    project = replace(small_digits(), training=training)
    node, _, words = only(make(project))
    assert node == "" and message in words
    assert not make(replace(project, graph=project.graph.remove(["loss"]))).errors


def test_a_param_of_a_function_is_computed_too(build: Build) -> None:
    nodes = [
        Node("a", "Input", {"shape": (4,)}),
        Node("cat1", "Concat", {"dim": Expression("2 - 1")}),
        Node("out", "Output"),
    ]
    plan = make(build(nodes, "a > cat1.input1", "a > cat1.input2", "cat1 > out"))
    assert not plan.errors and plan.types["cat1", "output"].at(2) == (2, 8)


def test_without_an_end_the_network_gives_what_nothing_uses() -> None:
    project = small_digits()
    plan = make(replace(project, graph=project.graph.remove(["digit", "loss"])))
    assert plan.results == (("linear1", "output"),)


def test_a_missing_flatten_far_down_is_found_quickly() -> None:
    names = [f"n{number}" for number in range(1000)]
    nodes = [Node("data", "Data", {"dataset": "digits"}), *(Node(name, "ReLU") for name in names)]
    graph = Graph.of(
        [*nodes, Node("loss", "CrossEntropyLoss")],
        [*wired("data.image > n0", "n999 > loss", "data.label > loss.target"), *chain(*names)],
    )
    make(Project(graph))
    began = time.perf_counter()
    assert make(Project(graph)).errors[0].cures
    assert time.perf_counter() - began < 2.0
