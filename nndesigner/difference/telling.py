"""A difference in words: lines, in groups that belong together."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nndesigner.catalogue.data import DataSet
from nndesigner.difference.change import Difference, GraphDifference, Sign
from nndesigner.difference.spelling import call, quoted
from nndesigner.graph import Block, Code, Edge


@dataclass(frozen=True, slots=True)
class Line:
    """One difference in words. `before` and `after` are the nodes it is about, on the side that has them."""

    sign: Sign
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Differences that belong together: those of a graph, whose block it names, or of all else."""

    title: str
    lines: tuple[Line, ...]
    block: str = ""
    is_graph: bool = False


def told(found: Difference) -> tuple[Group, ...]:
    """A difference in words, the main network first, the settings last."""
    groups = [Group(_title(one), tuple(_graph_lines(one)), one.block, True) for one in found.graphs if one]
    groups.append(Group("blocks", tuple(_block_lines(found))))
    groups += [
        Group(f"layer of one's own {(after or before).name}", tuple(_code_lines(before, after)))  # type: ignore[union-attr]
        for before, after in found.code
    ]
    groups.append(Group("data sets", tuple(_kept_lines(found.data, "changed"))))
    groups.append(Group("settings", tuple(Line("~", str(change)) for change in found.settings)))
    return tuple(group for group in groups if group.lines)


def _title(one: GraphDifference) -> str:
    return f"block {one.block}" if one.block else "network"


def _graph_lines(one: GraphDifference) -> Iterator[Line]:
    yield from (Line("~", str(change)) for change in one.params)
    for node in one.nodes:
        before = (node.before.name,) if node.before is not None else ()
        after = (node.after.name,) if node.after is not None else ()
        yield Line(node.sign, str(node), before, after)
    yield from _wire_lines(one)
    yield from (Line("-", f"note {quoted(text)}") for text in one.notes_removed)
    yield from (Line("+", f"note {quoted(text)}") for text in one.notes_added)
    # What stands in a frame shows where it is.
    yield from (Line(frame.sign, str(frame), frame.held_before, frame.held_after) for frame in one.frames)


def _wire_lines(one: GraphDifference) -> Iterator[Line]:
    gone = {node.before.name for node in one.nodes if node.before is not None and node.after is None}
    new = {node.after.name for node in one.nodes if node.after is not None and node.before is None}
    back = {after: before for before, after in one.renamed.items()}
    # A wire of a node that is gone went with it.
    for edge in one.wires_removed:
        ends = (edge.source, edge.target)
        if not gone.intersection(ends):
            yield Line("-", f"wire {_wire(edge)}", ends, tuple(one.renamed.get(end, end) for end in ends))
    for edge in one.wires_added:
        ends = (edge.source, edge.target)
        known = tuple(back.get(end, end) for end in ends if end not in new)
        yield Line("+", f"wire {_wire(edge)}", known, ends)


def _wire(edge: Edge) -> str:
    source = edge.source if edge.output == "output" else f"{edge.source}.{edge.output}"
    target = edge.target if edge.input == "input" else f"{edge.target}.{edge.input}"
    return f"{source} → {target}"


def _block_lines(found: Difference) -> Iterator[Line]:
    yield from (Line("~", f"{before} → {after}") for before, after in found.blocks_renamed.items())
    yield from (Line("-", _block(block)) for block in found.blocks_removed)
    yield from (Line("+", _block(block)) for block in found.blocks_added)


def _block(block: Block) -> str:
    count = len(block.graph.nodes)
    return f"{call(block.name, block.params)}, {count} node{'s' if count != 1 else ''}"


def _code_lines(before: Code | None, after: Code | None) -> Iterator[Line]:
    was, now = (code.text.splitlines() if code is not None else [] for code in (before, after))
    for line in list(difflib.unified_diff(was, now, n=0, lineterm=""))[2:]:
        if line[:1] == "+":
            yield Line("+", line[1:])
        elif line[:1] == "-":
            yield Line("-", line[1:])
    if was == now:  # but for the end of the last line
        yield Line("~", "changed")


def _kept_lines(found: Iterable[tuple[DataSet | None, DataSet | None]], changed: str) -> Iterator[Line]:
    for before, after in found:
        if before is None and after is not None:
            yield Line("+", after.name)
        elif after is None and before is not None:
            yield Line("-", before.name)
        elif after is not None:
            yield Line("~", f"{after.name} {changed}")
