"""Which nodes of two graphs are the same: by name, and where that is gone, by kind, params and wires."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from nndesigner.graph import Graph, Node

_MOST_PASSES = 100


class Likeness:
    """The nodes of a graph before and of one after that are the same: `names` of before to those of after, and `back`.

    `blocks` are the kinds that go by another name after.
    """

    def __init__(self, was: Graph, now: Graph, blocks: Mapping[str, str]) -> None:
        self.was, self.now, self.blocks = was, now, blocks
        self.names = {name: name for name in was.nodes if name in now.nodes}
        self.back = dict(self.names)
        self._match()

    def kind(self, node: Node, old: bool) -> str:
        """The kind of a node, by the name it has after."""
        return self.blocks.get(node.kind, node.kind) if old else node.kind

    def _match(self) -> None:
        """From the surest likeness to the least sure; each match makes its neighbours surer."""
        likenesses: tuple[Callable[[Node, bool], object], ...] = (
            lambda node, old: (self._self(node, old), self._wires(node, old)),
            lambda node, old: (self._self(node, old), self._into(node, old) or node.name),
            lambda node, old: (self._self(node, old), self._out(node, old) or node.name),
            lambda node, old: (self.kind(node, old), self._wires(node, old)),
        )
        for _ in range(_MOST_PASSES):
            if not any(self._matched(likeness) for likeness in likenesses):
                break

    def _matched(self, likeness: Callable[[Node, bool], object]) -> bool:
        """Whether anything was matched that is alike, and the only one on both sides."""
        old = _alone(
            (likeness(node, True), name) for name, node in self.was.nodes.items() if name not in self.names
        )
        new = _alone(
            (likeness(node, False), name) for name, node in self.now.nodes.items() if name not in self.back
        )
        pairs = [(old[key], new[key]) for key in old.keys() & new.keys()]
        for before, after in sorted(pairs):
            self._pair(before, after)
        self._spread(pairs)
        return bool(pairs)

    def _pair(self, before: str, after: str) -> None:
        self.names[before], self.back[after] = after, before

    def _spread(self, pairs: list[tuple[str, str]]) -> None:
        """Matches what is wired to what was matched, in the same way and alone in it, along whole chains."""
        open_ = list(pairs)
        while open_:
            before, after = open_.pop()
            if self.names.get(before) != after:
                continue
            old = _alone(self._wired(before, True))
            new = _alone(self._wired(after, False))
            for key in old.keys() & new.keys():
                if old[key] not in self.names and new[key] not in self.back:
                    self._pair(old[key], new[key])
                    open_.append((old[key], new[key]))

    def _wired(self, name: str, old: bool) -> Iterator[tuple[object, str]]:
        """The neighbours that are not matched, and how they are wired to a node."""
        graph, known = (self.was, self.names.keys()) if old else (self.now, self.back.keys())
        for edge in graph.edges_of([name]):
            end = edge.target if edge.source == name else edge.source
            if end not in known:
                node = graph.nodes[end]
                yield (edge.source == name, edge.output, edge.input, self._self(node, old)), end

    def _self(self, node: Node, old: bool) -> object:
        params = tuple(sorted((name, repr(value)) for name, value in node.params.items()))
        return self.kind(node, old), params, node.bypassed, node.frozen, node.repeat, node.rate

    def _wires(self, node: Node, old: bool) -> object:
        """How it is wired; without any wire there is nothing that would tell one from another."""
        into, out = self._into(node, old), self._out(node, old)
        return (into, out) if into or out else node.name

    def _into(self, node: Node, old: bool) -> frozenset[object]:
        edges = (self.was if old else self.now).incoming.get(node.name, {}).values()
        return frozenset((edge.input, edge.output, self._end(edge.source, old)) for edge in edges)

    def _out(self, node: Node, old: bool) -> frozenset[object]:
        edges = (self.was if old else self.now).outgoing.get(node.name, ())
        return frozenset((edge.output, edge.input, self._end(edge.target, old)) for edge in edges)

    def _end(self, name: str, old: bool) -> tuple[str, str]:
        """A neighbour: the one it is, or as long as that is not known, what kind of node."""
        known = self.names.get(name) if old else name if name in self.back else None
        if known is not None:
            return "is", known
        return "a", self.kind((self.was if old else self.now).nodes[name], old)


def _alone(pairs: Iterable[tuple[object, str]]) -> dict[object, str]:
    """What has a likeness that no other has."""
    found: dict[object, list[str]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    return {key: names[0] for key, names in found.items() if len(names) == 1}
