"""A project as one complete training script that needs nothing of this program."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nndesigner import catalogue
from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.kind import Kind
from nndesigner.data.bundled import LOADERS
from nndesigner.graph import RESERVED, Value
from nndesigner.metrics import METRICS
from nndesigner.plan import Place, Plan, Step, make, unused
from nndesigner.project import Choice, Project
from nndesigner.script.classes import Classes
from nndesigner.script.lines import Line, assigned, call, joined, literal, returned, text


class ScriptError(ValueError):
    """A project that can't be written as a script; its text is meant for people."""


@dataclass(frozen=True)
class Script:
    """The text, and for each node the numbers of the lines that were written for it, counted from 1.

    `trains` is False where there is no data or no loss, so that the script holds the network alone.
    """

    text: str
    lines: Mapping[str, tuple[int, ...]]
    trains: bool


def write(project: Project, plan: Plan | None = None) -> Script:
    """The script of a project; raises `ScriptError` with the first problem that stands against it."""
    plan = plan if plan is not None else make(project)
    if plan.errors:
        raise ScriptError(plan.errors[0].message)
    if not plan.steps:
        raise ScriptError("There is no layer yet, so there is nothing to write")
    name = class_name(project)
    data_set = project.data_set()
    trains = bool(
        data_set
        and plan.objectives
        and all(project.graph.nodes[node].kind == "Data" for node, _ in plan.inputs.values())
    )
    writer = _Writer(project, plan, name)
    lines = writer.training(data_set) if trains and data_set else writer.model()
    body, places = joined(lines)
    return Script(body, places, trains)


def class_name(project: Project) -> str:
    """What the network's class is called: its title in CamelCase, or Network."""
    words = re.findall(r"[A-Za-z0-9]+", project.title)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    if not name or not name[0].isalpha() or name in RESERVED or name in project.blocks or len(name) > 60:
        name = "Network"
    while name in project.blocks or name in ("True", "False", "None"):
        name += "Network"
    return name


