"""The work with wires by one key: taken off what is selected, and exchanged between two inputs."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject

from nndesigner.graph import Edge, GraphError
from nndesigner.ui.canvas import edits
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.canvas.wiring import off_title


class WireWork(QObject):
    """The work with the wires of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._document = canvas, canvas.document

    def disconnect_selection(self) -> None:
        """Takes off all wires of the selected nodes, and the selected ones."""
        names, wires = self._canvas.selected_names(), chosen_wires(self._canvas)
        edges = wires_of_selection(self._canvas)
        if not names and not wires:
            self._canvas.hint.emit(self.tr("Select nodes or wires to disconnect them"))
        elif not edges:
            words = (
                self.tr("{name} has no wires").format(name=names[0])
                if len(names) == 1
                else self.tr("None of them has a wire")
            )
            self._canvas.hint.emit(words)
        else:
            self._document.edit_graph(self._title(names, edges), self._document.graph.disconnect(edges))

    def _title(self, names: tuple[str, ...], edges: Collection[Edge]) -> str:
        if not names or len(edges) == 1:
            return off_title(tuple(edges))
        if len(names) == 1:
            return self.tr("Disconnect {name}").format(name=names[0])
        return self.tr("Disconnect {count} nodes").format(count=len(names))

    def swap_inputs(self) -> None:
        """Exchanges the wires of the first two inputs of the selected node, or the ends of the two selected wires."""
        names, wires = self._canvas.selected_names(), chosen_wires(self._canvas)
        if len(wires) == 2 and not names:
            self._exchange(*wires)
        elif len(names) == 1 and not wires:
            self._swap_of(names[0])
        else:
            self._canvas.hint.emit(self.tr("Select one node with two inputs, or two wires, to swap them"))

    def _swap_of(self, name: str) -> None:
        """Of the inputs that have a wire the first two; one wire alone goes to the first input beside its own."""
        inputs, wired = _inputs_of(self._canvas, name), self._document.graph.incoming.get(name, {})
        wires = [wired[input] for input in inputs if input in wired]
        if len(inputs) < 2:
            self._canvas.hint.emit(self.tr("{name} has no two inputs to swap").format(name=name))
        elif not wires:
            self._canvas.hint.emit(self.tr("{name} has no wires to swap").format(name=name))
        elif len(wires) > 1:
            self._exchange(*wires[:2])
        else:
            (wire,) = wires
            beside = next(input for input in inputs if input != wire.input)
            graph = self._document.graph.disconnect([wire]).connect(wire._replace(input=beside))
            self._document.edit_graph(self.tr("Swap inputs of {name}").format(name=name), graph)

    def _exchange(self, one: Edge, other: Edge) -> None:
        """Each of two wires ends where the other did."""
        if one[:2] == other[:2]:
            words = self.tr("Both wires come from {name}: there is nothing to swap")
            self._canvas.hint.emit(words.format(name=one.source))
            return
        title = self.tr("Swap inputs of {name}").format(name=one.target)
        if one.target != other.target:
            title = self.tr("Swap inputs of {one} and {other}").format(one=one.target, other=other.target)
        chosen = bool(chosen_wires(self._canvas))
        crossed = (Edge(*one[:2], *other[2:]), Edge(*other[:2], *one[2:]))
        try:
            graph = self._document.graph.disconnect([one, other]).connect(crossed[0]).connect(crossed[1])
        except GraphError as error:
            words = str(error)
            self._canvas.hint.emit(words[:1].upper() + words[1:])
            return
        self._document.edit_graph(title, graph)
        if chosen:
            self._canvas.stage.select((), crossed)


def chosen_wires(canvas: Canvas) -> tuple[Edge, ...]:
    """The selected wires, in the order of the file."""
    chosen = {*canvas.stage.selected_edges()}
    return tuple(edge for edge in canvas.document.graph.sorted_edges if edge in chosen) if chosen else ()


def wires_of_selection(canvas: Canvas) -> set[Edge]:
    """All wires of the selected nodes, and the selected ones."""
    return {*canvas.document.graph.edges_of(canvas.selected_names()), *canvas.stage.selected_edges()}


def can_swap(canvas: Canvas) -> bool:
    """Whether two wires are selected, or one node with a wire and an input beside it."""
    names, wires = canvas.selected_names(), canvas.stage.selected_edges()
    if len(names) != 1 or wires:
        return len(wires) == 2 and not names
    return len(_inputs_of(canvas, names[0])) > 1 and names[0] in canvas.document.graph.incoming


def _inputs_of(canvas: Canvas, name: str) -> tuple[str, ...]:
    return edits.inputs_of(canvas.document.seen, canvas.document.graph.nodes[name])


def _place(edge: Edge) -> str:
    return f"{edge.target} · {edge.input}"
