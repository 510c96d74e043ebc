"""What is drawn: nodes, edges, notes, blocks and layers of one's own, as values. Every edit returns a new graph.

networkx takes 0.12 s to import, half the time until the window stands, so it is loaded when the first question about
paths is asked; that a file has no loops is seen with the standard library's `graphlib`.
"""

import graphlib
import hashlib
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nndesigner.expression import Expression

if TYPE_CHECKING:
    import networkx

Value = None | bool | int | float | str | Expression | tuple["Value", ...] | Mapping[str, "Value"]
Position = tuple[float, float]

# A node's name becomes an attribute of an nn.Module and a local variable, so it may not hide one of these.
_RESERVED = (
    "T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches "
    "eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict "
    "modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook "
    "register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook "
    "register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook "
    "register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ "
    "set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad "
    "self super torch nn F np range len x "
    "causal_mask expand_batch padding_mask positional_encoding positions BatchReader FilePart FilesDataset"
)
RESERVED = frozenset(_RESERVED.split())
MOST_REPEATS = 1000
MOST_RATE = 1000


class GraphError(ValueError):
    """An edit that would leave the graph wrong; its text is meant for people."""


def name_problem(name: str) -> str | None:
    """Why `name` can't name a node, or None. A name must be a Python identifier that hides nothing."""
    if not name.isidentifier() or not name.isascii():
        return f"a name has letters, digits and _ and does not start with a digit; {name!r} does not fit"
    if keyword.iskeyword(name) or name in RESERVED or name.startswith("_"):
        return f"{name!r} already means something in Python or torch; choose another name"
    return None


def check_name(name: str) -> str:
    """`name` itself; raises `GraphError` where it can't name a node."""
    if problem := name_problem(name):
        raise GraphError(problem)
    return name


def snake_case(name: str) -> str:
    """A class's name as that of a value: `ConvNorm` is conv_norm, `ASPPConv` is aspp_conv."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def loop_in(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """A loop among these pairs of what comes before what, its first name again at the end; or nothing."""
    sorter: graphlib.TopologicalSorter[str] = graphlib.TopologicalSorter()
    for before, after in pairs:
        sorter.add(after, before)
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        return tuple(error.args[1])
    return ()


def frozen_params(params: Mapping[str, Value]) -> Mapping[str, Value]:
    """A copy of `params` that nobody can change."""
    return MappingProxyType(dict(params))


@dataclass(frozen=True, slots=True)
class Node:
    """One layer, operation, data source or loss on the canvas.

    `name` is also its attribute in the exported code and its key in the state dict. `params` holds only what
    differs from the kind's defaults. `rate` is how many times the learning rate it learns with.
    """

    name: str
    kind: str
    params: Mapping[str, Value] = field(default_factory=dict, hash=False)
    position: Position = (0.0, 0.0)
    bypassed: bool = False
    frozen: bool = False
    repeat: int = 1
    shares: str | None = None
    rate: float = 1.0

    def __post_init__(self) -> None:
        check_name(self.name)
        if not 0 < self.rate <= MOST_RATE:
            raise GraphError(
                f"{self.name} learns with a rate above 0 and up to {MOST_RATE} times that of the others, not {self.rate}"
            )
        if not 1 <= self.repeat <= MOST_REPEATS:
            raise GraphError(f"{self.name} is repeated 1 to {MOST_REPEATS} times, not {self.repeat}")
        object.__setattr__(self, "params", frozen_params(self.params))

    def with_param(self, name: str, value: Value) -> "Node":
        """The same node with one param set."""
        return replace(self, params={**self.params, name: value})

    def without_param(self, name: str) -> "Node":
        """The same node with one param back at its default."""
        return replace(self, params={key: value for key, value in self.params.items() if key != name})


class Edge(NamedTuple):
    """A wire, which *is* its four words."""

    source: str
    output: str
    target: str
    input: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words on the canvas, in canvas units."""

    text: str
    position: Position = (0.0, 0.0)
    size: tuple[float, float] = (200.0, 80.0)


