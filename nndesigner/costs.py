"""What a network costs: parameters, operations and memory, of every layer, of every block, and of the whole.

Each layer is measured by itself (`nndesigner.measuring`), and the answers are put together as the network is: a layer
of which nothing comes back has no pass backwards, a tensor that two layers keep is one tensor, weights that are
shared are held once and used each time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from nndesigner.graph import Value
from nndesigner.measuring import Layout, Measured, Question, measure
from nndesigner.steps import Part, Place, Plan, Step


@dataclass(frozen=True, slots=True)
class Cost:
    """What one layer costs, or several together. Memory is in bytes.

    `parameters` are counted where they are held, `trainable` are those that are not frozen; `weights` is the memory of
    parameters and buffers, `gradients` that of the gradients of the trainable ones. `flops` is one pass forwards,
    `flops_backward` the pass backwards. `kept` is what the layer adds to the activations that autograd keeps for the
    pass backwards; `given` is the memory of what it gives, in itself or in memory it shares with what it takes.
    """

    parameters: int = 0
    trainable: int = 0
    weights: int = 0
    gradients: int = 0
    flops: int = 0
    flops_backward: int = 0
    kept: int = 0
    given: int = 0

    @staticmethod
    def together(several: "Sequence[Cost]") -> "Cost":
        """What these cost together."""
        return Cost(
            sum(one.parameters for one in several),
            sum(one.trainable for one in several),
            sum(one.weights for one in several),
            sum(one.gradients for one in several),
            sum(one.flops for one in several),
            sum(one.flops_backward for one in several),
            sum(one.kept for one in several),
            sum(one.given for one in several),
        )

    def training(self, copies: float = 2.0) -> int:
        """Bytes it takes while training, as an estimate: weights, gradients, kept activations, and what the optimizer
        remembers: so many `copies` of what is trained (`copies_of`).
        """
        return self.weights + self.gradients + round(copies * self.gradients) + self.kept


@dataclass(frozen=True)
class Costs:
    """What a plan costs with a batch of so many records.

    `of` has every node by its name, those in a block by the names of the blocks before it: `stage1.conv`; a block is
    the sum of its inside, a repeated one of all its repetitions. `peak` is, in bytes, the most activations that are
    there at once in a pass forwards that keeps none, without what a layer needs while it computes.
    """

    batch: int
    whole: Cost = Cost()
    of: Mapping[str, Cost] = field(default_factory=dict)
    peak: int = 0

    @property
    def running(self) -> int:
        """Bytes that a pass forwards takes once it is trained: the weights, and the most activations at once."""
        return self.whole.weights + self.peak


# How many copies of the parameters an optimizer remembers, as far as that does not hang on its settings.
_COPIES = {
    "ASGD": 1, "Adadelta": 2, "Adagrad": 1, "Adam": 2, "AdamW": 2, "Adamax": 2, "Muon": 1, "NAdam": 2, "RAdam": 2,
    "RMSprop": 1, "Rprop": 2, "SGD": 0, "SparseAdam": 2,
}  # fmt: skip


def copies_of(optimizer: str, params: Mapping[str, Value]) -> float:
    """How many copies of the trainable parameters an optimizer remembers beside them: Adam two."""
    if optimizer == "LBFGS":
        history = params.get("history_size", 100)
        return 2.0 * history + 3 if isinstance(history, int) else 203.0
    more = (
        optimizer in ("SGD", "RMSprop") and bool(params.get("momentum")),
        optimizer == "RMSprop" and params.get("centered") is True,
        optimizer in ("Adam", "AdamW") and params.get("amsgrad") is True,
    )
    return float(_COPIES.get(optimizer, 0) + sum(more))


class GivenUp(Exception):
    """Nobody wants the costs any more."""


def costs(plan: Plan, batch: int = 1, unwanted: Callable[[], bool] = lambda: False) -> Costs:
    """What the network of a plan costs with a batch of so many records; its losses are not counted.

    Raises `GivenUp` once it is told that they are `unwanted`; it asks before each layer.
    """
    walk = _Walk(batch, unwanted)
    wanted = {one for one in walk.through(plan) if one.needs}
    for one in reversed(walk.calls):
        one.learn(wanted)
    return _added(walk)


@dataclass(eq=False, slots=True)
class _Piece:
    """A piece of memory that tensors lie in: its bytes, and the first and last call during which it is there."""

    bytes: int
    born: int
    last: int


@dataclass(eq=False, slots=True)
class _Tensor:
    """A tensor on its way through the network: how and in which memory it lies, and whether it has a gradient."""

    layout: Layout
    piece: _Piece
    needs: bool = False


@dataclass(eq=False, slots=True)
class _Call:
    """One layer run once. `owns` tells whether its parameters are counted here."""

    path: tuple[str, ...]
    parameters: int
    owns: bool
    question: Question
    measured: Measured
    inputs: Sequence[_Tensor]
    outputs: Sequence[_Tensor]

    def learn(self, wanted: set[_Tensor]) -> None:
        """Runs it again if not all it gives has a gradient coming back; adds the inputs to which one flows."""
        asked = tuple(one in wanted for one in self.outputs)
        if asked != self.measured.needs and self.question.kind:
            self.measured = measure(replace(self.question, wanted=asked))
        if any(asked):
            wanted.update(one for one, flows in zip(self.inputs, self.measured.flows, strict=False) if flows)

    def cost(self, kept: set[_Piece]) -> Cost:
        """What it costs, where these pieces of memory are kept already; adds those it keeps."""
        seen = self.measured
        pieces = [one.piece for one in self.inputs]
        own = dict(zip(seen.memory, (one.piece for one in self.outputs), strict=True))
        more = 0
        for number in seen.kept:
            piece = pieces[number] if number < len(pieces) else own.get(number)
            if piece is None:
                more += seen.own[number - len(pieces)]
            elif piece not in kept:
                kept.add(piece)
                more += piece.bytes
        trains = self.owns and not self.question.frozen
        return Cost(
            self.parameters if self.owns else 0,
            self.parameters if trains else 0,
            seen.weights if self.owns else 0,
            seen.gradients if trains else 0,
            seen.flops,
            seen.flops_backward,
            more,
            sum(seen.bytes),
        )


class _Walk:
    """All calls of a network, those in blocks among them, in the order in which they are computed."""

    def __init__(self, batch: int, unwanted: Callable[[], bool]) -> None:
        self.batch, self.unwanted = batch, unwanted
        self.calls: list[_Call] = []
        self.pieces: list[_Piece] = []
        self.paths: dict[tuple[str, ...], list[Cost]] = {}  # a block before what is in it

    def through(self, plan: Plan) -> list[_Tensor]:
        """Goes through a whole network; gives its results."""
        given = [self._arrived(plan, place) for place in plan.inputs.values()]
        results = self._plan(plan, given, (), frozen=False, owns=True)
        for one in (*given, *results):
            one.piece.last = max(len(self.calls) - 1, 0)
        return results

    def _arrived(self, plan: Plan, place: Place) -> _Tensor:
        type_ = plan.types[place]
        layout = Layout.plain(type_.at(self.batch), type_.dtype)
        return _Tensor(layout, self._piece(layout.bytes))

    def _piece(self, size: int) -> _Piece:
        piece = _Piece(size, len(self.calls), len(self.calls))
        self.pieces.append(piece)
        return piece

    def _plan(
        self, plan: Plan, given: Sequence[_Tensor], path: tuple[str, ...], frozen: bool, owns: bool
    ) -> list[_Tensor]:
        values = dict(zip(plan.inputs.values(), given, strict=True))
        holders = {step.name: step for step in plan.steps}
        for step in plan.steps:
            here = (*path, step.name)
            self.paths[here] = []
            fixed = frozen or holders[step.attribute].node.frozen if step.is_attribute else False
            holds = owns and step.owns
            inputs = [values[place] for place in step.inputs.values()]
            outputs: list[_Tensor] = []
            for part in step.parts:
                if part.inner is not None:
                    outputs = self._plan(part.inner, inputs, here, fixed, holds)
                    for one in inputs:  # who calls a block holds what goes in until it comes back
                        one.piece.last = max(one.piece.last, len(self.calls) - 1)
                else:
                    outputs = self._call(plan, step, part, inputs, here, fixed, holds)
                inputs = [outputs[0], *inputs[1:]]
            values.update(zip(step.outputs, outputs, strict=True))
        return [values[place] for place in plan.results]

    def _call(
        self,
        plan: Plan,
        step: Step,
        part: Part,
        inputs: Sequence[_Tensor],
        path: tuple[str, ...],
        frozen: bool,
        owns: bool,
    ) -> list[_Tensor]:
        if self.unwanted():
            raise GivenUp
        question = Question(
            step.kind.name,
            tuple(part.arguments.items()),
            tuple(step.inputs),
            tuple(one.layout for one in inputs),
            tuple(one.needs for one in inputs),
            frozen,
            code=step.kind.code,
        )
        try:
            seen = measure(question)
        except Exception:  # torch raises whatever it likes, for a batch that this layer can't take
            seen = _unknown(plan, step, part, inputs, self.batch)
            question = replace(question, kind="")
        for one in inputs:
            one.piece.last = len(self.calls)
        own = {
            number: self._piece(size)
            for number, size in enumerate(seen.own, len(inputs))
            if number in seen.memory
        }
        outputs = [
            _Tensor(layout, inputs[number].piece if number < len(inputs) else own[number], needs)
            for layout, number, needs in zip(seen.outputs, seen.memory, seen.needs, strict=True)
        ]
        self.calls.append(_Call(path, part.parameters, owns, question, seen, inputs, outputs))
        return outputs


def _unknown(plan: Plan, step: Step, part: Part, inputs: Sequence[_Tensor], batch: int) -> Measured:
    """A layer that could not be run: what it gives and holds is known, and that is all."""
    types = [plan.types[place] for place in step.outputs]
    layouts = tuple(Layout.plain(one.at(batch), one.dtype) for one in types)
    sizes = tuple(one.bytes for one in layouts)
    learns = part.parameters > 0 or any(one.needs for one in inputs)
    weights = 4 * part.parameters
    return Measured(
        layouts,
        sizes,
        memory=tuple(range(len(inputs), len(inputs) + len(types))),
        own=sizes,
        needs=tuple(learns and one.is_float for one in types),
        flows=tuple(one.needs for one in inputs),
        weights=weights,
        gradients=weights,
    )


def _added(walk: _Walk) -> Costs:
    kept: set[_Piece] = set()
    for one in walk.calls:
        cost = one.cost(kept)
        for depth in range(1, len(one.path) + 1):
            walk.paths[one.path[:depth]].append(cost)
    of = {
        ".".join(path): several[0] if len(several) == 1 else Cost.together(several)
        for path, several in walk.paths.items()
    }
    whole = Cost.together([of[path[0]] for path in walk.paths if len(path) == 1])
    change = [0] * (len(walk.calls) + 2)
    for piece in walk.pieces:
        change[piece.born] += piece.bytes
        change[piece.last + 1] -= piece.bytes
    return Costs(walk.batch, whole, of, max(accumulate(change)))
