"""A wire is pulled: which ports fit is decided once, at the start; why one does not, when the pointer is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from nndesigner.catalogue.kind import Port, TensorType
from nndesigner.graph import Edge, Graph
from nndesigner.ui.canvas import edits, metrics
from nndesigner.ui.canvas.gestures import START_DISTANCE
from nndesigner.ui.canvas.grip import Grip, LooseEnd
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.items import curve
from nndesigner.ui.canvas.scene import Place

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_LONGEST_LOOP = 5
_MEANT = 32  # pixels


@dataclass(frozen=True, slots=True)
class Verdict:
    """What letting go here would do: the wires it would make, if any, and words with their tone."""

    edges: tuple[Edge, ...] = ()
    words: str = ""
    tone: str = "plain"


class PullWire:
    """A wire between a port that stays and the pointer, or several that go together. Those that were there before are
    lost when they are let go in the void.
    """

    def __init__(self, canvas: Canvas, grip: Grip, at: QPointF) -> None:
        self._canvas, self._grip = canvas, grip
        self._lifted = grip.lifted
        self._graph: Graph = canvas.document.graph.disconnect(grip.lifted)
        self._from_output = grip.from_output
        self._held = tuple(dict.fromkeys(end.node for end in grip.ends))
        spots = [canvas.stage.spot_of(end.node, end.port, end.from_output) for end in grip.ends]
        self._starts = [spot for spot in spots if spot is not None]
        self._barred = self._nodes_that_close_a_loop()
        self._wire = QGraphicsPathItem()
        self._wire.setPen(line_pen(ink().accent, 2))
        canvas.stage.add_overlay(self._wire)
        for edge in self._lifted:
            canvas.stage.edge_items[edge].set_state("faded")
        self._pressed = at
        self._light()
        self._canvas.wire_pulled.emit(grip.ends[0])
        self.move(at)

    def move(self, at: QPointF) -> None:
        """Leads the wire to the pointer, or to the port near it."""
        place = self._port_near(at)
        end = place.position if place else self._canvas.in_scene(at)
        path = QPainterPath()
        for start in self._starts:
            path.addPath(curve(start, end) if self._from_output else curve(end, start))
        self._wire.setPath(path)
        verdict = self._verdict(place)
        if self._is_in_void(place, at):
            verdict = Verdict(words=self._words_in_void())
        pen = line_pen(ink().accent, 2)
        if verdict.tone == "error":
            pen = line_pen(ink().severity["error"], 2, Qt.PenStyle.DashLine)
        self._wire.setPen(pen)
        self._canvas.tell(verdict.words, at, verdict.tone)

    def release(self, at: QPointF) -> None:
        """Connects, moves or removes the wire, or says why not."""
        place = self._port_near(at)
        verdict = self._verdict(place)
        chosen = {*self._canvas.stage.selected_edges()}
        self._end()
        document = self._canvas.document
        if verdict.edges and set(verdict.edges) != set(self._lifted):
            graph = self._graph
            for edge in verdict.edges:
                graph = graph.connect(edge)
            document.edit_graph(self._title(verdict.edges), graph)
            if self._lifted and chosen & set(self._lifted):
                self._canvas.stage.select(self._canvas.selected_names(), verdict.edges)
        elif verdict.tone == "error":
            self._canvas.hint.emit(verdict.words)
        elif self._is_in_void(place, at) and self._lifted:
            document.edit_graph(off_title(self._lifted), self._graph)
        elif self._is_in_void(place, at):
            self._canvas.search_wanted.emit(at, self._grip.ends[0])

    def _title(self, edges: tuple[Edge, ...]) -> str:
        if len(self._lifted) > 1:
            return QCoreApplication.translate("Canvas", "Move {count} wires").format(count=len(self._lifted))
        if self._lifted:
            return QCoreApplication.translate("Canvas", "Move wire")
        words = QCoreApplication.translate("Canvas", "Connect {source} to {target}")
        return words.format(source=edges[0].source, target=edges[0].target)

    def _is_in_void(self, place: Place | None, at: QPointF) -> bool:
        """Whether it is far enough from where it began to be meant, and a new wire not on a card."""
        if place is not None or (at - self._pressed).manhattanLength() < _MEANT:
            return False
        return bool(self._lifted) or self._canvas.stage.node_at(self._canvas.in_scene(at)) is None

    def _words_in_void(self) -> str:
        if self._lifted:
            return QCoreApplication.translate("Canvas", "Drop here to disconnect")
        return QCoreApplication.translate("Canvas", "Let go to choose a layer")

    def cancel(self) -> None:
        """Lets the wire go; what was taken along goes back."""
        self._end()

    def _end(self) -> None:
        self._canvas.tell("", QPointF())
        self._canvas.wire_pulled.emit(None)
        self._canvas.stage.remove_overlay(self._wire)
        for item in self._canvas.stage.node_items.values():
            item.light(None)
        for edge in self._lifted:
            if (wire := self._canvas.stage.edge_items.get(edge)) is not None:
                wire.set_state("")

    def _nodes_that_close_a_loop(self) -> set[str]:
        if self._from_output:
            return self._graph.ancestors(self._held)
        return {*self._held}.union(*map(self._graph.descendants, self._held))

    def _light(self) -> None:
        project = self._canvas.document.seen
        side = "in" if self._from_output else "out"
        (first, *_) = self._grip.ends
        given = self._type(first.node, first.port) if self._from_output else None
        for name, item in self._canvas.stage.node_items.items():
            spots = item.face.inputs if self._from_output else item.face.outputs
            if name in self._barred or not spots:
                item.light(frozenset())
                continue
            kind = project.kind_of(item.node)
            item.light(
                frozenset(
                    f"{side} {spot.name}"
                    for spot in spots
                    if given is None or kind is None or _dtype_fits(kind.input_port(spot.name), given)
                )
            )
        side = "out" if self._from_output else "in"
        for name in self._held:
            own = frozenset(f"{side} {end.port}" for end in self._grip.ends if end.node == name)
            self._canvas.stage.node_items[name].light(own)

    def _type(self, node: str, port: str) -> TensorType | None:
        plan = self._canvas.stage.plan
        return plan.types.get((node, port)) if plan else None

    def _port_near(self, at: QPointF) -> Place | None:
        """The port near the pointer, or the first that fits of the card under it."""
        stage, position = self._canvas.stage, self._canvas.in_scene(at)
        place = stage.port_at(position, self._canvas.reach(metrics.SNAP_REACH))
        if place is not None:
            return place
        name = stage.node_at(position)
        if name is None or name in self._held:
            return None
        project, node = self._canvas.document.seen, self._graph.nodes[name]
        port = (
            self._free_input(name) if self._from_output else next(iter(edits.outputs_of(project, node)), None)
        )
        where = stage.spot_of(name, port, not self._from_output) if port else None
        return Place(name, port, not self._from_output, where) if port and where else None

    def _free_input(self, name: str) -> str | None:
        wired = self._graph.incoming.get(name, {})
        spots = self._canvas.stage.node_items[name].face.inputs
        return next((spot.name for spot in spots if spot.name not in wired), None)

    def _verdict(self, place: Place | None) -> Verdict:
        if place is None or LooseEnd(place.node, place.name, place.is_output) in self._grip.ends:
            return Verdict()
        if refusal := self._refusal(place):
            return Verdict((), refusal, "error")
        edges = self._grip.edges_to(place.node, place.name)
        for edge in edges:
            if misfit := self._misfit(edge):
                return Verdict(edges, misfit, "warning")
        edge = edges[0]
        before = self._graph.incoming.get(edge.target, {}).get(edge.input)
        if before is not None and before != edge:
            words = QCoreApplication.translate("Canvas", "Replaces the wire from {name}").format(
                name=before.source
            )
            return Verdict(edges, words, "accent")
        if len(edges) > 1:
            words = QCoreApplication.translate("Canvas", "{count} wires from {name}")
            return Verdict(edges, words.format(count=len(edges), name=edge.source), "accent")
        return Verdict(edges, f"{edge.source}  →  {edge.target} · {edge.input}", "accent")

    def _refusal(self, place: Place) -> str:
        if place.is_output == self._from_output:
            if place.is_output:
                return QCoreApplication.translate(
                    "Canvas", "An output can't feed an output; drop it on an input"
                )
            return QCoreApplication.translate("Canvas", "An input can't feed an input; drop it on an output")
        if place.node in self._held:
            return QCoreApplication.translate("Canvas", "{name} can't feed itself").format(name=place.node)
        if place.node not in self._barred:
            return ""
        pairs = [(name, place.node) if self._from_output else (place.node, name) for name in self._held]
        loop = next(filter(None, (self._graph.loop_of(*pair) for pair in pairs)))
        if len(loop) > _LONGEST_LOOP:
            loop = (*loop[:2], "…", *loop[-2:])
        words = QCoreApplication.translate("Canvas", "This would close a loop: {loop}")
        return words.format(loop=" → ".join(loop))

    def _misfit(self, edge: Edge) -> str:
        given = self._type(edge.source, edge.output)
        kind = self._canvas.document.seen.kind_of(self._graph.nodes[edge.target])
        port = kind.input_port(edge.input) if kind else None
        if given is None or _dtype_fits(port, given):
            return ""
        words = QCoreApplication.translate("Canvas", "{target} expects {expected}, {source} gives {dtype}")
        expected = (
            QCoreApplication.translate("Canvas", "real numbers")
            if port and port.dtype == "float"
            else QCoreApplication.translate("Canvas", "whole numbers")
        )
        return words.format(target=edge.target, expected=expected, source=edge.source, dtype=given.dtype)


class LiftEnd:
    """A wire is held near one of its ends, which comes off once it is dragged; a click leaves it where it is."""

    def __init__(self, canvas: Canvas, grip: Grip, at: QPointF) -> None:
        self._canvas, self._grip, self._pressed = canvas, grip, at
        self._pull: PullWire | None = None

    def move(self, at: QPointF) -> None:
        """Pulls the end along."""
        if self._pull is not None:
            self._pull.move(at)
        elif (at - self._pressed).manhattanLength() >= START_DISTANCE:
            self._pull = PullWire(self._canvas, self._grip, self._pressed)
            self._pull.move(at)

    def release(self, at: QPointF) -> None:
        """Lets it go where it is."""
        if self._pull is not None:
            self._pull.release(at)

    def cancel(self) -> None:
        """Puts it back."""
        if self._pull is not None:
            self._pull.cancel()


def off_title(edges: Sequence[Edge]) -> str:
    """What taking these wires off is called in the list of edits."""
    if len(edges) > 1:
        return QCoreApplication.translate("Canvas", "Disconnect {count} wires").format(count=len(edges))
    words = QCoreApplication.translate("Canvas", "Disconnect {source} from {target}")
    return words.format(source=edges[0].source, target=edges[0].target)


def _dtype_fits(port: Port | None, given: TensorType) -> bool:
    match port.dtype if port else "any":
        case "float":
            return given.is_float
        case "int":
            return given.dtype.startswith(("int", "uint"))
        case _:
            return True
