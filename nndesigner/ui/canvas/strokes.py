"""Curved wires painted once and then stamped, as the grounds of cards are.

A wide curve with smooth edges takes twenty times as long to stroke as its picture takes to put down, and many wires
of a network have the same shape. A shape is stroked as it is where it is seen for the first time at a scale, so that
zooming past makes no pictures; from the second time on it is stamped.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

_MOST_PIXELS = 4_000_000  # of all stamps together, which is 16 MB
_LARGEST = 200_000  # pixels of one; a longer wire is stroked each time
_MOST_SEEN = 8192
_ROOM = 6.0  # around a curve, for the width of its pen, in units of the scene


Shape = tuple[Hashable, ...]


@lru_cache(maxsize=16384)
def the_one_shape(shape: Shape) -> Shape:
    """The shape that stands for all that are equal to it, so that they are told apart without being compared."""
    return shape


class Stroke(NamedTuple):
    """The picture of a wire, and where it lies seen from the wire's beginning, in pixels of the painter."""

    picture: QPixmap
    left: float
    top: float

    def put(self, painter: QPainter, x: float, y: float, ratio: float) -> None:
        """Puts it down for a wire that begins at this pixel, on whole pixels of the screen; `painter` has no transform."""
        x, y = round((x + self.left) * ratio) / ratio, round((y + self.top) * ratio) / ratio
        painter.drawPixmap(QPointF(x, y), self.picture)


class _Kept:
    """The strokes there are, the shapes that were seen once, and how many pixels that takes."""

    def __init__(self) -> None:
        self.strokes: dict[Hashable, Stroke] = {}
        self.seen: set[Hashable] = set()
        self.pixels = 0


_kept = _Kept()


def stroke_of(shape: Shape, path: QPainterPath, pen: QPen, scale: float, ratio: float) -> Stroke | None:
    """The picture of a wire; None as long as it is better stroked. `shape` is all that it depends on but scale and ratio."""
    key = (shape, scale, ratio)
    if (stroke := _kept.strokes.get(key)) is not None:
        return stroke
    if key not in _kept.seen:
        if len(_kept.seen) >= _MOST_SEEN:
            _kept.seen.clear()
        _kept.seen.add(key)
        return None
    area = path.controlPointRect().adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
    width, height = int(area.width() * scale * ratio + 2), int(area.height() * scale * ratio + 2)
    if width * height > _LARGEST:
        return None
    if _kept.pixels + width * height > _MOST_PIXELS:
        _kept.strokes.clear()
        _kept.pixels = 0
    _kept.pixels += width * height
    _kept.strokes[key] = stroke = _painted(path, pen, scale, ratio, area, width, height)
    return stroke


def _painted(
    path: QPainterPath, pen: QPen, scale: float, ratio: float, area: QRectF, width: int, height: int
) -> Stroke:
    """The wire begins on a whole pixel of its picture."""
    left = -float(round(-area.left() * scale * ratio)) / ratio
    top = -float(round(-area.top() * scale * ratio)) / ratio
    picture = QPixmap(width, height)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-left, -top)
    painter.scale(scale, scale)
    painter.setPen(pen)
    painter.drawPath(path)
    painter.end()
    return Stroke(picture, left, top)
