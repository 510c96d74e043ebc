"""Short trials before a run, on the network it begins with: is its loss what it should be, can it learn at all, and how fast.

Each is a generator: it yields a `Probe` a step and, last, a `Finding`. Whoever asks for the next one may stop at any time.
A trial builds a network of its own, with random weights or those the run is to begin with, so no weights of a run are
touched, and draws random numbers of its own.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import nn

from nndesigner import catalogue
from nndesigner.inference import call
from nndesigner.model import Network
from nndesigner.plan import Objective
from nndesigner.training.chance import Chance
from nndesigner.training.choices import chosen_from, unfit
from nndesigner.training.goal import Goal
from nndesigner.training.incoming import begin_with
from nndesigner.training.run import Run, TrainingError, told
from nndesigner.training.session import read
from nndesigner.weighting import grouped, rates_of

Curve = tuple[tuple[float, float], ...]

_PROBED = 1024  # records that the first loss is the mean of
_BY_HEART = 32  # records at most that are to be learned by heart
_LOWEST, _HIGHEST, _RATES = 1e-6, 10.0, 150
_KEPT = 0.9  # of the smoothed loss, at each step


@dataclass(frozen=True, slots=True)
class Probe:
    """A step of a trial: which of how many, and its loss; `rate` where a learning rate was tried."""

    step: int
    steps: int
    loss: float
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a trial found, in a sentence for people. `good` says that nothing speaks against a run.

    `value` is the loss, the share of the loss that is left, or the learning rate; `curve` are points (x, y): losses by
    steps or by rates.
    """

    name: str
    sentence: str
    good: bool
    value: float
    curve: Curve = ()


def initial_loss(run: Run) -> Iterator[Probe | Finding]:
    """Holds the loss before the first step against that of somebody who knows nothing.

    That is ln(classes) for cross entropy, ln 2 for yes or no, the variance of the target for the squared error: what the
    loss itself gives for equal scores, or for the mean of all targets. Weights from elsewhere should know more than that.
    """
    begun = _Beginning(run)
    chosen = begun.order()[: max(run.project.training.batch_size, _PROBED)]
    pieces = torch.split(chosen, run.project.training.batch_size)
    came = expected = 0.0
    unknown: list[str] = []
    curve: list[tuple[float, float]] = []
    for number, piece in enumerate(pieces, start=1):
        with begun.at_work("the first loss"), torch.no_grad():
            loss, guess, unknown = _compared(begun, begun.batch(piece))
        came += loss * len(piece) / len(chosen)
        expected += guess * len(piece) / len(chosen)
        curve.append((number, loss))
        yield Probe(number, len(pieces), loss)
    sentence, good = _on_first_loss(begun, came, expected, unknown)
    yield Finding("initial loss", sentence, good, came, tuple(curve))


def overfit_one_batch(run: Run, steps: int = 200) -> Iterator[Probe | Finding]:
    """Has the network learn a few records by heart, without variation, dropout, schedule or averaging.

    A network that can't has something wrong that no amount of data cures. It ends before `steps` once it can.
    """
    begun = _Beginning(run)
    _without_dropout(begun.network)
    optimizer, _ = begun.optimizer()
    batch = begun.batch(begun.order()[: min(run.project.training.batch_size, _BY_HEART)])
    count = len(next(iter(batch.values())))
    curve: list[tuple[float, float]] = []
    right = 0.0
    for number in range(1, steps + 1):
        with begun.at_work(f"step {number} of learning by heart"):
            loss, right = _learn(begun, optimizer, batch)
        if not math.isfinite(loss):
            break
        curve.append((number, loss))
        yield Probe(number, steps, loss)
        if loss <= 0.01 * abs(curve[0][1]) and (right >= 1 or not begun.is_counted):
            break
    else:
        loss = curve[-1][1]
    first = curve[0][1] if curve else math.nan
    sentence, good = _on_learning_by_heart(begun, count, len(curve), first, loss, right)
    left = loss / first if first else loss
    yield Finding("overfit one batch", sentence, good, left, tuple(curve))


