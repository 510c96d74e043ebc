"""Which row each node of a layered drawing stands in: below all that feeds it, and no further away than it has to be."""

from collections.abc import Collection, Mapping, Sequence


def ranks(
    order: Sequence[str],
    above: Mapping[str, Sequence[str]],
    below: Mapping[str, Sequence[str]],
    first: Collection[str] = (),
) -> dict[str, int]:
    """A row for each name of `order`, in which each comes after all that feed it.

    `above` and `below` are what feeds a node and what it feeds, once for each wire. What nothing feeds stands just above
    what it feeds, but for `first`, which stand at the top. A node that feeds more than it is fed by goes down as far as
    it can, so that wires are short (a step of Gansner, Koutsofios, North and Vo 1993, section 2.3).
    """
    row: dict[str, int] = {}
    for name in order:
        row[name] = max((row[one] for one in above.get(name, ())), default=-1) + 1
    for name in reversed(order):
        after = [row[one] for one in below.get(name, ())]
        if name not in first and after and len(after) > len(above.get(name, ())):
            row[name] = max(row[name], min(after) - 1)
    lowest = min(row.values(), default=0)
    return {name: number - lowest for name, number in row.items()}


def main_line(order: Sequence[str], above: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The longest way through the network; of two as long, the one that was drawn first."""
    length: dict[str, int] = {}
    came: dict[str, str | None] = {}
    for name in order:
        before = max(above.get(name, ()), key=lambda one: length[one], default=None)
        came[name] = before
        length[name] = 1 + (length[before] if before is not None else 0)
    last: str | None = max(order, key=lambda one: length[one], default=None)
    way = []
    while last is not None:
        way.append(last)
        last = came[last]
    return tuple(reversed(way))
