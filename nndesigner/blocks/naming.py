"""Blocks come into a project, are called otherwise, and go."""

from dataclasses import replace

from nndesigner.blocks.places import block_named, everywhere, graph_at, uses, with_graph_at
from nndesigner.catalogue import BY_NAME
from nndesigner.graph import Block, Edge, Graph, GraphError, Node
from nndesigner.project import Project

ENDS = ("Input", "Output")
ABOVE = 96.0  # from a node to the port that feeds it


def free_block_name(project: Project, stem: str = "Block") -> str:
    """`stem` where no block is called that, else with the smallest number that makes it free."""
    name, number = stem, 2
    while name in project.blocks or name in BY_NAME:
        name, number = f"{stem}{number}", number + 1
    return name


def with_new_block(project: Project, name: str) -> Project:
    """With a block that hands on what it gets, to be drawn further."""
    expect_free(project, name)
    nodes = [Node("input", "Input"), Node("output", "Output", position=(0.0, 2 * ABOVE))]
    graph = Graph.of(nodes, [Edge("input", "output", "output", "input")])
    return project.with_block(Block(name, graph))


def expect_free(project: Project, name: str) -> None:
    """Raises `GraphError` where a block is called that already."""
    if name in project.blocks:
        raise GraphError(f"there is a block named {name!r} already; names are unique")


def renamed(project: Project, old: str, new: str) -> Project:
    """With a block called otherwise, by all its uses too."""
    block = block_named(project, old)
    if old == new:
        return project
    expect_free(project, new)
    fresh = replace(block, name=new)
    blocks = {
        fresh.name if name == old else name: fresh if name == old else one
        for name, one in project.blocks.items()
    }

    def at_uses(graph: Graph) -> Graph:
        if not any(node.kind == old for node in graph.nodes.values()):
            return graph
        nodes = {n: replace(node, kind=new) if node.kind == old else node for n, node in graph.nodes.items()}
        return replace(graph, nodes=nodes)

    grown = everywhere(replace(project, blocks=blocks), at_uses)
    return grown.with_block(grown.blocks[new])


def deleted(project: Project, name: str) -> Project:
    """Without a block; raises `GraphError` while it is used."""
    block_named(project, name)
    if found := uses(project, name):
        listed = [f"{node} in {path}" if path else node for path, node in found[:3]]
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise GraphError(f"{name} is used by {', '.join(listed)}{more}; delete or unpack that first")
    return replace(project, blocks={one: block for one, block in project.blocks.items() if one != name})


def node_renamed(project: Project, path: str, old: str, new: str) -> Project:
    """With a node called otherwise; where it is a port of a block, the wires at the uses follow."""
    graph = graph_at(project, path)
    after = with_graph_at(project, path, graph.rename(old, new))
    if not path or graph.nodes[old].kind not in ENDS:
        return after
    entering = graph.nodes[old].kind == "Input"

    def at_uses(graph: Graph) -> Graph:
        users = {node.name for node in graph.nodes.values() if node.kind == path}
        if not users:
            return graph
        if entering:
            edges = (
                e._replace(input=new) if e.target in users and e.input == old else e for e in graph.edges
            )
        else:
            edges = (
                e._replace(output=new) if e.source in users and e.output == old else e for e in graph.edges
            )
        return replace(graph, edges=frozenset(edges))

    return everywhere(after, at_uses)
