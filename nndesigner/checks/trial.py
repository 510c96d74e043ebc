"""Cures tried out before they are offered: only what an edit touches is worked out anew.

A cure that leaves a problem is none, so the checks that propose cures may guess. The types a node gives in the trial
of its first cure stand in for those it does not give, so that shapes are shown beyond a mistake.
"""

import graphlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Edge, Graph
from nndesigner.problem import Cure, Problem

Place = tuple[str, str]
_OFFERED = 3
_DTYPES = ("float32", "float64", "int64", "bool")


@dataclass(frozen=True)
class Trial:
    """What came of an edit: the problems at what it touches, and all types."""

    problems: Sequence[Problem]
    types: Mapping[Place, TensorType]


def proved(
    problem: Problem, graph: Graph, before: Trial, attempt: Callable[[Cure], Trial | None]
) -> tuple[Problem, Trial | None]:
    """The problem with those of its cures that leave none, each saying what it gives; and the trial of the first.

    `before` is how things stand; `attempt` works out what an edit touches, or None where that can't be said.
    """
    known = {(one.node, one.message) for one in before.problems}
    clean: list[tuple[Cure, Trial | None]] = []
    advised: list[tuple[Cure, Trial | None]] = []
    for cure in problem.cures:
        if len(clean) == _OFFERED:
            break
        trial = None if cure.graph is graph else attempt(cure)
        if trial is None:
            clean.append((cure, None))
            continue
        left = [one for one in trial.problems if (one.node, one.message) not in known]
        if any(one.severity == "error" or one.node == problem.node for one in left):
            continue
        given = cure.gives or _gives(problem, graph, graph if cure.block else cure.graph, before, trial)
        (advised if left else clean).append((replace(cure, gives=given), trial))
    found = [*clean, *advised][:_OFFERED]
    cures = tuple(cure for cure, _ in found)
    culprit = _culprit(graph, cures[0], problem.node) if cures else problem.node
    return replace(problem, cures=cures, culprit=problem.culprit or culprit), found[0][1] if found else None


def touched(before: Graph, after: Graph) -> set[str]:
    """The nodes of `after` that are new, changed, or wired otherwise."""
    found = {name for name, node in after.nodes.items() if before.nodes.get(name) is not node}
    found |= {edge.target for edge in before.edges ^ after.edges}
    return found & after.nodes.keys()


def to_lower(before: Graph, after: Graph, until: str, done: Collection[str]) -> list[str]:
    """What is to be worked out anew for an edit, in order: what it touches and all that this feeds, as far as it was
    worked out before or is the node `until`; and what feeds these and was not worked out yet.
    """
    following: dict[str, list[str]] = {}
    for edge in after.edges:
        following.setdefault(edge.source, []).append(edge.target)
    found: set[str] = set()
    reach = {*done, until, *(after.nodes.keys() - before.nodes.keys())}
    open_ = [name for name in touched(before, after) if name in reach or until not in after.nodes]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += [target for target in following.get(name, ()) if target in reach]
    back = list(found)
    while back:
        for edge in after.incoming.get(back.pop(), {}).values():
            if edge.source not in found and edge.source not in done:
                found.add(edge.source)
                back.append(edge.source)
    sorter: graphlib.TopologicalSorter[str] = graphlib.TopologicalSorter()
    for name in found:
        sorter.add(
            name, *(edge.source for edge in after.incoming.get(name, {}).values() if edge.source in found)
        )
        shared = after.nodes[name].shares
        if shared in found and shared is not None:
            sorter.add(name, shared)
    return list(sorter.static_order())


def _gives(problem: Problem, graph: Graph, after: Graph, before: Trial, trial: Trial) -> str:
    """What stands at the place of the problem after a cure."""
    wire: Edge | None = after.incoming.get(problem.node, {}).get(problem.port)
    if wire is not None:
        given = trial.types.get((wire.source, wire.output))
        new = wire not in graph.edges or given != before.types.get((wire.source, wire.output))
        if given is not None and new:
            what = given.dtype if problem.actual in _DTYPES else given
            return f"{wire.source} gives {what}"
    for (name, _), given in trial.types.items():
        if name == problem.node:
            return f"{name} gives {given}"
    return ""


def _culprit(before: Graph, cure: Cure, node: str) -> str:
    """The first node that a cure changes, takes out, or puts something before."""
    if cure.block or cure.graph is before:
        return node
    after = cure.graph
    for name, one in before.nodes.items():
        if after.nodes.get(name) is not one:
            return name
    fed = {edge.target for edge in before.edges ^ after.edges}
    return node if node in fed else next((name for name in before.nodes if name in fed), node)
