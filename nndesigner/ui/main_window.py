"""The window: puts the parts side by side and connects them; each part knows the document, none another part.

The welcome page stands first; canvas, palette and the rest are made right after it was painted, or when they are
needed, whichever comes first.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from nndesigner import examples
from nndesigner.ui import actions, arriving, icons, theme
from nndesigner.ui.checker import Checked, Checker
from nndesigner.ui.compare.work import Comparing
from nndesigner.ui.data.work import DataWork
from nndesigner.ui.document import Document
from nndesigner.ui.exporting import Exporting
from nndesigner.ui.filing import Filing
from nndesigner.ui.leaving import Leaving, offer_rescued
from nndesigner.ui.live_run import AT_REST, LiveRun
from nndesigner.ui.notice import Notice
from nndesigner.ui.recovery import Recovery
from nndesigner.ui.running import Running
from nndesigner.ui.slots import slots_of
from nndesigner.ui.sources.work import Sources
from nndesigner.ui.title_row import TitleRow
from nndesigner.ui.trial_run import TRIALS
from nndesigner.ui.weights.work import StartWeights
from nndesigner.ui.welcome import Welcome

if TYPE_CHECKING:
    from nndesigner.ui.parts import Parts
    from nndesigner.ui.workspaces import Workspaces

_FIRST_SIZE = QSize(1280, 800)
_FRAME = QSize(8, 40)  # what a desktop puts around a window, at most
_WORKSPACES = ("design", "training")  # from the welcome page, too, they lead back to what is open
_ON_CANVAS = (
    "save", "save_as", "export", "find", "find_next", "find_back", "select_found", "add_layer", "fit", "fit_selection",
    "minimap", "back", "forward", "next_problem", "previous_problem", "bookmark", "bookmarks", "zoom_in", "zoom_out", "zoom_reset", "select_all", "cut", "copy",
    "paste", "duplicate", "delete", "make_block", "unpack_block", "make_unique", "keep_block", "new_block", "new_own", "go_in", "go_out", "type_line", "add_here", "replace", "code", "problems", "compare", "load_weights",
    "runs", "layers", "costs_off", "costs_parameters", "costs_flops", "costs_memory", "costs_gradients", "costs_time", "measure_time",
    "arrange", "arrange_selection", "arrange_down", "arrange_across", "align_left", "align_center", "align_right",
    "align_top", "align_middle", "align_bottom", "distribute_across", "distribute_down", "note", "frame", "frame_color",
    "wire_to", "wire_from", "swap_inputs", "disconnect", "history", "rename", "values", "bypass", "freeze",
)  # fmt: skip


class MainWindow(QMainWindow):
    """One document in one window."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.document = Document(self)
        self.filing = Filing(self.document, self)
        self.run = LiveRun(self)
        self.checker = Checker(self)
        self.recovery = Recovery(self.document, self)
        self.notice = Notice()
        self.data = DataWork(self.document, self)
        self.comparing = Comparing(self)
        self.weights = StartWeights(self.document, self.filing, self.notice, self)
        self.leaving = Leaving(self, self.filing, self.run)
        self.running = Running(self.document, self.filing, self.run, self.notice, self)
        self.exporting = Exporting(self.document, self.filing, self.run, self.notice)
        self.sources = Sources(self.document, self.filing, self.notice, self)
        self._parts: Parts | None = None
        self._workspaces: Workspaces | None = None
        self.welcome = Welcome(
            [(name, examples.load(name)) for name in examples.names()],
            self.filing.recent.paths(),
            self.filing.forget,
        )
        self._make_actions()
        self._lay_out()
        self._connect()
        self._restore_window()
        self._refresh_title()
        self._show_state()
        self.show_welcome()

    # What it is made of.

    def _make_actions(self) -> None:
        self.actions_ = actions.make(self, slots_of(self))
        undo = self.document.stack.createUndoAction(self, self.tr("Undo"))
        redo = self.document.stack.createRedoAction(self, self.tr("Redo"))
        for action, name, keys in ((undo, "undo", ["Ctrl+Z"]), (redo, "redo", ["Ctrl+Shift+Z", "Ctrl+Y"])):
            action.setObjectName(f"{name}Action")
            action.setShortcuts([QKeySequence(key) for key in keys])
            icons.dress(action, name)
            self.actions_[name] = action
        self.recent_menu = QMenu(self.tr("Open recent"), objectName="recentMenu")
        self.menu = actions.menu(self.actions_, undo, redo, self.recent_menu)
        self.addActions(list(self.actions_.values()))

    def _lay_out(self) -> None:
        self.title_row = TitleRow(self.actions_, self.menu)
        top = QWidget()
        column = QVBoxLayout(top, spacing=0)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title_row)
        column.addWidget(self.notice)
        self.setMenuWidget(top)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.welcome)
        self.setCentralWidget(self.pages)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

    def _connect(self) -> None:
        self.document.changed.connect(self._follow)
        self.document.file_changed.connect(self._refresh_title)
        self.checker.checked.connect(self._take)
        self.checker.failed.connect(self._refuse)
        self.filing.opened.connect(self._opened)
        self.filing.opened.connect(self.notice.settle)
        self.filing.refused.connect(self._refuse)
        self.filing.recent_changed.connect(self._refresh_recent)
        self.filing.source_wanted.connect(self.sources.open_file)
        self.actions_["open"].triggered.connect(self.sources.reader.warm)
        self.filing.unread = self._unread
        self.sources.came.connect(lambda came: self.parts.take_source(came))
        self.sources.block_wanted.connect(lambda came: self.parts.add_block(came))
        self.run.ended.connect(self._enable)
        self.running.shown.connect(lambda: self.show_workspace("training"))
        for changed in (self.run.state_changed, self.running.trial.began, self.running.trial.ended):
            changed.connect(self._show_state)
        self.welcome.example_chosen.connect(self.filing.example)
        self.welcome.example_chosen.connect(self.title_row.invite)
        self.welcome.new_chosen.connect(self.filing.new)
        self.welcome.open_chosen.connect(self.filing.choose)
        self.welcome.data_chosen.connect(self.data.open)
        self.welcome.left.connect(self.actions_["design"].trigger)
        self.data.built.connect(self.filing.begin)
        self.data.chosen.connect(self._show_data)
        self.welcome.recent_chosen.connect(lambda path: self.filing.open(Path(path)))
        self._refresh_recent()

    @property
    def parts(self) -> "Parts":
        """Canvas, palette and all the rest."""
        if self._parts is None:
            self._make_parts()
        assert self._parts is not None
        return self._parts

    @property
    def workspaces(self) -> "Workspaces":
        """The layouts of the parts."""
        if self._workspaces is None:
            self._make_parts()
        assert self._workspaces is not None
        return self._workspaces

    def _make_parts(self) -> None:
        from nndesigner.ui.context_menu import ContextMenu
        from nndesigner.ui.parts import Parts
        from nndesigner.ui.status_row import Foot
        from nndesigner.ui.workspaces import Workspaces

        parts = self._parts = Parts(self.document, self.run, self)
        spaces = self._workspaces = Workspaces(self, parts.docks)
        self.pages.addWidget(parts.canvas)
        ContextMenu(parts.canvas, self.actions_, self)
        self.setStatusBar(Foot(parts.status))
        self.statusBar().setVisible(self._drawing)
        self.running.attach(parts)
        self.comparing.attach(parts)
        self.running.begin_with(self.weights)
        self.weights.changed.connect(lambda _: setattr(self.exporting, "loaded", self.weights.path))
        for name in ("code", "problems", "runs", "history"):
            parts.docks[name].visibilityChanged.connect(self.actions_[name].setChecked)
        self.actions_["minimap"].setChecked(parts.way.map.wanted)
        spaces.changed.connect(lambda name: self.actions_[name].setChecked(True))
        spaces.changed.connect(parts.tell_problems)  # it may have been left with problems that are solved
        parts.progressed.connect(self.title_row.set_progress)
        self.data.attach(parts.inspector)
        parts.problems_changed.connect(self._show_problems)
        parts.code_wanted.connect(lambda: self.workspaces.set_shown("code", True))
        parts.canvas.source_pasted.connect(self.sources.take_text)
        parts.status.problems_clicked.connect(parts.docks["problems"].show)
        parts.status.batch_clicked.connect(lambda: self.show_workspace("training"))
        parts.status.batch_chosen.connect(self.checker.cost_for)
        parts.lens.changed.connect(lambda measure: self.actions_[f"costs_{measure}"].setChecked(True))
        self.checker.costed.connect(parts.lens.take)
        parts.foresight.attach(self.checker)
        parts.typing.asked.connect(self.checker.ask)
        self.checker.answered.connect(parts.typing.take)

    # Pages and workspaces.

    def show_welcome(self) -> None:
        """The welcome page, with nothing around it."""
        if self._workspaces is not None:
            self._workspaces.leave()
        self.pages.setCurrentWidget(self.welcome)
        self._enable()

    def show_workspace(self, name: str) -> None:
        """The canvas, with the docks of a workspace around it."""
        was = self.workspaces.current
        self.pages.setCurrentWidget(self.parts.canvas)
        if name == "training":
            self.parts.show_curves(self.actions_, self.running)
        self.workspaces.show(name)
        self._enable()
        if was != name:
            QTimer.singleShot(0, self.parts.canvas.fit)

    def _opened(self) -> None:
        self.show_workspace("design")
        self.parts.canvas.setFocus()
        QTimer.singleShot(0, self.parts.canvas.fit)

    @property
    def _drawing(self) -> bool:
        return self.pages.currentWidget() is not self.welcome and not self.comparing.shown

    def _show_data(self, node: str) -> None:
        self.show_workspace("design")
        self.parts.canvas.select([node])

    def _enable(self) -> None:
        self.data.drawing = self.sources.drawing = self._drawing
        back = not self.comparing.shown
        for name in (*_ON_CANVAS, *_WORKSPACES):
            self.actions_[name].setEnabled(self._drawing or (back and name in _WORKSPACES))
        self.title_row.workspaces.set_shown(self._drawing)
        free = self._drawing and self.run.state in AT_REST
        self.actions_["train"].setEnabled(free)
        for name in ("try_all", *TRIALS):
            self.actions_[name].setEnabled(free and not self.running.trial.active)
        self.actions_["save_run"].setEnabled(self.run.network is not None and not self.run.active)
        if self._parts is not None:
            self.statusBar().setVisible(self._drawing)

    # Following the document.

    def _follow(self) -> None:
        self.checker.check(self.document.project, self.document.place)
        self.parts.status.set_batch(self.document.project.training.batch_size)
        self._refresh_title()

    def _take(self, found: Checked) -> None:
        self.parts.take(found)
        self.exporting.take(found)

    def _show_problems(self, there: bool) -> None:
        """The list is there while there are problems, and only while something is drawn."""
        if self.workspaces.current:
            self.parts.docks["problems"].setVisible(there)

    def _refresh_title(self) -> None:
        self.title_row.set_name(self.document.name, self.document.unsaved)
        self.setWindowTitle(f"{self.document.name}[*] – nndesigner")
        self.setWindowModified(self.document.unsaved)

    def _refresh_recent(self) -> None:
        self.filing.fill_recent(self.recent_menu)
        self.welcome.set_recent(self.filing.recent.paths())

    def _refuse(self, message: str) -> None:
        self.notice.tell(message, warning=True)

    # Training.

    def train(self) -> None:
        """Trains the project as it is now, and shows the curves."""
        if self._drawing:
            self.running.train()

    def _show_state(self) -> None:
        state, focused = self.run.state, self.title_row.holds_focus
        if self._parts is not None:
            self._parts.training.set_running(state not in AT_REST)
            self._parts.runs.set_busy(state not in AT_REST)
        self.actions_["pause"].setEnabled(state == "running")
        self.actions_["resume"].setEnabled(state in ("paused", "stopped"))
        self.actions_["step"].setEnabled(state == "paused")
        self.actions_["stop"].setEnabled(state in ("running", "paused"))
        self._enable()
        self.title_row.set_running(state, keep_focus=focused)

    # The window itself.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.checker.isRunning():
            # Importing torch stops the window for a moment: let it be painted first, when nobody drags yet.
            QTimer.singleShot(20, lambda: self.parts)
            QTimer.singleShot(100, self._begin_checking)
            QTimer.singleShot(200, lambda: offer_rescued(self.notice, self.filing))

    def _begin_checking(self) -> None:
        if self.isVisible():
            self.checker.start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if arriving.can_take(self, event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if arriving.take(self, event.mimeData()):
            event.acceptProposedAction()

    def _unread(self) -> str:
        """What stands against the text beside the canvas, if it is not part of the project."""
        return self._parts.conversation.problem if self._parts is not None and self._drawing else ""

    def _ask_to_leave(self) -> None:
        """Asks what must be asked, once what is being typed is read."""
        if self._parts is not None:
            self._parts.conversation.when_settled(self.leaving.ask)
        else:
            self.leaving.ask()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leaving.agreed:
            self._ask_to_leave()
        if not self.leaving.agreed:
            event.ignore()
            return
        QSettings().setValue("window", self.saveGeometry())
        if self._workspaces is not None:
            self._workspaces.keep()
        self.running.close()
        if self._parts is not None:
            self._parts.conversation.reader.finish()
            self._parts.explaining.finish()
        parts = (self.sources.reader, self.data, self.exporting, self.comparing, self.weights, self.checker)
        for part in parts:
            part.finish()
        self.recovery.close()
        event.accept()

    def _restore_window(self) -> None:
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - _FRAME))
        if (geometry := QSettings().value("window")) is not None:
            self.restoreGeometry(geometry)
        mode = str(QSettings().value("theme", "system"))
        self.actions_[mode if mode in ("light", "dark") else "system"].setChecked(True)

    def _use_theme(self, mode: theme.Mode) -> None:
        QSettings().setValue("theme", mode)
        theme.set_mode(mode)
