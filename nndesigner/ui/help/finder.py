"""What help computes is computed in a thread of its own: torch may not be loaded yet, and some layers take their time."""

import logging
import threading
from collections.abc import Mapping

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.graph import Value

_log = logging.getLogger(__name__)
Known = Mapping[str, TensorType] | None
Wanted = tuple[Kind, Mapping[str, Value], Known]


class Finder(QThread):
    """Looks into the kind it was asked about last. **Signals:** `found` with the kind and its `Findings`."""

    found = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("helpFinder")
        self._waiting: Wanted | None = None
        self._wake = threading.Condition()
        self._is_over = False

    def ask(self, kind: Kind, params: Mapping[str, Value], known: Known = None) -> None:
        """Looks into this kind with the types known at its ports, and into none asked about before."""
        with self._wake:
            self._waiting = (kind, params, known)
            self._wake.notify()
        if not self.isRunning() and not self._is_over:
            self.start()

    def finish(self) -> None:
        """Ends the thread for good and waits for it."""
        self._is_over = True
        self.requestInterruption()
        with self._wake:
            self._wake.notify()
        self.wait()

    def run(self) -> None:
        from nndesigner.ui.help import findings  # brings torch

        while (wanted := self._next()) is not None:
            kind, params, known = wanted
            try:
                self.found.emit(kind, findings.find(kind, params, known))
            except Exception:
                _log.exception("the help of %s could not be computed", kind.name)

    def _next(self) -> Wanted | None:
        with self._wake:
            while self._waiting is None and not self.isInterruptionRequested():
                self._wake.wait()
            wanted, self._waiting = self._waiting, None
            return None if self.isInterruptionRequested() else wanted
