"""A quantity over the epochs: its name, its best value in words, and the plot of it."""

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nndesigner.ui import figures
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.plots.plot import Line, Plot, Stroke
from nndesigner.ui.plots.readout import Reading, Readout
from nndesigner.ui.plots.samples import Numbers, Samples
from nndesigner.ui.theme import BODY, font

# Together with the steps these make 2,000 points at most.
_STEP_POINTS, _EPOCH_POINTS = 1200, 400
_TINY = 1e-300

SERIES = ("steps", "train", "validation")
_STROKES: dict[str, Stroke] = {"train": "solid", "validation": "dashed", "steps": "faint"}
_RISING = ("accuracy", "binary_accuracy")
BY_STEP = ("learning_rate", "gradient", "pace")  # told at each step, and of no epoch


def quantity_title(quantity: str) -> str:
    """How a loss or metric is called."""
    words = {
        "loss": QCoreApplication.translate("Curves", "Loss"),
        "accuracy": QCoreApplication.translate("Curves", "Accuracy"),
        "binary_accuracy": QCoreApplication.translate("Curves", "Accuracy"),
        "mean_absolute_error": QCoreApplication.translate("Curves", "Mean absolute error"),
        "learning_rate": QCoreApplication.translate("Curves", "Learning rate"),
        "gradient": QCoreApplication.translate("Curves", "Gradient norm"),
        "pace": QCoreApplication.translate("Curves", "Records per second"),
    }
    return words.get(quantity, quantity.replace("_", " ").capitalize())


