"""How a network is trained, as lines of a script: the optimizer, and the loop of the epochs.

The lines of a notebook are those of a script that knows of one process only and takes its settings from plain names.
"""

from collections.abc import Iterator

from nndesigner.catalogue.kind import Kind
from nndesigner.project import Choice
from nndesigner.script import options
from nndesigner.script.epoch import Epoch
from nndesigner.script.lines import Line, assigned, call, literal, table, text

_SCHEDULERS = "torch.optim.lr_scheduler."
_AVERAGES = "torch.optim.swa_utils."


class Loop:
    """The training of a project as lines.

    `weights` is where those that learn come from, `rated` says whether layers learn with rates of their own.
    """

    def __init__(self, epoch: Epoch, weights: str, *, rated: bool = False) -> None:
        self.epoch, self.weights, self.rated = epoch, weights, rated
        self.objective, self.training, self.data = epoch.objective, epoch.training, epoch.data
        self.metric, self.words, self.alone = epoch.metric, epoch.words, epoch.alone
        self.scheduler, self.prefix = epoch.scheduler, epoch.prefix
        self.trained = "average.module" if self.training.average else "model"
        limited = bool(self.training.steps or self.training.minutes)
        self.remembers = not self.alone or limited or bool(self.training.patience)

    @property
    def imports(self) -> list[str]:
        """What the lines need beside torch."""
        return [
            "import math",
            *([] if self.alone else ["import argparse", "from torch import distributed"]),
            *(["import time"] if self.training.minutes else []),
            *(["import copy"] if self.training.patience else []),
        ]

    def setting_up(self, depth: int) -> Iterator[Line]:
        """Optimizer, scheduler and generators."""
        training, seed = self.training, f"{self.prefix}seed"
        if training.average:
            yield from text(
                depth,
                "# what is kept is a moving average of the weights",
                f"averaging = {_AVERAGES}get_ema_multi_avg_fn({training.average!r})",
                f"average = {_AVERAGES}AveragedModel(model, multi_avg_fn=averaging)",
            )
        rates, weights = options.spelled(training, self.prefix), self.weights
        if self.rated:
            lr = literal(self.epoch.optimizer.values(training.optimizer.params)["lr"])
            weights = f"grouped(model, rates, {rates.get('lr', lr)})"
        given = [weights, *_given(self.epoch.optimizer, training.optimizer, rates)]
        yield from call(depth, f"optimizer = {self.epoch.optimizer.target}", given)
        yield from self._scheduling(depth, rates)
        yield from text(depth, f"shuffle = torch.Generator().manual_seed({seed})")
        if self.epoch.varied:
            own = seed if self.alone else f"{seed} + RANK"
            yield from text(depth, f"variation = torch.Generator().manual_seed({own})")
        if self.epoch.scaled:
            yield from text(depth, "scaler = torch.amp.GradScaler(device.type)")

    def _scheduling(self, depth: int, rates: options.Rates) -> Iterator[Line]:
        chosen, scheduler = self.training.scheduler, self.scheduler
        if scheduler is None or chosen is None:
            return
        warmup = scheduler.values(chosen.params).get("warmup")
        spelled = {"epochs": f"{self.prefix}epochs", "steps_per_epoch": "steps_per_epoch"}
        if isinstance(warmup, int) and warmup:
            left = f"{self.prefix}epochs - {warmup}"
            spelled["epochs"] = f"max(1, {left})" if self.training.epochs > warmup else left
        followed = [f"{one.argument}={spelled[one.port]}" for one in scheduler.follows]
        if any(one.port == "steps_per_epoch" for one in scheduler.follows):
            count = "len(train)" if self.epoch.by_file else f'len(train["{self.data.first}"])'
            several = f" * {self.training.accumulate}" if self.objective.several else ""
            size = f"({self.prefix}batch_size{several})" if several else f"{self.prefix}batch_size"
            yield from text(depth, f"steps_per_epoch = math.ceil({count} / {size})")
        arguments = ["optimizer", *followed, *_given(scheduler, chosen, rates)]
        if not warmup:
            yield from call(depth, f"scheduler = {scheduler.target}", arguments)
            return
        rises = ["optimizer", "start_factor=0.1", f"total_iters={warmup}"]
        yield from call(depth, f"rising = {_SCHEDULERS}LinearLR", rises)
        yield from call(depth, f"settling = {scheduler.target}", arguments)
        both = ["optimizer", "[rising, settling]", f"milestones=[{warmup}]"]
        yield from call(depth, f"scheduler = {_SCHEDULERS}SequentialLR", both)

    def keeping(self, depth: int) -> Iterator[Line]:
        """What a checkpoint holds: networks, generators, and how far it is."""
        training = self.training
        if not self.alone:
            kept = ["model", "optimizer"]
            kept += ["scheduler"] if self.scheduler else []
            kept += ["average"] if training.average else []
            kept += ["scaler"] if self.epoch.scaled else []
            drawn = {"torch": "torch.default_generator", "shuffle": "shuffle"}
            yield from text(depth, "# a checkpoint holds all that decides the next epoch")
            yield from table(depth, "kept = ", {name: name for name in kept})
            yield from table(
                depth, "generators = ", drawn | ({"variation": "variation"} if self.epoch.varied else {})
            )
            yield from text(
                depth,
                'if device.type == "cuda":',
                '    generators["cuda"] = torch.cuda.default_generators[device.index]',
            )
        if self.remembers:
            best = {"best_loss": "math.inf"} if not self.alone or training.patience else {}
            steps = {"step": "0"} if training.steps else {}
            seconds = {"seconds": "0.0"} if training.minutes and not self.alone else {}
            waited = {"waited": "0"} if training.patience else {}
            epoch = {} if self.alone else {"epoch": "0"}
            yield from table(depth, "progress = ", {**epoch, **steps, **seconds, **best, **waited})
        if not self.alone:
            yield from text(
                depth,
                "if args.resume:",
                "    progress = load_checkpoint(args.resume, kept, generators)",
            )

    def loop(self, depth: int) -> Iterator[Line]:
        """The epochs."""
        training, epochs = self.training, f"{self.prefix}epochs"
        if training.minutes:
            began = "" if self.alone else ' - progress["seconds"]'
            yield from text(
                depth,
                f"began = time.perf_counter(){began}",
                f"deadline = began + 60 * {self.prefix}minutes",
            )
        start = "1" if self.alone else 'progress["epoch"] + 1'
        limits = {"steps": f"{self.prefix}steps", "minutes": "deadline", "device": "device"}
        yield from text(
            depth,
            f"for epoch in range({start}, {epochs} + 1):",
            *self.epoch.breaking(limits, depth + 1, patience=bool(training.patience)),
        )
        results = ["train_loss", *(["train_metric"] if self.metric else [])]
        yield from assigned(depth + 1, results, "train_epoch", [*self.epoch.arguments().values()])
        wrong = "RuntimeError" if self.alone else "SystemExit"
        watched = f"validation_loss{', validation_metric' if self.metric else ''}"
        yield from text(
            depth + 1,
            "if not math.isfinite(train_loss):",
            f'    raise {wrong}(f"the loss is no number any more in epoch {{epoch}}")',
            f"{watched} = evaluate({self.trained}, validation)",
            *(["scheduler.step()"] if self.epoch.stepped == "epoch" else []),
            *(["scheduler.step(validation_loss)"] if self.epoch.stepped == "validation" else []),
        )
        yield from self._telling(depth + 1)
        yield from self._noting(depth + 1)

    def _noting(self, depth: int) -> Iterator[Line]:
        """What is remembered after an epoch, and written."""
        if self.alone:
            yield from text(depth, "history.append((train_loss, validation_loss))")
        else:
            yield from text(depth, 'progress["epoch"] = epoch')
            if self.training.minutes:
                yield from text(depth, 'progress["seconds"] = time.perf_counter() - began')
        if self.training.patience:
            yield from text(depth, 'progress["waited"] += 1')
        if not self.alone or self.training.patience:
            yield from text(
                depth,
                'if validation_loss < progress["best_loss"]:',
                '    progress["best_loss"] = validation_loss',
            )
        if self.training.patience:
            yield from text(
                depth + 1,
                'progress["waited"] = 0',
                f'progress["best"] = copy.deepcopy({self.trained}.state_dict())',
            )
        if not self.alone:
            yield from text(
                depth,
                f'    save({self.trained}.state_dict(), args.output.with_suffix(".best.pt"))',
                "save_checkpoint(args.output, kept, generators, progress)",
            )

    def _telling(self, depth: int) -> Iterator[Line]:
        if not self.alone:
            yield from text(depth, "if RANK == 0:")
            depth += 1
        first, second = "train loss {train_loss:.6f}", "validation loss {validation_loss:.6f}"
        if self.metric:
            first += f", {self.words} {{train_metric:.4f}}"
            second += f", {self.words} {{validation_metric:.4f}}"
        rows = [f'f"epoch {{epoch}}: {first}; "', f'f"{second}"']
        if self.metric and not self.alone:
            rows = ['f"epoch {epoch}: "', f'f"{first}; "', f'f"{second}"']
        yield from text(depth, "print(", *(f"    {row}" for row in rows), ")")

    def best(self, depth: int) -> Iterator[Line]:
        """The weights that are used after the last epoch."""
        if self.training.patience:
            yield from text(
                depth,
                'if "best" in progress:',
                f'    {self.trained}.load_state_dict(progress["best"])',
            )

    def testing(self, depth: int) -> Iterator[Line]:
        """The test after the last epoch."""
        results = f"test_loss{', test_metric' if self.metric else ''}"
        tested = self.trained if self.alone else "model"
        shown = f", {self.words} {{test_metric:.4f}}" if self.metric else ""
        printed = f'print(f"test loss {{test_loss:.6f}}{shown}")'
        yield from text(depth, f"{results} = evaluate({tested}, test)")
        yield from text(depth, *([printed] if self.alone else ["if RANK == 0:", f"    {printed}"]))


def _given(kind: Kind, choice: Choice, rates: options.Rates) -> list[str]:
    """The arguments that differ from torch's defaults; the learning rate always, as everybody looks for it."""
    values = kind.values(choice.params)
    shown = {name: values[name] for name in ("lr",) if name in values} | kind.arguments(choice.params)
    return [f"{name}={rates.get(name, literal(value))}" for name, value in shown.items()]
