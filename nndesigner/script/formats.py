"""All that a project can be exported as, in one table, and the one way there: written, then proven.

What torch is needed for is done in a process of its own (see `works`), as building a network draws random numbers that a
run in the window must not miss.
"""

import errno
import importlib.util
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nndesigner import apart, files, nnd
from nndesigner.apart import OWN, ApartError
from nndesigner.plan import Plan
from nndesigner.project import Project
from nndesigner.script import notebook, proof, works
from nndesigner.script.proof import Proof
from nndesigner.script.writer import ScriptError, can_train, ready, write
from nndesigner.training import result, runs

DISTRIBUTION = "nndesigner-app"  # what pip calls this program
SECONDS = 900.0
_MEMORY = 8 * 2**30  # bytes, beyond what the weights take
_PICTURE = 120.0  # seconds a diagram may take
_ONNX = ("onnx", "onnxscript", "onnxruntime")

Weights = Literal["", "wanted", "needed"]
Sort = Literal["text", "tensors", "picture"]


class FormatError(ValueError):
    """A project that can't be exported like that; its text is meant for people."""


@dataclass(frozen=True)
class Format:
    """Something a project can be exported as: its name, the suffix of its file (none for a folder), what it is in a title
    and in a sentence, and whether weights go into it: they are `needed`, so that fresh ones do where none are given, or
    `wanted`, so that it goes without.
    """

    name: str
    suffix: str
    title: str
    sentence: str
    sort: Sort
    weights: Weights = ""


FORMATS = (
    Format("train", ".py", "Training script", "Data, network, training and evaluation, and nothing of this program.", "text"),
    Format("model", ".py", "Network alone", "The classes of the network, to be used in other code.", "text"),
    Format("notebook", ".ipynb", "Notebook", "The training script in cells, with words between them.", "text"),
    Format(
        "folder", "", "Folder to hand on", "Script, weights, requirements and a model card.", "tensors", "wanted"
    ),
    Format("onnx", ".onnx", "ONNX", "For programs that run networks without PyTorch.", "tensors", "needed"),
    Format(
        "pt2", ".pt2", "PyTorch program", "What torch.export makes: runs where its source is not.", "tensors", "needed"
    ),
    Format(
        "weights", ".safetensors", "Weights", "The state dict alone, to be loaded into the network's class.",
        "tensors", "needed",
    ),
    Format("svg", ".svg", "Diagram as SVG", "For web pages, and for editing.", "picture"),
    Format("pdf", ".pdf", "Diagram as PDF", "For papers.", "picture"),
    Format("png", ".png", "Diagram as PNG", "For slides.", "picture"),
)  # fmt: skip
BY_NAME = {one.name: one for one in FORMATS}
_WORKS = {"onnx": "onnx", "pt2": "program", "weights": "weights", "folder": "folder"}


@dataclass(frozen=True)
class Exported:
    """What was written: where, as what, whether it trains, what came of its proof (none where nothing was proven), and
    what else should be known.
    """

    path: Path
    form: str
    trains: bool
    proof: Proof | None = None
    remarks: tuple[str, ...] = ()


def form_of(path: Path) -> str:
    """The form that is meant by the name of a file; raises `FormatError` with those there are."""
    for one in FORMATS:
        if one.suffix == path.suffix.lower():
            return one.name
    known = ", ".join(dict.fromkeys(one.suffix for one in FORMATS if one.suffix))
    raise FormatError(f"nothing is exported as {path.suffix}: expected {known}, or no suffix for a folder")


def lacking(form: str) -> str:
    """What has to be installed before a form can be written, in a sentence; nothing where it can."""
    if form == "onnx" and any(importlib.util.find_spec(name) is None for name in _ONNX):
        return f"ONNX needs some libraries more: pip install '{DISTRIBUTION}[onnx]'"
    if BY_NAME[form].sort == "picture" and importlib.util.find_spec("PySide6") is None:
        return f"a diagram needs Qt to be drawn: pip install {DISTRIBUTION}"
    return ""


def export(
    project: Project,
    path: Path,
    form: str,
    weights: Path | None = None,
    prove: bool = True,
    plan: Plan | None = None,
    seconds: float = SECONDS,
) -> Exported:
    """Writes a project in a form and, with `prove`, tries what was written.

    `weights` is a file of weights; where one is needed and none is given, they are freshly initialised from the
    project's seed. Where the proof fails, what was written stays. Raises `FormatError` with the first thing that stands
    against it, `OSError` as the system gives it.
    """
    if form not in BY_NAME:
        raise FormatError(f"there is no form {form!r}; there are {', '.join(BY_NAME)}")
    if reason := lacking(form):
        raise FormatError(reason)
    if path.parent != path and not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    if form != "folder" and path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if BY_NAME[form].sort == "picture":
        _draw(project, path)
        return Exported(path, form, False)
    if prove:
        apart.begin()
    try:
        plan = ready(project, plan)
        one = _Export(project, path, form, weights, prove, plan, seconds)
        return one.as_text() if BY_NAME[form].sort == "text" else one.as_tensors()
    except (ScriptError, proof.ProofError) as error:
        raise FormatError(str(error)) from None


