"""Wires by keyboard: the ports that fit the selected node, nearest first, to choose from by letters and arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QGraphicsPathItem

from nndesigner.fitting import port_takes
from nndesigner.graph import Edge
from nndesigner.ui.canvas import edits
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.items import curve
from nndesigner.ui.chooser import Choice, Chooser

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_BESIDE = 16
_BACKWARDS = 3.0  # how much further away a port is that lies against the way things flow


class Joining(QObject):
    """The choice of a wire's other end, over a canvas."""

    def __init__(self, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._document = canvas, canvas.document
        title = self.tr("The other end of the wire")
        self.chooser = Chooser("joining", title, self.tr("Name or kind"), 272, 8, canvas)
        self._edges: dict[str, Edge] = {}
        self._wire: QGraphicsPathItem | None = None
        self.chooser.pointed.connect(self._show_wire)
        self.chooser.chosen.connect(self._connect)
        self.chooser.closed.connect(self._closed)
        self._document.changed.connect(self.chooser.close_up)

    def begin(self, *, from_output: bool) -> None:
        """Offers what the selected node can be wired to; not `from_output`, what can be wired to it."""
        names = self._canvas.selected_names()
        if len(names) != 1:
            self._canvas.hint.emit(self.tr("Select the one node where the wire is to begin"))
            return
        (name,) = names
        found = self._edges_from(name) if from_output else self._edges_into(name)
        self._edges = {f"{e.source}.{e.output}>{e.target}.{e.input}": e for e in sorted(found, key=self._far)}
        if not self._edges:
            words = (
                self.tr("Nothing here takes what {name} gives")
                if from_output
                else self.tr("Nothing here gives what {name} takes")
            )
            self._canvas.hint.emit(words.format(name=name))
            return
        head = self.tr("Wire from {name} to") if from_output else self.tr("Wire to {name} from")
        self.chooser.offer(
            [self._choice(key, edge, from_output) for key, edge in self._edges.items()],
            head.format(name=name),
        )
        self.chooser.put(self._beside(name))

    def _beside(self, name: str) -> QPoint:
        """Right of a node, or left of it where there is more room."""
        card = self._canvas.viewportTransform().mapRect(self._canvas.stage.node_items[name].card)
        right, left = card.right() + _BESIDE, card.left() - _BESIDE - self.chooser.width()
        fits = right + self.chooser.width() <= self._canvas.width() - 8
        return QPointF(right if fits or left < 8 else left, card.top()).toPoint()

    def _edges_from(self, name: str) -> list[Edge]:
        graph, project = self._document.graph, self._document.seen
        barred = {name, *graph.ancestors([name])}
        outputs = edits.outputs_of(project, graph.nodes[name])
        others = [other for other in graph.nodes if other not in barred]
        return [
            edge
            for output in outputs
            for other in others
            for input in edits.inputs_of(project, graph.nodes[other])
            if self._fits(edge := Edge(name, output, other, input))
        ]

    def _edges_into(self, name: str) -> list[Edge]:
        graph, project = self._document.graph, self._document.seen
        barred = {name, *graph.descendants(name)}
        return [
            edge
            for input in edits.inputs_of(project, graph.nodes[name])
            for other in graph.nodes
            if other not in barred
            for output in edits.outputs_of(project, graph.nodes[other])
            if self._fits(edge := Edge(other, output, name, input))
        ]

    def _fits(self, edge: Edge) -> bool:
        if edge in self._document.graph.edges:
            return False
        kind = self._document.seen.kind_of(self._document.graph.nodes[edge.target])
        port = kind.input_port(edge.input) if kind else None
        plan = self._canvas.stage.plan
        given = plan.types.get((edge.source, edge.output)) if plan else None
        return port is None or port_takes(port, given)

    def _taken(self, edge: Edge) -> Edge | None:
        return self._document.graph.incoming.get(edge.target, {}).get(edge.input)

    def _far(self, edge: Edge) -> tuple[bool, float]:
        """Ports without a wire come first, then what is nearest below."""
        start, end = self._ends(edge)
        if start is None or end is None:
            return self._taken(edge) is not None, float("inf")
        way = end - start
        down = way.y() if way.y() > 0 else -_BACKWARDS * way.y()
        return self._taken(edge) is not None, abs(way.x()) + down

    def _ends(self, edge: Edge) -> tuple[QPointF | None, QPointF | None]:
        spot_of = self._canvas.stage.spot_of
        return spot_of(edge.source, edge.output, True), spot_of(edge.target, edge.input, False)

    def _choice(self, key: str, edge: Edge, from_output: bool) -> Choice:
        project, graph = self._document.seen, self._document.graph
        source, target = graph.nodes[edge.source], graph.nodes[edge.target]
        output = f" · {edge.output}" if len(edits.outputs_of(project, source)) > 1 else ""
        input = f" · {edge.input}" if len(edits.inputs_of(project, target)) > 1 else ""
        if from_output:
            text = f"{edge.output} → {edge.target}{input}" if output else f"{edge.target}{input}"
        else:
            text = f"{edge.source}{output} → {edge.input}" if input else f"{edge.source}{output}"
        node = target if from_output else source
        kind, before = project.kind_of(node), self._taken(edge)
        told = node.kind
        if before is not None:
            told = self.tr("instead of {name}").format(name=before.source)
        return Choice(key, text, told, kind.family if kind else "unknown", node.kind)

    def _show_wire(self, key: str) -> None:
        """The wire as it would be."""
        self._hide_wire()
        start, end = self._ends(self._edges[key]) if key in self._edges else (None, None)
        if start is not None and end is not None:
            self._wire = QGraphicsPathItem(curve(start, end))
            self._wire.setPen(line_pen(ink().accent, 2))
            self._canvas.stage.add_overlay(self._wire)
            self._canvas.refresh_overview()

    def _hide_wire(self) -> None:
        if self._wire is not None:
            self._canvas.stage.remove_overlay(self._wire)
            self._wire = None
            self._canvas.refresh_overview()

    def _connect(self, key: str) -> None:
        edge, graph = self._edges[key], self._document.graph
        if edge.source in graph.nodes and edge.target in graph.nodes:
            title = self.tr("Connect {source} to {target}").format(source=edge.source, target=edge.target)
            self._document.edit_graph(title, graph.connect(edge))
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _closed(self, escaped: bool) -> None:
        self._hide_wire()
        if escaped:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
