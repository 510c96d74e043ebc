"""A selection becomes a block: what enters it from outside and what leaves it become its ports."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from nndesigner.blocks.naming import ABOVE, ENDS, expect_free, free_block_name
from nndesigner.blocks.params import names_in
from nndesigner.blocks.places import block_named, graph_at, with_graph_at
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, GraphError, Node, Position, check_name
from nndesigner.project import Project, block_kind

_GRID = 8
_TALLER = 16.0  # the card of a block reaches further than that of a layer, up and down
_ASIDE = 240.0
_GENERIC = ("input", "output")


def suggested_name(project: Project, path: str, names: Collection[str]) -> str:
    """A free name for a block of these nodes, after what weighs most among them."""
    nodes = graph_at(project, path).nodes
    kinds = [kind for name in names if name in nodes and (kind := project.kind_of(nodes[name]))]
    stem = "Block"
    if any(kind.family == "joining" for kind in kinds) and len(kinds) > 2:
        stem = "Residual" if any(kind.name == "Add" for kind in kinds) else "Branches"
    elif heavy := next((kind for kind in kinds if kind.follows), None):
        stem = f"{heavy.name_stem.title().replace('_', '')}Block"
    return free_block_name(project, stem)


def enclosed(project: Project, path: str, names: Collection[str], block_name: str) -> Project:
    """With a block of these nodes, and one node of it in their place.

    What enters from outside becomes an Input, what leaves an Output, one for each distinct source. Raises
    `GraphError` with the reason where that can't be.
    """
    graph = graph_at(project, path)
    chosen = {name: node for name, node in graph.nodes.items() if name in set(names)}
    expect_free(project, block_name)
    _check_enclosable(project, graph, chosen)
    entering = [edge for edge in graph.sorted_edges if edge.source not in chosen and edge.target in chosen]
    leaving = [edge for edge in graph.sorted_edges if edge.source in chosen and edge.target not in chosen]
    sources = dict.fromkeys((edge.source, edge.output) for edge in entering)
    results = dict.fromkeys((edge.source, edge.output) for edge in leaving)
    taken = set(chosen)
    inputs = {
        place: _port_name(
            [edge.input for edge in entering if edge[:2] == place], place[1], len(sources), "input", taken
        )
        for place in sources
    }
    outputs = {place: _port_name([], place[1], len(results), "output", taken) for place in results}
    wires = {edge for edge in graph.edges if edge.source in chosen and edge.target in chosen}
    wires |= {Edge(inputs[edge[:2]], "output", edge.target, edge.input) for edge in entering}
    wires |= {Edge(*place, name, "input") for place, name in outputs.items()}
    spots = _spots_of_ports(chosen, entering, inputs, outputs)
    begin = [Node(name, "Input", position=spots[name]) for name in inputs.values()]
    end = [Node(name, "Output", position=spots[name]) for name in outputs.values()]
    within = Graph.of([*begin, *chosen.values(), *end], wires)
    within = _with_free_ends(project, within, chosen)
    outer = block_named(project, path).params if path else {}
    used = {one for node in chosen.values() for value in node.params.values() for one in names_in(value)}
    block = Block(block_name, within, {name: value for name, value in outer.items() if name in used})
    project = project.with_block(block)
    stem = block_kind(block).name_stem
    rest = graph.remove(chosen)
    name = rest.fresh_name(stem)
    node = Node(name, block_name, {one: Expression(one) for one in block.params}, _middle(chosen.values()))
    attached = {Edge(*place, name, port) for place, port in inputs.items()}
    attached |= {Edge(name, outputs[edge[:2]], edge.target, edge.input) for edge in leaving}
    first = next(iter(chosen))
    nodes: dict[str, Node] = {}
    for one in graph.nodes:
        if one == first:
            nodes[name] = node
        elif one not in chosen:
            nodes[one] = rest.nodes[one]
    return with_graph_at(project, path, replace(rest, nodes=nodes, edges=rest.edges | attached))


def _check_enclosable(project: Project, graph: Graph, chosen: Mapping[str, Node]) -> None:
    if not chosen:
        raise GraphError("a block is made of the nodes that are selected, and none is")
    for name, node in chosen.items():
        kind = project.kind_of(node)
        if kind is not None and kind.role in ("data", "loss"):
            raise GraphError(f"{name} can't be in a block: data and losses stand in the main network")
        if node.kind in ENDS:
            raise GraphError(f"{name} can't be in the block: it is an end of the network it stands in")
    for name, node in graph.nodes.items():
        if node.shares is not None and (name in chosen) != (node.shares in chosen):
            raise GraphError(
                f"{name} shares the weights of {node.shares}: both belong in the block, or neither"
            )
    after = set[str]().union(*(graph.descendants(name) for name in chosen))
    between = [
        name for name in graph.nodes if name in after - set(chosen) and name in graph.ancestors(chosen)
    ]
    if between:
        raise GraphError(
            f"{', '.join(between[:3])} {'stands' if len(between) == 1 else 'stand'} between the nodes of the block, "
            f"which would feed itself through {'it' if len(between) == 1 else 'them'}; select that too"
        )


def _port_name(feeds: list[str], output: str, count: int, stem: str, taken: set[str]) -> str:
    """A free name for a port: after the ports it feeds or comes from where they have names of their own."""
    wanted = [one for one in (*dict.fromkeys(feeds), output) if one.rstrip("0123456789") not in _GENERIC]
    name = wanted[0] if wanted and count > 1 else stem
    name, number = (name, 2) if count == 1 or wanted else (f"{stem}1", 2)
    base = name.rstrip("0123456789")
    while name in taken:
        name, number = f"{base}{number}", number + 1
    taken.add(check_name(name))
    return name


def _spots_of_ports(
    chosen: Mapping[str, Node],
    entering: list[Edge],
    inputs: Mapping[tuple[str, str], str],
    outputs: Mapping[tuple[str, str], str],
) -> dict[str, Position]:
    """Inputs in a row above all, each over what it feeds; outputs in a row below, under what feeds them."""
    top = min(node.position[1] for node in chosen.values()) - ABOVE
    bottom = max(node.position[1] for node in chosen.values()) + ABOVE
    spots: dict[str, Position] = {}
    fed = {inputs[edge[:2]]: chosen[edge.target].position[0] for edge in reversed(entering)}
    feeding = {port: chosen[place[0]].position[0] for place, port in outputs.items()}
    for row, y in ((fed, top), (feeding, bottom)):
        free = float("-inf")
        for port, x in sorted(row.items(), key=lambda one: one[1]):
            spots[port] = (max(x, free), y)
            free = spots[port][0] + _ASIDE
    return spots


def _with_free_ends(project: Project, graph: Graph, chosen: Mapping[str, Node]) -> Graph:
    """Where nothing enters or leaves yet, the first free port gets an Input, and the last layer an Output."""
    if not any(node.kind == "Input" for node in graph.nodes.values()):
        for name, node in chosen.items():
            kind, wired = project.kind_of(node), graph.incoming.get(name, {})
            port = next((one for one in kind.input_names(wired) if one not in wired), None) if kind else None
            if port is not None:
                free = _port_name([], "output", 1, "input", set(graph.nodes))
                x, y = node.position
                graph = graph.add(Node(free, "Input", position=(x, y - ABOVE)))
                graph = graph.connect(Edge(free, "output", name, port))
                break
    if not any(node.kind == "Output" for node in graph.nodes.values()):
        for name in reversed(graph.order):
            kind = project.kind_of(graph.nodes[name])
            if name in chosen and kind is not None and kind.outputs:
                free = _port_name([], "output", 1, "output", set(graph.nodes))
                x, y = chosen[name].position
                graph = graph.add(Node(free, "Output", position=(x, y + ABOVE)))
                graph = graph.connect(Edge(name, kind.outputs[0].name, free, "input"))
                break
    return graph


def _middle(nodes: Iterable[Node]) -> Position:
    across, down = zip(*(node.position for node in nodes), strict=True)
    x, y = (min(across) + max(across)) / 2, (min(down) + max(down)) / 2 - _TALLER
    return round(x / _GRID) * float(_GRID), round(y / _GRID) * float(_GRID)
