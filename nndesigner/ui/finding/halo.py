"""The marks round what was found: a band outside of each card, told from any ring by where it lies."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractGraphicsShapeItem, QStyleOptionGraphicsItem, QWidget

from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.ink import ink, line_pen

_ASIDE = 7.0  # from a card to the middle of the band
_BAND, _LINE = 6.0, 1.5
_SMALLEST = 10.0  # pixels that a mark takes from however far away
_TICK = 10.0


class Halo(QAbstractGraphicsShapeItem):
    """Bands round areas of a scene; thin and dashed round those that only hold something; corners round the one at hand."""

    def __init__(self) -> None:
        super().__init__()
        self._areas: tuple[QRectF, ...] = ()
        self._holders: tuple[QRectF, ...] = ()
        self._current: QRectF | None = None
        self._bounds = QRectF()

    def surround(
        self, areas: Sequence[QRectF], holders: Sequence[QRectF] = (), current: QRectF | None = None
    ) -> None:
        """Marks these from now on."""
        self.prepareGeometryChange()
        self._areas, self._holders, self._current = tuple(areas), tuple(holders), current
        bounds = QRectF()
        for area in (*areas, *holders):
            bounds = bounds.united(area)
        aside = 2 * _ASIDE + _TICK + _SMALLEST / metrics.SMALLEST_SCALE
        self._bounds = bounds.adjusted(-aside, -aside, aside, aside) if bounds.isValid() else QRectF()
        self.update()

    @property
    def count(self) -> int:
        """How many are marked, without those that only hold something."""
        return len(self._areas)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        place, colors, device = painter.worldTransform(), ink(), painter.device()
        inverse, _ = place.inverted()
        seen = inverse.mapRect(QRectF(0, 0, device.width(), device.height()))
        scale = place.m11()
        aside = max(_ASIDE, _SMALLEST / scale / 2)
        seen = seen.adjusted(-aside, -aside, aside, aside)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        band = QPen(colors.accent_halo, max(_BAND, 3 / scale))
        self._paint(painter, band, self._areas, seen, aside)
        self._paint(painter, line_pen(colors.accent, 1), self._areas, seen, aside + band.widthF() / 2)
        dashed = line_pen(colors.accent, _LINE, Qt.PenStyle.DashLine)
        self._paint(painter, dashed, self._holders, seen, aside)
        if self._current is not None:
            painter.setPen(line_pen(colors.accent, 3))
            away = aside + band.widthF() / 2 + 3 / scale
            area = self._current.adjusted(-away, -away, away, away)
            tick = min(max(_TICK, 8 / scale), area.width() / 3, area.height() / 3)
            for corner, x, y in (
                (area.topLeft(), 1, 1),
                (area.topRight(), -1, 1),
                (area.bottomRight(), -1, -1),
                (area.bottomLeft(), 1, -1),
            ):
                painter.drawPolyline([corner + QPointF(x * tick, 0), corner, corner + QPointF(0, y * tick)])

    def _paint(
        self, painter: QPainter, pen: QPen, areas: Sequence[QRectF], seen: QRectF, aside: float
    ) -> None:
        painter.setPen(pen)
        wide = [area.adjusted(-aside, -aside, aside, aside) for area in areas if seen.intersects(area)]
        if painter.worldTransform().m11() < metrics.ITEMS_FROM:
            painter.drawRects(wide)
            return
        for area in wide:
            painter.drawRoundedRect(area, metrics.CORNER + aside, metrics.CORNER + aside)
