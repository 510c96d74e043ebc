"""How the layers of a network do while it learns, and where numbers stop being numbers.

Nothing here draws random numbers or changes anything, so that a run that is looked at ends with the same weights.
"""

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from nndesigner.data.parts import Tensors
from nndesigner.inference import call
from nndesigner.model import Network
from nndesigner.plan import Plan, Step
from nndesigner.training.goal import Goal
from nndesigner.training.report import Health

_NONE = "something that is no number"
_SLOWER = "Lower the learning rate, or clip the gradients"
_ELSEWHERE = "Keep what reaches it away from where it has no value, such as 0 for a logarithm or a division"
_LARGE = 1e6  # beyond, it is the size that does it
_MASKS = frozenset({"MaskedFill", "CausalMask", "PaddingMask", "Parameter", "Buffer"})


@dataclass(frozen=True, slots=True)
class _Part:
    """What a node of the plan made, or one copy of a block that is repeated: where it is, by the names of the nodes that
    lead there, each copy by its number; the same by the key of its weights; and the plan of a block's inside.
    """

    path: str
    key: str
    made: nn.Module
    plan: Plan


def _insides(step: Step, one: _Part) -> Iterator[_Part]:
    """What is inside of a block's node: its network, or one for each copy."""
    if all(part.inner is None for part in step.parts):
        return
    path, key = f"{one.path}{step.name}", f"{one.key}{step.name}"
    held = one.made.get_submodule(step.attribute)
    for number, part in enumerate(step.parts):
        if part.inner is None:
            continue
        if len(step.parts) == 1:
            yield _Part(f"{path}/", f"{key}.", held, part.inner)
        else:
            copy = held.get_submodule(str(number))
            yield _Part(f"{path}/{number + 1}/", f"{key}.{number}.", copy, part.inner)


def layers_of(network: nn.Module, plan: Plan) -> Iterator[tuple[str, nn.Module]]:
    """The layers of a network with the nodes they were made for, in the order of computation, those inside of blocks
    after the block. Such a node goes by its path: `inception3a/conv1`, or `stage1/2/conv1` in the second copy of a block
    that is repeated.
    """
    yield from _layers_in(_Part("", "", network, plan))


def _layers_in(one: _Part) -> Iterator[tuple[str, nn.Module]]:
    for step in one.plan.steps:
        if step.owns and not step.kind.is_tensor:
            yield f"{one.path}{step.name}", one.made.get_submodule(step.name)
            for inside in _insides(step, one):
                yield from _layers_in(inside)


class Examination:
    """One step in which the layers of a network are looked at, each as the node of the plan it was made for.

    `seconds` is how long the looking took so far. What a layer gives is summed up at once and stays where it was
    computed, so that nothing is kept for it or waited for within the step.
    """

    def __init__(self, network: nn.Module, plan: Plan) -> None:
        began = time.perf_counter()
        self._layers = dict(layers_of(network, plan))
        self._given: dict[str, torch.Tensor] = {}
        self._learned: list[nn.Parameter] = []
        self._gradients: list[torch.Tensor] = []
        self._before: list[torch.Tensor] = []
        self._hooks = [
            (layer[-1] if isinstance(layer, nn.ModuleList) else layer).register_forward_hook(self._keep(path))
            for path, layer in self._layers.items()
        ]
        self.seconds = time.perf_counter() - began

    def _keep(self, path: str) -> Any:
        def hook(_layer: nn.Module, _inputs: Any, output: Any) -> None:
            first = output[0] if isinstance(output, tuple) and output else output
            if path in self._given or not isinstance(first, torch.Tensor) or not first.is_floating_point():
                return
            began = time.perf_counter()
            self._given[path] = _activity(first)
            self.seconds += time.perf_counter() - began

        return hook

    @torch.no_grad()
    def before_step(self) -> None:
        """To be called when all gradients are there."""
        began = time.perf_counter()
        for hook in self._hooks:
            hook.remove()
        weights = {id(one): one for layer in self._layers.values() for one in layer.parameters()}
        self._learned = [weight for weight in weights.values() if weight.grad is not None]
        self._gradients = [_norm(weight.grad) for weight in self._learned]
        self._before = [weight.detach().clone() for weight in self._learned]
        self.seconds += time.perf_counter() - began

    @torch.no_grad()
    def after_step(self) -> Mapping[str, Health]:
        """The health of each layer, once the weights have changed."""
        began = time.perf_counter()
        sizes = map(_norm, self._learned)
        changes = (_norm(now - before) for now, before in zip(self._learned, self._before, strict=True))
        norms = [*zip(*map(_numbers, (self._gradients, sizes, changes)), strict=True)]
        of = {id(weight): one for weight, one in zip(self._learned, norms, strict=True)}
        given = dict(zip(self._given, _numbers(self._given.values()), strict=True))
        found = {}
        for path, layer in self._layers.items():
            own = [of[id(weight)] for weight in layer.parameters() if id(weight) in of]
            gradient, weight, changed = map(math.hypot, *own) if own else (0.0, 0.0, 0.0)
            found[path] = Health(
                gradient, weight, changed / weight if weight else 0.0, *given.get(path, (0.0, 0.0, 0.0))
            )
        self.seconds += time.perf_counter() - began
        return found


def _norm(one: Any) -> torch.Tensor:
    norm: torch.Tensor = torch.linalg.vector_norm(one.float())
    return norm


def _numbers(tensors: Iterable[torch.Tensor]) -> list[Any]:
    """What is in tensors of one shape, waited for once."""
    found = [*tensors]
    return torch.stack(found).tolist() if found else []


