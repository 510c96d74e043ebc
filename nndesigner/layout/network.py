"""A network cut into rows: a wire that passes rows has a joint in each of them, so that every link joins two neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_BESIDE = 2.0


class Link(NamedTuple):
    """A piece of a wire from a row to the next. `out` and `into` are the ports, from the middles of their nodes.

    `firm` links are to be straight: those between two joints, and those of the main line. `weight` is how much it counts
    that one is, more where it joins two nodes.
    """

    upper: int
    lower: int
    out: float
    into: float
    firm: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Rows:
    """Nodes and joints by number, in rows. `sizes` is how wide each is, a joint 0; the first `real` are nodes."""

    rows: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]
    sizes: tuple[float, ...]
    real: int


class Wire(NamedTuple):
    """A wire by the numbers of its nodes, and where its ports are from the middles of these."""

    source: int
    target: int
    out: float
    into: float


def cut(
    row_of: Sequence[int], sizes: Sequence[float], wires: Sequence[Wire], line: Mapping[int, int]
) -> Rows:
    """The network cut into rows. `line` says what follows each node of the main line."""
    rows: list[list[int]] = [[] for _ in range(max(row_of, default=-1) + 1)]
    for number, row in enumerate(row_of):
        rows[row].append(number)
    widths = list(sizes)
    links: list[Link] = []
    for wire in wires:
        last, out = wire.source, wire.out
        passes = row_of[wire.target] - row_of[wire.source] > 1
        firm = line.get(wire.source) == wire.target and not passes
        for row in range(row_of[wire.source] + 1, row_of[wire.target]):
            joint = len(widths)
            widths.append(0.0)
            rows[row].append(joint)
            links.append(Link(last, joint, out, 0.0, last >= len(sizes)))
            last, out = joint, 0.0
        links.append(Link(last, wire.target, out, wire.into, firm, 1.0 if passes else _BESIDE))
    return Rows(tuple(map(tuple, rows)), tuple(links), tuple(widths), len(sizes))
