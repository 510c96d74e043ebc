"""The edits a person makes on the canvas, as pure functions from one graph to the next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from nndesigner import catalogue
from nndesigner.blocks import stands_in
from nndesigner.catalogue.kind import Kind
from nndesigner.code import read
from nndesigner.graph import Edge, Graph, Node, Position
from nndesigner.project import Project, block_kind

PLACEABLE = ("data", "input", "output", "layer", "loss", "block")


def kind_named(project: Project, name: str) -> Kind | None:
    """A kind that can stand on the canvas: of the catalogue, or one of the project's blocks and own layers."""
    if (code := project.code.get(name)) is not None:
        found = read(code)
        return found if isinstance(found, Kind) else None
    if (block := project.blocks.get(name)) is not None:
        return block_kind(block)
    kind = catalogue.BY_NAME.get(name)
    return kind if kind is not None and kind.role in PLACEABLE else None


def standing_problem(project: Project, kind: Kind, path: str) -> str:
    """Why a node of this kind can't stand in the graph at `path`, or nothing."""
    if not stands_in(project, kind.name, path):
        words = QCoreApplication.translate(
            "Canvas", "{kind} can't stand in {path}: a block never contains itself"
        )
        return words.format(kind=kind.name, path=path)
    if path and kind.role in ("data", "loss"):
        words = QCoreApplication.translate(
            "Canvas", "{kind} can't stand in a block: data and losses stand in the main network"
        )
        return words.format(kind=kind.name)
    return ""


def new_node(project: Project, kind: Kind, position: Position) -> Node:
    """A node of this kind with a free name and the params a new one has."""
    return Node(project.graph.fresh_name(kind.name_stem), kind.name, kind.start_params(), position)


def outputs_of(project: Project, node: Node) -> tuple[str, ...]:
    """A node's output ports; those its wires speak of where nobody knows its kind."""
    if kind := project.kind_of(node):
        return tuple(port.name for port in kind.outputs)
    return tuple(dict.fromkeys(edge.output for edge in project.graph.outgoing.get(node.name, ())))


def inputs_of(project: Project, node: Node) -> tuple[str, ...]:
    """A node's input ports, with the free one that a port for many always has."""
    wired = project.graph.incoming.get(node.name, {})
    kind = project.kind_of(node)
    return kind.input_names(wired) if kind else tuple(wired)


def free_input(project: Project, node: Node) -> str | None:
    """The first input port without a wire."""
    wired = project.graph.incoming.get(node.name, {})
    return next((name for name in inputs_of(project, node) if name not in wired), None)


def free_output(project: Project, node: Node) -> str | None:
    """The first output port without a wire, or else the first one."""
    outputs = outputs_of(project, node)
    used = {edge.output for edge in project.graph.outgoing.get(node.name, ())}
    return next((name for name in outputs if name not in used), outputs[0] if outputs else None)


def chained(project: Project, node: Node, after: Node | None) -> Graph:
    """With a new node, led from a free output of `after` where both have a port for it."""
    graph = project.graph.add(node)
    if after is None:
        return graph
    output, input = free_output(project, after), free_input(replace(project, graph=graph), node)
    if output is None or input is None:
        return graph
    return graph.connect(Edge(after.name, output, node.name, input))


def deleted(
    graph: Graph,
    names: Collection[str],
    edges: Iterable[Edge],
    notes: Collection[int] = (),
    frames: Collection[int] = (),
) -> Graph:
    """Without these nodes and wires, and without the notes and frames at these places of the file."""
    after = graph.disconnect(edges).remove(names)
    if not notes and not frames:
        return after
    return replace(
        after,
        notes=tuple(note for index, note in enumerate(graph.notes) if index not in notes),
        frames=tuple(frame for index, frame in enumerate(graph.frames) if index not in frames),
    )


def moved(
    graph: Graph,
    names: Collection[str],
    way: Position,
    notes: Collection[int] = (),
    frames: Collection[int] = (),
) -> Graph:
    """With these nodes, notes and frames so much further to the right and down."""
    dx, dy = way

    def there(position: Position) -> Position:
        return position[0] + dx, position[1] + dy

    after = graph.move({name: there(graph.nodes[name].position) for name in names})
    if not notes and not frames:
        return after
    return replace(
        after,
        notes=tuple(
            replace(note, position=there(note.position)) if index in notes else note
            for index, note in enumerate(graph.notes)
        ),
        frames=tuple(
            replace(frame, position=there(frame.position)) if index in frames else frame
            for index, frame in enumerate(graph.frames)
        ),
    )


def part_of(
    graph: Graph, names: Collection[str], notes: Collection[int] = (), frames: Collection[int] = ()
) -> Graph:
    """Just these nodes and the wires among them, and the notes and frames at these places of the file."""
    chosen = set(names)
    nodes = [
        replace(node, shares=None) if node.shares not in chosen else node
        for name, node in graph.nodes.items()
        if name in chosen
    ]
    return Graph.of(
        nodes,
        (edge for edge in graph.edges if edge.source in chosen and edge.target in chosen),
        (note for index, note in enumerate(graph.notes) if index in notes),
        (frame for index, frame in enumerate(graph.frames) if index in frames),
    )


def pasted(graph: Graph, part: Graph, offset: Position) -> tuple[Graph, tuple[str, ...]]:
    """With another part put in beside, under free names; gives those names too."""
    names = _free_names(graph, part)
    nodes = [
        replace(
            node,
            name=names[name],
            position=(node.position[0] + offset[0], node.position[1] + offset[1]),
            shares=names[node.shares] if node.shares is not None else None,
        )
        for name, node in part.nodes.items()
    ]
    edges = {Edge(names[edge.source], edge.output, names[edge.target], edge.input) for edge in part.edges}
    grown = graph.add(*nodes)
    shifted = moved(part, (), offset, range(len(part.notes)), range(len(part.frames)))
    return replace(
        grown,
        edges=grown.edges | edges,
        notes=(*grown.notes, *shifted.notes),
        frames=(*grown.frames, *shifted.frames),
    ), tuple(names.values())


def _free_names(graph: Graph, part: Graph) -> Mapping[str, str]:
    taken = set(graph.nodes)
    names: dict[str, str] = {}
    for name in part.nodes:
        free, number = name, 1
        stem = name.rstrip("0123456789") or name
        while free in taken:
            free, number = f"{stem}{number}", number + 1
        taken.add(free)
        names[name] = free
    return names
