"""Where nodes stand across in their rows: wires straight where they can be, the main line first, none too close.

Brandes and Köpf 2002, with ports (a node of a straight line is shifted so that the wire is straight, not the middle of
its nodes) and the compaction of a graph of lines instead of classes. Of the four drawings and their mean the best is
taken, and whole lines are then moved to where their wires pull them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from nndesigner.layout.network import Link, Rows

GRID = 8.0
_SLIGHT = 24.0  # a wire that leans by less looks like a mistake
_FIRM = 12.0  # how much more a firm link counts
_SLIDES = 10

Gap = Callable[[int, int], float]


def places(network: Rows, rows: Sequence[Sequence[int]], gap: Gap) -> list[float]:
    """The middle of each node and joint. `gap` is the room between the sides of two neighbours."""

    def apart(left: int, right: int) -> float:
        return (network.sizes[left] + network.sizes[right]) / 2 + gap(left, right)

    network = replace(network, links=tuple(_centred(link, network.real) for link in network.links))
    barred = _barred(network.links, rows)
    drawings = []
    for upwards in (False, True):
        for leftwards in (False, True):
            drawings.append(_drawn(network, rows, apart, barred, upwards, leftwards))
    candidates = [*drawings, _mean(drawings, network)]
    settled = [_slid(network, rows, apart, _on_grid(network, rows, apart, one)) for one in candidates]
    return min(settled, key=lambda one: _lean(network.links, one))


def _centred(link: Link, real: int) -> Link:
    """Nodes of the main line stand one below the other, whichever port the wire goes into."""
    return link._replace(out=0.0, into=0.0) if link.firm and link.upper < real and link.lower < real else link


def _lean(links: Sequence[Link], places: Sequence[float]) -> float:
    """How far from straight all links are."""
    total = 0.0
    for link in links:
        across = abs(places[link.upper] + link.out - places[link.lower] - link.into)
        weight = _FIRM if link.firm else link.weight
        total += weight * (across + (_SLIGHT if 0 < across < _SLIGHT else 0.0))
    return total


def _barred(links: Sequence[Link], rows: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """The links that cross a firm one, and so are not made straight."""
    place = {node: index for row in rows for index, node in enumerate(row)}
    row_of = {node: number for number, row in enumerate(rows) for node in row}
    by_row: list[list[Link]] = [[] for _ in rows]
    for link in links:
        by_row[row_of[link.upper]].append(link)
    found: set[tuple[int, int]] = set()
    for row in by_row:
        kept: list[Link] = []
        for link in sorted(row, key=lambda one: (not one.firm, place[one.upper], one.out)):
            crossed = any(
                (place[link.upper] - place[one.upper]) * (place[link.lower] - place[one.lower]) < 0
                for one in kept
            )
            if crossed:
                found.add((link.upper, link.lower))
            elif link.firm:
                kept.append(link)
    return found


def _drawn(
    network: Rows,
    rows: Sequence[Sequence[int]],
    apart: Gap,
    barred: set[tuple[int, int]],
    upwards: bool,
    leftwards: bool,
) -> list[float]:
    """One of the four drawings, as tightly as can be from its side on."""
    sign = -1.0 if leftwards else 1.0
    above: dict[int, list[tuple[int, float, float, bool]]] = {}
    for link in network.links:
        upper, lower, out, into = link[:4]
        bars = (upper, lower) in barred
        if upwards:
            upper, lower, out, into = lower, upper, into, out
        if not bars:
            above.setdefault(lower, []).append((upper, sign * out, sign * into, link.firm))
    turned = [row[::-1] if leftwards else row for row in (rows[::-1] if upwards else rows)]
    root, shift = _lines(turned, above, len(network.sizes))
    side = (lambda left, right: apart(right, left)) if leftwards else apart
    return [sign * place for place in _packed(turned, root, shift, side)]


def _lines(
    rows: Sequence[Sequence[int]], above: dict[int, list[tuple[int, float, float, bool]]], count: int
) -> tuple[list[int], list[float]]:
    """Straight lines through the rows: the first node of each one's line, and how far it is from the middle of that."""
    root, shift = list(range(count)), [0.0] * count
    held = {upper for near in above.values() for upper, _, _, firm in near if firm}
    for before, row in pairwise(rows):
        place = {node: index for index, node in enumerate(before)}
        last = -1
        for node in row:
            near = sorted(above.get(node, ()), key=lambda one: (place[one[0]], one[1], one[2]))
            near = [one for one in near if one[3]] or [one for one in near if one[0] not in held]
            half = (len(near) - 1) // 2
            for upper, out, into, _ in (near[half], near[len(near) // 2]) if near else ():
                if place[upper] > last:
                    root[node], shift[node] = root[upper], shift[upper] + out - into
                    last = place[upper]
                    break
    return root, shift


def _packed(
    rows: Sequence[Sequence[int]], root: Sequence[int], shift: Sequence[float], apart: Gap
) -> list[float]:
    """Every line as far left as what is left of it allows, then as near as it may to what is right of it."""
    after: dict[int, dict[int, float]] = {}
    before: dict[int, dict[int, float]] = {}
    for row in rows:
        for left, right in pairwise(row):
            a, b = root[left], root[right]
            room = apart(left, right) + shift[left] - shift[right]
            after.setdefault(a, {})[b] = max(room, after.get(a, {}).get(b, float("-inf")))
            before.setdefault(b, {})[a] = after[a][b]
    order = _topological(sorted(set(root)), after, before)
    place: dict[int, float] = {}
    for one in order:
        place[one] = max((place[other] + room for other, room in before.get(one, {}).items()), default=0.0)
    for one in reversed(order):
        if after.get(one):
            place[one] = max(place[one], min(place[other] - room for other, room in after[one].items()))
    return [place[root[node]] + shift[node] for node in range(len(root))]


def _topological(
    ones: Sequence[int], after: dict[int, dict[int, float]], before: dict[int, dict[int, float]]
) -> list[int]:
    waiting = {one: len(before.get(one, ())) for one in ones}
    ready = [one for one in ones if not waiting[one]]
    found = []
    while ready:
        one = ready.pop()
        found.append(one)
        for other in after.get(one, ()):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return found


def _mean(drawings: Sequence[Sequence[float]], network: Rows) -> list[float]:
    """The mean of the two middle ones of four drawings, laid on the narrowest."""

    def ends(one: Sequence[float]) -> tuple[float, float]:
        left = min(place - size / 2 for place, size in zip(one, network.sizes, strict=True))
        right = max(place + size / 2 for place, size in zip(one, network.sizes, strict=True))
        return left, right

    if not network.sizes:
        return []
    sides = [ends(one) for one in drawings]
    narrowest = min(sides, key=lambda one: one[1] - one[0])
    aligned = []
    for number, (one, (left, right)) in enumerate(zip(drawings, sides, strict=True)):
        by = narrowest[1] - right if number % 2 else narrowest[0] - left
        aligned.append([place + by for place in one])
    return [sum(sorted(four)[1:3]) / 2 for four in zip(*aligned, strict=True)]


def _on_grid(
    network: Rows, rows: Sequence[Sequence[int]], apart: Gap, wanted: Sequence[float]
) -> list[float]:
    """The left side of each node on the grid, and none too close to its neighbour."""
    places = list(wanted)
    for row in rows:
        edge = float("-inf")
        for index, node in enumerate(row):
            half = network.sizes[node] / 2
            if index:
                left = row[index - 1]
                edge = places[left] + apart(left, node) - half
            at = round((places[node] - half) / GRID) * GRID
            if at < edge:
                at = -(-edge // GRID) * GRID
            places[node] = at + half
    return places


def _slid(network: Rows, rows: Sequence[Sequence[int]], apart: Gap, places: list[float]) -> list[float]:
    """Whole straight lines, then single nodes, moved to the middle of where their links pull them, as far as there is room."""
    beside: dict[int, tuple[int | None, int | None]] = {}
    for row in rows:
        for index, node in enumerate(row):
            left = row[index - 1] if index else None
            beside[node] = (left, row[index + 1] if index + 1 < len(row) else None)
    cost = _lean(network.links, places)
    touching: dict[int, list[Link]] = {}
    for link in network.links:
        touching.setdefault(link.upper, []).append(link)
        touching.setdefault(link.lower, []).append(link)
    for turn in range(_SLIDES):
        moved = False
        for line in _straight(network, places) if turn % 2 == 0 else [[one] for one in range(len(places))]:
            by = _pull(line, touching, places)
            by = _room(line, beside, apart, places, by)
            if not by:
                continue
            links = {link for node in line for link in touching.get(node, ())}
            before = _lean(list(links), places)
            for node in line:
                places[node] += by
            if _lean(list(links), places) < before:
                moved = True
            else:
                for node in line:
                    places[node] -= by
        if not moved and turn % 2:
            break
    assert _lean(network.links, places) <= cost + 1e-6
    return places


def _straight(network: Rows, places: Sequence[float]) -> list[list[int]]:
    """The nodes that straight links hold together."""
    root = list(range(len(places)))

    def of(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for link in network.links:
        if places[link.upper] + link.out == places[link.lower] + link.into:
            root[of(link.lower)] = of(link.upper)
    found: dict[int, list[int]] = {}
    for node in range(len(places)):
        found.setdefault(of(node), []).append(node)
    return list(found.values())


def _pull(line: Sequence[int], touching: dict[int, list[Link]], places: Sequence[float]) -> float:
    """How far the middle of what a line is linked with is from it."""
    own = set(line)
    pulls: list[float] = []
    for node in line:
        for link in touching.get(node, ()):
            if link.upper in own and link.lower in own:
                continue
            here, there = places[link.upper] + link.out, places[link.lower] + link.into
            pulls += [there - here if link.upper in own else here - there] * int(
                _FIRM if link.firm else link.weight
            )
    if not pulls:
        return 0.0
    pulls.sort()
    half = len(pulls) // 2
    return pulls[half] if len(pulls) % 2 else (pulls[half - 1] + pulls[half]) / 2


def _room(
    line: Sequence[int],
    beside: dict[int, tuple[int | None, int | None]],
    apart: Gap,
    places: Sequence[float],
    by: float,
) -> float:
    """As much of a way as the neighbours leave, on the grid."""
    own = set(line)
    for node in line:
        left, right = beside[node]
        if by < 0 and left is not None and left not in own:
            by = max(by, min(0.0, places[left] + apart(left, node) - places[node]))
        if by > 0 and right is not None and right not in own:
            by = min(by, max(0.0, places[right] - apart(node, right) - places[node]))
    return (by // GRID if by > 0 else -(-by // GRID)) * GRID
