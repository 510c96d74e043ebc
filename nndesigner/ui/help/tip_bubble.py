"""The bubble of a tip: it stands in a corner of the canvas where nothing is being done, and never takes the focus."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCursor, QFont
from PySide6.QtWidgets import QFrame, QGraphicsView, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font

_WIDTH, _NARROWEST, _ASIDE, _ROUND_POINTER = 332, 232, 16, 120


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
        return canvas.isVisible() and canvas.width() >= _NARROWEST + 2 * _ASIDE and canvas.height() >= 240

    def tell(self, text: str, canvas: QGraphicsView) -> None:
        """Says this over a canvas; a screen reader says it aloud."""
        if self._canvas is not canvas:
            self._canvas = canvas
            canvas.installEventFilter(self)
        self._text.setText(text)
        self.setAccessibleName(self.tr("Tip: {}").format(text))
        self._put()
        self.show()
        self.raise_()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._put()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return False

    def make_way(self) -> None:
        """Something else came onto the canvas: goes elsewhere if it stands in its way."""
        if self.isVisible():
            self._put()

    def _close(self, forever: bool) -> None:
        self.hide()
        self.closed.emit(forever)

    def _put(self) -> None:
        """Into the corner of the canvas that holds the fewest cards and not the pointer."""
        canvas = self._canvas
        assert canvas is not None
        room = QRect(canvas.mapTo(self._window, QPoint(0, 0)), canvas.size())
        room.adjust(_ASIDE, _ASIDE, -_ASIDE, -_ASIDE)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        wide = max(_NARROWEST, min(_WIDTH, room.width()))
        size = QSize(wide, layout.totalHeightForWidth(wide))
        self.resize(size)
        corners = [
            QPoint(room.left(), room.bottom() - size.height()),
            QPoint(room.right() - size.width(), room.top()),
            QPoint(room.left(), room.top()),
            QPoint(room.right() - size.width(), room.bottom() - size.height()),
        ]
        self.move(min(corners, key=lambda corner: self._hides(QRect(corner, size))))

    def _hides(self, place: QRect) -> int:
        """How much of what matters a bubble there would stand on."""
        canvas, window = self._canvas, self._window
        assert canvas is not None
        pointer = window.mapFromGlobal(QCursor.pos())
        near = QRect(
            pointer - QPoint(_ROUND_POINTER, _ROUND_POINTER), QSize(2 * _ROUND_POINTER, 2 * _ROUND_POINTER)
        )
        there = QRect(canvas.mapFrom(window, place.topLeft()), place.size())
        area = canvas.mapToScene(there).boundingRect()
        chosen = canvas.scene().selectedItems() if canvas.scene() else []
        on_chosen = any(area.intersects(one.sceneBoundingRect()) for one in chosen)
        on_widgets = sum(
            there.intersects(one.geometry())
            for holder in (canvas, canvas.viewport())
            for one in holder.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if one.isVisible() and one is not canvas.viewport()
        )
        cards = len(canvas.scene().items(QRectF(area))) if canvas.scene() else 0
        return 1000 * (near.intersects(place) + on_chosen) + 100 * on_widgets + min(cards, 99)
