"""The curves of several runs, laid over one another: a colour a run, training solid, validation dashed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nndesigner.training.report import EpochEnded
from nndesigner.ui import figures
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.plots.chart import quantity_title
from nndesigner.ui.plots.plot import Line, Plot, Stroke
from nndesigner.ui.plots.readout import Reading, Readout
from nndesigner.ui.plots.samples import Numbers
from nndesigner.ui.theme import BODY, font, look

_RISING = ("accuracy", "binary_accuracy", "rounded_accuracy")
_PARTS: tuple[tuple[str, Stroke], ...] = (("train", "solid"), ("validation", "dashed"))
_MOST_POINTS = 400  # of each line


@dataclass(frozen=True)
class Traced:
    """A run to be laid over others: its number, the name of its colour, its epochs."""

    number: int
    folder: Path
    colour: str
    epochs: tuple[EpochEnded, ...] = ()

    def values(self, part: str, quantity: str) -> tuple[Numbers, Numbers]:
        """Epochs and values of "train" or "validation" of a quantity."""
        told = [(one.epoch, getattr(one, part).get(quantity)) for one in self.epochs]
        known = [(epoch, value) for epoch, value in told if value is not None]
        x, y = np.array(known, dtype=float).reshape(-1, 2).T
        return x, y


class OverlayChart(QWidget):
    """One quantity of several runs."""

    def __init__(self, quantity: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity = quantity
        self.percent = quantity in _RISING
        self.logarithmic = False
        self._runs: Sequence[Traced] = ()
        title = QLabel(quantity_title(quantity), self)
        title.setFont(font(BODY, QFont.Weight.DemiBold))
        self.words = ElidedLabel(parent=self)
        self.words.setObjectName("overlayBest")
        self.words.setFont(font(11))
        self.words.setProperty("tone", "secondary")
        self.head = QHBoxLayout()
        self.head.setContentsMargins(16, 0, 16, 0)
        self.head.setSpacing(8)
        self.head.addWidget(title)
        self.head.addWidget(self.words, 1)
        self.plot = Plot(self.percent, self)
        self.plot.setObjectName(f"overlayPlot_{quantity}")
        self.plot.setAccessibleName(title.text())
        self.readout = Readout(self.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.head)
        column.addWidget(self.plot, 1)
        self.plot.pointed.connect(self._point)
        self.plot.moved.connect(self.redraw)

    def show_runs(self, runs: Sequence[Traced]) -> None:
        """Draws these runs."""
        self._runs = runs
        last = max((run.epochs[-1].epoch for run in runs if run.epochs), default=1)
        if self.plot.edge != last:
            self.plot.set_edge(float(last))
        self.redraw()

    def redraw(self) -> None:
        """Draws what is known."""
        lines = []
        for run in self._runs:
            for part, stroke in _PARTS:
                x, y = run.values(part, self.quantity)
                if len(x):
                    kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), _MOST_POINTS)).astype(int))
                    named = self.tr("run {}").format(run.number) if part == "validation" else ""
                    lines.append(Line(stroke, x[kept], self._drawn(y[kept]), named, run.colour))
        self.plot.show_lines(lines)
        self.words.setText(self._in_words())

    def written(self, value: float) -> str:
        """A value of this quantity in words."""
        return figures.percent(value) if self.percent else figures.measured(value)

    def _drawn(self, y: Numbers) -> Numbers:
        if self.percent:
            return 100.0 * y
        return np.where(y > 0, np.log10(np.maximum(y, 1e-300)), np.nan) if self.logarithmic else y

    def _in_words(self) -> str:
        """Which run was best, and where."""
        found = []
        for run in self._runs:
            x, y = run.values("validation", self.quantity)
            if np.isfinite(y).any():
                at = int(np.nanargmax(y) if self.percent else np.nanargmin(y))
                found.append((float(y[at]), run.number, round(float(x[at]))))
        if not found:
            return ""
        value, number, epoch = max(found) if self.percent else min(found)
        return self.tr("Run {number} is best in validation: {value} at epoch {epoch}").format(
            number=number, value=self.written(value), epoch=epoch
        )

    def _point(self, place: float | None) -> None:
        readings, marks = self._readings(place) if place is not None else ([], [])
        if place is None or not readings:
            self.plot.show_cross(None)
            self.readout.hide()
            return
        self.plot.show_cross(place, marks)
        head = self.tr("Epoch {}").format(max(1, round(place)))
        self.readout.show_readings(head, readings, self.plot.pixel(place))

    def _readings(self, place: float) -> tuple[list[Reading], list[tuple[float, float]]]:
        readings, marks = [], []
        for run in self._runs:
            x, y = run.values("validation", self.quantity)
            if not len(x):
                continue
            at = int(np.abs(x - place).argmin())
            if abs(x[at] - place) > 1:
                continue
            readings.append(
                Reading(self.tr("run {}").format(run.number), self.written(y[at]), "dashed", run.colour)
            )
            marks.append((float(x[at]), float(self._drawn(y[at : at + 1])[0])))
        return readings, [mark for mark in marks if np.isfinite(mark[1])]


class Overlay(QWidget):
    """Loss and metric of the selected runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAccessibleName(self.tr("Curves of the selected runs"))
        self._runs: tuple[Traced, ...] = ()
        self._loss = OverlayChart("loss", self)
        self._metric: OverlayChart | None = None
        self._log = QToolButton(self)
        self._log.setObjectName("overlayLog")
        self._log.setText(self.tr("Log scale"))
        self._log.setAccessibleName(self._log.text())
        self._log.setCheckable(True)
        self._log.setFont(font(11))
        self._log.toggled.connect(self._set_log)
        key = QLabel(self.tr("training solid, validation dashed"), self)
        key.setFont(font(11))
        key.setProperty("tone", "secondary")
        self._loss.head.addWidget(key)
        self._loss.head.addWidget(self._log)
        charts = QWidget(self)
        self._charts = QBoxLayout(QBoxLayout.Direction.TopToBottom, charts)
        self._charts.setContentsMargins(0, 8, 8, 8)
        self._charts.setSpacing(16)
        self._charts.addWidget(self._loss, 1)
        empty = QLabel(
            self.tr("Select runs in the table and their curves are laid over one another here."), self
        )
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("tone", "secondary")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(charts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        look.changed.connect(self._recolour)
        self._recolour()

    @property
    def runs(self) -> tuple[Traced, ...]:
        """What is drawn."""
        return self._runs

    def show_runs(self, runs: Sequence[Traced]) -> None:
        """Lays these runs over one another."""
        self._runs = tuple(runs)
        metric = next(
            (name for run in runs for one in run.epochs[:1] for name in one.validation if name != "loss"), ""
        )
        if self._metric is not None and self._metric.quantity != metric:
            self._charts.removeWidget(self._metric)
            self._metric.hide()
            self._metric.deleteLater()
            self._metric = None
        if metric and self._metric is None:
            self._metric = OverlayChart(metric, self)
            self._charts.addWidget(self._metric, 1)
        self._pages.setCurrentIndex(1 if runs else 0)
        for chart in self._every():
            chart.show_runs(self._runs)

    def best(self, quantity: str) -> str:
        """Which run is best by a quantity, in words."""
        return next((chart.words.text() for chart in self._every() if chart.quantity == quantity), "")

    def _every(self) -> list[OverlayChart]:
        return [self._loss, self._metric] if self._metric is not None else [self._loss]

    def _set_log(self, on: bool) -> None:
        self._loss.logarithmic = on
        self._loss.plot.set_logarithmic(on)
        self._loss.redraw()

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), QColor(look.theme.surface))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        for chart in self._every():
            chart.plot.recolour()

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() > 1.7 * self.height()
        self._charts.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
