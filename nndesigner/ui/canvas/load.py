"""How much of the whole a node takes: a thin bar at the foot of its card, and the share in figures beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from nndesigner.ui import figures
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.ink import ink

_NEAR, _FAR = 3, 6  # how thick the bar is
_FROM_FOOT = 10
_LEAST = 3.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a card shows of its node's share. `length` is 1 for the heaviest node in sight; `words` is the share of the
    whole network. What is `stale` held once.
    """

    length: float
    words: str
    stale: bool = False


def loads(amounts: Mapping[str, int], whole: int) -> dict[str, Load]:
    """The loads of nodes by their amounts; a node that takes nothing has none."""
    most = max(amounts.values(), default=0)
    return {
        name: Load(amount / most, figures.share(amount, whole))
        for name, amount in amounts.items()
        if amount > 0
    }


def durations(times: Mapping[str, float], whole: float, stale: bool) -> dict[str, Load]:
    """The loads of nodes by the seconds they take; what takes none has none."""
    most = max(times.values(), default=0.0)
    return {
        name: Load(time / most, f"{figures.brief(time)} · {figures.share(time, whole)}", stale)
        for name, time in times.items()
        if time > 0
    }


def paint_load(painter: QPainter, load: Load, width: float, height: float, near: bool) -> None:
    """Paints the bar where the card's corner is the painter's origin."""
    colors = ink()
    left, thick = (metrics.TEXT_LEFT, _NEAR) if near else (18, _FAR)
    room = width - metrics.TEXT_RIGHT - left
    top = height - _FROM_FOOT - (thick - _NEAR)
    painter.fillRect(QRectF(left, top, room, thick), colors.track)
    length = max(room * load.length, _LEAST)
    if load.stale:
        painter.setPen(colors.secondary)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left + 0.5, top + 0.5, length - 1, thick - 1))
    else:
        painter.fillRect(QRectF(left, top, length, thick), colors.accent)


def bar_of(card: QRectF, load: Load) -> QRectF:
    """The part of a card that is filled when the whole network is seen from far away."""
    return QRectF(card.x(), card.y(), max(card.width() * load.length, 2 * metrics.CORNER), card.height())
