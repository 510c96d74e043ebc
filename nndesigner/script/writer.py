"""A project as one complete training script that needs nothing of this program."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nndesigner.catalogue.data import DataSet
from nndesigner.code import parts
from nndesigner.graph import RESERVED
from nndesigner.inference import resolve
from nndesigner.metrics import METRICS
from nndesigner.plan import Plan, Step, make
from nndesigner.project import Project
from nndesigner.script.classes import Classes
from nndesigner.script.data import Data
from nndesigner.script.lines import WIDTH, Line, bracketed, joined, string, text
from nndesigner.script.loop import Loop
from nndesigner.script.objective import Objective
from nndesigner.script.sources import gathered
from nndesigner.weighting import grouped, rates_of


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
        node = self.project.data_node()
        assert node is not None
        data = Data(self.project, data_set, node.params)
        rates = dict(rates_of(self.plan))
        objective = Objective(self.project, self.plan, by_file=data.by_file)
        loop = Loop(self.project, objective, varied=data.varied, rated=bool(rates))
        metric = [METRICS[objective.metric]] if objective.metric else []
        imports, sources = gathered([*data.functions, *([grouped] if rates else []), *metric])
        imports += data.imports
        yield from self._head(data, imports, rates)
        for source in sources:
            yield from (Line(row) for row in source.splitlines())
            yield from text(0, "", "")
        yield from data.reading()
        yield from data.varying()
        yield from self._functions()
        yield from Classes(self.project, self.plan, self.name).lines()
        yield from text(0, "", "")
        yield from objective.comparing()
        yield from text(0, "", "")
        yield from objective.closure()
        yield from objective.together()
        yield from text(0, "", "")
        yield from objective.evaluation()
        yield from text(0, "", "")
        yield from self._main(data, loop)

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

    def _head(self, data: Data, imports: list[str], rates: Mapping[str, float]) -> Iterator[Line]:
        training = self.project.training
        threads = training.threads or "max(1, (os.cpu_count() or 2) - 1)"
        needed = [
            "import os",
            *(["import time"] if training.minutes else []),
            *(["import copy"] if training.patience else []),
            "import torch",
            "from torch import distributed",
            "from torch import nn",
        ]
        libraries = sorted({_library(line) for line in imports} - {"torch", ""} - sys.stdlib_module_names)
        names = ["torch", *(_DISTRIBUTIONS.get(one, one) for one in libraries)]
        words = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        yield from text(
            0,
            f'"""{self._headline()}',
            "",
            f"Trains on {data.words}, evaluates on what was kept apart, and",
            f"saves the weights. Needs {words}.",
            '"""',
            "",
            *_sorted([*needed, *imports, *_imports(self.plan)]),
            "",
            f"epochs = {training.epochs}",
            f"batch_size = {training.batch_size}",
            f"seed = {training.seed}  # the same seed gives the same weights",
            f"threads = {threads}  # their number decides the last bits",
            'rank = int(os.environ.get("RANK", "0"))  # torchrun says which of how many processes',
            'world = int(os.environ.get("WORLD_SIZE", "1"))',
            *_device(training.device),
            f'weights_file = "{self.stem}.pt"',
        )
        yield from data.places()
        if rates:
            yield from text(0, "# how many times the learning rate of the others")
            items = [f"{string(name)}: {rate!r}" for name, rate in rates.items()]
            yield from _table("rates", items)
        yield from text(0, "", "")

    def _main(self, data: Data, loop: Loop) -> Iterator[Line]:
        training = self.project.training
        yield from text(
            0,
            "def main():",
            "    torch.set_num_threads(threads)",
            "    torch.manual_seed(seed)",
            "    if world > 1:",
            '        distributed.init_process_group("nccl" if "cuda" in device else "gloo")',
            "",
        )
        yield from data.preparing()
        yield from text(1, "", f"model = {self.name}()")
        if training.channels_last:
            yield from text(1, "model.to(memory_format=torch.channels_last)")
        if training.device != "cpu":
            yield from text(1, "model.to(device)")
        weights = "model.parameters()"
        if any(step.node.frozen for step in _all_steps(self.plan)):
            weights = "[weight for weight in model.parameters() if weight.requires_grad]"
        yield from loop.setting_up(weights, data.first)
        yield from loop.loop()
        yield from text(0, "", "", 'if __name__ == "__main__":', "    main()")


# Where a library is not called what it is imported as.
_DISTRIBUTIONS = {"sklearn": "scikit-learn", "PIL": "Pillow"}


def _library(line: str) -> str:
    return re.split(r"[ .]", line)[1]


def _device(wanted: str) -> list[str]:
    """Lines that name the device; of several processes, each has a card of its own."""
    if wanted in ("mps", "cpu"):
        return [f'device = "{wanted}"']
    rows = ["device = f\"cuda:{os.environ.get('LOCAL_RANK', '0')}\""]
    if wanted == "auto":
        rows += ["if not torch.cuda.is_available():", '    device = "cpu"']
    return rows


def _table(name: str, items: list[str]) -> list[Line]:
    one = f"{name} = {{{', '.join(items)}}}"
    return (
        text(0, one)
        if len(one) <= WIDTH
        else bracketed(0, f"{name} = {{", [f"{item}," for item in items], "}")
    )


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
    named: dict[str, set[str]] = {}
    lines = set()
    for line in imports:
        module, _, names = line.removeprefix("from ").partition(" import ")
        if line.startswith("from "):
            named.setdefault(module, set()).update(names.split(", "))
        else:
            lines.add(line)
    lines |= {
        f"from {module} import {', '.join(sorted(names, key=_isorted))}" for module, names in named.items()
    }
    groups: tuple[list[str], list[str]] = ([], [])
    for line in sorted(lines, key=lambda line: (line.startswith("from "), line.lower())):
        module = re.split(r"[ .]", line)[1]
        groups[module not in sys.stdlib_module_names].append(line)
    return [*groups[0], *([""] if groups[0] and groups[1] else []), *groups[1]]


def _isorted(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as isort sorts them."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name