@dataclass(frozen=True)
class _Export:
    """One export, as it was asked for."""

    project: Project
    path: Path
    form: str
    weights: Path | None
    prove: bool
    plan: Plan
    seconds: float

    def as_text(self) -> Exported:
        """A script or a notebook."""
        if self.form == "notebook":
            text = notebook.notebook(self.project, self.plan)
        else:
            text = write(self.project, self.plan, "model" if self.form == "model" else "train").text
        files.write(self.path, text.encode())
        trains = self.form != "model" and can_train(self.project, self.plan)
        return Exported(self.path, self.form, trains, self._proven(text))

    def as_tensors(self) -> Exported:
        """A file of tensors, or a folder in which there may be one."""
        began = time.perf_counter()
        told = self._told()
        trains = self.form == "folder" and can_train(self.project, self.plan)
        proven = None
        if self.form == "folder" and self.prove:
            written = self.path / ("train.py" if trains else "model.py")
            proven = self._proven(written.read_text(encoding="utf-8"))
            if proven is not None and proven.verified and told:
                words = (
                    f"{proven.words}, {told['words']}"
                    if told["verified"]
                    else f"not verified: {told['words']}"
                )
                proven = Proof(
                    bool(told["verified"]), told["difference"], proven.steps, words, proven.seconds
                )
        elif told:
            words = f"{'verified' if told['verified'] else 'not verified'}: {told['words']}"
            proven = Proof(told["verified"], told["difference"], 0, words, time.perf_counter() - began)
        return Exported(self.path, self.form, trains, proven, self._remarks())

    def _proven(self, text: str) -> Proof | None:
        if not self.prove:
            return None
        return proof.prove(self.project, text, self.form, self.plan, self.weights)

    def _told(self) -> dict[str, Any]:
        """What the process says that writes it: nothing where nothing is proven; raises `FormatError`, `OSError`."""
        training = self.project.training
        question = works.question(
            _WORKS[self.form],
            nnd.to_text(self.project),
            self.project.trusted,
            path=str(self.path.absolute()),
            weights=str(self.weights.absolute()) if self.weights else "",
            prove=self.prove,
            threads=training.threads or max(1, (os.cpu_count() or 2) - 1),
            result=_of_run(self.weights) if self.form == "folder" else None,
            seconds=self.seconds,
            memory=_MEMORY + 60 * self.plan.parameters,
            needs=("torch._dynamo", *_ONNX) if self.form == "onnx" else (),
        )
        told: dict[str, Any] = {}
        try:
            with OWN.lock:
                for reply in OWN.ask(question):
                    told |= reply
        except ApartError as error:
            raise FormatError(f"the export {error}") from None
        if "number" in told:
            raise OSError(told["number"], told["error"], str(self.path))
        if "error" in told:
            raise FormatError(told["error"])
        return told

    def _remarks(self) -> tuple[str, ...]:
        if self.weights is not None:
            return ()
        if BY_NAME[self.form].weights == "needed":
            seed = self.project.training.seed
            return (f"no weights were given, so they are freshly initialised with the seed {seed}",)
        return ("no weights were given, so there are none in it",)


def _of_run(weights: Path | None) -> Mapping[str, Any] | None:
    """What the run says of itself whose weights these are, for the model card; None where they are of no run."""
    if weights is None or not (weights.parent / runs.RECEIPT).is_file():
        return None
    folder = weights.parent
    receipt = runs.receipt_of(folder)
    try:
        found = result.summary(runs.curves(folder))
    except runs.RunsError:
        found = {}
    return found | {name: receipt[name] for name in ("data", "sittings") if name in receipt}


def _draw(project: Project, path: Path) -> None:
    """Has the diagram drawn by a process that has Qt; raises `FormatError`."""
    paths = os.pathsep.join(one for one in sys.path if one)
    with tempfile.TemporaryDirectory(prefix="nndesigner-") as folder:
        file = Path(folder) / f"project{nnd.SUFFIX}"
        file.write_text(nnd.to_text(project), encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-m", "nndesigner.ui.picture", str(file), str(path.absolute())],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen"},
                capture_output=True,
                text=True,
                timeout=_PICTURE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired:
            raise FormatError(f"the diagram was not drawn within {_PICTURE:g} seconds") from None
    if done.returncode or not path.is_file():
        lines = done.stderr.strip().splitlines()
        raise FormatError(lines[-1] if lines else "the diagram can't be drawn: the process for it ended")


def plain(difference: float) -> float | None:
    """A difference for JSON, which knows no infinity."""
    return difference if math.isfinite(difference) else None
