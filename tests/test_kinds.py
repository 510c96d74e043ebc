"""One set of tests over every kind: what the catalogue says is what torch does, in the module and in the script."""

import inspect
from dataclasses import replace

import pytest
import torch
from conftest import chain

from nndesigner import catalogue, script
from nndesigner.catalogue.kind import Kind, Required, TensorType
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.inference import infer, resolve
from nndesigner.model import Network
from nndesigner.plan import make
from nndesigner.project import Project

LAYERS = [kind for kind in catalogue.KINDS if kind.role == "layer"]
LOSSES = [kind for kind in catalogue.KINDS if kind.role == "loss"]
TARGETS = [kind for kind in catalogue.KINDS if kind.target]


def named(kind: Kind) -> str:
    return kind.name


def project_of(kind: Kind, **params: Value) -> Project:
    """The kind between Input nodes that give its example and an Output."""
    inputs = [
        Node(f"in{number}", "Input", {"shape": given.sizes[1:] or (1,), "dtype": given.dtype})
        for number, given in enumerate(kind.example)
    ]
    layer = Node("layer", kind.name, {**kind.start_params(), **params})
    edges = [
        Edge(node.name, "output", "layer", port)
        for node, port in zip(inputs, kind.input_names(), strict=False)
    ]
    outputs = kind.at(layer.params).outputs
    ends = [Node(f"out_{port.name}", "Output") for port in outputs]
    edges += [Edge("layer", port.name, end.name, "input") for port, end in zip(outputs, ends, strict=True)]
    return Project(Graph.of([*inputs, layer, *ends], edges))


def tensors(given: TensorType) -> torch.Tensor:
    if given.is_float:
        return torch.randn(given.at(2))
    if given.dtype == "bool":
        return torch.rand(given.at(2)) < 0.5
    return torch.randint(0, 4, given.at(2))


def exported(project: Project) -> torch.nn.Module:
    written = script.write(project)
    assert not written.trains
    names: dict[str, type[torch.nn.Module]] = {}
    exec(compile(written.text, "exported.py", "exec"), names)  # type: ignore[arg-type]
    return names["Network"]()


def alternatives(kind: Kind) -> list[dict[str, Value]]:
    """Params one by one away from their start, as far as any example takes them."""
    found: list[dict[str, Value]] = [{}]
    for param in kind.params:
        if param.own:
            continue
        if param.type == "bool":
            found.append({param.name: not param.start})
        elif param.choices:
            found += [{param.name: choice} for choice in param.choices if choice != param.start]
        elif param.type == "size" and param.axes > 1:
            found.append({param.name: tuple(range(1, param.axes + 1))})
    return found


CASES = [
    pytest.param(kind, params, id=f"{kind.name}-{params or 'as it begins'}")
    for kind in LAYERS
    for params in alternatives(kind)
    if not (kind.name.startswith("ConvTranspose") and "output_padding" in params)
    and params != {"padding": tuple(range(1, 4))}
    and not (kind.family == "pooling" and "padding" in params)
]


@pytest.mark.parametrize("kind", TARGETS, ids=named)
def test_every_declared_argument_is_one_of_torch(kind: Kind) -> None:
    if kind.is_method or kind.target.startswith("operator.") or kind.target == "torch.cat":
        assert callable(resolve(kind.target))
        return
    signature = inspect.signature(resolve(kind.target))
    declared = [one.argument for one in kind.follows] + [param.name for param in kind.params if not param.own]
    assert set(declared) <= set(signature.parameters)
    for param in kind.params:
        if param.own:
            continue
        torchs = signature.parameters[param.name].default
        if torchs is inspect.Parameter.empty:
            assert isinstance(param.default, Required), f"{param.name} has no default in torch"
        else:
            assert param.default == torchs, f"{param.name} has the default {torchs} in torch"
    needed = {
        name
        for name, one in signature.parameters.items()
        if one.default is one.empty
        and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        and name not in ("params", "optimizer")
    }
    assert needed <= set(declared), "an argument torch asks for is not declared"
    assert tuple(signature.parameters)[: len(kind.positional)] == kind.positional


@pytest.mark.parametrize("kind", catalogue.KINDS, ids=named)
def test_every_kind_is_told_to_people(kind: Kind) -> None:
    assert kind.sentence.endswith((".", "?"))
    assert kind.role in ("data", "input", "output") or kind.formula
    for param in kind.params:
        assert param.sentence, param.name
        assert param.problem(param.start) is None, param.name
    assert not kind.problems(kind.start_params())
    assert not kind.target.startswith("torch.") or kind.documentation.startswith("https://docs.pytorch.org/")


