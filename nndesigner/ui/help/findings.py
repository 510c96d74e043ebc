"""What torch itself says of a kind: the shapes of an example, and what it makes of small numbers, to be drawn.

Nothing here is written down by hand: a curve is the function at many places, a path is the optimizer's own steps.
Brings torch; not for the window's thread before torch is loaded.
"""

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.graph import Value
from nndesigner.inference import call, construct, infer, resolve, resolved, unpacked
from nndesigner.plan import arguments_of
from nndesigner.project import Choice
from nndesigner.training.choices import Rates, chosen_from
from nndesigner.ui.help.figures import Curve, Drawn, Grid, Grids, Path
from nndesigner.ui.help.picture import told

_PLACES, _REACH = 161, 4.0
_STEPS, _EPOCHS, _PER_EPOCH = 60, 30, 10
_MOST_SHEETS, _MOST_CELLS = 3, 16
_TWO_DIGITS = 99
_FEW = ("padding", "resampling", "dropout", "pooling")
_RAMPS = ("shaping", "padding", "resampling", "selecting", "dropout", "pooling")
_WITHOUT_CURVE = ("Softmax", "LogSoftmax", "Softmin", "Softmax2d", "GLU")


@dataclass(frozen=True)
class Findings:
    """The types at the ports of a kind for an example, how many parameters that takes, and what can be drawn of it."""

    inputs: tuple[tuple[str, TensorType], ...] = ()
    outputs: tuple[tuple[str, TensorType], ...] = ()
    parameters: int = 0
    arguments: Mapping[str, Value] = field(default_factory=dict)
    drawn: Drawn | None = None


def find(kind: Kind, params: Mapping[str, Value], known: Mapping[str, TensorType] | None = None) -> Findings:
    """What there is to say of a kind with these params, for the types `known` at its ports or else for its example; where
    the params do not fit that, of a node that begins.
    """
    found, used = Findings(), params
    for used, given in ((params, known or {}), (params, {}), (kind.start_params(), {})):
        found = _shapes(kind.at(used), used, given)
        if found.outputs or kind.role not in ("layer", "loss"):
            break
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        return replace(found, drawn=_drawn(kind.at(used), used))


def _shapes(kind: Kind, params: Mapping[str, Value], known: Mapping[str, TensorType]) -> Findings:
    if kind.role not in ("layer", "loss") or not kind.target or kind.code is not None:
        return Findings()
    inputs = {name: known[name] for name in kind.input_names(known) if name in known}
    if not inputs or any(one.port not in inputs for one in kind.follows):
        inputs = _example(kind)
    arguments = arguments_of(kind, kind.values(params), inputs)
    found = infer(kind.name, tuple(arguments.items()), tuple(inputs.values()), tuple(inputs))
    ports = [port.name for port in kind.outputs] or ["loss"]
    outputs = tuple(zip(ports, found.outputs, strict=False))
    return Findings(tuple(inputs.items()), outputs, found.parameters, arguments)


def _example(kind: Kind) -> dict[str, TensorType]:
    last = [f"{port.name}{len(kind.example) - len(kind.inputs) + 1}" for port in kind.inputs if port.many]
    return dict(zip(kind.input_names(last), kind.example, strict=False))


def _drawn(kind: Kind, params: Mapping[str, Value]) -> Drawn | None:
    try:
        if kind.role == "scheduler":
            return _rates(kind, params)
        if kind.role == "optimizer":
            return _descent(kind, params)
        if kind.role == "loss":
            return _loss(kind, params)
        if kind.role == "layer" and not told(kind):
            elementwise = kind.family in ("activation", "arithmetic") and kind.name not in _WITHOUT_CURVE
            return _curve(kind, params) if elementwise else _before_and_after(kind, params)
    except Exception:  # torch raises whatever it likes; a picture is no reason to fail
        return None
    return None


def _made(
    kind: Kind, params: Mapping[str, Value], types: Mapping[str, TensorType]
) -> tuple[Callable[..., Any], dict[str, Value]]:
    arguments = arguments_of(kind, kind.values(params), types)
    if kind.is_module or kind.is_tensor:
        return construct(kind, arguments), arguments
    return resolved(kind), arguments


def _curve(kind: Kind, params: Mapping[str, Value]) -> Curve:
    x = torch.linspace(-_REACH, _REACH, _PLACES)
    # For a parameter of each channel, these have to be along axis 1.
    name = kind.input_names()[0]
    function, arguments = _made(kind, params, {name: TensorType((_PLACES, 1))})
    if isinstance(function, torch.nn.Module):
        function.eval()
    with torch.no_grad():
        y = call(kind, function, {name: x[:, None]}, arguments).float().flatten()
    return Curve(tuple(zip(x.tolist(), y.tolist(), strict=True)), "x", "y")


