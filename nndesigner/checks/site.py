"""What a check looks at: a node with all that reaches it, and the words for shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nndesigner.catalogue.kind import Kind, Port, TensorType
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.problem import Cure, Problem, Severity
from nndesigner.project import Project

# What gives the values it gets, in another shape or with some set to zero.
_PASSING = frozenset(
    {
        "Identity",
        "Flatten",
        "Unflatten",
        "reshape",
        "view",
        "flatten",
        "squeeze",
        "unsqueeze",
        "permute",
        "transpose",
        "contiguous",
        "clone",
        "expand",
        "select",
        "getitem",
        "movedim",
        "swapaxes",
        "float",
        "to",
    }
)


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

    def problem(
        self,
        message: str,
        port: str = "",
        *cures: Cure | None,
        expected: str = "",
        actual: str = "",
        severity: Severity = "error",
    ) -> Problem:
        """A problem of this node, with the edits that may cure it, the likeliest first."""
        offered = tuple(cure for cure in cures if cure)
        return Problem(self.node.name, message, port, severity, offered, expected, actual)

    def wire(self, arrival: Arrival) -> Edge:
        """The wire something comes by."""
        return self.graph.incoming[self.node.name][arrival.name]

    def kind_of(self, name: str) -> Kind | None:
        """What a node of the graph is."""
        return self.project.kind_of(self.graph.nodes[name])

    def origin(self, edge: Edge) -> Edge:
        """The wire by which values leave what computed them, seen through all that only passes them on."""
        while True:
            node, kind = self.graph.nodes[edge.source], self.kind_of(edge.source)
            feeding = self.graph.incoming.get(edge.source, {})
            passes = node.bypassed or (kind is not None and is_passing(kind))
            if not passes or len(feeding) != 1:
                return edge
            edge = next(iter(feeding.values()))


def is_passing(kind: Kind) -> bool:
    """Whether it gives the values it gets, if in another shape."""
    return kind.family == "dropout" or (
        kind.target.startswith(("torch.", "operator.")) and kind.target.rpartition(".")[2] in _PASSING
    )


def described(given: TensorType) -> str:
    """A shape with the number of its axes."""
    count = len(given.sizes)
    return f"{given} ({count} {'axis' if count == 1 else 'axes'})"


def expected_axes(port: Port) -> str:
    """What a port takes, axis by axis: `N×channels×height×width`."""
    return port.axes.replace(", ", "×")


def times(sizes: Sequence[int | str]) -> str:
    """Sizes such as `3×3`."""
    return "×".join(map(str, sizes))


def each(value: Value, count: int) -> tuple[int, ...]:
    """A size for each of so many axes."""
    if isinstance(value, tuple):
        return tuple(one for one in value if isinstance(one, int))
    return (value if isinstance(value, int) else 0,) * count
