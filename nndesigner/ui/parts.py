"""The parts of the window: canvas, palette, inspector, problems, code, settings, each in its dock."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from nndesigner import catalogue
from nndesigner.project import Project, block_kind
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.checker import Checked
from nndesigner.ui.code_view import CodeView
from nndesigner.ui.dock import dock
from nndesigner.ui.document import Document
from nndesigner.ui.inspector import Inspector
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.palette import Palette
from nndesigner.ui.problems import Problems
from nndesigner.ui.status_row import StatusRow
from nndesigner.ui.training_panel import TrainingPanel

if TYPE_CHECKING:
    from nndesigner.problem import Cure
    from nndesigner.ui.run_page import RunPage

_PROBLEMS_WAIT = 500


class Parts(QObject):
    """All parts, following one document and one selection.

    **Signals:** `problems_changed` with whether there are any, once they have stood for a moment; `progressed` with
    how far the run is.
    """

    problems_changed = Signal(bool)
    progressed = Signal(float)

    def __init__(self, document: Document, run: LiveRun, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._run = document, run
        self.canvas = Canvas(document)
        self.palette = Palette()
        self.inspector = Inspector(document)
        self.problems = Problems()
        self.code = CodeView()
        self.training = TrainingPanel(document)
        self.status = StatusRow()
        self._curves = QWidget()
        self._curves.setObjectName("curvesHolder")
        QVBoxLayout(self._curves).setContentsMargins(0, 0, 0, 0)
        self.run_page: RunPage | None = None
        self._checked: Checked | None = None
        self._blocks = document.project.blocks
        self._settle = QTimer(self, singleShot=True, interval=_PROBLEMS_WAIT)
        self.docks: dict[str, QDockWidget] = {
            "palette": dock("palette", self.tr("Layers"), self.palette),
            "inspector": dock("inspector", self.tr("Selected"), self.inspector),
            "code": dock("code", self.tr("Code"), self.code),
            "problems": dock("problems", self.tr("Problems"), self.problems),
            "curves": dock("curves", self.tr("Curves"), self._curves),
            "training": dock("training", self.tr("Settings"), self.training),
        }
        self._connect()

    def _connect(self) -> None:
        self._settle.timeout.connect(self._tell_problems)
        self._document.changed.connect(self._offer_blocks)
        self.canvas.selection_changed.connect(self._select)
        self.canvas.hint.connect(self.status.set_hint)
        self.canvas.camera.zoomed.connect(self.status.set_zoom)
        self.palette.chosen.connect(self.canvas.add_kind)
        self.inspector.renamed.connect(lambda old, new: self.canvas.select([new]))
        self.problems.chosen.connect(self._reveal)
        self.problems.cure_chosen.connect(self._cure)
        self.code.node_clicked.connect(self._reveal)
        self.status.zoom_clicked.connect(self.canvas.fit)

    def take(self, found: Checked) -> None:
        """Shows what was found out about the project."""
        self._checked = found
        self.inspector.set_plan(found.plan, found.project.graph)
        for part in (self.canvas, self.problems, self.status):
            part.set_plan(found.plan)
        if found.script is not None:
            self.code.set_code(found.script.text, found.script.lines)
            self.code.highlight(self.canvas.selected_names())
        else:
            self.code.set_message(found.refusal)
        self._settle.start()

    @property
    def checked_project(self) -> Project | None:
        """The project that is shown with its shapes and problems."""
        return self._checked.project if self._checked is not None else None

    def show_curves(self, actions: dict[str, QAction]) -> None:
        """Makes the curves, when they are needed first."""
        if self.run_page is None:
            from nndesigner.ui.run_page import RunPage  # brings pyqtgraph

            self.run_page = RunPage(self._run, actions)
            layout = self._curves.layout()
            assert layout is not None
            layout.addWidget(self.run_page)
            self.run_page.progressed.connect(self.progressed)

    def _offer_blocks(self) -> None:
        """The project's own blocks can be picked like any layer."""
        blocks = self._document.project.blocks
        if blocks != self._blocks:
            self._blocks = blocks
            self.palette.set_kinds([*catalogue.KINDS, *map(block_kind, blocks.values())])

    def _tell_problems(self) -> None:
        self.problems_changed.emit(self._checked is not None and bool(self._checked.plan.problems))

    def _cure(self, cure: "Cure") -> None:
        """A cure is a whole graph: it must not undo what was drawn since it was found."""
        if self._checked is not None and self._checked.project.graph is self._document.graph:
            self._document.edit_graph(cure.title, cure.graph)

    def _select(self) -> None:
        names = self.canvas.selected_names()
        self.inspector.show_nodes(names)
        self.code.highlight(names)

    def _reveal(self, name: str) -> None:
        if name in self._document.graph.nodes:
            self.canvas.reveal(name)
