"""Proof that an exported script computes what the program computes, found by running it where the program is not.

The script is run in a Python of its own (see `alone`): started clean, in an empty folder, with a reduced environment, with
limits of memory and time, where nothing of this program can be imported. There it becomes a module, its class is
built and given the weights of the program's own model, and these are compared:

- the number of parameters, the keys of the state dict in order, their shapes, types, and which of them learn;
- all outputs bit for bit on a batch of two records, drawn by a seed, in training mode from the same seed, then in evaluation
  mode; and, between the two, the bits of the whole state (so that batch norms keep the same statistics);
- of a script that trains, the losses of the first three steps, and the bits of all weights after each. The script's own
  `main()` is run for that, or the cells of its notebook: made-up records stand in the place of what it would read (see
  `records`), and go through all its preparing, its split, its optimizer and its schedule, as they do through the engine's.
  Only what costs time is set smaller, for both: batches of four, on the processor.

Code of one's own that is not trusted is never run, so a script that contains some can't be proven.
"""

import json
import math
import os
import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from nndesigner import apart, nnd
from nndesigner.apart import CLEAN, OWN, ApartError
from nndesigner.plan import Plan, make
from nndesigner.project import Project
from nndesigner.script import alone, works
from nndesigner.script.reference import sizes, some
from nndesigner.script.writer import can_train, class_name

SECONDS = 120.0
STEPS = 3
TRAINING = frozenset(("train", "notebook", "folder"))  # forms that train, where there is what it takes
_SEED = 2**31 - 1
_BATCH = 4
_MEMORY = 4 * 2**30  # bytes, beyond what the weights take


class ProofError(ValueError):
    """A script that may not be run; its text is meant for people."""


@dataclass(frozen=True)
class Proof:
    """What came of running a script: whether all is the same, how far the outputs are apart at most, how many steps of
    training were compared, one sentence for people, and how long it took.
    """

    verified: bool
    max_difference: float
    steps: int
    words: str
    seconds: float = 0.0


def prove(
    project: Project,
    text: str,
    form: str = "train",
    plan: Plan | None = None,
    weights: Path | None = None,
    seconds: float = SECONDS,
) -> Proof:
    """Whether a script, or the text of a notebook, computes what the project's model computes; see above.

    `weights` is a file of weights that both are given; else both have the same fresh ones. The script may not take longer
    than so many `seconds`. Raises `ProofError` where code of one's own is not trusted, and where the project
    has no model.
    """
    began = time.perf_counter()
    apart.begin()
    plan = plan if plan is not None else make(project)
    _refuse(project, plan)
    sources = cells(text) if form == "notebook" else [text]
    with tempfile.TemporaryDirectory(prefix="nndesigner-", ignore_cleanup_errors=True) as folder:
        found = _Trial(project, plan, form, sources, weights, Path(folder), seconds).proven()
    return Proof(*found, time.perf_counter() - began)


def cells(text: str) -> list[str]:
    """The texts of a notebook's cells of code, without the lines that are for the notebook and not for Python."""
    found = json.loads(text)
    sources = ["".join(one["source"]) for one in found["cells"] if one["cell_type"] == "code"]
    return [re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE) for source in sources]


def _refuse(project: Project, plan: Plan) -> None:
    graphs = [project.graph, *(block.graph for block in project.blocks.values())]
    kinds = {node.kind for graph in graphs for node in graph.nodes.values()}
    for name, code in project.code.items():
        if name in kinds and code.sha256 not in project.trusted:
            raise ProofError(
                f"{name} is code that comes with this project and is not trusted, so the script is not run"
            )
    if plan.errors:
        raise ProofError(plan.errors[0].message)
    if not plan.steps:
        raise ProofError("There is no layer yet, so there is nothing to compare")


_Found = tuple[bool, float, int, str]


class _Different(Exception):
    """What is not the same, in words, and how far outputs are apart."""

    def __init__(self, words: str, difference: float = math.inf) -> None:
        super().__init__(words)
        self.difference = difference


