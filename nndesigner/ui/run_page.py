"""The run that goes on: its buttons and progress above its curves."""

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nndesigner.training.report import Began, Report
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.plots.curves import Curves
from nndesigner.ui.run_bar import RunBar


class RunPage(QWidget):
    """Follows the live run; its buttons trigger the window's actions."""

    def __init__(self, run: LiveRun, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("runPage")
        self.bar = RunBar()
        self.curves = Curves()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.curves, 1)
        for name in ("train", "pause", "resume", "stop"):
            getattr(self.bar, name).connect(actions[name].trigger)
        run.reported.connect(self._add)
        run.state_changed.connect(self.bar.set_state)
        run.failed.connect(self.bar.fail)
        if run.reports:
            self._add(run.reports)
        self.bar.set_state(run.state)

    def _add(self, reports: Sequence[Report]) -> None:
        for report in reports:
            if isinstance(report, Began):
                self.curves.begin(report)
                self.bar.begin(report)
        self.bar.add(reports)
        self.curves.add(reports)
