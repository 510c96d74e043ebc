"""What the inspector shows of one node: what it is, its params, its shapes, and what does not fit."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from nndesigner.catalogue.kind import Kind, Param, Required
from nndesigner.expression import Expression
from nndesigner.graph import Graph, Node, Value, name_problem
from nndesigner.ui import icons
from nndesigner.ui.document import Document
from nndesigner.ui.facts import Fact, Facts, head, indented, plain_label, quiet_button
from nndesigner.ui.fields import Line
from nndesigner.ui.figures import thousands
from nndesigner.ui.form import GUTTER, Form, Refusal
from nndesigner.ui.palette import family_word
from nndesigner.ui.problems import CureButton, sentence_of
from nndesigner.ui.theme import font, look

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.problem import Cure, Problem


def without_default(kind: Kind, node: Node, name: str, value: Value) -> Node:
    """The node with a param set, which is stored only where it differs from the default."""
    default = kind.by_name[name].default if name in kind.by_name else None
    same = value == default and isinstance(value, bool) == isinstance(default, bool)
    if name in kind.by_name and same and not isinstance(default, Required):
        return node.without_param(name)
    return node.with_param(name, value)


class NodePage(QWidget):
    """One node, to be read and edited; a page is made for one kind and shows one node of it.

    **Signals:** `name_taken` with the node's old name and the one it is to have.
    """

    name_taken = Signal(str, str)

    def __init__(
        self, document: Document, node: Node, kind: Kind | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.name = node.name
        self.kind = kind
        self._made_of: Graph | None = None
        self._header = _Header(self._name_problem, kind, node.kind, self)
        self._problems = _Notes(self)
        self._form = Form(kind.params if kind else (), self)
        self._facts = Facts(self)
        self._facts.setObjectName("nodeFacts")
        self._flags: Form | None = None
        self._flags_head = head(self.tr("In the network"))
        self._raw = QPlainTextEdit(self)
        self._sharing = plain_label("", "secondary")
        self._lay_out(node)
        self._header.name.taken.connect(self._take_name)
        self._problems.cure_chosen.connect(self._cure)
        self._form.edited.connect(self._set_param)
        self._form.reset.connect(self._reset_param)
        self._form.finished.connect(document.seal)

    def show_plan(self, plan: "Plan | None", made_of: Graph | None) -> None:
        """Shows the node as the document has it now, and what the plan, made of that graph, says of it."""
        node = self._node()
        if node is None:
            return
        self._made_of = made_of
        self._header.name.set_text(node.name)
        self._sharing.setText(self.tr("Shares the weights of {name}.").format(name=node.shares))
        self._sharing.setVisible(node.shares is not None)
        if self.kind is not None:
            self._form.set_values(self.kind.values(node.params), frozenset(node.params))
            self._show_flags(node, self.kind, plan)
        else:
            text = json.dumps(dict(node.params), default=_as_json, indent=2, ensure_ascii=False)
            if text != self._raw.toPlainText():
                self._raw.setPlainText(text)
        problems = plan.problems if plan is not None else ()
        self._problems.show_problems([problem for problem in problems if problem.node == self.name])
        facts = self._known(node, plan)
        self._facts.show_facts(facts)
        self._shapes_head.setVisible(bool(facts))

    def turn_to(self, name: str) -> None:
        """Turns to another node of the same kind."""
        self.name = name

    def focus_param(self, name: str) -> bool:
        """Puts the cursor into a param's field; tells whether there is one."""
        return self._form.focus_param(name)

    def focus_name(self) -> None:
        """Puts the cursor into the name."""
        self._header.name.setFocus()
        self._header.name.selectAll()

    # How it is laid out.

    def _lay_out(self, node: Node) -> None:
        kind = self.kind
        unknown = self.tr(
            "This version does not know “{kind}”. It is kept as it is and saved with the project."
        )
        sentence = kind.sentence if kind else unknown.format(kind=node.kind)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 16, 16)
        self._column.setSpacing(8)
        self._column.addWidget(self._header)
        self._column.addLayout(indented(plain_label(sentence, wrap=True)))
        if kind is not None and kind.formula:
            formula = plain_label(kind.formula, face=font(12, mono=True), wrap=True)
            formula.setProperty("formula", True)
            formula.setObjectName("nodeFormula")
            self._column.addLayout(indented(formula))
        self._column.addLayout(indented(self._sharing))
        self._column.addLayout(indented(self._problems))
        if kind is not None and kind.params:
            self._group(self.tr("Settings"), self._form)
        self._form.setVisible(kind is not None and bool(kind.params))
        self._lay_out_raw(node)
        self._column.addSpacing(8)
        self._shapes_head = head(self.tr("Shapes"))
        self._column.addLayout(indented(self._shapes_head))
        self._column.addLayout(indented(self._facts))
        self._flags_place = QVBoxLayout()
        self._flags_place.setSpacing(8)
        self._column.addLayout(self._flags_place)
        self._flags_place.addLayout(indented(self._flags_head))
        self._flags_place.setContentsMargins(0, 8, 0, 0)
        self._flags_head.hide()
        self._column.addSpacing(8)
        self._column.addLayout(self._foot())
        self._column.addStretch(1)

    def _group(self, words: str, widget: QWidget) -> None:
        self._column.addSpacing(8)
        self._column.addLayout(indented(head(words)))
        self._column.addWidget(widget)

    def _lay_out_raw(self, node: Node) -> None:
        self._raw.setObjectName("nodeRawParams")
        self._raw.setAccessibleName(self.tr("Settings of {name}").format(name=node.name))
        self._raw.setReadOnly(True)
        self._raw.setFont(font(12, mono=True))
        self._raw.setFixedHeight(160)
        self._raw.setVisible(self.kind is None)
        if self.kind is None:
            self._column.addLayout(indented(self._raw))

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(4)
        if self.kind is not None and self.kind.documentation:
            read = quiet_button(self.tr("Documentation"), "nodeDocumentation", "external")
            read.setToolTip(self.kind.documentation)
            read.clicked.connect(self._read)
            row.addWidget(read)
        row.addStretch(1)
        delete = quiet_button(self.tr("Delete"), "nodeDelete", "delete", "error")
        delete.clicked.connect(self._delete)
        row.addWidget(delete)
        return row

    def _show_flags(self, node: Node, kind: Kind, plan: "Plan | None") -> None:
        """What can be done with a layer as a whole; freezing only where there are weights, or it is frozen."""
        if kind.role not in ("layer", "block"):
            return
        weighs = plan is None or plan.parameters_of.get(node.name, 1 if kind.follows else 0) > 0
        params = [
            Param("bypassed", "bool", False, self.tr("Leaves it out: what comes in goes out unchanged"))
        ]
        if node.frozen or (weighs and (kind.is_module or kind.role == "block")):
            params.append(
                Param("frozen", "bool", False, self.tr("Its weights stay as they are while training"))
            )
        params.append(
            Param("repeat", "int", 1, self.tr("So many of it, one after the other"), minimum=1, maximum=1000)
        )
        if self._flags is None or self._flags.params != tuple(params):
            if self._flags is not None:
                self._flags_place.removeWidget(self._flags)
                self._flags.hide()
                self._flags.deleteLater()
            words = {"bypassed": self.tr("Bypass"), "frozen": self.tr("Freeze"), "repeat": self.tr("Repeat")}
            self._flags = Form(params, self, labels=words)
            self._flags.edited.connect(self._set_flag)
            self._flags.reset.connect(self._reset_flag)
            self._flags.finished.connect(self._document.seal)
            self._flags_place.addWidget(self._flags)
            self._flags_head.show()
        values: dict[str, Value] = {"bypassed": node.bypassed, "frozen": node.frozen, "repeat": node.repeat}
        changed = frozenset(param.name for param in params if values[param.name] != param.default)
        self._flags.set_values(values, changed)

    # What is known of it.

    def _known(self, node: Node, plan: "Plan | None") -> list[Fact]:
        kind = self.kind
        if kind is None or plan is None:
            return []
        facts = [*self._inputs(node, kind, plan)]
        for port in kind.outputs:
            if found := plan.types.get((node.name, port.name)):
                facts.append(
                    Fact(self._port_words(kind.outputs, port.name, self.tr("out")), _type_words(found))
                )
        if (count := plan.parameters_of.get(node.name)) is not None and kind.role in ("layer", "block"):
            facts.append(Fact(self.tr("parameters"), thousands(count)))
        return facts

    def _inputs(self, node: Node, kind: Kind, plan: "Plan") -> list[Fact]:
        incoming = self._document.graph.incoming.get(node.name, {})
        names = [name for name in kind.input_names(incoming) if name in incoming or not _is_spare(kind, name)]
        facts, types = [], {}
        for name in names:
            edge = incoming.get(name)
            found = plan.types.get((edge.source, edge.output)) if edge else None
            shown = (
                _type_words(found)
                if found
                else self.tr("not known yet")
                if edge
                else self.tr("not connected")
            )
            remark = self.tr("from {name}").format(name=edge.source) if edge else ""
            facts.append(Fact(self.tr("in") if names == ["input"] else name, shown, remark))
            if found and edge:
                types[name] = found, edge.source
        for follows in kind.follows:
            if follows.port not in types:
                continue
            found, source = types[follows.port]
            if -len(found.sizes) <= follows.axis < len(found.sizes):
                remark = self.tr("follows from {name}").format(name=source)
                facts.append(Fact(follows.argument, thousands(found.sizes[follows.axis]), remark))
        return facts

    @staticmethod
    def _port_words(ports: Sequence[object], name: str, single: str) -> str:
        return single if len(ports) == 1 and name == "output" else name

    # The edits.

    def _node(self) -> Node | None:
        return self._document.graph.nodes.get(self.name)

    def _set_param(self, name: str, value: Value) -> None:
        if (node := self._node()) is None or self.kind is None:
            return
        self._edit(name, without_default(self.kind, node, name, value))

    def _reset_param(self, name: str) -> None:
        if (node := self._node()) is not None:
            self._edit(name, node.without_param(name))

    def _set_flag(self, name: str, value: Value) -> None:
        if (node := self._node()) is None:
            return
        if name == "bypassed":
            self._edit(name, replace(node, bypassed=value is True))
        elif name == "frozen":
            self._edit(name, replace(node, frozen=value is True))
        elif isinstance(value, int):
            self._edit(name, replace(node, repeat=value))

    def _reset_flag(self, name: str) -> None:
        self._set_flag(name, 1 if name == "repeat" else False)

    def _edit(self, name: str, node: Node) -> None:
        title = self.tr("Set {name}.{param}").format(name=node.name, param=name)
        self._document.edit_graph(title, self._document.graph.replace_node(node), merge=f"{node.name}.{name}")

    def _name_problem(self, name: str) -> str | None:
        if name != self.name and name in self._document.graph.nodes:
            return self.tr("There is a node named {name} already; names are unique").format(name=name)
        problem = name_problem(name)
        return problem and problem[:1].upper() + problem[1:]

    def _take_name(self, name: str) -> None:
        if self._node() is not None:
            self.name_taken.emit(self.name, name)

    def _delete(self) -> None:
        if self._node() is not None:
            title = self.tr("Delete {name}").format(name=self.name)
            self._document.edit_graph(title, self._document.graph.remove([self.name]))

    def _cure(self, cure: "Cure") -> None:
        # A cure is a whole graph: one that was made of an older graph would take back what came after.
        if self._made_of is self._document.graph:
            self._document.seal()
            self._document.edit_graph(cure.title, cure.graph)

    def _read(self) -> None:
        if self.kind is not None:
            QDesktopServices.openUrl(QUrl(self.kind.documentation))


