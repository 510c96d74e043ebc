"""How the layers of a network do while it learns, and where numbers stop being numbers.

Nothing here draws random numbers or changes anything, so that a run that is looked at ends with the same weights.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

from nndesigner.model import Network
from nndesigner.plan import Plan
from nndesigner.training.report import Health


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
def culprit(network: Network, plan: Plan, inputs: list[torch.Tensor]) -> tuple[str, str]:
    """The first node whose weights, or whose results from these inputs, are no numbers, and a sentence about it.

    Where all are numbers, it is the loss itself that is none.
    """
    for name, words in _broken_weights(network, plan):
        return name, f"the weights of {words} are no numbers any more: an earlier step was too large"
    for field, values in zip(plan.inputs, inputs, strict=True):
        if values.is_floating_point() and not torch.isfinite(values).all():
            return plan.inputs[field][0], f"{field} of the data holds something that is no number"
    random = torch.get_rng_state()
    try:
        found = _first_broken(network, plan, inputs)
    finally:
        torch.set_rng_state(random)
    if found is None:
        loss = plan.objectives[0].name
        return loss, f"{loss} is no number, though all that the network gives is"
    return found


def _broken_weights(network: nn.Module, plan: Plan) -> Iterator[tuple[str, str]]:
    for step in plan.steps:
        if not step.owns:
            continue
        own = network.get_submodule(step.name) if not step.kind.is_tensor else None
        weights = dict(own.named_parameters()) if own is not None else {"": getattr(network, step.name)}
        for name, weight in weights.items():
            if not torch.isfinite(weight).all():
                yield step.name, f"{step.name}.{name}" if name else step.name


def _first_broken(network: Network, plan: Plan, inputs: list[Any]) -> tuple[str, str] | None:
    for number, took, gave in network.trace(*inputs):
        step = plan.steps[number]
        if all(not isinstance(one, torch.Tensor) or _is_finite(one) for one in gave):
            continue
        inner = step.parts[0].inner if len(step.parts) == 1 else None
        deeper = _first_broken(network.get_submodule(step.attribute), inner, took) if inner else None  # type: ignore[arg-type]
        if deeper is not None:
            return step.name, f"inside {step.name}: {deeper[1]}"
        largest = max(
            (one.abs().max().item() for one in took if isinstance(one, torch.Tensor) and one.numel()),
            default=0.0,
        )
        size = f"; the largest number it was given is {largest:.3g}" if math.isfinite(largest) else ""
        return step.name, f"{step.name} is the first that gives something that is no number{size}"
    return None


def _is_finite(tensor: torch.Tensor) -> bool:
    # Masks are filled with minus infinity on purpose.
    return not tensor.is_floating_point() or not (torch.isnan(tensor).any() or (tensor == torch.inf).any())
