"""Data sets on their way to this computer: one thread each, seen from wherever their card is shown."""

import contextlib
import logging
import os
import threading
import time
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.data import fetching
from nndesigner.data.fetching import Cancelled, FetchError

_log = logging.getLogger(__name__)
_NICE = 5
_PACE = 0.1  # seconds between two words of how far it is


@dataclass(frozen=True)
class Fetch:
    """How far a data set is: the bytes that are there and all there will be, 0 where that is not known."""

    running: bool = False
    done: int = 0
    total: int = 0
    error: str = ""


class FetchThread(QThread):
    """Fetches one data set. **Signals:** `progressed` with bytes; `ended` with a sentence, nothing if all is well."""

    progressed = Signal(str, object, object)
    ended = Signal(str, str)

    def __init__(self, name: str, source: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"fetch_{name}")
        self.name, self._source = name, source
        self.cancelled = False
        self._told = 0.0

    def cancel(self) -> None:
        """Stops soon; what has come is kept."""
        self.cancelled = True

    def run(self) -> None:
        with contextlib.suppress(AttributeError, OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        try:
            fetching.fetch(self.name, self._source, self._tell, lambda: self.cancelled)
        except Cancelled:
            self.ended.emit(self.name, "")
        except FetchError as error:
            self.ended.emit(self.name, str(error))
        except Exception as error:
            _log.exception("a data set could not be fetched")
            self.ended.emit(self.name, f"{self.name} could not be fetched: {error}")
        else:
            self.ended.emit(self.name, "")

    def _tell(self, done: int, total: int | None) -> None:
        if time.monotonic() - self._told > _PACE:
            self._told = time.monotonic()
            self.progressed.emit(self.name, done, total or 0)


class Fetches(QObject):
    """All that is being fetched.

    **Signals:** `changed` with the name of a data set whose state changed; `came` with the name of one that is here now.
    """

    changed = Signal(str)
    came = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: dict[str, FetchThread] = {}
        self._states: dict[str, Fetch] = {}
        self._present: dict[str, bool] = {}

    def state(self, name: str) -> Fetch:
        """How far a data set is."""
        return self._states.get(name, Fetch())

    def present(self, name: str) -> bool:
        """Whether its files are on this computer, as they were looked for last."""
        if name not in self._present:
            self._present[name] = fetching.present(name)
        return self._present[name]

    def look_again(self) -> None:
        """Forgets what was looked for: files may have come or gone."""
        self._present.clear()

    def start(self, name: str, source: str | None = None) -> None:
        """Fetches a data set, going on where an earlier try ended; `source` is a folder or address to take it from."""
        if name in self._threads:
            return
        thread = self._threads[name] = FetchThread(name, source, self)
        thread.progressed.connect(self._progress)
        thread.ended.connect(self._end)
        self._set(name, Fetch(running=True))
        thread.start()

    def cancel(self, name: str) -> None:
        """Stops fetching it."""
        if (thread := self._threads.get(name)) is not None:
            thread.cancel()

    def finish(self) -> None:
        """Stops all, and waits for them."""
        for thread in self._threads.values():
            thread.cancel()
        for thread in self._threads.values():
            thread.wait()

    def _progress(self, name: str, done: int, total: int) -> None:
        if name in self._threads:
            self._set(name, replace(self.state(name), done=done, total=total))

    def _end(self, name: str, error: str) -> None:
        thread = self._threads.pop(name)
        thread.wait()
        thread.deleteLater()
        self._present.pop(name, None)
        self._set(name, Fetch(error=error))
        if not error and self.present(name):
            self.came.emit(name)

    def _set(self, name: str, state: Fetch) -> None:
        self._states[name] = state
        self.changed.emit(name)
