"""A project as a script that needs nothing of this program: its network alone, or all that it takes to train it."""

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nndesigner.catalogue.data import DataSet
from nndesigner.code import parts
from nndesigner.graph import RESERVED, snake_case
from nndesigner.inference import resolve
from nndesigner.layout import cards_of, members
from nndesigner.metrics import METRICS
from nndesigner.plan import Plan, Step, make
from nndesigner.project import Project
from nndesigner.script import drawing
from nndesigner.script.classes import Classes
from nndesigner.script.data import Data
from nndesigner.script.epoch import Epoch
from nndesigner.script.lines import WIDTH, Line, joined, remark, table, text
from nndesigner.script.loop import Loop
from nndesigner.script.objective import Objective
from nndesigner.script.options import parsing
from nndesigner.script.run import PROCESSES, fitting, main, surroundings
from nndesigner.script.sources import gathered
from nndesigner.weighting import grouped, rates_of

Form = Literal["model", "train"]

# What a script may name so itself: what it imports or defines, and the builtins it calls.
_CAPITALS = (
    "Any BatchReader Callable DataLoader Dataset F FilePart FilesDataset Generator GroupShuffleSplit Groups Image ImageOps "
    "Iterable Iterator MISSING Mapping Measured PARTS PICTURES Path RANK SOUNDS Sequence TextIO Tokenizer "
    "UnidentifiedImageError Unpickler WORLD EOFError Exception FileNotFoundError KeyError None OSError RuntimeError "
    "SyntaxError SystemExit UnicodeDecodeError UnicodeError ValueError True False"
)
_OTHERS = (
    "rates load_data varied prepared objective summed share_of evaluate step_on train_epoch find_device save "
    "save_checkpoint load_checkpoint fit parse_arguments main distributed torch nn np os math print sum min max str "
    "next iter float int list zip"
)
NAMES = frozenset(f"{_CAPITALS} {_OTHERS}".split())


class ScriptError(ValueError):
    """A project that can't be written as a script; its text is meant for people."""


@dataclass(frozen=True)
class Script:
    """The text, and for each node the numbers of the lines that were written for it, counted from 1.

    `trains` is False where there is no data or no loss, or the network alone was asked for.
    """

    text: str
    lines: Mapping[str, tuple[int, ...]]
    trains: bool


def write(project: Project, plan: Plan | None = None, form: Form = "train") -> Script:
    """The script of a project; raises `ScriptError` with the first problem that stands against it.

    Its form is `model`, the classes of the network alone, or `train`, all that it takes to train it, which falls back
    to the network where there is no data or no loss.
    """
    plan = ready(project, plan)
    data_set = project.data_set() if form == "train" and can_train(project, plan) else None
    sections = Sections(project, plan, class_name(project))
    lines = list(_script(sections, data_set) if data_set else _model(sections))
    code, _ = joined(lines)
    body, places = joined([*lines, *drawing.lines(project, plan, code)])
    return Script(body, places, data_set is not None)


def ready(project: Project, plan: Plan | None) -> Plan:
    """The plan of a project that can be written; raises `ScriptError` with the first problem that stands against it."""
    plan = plan if plan is not None else make(project)
    if plan.errors:
        raise ScriptError(plan.errors[0].message)
    if not plan.steps:
        raise ScriptError("There is no layer yet, so there is nothing to write")
    return plan


def can_train(project: Project, plan: Plan) -> bool:
    """Whether there are a loss and data, and nothing else feeds the network."""
    return bool(
        project.data_set()
        and plan.objectives
        and all(project.graph.nodes[node].kind == "Data" for node, _ in plan.inputs.values())
    )


def class_name(project: Project) -> str:
    """What the network's class is called: its title in CamelCase, or Network."""
    words = re.findall(r"[A-Za-z0-9]+", project.title)
    taken = {*project.blocks, *project.code, *NAMES}
    name = "".join(word[:1].upper() + word[1:] for word in words)
    if not name or not name[0].isalpha() or name in RESERVED or name in taken or len(name) > 60:
        name = "Network"
    while name in taken or name in ("True", "False", "None"):
        name += "Network"
    return name


