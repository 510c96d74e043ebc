"""Sources are read in a thread that waits for a child process: the window goes on whatever is in them."""

import contextlib
import itertools
import logging
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

if TYPE_CHECKING:
    from nndesigner.script.reader.reading import Reading, Source

Read = Callable[["Source"], "Reading"]
Work = Callable[[Read], object]  # what is done with the function that reads
_log = logging.getLogger(__name__)


def read_apart(source: "Source") -> "Reading":
    """What a source holds, read in a child process; raises `ReadingError`."""
    from nndesigner.script.reader import reading  # brings torch

    return reading.read_apart(source)


class SourceReader(QThread):
    """Reads the source it was asked for last; what came before and was not answered is dropped.

    **Signals:** `read` with the number of the question and what came of it; `refused` with the number and a sentence.
    """

    read = Signal(int, object)
    refused = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sourceReader")
        self.reading: Read = read_apart
        self._numbers = itertools.count(1)
        self._waiting: tuple[int, Work] | None = None
        self._newest = 0
        self._is_over = False
        self._wake = threading.Condition()

    def ask(self, work: Work) -> int:
        """Does `work` in the thread, which is given the function that reads; gives the number of the question."""
        with self._wake:
            self._newest = next(self._numbers)
            self._waiting = (self._newest, work)
            self._wake.notify()
        if not self.isRunning() and not self._is_over:
            self.start()
        return self._newest

    def warm(self) -> None:
        """Lets the child process start before there is something to read, as that takes its time."""
        if not self.isRunning() and not self._is_over:
            self.start()

    def drop(self) -> None:
        """Forgets what was asked: no answer comes any more."""
        with self._wake:
            self._newest, self._waiting = 0, None

    def cancel(self) -> None:
        """Forgets what was asked, and ends the reading of it if it goes on."""
        busy = self._newest
        self.drop()
        if busy:
            _end_child()

    def finish(self) -> None:
        """Ends the thread for good and waits for it."""
        self._is_over = True
        self.requestInterruption()
        with self._wake:
            self._newest, self._waiting = 0, None
            self._wake.notify()
        if self.isRunning():
            _end_child()
            self.wait()

    def run(self) -> None:
        if self.reading is read_apart and self._waiting is None:
            # What the child loads for its first network is not of the time that a source may take.
            with contextlib.suppress(ValueError):
                read_apart(_least())
        while (wanted := self._next()) is not None:
            number, work = wanted
            try:
                found = work(self.reading)
            except (ValueError, OSError) as error:  # a `ReadingError` is a ValueError
                if self._is_newest(number):
                    self.refused.emit(number, str(error))
            except Exception as error:
                _log.exception("a source could not be read")
                if self._is_newest(number):
                    self.refused.emit(number, self.tr("The text could not be read. ({})").format(error))
            else:
                if self._is_newest(number):
                    self.read.emit(number, found)

    def _is_newest(self, number: int) -> bool:
        with self._wake:
            newest = number == self._newest
            if newest:
                self._newest = 0
            return newest

    def _next(self) -> tuple[int, Work] | None:
        with self._wake:
            while self._waiting is None and not self.isInterruptionRequested():
                self._wake.wait()
            wanted, self._waiting = self._waiting, None
            return None if self.isInterruptionRequested() else wanted


def _least() -> "Source":
    from nndesigner.script.reader import reading

    return reading.Source("from torch import nn\n\nnet = nn.Sequential(nn.Linear(1, 1))\n")


def _end_child() -> None:
    """A source that takes its time is left; the child process is started anew when it is needed."""
    if (child := sys.modules.get("nndesigner.child")) is not None:
        child.stop()
