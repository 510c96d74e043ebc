"""A run in a thread of its own: reports are collected and handed over some twenty times a second."""

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.problem import sentence
from nndesigner.project import Project
from nndesigner.training import journal, runs
from nndesigner.training.report import Examined, Report, Stepped

if TYPE_CHECKING:
    from nndesigner.training.incoming import Start
    from nndesigner.training.recording import Recording
    from nndesigner.training.session import Session

_log = logging.getLogger(__name__)
_HAND_OVER = 0.05
_NICE = 1
_LOOK_EVERY = 1.0  # seconds between two looks at the layers
_LOOK_SHARE = 0.0075  # of the time they may take, where that makes them rarer
_LOOK_SECOND = 10.0  # seconds to the second one at most: the first takes long, as all that is done once does


@dataclass(frozen=True)
class Job:
    """What is to be trained: a project anew, whose run is kept in a folder of `where`, or the run that is kept there.

    What is resumed learns `slower` by this factor; what is begun begins with the weights of a file that is its `start`.
    """

    where: Path
    project: Project | None = None
    slower: float = 1.0
    start: "Start | None" = None


@dataclass(frozen=True)
class Kept:
    """Up to where a run is kept: its step, and the epoch that ended there, or 0 within an epoch."""

    step: int
    epoch: int


class TrainingThread(QThread):
    """One run of a project, as it was when the run began. It leaves a checkpoint whenever it is paused or stopped.

    **Signals:** `placed` with the folder it is kept in; `reported` with a list of reports; `failed` with a sentence.
    `finished` comes last in any case; `network` then holds the trained weights, if training began. `rests` tells whether
    a paused one makes no step and has kept the last.
    """

    placed = Signal(object)
    reported = Signal(object)
    failed = Signal(str)

    def __init__(self, job: Job, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.job = job
        self.project: Project | None = job.project
        self.network: Any = None
        self.kept: Kept | None = None
        self.rests = False
        self._turn = threading.Condition()
        self._paused = False
        self._single_steps = 0
        self._kept_words = ""
        self._collected: list[Report] = []
        self._handed_over = 0.0
        self._looks: deque[float] = deque(maxlen=2)  # how long the last ones took

    def pause(self) -> None:
        """Waits after the step that is being made."""
        with self._turn:
            self._paused = True

    def step(self) -> None:
        """Makes one more step while it is paused."""
        with self._turn:
            self._single_steps += 1
            self._turn.notify()

    def resume(self) -> None:
        """Goes on."""
        with self._turn:
            self._paused, self._single_steps = False, 0
            self._turn.notify()

    def stop(self) -> None:
        """Ends after the step that is being made; returns at once."""
        self.requestInterruption()
        with self._turn:
            self._turn.notify()

    def finish(self) -> None:
        """Stops and waits for the end."""
        self.stop()
        self.wait()

    def run(self) -> None:
        # The window's thread goes first, if barely: more made no difference to how late its events are.
        with contextlib.suppress(AttributeError, OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        from nndesigner.training.run import TrainingError  # brings torch

        try:
            self._train()
        except (TrainingError, runs.RunsError) as error:
            self._fail(sentence(str(error), self.project))
        except Exception as error:
            _log.exception("training failed")
            self._fail(f"Training stopped: {error}")

    def _fail(self, message: str) -> None:
        self._hand_over()
        self.failed.emit(message)

    def _train(self) -> None:
        from nndesigner.training.recording import Recording

        session, folder, earlier = self._begin()
        session.examine = _LOOK_EVERY
        self.project, self.network = session.run.project, session.trained
        self.placed.emit(folder)
        if earlier:
            self.reported.emit(earlier)
        recording = Recording(session, folder)
        with contextlib.closing(recording.reports()) as reports:
            for report in reports:
                self._take(report)
                self._note_kept(recording)
                if isinstance(report, Examined):
                    self._pace(session)
                if self._paused and isinstance(report, Stepped | Examined):
                    self._rest(recording, reports)
                if self.isInterruptionRequested():
                    break
        self._hand_over()

    def _begin(self) -> "tuple[Session, Path, list[Report]]":
        """The session, its folder, and what was reported of the run before."""
        from nndesigner.training.recording import resume
        from nndesigner.training.run import prepare
        from nndesigner.training.session import Session

        job = self.job
        if job.project is not None:
            session = Session(prepare(job.project, job.start))
            return session, runs.new(job.where), []
        session = resume(job.where, slower=job.slower)
        earlier = runs.curves(job.where) if session.step else []
        if session.step:
            self.kept = Kept(session.step, session.epoch - 1 if session.order is None else 0)
        return session, job.where, journal.before(earlier, session.epoch, session.step)

    def _take(self, report: Report) -> None:
        self._collected.append(report)
        now = time.monotonic()
        if now - self._handed_over >= _HAND_OVER or not isinstance(report, Stepped):
            self._handed_over = now
            self._hand_over()

    def _hand_over(self) -> None:
        if self._collected:
            self.reported.emit(self._collected)
            self._collected = []

    def _pace(self, session: "Session") -> None:
        """Looks at the layers less often where that takes long."""
        assert session.examination is not None
        self._looks.append(session.examination.seconds)
        wait = max(_LOOK_EVERY, min(self._looks) / _LOOK_SHARE)
        session.examine = wait if len(self._looks) > 1 else min(wait, _LOOK_SECOND)

    def _note_kept(self, recording: "Recording") -> None:
        session = recording.session
        if recording.kept != self._kept_words:
            self._kept_words = recording.kept
            self.kept = Kept(session.step, session.epoch - 1 if session.order is None else 0)

    def _rest(self, recording: "Recording", reports: Iterator[Report]) -> None:
        """Waits, making single steps when they are asked for. Whenever it waits, all that was learned is kept."""
        while not self.isInterruptionRequested():
            recording.leave()
            self._note_kept(recording)
            self._hand_over()
            with self._turn:
                self.rests = True
                while self._paused and not self._single_steps and not self.isInterruptionRequested():
                    self._turn.wait()
                self.rests = False
                if not self._paused or self.isInterruptionRequested():
                    return
                self._single_steps -= 1
            if not self._single_step(recording, reports):
                return

    def _single_step(self, recording: "Recording", reports: Iterator[Report]) -> bool:
        """One step and a look at the layers in it; tells whether there may be more."""
        session = recording.session
        before, session.examine = session.examine, 1e-9
        looks, stepped = not session.training.compile, False
        try:
            for report in reports:
                self._take(report)
                stepped = stepped or isinstance(report, Stepped)
                if stepped and isinstance(report, Examined if looks else Stepped):
                    return True
        finally:
            session.examine = before
        return False
