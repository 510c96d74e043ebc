"""What makes one project differ from another, as values: nodes, params, wires, blocks, code, settings, data.

Nodes are known by their names. Where a name is gone and another is new, the two are one node that was renamed if kind,
params and wires say so, and no third could be meant. Where a node stands makes no difference; it is told apart.
"""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeVar

from nndesigner import catalogue
from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.kind import Kind
from nndesigner.expression import Expression
from nndesigner.graph import Block, Code, Edge, Graph, Node, Value
from nndesigner.project import TRAINING_PARAMS, Choice, Project

Sign = Literal["+", "-", "~"]
_MOST_PASSES = 100
_FLAGS = ("bypassed", "frozen", "repeat", "shares", "rate")


@dataclass(frozen=True, slots=True)
class Change:
    """A param, a flag or a setting: what it was and what it is; None also where there is none.

    Where it is `named`, the values are names of something, and no text.
    """

    name: str
    before: Value
    after: Value
    named: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self._said(self.before)} → {self._said(self.after)}"

    @property
    def said_before(self) -> str:
        """What it was, in words: `out_channels 32`."""
        return f"{self.name} {self._said(self.before)}"

    @property
    def said_after(self) -> str:
        """What it is, in words."""
        return f"{self.name} {self._said(self.after)}"

    def _said(self, value: Value) -> str:
        return str(value) if self.named and value is not None else words(value)


@dataclass(frozen=True, slots=True)
class NodeDifference:
    """A node that was added (no `before`), removed (no `after`), renamed, or changed in what `changes` tell.

    Where its kind was replaced, only params that both kinds have are compared.
    """

    before: Node | None
    after: Node | None
    changes: tuple[Change, ...] = ()

    @property
    def sign(self) -> Sign:
        """`+`, `-` or `~`."""
        return "+" if self.before is None else "-" if self.after is None else "~"

    @property
    def renamed(self) -> bool:
        """Whether it goes by another name."""
        return self.before is not None and self.after is not None and self.before.name != self.after.name

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            return described(self.after or self.before)
        name = f"{self.before.name} is now {self.after.name}" if self.renamed else self.after.name
        shown = [str(change) for change in self.changes if change.name != "kind"]
        if len(shown) < len(self.changes):
            was, now = (_call(node.kind, node.params) for node in (self.before, self.after))
            flags = (str(change) for change in self.changes if change.name in _FLAGS)
            shown = [f"{was} → {now}", *flags]
        return (", " if self.renamed else " ").join([name, *([", ".join(shown)] if shown else [])])


@dataclass(frozen=True)
class GraphDifference:
    """What differs in one graph: the main one, or that of the block named. `renamed` are names before, to names after.

    Wires have the names their nodes had on their side; one that only follows a new name is none. `moved` are the nodes,
    by the names they have after, that stand elsewhere: no difference.
    """

    block: str = ""
    nodes: tuple[NodeDifference, ...] = ()
    wires_added: tuple[Edge, ...] = ()
    wires_removed: tuple[Edge, ...] = ()
    notes_added: tuple[str, ...] = ()
    notes_removed: tuple[str, ...] = ()
    params: tuple[Change, ...] = ()
    moved: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(
            (
                self.nodes,
                self.wires_added,
                self.wires_removed,
                self.notes_added,
                self.notes_removed,
                self.params,
            )
        )


@dataclass(frozen=True)
class Difference:
    """All that differs from one project to the other; false where they are equal but for where things stand.

    `graphs` are those on both sides in which anything differs or stands elsewhere, the main one first. `settings` are
    those of the training, and the title.
    """

    graphs: tuple[GraphDifference, ...] = ()
    blocks_added: tuple[Block, ...] = ()
    blocks_removed: tuple[Block, ...] = ()
    blocks_renamed: Mapping[str, str] = field(default_factory=dict)
    code: tuple[tuple[Code | None, Code | None], ...] = ()
    data: tuple[tuple[DataSet | None, DataSet | None], ...] = ()
    settings: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        several = (
            self.blocks_added,
            self.blocks_removed,
            self.blocks_renamed,
            self.code,
            self.data,
            self.settings,
        )
        return any(self.graphs) or any(several)

    def graph(self, block: str = "") -> GraphDifference:
        """That of a graph, by the name its block has after; the main one without."""
        return next((one for one in self.graphs if one.block == block), GraphDifference(block))


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
            found = replace(found, params=_compared(earlier, later))
        if found or found.moved:
            graphs.append(found)
    return Difference(
        tuple(graphs),
        tuple(one for name, one in after.blocks.items() if name not in before.blocks and name not in back),
        tuple(one for name, one in before.blocks.items() if name not in after.blocks and name not in renamed),
        MappingProxyType(renamed),
        tuple(_unlike(before.code, after.code)),
        tuple(_unlike(before.data, after.data)),
        _settings(before, after),
    )


