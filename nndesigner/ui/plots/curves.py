"""The curves of a run while it goes: the loss, its metrics and, where they are wanted, what is told at each step."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nndesigner.training.report import Began, EpochEnded, Finished, Metrics, Report, Stepped
from nndesigner.ui import icons
from nndesigner.ui.plots.chart import BY_STEP, SERIES, Chart, quantity_title
from nndesigner.ui.plots.samples import Numbers, Samples
from nndesigner.ui.theme import font, look

# The view doubles its epochs as a long run goes on; from this many on.
_FIRST_VIEW = 20
_MOST_METRICS = 3
_SHAPE = 1.6  # of a chart: how much wider than high it should be


class _Empty(QWidget):
    """What stands in the place of curves before there are any."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._going = False

    def set_going(self, going: bool) -> None:
        """Whether a run goes on whose first curves are awaited."""
        self._going = going
        self.update()

    @property
    def words(self) -> str:
        """What a person is told to do, or to wait for."""
        if self._going:
            return self.tr("The curves begin with the first steps of the run.")
        return self.tr("Press Train and the curves appear here.")

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
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.words)
        painter.end()


class Curves(QWidget):
    """Loss, metrics and more of one run, drawn once for each list of reports."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves")
        self.setAccessibleName(self.tr("Curves of the training"))
        self._began: Began | None = None
        self._epoch = 0
        self._loss = Chart("loss", self)
        self._metrics: dict[str, Chart] = {}
        self._courses = {name: Samples() for name in BY_STEP}
        self._extra: dict[str, Chart] = {}
        self._log = self._toggle(
            "curvesLog", self.tr("Log scale"), self.tr("Shows the loss on a logarithmic scale")
        )
        self._smooth = self._toggle(
            "curvesSmooth", self.tr("Smooth"), self.tr("Shows the mean of the last few values")
        )
        self._log.toggled.connect(self._set_log)
        self._smooth.toggled.connect(self._set_smooth)
        self.tools = QWidget(self)
        self.tools.setObjectName("curvesTools")
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(4)
        row.addStretch(1)
        for button in (self._log, self._smooth, self._menu_of_more()):
            row.addWidget(button)
        self._loss.pointed.connect(self._point)
        charts = QWidget(self)
        self._charts = QGridLayout(charts)
        self._charts.setContentsMargins(0, 8, 8, 8)
        self._charts.setSpacing(16)
        self._placed: tuple[object, ...] = ()
        self._pages = QStackedWidget(self)
        self._empty = _Empty(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(charts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tools)
        column.addWidget(self._pages, 1)
        look.changed.connect(self._recolour)
        self._recolour()
        self._place()

    def _menu_of_more(self) -> QToolButton:
        button = self._toggle("curvesMore", self.tr("More"), self.tr("Shows what is told at each step"))
        button.setCheckable(False)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron behind the word
        icons.dress(button, "chevron-down", "secondary")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName("curvesMoreMenu")
        self._wanted: dict[str, QAction] = {}
        for name in BY_STEP:
            action = menu.addAction(quantity_title(name))
            action.setObjectName(f"curvesShow_{name}")
            action.setCheckable(True)
            action.toggled.connect(partial(self._show_extra, name))
            self._wanted[name] = action
        button.setMenu(menu)
        return button

    def _toggle(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setFont(font(11))
        return button

    def set_going(self, going: bool) -> None:
        """Whether a run goes on; where there are no curves yet, they are awaited."""
        self._empty.set_going(going)

    def begin(self, began: Began) -> None:
        """A new run: the curves before are gone."""
        if self._began is not None and began.step:
            self._go_back(began)
            return
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
                    if steps and report.step and self._began is not None:
                        self._add_steps(steps, self._began.steps_per_epoch)
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
            self._add_steps(steps, self._began.steps_per_epoch)
        self._show_epochs()
        for chart in self._every():
            chart.redraw()

    def _go_back(self, began: Began) -> None:
        """The run goes on, from a step that may lie before the last that was drawn."""
        self._began = began
        place = began.step / max(1, began.steps_per_epoch)
        every = [*self._courses.values(), *(one for chart in self._every() for one in chart.samples.values())]
        for samples in every:
            samples.cut(place + 1e-9)
        self._epoch = int(place) + 1
        self._offer_gradient()

    def add_pace(self, records_per_second: float) -> None:
        """How fast the run goes by now."""
        steps = self._loss.samples["steps"].x
        pace = self._courses["pace"]
        if len(steps) and not (len(pace) and pace.x[-1] >= steps[-1]):
            pace.extend(steps[-1:].copy(), np.array([records_per_second]))

    def clear(self) -> None:
        """No run, no curves."""
        self._began, self._epoch = None, 0
        self._loss.begin(1)
        for name in BY_STEP:
            self._courses[name] = Samples()
        for name, chart in self._extra.items():
            chart.begin(1)
            chart.samples["steps"] = self._courses[name]
        for chart in self._metrics.values():
            self._charts.removeWidget(chart)
            chart.hide()
            chart.deleteLater()
        self._metrics = {}
        self._offer_gradient()
        self._place()
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
        return next(iter(self._metrics.values()), self._loss).words.text()

    def _every(self) -> list[Chart]:
        extra = [self._extra[name] for name in BY_STEP if name in self._extra]
        return [self._loss, *self._metrics.values(), *extra]

    def _add_steps(self, steps: Sequence[Stepped], per_epoch: int) -> None:
        places = np.array([step.step for step in steps], dtype=float) / max(1, per_epoch)
        self._loss.samples["steps"].extend(places, np.array([step.loss for step in steps], dtype=float))
        rates = np.array([step.learning_rate for step in steps], dtype=float)
        self._courses["learning_rate"].extend(places, rates)
        if steps[-1].gradient or len(self._courses["gradient"]):
            self._courses["gradient"].extend(places, np.array([step.gradient for step in steps], dtype=float))
            self._offer_gradient()
        self._epoch = max(self._epoch, steps[-1].epoch)

    def _offer_gradient(self) -> None:
        """The norm of all gradients is told only where they are clipped."""
        action, there = self._wanted["gradient"], len(self._courses["gradient"]) > 0
        if action.isEnabled() != there:
            action.setEnabled(there)
            title = quantity_title("gradient")
            action.setText(title if there else self.tr("{}, told where it is clipped").format(title))

    def _add_epoch(self, report: EpochEnded) -> None:
        self._epoch = max(self._epoch, report.epoch)
        for name in report.validation:
            if name != "loss" and name not in self._metrics and len(self._metrics) < _MOST_METRICS:
                self._add_metric(name)
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
        self._metrics[name] = self._chart(name)
        self._place()

    def _chart(self, quantity: str) -> Chart:
        made = Chart(quantity, self)
        made.smooth = self._smooth.isChecked()
        made.pointed.connect(self._point)
        made.recolour()
        return made

    def _show_extra(self, name: str, on: bool) -> None:
        if on:
            chart = self._extra[name] = self._chart(name)
            chart.begin(self._began.steps_per_epoch if self._began else 1)
            chart.samples["steps"] = self._courses[name]
            self._show_epochs()
        else:
            gone = self._extra.pop(name)
            self._charts.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._place()
        for chart in self._every():
            chart.redraw()

    def _place(self) -> None:
        """Side by side or one below the other, so that none is too flat; the last one takes what is left of its row."""
        every = self._every()
        shape = self.width() / max(1, self.height()) / _SHAPE
        columns = min(len(every), max(1, round((len(every) * shape) ** 0.5)))
        if self._placed == (columns, *every):
            return
        self._placed = (columns, *every)
        for chart in every:
            self._charts.removeWidget(chart)
        for index, chart in enumerate(every):
            row, column = divmod(index, columns)
            last = index == len(every) - 1
            self._charts.addWidget(chart, row, column, 1, columns - column if last else 1)
            chart.show()
        for index in range(8):
            self._charts.setColumnStretch(index, 1 if index < columns else 0)
            self._charts.setRowStretch(index, 1 if index < -(-len(every) // columns) else 0)

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
        self._place()