def learning_rate_range(run: Run, steps: int = _RATES) -> Iterator[Probe | Finding]:
    """Trains the network with a learning rate that rises from step to step, and looks where the loss sinks best.

    L. N. Smith, “Cyclical learning rates for training neural networks”, 2015, with rates that rise exponentially from
    1e-6 to 10 and a smoothed loss. What is suggested is the rate at which the loss sinks most steeply. It ends once the
    loss is far above where it began.
    """
    choice = run.project.training.optimizer
    if "lr" not in catalogue.BY_NAME[choice.kind].by_name:
        yield Finding("learning rate", f"{choice.kind} has no learning rate to look for.", True, 0.0)
        return
    begun = _Beginning(run)
    optimizer, times = begun.optimizer()
    curve: list[tuple[float, float]] = []
    batches = begun.batches()
    mean = 0.0
    for number in range(steps):
        rate = _LOWEST * (_HIGHEST / _LOWEST) ** (number / (steps - 1))
        for group, factor in zip(optimizer.param_groups, times, strict=True):
            group["lr"] = rate * factor
        with begun.at_work(f"a step with the learning rate {rate:.2g}"):
            loss, _ = _learn(begun, optimizer, next(batches))
        if not math.isfinite(loss):
            break
        mean = _KEPT * mean + (1 - _KEPT) * loss
        curve.append((rate, mean / (1 - _KEPT ** (number + 1))))
        yield Probe(number + 1, steps, loss, rate)
        if _is_lost(curve):
            break
    yield _on_rates(run, curve, rate)


class _Beginning:
    """The network that a run begins with, its data and its goal. `started` is what fitted of the weights it begins with, if
    there are any.
    """

    def __init__(self, run: Run) -> None:
        self.run, training = run, run.project.training
        torch.set_num_threads(run.threads)
        self.data = read(run, "cpu")
        self._chance = Chance(training.seed)
        self._shuffle = torch.Generator().manual_seed(training.seed)
        self._variation = torch.Generator().manual_seed(training.seed)
        # A few steps need no speed, and fp16 would need its gradients scaled.
        precision = torch.bfloat16 if training.precision == "bf16" else None
        self.goal = Goal(run.plan, run.device, precision)
        with self.at_work("building the network"):
            self.network = Network(run.plan)
            self.started = begin_with(self.network, run.start)
            if training.channels_last:
                self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.network.to(run.device)
        self.network.train()

    @property
    def is_counted(self) -> bool:
        """Whether what is right can be counted."""
        return "accuracy" in self.goal.metric

    def at_work(self, doing: str) -> "_Work":
        """While torch computes: random numbers are its own, and an error is told as one of `doing` something."""
        return _Work(self._chance, doing)

    def order(self) -> torch.Tensor:
        """All records to learn from, shuffled."""
        return torch.randperm(len(self.data.train), generator=self._shuffle)

    def batch(self, chosen: torch.Tensor, *, varied: bool = False) -> dict[str, torch.Tensor]:
        """These records, on the device."""
        found = self.data.train.batch(chosen)
        if varied and self.data.vary is not None:
            found = self.data.vary(found, self._variation)
        return {name: values.to(self.run.device) for name, values in found.items()}

    def batches(self) -> Iterator[dict[str, torch.Tensor]]:
        """Batches as in training, without end; a last one that is smaller than the others is left out."""
        size = self.run.project.training.batch_size
        while True:
            for chosen in torch.split(order := self.order(), size):
                if len(chosen) == min(size, len(order)):
                    yield self.batch(chosen, varied=True)

    def optimizer(self) -> tuple[torch.optim.Optimizer, list[float]]:
        """The optimizer that is set, and how many times the learning rate each of its groups learns with."""
        choice, rates = self.run.project.training.optimizer, dict(rates_of(self.run.plan))
        weights: list[dict[str, object]] = []
        learned = [one for one in self.network.parameters() if one.requires_grad]
        if not learned:
            raise TrainingError("there is nothing to learn: the network has no weights, or all are frozen")
        if reason := unfit(choice, self.network):
            raise TrainingError(reason)
        with told("setting up the optimizer"):
            if not rates:
                return chosen_from(choice, learned), [1.0]
            lr = catalogue.BY_NAME[choice.kind].values(choice.params)["lr"]
            assert isinstance(lr, float | int)
            weights = grouped(self.network, rates, lr)
            factors = [group["lr"] / lr if isinstance(group["lr"], float) else 1.0 for group in weights]
            return chosen_from(choice, weights), factors


class _Work:
    """A piece of work whose random numbers are a trial's own and whose errors are told in words."""

    def __init__(self, chance: Chance, doing: str) -> None:
        self._drawn, self._told = chance.drawn(), told(doing)

    def __enter__(self) -> None:
        self._told.__enter__()
        self._drawn.__enter__()

    def __exit__(self, *error: object) -> None:
        self._drawn.__exit__(*error)  # type: ignore[arg-type]
        self._told.__exit__(*error)  # type: ignore[arg-type]


