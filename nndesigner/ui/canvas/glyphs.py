"""A small sign for each family of kinds, and for the marks on a card, as paths in a box of 16 by 16.

They are lines to be stroked with a pen of 1.5 and round ends.
"""

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform

BOX = 16


def _lines(*lines: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for first, *others in lines:
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
    return path


def _circle(path: QPainterPath, x: float, y: float, radius: float) -> None:
    path.addEllipse(QPointF(x, y), radius, radius)


def _data() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(2.5, 1.5, 11, 4.5))
    for y in (8.0, 12.25):
        path.moveTo(2.5, y)
        path.cubicTo(2.5, y + 3, 13.5, y + 3, 13.5, y)
    path.addPath(_lines(((2.5, 3.75), (2.5, 12.25)), ((13.5, 3.75), (13.5, 12.25))))
    return path


def _linear() -> QPainterPath:
    path = _lines(((4.5, 3.5), (11.5, 3.5)), ((4.3, 4.6), (11.7, 11.4)))
    path.addPath(_lines(((4.5, 12.5), (11.5, 12.5)), ((4.3, 11.4), (11.7, 4.6))))
    for x in (3.0, 13.0):
        for y in (3.5, 12.5):
            _circle(path, x, y, 1.5)
    return path


def _convolution() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(1.5, 1.5, 13, 13), 2, 2)
    path.addRect(QRectF(4.25, 4.25, 4.5, 4.5))
    path.addPath(_lines(((11.5, 6.5), (11.5, 11.5), (6.5, 11.5))))
    return path


def _padding() -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(5, 5, 6, 6))
    for edge in (1.5, 14.5):
        for start, end in ((1.5, 3.25), (6.5, 9.5), (12.75, 14.5)):
            path.addPath(_lines(((start, edge), (end, edge)), ((edge, start), (edge, end))))
    return path


def _pooling() -> QPainterPath:
    path = _lines(((1.5, 2.5), (14.5, 2.5)), ((3.5, 6.0), (12.5, 6.0)), ((5.75, 9.5), (10.25, 9.5)))
    _circle(path, 8, 13, 1.4)
    return path


def _resampling() -> QPainterPath:
    path = _lines(((6.5, 1.5), (14.5, 1.5), (14.5, 14.5), (10.5, 14.5)), ((1.5, 5.5), (1.5, 1.5), (3.0, 1.5)))
    path.addRect(QRectF(1.5, 9, 5.5, 5.5))
    path.addPath(_lines(((7.5, 8.5), (11.25, 4.75)), ((8.25, 4.5), (11.5, 4.5), (11.5, 7.75))))
    return path


def _normalization() -> QPainterPath:
    path = QPainterPath(QPointF(1.5, 12.5))
    path.cubicTo(5.5, 12.5, 5.0, 3.0, 8.0, 3.0)
    path.cubicTo(11.0, 3.0, 10.5, 12.5, 14.5, 12.5)
    path.addPath(_lines(((8.0, 6.5), (8.0, 12.5))))
    return path


def _activation() -> QPainterPath:
    return _lines(((1.5, 12.5), (7.5, 12.5), (14.0, 3.0)))


def _dropout() -> QPainterPath:
    path = _lines(((3.8, 12.2), (12.2, 3.8)))
    _circle(path, 8, 8, 6.25)
    return path


def _shaping() -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(1.5, 1.5, 5.5, 5.5))
    path.addRect(QRectF(1.5, 11.5, 13, 3))
    path.addPath(
        _lines(((9.5, 4.25), (12.75, 4.25), (12.75, 8.75)), ((10.9, 7.0), (12.75, 8.9), (14.6, 7.0)))
    )
    return path


def _joining() -> QPainterPath:
    path = QPainterPath(QPointF(1.5, 3.0))
    path.cubicTo(6.0, 3.0, 5.0, 8.0, 9.0, 8.0)
    path.moveTo(1.5, 13.0)
    path.cubicTo(6.0, 13.0, 5.0, 8.0, 9.0, 8.0)
    path.addPath(_lines(((9.0, 8.0), (14.25, 8.0)), ((11.75, 5.5), (14.4, 8.0), (11.75, 10.5))))
    return path


def _distance() -> QPainterPath:
    return _lines(
        ((1.75, 3.5), (1.75, 12.5)),
        ((14.25, 3.5), (14.25, 12.5)),
        ((4.5, 8.0), (11.5, 8.0)),
        ((6.25, 5.75), (4.25, 8.0), (6.25, 10.25)),
        ((9.75, 5.75), (11.75, 8.0), (9.75, 10.25)),
    )


def _arithmetic() -> QPainterPath:
    return _lines(((8.0, 1.75), (8.0, 9.25)), ((4.25, 5.5), (11.75, 5.5)), ((4.25, 13.5), (11.75, 13.5)))


def _reduction() -> QPainterPath:
    return _lines(
        ((12.5, 4.75), (12.5, 2.0), (3.5, 2.0), (8.75, 8.0), (3.5, 14.0), (12.5, 14.0), (12.5, 11.25))
    )


