"""The places one has looked at, one after the other, and the way back and forward among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent

from nndesigner.ui.finding.sight import Sight, show, sight_of

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_MOST = 100
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class Journey(QObject):
    """What was seen before each leap of one canvas; what is seen now lies between.

    Panning and zooming are no leaps: one comes back to what was seen last. Leaps in one turn of the event loop are one.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._document = canvas, canvas.document
        self._place = self._document.place
        self._before: list[Sight] = []
        self._after: list[Sight] = []
        self._here: Sight | None = None  # what it was shown as, if nobody would see a difference
        self._settled = False  # what is seen when a project is opened is where the journey begins
        self._going = False
        self._leaping = QTimer(self, singleShot=True, interval=0)
        canvas.camera.leaving.connect(self._leave)
        canvas.viewport().installEventFilter(self)
        self._document.loaded.connect(self._begin)
        self._document.changed.connect(self._follow)

    def back(self) -> None:
        """Shows what was seen before the last leap."""
        if not self._go(self._before, self._after):
            self._canvas.hint.emit(self.tr("There is nothing further back"))

    def forward(self) -> None:
        """Shows what one came back from."""
        if not self._go(self._after, self._before):
            self._canvas.hint.emit(self.tr("There is nothing further on"))

    def _go(self, source: list[Sight], target: list[Sight]) -> bool:
        now = self._now()
        while source:
            sight = source.pop().within(self._document.project)
            if sight is not None and not sight.resembles(now):
                target.append(now)
                self._going = True
                show(self._canvas, sight)
                self._going = False
                self._place, self._here = self._document.place, sight
                return True
        return False

    def _now(self) -> Sight:
        now = sight_of(self._canvas, self._place)
        # A view stands on whole pixels: kept as it was asked for, it does not wander off by going to and fro.
        return self._here if self._here is not None and self._here.resembles(now) else now

    def _begin(self) -> None:
        self._leaping.stop()
        self._before.clear()
        self._after.clear()
        self._place, self._here, self._settled = self._document.place, None, False

    def _leave(self) -> None:
        if self._going or self._leaping.isActive():
            return
        self._leaping.start()
        if not self._settled:
            self._settled = True
            return
        now = self._now()
        self._here = None
        if not self._before or not self._before[-1].resembles(now):
            self._before = [*self._before[1 - _MOST :], now]
        self._after.clear()

    def _follow(self) -> None:
        """In another graph the camera has left by now: what it shows next is of that one."""
        self._place = self._document.place

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _PRESSES and isinstance(event, QMouseEvent):
            if event.button() == Qt.MouseButton.BackButton:
                self.back()
                return True
            if event.button() == Qt.MouseButton.ForwardButton:
                self.forward()
                return True
        return False