class _Trial:
    """One script and the model it is compared with."""

    def __init__(
        self,
        project: Project,
        plan: Plan,
        form: str,
        sources: Sequence[str],
        weights: Path | None,
        folder: Path,
        seconds: float,
    ) -> None:
        self.project, self.plan, self.sources = project, plan, sources
        self.notebook, self.weights, self.folder, self.seconds = form == "notebook", weights, folder, seconds
        training = project.training
        self.left = ""  # that no steps are compared, where they should be, and why
        self.unfit = ""  # why nothing can be learned from the records
        self.steps = STEPS if form in TRAINING and can_train(project, plan) else 0
        if self.steps and training.precision == "fp16":
            self.steps, self.left = 0, "the steps were not compared, as fp16 needs a graphics card"
        wanted = {
            "epochs": max(training.epochs, STEPS),
            "batch_size": min(training.batch_size, _BATCH),
            "device": "cpu",
        }
        whole = "\n".join(sources)
        self.settings = {
            name: value for name, value in wanted.items() if re.search(rf"^{name} = ", whole, re.MULTILINE)
        }
        options = {name: f"--{name.replace('_', '-')}" for name in wanted}
        self.options = {
            name: option
            for name, option in options.items()
            if name not in self.settings and f'"{option}"' in whole
        }
        self.changed = {
            name: wanted[name] for name in wanted if name in self.settings or name in self.options
        }

    def proven(self) -> _Found:
        """What came of it. Where nothing can be learned from made-up records, as their targets mean nothing, some of the
        data's own take their place, if they are there.
        """
        with OWN.lock, CLEAN.lock:
            found = self._found("made")
            if self.unfit:
                self.unfit = ""
                found = self._found("real")
            if self.unfit:
                self.left = f"the steps were not compared: {self.unfit}"
                self.steps = 0
                found = self._found("none")
        return found

    def _found(self, data: str) -> _Found:
        room = self.folder / data
        room.mkdir()
        asked = {**self._asked(), "folder": str(room), "real": data == "real"}
        try:
            own_replies = OWN.ask(
                works.question("refer", nnd.to_text(self.project), self.project.trusted, **asked)
                | {"weights": str(self.weights.absolute()) if self.weights else "", "changed": self.changed}
                | {"seconds": max(self.seconds, SECONDS)}
            )
            ready = next(own_replies, {})
            if "ready" not in ready:
                for _ in own_replies:
                    pass
                if data == "real":
                    self.unfit = ready["error"]
                return self._failed(f"the program's own model can't be computed: {ready.get('error', '')}")
            theirs, wrong = self._tried({**asked, **self._trying(), **ready})
            own = {name: value for reply in own_replies for name, value in reply.items()}
        except ApartError as error:
            return self._failed(f"the program's own model {error}")
        if "error" in own:
            return self._failed(f"the program's own model can't be computed: {own['error']}")
        if own.get("ended") and not own["weights"]:
            self.unfit = own["ended"]
        try:
            difference = self._compare(room, own, theirs, wrong)
        except _Different as error:
            return False, error.difference, 0, f"not verified: {error}"
        steps = len(own.get("weights", ()))
        words = ["verified: outputs identical"]
        if steps:
            words.append(f"{steps} step{'s' if steps > 1 else ''} identical")
        return True, difference, steps, ", ".join(words) + (f"; {self.left}" if self.left else "")

    def _failed(self, words: str) -> _Found:
        return False, math.inf, 0, f"not verified: {words}"

    def _asked(self) -> dict[str, Any]:
        training = self.project.training
        return {
            "seed": _SEED,
            "threads": training.threads or max(1, (os.cpu_count() or 2) - 1),
            "steps": self.steps,
            "seconds": self.seconds,
            "memory": _MEMORY + 40 * self.plan.parameters,
        }

    def _trying(self) -> dict[str, Any]:
        arguments = [
            word for name, option in self.options.items() for word in (option, str(self.changed[name]))
        ]
        return {
            "sources": [*self.sources],
            "cells": self.notebook,
            "class": class_name(self.project),
            "settings": self.settings,
            "arguments": arguments,
            "needs": alone.needed(self.sources) + (["torch._dynamo"] if self.steps else []),
        }

    def _tried(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """What the script told, and what went wrong with it, or nothing."""
        found: dict[str, Any] = {}
        try:
            for reply in CLEAN.ask(question):
                found |= reply
        except ApartError as error:
            return found, f"the script {error}"
        if "error" in found:
            where = f" in {found['line']}" if found.get("line") else ""
            return found, f"the script can't be run{where}: {found['error']}"
        return found, ""

    # What is compared.

    def _compare(self, room: Path, own: Mapping[str, Any], theirs: Mapping[str, Any], wrong: str) -> float:
        """How far outputs are apart; raises `_Different` with the first thing that is not the same."""
        if "keys" in theirs:
            _compare_keys(own, theirs)
        if "state" not in theirs:
            raise _Different(wrong or "the script gave no outputs")
        difference = _compare_outputs(room, own)
        for (name, *_), mine, other in zip(own["keys"], own["state"], theirs["state"], strict=True):
            if mine != other:
                raise _Different(f"{name} is another after one pass in training mode", difference)
        if self.unfit:
            return difference
        if wrong:
            raise _Different(wrong, difference)
        if self.steps:
            _compare_steps(own, theirs)
        return difference


def _compare_outputs(room: Path, own: Mapping[str, Any]) -> float:
    """How far the outputs are apart, which is 0; raises `_Different`."""
    mine, theirs = (torch.load(room / name, weights_only=True) for name in ("own.pt", "alone.pt"))
    names = [*own["outputs"]]
    names += [f"result {number}" for number in range(len(names) + 1, own["results"] + 1)]
    found = 0.0
    for mode, ours, others in zip(("training mode", "evaluation mode"), mine, theirs, strict=True):
        if len(ours) != len(others):
            raise _Different(f"the script's model gives {len(others)} outputs, expected {len(ours)}")
        for name, one, other in zip(names, ours, others, strict=False):
            found = max(found, _compare_output(name, mode, one, other))
    return found


def _compare_keys(own: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    mine, others = ({key[0]: key[1:] for key in one["keys"]} for one in (own, theirs))
    lacking = [name for name in mine if name not in others]
    beyond = [name for name in others if name not in mine]
    if lacking or beyond:
        words = [f"lacks {some(lacking)}"] if lacking else []
        words += [f"has {some(beyond)}, which the program's has not"] if beyond else []
        raise _Different(f"the script's model {' and '.join(words)}")
    for name, (shape, dtype, learns) in mine.items():
        shape_there, dtype_there, learns_there = others[name]
        if shape != shape_there:
            raise _Different(f"{name} is {sizes(shape_there)} in the script, expected {sizes(shape)}")
        if dtype != dtype_there:
            raise _Different(f"{name} is {dtype_there} in the script, expected {dtype}")
        if learns != learns_there:
            raise _Different(
                f"{name} {'is frozen' if learns else 'learns'} in the script, but not in the program"
            )
    if [*mine] != [*others]:
        first = next(other for name, other in zip(mine, others, strict=True) if name != other)
        raise _Different(f"{first} stands at another place in the script's state dict")
    if own["parameters"] != theirs["parameters"]:
        raise _Different(
            f"the script's model has {theirs['parameters']:,} parameters, expected {own['parameters']:,}"
        )


def _compare_output(name: str, mode: str, one: torch.Tensor, other: torch.Tensor) -> float:
    """How far two tensors are apart, which is 0; raises `_Different`."""
    if one.shape != other.shape:
        raise _Different(
            f"the output {name} is {sizes(other.shape)} in the script, expected {sizes(one.shape)}"
        )
    if one.dtype != other.dtype:
        kinds = [str(tensor.dtype).removeprefix("torch.") for tensor in (other, one)]
        raise _Different(f"the output {name} is {kinds[0]} in the script, expected {kinds[1]}")
    differing = one != other
    if one.is_floating_point() or one.is_complex():
        differing &= ~(one.isnan() & other.isnan())
    if not differing.any():
        return 0.0
    wide = torch.complex128 if one.is_complex() else torch.float64
    apart = (one.to(wide) - other.to(wide)).abs()[differing].nan_to_num(math.inf, math.inf)
    most = float(apart.max())
    raise _Different(f"the output {name} differs by up to {most:.3g} in {mode}", most)


def _compare_steps(own: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    mine, others = own.get("losses", []), theirs.get("losses", [])
    if own.get("ended"):
        others = others[: len(mine)]
    if len(mine) != len(others):
        raise _Different(f"the script makes {len(others)} steps where the program makes {len(mine)}", 0.0)
    for number, (ours, there) in enumerate(zip(mine, others, strict=True), 1):
        if len(ours) != len(there):
            raise _Different(
                f"the script computes {len(there)} losses in step {number}, the program {len(ours)}", 0.0
            )
        for one, other in zip(ours, there, strict=True):
            if one != other and not (math.isnan(one) and math.isnan(other)):
                raise _Different(
                    f"step {number} has the loss {other:.8g} in the script, expected {one:.8g}", 0.0
                )
        if own["weights"][number - 1] != theirs["weights"][number - 1]:
            raise _Different(f"the weights after step {number} are others in the script", 0.0)
