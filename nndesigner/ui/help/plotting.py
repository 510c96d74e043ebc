"""Curves of functions and the way of an optimizer, painted from what torch computed."""

import itertools
import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt

from nndesigner.ui.help.figures import Curve, Path
from nndesigner.ui.help.ink import Ink

_CEILING = 6.0  # where a curve that rises without end is cut off
_RINGS = (0.1, 0.4, 0.9, 1.6)


def paint_curve(ink: Ink, area: QRectF, curve: Curve) -> None:
    """A curve with its axes, their ends named; where it leaves what can be shown, it is broken off."""
    points = [(x, y) for x, y in curve.points if math.isfinite(y) and abs(y) <= 1e6]
    if len(points) < 2:
        return
    room = area.adjusted(52, 20, -28, -34)
    left, right = points[0][0], points[-1][0]
    low, high = _reach([y for _, y in points], curve.up)
    painter = ink.painter

    def at(x: float, y: float) -> QPointF:
        return QPointF(
            room.left() + (x - left) / (right - left) * room.width(),
            room.bottom() - (y - low) / (high - low) * room.height(),
        )

    zero_x, zero_y = min(max(0.0, left), right), min(max(0.0, low), high)
    painter.setPen(ink.line(1.0, "line"))
    for value in _ticks(low, high):
        painter.drawLine(at(left, value), at(right, value))
        ink.words(
            QRectF(at(left, value).x() - 46, at(left, value).y() - 8, 40, 16),
            _number(value),
            11,
            mono=True,
            where=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
        )
        painter.setPen(ink.line(1.0, "line"))
    ticks = _ticks(left, right)
    for value in ticks:
        painter.setPen(ink.line(1.0, "line"))
        painter.drawLine(at(value, low), at(value, high))
        ink.words(QRectF(at(value, low).x() - 24, room.bottom() + 3, 48, 14), _number(value), 11, mono=True)
    painter.setPen(ink.line(1.2, "edge"))
    painter.drawLine(at(left, zero_y), at(right, zero_y))
    if left <= 0 <= right:
        painter.drawLine(at(zero_x, low), at(zero_x, high))
    painter.save()
    painter.setClipRect(room.adjusted(-2, -2, 2, 2))
    jumps = 0.04 * (high - low) if curve.up == "y" else math.inf
    for part in _unbroken(curve.points, jumps):
        ink.curve([at(x, y) for x, y in part])
    painter.restore()
    ink.words(QRectF(room.left(), room.bottom() + 17, room.width(), 15), curve.across)
    ink.words(QRectF(area.left() + 6, area.top() + 2, 200, 15), curve.up,
              where=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)  # fmt: skip


def _reach(values: Sequence[float], up: str) -> tuple[float, float]:
    low, high = min(values), max(values)
    if up == "y":
        low, high = max(low, -_CEILING), min(high, _CEILING)
    else:
        low = min(low, 0.0)
    if high - low < 1e-9:
        return low - 1.0, high + 1.0
    margin = 0.06 * (high - low)
    return low - margin * (low < 0), high + margin


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers between two, about four of them."""
    span = (high - low) / 4
    unit = 10 ** math.floor(math.log10(span))
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= span * 0.8)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _number(value: float) -> str:
    return f"{round(value, 10) + 0.0:.6g}".replace("-", "−")


def _unbroken(points: Sequence[tuple[float, float]], jumps: float) -> list[list[tuple[float, float]]]:
    """The parts of a curve between jumps of at least so much and places where it is not defined."""
    steps = sorted(abs(y - before) for (_, before), (_, y) in itertools.pairwise(points))
    usual = steps[len(steps) // 2]
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if not math.isfinite(y) or abs(y) > 1e6:
            found.append([])
            continue
        if found[-1] and abs(y - found[-1][-1][1]) > max(jumps, 8 * usual):
            found.append([])
        found[-1].append((x, y))
    return [part for part in found if len(part) > 1]


def paint_path(ink: Ink, area: QRectF, path: Path) -> None:
    """The way over two weights into the middle of a valley, each step a dot."""
    room = area.adjusted(20, 12, -20, -28)
    reach_x, reach_y = 4.4, 1.9
    scale_x, scale_y = room.width() / (2 * reach_x), room.height() / (2 * reach_y)
    painter = ink.painter

    def at(x: float, y: float) -> QPointF:
        return QPointF(room.center().x() + x * scale_x, room.center().y() - y * scale_y)

    painter.save()
    painter.setClipRect(room)
    for loss in reversed(_RINGS):
        wide, tall = (loss / 0.08) ** 0.5, loss**0.5
        painter.setPen(ink.line(1.0, "line"))
        painter.setBrush(ink.tint(0.05 + 0.05 * (_RINGS[-1] - loss) / _RINGS[-1]))
        painter.drawEllipse(at(0, 0), wide * scale_x, tall * scale_y)
    places = [at(x, y) for x, y in path.points]
    ink.curve(places, 1.4)
    for number, place in enumerate(places[:24]):
        ink.dot(place, 4.0 if number == 0 else 2.4)
    painter.setPen(ink.line(1.6, "ink"))
    for one, other in ((QPointF(-5, 0), QPointF(5, 0)), (QPointF(0, -5), QPointF(0, 5))):
        painter.drawLine(at(0, 0) + one, at(0, 0) + other)
    painter.restore()
    words = QCoreApplication.translate(
        "Sketch", "{} steps over two weights into the middle of a valley · learning rate {:g}"
    )
    told = words.format(len(path.points) - 1, path.rate)
    ink.words(QRectF(area.left(), area.bottom() - 22, area.width(), 14), told)
