"""The bubble of a tip: it stands at an edge of the canvas where there is nothing, and never takes the focus."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCursor, QFont
from PySide6.QtWidgets import QFrame, QGraphicsView, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.canvas.items import EdgeItem
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font

_WIDTHS, _ASIDE, _ROUND_POINTER = (332, 282, 232), 16, 120
_ROWS = 8  # places that are tried from the upper edge to the lower one
_BLOCKED, _NEAR_POINTER = 10_000, 500


class TipBubble(QFrame):
    """One bubble in a window. **Signals:** `closed` with whether no other tip is wanted."""

    closed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tip")
        self._window = parent
        self._canvas: QGraphicsView | None = None
        self._text = plain_label("", wrap=True)
        self._text.setObjectName("tipText")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(icons.Picture("help", 16, "accent"))
        head.addWidget(plain_label(self.tr("Tip"), "secondary", font(11, QFont.Weight.DemiBold)), 1)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addStretch(1)
        for words, name, forever in (
            (self.tr("No more tips"), "tipNoMore", True),
            (self.tr("Got it"), "tipGotIt", False),
        ):
            button = QPushButton(words)
            button.setObjectName(name)
            button.setAccessibleName(words)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if forever:
                button.setProperty("quiet", True)
            button.clicked.connect(lambda _=False, forever=forever: self._close(forever))
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addLayout(foot)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    @staticmethod
    def fits(canvas: QGraphicsView) -> bool:
        """Whether there is room for it on a canvas."""
        return canvas.isVisible() and canvas.width() >= min(_WIDTHS) + 2 * _ASIDE and canvas.height() >= 240

    def tell(self, text: str, canvas: QGraphicsView) -> bool:
        """Says this over a canvas, if there is room where it hides nothing; a screen reader says it aloud."""
        if self._canvas is not canvas:
            self._canvas = canvas
            canvas.installEventFilter(self)
        self._text.setText(text)
        if not self.fits(canvas) or self._put() >= _BLOCKED:
            return False
        self.setAccessibleName(self.tr("Tip: {}").format(text))
        self.show()
        self.raise_()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.make_way()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return False

    def make_way(self) -> None:
        """Something else came where it stands: goes elsewhere, and altogether if there is no room."""
        canvas = self._canvas
        if not self.isVisible() or canvas is None:
            return
        room = QRect(canvas.mapTo(self._window, QPoint(0, 0)), canvas.size())
        if room.contains(self.geometry()) and self._hides(self.geometry()) < _NEAR_POINTER:
            return
        if not self.fits(canvas) or self._put() >= _BLOCKED:
            self.hide()

    def _close(self, forever: bool) -> None:
        self.hide()
        self.closed.emit(forever)

    def _put(self) -> int:
        """To the place at the canvas' edge where it hides the least, as wide as can be; gives how much it hides."""
        canvas, layout = self._canvas, self.layout()
        assert canvas is not None and layout is not None
        room = QRect(canvas.mapTo(self._window, QPoint(0, 0)), canvas.size())
        room.adjust(_ASIDE, _ASIDE, -_ASIDE, -_ASIDE)
        layout.activate()
        costs: dict[tuple[int, int, int, int], int] = {}
        for wide in (width for width in _WIDTHS if width <= room.width()):
            high = layout.totalHeightForWidth(wide)
            for x, y in _places(room, wide, high):
                costs[x, y, wide, high] = self._hides(QRect(x, y, wide, high))
            if min(costs.values()) < _BLOCKED:
                break
        best = min(costs, key=lambda place: costs[place])
        self.setGeometry(*best)
        return costs[best]

    def _hides(self, place: QRect) -> int:
        """How much of what matters a bubble there would stand on: wires hardly do."""
        canvas, window = self._canvas, self._window
        assert canvas is not None
        pointer = window.mapFromGlobal(QCursor.pos())
        near = QRect(
            pointer - QPoint(_ROUND_POINTER, _ROUND_POINTER), QSize(2 * _ROUND_POINTER, 2 * _ROUND_POINTER)
        )
        there = QRect(canvas.mapFrom(window, place.topLeft()), place.size())
        on_widgets = any(
            there.intersects(one.geometry())
            for holder in (canvas, canvas.viewport())
            for one in holder.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if one.isVisible() and one is not canvas.viewport()
        )
        area = canvas.mapToScene(there).boundingRect()
        under = canvas.scene().items(QRectF(area)) if canvas.scene() else []
        wires = [one for one in under if isinstance(one, EdgeItem)]
        chosen = any(one.isSelected() for one in wires)
        cards = len(under) - len(wires)
        return (
            _BLOCKED * (cards + on_widgets + chosen)
            + _NEAR_POINTER * near.intersects(place)
            + min(len(wires), 99)
        )


def _places(room: QRect, wide: int, high: int) -> list[tuple[int, int]]:
    """The corners of a room, and what lies between them at its sides."""
    left, top, right, lowest = room.left(), room.top(), room.right() - wide, room.bottom() - high
    rows = [top + (lowest - top) * row // _ROWS for row in range(1, _ROWS)]
    corners = [(left, lowest), (right, top), (left, top), (right, lowest)]
    return corners + [(x, y) for y in reversed(rows) for x in (left, right)]
