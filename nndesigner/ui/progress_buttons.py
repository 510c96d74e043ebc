"""The one accent-coloured button, Train, and the quiet ones that take its place during a run."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QStyle, QWidget

from nndesigner.ui import icons
from nndesigner.ui.theme import font, look, mixed

_ICON = 16
_RING = 20
_GLOW = 900


class ActionButton(QAbstractButton):
    """A button with the word of an action, which it triggers; a ring of progress may go round its icon."""

    def __init__(
        self, action: QAction, name: str, icon: str, accent: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.twice = False  # whether a double click means two
        self._action, self._icon, self._accent = action, icon, accent
        self._progress: float | None = None
        self._light = 0.0
        self._glow = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=_GLOW)
        self._glow.valueChanged.connect(self._glowed)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(30)
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)
        look.changed.connect(self.update)
        self._follow()

    def set_progress(self, fraction: float | None) -> None:
        """How far the ring goes round, from 0 to 1; None for no ring."""
        self._progress = fraction
        self.update()

    def glow(self) -> None:
        """Lights up once and fades, unless no motion is wanted."""
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._glow.start()

    def _glowed(self, part: float) -> None:
        self._light = 0.3 * math.sin(math.pi * part)
        self.update()

    def _follow(self) -> None:
        text = self._action.text().replace("&", "")
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        self.updateGeometry()
        self.update()

    def _face(self) -> QFont:
        return font(13, QFont.Weight.DemiBold if self._accent else QFont.Weight.Normal)

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self._face()).horizontalAdvance(self.text())
        return QSize(round(words) + _RING + 6 + 22, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Of a double click on Train, the second falls on the Pause that has taken its place.
        if self.twice:
            super().mouseDoubleClickEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        active = self.isEnabled()
        fill, ink = self._colors()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(body, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.ink if self._accent else theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body, 6, 6)
        place = QPointF(body.left() + 10 + _RING / 2, body.center().y())
        size = 10 if self._progress is not None else _ICON
        mode = QIcon.Mode.Normal if active else QIcon.Mode.Disabled
        icons.icon(self._icon, colour=ink).paint(
            painter, QRectF(place.x() - size / 2, place.y() - size / 2, size, size).toRect(), mode=mode
        )
        if self._progress is not None:
            self._paint_ring(painter, QRectF(place.x() - 9, place.y() - 9, 18, 18))
        painter.setFont(self._face())
        painter.setPen(QColor(ink))
        painter.drawText(body.adjusted(10 + _RING + 5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()

    def _colors(self) -> tuple[str, str]:
        theme = look.theme
        if not self.isEnabled():
            return (theme.raised if self._accent else theme.paper), mixed(theme.secondary, theme.surface, 0.6)
        depth = 0.24 if self.isDown() else 0.12 if self.underMouse() else 0.0
        if self._accent:
            return mixed(theme.surface, mixed(theme.ink, theme.fill, depth), self._light), theme.on_accent
        return mixed(theme.ink, theme.paper, depth / 2), theme.ink

    def _paint_ring(self, painter: QPainter, place: QRectF) -> None:
        theme = look.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.line), 2))
        painter.drawEllipse(place)
        pen = QPen(QColor(theme.accent), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        turn = max(0.0, min(1.0, self._progress or 0.0))
        painter.drawArc(place, 90 * 16, -round(turn * 360 * 16))
