"""Small charts of how often each value comes: bars with names, and histograms with bounds."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolTip, QWidget

from nndesigner.data.shown import Distribution
from nndesigner.ui.figures import share, thousands
from nndesigner.ui.theme import font, look, mixed

_HEAD, _FOOT, _BODY, _ROW = 24, 20, 104, 20
_MOST_BARS = 12  # with names beside them; more stand side by side without
_WIDE = 260


class DistributionChart(QWidget):
    """One distribution: few names as bars from the left, numbers as columns."""

    def __init__(self, shown: Distribution, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self._names = 0 < len(shown.names) <= _MOST_BARS
        self.setAccessibleName(shown.title)
        self.setAccessibleDescription(self._said())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._height())
        look.changed.connect(self.update)

    def _height(self) -> int:
        body = len(self.shown.names) * _ROW if self._names else _BODY
        return _HEAD + body + (0 if self._names else _FOOT) + (18 if self.shown.remark else 0) + 4

    def sizeHint(self) -> QSize:
        return QSize(_WIDE, self._height())

    def _said(self) -> str:
        named = zip(self.shown.names, self.shown.counts, strict=False)
        return self.shown.remark or ", ".join(f"{name} {count}" for name, count in named)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.ink))
        title = painter.fontMetrics().elidedText(self.shown.title, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRect(0, 0, self.width(), 18), Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(font(11))
        if self._names:
            self._paint_rows(painter)
        else:
            self._paint_columns(painter)
        if self.shown.remark:
            painter.setPen(QColor(theme.secondary))
            painter.drawText(
                QRect(0, self.height() - 20, self.width(), 16),
                Qt.AlignmentFlag.AlignVCenter,
                self.shown.remark,
            )
        painter.end()

    def _paint_rows(self, painter: QPainter) -> None:
        theme, metrics = look.theme, painter.fontMetrics()
        total, most = sum(self.shown.counts), max(self.shown.counts, default=1) or 1
        wide = (
            min(
                max((metrics.horizontalAdvance(name) for name in self.shown.names), default=0),
                self.width() // 3,
            )
            + 8
        )
        told = (
            max((metrics.horizontalAdvance(self._count(one, total)) for one in self.shown.counts), default=0)
            + 8
        )
        room = max(8, self.width() - wide - told)
        for index, (name, count) in enumerate(zip(self.shown.names, self.shown.counts, strict=True)):
            top = _HEAD + index * _ROW
            painter.setPen(QColor(theme.secondary))
            painter.drawText(
                QRect(0, top, wide - 8, _ROW), Qt.AlignmentFlag.AlignVCenter,
                metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide - 8),
            )  # fmt: skip
            length = round(room * count / most)
            painter.fillRect(QRect(wide, top + 3, max(1, length), _ROW - 6), QColor(theme.accent))
            painter.drawText(
                QRect(wide + length + 8, top, told, _ROW),
                Qt.AlignmentFlag.AlignVCenter,
                self._count(count, total),
            )

    @staticmethod
    def _count(count: int, total: int) -> str:
        return f"{thousands(count)} · {share(count, total)}"

    def _paint_columns(self, painter: QPainter) -> None:
        theme = look.theme
        counts = self.shown.counts
        most = max(counts, default=0)
        floor = _HEAD + _BODY
        painter.fillRect(QRect(0, floor, self.width(), 1), QColor(theme.line))
        if not most:
            return
        for index, count in enumerate(counts):
            place = self._column(index)
            tall = _BODY * count / most
            filled = QRectF(place.left(), floor - tall, place.width(), tall)
            painter.fillRect(filled, QColor(mixed(theme.accent, theme.surface, 0.85)))
        painter.setPen(QColor(theme.secondary))
        foot = QRect(0, floor + 2, self.width(), _FOOT - 4)
        first, last = self._bounds()
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, first)
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, last)

    def _bounds(self) -> tuple[str, str]:
        if self.shown.edges:
            return _written(self.shown.edges[0]), _written(self.shown.edges[-1])
        return (self.shown.names[0], self.shown.names[-1]) if self.shown.names else ("", "")

    def _column(self, index: int) -> QRectF:
        wide = self.width() / max(1, len(self.shown.counts))
        gap = 1.0 if wide > 3 else 0.0
        return QRectF(index * wide, _HEAD, max(1.0, wide - gap), _BODY)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._told_at(event.pos()), self)
            return True
        return super().event(event)

    def _told_at(self, at: QPoint) -> str:
        counts, total = self.shown.counts, sum(self.shown.counts)
        index = (at.y() - _HEAD) // _ROW if self._names else int(at.x() * len(counts) / max(1, self.width()))
        if not 0 <= index < len(counts) or at.y() < _HEAD:
            return self.shown.remark
        if self.shown.edges:
            name = f"{_written(self.shown.edges[index])} – {_written(self.shown.edges[index + 1])}"
        else:
            name = self.shown.names[index]
        return f"{name}: {self._count(counts[index], total)}"


class Charts(QWidget):
    """Many distributions side by side, as many as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataCharts")
        self._charts: list[DistributionChart] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(32)
        self._grid.setVerticalSpacing(24)

    @property
    def titles(self) -> list[str]:
        """What is shown."""
        return [one.shown.title for one in self._charts]

    def show_distributions(self, shown: Sequence[Distribution]) -> None:
        """Shows these."""
        for chart in self._charts:
            self._grid.removeWidget(chart)
            chart.hide()
            chart.deleteLater()
        self._charts = [DistributionChart(one, self) for one in shown]
        self._columns = 0
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        columns = max(1, (self.width() + 32) // (_WIDE + 32))
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for index, chart in enumerate(self._charts):
            self._grid.addWidget(chart, index // columns, index % columns, Qt.AlignmentFlag.AlignTop)
            chart.show()
        rows = -(-len(self._charts) // columns)
        for row in range(rows + 1):
            self._grid.setRowStretch(row, 1 if row == rows else 0)


def _written(number: float) -> str:
    return thousands(round(number)) if abs(number) >= 1000 else f"{number:.4g}"
