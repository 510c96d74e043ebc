"""The course of a wire, which leaves downwards and arrives from above: lines and curves from port to port."""

from collections.abc import Sequence
from typing import NamedTuple

Point = tuple[float, float]
Piece = tuple[Point, ...]  # a line to a point, or a curve by two points to a third

_TURN = 44.0  # how far a wire that runs back swings out
_ASIDE = 136.0  # how far it goes aside, so as to pass the card it comes from
_LONG = 160.0  # from here on a wire changes its column at once and runs down straight
_CHANGE = 56.0  # the height it takes to change it
_PARTS = 11  # lines that stand for a curve where it is measured; odd, as curves often cross half-way


class Lane(NamedTuple):
    """A straight stretch of a wire that goes round something: at `x`, from one height to another."""

    x: float
    begin: float
    end: float


Route = tuple[Lane, ...]


class Ends(NamedTuple):
    """Where a wire leaves and where it arrives."""

    start: Point
    end: Point


def course(start: Point, end: Point, lanes: Sequence[Lane] = ()) -> list[Piece]:
    """The pieces of a wire, each from where the one before ended, by way of these lanes if any."""
    if lanes:
        return _led(start, end, lanes)
    (x1, y1), (x2, y2) = start, end
    dx, dy = x2 - x1, y2 - y1
    if dx == 0 and dy > 0:
        return [(end,)]
    if runs_back(dx, dy):
        return _led(start, end, (Lane(x1 + turning(dx), y1, y2),))
    if dy > _LONG:
        changed = y1 + _CHANGE
        return [((x1, y1 + 0.6 * _CHANGE), (x2, y1 + 0.4 * _CHANGE), (x2, changed)), (end,)]
    by = bend(dx, dy)
    return [((x1, y1 + by), (x2, y2 - by), end)]


def _led(start: Point, end: Point, lanes: Sequence[Lane]) -> list[Piece]:
    pieces: list[Piece] = []
    x, y, way = start[0], start[1], 1.0
    for lane in (*lanes, Lane(end[0], end[1], end[1])):
        onward = 1.0 if lane.end > lane.begin or (lane.end == lane.begin and lane is not lanes[0]) else -1.0
        if (x, y) != (lane.x, lane.begin):
            pieces.append(_change((x, y), way, (lane.x, lane.begin), onward))
        if lane.begin != lane.end:
            pieces.append(((lane.x, lane.end),))
        x, y, way = lane.x, lane.end, onward
    return pieces


def _change(start: Point, way: float, end: Point, onward: float) -> Piece:
    """From one line up or down to another: a turn, or a change of the column."""
    if start[0] == end[0]:
        return (end,)
    if way != onward:
        return (start[0], start[1] + way * _TURN), (end[0], end[1] - onward * _TURN), end
    by = max(0.6 * abs(end[1] - start[1]), 8.0)
    return (start[0], start[1] + way * by), (end[0], end[1] - onward * by), end


def points(start: Point, pieces: Sequence[Piece]) -> list[Point]:
    """Points along a wire, close enough that the lines between them are it."""
    found = [start]
    for piece in pieces:
        if len(piece) == 1:
            found.append(piece[0])
            continue
        (x0, y0), ((x1, y1), (x2, y2), (x3, y3)) = found[-1], piece
        for part in range(1, _PARTS + 1):
            t = part / _PARTS
            s = 1 - t
            a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
            found.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return found


def label_place(dx: float, dy: float, lanes: Sequence[Lane] = ()) -> Point:
    """Where the words of a wire have their middle, seen from its beginning; `lanes` are seen from there too."""
    if lanes:
        longest = max(lanes, key=lambda lane: abs(lane.end - lane.begin))
        return longest.x, (longest.begin + longest.end) / 2
    if runs_back(dx, dy):
        return turning(dx), dy / 2
    return (dx, (_CHANGE + dy) / 2) if dy > _LONG else (dx / 2, dy / 2)


def runs_back(dx: float, dy: float) -> bool:
    """Whether a wire has to turn round to get there."""
    return dy < -24 or (dy < 8 and abs(dx) < 48)


def bend(dx: float, dy: float) -> float:
    """How far a short wire runs on before it bends."""
    return max(min(dy / 2, 160.0), min(24.0 + abs(dx) / 4, 64.0, max(0.6 * dy, 24.0)))


def turning(dx: float) -> float:
    """How far aside a wire that runs back does so: half-way, or beside both ends where they are close."""
    return dx / 2 if abs(dx) >= 2 * _ASIDE else max(dx, 0.0) + _ASIDE


def room_of(dx: float, dy: float, lanes: Sequence[Lane] = ()) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of all a wire may take, seen from its beginning."""
    if lanes:
        xs = (0.0, dx, *(lane.x for lane in lanes))
        ys = (0.0, dy, *(lane.begin for lane in lanes), *(lane.end for lane in lanes))
        by = _TURN if any(lane.end < lane.begin for lane in lanes) else 0.0
        return min(xs), min(ys) - by, max(xs), max(ys) + by
    back = runs_back(dx, dy)
    by = _TURN if back else bend(dx, dy)
    right = max(dx, 0.0, turning(dx)) if back else max(dx, 0.0)
    return min(0.0, dx), min(0.0, dy - by), right, max(dy, by)
