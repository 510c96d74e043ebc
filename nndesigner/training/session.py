"""A run under way: the network, the optimizer, and everything else that decides the next step."""

import contextlib
import math
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import torch
from torch import nn

from nndesigner import catalogue
from nndesigner.data import fingerprint, parts
from nndesigner.data.problem import DataError
from nndesigner.metrics import Tally
from nndesigner.model import Network, weights_sha256
from nndesigner.training import position
from nndesigner.training.chance import seed_all
from nndesigner.training.choices import Rates, chosen_from, unfit
from nndesigner.training.goal import Goal
from nndesigner.training.health import Examination, culprit
from nndesigner.training.incoming import begin_with
from nndesigner.training.ranks import Ranks, ranks, together
from nndesigner.training.report import Began, Diverged, EpochEnded, Examined, Finished, Report, Stepped
from nndesigner.training.run import Run, TrainingError, failure, told
from nndesigner.weighting import grouped, rates_of

_Batch = dict[str, torch.Tensor]
_State = Mapping[str, Any]
_Counted = tuple[_Batch, int]  # and how many of its records count
_PRECISIONS = {"bf16": torch.bfloat16, "fp16": torch.float16}


def read(run: Run, device: str) -> parts.Parts:
    """The data of a run, on its device; raises `TrainingError`."""
    with told(f"reading {run.data_set.title}", "take a part of it"):
        try:
            fingerprint.check(run.data_set)
            found = parts.load(run.data_set, run.params, run.project.training)
        except DataError as error:
            raise TrainingError(str(error)) from None
    if device == "cpu":
        return found
    with told(f"moving the data to {device}"):
        return found.to(device)