def _model(sections: "Sections") -> Iterator[Line]:
    """The network's classes alone."""
    yield from text(0, f'"""{sections.headline()}"""', "")
    yield from text(0, *in_order([*imported(sections.plan), "from torch import nn"]), "", "")
    yield from sections.network()


def _script(sections: "Sections", data_set: DataSet) -> Iterator[Line]:
    """Everything: data, network, loss, training, evaluation."""
    training = sections.training(data_set)
    objective = training.objective
    imports = [
        *training.imports,
        "import os",
        "import torch",
        "from pathlib import Path",
        "from torch import nn",
    ]
    yield from text(0, *_head(sections, training.data, imports), "", *in_order(imports), "", *PROCESSES)
    yield from training.rates()
    yield from text(0, "", "")
    yield from training.sources()
    yield from training.data.reading()
    yield from training.data.varying()
    for part in (
        training.data.loading(),
        sections.network(),
        objective.comparing(),
        [*objective.closure(), *objective.together()],
        objective.evaluation(),
        training.epoch.lines(),
    ):
        yield from part
        yield from text(0, "", "")
    yield from surroundings()
    yield from fitting(training.loop)
    yield from text(0, "", "")
    yield from parsing(sections.project, training.data, f"{sections.stem}.pt")
    yield from text(0, "", "")
    yield from main(sections.name, training.loop, training.data)


def _head(sections: "Sections", data: Data, imports: list[str]) -> list[str]:
    names = [DISTRIBUTIONS.get(one, one) for one in libraries(imports)]
    words = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    told = (
        f"Trains on {data.words}, evaluates on what was kept apart, and saves the weights. Needs {words}. "
        "--help lists the settings; torchrun starts it in several processes."
    )
    rows = textwrap.wrap(told, WIDTH - 8, break_long_words=False, break_on_hyphens=False)
    return [f'"""{sections.headline()}', "", *rows, '"""']


