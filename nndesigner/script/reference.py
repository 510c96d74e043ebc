"""What the program's own model is and does, in files and words that a script alone can be compared with."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import nn

from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.kind import TensorType
from nndesigner.data import parts
from nndesigner.data.problem import DataError
from nndesigner.data.recipe import Recipe, recipe
from nndesigner.model import Network
from nndesigner.plan import Place, Plan
from nndesigner.project import Project
from nndesigner.script import alone, records
from nndesigner.training import incoming, weights
from nndesigner.training.goal import Compared, Goal
from nndesigner.training.report import Diverged
from nndesigner.training.run import Run, TrainingError
from nndesigner.training.session import Session
from nndesigner.training.weights import WeightsError

RECORDS = 2  # in the batch that outputs are compared on
_COUNTED = ("num_embeddings", "num_classes")  # params that say how many tokens there are


def drawn(plan: Plan, seed: int, many: int = RECORDS) -> list[torch.Tensor]:
    """A tensor for each input of a plan, so many samples, drawn by a seed; tokens are none that an embedding lacks."""
    draw = torch.Generator().manual_seed(seed)
    tokens = dict(_tokens(plan))
    found = []
    for place in plan.inputs.values():
        type_ = plan.types[place]
        sizes, dtype = (many, *type_.sizes[1:]), getattr(torch, type_.dtype)
        if dtype.is_floating_point or dtype.is_complex:
            found.append(torch.rand(sizes, generator=draw).to(dtype))
        else:
            most = 2 if dtype == torch.bool else _most(type_, tokens.get(place))
            found.append(torch.randint(0, most, sizes, generator=draw).to(dtype))
    return found


def _most(type_: TensorType, counted: int | None) -> int:
    known = [one for one in (type_.classes, counted) if one]
    return max(1, min(known, default=2))


def _tokens(plan: Plan) -> Iterator[tuple[Place, int]]:
    """How many tokens there are where a layer that counts them is fed, also inside of blocks; the fewest come last."""
    found: list[tuple[Place, int]] = []
    for step in plan.steps:
        for part in step.parts:
            values = step.kind.values(part.arguments)
            for name in _COUNTED:
                most = values.get(name)
                if isinstance(most, int) and most > 0:
                    found += [(place, most) for place in step.inputs.values()]
            if part.inner is not None:
                outer = dict(zip(part.inner.inputs.values(), step.inputs.values(), strict=False))
                found += [(outer[place], most) for place, most in _tokens(part.inner) if place in outer]
    return iter(sorted(found, key=lambda one: -one[1]))


_Made = TypeVar("_Made", bound=Network)


def network(plan: Plan, seed: int, file: Path | None, kind: type[_Made]) -> _Made:
    """The network of a plan, freshly initialised by a seed, or with the weights of a file; raises `WeightsError`."""
    torch.manual_seed(seed)
    made = kind(plan)
    if file is not None:
        fill(made, plan, file)
    return made


def fill(made: Network, plan: Plan, file: Path) -> None:
    """Puts the weights of a file into a network; raises `WeightsError` where they can't be read, or do not fit."""
    found = incoming.read(file)
    matched = incoming.fitted(plan, found)
    if matched.misfits:
        raise WeightsError(f"{file} does not fit this network: {matched.misfits[0]}")
    if matched.missing or matched.unexpected:
        words = [f"lacks {some(matched.missing)}"] if matched.missing else []
        words += [f"has {some(matched.unexpected)} that the network has not"] if matched.unexpected else []
        raise WeightsError(f"{file} does not fit this network: it {' and '.join(words)}")
    # Constants that the file lacks are as they are drawn.
    made.load_state_dict({**made.state_dict(), **{own: found[name] for own, name in matched.pairs}})


