"""What does not fit, at which node, and the edits that would cure it."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from nndesigner.graph import Graph
from nndesigner.project import Project, Training

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Cure:
    """An edit that would solve a problem: what it does, in words, the graph it leads to, and what that `gives` at the
    place of the problem, such as `linear1 gives N×10`.

    The graph is the main one, or that of a `block`. A cure of the settings leads to other `training`.
    """

    title: str
    graph: Graph
    gives: str = ""
    training: Training | None = None
    block: str = ""

    def applied(self, project: Project) -> Project:
        """The project with this edit."""
        if self.block:
            return project.with_block(replace(project.blocks[self.block], graph=self.graph))
        return replace(project, graph=self.graph, training=self.training or project.training)


@dataclass(frozen=True)
class Problem:
    """Something that does not fit, at a node ("" for the whole project) and, where it is one, a port or param of it.

    An error stands against training; a warning is advice. `expected` and `actual` are shapes axis by axis, as
    `N×10` and `N×7`, where it is about shapes. `culprit` is the first node whose change would cure it: the Linear with
    a wrong number of outputs rather than the loss where it shows.
    """

    node: str
    message: str
    port: str = ""
    severity: Severity = "error"
    cures: tuple[Cure, ...] = ()
    expected: str = ""
    actual: str = ""
    culprit: str = ""


def sentence(words: str, project: Project | None) -> str:
    """Words that begin as a sentence does, unless they begin with the name of a node of this project."""
    begin = re.match(r"\w*", words)
    graphs = (
        (project.graph, *(block.graph for block in project.blocks.values())) if project is not None else ()
    )
    if begin is not None and any(begin[0] in graph.nodes for graph in graphs):
        return words
    return words[:1].upper() + words[1:]
