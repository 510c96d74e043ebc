"""Edits a cure is made of: pure functions from a graph to the next."""

from dataclasses import replace

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Edge, Graph, Node, Value

_GAP = 80
_BY_TARGET = {kind.target: kind for kind in reversed(catalogue.KINDS) if kind.target}


def kind_for(*targets: str) -> Kind | None:
    """The catalogue's kind for the first of these torch names that it has."""
    return next((_BY_TARGET[target] for target in targets if target in _BY_TARGET), None)


def inserted(graph: Graph, edge: Edge, *layers: tuple[str, dict[str, Value]]) -> Graph:
    """With new layers of these kinds and params, one after the other, in a wire."""
    (x1, y1), (x2, y2) = (graph.nodes[name].position for name in (edge.source, edge.target))
    for number, (name, params) in enumerate(layers, start=1):
        kind = catalogue.BY_NAME[name]
        share = number / (len(layers) + 1)
        place = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share + _GAP)
        node = Node(graph.fresh_name(kind.name_stem), name, {**kind.start_params(), **params}, place)
        graph = graph.insert(node, edge, kind.input_names()[0], kind.outputs[0].name)
        edge = Edge(node.name, kind.outputs[0].name, edge.target, edge.input)
    return graph


def appended(graph: Graph, kind_name: str, **wires: tuple[str, str]) -> Graph:
    """With a new node at the end, its inputs wired to these outputs."""
    kind = catalogue.BY_NAME[kind_name]
    places = [graph.nodes[source].position for source, _ in wires.values()]
    taken = {node.position for node in graph.nodes.values()}
    x, y = max(x for x, _ in places) + 3 * _GAP, places[0][1]
    while (x, y) in taken:
        y += _GAP
    name = graph.fresh_name(kind.name_stem)
    graph = graph.add(Node(name, kind_name, kind.start_params(), (x, y)))
    for port, (source, output) in wires.items():
        graph = graph.connect(Edge(source, output, name, port))
    return graph


def with_param(graph: Graph, name: str, param: str, value: Value) -> Graph:
    """With one param of a node set."""
    return graph.replace_node(graph.nodes[name].with_param(param, value))


def as_kind(graph: Graph, name: str, kind: Kind) -> Graph:
    """With a node of another kind, keeping the params that both know."""
    node = graph.nodes[name]
    kept = {
        param: value
        for param, value in node.params.items()
        if param in kind.by_name and kind.by_name[param].problem(value) is None
    }
    return graph.replace_node(replace(node, kind=kind.name, params={**kind.start_params(), **kept}))


def taken_out(graph: Graph, name: str) -> Graph:
    """Without a node; what it got first goes on to all it fed."""
    feeding = sorted(graph.incoming.get(name, {}).values(), key=lambda edge: (len(edge.input), edge.input))
    fed = graph.outgoing.get(name, ())
    without = graph.remove([name])
    if feeding:
        for edge in fed:
            without = without.connect(Edge(feeding[0].source, feeding[0].output, edge.target, edge.input))
    return without
