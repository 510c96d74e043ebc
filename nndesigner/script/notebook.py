"""A project as a notebook: what its script holds, in cells, from the data to the result.

There is one process and no command line, so settings are plain names and each cell can be run again after a change.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nndesigner.catalogue.data import DataSet
from nndesigner.plan import Plan
from nndesigner.project import Project
from nndesigner.script import options
from nndesigner.script.card import credits
from nndesigner.script.lines import Line, assigned, call, text
from nndesigner.script.run import built
from nndesigner.script.shapes import arriving, leaving
from nndesigner.script.writer import (
    DISTRIBUTIONS,
    Sections,
    Training,
    can_train,
    class_name,
    imported,
    in_order,
    libraries,
    ready,
)


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and whether it is code."""

    name: str
    text: str
    is_code: bool = True

    def content(self) -> dict[str, object]:
        """The cell as plain values for JSON."""
        found: dict[str, object] = {
            "cell_type": "code" if self.is_code else "markdown",
            "id": self.name,
            "metadata": {},
            "source": self.text.splitlines(keepends=True),
        }
        return found | ({"execution_count": None, "outputs": []} if self.is_code else {})


def notebook(project: Project, plan: Plan | None = None) -> str:
    """The text of an `.ipynb` file, of nbformat 4.5; raises `ScriptError` with what stands against it.

    Where there is no data or no loss it holds the network alone.
    """
    plan = ready(project, plan)
    sections = Sections(project, plan, class_name(project))
    data_set = project.data_set() if can_train(project, plan) else None
    cells = _training(sections, data_set) if data_set is not None else _network_alone(sections)
    content = {
        "cells": [cell.content() for cell in cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _training(sections: Sections, data_set: DataSet) -> Iterator[Cell]:
    """The cells of a network that is trained, from its data to what came of it."""
    training = sections.training(data_set, alone=True)
    yield from _settings(sections, training)
    yield from _data(training)
    yield from _network(sections)
    yield from _learning(training)
    yield from _result(sections, training)


def _settings(sections: Sections, training: Training) -> Iterator[Cell]:
    counted = [] if sections.project.training.threads else ["import os"]
    imports = [*training.imports, *counted, "import torch", "from torch import nn"]
    yield _told(
        "summary",
        f"# {sections.title or 'A network'}",
        f"{sections.plan.parameters:,} parameters, trained on {training.data.words}.",
        *_shapes(sections),
        f"Needs {_needs(imports)}.",
    )
    yield _told("settings-told", "## Settings", "Change them here and run the cells below again.")
    yield _code(
        "settings",
        text(0, *in_order(imports), ""),
        options.plain(sections.project.training),
        _device(sections.project.training.device),
        text(0, "torch.set_num_threads(threads)"),
    )


def _data(training: Training) -> Iterator[Cell]:
    data = training.data
    yield _told("data-told", "## Data", data.data_set.sentence, *credits(data.data_set))
    yield _code("data-functions", [*training.sources(), *data.reading(), *data.varying(), *data.loading()])
    given = ["device"]
    placed: list[Line] = []
    if data.source is not None:
        place = f"data_{data.source.sort}"
        placed = text(0, f"{place} = {data.source.default_beside('Path.cwd()')}")
        given = [place, "device"]
    shown = ['print(len(train), "records to learn from")']
    if not data.by_file:
        shown = ["for name, values in train.items():", "    print(name, tuple(values.shape), values.dtype)"]
    yield _code(
        "data",
        placed,
        assigned(0, ["train", "validation", "test"], "load_data", given),
        text(0, *shown),
    )


def _network(sections: Sections) -> Iterator[Cell]:
    yield _told("network-told", "## Network")
    yield _code("network", sections.network())
    yield _code(
        "model",
        text(0, "torch.manual_seed(seed)"),
        built(0, sections.name, sections.project.training),
        text(0, 'print(f"{sum(weight.numel() for weight in model.parameters()):,} parameters")'),
    )


def _learning(training: Training) -> Iterator[Cell]:
    loop, objective = training.loop, training.objective
    yield _told(
        "objective-told",
        "## Loss and evaluation",
        "`objective` gives the loss of a batch, `evaluate` its mean over a part of the data.",
    )
    closing = text(0, "", "")
    yield _code("objective", objective.comparing(), closing, objective.closure(), objective.evaluation())
    yield _told("training-told", "## Training")
    yield _code("epoch", training.epoch.lines())
    yield _code("optimizer", training.rates(), loop.setting_up(0))
    yield _code("training", loop.keeping(0), text(0, "history = []"), loop.loop(0), loop.best(0))


def _result(sections: Sections, training: Training) -> Iterator[Cell]:
    loop = training.loop
    yield _told("result-told", "## Result", "What was kept apart until now tells how good it is.")
    yield _code(
        "result",
        loop.testing(0),
        text(0, f'torch.save({loop.trained}.state_dict(), "{sections.stem}.pt")'),
    )
    if training.objective.metric:
        yield _code("examples", _examples(training))


def _network_alone(sections: Sections) -> Iterator[Cell]:
    imports = ["import torch", "from torch import nn", *imported(sections.plan)]
    yield _told(
        "summary",
        f"# {sections.title or 'A network'}",
        f"{sections.plan.parameters:,} parameters.",
        *_shapes(sections),
        f"Needs {_needs(imports)}.",
    )
    yield _code("imports", text(0, *in_order(imports)))
    yield _told("network-told", "## Network")
    yield _code("network", sections.network())
    yield _told("trial-told", "## Trial", "Two records of zeros go through it.")
    given = [one.zeros(2) for one in arriving(sections.plan)]
    yield _code(
        "trial",
        text(0, "torch.manual_seed(0)", f"model = {sections.name}().eval()", "with torch.no_grad():"),
        call(1, "results = model", given),
        text(0, "results = results if isinstance(results, tuple) else (results,)"),
        text(0, "print(*(tuple(result.shape) for result in results))"),
    )


def _examples(training: Training) -> list[Line]:
    """A few records of the test part, what is said of them and what is right."""
    data, objective = training.data, training.objective
    first = (
        "batch = test.batch(torch.arange(8))"
        if data.by_file
        else "batch = {name: values[:8] for name, values in test.items()}"
    )
    classes = objective.metric == "accuracy"
    said = "prediction.argmax(1)" if classes else "prediction"
    return text(
        0,
        f"{training.loop.trained}.eval()",
        first,
        "with torch.no_grad():",
        f"    _, prediction, target = objective({training.loop.trained}, batch)",
        f'print("predicted:", {said}.tolist())',
        'print("right:", target.tolist())',
    )


def _device(wanted: str) -> list[Line]:
    if wanted != "auto":
        return text(0, f'device = torch.device("{wanted}")')
    return text(
        0,
        'device = torch.device("cpu")',
        "if torch.cuda.is_available():",
        '    device = torch.device("cuda")',
        "elif torch.backends.mps.is_available():",
        '    device = torch.device("mps")',
    )


def _shapes(sections: Sections) -> list[str]:
    into = ", ".join(f"{one.name} {one.shape}" for one in arriving(sections.plan))
    out = ", ".join(f"{one.name} {one.shape}" for one in leaving(sections.plan))
    return [f"In: {into}. Out: {out}. N is the number of records."]


def _needs(imports: Iterable[str]) -> str:
    return ", ".join(DISTRIBUTIONS.get(one, one) for one in libraries(imports))


def _told(name: str, *paragraphs: str) -> Cell:
    return Cell(name, "\n\n".join(one for one in paragraphs if one), is_code=False)


def _code(name: str, *passages: Iterable[Line]) -> Cell:
    rows = [line.text for passage in passages for line in passage]
    return Cell(name, "\n".join(rows).strip("\n"))
