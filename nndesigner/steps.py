"""What is to be computed, as values: steps in order, with every argument filled in, and what they lead to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.graph import Node, Value
from nndesigner.problem import Problem

Place = tuple[str, str]  # a node and one of its output ports


@dataclass(frozen=True)
class Part:
    """One object to construct: the arguments that differ from the defaults, and for a block the plan of its inside."""

    arguments: Mapping[str, Value]
    inner: "Plan | None" = None
    parameters: int = 0


@dataclass(frozen=True)
class Step:
    """One call in the order of computation. A repeated layer has several parts, run one after the other: each takes what
    the one before gave in place of the first input.

    `inputs` are by the names of the ports that have a wire, in the order of the ports. `attribute` is the name its object goes by: its own, or that of the node whose weights it shares.
    """

    node: Node
    kind: Kind
    attribute: str
    parts: tuple[Part, ...]
    inputs: Mapping[str, Place]
    outputs: tuple[Place, ...]

    @property
    def name(self) -> str:
        """The node's name."""
        return self.node.name

    @property
    def is_attribute(self) -> bool:
        """Whether the network holds something for it, rather than only calling a function."""
        return self.kind.is_module or self.kind.is_tensor or self.kind.role == "block"

    @property
    def is_chained(self) -> bool:
        """Whether it is repeated and cannot be an `nn.Sequential`: it has more than one input, or is called otherwise."""
        if len(self.parts) < 2:
            return False
        plain = isinstance(self.kind.structure, str) and not any(
            param.passed == "call" and param.name in self.parts[0].arguments for param in self.kind.params
        )
        return len(self.inputs) > 1 or not plain

    @property
    def owns(self) -> bool:
        """Whether what the network holds is constructed for it."""
        return self.is_attribute and self.attribute == self.node.name


@dataclass(frozen=True)
class Objective:
    """A loss: what is compared with what, and how much it counts. `inputs` are by the names of its ports, in order."""

    name: str
    kind: Kind
    arguments: Mapping[str, Value]
    scale: float
    inputs: Mapping[str, Place]

    @property
    def prediction(self) -> Place:
        """What it judges."""
        return next(iter(self.inputs.values()))

    @property
    def target(self) -> Place | None:
        """What it judges by, where it has a target."""
        return self.inputs.get("target")


@dataclass(frozen=True)
class Plan:
    """What is to be computed. `inputs` are the tensors the network is called with, by the names of its arguments;
    `outputs` what feeds each Output; `results` all it returns: the outputs first, then what the losses want besides.
    The types at places that are `assumed` hold once the first cure of a problem before them is done.
    """

    inputs: Mapping[str, Place] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    outputs: Mapping[str, Place] = field(default_factory=dict)
    results: tuple[Place, ...] = ()
    objectives: tuple[Objective, ...] = ()
    types: Mapping[Place, TensorType] = field(default_factory=dict)
    parameters_of: Mapping[str, int] = field(default_factory=dict)
    parameters: int = 0
    problems: tuple[Problem, ...] = ()
    assumed: frozenset[Place] = frozenset()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stand against training."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def unused(name: str, longer: str, taken: Collection[str]) -> str:
    """`name`, or else `longer`, or else that with as many underscores as it takes to be none of those `taken`."""
    if name not in taken:
        return name
    while longer in taken:
        longer += "_"
    return longer
