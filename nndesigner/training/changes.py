"""What was set otherwise in one run than in the run before it, in words."""

from collections.abc import Iterable, Iterator

from nndesigner.difference import Difference, GraphDifference, difference
from nndesigner.graph import Code
from nndesigner.project import Project

_MOST = 12


def changes(before: Project, now: Project) -> tuple[str, ...]:
    """Each setting, param, layer and block that is not as it was: `epochs 1 → 2`, `conv2 added`."""
    found = [*_told(difference(before, now))]
    return tuple(found[:_MOST]) + ((f"{len(found) - _MOST} more",) if len(found) > _MOST else ())


def _told(found: Difference) -> Iterator[str]:
    yield from (str(change) for change in found.settings if change.name != "title")
    for graph in found.graphs:
        yield from (f"{graph.block}: {line}" if graph.block else line for line in _graph(graph))
    yield from (f"{one.name} added" for one in found.blocks_added)
    yield from (f"{one.name} removed" for one in found.blocks_removed)
    yield from (f"{before} is now {after}" for before, after in found.blocks_renamed.items())
    yield from _kept((before, after) for before, after in found.code)


def _graph(found: GraphDifference) -> Iterator[str]:
    yield from map(str, found.params)
    for node in found.nodes:
        match node.sign:
            case "+" if node.after is not None:
                yield f"{node.after.name} added"
            case "-" if node.before is not None:
                yield f"{node.before.name} removed"
            case _:
                yield str(node)
    same_nodes = all(node.sign == "~" for node in found.nodes)
    if same_nodes and (found.wires_added or found.wires_removed):
        yield "wired otherwise"


def _kept(pairs: Iterable[tuple[Code | None, Code | None]]) -> Iterator[str]:
    for before, after in pairs:
        if after is None and before is not None:
            yield f"{before.name} removed"
        elif after is not None:
            yield f"{after.name} {'added' if before is None else 'changed'}"
