"""The run that goes on: its buttons and progress above its curves.

Painting curves takes the interpreter and a core from the run it shows: at twenty pictures a second a small network
trained a quarter slower. So the pause before the next picture is measured by what this thread worked since the last.
"""

import time
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nndesigner.training.report import Began, Report
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.plots.curves import Curves
from nndesigner.ui.run_bar import RunBar

SHARE = 0.01  # of the time this thread may work
SHORTEST, LONGEST = 50, 1000  # ms between two pictures


class RunPage(QWidget):
    """Follows the live run; its buttons trigger the window's actions.

    **Signals:** `progressed` with how far the run is, from 0 to 1.
    """

    progressed = Signal(float)

    def __init__(self, run: LiveRun, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("runPage")
        self.bar = RunBar()
        self.curves = Curves()
        self._run = run
        self._waiting: list[Report] = []
        self._worked = time.thread_time()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.curves, 1)
        for name in ("train", "pause", "resume", "stop"):
            getattr(self.bar, name).connect(actions[name].trigger)
        run.reported.connect(self._take)
        run.state_changed.connect(self._enter)
        run.failed.connect(self.bar.fail)
        self._take(run.reports)
        self._enter()

    def _pause(self) -> int:
        """How many ms to wait: what this thread has worked since the last picture, painted after it, is its share."""
        before, self._worked = self._worked, time.thread_time()
        return round(min(max(1000 * (self._worked - before) / SHARE, SHORTEST), LONGEST))

    def _take(self, reports: Sequence[Report]) -> None:
        self._waiting += reports
        if reports and not self._timer.isActive():
            self._timer.start(self._pause())

    def _enter(self) -> None:
        self._show()
        self.bar.set_state(self._run.state)

    def _show(self) -> None:
        """Shows all that was reported since the last picture."""
        if not self._waiting:
            return
        reports, self._waiting = self._waiting, []
        for report in reports:
            if isinstance(report, Began):
                self.curves.begin(report)
                self.bar.begin(report)
        self.bar.add(reports)
        self.curves.add(reports)
        self.progressed.emit(self.bar.progress)
