"""Working on the canvas without a mouse: keys that move, delete and pan, and kinds added one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from nndesigner.graph import Node, Position
from nndesigner.project import Project
from nndesigner.ui.canvas import edits, metrics, walking
from nndesigner.ui.canvas.face import face_of
from nndesigner.ui.canvas.gestures import title_of
from nndesigner.ui.canvas.metrics import GRID, snapped
from nndesigner.ui.canvas.offers import offered

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_GAP = 32
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def key_pressed(canvas: Canvas, event: QKeyEvent) -> bool:
    """Does what a key says; says whether it said anything."""
    key, keys = Qt.Key(event.key()), event.modifiers()
    if key in _ARROWS and not keys & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        far = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        _arrow(canvas, *_ARROWS[key], far)
    elif key in _ARROWS and keys & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ControlModifier:
        if canvas.gesture is None:
            walking.walk(canvas, *_ARROWS[key])
    elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        canvas.delete_selection()
    elif key == Qt.Key.Key_Escape:
        if canvas.gesture is not None:
            canvas.end_gesture()
            canvas.refresh_overview()
        else:
            canvas.select([])
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(canvas.selected_names()) == 1:
        (name,) = canvas.selected_names()
        block = canvas.document.graph.nodes[name].kind in canvas.document.project.blocks
        (canvas.entered if block else canvas.values_wanted).emit(name)
    elif key == Qt.Key.Key_Tab and canvas.gesture is None:
        canvas.search_wanted.emit(place_of_pointer(canvas), None)
    elif key == Qt.Key.Key_Space:
        canvas.panning_by_space = True
        canvas.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
    else:
        return False
    return True


def _arrow(canvas: Canvas, across: int, down: int, far: bool) -> None:
    names = canvas.selected_names()
    if canvas.gesture is not None:
        return
    if not names:
        canvas.camera.scroll(across * 48, down * 48)
        return
    step = GRID * 8 if far else GRID
    graph = canvas.document.graph
    moved = {
        name: (graph.nodes[name].position[0] + across * step, graph.nodes[name].position[1] + down * step)
        for name in names
    }
    canvas.document.edit_graph(title_of("move", names), graph.move(moved), merge=f"nudge {' '.join(names)}")


def add_kind(canvas: Canvas, kind_name: str, project: Project | None = None) -> None:
    """Adds a node of this kind, led from the selected one if there is just one, and selects it.

    `project`, as it is seen from here, is what it is added to, where that is not the document's but knows the kind.
    """
    if project is None and (found := offered(canvas, kind_name)) is not None:
        project, kind_name = found[0], found[1].name
    project = project or canvas.document.seen
    kind = edits.kind_named(project, kind_name)
    if kind is None:
        words = QCoreApplication.translate("Canvas", "{name} can't stand on the canvas")
        canvas.hint.emit(words.format(name=kind_name))
        return
    if refusal := edits.standing_problem(project, kind, canvas.document.place.path):
        canvas.hint.emit(refusal)
        return
    names = canvas.selected_names()
    after = project.graph.nodes[names[0]] if len(names) == 1 else None
    node = edits.new_node(project, kind, (0.0, 0.0))
    face = face_of(node, project.kind_of(node))
    if after is not None:
        card = canvas.stage.node_items[after.name].card
        wanted = QPointF(card.left(), card.bottom() + _GAP)
    else:
        middle = canvas.in_scene(QPointF(canvas.viewport().rect().center()))
        wanted = QPointF(middle.x() - face.width / 2, middle.y() - face.height / 2)
    position = free_place(canvas, wanted, face.width, face.height)
    node = Node(node.name, node.kind, node.params, position)
    title = QCoreApplication.translate("Canvas", "Add {name}").format(name=node.name)
    canvas.document.edit_seen(title, replace(project, graph=edits.chained(project, node, after)))
    canvas.select([node.name])
    bring_into_view(canvas, node.name)


def free_place(canvas: Canvas, wanted: QPointF, width: int, height: int) -> Position:
    """The wanted place, or the next one to the right of it where no card lies."""
    x, y = snapped(wanted.x()), snapped(wanted.y())
    while canvas.stage.nodes_in(QRectF(x - GRID, y - GRID, width + 2 * GRID, height + 2 * GRID)):
        x += metrics.CARD_WIDTH + 4 * GRID
    return x, y


def place_of_pointer(canvas: Canvas) -> QPointF:
    """Where the pointer is in the viewport; below the selected node, or in the upper middle, where it is elsewhere."""
    viewport = canvas.viewport()
    at = viewport.mapFromGlobal(canvas.cursor().pos())
    if viewport.rect().contains(at) and viewport.underMouse():
        return QPointF(at)
    names = canvas.selected_names()
    if len(names) == 1:
        card = canvas.stage.node_items[names[0]].card
        below = canvas.viewportTransform().map(QPointF(card.center().x(), card.bottom() + _GAP))
        if viewport.rect().contains(below.toPoint()):
            return below
    return QPointF(viewport.rect().center()) - QPointF(0, 80)


def bring_into_view(canvas: Canvas, name: str) -> None:
    """Glides to a node, unless all of it is in sight."""
    if name not in canvas.stage.node_items:  # the edit was refused
        return
    card = canvas.stage.node_items[name].card
    shown = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    if not shown.adjusted(GRID, GRID, -GRID, -GRID).contains(card):
        canvas.camera.glide_to(card.center(), follows=True)
