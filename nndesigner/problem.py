"""What does not fit, at which node, and the edits that would cure it."""

from dataclasses import dataclass
from typing import Literal

from nndesigner.graph import Graph

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Cure:
    """An edit that would solve a problem: what it does, in words, and the graph it leads to."""

    title: str
    graph: Graph


@dataclass(frozen=True)
class Problem:
    """Something that does not fit, at a node ("" for the whole project) and, where it is one, a port or param of it.

    An error stands against training; a warning is advice.
    """

    node: str
    message: str
    port: str = ""
    severity: Severity = "error"
    cures: tuple[Cure, ...] = ()