class _Writer:
    """The parts of one script."""

    def __init__(self, project: Project, plan: Plan, name: str) -> None:
        self.project, self.plan, self.name = project, plan, name
        self.stem = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        self.metric = plan.objectives[0].kind.metric if plan.objectives else ""

    def model(self) -> Iterator[Line]:
        """The classes alone."""
        yield from text(0, f'"""{self._headline()}"""', "")
        if any(step.kind.target == "torch.cat" for step in _all_steps(self.plan)):
            yield from text(0, "import torch")
        yield from text(0, "from torch import nn", "", "")
        yield from Classes(self.project, self.plan, self.name).lines()

    def training(self, data_set: DataSet) -> Iterator[Line]:
        """Everything: data, network, loss, training, evaluation."""
        yield from self._head(data_set)
        loader = LOADERS[data_set.name]
        yield from _source_of(loader)
        yield from text(0, "", "")
        yield from Classes(self.project, self.plan, self.name).lines()
        yield from text(0, "", "")
        yield from self._loss()
        yield from text(0, "", "")
        if self.metric:
            yield from _source_of(METRICS[self.metric])
            yield from text(0, "", "")
        yield from self._evaluate()
        yield from text(0, "", "")
        yield from self._main(data_set, loader.__name__)

    def _headline(self) -> str:
        words = " ".join(self.project.title.split()).replace("\\", "/").replace('"', "'")
        title = "".join(letter for letter in words if letter.isprintable())
        return f"{title or 'A network'}: {self.plan.parameters:,} parameters."

    def _head(self, data_set: DataSet) -> list[Line]:
        training = self.project.training
        threads = training.threads or "max(1, (os.cpu_count() or 2) - 1)"
        return text(
            0,
            f'"""{self._headline()}',
            "",
            f"Trains on {data_set.title.lower()} ({data_set.size:,} records), evaluates on what was kept apart, and",
            "saves the weights. Needs torch, numpy and scikit-learn.",
            '"""',
            "",
            *([] if training.threads else ["import os", ""]),
            "import numpy as np",
            "import torch",
            "from sklearn import datasets",
            "from sklearn.model_selection import train_test_split",
            "from torch import nn",
            "",
            f"epochs = {training.epochs}",
            f"batch_size = {training.batch_size}",
            f"seed = {training.seed}  # the same seed gives the same weights",
            f"threads = {threads}  # their number decides the last bits",
            f'weights_file = "{self.stem}.pt"',
            "",
            "",
        )

    def _loss(self) -> Iterator[Line]:
        """How a batch becomes one number."""
        functions = {
            one.name: unused(f"{one.name}_function", f"{one.name}_function_", self.project.blocks)
            for one in self.plan.objectives
        }
        results = self._result_names(functions.values())
        for one in self.plan.objectives:
            arguments = [f"{name}={literal(value)}" for name, value in one.arguments.items()]
            yield from call(0, f"{functions[one.name]} = nn.{one.kind.name}", arguments, node=one.name)
        yield from text(
            0,
            "",
            "",
            "def objective(model, batch):",
            '    """The loss of a batch, and the prediction and target it compares."""',
        )
        taken = [f'batch["{field}"]' for _, field in self.plan.inputs.values()]
        yield from assigned(1, list(results.values()), "model", taken)

        def named(place: Place) -> str:
            return results.get(place, f'batch["{place[1]}"]')

        terms: list[Line] = []
        for one in self.plan.objectives:
            compared = [named(one.prediction), named(one.target)]
            scale = "" if one.scale == 1 else f"{literal(one.scale)} * "
            sign = "loss + " if terms else ""
            terms += call(1, f"loss = {sign}{scale}{functions[one.name]}", compared, node=one.name)
        yield from terms
        first = self.plan.objectives[0]
        yield from returned(1, ["loss", named(first.prediction), named(first.target)])

    def _result_names(self, functions: Iterable[str]) -> dict[Place, str]:
        """What `objective` calls the network's results: the name of the Output, or of the layer."""
        outputs = {place: name for name, place in reversed(list(self.plan.outputs.items()))}
        taken = {"model", "batch", "loss", *functions}
        compared = {place for one in self.plan.objectives for place in (one.prediction, one.target)}
        names: dict[Place, str] = {}
        for place in self.plan.results:
            name = outputs.get(place, place[0])
            name = unused(name, f"{name}_", taken)
            taken.add(name)
            names[place] = name if place in compared else "_"
        return names

    def _evaluate(self) -> list[Line]:
        measured = self.metric != ""
        target = "target" if measured else "_"
        return text(
            0,
            "@torch.no_grad()",
            "def evaluate(model, part):",
            f'    """Mean loss{" and " + _words(self.metric) if measured else ""} over a part of the data."""',
            "    model.eval()",
            "    total, measured, count = 0.0, 0.0, 0" if measured else "    total, count = 0.0, 0",
            "    for start in range(0, len(next(iter(part.values()))), 512):",
            "        batch = {name: values[start : start + 512] for name, values in part.items()}",
            f"        loss, prediction, {target} = objective(model, batch)",
            "        total += loss.item() * len(prediction)",
            "        count += len(prediction)",
            *([f"        measured += {self.metric}(prediction, target).item()"] if measured else []),
            "    return total / count, measured / count" if measured else "    return total / count",
        )

    def _main(self, data_set: DataSet, loader: str) -> Iterator[Line]:
        training = self.project.training
        validation, test, split_seed = training.validation, training.test, training.split_seed
        yield from text(
            0,
            "def main():",
            "    torch.set_num_threads(threads)",
            "    torch.manual_seed(seed)",
            "",
            f"    # {test:.0%} of the records are kept for the end, {validation:.0%} are watched while training",
            f"    data = {loader}()",
            f'    records = np.arange(len(data["{data_set.fields[0].name}"]))',
        )
        kept = ["records", f"test_size={test!r}", f"random_state={split_seed}"]
        yield from call(1, "rest, test = train_test_split", kept)
        share = f"{validation!r} / (1 - {test!r})"
        yield from call(
            1,
            "train, validation = train_test_split",
            ["rest", f"test_size={share}", f"random_state={split_seed}"],
        )
        for field in data_set.fields:
            if field.prepare == "standardize":
                yield from text(
                    1,
                    f'values = data["{field.name}"]',
                    "mean, deviation = values[train].mean(axis=0), values[train].std(axis=0)",
                    f'data["{field.name}"] = (values - mean) / np.maximum(deviation, 1e-8)',
                )
        yield from text(1, "train, validation, test = (")
        yield from text(2, "{name: torch.from_numpy(values[part]) for name, values in data.items()}")
        yield from text(2, "for part in (train, validation, test)")
        yield from text(1, ")", "", f"model = {self.name}()")
        yield from self._optimizer()
        yield from self._loop()

    def _optimizer(self) -> Iterator[Line]:
        training = self.project.training
        weights = "model.parameters()"
        if any(step.node.frozen for step in _all_steps(self.plan)):
            weights = "[weight for weight in model.parameters() if weight.requires_grad]"
        optimizer = catalogue.BY_NAME[training.optimizer.kind]
        yield from call(
            1, f"optimizer = torch.optim.{optimizer.name}", [weights, *_set(optimizer, training.optimizer)]
        )
        if training.scheduler is not None:
            kind = catalogue.BY_NAME[training.scheduler.kind]
            followed = [f"{one.argument}=epochs" for one in kind.follows]
            yield from call(
                1, f"scheduler = {kind.target}", ["optimizer", *followed, *_set(kind, training.scheduler)]
            )

    def _loop(self) -> Iterator[Line]:
        measured = self.metric != ""
        target = "target" if measured else "_"
        first = self.project.data_set()
        assert first is not None
        yield from text(
            1,
            "shuffle = torch.Generator().manual_seed(seed)",
            f'count = len(train["{first.fields[0].name}"])',
            "",
            "for epoch in range(1, epochs + 1):",
            "    model.train()",
            "    total, measured = 0.0, 0.0" if measured else "    total = 0.0",
            "    for chosen in torch.randperm(count, generator=shuffle).split(batch_size):",
            "        batch = {name: values[chosen] for name, values in train.items()}",
            "        optimizer.zero_grad()",
            f"        loss, prediction, {target} = objective(model, batch)",
            "        loss.backward()",
            "        optimizer.step()",
            "        total += loss.item() * len(prediction)",
            *([f"        measured += {self.metric}(prediction.detach(), target).item()"] if measured else []),
            *(["    scheduler.step()"] if self.project.training.scheduler else []),
        )
        word = _words(self.metric)
        if measured:
            yield from text(
                2,
                "validation_loss, validation_measured = evaluate(model, validation)",
                "print(",
                '    f"epoch {epoch}: "',
                f'    f"train loss {{total / count:.6f}}, {word} {{measured / count:.4f}}; "',
                f'    f"validation loss {{validation_loss:.6f}}, {word} {{validation_measured:.4f}}"',
                ")",
            )
            yield from text(
                1,
                "",
                "test_loss, test_measured = evaluate(model, test)",
                f'print(f"test loss {{test_loss:.6f}}, {word} {{test_measured:.4f}}")',
            )
        else:
            yield from text(
                2,
                "print(",
                '    f"epoch {epoch}: train loss {total / count:.6f}; "',
                '    f"validation loss {evaluate(model, validation):.6f}"',
                ")",
            )
            yield from text(1, "", 'print(f"test loss {evaluate(model, test):.6f}")')
        yield from text(1, "torch.save(model.state_dict(), weights_file)")
        yield from text(0, "", "", 'if __name__ == "__main__":', "    main()")


def _source_of(function: Callable[..., Any]) -> Iterator[Line]:
    """A function of this program that stands alone, as it is written here."""
    yield from (Line(row) for row in inspect.getsource(function).rstrip().splitlines())


def _words(metric: str) -> str:
    return metric.replace("_", " ")


def _set(kind: Kind, choice: Choice) -> list[str]:
    """The params that differ from torch's defaults; the learning rate always, as everybody looks for it."""
    values: dict[str, Value] = kind.values(choice.params)
    return [
        f"{name}={literal(value)}"
        for name, value in values.items()
        if value != kind.by_name[name].default or name == "lr"
    ]


def _all_steps(plan: Plan) -> Iterator[Step]:
    """The steps of a plan and of the blocks in it."""
    for step in plan.steps:
        yield step
        for part in step.parts:
            if part.inner is not None:
                yield from _all_steps(part.inner)
