"""The edits that would cure a problem."""

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.checks.site import Site
from nndesigner.graph import Edge, Graph, Node
from nndesigner.problem import Cure


def set_outputs(site: Site, source: str, wanted: TensorType) -> Cure | None:
    """Set the outputs of the last layer that decides them."""
    if len(wanted.sizes) != 2:
        return None
    size = wanted.sizes[1]
    name = source
    while (node := site.graph.nodes.get(name)) is not None:
        kind = site.project.kind_of(node)
        if kind is None:
            return None
        for param in kind.params:
            if param.name in ("out_features", "out_channels"):
                changed = site.graph.replace_node(node.with_param(param.name, size))
                return Cure(f"Set {param.name} of {name} to {size}", changed)
        feeding = site.graph.incoming.get(name, {})
        if len(feeding) != 1 or kind.family not in ("activation", "dropout", "normalization"):
            return None
        name = next(iter(feeding.values())).source
    return None


def flatten_before(site: Site, source: str) -> Cure | None:
    """Put a Flatten before the first Linear among the ancestors that is fed more than rows, or before the loss."""
    flatten = catalogue.BY_NAME["Flatten"]
    before = site.graph.ancestors([source])
    places = [name for name in site.graph.order if name in before]
    wires = [
        edge
        for name in places
        if site.graph.nodes[name].kind == "Linear"
        for edge in site.graph.incoming.get(name, {}).values()
    ]
    last = site.graph.incoming.get(site.node.name, {}).get("input")
    for edge in [*wires, *([last] if last else [])]:
        given = site.types.get((edge.source, edge.output))
        if given is not None and len(given.sizes) > 2:
            return Cure(f"Insert a Flatten before {edge.target}", _with(site.graph, flatten, edge))
    return None


def _with(graph: Graph, kind: Kind, edge: Edge) -> Graph:
    x1, y1 = graph.nodes[edge.source].position
    x2, y2 = graph.nodes[edge.target].position
    node = Node(
        graph.fresh_name(kind.name_stem), kind.name, kind.start_params(), ((x1 + x2) / 2, (y1 + y2) / 2 + 80)
    )
    return graph.insert(node, edge, kind.inputs[0].name, kind.outputs[0].name)
