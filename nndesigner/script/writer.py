"""A project as one complete training script that needs nothing of this program."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nndesigner.catalogue.data import DataSet
from nndesigner.code import parts
from nndesigner.data.bundled import LOADERS
from nndesigner.graph import RESERVED
from nndesigner.inference import resolve
from nndesigner.metrics import METRICS
from nndesigner.plan import Plan, Step, make
from nndesigner.project import Project
from nndesigner.script.classes import Classes
from nndesigner.script.lines import Line, call, joined, text
from nndesigner.script.loop import Loop


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
    taken = {*project.blocks, *project.code}
    name = "".join(word[:1].upper() + word[1:] for word in words)
    if not name or not name[0].isalpha() or name in RESERVED or name in taken or len(name) > 60:
        name = "Network"
    while name in taken or name in ("True", "False", "None"):
        name += "Network"
    return name


class _Writer:
    """The parts of one script."""

    def __init__(self, project: Project, plan: Plan, name: str) -> None:
        self.project, self.plan, self.name = project, plan, name
        self.stem = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    def model(self) -> Iterator[Line]:
        """The classes alone."""
        yield from text(0, f'"""{self._headline()}"""', "")
        yield from text(0, *_sorted([*_imports(self.plan), "from torch import nn"]), "", "")
        yield from self._functions()
        yield from Classes(self.project, self.plan, self.name).lines()

    def training(self, data_set: DataSet) -> Iterator[Line]:
        """Everything: data, network, loss, training, evaluation."""
        yield from self._head(data_set)
        loader = LOADERS[data_set.name]
        yield from _source_of(loader)
        yield from text(0, "", "")
        yield from self._functions()
        yield from Classes(self.project, self.plan, self.name).lines()
        yield from text(0, "", "")
        loop = Loop(self.project, self.plan)
        yield from loop.objective()
        yield from text(0, "", "")
        if loop.metric:
            yield from _source_of(METRICS[loop.metric])
            yield from text(0, "", "")
        yield from loop.closure()
        yield from loop.evaluation()
        yield from text(0, "", "")
        yield from self._main(data_set, loader.__name__, loop)

    def _functions(self) -> Iterator[Line]:
        """The functions of this program that the network calls, and the layers of one's own."""
        targets = dict.fromkeys(step.kind.target for step in _all_steps(self.plan) if step.kind.is_ours)
        for target in targets:
            yield from _source_of(resolve(target))
            yield from text(0, "", "")
        for code in dict.fromkeys(step.kind.code for step in _all_steps(self.plan) if step.kind.code):
            nodes = [step.name for step in self.plan.steps if step.kind.code == code]
            yield from (Line(row, nodes[0] if nodes else "") for row in parts(code)[1].splitlines())
            yield from text(0, "", "")

    def _headline(self) -> str:
        words = " ".join(self.project.title.split()).replace("\\", "/").replace('"', "'")
        title = "".join(letter for letter in words if letter.isprintable())
        return f"{title or 'A network'}: {self.plan.parameters:,} parameters."

    def _head(self, data_set: DataSet) -> list[Line]:
        training = self.project.training
        threads = training.threads or "max(1, (os.cpu_count() or 2) - 1)"
        needed = [
            *([] if training.threads else ["import os"]),
            "import numpy as np",
            "import torch",
            "from sklearn import datasets",
            "from sklearn.model_selection import train_test_split",
            "from torch import nn",
        ]
        return text(
            0,
            f'"""{self._headline()}',
            "",
            f"Trains on {data_set.title.lower()} ({data_set.size:,} records), evaluates on what was kept apart, and",
            "saves the weights. Needs torch, numpy and scikit-learn.",
            '"""',
            "",
            *_sorted([*needed, *_imports(self.plan)]),
            "",
            f"epochs = {training.epochs}",
            f"batch_size = {training.batch_size}",
            f"seed = {training.seed}  # the same seed gives the same weights",
            f"threads = {threads}  # their number decides the last bits",
            f'weights_file = "{self.stem}.pt"',
            "",
            "",
        )

    def _main(self, data_set: DataSet, loader: str, loop: Loop) -> Iterator[Line]:
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
        weights = "model.parameters()"
        if any(step.node.frozen for step in _all_steps(self.plan)):
            weights = "[weight for weight in model.parameters() if weight.requires_grad]"
        yield from loop.setting_up(weights, data_set.fields[0].name)
        yield from loop.loop()
        yield from text(1, "torch.save(model.state_dict(), weights_file)")
        yield from text(0, "", "", 'if __name__ == "__main__":', "    main()")


def _source_of(function: Callable[..., Any]) -> Iterator[Line]:
    """A function of this program that stands alone, as it is written here."""
    yield from (Line(row) for row in inspect.getsource(function).rstrip().splitlines())


def _all_steps(plan: Plan) -> Iterator[Step]:
    """The steps of a plan and of the blocks in it."""
    for step in plan.steps:
        yield step
        for part in step.parts:
            if part.inner is not None:
                yield from _all_steps(part.inner)


def _imports(plan: Plan) -> list[str]:
    """What the network's classes need besides `nn`."""
    kinds = [step.kind for step in _all_steps(plan)]
    found = set()
    for kind in kinds:
        if kind.code is not None:
            found |= set(parts(kind.code)[0])
        elif kind.is_ours or kind.is_tensor or kind.spelled.startswith("torch."):
            found.add("import torch")
        elif kind.spelled.startswith("F."):
            found.add("import torch.nn.functional as F")
        elif (
            kind.target
            and not kind.is_method
            and not kind.is_operator
            and not kind.target.startswith("torch.")
        ):
            found.add(f"import {kind.target.rpartition('.')[0]}")
    return sorted(found)


def _sorted(imports: Iterable[str]) -> list[str]:
    """Imports in the order ruff wants: the standard library, then the rest; modules before names from them."""
    groups: tuple[list[str], list[str]] = ([], [])
    for line in sorted(dict.fromkeys(imports), key=lambda line: (line.startswith("from "), line.lower())):
        module = re.split(r"[ .]", line)[1]
        groups[module not in sys.stdlib_module_names].append(line)
    return [*groups[0], *([""] if groups[0] and groups[1] else []), *groups[1]]
