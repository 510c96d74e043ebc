"""How a node stands in the network: bypassed, frozen, learning at a rate of its own, repeated, or with the weights of another."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nndesigner.catalogue.kind import Kind, Param
from nndesigner.graph import MOST_RATE, MOST_REPEATS, Graph, Node, Value
from nndesigner.ui.facts import head, indented
from nndesigner.ui.form import Form

if TYPE_CHECKING:
    from nndesigner.plan import Plan


def lenders(graph: Graph, node: Node) -> tuple[str, ...]:
    """The nodes whose weights a node could share: of its kind, computed before it, with weights of their own."""
    alike = [one for one in graph.nodes.values() if one.kind == node.kind and one.name != node.name]
    if not alike or any(one.shares == node.name for one in alike):
        return ()
    before = set(graph.order[: graph.order.index(node.name)])
    return tuple(one.name for one in alike if one.name in before and one.shares is None)


class NodeFlags(QWidget):
    """What can be done with a layer as a whole; freezing and sharing only where there are weights.

    **Signals:** `edited` with the name of what was set and the node as it is to be; `finished` when that is done;
    `tried` with the node as it would be and the field in which a value is tried; `let_be` when none is tried any more.
    """

    tried = Signal(object, object)
    let_be = Signal()
    edited = Signal(str, object)
    finished = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._form: Form | None = None
        self._node: Node | None = None
        self._graph = Graph()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(indented(head(self.tr("In the network"))))
        self.hide()

    def show_node(self, node: Node, kind: Kind, graph: Graph, plan: "Plan | None") -> None:
        """Shows how a node stands; of what is no layer there is nothing to show."""
        self._node, self._graph = node, graph
        if kind.role not in ("layer", "block"):
            return
        params = self._params(node, kind, plan)
        if self._form is None or self._form.params != params:
            self._make_form(params)
        assert self._form is not None
        values: dict[str, Value] = {param.name: getattr(node, param.name) for param in params}
        self._form.set_values(
            values, frozenset(one.name for one in params if values[one.name] != one.default)
        )

    def _params(self, node: Node, kind: Kind, plan: "Plan | None") -> tuple[Param, ...]:
        weighs = plan is None or plan.parameters_of.get(node.name, 1 if kind.follows else 0) > 0
        held = kind.is_module or kind.role == "block"
        params = [
            Param("bypassed", "bool", False, self.tr("Leaves it out: what comes in goes out unchanged"))
        ]
        if node.frozen or (weighs and held):
            params.append(
                Param("frozen", "bool", False, self.tr("Its weights stay as they are while training"))
            )
        if node.rate != 1 or (weighs and held and not node.frozen):
            sentence = self.tr("How many times the learning rate of the others its weights learn with")
            params.append(Param("rate", "float", 1.0, sentence, minimum=1e-6, maximum=MOST_RATE))
        params.append(
            Param(
                "repeat",
                "int",
                1,
                self.tr("So many of it, one after the other"),
                minimum=1,
                maximum=MOST_REPEATS,
            )
        )
        others = lenders(self._graph, node) if held and (weighs or node.shares) else ()
        if node.shares is not None and node.shares not in others:
            others = (node.shares, *others)
        if others:
            sentence = self.tr("It computes with the weights of that one, which learns from both")
            params.append(Param("shares", "choice", None, sentence, choices=others, optional=True))
        return tuple(params)

    def _make_form(self, params: tuple[Param, ...]) -> None:
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        words = {
            "bypassed": self.tr("Bypass"),
            "frozen": self.tr("Freeze"),
            "rate": self.tr("Learning rate ×"),
            "repeat": self.tr("Repeat"),
            "shares": self.tr("Same weights as"),
        }
        self._form = Form(params, self, labels=words)
        self._form.edited.connect(self._set)
        self._form.reset.connect(self._reset)
        self._form.finished.connect(self.finished)
        self._form.tried.connect(self._try)
        self._form.let_be.connect(self.let_be)
        self._column.addWidget(self._form)
        self.show()

    def let_go(self) -> None:
        """Ends a drag as if it had never begun."""
        if self._form is not None:
            self._form.let_go()

    def _set(self, name: str, value: Value) -> None:
        if (node := self._with(name, value)) is not None:
            self.edited.emit(name, node)

    def _try(self, name: str, value: Value) -> None:
        if self._form is not None and (node := self._with(name, value)) is not None:
            self.tried.emit(node, self._form.field(name))

    def _with(self, name: str, value: Value) -> Node | None:
        """The node with this set, if it can be."""
        node = self._node
        if node is None:
            return None
        if name == "bypassed":
            return replace(node, bypassed=value is True)
        if name == "frozen":
            return replace(node, frozen=value is True)
        if name == "rate" and isinstance(value, float | int):
            return replace(node, rate=float(value))
        if name == "repeat" and isinstance(value, int):
            return replace(node, repeat=value)
        if name == "shares":
            # One layer used twice has one set of params.
            lender = self._graph.nodes.get(value) if isinstance(value, str) else None
            if lender is None:
                return replace(node, shares=None)
            return replace(node, shares=lender.name, params=lender.params, repeat=lender.repeat)
        return None

    def _reset(self, name: str) -> None:
        self._set(name, {"rate": 1.0, "repeat": 1, "shares": None}.get(name, False))
