"""Which graph is looked at: the main one or the inside of a block, and the way there.

A graph is named by its path: the name of the block whose inside it is, or "" for the main graph.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from nndesigner.graph import Block, Graph, GraphError
from nndesigner.project import Project


@dataclass(frozen=True, slots=True)
class Place:
    """Which graph is looked at: the `path` of a block, or "" for the main graph. `trail` are the nodes one goes
    through from the main graph to get there; none for a block that nothing uses.
    """

    path: str = ""
    trail: tuple[str, ...] = ()


MAIN = Place()


def graph_at(project: Project, path: str) -> Graph:
    """The main graph or the inside of a block; raises `GraphError` where there is no such block."""
    return block_named(project, path).graph if path else project.graph


def with_graph_at(project: Project, path: str, graph: Graph) -> Project:
    """With another graph there; raises `GraphError` where a block would stand in itself."""
    if not path:
        return replace(project, graph=graph)
    return project.with_block(replace(block_named(project, path), graph=graph))


def block_named(project: Project, name: str) -> Block:
    """The block of that name; raises `GraphError` where there is none."""
    if (block := project.blocks.get(name)) is None:
        raise GraphError(f"there is no block named {name!r}")
    return block


def uses(project: Project, name: str) -> tuple[tuple[str, str], ...]:
    """Where a block is used: the path of the graph and the name of the node, for each."""
    graphs = {"": project.graph, **{block.name: block.graph for block in project.blocks.values()}}
    return tuple(
        (path, node.name)
        for path, graph in graphs.items()
        for node in graph.nodes.values()
        if node.kind == name
    )


def stands_in(project: Project, kind: str, path: str) -> bool:
    """Whether a node of this kind may stand in the graph at `path`: a block never contains itself."""
    open_, seen = [kind], set()
    while open_:
        if (name := open_.pop()) == path and path:
            return False
        if name in project.blocks and name not in seen:
            seen.add(name)
            open_ += (node.kind for node in project.blocks[name].graph.nodes.values())
    return True


# Going in and out.


def through(project: Project, trail: Iterable[str]) -> tuple[str, ...]:
    """The blocks one goes into on this trail, as far as it leads."""
    found: list[str] = []
    graph = project.graph
    for name in trail:
        node = graph.nodes.get(name)
        if node is None or node.kind not in project.blocks:
            break
        found.append(node.kind)
        graph = project.blocks[node.kind].graph
    return tuple(found)


def place_of(project: Project, path: str) -> Place:
    """The place of a block by way of its first use that is reached from the main graph."""
    open_: list[Place] = [MAIN]
    seen: set[str] = set()
    for place in open_:
        if place.path == path:
            return place
        for node in graph_at(project, place.path).nodes.values():
            if node.kind in project.blocks and node.kind not in seen:
                seen.add(node.kind)
                open_.append(Place(node.kind, (*place.trail, node.name)))
    return Place(path)


def settled(project: Project, place: Place) -> Place:
    """The place itself where it still is; else what it is called now, or what is left of the way to it."""
    names = through(project, place.trail)
    whole = len(names) == len(place.trail)
    if place.path in project.blocks:
        return place if whole and place.trail and names[-1] == place.path else place_of(project, place.path)
    if not place.path or not names:
        return MAIN
    return Place(names[-1], place.trail[: len(names)])


def inside(project: Project, place: Place, name: str) -> Place:
    """The place within a block's node; raises `GraphError` for any other node."""
    node = graph_at(project, place.path).nodes.get(name)
    if node is None or node.kind not in project.blocks:
        raise GraphError(f"{name} is no block, so there is nothing in it to go into")
    if place.path and not place.trail:
        return place_of(project, node.kind)
    return Place(node.kind, (*place.trail, name))


def outside(project: Project, place: Place, steps: int = 1) -> Place:
    """The place so many steps further out."""
    trail = place.trail[: max(0, len(place.trail) - steps)]
    names = through(project, trail)
    return Place(names[-1], trail) if names else MAIN


def everywhere(project: Project, change: Callable[[Graph], Graph]) -> Project:
    """With every graph changed so."""
    blocks = {
        name: block if (graph := change(block.graph)) is block.graph else replace(block, graph=graph)
        for name, block in project.blocks.items()
    }
    return replace(project, graph=change(project.graph), blocks=blocks)
