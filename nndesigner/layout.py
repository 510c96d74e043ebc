"""Where nodes stand when nobody has placed them: in rows from top to bottom, each below all that feed it."""

from collections.abc import Collection, Mapping

from nndesigner.graph import Graph, Position

ACROSS = 256.0
_DOWN, _DOWN_BLOCK = 88.0, 128.0
_SWEEPS = 6


def arranged(graph: Graph, tall: Collection[str] = ()) -> Mapping[str, Position]:
    """A position for each node. `tall` are the kinds that take more room: blocks.

    Rows by longest path; in a row the order of Sugiyama, Tagawa and Toda 1981: each node near the mean of its neighbours.
    """
    row_of: dict[str, int] = {}
    for name in graph.order:
        before = [row_of[edge.source] for edge in graph.incoming.get(name, {}).values()]
        row_of[name] = max(before, default=-1) + 1
    for name in reversed(graph.order):
        after = [row_of[edge.target] for edge in graph.outgoing.get(name, ())]
        if after and not graph.incoming.get(name):
            row_of[name] = min(after) - 1  # what nothing feeds stands just above what it feeds
    lowest = min(row_of.values(), default=0)
    rows: dict[int, list[str]] = {}
    for name in graph.order:
        rows.setdefault(row_of[name] - lowest, []).append(name)
    place = {name: float(index) - (len(row) - 1) / 2 for row in rows.values() for index, name in enumerate(row)}
    near = {
        name: [
            *(edge.source for edge in graph.incoming.get(name, {}).values()),
            *(edge.target for edge in graph.outgoing.get(name, ())),
        ]
        for name in graph.nodes
    }
    for sweep in range(_SWEEPS):
        for number in sorted(rows, reverse=bool(sweep % 2)):
            row = rows[number]
            mean = {
                name: sum(place[one] for one in near[name]) / len(near[name]) if near[name] else place[name]
                for name in row
            }
            row.sort(key=mean.__getitem__)
            place.update({name: index - (len(row) - 1) / 2 for index, name in enumerate(row)})
    found: dict[str, Position] = {}
    top = 0.0
    for number in sorted(rows):
        for name in rows[number]:
            found[name] = (round(place[name] * ACROSS / 8) * 8.0, top)
        top += _DOWN_BLOCK if any(graph.nodes[name].kind in tall for name in rows[number]) else _DOWN
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
    for name in graph.order:
        if name in found:
            continue
        above = [found[edge.source] for edge in graph.incoming.get(name, {}).values() if edge.source in found]
        below = [found[edge.target] for edge in graph.outgoing.get(name, ()) if edge.target in found]
        if above:
            x, y = above[0][0], max(y for _, y in above) + _DOWN
        elif below:
            x, y = below[0][0], min(y for _, y in below) - _DOWN
        else:
            x, y = ideal[name]
        while any(abs(x - one) < ACROSS - 16 and abs(y - other) < _DOWN - 16 for one, other in found.values()):
            x += ACROSS
        found[name] = (x, y)
    return graph.move(found)
