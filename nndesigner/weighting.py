"""Layers that learn with a rate of their own: their weights in groups, as an optimizer takes them."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

from nndesigner.steps import Plan

Groups = list[dict[str, Any]]


def rates_of(plan: Plan, prefix: str = "", rate: float = 1.0) -> Iterator[tuple[str, float]]:
    """The beginnings of the names of weights that learn with a rate of their own, and how many times the others'.

    What is inside a block comes before the block, so that of several beginnings the first is the one that counts.
    """
    for step in plan.steps:
        if not step.owns:
            continue
        own = rate * step.node.rate
        inner: list[tuple[str, float]] = []
        for number, part in enumerate(step.parts):
            if part.inner is not None:
                place = f"{prefix}{step.name}.{number}." if len(step.parts) > 1 else f"{prefix}{step.name}."
                inner += rates_of(part.inner, place, own)
        yield from inner
        if own != rate:
            yield f"{prefix}{step.name}", own


def grouped(model: nn.Module, rates: Mapping[str, float], lr: float) -> Groups:
    """The weights that learn, in groups with a learning rate each.

    `rates` says by beginnings of names how many times `lr` it is.
    """
    found: dict[float, list[torch.Tensor]] = {}
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            own = [rates[one] for one in rates if f"{name}.".startswith(f"{one}.")]
            found.setdefault(own[0] if own else 1.0, []).append(weight)
    return [{"params": weights, "lr": rate * lr} for rate, weights in found.items()]