def some(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def sizes(shape: Any) -> str:
    """A shape in words."""
    return "×".join(map(str, shape)) or "one number"


def refer(project: Project, plan: Plan, question: alone.Question, tell: alone.Tell) -> None:
    """Computes what a script is compared with; tells `ready` once the files are there that the script is given."""
    folder, seed = Path(question["folder"]), question["seed"]
    torch.set_num_threads(question["threads"])
    file = Path(question["weights"]) if question["weights"] else None
    own = network(plan, seed, file, Network)
    inputs = drawn(plan, seed)
    weights.save(folder / "weights.safetensors", own.state_dict(), lasting=False)
    torch.save(inputs, folder / "inputs.pt")
    run, how = None, None
    if question["steps"]:
        run, how = _run(project, plan, question)
    known = _write_records(run, how, question, folder) if run and how else {}
    tell({"ready": True, **known})
    found = alone.described(own)
    training, evaluation, state = alone.computed(own, inputs, seed)
    torch.save([training, evaluation], folder / "own.pt")
    tell({**found, "state": state, "outputs": [*plan.outputs], "results": len(plan.results)})
    if run and how:
        del own
        tell(_first_steps(run, how, question["steps"], folder))


def _run(project: Project, plan: Plan, question: alone.Question) -> tuple[Run, Recipe]:
    """The run with the settings that the script is given too, on this processor, and what is done with its data."""
    data_set, node = project.data_set(), project.data_node()
    assert data_set is not None and node is not None
    training = replace(project.training, **question["changed"], compile=False)
    changed = replace(project, training=training)
    how = recipe(data_set, node.params, training)
    # Every class needs a record to be learned from, which is more than a few steps need.
    fields = tuple(replace(one, classes=(), count=0) for one in data_set.fields)
    return Run(changed, plan, replace(data_set, fields=fields), node.params), how


def _write_records(run: Run, how: Recipe, question: alone.Question, folder: Path) -> dict[str, Any]:
    """Writes made-up records for both; gives the names of what reads them in the script, and what it knows at once."""
    training = run.project.training
    data_set = run.project.data_set()
    assert data_set is not None
    many = records.count(training, question["steps"])
    if question["real"]:
        found = _real(data_set, run, how, many)
    else:
        found = records.made(data_set, run.params, how, many, question["seed"])
    known = [*found]
    if how.reading is not None:
        found["path"] = np.array([str(number) for number in range(many)])
        known = [name for name in found if name not in (data_set.fields[0].name, "length")]
    plain: dict[str, Any] = {
        name: values.astype(str) if values.dtype == object else values for name, values in found.items()
    }
    np.savez(folder / "data.npz", **plain)
    reading = how.reading.read.function.__name__ if how.reading else ""
    return {"load": how.load.function.__name__, "read": reading, "known": known}


def _real(data_set: DataSet, run: Run, how: Recipe, many: int) -> dict[str, np.ndarray]:
    """So many records of the data themselves, evenly over all; raises `DataError` where they can't be read."""
    if how.reading is not None:
        raise DataError("its files are only read while it is learned from")
    found = parts.read(data_set, run.params, run.project.training)
    count = len(found[how.first])
    chosen = np.unique(np.linspace(0, count - 1, min(many, count)).astype(np.int64))
    return {name: values[chosen] for name, values in found.items()}


def _first_steps(run: Run, how: Recipe, wanted: int, folder: Path) -> dict[str, Any]:
    """The first steps of the engine on the records in the folder; `ended` says why there are no more of them."""
    found = alone.arrays(folder / "data.npz")
    found.pop("path", None)
    held = replace(how, reading=None, first=run.data_set.fields[0].name)
    steps, ended = alone.Steps(wanted), ""
    try:
        made = parts.prepared(held, run.data_set, run.params, run.project.training, found)
        session = Session(run, data=made)
        goal = session.objective
        session.objective = _Heard(run.plan, steps, goal.device, goal.precision)
        with steps.counted():
            for report in session.reports():
                if isinstance(report, Diverged):
                    ended = "the loss is no number"
                    break
    except (TrainingError, DataError) as error:
        ended = str(error)
    except Exception as error:  # made-up records may be what a loss refuses in words of its own
        ended = f"{type(error).__name__}: {error}".partition("\n")[0]
    return {**steps.plain(), "ended": ended}


class _Heard(Goal):
    """The objective of a run; the losses that are learned from are noted."""

    def __init__(self, plan: Plan, steps: alone.Steps, device: str, precision: torch.dtype | None) -> None:
        super().__init__(plan, device, precision)
        self.steps = steps

    def __call__(self, network: nn.Module, batch: parts.Tensors) -> Compared:
        """The loss of a batch, as `Goal` gives it."""
        found = super().__call__(network, batch)
        if torch.is_grad_enabled():
            self.steps.heard(found[0])
        return found
