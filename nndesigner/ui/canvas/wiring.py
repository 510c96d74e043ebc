"""A wire is pulled: which ports fit is decided once, at the start; why one does not, when the pointer is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtWidgets import QGraphicsPathItem

from nndesigner.catalogue.kind import Port, TensorType
from nndesigner.graph import Edge, Graph
from nndesigner.ui.canvas import edits, metrics
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.items import curve
from nndesigner.ui.canvas.scene import Place

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_LONGEST_LOOP = 5
_MEANT = 32  # pixels


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """The port from which a wire hangs that was let go in the void."""

    node: str
    port: str
    from_output: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What dropping the wire here would do: the wire it would make, if any, and words with their tone."""

    edge: Edge | None = None
    words: str = ""
    tone: str = "plain"


class PullWire:
    """A wire between a port that stays and the pointer. Pulled from an input that has one, that wire is taken
    along and lost when it is dropped in the void.
    """

    def __init__(self, canvas: Canvas, place: Place, at: QPointF) -> None:
        self._canvas, self._began = canvas, place
        graph = canvas.document.graph
        self._lifted = None if place.is_output else graph.incoming.get(place.node, {}).get(place.name)
        self._graph: Graph = graph.disconnect([self._lifted]) if self._lifted else graph
        self._from_output = place.is_output or self._lifted is not None
        self._node, self._port = place.node, place.name
        if self._lifted:
            self._node, self._port = self._lifted.source, self._lifted.output
        start = canvas.stage.spot_of(self._node, self._port, self._from_output)
        self._start = start if start is not None else place.position
        self._barred = self._nodes_that_close_a_loop()
        self._wire = QGraphicsPathItem()
        self._wire.setPen(line_pen(ink().accent, 2))
        canvas.stage.add_overlay(self._wire)
        if self._lifted:
            canvas.stage.edge_items[self._lifted].set_state("faded")
        self._pressed = at
        self._light()
        self._canvas.wire_pulled.emit(LooseEnd(self._node, self._port, self._from_output))
        self.move(at)

    def move(self, at: QPointF) -> None:
        """Leads the wire to the pointer, or to the port near it."""
        place = self._port_near(at)
        end = place.position if place else self._canvas.in_scene(at)
        self._wire.setPath(curve(self._start, end) if self._from_output else curve(end, self._start))
        verdict = self._verdict(place)
        if self._is_in_void(place, at):
            verdict = Verdict(words=QCoreApplication.translate("Canvas", "Let go to choose a layer"))
        pen = line_pen(ink().accent, 2)
        if verdict.tone == "error":
            pen = line_pen(ink().severity["error"], 2, Qt.PenStyle.DashLine)
        self._wire.setPen(pen)
        self._canvas.tell(verdict.words, at, verdict.tone)

    def release(self, at: QPointF) -> None:
        """Connects, moves or removes the wire, or says why not."""
        place = self._port_near(at)
        verdict = self._verdict(place)
        self._end()
        document = self._canvas.document
        if verdict.edge is not None and verdict.edge != self._lifted:
            words = QCoreApplication.translate("Canvas", "Connect {source} to {target}")
            title = words.format(source=verdict.edge.source, target=verdict.edge.target)
            document.edit_graph(title, self._graph.connect(verdict.edge))
        elif verdict.tone == "error":
            self._canvas.hint.emit(verdict.words)
        elif place is None and self._lifted is not None:
            words = QCoreApplication.translate("Canvas", "Disconnect {source} from {target}")
            title = words.format(source=self._lifted.source, target=self._lifted.target)
            document.edit_graph(title, self._graph)
        elif self._is_in_void(place, at):
            self._canvas.search_wanted.emit(at, LooseEnd(self._node, self._port, self._from_output))

    def _is_in_void(self, place: Place | None, at: QPointF) -> bool:
        """Whether a new wire is let go on free paper, far enough from where it began to be meant."""
        if place is not None or self._lifted is not None:
            return False
        on_card = self._canvas.stage.node_at(self._canvas.in_scene(at)) is not None
        return not on_card and (at - self._pressed).manhattanLength() >= _MEANT

    def cancel(self) -> None:
        """Lets the wire go; one that was taken along goes back."""
        self._end()

    def _end(self) -> None:
        self._canvas.tell("", QPointF())
        self._canvas.wire_pulled.emit(None)
        self._canvas.stage.remove_overlay(self._wire)
        for item in self._canvas.stage.node_items.values():
            item.light(None)
        if self._lifted and (wire := self._canvas.stage.edge_items.get(self._lifted)) is not None:
            wire.set_state("")

    def _nodes_that_close_a_loop(self) -> set[str]:
        if self._from_output:
            return self._graph.ancestors([self._node])
        return {self._node, *self._graph.descendants(self._node)}

    def _light(self) -> None:
        project = self._canvas.document.seen
        side = "in" if self._from_output else "out"
        given = self._type(self._node, self._port) if self._from_output else None
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
        own = self._canvas.stage.node_items[self._node]
        own.light(frozenset({f"{'out' if self._from_output else 'in'} {self._port}"}))

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
        if name is None or name == self._node:
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
        if place is None:
            if self._lifted is None:
                return Verdict()
            return Verdict(words=QCoreApplication.translate("Canvas", "Drop here to disconnect"))
        here = (place.node, place.name, place.is_output)
        if here == (self._node, self._port, self._from_output):
            return Verdict()
        if refusal := self._refusal(place):
            return Verdict(None, refusal, "error")
        fixed, free = (self._node, self._port), (place.node, place.name)
        edge = Edge(*fixed, *free) if self._from_output else Edge(*free, *fixed)
        if misfit := self._misfit(edge):
            return Verdict(edge, misfit, "warning")
        before = self._graph.incoming.get(edge.target, {}).get(edge.input)
        if before is not None and before != edge:
            words = QCoreApplication.translate("Canvas", "Replaces the wire from {name}").format(
                name=before.source
            )
            return Verdict(edge, words, "accent")
        return Verdict(edge, f"{edge.source}  →  {edge.target} · {edge.input}", "accent")

    def _refusal(self, place: Place) -> str:
        if place.is_output == self._from_output:
            if place.is_output:
                return QCoreApplication.translate(
                    "Canvas", "An output can't feed an output; drop it on an input"
                )
            return QCoreApplication.translate("Canvas", "An input can't feed an input; drop it on an output")
        if place.node == self._node:
            return QCoreApplication.translate("Canvas", "{name} can't feed itself").format(name=place.node)
        if place.node not in self._barred:
            return ""
        source, target = (self._node, place.node) if self._from_output else (place.node, self._node)
        loop = self._graph.loop_of(source, target)
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


def _dtype_fits(port: Port | None, given: TensorType) -> bool:
    match port.dtype if port else "any":
        case "float":
            return given.is_float
        case "int":
            return given.dtype.startswith(("int", "uint"))
        case _:
            return True
