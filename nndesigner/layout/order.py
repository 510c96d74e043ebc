"""In which order nodes stand in their rows, so that few wires cross.

Weighted medians with transposition (Gansner, Koutsofios, North and Vo 1993, section 3), begun from several orders; the
best that was seen is kept. Ports count: two wires of one node cross where their ports are the other way round.
"""

import random
from bisect import bisect_right, insort
from collections.abc import Sequence

from nndesigner.layout.network import Link, Rows

_SWEEPS = 12
_WITHOUT_GAIN = 4
_BY_CHANCE = 24
_IN_VAIN = 6  # beginnings that came to nothing better
_WORK = 60_000  # links looked at until no further beginning is tried


def ordered(network: Rows) -> tuple[tuple[int, ...], ...]:
    """The rows of a network, put in order."""
    sorting = _Sorting(network)
    best: tuple[tuple[float, float], list[list[int]]] | None = None
    idle = 0
    for rows in _beginnings(network, sorting):
        found = sorting.improved(rows)
        if best is None or found[0] < best[0]:
            best, idle = found, 0
        else:
            idle += 1
        if (best[0][0] == 0 and sorting.begun >= 3) or idle >= _IN_VAIN or sorting.work > _WORK:
            break
    return tuple(map(tuple, best[1])) if best else ()


def crossings(network: Rows, rows: Sequence[Sequence[int]]) -> int:
    """How many pairs of wires cross when the rows are in this order."""
    place = {node: index for row in rows for index, node in enumerate(row)}
    return sum(_crossings(links, place) for links in _by_row(network, rows))


def _crossings(links: Sequence[Link], place: dict[int, int]) -> int:
    ends = sorted((place[one.upper], one.out, place[one.lower], one.into) for one in links)
    seen: list[tuple[int, float]] = []
    count = 0
    for _, _, lower, into in ends:
        count += len(seen) - bisect_right(seen, (lower, into))
        insort(seen, (lower, into))
    return count


def _by_row(network: Rows, rows: Sequence[Sequence[int]]) -> list[list[Link]]:
    row_of = {node: number for number, row in enumerate(rows) for node in row}
    found: list[list[Link]] = [[] for _ in rows]
    for link in network.links:
        found[row_of[link.upper]].append(link)
    return found


def _beginnings(network: Rows, sorting: "_Sorting") -> "list[list[list[int]]]":
    """Orders to begin from: as drawn, by walks from above and from below, and a few by chance."""
    down: dict[int, list[int]] = {}
    up: dict[int, list[int]] = {}
    for link in sorted(network.links, key=lambda one: (one.upper, one.out)):
        down.setdefault(link.upper, []).append(link.lower)
    for link in sorted(network.links, key=lambda one: (one.lower, one.into)):
        up.setdefault(link.lower, []).append(link.upper)
    given = [list(row) for row in network.rows]
    found = [_walked(given, down), _walked(given[::-1], up)[::-1], given]
    chance = random.Random(len(network.links))
    for _ in range(_BY_CHANCE):
        found.append([chance.sample(row, len(row)) for row in given])
    return found


def _walked(rows: Sequence[Sequence[int]], onward: dict[int, list[int]]) -> list[list[int]]:
    """Each row in the order in which a walk in depth comes by."""
    row_of = {node: number for number, row in enumerate(rows) for node in row}
    found: list[list[int]] = [[] for _ in rows]
    seen: set[int] = set()
    for row in rows:
        for first in row:
            waiting = [first]
            while waiting:
                node = waiting.pop()
                if node not in seen:
                    seen.add(node)
                    found[row_of[node]].append(node)
                    waiting.extend(reversed(onward.get(node, [])))
    return found


