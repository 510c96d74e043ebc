"""One use of a block gets a block of its own."""

from dataclasses import replace

from nndesigner.blocks.naming import free_block_name
from nndesigner.blocks.places import block_named, graph_at, uses, with_graph_at
from nndesigner.graph import GraphError
from nndesigner.project import Project


def parted(project: Project, path: str, name: str) -> tuple[Project, str]:
    """With a copy of its block for one node, and the name of that copy: a change of its inside changes no other use.

    Nodes that share weights with it go along, as they are the same layer. Raises `GraphError` with the reason where
    that can't be, or where there is no other use.
    """
    graph = graph_at(project, path)
    node = graph.nodes.get(name)
    if node is None or node.kind not in project.blocks:
        raise GraphError(f"{name} is no block, so it is unique already")
    holder = node.shares or name
    going = {one.name for one in graph.nodes.values() if holder in (one.name, one.shares)}
    if all(place == path and one in going for place, one in uses(project, node.kind)):
        raise GraphError(f"{name} is the only use of {node.kind}, so it is unique already")
    copy = free_block_name(project, node.kind.rstrip("0123456789") or node.kind)
    grown = project.with_block(replace(block_named(project, node.kind), name=copy))
    nodes = {key: replace(one, kind=copy) if key in going else one for key, one in graph.nodes.items()}
    return with_graph_at(grown, path, replace(graph, nodes=nodes)), copy
