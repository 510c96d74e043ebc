"""What the inspector shows of one node: what it is, its params, its shapes, and what does not fit."""

import json
from collections.abc import Callable, Mapping
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

from nndesigner import blocks
from nndesigner.catalogue.kind import Kind, Required
from nndesigner.expression import Expression
from nndesigner.graph import Graph, GraphError, Node, Value, name_problem
from nndesigner.ui import icons
from nndesigner.ui.cost_facts import CostFacts
from nndesigner.ui.data.fetches import Fetches
from nndesigner.ui.data.node_data import NodeData
from nndesigner.ui.document import Document
from nndesigner.ui.facts import Facts, head, help_button, indented, plain_label, quiet_button
from nndesigner.ui.form import GUTTER, Form, Refusal
from nndesigner.ui.health_facts import HealthFacts
from nndesigner.ui.help.typeset import FormulaView
from nndesigner.ui.line import Line
from nndesigner.ui.node_facts import known
from nndesigner.ui.node_flags import NodeFlags
from nndesigner.ui.own_code import OwnCode
from nndesigner.ui.palette import family_word
from nndesigner.ui.problems import CureButton, sentence_of
from nndesigner.ui.theme import font, look
from nndesigner.ui.way_in import WayIn

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

    **Signals:** `name_taken` with the node's old name and the one it is to have; `opened` with the name of a block's
    node to go into; `data_wanted` with `choose` or `preview` and the name of a Data node; `tried` with the graph as it
    would be and the field in which a value is tried; `let_be` when none is tried any more.
    """

    tried = Signal(object, object)
    let_be = Signal()
    name_taken = Signal(str, str)
    help_wanted = Signal()
    opened = Signal(str)
    data_wanted = Signal(str, str)

    def __init__(
        self,
        document: Document,
        node: Node,
        kind: Kind | None,
        fetches: Fetches | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.name = node.name
        self.kind = kind
        self._made_of: Graph | None = None
        self._header = _Header(self._name_problem, kind, node.kind, self)
        self._problems = _Notes(self)
        self._data = NodeData(kind, fetches, self) if kind is not None and kind.role == "data" else None
        self._form = Form(kind.params if kind and self._data is None else (), self)
        self._facts = Facts(self)
        self._facts.setObjectName("nodeFacts")
        self.health = HealthFacts(self)
        self.costs = CostFacts(self)
        self._flags = NodeFlags(self)
        self._raw = QPlainTextEdit(self)
        self._sharing = plain_label("", "secondary")
        self._own: OwnCode | None = None
        self._way_in: WayIn | None = None
        self._lay_out(node)
        self._header.name.taken.connect(self._take_name)
        self._header.help.clicked.connect(self.help_wanted)
        self._problems.cure_chosen.connect(self._cure)
        self._form.edited.connect(self._set_param)
        self._form.reset.connect(self._reset_param)
        self._form.finished.connect(document.seal)
        self._form.exposed.connect(self._expose)
        self._form.tried.connect(self._try_param)
        self._form.let_be.connect(self.let_be)
        self._flags.tried.connect(self._try)
        self._flags.let_be.connect(self.let_be)
        self._flags.edited.connect(self._edit)
        self._flags.finished.connect(document.seal)
        if self._data is not None:
            self._data.edited.connect(self._set_param)
            self._data.reset.connect(self._reset_param)
            self._data.finished.connect(document.seal)
            self._data.wanted.connect(lambda wish: self.data_wanted.emit(wish, self.name))

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
            self._form.set_arguments(self._arguments())
            if self._data is not None:
                named = self._document.project.data_named(node.params.get("dataset"))
                self._data.show_node(node, self.kind, named)
            self._flags.show_node(node, self.kind, self._document.graph, plan)
        else:
            text = json.dumps(dict(node.params), default=_as_json, indent=2, ensure_ascii=False)
            if text != self._raw.toPlainText():
                self._raw.setPlainText(text)
        if self._own is not None:
            self._own.show_code()
        if self._way_in is not None:
            self._way_in.show_node(self.name, node.kind)
        problems = plan.problems if plan is not None else ()
        self._problems.show_problems([problem for problem in problems if problem.node == self.name])
        facts = known(node, self.kind, self._document.graph, plan)
        self._facts.show_facts(facts)
        self._shapes_head.setVisible(bool(facts))

    def turn_to(self, name: str) -> None:
        """Turns to another node of the same kind."""
        self._form.let_go()
        self._flags.let_go()
        self.name = name

    def focus_param(self, name: str) -> bool:
        """Puts the cursor into a param's field; tells whether there is one."""
        return (self._data or self._form).focus_param(name)

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
        written = node.kind in self._document.project.code
        sentence = kind.sentence if kind else "" if written else unknown.format(kind=node.kind)
        if self._data is not None:
            sentence = ""  # its data set has one
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 16, 16)
        self._column.setSpacing(8)
        self._column.addWidget(self._header)
        if sentence:
            self._column.addLayout(indented(plain_label(sentence, wrap=True)))
        if kind is not None and kind.formula:
            formula = FormulaView(kind.formula, 15, self)
            formula.setObjectName("nodeFormula")
            self._column.addLayout(indented(formula))
        if kind is not None and kind.role == "block":
            self._way_in = WayIn(self._document, self)
            self._way_in.opened.connect(self._open)
            self._column.addLayout(indented(self._way_in))
        self._column.addLayout(indented(self._sharing))
        self._column.addLayout(indented(self._problems))
        self._column.addLayout(indented(self.health))
        if written:
            self._own = OwnCode(self._document, node.kind)
            self._column.addLayout(indented(self._own))
        if self._data is not None:
            self._column.addWidget(self._data)
        elif kind is not None and kind.params:
            self._group(self.tr("Settings"), self._form)
        self._form.setVisible(bool(self._form.params))
        self._lay_out_raw(node)
        self._column.addSpacing(8)
        self._shapes_head = head(self.tr("Shapes"))
        self._column.addLayout(indented(self._shapes_head))
        self._column.addLayout(indented(self._facts))
        self._column.addLayout(indented(self.costs))
        self._column.addWidget(self._flags)
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
        self._raw.setVisible(self.kind is None and self._own is None)
        if self.kind is None and self._own is None:
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

    # The edits.

    def _node(self) -> Node | None:
        return self._document.graph.nodes.get(self.name)

    def _set_param(self, name: str, value: Value) -> None:
        if (node := self._node()) is None or self.kind is None:
            return
        self._edit(name, without_default(self.kind, node, name, value))

    def _try_param(self, name: str, value: Value) -> None:
        if (node := self._node()) is not None and self.kind is not None:
            self._try(without_default(self.kind, node, name, value), self._form.field(name))

    def _try(self, node: Node, field: QWidget) -> None:
        self.tried.emit(self._document.graph.replace_node(node), field)

    def _reset_param(self, name: str) -> None:
        if (node := self._node()) is not None:
            self._edit(name, node.without_param(name))

    def _arguments(self) -> Mapping[str, Value] | None:
        """The params of the block that is looked at; None in the main network."""
        block = self._document.project.blocks.get(self._document.place.path)
        return block.params if block is not None else None

    def _expose(self, name: str) -> None:
        block = self._document.project.blocks.get(self._document.place.path)
        if block is None:
            return
        param = name if name not in block.params else f"{self.name}_{name}"
        try:
            after = blocks.exposed(self._document.project, block.name, self.name, name, param)
        except GraphError as error:
            self._document.refused.emit(str(error))
            return
        self._document.seal()
        self._document.edit(self.tr("Make {name} a param of the block").format(name=param), after)

    def _open(self) -> None:
        self.opened.emit(self.name)

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
            if cure.block or cure.training:
                self._document.edit(cure.title, cure.applied(self._document.project))
            else:
                self._document.edit_graph(cure.title, cure.graph)

    def _read(self) -> None:
        if self.kind is not None:
            QDesktopServices.openUrl(QUrl(self.kind.documentation))


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
        self.help = help_button(self.tr("Explain {name}").format(name=kind_name), "nodeHelp")
        grid.addWidget(self.help, 0, 2)
        self.help.setVisible(kind is not None)
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
            # Without an alignment the widest column a button may have would be the widest that the sentence may have.
            grid.addWidget(button, row, 1, Qt.AlignmentFlag.AlignLeft)
        return frame
