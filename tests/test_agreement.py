"""5,000 drawn cases of a kind, its arguments and what it is fed: the plan and torch on the CPU agree, or both refuse.

The plan knows a shape from the meta device, with a batch it never sees, and from what the catalogue declares; torch
computes with real tensors of two batch sizes. A plan that accepts says the shape and dtype of both.
"""

import itertools
import random
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
import torch

from nndesigner import catalogue
from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, TensorType
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.inference import call, construct, resolve, unpacked
from nndesigner.plan import make
from nndesigner.project import Project

LAYERS = [kind for kind in catalogue.KINDS if kind.role == "layer" and kind.target]
EQUATIONS = (
    "bij,bjk->bik",
    "bij,bij->bi",
    "bij->bji",
    "bij->b",
    "bi,bj->bij",
    "bij,jk->bik",
    "bii->bi",
    "bij->bik",
)
INDICES = (
    ":, 0",
    ":, -1",
    ":, 1:3",
    "..., 0",
    ":, ::2",
    ":, None",
    ":, :, 1",
    "0",
    ":2",
    ":, 9",
    ":, 0, 0, 0",
)
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
SOFTMAXES = ("Softmax", "Softmin", "LogSoftmax")
Shapes = tuple[tuple[tuple[int, ...], str], ...]


@dataclass(frozen=True)
class Case:
    """A kind with params and, by port, what it is fed."""

    kind: Kind
    params: Mapping[str, Value]
    inputs: Mapping[str, TensorType]

    def __str__(self) -> str:
        fed = ", ".join(f"{name}: {one} {one.dtype}" for name, one in self.inputs.items())
        return f"{self.kind.name} {dict(self.params)} of {fed or 'nothing'}"


def drawn(seed: int) -> Iterator[Case]:
    """Cases without end, the same for the same seed, each kind in its turn."""
    for number, kind in enumerate(itertools.cycle(LAYERS)):
        draw = random.Random(f"{seed} {number} {kind.name}")
        params = {**kind.start_params()}
        for param in kind.params:
            if draw.random() < 0.4 and (found := value_of(param, draw)) is not _NONE:
                params[param.name] = found
        yield Case(kind, params, inputs_of(kind.at(params), draw))


_NONE = object()


def value_of(param: Param, draw: random.Random) -> object:
    """A value the param declares to take, small, or nothing where none is found."""
    makers: dict[str, Callable[[], object]] = {
        "bool": lambda: draw.random() < 0.5,
        "int": lambda: draw.choice((-2, -1, 0, 1, 1, 2, 2, 3, 4, 5, 8)),
        "axis": lambda: draw.choice((-3, -2, -1, 0, 1, 1, 2, 2, 3, 4)),
        "float": lambda: draw.choice((-1.0, 0.0, 0.1, 0.5, 0.9, 1.0, 1.5, 2, 3.0)),
        "size": lambda: draw.choice((0, 1, 2, 3, tuple(draw.randint(0, 3) for _ in range(param.axes)))),
        "axes": lambda: draw.choice((1, -1, 2, tuple(draw.sample(range(-1, 4), draw.randint(1, 4))))),
        "shape": lambda: varied(param.start, draw),
        "floats": lambda: tuple(draw.choice((0.1, 0.5, 0.9)) for _ in range(param.axes)),
        "text": lambda: draw.choice(EQUATIONS) if param.name == "equation" else param.start,
        "index": lambda: draw.choice(INDICES),
    }
    for _ in range(8):
        if param.choices and (param.type == "choice" or draw.random() < 0.3):
            found: object = draw.choice(param.choices)
        elif (param.default is None or param.optional) and draw.random() < 0.3:
            found = None
        elif param.type in makers:
            found = makers[param.type]()
        else:
            return _NONE
        if param.problem(found) is None:  # type: ignore[arg-type]
            return found
    return _NONE


def varied(shape: object, draw: random.Random) -> object:
    """A shape near one that fits: another order, another size, one more or one less."""
    sizes = list(shape) if isinstance(shape, tuple) else [2, 2]
    change = draw.randrange(4)
    if change == 0:
        draw.shuffle(sizes)
    elif change == 1:
        sizes[draw.randrange(len(sizes))] = draw.choice((-1, 0, 1, 2, 4))
    elif change == 2:
        sizes.insert(draw.randrange(len(sizes) + 1), draw.choice((1, 2)))
    elif len(sizes) > 1:
        del sizes[draw.randrange(len(sizes))]
    return tuple(sizes)


