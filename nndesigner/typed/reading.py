"""What a line means: its steps become nodes and wires after those that are there."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from nndesigner.blocks import stands_in
from nndesigner.catalogue.kind import Kind, Param
from nndesigner.graph import Edge, Graph, GraphError, Node, Value, name_problem
from nndesigner.project import Project
from nndesigner.typed.kinds import positional
from nndesigner.typed.parsing import (
    Argument,
    Bare,
    Branches,
    Chain,
    Group,
    Item,
    Layer,
    Mistake,
    Stopped,
    Times,
    parse,
)
from nndesigner.typed.speaking import Speaking
from nndesigner.typed.values import fitted, named_value

__all__ = ["MOST_LAYERS", "Ends", "Mistake", "Step", "Typed", "read"]

Ends = tuple[tuple[str, str], ...]
MOST_LAYERS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """A node, new or wired to, and where in the line it stands: from `start` up to `end`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Typed:
    """What a line says: the graph of `project` has it wired in, as far as it can be read, and the project has the blocks
    of the library that it speaks of; `added` are its new nodes, in order.

    `ends` are the outputs at which it ends. `lanes` tell, for each new node, how many lanes it stands beside the first.
    """

    project: Project
    added: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    ends: Ends = ()
    lanes: Mapping[str, float] = field(default_factory=dict)
    mistake: Mistake | None = None

    @property
    def graph(self) -> Graph:
        """The graph with the line wired in."""
        return self.project.graph


def read(
    line: str,
    project: Project,
    after: Ends = (),
    path: str = "",
    kept: Mapping[str, Project] | None = None,
) -> Typed:
    """Reads a line into the graph of `project`, after these outputs; `path` is the block that graph belongs to, `kept`
    the blocks of the library that it may speak of.

    Nothing is placed yet. Where there is a mistake, what comes before it is drawn.
    """
    chain, mistake = parse(line)
    drawing = _Drawing(project, path, kept or {})
    try:
        ends = drawing.chain(chain, after, 0.0, outermost=True)
    except Stopped as stop:
        earlier = mistake is None or stop.mistake.start < mistake.start
        mistake, ends = (stop.mistake if earlier else mistake), ()
    if mistake is not None and mistake.end >= len(line.rstrip()):
        mistake = replace(mistake, unfinished=True)
    try:
        graph = drawing.graph()
    except GraphError as error:
        words = str(error)
        mistake = Mistake(0, len(line), f"{words[:1].upper()}{words[1:]}")
        return Typed(project, mistake=mistake)
    drawn = replace(drawing.project, graph=graph)
    return Typed(drawn, tuple(drawing.nodes), tuple(drawing.steps), ends, drawing.lanes, mistake)