class Session:
    """One run. Between two reports it can be left, asked for its state, and gone on with, here or from that state.

    `examine` is how many seconds lie between two looks at the layers; 0: they are not looked at. It learns from `data`
    where they are given, and else from those of the run, which are read. `started` is what fitted of the weights it was to
    begin with, if there were any.
    """

    def __init__(
        self, run: Run, state: _State | None = None, *, slower: float = 1.0, data: parts.Parts | None = None
    ) -> None:
        self.run, self.training, self.plan = run, run.project.training, run.plan
        self.ranks: Ranks = ranks()
        self.device = (
            run.device if self.ranks.world == 1 or run.device != "cuda" else f"cuda:{self.ranks.local}"
        )
        self.examine, self._examined = 0.0, -math.inf
        self.examination: Examination | None = None  # that of the last step, if it had one
        self._began = time.perf_counter()
        torch.set_num_threads(run.threads)
        seed_all(self.training.seed)
        self.data = data if data is not None else read(run, self.device)
        self.objective = Goal(
            run.plan, self.device.partition(":")[0], _PRECISIONS.get(self.training.precision)
        )
        self._build(state is None)
        self.epoch, self.step, self.done, self.since_best = 1, 0, 0, 0
        self.seconds = 0.0  # of what went before
        self.order: torch.Tensor | None = None
        self._coming: Iterator[_Counted] = iter(())  # the batches of the epoch, from the next step on
        self.tally: Tally = self.objective.tally()
        self.best_loss, self.best_epoch = math.inf, 0
        self.best: dict[str, torch.Tensor] = {}
        self.rate, self.epoch_seconds, self._diverged = 0.0, 0.0, ""
        self._drawn = torch.empty(0)  # where variation stood before the step
        self.slowed = 1.0  # how many times the learning rates are those of the settings
        self._set_up()
        if self.ranks.rank:
            seed_all(self.training.seed + self.ranks.rank)
        if state is not None:
            position.restore(self, state)
        if slower != 1:
            self.rates.slow_down(slower)
            self.slowed *= slower

    # What it is made of.

    def _build(self, fresh: bool) -> None:
        with told("building the network", "make its largest layers smaller"):
            self.network = Network(self.plan)
            self.started = begin_with(self.network, self.run.start) if fresh else None
            if self.training.channels_last:
                self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.network.to(self.device)
        if not any(weight.requires_grad for weight in self.network.parameters()):
            raise TrainingError("there is nothing to learn: the network has no weights, or all are frozen")
        if reason := unfit(self.training.optimizer, self.network):
            raise TrainingError(reason)
        self.average: Any = None
        if self.training.average:
            averages: Any = torch.optim.swa_utils
            averaging = averages.get_ema_multi_avg_fn(self.training.average)
            self.average = averages.AveragedModel(self.network, multi_avg_fn=averaging)

    def _set_up(self) -> None:
        training = self.training
        self.count = len(self.data.train)
        self.records_per_step = training.batch_size * training.accumulate
        self.steps = -(-self.count // self.records_per_step)
        self.shuffle = torch.Generator().manual_seed(training.seed)
        self.variation = torch.Generator().manual_seed(training.seed + self.ranks.rank)
        kind = catalogue.BY_NAME[training.optimizer.kind]
        rates = dict(rates_of(self.plan))
        weights: Any = [weight for weight in self.network.parameters() if weight.requires_grad]
        self._learned: list[nn.Parameter] = weights
        if rates:
            lr = kind.values(training.optimizer.params)["lr"]
            assert isinstance(lr, float | int)
            weights = grouped(self.network, rates, lr)
        with told("setting up the optimizer"):
            self.optimizer = chosen_from(training.optimizer, weights)
            self.rates = Rates(training.scheduler, self.optimizer, training.epochs, self.steps)
        self._closed = kind.closure
        self._scaled = training.precision == "fp16"
        self.scaler = torch.amp.GradScaler(self.device.partition(":")[0], enabled=self._scaled)
        self._called: nn.Module = self.network

    @property
    def trained(self) -> nn.Module:
        """What is validated, tested and kept: the network, or the average of its weights."""
        averaged: nn.Module = self.network if self.average is None else self.average.module
        return averaged

    # Going on.

    def reports(self) -> Generator[Report, None, None]:
        """Trains and tells; see `train()`."""
        with together(self.ranks, self.device.partition(":")[0]), contextlib.closing(self.data):
            self._call_together()
            sizes = len(self.data.train), len(self.data.validation), len(self.data.test)
            yield Began(
                self.training.epochs, self.steps, sizes, self.plan.parameters, self.step, self.device,
                self.data.notes,
            )  # fmt: skip
            ended = ""
            while self.epoch <= self.training.epochs and (
                self.order is not None or not (ended := self._ended())
            ):
                yield from self._one_epoch()
                if self._diverged:
                    raise TrainingError(self._diverged)
            yield self._finish(ended)

    def _call_together(self) -> None:
        """What is called to compute: the network itself, compiled, or one that sums gradients over all processes."""
        called: Any = self.network
        if self.ranks.world > 1:
            where = [self.ranks.local] if self.device.startswith("cuda") else None
            called = nn.parallel.DistributedDataParallel(called, device_ids=where)
        if self.training.compile:
            called = torch.compile(called)
        self._called = called

    def _ended(self) -> str:
        """Why the run ends before its last epoch, or nothing."""
        training = self.training
        if training.steps and self.step >= training.steps:
            return f"{self.step:,} steps were made"
        if training.minutes and self.ranks.any(self.elapsed() >= 60 * training.minutes):
            return f"{training.minutes:g} minutes were over"
        if training.patience and self.since_best >= training.patience:
            return f"the validation loss has not sunk for {self.since_best} epochs"
        return ""

    def elapsed(self) -> float:
        """The seconds of the whole run so far."""
        return self.seconds + time.perf_counter() - self._began

    def _one_epoch(self) -> Iterator[Report]:
        began = time.perf_counter() - self.epoch_seconds
        if self.order is None:
            self.order = torch.randperm(self.count, generator=self.shuffle)
            self.tally = self.objective.tally(self.data.train)
            self.done = 0
        groups = torch.split(self.order, self.records_per_step)
        self._coming = self._batches(self.order[self.done * self.records_per_step :])
        self._called.train()
        limited = self.training.steps or self.training.minutes
        while self.done < len(groups) and not (self.done and limited and self._ended()):
            for report in self._one_step(groups[self.done]):
                self.epoch_seconds = time.perf_counter() - began
                yield report
            if self._diverged:
                return
        with told(f"validation after epoch {self.epoch}"):
            validation = self.ranks.agreed(self.objective.evaluate(self.trained, self.data.validation))
        self.rates.after_epoch(validation["loss"])
        best = self._note_best(validation["loss"])
        means = self._means()
        report = EpochEnded(
            self.epoch, means, validation, self.rate, time.perf_counter() - began, self.step, best
        )
        self.epoch, self.order, self.done, self.epoch_seconds = self.epoch + 1, None, 0, 0.0
        yield report

    def _means(self) -> dict[str, float]:
        self.tally.sums = self.ranks.summed(self.tally.sums)
        return self.tally.means()

    def _note_best(self, loss: float) -> bool:
        best = loss < self.best_loss or not self.best
        self.since_best = 0 if best else self.since_best + 1
        if best:
            self.best_loss, self.best_epoch = loss, self.epoch
            self.best = {
                name: value.detach().cpu().clone() for name, value in self.trained.state_dict().items()
            }
        return best

    def _one_step(self, chosen: torch.Tensor) -> tuple[Report, ...]:
        number, count = self.step + 1, chosen.shape[0]
        examination = self.examination = self._examination() if self.examine else None
        try:
            loss, gradient = self._learn(count, examination)
        except Exception as error:  # not told(): this is done for each step
            raise failure(f"step {number} on a batch of {count}", error) from error
        if not math.isfinite(loss):
            return (self._diverge(number, chosen),)
        self.step, self.done = number, self.done + 1
        if self.average is not None:
            self.average.update_parameters(self.network)
        self.rate = self.rates.after_step()
        stepped = Stepped(self.epoch, number, loss, self.rate, gradient)
        return (stepped,) if examination is None else (stepped, Examined(number, examination.after_step()))

    def _examination(self) -> Examination | None:
        now = time.monotonic()
        if self.training.compile or now - self._examined < self.examine:
            return None
        self._examined = now
        return Examination(self.network, self.plan)

    def _learn(self, count: int, examination: Examination | None) -> tuple[float, float]:
        """One step on so many records; gives their loss and the norm of the gradients, which is 0 where it is not asked for."""
        tally, sums = self.tally, list(self.tally.sums)
        batches: Iterable[_Counted] = self._varied(count, self._coming)
        seen = 0.0
        norms: list[float] = []

        def computed() -> torch.Tensor | None:
            nonlocal seen
            for weight in self._learned:  # as zero_grad() does, which takes longer for small networks
                weight.grad = None
            total: torch.Tensor | None = None
            for batch, mine in batches:
                loss, compared = self.objective(self._called, batch)
                part = mine * self.ranks.world / count
                share = loss if part == 1 else loss * part
                (self.scaler.scale(share) if self._scaled else share).backward()  # type: ignore[no-untyped-call]
                if mine and not norms:
                    seen += tally.add(mine, loss, compared) * mine
                if self._closed:
                    total = share.detach() if total is None else total + share.detach()
            norm = self._clipped() if self.training.clip else 0.0
            if examination is not None and not norms:
                examination.before_step()
            norms.append(norm)
            return None if total is None else self.ranks.mean(total)  # it decides the next step

        if self._closed:
            batches = [*batches]  # what is computed several times is varied once
            self.optimizer.step(computed)
        else:
            computed()
        records = tally.sums[1] - sums[1]
        if self.ranks.world > 1:
            seen, records = self.ranks.summed([seen, records])
        if not math.isfinite(seen):
            tally.sums = sums
            return seen, 0.0
        if self._scaled:
            self.scaler.step(self.optimizer)
            self.scaler.update()
        elif not self._closed:
            self.optimizer.step()
        return seen / records, norms[0]

    def _batches(self, chosen: torch.Tensor) -> Iterator[_Counted]:
        """The batches of some records in this process: the tensors, and how many of their records count here.

        Where there are fewer records than processes, one of another process is computed, which does not count.
        """
        shares = [self.ranks.share(batch) for batch in torch.split(chosen, self.training.batch_size)]
        return zip(
            self.data.train.batches(mine for mine, _ in shares),
            [counted for _, counted in shares],
            strict=False,
        )

    def _varied(self, count: int, coming: Iterator[_Counted]) -> Iterator[_Counted]:
        """The batches of a step on so many records as they come, varied."""
        batches = islice(coming, -(-count // self.training.batch_size))
        if self.data.vary is None:
            return batches
        vary, self._drawn = self.data.vary, self.variation.get_state()
        return ((vary(batch, self.variation), counted) for batch, counted in batches)

    def _clipped(self) -> float:
        """The norm of all gradients, which are shortened where they are longer than they may be."""
        if self._scaled:
            self.scaler.unscale_(self.optimizer)
        return nn.utils.clip_grad_norm_(self.network.parameters(), self.training.clip).item()

    def _diverge(self, number: int, chosen: torch.Tensor) -> Diverged:
        if self.data.vary is not None:
            self.variation.set_state(self._drawn)  # so that what is looked at is what was learned from
        path, reason = "", "other processes may know why"
        again = torch.split(chosen, self.training.batch_size)
        batches = ((self.data.train.batch(self.ranks.share(batch)[0]), 0) for batch in again)
        for batch, _ in self._varied(len(chosen), batches):
            with self.objective.autocast():
                found = culprit(self.network, self.objective, batch)
            if found is not None:
                path, reason = found
                break
        self._diverged = f"the loss is no number any more in step {number}: {reason}"
        return Diverged(self.epoch, number, path.partition("/")[0], reason, path if "/" in path else "")

    def _finish(self, ended: str) -> Finished:
        epoch = self.epoch - 1
        if self.training.patience and self.best:
            self.trained.load_state_dict(self.best)
            epoch = self.best_epoch
        with told("the test"):
            test = self.ranks.agreed(self.objective.evaluate(self.trained, self.data.test))
        return Finished(test, weights_sha256(self.trained.state_dict()), self.elapsed(), ended, epoch)

    def state(self) -> dict[str, Any]:
        """All that decides the rest of the run; to be asked for between two reports."""
        return position.of(self)
