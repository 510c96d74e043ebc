"""The ways a wire may go: through the gaps of each belt of cards below it, or aside and upwards."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from nndesigner.graph import Edge
from nndesigner.layout.crossing import Sides
from nndesigner.layout.ground import CLEAR, Box, Ground
from nndesigner.layout.wires import Ends, Lane, Point, Route, course, points

_MARGIN = 16.0  # and better by this
_APART = 12.0  # two wires beside each other
_BEND = 40.0  # a bend is as bad as so long a way
_CLOSE = 80.0  # and another wire in the same lane as this
_MOST = 28  # lanes that are thought of
NEAR = 700.0  # how far aside they are looked for
CROSSING = 1500.0  # a crossing
_MOST_BELTS = 40
_TRIED = 12
_BELT = 16.0  # the least room between belts in which a wire can change its lane


def led(
    ground: Ground, edge: Edge, ends: Ends, taken: Sequence[Lane], others: Mapping[Edge, Sequence[Point]]
) -> dict[Route, float]:
    """Lanes downwards, one in each belt of cards, and how long that is; none where there is no way.

    Which of the `others` are on the left is known of each place at each height, as the bits of a number: a crossing is a
    bit that changes from one height to the next.
    """
    (x1, y1), (x2, y2) = ends
    area = Box(min(x1, x2) - NEAR, y1 + 1, max(x1, x2) + NEAR, y2 - 1)
    boxes = [box for _, box in ground.within(area)]
    belts = _belts(boxes, y1, y2)
    if not belts:
        return {}
    if len(belts) > _MOST_BELTS:
        return _passed(ground, edge, ends, taken, belts)
    lanes = _candidates(boxes, ends, taken)
    heights = [y1, *(y for top, bottom, _ in belts for y in (top, bottom)), y2]
    sides = Sides(edge, others, heights)
    best: dict[float, tuple[float, tuple[float, ...]]] = {x1: (0.0, ())}
    for number, (top, bottom, members) in enumerate(belts):
        free = [
            x
            for x in lanes
            if all(x <= box.left - CLEAR - 1 or x >= box.right + CLEAR + 1 for box in members)
        ]
        if top <= y1 + 4:
            free = [x for x in free if x == x1]
        elif bottom >= y2 - 4:
            free = [x for x in free if x == x2]
        level = 2 * number
        following: dict[float, tuple[float, tuple[float, ...]]] = {}
        for x in free:
            own = _crowding(x, top, bottom, taken) + _tightness(x, members)
            own += CROSSING * sides.changed(level + 1, x, x)
            cost, way = min(
                (
                    before
                    + abs(x - other)
                    + (_BEND if x != other else 0.0)
                    + CROSSING * sides.changed(level, other, x),
                    way,
                )
                for other, (before, way) in best.items()
            )
            following[x] = (cost + own, (*way, x))
        if not following:
            return {}
        best = following
    last = len(heights) - 2
    cost, way = min(
        (cost + abs(x - x2) + (_BEND if x != x2 else 0.0) + CROSSING * sides.changed(last, x, x2), way)
        for x, (cost, way) in best.items()
    )
    length = sum(abs(x - other) + (_BEND if x != other else 0.0) for other, x in pairwise((x1, *way, x2)))
    route = _joined(
        [Lane(x, max(top, y1), min(bottom, y2)) for x, (top, bottom, _) in zip(way, belts, strict=True)]
    )
    line = points(ends.start, course(*ends, route))
    return {} if ground.hit_by(line, (edge.source, edge.target)) else {route: length + y2 - y1}


def _passed(
    ground: Ground,
    edge: Edge,
    ends: Ends,
    taken: Sequence[Lane],
    belts: Sequence[tuple[float, float, list[Box]]],
) -> dict[Route, float]:
    """One lane past so many belts that trying all ways through them would take too long; where there is none, none."""
    (x1, y1), (x2, y2) = ends
    begin = belts[0][1] + _BELT if belts[0][0] <= y1 + 4 else y1 + _BELT
    end = belts[-1][0] - _BELT if belts[-1][1] >= y2 - 4 else y2 - _BELT
    passed = [box for _, _, members in belts for box in members if box.bottom > begin and box.top < end]
    free: list[float] = []
    edge_of = float("-inf")
    for box in sorted(passed):
        if box.left - edge_of >= 2 * _MARGIN and edge_of > float("-inf"):
            free += [edge_of + _MARGIN, box.left - _MARGIN]
        elif edge_of == float("-inf"):
            free.append(box.left - _MARGIN)
        edge_of = max(edge_of, box.right)
    free.append(edge_of + _MARGIN)
    crowded = [lane for lane in taken if lane.begin < end and lane.end > begin]
    shifted = {x + _APART * step for x in free for step in range(-4, 5)}
    ways = sorted((abs(x - x1) + abs(x - x2) + _crowding(x, begin, end, crowded), x) for x in shifted)
    for cost, x in ways[:_TRIED]:
        route = (Lane(x, begin, end),)
        if not ground.hit_by(points(ends.start, course(*ends, route)), (edge.source, edge.target)):
            return {route: cost + y2 - y1}
    return {}


def _belts(boxes: Sequence[Box], y1: float, y2: float) -> list[tuple[float, float, list[Box]]]:
    """Where cards stand between two heights: top, bottom and cards of each belt, with room to change between them."""
    found: list[tuple[float, float, list[Box]]] = []
    for box in sorted(boxes, key=lambda one: one.top):
        top, bottom = max(box.top - CLEAR, y1), min(box.bottom + CLEAR, y2)
        if found and top - found[-1][1] < _BELT:
            first, last, members = found[-1]
            found[-1] = (first, max(last, bottom), [*members, box])
        else:
            found.append((top, bottom, [box]))
    return found


def _candidates(boxes: Sequence[Box], ends: Ends, taken: Sequence[Lane]) -> list[float]:
    """Where a lane may be: below the one port, above the other, beside each card, and beside other wires there."""
    (x1, y1), (x2, y2) = ends
    found = {x1, x2}
    for box in boxes:
        found |= {box.left - _MARGIN, box.right + _MARGIN}
    for lane in taken:
        if min(lane.begin, lane.end) < y2 and max(lane.begin, lane.end) > y1:
            found |= {lane.x - _APART, lane.x + _APART}
    nearest = sorted(found, key=lambda x: (abs(x - x1) + abs(x - x2), x))
    return sorted({x1, x2, *nearest[:_MOST]})


def _crowding(x: float, top: float, bottom: float, taken: Sequence[Lane]) -> float:
    """How bad it is that other wires run in the same lane."""
    return sum(
        _CLOSE
        for lane in taken
        if abs(lane.x - x) < _APART - 1
        and min(lane.begin, lane.end) < bottom
        and max(lane.begin, lane.end) > top
    )


def _tightness(x: float, members: Sequence[Box]) -> float:
    """How bad it is to pass closer by a card than is good."""
    away = min((max(box.left - x, x - box.right) for box in members), default=_MARGIN)
    return max(0.0, _MARGIN - away) * 2


def _joined(lanes: Sequence[Lane]) -> Route:
    """Lanes one below another as one."""
    found: list[Lane] = []
    for lane in lanes:
        if found and found[-1].x == lane.x:
            found[-1] = found[-1]._replace(end=lane.end)
        else:
            found.append(lane)
    return tuple(found)


def turned(ground: Ground, edge: Edge, ends: Ends, taken: Sequence[Lane]) -> dict[Route, float]:
    """One lane upwards, as near as it can be, on either side, and how long that is; none where there is no free one."""
    (x1, y1), (x2, y2) = ends
    area = Box(min(x1, x2) - NEAR, min(y1, y2) - 48, max(x1, x2) + NEAR, max(y1, y2) + 48)
    boxes = [box for _, box in ground.within(area)]
    beside = {box.left - 20 for box in boxes} | {box.right + 20 for box in boxes}
    beside |= {lane.x + by for lane in taken for by in (-_APART, _APART)}
    top, bottom = min(y1, y2), max(y1, y2)
    ways = sorted(
        (abs(x - x1) + abs(x - x2) + _crowding(x, top, bottom, taken), x)
        for x in beside
        if area.left < x < area.right
    )
    found: dict[Route, float] = {}
    for cost, x in ways[: 2 * _MOST]:
        route = (Lane(x, y1, y2),)
        if ground.hit_by([(x, y1), (x, y2)]):
            continue  # not even through its own cards
        if not ground.hit_by(points(ends.start, course(*ends, route)), (edge.source, edge.target)):
            found[route] = cost + bottom - top
            if len(found) == 3:
                break
    return found
