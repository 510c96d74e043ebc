"""What is missing at a node's ports, and the edits that may cure that or a wrong value, before shapes are looked at."""

import difflib
import math
from collections.abc import Iterator, Mapping

from nndesigner.catalogue.kind import Kind, Port
from nndesigner.catalogue.param import Required
from nndesigner.checks.edits import taken_out, with_param
from nndesigner.expression import Expression
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project

_NEAR = 6  # as many unused outputs are looked at


def missing(project: Project, graph: Graph, node: Node, kind: Kind, port: Port) -> Problem:
    """An input gets nothing: wire something to it that nothing uses yet, or do without a join of less than two."""
    wires = graph.incoming.get(node.name, {})
    has = sum(kind.input_port(name) is port for name in wires)
    message = f"{node.name} gets nothing at {port.name!r}; pull a wire to it"
    if port.many:
        message = f"{node.name} joins {port.many} or more inputs, and has {has or 'none'}"
    place = f"{port.name}1" if port.many else port.name
    return Problem(node.name, message, place, cures=tuple(_wired(project, graph, node, kind, port)))


def _wired(project: Project, graph: Graph, node: Node, kind: Kind, port: Port) -> Iterator[Cure]:
    wires = graph.incoming.get(node.name, {})
    name = next(one for one in kind.input_names(wires) if one not in wires and kind.input_port(one) is port)
    places = sorted(_unused(project, graph, kind), key=lambda place: _distance(graph, place[0], node))
    for source, output in places[:_NEAR]:
        if source == node.name or graph.loop_of(source, node.name):
            continue
        from_ = f"{source}.{output}" if output != "output" else source
        into = f"{node.name}.{name}" if len(kind.inputs) > 1 else node.name
        yield Cure(f"Wire {from_} to {into}", graph.connect(Edge(source, output, node.name, name)))
    if port.many and len(wires) == 1:
        yield Cure(f"Remove {node.name}", taken_out(graph, node.name))
    elif not wires and node.name not in graph.outgoing:
        yield Cure(f"Remove {node.name}", graph.remove([node.name]))


def _unused(project: Project, graph: Graph, kind: Kind) -> Iterator[tuple[str, str]]:
    """The outputs that nothing uses; for a loss also those that an Output takes."""
    ends = (
        {name for name, node in graph.nodes.items() if node.kind == "Output"}
        if kind.role == "loss"
        else set()
    )
    used = {(edge.source, edge.output) for edge in graph.edges if edge.target not in ends}
    for name, node in graph.nodes.items():
        if (one := project.kind_of(node)) is not None:
            yield from ((name, port.name) for port in one.outputs if (name, port.name) not in used)


def _distance(graph: Graph, name: str, node: Node) -> float:
    return math.dist(graph.nodes[name].position, node.position)


def unknown_input(graph: Graph, edge: Edge, kind: Kind) -> Problem:
    """A wire ends at an input that is not there: take one that is there and free, or none."""
    wires = graph.incoming.get(edge.target, {})
    without = graph.disconnect([edge])
    free = [name for name in kind.input_names(wires) if name not in wires]
    cures = (
        Cure(f"Wire {edge.source} to {edge.target}.{name}", without.connect(edge._replace(input=name)))
        for name in free[:2]
    )
    message = f"{edge.target} has no input {edge.input!r}, and {edge.source} is wired to it"
    removed = Cure(f"Remove the wire to {edge.input}", without)
    return Problem(edge.target, message, edge.input, cures=(*cures, removed))


def unknown_output(graph: Graph, edge: Edge, kind: Kind) -> Problem:
    """A wire begins at an output that is not there: take what the node does give, or nothing."""
    without = graph.disconnect([edge])
    cures = (
        Cure(
            f"Wire {edge.source}.{port.name} to {edge.target}",
            without.connect(edge._replace(output=port.name)),
        )
        for port in kind.outputs
    )
    gives = ", ".join(port.name for port in kind.outputs) or "nothing"
    message = (
        f"{edge.source} has no output {edge.output!r}, which is wired to {edge.target}; it gives {gives}"
    )
    removed = Cure(f"Remove the wire to {edge.target}", without)
    return Problem(edge.source, message, edge.output, cures=(*cures, removed))


def value(graph: Graph, node: Node, kind: Kind, name: str) -> list[Cure]:
    """Put a param back to what it is by default, or begins with."""
    param = kind.by_name.get(name)
    if param is None:
        near = difflib.get_close_matches(name, kind.by_name, 1, 0.6)
        plain = node.without_param(name)
        given = node.params[name]
        cures = [
            Cure(f"Call it {other}", graph.replace_node(plain.with_param(other, given)))
            for other in near
            if other not in node.params and kind.by_name[other].problem(given) is None
        ]
        return [*cures, Cure(f"Remove {name} from {node.name}", graph.replace_node(plain))]
    if isinstance(param.default, Required):
        start: Value = param.initial
        return [
            Cure(f"Set {name} of {node.name} to {_shown(start)}", with_param(graph, node.name, name, start))
        ]
    plain = node.without_param(name)
    return [Cure(f"Set {name} of {node.name} to {_shown(param.default)}", graph.replace_node(plain))]


def expression(graph: Graph, node: Node, kind: Kind, name: str, arguments: Mapping[str, Value]) -> list[Cure]:
    """Take an argument the block has, or a plain value."""
    written = node.params.get(name)
    near = (
        difflib.get_close_matches(written.text, arguments, 1, 0.5) if isinstance(written, Expression) else []
    )
    cures = [
        Cure(f"Set {name} of {node.name} to {other}", with_param(graph, node.name, name, Expression(other)))
        for other in near
    ]
    return [*cures, *(value(graph, node, kind, name) if name in kind.by_name else [])]


def _shown(given: Value) -> str:
    match given:
        case tuple():
            return ", ".join(map(str, given))
        case None:
            return "nothing"
        case bool():
            return "on" if given else "off"
        case _:
            return str(given)
