"""A network on its way onto the canvas: what one `forward` draws, node by node, while it is followed."""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, Structure, TensorType
from nndesigner.expression import Expression, ExpressionError
from nndesigner.graph import Value, name_problem
from nndesigner.inference import infer
from nndesigner.plan import arguments_of
from nndesigner.script.reader.values import Number, Tensor, Thing, Unreadable

_MOST_NODES = 20_000
# Names of variables that say nothing of what they hold.
_SAYING_NOTHING = frozenset(
    [
        "x",
        "y",
        "z",
        "out",
        "output",
        "outputs",
        "result",
        "results",
        "res",
        "h",
        "o",
        "tmp",
        "ret",
        "input",
        "inputs",
        "feat",
    ]
)


@dataclass
class Drawn:
    """A node that was drawn: its kind, or the network of the source it stands for; `followed` is what the source gives
    for the arguments that follow from shapes.
    """

    name: str
    kind: str
    params: dict[str, Value]
    line: int
    values: Mapping[str, Value] = field(default_factory=dict)
    lines: set[int] = field(default_factory=set)
    followed: Mapping[str, Value] = field(default_factory=dict)
    shares: str | None = None
    frozen: bool = False
    repeat: int = 1
    use: "Use | None" = None
    thing: Thing | None = None
    each: list[Mapping[str, Value]] = field(default_factory=list)  # `followed` of each repetition


@dataclass
class Use:
    """An object of a class of the source, followed once: what its inside draws, and the arguments it was given.

    `given` are the whole numbers among them that its inside may be told by, `defaults` what the class has for them.
    """

    name: str
    sheet: "Sheet"
    given: Mapping[str, int]
    defaults: Mapping[str, int]
    outputs: list[str] = field(default_factory=list)


