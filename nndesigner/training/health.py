"""How the layers of a network do while it learns, and where numbers stop being numbers.

Nothing here draws random numbers or changes anything, so that a run that is looked at ends with the same weights.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

from nndesigner.data.parts import Tensors
from nndesigner.inference import call
from nndesigner.model import Network
from nndesigner.plan import Plan
from nndesigner.training.goal import Goal
from nndesigner.training.report import Health

_NONE = "something that is no number"
_SLOWER = "Lower the learning rate, or clip the gradients"
_ELSEWHERE = "Keep what reaches it away from where it has no value, such as 0 for a logarithm or a division"
_LARGE = 1e6  # beyond, it is the size that does it
_MASKS = frozenset({"MaskedFill", "CausalMask", "PaddingMask", "Parameter", "Buffer"})


class Examination:
    """One step in which the layers of a network are looked at, each as the node of the plan it was made for."""

    def __init__(self, network: nn.Module, plan: Plan) -> None:
        self._layers: dict[str, Any] = {
            step.name: network.get_submodule(step.name)
            for step in plan.steps
            if step.owns and not step.kind.is_tensor
        }
        self._given: dict[str, torch.Tensor] = {}
        self._gradients: dict[str, float] = {}
        self._before: dict[str, list[torch.Tensor]] = {}
        self._hooks = [layer.register_forward_hook(self._keep(name)) for name, layer in self._layers.items()]

    def _keep(self, name: str) -> Any:
        def hook(_layer: nn.Module, _inputs: Any, output: Any) -> None:
            first = output[0] if isinstance(output, tuple) and output else output
            if isinstance(first, torch.Tensor) and first.is_floating_point():
                self._given[name] = first.detach()

        return hook

    @torch.no_grad()
    def before_step(self) -> None:
        """To be called when all gradients are there."""
        for hook in self._hooks:
            hook.remove()
        for name, layer in self._layers.items():
            learned = [weight for weight in layer.parameters() if weight.grad is not None]
            if learned:
                self._gradients[name] = _norm(weight.grad for weight in learned)
                self._before[name] = [weight.detach().clone() for weight in learned]

    @torch.no_grad()
    def after_step(self) -> Mapping[str, Health]:
        """The health of each layer, once the weights have changed."""
        found = {}
        for name, layer in self._layers.items():
            given = self._given.get(name)
            mean = deviation = dead = 0.0
            if given is not None and given.numel() > 1:
                whole = given.float()
                mean, deviation = whole.mean().item(), whole.std(correction=0).item()
                axes = [0] if given.dim() == 2 else [axis for axis in range(given.dim()) if axis != 1]
                dead = (whole == 0).all(dim=axes).double().mean().item() if given.dim() > 1 else 0.0
            before = self._before.get(name, [])
            now = [weight for weight in layer.parameters() if weight.grad is not None][: len(before)]
            weight = _norm(now)
            changed = _norm(one - other for one, other in zip(now, before, strict=True))
            found[name] = Health(
                self._gradients.get(name, 0.0),
                weight,
                changed / weight if weight else 0.0,
                mean,
                deviation,
                dead,
            )
        return found


def _norm(tensors: Any) -> float:
    norms = [torch.linalg.vector_norm(one.float()) for one in tensors]
    return torch.linalg.vector_norm(torch.stack(norms)).item() if norms else 0.0


@torch.no_grad()
def culprit(network: Network, goal: Goal, batch: Tensors) -> tuple[str, str] | None:
    """The node because of which the loss of a batch is no number, and a sentence about it; None where it is one.

    That is the first whose weights, or whose results, are none. Infinite numbers below 0 are meant where masks are made
    of them; where something that is no number comes of them, who made them is named.
    """
    for name, words in _broken_weights(network, goal.plan):
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


def _broken_weights(network: nn.Module, plan: Plan) -> Iterator[tuple[str, str]]:
    for step in plan.steps:
        if not step.owns:
            continue
        own = network.get_submodule(step.name) if not step.kind.is_tensor else None
        weights = dict(own.named_parameters()) if own is not None else {"": getattr(network, step.name)}
        for name, weight in weights.items():
            if not torch.isfinite(weight).all():
                yield step.name, f"{step.name}.{name}" if name else step.name


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
        deeper: _Found = None
        if step.parts[0].inner is not None and len(step.parts) == 1:
            inner = network.get_submodule(step.attribute)
            assert isinstance(inner, Network)
            broken, below = _first_broken(inner, step.parts[0].inner, took)
            deeper = broken or below
        if deeper is not None:
            found = step.name, f"inside {step.name}, {deeper[1]}"
        else:
            found = step.name, f"{step.name} is the first that gives {_NONE}{_given(took)}"
        if not masked:
            made_of_it = infinite is not None and not all(_is_finite(one) for one in took)
            return (infinite if made_of_it else found), infinite
        infinite = found
    return None, infinite


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