@torch.no_grad()
def _activity(given: torch.Tensor) -> torch.Tensor:
    """Mean and deviation of what a layer gives, and the share of its units, channels or columns, that gave 0 only.

    Sums take a tenth of the time of comparisons, so only units whose sum is 0 are looked at closely; on a GPU, where
    asking for them would mean waiting, all are.
    """
    whole = given.float()
    if not whole.numel():
        return whole.new_zeros(3)
    if whole.dim() < 2:
        return torch.stack([whole.mean(), whole.std(correction=0), whole.new_zeros(())])
    axes = [axis for axis in range(whole.dim()) if axis != 1]
    sums = whole.sum(0) if whole.dim() == 2 else whole.flatten(2).sum(2).sum(0)
    mean = sums.sum() / whole.numel()
    deviation = torch.linalg.vector_norm(whole - mean) / math.sqrt(whole.numel())
    if whole.device.type == "cpu":
        whole = whole.index_select(1, (sums == 0).nonzero().flatten())
    dead = (whole == 0).all(dim=axes).sum() / sums.numel()
    return torch.stack([mean, deviation, dead])


@torch.no_grad()
def culprit(network: Network, goal: Goal, batch: Tensors) -> tuple[str, str] | None:
    """The node because of which the loss of a batch is no number, by its path as in `layers_of`, and a sentence about
    it; None where it is one.

    That is the first whose weights, or whose results, are none. Infinite numbers below 0 are meant where masks are made
    of them; where something that is no number comes of them, who made them is named.
    """
    for name, words in _broken_weights(_Part("", "", network, goal.plan)):
        return (
            name,
            f"the weights of {words} are no numbers any more, so an earlier step was too large. {_SLOWER}",
        )
    random = torch.get_rng_state()
    try:
        inputs = [batch[field] for field in goal.fields]
        broken, infinite = _first_broken(network, goal.plan, inputs)
        if broken is not None:
            return broken
        for (one, loss), arrived in zip(goal.losses, goal.arrivals(network, batch), strict=True):
            if not math.isfinite(call(one.kind, loss, arrived, one.arguments).item()):
                return infinite or (
                    one.name,
                    f"{one.name} gives {_NONE}{_given(list(arrived.values()))}",
                )
    finally:
        torch.set_rng_state(random)
    return None


def _broken_weights(one: _Part) -> Iterator[tuple[str, str]]:
    for step in one.plan.steps:
        if not step.owns:
            continue
        if step.kind.role == "block":
            for inside in _insides(step, one):
                yield from _broken_weights(inside)
            continue
        own = one.made.get_submodule(step.name) if not step.kind.is_tensor else None
        weights = dict(own.named_parameters()) if own is not None else {"": getattr(one.made, step.name)}
        for name, weight in weights.items():
            if not torch.isfinite(weight).all():
                key = f"{one.key}{step.name}"
                yield f"{one.path}{step.name}", f"{key}.{name}" if name else key


_Found = tuple[str, str] | None


def _first_broken(network: Network, plan: Plan, inputs: list[Any]) -> tuple[_Found, _Found]:
    """The first node that gives something that is no number, and the first that gives infinite ones below 0."""
    infinite: _Found = None
    for number, took, gave in network.trace(*inputs):
        step = plan.steps[number]
        if all(_is_finite(one) for one in gave):
            continue
        masked = all(_is_finite(one, below=True) for one in gave)
        if masked and (infinite is not None or step.kind.name in _MASKS):
            continue
        if (deeper := _first_inside(network, plan, step, took)) is not None:
            found = deeper
        else:
            found = step.name, f"{step.name} is the first that gives {_NONE}{_given(took)}"
        if not masked:
            made_of_it = infinite is not None and not all(_is_finite(one) for one in took)
            return (infinite if made_of_it else found), infinite
        infinite = found
    return None, infinite


def _first_inside(network: Network, plan: Plan, step: Step, took: list[Any]) -> _Found:
    """The first node inside of a block, or of one of its copies, that gives something that is no number."""
    for inside in _insides(step, _Part("", "", network, plan)):
        assert isinstance(inside.made, Network)
        broken, below = _first_broken(inside.made, inside.plan, took)
        if (found := broken or below) is not None:
            copy = inside.path.split("/")[1]
            where = f"copy {copy} of {step.name}" if copy else step.name
            return f"{inside.path}{found[0]}", f"inside {where}, {found[1]}"
        if len(step.parts) > 1:
            gave = inside.made(*took)
            took = [gave[0] if isinstance(gave, tuple) else gave, *took[1:]]
    return None


def _given(took: list[Any]) -> str:
    """What a node was given, and what to do about it."""
    numbers = [
        one for one in took if isinstance(one, torch.Tensor) and one.is_floating_point() and one.numel()
    ]
    if not numbers or not all(_is_finite(one) for one in numbers):
        return f". {_SLOWER}"
    low, high = min(one.min().item() for one in numbers), max(one.max().item() for one in numbers)
    advice = _SLOWER if max(-low, high) > _LARGE else _ELSEWHERE
    return f"; it was given numbers from {low:.3g} to {high:.3g}. {advice}"


def _is_finite(one: Any, *, below: bool = False) -> bool:
    """Whether all are numbers; with `below`, infinite ones below 0 count as such."""
    if not isinstance(one, torch.Tensor) or not one.is_floating_point():
        return True
    return (
        not (torch.isnan(one).any() or (one == torch.inf).any()) if below else bool(torch.isfinite(one).all())
    )
