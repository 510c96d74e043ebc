"""The map in a corner of the canvas: the whole graph small, with a frame round what is in sight."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.items import NodeItem
from nndesigner.ui.finding.map_picture import MapPicture
from nndesigner.ui.finding.sight import seen_of
from nndesigner.ui.theme import look

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

KEY = "minimap"
_ASIDE = 8
_SHARE = 0.32  # of the canvas, at most, each way
_LEAST_ROOM = QSize(480, 320)  # of a canvas that has room for it
_WAIT = 120  # ms in which changes are gathered
_TURN = 0.002  # seconds of drawing at a time
_PAUSE = 10  # ms between two times
_REST = 0.15  # seconds without a movement before it is gone on with
_MOST_RINGS = 500
_SMALLEST = 8.0  # of the frame


class Minimap(QWidget):
    """The map of one canvas, which goes away by itself where all of the graph is in sight.

    It paints a picture that is kept. That is drawn anew when the graph or a problem changed: a moment later, once the
    hand rests, and in bits between the frames of the canvas. It lies in the viewport, which takes it along when it
    scrolls, and goes back at once: beside the viewport, it would make all of the canvas be painted at every step.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas.viewport())
        self.setObjectName("minimap")
        self.setAccessibleName(self.tr("Map of the network"))
        self.setToolTip(self.tr("Click or drag to look there; the wheel zooms"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._canvas = canvas
        self.wanted = bool(QSettings().value(KEY, True, type=bool))
        self.picture: MapPicture | None = None
        self._next: MapPicture | None = None
        self._steps: Iterator[None] = iter(())
        self._rings: list[QRectF] = []
        self._grip: QPointF | None = None
        self._stale, self._drawn = False, -1
        self._home = QPoint()
        self._moved = 0.0
        self._wait = QTimer(self, singleShot=True, interval=_WAIT)
        self._wait.timeout.connect(self._begin)
        self._turn = QTimer(self, interval=_PAUSE)
        self._turn.timeout.connect(self._draw)
        self._choosing = QTimer(self, singleShot=True, interval=_WAIT)
        self._choosing.timeout.connect(self._show_chosen)
        canvas.installEventFilter(self)
        canvas.document.changed.connect(self.stir)
        canvas.selection_changed.connect(self._choosing.start)
        look.changed.connect(self.stir)
        canvas.camera.zoomed.connect(self._follow)
        canvas.horizontalScrollBar().valueChanged.connect(self._follow)
        canvas.verticalScrollBar().valueChanged.connect(self._follow)
        self.hide()
        self.stir()

    def show_map(self, wanted: bool) -> None:
        """Shows it, where there is something to be found by it, or not at all; that is remembered."""
        self.wanted = wanted
        QSettings().setValue(KEY, wanted)
        self.stir()
        self._follow()
        if wanted and self.picture is not None and not self.isVisible():
            self._canvas.hint.emit(self.tr("The map is there once not all of the network is in sight"))

    @property
    def drawing(self) -> bool:
        """Whether the picture is not yet that of the graph as it is."""
        return self._wait.isActive() or self._turn.isActive()

    def stir(self) -> None:
        """Something changed that the map shows."""
        if not self.wanted:
            return
        self._stale = True
        if not self.drawing:
            self._wait.start()

    # The picture.

    def _begin(self) -> None:
        if self._canvas.gesture is not None:
            self._wait.start()
            return
        room = self._canvas.size()
        if room.width() < _LEAST_ROOM.width() or room.height() < _LEAST_ROOM.height():
            self.hide()
            return
        self._stale, self._drawn = False, self._seen_version()
        self._next = MapPicture(
            self._canvas.stage,
            QSize(round(room.width() * _SHARE), round(room.height() * _SHARE * 1.5)),
            self.devicePixelRatioF(),
        )
        self._steps = self._next.steps()
        self._turn.start()

    def _seen_version(self) -> int:
        """Counts what can be seen on the picture."""
        return self._canvas.stage.version - self._canvas.stage.choices

    def _draw(self) -> None:
        if self._canvas.gesture is not None or perf_counter() < self._moved + _REST:
            return
        until = perf_counter() + _TURN
        for _ in self._steps:
            if perf_counter() > until:
                return
        self._turn.stop()
        self.picture, self._next = self._next, None
        self._place()
        self._show_chosen()
        self._follow()
        if self._stale:
            self._wait.start()

    def _place(self) -> None:
        """At the bottom right of the canvas."""
        if self.picture is not None:
            size, room = self.picture.size, self._canvas.size()
            self._home = QPoint(room.width() - size.width() - _ASIDE, room.height() - size.height() - _ASIDE)
            self.setGeometry(QRect(self._home, size))

    def _show_chosen(self) -> None:
        """Rings round what is selected: of very much of it, round some of all."""
        if self.picture is None:
            return
        chosen = self._canvas.stage.selectedItems()
        some = chosen[:: 1 + len(chosen) // _MOST_RINGS]
        self._rings = [self.picture.ring_of(item.card) for item in some if isinstance(item, NodeItem)]
        self.update()

    # Where one looks.

    def _follow(self, *_: object) -> None:
        """The view is elsewhere; nothing is shown where all of the graph can be seen."""
        picture, room = self.picture, self._canvas.size()
        there = (
            self.wanted
            and picture is not None
            and not picture.area.isEmpty()
            and room.width() >= _LEAST_ROOM.width()
            and room.height() >= _LEAST_ROOM.height()
            and (self._grip is not None or not seen_of(self._canvas).contains(picture.area))
        )
        self.move(self._home)
        # From far away all is painted at every step, the map too, and quicker than all but what lies below it.
        near = self._canvas.shows_items
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, near)
        if there != self.isVisible():
            self.setVisible(there)
            self.raise_()
        self._moved = perf_counter()
        if there and near:
            self.update()
        if self._drawn != self._seen_version():
            self.stir()

    def frame(self) -> QRectF:
        """What is in sight, on the map: never so small, nor so far away, that it can't be seen."""
        assert self.picture is not None
        inverse, _ = self._canvas.viewportTransform().inverted()
        rect = self.picture.rect_of(inverse.mapRect(QRectF(self._canvas.viewport().rect())))
        wider, taller = max(_SMALLEST - rect.width(), 0) / 2, max(_SMALLEST - rect.height(), 0) / 2
        rect.adjust(-wider, -taller, wider, taller)
        paper = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        rect.moveLeft(
            min(max(rect.left(), paper.left() + _SMALLEST - rect.width()), paper.right() - _SMALLEST)
        )
        rect.moveTop(
            min(max(rect.top(), paper.top() + _SMALLEST - rect.height()), paper.bottom() - _SMALLEST)
        )
        return rect.intersected(paper)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
            self._follow()
            self.stir()
        return False

    # The hand.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.picture is None:
            return
        at, camera = event.position(), self._canvas.camera
        camera.stop()
        frame = self.frame()
        if frame.contains(at):
            self._grip = at - frame.center()
            camera.leaving.emit()
        else:
            self._grip = QPointF()
            camera.glide_to(self.picture.in_scene(at))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None or self.picture is None:
            return
        self._canvas.camera.stop()
        self._canvas.centerOn(self.picture.in_scene(event.position() - self._grip))
        self._canvas.refresh_overview()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self._follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        angle = event.angleDelta().y() or event.angleDelta().x()
        middle = QRectF(self._canvas.viewport().rect()).center()
        self._canvas.camera.zoom(1.0015**angle, middle)
        event.accept()

    def contextMenuEvent(self, event: QEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None:
            return
        painter, frame = QPainter(self), self.frame()
        painter.drawPixmap(0, 0, self.picture.pixmap)
        painter.fillRect(frame, ink().accent_veil)
        for pen in (line_pen(ink().surface.color(), 4), ink().ring) if self._rings else ():
            painter.setPen(pen)
            painter.drawRects(self._rings)
        painter.setPen(ink().ring)
        painter.drawRect(frame.adjusted(1, 1, -1, -1))
        painter.end()
