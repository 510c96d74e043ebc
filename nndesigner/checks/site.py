"""What a check looks at: a node with all that reaches it, and the words for shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nndesigner.catalogue.kind import Kind, Port, TensorType
from nndesigner.graph import Graph, Node, Value
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project


@dataclass(frozen=True)
class Arrival:
    """What reaches a port: its name and declaration, from which node, of which type."""

    name: str
    port: Port
    source: str
    type: TensorType


@dataclass(frozen=True)
class Site:
    """A node with its kind, its values and all that reaches it: what a check looks at."""

    project: Project
    graph: Graph
    node: Node
    kind: Kind
    values: Mapping[str, Value]
    arrivals: Sequence[Arrival]
    types: Mapping[tuple[str, str], TensorType] = field(repr=False)

    def problem(self, message: str, port: str = "", *cures: Cure | None) -> Problem:
        """A problem of this node."""
        return Problem(self.node.name, message, port, cures=tuple(cure for cure in cures if cure))


def described(given: TensorType) -> str:
    """A shape with the number of its axes."""
    count = len(given.sizes)
    return f"{given} ({count} {'axis' if count == 1 else 'axes'})"


def times(sizes: Sequence[int]) -> str:
    """Sizes such as `3×3`."""
    return "×".join(map(str, sizes))


def each(value: Value, count: int) -> tuple[int, ...]:
    """A size for each of so many axes."""
    if isinstance(value, tuple):
        return tuple(one for one in value if isinstance(one, int))
    return (value if isinstance(value, int) else 0,) * count
