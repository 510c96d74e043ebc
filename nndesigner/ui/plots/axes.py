"""Where the ticks of an axis stand and what is written at them."""

import math

import pyqtgraph
from PySide6.QtCore import QCoreApplication, QRectF

from nndesigner.ui.figures import THIN

_PIXELS_EACH = {"left": 52, "bottom": 72}
_HALF_LINE = 9
_NICE = (1.0, 2.0, 5.0, 10.0)


def nice_step(span: float, most: int) -> float:
    """The smallest 1, 2 or 5 times a power of ten that cuts `span` into at most `most` parts."""
    rough = span / max(1, most)
    if not (rough > 0 and math.isfinite(rough)):
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in _NICE if power * factor >= rough * (1 - 1e-9))


def linear_ticks(low: float, high: float, most: int, whole: bool = False) -> tuple[float, list[float]]:
    """The step and the round numbers between two bounds; whole numbers only where `whole`."""
    step = nice_step(high - low, most)
    if whole:
        step = max(1.0, step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return step, [index * step for index in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """The logarithms of round numbers between two logarithms."""
    first, last = math.floor(low), math.ceil(high)
    for factors, apart in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 5)):
        places = [power + math.log10(factor) for power in range(first, last + 1, apart) for factor in factors]
        within = [place for place in places if low <= place <= high]
        if len(within) <= most + 1:
            break
    if len(within) > 2 or high - low > 2:
        return within
    return [math.log10(value) for value in linear_ticks(10**low, 10**high, most)[1] if value > 0]


class EpochAxis(pyqtgraph.AxisItem):
    """The axis of epochs; ends where the run does, though there is room for labels behind."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.edge = 1.0

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        step, places = linear_ticks(
            max(0.0, low), min(high, self.edge), int(size / _PIXELS_EACH["bottom"]), whole=high - low > 3
        )
        if places and high >= self.edge and self.edge - places[-1] > 1e-6:
            if self.edge - places[-1] < 0.6 * step:
                places.pop()
            places.append(self.edge)
        return [(step, [place for place in places if place > 0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        words = [f"{value:.10g}" for value in values]
        if words:
            words[-1] = QCoreApplication.translate("Curves", "epoch {}").format(words[-1])
        return words


class ValueAxis(pyqtgraph.AxisItem):
    """The axis of what was measured, in plain numbers, per cent or on a logarithmic scale."""

    def __init__(self) -> None:
        super().__init__("left")
        self.percent = False
        self.logarithmic = False
        self.setWidth(48)

    def boundingRect(self) -> QRectF:
        # What is written at the first and the last tick stands out by half its height; without room it would be left away.
        return super().boundingRect().adjusted(0, -_HALF_LINE, 0, _HALF_LINE)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        most = max(4, int(size / _PIXELS_EACH["left"]))
        if self.logarithmic:
            return [(1.0, log_ticks(low, high, most))]
        return [linear_ticks(low, min(high, 100.0) if self.percent else high, most)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.logarithmic:
            return [f"{10**value:.3g}" for value in values]
        if self.percent:
            return [f"{value:.10g}{THIN}%" for value in values]
        places = max(0, -math.floor(math.log10(spacing) + 1e-9)) if spacing < 1 else 0
        if places > 4 or (values and max(map(abs, values)) >= 1e5):
            return [f"{value:.2g}" for value in values]
        return [f"{value:.{places}f}" for value in values]
