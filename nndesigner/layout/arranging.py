"""A graph laid out: its parts beside one another, each in rows from top to bottom or in columns from left to right."""

from collections.abc import Collection, Mapping, Sequence

from nndesigner.graph import Graph, Position
from nndesigner.layout.card import HEIGHT, TALL, WIDTH, Card
from nndesigner.layout.layers import Layers
from nndesigner.layout.network import Rows
from nndesigner.layout.places import GRID, places

_BESIDE = 48.0  # between two cards of a row
_PASSING = 24.0  # between a card and a wire that passes it
_LANES = 16.0  # between two wires that pass
_DOWN = 32.0  # from a row to the next, more where wires lean further than so
_DOWNS = ((0.0, _DOWN), (32.0, 40.0), (WIDTH + _BESIDE, 48.0), (float("inf"), 64.0))
_ACROSS = 96.0  # from a column to the next: a wire goes down, aside, up and down there
_ABOVE = 56.0  # between two cards of a column, with room for wires along them
_PARTS = 96.0


def arranged(
    graph: Graph,
    tall: Collection[str] = (),
    cards: Mapping[str, Card] | None = None,
    across: bool = False,
) -> Mapping[str, Position]:
    """A position for each node, the upper left corner of the whole at the origin, all on the grid.

    `cards` are the sizes and ports of the nodes; of those left out the usual size is taken, more of the kinds in `tall`.
    Rows run downwards, or as columns from left to right if `across`. The same graph is always laid out the same.
    """
    sized = {**cards_of(graph, tall), **(cards or {})}
    found: dict[str, Position] = {}
    along = 0.0
    for part in _parts(graph):
        at, size = _laid_out(graph, part, sized, across)
        for name, (x, y) in at.items():
            found[name] = (x, y + along) if across else (x + along, y)
        along += size + _PARTS
    return {name: found[name] for name in graph.nodes}


def cards_of(graph: Graph, tall: Collection[str]) -> dict[str, Card]:
    """The usual size of each node's card; that of kinds in `tall` has more."""
    return {name: Card(WIDTH, TALL if node.kind in tall else HEIGHT) for name, node in graph.nodes.items()}


def _parts(graph: Graph) -> list[tuple[str, ...]]:
    """The parts no wire leads between, largest first; nodes without any wire are one part."""
    part_of: dict[str, str] = {name: name for name in graph.nodes}

    def of(name: str) -> str:
        while part_of[name] != name:
            part_of[name] = part_of[part_of[name]]
            name = part_of[name]
        return name

    for edge in graph.sorted_edges:
        part_of[of(edge.target)] = of(edge.source)
    found: dict[str, list[str]] = {}
    for name in graph.order:
        wired = name in graph.incoming or name in graph.outgoing
        found.setdefault(of(name) if wired else "", []).append(name)
    alone = found.pop("", [])
    parts = sorted(found.values(), key=len, reverse=True)
    return [tuple(part) for part in (*parts, alone) if part]


def _laid_out(
    graph: Graph, part: Sequence[str], cards: Mapping[str, Card], across: bool
) -> tuple[dict[str, Position], float]:
    """The places of one part, and how much room it takes beside others."""
    network, rows = Layers(graph, part, cards, across).least_crossed()

    def gap(left: int, right: int) -> float:
        joints = (left >= network.real) + (right >= network.real)
        if joints:
            return _PASSING if joints == 1 else _LANES
        return _ABOVE if across else _BESIDE

    middles = places(network, rows, gap)
    return _on_paper(part, network, rows, middles, cards, across)


def _on_paper(
    part: Sequence[str],
    network: Rows,
    rows: Sequence[Sequence[int]],
    middles: Sequence[float],
    cards: Mapping[str, Card],
    across: bool,
) -> tuple[dict[str, Position], float]:
    def deep(node: int) -> float:
        card = cards[part[node]]
        return card.width if across else card.height

    edges = [(middles[node], network.sizes[node] / 2) for node in range(len(middles))]
    left = min(middle - half for middle, half in edges)
    right = max(middle + half for middle, half in edges)
    left = left // GRID * GRID
    found: dict[str, Position] = {}
    top = 0.0
    for row, gap in zip(rows, _gaps(network, rows, middles, across), strict=True):
        nodes = [node for node in row if node < network.real]
        for node in nodes:
            aside = middles[node] - network.sizes[node] / 2 - left
            found[part[node]] = (top, aside) if across else (aside, top)
        top += -(-max(map(deep, nodes), default=0.0) // GRID) * GRID + gap
    return found, -(-(right - left) // GRID) * GRID


def _gaps(
    network: Rows, rows: Sequence[Sequence[int]], middles: Sequence[float], across: bool
) -> list[float]:
    """The room below each row: more where wires lean."""
    if across:
        return [_ACROSS] * len(rows)
    row_of = {node: number for number, row in enumerate(rows) for node in row}
    leaning: list[list[float]] = [[] for _ in rows]
    for link in network.links:
        away = abs(middles[link.upper] + link.out - middles[link.lower] - link.into)
        if away:
            leaning[row_of[link.upper]].append(away)
    found = []
    for ways in leaning:
        widest = max(ways, default=0.0)
        room = next(room for most, room in _DOWNS if widest <= most)
        found.append(room + GRID * min(max(len(ways) - 6, 0), 8))
    return found


def placed(graph: Graph, known: Mapping[str, Position], tall: Collection[str] = ()) -> Graph:
    """The graph with its nodes where they are `known` to stand, and the others near those they are wired with."""
    free = [name for name in graph.nodes if name not in known]
    if not free:
        return graph.move({name: known[name] for name in graph.nodes})
    if not known.keys() & graph.nodes.keys():
        return graph.move(arranged(graph, tall))
    found = {name: known[name] for name in graph.nodes if name in known}
    ideal = arranged(graph, tall)
    down = HEIGHT + _DOWN
    for name in graph.order:
        if name in found:
            continue
        above = [found[edge.source] for edge in graph.incoming.get(name, {}).values() if edge.source in found]
        below = [found[edge.target] for edge in graph.outgoing.get(name, ()) if edge.target in found]
        if above:
            x, y = above[0][0], max(y for _, y in above) + down
        elif below:
            x, y = below[0][0], min(y for _, y in below) - down
        else:
            x, y = ideal[name]
        while any(
            abs(x - one) < WIDTH + _BESIDE - 16 and abs(y - other) < down - 16
            for one, other in found.values()
        ):
            x += WIDTH + _BESIDE
        found[name] = (x, y)
    return graph.move(found)
