"""What a person does about the weights a run begins with: chooses or drops a file, sees what fits, takes it away again."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from nndesigner.matching import Shape, match
from nndesigner.project import Project
from nndesigner.ui.document import Document
from nndesigner.ui.filing import Filing
from nndesigner.ui.notice import Notice

if TYPE_CHECKING:
    from nndesigner.training.incoming import Start

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin", ".ckpt")
_SURE = (".safetensors", ".pt", ".pth")  # what can be nothing else where it is dropped
_SETTLE = 500  # milliseconds after an edit until what fits is counted again
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Looked:
    """A file that was looked at: the start it would be, the shapes in it, those the network wants, and the names of those
    that stand in the drawing itself.
    """

    start: "Start"
    found: dict[str, Shape]
    wanted: dict[str, Shape]
    constants: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """What it is called, and how much of it fits."""
        return (
            f"{self.start.path.name}, {match(self.wanted, self.found, self.start.by_order, self.constants)}"
        )


class StartWeights(QObject):
    """The weights that the next runs begin with; files are read away from the window's thread.

    **Signals:** `changed` with what is said of them, or nothing where runs begin with random weights. `_looked` and
    `_counted` with a `Looked`, `_failed` with a sentence come from the thread that reads.
    """

    changed = Signal(str)
    _looked = Signal(object)
    _counted = Signal(object)
    _failed = Signal(str)

    def __init__(self, document: Document, filing: Filing, notice: Notice, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._filing, self._notice, self._window = document, filing, notice, window
        self._chosen: Looked | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="weights")
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settle.timeout.connect(self._count_again)
        self._looked.connect(self._ask)
        self._counted.connect(self._take_count)
        self._failed.connect(self._refuse)
        document.changed.connect(self._follow)
        filing.opened.connect(self.clear)

    @property
    def start(self) -> "Start | None":
        """What the next run begins with."""
        return self._chosen.start if self._chosen is not None else None

    @property
    def words(self) -> str:
        """What is said of it."""
        return self._chosen.words if self._chosen is not None else ""

    def choose(self) -> None:
        """Asks for a file."""
        self._filing.ask_file(self.tr("Load weights"), SUFFIXES, self.look_at)

    def file_in(self, data: QMimeData) -> Path | None:
        """The file of weights among what is dragged, if it is one file and that."""
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in _SURE else None

    def look_at(self, path: Path) -> None:
        """Looks at a file and asks whether runs are to begin with it."""
        project = self._document.project
        self._do(lambda: self._looked.emit(_looked_at(path, project)))

    @property
    def path(self) -> Path | None:
        """The file of it."""
        return self._chosen.start.path if self._chosen is not None else None

    def look_again(self) -> None:
        """Shows once more what fits of the weights that were chosen."""
        if self._chosen is not None:
            self.look_at(self._chosen.start.path)

    def clear(self) -> None:
        """Runs begin with random weights again."""
        if self._chosen is not None:
            self._chosen = None
            self.changed.emit("")

    def finish(self) -> None:
        """Waits for what is being read."""
        self._settle.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _ask(self, looked: Looked) -> None:
        from nndesigner.ui.weights.dialog import WeightsDialog

        dialog = WeightsDialog(looked, self._window)

        def take(by_order: bool) -> None:
            chosen = replace(looked, start=replace(looked.start, by_order=by_order))
            self._take_count(chosen)
            self._notice.tell(self.tr("The next run starts from {}.").format(chosen.words))

        dialog.accepted_with.connect(take)
        dialog.open()

    def _take_count(self, looked: Looked) -> None:
        self._chosen = looked
        self.changed.emit(looked.words)

    def _follow(self) -> None:
        if self._chosen is not None:
            self._settle.start()

    def _count_again(self) -> None:
        chosen, project = self._chosen, self._document.project
        if chosen is not None:
            self._do(lambda: self._counted_again(chosen, project))

    def _counted_again(self, chosen: Looked, project: Project) -> None:
        wanted, constants = _wanted(project)
        if wanted:
            self._counted.emit(replace(chosen, wanted=wanted, constants=constants))

    def _refuse(self, words: str) -> None:
        self._notice.tell(words, warning=True)

    def _do(self, work: Callable[[], object]) -> None:
        def guarded() -> None:
            from nndesigner.training.weights import WeightsError

            try:
                work()
            except WeightsError as error:
                words = str(error)
                self._failed.emit(words[:1].upper() + words[1:])
            except Exception as error:
                _log.exception("weights could not be looked at")
                self._failed.emit(f"{type(error).__name__}: {error}")

        self._worker.submit(guarded)


def _looked_at(path: Path, project: Project) -> Looked:
    from nndesigner.training import incoming
    from nndesigner.training.weights import WeightsError

    start = incoming.chosen(path)
    found = {name: tuple(tensor.shape) for name, tensor in incoming.read(path).items()}
    wanted, constants = _wanted(project)
    if not wanted:
        raise WeightsError(
            f"the network has no weights yet, or a problem stands against it, so nothing in {path.name} can fit it"
        )
    return Looked(start, found, wanted, constants)


def _wanted(project: Project) -> tuple[dict[str, Shape], frozenset[str]]:
    """The shapes of the network's weights, and which are constants; none where it can't be built as it is."""
    from nndesigner.plan import make
    from nndesigner.training import incoming

    plan = make(project)
    return ({}, frozenset()) if plan.errors else (incoming.wanted(plan), incoming.constants(plan))