class Chart(QWidget):
    """One quantity: the loss at every step, and the loss or a metric of every epoch in training and validation; or one that
    is told by step only.

    **Signals:** `pointed` with the epoch under the pointer, or None when it left.
    """

    pointed = Signal(object)

    def __init__(self, quantity: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity = quantity
        self.percent = quantity in _RISING
        self.by_step = quantity in BY_STEP
        self.logarithmic = False
        self.smooth = False
        # What leaps from step to step is drawn with the cheapest pen.
        self._stroke: Stroke = "solid" if quantity in ("learning_rate", "pace") else "faint"
        self.test: float | None = None
        self.samples = {name: Samples() for name in SERIES}
        self._per_epoch = 1
        self._cross: float | None = None
        self.title = quantity_title(quantity)
        self._title = QLabel(self.title, self)
        self._title.setObjectName("curvesTitle")
        self._title.setFont(font(BODY, QFont.Weight.DemiBold))
        self.words = ElidedLabel(parent=self)
        self.words.setObjectName("curvesBest")
        self.words.setFont(font(11))
        self.words.setProperty("tone", "secondary")
        self.head = QHBoxLayout()
        self.head.setContentsMargins(16, 0, 16, 0)
        self.head.setSpacing(8)
        self.head.addWidget(self._title)
        self.head.addWidget(self.words, 1)
        self.plot = Plot(self.percent, self)
        self.plot.setObjectName(f"curvesPlot_{quantity}")
        self.plot.setAccessibleName(self.title)
        self.readout = Readout(self.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.head)
        column.addWidget(self.plot, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.title)
        self.plot.pointed.connect(self.pointed)
        self.plot.moved.connect(self.redraw)

    def begin(self, steps_per_epoch: int) -> None:
        """Empty, for a run of epochs of so many steps."""
        self.samples = {name: Samples() for name in SERIES}
        self.test, self._cross, self._per_epoch = None, None, max(1, steps_per_epoch)
        self.point(None)

    def redraw(self) -> None:
        """Draws what is measured so far."""
        self.words.setText(self._in_words())
        self.setAccessibleDescription(self.words.text())
        left, right = self.plot.shown
        lines = []
        for name, samples in self.samples.items():
            if not len(samples):
                continue
            if name == "steps":
                x, y = self._steps(samples, left, right)
                named = "" if len(self.samples["train"]) or self.by_step else self._word(name)
                lines.append(Line(self._stroke, x, self._drawn(y), named))
            else:
                x, y = self._epochs(samples, left, right)
                lines.append(
                    Line("solid" if name == "train" else "dashed", x, self._drawn(y), self._word(name))
                )
        best = None if self.smooth or self.by_step else self.best()
        self.plot.show_lines(lines, (best[0], float(self._drawn(np.array([best[1]]))[0])) if best else None)
        if self._cross is not None:
            self.point(self._cross)

    def best(self) -> tuple[int, float] | None:
        """The epoch of the best validation so far, and its value; None where nothing was measured."""
        samples = self.samples["validation"]
        if not np.isfinite(samples.y).any():
            return None
        index = int(np.nanargmax(samples.y) if self.percent else np.nanargmin(samples.y))
        return round(float(samples.x[index])), float(samples.y[index])

    def point(self, place: float | None) -> None:
        """Reads all values at the epoch and the step nearest to `place`; None takes the cross-hair away."""
        self._cross = place
        readings, marks = self._readings(place) if place is not None else ([], [])
        if place is None or not readings:
            self.plot.show_cross(None)
            self.readout.hide()
            return
        epoch = self.samples["validation"].nearest(place)
        whole = f"{self.samples['validation'].x[epoch]:.0f}" if epoch is not None else f"{np.ceil(place):.0f}"
        self.plot.show_cross(place, marks)
        self.readout.show_readings(self.tr("Epoch {}").format(whole), readings, self.plot.pixel(place))

    def recolour(self) -> None:
        """Takes on the theme of now."""
        self.plot.recolour()
        self.readout.update()

    def _readings(self, place: float) -> tuple[list[Reading], list[tuple[float, float]]]:
        readings, marks = [], []
        for name, stroke in _STROKES.items():
            samples = self.samples[name]
            if (index := samples.nearest(place)) is None:
                continue
            value = float(samples.y[index])
            word = self._word(name)
            if name == "steps":
                word = self.tr("step {}").format(figures.thousands(round(samples.x[index] * self._per_epoch)))
            else:
                height = float(self._drawn(np.array([value]))[0])
                if np.isfinite(height) and not self.smooth:
                    marks.append((float(samples.x[index]), height))
            readings.append(Reading(word, self.written(value), self._stroke if name == "steps" else stroke))
        return readings, marks

    def _steps(self, samples: Samples, left: float, right: float) -> tuple[Numbers, Numbers]:
        if self.smooth:
            return samples.averaged(_STEP_POINTS, left, right, max(10, len(samples) // 50))
        return samples.drawn(_STEP_POINTS, left, right)

    def _epochs(self, samples: Samples, left: float, right: float) -> tuple[Numbers, Numbers]:
        if self.smooth:
            return samples.averaged(_EPOCH_POINTS, left, right, max(3, len(samples) // 20))
        return samples.drawn(_EPOCH_POINTS, left, right)

    def _drawn(self, y: Numbers) -> Numbers:
        if self.percent:
            return 100.0 * y
        if self.logarithmic:
            return np.where(y > 0, np.log10(np.maximum(y, _TINY)), np.nan)
        return y

    def written(self, value: float) -> str:
        """A value of this quantity in words."""
        if self.quantity == "pace":
            return figures.thousands(round(value))
        return figures.percent(value) if self.percent else figures.measured(value)

    def _word(self, name: str) -> str:
        return {
            "train": self.tr("training"),
            "validation": self.tr("validation"),
            "steps": self.tr("each step"),
        }[name]

    def _in_words(self) -> str:
        latest = self.samples["steps"].y[-1:]
        if self.by_step:
            return self.tr("now {}").format(self.written(latest[0])) if len(latest) else ""
        if len(latest) and not np.isfinite(latest[0]):
            return self.tr("The loss is {} now; a smaller learning rate may help").format(
                figures.measured(latest[0])
            )
        best = self.best()
        if best is None:
            return ""
        words = (
            self.tr("best validation {quantity} {value} at epoch {epoch}")
            if self.percent
            else self.tr("lowest validation {quantity} {value} at epoch {epoch}")
        )
        said = words.format(quantity=self.title.lower(), value=self.written(best[1]), epoch=best[0])
        said = said[:1].upper() + said[1:]
        if self.test is not None:
            said += " · " + self.tr("test {}").format(self.written(self.test))
        return said

    # Qt.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        samples = self.samples["validation"]
        step = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}.get(event.key())
        if step is None or not len(samples):
            super().keyPressEvent(event)
            return
        at = samples.nearest(self._cross) if self._cross is not None else None
        index = len(samples) - 1 if at is None else max(0, min(len(samples) - 1, at + step))
        self.pointed.emit(float(samples.x[index]))
