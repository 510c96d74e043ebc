"""The small plot of a trial: its losses by steps, or by learning rates, with the rate that is suggested."""

import numpy as np
import pyqtgraph
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from nndesigner.ui.plots.axes import ValueAxis, linear_ticks
from nndesigner.ui.plots.plot import Line, solid_pen, stroke_pen, value_range
from nndesigner.ui.plots.samples import Numbers
from nndesigner.ui.theme import font, look


class _AcrossAxis(pyqtgraph.AxisItem):
    """The axis of steps or, by their logarithms, of learning rates."""

    def __init__(self, rates: bool) -> None:
        super().__init__("bottom")
        self._rates = rates

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        step, places = linear_ticks(low, high, max(2, int(size / 64)), whole=True)
        return [(step, [place for place in places if self._rates or place > 0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        words = [f"{10**value:.0e}".replace("e-0", "e-").replace("e+0", "e") for value in values]
        if not self._rates:
            words = [f"{value:.0f}" for value in values]
            if words:
                words[-1] = QCoreApplication.translate("Trial", "step {}").format(words[-1])
        return words


class TrialPlot(pyqtgraph.PlotWidget):
    """One line over steps or rates; nothing in it can be moved."""

    def __init__(self, rates: bool, parent: QWidget | None = None) -> None:
        self._across, self._values = _AcrossAxis(rates), ValueAxis()
        super().__init__(parent, axisItems={"bottom": self._across, "left": self._values})
        self._rates = rates
        self.points = 0
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = self.getViewBox()
        box.setMouseEnabled(x=False, y=False)
        box.disableAutoRange()
        box.setDefaultPadding(0)
        self._curve = pyqtgraph.PlotCurveItem(antialias=True, connect="finite")
        self._mark = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self._mark.hide()
        for item in (self._curve, self._mark):
            self.addItem(item, ignoreBounds=True)
        look.changed.connect(self.recolour)
        self.recolour()

    def show_points(self, x: Numbers, y: Numbers, last: float, mark: float | None = None) -> None:
        """Draws losses by steps or rates, with room up to the `last`, and a line at the rate that is suggested."""
        self.points = len(x)
        place = np.log10(x) if self._rates else x
        self._curve.setData(place, y)
        box = self.getViewBox()
        if len(x):
            low, high = value_range([Line("solid", place, y)], False, False)
            box.setYRange(low, high, padding=0)
            right = max(float(place[-1]), np.log10(last) if self._rates else last)
            box.setXRange(float(place[0]), right if right > place[0] else place[0] + 1, padding=0.02)
        self._mark.setVisible(mark is not None and mark > 0)
        if mark is not None and mark > 0:
            self._mark.setValue(np.log10(mark) if self._rates else mark)

    def recolour(self) -> None:
        """Takes on the theme of now."""
        theme = look.theme
        self.setBackground(theme.surface)
        line, nothing = solid_pen(theme.line), QPen(Qt.PenStyle.NoPen)
        for axis, grid in ((self._values, True), (self._across, False)):
            axis.setStyle(tickFont=font(11), tickLength=0 if grid else 4, tickTextOffset=8 if grid else 4)
            axis.setGrid(150 if grid else False)
            axis.setPen(nothing if grid else line)
            axis.setTickPen(line)
            axis.setTextPen(theme.secondary)
        self._curve.setPen(stroke_pen("solid"))
        self._mark.setPen(solid_pen(theme.good, 2))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