@pytest.mark.parametrize(("kind", "params"), CASES)
def test_the_planned_shape_is_the_real_one_and_the_script_computes_the_same(
    kind: Kind, params: dict[str, Value]
) -> None:
    project = project_of(kind, **params)
    plan = make(project)
    assert not plan.errors
    torch.manual_seed(1)
    network = Network(plan)
    torch.manual_seed(1)
    class_of_script = exported(project)
    inputs = [tensors(given) for given in kind.example]
    assert list(network.state_dict()) == list(class_of_script.state_dict())
    for mode in (True, False):
        network.train(mode), class_of_script.train(mode)
        torch.manual_seed(2)
        ours = network(*inputs)
        torch.manual_seed(2)
        theirs = class_of_script(*inputs)
        if isinstance(ours, torch.Tensor):
            ours, theirs = (ours,), (theirs,)
        outputs = project.kind_of(project.graph.nodes["layer"]).outputs
        for port, one, other in zip(outputs, ours, theirs, strict=True):
            assert torch.equal(one, other)
            planned = plan.types["layer", port.name]
            assert tuple(one.shape) == planned.at(2)
            assert str(one.dtype) == f"torch.{planned.dtype}"
    assert plan.parameters == sum(weight.numel() for weight in network.parameters())
    class_of_script.load_state_dict(network.state_dict())


@pytest.mark.parametrize("kind", LAYERS, ids=named)
def test_every_layer_passes_a_gradient_back(kind: Kind) -> None:
    network = Network(make(project_of(kind)))
    inputs = [tensors(given).requires_grad_() for given in kind.example]
    network(*inputs).sum().backward()
    for given in inputs:
        assert given.grad is not None and torch.isfinite(given.grad).all()
    for name, weight in network.named_parameters():
        assert weight.grad is not None, name


@pytest.mark.parametrize("kind", LOSSES, ids=named)
def test_every_loss_gives_one_number(kind: Kind) -> None:
    arguments = {name: value for name, value in kind.start_params().items() if not kind.by_name[name].own}
    found = infer(kind.name, tuple(arguments.items()), kind.example)
    assert not found.failure
    assert found.outputs[0].sizes == ()


@pytest.mark.parametrize("kind", [kind for kind in LAYERS if kind.inputs[0].ranks], ids=named)
def test_a_wrong_number_of_axes_is_told_in_plain_words(kind: Kind) -> None:
    project = project_of(kind)
    ranks = kind.inputs[0].ranks
    wrong = next(rank for rank in (3, 4, 5, 6) if rank not in ranks)
    feeding = project.graph.nodes["in0"].with_param("shape", (4, *(8,) * (wrong - 2)))
    plan = make(replace(project, graph=project.graph.replace_node(feeding)))
    assert [problem.node for problem in plan.errors] == ["layer"]
    assert plan.errors[0].port == "input"
    assert plan.errors[0].message.startswith("layer expects ")
    assert "in0 gives N×4" in plan.errors[0].message


@pytest.mark.parametrize("kind", [kind for kind in LAYERS if kind.inputs[0].dtype == "float"], ids=named)
def test_whole_numbers_where_fractions_are_needed_are_refused(kind: Kind) -> None:
    project = project_of(kind)
    feeding = project.graph.nodes["in0"].with_param("dtype", "int64")
    plan = make(replace(project, graph=project.graph.replace_node(feeding)))
    assert any("float32" in problem.message for problem in plan.errors)


@pytest.mark.parametrize(
    "kind", [kind for kind in LAYERS if kind.is_module and not kind.inputs[0].many], ids=named
)
def test_a_repeated_layer_has_the_same_weights_in_module_and_script(kind: Kind) -> None:
    project = project_of(kind)
    if len(kind.inputs) > 1:
        return
    layer = replace(project.graph.nodes["layer"], repeat=2)
    repeated = replace(project, graph=project.graph.replace_node(layer))
    plan = make(repeated)
    if plan.errors:  # the layer's result does not fit its own input
        assert plan.errors[0].node == "layer"
        return
    torch.manual_seed(1)
    network = Network(plan)
    torch.manual_seed(1)
    class_of_script = exported(repeated)
    inputs = [tensors(given) for given in kind.example]
    network.eval(), class_of_script.eval()
    assert torch.equal(network(*inputs), class_of_script(*inputs))


def test_a_chain_reads_as_x() -> None:
    nodes = [Node("a", "Input", {"shape": (4,)}), Node("b", "ReLU"), Node("c", "Tanh"), Node("d", "Output")]
    text = script.write(Project(Graph.of(nodes, chain("a", "b", "c", "d")))).text
    assert "x = self.b(a)" in text and "x = self.c(x)" in text and "return x" in text
