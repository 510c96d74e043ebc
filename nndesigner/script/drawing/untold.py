"""What the code of a script does not say of its project."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nndesigner.expression import Expression
from nndesigner.graph import Graph, Node, Value
from nndesigner.plan import Place, Plan, Step
from nndesigner.project import Project


@dataclass(frozen=True)
class Said:
    """What of a graph stands in the code: its steps in that order, its inputs, and what is returned."""

    steps: tuple[str, ...] = ()
    inputs: Mapping[str, Place] = field(default_factory=dict)
    results: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """The project without what the code says, and what that is, for the main graph ("") and each block.

    `rest` are checksums of what stands in the script besides the network, by name, so that a change by hand is seen.
    """

    project: Project
    said: Mapping[str, Said]
    rest: Mapping[str, str] = field(default_factory=dict)


def drawing(project: Project, plan: Plan) -> Drawing:
    """What the script of a project does not say."""
    plans = {"": plan, **_inner(plan)}
    said = {
        name: Said(tuple(step.name for step in one.steps), dict(one.inputs), tuple(one.results))
        for name, one in plans.items()
    }
    blocks = {
        name: replace(block, graph=_rest(project, block.graph, plans[name])) if name in plans else block
        for name, block in project.blocks.items()
    }
    rest = replace(project, graph=_rest(project, project.graph, plan), blocks=blocks, trusted=frozenset())
    return Drawing(rest, said)


def _inner(plan: Plan) -> dict[str, Plan]:
    """The plan of the inside of each block that is used."""
    found: dict[str, Plan] = {}
    for step in plan.steps:
        for part in step.parts:
            if part.inner is not None and step.kind.name not in found:
                found[step.kind.name] = part.inner
                found |= _inner(part.inner)
    return found


def _rest(project: Project, graph: Graph, plan: Plan) -> Graph:
    """A graph without what its plan tells."""
    steps = {step.name: step for step in plan.steps}
    entries = set(plan.inputs.values())
    nodes = [
        _node_rest(project, node, steps[name]) if name in steps else node
        for name, node in graph.nodes.items()
    ]
    told = {
        edge
        for edge in graph.edges
        if edge.target in steps and (edge.source in steps or (edge.source, edge.output) in entries)
    }
    return Graph.of(nodes, graph.edges - told, graph.notes, graph.frames)


def _node_rest(project: Project, node: Node, step: Step) -> Node:
    """A node with those params only that the code does not spell as they are."""
    kept = {name: value for name, value in node.params.items() if not _told(step, name, value)}
    frozen = node.frozen and not step.owns  # the code freezes layers, not their uses
    return Node(node.name, node.kind, kept, node.position, frozen=frozen, rate=node.rate)


def _told(step: Step, name: str, value: Value) -> bool:
    """Whether reading the code gives just this value."""
    inner = step.parts[0].inner
    if inner is not None and name not in _read_inside(inner):
        return False
    param = step.kind.by_name.get(name)
    if param is None or (param.own and inner is None):
        return False
    same = not isinstance(value, Expression) and value == param.default and type(value) is type(param.default)
    return not same and _plain(value)


def _read_inside(plan: Plan) -> set[str]:
    """The params of a block that the nodes inside use."""
    found: set[str] = set()
    for step in plan.steps:
        for value in step.node.params.values():
            found |= _names(value)
    return found


def _names(value: Value) -> set[str]:
    if isinstance(value, Expression):
        return set(value.names())
    return set().union(*map(_names, value)) if isinstance(value, tuple) else set()


def _plain(value: Value) -> bool:
    """Whether a value is written and read back as it is."""
    if isinstance(value, Expression):
        return ast.unparse(ast.parse(value.text.strip(), mode="eval").body) == value.text
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return not isinstance(value, Mapping)