class _Comparison:
    """Two graphs held against one another."""

    def __init__(
        self, before: Project, after: Project, was: Graph, now: Graph, blocks: Mapping[str, str]
    ) -> None:
        self.before, self.after, self.was, self.now, self.blocks = before, after, was, now, blocks
        self.names = {name: name for name in was.nodes if name in now.nodes}
        self.back = dict(self.names)
        self._match()

    def found(self, block: str) -> GraphDifference:
        """What differs."""
        nodes = [NodeDifference(None, node) for name, node in self.now.nodes.items() if name not in self.back]
        nodes += [
            NodeDifference(node, None) for name, node in self.was.nodes.items() if name not in self.names
        ]
        for old, new in self.names.items():
            before, after = self.was.nodes[old], self.now.nodes[new]
            changes = self._changes(before, after)
            if changes or old != new:
                nodes.append(NodeDifference(before, after, changes))
        rank: dict[int, float] = {id(one): place for place, one in enumerate(self.now.nodes.values())}
        rank |= {
            id(one): place - 0.5
            for place, one in enumerate(self.was.nodes.values())
            if one.name not in self.names
        }
        nodes.sort(key=lambda one: rank[id(one.after or one.before)])
        followed = {self._followed(edge): edge for edge in self.was.sorted_edges}
        notes_before = Counter(note.text for note in self.was.notes)
        notes_after = Counter(note.text for note in self.now.notes)
        return GraphDifference(
            block,
            tuple(nodes),
            tuple(edge for edge in self.now.sorted_edges if edge not in followed),
            tuple(edge for there, edge in followed.items() if there not in self.now.edges),
            tuple((notes_after - notes_before).elements()),
            tuple((notes_before - notes_after).elements()),
            (),
            tuple(
                new
                for old, new in self.names.items()
                if self.was.nodes[old].position != self.now.nodes[new].position
            ),
            MappingProxyType({old: new for old, new in self.names.items() if old != new}),
        )

    def _changes(self, before: Node, after: Node) -> tuple[Change, ...]:
        found: list[Change] = []
        was, now = self.before.kind_of(before), self.after.kind_of(after)
        earlier, later = _values(before, was), _values(after, now)
        told = before.params.keys() | after.params.keys()
        if self._kind(before, True) != after.kind:
            found.append(Change("kind", before.kind, after.kind, named=True))
            told &= earlier.keys() & later.keys()
        found += _compared(_only(earlier, told), _only(later, told))
        shares = self.names.get(before.shares, before.shares) if before.shares else before.shares
        for flag in _FLAGS:
            one, other = getattr(before, flag), getattr(after, flag)
            if (shares if flag == "shares" else one) != other:
                found.append(Change(flag, one, other, flag == "shares"))
        return tuple(found)

    def _followed(self, edge: Edge) -> Edge:
        """A wire of before, with the names its nodes have after; a node that is gone keeps a name nobody has."""
        source, target = (self.names.get(end, f"-{end}") for end in (edge.source, edge.target))
        return Edge(source, edge.output, target, edge.input)

    # Which are the same under another name.

    def _match(self) -> None:
        """From the surest likeness to the least sure; each match makes its neighbours surer."""
        likenesses: tuple[Callable[[Node, bool], object], ...] = (
            lambda node, old: (self._self(node, old), self._wires(node, old)),
            lambda node, old: (self._self(node, old), self._into(node, old) or node.name),
            lambda node, old: (self._self(node, old), self._out(node, old) or node.name),
            lambda node, old: (self._kind(node, old), self._wires(node, old)),
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

    def _kind(self, node: Node, old: bool) -> str:
        return self.blocks.get(node.kind, node.kind) if old else node.kind

    def _self(self, node: Node, old: bool) -> object:
        params = tuple(sorted((name, repr(value)) for name, value in node.params.items()))
        return self._kind(node, old), params, node.bypassed, node.frozen, node.repeat, node.rate

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
        return "a", self._kind((self.was if old else self.now).nodes[name], old)


def _alone(pairs: Iterable[tuple[object, str]]) -> dict[object, str]:
    """What has a likeness that no other has."""
    found: dict[object, list[str]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    return {key: names[0] for key, names in found.items() if len(names) == 1}


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


def _values(node: Node, kind: Kind | None) -> dict[str, Value]:
    """All its params, defaults filled in as far as they are known."""
    return {**(kind.values(node.params) if kind is not None else {}), **node.params}


def _only(values: Mapping[str, Value], names: Set[str]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in names}


def _compared(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Change, ...]:
    names = dict.fromkeys([*before, *after])
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if not _same(before.get(name), after.get(name)) or (name in before) != (name in after)
    )


def _same(one: object, other: object) -> bool:
    return one is other or one == other


Kept = TypeVar("Kept")


def _unlike(
    before: Mapping[str, Kept], after: Mapping[str, Kept]
) -> Iterator[tuple[Kept | None, Kept | None]]:
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if not _same(one, other):
            yield one, other


def _settings(before: Project, after: Project) -> tuple[Change, ...]:
    earlier, later = before.training, after.training
    names = ("title", *(param.name for param in TRAINING_PARAMS))
    found = list(
        _compared(
            {"title": before.title, **{name: getattr(earlier, name) for name in names[1:]}},
            {"title": after.title, **{name: getattr(later, name) for name in names[1:]}},
        )
    )
    for role, was, now in (
        ("optimizer", earlier.optimizer, later.optimizer),
        ("scheduler", earlier.scheduler, later.scheduler),
    ):
        if (was and was.kind) != (now and now.kind):
            one, other = (
                _call(choice.kind, choice.params) if choice is not None else None for choice in (was, now)
            )
            found.append(Change(role, one, other, named=True))
        elif was is not None and now is not None:
            found += [
                replace(change, name=f"{role}.{change.name}")
                for change in _compared(_choice_values(was), _choice_values(now))
            ]
    return tuple(found)


def _choice_values(choice: Choice) -> dict[str, Value]:
    kind = catalogue.BY_NAME.get(choice.kind)
    return {**(kind.values(choice.params) if kind is not None else {}), **choice.params}


# In words.


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


def described(node: Node | None) -> str:
    """A node in a line, as it is written: `conv3 Conv2d(out_channels=64)`, and its flags."""
    if node is None:
        return ""
    flags = [name for name in ("bypassed", "frozen") if getattr(node, name)]
    flags += [f"repeat {node.repeat}"] if node.repeat != 1 else []
    flags += [f"weights of {node.shares}"] if node.shares is not None else []
    flags += [f"rate {node.rate:g}"] if node.rate != 1 else []
    return ", ".join([f"{node.name} {_call(node.kind, node.params)}", *flags])


def words(value: Value) -> str:
    """A value as Python writes it; an expression as it stands."""
    match value:
        case Expression(text=text):
            return text
        case tuple():
            return f"({', '.join(map(words, value))}{',' if len(value) == 1 else ''})"
        case Mapping():
            return f"{{{', '.join(f'{name}: {words(one)}' for name, one in value.items())}}}"
        case float():
            return f"{value:g}" if float(f"{value:g}") == value else repr(value)
        case _:
            return repr(value)


def _call(kind: str, params: Mapping[str, Value]) -> str:
    listed = ", ".join(f"{name}={words(value)}" for name, value in params.items())
    return f"{kind}({listed})" if listed else kind


def _title(one: GraphDifference) -> str:
    return f"block {one.block}" if one.block else "network"


def _graph_lines(one: GraphDifference) -> Iterator[Line]:
    yield from (Line("~", str(change)) for change in one.params)
    gone: set[str] = set()
    new: set[str] = set()
    for node in one.nodes:
        before = (node.before.name,) if node.before is not None else ()
        after = (node.after.name,) if node.after is not None else ()
        yield Line(node.sign, str(node), before, after)
        if node.sign == "-":
            gone.update(before)
        elif node.sign == "+":
            new.update(after)
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
    yield from (Line("-", f"note “{_short(text)}”") for text in one.notes_removed)
    yield from (Line("+", f"note “{_short(text)}”") for text in one.notes_added)


def _wire(edge: Edge) -> str:
    source = edge.source if edge.output == "output" else f"{edge.source}.{edge.output}"
    target = edge.target if edge.input == "input" else f"{edge.target}.{edge.input}"
    return f"{source} → {target}"


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _block_lines(found: Difference) -> Iterator[Line]:
    yield from (Line("~", f"{before} → {after}") for before, after in found.blocks_renamed.items())
    yield from (Line("-", _block(block)) for block in found.blocks_removed)
    yield from (Line("+", _block(block)) for block in found.blocks_added)


def _block(block: Block) -> str:
    count = len(block.graph.nodes)
    return f"{_call(block.name, block.params)}, {count} node{'s' if count != 1 else ''}"


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
