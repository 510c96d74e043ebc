"""The run that goes on, seen from the window: its state, and what it reports."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from nndesigner.project import Project
from nndesigner.training.report import Began, Diverged, Examined, Finished, Report
from nndesigner.ui.training_thread import Job, Kept, TrainingThread

if TYPE_CHECKING:
    from nndesigner.training.incoming import Start

RunState = Literal["idle", "running", "paused", "stopping", "stopped", "finished", "failed"]
AT_REST: tuple[RunState, ...] = ("idle", "stopped", "finished", "failed")


class LiveRun(QObject):
    """At most one run at a time. What is said of it stays until the next begins, but for looks at the layers.

    **Signals:** `state_changed` with the new state; `reported` with a list of reports; `placed` with the folder it is
    kept in; `failed` with a sentence; `ended` when its thread is gone.
    """

    state_changed = Signal(str)
    reported = Signal(object)
    placed = Signal(object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: RunState = "idle"
        self.reports: list[Report] = []
        self.folder: Path | None = None
        self.diverged: Diverged | None = None
        self._thread: TrainingThread | None = None

    @property
    def active(self) -> bool:
        """Whether a thread is at work or waiting."""
        return self._thread is not None and self._thread.isRunning()

    @property
    def network(self) -> Any:
        """The network of the last run, or None."""
        return self._thread.network if self._thread is not None else None

    @property
    def project(self) -> Project | None:
        """The project of the last run, as it was when the run began."""
        return self._thread.project if self._thread is not None else None

    @property
    def rests(self) -> bool:
        """Whether a paused run makes no step and has kept the last."""
        return self._thread is not None and self._thread.rests

    @property
    def kept(self) -> Kept | None:
        """Up to where the last run is kept; None where nothing was kept yet."""
        return self._thread.kept if self._thread is not None else None

    @property
    def can_go_on(self) -> bool:
        """Whether what was stopped can be gone on with."""
        return self.state == "stopped" and self.folder is not None and not self.active

    def start(self, project: Project, where: Path, weights: "Start | None" = None) -> None:
        """Trains this project and keeps its run in a folder of `where`, unless a run goes on.

        It begins with random weights, or those of a file.
        """
        self._begin(Job(where, project, start=weights))

    def go_on(self, folder: Path, slower: float = 1.0) -> None:
        """Goes on with the run that is kept in a folder, its learning rate times `slower`, unless a run goes on."""
        self._begin(Job(folder, slower=slower))

    def pause(self) -> None:
        """Waits after the step that is being made."""
        if self._thread is not None and self.state == "running":
            self._thread.pause()
            self._enter("paused")

    def step(self) -> None:
        """Makes one step more while it is paused."""
        if self._thread is not None and self.state == "paused":
            self._thread.step()

    def resume(self) -> None:
        """Goes on, after a pause or where it was stopped."""
        if self._thread is not None and self.state == "paused":
            self._enter("running")
            self._thread.resume()
        elif self.can_go_on and self.folder is not None:
            self.go_on(self.folder)

    def stop(self) -> None:
        """Ends after the step that is being made; what was learned is kept."""
        if self._thread is not None and self.state in ("running", "paused"):
            self._enter("stopping")
            self._thread.stop()

    def finish(self) -> None:
        """Stops and waits for the thread, before the window goes."""
        if self._thread is not None:
            self._thread.finish()

    def forget(self, folder: Path) -> None:
        """The run in this folder is deleted, so nobody can go on with it."""
        if self.folder == folder and not self.active:
            self.folder = None
            if self.state == "stopped":
                self._enter("idle")

    def _begin(self, job: Job) -> None:
        if self.active:
            return
        if self._thread is not None:
            self._thread.deleteLater()
        self.reports, self.diverged = [], None
        self.folder = None if job.project is not None else job.where
        self._thread = TrainingThread(job, self)
        self._thread.placed.connect(self._place)
        self._thread.reported.connect(self._report)
        self._thread.failed.connect(self._fail)
        self._thread.finished.connect(self._end)
        self._enter("running")
        self._thread.start()

    def _place(self, folder: Path) -> None:
        self.folder = folder
        self.placed.emit(folder)

    def _report(self, reports: Sequence[Report]) -> None:
        self.reports += (report for report in reports if not isinstance(report, Examined))
        for report in reports:
            if isinstance(report, Diverged):
                self.diverged = report
        self.reported.emit(reports)

    def _fail(self, message: str) -> None:
        self._enter("failed")
        self.failed.emit(message)

    def _end(self) -> None:
        if self.state != "failed":
            done = bool(self.reports) and isinstance(self.reports[-1], Finished)
            began = any(isinstance(report, Began) for report in self.reports[:1])
            self._enter("finished" if done else "stopped" if began else "idle")
        self.ended.emit()

    def _enter(self, state: RunState) -> None:
        self.state = state
        self.state_changed.emit(state)