class _Drawing:
    """Nodes and wires that come to be, in the order of the line."""

    def __init__(self, project: Project, path: str, kept: Mapping[str, Project]) -> None:
        self._speaking, self._path = Speaking(project, kept), path
        self._taken = set(project.graph.nodes)
        block = project.blocks.get(path)
        self._arguments = frozenset(block.params) if block else frozenset()
        self._known: dict[str, str] = {}  # what a label stands for now, in the copy that is being drawn
        self.nodes: dict[str, Node] = {}
        self.steps: list[Step] = []
        self.lanes: dict[str, float] = {}
        self._wires: list[Edge] = []
        self._fed: dict[str, set[str]] = {}

    @property
    def project(self) -> Project:
        """The project the line is read into, with what it speaks of."""
        return self._speaking.project

    def graph(self) -> Graph:
        """The graph with what was drawn; raises `GraphError` for a loop."""
        before = self.project.graph
        grown = before.add(*self.nodes.values())
        inner = frozenset(edge for edge in self._wires if edge.target in self.nodes)
        grown = replace(grown, edges=grown.edges | inner)
        for edge in self._wires:
            if edge.target not in self.nodes:
                grown = grown.connect(edge)
        return grown

    # Chains.

    def chain(self, chain: Chain, ends: Ends, lane: float, outermost: bool = False) -> Ends:
        """Draws the steps one after the other; gives the outputs at which it ends."""
        part: list[Item] = []
        for place, item in enumerate(chain):
            if isinstance(item, Times):
                if not part:
                    self._stop(item, "There is nothing before it to repeat")
                for _ in range(item.times - 1):
                    ends = self.chain(tuple(part), ends, lane)
                part = []
                continue
            begins = self._begins(item)
            if begins and outermost and place == 0:
                ends = ()
            ends = self._item(item, ends, lane)
            if not begins:
                part.append(item)
            if not ends and place + 1 < len(chain):
                self._stop(chain[place + 1], "Nothing comes out of what stands before it")
        return ends

    def _item(self, item: Item, ends: Ends, lane: float) -> Ends:
        match item:
            case Layer():
                return self._layer(item, ends, lane)
            case Group(chain, times):
                for _ in range(times):
                    ends = self.chain(chain, ends, lane)
                return ends
            case Branches(chains):
                widths = [_width(chain) for chain in chains]
                left = lane - (sum(widths) - 1) / 2
                found: list[tuple[str, str]] = []
                for chain, width in zip(chains, widths, strict=True):
                    found += self.chain(chain, ends, left + (width - 1) / 2)
                    left += width
                return tuple(found)
            case _:
                return ends

    # Layers.

    def _begins(self, item: Item) -> bool:
        """Whether it is where something begins: a node that is there, or a layer with nothing before it."""
        if isinstance(item, Branches):
            return all(chain and self._begins(chain[0]) for chain in item.chains)
        if not isinstance(item, Layer):
            return False
        if self._node_meant(item) is not None:
            return True
        kind = self._speaking.called(item)
        return kind is not None and not kind.inputs

    def _layer(self, layer: Layer, ends: Ends, lane: float) -> Ends:
        if (name := self._node_meant(layer)) is not None:
            return self._led_into(layer, name, ends)
        kind = self._kind(layer, ends)
        if layer.output:
            layer = replace(layer, name=layer.output, output="")
        given = self._given(layer, self._shaped(kind))
        node = Node(self._name(layer, kind), kind.name, given.params, repeat=layer.repeat)
        shaped = self.project.kind_of(node) or kind
        sources = {port: self._source(argument, bare) for port, argument, bare in given.wired}
        others = [self._source(argument, bare) for argument, bare in given.loose]
        self.nodes[node.name] = node
        self._taken.add(node.name)
        self.lanes[node.name] = lane
        self.steps.append(Step(node.name, layer.start, layer.end))
        for port, source in sources.items():
            self._wire(Edge(*source, node.name, port))
        for source in (*ends, *others):
            self._lead(layer, source, node.name, shaped)
        if shaped.role == "loss":
            self._aim(node.name, shaped)
        return tuple((node.name, port.name) for port in shaped.outputs[:1])

    def _kind(self, layer: Layer, ends: Ends) -> Kind:
        kind = self._speaking.kind(layer)
        if ends and not kind.inputs:
            self._stop(layer, f"Nothing leads into {kind.name}; a line begins with it")
        if not stands_in(self.project, kind.name, self._path):
            self._stop(layer, f"{kind.name} can't stand in {self._path}: a block never contains itself")
        if self._path and kind.role in ("data", "loss"):
            words = "can't stand in a block: data and losses stand in the main network"
            self._stop(layer, f"{kind.name} {words}")
        if len(self.nodes) >= MOST_LAYERS:
            self._stop(layer, f"A line draws {MOST_LAYERS} layers at most")
        return kind

    def _shaped(self, kind: Kind) -> Kind:
        """The kind with the params it has before any is given: those of a Data node are of its data set."""
        return self.project.kind_of(Node("probe", kind.name, kind.start_params())) or kind

    def _name(self, layer: Layer, kind: Kind) -> str:
        if layer.label and layer.label not in self._known:
            if problem := name_problem(layer.label):
                self._stop(layer, f"{problem[:1].upper()}{problem[1:]}")
            if layer.label in self._taken:
                self._stop(layer, f"There is a node named {layer.label} already; names are unique")
            self._known[layer.label] = layer.label
            return layer.label
        stem = layer.label.rstrip("0123456789") or layer.label or kind.name_stem
        number = 1
        while f"{stem}{number}" in self._taken:
            number += 1
        name = f"{stem}{number}"
        if layer.label:
            self._known[layer.label] = name
        return name

    def _stop(self, item: Item | Argument, words: str) -> NoReturn:
        raise Stopped(Mistake(item.start, item.end, words))

    # Wires.

    def _node(self, name: str) -> Node | None:
        known = self._known.get(name, name)
        return self.nodes.get(known) or self.project.graph.nodes.get(known)

    def _node_meant(self, layer: Layer) -> str | None:
        """The node a step speaks of, if it is one that is there, and not a layer of that very name."""
        if layer.called or layer.label or layer.torch or self._speaking.is_kind(layer.name):
            return None
        node = self._node(layer.name)
        return node.name if node is not None else None

    def _led_into(self, layer: Layer, name: str, ends: Ends) -> Ends:
        node = self._node(name)
        kind = self.project.kind_of(node) if node is not None else None
        if node is None or kind is None:
            self._stop(layer, f"Nobody knows the ports of {name}: its layer is not in this project")
        self.steps.append(Step(name, layer.start, layer.end))
        for source in ends:
            self._lead(layer, source, name, kind)
        if layer.output:
            return (self._source(layer, Bare(layer.name, layer.output)),)
        return tuple((name, port.name) for port in kind.outputs[:1])

    def _source(self, item: Item | Argument, bare: Bare) -> tuple[str, str]:
        """The output a word stands for."""
        node = self._node(bare.name)
        kind = self.project.kind_of(node) if node is not None else None
        if node is None or kind is None:
            self._stop(item, f"There is no node named {bare.name}")
        outputs = [port.name for port in kind.outputs]
        if not outputs:
            self._stop(item, f"Nothing comes out of {bare.name}")
        if bare.output and bare.output not in outputs:
            self._stop(item, f"{bare.name} has no output {bare.output}; it gives {', '.join(outputs)}")
        return node.name, bare.output or outputs[0]

    def _lead(self, layer: Layer, source: tuple[str, str], name: str, kind: Kind) -> None:
        """A wire into the next free input."""
        wired = {*self.project.graph.incoming.get(name, {})}
        wired |= self._fed.get(name, set())
        port = next((port for port in kind.input_names(wired) if port not in wired), None)
        if port is None:
            inputs = len(kind.inputs)
            many = "nothing" if not inputs else "one input" if inputs == 1 else f"{inputs} inputs"
            self._stop(layer, f"{layer.name} takes {many}, so {source[0]} can't lead into it too")
        self._wire(Edge(*source, name, port))

    def _wire(self, edge: Edge) -> None:
        self._wires.append(edge)
        self._fed.setdefault(edge.target, set()).add(edge.input)

    def _aim(self, name: str, kind: Kind) -> None:
        """A loss compares with the one output of the data that nothing learns from, if there is just one."""
        if "target" not in kind.input_names() or "target" in self._fed.get(name, ()):
            return
        drawn = [node for node in self.nodes.values() if node.kind == "Data"]
        nodes = drawn or list(self.project.graph.nodes.values())
        sources = [node for node in nodes if node.kind == "Data"]
        before = self.project.graph.outgoing
        edges = (*self._wires, *(edge for node in sources for edge in before.get(node.name, ())))
        learned = {(edge.source, edge.output) for edge in edges if edge.input != "target"}
        free = [
            (node.name, port.name)
            for node in sources
            if (one := self.project.kind_of(node)) is not None
            for port in one.outputs
            if (node.name, port.name) not in learned
        ]
        if len(free) == 1:
            self._wire(Edge(*free[0], name, "target"))

    # Arguments.

    def _given(self, layer: Layer, kind: Kind) -> "_Given":
        """The params a layer is written with, and the wires."""
        order = positional(kind, layer.torch)
        follows = {one.argument for one in kind.follows}
        found = _Given(dict(kind.start_params()))
        place, named = 0, False
        arguments = list(layer.arguments)
        while arguments:
            argument = arguments.pop(0)
            name, value = argument.name, argument.value
            if name in found.names:
                self._stop(argument, f"{name} is given twice")
            if name:
                named = True
                if not self._is_known(kind, name, follows):
                    near = difflib.get_close_matches(name, kind.by_name, 1, 0.6)
                    hint = (
                        f"did you mean {near[0]}?" if near else f"it has {', '.join(kind.by_name) or 'none'}"
                    )
                    self._stop(argument, f"{kind.name} has no argument {name}; {hint}")
            elif isinstance(value, Bare) and not self._means_value(value, kind, order, place):
                if self._node(value.name) is None:
                    self._stop(argument, f"{value} is no value of {kind.name}, and no node has this name")
                found.loose.append((argument, value))
                continue
            elif named:
                self._stop(argument, "A value without a name stands before those with a name")
            elif place >= len(order):
                takes = f"{len(order)} value{'s' * (len(order) != 1)} at most" if order else "no values"
                self._stop(argument, f"{kind.name} takes {takes} in brackets")
            else:
                name, place = order[place], place + 1
            found.names.add(name)
            if name in follows and name not in kind.by_name:
                continue
            if name not in kind.by_name:
                if not isinstance(value, Bare):
                    self._stop(argument, f"{name} is an input: name the node that leads into it")
                found.wired.append((name, argument, value))
                continue
            param = kind.by_name[name]
            if not argument.name and param.type in ("shape", "axes") and name == order[-1]:
                value = self._gathered(value, arguments)
            self._put(found.params, argument, param, value)
        return found

    def _is_known(self, kind: Kind, name: str, follows: set[str]) -> bool:
        return name in kind.by_name or name in follows or kind.input_port(name) is not None

    def _means_value(self, bare: Bare, kind: Kind, order: Sequence[str], place: int) -> bool:
        param = kind.by_name.get(order[place]) if place < len(order) else None
        return param is not None and named_value(str(bare), param, self._arguments)[0]

    def _gathered(self, value: Value | Bare, rest: list[Argument]) -> Value | Bare:
        """Several numbers in a row, where a shape belongs: `Reshape(16, 7, 7)`."""
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        sizes: list[Value] = [value]
        while rest and not rest[0].name and isinstance(rest[0].value, int):
            sizes.append(rest.pop(0).value)  # type: ignore[arg-type]
        return tuple(sizes) if len(sizes) > 1 else value

    def _put(self, params: dict[str, Value], argument: Argument, param: Param, value: Value | Bare) -> None:
        if isinstance(value, Bare):
            known, plain = named_value(str(value), param, self._arguments)
            if not known:
                self._stop(argument, f"{param.name} is {param.expects()}, not {value}")
        else:
            plain = fitted(param, value)
        if problem := param.problem(plain):
            self._stop(argument, problem)
        if plain == param.default and type(plain) is type(param.default):
            params.pop(param.name, None)
        else:
            params[param.name] = plain


@dataclass
class _Given:
    """What stands in a layer's brackets."""

    params: dict[str, Value]
    wired: list[tuple[str, Argument, Bare]] = field(default_factory=list)
    loose: list[tuple[Argument, Bare]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def _width(chain: Iterable[Item]) -> int:
    """How many lanes a chain takes beside one another."""
    widths = [1]
    for item in chain:
        match item:
            case Branches(chains):
                widths.append(sum(map(_width, chains)))
            case Group(inner):
                widths.append(_width(inner))
    return max(widths)