def _before_and_after(kind: Kind, params: Mapping[str, Value]) -> Grids | None:
    """Of few numbers, if that is enough for these params."""
    types = _example(kind)
    try:
        return _grids(kind, params, {name: _small(kind, one) for name, one in types.items()})
    except Exception:  # as torch says that a map is too small
        return _grids(kind, params, types)


def _small(kind: Kind, given: TensorType) -> TensorType:
    """A map of four places along each axis, of which each number can be read."""
    if kind.family not in _FEW or len(given.sizes) < 3 or kind.name == "Fold":
        return given
    return replace(given, sizes=(*given.sizes[:2], *(min(size, 4) for size in given.sizes[2:])))


def _grids(kind: Kind, params: Mapping[str, Value], types: Mapping[str, TensorType]) -> Grids:
    function, arguments = _made(kind, params, types)
    given = {name: _tensor(kind, one, place) for place, (name, one) in enumerate(types.items())}
    with torch.no_grad():
        result = function if kind.is_tensor else call(kind, function, given, arguments)
        several = list(unpacked(kind.structure, result))
    before = tuple(_grid(one, _without_batch(types[name])) for name, one in given.items())
    count = len(kind.outputs)
    after = tuple(_grid(one, one.shape[0] == 1 and bool(types)) for one in several[:count])
    return Grids(before, after)


def _without_batch(given: TensorType) -> bool:
    return given.batched and given.sizes[0] % 8191 == 0


def _tensor(kind: Kind, given: TensorType, place: int) -> torch.Tensor:
    sizes = given.at(1)
    count = math.prod(sizes)
    if given.dtype == "bool":
        return torch.rand(sizes) < 0.5
    if not given.is_float:
        if kind.name.startswith("MaxUnpool"):
            # As a pooling of maps twice as wide would give them, each time the first of its window.
            places = torch.zeros(sizes[2:], dtype=torch.int64)
            for axis, size in enumerate(sizes[2:]):
                shape = [1] * (len(sizes) - 2)
                shape[axis] = size
                places = places * (2 * size) + 2 * torch.arange(size).reshape(shape)
            return places.expand(sizes).contiguous()
        return torch.randint(0, 4, sizes)
    if kind.family in _RAMPS:
        # Numbers of two digits: each sheet counts anew where all together are too many.
        sheet = math.prod(sizes[-2:]) if len(sizes) > 2 and count > _TWO_DIGITS else count
        return (torch.arange(count) % sheet + 1.0).reshape(sizes)
    return torch.rand(sizes) * 0.9 + 0.1 * (place + 1)


def _grid(found: torch.Tensor, batched: bool) -> Grid:
    """A tensor as a few sheets of rows; what is more is left out."""
    shape = tuple(found.shape[1:] if batched and found.dim() else found.shape)
    sheets = found.detach().double().reshape(-1, *([1] * (2 - len(shape)) + list(shape))[-2:])
    few = sheets[:_MOST_SHEETS, :_MOST_CELLS, :_MOST_CELLS]
    is_cut = tuple(few.shape[1:]) != tuple(sheets.shape[1:])
    return Grid(
        shape,
        tuple(tuple(map(tuple, sheet)) for sheet in few.tolist()),
        len(sheets),
        is_cut,
        not found.is_floating_point(),
    )


# Losses: what is compared, as it goes from wrong to right.


def _loss(kind: Kind, params: Mapping[str, Value]) -> Curve | None:
    if kind.name not in _LOSSES:
        return None
    low, high, words, inputs = _LOSSES[kind.name]
    arguments = {name: value for name, value in kind.arguments(params).items() if name != "reduction"}
    module = resolve(kind.target)(**arguments, reduction="sum")
    points = []
    for place in torch.linspace(low, high, 81):
        points.append((float(place), float(module(*inputs(place)))))
    return Curve(tuple(points), words, "loss")


def _one(value: float) -> torch.Tensor:
    return torch.tensor([float(value)])


def _beside(place: torch.Tensor) -> torch.Tensor:
    """The score of the right one of two classes, and of the wrong one."""
    return torch.stack((place, torch.zeros(())))[None]


def _two(angle: torch.Tensor) -> torch.Tensor:
    return torch.stack((angle.cos(), angle.sin()))[None]


