"""Choosing by word: which search opens where, what it offers, and the edit it makes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtWidgets import QGraphicsPathItem

from nndesigner import library, typed
from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.fitting import fits_between, input_for, output_for, replaced, way_through
from nndesigner.graph import Edge, Graph, GraphError, Node
from nndesigner.ui.adding.habits import Habits
from nndesigner.ui.adding.search import LayerSearch
from nndesigner.ui.canvas import edits, nudging
from nndesigner.ui.canvas.face import face_of
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.items import curve
from nndesigner.ui.canvas.metrics import snapped
from nndesigner.ui.canvas.offers import offered

if TYPE_CHECKING:
    from nndesigner.ui.canvas.grip import LooseEnd
    from nndesigner.ui.canvas.view import Canvas


@dataclass(frozen=True)
class _Wanted:
    """What a search is open for: a place of the scene, and the loose end, wire or node that the layer chosen is to take up."""

    at: QPointF
    loose: LooseEnd | None = None
    edge: Edge | None = None
    after: str | None = None
    instead: str | None = None


class Choosing(QObject):
    """The search over a canvas."""

    def __init__(self, canvas: Canvas, habits: Habits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._document, self._habits = canvas, canvas.document, habits
        self.search = LayerSearch(habits, canvas)
        self._wanted: _Wanted | None = None
        self._project = canvas.document.seen  # as it is seen from here, with what was chosen in it
        self._wire: QGraphicsPathItem | None = None
        canvas.search_wanted.connect(self._open)
        self.search.chosen.connect(self._chosen)
        self.search.closed.connect(self._closed)
        self._document.changed.connect(self.search.close_up)

    def find(self) -> None:
        """Opens the search where the pointer is, or in the middle of what is seen."""
        self._open(nudging.place_of_pointer(self._canvas), None)

    def replace(self) -> None:
        """Opens the search for a layer to stand in the place of the selected one."""
        names = self._canvas.selected_names()
        if len(names) != 1:
            self._canvas.hint.emit(self.tr("Select the one layer that is to be replaced"))
            return
        (name,) = names
        node = self._document.graph.nodes[name]
        card = self._canvas.stage.node_items[name].card
        given, wired = self._given_to(name), bool(self._document.graph.incoming.get(name))
        own = self._document.seen.kind_of(node)
        roles = ("layer", "block") if own is None or own.role in ("layer", "block") else (own.role,)
        kinds = [
            kind
            for kind in self._standing()
            if kind.role in roles
            and kind.name != node.kind
            and (not wired or input_for(kind, given) is not None)
        ]
        family = own.family if own is not None else ""
        at = self._canvas.mapFromScene(QPointF(card.right() + 8, card.top()))
        self._wanted = _Wanted(card.topLeft(), instead=name)
        self.search.offer(
            kinds,
            self.tr("In the place of {name}").format(name=name),
            at,
            lambda kind: (kind.family != family, *self._habits.rank(kind)),
        )

    def fitting(self, loose: LooseEnd | None) -> frozenset[str] | None:
        """The kinds that fit at the loose end of a wire; None: no wire is pulled."""
        return None if loose is None else frozenset(kind.name for kind in self._fitting(loose))

    def _fitting(self, loose: LooseEnd) -> list[Kind]:
        if loose.from_output:
            given = self._type(loose.node, loose.port)
            return [kind for kind in self._standing() if input_for(kind, given) is not None]
        target = self._document.seen.kind_of(self._document.graph.nodes[loose.node])
        port = target.input_port(loose.port) if target else None
        return [kind for kind in self._standing() if output_for(kind, port) is not None]

    def _open(self, at: QPointF, loose: LooseEnd | None) -> None:
        """Opens the search at a place of the viewport; for the loose end of a wire, with only what fits there."""
        scene, stage = self._canvas.in_scene(at), self._canvas.stage
        names = self._canvas.selected_names()
        edge = stage.edge_at(scene, self._canvas.reach(8)) if loose is None else None
        head, kinds = "", self._standing()
        after, rank = None, None
        if loose is not None:
            kinds = self._fitting(loose)
            words = self.tr("After {name}") if loose.from_output else self.tr("Before {name}")
            given = self._type(loose.node, loose.port) if loose.from_output else None
            head = words.format(name=loose.node) + (f"  ·  {given}" if given is not None else "")
        elif edge is not None:
            given = self._type(edge.source, edge.output)
            kinds = [kind for kind in kinds if fits_between(kind, given)]
            head = self.tr("Between {source} and {target}").format(source=edge.source, target=edge.target)
        elif len(names) == 1 and edits.outputs_of(self._document.seen, self._document.graph.nodes[names[0]]):
            after = names[0]
            port = edits.free_output(self._document.seen, self._document.graph.nodes[after])
            given = self._type(after, port) if port is not None else None
            fit = {kind.name for kind in kinds if input_for(kind, given) is not None}
            rank = partial(self._rank_fitting, fit)
            head = self.tr("Wired to {name} where that fits").format(name=after)
        self._wanted = _Wanted(scene, loose, edge, after)
        self._show_wire(scene)
        place = self._canvas.viewport().mapToParent(at.toPoint())
        self.search.offer(kinds, head, place + QPoint(0, 8), rank)

    def _rank_fitting(self, fit: Collection[str], kind: Kind) -> tuple[int, ...]:
        return (kind.name not in fit, *self._habits.rank(kind))

    def _chosen(self, name: str) -> None:
        wanted, self._wanted = self._wanted, None
        found = offered(self._canvas, name)
        if wanted is None or found is None:
            return
        self._project, kind = found
        try:
            if wanted.instead is not None:
                self._put_instead(wanted.instead, kind)
            else:
                self._add(wanted, kind)
        except GraphError as error:
            words = str(error)
            self._canvas.hint.emit(f"{words[:1].upper()}{words[1:]}")
        self._canvas.setFocus()

    def _add(self, wanted: _Wanted, kind: Kind) -> None:
        project = self._project
        node = edits.new_node(project, kind, (0.0, 0.0))
        face = face_of(node, project.kind_of(node))
        x, y = wanted.at.x() - face.width / 2, wanted.at.y()
        if wanted.loose is not None and not wanted.loose.from_output:
            y -= face.height
        elif wanted.edge is not None:
            y -= face.height / 2
            place = (snapped(x), snapped(y))
        if wanted.edge is None:
            place = nudging.free_place(self._canvas, QPointF(x, y), face.width, face.height)
        node = replace(node, position=place)
        shaped = project.kind_of(node) or kind
        graph, title = self._wired(wanted, node, shaped)
        self._habits.use([kind.name])
        self._document.edit_seen(title, replace(project, graph=graph))
        self._canvas.select([node.name])
        nudging.bring_into_view(self._canvas, node.name)

    def _wired(self, wanted: _Wanted, node: Node, kind: Kind) -> tuple[Graph, str]:
        graph, loose, edge = self._document.graph, wanted.loose, wanted.edge
        alone = self.tr("Add {name}").format(name=node.name)
        if edge is not None and edge in graph.edges and (way := way_through(kind)) is not None:
            title = self.tr("Put {name} between {source} and {target}").format(
                name=node.name, source=edge.source, target=edge.target
            )
            return graph.insert(node, edge, *way), title
        grown = graph.add(node)
        if loose is not None and loose.node not in graph.nodes:
            return grown, alone
        if loose is not None and not loose.from_output:
            target = self._document.seen.kind_of(graph.nodes[loose.node])
            output = output_for(kind, target.input_port(loose.port) if target else None)
            if output is None:
                return grown, alone
            title = self.tr("Add {name} before {other}").format(name=node.name, other=loose.node)
            return grown.connect(Edge(node.name, output, loose.node, loose.port)), title
        source, port = wanted.after, None
        if loose is not None:
            source, port = loose.node, loose.port
        elif source is not None and source in graph.nodes:
            port = edits.free_output(self._document.seen, graph.nodes[source])
        if source is None or port is None:
            return grown, alone
        into = input_for(kind, self._type(source, port))
        if into is None:
            return grown, alone
        title = self.tr("Add {name} after {other}").format(name=node.name, other=source)
        return grown.connect(Edge(source, port, node.name, into)), title

    def _put_instead(self, name: str, kind: Kind) -> None:
        if name not in self._document.graph.nodes:
            return
        graph, new, lost = replaced(self._project, name, kind)
        self._habits.use([kind.name])
        title = self.tr("Replace {name} by {kind}").format(name=name, kind=kind.name)
        self._document.edit_seen(title, replace(self._project, graph=graph))
        self._canvas.select([new])
        if lost:
            words = self.tr("{kind} has no port for {count} of the wires; Ctrl+Z brings them back")
            self._canvas.hint.emit(words.format(kind=kind.name, count=lost))

    def _standing(self) -> list[Kind]:
        """All that can stand in the graph that is looked at."""
        path = self._document.place.path
        return [
            kind
            for kind in (
                *typed.kinds_of(self._document.seen),
                *map(library.kind_of, self._canvas.kept.values()),
            )
            if not edits.standing_problem(self._document.project, kind, path)
        ]

    def _type(self, node: str, port: str) -> TensorType | None:
        plan = self._canvas.stage.plan
        return plan.types.get((node, port)) if plan else None

    def _given_to(self, name: str) -> TensorType | None:
        wires = self._document.graph.incoming.get(name, {})
        first = next(iter(wires.values()), None)
        return self._type(first.source, first.output) if first is not None and len(wires) == 1 else None

    def _show_wire(self, end: QPointF) -> None:
        """The wire that was let go hangs on where the search is."""
        loose = self._wanted.loose if self._wanted is not None else None
        start = self._canvas.stage.spot_of(loose.node, loose.port, loose.from_output) if loose else None
        if loose is None or start is None:
            return
        self._wire = QGraphicsPathItem(curve(start, end) if loose.from_output else curve(end, start))
        self._wire.setPen(line_pen(ink().accent, 2))
        self._canvas.stage.add_overlay(self._wire)

    def _closed(self, escaped: bool) -> None:
        if self._wire is not None:
            self._canvas.stage.remove_overlay(self._wire)
            self._wire = None
        if escaped:
            self._canvas.setFocus()
