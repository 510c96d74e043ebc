"""What `train()` yields: frozen, small, free of torch, so that any thread or process can hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Metrics = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Began:
    """The run is about to make its next step. `records` counts the train, validation and test parts.

    `step` steps were made before, where a run is resumed; `device` is what it is computed on, in words. `notes` are
    sentences about the data that a person should know of, such as how many texts are cut off.
    """

    epochs: int
    steps_per_epoch: int
    records: tuple[int, int, int]
    parameters: int
    step: int = 0
    device: str = "cpu"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stepped:
    """One step was made: `step` counts from 1 over the whole run, `loss` is that of its batch.

    `gradient` is the norm of all gradients before it was clipped, where it is clipped, else 0.
    """

    epoch: int
    step: int
    loss: float
    learning_rate: float = 0.0
    gradient: float = 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """How one layer does at a step: norms of its gradients and weights, and how much of the weights a step changes.

    `mean` and `deviation` are of what it gives; `dead` is the share of its units, channels or columns, that gave 0 for
    the whole batch.
    """

    gradient: float = 0.0
    weight: float = 0.0
    update: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0
    dead: float = 0.0


@dataclass(frozen=True, slots=True)
class Examined:
    """The layers were looked at in a step: their health by the names of their nodes, in the order of computation.

    Those inside of a block come after it, by their paths: `inception3a/conv1`, or `stage1/2/conv1` for the second copy of
    a block that is repeated. Runs that were kept by earlier versions tell nothing of them.
    """

    step: int
    layers: Mapping[str, Health] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diverged:
    """The loss of a step is no number. `node` is the first that gave one that is none, or was made of such; `reason` a
    sentence. Where that is a block, `path` leads to the first node inside of it, as in `Examined`. Nothing was learned
    from the step, and the run does not go on.
    """

    epoch: int
    step: int
    node: str
    reason: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch, counted from 1, was trained and validated. Metrics hold `loss` and, where there is one, its metric.

    `learning_rate` is the one its last step was made with, `seconds` how long it took, `step` the last one made. It is
    the `best` so far where its validation loss is the lowest.
    """

    epoch: int
    train: Metrics
    validation: Metrics
    learning_rate: float
    seconds: float
    step: int = 0
    best: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over; `test` was measured with the final weights, whose SHA-256 is given. `seconds` is all of it.

    `reason` says why it ended, where that was before its last epoch; `epoch` is the one whose weights were tested.
    """

    test: Metrics
    weights_sha256: str
    seconds: float
    reason: str = ""
    epoch: int = 0


Report = Began | Stepped | Examined | Diverged | EpochEnded | Finished
