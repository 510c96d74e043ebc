"""The measures of the canvas: its grid, the sizes of what lies on it, its fonts and its texts, each laid out once."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGlyphRun,
    QGuiApplication,
    QStaticText,
    QTextLayout,
)

GRID = 8
DOTS = 24
CORNER = 8
STRIPE = 4
MARGIN = 12  # what an item paints around its card: ports, rings, badges, the cards behind a repeated one
ICON = 16
TEXT_LEFT = 44
TEXT_RIGHT = 16
CARD_HEIGHT = 56
PICTURE_HEIGHT = 40  # of the inside of a block, below its words
CRUMBS_ROOM = 40  # above the inside of a block, where the way to it is shown
LINES_FROM = 288  # on paper, the params on a card as wide as this are in two lines where they are many
CARD_WIDTH = 208  # the same for all, so that a column of layers is one
PORT_STEP = 32
PORT_RADIUS = 5
OPTIONAL_RADIUS = 3  # of a port that is complete without a wire
PORT_REACH = 12
SNAP_REACH = 24

FULL_FROM = 0.6  # below this scale a card shows icon and name only
ITEMS_FROM = 0.3  # below this one the view paints the whole model itself
SMALLEST_SCALE, LARGEST_SCALE = 0.04, 4.0


class Lettering(Enum):
    """A way of setting type on the canvas."""

    NAME = "name"
    FAR = "name, from far away"
    SMALL = "params and notes"
    SHAPE = "shapes"


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return float(math.floor(value / GRID + 0.5) * GRID)


def whole_cells(value: float) -> int:
    """The smallest size on the grid that has room for this."""
    return math.ceil(value / GRID) * GRID


_set_in: list[tuple[QFont, QFont]] = []


@contextmanager
def set_in(interface: QFont, fixed: QFont) -> Iterator[None]:
    """All type is set in these fonts meanwhile, the second for shapes: a figure does not depend on the window's."""
    _set_in.append((interface, fixed))
    _forget()
    try:
        yield
    finally:
        _set_in.pop()
        _forget()


def _forget() -> None:
    for known in (font, font_metrics, text_width, elided, laid_out, glyphs_of):
        known.cache_clear()


@lru_cache
def font(face: Lettering) -> QFont:
    """The font of a face; the application's, but for shapes."""
    if _set_in:
        made = QFont(_set_in[-1][face is Lettering.SHAPE])
    elif face is Lettering.SHAPE:
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    else:
        made = QFont(QGuiApplication.font())
    made.setPixelSize({Lettering.NAME: 13, Lettering.FAR: 20}.get(face, 11))
    if face in (Lettering.NAME, Lettering.FAR):
        made.setWeight(QFont.Weight.DemiBold)
    return made


@lru_cache
def font_metrics(face: Lettering) -> QFontMetricsF:
    """The measures of a face."""
    return QFontMetricsF(font(face))


@lru_cache(maxsize=16384)
def text_width(text: str, face: Lettering) -> float:
    """How wide a text is."""
    return font_metrics(face).horizontalAdvance(text)


@lru_cache(maxsize=16384)
def elided(text: str, face: Lettering, room: float) -> str:
    """The text, or as much of it as there is room for."""
    if text_width(text, face) <= room:
        return text
    return font_metrics(face).elidedText(text, Qt.TextElideMode.ElideRight, room)


@lru_cache(maxsize=16384)
def laid_out(text: str, face: Lettering) -> QStaticText:
    """A text ready to be painted; the same text is laid out once, however many cards show it."""
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=font(face))
    return made


@lru_cache(maxsize=16384)
def glyphs_of(text: str, face: Lettering) -> tuple[QGlyphRun, ...]:
    """A text as the glyphs that show it, from its upper left corner. Unlike `laid_out` they serve every scale."""
    layout = QTextLayout(text, font(face))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return tuple(layout.glyphRuns())
