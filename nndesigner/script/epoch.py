"""One epoch of a training as a function of a script: the steps, and what is counted on the way."""

from collections.abc import Iterator, Mapping

from nndesigner import catalogue
from nndesigner.project import Project
from nndesigner.script.data import Data
from nndesigner.script.lines import INDENT, WIDTH, Line, call, text
from nndesigner.script.objective import Objective


class Epoch:
    """The function `train_epoch` of a project's script.

    `prefix` is what stands before the names of settings where the function is called.
    """

    def __init__(self, project: Project, objective: Objective, data: Data) -> None:
        self.objective, self.training, self.data = objective, project.training, data
        self.metric, self.words, self.given = objective.metric, objective.words, objective.given
        self.by_file, self.varied = objective.by_file, data.varied
        self.alone, self.optimizer = objective.alone, objective.optimizer
        self.prefix = "" if self.alone else "args."
        chosen = self.training.scheduler
        self.scheduler = catalogue.BY_NAME[chosen.kind] if chosen else None
        self.stepped = self.scheduler.stepped if self.scheduler else ""
        self.scaled = self.training.precision == "fp16"

    def arguments(self) -> dict[str, str]:
        """What an epoch is given: the names of its parameters, and what stands for them."""
        training = self.training
        return {
            "model": "model" if self.alone else "called",
            "train": "train",
            "optimizer": "optimizer",
            **({"scheduler": "scheduler"} if self.stepped == "step" else {}),
            **({"scaler": "scaler"} if self.scaled else {}),
            **({"average": "average"} if training.average else {}),
            "shuffle": "shuffle",
            **({"variation": "variation"} if self.varied else {}),
            "batch_size": f"{self.prefix}batch_size",
            **({"progress": "progress"} if training.steps else {}),
            **({"steps": f"{self.prefix}steps"} if training.steps else {}),
            **({"deadline": "deadline"} if training.minutes else {}),
        }

    def lines(self) -> Iterator[Line]:
        """The function of an epoch."""
        metric = f" and {self.words}" if self.metric else ""
        summed = "total, seen, measured, counted" if self.metric else "total, seen"
        size = "batch_size" if not self.objective.several else f"batch_size * {self.training.accumulate}"
        yield from call(0, "def train_epoch", [*self.arguments()], ":")
        yield from text(
            1,
            f'"""One pass over the training part; gives its mean loss{metric}."""',
            "model.train()",
            f"{summed} = 0.0, 0{', 0.0, 0.0' if self.metric else ''}",
            *self._order(),
            f"for chosen in order.split({size}):",
            *(f"    {line}" for line in self._a_step()),
            *(["    average.update_parameters(model)"] if self.training.average else []),
            *(["    scheduler.step()"] if self.stepped == "step" else []),
            *(['    progress["step"] += 1'] if self.training.steps else []),
            *self.breaking({"steps": "steps", "minutes": "deadline", "device": "loss.device"}, depth=2),
            *([] if self.alone else [f"{summed} = summed(loss.device, {summed})"]),
            f"return total / seen{', measured / counted' if self.metric else ''}",
        )

    def _order(self) -> list[str]:
        """The order of the records, as it is drawn."""
        if not self.by_file:
            return [f'order = torch.randperm(len(train["{self.data.first}"]), generator=shuffle)']
        drawn = ["order = torch.randperm(len(train), generator=shuffle)"]
        if self.alone:
            return drawn
        return [
            *drawn,
            "wanted = [share_of(part)[0] for part in order.split(batch_size)]",
            "batches = train.batches(wanted)",
        ]

    def _a_step(self) -> list[str]:
        """A step on the records `chosen`."""
        if self.optimizer.closure:
            given = f"model, optimizer, batch{', share' if self.objective.shared else ''}"
            return [*self._taking(), f"{self.given} = step_on({given})", *self._counting()]
        clip = f"nn.utils.clip_grad_norm_(model.parameters(), {self.training.clip!r})"
        loss = "(loss * share)" if self.objective.shared else "loss"
        learning = [
            f"{self.given} = objective(model, batch)",
            f"scaler.scale({loss.strip('()')}).backward()" if self.scaled else f"{loss}.backward()",
        ]
        stepping = [
            *(["scaler.unscale_(optimizer)"] if self.scaled and self.training.clip else []),
            *([clip] if self.training.clip else []),
            *(["scaler.step(optimizer)", "scaler.update()"] if self.scaled else ["optimizer.step()"]),
        ]
        if not self.objective.several:
            return [*self._taking(), "optimizer.zero_grad()", *learning, *stepping, *self._counting()]
        inner = [f"    {line}" for line in (*self._taking(), *learning, *self._counting())]
        return ["optimizer.zero_grad()", "for part in chosen.split(batch_size):", *inner, *stepping]

    def _taking(self) -> list[str]:
        """The batch of a process, and its share of the step."""
        source = "part" if self.objective.several else "chosen"
        mine = source if self.alone else "mine"
        batch = f"batch = {{name: values[{mine}] for name, values in train.items()}}"
        if self.by_file:
            batch = f"batch = train.batch({mine})" if self.alone else "batch = next(batches)"
        share = f"len({source})" if self.alone else "count * WORLD"
        given = f"count = share_of({source})[1]" if self.by_file else f"mine, count = share_of({source})"
        return [
            *([] if self.alone else [given]),
            batch,
            *(["batch = varied(batch, variation)"] if self.varied else []),
            *([f"share = {share} / len(chosen)"] if self.objective.shared else []),
        ]

    def _counting(self) -> list[str]:
        """What is summed up over the batches."""
        count = ("len(part)" if self.objective.several else "len(chosen)") if self.alone else "count"
        measuring = self.objective.measuring()
        if measuring and not self.alone:
            measuring = ["if count:", *(f"    {row}" for row in measuring)]
        return [f"total += loss.item() * {count}", f"seen += {count}", *measuring]

    def breaking(self, names: Mapping[str, str], depth: int, *, patience: bool = False) -> list[str]:
        """What ends a loop early, in a body of this depth; `names` say what limits steps and minutes there.

        Processes have clocks of their own, and end together.
        """
        training = self.training
        late = f"time.perf_counter() >= {names['minutes']}"
        if not self.alone:
            late = f"summed({names['device']}, {late})[0]"
        reasons = [
            *([f'progress["step"] >= {names["steps"]}'] if training.steps else []),
            *([late] if training.minutes else []),
            *([f'progress["waited"] >= {self.prefix}patience'] if patience else []),
        ]
        if not reasons:
            return []
        rows = [f"    if {' or '.join(reasons)}:"]
        if len(INDENT * (depth - 1) + rows[0]) > WIDTH:
            others = (f"        or {reason}" for reason in reasons[1:])
            rows = ["    if (", f"        {reasons[0]}", *others, "    ):"]
        return [*rows, "        break"]
