"""One set of tests over every kind: what the catalogue says is what torch does, in the module and in the script."""

import inspect
from dataclasses import replace
from types import BuiltinFunctionType

import pytest
import torch

from nndesigner import catalogue, script
from nndesigner.catalogue.kind import Kind, Required, TensorType
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.inference import infer, resolve
from nndesigner.model import Network
from nndesigner.plan import make
from nndesigner.project import Project
from tests.conftest import chain

LAYERS = [kind for kind in catalogue.KINDS if kind.role == "layer"]
LOSSES = [kind for kind in catalogue.KINDS if kind.role == "loss"]
TARGETS = [kind for kind in catalogue.KINDS if kind.target]

# What passes no gradient back: whole numbers, masks and noise come out, or it is their purpose.
STOPPING = {
    *("Argmax", "Argmin", "ToLong", "ToBool", "OneHot", "Detach", "Buffer", "Positions", "CausalMask"),
    *("PaddingMask", "RandnLike", "RandLike", "ZerosLike", "OnesLike", "And", "Or", "Not"),
    *("Equal", "NotEqual", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"),
}
POSITIVE = {"Log", "Log1p", "Sqrt", "Rsqrt"}  # only there a gradient is finite


def named(kind: Kind) -> str:
    return kind.name


def project_of(kind: Kind, **params: Value) -> Project:
    """The kind between Input nodes that give its example and an Output."""
    inputs = [
        Node(f"in{number}", "Input", {"shape": given.sizes[1:] or (1,), "dtype": given.dtype})
        for number, given in enumerate(kind.example)
    ]
    layer = Node("layer", kind.name, {**kind.start_params(), **params})
    last = [f"{port.name}{len(inputs) - len(kind.inputs) + 1}" for port in kind.inputs if port.many]
    edges = [
        Edge(node.name, "output", "layer", port)
        for node, port in zip(inputs, kind.input_names(last), strict=False)
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
            for one, other in (("size", "scale_factor"), ("output_size", "output_ratio")):
                if param.name == one and other in kind.by_name:  # one of them is given
                    found[-1][other] = None
    return found


def arguments_of(kind: Kind) -> dict[str, inspect.Parameter]:
    """The arguments of its callable; for what is passed at the call, those of `forward`."""
    target = resolve(kind.target)
    parameters = dict(inspect.signature(target).parameters)
    if isinstance(target, type) and issubclass(target, torch.nn.RNNBase):  # these hide theirs behind *args
        parameters = dict(inspect.signature(torch.nn.RNNBase).parameters)
        del parameters["mode"]
        parameters["nonlinearity"] = inspect.signature(torch.nn.RNNCell).parameters["nonlinearity"]
    called = [param.name for param in kind.params if param.passed == "call"]
    forward = inspect.signature(target.forward).parameters if called else {}  # type: ignore[attr-defined]
    return {**parameters, **{name: forward[name] for name in called}}


# What only makes sense with an input that may stay without a wire.
WITH_MORE = {"is_causal", "tgt_is_causal", "memory_is_causal", "include_last_offset"}

CASES = [
    pytest.param(kind, params, id=f"{kind.name}-{params or 'as it begins'}")
    for kind in LAYERS
    for params in alternatives(kind)
    if not (kind.name.startswith("ConvTranspose") and "output_padding" in params)  # as others, in test_layers
    and kind.name not in ("Upsample", "Fold")
    and params != {"padding": tuple(range(1, 4))}
    and not (kind.family == "pooling" and "padding" in params)
    and not (kind.is_module and WITH_MORE & params.keys())
]


@pytest.mark.parametrize("kind", TARGETS, ids=named)
def test_every_declared_argument_is_one_of_torch(kind: Kind) -> None:
    if kind.is_method or kind.is_operator or kind.is_tensor or kind.target == "torch.einsum":
        assert callable(resolve(kind.target))
        return
    try:
        parameters = arguments_of(kind)
    except ValueError:  # a builtin tells nothing; that it takes its arguments is tested by calling it
        assert isinstance(resolve(kind.target), BuiltinFunctionType)
        return
    around = [param for param in kind.params if param.passed == "wrapped"]
    assert all(hasattr(torch.nn.utils.parametrizations, name) for param in around for name in param.choices)
    params = [param for param in kind.params if not param.own and param not in around]
    declared = [one.argument for one in kind.follows] + [param.name for param in params]
    assert set(declared) <= set(parameters)
    for param in params:
        torchs = parameters[param.name].default
        if torchs is inspect.Parameter.empty:
            assert isinstance(param.default, Required), f"{param.name} has no default in torch"
        else:
            if param.name == "fused":  # None lets torch choose between its loops, of which the fused is none
                torchs = bool(torchs)
            assert param.default == getattr(torchs, "__name__", torchs), (
                f"{param.name} has the default {torchs} in torch"
            )
    tensors_first = 0 if kind.is_module or kind.role != "layer" else len(kind.inputs)
    needed = {
        name
        for name, one in [*parameters.items()][tensors_first:]
        if one.default is one.empty
        and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        and name not in ("params", "optimizer")
    }
    assert needed <= set(declared), "an argument torch asks for is not declared"
    assert tuple(parameters)[: len(kind.positional)] == kind.positional


@pytest.mark.parametrize("kind", catalogue.KINDS, ids=named)
def test_every_kind_is_told_to_people(kind: Kind) -> None:
    assert kind.sentence.endswith((".", "?"))
    assert kind.role in ("data", "input", "output") or kind.formula
    for param in kind.params:
        assert param.sentence, param.name
        assert param.problem(param.start) is None, param.name
    assert not kind.problems(kind.start_params())
    assert not kind.target.startswith("torch.") or kind.documentation.startswith("https://docs.pytorch.org/")


@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True")  # torch, of every other nn.Transformer
@pytest.mark.parametrize(("kind", "params"), CASES)
def test_the_planned_shape_is_the_real_one_and_the_script_computes_the_same(
    kind: Kind, params: dict[str, Value]
) -> None:
    assert_alike(kind, params)


def assert_alike(kind: Kind, params: dict[str, Value]) -> None:
    """Module and script, made and called with the same seeds, agree bit for bit in shapes, results and weights."""
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
            torch.testing.assert_close(one, other, rtol=0, atol=0, equal_nan=True)
            planned = plan.types["layer", port.name]
            assert tuple(one.shape) == planned.at(2)
            assert str(one.dtype) == f"torch.{planned.dtype}"
    assert plan.parameters == sum(weight.numel() for weight in network.parameters())
    for one, other in zip(network.state_dict().values(), class_of_script.state_dict().values(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("kind", LAYERS, ids=named)
def test_every_layer_passes_a_gradient_back(kind: Kind) -> None:
    network = Network(make(project_of(kind)))
    inputs = [tensors(given) for given in kind.example]
    if kind.name in POSITIVE:
        inputs = [given.exp() for given in inputs]
    learned = [*network.parameters(), *(given for given in inputs if given.is_floating_point())]
    for one in learned:
        one.requires_grad_()
    given = network(*inputs)
    results = [one for one in (given if isinstance(given, tuple) else (given,)) if one.requires_grad]
    assert bool(results) == (bool(learned) and kind.name not in STOPPING)
    sum((one.sum() for one in results), torch.zeros((), requires_grad=True)).backward()
    for one in learned if results else []:
        assert one.grad is not None and torch.isfinite(one.grad).all()


@pytest.mark.parametrize("kind", LOSSES, ids=named)
def test_every_loss_gives_one_number(kind: Kind) -> None:
    arguments = {name: value for name, value in kind.start_params().items() if not kind.by_name[name].own}
    found = infer(kind.name, tuple(arguments.items()), kind.example)
    assert not found.failure
    assert found.outputs[0].sizes == ()


def test_what_ctc_gets_is_held_against_what_it_takes() -> None:
    kind = catalogue.BY_NAME["CTCLoss"]
    scores, letters, *lengths = kind.example
    assert infer("CTCLoss", (), kind.example).outputs == (TensorType(()),)
    fewer = TensorType((5, 4), "int64")
    assert "second axis of input has N" in infer("CTCLoss", (), (scores, fewer, *lengths)).failure
    assert "below 8" in infer("CTCLoss", (("blank", 8),), (scores, letters, *lengths)).failure


@pytest.mark.parametrize("kind", [kind for kind in LAYERS if kind.inputs and kind.inputs[0].ranks], ids=named)
def test_a_wrong_number_of_axes_is_told_in_plain_words(kind: Kind) -> None:
    project = project_of(kind)
    ranks = kind.inputs[0].ranks
    wrong = next(rank for rank in (3, 4, 5, 6) if rank not in ranks)
    feeding = project.graph.nodes["in0"].with_param("shape", (4, *(8,) * (wrong - 2)))
    plan = make(replace(project, graph=project.graph.replace_node(feeding)))
    assert [problem.node for problem in plan.errors] == ["layer"]
    assert plan.errors[0].port == kind.inputs[0].name
    assert plan.errors[0].message.startswith("layer expects ")
    assert "in0 gives N×4" in plan.errors[0].message


@pytest.mark.parametrize(
    "kind", [kind for kind in LAYERS if kind.inputs and kind.inputs[0].dtype == "float"], ids=named
)
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