def _selecting() -> QPainterPath:
    path = _lines(
        ((4.75, 2.0), (2.0, 2.0), (2.0, 14.0), (4.75, 14.0)),
        ((11.25, 2.0), (14.0, 2.0), (14.0, 14.0), (11.25, 14.0)),
    )
    path.addRect(QRectF(6, 6, 4, 4))
    return path


def _constants() -> QPainterPath:
    path = _lines(((8.0, 1.5), (14.5, 8.0), (8.0, 14.5), (1.5, 8.0), (8.0, 1.5)))
    _circle(path, 8, 8, 1.75)
    return path


def _loss() -> QPainterPath:
    path = QPainterPath()
    _circle(path, 8, 8, 6.25)
    _circle(path, 8, 8, 2.25)
    return path


def _recurrent() -> QPainterPath:
    path = QPainterPath()
    path.arcMoveTo(QRectF(2, 2, 12, 12), 60)
    path.arcTo(QRectF(2, 2, 12, 12), 60, 290)
    path.addPath(_lines(((12.8, 8.4), (14.0, 5.6), (11.0, 4.9))))
    return path


def _attention() -> QPainterPath:
    path = QPainterPath(QPointF(1.25, 8.0))
    path.cubicTo(4.5, 2.0, 11.5, 2.0, 14.75, 8.0)
    path.cubicTo(11.5, 14.0, 4.5, 14.0, 1.25, 8.0)
    _circle(path, 8, 8, 2.25)
    return path


def _embedding() -> QPainterPath:
    path = _lines(
        ((2, 3), (4, 3)), ((2, 8), (4, 8)), ((2, 13), (4, 13)), ((7, 3), (14, 3)), ((7, 13), (14, 13))
    )
    path.addRect(QRectF(7, 6.5, 7, 3))
    return path


def _own() -> QPainterPath:
    return _lines(
        ((5, 4.5), (1.75, 8), (5, 11.5)), ((11, 4.5), (14.25, 8), (11, 11.5)), ((9.25, 3), (6.75, 13))
    )


def _block() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(1.5, 5.0, 9.5, 9.5), 1.5, 1.5)
    path.addPath(_lines(((5.0, 1.75), (14.25, 1.75), (14.25, 11.0))))
    return path


def _unknown() -> QPainterPath:
    path = QPainterPath(QPointF(4.5, 5.5))
    path.cubicTo(4.5, 0.5, 11.75, 0.5, 11.75, 5.25)
    path.cubicTo(11.75, 8.25, 8.0, 7.75, 8.0, 10.75)
    _circle(path, 8, 13.75, 0.4)
    return path


_FAMILIES: dict[str, Callable[[], QPainterPath]] = {
    "data": _data,
    "linear": _linear,
    "convolution": _convolution,
    "padding": _padding,
    "pooling": _pooling,
    "resampling": _resampling,
    "normalization": _normalization,
    "activation": _activation,
    "dropout": _dropout,
    "shaping": _shaping,
    "joining": _joining,
    "distance": _distance,
    "arithmetic": _arithmetic,
    "reduction": _reduction,
    "selecting": _selecting,
    "constants": _constants,
    "loss": _loss,
    "recurrent": _recurrent,
    "attention": _attention,
    "embedding": _embedding,
    "block": _block,
    "own": _own,
}


@lru_cache
def glyph(family: str) -> QPainterPath:
    """The sign of a family; a question mark for one that has none."""
    return _FAMILIES.get(family, _unknown)()


@lru_cache
def glyph_outline(family: str) -> QPainterPath:
    """The sign as an area to be filled, which is faster to paint than its lines."""
    return outlined(glyph(family))


def outlined(path: QPainterPath, width: float = 1.5) -> QPainterPath:
    """The area that a round pen covers along a path."""
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    area = stroker.createStroke(path)
    area.setFillRule(Qt.FillRule.WindingFill)
    return area


@lru_cache
def snowflake() -> QPainterPath:
    """The mark of frozen weights, as an area in a box of 12 by 12."""
    path = QPainterPath()
    for angle in (0, 60, 120, 180, 240, 300):
        arm = QPainterPath(QPointF(0, 0))
        arm.lineTo(0, -5.25)
        arm.moveTo(-1.6, -4.6)
        arm.lineTo(0, -3.1)
        arm.lineTo(1.6, -4.6)
        path.addPath(_turned(arm, angle))
    return outlined(path, 1.0).translated(6, 6)


def _turned(path: QPainterPath, angle: float) -> QPainterPath:
    return QTransform().rotate(angle).map(path)


@lru_cache
def badge(severity: str) -> QPainterPath:
    """The ground of the mark of a problem, round its middle: a disc for an error, a triangle for a warning."""
    path = QPainterPath()
    if severity == "error":
        _circle(path, 0, 0, 8)
    else:
        path.moveTo(0, -8.5)
        path.lineTo(9, 7)
        path.lineTo(-9, 7)
        path.closeSubpath()
    return path


@lru_cache
def exclamation(severity: str) -> QPainterPath:
    """The sign on that ground."""
    low = 0 if severity == "error" else 1.5
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.9, -4.6 + low, 1.8, 5.4), 0.9, 0.9)
    _circle(path, 0, 3.2 + low, 1.1)
    return path
