"""A project put together again: what was read of the code, with the names, places and nodes it was drawn with."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from nndesigner import catalogue, layout
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, GraphError, Node, Value
from nndesigner.indexing import IndexingError, spelled
from nndesigner.plan import Place
from nndesigner.project import Project
from nndesigner.script.drawing.untold import Drawing, Said


def restored(read: Project, told: Drawing) -> tuple[Project, Mapping[str, str]]:
    """The project a script stands for: what was read of its code, and what its comment tells besides. With it, what the
    nodes of the main graph are called now, by what they were called in reading.
    """
    ports = {
        name: _ports(read.blocks[name].graph, told.said[name], told.project.blocks[name].graph)
        for name in read.blocks.keys() & told.said.keys() & told.project.blocks.keys()
    }
    blocks: dict[str, Block] = {}
    for name in [*told.project.blocks, *(name for name in read.blocks if name not in told.project.blocks)]:
        known, one = told.project.blocks.get(name), read.blocks.get(name)
        if one is None:
            if known is not None and name not in told.said:
                blocks[name] = known  # it is not used, so the code has nothing of it
            continue
        if known is None or name not in told.said:
            blocks[name] = replace(one, graph=_with_ports(one.graph, ports))
            continue
        graph, _ = _graph(one.graph, known.graph, told.said[name], ports, read.blocks)
        params = {key: one.params.get(key, value) for key, value in known.params.items()}
        blocks[name] = Block(name, graph, {**params, **one.params})
    graph, names = _graph(read.graph, told.project.graph, told.said.get("", Said()), ports, read.blocks)
    whole = replace(
        told.project,
        graph=graph,
        blocks=blocks,
        code={**told.project.code, **read.code},
    )
    return whole, names


def _ends(graph: Graph) -> list[str]:
    return [name for name, node in graph.nodes.items() if node.kind == "Output"]


def _ports(read: Graph, said: Said, known: Graph) -> dict[str, str]:
    """What the outputs of a block were called, by what they are called in reading."""
    places = {}
    for end in _ends(known):
        for edge in known.incoming.get(end, {}).values():
            places[end] = _through(known, (edge.source, edge.output))
    by_result: dict[int, str] = {}
    for index, place in enumerate(said.results):
        free = [end for end, source in places.items() if source == place and end not in by_result.values()]
        if free:
            by_result[index] = free[0]
    return {end: by_result[index] for index, end in enumerate(_ends(read)) if index in by_result}


def _through(graph: Graph, place: Place) -> Place:
    """A place, or where it comes from beyond nodes that are bypassed."""
    for _ in range(len(graph.nodes)):
        node = graph.nodes.get(place[0])
        wires = graph.incoming.get(place[0], {})
        if node is None or not node.bypassed or not wires:
            return place
        first = min(wires, key=lambda port: (len(port), port))
        place = wires[first].source, wires[first].output
    return place


def _with_ports(graph: Graph, ports: Mapping[str, Mapping[str, str]]) -> Graph:
    """The wires at the outputs of blocks as those are called."""

    def output(edge: Edge) -> Edge:
        known = ports.get(graph.nodes[edge.source].kind, {})
        return edge._replace(output=known.get(edge.output, edge.output))

    return replace(graph, edges=frozenset(map(output, graph.edges)))


def _graph(
    read: Graph, known: Graph, said: Said, ports: Mapping[str, Mapping[str, str]], blocks: Mapping[str, Block]
) -> tuple[Graph, Mapping[str, str]]:
    """A graph as it was read, with the names, places and other nodes it was drawn with; and what was named how."""
    one = _Restoration(_with_ports(read, ports), known, said, blocks)
    return one.graph(), {**one.names, **{name: place[0] for name, place in one.entries.items()}}


class _Restoration:
    """One graph that is put together again.

    `steps` are the nodes the code has, `others` those it has not; `names` are what the steps are called now, `entries` where
    the inputs of the code come from, both by their names in reading.
    """

    def __init__(self, read: Graph, known: Graph, said: Said, blocks: Mapping[str, Block]) -> None:
        self.read, self.known, self.said, self.blocks = read, known, said, blocks
        self.steps = {name: node for name, node in read.nodes.items() if node.kind not in ("Input", "Output")}
        self.others = {name: node for name, node in known.nodes.items() if name not in said.steps}
        self.names = _names_of(read, known, said)
        self.taken = {*self.names.values(), *self.others}
        for name in self.steps:
            if name not in self.names:
                self.names[name] = _free(name, self.taken)
                self.taken.add(self.names[name])
        self.nodes = {self.names[name]: self._as_known(name, node) for name, node in self.steps.items()}
        self.entries: dict[str, Place] = {}
        for name, node in read.nodes.items():
            if node.kind == "Input":
                self._enter(name, node)
        self.nodes |= self.others

    def _as_known(self, name: str, node: Node) -> Node:
        """A step under the name it has now; one that was drawn, as it was drawn."""
        new = self.names[name]
        shares = self.names.get(node.shares) if node.shares is not None else None
        node = replace(node, name=new, shares=shares)
        if new not in self.said.steps or new not in self.known.nodes:
            return node
        defaults = self.blocks[node.kind].params if node.kind in self.blocks else {}
        return _as_drawn(node, self.known.nodes[new], defaults)

    def _enter(self, name: str, node: Node) -> None:
        """Where an input comes from: a node that was drawn, or one that is new."""
        place = self.said.inputs.get(name)
        if place is not None and place[0] in self.others:
            self.entries[name] = place
        else:
            new = _free(name, self.taken)
            self.entries[name] = new, "output"
            self.nodes[new] = replace(node, name=new)

    def _source(self, edge: Edge) -> Place:
        return (
            self.entries[edge.source]
            if edge.source in self.entries
            else (self.names[edge.source], edge.output)
        )

    def graph(self) -> Graph:
        """All of it, wired."""
        ends = _ends(self.read)
        results = {
            end: self._source(edge) for end in ends for edge in self.read.incoming.get(end, {}).values()
        }
        wires = {
            (self.names[edge.target], edge.input): self._source(edge)
            for edge in self.read.edges
            if edge.target in self.steps
        }
        self._wire_as_drawn(wires, [results.get(end) for end in ends])
        for end in ends[len(self.said.results) :]:
            name = _free(end, {*self.taken, *self.nodes})
            self.nodes[name] = replace(self.read.nodes[end], name=name)
            if end in results:
                wires[name, "input"] = results[end]
        return _made(self.known, self.nodes, wires, self.blocks)

    def _wire_as_drawn(self, wires: dict[tuple[str, str], Place], results: Sequence[Place | None]) -> None:
        """Adds the wires the code does not tell: those of nodes it has not, and from its results to them."""
        entered = {place[0] for place in self.entries.values()}
        gone = {place[0] for place in self.said.inputs.values()} - entered
        gone |= set(self.said.steps) - self.nodes.keys()
        for edge in self.known.edges:
            place, target = (edge.source, edge.output), (edge.target, edge.input)
            if edge.target in self.said.steps:
                # Beyond a node that is bypassed: only where the code still says so.
                if edge.target in self.nodes and wires.get(target) == _through(self.known, place):
                    wires[target] = place
            elif place in self.said.results and edge.source in self.said.steps:
                index = self.said.results.index(place)
                result = results[index] if index < len(results) else None
                if result is not None:
                    wires[target] = result
            elif edge.source in self.nodes and edge.source not in gone:
                wires[target] = place


def _made(
    known: Graph, nodes: dict[str, Node], wires: Mapping[tuple[str, str], Place], tall: Collection[str]
) -> Graph:
    order = [
        *(name for name in known.nodes if name in nodes),
        *(name for name in nodes if name not in known.nodes),
    ]
    edges = [
        Edge(*source, *target)
        for target, source in wires.items()
        if source[0] in nodes and target[0] in nodes
    ]
    try:
        graph = Graph.of([nodes[name] for name in order], edges, known.notes, known.frames)
    except GraphError:
        graph = Graph.of([nodes[name] for name in order], (), known.notes, known.frames)
    positions = {name: known.nodes[name].position for name in order if name in known.nodes}
    return layout.placed(graph, positions, set(tall))


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def _key(node: Node) -> str:
    kind = catalogue.BY_NAME.get(node.kind)
    held = (
        (kind is None or kind.is_module or kind.is_tensor) and node.shares is None and node.kind[:1].isupper()
    )
    return f"={node.name}" if held else f"{node.kind}:{bool(node.shares)}"


def _names_of(read: Graph, known: Graph, said: Said) -> dict[str, str]:
    """What the nodes that were read were called: layers by name, operations in the order of the code."""
    before = [known.nodes[name] for name in said.steps if name in known.nodes]
    after = [node for node in read.nodes.values() if node.kind not in ("Input", "Output")]
    keys_before = [_known_key(node, read) for node in before]
    keys_after = [_key(node) for node in after]
    found: dict[str, str] = {}
    used: set[str] = set()
    same = {node.name for node in before}
    for node, key in zip(after, keys_after, strict=True):
        if key.startswith("=") and node.name in same:
            found[node.name] = node.name
            used.add(node.name)
    matcher = difflib.SequenceMatcher(None, keys_before, keys_after, autojunk=False)
    for start, other, size in matcher.get_matching_blocks():
        for step in range(size):
            old, new = before[start + step].name, after[other + step].name
            if new not in found and old not in used:
                found[new] = old
                used.add(old)
    return found


def _known_key(node: Node, read: Graph) -> str:
    kind = catalogue.BY_NAME.get(node.kind)
    held = (kind is None or kind.is_module or kind.is_tensor) and node.kind[:1].isupper()
    if held and node.name in read.nodes and read.nodes[node.name].shares is None:
        return f"={node.name}"
    return f"{node.kind}:{held}"


def _as_drawn(node: Node, known: Node, defaults: Mapping[str, Value]) -> Node:
    """A node that was read, with its params spelled as they were drawn where that is the same. For one of a block,
    `defaults` are what its params are now.
    """
    kind = catalogue.BY_NAME.get(node.kind)
    params = dict(node.params)
    for name, value in known.params.items():
        default = kind.by_name[name].default if kind is not None and name in kind.by_name else None
        if name in params:
            if _same(params[name], value):
                params[name] = value
        elif value == (default if kind is not None else defaults.get(name, value)):
            params[name] = value
    order = [
        *(name for name in known.params if name in params),
        *(name for name in params if name not in known.params),
    ]
    return replace(
        node,
        params={name: params[name] for name in order},
        position=known.position,
        rate=known.rate,
        frozen=node.frozen or known.frozen,
    )


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, Expression) and isinstance(other, Expression):
        return one.source() == other.source()
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        try:
            return spelled(one) == spelled(other)
        except IndexingError:
            return False
    return type(one) is type(other) and one == other
