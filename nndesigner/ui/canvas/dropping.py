"""A kind is dragged in from the palette: its outline follows the pointer, and the wire it would stand in lights up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from nndesigner.catalogue.kind import Kind
from nndesigner.fitting import way_through
from nndesigner.graph import Edge, Position
from nndesigner.project import Project
from nndesigner.ui.canvas import edits, metrics
from nndesigner.ui.canvas.face import face_of
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.metrics import snapped

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

MIME = "application/x-nndesigner-kind"


def kind_name_in(data: QMimeData) -> str | None:
    """The name of the kind that is dragged, if it is one."""
    if not data.hasFormat(MIME):
        return None
    try:
        return bytes(data.data(MIME).data()).decode()
    except UnicodeDecodeError:
        return None


class DropKind:
    """A new node that is not yet there, in a project, as it is seen from here, that knows its kind."""

    def __init__(self, canvas: Canvas, project: Project, kind: Kind, at: QPointF) -> None:
        self._canvas, self._project, self._kind = canvas, project, kind
        probe = edits.new_node(project, kind, (0.0, 0.0))
        known = project.kind_of(probe)
        face = face_of(probe, known)
        self._way = way_through(known or kind)
        self._size = (face.width, face.height)
        self._marked: Edge | None = None
        self._refusal = edits.standing_problem(project, kind, canvas.document.place.path)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(0, 0, *self._size), metrics.CORNER, metrics.CORNER)
        self._ghost = QGraphicsPathItem(outline)
        self._ghost.setPen(line_pen(ink().accent, 1.5, Qt.PenStyle.DashLine))
        self._ghost.setBrush(ink().accent_veil)
        canvas.stage.add_overlay(self._ghost)
        self.move(at)

    def move(self, at: QPointF) -> None:
        """Moves the outline, and marks the wire under the pointer."""
        self._ghost.setPos(*self._position(at))
        if self._refusal:
            self._canvas.tell(self._refusal, at, "error")
            return
        self._mark(self._edge_at(at))
        words = ""
        if self._marked is not None:
            words = QCoreApplication.translate("Canvas", "Between {source} and {target}").format(
                source=self._marked.source, target=self._marked.target
            )
        self._canvas.tell(words, at, "accent")

    def release(self, at: QPointF) -> None:
        """Makes the node, in the wire under the pointer if there is one."""
        edge = self._edge_at(at)
        self.cancel()
        if self._refusal:
            self._canvas.hint.emit(self._refusal)
            return
        document = self._canvas.document
        project = self._project
        node = edits.new_node(project, self._kind, self._position(at))
        if edge is None or self._way is None:
            title = QCoreApplication.translate("Canvas", "Add {name}").format(name=node.name)
            graph = project.graph.add(node)
        else:
            words = QCoreApplication.translate("Canvas", "Put {name} between {source} and {target}")
            title = words.format(name=node.name, source=edge.source, target=edge.target)
            graph = project.graph.insert(node, edge, *self._way)
        document.edit_seen(title, replace(project, graph=graph))
        self._canvas.select([node.name])

    def cancel(self) -> None:
        """Takes the outline away."""
        self._mark(None)
        self._canvas.tell("", QPointF())
        self._canvas.stage.remove_overlay(self._ghost)

    def _position(self, at: QPointF) -> Position:
        middle = self._canvas.in_scene(at)
        return snapped(middle.x() - self._size[0] / 2), snapped(middle.y() - self._size[1] / 2)

    def _edge_at(self, at: QPointF) -> Edge | None:
        if self._way is None:
            return None
        position = self._canvas.in_scene(at)
        if self._canvas.stage.node_at(position) is not None:
            return None
        return self._canvas.stage.edge_at(position, self._canvas.reach(12))

    def _mark(self, edge: Edge | None) -> None:
        if edge == self._marked:
            return
        items = self._canvas.stage.edge_items
        if self._marked in items:
            items[self._marked].set_state("")
        self._marked = edge
        if edge is not None:
            items[edge].set_state("marked")
