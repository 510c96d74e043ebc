"""What a value would do that is only tried: a few words that float below the field it stands in."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font, look

_WIDTH, _GAP = 272, 4


@dataclass(frozen=True)
class Effect:
    """What would follow: differences in words, what the node would give, and what would not fit any more."""

    differences: tuple[str, ...] = ()
    shape: str = ""
    problems: tuple[str, ...] = ()
    cured: str = ""


class EffectNote(QFrame):
    """A note that lets every event through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("effect")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.effect = Effect()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 12, 8)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        look.changed.connect(self._recolour)
        self._recolour()
        self.hide()

    @property
    def words(self) -> str:
        """All that it says."""
        effect = self.effect
        return "\n".join(filter(None, (*effect.differences, effect.shape, *effect.problems, effect.cured)))

    def tell(self, effect: Effect, around: QRect) -> None:
        """Says this below an area of the parent, or above it where there is no room."""
        if effect != self.effect or self.isHidden():
            self.effect = effect
            self._fill()
        self.setAccessibleName(self.words)
        room = self.parentWidget().rect()
        width = min(max(_WIDTH, around.width()), room.width() - 2 * _GAP)
        self.setFixedWidth(width)
        self._grid.activate()
        height = (
            self._grid.heightForWidth(width) if self._grid.hasHeightForWidth() else self.sizeHint().height()
        )
        self.resize(width, height)
        left, right = around.left(), around.right() + 1 - width
        x = left if left + width <= room.width() - _GAP else max(right, _GAP)
        below = around.bottom() + 1 + _GAP
        y = below if below + height <= room.height() - _GAP else around.top() - _GAP - height
        self.move(QPoint(x, max(y, _GAP)))
        self.show()
        self.raise_()

    def _fill(self) -> None:
        while item := self._grid.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        effect = self.effect
        if effect.differences:
            for words in effect.differences:
                self._grid.addWidget(
                    plain_label(
                        words,
                        face=font(13, QFont.Weight.DemiBold if words[0] in "+−" else QFont.Weight.Normal),
                    ),
                    self._grid.rowCount(),
                    0,
                    1,
                    2,
                )
        if effect.shape:
            self._grid.addWidget(
                plain_label(effect.shape, "secondary", font(11, mono=True)), self._grid.rowCount(), 0, 1, 2
            )
        for words in effect.problems:
            self._say("problem", "error", words)
        if effect.cured:
            self._say("check", "good", effect.cured)

    def _say(self, icon: str, tone: str, words: str) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(icons.Picture(icon, 14, tone, self), row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(plain_label(words, face=font(12), wrap=True), row, 1)

    def _recolour(self) -> None:
        theme = look.theme
        self.setStyleSheet(
            f"#effect {{ background: {theme.surface}; border: 1px solid {theme.edge}; border-radius: 6px; }}"
        )
