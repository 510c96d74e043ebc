"""Which kinds fit at a place of a graph, and one layer put in another's place with the wires kept."""

from dataclasses import replace

from nndesigner.catalogue.kind import Kind, Port, TensorType
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.project import Project


def port_takes(port: Port, given: TensorType | None) -> bool:
    """Whether what is given has a rank and a dtype that the port takes; what is unknown fits anywhere."""
    if given is None:
        return True
    if port.ranks and len(given.sizes) not in port.ranks:
        return False
    match port.dtype:
        case "float":
            return given.is_float
        case "int":
            return given.dtype.startswith(("int", "uint"))
        case "bool":
            return given.dtype == "bool"
        case _:
            return True


def input_for(kind: Kind, given: TensorType | None) -> str | None:
    """The first input of a kind that takes this, and is not better left without a wire; None: there is none."""
    names = kind.input_names()
    fit = [name for name in names if (port := kind.input_port(name)) is not None and port_takes(port, given)]
    needed = [name for name in fit if (port := kind.input_port(name)) is not None and not port.optional]
    return next(iter(needed), None)


def output_for(kind: Kind, port: Port | None) -> str | None:
    """The first output of a kind that an input takes, as far as dtypes tell; None: there is none."""
    for one in kind.outputs:
        if port is None or "any" in (port.dtype, one.dtype) or port.dtype == one.dtype:
            return one.name
    return None


def way_through(kind: Kind) -> tuple[str, str] | None:
    """The input and the output by which a node of this kind stands in a wire: its only input that needs a wire, and
    its first output; None: it can't stand there.
    """
    needed = [port for port in kind.inputs if not port.optional]
    if len(needed) != 1 or needed[0].many or not kind.outputs:
        return None
    return needed[0].name, kind.outputs[0].name


def fits_between(kind: Kind, given: TensorType | None) -> bool:
    """Whether a node of this kind can stand in a wire that carries this."""
    way = way_through(kind)
    port = kind.input_port(way[0]) if way is not None else None
    return port is not None and port_takes(port, given)


def replaced(project: Project, name: str, kind: Kind) -> tuple[Graph, str, int]:
    """The graph of `project` with a node of another kind in the place of one; its name then, and how many wires were lost.

    Wires stay at ports of the same name, else at the ports in their order. Params of the same name stay where the other
    kind takes their values. A name that was made from the kind is made anew; one that a person gave stays. Raises
    `GraphError` where there is no such node.
    """
    graph = project.graph
    before = graph.nodes[name]
    old = project.kind_of(before)
    start = kind.start_params()
    params: dict[str, Value] = dict(start)
    shaped = project.kind_of(Node("probe", kind.name, start)) or kind
    for key, value in before.params.items():
        if (param := shaped.by_name.get(key)) is not None and param.problem(value) is None:
            params[key] = value
    node = replace(before, kind=kind.name, params=params, shares=None)
    shaped = project.kind_of(node) or kind
    bare = graph.disconnect(graph.edges_of([name])).replace_node(node)
    wires = _kept_wires(graph, name, old, shaped)
    grown = replace(bare, edges=bare.edges | wires)
    lost = len(set(graph.edges_of([name]))) - len(wires)
    named = _named_after_kind(before, old)
    others = replace(grown, nodes={key: one for key, one in grown.nodes.items() if key != name})
    new = others.fresh_name(kind.name_stem) if named else name
    return grown.rename(name, new), new, lost


def _named_after_kind(node: Node, kind: Kind | None) -> bool:
    tail = node.name.removeprefix(kind.name_stem) if kind is not None else ""
    return kind is not None and node.name.startswith(kind.name_stem) and tail.isdigit()


def _kept_wires(graph: Graph, name: str, old: Kind | None, kind: Kind) -> frozenset[Edge]:
    incoming = graph.incoming.get(name, {})
    order = old.input_names(incoming) if old is not None else tuple(incoming)
    wired = sorted(incoming, key=lambda port: order.index(port) if port in order else len(order))
    kept: set[Edge] = set()
    taken: set[str] = set()
    later: list[str] = []
    for port in wired:
        if kind.input_port(port) is not None:
            taken.add(port)
            kept.add(incoming[port])
        else:
            later.append(port)
    for port in later:
        free = next((one for one in kind.input_names(taken) if one not in taken), None)
        if free is not None:
            taken.add(free)
            kept.add(incoming[port]._replace(input=free))
    outputs = [port.name for port in kind.outputs]
    places = [port.name for port in old.outputs] if old is not None else []
    for edge in graph.outgoing.get(name, ()):
        place = places.index(edge.output) if edge.output in places else 0
        if edge.output in outputs:
            kept.add(edge)
        elif place < len(outputs):
            kept.add(edge._replace(output=outputs[place]))
    return frozenset(kept)