class _Sorting:
    """One network and what is known of it; counts its work, so that large ones are not tried as often."""

    def __init__(self, network: Rows) -> None:
        self._network = network
        self._up: dict[int, list[Link]] = {}
        self._down: dict[int, list[Link]] = {}
        for link in network.links:
            self._up.setdefault(link.lower, []).append(link)
            self._down.setdefault(link.upper, []).append(link)
        self.work = 0
        self.begun = 0

    def improved(self, rows: list[list[int]]) -> tuple[tuple[float, float], list[list[int]]]:
        """The best order found from this one on, with what it costs: crossings, then how far links lean."""
        rows = [list(row) for row in rows]
        self.begun += 1
        best, kept, idle = self._cost(rows), [list(row) for row in rows], 0
        for sweep in range(_SWEEPS):
            self._sweep(rows, sweep % 2 == 0, sweep % 4 >= 2)
            self._transpose(rows, sweep % 4 >= 2)
            cost = self._cost(rows)
            if cost < best:
                best, kept, idle = cost, [list(row) for row in rows], 0
            else:
                idle += 1
            if idle >= _WITHOUT_GAIN or self.work > 4 * _WORK:
                break
        return best, kept

    def _cost(self, rows: list[list[int]]) -> tuple[float, float]:
        self.work += len(self._network.links)
        place = {node: index for row in rows for index, node in enumerate(row)}
        middle = {node: (len(row) - 1) / 2 for row in rows for node in row}
        lean = sum(
            abs(place[one.upper] - middle[one.upper] - place[one.lower] + middle[one.lower])
            * (3 if one.firm else 1)
            for one in self._network.links
        )
        return crossings(self._network, rows), lean

    def _sweep(self, rows: list[list[int]], downwards: bool, turning: bool) -> None:
        """Sorts each row by its medians; what is equal is turned round if `turning`."""
        self.work += len(self._network.links)
        numbers = range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1)
        for number in numbers:
            fixed, row = rows[number - 1 if downwards else number + 1], rows[number]
            place = {node: index for index, node in enumerate(fixed)}
            medians = {node: self._median(node, place, downwards) for node in row}
            pulled = [node for node in row if medians[node] is not None]
            moving = iter(sorted(pulled[::-1] if turning else pulled, key=lambda one: medians[one] or 0.0))
            rows[number] = [node if medians[node] is None else next(moving) for node in row]

    def _median(self, node: int, place: dict[int, int], downwards: bool) -> float | None:
        sizes = self._network.sizes
        found = sorted(
            place[one.upper] + one.out / (sizes[one.upper] + 1)
            if downwards
            else place[one.lower] + one.into / (sizes[one.lower] + 1)
            for one in (self._up if downwards else self._down).get(node, ())
        )
        if not found:
            return None
        half = len(found) // 2
        if len(found) % 2:
            return found[half]
        if len(found) == 2:
            return (found[0] + found[1]) / 2
        left, right = found[half - 1] - found[0], found[-1] - found[half]
        if left + right == 0:
            return (found[half - 1] + found[half]) / 2
        return (found[half - 1] * right + found[half] * left) / (left + right)

    def _transpose(self, rows: list[list[int]], turning: bool) -> None:
        """Swaps neighbours as long as that takes crossings away; at first also where it changes nothing if `turning`."""
        place = {node: index for row in rows for index, node in enumerate(row)}
        for turn in range(8):
            better, loose = False, turning and turn == 0
            for row in rows:
                for index in range(len(row) - 1):
                    left, right = row[index], row[index + 1]
                    now, then = self._between(left, right, place), self._between(right, left, place)
                    if now > then or (loose and now == then):
                        row[index], row[index + 1] = right, left
                        place[left], place[right] = index + 1, index
                        better = True
            if not better and not loose:
                return

    def _between(self, left: int, right: int, place: dict[int, int]) -> int:
        """How often links of two neighbours cross when they stand in this order."""
        count = 0
        for one in self._up.get(left, ()):
            here = (place[one.upper], one.out)
            count += sum(here > (place[two.upper], two.out) for two in self._up.get(right, ()))
        for one in self._down.get(left, ()):
            here = (place[one.lower], one.into)
            count += sum(here > (place[two.lower], two.into) for two in self._down.get(right, ()))
        self.work += 1
        return count
