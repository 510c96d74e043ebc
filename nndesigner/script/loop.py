"""How a network is trained, as lines of a script: the optimizer and the loop."""

from collections.abc import Iterator

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.project import Choice, Project
from nndesigner.script.lines import Line, call, literal, text
from nndesigner.script.objective import Objective

_SCHEDULERS = "torch.optim.lr_scheduler."
_AVERAGES = "torch.optim.swa_utils."


class Loop:
    """The training of a project as lines.

    `varied` says whether batches are varied, `rated` whether layers learn with rates of their own.
    """

    def __init__(
        self, project: Project, objective: Objective, *, varied: bool = False, rated: bool = False
    ) -> None:
        self.objective, self.training = objective, project.training
        self.metric, self.words, self.given = objective.metric, objective.words, objective.given
        self.by_file, self.varied, self.rated = objective.by_file, varied, rated
        self.optimizer = objective.optimizer
        chosen = self.training.scheduler
        self.scheduler = catalogue.BY_NAME[chosen.kind] if chosen else None
        self.trained = "average.module" if self.training.average else "model"

    def setting_up(self, weights: str, field: str) -> Iterator[Line]:
        """Optimizer and scheduler; `weights` is where the weights come from, `field` one of the data."""
        training = self.training
        if training.average:
            yield from text(
                1,
                "# what is kept is a moving average of the weights",
                f"averaging = {_AVERAGES}get_ema_multi_avg_fn({training.average!r})",
                f"average = {_AVERAGES}AveragedModel(model, multi_avg_fn=averaging)",
            )
        own = _arguments(self.optimizer, training.optimizer)
        if self.rated:
            lr = self.optimizer.values(training.optimizer.params)["lr"]
            weights = f"grouped(model, rates, {literal(lr)})"
        yield from call(1, f"optimizer = {self.optimizer.target}", [weights, *own])
        yield from text(1, "count = len(train)" if self.by_file else f'count = len(train["{field}"])')
        yield from self._scheduling()
        yield from text(1, "shuffle = torch.Generator().manual_seed(seed)")
        if self.varied:
            yield from text(1, "variation = torch.Generator().manual_seed(seed + rank)")
        if training.precision == "fp16":
            yield from text(1, 'scaler = torch.amp.GradScaler(device.partition(":")[0])')
        yield from text(
            1,
            "if rank:",
            "    torch.manual_seed(seed + rank)",
            "called = model",
            "if world > 1:",
            "    called = nn.parallel.DistributedDataParallel(model)",
            *(["called = torch.compile(called)"] if training.compile else []),
            "",
        )

    def _scheduling(self) -> Iterator[Line]:
        chosen, scheduler = self.training.scheduler, self.scheduler
        if scheduler is None or chosen is None:
            return
        warmup = scheduler.values(chosen.params).get("warmup")
        spelled = {"epochs": f"epochs - {warmup}"} if warmup else {}
        followed = [f"{one.argument}={spelled.get(one.port, one.port)}" for one in scheduler.follows]
        if any(one.port == "steps_per_epoch" for one in scheduler.follows):
            yield from text(1, f"steps_per_epoch = -(-count // {self._group})  # rounded up")
        arguments = ["optimizer", *followed, *_arguments(scheduler, chosen)]
        if not warmup:
            yield from call(1, f"scheduler = {scheduler.target}", arguments)
            return
        rises = ["optimizer", "start_factor=0.1", f"total_iters={warmup}"]
        yield from call(1, f"rising = {_SCHEDULERS}LinearLR", rises)
        yield from call(1, f"settling = {scheduler.target}", arguments)
        both = ["optimizer", "[rising, settling]", f"milestones=[{warmup}]"]
        yield from call(1, f"scheduler = {_SCHEDULERS}SequentialLR", both)

    @property
    def _group(self) -> str:
        """How many records make a step."""
        several = self.training.accumulate
        return f"(batch_size * {several})" if several > 1 else "batch_size"

    def loop(self) -> Iterator[Line]:
        """The epochs, and the test after them."""
        training = self.training
        stepped = self.scheduler.stepped if self.scheduler else ""
        summed = [
            "total",
            *(["measured", "counted"] if self.metric else []),
            *(["seen"] if self._limited else []),
        ]
        names = ", ".join(summed)
        left = names if len(summed) > 1 else f"({names},)"
        size = self._group.strip("()")
        yield from text(
            1,
            *(["step = 0"] if training.steps else []),
            *(["began = time.perf_counter()"] if training.minutes else []),
            *(['best_loss, waited = float("inf"), 0'] if training.patience else []),
            "for epoch in range(1, epochs + 1):",
            "    called.train()",
            f"    {self.objective.sums}",
            *(["    seen = 0"] if self._limited else []),
            *(f"    {line}" for line in self._drawing(size)),
            *(f"        {line}" for line in self._a_step()),
            *(["        average.update_parameters(model)"] if training.average else []),
            *(["        scheduler.step()"] if stepped == "step" else []),
            *(["        step += 1"] if training.steps else []),
            *self._breaking(2),
            f"    {left} = summed({names})",
            f"    validation_loss{', validation_measured' if self.metric else ''} = evaluate({self.trained}, validation)",
            *(["    scheduler.step()"] if stepped == "epoch" else []),
            *(["    scheduler.step(validation_loss)"] if stepped == "validation" else []),
        )
        yield from self._telling()
        if training.patience:
            yield from text(
                2,
                "if validation_loss < best_loss:",
                "    best_loss, waited = validation_loss, 0",
                f"    best = copy.deepcopy({self.trained}.state_dict())",
                "else:",
                "    waited += 1",
            )
        yield from text(1, *self._breaking(1, patience=bool(training.patience)))
        if training.patience:
            yield from text(1, f"{self.trained}.load_state_dict(best)")
        yield from self._ending()

    def _drawing(self, size: str) -> list[str]:
        """The records of each step, in the order that is drawn."""
        if not self.by_file:
            return [f"for chosen in torch.randperm(count, generator=shuffle).split({size}):"]
        return [
            "order = torch.randperm(count, generator=shuffle)",
            "wanted = [part[rank::world] for part in order.split(batch_size)]",
            "batches = train.batches(wanted)",
            f"for chosen in order.split({size}):",
        ]

    def _breaking(self, depth: int, *, patience: bool = False) -> list[str]:
        """What ends the loop early."""
        training, margin = self.training, "    " * depth
        reasons = [
            *([f"step >= {training.steps}"] if training.steps else []),
            *([f"time.perf_counter() - began >= {60 * training.minutes:g}"] if training.minutes else []),
            *([f"waited >= {training.patience}"] if patience else []),
        ]
        return [f"{margin}if {' or '.join(reasons)}:", f"{margin}    break"] if reasons else []

    def _telling(self) -> Iterator[Line]:
        yield from text(2, "if rank == 0:")
        of = "{total / seen:.6f}" if self._limited else "{total / count:.6f}"
        if self.metric:
            yield from text(
                3,
                "print(",
                '    f"epoch {epoch}: "',
                f'    f"train loss {of}, {self.words} {{measured / counted:.4f}}; "',
                f'    f"validation loss {{validation_loss:.6f}}, {self.words} {{validation_measured:.4f}}"',
                ")",
            )
        else:
            yield from text(
                3,
                "print(",
                f'    f"epoch {{epoch}}: train loss {of}; "',
                '    f"validation loss {validation_loss:.6f}"',
                ")",
            )

    @property
    def _limited(self) -> bool:
        return bool(self.training.steps or self.training.minutes)

    def _ending(self) -> Iterator[Line]:
        if self.metric:
            yield from text(
                1,
                "",
                f"test_loss, test_measured = evaluate({self.trained}, test)",
                "if rank == 0:",
                f'    print(f"test loss {{test_loss:.6f}}, {self.words} {{test_measured:.4f}}")',
            )
        else:
            yield from text(
                1,
                "",
                f"test_loss = evaluate({self.trained}, test)",
                "if rank == 0:",
                '    print(f"test loss {test_loss:.6f}")',
            )
        yield from text(
            1,
            f"    torch.save({self.trained}.state_dict(), weights_file)",
            "if world > 1:",
            "    distributed.destroy_process_group()",
        )

    def _a_step(self) -> list[str]:
        """A step on the records `chosen`."""
        training = self.training
        several = training.accumulate > 1
        varied = ["batch = varied(batch, variation)"] if self.varied else []
        taking = [
            "mine = chosen[rank::world]" if not several else "mine = part[rank::world]",
            "batch = next(batches)"
            if self.by_file
            else "batch = {name: values[mine] for name, values in train.items()}",
            *varied,
            "share = len(mine) * world / len(chosen)",
        ]
        counting = [
            "total += loss.item() * len(mine)",
            *(["seen += len(mine)"] if self._limited else []),
            *self.objective.measuring(),
        ]
        if self.optimizer.closure:
            return [*taking, f"{self.given} = step_on(called, optimizer, batch, share)", *counting]
        scaled = training.precision == "fp16"
        learning = [
            f"{self.given} = objective(called, batch)",
            "scaler.scale(loss * share).backward()" if scaled else "(loss * share).backward()",
        ]
        clip = f"nn.utils.clip_grad_norm_(model.parameters(), {training.clip!r})"
        stepping = [
            *(["scaler.unscale_(optimizer)"] if scaled and training.clip else []),
            *([clip] if training.clip else []),
            *(["scaler.step(optimizer)", "scaler.update()"] if scaled else ["optimizer.step()"]),
        ]
        if not several:
            return [*taking, "optimizer.zero_grad()", *learning, *stepping, *counting]
        inner = [f"    {line}" for line in (*taking, *learning, *counting)]
        return ["optimizer.zero_grad()", "for part in chosen.split(batch_size):", *inner, *stepping]


def _arguments(kind: Kind, choice: Choice) -> list[str]:
    """The arguments that differ from torch's defaults; the learning rate always, as everybody looks for it."""
    values = kind.values(choice.params)
    shown = {name: values[name] for name in ("lr",) if name in values} | kind.arguments(choice.params)
    return [f"{name}={literal(value)}" for name, value in shown.items()]
