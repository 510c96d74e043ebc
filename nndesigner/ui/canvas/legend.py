"""What the cards are looked at by: a small key in the corner of the canvas, with the range the bars stand for."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.canvas.ink import ink
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font, look

_NARROWEST, _WIDEST, _ASIDE = 176, 264, 12
_LEAST_ROOM = QSize(_WIDEST + 4 * _ASIDE, 280)


@dataclass(frozen=True)
class Key:
    """What a legend says: a title, the ends of the range if there is one, remarks below, and what can be done about it.

    `action` is the word on a button, and nothing where there is none; `stale` draws the bar as one that holds no more.
    """

    title: str
    least: str = ""
    most: str = ""
    remarks: tuple[str, ...] = ()
    action: str = ""
    stale: bool = False
    tones: bool = False


class Legend(QFrame):
    """The key at the bottom left of a canvas; there only while the cards show something.

    **Signals:** `closed` when it is sent away; `wanted` when its button is clicked.
    """

    closed = Signal()
    wanted = Signal()

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("legend")
        self.key: Key | None = None
        self._title = plain_label("", face=font(11, QFont.Weight.DemiBold))
        self._title.setObjectName("legendTitle")
        close = QToolButton(self)
        close.setObjectName("legendClose")
        close.setAccessibleName(self.tr("Show it no longer"))
        close.setToolTip(self.tr("Show it no longer"))
        close.setAutoRaise(True)
        close.setIconSize(QSize(14, 14))
        close.setFixedSize(24, 24)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.dress(close, "close", "secondary")
        self._scale = _Scale(self)
        self._least = plain_label("", "secondary", font(11, mono=True))
        self._most = plain_label("", "secondary", font(11, mono=True))
        self._remarks = plain_label("", "secondary", font(11), wrap=True)
        self._remarks.setObjectName("legendRemarks")
        self._button = QPushButton(self)
        self._button.setObjectName("legendAction")
        self._button.setAccessibleName(self.tr("What can be done"))
        self._button.setFixedHeight(24)
        self._button.setProperty("small", True)
        self._button.setFont(font(11))
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addWidget(close)
        self._ends = QWidget(self)
        ends = QHBoxLayout(self._ends)
        ends.setContentsMargins(0, 0, 0, 0)
        ends.addWidget(self._least)
        ends.addStretch(1)
        ends.addWidget(self._most)
        foot = QHBoxLayout()
        foot.addWidget(self._button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 10)
        column.setSpacing(4)
        column.addLayout(top)
        for part in (self._scale, self._ends, self._remarks):
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 6, 0)
            row.addWidget(part)
            column.addLayout(row)
        column.addSpacing(2)
        column.addLayout(foot)
        close.clicked.connect(self.closed)
        self._button.clicked.connect(self.wanted)
        canvas.installEventFilter(self)
        look.changed.connect(self._recolour)
        self._recolour()
        self.hide()

    def show_key(self, key: Key | None) -> None:
        """Says this; nothing hides it."""
        if key == self.key:
            return
        self.key = key
        if key is not None:
            self._title.setText(key.title)
            self._scale.setVisible(bool(key.most))
            self._ends.setVisible(bool(key.most))
            self._scale.show_bar(key.stale, key.tones)
            self._least.setText(key.least)
            self._most.setText(key.most)
            self._remarks.setText("\n".join(key.remarks))
            self._remarks.setVisible(bool(key.remarks))
            self._button.setText(key.action)
            self._button.setAccessibleName(key.action)
            self._button.setVisible(bool(key.action))
            span = f"{key.least} – {key.most}" if key.most else ""
            self.setAccessibleName(". ".join(one for one in (key.title, span, *key.remarks) if one))
        self._place()

    def _place(self) -> None:
        room = self.parentWidget().size()
        there = self.key is not None and room.expandedTo(_LEAST_ROOM) == room
        self.setVisible(there)
        if there:
            layout = self.layout()
            assert layout is not None
            layout.activate()
            width = self._width()
            height = layout.heightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()
            self.setGeometry(_ASIDE, room.height() - height - _ASIDE, width, height)
            self.raise_()

    def _width(self) -> int:
        """As wide as its longest line, within bounds."""
        assert self.key is not None
        small = self._remarks.fontMetrics()
        mono = self._most.fontMetrics()
        lines = [
            self._title.fontMetrics().horizontalAdvance(self.key.title) + 52,
            mono.horizontalAdvance(f"{self.key.least}   {self.key.most}") + 16,
            *(small.horizontalAdvance(line) + 20 for line in self.key.remarks),
        ]
        return min(_WIDEST, max(_NARROWEST, max(lines) + 12))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    # What is done on it is not done on the canvas below.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def _recolour(self) -> None:
        theme = look.theme
        self.setStyleSheet(
            f"#legend {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: 8px; }}"
        )


class _Scale(QWidget):
    """A wedge that grows from the shortest bar to the longest; only its outline where it holds no more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(10)
        self._stale = self._tones = False

    def show_bar(self, stale: bool, tones: bool) -> None:
        """Shows it as what holds no more, or in the colour of what learns."""
        self._stale, self._tones = stale, tones
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), ink()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, foot = self.width() - 1, self.height() - 1
        wedge = QPolygonF([QPointF(0.5, foot - 1), QPointF(wide, 1), QPointF(wide, foot), QPointF(0.5, foot)])
        painter.setPen(colors.secondary if self._stale else Qt.PenStyle.NoPen)
        if not self._stale:
            painter.setBrush(colors.tones["good"] if self._tones else colors.accent)
        painter.drawPolygon(wedge)
        painter.end()
