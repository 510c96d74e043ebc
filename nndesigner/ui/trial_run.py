"""Short trials before a run, in a thread of their own."""

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.problem import sentence
from nndesigner.project import Project

if TYPE_CHECKING:
    from nndesigner.training.incoming import Start
    from nndesigner.training.trials import Probe

Trial = Literal["initial_loss", "overfit_one_batch", "learning_rate_range"]
TRIALS: tuple[Trial, ...] = get_args(Trial)
_log = logging.getLogger(__name__)
_HAND_OVER = 0.05


class TrialThread(QThread):
    """Some trials of a project, one after another, with random weights or those that are its `start`.

    **Signals:** `began` with a trial; `probed` with it and a list of probes; `found` with it and its finding; `failed`
    with it and a sentence.
    """

    began = Signal(str)
    probed = Signal(str, object)
    found = Signal(str, object)
    failed = Signal(str, str)

    def __init__(
        self,
        project: Project,
        names: Sequence[Trial],
        start: "Start | None" = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trial")
        self._project, self._names, self._start = project, tuple(names), start

    def run(self) -> None:
        from nndesigner.training.run import TrainingError  # brings torch

        for name in self._names:
            if self.isInterruptionRequested():
                return
            self.began.emit(name)
            try:
                self._try(name)
            except TrainingError as error:
                self.failed.emit(name, sentence(str(error), self._project))
            except Exception as error:
                _log.exception("a trial failed")
                self.failed.emit(name, f"{type(error).__name__}: {error}")

    def _try(self, name: Trial) -> None:
        from nndesigner.training import trials
        from nndesigner.training.run import prepare

        collected: list[Probe] = []
        handed_over = 0.0
        for one in getattr(trials, name)(prepare(self._project, self._start)):
            if isinstance(one, trials.Finding):
                self.probed.emit(name, collected)
                self.found.emit(name, one)
                return
            collected.append(one)
            now = time.monotonic()
            if now - handed_over >= _HAND_OVER:
                handed_over = now
                self.probed.emit(name, collected)
                collected = []
            if self.isInterruptionRequested():
                return


class TrialRun(QObject):
    """At most one thread of trials at a time. **Signals:** as `TrialThread`; `ended` when it is gone."""

    began = Signal(str)
    probed = Signal(str, object)
    found = Signal(str, object)
    failed = Signal(str, str)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: TrialThread | None = None

    @property
    def active(self) -> bool:
        """Whether a trial goes on."""
        return self._thread is not None and self._thread.isRunning()

    def start(self, project: Project, names: Sequence[Trial], start: "Start | None" = None) -> None:
        """Tries this project, with the weights a run of it would begin with, unless a trial goes on."""
        if self.active:
            return
        if self._thread is not None:
            self._thread.deleteLater()
        self._thread = TrialThread(project, names, start, self)
        self._thread.began.connect(self.began)
        self._thread.probed.connect(self.probed)
        self._thread.found.connect(self.found)
        self._thread.failed.connect(self.failed)
        self._thread.finished.connect(self.ended)
        self._thread.start()

    def stop(self) -> None:
        """Ends after the step that is being made; returns at once."""
        if self._thread is not None:
            self._thread.requestInterruption()

    def finish(self) -> None:
        """Stops and waits for the end."""
        if self._thread is not None:
            self._thread.requestInterruption()
            self._thread.wait()
