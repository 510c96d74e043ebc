"""Plans and scripts, made in a thread of their own while the person goes on drawing.

Torch is imported there too, once the window stands. A project is a value, so it is simply handed over; of several
edits that wait, only the newest is looked at.
"""

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.project import Project

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.script import Script

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """What was found out about a project. `script` is None where `refusal` says why there can't be one yet."""

    project: Project
    plan: "Plan"
    script: "Script | None"
    refusal: str


class Checker(QThread):
    """The thread that checks.

    **Signals:** `checked` with a `Checked`; `ready` once torch is loaded; `failed` with a sentence, which means a fault
    of the program.
    """

    checked = Signal(object)
    failed = Signal(str)
    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checker")
        self._waiting: Project | None = None
        self._wake = threading.Condition()

    def check(self, project: Project) -> None:
        """Looks at this project as soon as it can, and at none handed over before."""
        with self._wake:
            self._waiting = project
            self._wake.notify()

    def finish(self) -> None:
        """Ends the thread and waits for it."""
        self.requestInterruption()
        with self._wake:
            self._wake.notify()
        self.wait()

    def run(self) -> None:
        from nndesigner import inference, plan, script  # brings torch

        inference.warm()
        self.ready.emit()
        while (project := self._next()) is not None:
            try:
                made = plan.make(project)
                try:
                    written, refusal = script.write(project, made), ""
                except script.ScriptError as error:
                    written, refusal = None, str(error)
                self.checked.emit(Checked(project, made, written, refusal))
            except Exception as error:
                _log.exception("a project could not be checked")
                self.failed.emit(
                    self.tr("The network could not be checked; your work is safe. ({})").format(error)
                )

    def _next(self) -> Project | None:
        with self._wake:
            while self._waiting is None and not self.isInterruptionRequested():
                self._wake.wait()
            project, self._waiting = self._waiting, None
            return None if self.isInterruptionRequested() else project
