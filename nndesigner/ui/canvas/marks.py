"""What a card shows of its node besides what it is: how much of the whole it takes, how it learns, and where it broke."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.ink import ink
from nndesigner.ui.canvas.load import Load

_NEAR, _FAR = 3, 6  # how thick the bar is
_FROM_FOOT = 10
_LEAST = 3.0


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a node learns: a bar of `length` from 0 to 1, or none where it has no gradient; `tone` is "good", "warning" or
    "error", and `words` say it too.
    """

    length: float | None
    tone: str
    words: str


@dataclass(frozen=True)
class Marks:
    """What is shown on the cards, by the names of their nodes; `broken` is the first that gave no numbers any more."""

    loads: Mapping[str, Load] = field(default_factory=dict)
    pulses: Mapping[str, Pulse] = field(default_factory=dict)
    broken: str = ""


def paint_pulse(painter: QPainter, pulse: Pulse, width: float, height: float, near: bool) -> None:
    """Paints the bar where the card's corner is the painter's origin."""
    if pulse.length is None:
        return
    colors = ink()
    left, thick = (metrics.TEXT_LEFT, _NEAR) if near else (18, _FAR)
    room = width - metrics.TEXT_RIGHT - left
    top = height - _FROM_FOOT - (thick - _NEAR)
    painter.fillRect(QRectF(left, top, room, thick), colors.track)
    length = max(room * min(pulse.length, 1.0), _LEAST)
    painter.fillRect(QRectF(left, top, length, thick), colors.tones[pulse.tone])
