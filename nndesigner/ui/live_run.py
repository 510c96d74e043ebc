"""The run that goes on, seen from the window: its state, and what it reports."""

from collections.abc import Sequence
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from nndesigner.project import Project
from nndesigner.training.report import Finished, Report
from nndesigner.ui.training_thread import TrainingThread

RunState = Literal["idle", "running", "paused", "stopping", "finished", "failed"]


class LiveRun(QObject):
    """At most one run at a time.

    **Signals:** `state_changed` with the new state; `reported` with a list of reports; `failed` with a sentence;
    `ended` when its thread is gone.
    """

    state_changed = Signal(str)
    reported = Signal(object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: RunState = "idle"
        self.reports: list[Report] = []
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

    def start(self, project: Project) -> None:
        """Trains this project, unless a run goes on."""
        if self.active:
            return
        if self._thread is not None:
            self._thread.deleteLater()
        self.reports = []
        self._thread = TrainingThread(project, self)
        self._thread.reported.connect(self._report)
        self._thread.failed.connect(self._fail)
        self._thread.finished.connect(self._end)
        self._enter("running")
        self._thread.start()

    def pause(self) -> None:
        """Waits after the step that is being made."""
        if self._thread is not None and self.state == "running":
            self._thread.pause()
            self._enter("paused")

    def resume(self) -> None:
        """Goes on."""
        if self._thread is not None and self.state == "paused":
            self._enter("running")
            self._thread.resume()

    def stop(self) -> None:
        """Ends after the step that is being made; what was learned stays."""
        if self._thread is not None and self.state in ("running", "paused"):
            self._enter("stopping")
            self._thread.stop()

    def finish(self) -> None:
        """Stops and waits for the thread, before the window goes."""
        if self._thread is not None:
            self._thread.finish()

    def _report(self, reports: Sequence[Report]) -> None:
        self.reports += reports
        self.reported.emit(reports)

    def _fail(self, message: str) -> None:
        self._enter("failed")
        self.failed.emit(message)

    def _end(self) -> None:
        if self.state != "failed":
            done = bool(self.reports) and isinstance(self.reports[-1], Finished)
            self._enter("finished" if done else "idle")
        self.ended.emit()

    def _enter(self, state: RunState) -> None:
        self.state = state
        self.state_changed.emit(state)
