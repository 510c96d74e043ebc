"""The curves of a run while it goes: the loss and, where there is one, the metric."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from nndesigner.training.report import Began, EpochEnded, Finished, Metrics, Report, Stepped
from nndesigner.ui.plots.chart import SERIES, Chart
from nndesigner.ui.plots.samples import Numbers
from nndesigner.ui.theme import font, look

# The view doubles its epochs as a long run goes on; from this many on.
_FIRST_VIEW = 20


class _Empty(QWidget):
    """What stands in the place of curves before there are any."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.rect().center())
        left, top, width, height = middle.x() - 90, middle.y() - 84, 180.0, 84.0
        painter.setPen(QPen(QColor(theme.line), 1))
        for part in range(4):
            y = round(top + part * height / 3) + 0.5
            painter.drawLine(QPointF(left, y), QPointF(left + width, y))
        painter.setPen(QPen(QColor(theme.line), 2))
        curve = QPainterPath(QPointF(left, top + 6))
        curve.cubicTo(
            left + 30, top + height * 0.9, left + 80, top + height * 0.82, left + width, top + height * 0.94
        )
        painter.drawPath(curve)
        painter.setFont(font())
        painter.setPen(QColor(theme.secondary))
        words = QRectF(0, middle.y() + 16, self.width(), 24)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignCenter, self.tr("Press Train and the curves appear here.")
        )
        painter.end()


class Curves(QWidget):
    """Loss and metric of one run, drawn once for each list of reports."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves")
        self.setAccessibleName(self.tr("Curves of the training"))
        self._began: Began | None = None
        self._epoch = 0
        self._loss = Chart("loss", self)
        self._metric: Chart | None = None
        self._log = self._toggle(
            "curvesLog", self.tr("Log scale"), self.tr("Shows the loss on a logarithmic scale")
        )
        self._smooth = self._toggle(
            "curvesSmooth", self.tr("Smooth"), self.tr("Shows the mean of the last few values")
        )
        self._log.toggled.connect(self._set_log)
        self._smooth.toggled.connect(self._set_smooth)
        self._loss.head.addWidget(self._log)
        self._loss.head.addWidget(self._smooth)
        self._loss.pointed.connect(self._point)
        charts = QWidget(self)
        self._charts = QBoxLayout(QBoxLayout.Direction.TopToBottom, charts)
        self._charts.setContentsMargins(0, 8, 8, 8)
        self._charts.setSpacing(16)
        self._charts.addWidget(self._loss, 1)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(_Empty(self))
        self._pages.addWidget(charts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        look.changed.connect(self._recolour)
        self._recolour()

    def _toggle(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setFont(font(11))
        return button

    def begin(self, began: Began) -> None:
        """A new run: the curves before are gone."""
        self.clear()
        self._began = began
        self._loss.begin(began.steps_per_epoch)
        self._pages.setCurrentIndex(1)
        self._show_epochs()
        self._loss.redraw()

    def add(self, reports: Sequence[Report]) -> None:
        """What happened since the last call; draws once. A `Began` among them begins anew."""
        steps: list[Stepped] = []
        for report in reports:
            match report:
                case Began():
                    steps.clear()
                    self.begin(report)
                case Stepped():
                    steps.append(report)
                case EpochEnded():
                    self._add_epoch(report)
                case Finished():
                    self._add_test(report.test)
        if self._began is None:
            return
        if steps:
            places = np.array([step.step for step in steps], dtype=float) / max(
                1, self._began.steps_per_epoch
            )
            self._loss.samples["steps"].extend(places, np.array([step.loss for step in steps], dtype=float))
            self._epoch = max(self._epoch, steps[-1].epoch)
        self._show_epochs()
        for chart in self._every():
            chart.redraw()

    def clear(self) -> None:
        """No run, no curves."""
        self._began, self._epoch = None, 0
        self._loss.begin(1)
        if self._metric is not None:
            self._charts.removeWidget(self._metric)
            self._metric.hide()
            self._metric.deleteLater()
            self._metric = None
        self._pages.setCurrentIndex(0)

    def series(self, quantity: str, name: str) -> tuple[Numbers, Numbers]:
        """What was measured: epochs and values of `train`, `validation` or `steps` of a loss or metric."""
        if name not in SERIES:
            raise KeyError(f"a series is one of {', '.join(SERIES)}, not {name!r}")
        for chart in self._every():
            if chart.quantity == quantity:
                samples = chart.samples[name]
                return samples.x.copy(), samples.y.copy()
        return np.empty(0), np.empty(0)

    @property
    def best(self) -> str:
        """The best value in words: of the metric where there is one, else of the loss."""
        return (self._metric or self._loss).words.text()

    def _every(self) -> list[Chart]:
        return [self._loss, self._metric] if self._metric is not None else [self._loss]

    def _add_epoch(self, report: EpochEnded) -> None:
        self._epoch = max(self._epoch, report.epoch)
        names = [name for name in report.validation if name != "loss"]
        if names and self._metric is None:
            self._add_metric(names[0])
        place = np.array([float(report.epoch)])
        for chart in self._every():
            for part, metrics in (("train", report.train), ("validation", report.validation)):
                if chart.quantity in metrics:
                    chart.samples[part].extend(place, np.array([float(metrics[chart.quantity])]))

    def _add_test(self, test: Metrics) -> None:
        for chart in self._every():
            if chart.quantity in test:
                chart.test = float(test[chart.quantity])

    def _add_metric(self, name: str) -> None:
        self._metric = Chart(name, self)
        self._metric.smooth = self._smooth.isChecked()
        self._metric.pointed.connect(self._point)
        self._charts.addWidget(self._metric, 1)
        self._recolour()

    def _show_epochs(self) -> None:
        """The right edge: the whole run if it is short, else a view that doubles as the run goes on."""
        epochs = self._began.epochs if self._began else 1
        edge = _FIRST_VIEW
        while edge < min(epochs, 1.25 * self._epoch):
            edge *= 2
        for chart in self._every():
            if chart.plot.edge != min(edge, epochs):
                chart.plot.set_edge(float(min(edge, epochs)))

    def _point(self, place: float | None) -> None:
        for chart in self._every():
            chart.point(place)

    def _set_log(self, on: bool) -> None:
        self._loss.logarithmic = on
        self._loss.plot.set_logarithmic(on)
        self._loss.redraw()

    def _set_smooth(self, on: bool) -> None:
        for chart in self._every():
            chart.smooth = on
            chart.redraw()

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), QColor(look.theme.surface))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        for chart in self._every():
            chart.recolour()
        self.update()

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() > 1.7 * self.height()
        self._charts.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
