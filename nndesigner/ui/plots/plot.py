"""One plot over the epochs: lines with their names at their ends, a faint grid, a cross-hair."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from nndesigner.ui.plots.axes import EpochAxis, ValueAxis, nice_step
from nndesigner.ui.plots.samples import Numbers
from nndesigner.ui.theme import font, look, mixed

Stroke = Literal["faint", "solid", "dashed"]
Key = tuple[Stroke, str]  # how a line is drawn, and the name of its colour

_LABEL_ROOM = 76  # pixels behind the last epoch, for the names at the lines' ends
_LABEL_APART = 15
_ABOVE = 5  # pixels, so that what is written at the highest tick is not cut
_LAYERS: dict[Stroke, int] = {"faint": 1, "dashed": 2, "solid": 3}


@dataclass(frozen=True)
class Line:
    """What is drawn of one series: its points and the name at its end, if any."""

    stroke: Stroke
    x: Numbers
    y: Numbers
    label: str = ""
    colour: str = "accent"

    @property
    def key(self) -> Key:
        """Lines of the same key take each other's place."""
        return self.stroke, self.colour


def colour_of(name: str) -> str:
    """A colour of the theme's table, or of one of its families."""
    theme = look.theme
    return theme.families[name] if name in theme.families else theme.colour(name)


def solid_pen(color: QColor | str, width: float = 1.0) -> QPen:
    """A pen as wide on the screen whatever the scale of the plot."""
    pen = QPen(QColor(color), width)
    pen.setCosmetic(True)
    return pen


def stroke_pen(stroke: Stroke, colour: str = "accent") -> QPen:
    """The pen of a line in the theme of now. Faint lines have many points, so theirs is the cheapest pen."""
    color = QColor(colour_of(colour))
    if stroke == "faint":
        color.setAlphaF(0.40)
    pen = solid_pen(color, 1.0 if stroke == "faint" else 2.0)
    if stroke == "dashed":
        pen.setDashPattern([3.0, 2.0])
    return pen


def value_range(lines: Sequence[Line], percent: bool, logarithmic: bool) -> tuple[float, float]:
    """Bounds that hold every line and rest while it grows; single spikes among many points may stick out."""
    known = [line.y[np.isfinite(line.y)] for line in lines]
    known = [values for values in known if len(values)]
    if not known:
        return (0.0, 100.0) if percent else (0.0, 1.0)
    low = float(min(values.min() for values in known))
    high = float(max(values.max() for values in known))
    if not (percent or logarithmic):
        usual = max(
            float(np.quantile(values, 0.98)) if len(values) > 100 else float(values.max()) for values in known
        )
        high = usual if high > 4 * max(usual, 1e-12) and usual > 0 else high
        low = 0.0 if 0 <= low < 0.5 * high else low
    if percent:
        high = 100.0
    span = high - low or abs(high) or 1.0
    step = nice_step(span, 8)
    low, high = step * np.floor(low / step + 1e-9), step * np.ceil(high / step - 1e-9)
    room = 0.04 * (high - low)
    return float(low - (0.0 if low == 0 and not logarithmic else room)), float(high + room)


