"""The work with nodes by one key: left out or frozen and back again, and named otherwise where they stand."""

from dataclasses import replace

from PySide6.QtCore import QObject, QPoint

from nndesigner import blocks
from nndesigner.graph import Graph, GraphError, Node, name_problem
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.naming_bar import NamingBar


class NodeWork(QObject):
    """The work with the selected nodes of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._document = canvas, canvas.document
        self._name = ""
        self._bar = NamingBar(self._name_problem, canvas)
        self._bar.named.connect(self._named)
        self._bar.left.connect(canvas.setFocus)
        self._document.changed.connect(self._bar.close_bar)

    def bypass(self) -> None:
        """Leaves the selected layers out, or takes them in again where all are left out."""
        chosen = [node for node in self._chosen() if self._role(node) in ("layer", "block")]
        off = all(node.bypassed for node in chosen)
        after = [replace(node, bypassed=not off) for node in chosen]
        words = (
            (self.tr("Take {name} in again"), self.tr("Take {count} nodes in again"))
            if off
            else (self.tr("Bypass {name}"), self.tr("Bypass {count} nodes"))
        )
        self._edit(after, words, self.tr("Select a layer or a block to bypass it"))

    def freeze(self) -> None:
        """Freezes the weights of the selected layers, or lets them learn again where all are frozen."""
        chosen = [node for node in self._chosen() if node.frozen or self._weighs(node)]
        off = all(node.frozen for node in chosen)
        after = [replace(node, frozen=not off) for node in chosen]
        words = (
            (self.tr("Let {name} learn again"), self.tr("Let {count} nodes learn again"))
            if off
            else (self.tr("Freeze {name}"), self.tr("Freeze {count} nodes"))
        )
        self._edit(after, words, self.tr("Select a layer with weights to freeze it"))

    def rename(self) -> None:
        """Asks for another name of the selected node, at its place."""
        names = self._canvas.selected_names()
        if len(names) != 1:
            self._canvas.hint.emit(self.tr("Select the one node that is to be renamed"))
            return
        (self._name,) = names
        card = self._canvas.stage.node_items[self._name].card
        at = self._canvas.viewportTransform().map(card.center().x(), card.top())
        head = self.tr("New name of {name}").format(name=self._name)
        self._bar.ask(head, self.tr("Rename"), self._name, QPoint(*map(round, at)))

    def _chosen(self) -> list[Node]:
        return [self._document.graph.nodes[name] for name in self._canvas.selected_names()]

    def _role(self, node: Node) -> str:
        kind = self._document.seen.kind_of(node)
        return kind.role if kind is not None else ""

    def _weighs(self, node: Node) -> bool:
        """Whether it has weights, as far as is known."""
        kind, plan = self._document.seen.kind_of(node), self._canvas.stage.plan
        if kind is None or not (kind.is_module or kind.role == "block"):
            return False
        return plan is None or plan.parameters_of.get(node.name, 1 if kind.follows else 0) > 0

    def _edit(self, nodes: list[Node], words: tuple[str, str], refusal: str) -> None:
        if not nodes:
            self._canvas.hint.emit(refusal)
            return
        graph: Graph = self._document.graph
        for node in nodes:
            graph = graph.replace_node(node)
        one, many = words
        title = one.format(name=nodes[0].name) if len(nodes) == 1 else many.format(count=len(nodes))
        self._document.edit_graph(title, graph)

    def _name_problem(self, name: str) -> str | None:
        if name != self._name and name in self._document.graph.nodes:
            return self.tr("There is a node named {name} already; names are unique").format(name=name)
        problem = name_problem(name)
        return problem and problem[:1].upper() + problem[1:]

    def _named(self, name: str) -> None:
        old = self._name
        self._canvas.setFocus()
        if name == old or old not in self._document.graph.nodes:
            return
        try:
            after = blocks.node_renamed(self._document.project, self._document.place.path, old, name)
        except GraphError as error:
            self._canvas.hint.emit(str(error))
            return
        self._document.edit(self.tr("Rename {old} to {new}").format(old=old, new=name), after)
        self._canvas.select([name])
