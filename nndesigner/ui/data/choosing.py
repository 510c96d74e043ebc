"""A project that learns from another data set: its Data node changed, or added where there is none."""

from dataclasses import replace

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.project import Project

# What gives the tensors their sizes: a network was drawn for them, so they stay where they can.
_SHAPING = ("mels", "frames", "length", "vocabulary")
_ABOVE = 112.0


def with_data_set(project: Project, data_set: DataSet, node: str = "") -> tuple[Project, str]:
    """The project with this data set in the Data node of that name, or else the first one; and that node's name.

    Wires from fields that the new data set calls otherwise follow to the field that takes their place.
    """
    if data_set.name not in BY_NAME:
        project = project.with_data(data_set)
    before = project.graph.nodes.get(node)
    if before is None or before.kind != "Data":
        before = project.data_node()
    if before is None:
        name = project.graph.fresh_name("data")
        made = Node(name, "Data", {"dataset": data_set.name}, position=_place(project.graph))
        return replace(project, graph=project.graph.add(made)), name
    old = project.data_named(before.params.get("dataset"))
    params: dict[str, Value] = {"dataset": data_set.name}
    if old is not None and old.name != data_set.name:
        were, are = old.values(before.params), data_set.values({})
        params |= {
            name: were[name] for name in _SHAPING if name in were and are.get(name, were[name]) != were[name]
        }
    elif old is not None:
        params = dict(before.params)
    graph = project.graph.replace_node(replace(before, params=params))
    outputs = data_set.outputs(params)
    moved = _moved(old.outputs(before.params) if old is not None else (), outputs)
    for edge in project.graph.sorted_edges:
        if edge.source == before.name and moved.get(edge.output, edge.output) != edge.output:
            graph = graph.disconnect([edge]).connect(
                Edge(edge.source, moved[edge.output], edge.target, edge.input)
            )
    return replace(project, graph=graph), before.name


def _moved(old: tuple[Field, ...], new: tuple[Field, ...]) -> dict[str, str]:
    """Which field takes the place of one that there is no more: what is learned from, or what is to be told."""
    names = {one.name for one in new}
    return {
        one.name: other
        for one in old
        if one.name not in names and (other := _counterpart(one, old, new)) is not None
    }


def _counterpart(one: Field, old: tuple[Field, ...], new: tuple[Field, ...]) -> str | None:
    if not new:
        return None
    told = one is not old[0] and (one.sort == "label" or one is old[-1])
    return new[-1].name if told and len(new) > 1 else new[0].name


def _place(graph: Graph) -> tuple[float, float]:
    """Above all that is drawn, in the middle."""
    if not graph.nodes:
        return 0.0, 0.0
    across = [node.position[0] for node in graph.nodes.values()]
    return round((min(across) + max(across)) / 16) * 8.0, min(
        node.position[1] for node in graph.nodes.values()
    ) - _ABOVE
