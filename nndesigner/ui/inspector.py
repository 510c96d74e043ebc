"""The inspector: what is selected on the canvas, to be read and edited; with nothing selected, the project."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from nndesigner import blocks
from nndesigner.graph import Graph, GraphError, Node
from nndesigner.ui.block_page import BlockPage
from nndesigner.ui.cost_facts import CostFacts
from nndesigner.ui.data.fetches import Fetches
from nndesigner.ui.document import Document
from nndesigner.ui.facts import Fact, Facts, indented, plain_label
from nndesigner.ui.figures import thousands
from nndesigner.ui.form import GUTTER
from nndesigner.ui.line import Line
from nndesigner.ui.node_page import NodePage
from nndesigner.ui.several_page import SeveralPage
from nndesigner.ui.theme import font
from nndesigner.ui.vitals import Vitals, prefix_of

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.ui.checker import Costed
    from nndesigner.ui.timing import Timed

_NARROWEST = 248


class Inspector(QWidget):
    """The panel at the right.

    **Signals:** `renamed` with the old and new name of a node, after the edit; `opened` with the name of a block's node
    to go into; `data_wanted` with `choose` or `preview` and the name of a Data node; `tried` with a graph that would be
    and the field in which a value of it is tried; `let_be` when none is tried any more; `keep_wanted` when the block that is looked at is to be kept.
    """

    tried = Signal(object, object)
    let_be = Signal()
    renamed = Signal(str, str)
    help_wanted = Signal()
    keep_wanted = Signal()
    opened = Signal(str)
    data_wanted = Signal(str, str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._document = document
        self._names: tuple[str, ...] = ()
        self._plan: Plan | None = None
        self._made_of: Graph | None = None
        self._costed: Costed | None = None
        self._prefix = ""
        self._timed: Timed | None = None
        self._stale = False
        self._vitals: Vitals | None = None
        self._page: Page | None = None
        self.fetches: Fetches | None = (
            None  # what is on its way to this computer, once there is someone to fetch
        )
        self._scroll = QScrollArea(self)
        self._scroll.setProperty("bare", True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setMinimumWidth(_NARROWEST)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        document.changed.connect(self._refresh)
        self._refresh()

    @property
    def names(self) -> tuple[str, ...]:
        """The nodes that are shown."""
        return self._names

    def show_nodes(self, names: Sequence[str]) -> None:
        """Shows these nodes; none shows the project."""
        wanted = tuple(names)
        focused = self.focusWidget()
        if wanted != self._names and focused is not None and focused.hasFocus():
            # What is being typed belongs to the node that is left, and is finished there.
            focused.clearFocus()
        self._names = wanted
        self._refresh()

    def set_plan(self, plan: "Plan | None", made_of: Graph | None = None) -> None:
        """Shows what a plan says. `made_of` is the graph it was made of, if that may not be the document's."""
        self._plan = plan
        self._made_of = made_of if made_of is not None else self._document.graph
        self._refresh()

    def set_costs(
        self, costed: "Costed | None", prefix: str = "", timed: "Timed | None" = None, stale: bool = False
    ) -> None:
        """Shows what the nodes cost and how long they take, if that was measured; `prefix` stands before the names of
        those that are looked at. What is `stale` held once.
        """
        self._costed, self._prefix, self._timed, self._stale = costed, prefix, timed, stale
        self._refresh()

    def follow(self, vitals: Vitals) -> None:
        """Shows how the layers of the run learn."""
        self._vitals = vitals
        vitals.changed.connect(self._show_health)

    def _show_health(self) -> None:
        if isinstance(self._page, NodePage):
            prefix = prefix_of(self._document.place)
            known = self._vitals if prefix is not None else None
            self._page.health.show_vitals(known, f"{prefix}{self._page.name}")

    def focus_param(self, name: str) -> bool:
        """Puts the cursor into a param's field of the node that is shown; tells whether there is one."""
        return isinstance(self._page, NodePage) and self._page.focus_param(name)

    def focus_name(self) -> None:
        """Puts the cursor into the name of the node that is shown."""
        if isinstance(self._page, NodePage):
            self._page.focus_name()

    def _refresh(self) -> None:
        nodes = [node for name in self._names if (node := self._document.graph.nodes.get(name)) is not None]
        if len(nodes) == 1:
            self._show_one(nodes[0])
        elif nodes:
            several = self._page if isinstance(self._page, SeveralPage) else SeveralPage(self._document)
            self._turn_to(several)
            several.show_plan(tuple(node.name for node in nodes), self._plan)
        elif self._document.place.path:
            block = self._page if isinstance(self._page, BlockPage) else BlockPage(self._document)
            if block is not self._page:
                block.keep_wanted.connect(self.keep_wanted)
            self._turn_to(block)
            block.show_plan(self._plan)
        else:
            whole = self._page if isinstance(self._page, ProjectPage) else ProjectPage(self._document)
            self._turn_to(whole)
            whole.show_plan(self._plan)
            whole.costs.show_costs(self._costed, "", self._timed, self._stale)

    def _show_one(self, node: Node) -> None:
        kind = self._document.project.kind_of(node)
        page = self._page
        if not isinstance(page, NodePage) or kind is None or page.kind != kind:
            page = NodePage(self._document, node, kind, self.fetches)
            page.name_taken.connect(self._rename)
            page.opened.connect(self.opened)
            page.help_wanted.connect(self.help_wanted)
            page.data_wanted.connect(self.data_wanted)
            self._turn_to(page)
        elif page.name != node.name:
            page.turn_to(node.name)
            self._scroll.verticalScrollBar().setValue(0)
        page.show_plan(self._plan, self._made_of)
        page.costs.show_costs(self._costed, self._prefix + node.name, self._timed, self._stale)
        self._show_health()

    def _rename(self, old: str, new: str) -> None:
        try:
            after = blocks.node_renamed(self._document.project, self._document.place.path, old, new)
        except GraphError:
            self._refresh()
            return
        # The edit is shown at once, and the page is to stay with the node.
        self._names = tuple(new if name == old else name for name in self._names)
        if isinstance(self._page, NodePage):
            self._page.name = new
        self._document.seal()
        self._document.edit(self.tr("Rename {old} to {new}").format(old=old, new=new), after)
        self.renamed.emit(old, new)

    def _turn_to(self, page: "Page") -> None:
        if page is self._page:
            return
        if (before := self._scroll.takeWidget()) is not None:
            before.hide()
            before.deleteLater()
        self._page = page
        if isinstance(page, NodePage | SeveralPage):
            page.tried.connect(self.tried)
            page.let_be.connect(self.let_be)
        self._scroll.setWidget(page)
        self._scroll.verticalScrollBar().setValue(0)