class Sheet:
    """Nodes and wires of one network, in the order they are called."""

    def __init__(self, root: Thing | None, *, symbolic: bool = True) -> None:
        self.root = root
        self.told_by = root if symbolic else None  # whose arguments the numbers inside may be told by
        self.nodes: dict[str, Drawn] = {}
        self.wires: dict[tuple[str, str], tuple[str, str]] = {}  # (target, input) → (source, output)
        self.outputs: dict[str, tuple[str, str]] = {}
        self.first_of: dict[int, str] = {}  # which node a thing was first called as
        self.enter: Callable[[Tensor], Tensor] | None = None  # how a tensor of the network around comes in
        self._entered: dict[tuple[int, tuple[str, str]], Tensor] = {}
        self.things: list[Thing] = []  # kept, so that no other gets their identity
        self.constants: dict[int, tuple[object, Tensor]] = {}
        self._types: dict[tuple[str, str], TensorType | Callable[[], TensorType]] = {}
        self._taken = set[str]()

    # Names.

    def free(self, wanted: str, stem: str) -> str:
        """`wanted` as a node's name where it can be one, else `stem` with the first free number.

        What has but a number in its container keeps that.
        """
        wanted = re.sub(r"\W", "_", wanted).strip("_")
        if wanted.isdecimal():
            wanted = f"{stem}{int(wanted)}"
        if wanted and not name_problem(wanted) and wanted not in self.nodes and wanted not in self._taken:
            return wanted
        if (
            wanted
            and not wanted[0].isdigit()
            and wanted not in _SAYING_NOTHING
            and not name_problem(f"{wanted}_2")
        ):
            stem = f"{wanted}_"
            number = 2
        else:
            number = 1
        while f"{stem}{number}" in self.nodes or f"{stem}{number}" in self._taken:
            number += 1
        return f"{stem}{number}"

    def reserve(self, name: str) -> None:
        """Sees to it that no node gets this name by chance."""
        self._taken.add(name)

    # Drawing.

    def begin(self, name: str, type_: TensorType | Callable[[], TensorType], line: int) -> Tensor:
        """An Input node."""
        name = self._end_name(name, "input")
        self.nodes[name] = Drawn(name, "Input", {}, line, lines={line})
        self._types[name, "output"] = type_
        return Tensor(self, (name, "output"))

    def entered(self, tensor: Tensor) -> Tensor:
        """A tensor as it is known here: one of a network around comes in through an Input of its own, as a function that
        was written there and is called here needs it; raises `Unreadable` for those of other networks.
        """
        if tensor.stale:
            raise Unreadable(tensor.stale)
        if tensor.sheet is self:
            return tensor
        if self.enter is None:
            raise Unreadable("a tensor comes from another network's inside, which can't be drawn")
        key = (id(tensor.sheet), tensor.place)
        if key not in self._entered or self._entered[key].place[0] not in self.nodes:
            self._entered[key] = self.enter(tensor)
        found = self._entered[key]
        return Tensor(self, found.place, found.zeros)

    def end(self, name: str, tensor: Tensor, line: int) -> str:
        """An Output node; gives its name."""
        name = self._end_name(name, "output")
        self.nodes[name] = Drawn(name, "Output", {}, line, lines={line})
        self.wires[name, "input"] = tensor.place
        self.outputs[name] = tensor.place
        return name

    def _end_name(self, wanted: str, stem: str) -> str:
        if wanted and wanted not in self.nodes and not name_problem(wanted):
            return wanted
        if stem not in self.nodes and not name_problem(stem):
            return stem
        number = 2
        while f"{stem}{number}" in self.nodes:
            number += 1
        return f"{stem}{number}"

    def draw(
        self,
        kind: Kind,
        inputs: Mapping[str, Tensor],
        params: Mapping[str, Any],
        line: int,
        *,
        wanted: str = "",
        thing: Thing | None = None,
        followed: Mapping[str, Any] | None = None,
        frozen: bool = False,
        use: Use | None = None,
    ) -> Any:
        """A node of a kind with wires into its ports; gives what comes out, in the structure it comes in."""
        if len(self.nodes) >= _MOST_NODES:
            raise Unreadable(f"more than {_MOST_NODES:,} layers are not drawn", line)
        for port, tensor in inputs.items():
            if tensor.sheet is not self:
                raise Unreadable(f"{port} comes from another network's inside", line)
        stored = {
            name: plain(value, self.told_by)
            for name, value in params.items()
            if name not in kind.by_name or not _same(value, kind.by_name[name].default, self.told_by)
        }
        values = {name: bare(params[name]) for name in stored}
        kind = kind.at(values)
        shares = self.first_of.get(id(thing)) if thing is not None else None
        if shares is None and thing is not None:
            wanted = thing.path(self.root) or wanted
        elif wanted in _SAYING_NOTHING or (thing is None and wanted in self.nodes):
            wanted = ""
        name = self.free(wanted or (shares or ""), kind.name_stem)
        lines = {line, thing.line} - {0} if thing is not None else {line}
        drawn = Drawn(
            name, kind.name, stored, line, values, lines, shares=shares, frozen=frozen, use=use, thing=thing
        )
        drawn.followed = {name: bare(value) for name, value in (followed or {}).items()}
        if use is not None:
            drawn.kind = use.name
        self.nodes[name] = drawn
        if thing is not None and shares is None:
            self.first_of[id(thing)] = name
            self.things.append(thing)
        for port, tensor in inputs.items():
            self.wires[name, port] = tensor.place
        if use is not None:
            for one in kind.outputs:
                self._types[name, one.name] = _inside(use, one.name)
        else:
            for index, one in enumerate(kind.outputs):
                self._types[name, one.name] = self._inferred(drawn, kind, dict(inputs), index)
        self._work_out(name, kind, inputs)
        return _built(kind.structure, lambda port: Tensor(self, (name, port)))

    def _work_out(self, name: str, kind: Kind, inputs: Mapping[str, Tensor]) -> None:
        """Works the types out at once where those that come in are known: a long chain of open ones would nest too deep."""
        if any(callable(self._types.get(tensor.place)) for tensor in inputs.values()):
            return
        with contextlib.suppress(Unreadable):
            for port in kind.outputs:
                self.type(Tensor(self, (name, port.name)))

    def mark(self) -> int:
        """How much is drawn, to come `back_to`."""
        return len(self.nodes)

    def back_to(self, mark: int) -> None:
        """Takes back what was drawn since."""
        for name in list(self.nodes)[mark:]:
            del self.nodes[name]
            self.outputs.pop(name, None)
        self.wires = {end: place for end, place in self.wires.items() if end[0] in self.nodes}
        self.first_of = {key: name for key, name in self.first_of.items() if name in self.nodes}
        self.constants = {
            key: found for key, found in self.constants.items() if found[1].place[0] in self.nodes
        }

    # Types.

    def type(self, tensor: Tensor) -> TensorType:
        """The sizes and dtype of a tensor; raises `Unreadable` where they are not known."""
        found = self._types.get(tensor.place)
        if found is None:
            raise Unreadable(f"the shape of {tensor.place[0]} is not known")
        if callable(found):
            found = self._types[tensor.place] = found()
        return found

    def declare(self, place: tuple[str, str], type_: TensorType) -> None:
        """Says what a tensor is that can't be worked out."""
        self._types[place] = type_

    def _inferred(
        self, drawn: Drawn, kind: Kind, inputs: Mapping[str, Tensor], index: int
    ) -> Callable[[], TensorType]:
        places = {port: tensor.place for port, tensor in inputs.items()}

        def work_out() -> TensorType:
            if kind.code is not None:
                raise Unreadable(f"the shape {drawn.name} gives is not known before it runs")
            if any(not one.optional and not _names(one, places) for one in kind.inputs):
                raise Unreadable(f"nothing goes into {drawn.name}")
            types = {port: self.type(Tensor(self, place)) for port, place in places.items()}
            ordered = {name: types[name] for port in kind.inputs for name in _names(port, types)}
            arguments = arguments_of(kind, kind.values(drawn.values), ordered)
            found = infer(kind.name, tuple(arguments.items()), tuple(ordered.values()), tuple(ordered))
            if found.failure:
                gets = " and ".join(str(one) for one in ordered.values())
                raise Unreadable(f"{drawn.name} can't take {gets}: {found.failure}", drawn.line)
            return found.outputs[index]

        return work_out