def inputs_of(kind: Kind, draw: random.Random) -> dict[str, TensorType]:
    """The kind's example by port, now and then with another size, axis or dtype; optional ports at times."""
    last = [f"{port.name}{len(kind.example) - len(kind.inputs) + 1}" for port in kind.inputs if port.many]
    names = kind.input_names(last)
    found = dict(zip(names, kind.example, strict=False))
    if any(port.many == 1 for port in kind.inputs) and draw.random() < 0.3:  # one more of the same
        found.setdefault(names[len(found)], kind.example[0])
    if draw.random() < 0.15:  # all of them alike: another size at the same place
        place, size = draw.randint(1, 3), draw.randint(1, 9)
        found = {name: _resized(one, place, size) for name, one in found.items()}
    for name, one in found.items():
        if draw.random() < 0.2 and len(one.sizes) > 1 and one.sizes[0] == CHECK_BATCH:
            found[name] = altered(one, draw)
    return found


def altered(given: TensorType, draw: random.Random) -> TensorType:
    """It with another size, one axis more or less, or another dtype."""
    sizes = list(given.sizes)
    place = draw.randrange(1, len(sizes))
    match draw.randrange(4):
        case 0:
            sizes[place] = draw.randint(1, 9)
        case 1:
            sizes.insert(place, draw.randint(1, 3))
        case 2 if len(sizes) > 2:
            del sizes[place]
        case _:
            return replace(given, dtype=draw.choice(("float32", "int64", "bool")))
    return replace(given, sizes=tuple(sizes))


def _resized(given: TensorType, place: int, size: int) -> TensorType:
    if place >= len(given.sizes) or given.sizes[0] != CHECK_BATCH or given.sizes[place] % CHECK_BATCH == 0:
        return given
    return replace(given, sizes=(*given.sizes[:place], size, *given.sizes[place + 1 :]))


def planned(case: Case) -> tuple[TensorType, ...] | None:
    """What the plan says comes out, or None where it refuses."""
    nodes, edges = [Node("layer", case.kind.name, case.params)], []
    for number, (port, given) in enumerate(case.inputs.items()):
        nodes += feeding(f"in{number}", given)
        edges += [
            Edge(one.name, "output", other.name, "input") for one, other in itertools.pairwise(nodes[-2:])
        ][: len(feeding("x1", given)) - 1]
        edges.append(Edge(nodes[-1].name, "output", "layer", port))
    outputs = case.kind.at(case.params).outputs
    for port in outputs:
        nodes.append(Node(f"out_{port.name}", "Output"))
        edges.append(Edge("layer", port.name, nodes[-1].name, "input"))
    plan = make(Project(Graph.of(nodes, edges)))
    if plan.errors:
        assert [problem.node for problem in plan.errors] == ["layer"], plan.errors
        return None
    return tuple(plan.types["layer", port.name] for port in outputs)


def feeding(name: str, given: TensorType) -> list[Node]:
    """Nodes that give a tensor of this type: an Input, its batch moved where the type has it, or a Buffer."""
    if not given.batched:
        return [Node(name, "Buffer", {"shape": given.sizes})]
    place = next(index for index, size in enumerate(given.sizes) if size % CHECK_BATCH == 0)
    sizes = list(given.sizes)
    sizes[0], sizes[place] = sizes[place], sizes[0]
    source = Node(name, "Input", {"shape": tuple(sizes[1:]) or (1,), "dtype": given.dtype})
    if len(sizes) == 1:
        return [source, Node(f"{name}_row", "Slice", {"index": ":, 0"})]
    return (
        [source] if place == 0 else [source, Node(f"{name}_moved", "Transpose", {"dim0": 0, "dim1": place})]
    )


def computed(case: Case, batch: int) -> Shapes | None:
    """What torch gives on the CPU, or None where it refuses or nothing is left."""
    kind = case.kind.at(case.params)
    values = kind.values(case.params)
    arguments: dict[str, Value] = {}
    tensors = {name: tensor(given, batch) for name, given in case.inputs.items()}
    torch.manual_seed(0)
    try:
        for one in kind.follows:
            shape = case.inputs[one.port].sizes
            size = shape[-values[one.last] :] if one.last else shape[one.axis]
            if (not one.when or values[one.when]) and (not one.unless or size != arguments[one.unless]):
                assert not TensorType(size if one.last else (size,)).batched, "weights can't follow the batch"
                arguments[one.argument] = size
        for param in kind.params:
            if not (param.own and kind.is_module) and values[param.name] != param.default:
                arguments[param.name] = values[param.name]
        if kind.is_tensor:
            result = construct(kind, arguments)
        else:
            function = construct(kind, arguments) if kind.is_module else resolve(kind.target)
            with torch.no_grad():
                result = call(kind, function, tensors, arguments)
        found = tuple(
            (tuple(one.shape), str(one.dtype).removeprefix("torch."))
            for one in unpacked(kind.structure, result)
        )
    except Exception:  # torch refuses with whatever it likes
        return None
    return None if any(0 in shape for shape, _ in found) else found


