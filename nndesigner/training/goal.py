"""What a run minimizes: its losses, weighted and summed, and the metric of the first of them."""

import contextlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import nn

from nndesigner.catalogue.kind import taken
from nndesigner.data.parts import HeldPart, Part, Tensors
from nndesigner.inference import call, construct
from nndesigner.metrics import Tally
from nndesigner.plan import Objective, Place, Plan

EVALUATION_BATCH = 512
Compared = tuple[torch.Tensor, tuple[torch.Tensor, ...]]  # a loss; then prediction and target, or nothing


class _Way:
    """How a loss is called: where each of its inputs comes from, found out once and not at each step.

    That is the number of a result of the network, or None and the field of the data. Most losses are `is_plain`: called
    with their inputs and nothing else.
    """

    def __init__(self, one: Objective, loss: Any, results: Sequence[Place]) -> None:
        self.one, self.loss = one, loss
        numbers = {place: number for number, place in reversed([*enumerate(results)])}
        self.sources = [(numbers.get(place), place[1]) for place in one.inputs.values()]
        names = list(one.inputs)
        self.target = names.index("target") if "target" in names else 0
        by_place, by_name = taken(one.kind, dict(zip(names, names, strict=True)), one.arguments)
        self.is_plain = by_place == names and not by_name and not one.kind.is_operator

    def called(self, arrived: list[torch.Tensor]) -> torch.Tensor:
        """The loss of these inputs, in order."""
        by_name = dict(zip(self.one.inputs, arrived, strict=True))
        found: torch.Tensor = call(self.one.kind, self.loss, by_name, self.one.arguments)
        return found


class Goal:
    """The objective of a plan, to be asked with batches: tensors by the names of their fields."""

    def __init__(self, plan: Plan, device: str = "cpu", precision: torch.dtype | None = None) -> None:
        self.plan, self.device, self.precision = plan, device, precision
        self.fields = [field for _, field in plan.inputs.values()]
        self.losses = [(one, construct(one.kind, one.arguments)) for one in plan.objectives]
        for _, loss in self.losses:
            if isinstance(loss, nn.Module):
                loss.to(device)
        self._ways = [_Way(one, loss, plan.results) for one, loss in self.losses]
        first = plan.objectives[0]
        self.metric = first.kind.metric if first.target is not None else ""

    def tally(self, part: Part | None = None) -> Tally:
        """An empty sum of losses and metric; of this part, if it is one of whole records."""
        first = self._ways[0]
        number, field = first.sources[first.target]
        whole = False
        if number is None and isinstance(part, HeldPart):
            target = part.tensors[field]
            whole = target.dtype == torch.int64 and bool((target >= 0).all())
        return Tally(self.metric, whole=whole)

    def __call__(self, network: nn.Module, batch: Tensors) -> Compared:
        """The loss of a batch, and the prediction and target of the first loss, if it has a metric."""
        if self.precision is None:
            return self._compare(network, batch)
        with self.autocast():
            return self._compare(network, batch)

    def autocast(self) -> AbstractContextManager[object]:
        """In which it computes with the precision that is set."""
        return (
            contextlib.nullcontext()
            if self.precision is None
            else torch.autocast(self.device, self.precision)
        )

    def _compare(self, network: nn.Module, batch: Tensors) -> Compared:
        total: torch.Tensor | None = None
        compared: tuple[torch.Tensor, ...] = ()
        several = self._results(network, batch)
        for way in self._ways:
            arrived = [batch[field] if number is None else several[number] for number, field in way.sources]
            single = way.loss(*arrived) if way.is_plain else way.called(arrived)
            scaled = single if way.one.scale == 1 else way.one.scale * single
            if total is None:
                total = scaled
                compared = (arrived[0], arrived[way.target]) if self.metric else ()
            else:
                total = total + scaled
        assert total is not None
        return total, compared

    def _results(self, network: nn.Module, batch: Tensors) -> tuple[torch.Tensor, ...]:
        results = network(*[batch[field] for field in self.fields])
        return results if isinstance(results, tuple) else (results,)

    def arrivals(self, network: nn.Module, batch: Tensors) -> list[dict[str, torch.Tensor]]:
        """What reaches each loss, by the names of its ports, in the order of the losses."""
        several = self._results(network, batch)
        return [
            {
                name: batch[field] if number is None else several[number]
                for name, (number, field) in zip(way.one.inputs, way.sources, strict=True)
            }
            for way in self._ways
        ]

    @torch.no_grad()
    def evaluate(self, network: nn.Module, part: Part) -> Mapping[str, float]:
        """Mean loss and metric over a part, in evaluation mode."""
        network.eval()
        tally = self.tally()
        for given in part.in_order(EVALUATION_BATCH):
            batch = {name: values.to(self.device) for name, values in given.items()}
            tally.add(len(next(iter(batch.values()))), *self(network, batch))
        return tally.means()
