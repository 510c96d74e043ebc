"""The canvas: a view of the graph that is looked at, in which a person draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QToolTip, QWidget

from nndesigner.ui.canvas import clipboard, metrics, nudging, passes, pressing
from nndesigner.ui.canvas.annotating import Annotating
from nndesigner.ui.canvas.blank import EmptyMessage
from nndesigner.ui.canvas.camera import STEP, Camera, bare
from nndesigner.ui.canvas.dropping import DropKind, kind_name_in
from nndesigner.ui.canvas.gestures import Gesture
from nndesigner.ui.canvas.hover import Hover
from nndesigner.ui.canvas.offers import offered
from nndesigner.ui.canvas.overview import Overview, paint_paper
from nndesigner.ui.canvas.pointer import PointerLabel
from nndesigner.ui.canvas.scene import Scene
from nndesigner.ui.canvas.strips import joined
from nndesigner.ui.document import Document
from nndesigner.ui.theme import look

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.project import Project
    from nndesigner.ui.canvas.marks import Marks


class Canvas(QGraphicsView):
    """The drawing of a graph, in which nodes are moved, wired, added and deleted.

    **Signals:** `selection_changed` when other nodes or wires are selected; `hint` with words about what just
    happened or could not; `menu_wanted` with the place on the screen where a context menu belongs; `entered` with the
    name of a block's node to go into; `search_wanted` with a place of the viewport where a layer is to be chosen, and the
    `LooseEnd` of a wire or None; `wire_pulled` with the `LooseEnd` of a wire that is being pulled, or None when it no
    longer is; `source_pasted` with the text of a network in Python; `stirred` when anything looks different;
    `values_wanted` with the name of a node whose values are to be changed on its card.
    """

    selection_changed = Signal()
    hint = Signal(str)
    menu_wanted = Signal(QPoint)
    entered = Signal(str)
    search_wanted = Signal(QPointF, object)
    wire_pulled = Signal(object)
    source_pasted = Signal(str)
    stirred = Signal()
    values_wanted = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.kept: Mapping[str, Project] = {}  # the library of blocks
        self.stage = Scene(self)
        self.stage.setItemIndexMethod(Scene.ItemIndexMethod.NoIndex)
        self.camera = Camera(self)
        self.hover = Hover(self)
        self.annotating = Annotating(self)
        self._overview = Overview(self.stage)
        self.gesture: Gesture | None = None
        self.chosen_before: tuple[str, ...] = ()
        self.panning_by_space = False
        _set_up(self)
        self._label = PointerLabel(self)
        self._empty = EmptyMessage(self)
        self.stage.changed.connect(self.stirred)  # a scene that is listened to tells of old places too
        self.stage.selectionChanged.connect(self.selection_changed)
        document.changed.connect(self._follow)
        look.changed.connect(self.viewport().update)
        self._follow()

    # Following.

    def set_plan(self, plan: Plan | None) -> None:
        """Shows shapes and problems of this plan."""
        self.stage.set_plan(plan)
        self.refresh_overview()

    def mark(self, marks: Marks) -> None:
        """Shows what is marked of the nodes."""
        self.stage.set_marks(marks)
        self.refresh_overview()

    def _follow(self) -> None:
        self.end_gesture()
        self.stage.sync(self.document.seen, self.document.place)
        empty = not self.document.graph.nodes and not self.document.graph.notes
        self._empty.show_for(empty, bool(self.document.place.path))
        self.refresh_overview()

    @property
    def shows_items(self) -> bool:
        """Whether it is near enough for cards to be painted one by one."""
        return self.camera.scale >= metrics.ITEMS_FROM

    def refresh_overview(self) -> None:
        """Paints anew where the view itself paints the whole model."""
        if not self.shows_items:
            self.viewport().update()

    # What gestures and hover ask for.

    def in_scene(self, at: QPointF) -> QPointF:
        """A place of the viewport in the scene."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(at)

    def reach(self, pixels: float = metrics.PORT_REACH) -> float:
        """So many pixels of the screen in units of the scene, never less than near by."""
        return pixels / min(max(self.camera.scale, metrics.ITEMS_FROM), 1.0)

    def tell(self, words: str, at: QPointF, tone: str = "plain") -> None:
        """Shows words beside the pointer."""
        self._label.tell(words, self.viewport().mapToParent(at.toPoint()), tone)

    # Looking.

    def fit(self) -> None:
        """Shows the whole network, at natural size at most."""
        area = self.stage.bounds().adjusted(0, -metrics.CRUMBS_ROOM if self.document.place.path else 0, 0, 0)
        self.camera.fit(area if area.isValid() else QRectF())

    def zoom_in(self) -> None:
        """A step nearer."""
        self.camera.zoom_to(self.camera.scale * STEP)

    def zoom_out(self) -> None:
        """A step back."""
        self.camera.zoom_to(self.camera.scale / STEP)

    def zoom_reset(self) -> None:
        """Natural size."""
        self.camera.zoom_to(1.0)

    def reveal(self, name: str) -> None:
        """Selects a node and brings it to the middle."""
        if (item := self.stage.node_items.get(name)) is not None:
            self.select([name])
            self.camera.glide_to(item.card.center())

    # Selection.

    def selected_names(self) -> tuple[str, ...]:
        """The selected nodes, in the order of the file."""
        return self.stage.selected_names()

    def select(self, names: Iterable[str]) -> None:
        """Selects just these nodes."""
        self.stage.select(names)
        self.refresh_overview()

    def select_all(self) -> None:
        """Selects every node."""
        self.select(self.document.graph.nodes)

    # Edits.

    def delete_selection(self) -> None:
        """Deletes what is selected."""
        clipboard.delete(self)

    def copy(self) -> None:
        """Copies the selected nodes and the wires among them."""
        clipboard.copy(self)

    def cut(self) -> None:
        """Copies the selected nodes, and deletes them."""
        clipboard.cut(self)

    def paste(self) -> None:
        """Puts in what was copied."""
        clipboard.paste(self)

    def duplicate(self) -> None:
        """Puts the selected nodes in once more."""
        clipboard.duplicate(self)

    def add_kind(self, kind_name: str) -> None:
        """Adds a node of this kind, after the selected one if there is just one, and selects it."""
        nudging.add_kind(self, kind_name)

    # Events.

    def begin(self, gesture: Gesture | None) -> None:
        """This gesture goes on until release."""
        self.hover.leave()
        self.gesture = gesture

    def end_gesture(self) -> None:
        """Ends a gesture as if it had never begun."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.camera.stop()
        self.chosen_before = self.selected_names()  # which the first of two clicks undoes
        if self.gesture is None:
            gesture = pressing.gesture_at(self, event)
            if gesture is not None:
                self.begin(gesture)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.gesture is None:
            if not event.buttons():
                self.hover.move(event.position())
        elif not event.buttons():
            self.end_gesture()
        else:
            self.gesture.move(event.position())
            self.refresh_overview()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None and not event.buttons():
            gesture, self.gesture = self.gesture, None
            gesture.move(event.position())
            gesture.release(event.position())
            self.refresh_overview()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not pressing.opened(self, event) and not pressing.searched(self, event):
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if pressing.asks_for_menu(event):
            self.menu_wanted.emit(event.globalPos())
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.camera.turn(event)
        self.hover.leave()
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            position = self.viewport().mapFromGlobal(event.globalPos())
            QToolTip.showText(event.globalPos(), self.hover.tip(QPointF(position)), self.viewport())
            return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                # Its own position is one in the window.
                at = self.viewport().mapFromGlobal(event.globalPosition())
                self.camera.zoom(1 + event.value(), at)
            return True
        return super().viewportEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.gesture is None:
            self.hover.leave()
        super().leaveEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab opens the search; Shift+Tab leads out.
        return False if forward and self.hasFocus() else super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not nudging.key_pressed(self, event):
            super(QGraphicsView, self).keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.panning_by_space = False
            self.viewport().unsetCursor()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        name = kind_name_in(event.mimeData())
        found = offered(self, name) if name else None
        if found is None:
            event.ignore()
            return
        self.end_gesture()
        self.begin(DropKind(self, *found, event.position()))
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.gesture is None:
            event.ignore()
            return
        self.gesture.move(event.position())
        self.refresh_overview()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.end_gesture()
        self.refresh_overview()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.gesture is not None:
            gesture, self.gesture = self.gesture, None
            gesture.release(event.position())
            event.acceptProposedAction()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Painting.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Docks come and go at the sides and below: what is drawn stays in the middle, and does not jump up or down.
        new, old = event.size(), event.oldSize()
        if old.isValid():
            across = self.horizontalScrollBar()
            across.setValue(across.value() + old.width() // 2 - new.width() // 2)
        self._empty.place()

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        paint_paper(painter, rect, self.camera.scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view, ratio = self.viewportTransform(), self.devicePixelRatioF()
        # The strips that came into sight, or everything; from far away all is painted at once.
        for rect in joined(event.region()) if self.shows_items else [event.rect()]:
            painter.setClipRect(rect, Qt.ClipOperation.ReplaceClip)
            painter.setTransform(view)
            area = self.mapToScene(rect.adjusted(-1, -1, 1, 1)).boundingRect()
            self.drawBackground(painter, area)
            if self.shows_items:
                passes.paint(painter, self.stage, area, view, ratio)
            else:
                self._overview.paint(painter)
            painter.resetTransform()
        painter.end()


def _set_up(canvas: Canvas) -> None:
    canvas.setObjectName("canvas")
    canvas.setAccessibleName(canvas.tr("Canvas"))
    canvas.setScene(canvas.stage)
    bare(canvas)
    canvas.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
    canvas.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
    canvas.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
    canvas.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
    canvas.setAcceptDrops(True)
    canvas.viewport().setMouseTracking(True)
    canvas.centerOn(0, 0)
