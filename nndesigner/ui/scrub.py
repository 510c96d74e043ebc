"""The name of a number, by which the number is dragged: to the right up, to the left down."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from nndesigner.catalogue.kind import Param
from nndesigner.ui.ladder import Pace, climbed
from nndesigner.ui.shown import Shown
from nndesigner.ui.theme import look

RUNG = 6  # pixels from one value to the next
_START = 4
_SIGN = 20  # the room its sign takes beside the name
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def pace_of(keys: Qt.KeyboardModifier) -> Pace:
    """Fine with Shift, coarse with Control."""
    return "fine" if keys & _SHIFT else "coarse" if keys & _CONTROL else "plain"


class Scrub(QLabel):
    """The name of a param beside its field; where the value is a number, a handle as well.

    **Signals:** `moved` with each value on the way; `dropped` with the one that is left there, if it is another;
    `let_be` when the drag is over, after that; `pressed` when it was only clicked.
    """

    moved = Signal(object)
    dropped = Signal(object)
    let_be = Signal()
    pressed = Signal()

    def __init__(self, word: str, param: Param, begin: Callable[[], Shown], parent: QWidget) -> None:
        """`begin` gives the value that is there."""
        super().__init__(word, parent)
        self._param, self._begin = param, begin
        self._drag: _Drag | None = None
        self._pressed: QPointF | None = None
        self._drags = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        look.changed.connect(self.update)

    def set_drags(self, drags: bool) -> bool:
        """Whether there is a number that can be dragged by it; says whether that is new."""
        if drags == self._drags:
            return False
        self._drags = drags
        if drags:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.unsetCursor()
            self.cancel()
        self.update()
        return True

    @property
    def dragging(self) -> bool:
        """Whether the number is being dragged."""
        return self._drag is not None

    def cancel(self) -> None:
        """Ends a drag as if it had never begun."""
        self._pressed = None
        if self._end() is not None:
            self.let_be.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._drags:
            self._pressed = event.globalPosition()
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        at = event.globalPosition()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self.cancel()
            return
        if self._drag is None and abs(at.x() - self._pressed.x()) >= _START:
            self._drag = _Drag(self._param, self._begin(), self._pressed.x())
            QApplication.instance().installEventFilter(self)
            self.update()
        if self._drag is not None and self._drag.move(at.x(), pace_of(event.modifiers())):
            self.moved.emit(self._drag.value)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        self.mouseMoveEvent(event_held(event))
        self._pressed = None
        drag = self._end()
        if drag is None:
            self.pressed.emit()
            return
        if drag.value != drag.begun:
            self.dropped.emit(drag.value)
        self.let_be.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        self.cancel()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While a number is dragged, keys are the drag's wherever the cursor is."""
        match event.type():
            case QEvent.Type.ShortcutOverride if self._drag is not None:
                event.accept()
                return True
            case QEvent.Type.KeyPress | QEvent.Type.KeyRelease if isinstance(event, QKeyEvent):
                if self._drag is None:
                    return False
                if event.key() == Qt.Key.Key_Escape:
                    self.cancel()
                elif event.key() in (Qt.Key.Key_Shift, Qt.Key.Key_Control):
                    self._drag.turn(pace_of(QApplication.keyboardModifiers()))
                return True
        return False

    def _end(self) -> "_Drag | None":
        drag, self._drag = self._drag, None
        if drag is not None:
            QApplication.instance().removeEventFilter(self)
            self.update()
        return drag

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._drags or self.fontMetrics().horizontalAdvance(self.text()) + _SIGN > self.width():
            return
        theme = look.theme
        lively = self.underMouse() or self.dragging
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent if lively else theme.edge), 1))
        middle, right, left = self.height() / 2 + 0.5, self.width() - 2.5, self.width() - 14.5
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        for tip, back in ((right, right - 3), (left, left + 3)):
            painter.drawPolyline(
                QPolygonF([QPointF(back, middle - 3), QPointF(tip, middle), QPointF(back, middle + 3)])
            )
        painter.end()


def event_held(event: QMouseEvent) -> QMouseEvent:
    """A release as the last move before it."""
    return QMouseEvent(
        QEvent.Type.MouseMove,
        event.position(),
        event.globalPosition(),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        event.modifiers(),
    )


class _Drag:
    """A number on its way: where the way began, and how fast it goes. A change of pace begins a new way here."""

    def __init__(self, param: Param, value: Shown, x: float) -> None:
        self._param, self.begun, self.value = param, value, value
        self._from, self._x, self._last = value, x, x
        self._pace: Pace = "plain"

    def move(self, x: float, pace: Pace) -> bool:
        """The pointer is here; says whether that makes another value."""
        self.turn(pace)
        self._last = x
        before = self.value
        rungs = int((x - self._x) / RUNG)
        self.value = climbed(self._param, self._from, rungs, self._pace) if rungs else self._from
        return self.value != before

    def turn(self, pace: Pace) -> None:
        """Goes on at this pace."""
        if pace != self._pace:
            self._from, self._x, self._pace = self.value, self._last, pace