def _names(port: Any, types: Mapping[str, object]) -> list[str]:
    if not port.many:
        return [port.name] if port.name in types else []
    names = [name for name in types if name.removeprefix(port.name).isdigit() and name.startswith(port.name)]
    return sorted(names, key=lambda name: int(name.removeprefix(port.name)))


def _inside(use: Use, port: str) -> Callable[[], TensorType]:
    return lambda: use.sheet.type(Tensor(use.sheet, use.sheet.outputs[port]))


def _built(structure: Structure, made: Callable[[str], Tensor]) -> Any:
    if isinstance(structure, str):
        return made(structure) if structure else None
    return tuple(_built(part, made) for part in structure)


def plain(value: Any, root: Thing | None) -> Any:
    """A value as a node inside `root` stores it: lists as tuples, numbers that are computed as expressions."""
    if isinstance(value, Number):
        if value.text and value.owner is root and root is not None:
            with contextlib.suppress(ExpressionError):
                return Expression(value.text)
        return int(value)
    if isinstance(value, list | tuple):
        return tuple(plain(one, root) for one in value)
    return value


def bare(value: Any) -> Any:
    """A value without where it comes from: lists as tuples, numbers as numbers."""
    if isinstance(value, Number):
        return int(value)
    if isinstance(value, list | tuple):
        return tuple(bare(one) for one in value)
    return value


def _same(value: Any, default: object, root: Thing | None) -> bool:
    """Whether a value is the default, and no mere relative of it as 1 is of True."""
    stored = plain(value, root)
    if isinstance(stored, bool) != isinstance(default, bool):
        return False
    return bool(stored == default)


def kind_named(name: str) -> Kind:
    """A kind of the catalogue."""
    return catalogue.BY_NAME[name]
