"""Before a run: three short trials, each with its curve and a sentence about what it found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.plots.trial_plot import TrialPlot
from nndesigner.ui.shown import text_of
from nndesigner.ui.theme import BODY, font
from nndesigner.ui.trial_run import TRIALS, Trial, TrialRun

if TYPE_CHECKING:
    from nndesigner.training.trials import Finding, Probe

_HIGH = 116


def trial_title(name: Trial) -> str:
    """How a trial is called."""
    return {
        "initial_loss": QCoreApplication.translate("Trials", "First loss"),
        "overfit_one_batch": QCoreApplication.translate("Trials", "Overfit one batch"),
        "learning_rate_range": QCoreApplication.translate("Trials", "Learning-rate range"),
    }[name]


def trial_question(name: Trial) -> str:
    """What a trial is to find out."""
    return {
        "initial_loss": QCoreApplication.translate(
            "Trials", "Is the loss before the first step that of somebody who knows nothing?"
        ),
        "overfit_one_batch": QCoreApplication.translate(
            "Trials", "Can the network learn a few records by heart? If not, more data will not help."
        ),
        "learning_rate_range": QCoreApplication.translate(
            "Trials", "With which learning rate does the loss sink fastest?"
        ),
    }[name]


class TrialCard(QFrame):
    """One trial.

    **Signals:** `wanted` with its name when it is to be made; `stop_wanted`; `rate_wanted` with a learning rate that is to
    be used.
    """

    wanted = Signal(str)
    stop_wanted = Signal()
    rate_wanted = Signal(float)

    def __init__(self, name: Trial, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name: Trial = name
        self.setObjectName(f"trial_{name}")
        self.setProperty("card", True)
        self.setAccessibleName(trial_title(name))
        self._x: list[float] = []
        self._y: list[float] = []
        self._rate = 0.0
        title = QLabel(trial_title(name), self)
        title.setFont(font(BODY, QFont.Weight.DemiBold))
        self._mark = icons.Picture("ok", 16, "good", self)
        self._try = self._button(f"try_{name}", self.tr("Try"), self._want)
        self._stop = self._button(f"tryStop_{name}", self.tr("Stop"), self.stop_wanted.emit)
        self._use = self._button(f"tryUse_{name}", self.tr("Use"), self._use_rate)
        self._use.setProperty("primary", True)
        self._words = QLabel(trial_question(name), self)
        self._words.setObjectName(f"trialWords_{name}")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("tone", "secondary")
        self.plot = TrialPlot(name == "learning_rate_range", self)
        self.plot.setObjectName(f"trialPlot_{name}")
        self.plot.setFixedHeight(_HIGH)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(title)
        head.addStretch(1)
        for button in (self._use, self._stop, self._try):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addWidget(self.plot)
        for part in (self._mark, self._stop, self._use, self.plot):
            part.hide()

    def _button(self, name: str, words: str, clicked: object) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.clicked.connect(clicked)
        return button

    @property
    def words(self) -> str:
        """What it asks, or what it found."""
        return self._words.text()

    def set_free(self, free: bool) -> None:
        """Whether it can be made now."""
        self._try.setEnabled(free)

    def begin(self) -> None:
        """It is being made."""
        self._x, self._y = [], []
        self._say(self.tr("Trying"), "secondary")
        self._mark.hide()
        self._use.hide()
        self._try.hide()
        self._stop.show()

    def add(self, probes: "Sequence[Probe]") -> None:
        """What it measured since the last call."""
        if not probes:
            return
        rates = self.name == "learning_rate_range"
        self._x += [probe.rate if rates else float(probe.step) for probe in probes]
        self._y += [probe.loss for probe in probes]
        last = probes[-1]
        self._draw(10.0 if rates else float(last.steps))
        self._say(self.tr("Step {} of {}").format(last.step, last.steps), "secondary")

    def end(self) -> None:
        """It is over, with or without a finding."""
        if self._stop.isVisibleTo(self):
            self._stop.hide()
            self._try.show()
            if self._words.text().startswith((self.tr("Trying"), self.tr("Step"))):
                self._say(self.tr("Stopped. {}").format(trial_question(self.name)), "secondary")

    def find(self, finding: "Finding") -> None:
        """Shows what it found."""
        self._stop.hide()
        self._try.setText(self.tr("Try again"))
        self._try.setAccessibleName(self._try.text())
        self._try.show()
        if finding.curve:
            self._x, self._y = map(list, zip(*finding.curve, strict=True))
            rate = finding.value if self.name == "learning_rate_range" and finding.good else None
            self._draw(self._x[-1], rate)
            if rate:
                self._rate = rate
                self._use.setText(self.tr("Use {}").format(text_of(rate)))
                self._use.setAccessibleName(self._use.text())
                self._use.show()
        self._mark.show_icon(*(("ok", "good") if finding.good else ("warning", "warning")))
        self._mark.show()
        self._say(finding.sentence, "")

    def fail(self, message: str) -> None:
        """It could not be made."""
        self._stop.hide()
        self._try.show()
        self._mark.show_icon("problem", "error")
        self._mark.show()
        self._say(message, "error")

    def _say(self, words: str, tone: str) -> None:
        self._words.setText(words)
        self._words.setAccessibleName(words)
        if self._words.property("tone") != tone:
            self._words.setProperty("tone", tone)
            self._words.style().polish(self._words)

    def _draw(self, last: float, mark: float | None = None) -> None:
        self.plot.setVisible(len(self._x) > 1)
        self.plot.show_points(np.array(self._x), np.array(self._y), last, mark)

    def _want(self) -> None:
        self.wanted.emit(self.name)

    def _use_rate(self) -> None:
        self.rate_wanted.emit(self._rate)
        self._use.hide()


class TrialsPage(QScrollArea):
    """The trials, one below the other.

    **Signals:** `wanted` with a list of trials that are to be made; `rate_wanted` with a learning rate to be used.
    """

    wanted = Signal(object)
    rate_wanted = Signal(float)

    def __init__(self, trial: TrialRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trialsPage")
        self.setAccessibleName(self.tr("Trials before a run"))
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(self)
        self.cards = {name: TrialCard(name, inside) for name in TRIALS}
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for card in self.cards.values():
            card.wanted.connect(lambda name: self.wanted.emit([name]))
            card.stop_wanted.connect(trial.stop)
            card.rate_wanted.connect(self.rate_wanted)
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        trial.began.connect(self._begin)
        trial.probed.connect(lambda name, probes: self.cards[name].add(probes))
        trial.found.connect(lambda name, finding: self.cards[name].find(finding))
        trial.failed.connect(lambda name, message: self.cards[name].fail(message))
        trial.ended.connect(self._end)

    def set_free(self, free: bool) -> None:
        """Whether trials can be made now."""
        for card in self.cards.values():
            card.set_free(free)

    def _begin(self, name: Trial) -> None:
        self.cards[name].begin()
        self.ensureWidgetVisible(self.cards[name])

    def _end(self) -> None:
        for card in self.cards.values():
            card.end()