def _is_spare(kind: Kind, name: str) -> bool:
    """Whether an input is the one more that a port for many always offers."""
    port = kind.input_port(name)
    return port is not None and bool(port.many) and int(name.removeprefix(port.name)) > port.many


def _type_words(found: object) -> str:
    dtype = getattr(found, "dtype", "float32")
    return str(found) if dtype == "float32" else f"{found} {dtype}"


def _as_json(value: object) -> object:
    match value:
        case Expression(text=text):
            return {"=": text}
        case Mapping():
            return dict(value)
        case _:
            return repr(value)


class _Header(QWidget):
    """A node's name and kind, beside the stripe and icon of its family."""

    def __init__(
        self, judge: Callable[[str], str | None], kind: Kind | None, kind_name: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._family = kind.family if kind else "unknown"
        self.name = Line(judge, self)
        self.name.setObjectName("nodeName")
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setProperty("quiet", True)
        self.name.setFont(font(15, QFont.Weight.DemiBold))
        self.name.setFixedHeight(32)
        word = family_word(self._family) if kind else self.tr("unknown layer")
        words = kind_name if kind_name.casefold() == word.casefold() else f"{kind_name} · {word}"
        what = plain_label(words, "secondary", font(11))
        what.setContentsMargins(10, 0, 0, 0)
        refusal = Refusal(self)
        refusal.setObjectName("nodeNameProblem")
        refusal.setContentsMargins(8, 4, 0, 0)
        self.name.refused.connect(refusal.show_reason)
        grid = QGridLayout(self)
        grid.setContentsMargins(GUTTER, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        icon = icons.Picture(icons.family_drawing(self._family), 20, look.theme.family(self._family), self)
        self._icon = icon
        grid.addWidget(icon, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(what, 1, 1)
        grid.addWidget(refusal, 2, 0, 1, 2)
        look.changed.connect(self._recolour)

    def _recolour(self) -> None:
        self._icon.show_icon(icons.family_drawing(self._family), look.theme.family(self._family))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, 4, self.height(), QColor(look.theme.family(self._family)))
        painter.end()


class _Notes(QWidget):
    """The problems of one node, each with its cures. **Signals:** `cure_chosen` with a cure."""

    cure_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._problems: list[Problem] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def show_problems(self, problems: "list[Problem]") -> None:
        """Shows these problems; none hides the whole."""
        if problems == self._problems:
            return
        self._problems = problems
        while item := self._column.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for problem in problems:
            self._column.addWidget(self._note(problem))
        self.setVisible(bool(problems))

    def _note(self, problem: "Problem") -> QFrame:
        error = problem.severity == "error"
        frame = QFrame()
        frame.setProperty("notice", problem.severity)
        frame.setAccessibleName(problem.message)
        grid = QGridLayout(frame)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        sign = icons.Picture("problem" if error else "warning", 16, "error" if error else "warning")
        grid.addWidget(sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(plain_label(sentence_of(problem), wrap=True), 0, 1)
        for row, cure in enumerate(problem.cures, start=1):
            button = CureButton(cure)
            button.chosen.connect(self.cure_chosen)
            grid.addWidget(button, row, 1)
        return frame
