"""Several nodes at once: the settings they share, how large they are together, what can be done with all of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from nndesigner import blocks
from nndesigner.catalogue.kind import REQUIRED, Kind, Param, Required
from nndesigner.expression import Expression
from nndesigner.graph import MOST_REPEATS, Graph, GraphError, Node
from nndesigner.ui.document import Document
from nndesigner.ui.facts import Fact, Facts, head, indented, plain_label, quiet_button
from nndesigner.ui.figures import thousands
from nndesigner.ui.form import GUTTER, Form
from nndesigner.ui.node_page import without_default
from nndesigner.ui.shown import MISSING, Missing, Shown, Various
from nndesigner.ui.theme import font

if TYPE_CHECKING:
    from nndesigner.plan import Plan

_MOST_NAMES = 8


def shared_params(kinds: Sequence[Kind]) -> tuple[Param, ...]:
    """The params that all of these have: those of the same name and type, each as narrow as the narrowest."""
    if not kinds or any(kind.role == "data" for kind in kinds):
        return ()
    first, *others = dict.fromkeys(kinds)
    found = []
    for param in first.params:
        same = [one for kind in others if (one := kind.by_name.get(param.name)) is not None]
        if len(same) == len(others) and all(_form(one) == _form(param) for one in same):
            found.append(param if not same else _narrowed([param, *same]))
    return tuple(found)


def _form(param: Param) -> tuple[object, ...]:
    return param.type, param.axes, param.choices, param.pattern, param.holes, param.bare


def _narrowed(params: Sequence[Param]) -> Param:
    one = params[0]
    if all(param == one for param in params):
        return one
    same = all(type(param.default) is type(one.default) and param.default == one.default for param in params)
    return replace(
        one,
        default=one.default if same else REQUIRED,
        optional=all(param.optional or param.default is None for param in params),
        minimum=max((p.minimum for p in params if p.minimum is not None), default=None),
        maximum=min((p.maximum for p in params if p.maximum is not None), default=None),
        above=max((p.above for p in params if p.above is not None), default=None),
    )


def together(values: Sequence[Shown]) -> Shown:
    """The value on which they agree, or all of them."""
    first = values[0]
    agree = all(type(one) is type(first) and one == first for one in values)
    return first if agree else Various(tuple(values))


class SeveralPage(QWidget):
    """Several nodes at once.

    **Signals:** `tried` with the graph as it would be and the field in which a value is tried; `let_be` when none is
    tried any more.
    """

    tried = Signal(object, object)
    let_be = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._names: tuple[str, ...] = ()
        self._head = plain_label("", face=font(15, QFont.Weight.DemiBold))
        self._head.setObjectName("severalHead")
        self._list = plain_label("", "secondary", wrap=True)
        self._facts = Facts(self)
        self._facts.setObjectName("severalFacts")
        self._settings = head(self.tr("Settings"))
        self._form: Form | None = None
        self._remark = plain_label("", "secondary", font(11), wrap=True)
        self._remark.setObjectName("severalRemark")
        self._stands = head(self.tr("In the network"))
        self._bypass = self._box(
            "bypassed", self.tr("Bypass all"), self.tr("Leaves them out: what comes in goes out")
        )
        self._freeze = self._box("frozen", self.tr("Freeze all"), self.tr("Their weights stay as they are"))
        repeat = self.tr("So many of each, one after the other")
        self._repeat = self._made(
            Form(
                [Param("repeat", "int", 1, repeat, minimum=1, maximum=MOST_REPEATS)],
                self,
                labels={"repeat": self.tr("Repeat")},
            )
        )
        delete = quiet_button(self.tr("Delete all"), "severalDelete", "delete", "error")
        delete.clicked.connect(self._delete)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 16, 16, 16)
        self._column.setSpacing(8)
        for widget in (self._head, self._list, self._facts):
            self._column.addLayout(indented(widget))
        self._column.addSpacing(8)
        self._column.addLayout(indented(self._settings))
        self._place = self._column.count()
        self._column.addLayout(indented(self._remark))
        self._column.addSpacing(8)
        for part in (self._stands, self._bypass, self._freeze):
            self._column.addLayout(indented(part))
        self._column.addWidget(self._repeat)
        foot = indented(delete)
        foot.setContentsMargins(GUTTER - 8, 8, 0, 0)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self._column.addStretch(1)

    def show_plan(self, names: tuple[str, ...], plan: "Plan | None") -> None:
        """Shows these nodes as they are now."""
        if names != self._names:
            self._let_go()
            self._document.seal()
        self._names = names
        nodes, layers = self._nodes(), self._layers()
        kinds = dict.fromkeys(node.kind for node in nodes)
        words = (
            self.tr("{count} layers selected") if self._all_layers() else self.tr("{count} nodes selected")
        )
        self._head.setText(words.format(count=len(names)))
        listed = ", ".join(names[:_MOST_NAMES])
        more = self.tr("{names} and {count} more").format(names=listed, count=len(names) - _MOST_NAMES)
        listed = more if len(names) > _MOST_NAMES else listed
        self._list.setText(f"{next(iter(kinds))} · {listed}" if len(kinds) == 1 else listed)
        if plan is not None:
            total = sum(plan.parameters_of.get(name, 0) for name in names)
            self._facts.show_facts([Fact(self.tr("parameters"), thousands(total))])
        self._show_settings(nodes)
        self._stands.setVisible(bool(layers))
        self._show_box(self._bypass, [node.bypassed for node in layers])
        self._show_box(self._freeze, [node.frozen for node in layers])
        self._repeat.setVisible(bool(layers))
        if layers:
            values = {"repeat": together([node.repeat for node in layers])}
            self._repeat.set_values(values, frozenset(["repeat"] if values["repeat"] != 1 else []))

    # The settings they share.

    def _show_settings(self, nodes: list[Node]) -> None:
        kinds = [self._document.project.kind_of(node) for node in nodes]
        known = [kind for kind in kinds if kind is not None]
        params = shared_params(known) if len(known) == len(kinds) else ()
        if self._form is None or self._form.params != params:
            self._make_form(params)
        assert self._form is not None
        self._settings.setVisible(bool(params))
        shown: dict[str, Shown] = {}
        remarks = []
        for param in params:
            values = [
                kind.values(node.params).get(param.name, MISSING)
                for kind, node in zip(known, nodes, strict=True)
            ]
            shown[param.name] = together(values)
            computed = [
                node.name for node, value in zip(nodes, values, strict=True) if isinstance(value, Expression)
            ]
            if computed and len(computed) < len(nodes):
                sentence = self.tr("{param} of {names} is computed; what is set here takes its place.")
                remarks.append(sentence.format(param=param.name, names=", ".join(computed)))
        self._remark.setText("\n".join(remarks))
        self._remark.setVisible(bool(remarks))
        stored = {
            param.name
            for param in params
            if not isinstance(param.default, Required) and any(param.name in node.params for node in nodes)
        }
        self._form.set_values(shown, frozenset(stored))
        block = self._document.project.blocks.get(self._document.place.path)
        self._form.set_arguments(block.params if block is not None else None)

    def _make_form(self, params: tuple[Param, ...]) -> None:
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form = self._made(Form(params, self))
        self._form.exposed.connect(self._expose)
        self._form.setVisible(bool(params))
        self._column.insertWidget(self._place, self._form)

    def _made(self, form: Form) -> Form:
        form.edited.connect(self._set)
        form.reset.connect(self._reset)
        form.finished.connect(self._document.seal)
        form.tried.connect(self._try)
        form.let_be.connect(self.let_be)
        return form

    def _let_go(self) -> None:
        for form in (self._form, self._repeat):
            if form is not None:
                form.let_go()

    def _with(self, name: str, value: Shown) -> list[Node]:
        """All of them with this value, or each with its own where they are to be various again."""
        nodes = self._layers() if name == "repeat" else self._nodes()
        several = value.values if isinstance(value, Various) else (value,) * len(nodes)
        return [self._set_in(node, name, one) for node, one in zip(nodes, several, strict=False)]

    def _set_in(self, node: Node, name: str, value: Shown) -> Node:
        if name == "repeat":
            return replace(node, repeat=value) if isinstance(value, int) else node
        if isinstance(value, Missing):
            return node.without_param(name)
        kind = self._document.project.kind_of(node)
        return without_default(kind, node, name, value) if kind is not None else node

    def _set(self, name: str, value: Shown) -> None:
        self._edit(self._title(name), self._with(name, value), f"{' '.join(self._names)}.{name}")

    def _reset(self, name: str) -> None:
        if name == "repeat":
            self._set(name, 1)
        else:
            self._edit(self._title(name), [node.without_param(name) for node in self._nodes()])

    def _try(self, name: str, value: Shown) -> None:
        form = self._repeat if name == "repeat" else self._form
        if form is not None:
            self.tried.emit(self._graph_with(self._with(name, value)), form.field(name))

    def _expose(self, name: str) -> None:
        """The param becomes one of the block's, from which that of all of them is computed."""
        block = self._document.project.blocks.get(self._document.place.path)
        if block is None:
            return
        param = name if name not in block.params else f"{self._names[0]}_{name}"
        try:
            after = blocks.exposed(self._document.project, block.name, self._names[0], name, param)
            graph = after.blocks[block.name].graph
            for one in self._names[1:]:
                graph = graph.replace_node(graph.nodes[one].with_param(name, Expression(param)))
            after = after.with_block(replace(after.blocks[block.name], graph=graph))
        except GraphError as error:
            self._document.refused.emit(str(error))
            return
        self._document.seal()
        self._document.edit(self.tr("Make {name} a param of the block").format(name=param), after)

    def _title(self, name: str) -> str:
        words = (
            self.tr("Set {param} of {count} layers")
            if self._all_layers()
            else self.tr("Set {param} of {count} nodes")
        )
        return words.format(param=name, count="{count}")

    # How they stand in the network.

    def _box(self, flag: str, words: str, sentence: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(f"several_{flag}")
        box.setAccessibleName(words)
        box.setToolTip(sentence)
        box.clicked.connect(self._set_bypassed if flag == "bypassed" else self._set_frozen)
        return box

    @staticmethod
    def _show_box(box: QCheckBox, values: list[bool]) -> None:
        box.setVisible(bool(values))
        state = Qt.CheckState.PartiallyChecked
        if all(values):
            state = Qt.CheckState.Checked
        elif not any(values):
            state = Qt.CheckState.Unchecked
        box.setTristate(state is Qt.CheckState.PartiallyChecked)
        box.setCheckState(state)

    def _nodes(self) -> list[Node]:
        graph = self._document.graph
        return [graph.nodes[name] for name in self._names if name in graph.nodes]

    def _layers(self) -> list[Node]:
        project = self._document.project
        return [
            node
            for node in self._nodes()
            if (kind := project.kind_of(node)) and kind.role in ("layer", "block")
        ]

    def _all_layers(self) -> bool:
        return len(self._layers()) == len(self._names)

    def _set_bypassed(self) -> None:
        wanted = not all(node.bypassed for node in self._layers())
        title = self.tr("Bypass {count} nodes") if wanted else self.tr("Use {count} nodes again")
        self._edit(title, [replace(node, bypassed=wanted) for node in self._layers()])

    def _set_frozen(self) -> None:
        wanted = not all(node.frozen for node in self._layers())
        title = self.tr("Freeze {count} nodes") if wanted else self.tr("Unfreeze {count} nodes")
        self._edit(title, [replace(node, frozen=wanted) for node in self._layers()])

    def _graph_with(self, nodes: list[Node]) -> Graph:
        graph = self._document.graph
        for node in nodes:
            graph = graph.replace_node(node)
        return graph

    def _edit(self, title: str, nodes: list[Node], merge: str = "") -> None:
        self._document.edit_graph(title.format(count=len(nodes)), self._graph_with(nodes), merge)

    def _delete(self) -> None:
        graph = self._document.graph
        names = [name for name in self._names if name in graph.nodes]
        self._document.edit_graph(
            self.tr("Delete {count} nodes").format(count=len(names)), graph.remove(names)
        )
