"""What a hand has of a wire: a new one at a port, the end that was in it, or the near end of one it takes hold of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF

from nndesigner.graph import Edge
from nndesigner.ui.canvas.scene import Place

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_NEAR = 40  # pixels from a port, in which a wire is held by that end


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """The port from which a wire hangs whose other end is in the hand, or was let go in the void."""

    node: str
    port: str
    from_output: bool


@dataclass(frozen=True, slots=True)
class Grip:
    """The loose ends that one hand holds, all on the same side, and the wires they were if they are not new. There are
    several only where the wires of one output were taken off it together.
    """

    ends: tuple[LooseEnd, ...]
    lifted: tuple[Edge, ...] = ()

    @property
    def from_output(self) -> bool:
        """Whether it is an input that is missing."""
        return self.ends[0].from_output

    def edges_to(self, node: str, port: str) -> tuple[Edge, ...]:
        """The wires there would be if it were let go at this port."""
        if self.from_output:
            return tuple(Edge(end.node, end.port, node, port) for end in self.ends)
        return tuple(Edge(node, port, end.node, end.port) for end in self.ends)


def at_port(canvas: Canvas, place: Place, along: bool) -> Grip:
    """At an input, the wire in it or a new one. At an output a new one, or if they come `along` the wires that begin
    there: those of them that are selected, else all.
    """
    graph = canvas.document.graph
    if not place.is_output:
        wire = graph.incoming.get(place.node, {}).get(place.name)
        return _off_input(wire) if wire else Grip((LooseEnd(place.node, place.name, False),))
    if along:
        begun = [wire for wire in graph.outgoing.get(place.node, ()) if wire.output == place.name]
        chosen = set(canvas.stage.selected_edges())
        if wires := [wire for wire in begun if wire in chosen] or begun:
            return _off_output(wires)
    return Grip((LooseEnd(place.node, place.name, True),))


def on_wire(canvas: Canvas, edge: Edge, position: QPointF) -> Grip | None:
    """The end of a wire that is near this place of the scene, if one is."""
    if not canvas.shows_items:
        return None
    line = canvas.stage.edge_items[edge].line
    to_output = QLineF(position, line.p1()).length()
    to_input = QLineF(position, line.p2()).length()
    if min(to_output, to_input) > canvas.reach(_NEAR):
        return None
    return _off_output([edge]) if to_output < to_input else _off_input(edge)


def _off_input(edge: Edge) -> Grip:
    return Grip((LooseEnd(edge.source, edge.output, True),), (edge,))


def _off_output(edges: Iterable[Edge]) -> Grip:
    wires = tuple(edges)
    return Grip(tuple(LooseEnd(edge.target, edge.input, False) for edge in wires), wires)
