"""How a network is trained, as lines of a script: its objective, the evaluation, the optimizer and the loop."""

from collections.abc import Iterable, Iterator

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, taken
from nndesigner.plan import Place, Plan, unused
from nndesigner.project import Choice, Project
from nndesigner.script.lines import Line, assigned, call, literal, returned, text

_SCHEDULERS = "torch.optim.lr_scheduler."


class Loop:
    """The training of a project as lines."""

    def __init__(self, project: Project, plan: Plan) -> None:
        self.project, self.plan, self.training = project, plan, project.training
        self.optimizer = catalogue.BY_NAME[self.training.optimizer.kind]
        chosen = self.training.scheduler
        self.scheduler = catalogue.BY_NAME[chosen.kind] if chosen else None
        self.metric = plan.objectives[0].kind.metric
        self.words = self.metric.replace("_", " ")
        self.given = "loss, prediction, target" if self.metric else "loss"

    def objective(self) -> Iterator[Line]:
        """How a batch becomes one number."""
        functions = {
            one.name: unused(f"{one.name}_function", f"{one.name}_function_", self.project.blocks)
            for one in self.plan.objectives
        }
        results = self._result_names(functions.values())
        for one in self.plan.objectives:
            arguments = [f"{name}={literal(value)}" for name, value in one.arguments.items()]
            yield from call(0, f"{functions[one.name]} = {one.kind.spelled}", arguments, node=one.name)
        compares = ", and the prediction and target it compares" if self.metric else ""
        yield from text(
            0, "", "", "def objective(model, batch):", f'    """The loss of a batch{compares}."""'
        )
        fields = [f'batch["{field}"]' for _, field in self.plan.inputs.values()]
        yield from assigned(1, list(results.values()), "model", fields)

        def named(place: Place) -> str:
            return results.get(place, f'batch["{place[1]}"]')

        for number, one in enumerate(self.plan.objectives):
            arrived = {name: named(place) for name, place in one.inputs.items()}
            by_place, by_name = taken(one.kind, arrived, {})
            compared = [*by_place, *(f"{name}={value}" for name, value in by_name.items())]
            scale = "" if one.scale == 1 else f"{literal(one.scale)} * "
            sign = "loss + " if number else ""
            yield from call(1, f"loss = {sign}{scale}{functions[one.name]}", compared, node=one.name)
        first = self.plan.objectives[0]
        measured = [first.prediction, first.target] if self.metric else []
        yield from returned(1, ["loss", *(named(place) for place in measured if place)])

    def _result_names(self, functions: Iterable[str]) -> dict[Place, str]:
        """What `objective` calls the network's results: the name of the Output, or of the layer."""
        outputs = {place: name for name, place in reversed(list(self.plan.outputs.items()))}
        taken_names = {"model", "batch", "loss", *functions}
        compared = {place for one in self.plan.objectives for place in one.inputs.values()}
        names: dict[Place, str] = {}
        for place in self.plan.results:
            name = outputs.get(place, place[0])
            name = unused(name, f"{name}_", taken_names)
            taken_names.add(name)
            names[place] = name if place in compared else "_"
        return names

    def closure(self) -> Iterator[Line]:
        """For an optimizer that asks for the loss of a batch several times: a step as a function."""
        if not self.optimizer.closure:
            return
        several = "found[0]" if self.metric else "found"
        yield from text(
            0,
            "def step(model, optimizer, batch):",
            f'    """A step on a batch, whose loss {self.optimizer.name} asks for several times; gives it as it was."""',
            "    first = None",
            "",
            "    def closure():",
            "        nonlocal first",
            "        optimizer.zero_grad()",
            "        found = objective(model, batch)",
            "        first = found if first is None else first",
            f"        {several}.backward()",
            f"        return {several}",
            "",
            "    optimizer.step(closure)",
            "    return first",
            "",
            "",
        )

    def evaluation(self) -> list[Line]:
        """How loss and metric of a part are measured."""
        means = f" and {self.words}" if self.metric else ""
        return text(
            0,
            "@torch.no_grad()",
            "def evaluate(model, part):",
            f'    """Mean loss{means} over a part of the data."""',
            "    model.eval()",
            "    count = len(next(iter(part.values())))",
            f"    total{', measured = 0.0, 0.0' if self.metric else ' = 0.0'}",
            "    for start in range(0, count, 512):",
            "        end = min(start + 512, count)",
            "        batch = {name: values[start:end] for name, values in part.items()}",
            f"        {self.given} = objective(model, batch)",
            "        total += loss.item() * (end - start)",
            *self._measuring("(end - start)"),
            f"    return total / count{', measured / count' if self.metric else ''}",
        )

    def _measuring(self, count: str) -> list[str]:
        if not self.metric:
            return []
        return [f"        measured += {self.metric}(prediction, target).item() * {count}"]

    def setting_up(self, weights: str, field: str) -> Iterator[Line]:
        """Optimizer and scheduler; `weights` is where the weights come from, `field` one of the data."""
        chosen, scheduler = self.training.scheduler, self.scheduler
        own = _arguments(self.optimizer, self.training.optimizer)
        yield from call(1, f"optimizer = {self.optimizer.target}", [weights, *own])
        yield from text(1, f'count = len(train["{field}"])')
        if scheduler is not None and chosen is not None:
            warmup = scheduler.values(chosen.params).get("warmup")
            spelled = {"epochs": f"epochs - {warmup}"} if warmup else {}
            followed = [f"{one.argument}={spelled.get(one.port, one.port)}" for one in scheduler.follows]
            if any(one.port == "steps_per_epoch" for one in scheduler.follows):
                yield from text(1, "steps_per_epoch = -(-count // batch_size)  # rounded up")
            arguments = ["optimizer", *followed, *_arguments(scheduler, chosen)]
            if not warmup:
                yield from call(1, f"scheduler = {scheduler.target}", arguments)
            else:
                rises = ["optimizer", "start_factor=0.1", f"total_iters={warmup}"]
                yield from call(1, f"rising = {_SCHEDULERS}LinearLR", rises)
                yield from call(1, f"settling = {scheduler.target}", arguments)
                both = ["optimizer", "[rising, settling]", f"milestones=[{warmup}]"]
                yield from call(1, f"scheduler = {_SCHEDULERS}SequentialLR", both)
        yield from text(1, "shuffle = torch.Generator().manual_seed(seed)", "")

    def loop(self) -> Iterator[Line]:
        """The epochs, and the test after them."""
        stepped = self.scheduler.stepped if self.scheduler else ""
        yield from text(
            1,
            "for epoch in range(1, epochs + 1):",
            "    model.train()",
            f"    total{', measured = 0.0, 0.0' if self.metric else ' = 0.0'}",
            "    for chosen in torch.randperm(count, generator=shuffle).split(batch_size):",
            "        batch = {name: values[chosen] for name, values in train.items()}",
            *self._a_step(),
            *(["        scheduler.step()"] if stepped == "step" else []),
            "        total += loss.item() * len(chosen)",
            *self._measuring("len(chosen)"),
            *(["    scheduler.step()"] if stepped == "epoch" else []),
            f"    validation_loss{', validation_measured' if self.metric else ''} = evaluate(model, validation)",
            *(["    scheduler.step(validation_loss)"] if stepped == "validation" else []),
        )
        if self.metric:
            yield from text(
                2,
                "print(",
                '    f"epoch {epoch}: "',
                f'    f"train loss {{total / count:.6f}}, {self.words} {{measured / count:.4f}}; "',
                f'    f"validation loss {{validation_loss:.6f}}, {self.words} {{validation_measured:.4f}}"',
                ")",
            )
            yield from text(
                1,
                "",
                "test_loss, test_measured = evaluate(model, test)",
                f'print(f"test loss {{test_loss:.6f}}, {self.words} {{test_measured:.4f}}")',
            )
        else:
            yield from text(
                2,
                "print(",
                '    f"epoch {epoch}: train loss {total / count:.6f}; "',
                '    f"validation loss {validation_loss:.6f}"',
                ")",
            )
            yield from text(1, "", 'print(f"test loss {evaluate(model, test):.6f}")')

    def _a_step(self) -> list[str]:
        if self.optimizer.closure:
            return [f"        {self.given} = step(model, optimizer, batch)"]
        return [
            "        optimizer.zero_grad()",
            f"        {self.given} = objective(model, batch)",
            "        loss.backward()",
            "        optimizer.step()",
        ]


def _arguments(kind: Kind, choice: Choice) -> list[str]:
    """The arguments that differ from torch's defaults; the learning rate always, as everybody looks for it."""
    values = kind.values(choice.params)
    shown = {name: values[name] for name in ("lr",) if name in values} | kind.arguments(choice.params)
    return [f"{name}={literal(value)}" for name, value in shown.items()]
