"""Which numbers share one mean and one spread: a cube of samples, channels and places with the group filled in."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPolygonF

from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Value
from nndesigner.ui.help.ink import Ink

_SAMPLES, _CHANNELS, _PLACES = 4, 8, 5


def group_of(kind: Kind, params: Mapping[str, Value]) -> tuple[range, range, range]:
    """The samples, channels and places that are normalized together; of channels the last, of samples the first."""
    values = kind.values(params)
    one, channels, places = range(1), range(_CHANNELS - 1, _CHANNELS), range(_PLACES)
    if kind.name.startswith("BatchNorm"):
        return range(_SAMPLES), channels, places
    if kind.name.startswith("InstanceNorm"):
        return one, channels, places
    if kind.name == "GroupNorm":
        groups = values.get("num_groups")
        count = max(1, _CHANNELS // groups) if isinstance(groups, int) and groups > 0 else 2
        return one, range(_CHANNELS - count, _CHANNELS), places
    if kind.name == "LocalResponseNorm":
        size = values.get("size")
        count = min(_CHANNELS, size) if isinstance(size, int) else 5
        return one, range(_CHANNELS - count, _CHANNELS), range(1)
    axes = values.get("axes")
    every = range(_CHANNELS)
    return one, every, places if isinstance(axes, int) and axes > 1 else range(1)


def paint(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value]) -> None:
    """Paints the cube: channels across, places down, samples behind one another."""
    samples, channels, places = group_of(kind, params)
    cell = min(22.0, (area.height() - 64) / (_PLACES + _SAMPLES * 0.5))
    deep = QPointF(cell * 0.55, -cell * 0.5)
    wide, tall = _CHANNELS * cell, _PLACES * cell
    left = area.center().x() - (wide + deep.x() * _SAMPLES) / 2
    top = area.top() + 18 - deep.y() * _SAMPLES
    corner = QPointF(left, top)

    def face(origin: QPointF, one: QPointF, other: QPointF, filled: bool) -> None:
        ink.painter.setPen(ink.line(1.0, "edge"))
        ink.painter.setBrush(ink.tint(0.7 if filled else 0.08))
        ink.painter.drawPolygon(QPolygonF([origin, origin + one, origin + one + other, origin + other]))

    across, down = QPointF(cell, 0), QPointF(0, cell)
    for channel in range(_CHANNELS):
        for place in range(_PLACES):
            filled = channel in channels and place in places and 0 in samples
            face(corner + across * channel + down * place, across, down, filled)
        for sample in range(_SAMPLES):
            filled = channel in channels and 0 in places and sample in samples
            face(corner + across * channel + deep * sample, across, deep, filled)
    for sample in range(_SAMPLES):
        for place in range(_PLACES):
            filled = _CHANNELS - 1 in channels and place in places and sample in samples
            face(corner + QPointF(wide, 0) + deep * sample + down * place, deep, down, filled)
    features = kind.name in ("LayerNorm", "RMSNorm")
    words = (
        QCoreApplication.translate("Sketch", "last axis" if features else "channels"),
        QCoreApplication.translate("Sketch", "places"),
        QCoreApplication.translate("Sketch", "samples"),
    )
    ink.words(QRectF(left, top + tall + 6, wide, 14), words[0])
    ink.words(QRectF(left - 62, top, 56, tall), words[1])
    ink.words(QRectF(left + wide + deep.x() * _SAMPLES + 4, top + deep.y() * _SAMPLES - 4, 60, 20), words[2])
    told = QCoreApplication.translate("Sketch", "the filled cells share one mean and one spread")
    if kind.name in ("RMSNorm", "LocalResponseNorm"):
        told = QCoreApplication.translate("Sketch", "the filled cells share one mean square")
    ink.words(QRectF(area.left(), top + tall + 22, area.width(), 14), told)
