"""How far two projects agree, and what a project that was read keeps of the one that is drawn; all pure."""

from collections.abc import Mapping
from dataclasses import replace

from nndesigner.graph import Block, Graph, Node
from nndesigner.project import Project


def drawn_alike(one: Project, other: Project) -> bool:
    """Whether two projects differ in nothing but where their nodes and notes lie."""
    if one is other:
        return True
    return _without_positions(one) == _without_positions(other)


def placed_like(read: Project, drawn: Project) -> Project:
    """What was read, with each node where it lies in the drawing, as far as the drawing has it.

    Of the same kind and alone in being new in one and gone in the other, a node was renamed: it keeps its place too.
    """
    graph = _placed(read.graph, drawn.graph)
    blocks: dict[str, Block] = {}
    for name, block in read.blocks.items():
        known = drawn.blocks.get(name)
        inside = _placed(block.graph, known.graph) if known is not None else block.graph
        if known is not None and block == known:
            blocks[name] = known
        else:
            blocks[name] = block if inside is block.graph else replace(block, graph=inside)
    return replace(read, graph=graph, blocks=blocks)


def _placed(read: Graph, drawn: Graph) -> Graph:
    places: dict[str, Node] = {name: node for name, node in drawn.nodes.items() if name in read.nodes}
    places |= _renamed(read.nodes, drawn.nodes)
    nodes: list[Node] = []
    for name, node in read.nodes.items():
        known = places.get(name)
        if known is None:
            nodes.append(node)
        elif known == replace(node, position=known.position):
            nodes.append(known)  # the same value: what follows the project need not look at it again
        else:
            nodes.append(replace(node, position=known.position))
    made = Graph.of(nodes, read.edges, read.notes, read.frames)
    return drawn if made == drawn else made


def _renamed(read: Mapping[str, Node], drawn: Mapping[str, Node]) -> dict[str, Node]:
    """For each new node the one that is gone in its place, where there is just one of its kind."""
    new: dict[str, list[str]] = {}
    gone: dict[str, list[Node]] = {}
    for name, node in read.items():
        if name not in drawn:
            new.setdefault(node.kind, []).append(name)
    for name, node in drawn.items():
        if name not in read:
            gone.setdefault(node.kind, []).append(node)
    return {
        names[0]: gone[kind][0]
        for kind, names in new.items()
        if len(names) == 1 and len(gone.get(kind, ())) == 1
    }


def _without_positions(project: Project) -> Project:
    blocks = {name: replace(block, graph=_bare(block.graph)) for name, block in project.blocks.items()}
    return replace(project, graph=_bare(project.graph), blocks=blocks)


def _bare(graph: Graph) -> Graph:
    nodes = [replace(node, position=(0.0, 0.0)) for node in graph.nodes.values()]
    notes = tuple(replace(note, position=(0.0, 0.0)) for note in graph.notes)
    frames = tuple(replace(frame, position=(0.0, 0.0), size=(0.0, 0.0)) for frame in graph.frames)
    return Graph.of(nodes, graph.edges, notes, frames)
