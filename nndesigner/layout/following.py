"""Notes and frames after nodes were laid out anew: notes go with what they stand beside, frames go round what they held."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nndesigner.graph import Frame, Graph, Note, Position
from nndesigner.layout.card import Card
from nndesigner.layout.ground import Box, touches
from nndesigner.layout.routes import routes
from nndesigner.layout.wires import Ends, Point, course, points

_AROUND, _GRID = 24.0, 8.0
_TITLE = 28.0  # less than there is between two rows, so that a frame ends above its first row
_BESIDE = 48.0
_MOST_WIRES = 400  # of more it is not asked where they run


def followed(graph: Graph, positions: Mapping[str, Position], cards: Mapping[str, Card]) -> Graph:
    """The graph with its nodes at these positions, and its notes and frames where they belong then."""
    after = graph.move(positions)
    frames = tuple(_round(frame, graph, after, cards) for frame in graph.frames)
    lines = _lines(after, cards) if graph.notes and len(graph.edges) <= _MOST_WIRES else []
    notes = tuple(_beside(note, graph, after, cards, lines) for note in graph.notes)
    return replace(after, notes=notes, frames=frames)


def members(frame: Frame, graph: Graph, cards: Mapping[str, Card]) -> tuple[str, ...]:
    """The nodes that stand in a frame."""
    return tuple(
        name
        for name, node in graph.nodes.items()
        if name in cards and frame.holds(node.position, (cards[name].width, cards[name].height))
    )


def framed(names: tuple[str, ...], graph: Graph, cards: Mapping[str, Card], frame: Frame) -> Frame:
    """The frame laid round these nodes."""
    places = [(graph.nodes[name].position, cards[name]) for name in names]
    left = min(x for (x, _), _ in places) - _AROUND
    top = min(y for (_, y), _ in places) - _TITLE
    right = max(x + card.width for (x, _), card in places) + _AROUND
    bottom = max(y + card.height for (_, y), card in places) + _AROUND
    return replace(frame, position=(left, top), size=(right - left, bottom - top))


def _round(frame: Frame, before: Graph, after: Graph, cards: Mapping[str, Card]) -> Frame:
    held = members(frame, before, cards)
    moved = any(before.nodes[name].position != after.nodes[name].position for name in held)
    return framed(held, after, cards, frame) if held and moved else frame


def _lines(graph: Graph, cards: Mapping[str, Card]) -> list[list[Point]]:
    """The wires as they are drawn."""
    boxes = {
        name: Box(x, y, x + cards[name].width, y + cards[name].height)
        for name, node in graph.nodes.items()
        for x, y in (node.position,)
    }
    ends = {}
    for edge in graph.sorted_edges:
        source, target = boxes[edge.source], boxes[edge.target]
        start = (source.left + cards[edge.source].out(edge.output), source.bottom)
        ends[edge] = Ends(start, (target.left + cards[edge.target].into(edge.input), target.top))
    lanes = routes(boxes, ends)
    return [points(one.start, course(*one, lanes.get(edge, ()))) for edge, one in ends.items()]


def _beside(
    note: Note, before: Graph, after: Graph, cards: Mapping[str, Card], lines: Sequence[Sequence[Point]]
) -> Note:
    """The note as far from the card it was nearest to; right of everything where it would lie on cards or wires."""
    if not before.nodes:
        return note
    nearest = min(before.nodes, key=lambda name: _away(note, before.nodes[name].position, cards[name]))
    (x, y), (x0, y0) = after.nodes[nearest].position, before.nodes[nearest].position
    moved = replace(note, position=(note.position[0] + x - x0, note.position[1] + y - y0))
    (left, top), (width, height) = moved.position, moved.size
    area = [Box(left, top, left + width, top + height)]
    crowded = any(_away(moved, node.position, cards[name]) < _GRID for name, node in after.nodes.items())
    if crowded or any(touches(line, area, _GRID) for line in lines):
        right = max(node.position[0] + cards[name].width for name, node in after.nodes.items())
        right = max(right, *(x for line in lines for x, _ in line)) if lines else right
        moved = replace(moved, position=(-(-(right + _BESIDE) // _GRID) * _GRID, moved.position[1]))
    return moved


def _away(note: Note, position: Position, card: Card) -> float:
    """How far a note is from a card; 0 where they overlap."""
    (left, top), (width, height) = note.position, note.size
    x, y = position
    across = max(left - x - card.width, x - left - width, 0.0)
    down = max(top - y - card.height, y - top - height, 0.0)
    return max(across, down)
