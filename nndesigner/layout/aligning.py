"""Cards put in line with each other, spread evenly, or brought to where others are in line."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from nndesigner.graph import Position
from nndesigner.layout.ground import Box

_SAME = 0.01

Side = Literal["left", "center", "right", "top", "middle", "bottom"]


def aligned(boxes: Mapping[str, Box], side: Side) -> dict[str, Position]:
    """Where the boxes are once this side of all, or their middles, are where those of the outermost are."""
    left, right = min(box.left for box in boxes.values()), max(box.right for box in boxes.values())
    top, bottom = min(box.top for box in boxes.values()), max(box.bottom for box in boxes.values())
    found = {}
    for name, box in boxes.items():
        width, height = box.right - box.left, box.bottom - box.top
        x = {"left": left, "center": round((left + right - width) / 2), "right": right - width}.get(
            side, box.left
        )
        y = {"top": top, "middle": round((top + bottom - height) / 2), "bottom": bottom - height}.get(
            side, box.top
        )
        found[name] = (float(x), float(y))
    return found


def distributed(boxes: Mapping[str, Box], across: bool) -> dict[str, Position]:
    """Where the boxes are once the gaps between them are the same; the first and the last stay.

    Where they have no room between these, the last makes way, so that none lies on another.
    """
    names = sorted(boxes, key=lambda name: (boxes[name][0 if across else 1], name))
    first, last = (0, 2) if across else (1, 3)
    sizes = [boxes[name][last] - boxes[name][first] for name in names]
    begin, end = boxes[names[0]][first], max(box[last] for box in boxes.values())
    gap = max((end - begin - sum(sizes)) / max(len(names) - 1, 1), 16.0)
    found, at = {}, begin
    for name, size in zip(names, sizes, strict=True):
        box = boxes[name]
        found[name] = (float(round(at)), box.top) if across else (box.left, float(round(at)))
        at += size + gap
    return found


class Line(NamedTuple):
    """A line other cards stand at: at `at`, from one of them to the other."""

    at: float
    begin: float
    end: float


class Lines:
    """The lines at which cards stand in one direction: those of their first sides, of their middles, of their last."""

    def __init__(self, boxes: Iterable[Box], across: bool) -> None:
        first, last, other = (0, 2, 1) if across else (1, 3, 0)
        kinds: tuple[list[Line], ...] = ([], [], [])
        for box in boxes:
            for lines, at in zip(kinds, _edges(box[first], box[last]), strict=True):
                lines.append(Line(at, box[other], box[other + 2]))
        self._kinds = tuple(sorted(lines) for lines in kinds)

    def pull(self, begin: float, end: float, reach: float) -> float | None:
        """How far a card from `begin` to `end` has to go to stand at the nearest line within reach."""
        best: float | None = None
        for lines, edge in zip(self._kinds, _edges(begin, end), strict=True):
            index = bisect_left(lines, Line(edge, float("-inf"), 0.0))
            for line in lines[max(index - 1, 0) : index + 1]:
                away = line.at - edge
                if abs(away) <= reach and (best is None or abs(away) < abs(best)):
                    best = away
        return best

    def at(self, begin: float, end: float) -> list[Line]:
        """The lines at which a card from `begin` to `end` stands, one for each side and the middle at most."""
        found = []
        for lines, edge in zip(self._kinds, _edges(begin, end), strict=True):
            index = bisect_left(lines, Line(edge - _SAME, float("-inf"), 0.0))
            same = []
            while index < len(lines) and lines[index].at <= edge + _SAME:
                same.append(lines[index])
                index += 1
            if same:
                found.append(Line(edge, min(one.begin for one in same), max(one.end for one in same)))
        return found


def _edges(begin: float, end: float) -> tuple[float, float, float]:
    return begin, (begin + end) / 2, end
