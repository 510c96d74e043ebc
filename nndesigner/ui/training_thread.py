"""A run in a thread of its own: reports are collected and handed over some twenty times a second."""

import contextlib
import logging
import os
import threading
import time
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.project import Project
from nndesigner.training.report import Report, Stepped

_log = logging.getLogger(__name__)
_HAND_OVER = 0.05
_NICE = 1


class TrainingThread(QThread):
    """One run of a project, as it was when the run began.

    **Signals:** `reported` with a list of reports; `failed` with a sentence. `finished` comes last in any case;
    `network` then holds the trained weights, if training began.
    """

    reported = Signal(object)
    failed = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.project = project
        self.network: Any = None
        self._going = threading.Event()
        self._going.set()

    def pause(self) -> None:
        """Waits after the step that is being made."""
        self._going.clear()

    def resume(self) -> None:
        """Goes on."""
        self._going.set()

    def stop(self) -> None:
        """Ends after the step that is being made; returns at once."""
        self.requestInterruption()
        self._going.set()

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
        except TrainingError as error:
            self.failed.emit(str(error))
        except Exception as error:
            _log.exception("training failed")
            self.failed.emit(f"Training stopped: {error}")

    def _train(self) -> None:
        from nndesigner.training.run import prepare, train

        collected: list[Report] = []
        handed_over = 0.0
        for report in train(prepare(self.project), self._keep):
            collected.append(report)
            now = time.monotonic()
            if now - handed_over >= _HAND_OVER or not isinstance(report, Stepped):
                handed_over = now
                self.reported.emit(collected)
                collected = []
            if not self._going.is_set():
                if collected:
                    self.reported.emit(collected)
                    collected = []
                self._going.wait()
            if self.isInterruptionRequested():
                break
        if collected:
            self.reported.emit(collected)

    def _keep(self, network: Any) -> None:
        self.network = network
