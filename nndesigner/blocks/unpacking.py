"""A block's node becomes what is in it, as this use has it."""

from collections.abc import Mapping
from dataclasses import replace

from nndesigner.blocks.naming import ABOVE, ENDS
from nndesigner.blocks.params import filled
from nndesigner.blocks.places import graph_at, with_graph_at
from nndesigner.graph import Edge, Graph, GraphError, Node
from nndesigner.project import Project, block_kind


def unpacked(project: Project, path: str, name: str) -> Project:
    """With a block's node replaced by its inside, as this use has it: expressions computed, repeats one after another.

    What lies below makes room. Raises `GraphError` with the reason where that can't be.
    """
    graph = graph_at(project, path)
    node = graph.nodes.get(name)
    if node is None or node.kind not in project.blocks:
        raise GraphError(f"{name} is no block, so there is nothing to unpack")
    sharing = [one.name for one in graph.nodes.values() if one.shares == name]
    if node.shares is not None or sharing:
        first, second = (name, node.shares) if node.shares is not None else (sharing[0], name)
        raise GraphError(
            f"{first} shares the weights of {second}; unpacked, each would have weights of its own"
        )
    return with_graph_at(project, path, _Unpacking(project, graph, node).result())


class _Unpacking:
    """One block's node on its way to being its inside."""

    def __init__(self, project: Project, graph: Graph, node: Node) -> None:
        self.project, self.graph, self.node = project, graph, node
        self.block = project.blocks[node.kind]
        self.rest = graph.remove([node.name])
        self.within = self.block.graph
        self.inner = {name: one for name, one in self.within.nodes.items() if one.kind not in ENDS}
        ports = block_kind(self.block)
        self.inputs = [port.name for port in ports.inputs]
        self.outputs = [port.name for port in ports.outputs]
        self.taken = set(self.rest.nodes)
        down = [one.position[1] for one in self.inner.values()] or [0.0]
        self.height = max(down) - min(down) + ABOVE

    def result(self) -> Graph:
        """The graph without the block's node."""
        wires = self.graph.incoming.get(self.node.name, {})
        given = {port: (edge.source, edge.output) for port, edge in wires.items()}
        edges: set[Edge] = set()
        nodes: list[Node] = []
        found: dict[str, tuple[str, str] | None] = {}
        for copy in range(self.node.repeat):
            if copy and self.inputs:
                first = found.get(self.outputs[0]) if self.outputs else None
                given = {port: place for port, place in given.items() if port != self.inputs[0]}
                given |= {self.inputs[0]: first} if first else {}
            names = {name: self._free(name) for name in self.inner}
            nodes += (self._node(one, names, copy) for one in self.inner.values())
            edges |= self._edges(names, given)
            found = {port: self._source(names, given, port, "input") for port in self.outputs}
        for edge in self.graph.outgoing.get(self.node.name, ()):
            if (place := found.get(edge.output)) is not None:
                edges.add(Edge(*place, edge.target, edge.input))
        room = self.node.repeat * self.height - ABOVE
        return self._placed(nodes, edges, room)

    def _placed(self, nodes: list[Node], edges: set[Edge], room: float) -> Graph:
        below = self.node.position[1]
        placed: dict[str, Node] = {}
        for name, one in self.graph.nodes.items():
            if name == self.node.name:
                placed |= {new.name: new for new in nodes}
            elif one.position[1] > below:
                placed[name] = replace(
                    self.rest.nodes[name], position=(one.position[0], one.position[1] + room)
                )
            else:
                placed[name] = self.rest.nodes[name]
        return replace(self.rest, nodes=placed, edges=self.rest.edges | edges)

    def _free(self, name: str) -> str:
        free, stem, number = name, name.rstrip("0123456789") or name, 1
        while free in self.taken:
            free, number = f"{stem}{number}", number + 1
        self.taken.add(free)
        return free

    def _node(self, one: Node, names: Mapping[str, str], copy: int) -> Node:
        across = [other.position[0] for other in self.inner.values()]
        down = [other.position[1] for other in self.inner.values()]
        dx = self.node.position[0] - (min(across) + max(across)) / 2
        dy = self.node.position[1] - min(down) + copy * self.height
        arguments = {**self.block.params, **self.node.params}
        kind = self.project.kind_of(one)
        weighs = kind is not None and (kind.role == "block" or kind.is_module)
        return replace(
            one,
            name=names[one.name],
            params={name: filled(value, arguments) for name, value in one.params.items()},
            position=(one.position[0] + dx, one.position[1] + dy),
            shares=names[one.shares] if one.shares is not None else None,
            bypassed=one.bypassed or self.node.bypassed,
            frozen=one.frozen or (self.node.frozen and weighs),
        )

    def _edges(self, names: Mapping[str, str], given: Mapping[str, tuple[str, str]]) -> set[Edge]:
        found = set()
        for edge in self.within.edges:
            source = self._source(names, given, edge.target, edge.input)
            if edge.target in names and source is not None:
                found.add(Edge(*source, names[edge.target], edge.input))
        return found

    def _source(
        self, names: Mapping[str, str], given: Mapping[str, tuple[str, str]], target: str, port: str
    ) -> tuple[str, str] | None:
        """What feeds a port of the inside, seen from outside."""
        edge = self.within.incoming.get(target, {}).get(port)
        if edge is None:
            return None
        if edge.source in names:
            return names[edge.source], edge.output
        return given.get(edge.source)
