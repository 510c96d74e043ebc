"""Keys drawn as key caps."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from nndesigner.ui.theme import Theme, font, mixed

HEIGHT = 22.0
_APART = 4.0


def width_of(keys: str) -> float:
    """How wide the caps of a shortcut are, such as `Ctrl+K`."""
    return sum(_cap(key) + _APART for key in _split(keys)) - _APART if keys else 0.0


def paint(painter: QPainter, at: QPointF, keys: str, theme: Theme) -> None:
    """Paints the caps of a shortcut from left to right, their upper left corner at a place."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x = at.x()
    for key in _split(keys):
        cap = QRectF(x + 0.5, at.y() + 0.5, _cap(key) - 1, HEIGHT - 2)
        # A cap is a little taller than its face: its front shows below.
        painter.setPen(QPen(QColor(theme.edge), 1))
        painter.setBrush(QColor(mixed(theme.edge, theme.surface, 0.35)))
        painter.drawRoundedRect(cap.translated(0, 1.5), 5, 5)
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(cap, 5, 5)
        painter.setPen(QColor(theme.ink))
        painter.setFont(font(12))
        measures = QFontMetricsF(painter.font())
        baseline = cap.center().y() + (measures.ascent() - measures.descent()) / 2
        painter.drawText(QPointF(cap.center().x() - measures.horizontalAdvance(key) / 2, baseline), key)
        x += _cap(key) + _APART
    painter.restore()


def _split(keys: str) -> list[str]:
    if keys.endswith("+") and len(keys) > 1:
        return [*keys[:-2].split("+"), "+"] if len(keys) > 2 else ["+"]
    return keys.split("+") if len(keys) > 1 else [keys]


def _cap(key: str) -> float:
    return max(HEIGHT, QFontMetricsF(font(12)).horizontalAdvance(key) + 14)
