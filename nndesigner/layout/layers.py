"""In which rows the nodes of a part stand: of several ways to put them there, the one in which the fewest wires cross."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from nndesigner.catalogue import BY_NAME
from nndesigner.graph import Edge, Graph
from nndesigner.layout.card import Card
from nndesigner.layout.network import Rows, Wire, cut
from nndesigner.layout.order import crossings, ordered
from nndesigner.layout.ranks import main_line, ranks

_AT_THE_TOP: tuple[tuple[str, ...], ...] = (("data", "input"), ("data",))  # tried in turn while wires cross
_LOWERED = 12  # so often are nodes tried lower down
_MANY = 100  # wires, above which that would take too long

Low = Mapping[str, tuple[str, ...]]  # below which others a node is to stand though no wire leads there


class _Tried(NamedTuple):
    """What came of nodes of these roles at the top, and of these nodes lower down."""

    roles: tuple[str, ...]
    low: Low
    crossed: int
    network: Rows
    rows: Sequence[Sequence[int]]


class Layers:
    """One part of a graph, and the rows its nodes may stand in."""

    def __init__(
        self, graph: Graph, part: Sequence[str], cards: Mapping[str, Card], across: bool = False
    ) -> None:
        own = set(part)
        self._part, self._cards, self._across = part, cards, across
        self._edges = tuple(edge for edge in graph.sorted_edges if edge.source in own)
        self._roles = {
            name: kind.role for name in part if (kind := BY_NAME.get(graph.nodes[name].kind)) is not None
        }
        self._above: dict[str, list[str]] = {}
        self._below: dict[str, list[str]] = {}
        for edge in self._edges:
            self._above.setdefault(edge.target, []).append(edge.source)
            self._below.setdefault(edge.source, []).append(edge.target)

    def least_crossed(self) -> tuple[Rows, Sequence[Sequence[int]]]:
        """The rows in order, one for each node where no wire joins them."""
        if not self._edges:
            network = self._network({name: number for number, name in enumerate(self._part)})
            return network, network.rows
        best = self._tried(_AT_THE_TOP[0], {})
        for roles in _AT_THE_TOP[1:]:
            best = self._better(best, roles, {})
        few = len(self._edges) <= _MANY
        for group, others in self._lowerings()[:_LOWERED] if few else ():
            rest = tuple(one for one in others if one not in best.low)
            best = self._better(best, best.roles, {**best.low, **dict.fromkeys(group, rest)})
        return best.network, best.rows

    def _better(self, best: "_Tried", roles: tuple[str, ...], low: Low) -> "_Tried":
        """The best so far or, where fewer wires cross so, what comes of another way."""
        if not best.crossed:
            return best
        other = self._tried(roles, low)
        return other if other.crossed < best.crossed else best

    def _tried(self, roles: tuple[str, ...], low: Low) -> "_Tried":
        network = self._network(self._ranks(roles, low))
        rows = ordered(network)
        return _Tried(roles, low, crossings(network, rows), network, rows)

    def _lowerings(self) -> list[tuple[list[str], list[str]]]:
        """Nodes that nothing feeds, each below the others that feed the same: such as a mask, which would stand between a
        layer and what goes round it.
        """
        found: list[tuple[list[str], list[str]]] = []
        seen: set[str] = set()
        for name in self._part:
            feeding = dict.fromkeys(self._above.get(name, ()))
            free = [one for one in feeding if one not in self._above and self._roles.get(one) != "data"]
            own = [one for one in free if set(self._below[one]) == {name}]
            for group in (own, *([one] for one in free if one not in own and one not in seen)):
                others = [one for one in feeding if one not in group]
                if group and others:
                    found.append((group, others))
            seen.update(free)
        return found

    def _ranks(self, roles: Collection[str], low: Low) -> dict[str, int]:
        first = {name for name in self._part if self._roles.get(name) in roles}
        above = {**self._above, **{name: list(others) for name, others in low.items()}}
        below = {name: list(others) for name, others in self._below.items()}
        for name, others in low.items():
            for one in others:
                below.setdefault(one, []).append(name)
        return ranks(self._order(low), above, below, first)

    def _order(self, low: Low) -> tuple[str, ...]:
        """The nodes so that each comes after all that stand above it."""
        found: dict[str, None] = {}

        def put(name: str) -> None:
            for one in low.get(name, ()):
                put(one)
            found[name] = None

        for name in self._part:
            if name not in low:
                for one in self._above.get(name, ()):
                    if one in low:
                        put(one)
                found[name] = None
        return tuple(found)

    def _network(self, row_of: Mapping[str, int]) -> Rows:
        number = {name: index for index, name in enumerate(self._part)}
        wires = [Wire(number[edge.source], number[edge.target], *self._ports(edge)) for edge in self._edges]
        way = main_line(self._part, self._above)
        line = {number[one]: number[other] for one, other in pairwise(way)}
        cards = [self._cards[name] for name in self._part]
        sizes = [card.height if self._across else card.width for card in cards]
        return cut([row_of[name] for name in self._part], sizes, wires, line)

    def _ports(self, edge: Edge) -> tuple[float, float]:
        """Where the ends of a wire are from the middles of its nodes; in columns that gives them no order."""
        if self._across:
            return 0.0, 0.0
        source, target = self._cards[edge.source], self._cards[edge.target]
        return source.out(edge.output) - source.width / 2, target.into(edge.input) - target.width / 2