def apart_by(apart: float, places: Sequence[float], low: float, high: float) -> list[float]:
    """Rising places moved as little as can be, each `apart` from the next, between two bounds if there is room for all.

    Less their distances they must not fall: the nearest such numbers are means of neighbours (pool adjacent violators).
    """
    pools: list[tuple[float, int]] = []
    for index, place in enumerate(places):
        pools.append((place - index * apart, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, many), (second, more) = pools[-2:]
            pools[-2:] = [((first * many + second * more) / (many + more), many + more)]
    rising = [mean for mean, count in pools for _ in range(count)]
    most = max(low, high - apart * (len(rising) - 1))
    return [min(max(place, low), most) + index * apart for index, place in enumerate(rising)]


def text_colour(name: str) -> str:
    """A line's colour for words, which need more ink than lines."""
    return look.theme.accent_text if name == "accent" else mixed(colour_of(name), look.theme.ink, 0.8)


class Plot(pyqtgraph.PlotWidget):
    """The drawing area. The wheel zooms in on epochs, a double-click shows all of them again.

    **Signals:** `pointed` with the epoch under the pointer, or None when it left; `moved` when another
    stretch of epochs is shown.
    """

    pointed = Signal(object)
    moved = Signal()

    def __init__(self, percent: bool, parent: QWidget | None = None) -> None:
        self._epochs, self._values = EpochAxis(), ValueAxis()
        super().__init__(parent, axisItems={"bottom": self._epochs, "left": self._values})
        self.percent = percent
        self._values.percent = percent
        self.edge, self._zoomed = 1.0, False
        self._lines: tuple[Line, ...] = ()
        self.getPlotItem().layout.setContentsMargins(0, _ABOVE, 0, 0)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = self.getViewBox()
        box.setMouseEnabled(x=True, y=False)
        box.disableAutoRange()
        box.setDefaultPadding(0)
        box.sigRangeChangedManually.connect(self._was_zoomed)
        self._curves: dict[Key, pyqtgraph.PlotCurveItem] = {}
        self._labels: dict[Key, pyqtgraph.TextItem] = {}
        self._cross = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self._marks = pyqtgraph.ScatterPlotItem(size=8, pxMode=True, antialias=True)
        self._best = pyqtgraph.ScatterPlotItem(size=9, pxMode=True, antialias=True)
        self._single = pyqtgraph.ScatterPlotItem(size=7, pxMode=True, antialias=True)
        for item in (self._cross, self._single, self._best, self._marks):
            item.setZValue(5)
            self.addItem(item, ignoreBounds=True)
        self._cross.hide()
        self.recolour()
        self.set_edge(1.0)

    def _make_line(self, key: Key) -> None:
        stroke, colour = key
        curve = self._curves[key] = pyqtgraph.PlotCurveItem(antialias=True, connect="finite")
        curve.setZValue(_LAYERS[stroke])
        curve.setPen(stroke_pen(*key))
        self.addItem(curve, ignoreBounds=True)
        label = self._labels[key] = pyqtgraph.TextItem("", anchor=(0, 0.5))
        label.setFont(font(11))
        label.setColor(text_colour(colour))
        self.addItem(label, ignoreBounds=True)

    @property
    def shown(self) -> tuple[float, float]:
        """The first and last epoch in view."""
        left, right = self.getViewBox().viewRange()[0]
        return left, right

    @property
    def points(self) -> int:
        """How many points are drawn."""
        return sum(len(line.x) for line in self._lines)

    def set_edge(self, edge: float) -> None:
        """The last epoch there is room for."""
        self.edge = self._epochs.edge = edge
        self._fit()

    def set_logarithmic(self, on: bool) -> None:
        """Whether the values given are logarithms."""
        self._values.logarithmic = on

    def show_lines(self, lines: Sequence[Line], best: tuple[float, float] | None = None) -> None:
        """Draws these lines in place of those before, and a ring around the best value."""
        self._lines = tuple(lines)
        given = {line.key: line for line in lines}
        for key in given.keys() - self._curves.keys():
            self._make_line(key)
        for key, curve in self._curves.items():
            line = given.get(key)
            curve.setData(line.x, line.y) if line else curve.setData([], [])
        single = [(line.x[0], line.y[0]) for line in lines if len(line.x) == 1]
        self._single.setData([x for x, _ in single], [y for _, y in single])
        low, high = value_range(lines, self.percent, self._values.logarithmic)
        if self.getViewBox().viewRange()[1] != [low, high]:
            self.getViewBox().setYRange(low, high, padding=0)
        self._best.setData(*([[best[0]], [best[1]]] if best else [[], []]))
        self._place_labels(given, low, high)

    def show_cross(self, place: float | None, marks: Sequence[tuple[float, float]] = ()) -> None:
        """The cross-hair at an epoch, with a disc at each value that is read; None hides it."""
        self._cross.setVisible(place is not None)
        if place is not None:
            self._cross.setValue(place)
        self._marks.setData([x for x, _ in marks], [y for _, y in marks])

    def pixel(self, place: float) -> float:
        """Where an epoch is, from the left of this widget."""
        return float(self.mapFromScene(self.getViewBox().mapViewToScene(QPointF(place, 0.0))).x())

    def recolour(self) -> None:
        """Takes on the theme of now."""
        theme = look.theme
        self.setBackground(theme.surface)
        line, nothing = solid_pen(theme.line), QPen(Qt.PenStyle.NoPen)
        for axis, grid in ((self._values, True), (self._epochs, False)):
            axis.setStyle(
                tickFont=font(11),
                tickLength=0 if grid else 4,
                tickAlpha=150 if grid else 255,
                tickTextOffset=8 if grid else 4,
            )
            axis.setGrid(255 if grid else False)
            axis.setPen(nothing if grid else line)
            axis.setTickPen(line)
            axis.setTextPen(theme.secondary)
        for key, curve in self._curves.items():
            curve.setPen(stroke_pen(*key))
        for (_, colour), label in self._labels.items():
            label.setColor(text_colour(colour))
        cross = QColor(theme.secondary)
        cross.setAlphaF(0.6)
        self._cross.setPen(solid_pen(cross))
        self._marks.setPen(solid_pen(theme.surface, 2))
        self._marks.setBrush(QColor(theme.accent))
        self._single.setPen(nothing)
        self._single.setBrush(QColor(theme.accent))
        self._best.setPen(solid_pen(theme.accent, 2))
        self._best.setBrush(QColor(theme.surface))

    def _place_labels(self, given: dict[Key, Line], low: float, high: float) -> None:
        ends = []
        for key, label in self._labels.items():
            line = given.get(key)
            known = np.flatnonzero(np.isfinite(line.y)) if line and line.label else ()
            label.setVisible(len(known) > 0)
            if line and len(known):
                if label.toPlainText() != line.label:
                    label.setText(line.label)
                ends.append((float(line.y[known[-1]]), float(line.x[known[-1]]), label))
        ends.sort(key=lambda end: end[0])
        apart = _LABEL_APART * (high - low) / max(1.0, self.getViewBox().height())
        heights = apart_by(apart, [y for y, _, _ in ends], low + apart / 2, high - apart / 2)
        left, right = self.shown
        gap = 8 * (right - left) / max(1.0, self.getViewBox().width())
        for height, (_, x, label) in zip(heights, ends, strict=True):
            label.setPos(x + gap, height)

    def _fit(self) -> None:
        box = self.getViewBox()
        width = max(box.width(), 2.0 * _LABEL_ROOM)
        right = self.edge * width / (width - _LABEL_ROOM)
        box.setLimits(xMin=0.0, xMax=right, minXRange=min(1.0, right))
        if not self._zoomed:
            box.setXRange(0.0, right, padding=0)

    def _was_zoomed(self) -> None:
        left, right = self.shown
        _, whole = self.getViewBox().state["limits"]["xLimits"]
        self._zoomed = left > 1e-9 or right < whole - 1e-9
        self.moved.emit()

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # pyqtgraph resizes the first time inside its constructor.
        if hasattr(self, "_cross"):
            self._fit()
            self.moved.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._zoomed = False
        self._fit()
        self.moved.emit()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        box = self.getViewBox()
        within = box.sceneBoundingRect().contains(self.mapToScene(event.position().toPoint()))
        self.pointed.emit(box.mapSceneToView(event.position()).x() if within else None)

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)
