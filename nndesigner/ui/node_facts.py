"""What is known of one node and can't be set: the shapes at its ports, what follows from them, how many parameters."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Graph, Node, Value
from nndesigner.ui.facts import Fact
from nndesigner.ui.figures import thousands

if TYPE_CHECKING:
    from nndesigner.plan import Plan


def known(node: Node, kind: Kind | None, graph: Graph, plan: "Plan | None") -> list[Fact]:
    """What a plan says of a node of this graph."""
    if kind is None or plan is None:
        return []
    facts = _inputs(node, kind, graph, plan)
    for port in kind.outputs:
        if found := plan.types.get((node.name, port.name)):
            single = len(kind.outputs) == 1 and port.name == "output"
            facts.append(Fact(_tr("out") if single else port.name, _type_words(found)))
    if (count := plan.parameters_of.get(node.name)) is not None and kind.role in ("layer", "block"):
        facts.append(Fact(_tr("parameters"), thousands(count)))
    return facts


def _inputs(node: Node, kind: Kind, graph: Graph, plan: "Plan") -> list[Fact]:
    incoming = graph.incoming.get(node.name, {})
    names = [name for name in kind.input_names(incoming) if name in incoming or not _is_spare(kind, name)]
    facts, types = [], {}
    for name in names:
        edge = incoming.get(name)
        found = plan.types.get((edge.source, edge.output)) if edge else None
        shown = (
            _type_words(found)
            if found
            else _tr("not known yet")
            if edge
            else _tr("optional")
            if (port := kind.input_port(name)) and port.optional
            else _tr("not connected")
        )
        remark = _tr("from {name}").format(name=edge.source) if edge else ""
        facts.append(Fact(_tr("in") if names == ["input"] else name, shown, remark))
        if found and edge:
            types[name] = found, edge.source
    followed: dict[str, Value] = {}
    for follows in kind.follows:
        if follows.port not in types:
            continue
        found, source = types[follows.port]
        value = follows.value(found.sizes, kind.values(node.params), followed)
        if value is not None:
            followed[follows.argument] = value
            remark = _tr("follows from {name}").format(name=source)
            several = value if isinstance(value, tuple) else (value,)
            facts.append(Fact(follows.argument, "×".join(map(thousands, several)), remark))
    return facts


def _is_spare(kind: Kind, name: str) -> bool:
    """Whether an input is the one more that a port for many always offers."""
    port = kind.input_port(name)
    return port is not None and bool(port.many) and int(name.removeprefix(port.name)) > port.many


def _type_words(found: object) -> str:
    dtype = getattr(found, "dtype", "float32")
    return str(found) if dtype == "float32" else f"{found} {dtype}"


def _tr(words: str) -> str:
    return QCoreApplication.translate("NodePage", words)