def tensor(given: TensorType, batch: int) -> torch.Tensor:
    """Numbers of this type; whole ones are 0, which is a place in whatever they may point into."""
    if given.is_float:
        return torch.rand(given.at(batch))
    return torch.zeros(given.at(batch), dtype=getattr(torch, given.dtype))


def stricter(case: Case) -> str:
    """Why the plan may refuse what torch on the CPU would compute, or nothing."""
    for name, given in case.inputs.items():
        port = case.kind.input_port(name)
        assert port is not None
        if port.ranks and len(given.sizes) not in port.ranks:
            return "a layer is declared to take a batch, and as many axes as its name says; torch takes some others"
        if port.dtype == "float" and not given.is_float:
            return "whole numbers that a layer would compute with are mostly class numbers wired to the wrong place"
        if port.dtype == "int" and (given.is_float or given.dtype == "bool"):
            return "a token or a class is a whole number, where torch compares any"
        if port.dtype == "bool" and given.dtype != "bool":
            return "a mask is true or false, where torch takes numbers for bits or for an additive mask"
        other = case.inputs.get(port.like or "")
        if other and other.sizes != given.sizes:
            return "what is compared place by place has one shape; torch lays one over the other"
    batched = [given for given in case.inputs.values() if given.batched]
    if case.kind.is_operator and len({len(given.sizes) for given in batched}) > 1:
        return "with fewer axes the batch of one would meet another axis of the other"
    if case.kind.target.rpartition(".")[2] in COMPARISONS and len(case.inputs) > 1:
        return "a comparison is with a number or with a second input; torch would compare the result again"
    if case.kind.name == "EmbeddingBag" and case.params.get("include_last_offset"):
        return "include_last_offset is about offsets; without them torch ignores it"
    if case.kind.name in SOFTMAXES and case.params.get("dim") is None:
        return "torch picks an axis by the number of axes, and warns that it will stop doing so"
    return ""


def disagreement(case: Case) -> tuple[bool, str]:
    """Whether the plan accepts the case, and what the two say where they differ without a reason that is known."""
    says = planned(case)
    # A module that normalizes over a batch needs more than one sample; a function must work for any number.
    batches = (11, 13) if case.kind.is_module else (11, 13, 1)
    found = [computed(case, batch) for batch in batches]
    if says is not None:
        wanted = [tuple((one.at(batch), one.dtype) for one in says) for batch in batches]
        return True, "" if wanted == found else f"{case}: plan says {wanted}, torch gives {found}"
    if regular(found, batches) and not stricter(case):
        return False, f"{case}: refused, but torch gives {found}"
    return False, ""


def regular(found: list[Shapes | None], batches: tuple[int, ...]) -> bool:
    """Whether torch takes all these batches, and each size is the same for all or a multiple of the batch."""
    given = [shapes for shapes in found if shapes is not None]
    if len(given) < len(found) or len({len(shapes) for shapes in given}) > 1:
        return False
    for several in zip(*given, strict=True):
        if len({len(sizes) for sizes, _ in several}) > 1:
            return False
        for along in zip(*(sizes for sizes, _ in several), strict=True):
            times = {size / batch for size, batch in zip(along, batches, strict=True)}
            if len(set(along)) > 1 and len(times) > 1:
                return False
    return True


@pytest.fixture
def quiet() -> Iterator[None]:
    """Warnings of odd arguments are not heard, and tensors this small are computed in one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("cases", [3000, pytest.param(5000, marks=pytest.mark.thorough)])
def test_the_plan_and_torch_agree_on_thousands_of_cases(cases: int) -> None:
    accepted: Counter[str] = Counter()
    told, differ = 0, []
    for case in itertools.islice(drawn(3), cases):
        accepts, words = disagreement(case)
        accepted[case.kind.name] += accepts
        told += 1
        differ += [words] if words else []
    assert differ == []
    assert told == cases
    assert 0.4 * cases < accepted.total() < 0.95 * cases, "most are accepted, and some are refused"
    assert [kind.name for kind in LAYERS if not accepted[kind.name]] == []
