"""How long each layer takes on this machine with a batch, forwards and backwards: measured, not estimated.

A round goes through the whole network, so that a layer finds the caches as it does in training, and a moment in which
the machine does something else spoils one round of a few layers. Each layer is run with what those before it gave, but
apart from them, so that its pass backwards is its own; what comes first only warms up, and of the rounds after it the
median counts. The values that go in are made up: how long it takes hangs on the shapes.
"""

import contextlib
import math
import statistics
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from nndesigner.model import Network, alone
from nndesigner.plan import Plan
from nndesigner.project import Training
from nndesigner.training.run import TrainingError, device_of, failure, threads_of

ROUNDS = 9
_WARMING = 1.0  # seconds, in which at most two rounds do not count
_SECONDS = 12.0  # after which no round is begun, once there are three
_AT_MOST = 60.0  # or once there is one
_SPARE = 1 << 30  # bytes of memory that are left to others
_PRECISIONS = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds that a pass through a layer takes, or through several one after another."""

    forwards: float = 0.0
    backwards: float = 0.0

    @property
    def both(self) -> float:
        """The seconds of both passes."""
        return self.forwards + self.backwards

    def __add__(self, other: "Time") -> "Time":
        return Time(self.forwards + other.forwards, self.backwards + other.backwards)


@dataclass(frozen=True)
class Times:
    """What was measured with a batch of so many records on a device, in so many rounds.

    `of` has every node by its name, those in a block by the names of the blocks before it: `stage1.conv`; a block is the
    sum of its inside, a repeated one of all its repetitions.
    """

    batch: int
    device: str
    rounds: int
    whole: Time = Time()
    of: Mapping[str, Time] = field(default_factory=dict)


def timed(
    plan: Plan, training: Training, batch: int, unwanted: Callable[[], bool] = lambda: False
) -> Generator[Times, None, None]:
    """Measures the network of a plan as it would be trained; yields what is known after each round that counts.

    It ends early once it is told before a layer that it is `unwanted`. Raises `TrainingError` where the network can't
    be run so, and where there is no memory for what all its layers take in.
    """
    if plan.errors:
        raise TrainingError(plan.errors[0].message)
    device = device_of(training)
    torch.set_num_threads(threads_of(training))
    begun = time.perf_counter()
    try:
        with _own_chance():
            layers = _laid_out(plan, training, batch, device)
        for number in _rounds(begun):
            for layer in layers:
                if unwanted():
                    return
                _see_to_memory()
                with _own_chance():
                    layer.run(device, counts=number > 0)
            if number > 0:
                yield _summed(layers, batch, device)
    except Exception as error:  # torch raises whatever it likes
        raise failure("measuring the layers", error, "choose a smaller batch") from error


def _rounds(begun: float) -> Iterator[int]:
    """The numbers of the rounds to be made, from 1; those before only warm up."""
    for number in range(-1, ROUNDS + 1):
        gone = time.perf_counter() - begun
        if number <= 0 and gone > _WARMING:
            continue
        if (number > 3 and gone > _SECONDS) or (number > 1 and gone > _AT_MOST):
            return
        yield number


def _own_chance() -> contextlib.AbstractContextManager[None]:
    """In which whatever draws random numbers leaves those of others as they are."""
    found: contextlib.AbstractContextManager[None] = torch.random.fork_rng(devices=[])
    return found


@dataclass(eq=False)
class _Layer:
    """One layer at one place of the network: what runs it, with what, and the seconds it took in each round."""

    path: tuple[str, ...]
    network: Network
    number: int
    inputs: Sequence[Any]
    needs: Sequence[bool]
    precision: torch.dtype | None
    forwards: list[float] = field(default_factory=list)
    backwards: list[float] = field(default_factory=list)

    def run(self, device: str, counts: bool) -> None:
        """Runs it once, forwards and backwards."""
        given = [
            one.detach().requires_grad_(need).clone() if isinstance(one, torch.Tensor) else one
            for one, need in zip(self.inputs, self.needs, strict=True)
        ]
        with _precisely(device, self.precision):
            _wait(device)
            begun = time.perf_counter()
            result = alone(self.network, self.number, given)
            _wait(device)
        forwards = time.perf_counter() - begun
        del given
        back = [one for one in _tensors(result) if one.requires_grad]
        backwards = 0.0
        if back:
            gradients = [torch.ones_like(one) for one in back]
            _wait(device)
            begun = time.perf_counter()
            torch.autograd.backward(back, gradients)
            _wait(device)
            backwards = time.perf_counter() - begun
            self.network.zero_grad(set_to_none=True)
        if counts:
            self.forwards.append(forwards)
            self.backwards.append(backwards)

    @property
    def time(self) -> Time:
        """What it takes, as far as that is known."""
        return Time(statistics.median(self.forwards), statistics.median(self.backwards))


def _laid_out(plan: Plan, training: Training, batch: int, device: str) -> list[_Layer]:
    """All layers in the order in which they are computed, each with what comes in."""
    network = Network(plan)
    if training.channels_last:
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network.to(device).train()
    precision = _PRECISIONS.get(training.precision)
    # A padding of nothing but zeros would leave some layers nothing to do; a table of one row knows no other number.
    for number in (1, 0):
        layers: list[_Layer] = []
        given = [_made_up(plan, place, batch, device, number) for place in plan.inputs.values()]
        try:
            with _precisely(device, precision):
                _lay_out(network, plan, given, (), precision, layers)
            return layers
        except (IndexError, RuntimeError):
            if not number or not any(not one.is_floating_point() for one in given):
                raise
    return []


def _made_up(plan: Plan, place: tuple[str, str], batch: int, device: str, number: int) -> torch.Tensor:
    type_ = plan.types[place]
    dtype = getattr(torch, type_.dtype)
    if dtype.is_floating_point:
        return torch.randn(type_.at(batch), device=device, dtype=dtype)
    return torch.full(type_.at(batch), number, device=device, dtype=dtype)


def _lay_out(
    network: Network,
    plan: Plan,
    given: Sequence[Any],
    path: tuple[str, ...],
    precision: torch.dtype | None,
    layers: list[_Layer],
) -> None:
    for number, took, _ in network.trace(*given):
        _see_to_memory()
        step = plan.steps[number]
        here = (*path, step.name)
        if step.parts[0].inner is None:
            needs = [isinstance(one, torch.Tensor) and one.requires_grad for one in took]
            inputs = [one.detach() if isinstance(one, torch.Tensor) else one for one in took]
            layers.append(_Layer(here, network, number, inputs, needs, precision))
            continue
        held: Any = network.get_submodule(step.attribute)
        for inner, part in zip([held] if len(step.parts) == 1 else held, step.parts, strict=True):
            assert part.inner is not None
            _lay_out(inner, part.inner, took, here, precision, layers)
            if len(step.parts) > 1:
                took = [next(iter(_tensors(inner(*took)))), *took[1:]]


def _see_to_memory() -> None:
    if _memory_left() < _SPARE:
        raise MemoryError


def _memory_left() -> float:
    """The bytes that programs may still take. Linux gives out more than it has, and then ends who uses it."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    return math.inf


def _summed(layers: Sequence[_Layer], batch: int, device: str) -> Times:
    of: dict[str, Time] = {}
    whole = Time()
    for layer in layers:
        took = layer.time
        whole += took
        for depth in range(1, len(layer.path) + 1):
            name = ".".join(layer.path[:depth])
            of[name] = of.get(name, Time()) + took
    rounds = len(layers[0].forwards) if layers else 0
    return Times(batch, device, rounds, whole, of)


def _tensors(result: Any) -> Iterator[torch.Tensor]:
    if isinstance(result, torch.Tensor):
        yield result
    elif isinstance(result, list | tuple):
        for one in result:
            yield from _tensors(one)


def _precisely(device: str, precision: torch.dtype | None) -> contextlib.AbstractContextManager[object]:
    return contextlib.nullcontext() if precision is None else torch.autocast(device, precision)


def _wait(device: str) -> None:
    """A graphics card computes while this goes on: waits until it is done."""
    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()
