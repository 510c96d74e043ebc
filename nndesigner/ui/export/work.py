"""What the export dialog has done away from the window's thread: previews, the list of weights, the export, its proof."""

import logging
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from nndesigner import apart, nnd
from nndesigner.nnd import ProjectError
from nndesigner.project import Project
from nndesigner.training import runs
from nndesigner.training.runs import RunInfo
from nndesigner.ui import picture
from nndesigner.ui.export.forms import Form
from nndesigner.ui.picture import Style

if TYPE_CHECKING:
    from nndesigner.plan import Plan

_log = logging.getLogger(__name__)
_SMALLEST = 96  # pixels of a side of a preview that is not halved any more
_LOOK = 0.1  # seconds between two looks at whether what is being ended has ended


@dataclass(frozen=True)
class Wanted:
    """What is to be exported: a project, its plan where it is known, the form, the weights of a run or none, how a
    picture is drawn.
    """

    project: Project
    plan: "Plan | None"
    form: Form
    weights: Path | None
    style: Style


@dataclass(frozen=True)
class Preview:
    """What an export will look like: `text`, which is Python or not, or a picture, or else a sentence on why not.

    `images` are the picture in its size, in half of it, and so on, as a picture much smaller than it is looks torn.
    """

    text: str = ""
    is_python: bool = False
    images: tuple[QImage, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of an export: where it is, or nothing where it failed, in `words`. `verified` is None where there was
    nothing to prove, and where the proof was `stopped`.
    """

    path: Path | None
    words: str
    verified: bool | None = None
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    stopped: bool = False


@dataclass(frozen=True)
class Kept:
    """Weights that a run kept: those of its best epoch or its last."""

    run: RunInfo
    path: Path
    is_best: bool


class Work(QObject):
    """What is asked for is answered by a signal later.

    **Signals:** `previewed` with what was wanted and a `Preview`; `listed` with the weights that fit, newest first, and
    how many runs have others; `done` with an `Outcome`.
    """

    previewed = Signal(object, object)
    listed = Signal(object, int)
    done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = ThreadPoolExecutor(1, thread_name_prefix="export-preview")
        self._drawings = ThreadPoolExecutor(1, thread_name_prefix="export-drawing")
        self._exports = ThreadPoolExecutor(1, thread_name_prefix="export")
        self._newest: Wanted | None = None
        self._going: Future[None] | None = None
        self._stopped = False

    @property
    def busy(self) -> bool:
        """Whether something is being exported or proven."""
        return self._going is not None and not self._going.done()

    def look_at(self, wanted: Wanted) -> None:
        """Asks for a preview; of those that wait, only the newest is made."""
        self._newest = wanted
        where = self._drawings if wanted.form.sort == "picture" else self._looks
        self._do(where, lambda: self._preview(wanted))

    def list_weights(self, home: Path, project: Project) -> None:
        """Asks for the weights in a home of runs that fit a project."""
        self._do(self._looks, lambda: self.listed.emit(*_fitting(home, project)))

    def warm(self) -> None:
        """Starts the processes a proof takes, so that they are ready when it is wanted."""
        self._do(self._exports, apart.begin)

    def export(self, wanted: Wanted, path: Path) -> None:
        """Exports, and proves what was exported."""
        self._stopped = False
        self._going = self._do(self._exports, lambda: self._export(wanted, path))

    def stop(self) -> None:
        """Ends the proof that is going on; what is written stays."""
        self._stopped = True
        apart.stop()

    def close(self) -> None:
        """Ends all of it and waits for that."""
        self._newest = None
        pools = self._looks, self._drawings, self._exports
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=pool is not self._exports)
        picture.stop()
        while self.busy:
            self.stop()
            picture.stop()
            wait([self._going], _LOOK)  # type: ignore[list-item]
        for pool in pools:
            pool.shutdown(wait=True)

    def _do(self, where: ThreadPoolExecutor, work: Callable[[], object]) -> "Future[None]":
        def carefully() -> None:
            try:
                work()
            except RuntimeError as error:
                _log.warning("an export came to its end without a window: %s", error)
            except Exception:
                _log.exception("an export or its preview failed")

        return where.submit(carefully)

    def _preview(self, wanted: Wanted) -> None:
        if wanted is not self._newest:
            return
        try:
            found = _picture(wanted) if wanted.form.sort == "picture" else _text(wanted)
        except Exception as error:
            if not _is_told(error):
                _log.exception("a preview could not be made")
            found = Preview(refusal=str(error))
        if wanted is self._newest:
            self.previewed.emit(wanted, found)

    def _export(self, wanted: Wanted, path: Path) -> None:
        began = time.perf_counter()
        try:
            outcome = _drawn(wanted, path) if wanted.form.sort == "picture" else _exported(wanted, path)
        except OSError as error:
            words = self.tr("{} can’t be written: {}").format(path, error.strerror or error)
            outcome = Outcome(None, words)
        except Exception as error:
            if not _is_told(error):
                _log.exception("an export failed")
            outcome = Outcome(None, str(error))
        if self._stopped:
            there = path if path.exists() and outcome.path is not None else None
            words = self.tr("Stopped. {} is written and not proven.") if there else self.tr("Stopped.")
            outcome = Outcome(there, words.format(path.name), stopped=True)
        self.done.emit(replace(outcome, seconds=time.perf_counter() - began))


def _is_told(error: Exception) -> bool:
    """Whether the text of an error is meant for people."""
    return type(error).__module__.partition(".")[0] == "nndesigner"


# Exporting.


def _exported(wanted: Wanted, path: Path) -> Outcome:
    from nndesigner.script import formats

    found = formats.export(wanted.project, path, wanted.form.name, wanted.weights, True, wanted.plan)
    if found.proof is None:
        return Outcome(found.path, "", None, tuple(found.remarks))
    return Outcome(found.path, found.proof.words, found.proof.verified, tuple(found.remarks))


def _drawn(wanted: Wanted, path: Path) -> Outcome:
    picture.write_apart(wanted.project, path, wanted.style, wanted.plan)
    return Outcome(path, "")


# Looking.


def _picture(wanted: Wanted) -> Preview:
    with tempfile.TemporaryDirectory(prefix="nndesigner-") as folder:
        path = Path(folder) / "preview.png"
        try:
            picture.write_apart(wanted.project, path, replace(wanted.style, scale=1.0), wanted.plan)
        except picture.PictureError:
            picture.write_apart(wanted.project, path, replace(wanted.style, scale=0.1), wanted.plan)
        images = [QImage(str(path))]
    while min(images[-1].width(), images[-1].height()) > _SMALLEST:
        half = images[-1].size() / 2
        images.append(
            images[-1].scaled(
                half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )
    return Preview(images=tuple(images))


def _text(wanted: Wanted) -> Preview:
    from nndesigner.script import writer

    plan = writer.ready(wanted.project, wanted.plan)
    match wanted.form.name:
        case "train" | "model":
            return Preview(writer.write(wanted.project, plan, wanted.form.name).text, True)
        case "notebook":
            from nndesigner.script import notebook

            return Preview(_cells(notebook.notebook(wanted.project, plan)), True)
        case "folder":
            return Preview(_card(wanted, plan))
        case "weights":
            return Preview(_state(plan))
        case _:
            return Preview(_ports(plan))


def _cells(text: str) -> str:
    """A notebook as one text: words as comments, each cell under a line."""
    import json

    parts = []
    for cell in json.loads(text)["cells"]:
        lines = "".join(cell["source"]).split("\n")
        if cell["cell_type"] != "code":
            lines = [f"# {line}".rstrip() for line in lines]
        parts.append("\n".join(["# %%", *lines]))
    return "\n\n".join(parts) + "\n"


def _card(wanted: Wanted, plan: "Plan") -> str:
    from nndesigner.script import card, writer

    trains = writer.can_train(wanted.project, plan)
    script = "train.py" if trains else "model.py"
    has = wanted.weights is not None
    listed = [script, *(["weights.safetensors"] if has else []), "requirements.txt", "README.md"]
    name = writer.class_name(wanted.project)
    words = card.card(wanted.project, plan, name, script, trains=trains, weights=has)
    return "\n".join([*listed, "", "README.md", "─" * 72, "", words])


def _state(plan: "Plan") -> str:
    """The state dict's keys, shapes and types."""
    import torch

    from nndesigner.model import Network

    with torch.device("meta"):  # takes no random number and no memory
        state = Network(plan).state_dict()
    rows = [
        (name, "×".join(map(str, value.shape)) or "scalar", _dtype(value.dtype))
        for name, value in state.items()
    ]
    return _table(rows) + f"\n\n{plan.parameters:,} parameters".replace(",", "\u202f")


def _ports(plan: "Plan") -> str:
    """What goes in and what comes out."""
    inputs = [(name, str(plan.types[place]), plan.types[place].dtype) for name, place in plan.inputs.items()]
    outputs = [
        (name, str(plan.types[place]), plan.types[place].dtype) for name, place in plan.outputs.items()
    ]
    count = f"{plan.parameters:,} parameters".replace(",", "\u202f")
    return f"in\n{_table(inputs, 4)}\n\nout\n{_table(outputs, 4)}\n\n{count}"


def _dtype(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def _table(rows: list[tuple[str, str, str]], indent: int = 0) -> str:
    wide = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    lines = (f"{'':{indent}}{name:{wide[0]}}  {shape:{wide[1]}}  {dtype}" for name, shape, dtype in rows)
    return "\n".join(line.rstrip() for line in lines)


# Weights.


def _fitting(home: Path, project: Project) -> tuple[list[Kept], int]:
    """The weights that runs of this network kept, the newest first, and how many runs are of another network."""
    found, others = [], 0
    wanted = _network(project)
    for run in reversed(runs.runs_of(home)):
        kept = [
            Kept(run, run.folder / name, name == runs.BEST)
            for name in (runs.BEST, runs.LAST)
            if (run.folder / name).is_file()
        ]
        try:
            fits = _network(nnd.load(run.folder / runs.PROJECT)) == wanted
        except ProjectError:
            fits = False
        if fits:
            found += kept
        elif kept:
            others += 1
    return found, others


def _network(project: Project) -> object:
    """All of a project that its weights depend on."""
    graphs = {"": project.graph, **{name: block.graph for name, block in project.blocks.items()}}
    params = {name: dict(block.params) for name, block in project.blocks.items()}
    nodes = {
        path: {name: replace(node, position=(0.0, 0.0), frozen=False) for name, node in graph.nodes.items()}
        for path, graph in graphs.items()
    }
    return nodes, {path: graph.edges for path, graph in graphs.items()}, params, dict(project.code)
