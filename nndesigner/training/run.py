"""`train()`: the engine, a generator of reports. Pausing and stopping is the business of who asks for the next one."""

import contextlib
import functools
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from nndesigner.catalogue.data import DataSet
from nndesigner.data import parts
from nndesigner.inference import call, construct
from nndesigner.metrics import Tally
from nndesigner.model import Network, weights_sha256
from nndesigner.plan import Place, Plan, make
from nndesigner.project import Project
from nndesigner.training.choices import Rates, chosen_from, unfit
from nndesigner.training.report import Began, EpochEnded, Finished, Report, Stepped

EVALUATION_BATCH = 512
Compared = tuple[torch.Tensor, tuple[torch.Tensor, ...]]  # a loss; then prediction and target, or nothing


class TrainingError(RuntimeError):
    """A project that can't be trained as it is, or a run that failed; its text is meant for people."""


@dataclass(frozen=True)
class Run:
    """A project ready to be trained: all that was refused is refused by now."""

    project: Project
    plan: Plan
    data_set: DataSet

    @property
    def threads(self) -> int:
        """How many threads torch computes with: the same everywhere, as their number decides the last bits."""
        return self.project.training.threads or max(1, (os.cpu_count() or 2) - 1)


def prepare(project: Project) -> Run:
    """Checks that there is something to train; raises `TrainingError` with the first thing that stands against it."""
    plan = make(project)
    if plan.errors:
        raise TrainingError(plan.errors[0].message)
    data_set = project.data_set()
    if data_set is None:
        raise TrainingError(
            "to train, the network needs data: add a Data node and wire it to the first layer"
        )
    if not plan.objectives:
        raise TrainingError(
            "to train, the network needs a loss: add one, and wire the last layer and the target to it"
        )
    for name, place in plan.inputs.items():
        if project.graph.nodes[place[0]].kind != "Data":
            raise TrainingError(f"to train, every input must come from the data, and {name} is an Input node")
    return Run(project, plan, data_set)


def train(run: Run, keep: Callable[[nn.Module], None] = lambda _: None) -> Iterator[Report]:
    """Trains and yields reports: `Began`, a `Stepped` a step, an `EpochEnded` an epoch, `Finished`.

    `keep` is handed the network before the first report and holds it if it wants the weights. All random numbers
    come from `project.training.seed`; torch's global generator is seeded here, and nobody else may draw from it
    until the generator is exhausted or closed.
    """
    began = time.perf_counter()
    training, plan = run.project.training, run.plan
    torch.set_num_threads(run.threads)
    torch.manual_seed(training.seed)
    try:
        data = parts.load(run.data_set, training.validation, training.test, training.split_seed)
    except ValueError as error:
        raise TrainingError(str(error)) from None
    with _told("building the network"):
        network = Network(plan)
    keep(network)
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    if not weights:
        raise TrainingError("there is nothing to learn: the network has no weights, or all are frozen")
    if reason := unfit(training.optimizer, network):
        raise TrainingError(reason)
    objective = Goal(run)
    shuffle = torch.Generator().manual_seed(training.seed)
    inputs = objective.inputs(data.train)
    count = len(next(iter(data.train.values())))
    steps = -(-count // training.batch_size)
    with _told("setting up the optimizer"):
        optimizer = chosen_from(training.optimizer, weights)
        rates = Rates(training.scheduler, optimizer, training.epochs, steps)
    sizes = (count, *(len(next(iter(part.values()))) for part in (data.validation, data.test)))
    yield Began(training.epochs, steps, (sizes[0], sizes[1], sizes[2]), run.plan.parameters)

    step, rate = 0, 0.0
    for epoch in range(1, training.epochs + 1):
        epoch_began = time.perf_counter()
        network.train()
        tally = objective.tally()
        for chosen in torch.split(torch.randperm(count, generator=shuffle), training.batch_size):
            step += 1
            with _told(f"step {step} on a batch of {len(chosen)}"):
                loss, compared = _step(
                    optimizer, functools.partial(objective, network, inputs, data.train, chosen)
                )
                measured = tally.add(len(chosen), loss, compared)
                rate = rates.after_step()
            yield Stepped(epoch, step, measured)
        with _told(f"validation after epoch {epoch}"):
            validation = objective.evaluate(network, data.validation)
        rates.after_epoch(validation["loss"])
        yield EpochEnded(epoch, tally.means(), validation, rate, time.perf_counter() - epoch_began)
    with _told("the test"):
        test = objective.evaluate(network, data.test)
    yield Finished(test, weights_sha256(network.state_dict()), time.perf_counter() - began)


@contextlib.contextmanager
def _told(doing: str) -> Iterator[None]:
    """Whatever torch raises while `doing` something becomes a `TrainingError` that says so."""
    try:
        yield
    except Exception as error:
        words = str(error).partition("\n")[0] or type(error).__name__
        raise TrainingError(f"{doing} failed: {words}") from error


def _step(optimizer: Any, compare: Callable[[], Compared]) -> Compared:
    """Takes a step on a batch, whose loss some optimizers ask for several times; gives what it was at first."""
    first: Compared | None = None

    def closure() -> torch.Tensor:
        nonlocal first
        optimizer.zero_grad()
        found = compare()
        first = first or found
        found[0].backward()  # type: ignore[no-untyped-call]
        return found[0]

    optimizer.step(closure)
    assert first is not None
    return first


class Goal:
    """What a run minimizes: its losses, weighted and summed, and the metric of the first of them."""

    def __init__(self, run: Run) -> None:
        self.plan = run.plan
        self.places = list(run.plan.inputs.values())
        self.losses = [(one, construct(one.kind, one.arguments)) for one in run.plan.objectives]
        self.metric = run.plan.objectives[0].kind.metric

    def tally(self) -> Tally:
        """An empty sum of losses and metric."""
        return Tally(self.metric)

    def inputs(self, part: parts.Tensors) -> list[torch.Tensor]:
        """The fields the network is called with, in the order of its arguments."""
        return [part[field] for _, field in self.places]

    def __call__(
        self,
        network: nn.Module,
        inputs: list[torch.Tensor],
        part: parts.Tensors,
        chosen: torch.Tensor | slice,
    ) -> Compared:
        """The loss of some records, and the prediction and target of the first loss, if it has a metric."""
        results = network(*(values[chosen] for values in inputs))
        several = results if isinstance(results, tuple) else (results,)
        by_place = dict(zip(self.plan.results, several, strict=True))

        def value(place: Place) -> torch.Tensor:
            return by_place[place] if place in by_place else part[place[1]][chosen]

        total: torch.Tensor | None = None
        for one, loss in self.losses:
            arrived = {name: value(place) for name, place in one.inputs.items()}
            single = call(one.kind, loss, arrived, one.arguments)
            scaled = single if one.scale == 1 else one.scale * single
            total = scaled if total is None else total + scaled
        assert total is not None
        first = self.losses[0][0]
        if not self.metric or first.target is None:
            return total, ()
        return total, (value(first.prediction), value(first.target))

    @torch.no_grad()
    def evaluate(self, network: nn.Module, part: parts.Tensors) -> Mapping[str, float]:
        """Mean loss and metric over a part, in evaluation mode."""
        network.eval()
        tally = self.tally()
        inputs = self.inputs(part)
        count = len(next(iter(part.values())))
        for start in range(0, count, EVALUATION_BATCH):
            end = min(start + EVALUATION_BATCH, count)
            tally.add(end - start, *self(network, inputs, part, slice(start, end)))
        return tally.means()