def _learn(
    begun: _Beginning, optimizer: torch.optim.Optimizer, batch: Mapping[str, torch.Tensor]
) -> tuple[float, float]:
    """One step; gives the loss before it, and the share that was right where that is counted."""
    tally = begun.goal.tally()

    def closure() -> float:
        optimizer.zero_grad()
        loss, compared = begun.goal(begun.network, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        if not tally.sums[1]:
            tally.add(1, loss, compared)
        return loss.item()

    optimizer.step(closure)
    means = tally.means()
    return means["loss"], means.get(begun.goal.metric, 0.0)


def _without_dropout(network: nn.Module) -> None:
    for module in network.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.p = 0.0
        elif isinstance(module, nn.RNNBase | nn.MultiheadAttention):
            module.dropout = 0.0


# The first loss.


def _compared(begun: _Beginning, batch: Mapping[str, torch.Tensor]) -> tuple[float, float, list[str]]:
    """The loss of a batch, what it would be for who knows nothing, and the losses of which that can't be said."""
    goal = begun.goal
    with goal.autocast():
        given = goal.arrivals(begun.network, batch)
        came = expected = 0.0
        unknown = []
        for (one, loss), arrived in zip(goal.losses, given, strict=True):
            single = one.scale * call(one.kind, loss, arrived, one.arguments).item()
            guess = _guessed(one, arrived)
            came += single
            if guess is None:
                unknown.append(one.name)
            else:
                expected += one.scale * call(one.kind, loss, guess, one.arguments).item()
    return came, expected, unknown


def _guessed(one: Objective, arrived: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor] | None:
    """What somebody who knows nothing but the mean of all targets would say; None where that has no meaning."""
    guess = _GUESSES.get(one.kind.name)
    prediction, target = next(iter(arrived)), arrived.get("target")
    if guess is None or target is None:
        return None
    said = {
        **arrived,
        prediction: torch.full_like(arrived[prediction], guess(one, arrived[prediction], target)),
    }
    if "var" in arrived:
        said["var"] = torch.full_like(arrived["var"], target.float().var(correction=0).item())
    return said


_Guess = Callable[[Objective, torch.Tensor, torch.Tensor], float]


def _zero(_one: Objective, _prediction: torch.Tensor, _target: torch.Tensor) -> float:
    return 0.0


def _log_share(_one: Objective, prediction: torch.Tensor, _target: torch.Tensor) -> float:
    return -math.log(prediction.shape[1])


def _mean(_one: Objective, _prediction: torch.Tensor, target: torch.Tensor) -> float:
    return target.float().mean().item()


def _log_mean(one: Objective, prediction: torch.Tensor, target: torch.Tensor) -> float:
    mean = _mean(one, prediction, target)
    return math.log(max(mean, 1e-8)) if one.arguments.get("log_input", True) else mean


_GUESSES: dict[str, _Guess] = {
    **dict.fromkeys(
        (
            "CrossEntropyLoss", "BCEWithLogitsLoss", "SoftMarginLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss",
            "MultiLabelMarginLoss",
        ),
        _zero,
    ),
    **dict.fromkeys(("MSELoss", "SmoothL1Loss", "HuberLoss", "GaussianNLLLoss"), _mean),
    **dict.fromkeys(("NLLLoss", "KLDivLoss"), _log_share),
    "BCELoss": lambda _one, _prediction, _target: 0.5,
    "L1Loss": lambda _one, _prediction, target: target.float().median().item(),
    "PoissonNLLLoss": _log_mean,
}  # fmt: skip


def _meant(run: Run) -> str:
    """What the expected loss is, in words, where it is that of one loss of a common sort."""
    if len(run.plan.objectives) != 1 or run.plan.objectives[0].scale != 1:
        return "what somebody who knows nothing would reach"
    one = run.plan.objectives[0]
    summed = one.arguments.get("reduction", "mean") != "mean"
    if one.kind.name in ("CrossEntropyLoss", "NLLLoss") and not summed:
        sizes = run.plan.types[one.prediction].sizes
        return f"ln {sizes[1]:,}, that of equal scores for {sizes[1]:,} classes"
    if one.kind.metric in ("binary_accuracy", "rounded_accuracy") and not summed:
        return "ln 2, that of yes and no being equally likely"
    if one.kind.name == "MSELoss" and not summed:
        return "the variance of the target, that of always saying its mean"
    return "what somebody who knows nothing would reach"


def _on_first_loss(begun: _Beginning, came: float, expected: float, unknown: list[str]) -> tuple[str, bool]:
    run = begun.run
    if not math.isfinite(came):
        return (
            "The loss is no number even before the first step: look for a division by 0 or a logarithm of 0.",
            False,
        )
    if unknown:
        return (
            f"The loss begins at {came:.4g}. What to expect of {unknown[0]} can't be said beforehand.",
            True,
        )
    room = max(abs(expected), 1e-9)
    fits = abs(came - expected) <= 0.25 * room or (
        "mean_absolute_error" in run.plan.objectives[0].kind.metric and 0.5 <= came / room <= 1.75
    )
    if run.start is not None:
        with_them = f"With the weights of {run.start.path.name}, of which {begun.started}, the loss begins at {came:.4g}"
        knowing_nothing = f"random weights would begin near {expected:.4g}, {_meant(run)}"
        return _on_loss_of_weights(with_them, knowing_nothing, fits, came < expected)
    words = f"The loss begins at {came:.4g}; expected was {expected:.4g}, {_meant(run)}"
    if fits:
        return f"{words}. That fits.", True
    if came > expected:
        return (
            f"{words}. The network begins with strong opinions that are wrong: numbers that reach it or come out of it are "
            "too large. Normalize the data or the target, or add a normalization layer."
        ), False
    return (
        f"{words}. It begins better than knowing nothing allows: the answer may be in what the network is given, or the "
        "target is nearly always the same."
    ), False


def _on_loss_of_weights(words: str, nothing: str, fits: bool, lower: bool) -> tuple[str, bool]:
    """What the first loss tells of weights from elsewhere."""
    if fits:
        return f"{words}; {nothing}. So they know no more of this task yet than random ones.", True
    if lower:
        return f"{words}; {nothing}. So they know something of it.", True
    return (
        f"{words}; {nothing}. They are worse than knowing nothing: they may have learned something else, or from data that "
        "were prepared otherwise."
    ), False


# Learning by heart.


def _on_learning_by_heart(
    begun: _Beginning, count: int, steps: int, first: float, last: float, right: float
) -> tuple[str, bool]:
    what = f"{count} record{'s' if count > 1 else ''}"
    if not math.isfinite(last):
        return (
            f"The loss is no number any more after {steps} steps on {what}: lower the learning rate.",
            False,
        )
    fell = f"in {steps} steps the loss went from {first:.3g} to {last:.3g}"
    if begun.is_counted:
        places = begun.run.plan.types[begun.run.plan.objectives[0].prediction].sizes
        # Where many texts begin alike, nobody can know each next word.
        good = right >= (0.99 if len(places) == 2 else 0.9)
        fell += f", and {right:.0%} is right"
    else:
        good = last <= 0.1 * abs(first)
    if good:
        return f"The network learned {what} by heart: {fell}. It can learn.", True
    if last < 0.5 * first:
        return (
            f"The network has not learned {what} by heart yet: {fell}. It learns, but slowly: a higher learning rate or "
            "more width may help."
        ), False
    return (
        f"The network can't learn {what} by heart: {fell}. Look for a learning rate that is too low or too high, a layer "
        "that lets nothing through, a frozen layer, or targets that don't belong to their records."
    ), False


# Learning rates.


def _is_lost(curve: list[tuple[float, float]]) -> bool:
    losses = [loss for _, loss in curve]
    first, best = losses[0], min(losses)
    return losses[-1] > first + max(first - best, 0.5 * abs(first))


def _on_rates(run: Run, curve: list[tuple[float, float]], ended: float) -> Finding:
    name, drawn, optimizer = "learning rate", tuple(curve), run.project.training.optimizer.kind
    if len(curve) < 10:
        return Finding(
            name, f"The loss is no number with a learning rate of {ended:.1g} already.", False, 0.0, drawn
        )
    losses = [loss for _, loss in curve]
    lowest = losses.index(min(losses))
    fell = losses[0] - losses[lowest]
    if fell < 0.03 * abs(losses[0]):
        known = "" if run.start is None else "the weights it begins with may know this already, or "
        return Finding(
            name,
            f"With no learning rate from {_LOWEST:g} to {ended:.1g} does the loss sink: {known}the network may not be able "
            "to learn this. Try whether it can learn one batch by heart.",
            False,
            0.0,
            drawn,
        )
    # What is smoothed comes late: by so many steps.
    lag = round(_KEPT / (1 - _KEPT))
    best = _round(curve[max(0, _steepest(losses, lowest) - lag)][0])
    worse = (rate for rate, loss in curve[lowest:] if loss > losses[lowest] + 0.5 * fell)
    diverges = next(worse, ended if len(curve) < _RATES else 0.0)
    where = f" From about {diverges:.1g} on it rises again." if diverges else ""
    return Finding(
        name,
        f"The loss sinks fastest with a learning rate of about {best:g}: a good one to begin with for {optimizer}.{where}",
        True,
        best,
        drawn,
    )


def _steepest(losses: list[float], lowest: int) -> int:
    """Where the losses, each at a rate that is the same factor higher, sink most steeply before the lowest.

    A slope is that of the line fitted to eleven of them.
    """
    reach = 5
    slopes = {
        middle: sum(step * losses[middle + step] for step in range(-reach, reach + 1))
        for middle in range(reach, min(lowest + 1, len(losses) - reach))
    }
    return min(slopes, key=lambda middle: slopes[middle]) if slopes else lowest


def _round(rate: float) -> float:
    """To 1, 2 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(rate))
    nearest = min((1, 2, 5, 10), key=lambda one: abs(math.log(rate / (one * power))))
    return float(f"{nearest * power:.0e}")
