"""What is under the pointer while no button is down: it lifts, and tells its name."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from nndesigner.graph import Edge
from nndesigner.ui.canvas import grip
from nndesigner.ui.canvas.items import EdgeItem, NodeItem
from nndesigner.ui.canvas.scene import Place

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas


class Hover:
    """The one card, port or wire under the pointer."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._node: str | None = None
        self._edge: Edge | None = None

    def move(self, at: QPointF) -> None:
        """The pointer is here now."""
        stage, position = self._canvas.stage, self._canvas.in_scene(at)
        place = stage.port_at(position, self._canvas.reach()) if self._canvas.shows_items else None
        node = place.node if place else stage.node_at(position)
        edge = None if node is not None else stage.edge_at(position, self._canvas.reach(8))
        self._show(node, edge)
        words = self._port_words(place) if place else self._edge_words(edge) if edge else ""
        self._canvas.tell(words, at)
        viewport = self._canvas.viewport()
        by_end = edge is not None and grip.on_wire(self._canvas, edge, position) is not None
        if place is not None or by_end:
            viewport.setCursor(Qt.CursorShape.CrossCursor)
        else:
            viewport.unsetCursor()

    def leave(self) -> None:
        """The pointer is elsewhere."""
        self._show(None, None)
        self._canvas.tell("", QPointF())
        self._canvas.viewport().unsetCursor()

    def _show(self, node: str | None, edge: Edge | None) -> None:
        stage = self._canvas.stage
        if node != self._node:
            for name, hovered in ((self._node, False), (node, True)):
                item: NodeItem | None = stage.node_items.get(name) if name else None
                if item is not None:
                    item.hover(hovered)
            self._node = node
        if edge != self._edge:
            for one, state in ((self._edge, ""), (edge, "hovered")):
                wire: EdgeItem | None = stage.edge_items.get(one) if one else None
                if wire is not None:
                    wire.set_state(state)
            self._edge = edge

    def _port_words(self, place: Place) -> str:
        stage = self._canvas.stage
        node = stage.node_items[place.node].node
        kind = stage.project.kind_of(node)
        if place.is_output:
            given = stage.plan.types.get((place.node, place.name)) if stage.plan else None
            return f"{place.name}  {given}  {given.dtype}" if given else place.name
        port = kind.input_port(place.name) if kind else None
        about = port.axes or port.sentence if port else ""
        if port and port.optional:
            about = port.sentence or port.axes
            optional = QCoreApplication.translate("Canvas", "{name} (optional)").format(name=place.name)
            return f"{optional}: {about}" if about else optional
        return f"{place.name}: {about}" if about else place.name

    def _edge_words(self, edge: Edge) -> str:
        plan = self._canvas.stage.plan
        given = plan.types.get((edge.source, edge.output)) if plan else None
        way = f"{edge.source} → {edge.target}"
        return f"{way}\n{given}  {given.dtype}" if given else way

    def tip(self, at: QPointF) -> str:
        """What is known of the card here, as rich text, or nothing."""
        stage = self._canvas.stage
        name = stage.node_at(self._canvas.in_scene(at))
        if name is None:
            return ""
        node = stage.node_items[name].node
        kind = stage.project.kind_of(node)
        lines = [f"<b>{escape(name)}</b> · {escape(node.kind)}"]
        if kind is None:
            unknown = QCoreApplication.translate("Canvas", "This version does not know this layer.")
            lines.append(escape(unknown))
        else:
            lines.append(escape(kind.sentence))
        problems = stage.plan.problems if stage.plan else ()
        lines.extend(escape(problem.message) for problem in problems if problem.node == name)
        return f"<qt>{'<br>'.join(lines)}</qt>"
