"""What is to be painted anew, in few rectangles.

After a scroll that is a strip at two sides and what had lain below the map, which Qt gives in bands, a strip in several
pieces. Each rectangle has its own search for what is in it, so a little more of the canvas is painted for fewer of them.
"""

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

_MOST = 16
_WORTH = 30_000  # pixels that take as long to paint as one more rectangle


def joined(region: QRegion) -> list[QRect]:
    """Rectangles that cover a region."""
    rects = [QRect(rect) for rect in region] if region.rectCount() <= _MOST else [region.boundingRect()]
    while len(rects) > 1:
        waste, one, other = min(
            (_area(first | second) - _area(first) - _area(second), place, later)
            for place, first in enumerate(rects)
            for later, second in enumerate(rects[place + 1 :], place + 1)
        )
        if waste > _WORTH:
            break
        rects[one] |= rects.pop(other)
    return rects


def _area(rect: QRect) -> int:
    return rect.width() * rect.height()
