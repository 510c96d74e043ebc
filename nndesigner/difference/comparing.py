"""Two projects, and two graphs, held against one another."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from nndesigner.difference.change import FLAGS, Change, Difference, GraphDifference, NodeDifference
from nndesigner.difference.frames import Frames, notes, notes_moved
from nndesigner.difference.likeness import Likeness
from nndesigner.difference.values import compared, only, settings, unlike, values
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project


def difference(before: Project, after: Project) -> Difference:
    """What makes `after` differ from `before`."""
    renamed = _renamed_blocks(before, after)
    pairs = [("", before.graph, after.graph)]
    pairs += [
        (renamed.get(name, name), block.graph, after.blocks[renamed.get(name, name)].graph)
        for name, block in before.blocks.items()
        if renamed.get(name, name) in after.blocks
    ]
    back = {new: old for old, new in renamed.items()}
    graphs = []
    for name, was, now in pairs:
        found = _Comparison(before, after, was, now, renamed).found(name)
        if name:
            earlier, later = before.blocks[back.get(name, name)].params, after.blocks[name].params
            found = replace(found, params=compared(earlier, later))
        if found or found.moved or found.sheets_moved:
            graphs.append(found)
    return Difference(
        tuple(graphs),
        tuple(one for name, one in after.blocks.items() if name not in before.blocks and name not in back),
        tuple(one for name, one in before.blocks.items() if name not in after.blocks and name not in renamed),
        MappingProxyType(renamed),
        tuple(unlike(before.code, after.code)),
        tuple(unlike(before.data, after.data)),
        settings(before, after),
    )


def _renamed_blocks(before: Project, after: Project) -> dict[str, str]:
    """Blocks that are the same under another name."""
    gone = [block for name, block in before.blocks.items() if name not in after.blocks]
    new = [block for name, block in after.blocks.items() if name not in before.blocks]
    found: dict[str, str] = {}
    for block in gone:
        same = [one for one in new if one.graph == block.graph and one.params == block.params]
        others = [one for one in gone if one.graph == block.graph and one.params == block.params]
        if len(same) == len(others) == 1:
            found[block.name] = same[0].name
    return found


class _Comparison:
    """Two graphs held against one another."""

    def __init__(
        self, before: Project, after: Project, was: Graph, now: Graph, blocks: Mapping[str, str]
    ) -> None:
        self.before, self.after, self.was, self.now = before, after, was, now
        self.likeness = Likeness(was, now, blocks)
        self.names = self.likeness.names

    def found(self, block: str) -> GraphDifference:
        """What differs."""
        followed = {self._followed(edge): edge for edge in self.was.sorted_edges}
        notes_added, notes_removed = notes(self.was, self.now)
        frames = Frames(self.was, self.now, self.names)
        return GraphDifference(
            block,
            self._nodes(),
            tuple(edge for edge in self.now.sorted_edges if edge not in followed),
            tuple(edge for there, edge in followed.items() if there not in self.now.edges),
            notes_added,
            notes_removed,
            frames.differing(),
            moved=tuple(
                new
                for old, new in self.names.items()
                if self.was.nodes[old].position != self.now.nodes[new].position
            ),
            sheets_moved=(*frames.moved(), *notes_moved(self.was, self.now)),
            renamed=MappingProxyType({old: new for old, new in self.names.items() if old != new}),
        )

    def _nodes(self) -> tuple[NodeDifference, ...]:
        """Nodes that are new, gone or changed, in the order of the graph after; what is gone stands where it was."""
        back, names = self.likeness.back, self.names
        found = [NodeDifference(None, node) for name, node in self.now.nodes.items() if name not in back]
        found += [NodeDifference(node, None) for name, node in self.was.nodes.items() if name not in names]
        for old, new in names.items():
            before, after = self.was.nodes[old], self.now.nodes[new]
            changes = self._changes(before, after)
            if changes or old != new:
                found.append(NodeDifference(before, after, changes))
        rank: dict[int, float] = {id(one): place for place, one in enumerate(self.now.nodes.values())}
        rank |= {
            id(one): place - 0.5
            for place, one in enumerate(self.was.nodes.values())
            if one.name not in self.names
        }
        return tuple(sorted(found, key=lambda one: rank[id(one.after or one.before)]))

    def _changes(self, before: Node, after: Node) -> tuple[Change, ...]:
        found: list[Change] = []
        was, now = self.before.kind_of(before), self.after.kind_of(after)
        earlier, later = values(before, was), values(after, now)
        told = before.params.keys() | after.params.keys()
        if self.likeness.kind(before, True) != after.kind:
            found.append(Change("kind", before.kind, after.kind, named=True))
            told &= earlier.keys() & later.keys()
        found += compared(only(earlier, told), only(later, told))
        shares = self.names.get(before.shares, before.shares) if before.shares else before.shares
        for flag in FLAGS:
            one, other = getattr(before, flag), getattr(after, flag)
            if (shares if flag == "shares" else one) != other:
                found.append(Change(flag, one, other, flag == "shares"))
        return tuple(found)

    def _followed(self, edge: Edge) -> Edge:
        """A wire of before, with the names its nodes have after; a node that is gone keeps a name nobody has."""
        source, target = (self.names.get(end, f"-{end}") for end in (edge.source, edge.target))
        return Edge(source, edge.output, target, edge.input)