def _ctc(place: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Three steps of which each says the one letter with this probability, else nothing."""
    steps = torch.stack((1 - place, place)).log()[None, None].expand(3, 1, 2)
    return steps, torch.tensor([[1]]), torch.tensor([3]), torch.tensor([1])


_RIGHT = torch.tensor([0])
_LOSSES: dict[str, tuple[float, float, str, Callable[[torch.Tensor], tuple[torch.Tensor, ...]]]] = {
    "CrossEntropyLoss": (-4, 4, "score of the right class, the other’s being 0", lambda x: (_beside(x), _RIGHT)),
    "MSELoss": (-3, 3, "x − target", lambda x: (x[None], _one(0))),
    "BCEWithLogitsLoss": (-4, 4, "score, the target being 1", lambda x: (x[None], _one(1))),
    "BCELoss": (0.01, 1, "probability, the target being 1", lambda x: (x[None], _one(1))),
    "L1Loss": (-3, 3, "x − target", lambda x: (x[None], _one(0))),
    "SmoothL1Loss": (-3, 3, "x − target", lambda x: (x[None], _one(0))),
    "HuberLoss": (-3, 3, "x − target", lambda x: (x[None], _one(0))),
    "NLLLoss": (0.02, 1, "probability of the right class", lambda x: (_beside(x.log()), _RIGHT)),
    "MultiMarginLoss": (-3, 3, "score of the right class, the other’s being 0", lambda x: (_beside(x), _RIGHT)),
    "KLDivLoss": (0.02, 0.98, "predicted probability, the true one being 0.3",
                  lambda x: (torch.stack((x, 1 - x)).log()[None], torch.tensor([[0.3, 0.7]]))),
    "PoissonNLLLoss": (-2, 3, "logarithm of the predicted count, the true one being 3", lambda x: (x[None], _one(3))),
    "GaussianNLLLoss": (-3, 3, "x − target, the variance being 1", lambda x: (x[None], _one(0), _one(1))),
    "SoftMarginLoss": (-4, 4, "score, the target being 1", lambda x: (x[None], _one(1))),
    "HingeEmbeddingLoss": (0, 3, "distance, the target being −1", lambda x: (x[None], _one(-1))),
    "MultiLabelSoftMarginLoss": (-4, 4, "score, the target being 1", lambda x: (x[None, None], torch.ones(1, 1))),
    "MultiLabelMarginLoss": (-3, 3, "score of the right class, the other’s being 0",
                             lambda x: (_beside(x), torch.tensor([[0, -1]]))),
    "CosineEmbeddingLoss": (0, math.pi, "angle between both, the target being 1", lambda x: (_two(x), _two(x * 0), _one(1))),
    "MarginRankingLoss": (-3, 3, "x₁ − x₂, the target being 1", lambda x: (x[None], _one(0), _one(1))),
    "TripletMarginLoss": (0, 4, "distance of the negative, the positive’s being 1",
                          lambda x: (torch.zeros(1, 1), torch.ones(1, 1), x[None, None])),
    "CTCLoss": (0.02, 0.98, "probability of the letter at each of three steps", _ctc),
}  # fmt: skip


# Optimizers and schedulers: their own steps.


def _rates(kind: Kind, params: Mapping[str, Value]) -> Curve:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.9)
    rates = Rates(Choice(kind.name, params), optimizer, _EPOCHS, _PER_EPOCH)
    optimizer.step()
    points = []
    for epoch in range(_EPOCHS):
        for step in range(_PER_EPOCH):
            points.append((epoch + step / _PER_EPOCH, float(rates.after_step())))
        # A validation loss that stops getting better, for what looks at it.
        rates.after_epoch(max(1.0 - 0.1 * epoch, 0.4))
    return Curve(tuple(points), "epoch", "learning rate")


def bowl(x: float, y: float) -> float:
    """The loss over two weights that the optimizers go down: a valley, steep across and flat along."""
    return 0.08 * x * x + y * y


def _descent(kind: Kind, params: Mapping[str, Value]) -> Path:
    start = (-3.6, 1.1)
    weight = torch.nn.Parameter(torch.tensor([start]))
    sparse = kind.weights == "sparse"
    if sparse:
        weight = torch.nn.Parameter(torch.tensor(start)[:, None])
    # Rates that suit a large network hardly move two numbers.
    rate = {"SGD": 0.4, "ASGD": 0.4, "Adadelta": 60.0, "LBFGS": 0.15, "Rprop": 0.1, "Muon": 0.2}.get(
        kind.name, 0.25
    )
    chosen = {**params, "lr": rate}
    if kind.name == "LBFGS":
        chosen |= {"max_iter": 1, "line_search_fn": None}
    optimizer = chosen_from(Choice(kind.name, chosen), [weight])
    points = [start]

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        x, y = weight.flatten()
        loss = 0.08 * x * x + y * y
        loss.backward()
        if sparse and weight.grad is not None:
            weight.grad = torch.sparse_coo_tensor(torch.tensor([[0, 1]]), weight.grad, weight.shape)
        return loss

    for _ in range(_STEPS):
        if kind.closure:
            optimizer.step(closure)
        else:
            closure()
            optimizer.step()
        x, y = weight.detach().flatten().tolist()
        if not (abs(x) < 1e3 and abs(y) < 1e3):
            break
        points.append((x, y))
    return Path(tuple(points), rate)
