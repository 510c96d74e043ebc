"""Plans and scripts, made in a thread of their own while the person goes on drawing.

Torch is imported there too, once the window stands. A project is a value, so it is simply handed over; of several
edits that wait, only the newest is looked at.
"""

import logging
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.blocks import MAIN, Place
from nndesigner.project import Project

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from nndesigner.costs import Costs
    from nndesigner.plan import Plan
    from nndesigner.script import Script

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """What was found out about a project. `script` is None where `refusal` says why there can't be one yet; `seen` is
    the plan of the graph at `place`, None where it is not known.
    """

    project: Project
    plan: "Plan"
    script: "Script | None"
    refusal: str
    place: Place = MAIN
    seen: "Plan | None" = None


@dataclass(frozen=True)
class Costed:
    """What a project costs. Training it takes `copies` of its parameters for the optimizer."""

    project: Project
    costs: "Costs"
    copies: float


class Checker(QThread):
    """The thread that checks.

    **Signals:** `checked` with a `Checked`, and `costed` with a `Costed` after it, unless there was another edit;
    `answered` with a project that was asked about, and its plan at the place or None, and where its costs were asked for
    too, `foreseen` with a `Costed` after that; `ready` once torch is loaded; `failed` with a sentence, which means a fault of the program.
    """

    checked = Signal(object)
    costed = Signal(object)
    answered = Signal(object, object)
    foreseen = Signal(object)
    failed = Signal(str)
    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checker")
        self._waiting: tuple[Project, Place] | None = None
        self._last: tuple[Project, Place] | None = None
        self._asked: tuple[Project, Place, bool] | None = None
        self._owed: tuple[Project, Plan] | None = None  # what is checked, and its costs not worked out yet
        self._wake = threading.Condition()
        self.batch = 0  # how many records the costs are for; 0 stands for the training's

    def check(self, project: Project, place: Place = MAIN) -> None:
        """Looks at this project, and at the graph at a place of it, as soon as it can, and at none handed over before."""
        with self._wake:
            self._waiting = (project, place)
            self._wake.notify()

    def ask(self, project: Project, place: Place = MAIN, costs: bool = False) -> None:
        """Looks at a project that is not the document's, such as one that is being typed, once nothing else waits."""
        with self._wake:
            self._asked = (project, place, costs)
            self._wake.notify()

    def cost_for(self, batch: int) -> None:
        """Tells the costs for so many records from now on, 0 for the training's."""
        self.batch = batch
        with self._wake:
            self._waiting = self._waiting or self._last
            self._wake.notify()

    def finish(self) -> None:
        """Ends the thread and waits for it."""
        self.requestInterruption()
        with self._wake:
            self._wake.notify()
        if (child := sys.modules.get("nndesigner.child")) is not None:
            child.stop()  # code of one's own may hang in it
        self.wait()

    def run(self) -> None:
        from nndesigner import inference, plan, script  # brings torch
        from nndesigner.ui.insight import plan_at

        inference.warm()
        self.ready.emit()
        while (wanted := self._next()) is not None:
            project, place, asked, costs = wanted
            try:
                made = plan.make(project)
                if asked:
                    self.answered.emit(project, plan_at(project, made, place))
                    self._pay()
                    if costs:
                        self._tell_costs(project, made, self.foreseen)
                    continue
                try:
                    written, refusal = script.write(project, made), ""
                except script.ScriptError as error:
                    written, refusal = None, str(error)
                seen = plan_at(project, made, place)
                self.checked.emit(Checked(project, made, written, refusal, place, seen))
                self._owed = (project, made)
                self._pay()
            except Exception as error:
                _log.exception("a project could not be checked")
                self.failed.emit(
                    self.tr("The network could not be checked; your work is safe. ({})").format(error)
                )

    def _pay(self) -> None:
        """Works out what costs are owed; where something else waits to be checked, they are left for later."""
        owed, self._owed = self._owed, None
        if owed is not None and not self._tell_costs(*owed, self.costed):
            self._owed = owed

    def _tell_costs(self, project: Project, made: "Plan", signal: "SignalInstance") -> bool:
        """Works the costs out and tells them; leaves them at once where something else waits to be checked."""
        from nndesigner import costs

        optimizer = project.training.optimizer
        try:
            found = costs.costs(made, self.batch or project.training.batch_size, self._is_awaited)
        except costs.GivenUp:
            return False
        signal.emit(Costed(project, found, costs.copies_of(optimizer.kind, optimizer.params)))
        return True

    def _is_awaited(self) -> bool:
        waits = self._waiting is not None or self._asked is not None
        return waits or self.isInterruptionRequested()

    def _next(self) -> tuple[Project, Place, bool, bool] | None:
        """What is to be looked at, where, whether it was only asked about, and whether its costs are wanted then."""
        with self._wake:
            while self._waiting is None and self._asked is None and not self.isInterruptionRequested():
                self._wake.wait()
            if self.isInterruptionRequested():
                return None
            if self._waiting is not None:
                wanted = self._last = self._waiting
                self._waiting = None
                return (*wanted, False, True)
            asked, self._asked = self._asked, None
            assert asked is not None
            project, place, costs = asked
            return project, place, True, costs
