"""The bar of a run: train, pause, step, stop, how far it is and how it ended."""

import html
import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QPushButton, QVBoxLayout, QWidget

from nndesigner.training.report import Began, EpochEnded, Finished, Report, Stepped
from nndesigner.ui import figures, icons
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.live_run import AT_REST, RunState
from nndesigner.ui.once import OnceButton
from nndesigner.ui.pace import Pace, rounded_left, seconds_left

_REST = 0.25  # seconds between two changes of the words, so that they can be read
_PARTS = 1000
_START_ROOM = 320  # pixels for the words about the weights it begins with


class RunBar(QWidget):
    """Buttons, words and a thin bar of progress for one run after another.

    **Signals:** `train`, `pause`, `resume`, `step`, `stop` when a person asked for it; `start_asked` and `start_cleared` when
    a person wants to see the weights the next run begins with, or none.
    """

    train = Signal()
    pause = Signal()
    resume = Signal()
    step = Signal()
    stop = Signal()
    start_asked = Signal()
    start_cleared = Signal()

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setObjectName("runBar")
        self.setAccessibleName(self.tr("Run"))
        self._clock = clock
        self._state: RunState = "idle"
        self._pace: Pace | None = None
        self._finished: Finished | None = None
        self._loss: float | None = None
        self._forget(None)
        self._train = self._button("runTrain", self.tr("Train"), "train", self.train)
        self._resume = self._button("runResume", self.tr("Resume"), "train", self.resume)
        self._pause = self._button("runPause", self.tr("Pause"), "pause", self.pause)
        self._step = self._button("runStep", self.tr("Step"), "step", self.step)
        self._before = OnceButton(self.tr("Before a run"), self)
        self._before.setObjectName("runBefore")
        self._before.setAccessibleName(self._before.text())
        self._before.setToolTip(self.tr("Short trials that tell whether a run is worth its time"))
        self._before.setProperty("menu", True)
        self._stop = self._button("runStop", self.tr("Stop"), "stop", self.stop)
        self._start = self._start_button()
        self._words = ElidedLabel(parent=self)
        self._words.setObjectName("runWords")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("runProgress")
        self._bar.setAccessibleName(self.tr("Progress of the training"))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(3)
        self._bar.setRange(0, _PARTS)
        room = self._bar.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(room)
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for button in (self._train, self._resume, self._pause, self._step, self._stop, self._before):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._bar)
        self.set_state("idle")

    def _button(self, name: str, text: str, icon: str, asked: SignalInstance) -> QPushButton:
        button = QPushButton(text, self) if name == "runStep" else OnceButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        icons.dress(button, icon)
        button.clicked.connect(asked)
        return button

    def _start_button(self) -> QPushButton:
        """Tells with which weights the next run begins, where they are not random."""
        menu = QMenu(self)
        menu.setObjectName("runStartMenu")
        menu.addAction(self.tr("See what fits…"), self.start_asked.emit)
        menu.addAction(self.tr("Start from random weights"), self.start_cleared.emit)
        button = QPushButton(self)
        button.setObjectName("runStart")
        button.setAccessibleName(self.tr("Weights the next run starts from"))
        button.setProperty("quiet", True)
        button.setProperty("opens", True)
        button.setMenu(menu)
        button.hide()
        return button

    def set_start(self, words: str) -> None:
        """Which weights the next run begins with, in words; nothing where they are random."""
        shown = self.tr("starts from {}").format(words) if words else ""
        room = self._start.fontMetrics()
        self._start.setText(
            room.elidedText(shown, Qt.TextElideMode.ElideMiddle, _START_ROOM).replace("&", "&&")
        )
        self._start.setToolTip(f"<span>{html.escape(shown)}</span>" if shown else "")
        self._start.setAccessibleName(shown or self.tr("Weights the next run starts from"))
        self._start.setVisible(bool(words) and self._state in AT_REST)

    def set_trials(self, menu: QMenu) -> None:
        """What can be tried before a run."""
        self._before.setMenu(menu)

    @property
    def records_per_second(self) -> float | None:
        """How fast the run goes, or None while that can't be told."""
        return self._pace.records_per_second if self._pace is not None else None

    @property
    def state(self) -> RunState:
        """What the run is doing."""
        return self._state

    @property
    def words(self) -> str:
        """What is told of the run."""
        return self._words.text()

    @property
    def progress(self) -> float:
        """How far the run is, from 0 to 1."""
        if self._began is None:
            return 0.0
        return min(1.0, self._steps / max(1, self._began.epochs * self._began.steps_per_epoch))

    def set_state(self, state: RunState) -> None:
        """Shows the buttons and words of this state."""
        if self._pace is not None:
            (self._pace.resume if state in ("running", "stopping") else self._pace.pause)(self._clock())
        self._state = state
        buttons = (self._train, self._resume, self._pause, self._step, self._stop)
        focused = next((button for button in buttons if button.hasFocus()), None)
        self._train.setVisible(state in AT_REST)
        self._before.setVisible(state in AT_REST and self._before.menu() is not None)
        self._start.setVisible(bool(self._start.text()) and state in AT_REST)
        self._resume.setVisible(state in ("paused", "stopped"))
        self._step.setVisible(state == "paused")
        self._pause.setVisible(state in ("running", "stopping"))
        self._stop.setVisible(state in ("running", "paused", "stopping"))
        self._pause.setEnabled(state == "running")
        self._stop.setEnabled(state != "stopping")
        if focused is not None and focused.isHidden():
            next(button for button in buttons if not button.isHidden()).setFocus()
        self._bar.setVisible(state in ("running", "paused", "stopping"))
        self._tell()

    def begin(self, began: Began) -> None:
        """A new run."""
        self._forget(began)
        self._pace = Pace(began, self._clock())
        self.set_state("running")

    def add(self, reports: Sequence[Report]) -> None:
        """What happened since the last call. A `Began` among it begins anew."""
        changed = False
        for report in reports:
            match report:
                case Began():
                    self.begin(report)
                case Stepped():
                    self._steps, self._epoch, self._loss = report.step, report.epoch, report.loss
                    changed = changed or self._state == "paused"
                case EpochEnded():
                    self._epoch_seconds.append(report.seconds)
                    changed = True
                case Finished():
                    self._finished = report
                    self.set_state("finished")
        if self._pace is None:
            return
        now = self._clock()
        self._pace.mark(now, self._steps)
        self._bar.setValue(round(self.progress * _PARTS))
        if changed or now - self._told >= _REST:
            self._tell()

    def fail(self, message: str) -> None:
        """The run ended with an error, told in words."""
        self._message = message
        self.set_state("failed")

    def _forget(self, began: Began | None) -> None:
        self._began = began
        self._pace = None
        self._steps, self._epoch = (began.step if began else 0), 0
        self._loss = None
        if began is None or not began.step:
            self._epoch_seconds: list[float] = []
        self._finished = None
        self._message = ""
        self._told = float("-inf")

    def _tell(self) -> None:
        self._told = self._clock()
        words = {
            "idle": self._idle,
            "running": self._going,
            "paused": self._resting,
            "stopping": lambda: self.tr("Stopping after this step"),
            "stopped": self._idle,
            "finished": self._ending,
            "failed": lambda: self._message,
        }[self._state]()
        self._words.setText(words)
        self._words.setToolTip(html.escape(words) if self._state == "failed" else "")
        self._words.setAccessibleName(words)
        tone = "error" if self._state == "failed" else "" if self._state == "finished" else "secondary"
        if self._words.property("tone") != tone:
            self._words.setProperty("tone", tone)
            self._words.style().polish(self._words)
        self._bar.setValue(round(self.progress * _PARTS))

    def _idle(self) -> str:
        return self.tr("Stopped") + " · " + self._where() if self._began is not None else self.tr("Ready")

    def _resting(self) -> str:
        parts = [self.tr("Paused"), self._where()]
        if self._loss is not None:
            parts.append(self.tr("step {}").format(figures.thousands(self._steps)))
            parts.append(self.tr("loss {}").format(figures.measured(self._loss)))
        return " · ".join(parts)

    def _where(self) -> str:
        if self._began is None:
            return self.tr("starting")
        return self.tr("epoch {} of {}").format(max(1, self._epoch), self._began.epochs)

    def _going(self) -> str:
        if self._began is None or self._pace is None:
            return self.tr("Starting")
        parts = [self._where()]
        if (rate := self._pace.records_per_second) is not None:
            parts.append(self.tr("{} records/s").format(figures.thousands(_rounded(rate))))
        running = self._pace.running(self._clock())
        left = seconds_left(self._began, self._epoch_seconds, self._steps, running)
        if left is not None:
            rounded = rounded_left(left)
            parts.append(
                self.tr("{} left").format(figures.duration(rounded)) if rounded else self.tr("nearly done")
            )
        return " · ".join(parts)

    def _ending(self) -> str:
        if self._finished is None:
            return self.tr("Finished")
        parts = [self.tr("Finished in {}").format(figures.duration(self._finished.seconds))]
        if self._finished.reason:
            parts.append(self.tr("before its last epoch, as {}").format(self._finished.reason))
        for name, value in self._finished.test.items():
            if name in ("accuracy", "binary_accuracy"):
                parts.append(self.tr("test accuracy {}").format(figures.percent(value)))
            elif name != "loss":
                parts.append(self.tr("test {} {}").format(name.replace("_", " "), figures.measured(value)))
        if len(parts) == 1 and "loss" in self._finished.test:
            parts.append(self.tr("test loss {}").format(figures.measured(self._finished.test["loss"])))
        return " · ".join(parts)


def _rounded(rate: float) -> int:
    """A rate to three digits, so that it flickers less."""
    unit = 10 ** max(0, len(str(round(rate))) - 3)
    return round(rate / unit) * unit
