"""What was drawn of a source as a project: the networks inside become blocks, each serving all its equal uses.

Two uses of a class are one block when they draw the same nodes and wires; whole numbers that differ between them become
params of the block. Equal layers one behind another in a container become one node that is repeated.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.expression import Expression
from nndesigner.graph import MOST_REPEATS, Block, Edge, Graph, GraphError, Node, Value, name_problem
from nndesigner.script.reader.sheet import Drawn, Sheet, Use, bare, plain
from nndesigner.script.reader.values import Container

_Signature = tuple[Any, ...]


class Settling:
    """The blocks of a source."""

    def __init__(self, taken: set[str], own: Mapping[str, Kind] = MappingProxyType({})) -> None:
        self.own = own  # kinds of code of one's own
        self.blocks: dict[str, Block] = {}
        self.uses: dict[str, list[Use]] = {}  # of each block
        self.values: dict[int, dict[str, Any]] = {}  # what each use is given, by the params of its block
        self._taken = taken

    def settle(self, main: Sheet) -> Graph:
        """The main graph; the blocks are in `blocks` then, each after those it uses."""
        by_height: dict[int, dict[int, Use]] = {}

        def height(sheet: Sheet) -> int:
            found = 0
            for drawn in sheet.nodes.values():
                if drawn.use is not None:
                    one = height(drawn.use.sheet)
                    by_height.setdefault(one, {})[id(drawn.use)] = drawn.use
                    found = max(found, one + 1)
            return found

        height(main)
        for level in sorted(by_height):
            groups: dict[tuple[str, _Signature], list[Use]] = {}
            for use in by_height[level].values():
                self._close(use.sheet)
                groups.setdefault((use.name, _signature(use.sheet)), []).append(use)
            for (name, _), uses in groups.items():
                self._block(name, uses)
        self._close(main)
        return _graph(main, {})

    def _close(self, sheet: Sheet) -> None:
        """Gives the nodes of settled uses their blocks and params, and draws repeated layers as one."""
        for drawn in sheet.nodes.values():
            if drawn.use is None:
                continue
            use = drawn.use
            drawn.kind = self.names[id(use)]
            block = self.blocks[drawn.kind]
            given = self.values[id(use)]
            stored: dict[str, Value] = {}
            for name, value in given.items():
                found = plain(value, sheet.told_by)
                if isinstance(found, Expression) or found != block.params[name]:
                    stored[name] = found
            drawn.params = stored
            drawn.values = {name: bare(value) for name, value in given.items()}
        _repeat(sheet, self.own)

    @property
    def names(self) -> dict[int, str]:
        """The block of each use."""
        return {id(use): name for name, uses in self.uses.items() for use in uses}

    def _block(self, class_name: str, uses: list[Use]) -> None:
        name = self._name(class_name)
        params: dict[str, Value] = {}
        changed: dict[tuple[str, str], Value] = {}
        own: list[dict[str, Any]] = [{} for _ in uses]
        first = uses[0].sheet
        for drawn in first.nodes.values():
            each = [use.sheet.nodes[drawn.name] for use in uses]
            for key in dict.fromkeys(key for one in each for key in one.params):
                stored = [one.params.get(key, _default(one, key)) for one in each]
                values = [one.values.get(key, _default(one, key)) for one in each]
                changed[drawn.name, key] = self._common(drawn.name, key, stored, values, uses, own, first)
        for word in own[0]:
            default = uses[0].defaults.get(word, int(own[0][word]))
            params[word] = default
        graph = _graph(first, changed)
        self.blocks[name] = Block(name, graph, params)
        self.uses[name] = uses
        for use, mine in zip(uses, own, strict=True):
            self.values[id(use)] = mine

    def _common(
        self,
        node: str,
        key: str,
        stored: list[Value],
        values: list[Any],
        uses: list[Use],
        own: list[dict[str, Any]],
        sheet: Sheet,
    ) -> Value:
        """A param as all uses may have it: what is the same everywhere, else by the arguments of the block."""
        if all(one == stored[0] and type(one) is type(stored[0]) for one in stored):
            for word in _words(stored[0]):
                for use, mine in zip(uses, own, strict=True):
                    mine[word] = use.given.get(word, 1)
            return stored[0]
        if isinstance(stored[0], tuple):
            several = zip(zip(*stored, strict=True), zip(*values, strict=True), strict=True)
            return tuple(
                self._common(node, f"{key}{number}", list(one), list(mine), uses, own, sheet)
                for number, (one, mine) in enumerate(several)
            )
        word = self._word(node, key, values, uses, own, sheet)
        for mine, value, use in zip(own, values, uses, strict=True):
            mine[word] = use.given.get(word, value)
        return Expression(word)

    def _word(
        self,
        node: str,
        key: str,
        values: list[Any],
        uses: list[Use],
        own: list[dict[str, Any]],
        sheet: Sheet,
    ) -> str:
        """What a number that differs between uses is called: an argument that has its values, or after its node."""
        for word in uses[0].given:
            if all(
                word in use.given and int(use.given[word]) == value
                for use, value in zip(uses, values, strict=True)
            ):
                return word
        for word, first in own[0].items():
            if int(first) == values[0] and [int(mine[word]) for mine in own] == values:
                return word
        stem = f"{node}_{key}" if not name_problem(f"{node}_{key}") else "size"
        for number in itertools.count(1):
            word = stem if number == 1 else f"{stem}{number}"
            if word not in own[0] and word not in sheet.nodes and word not in uses[0].given:
                return word
        raise AssertionError

    def _name(self, class_name: str) -> str:
        words = class_name.strip("_")
        name = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", words)) or "Block"
        if not name[0].isalpha():
            name = f"Block{name}"
        if name in catalogue.BY_NAME or name_problem(name):
            name = f"{name}Block"
        found, number = name, 2
        while found in self.blocks or found in self._taken or name_problem(found):
            found, number = f"{name}{number}", number + 1
        return found


def _words(value: Value) -> Iterator[str]:
    if isinstance(value, Expression):
        yield from sorted(value.names())
    elif isinstance(value, tuple):
        for one in value:
            yield from _words(one)


def _default(drawn: Drawn, key: str) -> Any:
    """The default of a param that is not stored."""
    kind = catalogue.BY_NAME.get(drawn.kind)
    return kind.values({}).get(key) if kind is not None else None


def _signature(sheet: Sheet) -> _Signature:
    """What two uses must have in common to be one block: all but whole numbers."""
    nodes = []
    for drawn in sheet.nodes.values():
        sorts = {key: _sort(value) for key, value in drawn.params.items()}
        kind = catalogue.BY_NAME.get(drawn.kind) if drawn.use is None else None
        whole = [param for param in kind.params if type(param.default) is int] if kind is not None else []
        for param in whole:
            sorts.setdefault(param.name, "int")
        if drawn.use is not None:
            sorts = {}
        nodes.append(
            (drawn.name, drawn.kind, tuple(sorted(sorts.items())), drawn.shares, drawn.frozen, drawn.repeat)
        )
    return tuple(nodes), tuple(sorted(sheet.wires.items()))


def _sort(value: Value) -> Any:
    if isinstance(value, Expression) or (isinstance(value, int) and not isinstance(value, bool)):
        return "int"
    if isinstance(value, tuple):
        return tuple(_sort(one) for one in value)
    return f"exactly {value!r}"


def _graph(sheet: Sheet, changed: Mapping[tuple[str, str], Value]) -> Graph:
    """The graph of a sheet; some params `changed`."""
    nodes = []
    for drawn in sheet.nodes.values():
        params = {key: changed.get((drawn.name, key), value) for key, value in drawn.params.items()}
        params |= {key: value for (name, key), value in changed.items() if name == drawn.name}
        shares = drawn.shares if drawn.shares in sheet.nodes else None
        frozen = drawn.frozen and shares is None
        node = Node(drawn.name, drawn.kind, params, frozen=frozen, repeat=drawn.repeat, shares=shares)
        nodes.append(node)
    wires = [
        Edge(*source, *target)
        for target, source in sheet.wires.items()
        if source[0] in sheet.nodes and target[0] in sheet.nodes
    ]
    try:
        return Graph.of(nodes, wires)
    except GraphError:
        return Graph.of(nodes)


# Equal layers one behind another.


def _repeat(sheet: Sheet, own: Mapping[str, Kind]) -> None:
    """Draws the equal layers of a container that are called one after another as one node, each time they are."""
    passes: dict[int, list[dict[str, Drawn]]] = {}
    containers: dict[int, Container] = {}
    for drawn in sheet.nodes.values():
        owner = drawn.thing.owner if drawn.thing is not None else None
        if (
            not isinstance(owner, Container)
            or owner.sort not in ("Sequential", "ModuleList")
            or drawn.thing is None
        ):
            continue
        several = passes.setdefault(id(owner), [{}])
        if drawn.thing.name in several[-1]:
            several.append({})
        several[-1][drawn.thing.name] = drawn
        containers[id(owner)] = owner
    readers: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for target, source in sheet.wires.items():
        readers.setdefault(source, []).append(target)
    for key, several in passes.items():
        container = containers[key]
        names = list(container.items)
        if not 2 <= len(names) <= MOST_REPEATS or any(set(members) != set(names) for members in several):
            continue
        chains = [[members[name] for name in names] for members in several]
        name = container.path(sheet.root)
        if name_problem(name) or name in sheet.nodes:
            continue
        if all(_alike(sheet, chain, readers, own) for chain in chains):
            for number, chain in enumerate(chains):
                again = sheet.free(f"{name}_{number + 1}", f"{name}_") if number else name
                _merge(sheet, chain, again, name if number else None)


def _alike(
    sheet: Sheet,
    chain: list[Drawn],
    readers: Mapping[tuple[str, str], list[tuple[str, str]]],
    own: Mapping[str, Kind],
) -> bool:
    first = chain[0]
    ports = [port for node, port in sheet.wires if node == first.name]
    outputs = _outputs(first, own)
    if not ports or len(outputs) != 1:
        return False
    for before, one in itertools.pairwise(chain):
        if (
            one.kind != first.kind
            or one.params != first.params
            or one.frozen != first.frozen
            or one.repeat != 1
        ):
            return False
        if _types(one) != _types(first):
            return False
        through = (before.name, outputs[0])
        mine = {port: source for (node, port), source in sheet.wires.items() if node == one.name}
        if list(mine) != ports or mine[ports[0]] != through:
            return False
        if any(mine[port] != sheet.wires[first.name, port] for port in ports[1:]):
            return False
        if readers.get(through, []) != [(one.name, ports[0])]:
            return False
    return True


def _types(drawn: Drawn) -> list[type]:
    return [type(value) for value in drawn.params.values()]


def _outputs(drawn: Drawn, own: Mapping[str, Kind]) -> list[str]:
    if drawn.use is not None:
        return drawn.use.outputs
    kind = own.get(drawn.kind) or catalogue.BY_NAME.get(drawn.kind)
    if kind is None or not kind.is_module:
        return []
    return [port.name for port in kind.at(drawn.values).outputs]


def _merge(sheet: Sheet, chain: list[Drawn], name: str, shares: str | None) -> None:
    first, last, gone = chain[0], chain[-1], {one.name for one in chain}
    lines = set().union(*(one.lines for one in chain))
    merged = replace(first, name=name, repeat=len(chain), lines=lines, shares=shares)
    merged.each = [one.followed for one in chain]
    nodes: dict[str, Drawn] = {}
    for known, drawn in sheet.nodes.items():
        if known == first.name:
            nodes[name] = merged
        elif known not in gone:
            nodes[known] = drawn
    wires: dict[tuple[str, str], tuple[str, str]] = {}
    for (target, port), (source, output) in sheet.wires.items():
        source = name if source == last.name else source
        if target == first.name:
            wires[name, port] = (source, output)
        elif target not in gone:
            wires[target, port] = (source, output)
    sheet.nodes, sheet.wires = nodes, wires
    sheet.outputs = {
        end: (name, place[1]) if place[0] == last.name else place for end, place in sheet.outputs.items()
    }
