"""Texts of a data set, divided into their tokens, with those a network does not see in another colour."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nndesigner.data.shown import Sample, Token
from nndesigner.ui.theme import font, look, mixed

_LINE, _INSET, _APART, _WORDS = 26, 6, 4, 72


@dataclass(frozen=True)
class _Chip:
    token: Token
    place: QRectF


class SentenceRows(QWidget):
    """A row for each text: the name of its field, and a chip for each token."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataSentences")
        self._samples: tuple[Sample, ...] = ()
        self._chips: list[_Chip] = []
        self._heads: list[tuple[float, str]] = []
        self._rules: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        look.changed.connect(self.update)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is shown."""
        return self._samples

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Shows these."""
        self._samples = samples
        said = (one.text for sample in samples for one in sample.texts)
        self.setAccessibleDescription(" / ".join(said)[:2000])
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._place()

    def _place(self) -> None:
        """Where each chip stands, line by line."""
        metrics = QFontMetricsF(font(13))
        widths: dict[str, float] = {}
        self._chips, self._heads, self._rules = [], [], []
        top = 0.0
        for sample in self._samples:
            texts = [(one.field, one.tokens) for one in sample.texts]
            for name, tokens in texts:
                self._heads.append((top, name))
                left = float(_WORDS)
                for token in tokens:
                    if token.text not in widths:
                        widths[token.text] = metrics.horizontalAdvance(_written(token))
                    wide = widths[token.text] + 2 * _INSET
                    wide = min(wide, max(24.0, self.width() - _WORDS))
                    if left > _WORDS and left + wide > self.width():
                        left, top = float(_WORDS), top + _LINE + _APART
                    self._chips.append(_Chip(token, QRectF(left, top, wide, _LINE)))
                    left += wide + _APART
                top += _LINE + _APART + 2
            if sample.label:
                self._heads.append((top, f"→ {sample.label}"))
                top += _LINE
            self._rules.append(top + 5)
            top += 14
        self.setMinimumHeight(round(top))
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = look.theme
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(11))
        painter.setPen(QColor(theme.secondary))
        for top, name in self._heads:
            room = self.width() if name.startswith("→") else _WORDS - 8
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(0, top, room, _LINE), middle, shown)
        painter.setPen(QPen(QColor(theme.line), 1))
        for top in self._rules[:-1]:
            painter.drawLine(0, round(top), self.width(), round(top))
        painter.setFont(font(13))
        seen = QRectF(event.rect())
        for chip in self._chips:
            if chip.place.intersects(seen):
                self._paint_chip(painter, chip)
        painter.end()

    @staticmethod
    def _paint_chip(painter: QPainter, chip: _Chip) -> None:
        theme, lost = look.theme, chip.token.lost
        painter.setPen(QPen(QColor(theme.warning), 1) if lost == "unknown" else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(Qt.BrushStyle.NoBrush if lost else QColor(theme.raised))
        painter.drawRoundedRect(chip.place.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        pale = mixed(theme.secondary, theme.surface, 0.7)
        painter.setPen(QColor({"unknown": theme.warning, "cut": pale}.get(lost, theme.ink)))
        painter.drawText(chip.place, Qt.AlignmentFlag.AlignCenter, _written(chip.token))


def _written(token: Token) -> str:
    """A token with what can't be seen made visible."""
    return (
        token.text.replace("\n", "↵").replace("\t", "⇥")
        if token.text.strip()
        else {"\n": "↵", "\t": "⇥"}.get(token.text, "␣")
    )
