"""What is known of the inside of a block: the shapes and problems of the use one looks through.

The plan of the whole holds the plan of every inside that could be lowered. Where something in a block does not fit there
is none; then the inside is checked by itself, as a network that gets what this use gets.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nndesigner.blocks import Place, filled
from nndesigner.graph import Graph, GraphError, Node
from nndesigner.project import Project

if TYPE_CHECKING:
    from nndesigner.catalogue.kind import TensorType
    from nndesigner.plan import Plan
    from nndesigner.problem import Problem


def known_at(plan: "Plan", place: Place) -> "Plan | None":
    """The plan of the graph at a place, if the whole plan has it."""
    found: Plan | None = plan if place.trail or not place.path else None
    for name in place.trail:
        step = next((step for step in found.steps if step.name == name), None) if found else None
        found = step.parts[0].inner if step else None
    return found


def plan_at(project: Project, plan: "Plan", place: Place) -> "Plan | None":
    """The plan of the graph at a place; None where nobody knows what reaches it. Not for the window's thread."""
    seen: Plan | None = plan if place.trail or not place.path else None
    graph = project.graph
    for end, name in enumerate(place.trail, start=1):
        node = graph.nodes.get(name)
        if seen is None or node is None or node.kind not in project.blocks:
            return None
        inner = known_at(plan, Place(node.kind, place.trail[:end]))
        seen = inner or _checked_alone(project, seen, graph, node)
        graph = project.blocks[node.kind].graph
    return seen


def _checked_alone(project: Project, outer: "Plan", graph: Graph, node: Node) -> "Plan | None":
    from nndesigner import plan  # brings torch

    block = project.blocks[node.kind]
    wires = graph.incoming.get(node.name, {})
    given = {
        port: found
        for port, edge in wires.items()
        if (found := outer.types.get((edge.source, edge.output))) is not None
    }
    try:
        alone = _closed(block.graph, {**block.params, **node.params}, given)
    except GraphError:
        return None
    made = plan.make(replace(project, graph=alone))
    problems = (_for_block(problem, alone, block.graph) for problem in made.errors if problem.node)
    return replace(made, problems=tuple(problems))


def _closed(graph: Graph, arguments: Mapping[str, object], given: "Mapping[str, TensorType]") -> Graph:
    """The inside of a block with its expressions computed and its Inputs of the types they get."""
    nodes = {}
    for name, node in graph.nodes.items():
        params = {key: filled(value, arguments) for key, value in node.params.items()}  # type: ignore[arg-type]
        if node.kind == "Input" and name in given and len(given[name].sizes) > 1:
            params |= {"shape": given[name].sizes[1:], "dtype": given[name].dtype}
        nodes[name] = replace(node, params=params)
    return replace(graph, nodes=nodes)


def _for_block(problem: "Problem", alone: Graph, graph: Graph) -> "Problem":
    """A problem whose cures are edits of the block itself, with the expressions it has."""
    cures = []
    for cure in problem.cures:
        nodes = {name: _kept(node, alone, graph) for name, node in cure.graph.nodes.items()}
        cures.append(replace(cure, graph=replace(cure.graph, nodes=nodes)))
    return replace(problem, cures=tuple(cures))


def _kept(node: Node, alone: Graph, graph: Graph) -> Node:
    before, own = alone.nodes.get(node.name), graph.nodes.get(node.name)
    if before is None or own is None:
        return node
    changed = {key: value for key, value in node.params.items() if before.params.get(key) != value}
    kept = {key: value for key, value in own.params.items() if key in node.params}
    return replace(node, params={**kept, **changed})