FRAME_COLORS = ("grey", "blue", "green", "yellow", "red", "violet")


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled area behind nodes, in canvas units; what stands in it moves with it. `color` is one of FRAME_COLORS."""

    title: str
    position: Position = (0.0, 0.0)
    size: tuple[float, float] = (320.0, 240.0)
    color: str = FRAME_COLORS[0]

    def __post_init__(self) -> None:
        if self.color not in FRAME_COLORS:
            raise GraphError(
                f"a frame is {', '.join(FRAME_COLORS[:-1])} or {FRAME_COLORS[-1]}, not {self.color!r}"
            )

    def holds(self, position: Position, size: tuple[float, float]) -> bool:
        """Whether an area lies in the frame as a whole."""
        (left, top), (x, y) = self.position, position
        right, bottom = left + self.size[0], top + self.size[1]
        return left <= x and top <= y and x + size[0] <= right and y + size[1] <= bottom


@dataclass(frozen=True)
class Graph:
    """Nodes by name, the edges between them, notes and frames. Has no loops, and one edge at most into a port."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: frozenset[Edge] = frozenset()
    notes: tuple[Note, ...] = ()
    frames: tuple[Frame, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", MappingProxyType(dict(self.nodes)))

    @staticmethod
    def of(
        nodes: Iterable[Node],
        edges: Iterable[Edge] = (),
        notes: Iterable[Note] = (),
        frames: Iterable[Frame] = (),
    ) -> "Graph":
        """A graph of given parts; raises `GraphError` for a double name, a wire to nowhere or a loop."""
        by_name: dict[str, Node] = {}
        for node in nodes:
            if node.name in by_name:
                raise GraphError(f"two nodes are named {node.name!r}; names are unique")
            by_name[node.name] = node
        taken: set[tuple[str, str]] = set()
        kept: set[Edge] = set()
        for edge in edges:
            for end in (edge.source, edge.target):
                if end not in by_name:
                    raise GraphError(f"the wire {' '.join(edge)} ends at {end!r}, and there is no such node")
            if (edge.target, edge.input) in taken and edge not in kept:
                raise GraphError(f"two wires end at {edge.target}.{edge.input}; a port takes one")
            taken.add((edge.target, edge.input))
            kept.add(edge)
        if loop := loop_in((edge.source, edge.target) for edge in kept):
            raise GraphError(f"the wires close a loop: {' → '.join(loop)}")
        return Graph(by_name, frozenset(kept), tuple(notes), tuple(frames))

    # What is known of the graph, computed once for each value.

    @cached_property
    def network(self) -> "networkx.DiGraph[str]":
        """The nodes' names and who feeds whom."""
        import networkx

        network: networkx.DiGraph[str] = networkx.DiGraph()
        network.add_nodes_from(self.nodes)
        network.add_edges_from((edge.source, edge.target) for edge in self.edges)
        return network

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Where each node stands in the order of the file."""
        return {name: index for index, name in enumerate(self.nodes)}

    @cached_property
    def incoming(self) -> Mapping[str, Mapping[str, Edge]]:
        """For each node with wires into it: its input ports and the wire in each."""
        found: dict[str, dict[str, Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.target, {})[edge.input] = edge
        return found

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Edge, ...]]:
        """For each node with wires out of it: those wires, in the order of the file."""
        found: dict[str, list[Edge]] = {}
        for edge in self.sorted_edges:
            found.setdefault(edge.source, []).append(edge)
        return {name: tuple(edges) for name, edges in found.items()}

    @cached_property
    def sorted_edges(self) -> tuple[Edge, ...]:
        """The wires in an order that depends on the graph's value and the order of its nodes only."""
        rank = self.rank
        return tuple(sorted(self.edges, key=lambda edge: (rank[edge.target], edge.input, edge)))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Names so that each comes after all that feed it; ties as in the file."""
        import networkx

        rank = self.rank
        return tuple(networkx.lexicographical_topological_sort(self.network, key=rank.__getitem__))

    def ancestors(self, names: Iterable[str]) -> set[str]:
        """These nodes and all that feed them."""
        import networkx

        backwards = self.network.reverse(copy=False)
        return set().union(*networkx.bfs_layers(backwards, set(names)))

    def descendants(self, name: str) -> set[str]:
        """All that this node feeds, directly or not."""
        import networkx

        return set(networkx.descendants(self.network, name))

    def loop_of(self, source: str, target: str) -> tuple[str, ...]:
        """The loop that a wire from `source` to `target` would close, or nothing."""
        if source == target:
            return (source, source)
        # Without networkx where it is plain to see, as for a node that is new: its graph of 2,000 nodes takes a while.
        leads_on = any(edge.source == target for edge in self.edges)
        if not leads_on or all(edge.target != source for edge in self.edges):
            return ()
        import networkx

        if target not in self.network or source not in self.network:
            return ()
        if not networkx.has_path(self.network, target, source):
            return ()
        return (source, *networkx.shortest_path(self.network, target, source))

    def fresh_name(self, stem: str) -> str:
        """A free name made of `stem` and the smallest number that makes it free: conv1, conv2, …"""
        number = 1
        while f"{stem}{number}" in self.nodes:
            number += 1
        return f"{stem}{number}"

    def edges_of(self, names: Iterable[str]) -> Iterator[Edge]:
        """All wires that begin or end at one of these nodes."""
        for name in set(names):
            yield from self.incoming.get(name, {}).values()
            yield from self.outgoing.get(name, ())

    # Edits.

    def add(self, *nodes: Node) -> "Graph":
        """With these nodes too; raises `GraphError` for a name that is taken."""
        grown = dict(self.nodes)
        for node in nodes:
            if node.name in grown:
                raise GraphError(f"there is a node named {node.name!r} already; names are unique")
            grown[node.name] = node
        return replace(self, nodes=grown)

    def replace_node(self, node: Node) -> "Graph":
        """With the node of that name changed; the order stays."""
        self._expect(node.name)
        return replace(self, nodes={**self.nodes, node.name: node})

    def remove(self, names: Iterable[str]) -> "Graph":
        """Without these nodes, and without the wires at them."""
        gone = set(names)
        for name in gone:
            self._expect(name)
        return replace(
            self,
            nodes={
                name: replace(node, shares=None) if node.shares in gone else node
                for name, node in self.nodes.items()
                if name not in gone
            },
            edges=frozenset(e for e in self.edges if e.source not in gone and e.target not in gone),
        )

    def rename(self, old: str, new: str) -> "Graph":
        """With a node named otherwise, in its place, wires and sharing following."""
        self._expect(old)
        if old == new:
            return self
        check_name(new)
        if new in self.nodes:
            raise GraphError(f"there is a node named {new!r} already; names are unique")

        def word(name: str) -> str:
            return new if name == old else name

        return replace(
            self,
            nodes={
                word(name): replace(
                    node, name=word(name), shares=word(node.shares) if node.shares is not None else None
                )
                for name, node in self.nodes.items()
            },
            edges=frozenset(Edge(word(e.source), e.output, word(e.target), e.input) for e in self.edges),
        )

    def move(self, positions: Mapping[str, Position]) -> "Graph":
        """With these nodes elsewhere."""
        moved = dict(self.nodes)
        for name, position in positions.items():
            self._expect(name)
            moved[name] = replace(moved[name], position=position)
        return replace(self, nodes=moved)

    def connect(self, edge: Edge) -> "Graph":
        """With this wire, in place of the one its input port may have had; raises `GraphError` for a loop."""
        self._expect(edge.source)
        self._expect(edge.target)
        if loop := self.loop_of(edge.source, edge.target):
            raise GraphError(f"this wire would close a loop: {' → '.join(loop)}")
        before = self.incoming.get(edge.target, {}).get(edge.input)
        return replace(self, edges=(self.edges - {before} if before else self.edges) | {edge})

    def disconnect(self, edges: Iterable[Edge]) -> "Graph":
        """Without these wires."""
        return replace(self, edges=self.edges - set(edges))

    def insert(self, node: Node, edge: Edge, input: str, output: str) -> "Graph":
        """With a new node put into a wire."""
        return (
            self.add(node)
            .disconnect([edge])
            .connect(Edge(edge.source, edge.output, node.name, input))
            .connect(Edge(node.name, output, edge.target, edge.input))
        )

    def _expect(self, name: str) -> None:
        if name not in self.nodes:
            raise GraphError(f"there is no node named {name!r}")


@dataclass(frozen=True)
class Block:
    """A named graph used as a layer. Its Input and Output nodes are its ports; `params` are the arguments of
    its class with their defaults, which its nodes may use in expressions.
    """

    name: str
    graph: Graph
    params: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_name(self.name)
        if not self.name[0].isupper():
            raise GraphError(
                f"a block is a class, so its name begins with a capital letter; {self.name!r} does not"
            )
        for name, value in self.params.items():
            check_name(name)
            if not isinstance(value, bool | int | float | str | tuple):
                raise GraphError(
                    f"{name} of the block {self.name} is a number, on, off or text, not {value!r}"
                )
        object.__setattr__(self, "params", frozen_params(self.params))


@dataclass(frozen=True, slots=True)
class Code:
    """A layer of one's own: Python text that defines one class or function of that name. It is text until trusted."""

    name: str
    text: str

    def __post_init__(self) -> None:
        check_name(self.name)

    @property
    def sha256(self) -> str:
        """What trust is given to."""
        return hashlib.sha256(f"{self.name}\n{self.text}".encode()).hexdigest()
