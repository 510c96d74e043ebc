"""Whether a node can stand in a graph at all, before anything is asked of its values or wires."""

import difflib
from dataclasses import replace

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.checks.edits import as_kind, taken_out
from nndesigner.code import CodeProblem, clash, read
from nndesigner.graph import Graph, Node
from nndesigner.problem import Cure, Problem
from nndesigner.project import Choice, Project


def unusable(project: Project, graph: Graph, node: Node, kind: Kind | None, inside: bool) -> Problem | None:
    """Why a node can't be used as it is, or None; `inside` a block there are neither data nor losses."""
    if node.kind in project.code:
        words = _own_refused(project, node)
        return Problem(node.name, words) if words else None
    if kind is None:
        words = f"{node.name} is of the unknown kind {node.kind!r}; it is kept as it is, but can't be used"
        return Problem(node.name, words, cures=_meant(graph, node))
    if kind.role in ("optimizer", "scheduler"):
        words = f"{node.name} is no layer: {kind.name} is chosen in the training settings"
        return Problem(node.name, words, cures=(_chosen(project, graph, node, kind),))
    if inside and kind.role in ("data", "loss"):
        words = f"{node.name} can't be in a block: data and losses stand in the main network"
        return Problem(node.name, words, cures=(Cure(f"Remove {node.name}", graph.remove([node.name])),))
    return None


def _own_refused(project: Project, node: Node) -> str:
    """Why a layer of one's own can't be used as it is, or nothing."""
    code = project.code[node.kind]
    found = read(code)
    if isinstance(found, CodeProblem):
        return f"the code of {node.kind} can't be used: {found}"
    if clashing := clash(code, project.code.values(), project.blocks):
        return f"the code of {node.kind} can't be used: {clashing}"
    if code.sha256 not in project.trusted:
        return f"{node.name} is code that comes with this project. Read it, and let it run if you trust it"
    return ""


def _meant(graph: Graph, node: Node) -> tuple[Cure, ...]:
    """The layers that were probably meant, or none."""
    kinds = {
        kind.name.lower(): kind
        for kind in catalogue.KINDS
        if kind.role in ("layer", "loss", "input", "output")
    }
    near = difflib.get_close_matches(node.kind.lower(), kinds, 2, 0.75)
    named = (
        Cure(f"Make {node.name} a {kinds[name].name}", as_kind(graph, node.name, kinds[name]))
        for name in near
    )
    return (*named, Cure(f"Remove {node.name}", taken_out(graph, node.name)))


def _chosen(project: Project, graph: Graph, node: Node, kind: Kind) -> Cure:
    """Train with what stands on the canvas, rather than wire it."""
    choice, without = Choice(kind.name, node.params), graph.remove([node.name])
    training = replace(project.training, optimizer=choice)
    if kind.role == "scheduler":
        training = replace(project.training, scheduler=choice)
    return Cure(f"Train with {kind.name}, and remove {node.name}", without, training=training)
