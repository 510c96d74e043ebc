"""What lies where, found by place without asking everything there is."""

import math
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Area = tuple[float, float, float, float]  # left, top, right, lower

_SMALLEST = 256.0


class Cells(Generic[Thing]):
    """Things in the cells of grids, each in one cell: that of its middle, in the finest grid whose cells are as large as
    it. So what touches an area has its middle no further than half a cell from it.
    """

    def __init__(self) -> None:
        self._grids: dict[float, dict[tuple[int, int], dict[int, Thing]]] = {}
        self._kept: dict[Thing, tuple[int, float, tuple[int, int]]] = {}
        self._areas: dict[Thing, Area] = {}
        self._count = 0

    def put(self, thing: Thing, area: Area) -> None:
        """It lies here, and nowhere else any more. Where it stands in the order of all is settled the first time."""
        left, top, right, lower = area
        size, extent = _SMALLEST, max(right - left, lower - top)
        while size < extent:
            size *= 2
        cell = (math.floor((left + right) / 2 / size), math.floor((top + lower) / 2 / size))
        known = self._kept.get(thing)
        if known is None:
            number = self._count = self._count + 1
        else:
            number = known[0]
            if known[1:] != (size, cell):
                self._take(known)
        self._areas[thing] = area
        if known is None or known[1:] != (size, cell):
            self._kept[thing] = (number, size, cell)
            self._grids.setdefault(size, {}).setdefault(cell, {})[number] = thing

    def drop(self, thing: Thing) -> None:
        """It lies nowhere any more."""
        known = self._kept.pop(thing, None)
        if known is not None:
            self._take(known)
            del self._areas[thing]

    def within(self, area: Area) -> list[Thing]:
        """What touches this area, in the order in which it came."""
        left, top, right, lower = area
        found: dict[int, Thing] = {}
        for size, cells in self._grids.items():
            half = size / 2
            first, last = math.floor((left - half) / size), math.floor((right + half) / size)
            upper, lowest = math.floor((top - half) / size), math.floor((lower + half) / size)
            if (last - first + 1) * (lowest - upper + 1) < len(cells):
                met = [(x, y) for x in range(first, last + 1) for y in range(upper, lowest + 1)]
            else:
                met = [(x, y) for x, y in cells if first <= x <= last and upper <= y <= lowest]
            for cell in met:
                things = cells.get(cell)
                if things is None:
                    continue
                x, y = cell
                if (
                    left <= x * size
                    and (x + 1) * size <= right
                    and top <= y * size
                    and (y + 1) * size <= lower
                ):
                    # Their middles are in the area.
                    found |= things
                    continue
                for number, thing in things.items():
                    begin, above, end, below = self._areas[thing]
                    if begin <= right and end >= left and above <= lower and below >= top:
                        found[number] = thing
        return [found[number] for number in sorted(found)]

    def _take(self, known: tuple[int, float, tuple[int, int]]) -> None:
        number, size, cell = known
        cells = self._grids[size]
        del cells[cell][number]
        if not cells[cell]:
            del cells[cell]
