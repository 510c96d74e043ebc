"""What a person does about runs: begin one, go on with one, try before, look back at those that are kept."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from nndesigner.project import Project
from nndesigner.training import runs
from nndesigner.training.report import Began, EpochEnded, Report
from nndesigner.training.runs import RunInfo
from nndesigner.ui.choice_form import with_param
from nndesigner.ui.document import Document
from nndesigner.ui.filing import Filing
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.notice import Notice
from nndesigner.ui.runs_reader import RunsReader
from nndesigner.ui.shown import text_of
from nndesigner.ui.timing import Timing
from nndesigner.ui.training_thread import Kept
from nndesigner.ui.trial_run import Trial, TrialRun
from nndesigner.ui.weights.work import StartWeights

if TYPE_CHECKING:
    from nndesigner.training.incoming import Start
    from nndesigner.ui.parts import Parts
    from nndesigner.ui.run_page import RunPage

SLOWER = (
    0.1  # times the learning rate, on the way back from a run that broke; each time it breaks at once again
)

LOOK_EVERY = 2.0  # seconds between two looks at what is kept of the run that goes on


class Running(QObject):
    """The runs of the document's project.

    **Signals:** `shown` when something is to be seen in the workspace of training.
    """

    shown = Signal()

    def __init__(
        self, document: Document, filing: Filing, run: LiveRun, notice: Notice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._filing, self._run, self._notice = document, filing, run, notice
        self.reader = RunsReader(self)
        self.trial = TrialRun(self)
        self.timing = Timing(lambda: run.active or self.trial.active, self)
        self._parts: Parts | None = None
        self._weights: StartWeights | None = None
        self._home = self._home_now()
        self._made_here: list[Path] = []  # runs of a project that has no file yet
        self._offering = False
        self._looking, self._looked = False, -math.inf
        self._slowed: tuple[Path, int, float] | None = (
            None  # a run, where it went on from, and how much slower
        )
        self._after_trial: Callable[[], object] | None = None
        document.file_changed.connect(self._follow_file)
        filing.opened.connect(self._opened)
        run.placed.connect(self._note_place)
        run.reported.connect(self._follow_run)
        run.failed.connect(self._tell_failure)
        run.ended.connect(self._list)
        self.trial.ended.connect(self._go_on_after_trial)
        self.timing.ended.connect(self._go_on_after_trial)
        self.reader.listed.connect(self._take_list)
        self.reader.told.connect(self._take_one)
        self.reader.opened.connect(self._open_as_it_was)
        self.reader.recalled.connect(self._recall)
        self.reader.saved.connect(self._tell_saved)
        self.reader.deleted.connect(self._forget)
        self.reader.failed.connect(self._refuse)

    def attach(self, parts: "Parts") -> None:
        """The parts of the window are there: the table of runs is one of them."""
        self._parts = parts
        parts.lens.follow(self.timing)
        parts.lens.training_wanted.connect(self.train)
        panel = parts.runs
        panel.open_wanted.connect(self.reader.open)
        panel.resume_wanted.connect(lambda run: self.go_on(run.folder))
        panel.save_wanted.connect(self._save_weights)
        panel.folder_wanted.connect(lambda run: _show_folder(run.folder))
        panel.delete_wanted.connect(lambda run: self.reader.delete(run.folder))
        panel.noted.connect(self.reader.set_note)
        self._list()

    def begin_with(self, weights: StartWeights) -> None:
        """Runs begin with these weights, as long as some are chosen."""
        self._weights = weights

    def dress(self, page: "RunPage") -> None:
        """The page of the run tells with which weights the next one begins."""
        if self._weights is not None:
            page.bar.set_start(self._weights.words)
            self._weights.changed.connect(page.bar.set_start)
            page.bar.start_asked.connect(self._weights.look_again)
            page.bar.start_cleared.connect(self._weights.clear)

    def close(self) -> None:
        """Ends all threads; a run that goes on is kept."""
        self.trial.finish()
        self.timing.finish()
        self._run.finish()
        self.reader.close()

    # Beginning.

    @property
    def _start(self) -> "Start | None":
        """The weights that runs and trials begin with, if some are chosen."""
        return self._weights.start if self._weights is not None else None

    def train(self) -> None:
        """Trains the project as it is now, and shows the curves."""
        if self._run.active:
            return
        if self._waits(self.train):
            return
        self._show("curves")
        self._notice.settle()
        self._run.start(self._document.project, self._home, self._start)

    def go_on(self, folder: Path, slower: float = 1.0) -> None:
        """Goes on with a run that is kept."""
        if self._run.active:
            return
        if self._waits(lambda: self.go_on(folder, slower)):
            return
        self._show("curves")
        self._notice.settle()
        self._run.go_on(folder, slower)

    def try_first(self, *names: Trial) -> None:
        """Makes short trials with the project as it is now."""
        if self._run.active or self.trial.active:
            return
        if self.timing.active:
            self._waits(lambda: self.try_first(*names))
            return
        self._show("trials")
        self.trial.start(self._document.project, names, self._start)

    def use_rate(self, rate: float) -> None:
        """Sets the learning rate that a trial suggests."""
        training = self._document.project.training
        optimizer = with_param(training.optimizer, "lr", rate)
        after = replace(self._document.project, training=replace(training, optimizer=optimizer))
        self._document.seal()
        self._document.edit(self.tr("Set lr to {}").format(text_of(rate)), after)

    def _waits(self, then: Callable[[], object]) -> bool:
        """Whether something else is computed still; that is ended, and `then` comes after it."""
        if not self.trial.active and not self.timing.active:
            return False
        self._after_trial = then
        self.trial.stop()
        self.timing.stop()
        return True

    def _go_on_after_trial(self) -> None:
        then, self._after_trial = self._after_trial, None
        if then is not None:
            then()

    def _show(self, view: str) -> None:
        self.shown.emit()
        page = self._parts.run_page if self._parts is not None else None
        if page is not None and (view == "trials" or page.view in ("compare", "trials")):
            page.show_view(view)

    # What is kept.

    def _home_now(self) -> Path:
        return runs.home(self._document.path, self._document.project)

    def _opened(self) -> None:
        """Another project: what was interrupted of it is offered."""
        self._made_here = []
        self._home = self._home_now()
        self._offering = True
        self._list()

    def _follow_file(self) -> None:
        """Runs of a project that had no file go along when it gets one."""
        home = self._home_now()
        if home == self._home or self._document.path is None:
            return
        going = self._run.folder if self._run.active else None
        taken, self._made_here = [one for one in self._made_here if one != going], []
        self._home = home
        if taken:
            self.reader.move(taken, home)
        else:
            self._list()

    def _note_place(self, folder: Path) -> None:
        if self._document.path is None and folder not in self._made_here:
            self._made_here.append(folder)

    def _list(self) -> None:
        if self._parts is not None:
            self.reader.list_runs(self._home)

    def _take_list(self, where: Path, found: Sequence[RunInfo]) -> None:
        if where != self._home or self._parts is None:
            return
        self._parts.runs.show_runs(found)
        if self._offering:
            self._offering = False
            self._offer(found)

    def _offer(self, found: Sequence[RunInfo]) -> None:
        """Offers the last run, where the program was killed over it; a question that stands there already goes first."""
        last = found[-1] if found else None
        if last is None or last.status != "interrupted" or self._run.active or self._notice.asks:
            return
        words = self.tr("Run {number} was interrupted in epoch {epoch}.")
        self._notice.tell(
            words.format(number=last.number, epoch=last.epochs + 1),
            (self.tr("Resume"), lambda: self.go_on(last.folder)),
            (self.tr("Not now"), lambda: None),
            warning=True,
        )

    def _follow_run(self, reports: Sequence[Report]) -> None:
        if self._run.folder is None:
            return
        if began := next((report for report in reports if isinstance(report, Began)), None):
            self._list()
            if began.notes and not began.step:
                self._notice.tell(" ".join(began.notes), warning=True)
        elif (
            not self._looking
            and time.monotonic() - self._looked >= LOOK_EVERY
            and any(isinstance(report, EpochEnded) for report in reports)
        ):
            self._looking, self._looked = True, time.monotonic()
            self.reader.look_at(self._run.folder)

    def _take_one(self, run: RunInfo) -> None:
        self._looking = False
        if self._parts is None:
            return
        self._parts.runs.update_run(run)
        if (page := self._parts.run_page) is not None:
            page.look_again(run)

    def _open_as_it_was(self, run: RunInfo, project: Project) -> None:
        self._document.seal()
        self._document.edit(self.tr("Open run {} as it was").format(run.number), project)
        words = self.tr("The project is as run {} was trained. Undo brings back what was there before.")
        self._notice.tell(words.format(run.number))

    def _recall(self, reports: Sequence[Report]) -> None:
        """How the layers of the run that was opened learned can be looked at, unless another goes on."""
        if self._parts is not None and not self._run.active:
            self._parts.vitals.recall(reports)

    def _save_weights(self, run: RunInfo) -> None:
        def save(path: Path) -> None:
            self.reader.save_weights(run.folder, path)

        self._filing.ask_path(self.tr("Save the weights of run {}").format(run.number), ".safetensors", save)

    def _tell_saved(self, path: Path) -> None:
        show = (self.tr("Show the folder"), lambda: _show_folder(path.parent))
        self._notice.tell(self.tr("Wrote {}").format(path.name), show)

    def _refuse(self, message: str) -> None:
        # No lambda: it would be called on the thread that reads, where widgets must not be touched.
        self._notice.tell(message, warning=True)

    def _forget(self, folder: Path) -> None:
        self._run.forget(folder)
        self._made_here = [one for one in self._made_here if one != folder]
        self._list()

    # What went wrong.

    def _tell_failure(self, message: str) -> None:
        broken, folder = self._run.diverged, self._run.folder
        message = message if message.endswith(".") else f"{message}."
        if broken is None or folder is None:
            self._notice.tell(message, warning=True)
            return
        if self._parts is not None:
            self._parts.reveal_in_main(broken.node)
        kept = self._run.kept or Kept(0, 0)
        # Where nothing was kept since it went on slower, it must go slower still from the same place.
        before = self._slowed[2] if self._slowed and self._slowed[:2] == (folder, kept.step) else 1.0
        slower = before * SLOWER

        def go_back() -> None:
            self._slowed = (folder, kept.step, slower)
            self.go_on(folder, slower)

        self._notice.tell(message, (self._way_back(kept, slower), go_back), warning=True)

    def _way_back(self, kept: Kept, slower: float) -> str:
        rate = self.tr("a tenth of the learning rate")
        if slower < SLOWER:
            rate = self.tr("{} times the learning rate").format(f"{slower:.0e}")
        if not kept.step:
            return self.tr("Begin again with {}").format(rate)
        if kept.epoch:
            return self.tr("Go back to the end of epoch {}, with {}").format(kept.epoch, rate)
        return self.tr("Go back to step {}, with {}").format(kept.step, rate)


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
