"""A canvas that is only looked at: one side of a comparison."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from nndesigner.blocks import MAIN, Place
from nndesigner.project import Project
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.camera import FIT_MARGIN, STEP, Camera, bare
from nndesigner.ui.canvas.overview import Overview, paint_paper
from nndesigner.ui.canvas.scene import Scene
from nndesigner.ui.compare.marks import CardMark, Chosen, FrameMark, Ghost, WireMark
from nndesigner.ui.theme import look

_ARROWS = {
    Qt.Key.Key_Left: (-64, 0),
    Qt.Key.Key_Right: (64, 0),
    Qt.Key.Key_Up: (0, -64),
    Qt.Key.Key_Down: (0, 64),
}
_CLICK = 4  # pixels a click may wander


class Sheet(QGraphicsView):
    """The drawing of a graph with what differs marked on it; it is moved by pulling and zoomed by the wheel.

    **Signals:** `looked` when a person looks at another place of it, or from nearer or farther; `chosen` with the name of
    a node that was clicked.
    """

    looked = Signal()
    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.stage = Scene(self)
        self.stage.setItemIndexMethod(Scene.ItemIndexMethod.NoIndex)
        self.camera = Camera(self)
        self._overview = Overview(self.stage)
        self.chosen_names: tuple[str, ...] = ()
        self._pulled: QPointF | None = None
        self._pressed = QPointF()
        self.setScene(self.stage)
        bare(self)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        look.changed.connect(self.viewport().update)

    # What is shown.

    def show_graph(self, project: Project, place: Place = MAIN) -> None:
        """Shows the main graph of this project, without any marks."""
        for item in list(self.stage.overlays):
            self.stage.remove_overlay(item)
        self.stage.sync(project, place)
        self.chosen_names = ()

    def lay_over(self, *marks: CardMark | FrameMark | Ghost | WireMark) -> None:
        """Lays marks over it."""
        for mark in marks:
            self.stage.add_overlay(mark)
            mark.setZValue(9 if isinstance(mark, FrameMark | WireMark) else 10)
        self.viewport().update()

    def cards(self) -> Mapping[str, QRectF]:
        """The cards by the names of their nodes."""
        return {name: QRectF(item.card) for name, item in self.stage.node_items.items()}

    # Where it is looked at.

    @property
    def scale_(self) -> float:
        """Pixels of the screen for one unit of the drawing."""
        return self.camera.scale

    @property
    def middle(self) -> QPointF:
        """What is in the middle."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(QRectF(self.viewport().rect()).center())

    def look_at(self, scale: float, middle: QPointF) -> None:
        """Looks at another place, from nearer or farther."""
        self.camera.stop()
        if scale != self.camera.scale:
            self.setTransform(QTransform.fromScale(scale, scale))
        self.centerOn(middle)
        self.viewport().update()

    def scale_to_fit(self, area: QRectF) -> float:
        """The scale at which all of an area is seen, natural size at most."""
        room = self.viewport().size()
        width, height = max(room.width() - 2 * FIT_MARGIN, 1), max(room.height() - 2 * FIT_MARGIN, 1)
        scale = min(1.0, width / max(area.width(), 1), height / max(area.height(), 1))
        return max(scale, metrics.SMALLEST_SCALE)

    def mark_chosen(self, names: Iterable[str]) -> None:
        """Puts a ring round these cards."""
        for item in [one for one in self.stage.overlays if isinstance(one, Chosen)]:
            self.stage.remove_overlay(item)
        cards = self.cards()
        self.chosen_names = tuple(name for name in names if name in cards)
        for name in self.chosen_names:
            ring = Chosen(cards[name])
            self.stage.add_overlay(ring)
            ring.setZValue(9.5)  # below the words at the foot of a card that changed
        self.viewport().update()

    # What a person does.

    def zoom_by(self, factor: float) -> None:
        """Nearer or farther, round the middle."""
        self.camera.zoom(factor, QRectF(self.viewport().rect()).center())
        self.looked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.camera.turn(event)
        event.accept()
        self.looked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self.camera.stop()
            self._pulled = self._pressed = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pulled is not None:
            way = event.position() - self._pulled
            self._pulled = event.position()
            self.camera.scroll(-way.x(), -way.y())
            self.looked.emit()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pulled is not None and not event.buttons():
            self._pulled = None
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
            if (event.position() - self._pressed).manhattanLength() <= _CLICK:
                inverse, _ = self.viewportTransform().inverted()
                if name := self.stage.node_at(inverse.map(event.position())):
                    self.chosen.emit(name)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = _ARROWS.get(event.key())
        if way is None:
            event.ignore()
            return
        self.camera.scroll(*way)
        self.looked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def zoom_in(self) -> None:
        """A step nearer."""
        self.zoom_by(STEP)

    def zoom_out(self) -> None:
        """A step back."""
        self.zoom_by(1 / STEP)

    # Painting.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.viewport().update()

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        paint_paper(painter, rect, self.camera.scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.camera.scale >= metrics.ITEMS_FROM:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.setTransform(self.viewportTransform())
        self.drawBackground(painter, self.mapToScene(event.rect()).boundingRect())
        self._overview.paint(painter)
        painter.end()
