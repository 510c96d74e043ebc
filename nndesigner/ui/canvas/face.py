"""What a card shows of a node, as a value: computed from node and kind, compared before anything is repainted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from nndesigner.catalogue.datasets import BY_NAME as DATA_SETS
from nndesigner.catalogue.kind import Kind, Param, Required
from nndesigner.expression import Expression
from nndesigner.graph import Node, Value
from nndesigner.project import Project
from nndesigner.ui.canvas import metrics

DOT = " · "


@dataclass(frozen=True, slots=True)
class Spot:
    """A port on a card: where it is, whether a wire is in it, and whether it is complete without one."""

    name: str
    x: float
    y: float
    wired: bool
    optional: bool = False


@dataclass(frozen=True, eq=False)
class Inside:
    """What is in a block, to be painted small: a project whose graph it is. The same object is the same picture."""

    project: Project


def compare_blocks(insides: dict[str, Inside], before: Project, project: Project) -> set[str]:
    """The blocks that are other than before; `insides`, by their names, follows."""
    same = {name for name, block in project.blocks.items() if before.blocks.get(name) is block}
    stale = {*before.blocks, *project.blocks} - same
    for name in stale:
        insides.pop(name, None)
        if name in project.blocks:
            insides[name] = Inside(replace(project, graph=project.blocks[name].graph))
    return stale


@dataclass(frozen=True, slots=True)
class Face:
    """The face of a node: its words, its size and its ports. `known` is false for a layer nobody knows here."""

    name: str
    family: str
    summary: str
    width: int
    height: int
    inputs: tuple[Spot, ...]
    outputs: tuple[Spot, ...]
    known: bool = True
    bypassed: bool = False
    frozen: bool = False
    repeat: int = 1
    inside: Inside | None = None

    def input(self, name: str) -> Spot | None:
        """The input port of that name."""
        return next((spot for spot in self.inputs if spot.name == name), None)

    def output(self, name: str) -> Spot | None:
        """The output port of that name."""
        return next((spot for spot in self.outputs if spot.name == name), None)


def face_of(
    node: Node,
    kind: Kind | None,
    wired_in: Collection[str] = (),
    wired_out: Collection[str] = (),
    inside: Inside | None = None,
) -> Face:
    """The face of a node. Ports that only its wires speak of are shown too, so that no wire ends nowhere."""
    inputs = kind.input_names(wired_in) if kind else ()
    outputs = tuple(port.name for port in kind.outputs) if kind else ()
    inputs = (*inputs, *sorted(name for name in wired_in if name not in inputs))
    outputs = (*outputs, *sorted(name for name in wired_out if name not in outputs))
    summary = summary_of(node, kind)
    width = metrics.whole_cells(
        max(metrics.CARD_WIDTH, metrics.PORT_STEP * max(len(inputs), len(outputs)) + 8)
    )
    height = metrics.CARD_HEIGHT
    if kind is not None and kind.role == "block":
        height += metrics.PICTURE_HEIGHT
    return Face(
        node.name,
        kind.family if kind else "unknown",
        summary,
        width,
        height,
        _spots(inputs, width, 0, wired_in, _optional(kind)),
        _spots(outputs, width, height, wired_out),
        kind is not None,
        node.bypassed,
        node.frozen,
        node.repeat,
        inside,
    )


def _optional(kind: Kind | None) -> frozenset[str]:
    return frozenset(port.name for port in kind.inputs if port.optional) if kind else frozenset()


def _spots(
    names: tuple[str, ...], width: int, y: float, wired: Collection[str], optional: Collection[str] = ()
) -> tuple[Spot, ...]:
    left = (width - metrics.PORT_STEP * (len(names) - 1)) / 2
    return tuple(
        Spot(name, left + metrics.PORT_STEP * index, y, name in wired, name in optional)
        for index, name in enumerate(names)
    )


def summary_of(node: Node, kind: Kind | None) -> str:
    """The params that matter: required ones as values, others that differ from what they begin as with their name."""
    if kind is None:
        return node.kind
    if node.shares is not None:
        return QCoreApplication.translate("Canvas", "{kind} · weights of {name}").format(
            kind=kind.name, name=node.shares
        )
    if kind.role == "data":
        name = node.params.get("dataset")
        if not isinstance(name, str) or not name:
            return kind.name
        return DATA_SETS[name].title if name in DATA_SETS else name
    return DOT.join(_words(kind, node.params)) or kind.name


def _words(kind: Kind, params: Mapping[str, Value]) -> list[str]:
    words = []
    for param in kind.params:
        if param.name not in params:
            continue
        value = params[param.name]
        if isinstance(param.default, Required):
            words.append(value_text(value, param))
        elif value != param.start:
            words.append(_named(param, value))
    return words


def _named(param: Param, value: Value) -> str:
    name = param.name.replace("_", " ")
    if value is True:
        return name
    if value is False:
        return QCoreApplication.translate("Canvas", "no {name}").format(name=name)
    if isinstance(value, int) and param.type == "size":
        return f"{name} {value}"
    return f"{name} {value_text(value, param)}"


def value_text(value: Value, param: Param) -> str:
    """A value as a person would write it: 3×3, 0.25, same."""
    match value:
        case bool():
            return "on" if value else "off"
        case None:
            return "none"
        case int() if param.type == "size" and param.axes > 1:
            return "×".join([str(value)] * param.axes)
        case float():
            return f"{value:g}"
        case Expression(text=text):
            return text
        case tuple():
            return "×".join(value_text(one, param) if not isinstance(one, int) else str(one) for one in value)
        case _:
            return str(value)
