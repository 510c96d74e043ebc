"""Reads and changes kept runs away from the window's thread, one thing after another."""

import logging
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from nndesigner import nnd
from nndesigner.nnd import ProjectError
from nndesigner.training import journal, runs
from nndesigner.training.report import Diverged, EpochEnded, Examined
from nndesigner.training.runs import RunsError

_log = logging.getLogger(__name__)


class RunsReader(QObject):
    """What is asked for is answered by a signal later.

    **Signals:** `listed` with a home of runs and all that are in it; `told` with what came of one run; `traced` with the
    folder of a run and its epochs; `opened` with what came of a run and its project, and then `recalled` with the looks at
    its layers and where it broke; `saved` with the file its weights are
    in; `deleted` with the folder; `failed` with a sentence.
    """

    listed = Signal(object, object)
    told = Signal(object)
    traced = Signal(object, object)
    opened = Signal(object, object)
    recalled = Signal(object)
    saved = Signal(object)
    deleted = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="runs")

    def close(self) -> None:
        """Ends once what is being done is done."""
        self._closed = True
        self._worker.shutdown(wait=True, cancel_futures=True)

    def list_runs(self, where: Path) -> None:
        """Asks for all runs in a home of runs."""
        self._do(lambda: self.listed.emit(where, runs.runs_of(where)))

    def look_at(self, folder: Path) -> None:
        """Asks what came of one run so far."""
        self._do(lambda: self.told.emit(runs.info(folder)))

    def trace(self, folder: Path) -> None:
        """Asks for the epochs of a run."""
        self._do(lambda: self.traced.emit(folder, journal.read(folder / runs.JOURNAL, EpochEnded)))

    def open(self, run: runs.RunInfo) -> None:
        """Asks for the project of a run as it was trained, and for how its layers learned."""

        def work() -> None:
            self.opened.emit(run, nnd.load(run.folder / runs.PROJECT))
            self.recalled.emit(journal.read(run.folder / runs.JOURNAL, Examined, Diverged))

        self._do(work)

    def set_note(self, folder: Path, text: str) -> None:
        """Writes a note to a run."""
        self._do(lambda: runs.set_note(folder, text))

    def delete(self, folder: Path) -> None:
        """Deletes a run."""

        def work() -> None:
            runs.delete(folder)
            self.deleted.emit(folder)

        self._do(work)

    def save_weights(self, folder: Path, path: Path) -> None:
        """Copies the best weights of a run, or its last where there are no best, to a file."""

        def work() -> None:
            kept = next((folder / name for name in (runs.BEST, runs.LAST) if (folder / name).exists()), None)
            if kept is None:
                raise RunsError(self.tr("No weights of run {} were kept yet").format(int(folder.name)))
            part = path.with_name(f".{path.name}.part")
            try:
                shutil.copyfile(kept, part)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            self.saved.emit(path)

        self._do(work)

    def move(self, folders: list[Path], where: Path) -> None:
        """Takes runs along to another home, where they get the next numbers, and lists what is there."""

        def work() -> None:
            for folder in folders:
                if (folder / runs.RECEIPT).is_file():
                    shutil.copytree(folder, runs.new(where), dirs_exist_ok=True)
                    shutil.rmtree(folder, ignore_errors=True)
            self.listed.emit(where, runs.runs_of(where))

        self._do(work)

    def _do(self, work: Callable[[], object]) -> None:
        def guarded() -> None:
            try:
                work()
            except (RunsError, ProjectError) as error:
                words = str(error)
                self.failed.emit(words[:1].upper() + words[1:])
            except OSError as error:
                self.failed.emit(f"{error.filename}: {runs.words(error)}")
            except Exception as error:
                _log.exception("a run could not be read")
                self.failed.emit(f"{type(error).__name__}: {error}")

        if not self._closed:
            self._worker.submit(guarded)
