"""The run that goes on: its buttons and progress above its curves, its layers, other runs and trials.

Painting curves takes the interpreter and a core from the run it shows: at twenty pictures a second a small network
trained a quarter slower. So the pause before the next picture is measured by what this thread worked since the last.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from nndesigner.training.report import Began, EpochEnded, Report
from nndesigner.training.runs import RunInfo
from nndesigner.ui.layers_table import LayersTable
from nndesigner.ui.live_run import AT_REST, LiveRun
from nndesigner.ui.plots.curves import Curves
from nndesigner.ui.plots.overlay import Overlay, Traced
from nndesigner.ui.run_bar import RunBar
from nndesigner.ui.runs_reader import RunsReader
from nndesigner.ui.trial_run import TrialRun
from nndesigner.ui.trials_page import TrialsPage
from nndesigner.ui.vitals import Vitals

SHARE = 0.01  # of the time this thread may work
SHORTEST, LONGEST = 50, 1000  # ms between two pictures
VIEWS = ("curves", "layers", "compare", "trials")
_TRIALS = ("try_all", "initial_loss", "overfit_one_batch", "learning_rate_range")


class RunPage(QWidget):
    """Follows the live run; its buttons trigger the window's actions.

    **Signals:** `progressed` with how far the run is, from 0 to 1.
    """

    progressed = Signal(float)

    def __init__(
        self,
        run: LiveRun,
        trial: TrialRun,
        vitals: Vitals,
        reader: RunsReader,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__()
        self.setObjectName("runPage")
        self.bar = RunBar()
        self.curves = Curves()
        self.layers = LayersTable(vitals)
        self.overlay = Overlay()
        self.trials = TrialsPage(trial)
        self._run, self._trial, self._reader = run, trial, reader
        self._compared: dict[Path, Traced] = {}
        self._waiting: list[Report] = []
        self._worked = time.thread_time()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show)
        self._lay_out(actions)
        for name in ("train", "pause", "resume", "step", "stop"):
            getattr(self.bar, name).connect(actions[name].trigger)
        run.reported.connect(self._take)
        run.state_changed.connect(self._enter)
        run.failed.connect(self.bar.fail)
        reader.traced.connect(self._trace)
        trial.began.connect(lambda: self.show_view("trials"))
        trial.began.connect(self._free_trials)
        trial.ended.connect(self._free_trials)
        self._take(run.reports)
        self._enter()

    def _lay_out(self, actions: Mapping[str, QAction]) -> None:
        self._tabs = QTabBar(self)
        self._tabs.setObjectName("runViews")
        self._tabs.setAccessibleName(self.tr("What is shown of the runs"))
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        words = (self.tr("Curves"), self.tr("Layers"), self.tr("Compare"), self.tr("Trials"))
        self._pages = QStackedWidget(self)
        for word, page in zip(words, (self.curves, self.layers, self.overlay, self.trials), strict=True):
            self._tabs.addTab(word)
            self._pages.addWidget(page)
        self._tabs.currentChanged.connect(self._turn)
        strip = QHBoxLayout()
        strip.setContentsMargins(8, 0, 0, 0)
        strip.setSpacing(0)
        strip.addWidget(self._tabs)
        strip.addStretch(1)
        strip.addWidget(self.curves.tools)
        menu = QMenu(self)
        menu.setObjectName("trialsMenu")
        menu.addActions([actions[name] for name in _TRIALS])
        self.bar.set_trials(menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(strip)
        column.addWidget(self._pages, 1)

    def _turn(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self.curves.tools.setVisible(VIEWS[index] == "curves")

    @property
    def view(self) -> str:
        """What is shown: "curves", "layers", "compare" or "trials"."""
        return VIEWS[self._tabs.currentIndex()]

    def show_view(self, name: str) -> None:
        """Shows curves, layers, the comparison of runs, or trials."""
        self._tabs.setCurrentIndex(VIEWS.index(name))

    # Other runs.

    def compare(self, chosen: Sequence[tuple[RunInfo, str]]) -> None:
        """Lays the curves of these runs over one another, each in a colour."""
        known = self._compared
        self._compared = {}
        for run, colour in chosen:
            epochs = known[run.folder].epochs if run.folder in known else ()
            self._compared[run.folder] = Traced(run.number, run.folder, colour, epochs)
            if run.folder not in known or run.status == "running":
                self._reader.trace(run.folder)
        self.overlay.show_runs([one for one in self._compared.values() if one.epochs])
        if chosen and self.view == "curves":
            self.show_view("compare")
        elif not chosen and self.view == "compare":
            self.show_view("curves")

    def look_again(self, run: RunInfo) -> None:
        """Something new came of a run; if it is compared, its curves go on."""
        known = self._compared.get(run.folder)
        if known is not None and run.epochs != len(known.epochs):
            self._reader.trace(run.folder)

    def _trace(self, folder: Path, epochs: Sequence[EpochEnded]) -> None:
        if (known := self._compared.get(folder)) is not None:
            self._compared[folder] = Traced(known.number, folder, known.colour, tuple(epochs))
            self.overlay.show_runs([one for one in self._compared.values() if one.epochs])

    # The run that goes on.

    def _pause(self) -> int:
        """How many ms to wait: what this thread has worked since the last picture, painted after it, is its share."""
        before, self._worked = self._worked, time.thread_time()
        return round(min(max(1000 * (self._worked - before) / SHARE, SHORTEST), LONGEST))

    def _take(self, reports: Sequence[Report]) -> None:
        self._waiting += reports
        if reports and not self._timer.isActive():
            self._timer.start(self._pause() if self._run.state != "paused" else 0)

    def _enter(self) -> None:
        self._show()
        self.bar.set_state(self._run.state)
        self.curves.set_going(self._run.state not in AT_REST)
        self._free_trials()

    def _free_trials(self) -> None:
        self.trials.set_free(self._run.state in AT_REST and not self._trial.active)

    def _show(self) -> None:
        """Shows all that was reported since the last picture."""
        if not self._waiting:
            return
        reports, self._waiting = self._waiting, []
        self.bar.add(reports)
        if any(isinstance(report, Began) for report in reports):
            self.bar.set_state(self._run.state)
        self.curves.add(reports)
        if (pace := self.bar.records_per_second) is not None:
            self.curves.add_pace(pace)
        self.progressed.emit(self.bar.progress)
