"""What a run minimizes: its losses, weighted and summed, and the metric of the first of them."""

import contextlib
from collections.abc import Mapping
from contextlib import AbstractContextManager

import torch
from torch import nn

from nndesigner.data.parts import Part, Tensors
from nndesigner.inference import call, construct
from nndesigner.metrics import Tally
from nndesigner.plan import Place, Plan

EVALUATION_BATCH = 512
Compared = tuple[torch.Tensor, tuple[torch.Tensor, ...]]  # a loss; then prediction and target, or nothing


class Goal:
    """The objective of a plan, to be asked with batches: tensors by the names of their fields."""

    def __init__(self, plan: Plan, device: str = "cpu", precision: torch.dtype | None = None) -> None:
        self.plan, self.device, self.precision = plan, device, precision
        self.fields = [field for _, field in plan.inputs.values()]
        self.losses = [(one, construct(one.kind, one.arguments)) for one in plan.objectives]
        for _, loss in self.losses:
            if isinstance(loss, nn.Module):
                loss.to(device)
        first = plan.objectives[0]
        self.metric = first.kind.metric if first.target is not None else ""

    def tally(self) -> Tally:
        """An empty sum of losses and metric."""
        return Tally(self.metric)

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
        given = self.arrivals(network, batch)
        for (one, loss), arrived in zip(self.losses, given, strict=True):
            single = call(one.kind, loss, arrived, one.arguments)
            scaled = single if one.scale == 1 else one.scale * single
            total = scaled if total is None else total + scaled
        assert total is not None
        if not self.metric:
            return total, ()
        return total, (next(iter(given[0].values())), given[0]["target"])

    def arrivals(self, network: nn.Module, batch: Tensors) -> list[dict[str, torch.Tensor]]:
        """What reaches each loss, by the names of its ports, in the order of the losses."""
        results = network(*(batch[field] for field in self.fields))
        several = results if isinstance(results, tuple) else (results,)
        by_place = dict(zip(self.plan.results, several, strict=True))

        def value(place: Place) -> torch.Tensor:
            return by_place[place] if place in by_place else batch[place[1]]

        return [{name: value(place) for name, place in one.inputs.items()} for one, _ in self.losses]

    @torch.no_grad()
    def evaluate(self, network: nn.Module, part: Part) -> Mapping[str, float]:
        """Mean loss and metric over a part, in evaluation mode."""
        network.eval()
        tally = self.tally()
        for given in part.in_order(EVALUATION_BATCH):
            batch = {name: values.to(self.device) for name, values in given.items()}
            tally.add(len(next(iter(batch.values()))), *self(network, batch))
        return tally.means()
