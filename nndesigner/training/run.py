"""A project ready to be trained, and `train()`: a generator of reports.

Pausing and stopping is the business of who asks for the next one.
"""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from nndesigner import catalogue
from nndesigner.catalogue.data import DataSet
from nndesigner.graph import Value
from nndesigner.model import node_in
from nndesigner.plan import Plan, make
from nndesigner.project import Project, Training
from nndesigner.training.report import Report
from nndesigner.weighting import rates_of

if TYPE_CHECKING:
    from nndesigner.training.incoming import Start

SMALLER_BATCHES = "set a smaller batch size, and accumulate over more batches"
# What the allocators of torch say, on Linux, Windows and Apple's processors, and oneDNN.
_NO_MEMORY = (
    "can't allocate memory",
    "not enough memory",
    "out of memory",
    "could not create a memory object",
    "bad_alloc",
)


class TrainingError(RuntimeError):
    """A project that can't be trained as it is, or a run that failed; its text is meant for people."""


@dataclass(frozen=True)
class Run:
    """A project ready to be trained: all that was refused is refused by now.

    It begins with random weights, or those of a file that is its `start`.
    """

    project: Project
    plan: Plan
    data_set: DataSet
    params: Mapping[str, Value]
    start: "Start | None" = None

    @property
    def threads(self) -> int:
        """How many threads torch computes with: the same everywhere, as their number decides the last bits."""
        return threads_of(self.project.training)

    @property
    def device(self) -> str:
        """What the run is computed on: `cpu`, `cuda` or `mps`."""
        return device_of(self.project.training)


def threads_of(training: Training) -> int:
    """How many threads torch computes with."""
    return training.threads or max(1, (os.cpu_count() or 2) - 1)


def device_of(training: Training) -> str:
    """What it is computed on: `cpu`, `cuda` or `mps`."""
    if training.device == "auto":
        return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    return training.device


def prepare(project: Project, start: "Start | None" = None) -> Run:
    """Checks that there is something to train; raises `TrainingError` with the first thing that stands against it."""
    plan = make(project)
    if plan.errors:
        raise TrainingError(plan.errors[0].message)
    node, data_set = project.data_node(), project.data_set()
    if data_set is None or node is None:
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
    run = Run(project, plan, data_set, node.params, start)
    if reason := _unfit(run):
        raise TrainingError(reason)
    return run


def _unfit(run: Run) -> str:
    """Why this machine, or this optimizer, can't train as it is set, or nothing."""
    training = run.project.training
    if training.device == "cuda" and not torch.cuda.is_available():
        return "torch finds no graphics card it can use (cuda): set the device to auto or cpu"
    if training.device == "mps" and not torch.backends.mps.is_available():
        return "torch finds no Apple graphics processor it can use (mps): set the device to auto or cpu"
    if training.precision == "fp16" and run.device == "cpu":
        return "fp16 needs a graphics card: set the precision to bf16 or fp32"
    optimizer = catalogue.BY_NAME[training.optimizer.kind]
    if optimizer.closure and training.precision == "fp16":
        return f"{optimizer.name} computes the loss several times a step, which fp16 can't scale: set the precision to fp32"
    rated = next((name for name, _ in rates_of(run.plan)), "")
    if rated and "lr" not in optimizer.by_name:
        return f"{optimizer.name} has no learning rate, and {rated} is to learn with another one: choose another optimizer"
    if rated and optimizer.name == "LBFGS":
        return f"LBFGS has one learning rate for all, and {rated} is to learn with another one: choose another optimizer"
    scheduler = training.scheduler
    if rated and scheduler and {"max_lr", "base_lr"} & catalogue.BY_NAME[scheduler.kind].by_name.keys():
        return (
            f"{scheduler.kind} sets the same learning rate for all layers, and {rated} is to learn with another one: "
            "choose another schedule"
        )
    return ""


def train(
    run: Run, keep: Callable[[nn.Module], None] = lambda _: None, state: Mapping[str, Any] | None = None
) -> Iterator[Report]:
    """Trains and yields reports: `Began`, a `Stepped` a step, an `EpochEnded` an epoch, `Finished`.

    `keep` is handed the network before the first report and holds it if it wants the weights. All random numbers
    come from `project.training.seed`; torch's global generator is seeded here, and nobody else may draw from it
    until the generator is exhausted or closed. With a `state`, the run goes on from that checkpoint.
    """
    from nndesigner.training.session import Session

    session = Session(run, state)
    keep(session.trained)
    yield from session.reports()


def told(doing: str, lighter: str = SMALLER_BATCHES) -> AbstractContextManager[None]:
    """Whatever torch raises while `doing` something becomes a `TrainingError` that says so, and in which node.

    `lighter` says what to do where memory runs out.
    """
    return _Told(doing, lighter)


class _Told(AbstractContextManager[None]):
    __slots__ = ("doing", "lighter")

    def __init__(self, doing: str, lighter: str) -> None:
        self.doing, self.lighter = doing, lighter

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, TrainingError):
            raise failure(self.doing, error, self.lighter) from error


def failure(doing: str, error: Exception, lighter: str = SMALLER_BATCHES) -> TrainingError:
    """What came up while `doing` something, in words; what is in words already stays as it is."""
    return error if isinstance(error, TrainingError) else TrainingError(f"{doing} {_words(error, lighter)}")


def _words(error: Exception, lighter: str) -> str:
    no_memory = f"needs more memory than there is: {lighter}"
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return no_memory
    if isinstance(error, FileNotFoundError):
        return f"failed: there is no {error.filename} any more"
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        words = "the disk is full" if full else (error.strerror or str(error))
        return f"failed: {words}{f' ({error.filename})' if error.filename else ''}"
    words = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
    if any(sign in words for sign in _NO_MEMORY):
        return no_memory
    node = node_in(error)
    return f"failed{f' in {node}' if node else ''}: {words}"
