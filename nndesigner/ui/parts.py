"""The parts of the window: canvas, palette, inspector, problems, code, settings, each in its dock."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from nndesigner import catalogue
from nndesigner.blocks import MAIN, graph_at
from nndesigner.catalogue.kind import Kind
from nndesigner.code import read
from nndesigner.graph import GraphError
from nndesigner.project import Project, block_kind
from nndesigner.ui.adding.choosing import Choosing
from nndesigner.ui.adding.habits import Habits
from nndesigner.ui.adding.joining import Joining
from nndesigner.ui.adding.typing import Typing
from nndesigner.ui.block_library import BlockLibrary
from nndesigner.ui.block_work import BlockWork
from nndesigner.ui.canvas import nudging
from nndesigner.ui.canvas.arranging import Arranging
from nndesigner.ui.canvas.hearing import Voice, begin_hearing
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.card_editor import CardEditing
from nndesigner.ui.checker import Checked
from nndesigner.ui.code_view import CodeView
from nndesigner.ui.conversation import Conversation
from nndesigner.ui.dock import dock
from nndesigner.ui.document import Document
from nndesigner.ui.finding.way import Way
from nndesigner.ui.foresight import Foresight
from nndesigner.ui.help.explaining import Explaining
from nndesigner.ui.help.tips import Tips
from nndesigner.ui.history import History
from nndesigner.ui.insight import known_at
from nndesigner.ui.inspector import Inspector
from nndesigner.ui.lens import Lens
from nndesigner.ui.library_work import LibraryWork
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.node_work import NodeWork
from nndesigner.ui.palette import Palette
from nndesigner.ui.problems import Problems
from nndesigner.ui.runs_panel import RunsPanel
from nndesigner.ui.sources.remarks import RemarksList
from nndesigner.ui.sources.work import with_block
from nndesigner.ui.status_row import StatusRow
from nndesigner.ui.training_panel import TrainingPanel
from nndesigner.ui.vitals import Vitals
from nndesigner.ui.wire_work import WireWork

if TYPE_CHECKING:
    from nndesigner.problem import Cure
    from nndesigner.ui.run_page import RunPage
    from nndesigner.ui.running import Running
    from nndesigner.ui.sources.work import Came

_PROBLEMS_WAIT = 500
_BELOW_REMARKS = 72  # pixels that problems keep where remarks stand above them


class Parts(QObject):
    """All parts, following one document and one selection.

    **Signals:** `problems_changed` with whether there are any, once they have stood for a moment; `progressed` with
    how far the run is; `code_wanted` when the text beside the canvas is to be seen.
    """

    problems_changed = Signal(bool)
    progressed = Signal(float)
    code_wanted = Signal()

    def __init__(self, document: Document, run: LiveRun, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._run = document, run
        begin_hearing()
        self.canvas = Canvas(document)
        self.blocks = BlockWork(document, self.canvas)
        self.library = BlockLibrary(self)
        self.keeping = LibraryWork(document, self.canvas, self.library)
        self.nodes = NodeWork(self.canvas)
        self.wires = WireWork(self.canvas)
        self.arranging = Arranging(self.canvas)
        self.habits = Habits(self)
        self.palette = Palette(habits=self.habits)
        self.choosing = Choosing(self.canvas, self.habits, self)
        self.typing = Typing(self.canvas, self.habits, self)
        self.joining = Joining(self.canvas, self)
        self._voice = Voice(self.canvas)
        self.inspector = Inspector(document)
        self.foresight = Foresight(self.canvas, self)
        self.card_editing = CardEditing(self.canvas)
        self.problems = Problems()
        self.remarks = RemarksList()
        self.code = CodeView()
        self.conversation = Conversation(document, self.code, self)
        self.training = TrainingPanel(document)
        self.status = StatusRow()
        self.runs = RunsPanel()
        self.vitals = Vitals(run, document, self.canvas, self)
        self.inspector.follow(self.vitals)
        self.lens = Lens(document, self.canvas, self.inspector, self.status, self.vitals, self)
        self._curves = QWidget()
        self._curves.setObjectName("curvesHolder")
        QVBoxLayout(self._curves).setContentsMargins(0, 0, 0, 0)
        self.run_page: RunPage | None = None
        self._checked: Checked | None = None
        self._came: Came | None = None
        self._listing_main = True
        self._own = (document.project.blocks, document.project.code)
        self._place = document.place
        self.way = Way(
            self.canvas, self.problems, lambda: self._checked.plan if self._checked else None, self._reveal
        )
        self._settle = QTimer(self, singleShot=True, interval=_PROBLEMS_WAIT)
        self.docks: dict[str, QDockWidget] = {
            "palette": dock("palette", self.tr("Layers"), self.palette),
            "inspector": dock("inspector", self.tr("Selected"), self.inspector),
            "code": dock("code", self.tr("Code"), self.code),
            "problems": dock(
                "problems", self.tr("Problems"), _above(self.remarks, self.problems), scrolls=True
            ),
            "curves": dock("curves", self.tr("Curves"), self._curves, scrolls=True),
            "training": dock("training", self.tr("Settings"), self.training),
            "runs": dock("runs", self.tr("Runs"), self.runs, scrolls=True),
            "history": dock("history", self.tr("History"), History(document.stack)),
        }
        self._connect()
        self.explaining = Explaining(document, self)
        self.tips = Tips(document, run, self)

    def _connect(self) -> None:
        self._settle.timeout.connect(self.tell_problems)
        self._document.changed.connect(self._offer_blocks)
        self._document.changed.connect(self._go_along)
        self._document.loaded.connect(self._leave_source)
        self._document.refused.connect(self.status.set_hint)
        self.blocks.refused.connect(self.status.set_hint)
        self.lens.changed.connect(lambda _: self.tips.bubble.make_way())
        self.way.finding.bar.opened.connect(lambda: self.tips.bubble.make_way())
        self.library.changed.connect(self._offer_all)
        self.palette.menu_opening.connect(self.keeping.fill)
        self.inspector.keep_wanted.connect(self.keeping.keep)
        self.canvas.selection_changed.connect(self._select)
        self.canvas.hint.connect(self.status.set_hint)
        self._document.changed.connect(self.status.let_hint_go)
        self.canvas.selection_changed.connect(self.status.let_hint_go)
        self.canvas.camera.zoomed.connect(self.status.set_zoom)
        self.palette.chosen.connect(self.canvas.add_kind)
        self.palette.chosen.connect(lambda name: self.habits.use([name]))
        self.canvas.wire_pulled.connect(lambda loose: self.palette.set_fitting(self.choosing.fitting(loose)))
        self.palette.block_wanted.connect(self.blocks.new)
        self.palette.own_wanted.connect(self.blocks.new_own)
        self.inspector.tried.connect(self.foresight.show)
        self.inspector.let_be.connect(self.foresight.let_be)
        self.card_editing.tried.connect(self.foresight.show)
        self.card_editing.let_be.connect(self.foresight.let_be)
        self.inspector.opened.connect(self.blocks.passage.enter)
        self.inspector.renamed.connect(lambda old, new: self.canvas.select([new]))
        self.problems.chosen.connect(self._reveal)
        self.remarks.chosen.connect(self._go_to_line)
        self.remarks.closed.connect(self.tell_problems)
        self.problems.cure_chosen.connect(self._cure)
        self.code.node_clicked.connect(self._go_along_with_text)
        self.code.leave_wanted.connect(self.canvas.setFocus)
        self.status.zoom_clicked.connect(self.canvas.fit)

    def take(self, found: Checked) -> None:
        """Shows what was found out about the project."""
        self._checked = found
        self._show_plans()
        self.conversation.take(found)
        self._light_code()
        self._settle.start()

    def _show_plans(self) -> None:
        """The canvas shows the plan of the graph that is looked at; the list, what is wrong there or else anywhere."""
        found, place = self._checked, self._document.place
        if found is None:
            return
        here = found.seen if found.place == place else known_at(found.plan, place)
        known = not place.path or place.path in found.project.blocks
        self.inspector.set_plan(here, graph_at(found.project, place.path) if known else None)
        self.canvas.set_plan(here)
        self.way.map.stir()
        self._voice.follow()
        self._listing_main = not place.path or here is None or not here.problems
        self.problems.set_plan(found.plan if self._listing_main else here)
        self.status.set_plan(found.plan)

    def _go_along(self) -> None:
        """Shapes are shown at once where another graph is looked at."""
        if self._document.place != self._place:
            self._place = self._document.place
            self._show_plans()
            self._select()

    @property
    def checked_project(self) -> Project | None:
        """The project that is shown with its shapes and problems."""
        return self._checked.project if self._checked is not None else None

    def take_source(self, came: "Came") -> None:
        """A source was opened: what is to be said of it is listed."""
        self._came = came
        self.remarks.show_remarks(came.heading, came.remarks)
        # It stands beside the canvas until there is a script of it, for which code may have to be trusted first.
        self.conversation.show_source(came.text, came.wanted.name, came.reading)
        self.tell_problems()

    def _leave_source(self) -> None:
        """Another project is there: what is to be said of a source that was opened before is not said of it."""
        self._came = None
        self.remarks.show_remarks("", ())
        self.tell_problems()

    def add_block(self, came: "Came") -> None:
        """The network of a source becomes a block of this project, and a node of it is added."""
        try:
            project, name = with_block(self._document.seen, came)
        except GraphError as error:
            self.status.set_hint(str(error))
            return
        nudging.add_kind(self.canvas, name, project)
        self.remarks.show_remarks(came.heading, came.remarks)
        self._came = came
        self.tell_problems()

    def _go_to_line(self, line: int) -> None:
        """Shows a line of the source that was opened last, which takes the place of the script for so long."""
        if (came := self._came) is None:
            return
        self.code_wanted.emit()
        if not self.conversation.holds(came.text):
            self.conversation.show_source(came.text, came.wanted.name, came.reading)
        self.code.text.go_to(max(1, line))

    def show_curves(self, actions: dict[str, QAction], running: "Running") -> None:
        """Makes the curves, when they are needed first."""
        if self.run_page is None:
            from nndesigner.ui.run_page import RunPage  # brings pyqtgraph

            page = RunPage(self._run, running.trial, self.vitals, running.reader, actions)
            self.run_page = page
            running.dress(page)
            self.runs.compared.connect(page.compare)
            page.trials.wanted.connect(lambda names: running.try_first(*names))
            page.trials.rate_wanted.connect(running.use_rate)
            page.layers.chosen.connect(self.reveal_in_main)
            layout = self._curves.layout()
            assert layout is not None
            layout.addWidget(self.run_page)
            self.run_page.progressed.connect(self.progressed)

    def _offer_blocks(self) -> None:
        """The project's own blocks and layers can be picked like any layer."""
        project = self._document.project
        if (project.blocks, project.code) != self._own:
            self._offer_all()

    def _offer_all(self) -> None:
        project = self._document.project
        self._own = (project.blocks, project.code)
        written = [kind for kind in map(read, project.code.values()) if isinstance(kind, Kind)]
        own = [*map(block_kind, project.blocks.values()), *written]
        self.palette.set_kinds([*own, *self.library.kinds(), *catalogue.KINDS])

    @property
    def has_problems(self) -> bool:
        """Whether something is wrong with the network itself, whatever is remarked of its source."""
        return self._checked is not None and bool(self._checked.plan.problems)

    def tell_problems(self) -> None:
        """Tells whether there are problems or remarks to be listed."""
        found = self.has_problems
        listed = not self.remarks.isHidden()
        self.problems.setMinimumHeight(_BELOW_REMARKS if listed and found else 0)
        self.problems_changed.emit(found or listed)

    def _cure(self, cure: "Cure") -> None:
        """A cure leads to a whole graph: it must not undo what was drawn since it was found."""
        path = "" if self._listing_main else self._document.place.path
        if self._checked is None or self._checked.project is not self._document.project:
            return
        if self._listing_main:
            self._document.go(MAIN)
        whole = cure if cure.block or not path else replace(cure, block=path)
        self._document.edit(cure.title, whole.applied(self._document.project))

    def _select(self) -> None:
        names = self.canvas.selected_names()
        self.inspector.show_nodes(names)
        self._light_code()
        if self.docks["inspector"].isVisible() and self.docks["training"].isVisible():
            # They lie behind one another in the workspace of training.
            self.docks["inspector" if names else "training"].raise_()
        if self.run_page is not None:
            self.run_page.layers.select(names[0] if len(names) == 1 else "")

    def _light_code(self) -> None:
        """The script's lines belong to nodes of the main network; inside of a block, to the one that was gone into."""
        trail = self._document.place.trail
        inside = bool(self._document.place.path)
        self.code.highlight(trail[:1] if inside else self.canvas.selected_names())

    def _go_along_with_text(self, name: str) -> None:
        """The caret is in a line of a node: it is selected, and the canvas stays where it is if the node is in sight."""
        if name in self._document.project.graph.nodes:
            self._document.go(MAIN)
            self.canvas.select([name])
            nudging.bring_into_view(self.canvas, name)

    def reveal_in_main(self, name: str) -> None:
        """Shows a node of the main network, selected."""
        if name in self._document.project.graph.nodes:
            self._document.go(MAIN)
            self._reveal(name)

    def _reveal(self, name: str) -> None:
        if self._listing_main and name in self._document.project.graph.nodes:
            self._document.go(MAIN)
        if name in self._document.graph.nodes:
            self.canvas.reveal(name)


def _above(first: QWidget, second: QWidget) -> QWidget:
    """Two parts in one dock."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(first)
    column.addWidget(second, 1)
    return both
