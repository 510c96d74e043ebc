"""What `train()` yields: frozen, small, free of torch, so that any thread or process can hold them."""

from collections.abc import Mapping
from dataclasses import dataclass

Metrics = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Began:
    """The run is about to make its first step. `records` counts the train, validation and test parts."""

    epochs: int
    steps_per_epoch: int
    records: tuple[int, int, int]
    parameters: int


@dataclass(frozen=True, slots=True)
class Stepped:
    """One step was made: `step` counts from 1 over the whole run, `loss` is that of its batch."""

    epoch: int
    step: int
    loss: float


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch, counted from 1, was trained and validated. Metrics hold `loss` and, where there is one, its metric.

    `learning_rate` is the one its last step was made with, `seconds` how long it took.
    """

    epoch: int
    train: Metrics
    validation: Metrics
    learning_rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over; `test` was measured with the final weights, whose SHA-256 is given. `seconds` is all of it."""

    test: Metrics
    weights_sha256: str
    seconds: float


Report = Began | Stepped | EpochEnded | Finished
