"""What a person does to compare: chooses with what, sees both side by side, goes back."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from nndesigner import nnd
from nndesigner.nnd import SUFFIX, ProjectError
from nndesigner.project import Project
from nndesigner.training import runs
from nndesigner.training.runs import RunInfo

if TYPE_CHECKING:
    from nndesigner.ui.compare.page import ComparePage
    from nndesigner.ui.main_window import MainWindow
    from nndesigner.ui.parts import Parts

_log = logging.getLogger(__name__)


class Comparing(QObject):
    """The canvas held against something else. Files are read away from the window's thread.

    **Signals:** `_read` with the name of what was read, and its project; `_failed` with a sentence.
    """

    _read = Signal(str, object)
    _failed = Signal(str)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._document = window, window.document
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="comparing")
        self._page: ComparePage | None = None
        self._back = "design"
        self._read.connect(self._show)
        self._failed.connect(lambda words: window.notice.tell(words, warning=True))
        window.document.changed.connect(self._follow)

    @property
    def page(self) -> "ComparePage":
        """The page of the comparison, made when it is needed first."""
        if self._page is None:
            from nndesigner.ui.compare.page import ComparePage

            self._page = ComparePage()
            self._page.left.connect(self.leave)
            self._window.pages.addWidget(self._page)
        return self._page

    @property
    def shown(self) -> bool:
        """Whether a comparison is seen."""
        return self._page is not None and self._window.pages.currentWidget() is self._page

    def attach(self, parts: "Parts") -> None:
        """The parts of the window are there: the table of runs is one of them."""
        parts.runs.compare_wanted.connect(self.with_run)

    def finish(self) -> None:
        """Waits for what is being read."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def choose(self) -> None:
        """Asks what to compare with."""
        from nndesigner.ui.compare.choice import CompareDialog

        saved = self._document.path.name if self._document.path is not None else ""
        found = self._window.parts.runs.runs
        dialog = CompareDialog(saved, sorted(found, key=lambda run: run.number), self._window)
        dialog.saved_chosen.connect(self.with_saved)
        dialog.run_chosen.connect(self.with_run)
        dialog.file_wanted.connect(self._choose_file)
        dialog.open()

    def with_saved(self) -> None:
        """Compares with the version on the disk."""
        if (path := self._document.path) is not None:
            self._read_apart(path, self.tr("{} as it was last saved").format(path.name))

    def with_run(self, run: RunInfo) -> None:
        """Compares with the project of a run as it was trained."""
        self._read_apart(run.folder / runs.PROJECT, self.tr("Run {}").format(run.number))

    def with_file(self, path: Path) -> None:
        """Compares with a project, or a script, in a file."""
        self._read_apart(path, path.name)

    def leave(self) -> None:
        """Back to the canvas, as it was left."""
        if self.shown:
            self._window.show_workspace(self._back)

    def _choose_file(self) -> None:
        self._window.filing.ask_file(self.tr("Compare with a file"), (SUFFIX, ".py"), self.with_file)

    def _read_apart(self, path: Path, title: str) -> None:
        def work() -> None:
            from nndesigner.script.reader.reading import ReadingError, read_file

            try:
                project = read_file(path).project if path.suffix == ".py" else nnd.load(path)
                self._read.emit(title, project)
            except (ProjectError, ReadingError) as error:
                words = str(error)
                self._failed.emit(words[:1].upper() + words[1:])
            except OSError as error:
                self._failed.emit(f"{path}: {error.strerror or error}")
            except Exception as error:
                _log.exception("what is to be compared could not be read")
                self._failed.emit(f"{type(error).__name__}: {error}")

        self._worker.submit(work)

    def _show(self, title: str, project: Project) -> None:
        from nndesigner.ui.compare.page import Side

        window, page = self._window, self.page
        self._back = window.workspaces.current or "design"
        window.workspaces.leave()
        window.pages.setCurrentWidget(page)
        window._enable()
        page.show_sides(Side(title, project), Side(self.tr("The canvas now"), self._document.project))
        page.listing.tree.setFocus()

    def _follow(self) -> None:
        if self.shown and self._page is not None:
            self._page.follow(self._document.project)