class Sections:
    """The parts of what is written of a project: those that a script and a notebook have in common."""

    def __init__(self, project: Project, plan: Plan, name: str) -> None:
        self.project, self.plan, self.name = project, plan, name
        self.stem = snake_case(name)

    @property
    def title(self) -> str:
        """What the project is called, in letters that may stand in any text."""
        words = " ".join(self.project.title.split()).replace("\\", "/").replace('"', "'")
        return "".join(letter for letter in words if letter.isprintable())

    def headline(self) -> str:
        """What it is, in a line."""
        return f"{self.title or 'A network'}: {self.plan.parameters:,} parameters."

    def network(self) -> Iterator[Line]:
        """The classes, below the functions of this program that they call and the layers of one's own."""
        targets = dict.fromkeys(step.kind.target for step in all_steps(self.plan) if step.kind.is_ours)
        for target in targets:
            yield from _source_of(resolve(target))
            yield from text(0, "", "")
        for code in dict.fromkeys(step.kind.code for step in all_steps(self.plan) if step.kind.code):
            nodes = [step.name for step in self.plan.steps if step.kind.code == code]
            yield from (Line(row, nodes[0] if nodes else "") for row in parts(code)[1].splitlines())
            yield from text(0, "", "")
        yield from self._noted(Classes(self.project, self.plan, self.name).lines())

    def _noted(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The classes with the notes and frames of their graphs above them, and the network's with its title."""
        graphs = {name: block.graph for name, block in self.project.blocks.items()}
        graphs[self.name] = self.project.graph
        for line in lines:
            begun = re.match(r"class (\w+)\(nn\.Module\):", line.text)
            if begun is None:
                yield line
                continue
            graph = graphs[begun[1]]
            framed = (
                f"{frame.title}: {', '.join(names)}"
                for frame in graph.frames
                if (names := members(frame, graph, cards_of(graph, self.project.blocks)))
            )
            for number, words in enumerate((*(note.text for note in graph.notes), *framed)):
                written = remark(0, words)
                yield from [*text(0, *(["#"] if number and written else [])), *written]
            yield line
            if begun[1] == self.name and self.title:
                yield from text(1, f'"""{self.title.removesuffix(".")}."""', "")

    def training(self, data_set: DataSet, *, alone: bool = False) -> "Training":
        """The parts that train; `alone` says that there is one process, always, and that settings are plain names."""
        return Training(self, data_set, alone=alone)


class Training:
    """The parts of a training, each knowing of those before."""

    def __init__(self, sections: Sections, data_set: DataSet, *, alone: bool) -> None:
        project, plan = sections.project, sections.plan
        node = project.data_node()
        assert node is not None
        self.plan = plan
        self.data = Data(project, data_set, node.params)
        self._rates = dict(rates_of(plan))
        self.objective = Objective(project, plan, by_file=self.data.by_file, alone=alone)
        self.epoch = Epoch(project, self.objective, self.data)
        weights = "model.parameters()"
        if any(step.node.frozen for step in all_steps(plan)):
            weights = "[weight for weight in model.parameters() if weight.requires_grad]"
        self.loop = Loop(self.epoch, weights, rated=bool(self._rates))
        metric = [METRICS[self.objective.metric]] if self.objective.metric else []
        functions: list[Callable[..., Any]] = [
            *self.data.functions,
            *([grouped] if self._rates else []),
            *metric,
        ]
        self._imports, self._sources = gathered(functions)
        self._refuse_names(project)

    def _refuse_names(self, project: Project) -> None:
        """Raises `ScriptError` for a block with the name of something that the lines around it need."""
        taken = {re.split(r" as | import ", line)[-1] for line in self.imports} | NAMES
        for source in self._sources:
            taken |= set(re.findall(r"^(?:def |class )?(\w+)", source, re.MULTILINE))
        for name in (*project.blocks, *project.code):
            if name in taken:
                raise ScriptError(
                    f"The training script has something else that is named {name}: give your block another name"
                )

    @property
    def imports(self) -> list[str]:
        """What all parts need that are written out."""
        return [*self._imports, *self.data.imports, *imported(self.plan), *self.loop.imports]

    def sources(self) -> Iterator[Line]:
        """The functions of this program that are called, each with two empty lines behind it."""
        for source in self._sources:
            yield from (Line(row) for row in source.splitlines())
            yield from text(0, "", "")

    def rates(self) -> Iterator[Line]:
        """Which layers learn with a rate of their own."""
        if self._rates:
            yield from text(0, "# how many times the learning rate of the others")
            yield from table(0, "rates = ", {name: repr(rate) for name, rate in self._rates.items()})


# Where a library is not called what it is imported as.
DISTRIBUTIONS = {"sklearn": "scikit-learn", "PIL": "Pillow"}


def libraries(imports: Iterable[str]) -> list[str]:
    """What is imported that does not come with Python: torch first, the others in order."""
    found = {re.split(r"[ .]", line)[1] for line in imports} - {"torch", ""} - sys.stdlib_module_names
    return ["torch", *sorted(found)]


def _source_of(function: Callable[..., Any]) -> Iterator[Line]:
    """A function of this program that stands alone, as it is written here."""
    yield from (Line(row) for row in inspect.getsource(function).rstrip().splitlines())


def all_steps(plan: Plan) -> Iterator[Step]:
    """The steps of a plan and of the blocks in it."""
    for step in plan.steps:
        yield step
        for part in step.parts:
            if part.inner is not None:
                yield from all_steps(part.inner)


def imported(plan: Plan) -> list[str]:
    """What the network's classes need besides `nn`."""
    kinds = [step.kind for step in all_steps(plan)]
    found = set()
    for kind in kinds:
        if kind.code is not None:
            found |= set(parts(kind.code)[0])
        elif kind.is_method or kind.is_operator:
            continue
        elif kind.is_ours or kind.is_tensor or kind.spelled.startswith("torch."):
            found.add("import torch")
        elif kind.spelled.startswith("F."):
            found.add("import torch.nn.functional as F")
        elif kind.target and not kind.target.startswith("torch."):
            found.add(f"import {kind.target.rpartition('.')[0]}")
    return sorted(found)


def in_order(imports: Iterable[str]) -> list[str]:
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
