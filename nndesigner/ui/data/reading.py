"""A thread that asks the desk, so that the window never waits for data.

The reading itself goes on in the desk's process: a long call there holds no lock of this one.
"""

import contextlib
import logging
import os
import threading
from collections import deque
from typing import Literal

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.data.desk import Desk, NotWanted, Question
from nndesigner.data.problem import DataError

_log = logging.getLogger(__name__)
_NICE = 1  # the process inherits it: the window goes first, if barely
_REST = 60.0  # seconds without a question after which the desk's process, and what it has read, are let go


class Reading(QThread):
    """Questions about data, and their answers.

    **Signals:** `answered` with a question and its answer; `failed` with a question and a sentence; `progressed` with a
    question and how many of how many files were looked at.
    """

    answered = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading")
        self._waiting: deque[Question] = deque()
        self._asked: Question | None = None
        self._wake = threading.Condition()
        self._desk = Desk()
        self._warm = False

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._asked is not None or bool(self._waiting)

    def ask(self, *questions: Question) -> None:
        """Asks these, in this order; what was asked before is not wanted any more."""
        with self._wake:
            self._waiting = deque(questions)
            self._asked = None
            self._wake.notify()
        if not self.isRunning() and questions:
            self.start()

    def warm(self) -> None:
        """Starts the process, which takes its time: something will be asked soon."""
        with self._wake:
            self._warm = True
            self._wake.notify()
        self.start()

    def finish(self) -> None:
        """Ends the thread and its process, and waits for both."""
        self.requestInterruption()
        self.ask()
        self._desk.stop()
        self.wait()

    def run(self) -> None:
        with contextlib.suppress(AttributeError, OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        try:
            while (question := self._next()) is not None:
                if isinstance(question, str):
                    self._desk.open()
                else:
                    self._put(question)
        finally:
            self._desk.close()

    def _put(self, question: Question) -> None:
        def wanted() -> bool:
            return self._asked is question and not self.isInterruptionRequested()

        try:
            answer = self._desk.ask(
                question, lambda done, total: self.progressed.emit(question, done, total), wanted
            )
        except NotWanted:
            return
        except DataError as error:
            if self._done(question):
                self.failed.emit(question, str(error))
            return
        except Exception as error:
            _log.exception("data could not be looked at")
            if self._done(question):
                self.failed.emit(question, self.tr("The data could not be looked at. ({})").format(error))
            return
        if self._done(question):
            self.answered.emit(question, answer)

    def _done(self, question: Question) -> bool:
        """Whether the answer to this question is still waited for."""
        with self._wake:
            wanted = self._asked is question
            if wanted:
                self._asked = None
            return wanted

    def _next(self) -> Question | Literal["warm"] | None:
        with self._wake:
            while not self._waiting and not self.isInterruptionRequested():
                if self._warm:
                    self._warm = False
                    return "warm"
                if not self._wake.wait(_REST):
                    self._desk.close()
            if self.isInterruptionRequested():
                return None
            self._warm = False
            self._asked = self._waiting.popleft()
            return self._asked