class ProjectPage(QWidget):
    """The project as a whole: its title, how large it is, and what to do next."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._title = Line(_anything, self)
        self._title.setObjectName("projectTitle")
        self._title.setAccessibleName(self.tr("Title of the project"))
        self._title.setPlaceholderText(self.tr("Untitled"))
        self._title.setProperty("quiet", True)
        self._title.setFont(font(15, QFont.Weight.DemiBold))
        self._title.setFixedHeight(32)
        self._title.taken.connect(self._rename)
        self._facts = Facts(self)
        self._facts.setObjectName("projectFacts")
        self.costs = CostFacts(self)
        self._hint = plain_label("", "secondary", wrap=True)
        self._hint.setObjectName("projectHint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 16, 16)
        column.setSpacing(8)
        title = indented(self._title)
        title.setContentsMargins(GUTTER - 10, 0, 0, 0)
        column.addLayout(title)
        column.addLayout(indented(self._facts))
        column.addLayout(indented(self.costs))
        column.addSpacing(8)
        column.addLayout(indented(self._hint))
        column.addStretch(1)

    def show_plan(self, plan: "Plan | None") -> None:
        """Shows the project as it is now."""
        graph = self._document.graph
        self._title.set_text(self._document.project.title)
        facts = [Fact(self.tr("nodes"), thousands(len(graph.nodes)))]
        if plan is not None:
            facts.append(Fact(self.tr("parameters"), thousands(plan.parameters)))
        self._facts.show_facts(facts)
        first = self.tr("Drag a layer from the list at the left onto the canvas, or double-click it there.")
        self._hint.setText(self.tr("Select a node to see and change what it does.") if graph.nodes else first)

    def _rename(self, title: str) -> None:
        self._document.seal()
        self._document.edit(self.tr("Change the title"), replace(self._document.project, title=title.strip()))


def _anything(text: str) -> str | None:
    return None


Page = NodePage | SeveralPage | ProjectPage | BlockPage
