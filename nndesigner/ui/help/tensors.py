"""Tensors as sheets of cells, coloured by their values: what goes into a kind, and what comes out of it."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF

from nndesigner.ui.help.figures import Grid, Grids
from nndesigner.ui.help.ink import Ink

_LARGEST_CELL, _SHEET, _BETWEEN, _ARROW, _WORDS = 22.0, 5.0, 24.0, 56.0, 24.0
_NUMBERS_FROM = 17.0  # pixels of a cell that its number fits into
_MOST = 4  # tensors on one side


def paint(ink: Ink, area: QRectF, grids: Grids) -> None:
    """Paints all that goes in, an arrow, and all that comes out."""
    before, after = grids.before[:_MOST], grids.after[:_MOST]
    if ink.family == "activation" and all(len(one.shape) == 1 for one in (*before, *after)):
        _paint_bars(ink, area, before, after)
        return
    room = area.adjusted(12, 10, -12, -_WORDS)
    cell = _cell(before, after, room)
    shared = _span([one for one in (*before, *after) if not one.whole])
    wide = sum(_width(one, cell) for one in (*before, *after))
    gaps = _BETWEEN * (max(len(before) - 1, 0) + max(len(after) - 1, 0))
    arrow = _ARROW if before else 0.0
    x = area.center().x() - (wide + gaps + arrow) / 2
    middle = room.center().y()
    for side, grids_ in enumerate((before, after)):
        for number, grid in enumerate(grids_):
            x += _BETWEEN if number else 0.0
            _paint_grid(ink, grid, x, middle, cell, _span([grid]) if grid.whole else shared)
            x += _width(grid, cell)
        if side == 0 and before:
            ink.arrow(QPointF(x + 12, middle), QPointF(x + _ARROW - 12, middle), colour="ink")
            x += _ARROW


def _paint_bars(ink: Ink, area: QRectF, before: tuple[Grid, ...], after: tuple[Grid, ...]) -> None:
    """Single rows as bars, each row by its own measure."""
    wide = (area.width() - 96) / 2
    for grid, left in ((before[0], area.left() + 20), (after[0], area.right() - 20 - wide)):
        values = grid.shown[0][0]
        low, high = min(0.0, *values), max(0.0, *values)
        room = QRectF(left, area.top() + 34, wide, area.height() - 76)
        unit, step = room.height() / ((high - low) or 1.0), wide / len(values)
        base = room.bottom() + low * unit
        for number, value in enumerate(values):
            bar = QRectF(left + number * step + 2, base, step - 4, -value * unit).normalized()
            ink.painter.fillRect(bar, ink.tint(0.75))
            words = f"{value:.2f}".replace("-", "−")
            ink.words(
                QRectF(bar.left() - 6, bar.top() - 16 if value >= 0 else bar.bottom() + 2, step + 8, 14),
                words,
                9,
                mono=True,
            )
        ink.wire(QPointF(left, base), QPointF(left + wide, base), 1.0, "edge")
        total = f"{sum(values):.2f}".replace("-", "−")
        ink.words(QRectF(left, area.bottom() - 26, wide, 14), "Σ = " + total, mono=True)
    middle = area.center()
    ink.arrow(QPointF(middle.x() - 18, middle.y()), QPointF(middle.x() + 18, middle.y()), colour="ink")


def _rows(grid: Grid) -> tuple[int, int]:
    sheet = grid.shown[0] if grid.shown else ((),)
    return max(len(sheet), 1), max(len(sheet[0]) if sheet else 0, 1)


def _width(grid: Grid, cell: float) -> float:
    words = 6.2 * len(_shape(grid)) + 8
    return max(_rows(grid)[1] * cell + _SHEET * (len(grid.shown) - 1), words)


def _cell(before: tuple[Grid, ...], after: tuple[Grid, ...], room: QRectF) -> float:
    """As large as the tallest and all beside each other allow."""
    every = (*before, *after)
    tall = max(_rows(one)[0] for one in every)
    deep = max(len(one.shown) for one in every) - 1
    gaps = _BETWEEN * (max(len(before) - 1, 0) + max(len(after) - 1, 0)) + (_ARROW if before else 0.0)
    cell = min(_LARGEST_CELL, (room.height() - deep * _SHEET) / tall)
    while cell > 3 and sum(_width(one, cell) for one in every) + gaps > room.width():
        cell -= 0.5
    return cell


def _span(grids: Sequence[Grid]) -> tuple[float, float]:
    values = [v for one in grids for sheet in one.shown for row in sheet for v in row if math.isfinite(v)]
    return (min(values), max(values)) if values else (0.0, 1.0)


def _shape(grid: Grid) -> str:
    return "×".join(map(str, grid.shape)) if grid.shape else "1"


def _paint_grid(
    ink: Ink, grid: Grid, x: float, middle: float, cell: float, span: tuple[float, float]
) -> None:
    tall, wide = _rows(grid)
    deep = _SHEET * (len(grid.shown) - 1)
    left = x + (_width(grid, cell) - wide * cell - deep) / 2
    top = middle - (tall * cell - deep) / 2
    spread = span[1] - span[0] or 1.0
    small = (
        all(v == int(v) and abs(v) < 100 for row in grid.shown[0] for v in row if math.isfinite(v))
        if grid.shown
        else False
    )
    for number in reversed(range(len(grid.shown))):
        shift = number * _SHEET
        for row, values in enumerate(grid.shown[number]):
            for column, value in enumerate(values):
                place = QRectF(left + column * cell + shift, top + row * cell - shift, cell, cell)
                share = (value - span[0]) / spread if math.isfinite(value) else 0.0
                ink.painter.fillRect(place, ink.theme.raised)
                ink.cell(place, 0.06 + 0.74 * share)
                if small and number == 0 and cell >= _NUMBERS_FROM:
                    ink.words(place, str(int(value)).replace("-", "−"), 10, "ink", mono=True)
    words = _shape(grid) + (" …" if grid.cut else "")
    ink.words(QRectF(x, middle + (tall * cell + deep) / 2 + 6, _width(grid, cell), 14), words, mono=True)
