"""The scene that follows the project: compared by identity, only what differs is touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from nndesigner import blocks
from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Edge, Node
from nndesigner.project import Project
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.detours import Detours
from nndesigner.ui.canvas.face import Face, Inside, Spot, compare_blocks, face_of
from nndesigner.ui.canvas.items import EdgeItem, NodeItem
from nndesigner.ui.canvas.marks import Marks
from nndesigner.ui.canvas.put_away import PutAway
from nndesigner.ui.canvas.sheets import Sheets
from nndesigner.ui.canvas.whereabouts import Place as Place
from nndesigner.ui.canvas.whereabouts import Whereabouts

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.ui.canvas.raft import Raft


class Scene(QGraphicsScene):
    """The items of the graph that is looked at, by name. Only `sync` and `set_plan` make them differ from what they show;
    a gesture may move them for as long as it lasts.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = Project()
        self.place = blocks.MAIN
        self.plan: Plan | None = None
        self.node_items: dict[str, NodeItem] = {}
        self.edge_items: dict[Edge, EdgeItem] = {}
        self.marks = Marks()
        self.sheets = Sheets(self)
        self.note_items = self.sheets.notes
        self.overlays: list[QGraphicsItem] = []
        self.raft: Raft | None = None
        self.detours = Detours(self)
        self.whereabouts = Whereabouts()
        self.version = 0  # counts what can be seen from far away
        self.choices = 0  # counts what of that was only that others were selected
        self.selectionChanged.connect(self._count)
        self._edges_at: dict[str, set[Edge]] = {}
        self._insides: dict[str, Inside] = {}
        self._away = PutAway()

    def _count(self) -> None:
        self.version += 1
        self.choices += 1

    # Following.

    def sync(self, project: Project, place: blocks.Place = blocks.MAIN) -> None:
        """Shows this project: makes, changes and removes only what differs. In another place nothing is selected, and
        what was known of nodes of the same names is not true.
        """
        chosen = {id(item) for item in self.selectedItems()}
        self.version += 1
        blocked = self.blockSignals(True)
        if place.path != self.place.path:
            self.clearSelection()
            self.plan = None
        self.place = place
        self._follow(project)
        self.blockSignals(blocked)
        if chosen != {id(item) for item in self.selectedItems()}:
            self.selectionChanged.emit()

    def _follow(self, project: Project) -> None:
        before, self.project = self.project, project
        graph = project.graph
        again = self._away.shows(project)
        if self.node_items.keys() - graph.nodes.keys() or self.edge_items.keys() - graph.edges:
            self._away.begin(before)
        ends_changed = self._compare_edges(graph.edges)
        stale = {} if project.blocks is before.blocks else compare_blocks(self._insides, before, project)
        moved: set[str] = set()
        laid: set[str] = set()
        renamed = self._remove_nodes(graph.nodes)
        for name, node in graph.nodes.items():
            item = self.node_items.get(name)
            if item is None:
                item = self._away.take_node(node)
                if item is None:
                    item = NodeItem(node, self._face(node))
                elif not again:
                    item.show(node, self._face(node))
                self.node_items[name] = item
                item.bear(self.marks)
                self.addItem(item)
                self.whereabouts.put_card(item)
                if (node.kind, node.position) in renamed:
                    item.setSelected(True)
                laid.add(name)
            elif item.node is not node or name in ends_changed or node.kind in stale:
                face = self._face(node)
                if item.show(node, face):
                    self.whereabouts.put_card(item)
                    moved.add(name)
            elif (item.card.x(), item.card.y()) != node.position:
                item.place(*node.position)
                self.whereabouts.put_card(item)
                moved.add(name)
        self.lead(self._add_edges(graph.edges, again) | self.edges_at(moved))
        self.detours.follow()
        self.sheets.follow(graph)
        self._tell_plan(laid | moved | ends_changed)

    def set_plan(self, plan: Plan | None) -> None:
        """Shows shapes and problems of this plan."""
        self.plan = plan
        self.version += 1
        self._tell_plan(self.node_items.keys())

    def set_marks(self, marks: Marks) -> None:
        """Shows what is marked of the nodes."""
        self.marks = marks
        self.version += 1
        for item in self.node_items.values():
            item.bear(marks)

    def _face(self, node: Node) -> Face:
        edges = self._edges_at.get(node.name, ())
        return face_of(
            node,
            self.project.kind_of(node),
            {edge.input for edge in edges if edge.target == node.name},
            {edge.output for edge in edges if edge.source == node.name},
            self._insides.get(node.kind),
        )

    def _compare_edges(self, edges: frozenset[Edge]) -> set[str]:
        """Removes the wires that are gone; gives the nodes that have other wires than before."""
        known = self.edge_items.keys()
        gone, new = known - edges, edges - known
        for edge in gone:
            item = self.edge_items.pop(edge)
            self.removeItem(item)
            self.whereabouts.drop_wire(item)
            self._away.put_edge(item)
            for end in (edge.source, edge.target):
                self._edges_at[end].discard(edge)
        for edge in new:
            for end in (edge.source, edge.target):
                self._edges_at.setdefault(end, set()).add(edge)
        return {end for edge in (*gone, *new) for end in (edge.source, edge.target)}

    def _add_edges(self, edges: frozenset[Edge], again: bool) -> set[Edge]:
        """Makes the wires that are new; gives those that are not led anywhere yet. If they lie there `again`, the plain
        ones that are kept are as they were.
        """
        unled = set()
        for edge in edges - self.edge_items.keys():
            item = self.edge_items[edge] = self._away.take_edge(edge)
            self.addItem(item)
            if not again or item.lanes or item.line.isNull():
                unled.add(edge)
            else:
                self.whereabouts.put_wire(item)
        return unled

    def _remove_nodes(self, nodes: Mapping[str, Node]) -> set[tuple[str, tuple[float, float]]]:
        """Removes the cards of nodes that are gone. What was selected and only renamed is known by its place."""
        selected = set()
        for name in self.node_items.keys() - nodes.keys():
            item = self.node_items.pop(name)
            if item.isSelected():
                selected.add((item.node.kind, item.node.position))
            self.removeItem(item)
            self.whereabouts.drop_card(item)
            self._away.put_node(item)
            self._edges_at.pop(name, None)
        return selected

    def _tell_plan(self, names: Collection[str]) -> None:
        if not names:
            return
        plan = self.plan
        types: Mapping[tuple[str, str], TensorType] = plan.types if plan else {}
        worst: dict[str, str] = {}
        for problem in plan.problems if plan else ():
            if worst.get(problem.node) != "error":
                worst[problem.node] = problem.severity
        for name in names:
            if (item := self.node_items.get(name)) is not None:
                outputs = item.face.outputs
                given = types.get((name, outputs[0].name)) if len(outputs) == 1 else None
                unknown = "" if item.face.known else "error"
                shape = str(given) if given and not self._shown_by_wire(name) else ""
                item.tell(shape, worst.get(name, unknown))
        edges = (
            self.edge_items
            if len(names) == len(self.node_items)
            else {edge: self.edge_items[edge] for name in names for edge in self._edges_at.get(name, ())}
        )
        for edge, wire in edges.items():
            wire.tell(types.get((edge.source, edge.output)), self._says(edge))

    def _says(self, edge: Edge) -> bool:
        """Whether it is the one to say what flows, among those from one port to one card: query, key and value."""
        source, output, target, input = edge
        return not any(
            one.input < input and one.target == target and one.source == source and one.output == output
            for one in self._edges_at.get(target, ())
        )

    def _shown_by_wire(self, name: str) -> bool:
        """Whether what a node gives stands on a wire already; then its card need not say it again."""
        wires = self._edges_at.get(name, ())
        return any(edge.source == name and self.edge_items[edge].has_room for edge in wires)

    # Wires follow their nodes.

    def reroute(self, names: Iterable[str]) -> None:
        """These nodes stand elsewhere now: all their wires are led anew."""
        names = tuple(names)
        for name in names:
            if (item := self.node_items.get(name)) is not None:
                self.whereabouts.put_card(item)
        self.lead(self.edges_at(names))

    def lead(self, edges: Iterable[Edge]) -> None:
        """Leads these wires anew."""
        for edge in edges:
            if (item := self.edge_items.get(edge)) is not None:
                self._route(item)

    def edges_at(self, names: Iterable[str]) -> set[Edge]:
        """The wires that begin or end at these nodes."""
        return {edge for name in names for edge in self._edges_at.get(name, ())}

    def _route(self, item: EdgeItem) -> None:
        source, target = self.node_items[item.edge.source], self.node_items[item.edge.target]
        start, end = source.face.output(item.edge.output), target.face.input(item.edge.input)
        if start is None or end is None:
            return
        here, there = source.spot(start), target.spot(end)
        if (raft := self.raft) is not None and item.edge in raft.crossing:
            here, there = (
                (here + raft.offset, there) if item.edge.source in raft.names else (here, there + raft.offset)
            )
        item.route(here, there, self.detours.lanes_of(item.edge, here, there))
        self.whereabouts.put_wire(item)

    # What is where.

    def node_at(self, position: QPointF) -> str | None:
        """The node whose card is here."""
        return self.whereabouts.node_at(position)

    def nodes_in(self, area: QRectF) -> set[str]:
        """The nodes whose cards touch this area."""
        return self.whereabouts.nodes_in(area)

    def port_at(self, position: QPointF, reach: float = metrics.PORT_REACH) -> Place | None:
        """The nearest port within reach."""
        return self.whereabouts.port_at(position, reach)

    def edge_at(self, position: QPointF, reach: float = 6) -> Edge | None:
        """The nearest wire within reach."""
        return self.whereabouts.edge_at(position, reach)

    def spot_of(self, node: str, port: str, is_output: bool) -> QPointF | None:
        """Where a port is."""
        item = self.node_items.get(node)
        if item is None:
            return None
        spot: Spot | None = item.face.output(port) if is_output else item.face.input(port)
        return item.spot(spot) if spot else None

    def bounds(self) -> QRectF:
        """The area that all cards and notes take."""
        area = QRectF()
        for item in self.node_items.values():
            area = area.united(item.card)
        return area.united(self.sheets.bounds())

    # Selection.

    def selected_names(self) -> tuple[str, ...]:
        """The selected nodes, in the order of the file."""
        names = {item.face.name for item in self.selectedItems() if isinstance(item, NodeItem)}
        return tuple(name for name in self.project.graph.nodes if name in names) if names else ()

    def selected_edges(self) -> tuple[Edge, ...]:
        """The selected wires."""
        return tuple(item.edge for item in self.selectedItems() if isinstance(item, EdgeItem))

    def select(self, names: Iterable[str], edges: Iterable[Edge] = ()) -> None:
        """Selects just these; says so once."""
        wanted = {self.node_items[name] for name in names if name in self.node_items}
        chosen: set[NodeItem | EdgeItem] = {
            *wanted,
            *(self.edge_items[edge] for edge in edges if edge in self.edge_items),
        }
        before = set(self.selectedItems())
        if chosen == before:
            return
        blocked = self.blockSignals(True)
        for item in before - chosen:
            item.setSelected(False)
        for item in chosen - before:
            item.setSelected(True)
        self.blockSignals(blocked)
        self.selectionChanged.emit()

    # What a gesture shows while it lasts.

    def add_overlay(self, item: QGraphicsItem) -> None:
        """Shows an outline above everything, from far away too."""
        item.setZValue(10)
        self.overlays.append(item)
        self.addItem(item)

    def remove_overlay(self, item: QGraphicsItem) -> None:
        """Takes it away."""
        self.overlays.remove(item)
        self.removeItem(item)
