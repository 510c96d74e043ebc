"""A project lowered to ordered steps with every argument and shape filled in, or the problems that stand against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.graph import Graph, Value

Severity = Literal["error", "warning"]
Place = tuple[str, str]  # a node and one of its output ports


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
