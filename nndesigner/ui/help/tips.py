"""Tips: one at a time, at the moment it helps, each shown at most once, and none at all if a person wants none."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QSettings, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from nndesigner.ui.adding.panel import Panel
from nndesigner.ui.document import Document
from nndesigner.ui.help.tip_bubble import TipBubble

if TYPE_CHECKING:
    from nndesigner.ui.live_run import LiveRun
    from nndesigner.ui.parts import Parts

SHOWN, OFF = "tips/shown", "tips/off"
_PATIENCE = 400  # milliseconds, until what a person does has come to rest


@dataclass(frozen=True, slots=True)
class Tip:
    """What is said at a moment; names in braces become the keys of these actions. Of two, the first of the table is said."""

    moment: str
    text: str


TIPS = (
    Tip("first node", "Press {type_line} to type several layers at once: Conv2d(32, 3) > ReLU > MaxPool2d(2)."),
    Tip("wire let go", "A wire let go on paper offers only the layers that fit. {add_here} offers all of them."),
    Tip("problem", "Press {next_problem} to go to the next problem. Its cures are buttons, each with what it changes."),
    Tip("selected", "Press {explain} to have a layer explained: its formula, a picture of it at work, its settings."),
    Tip("several selected", "Press {make_block} to make one block of what is selected."),
    Tip("block", "Press {go_in} to go into a block and {go_out} to come out. What changes inside changes every use."),
    Tip("run", "Every run is kept with its curves and weights. Press {runs} to see and compare them."),
)  # fmt: skip


class Tips(QObject):
    """The tips of one window: waits for their moments, and remembers in the settings which were shown."""

    def __init__(self, document: Document, run: "LiveRun", parts: "Parts") -> None:
        super().__init__(parts)
        self._document, self._parts = document, parts
        window = parts.parent()
        assert isinstance(window, QWidget)
        self._window = window
        self.bubble = TipBubble(window)
        self.bubble.closed.connect(self._silence)
        self._waiting: Tip | None = None
        self._rest = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._rest.timeout.connect(self._show)
        self._nodes = len(document.graph.nodes)
        self._blocks = len(document.project.blocks)
        document.changed.connect(self._follow)
        document.loaded.connect(self._begin_anew)
        parts.canvas.search_wanted.connect(lambda _, loose: self.offer("wire let go") if loose else None)
        parts.canvas.selection_changed.connect(self._look_at_selection)
        parts.canvas.selection_changed.connect(self.bubble.make_way)
        self._still = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._still.timeout.connect(self.bubble.make_way)
        parts.canvas.camera.zoomed.connect(lambda _: self._still.start())
        parts.problems_changed.connect(lambda _: self.offer("problem") if parts.has_problems else None)
        run.state_changed.connect(lambda state: self.offer("run") if state == "finished" else None)

    @property
    def wanted(self) -> bool:
        """Whether there are to be tips at all."""
        return not QSettings().value(OFF, False, bool)

    def offer(self, moment: str) -> None:
        """The moment of a tip has come: it is shown once a person comes to rest, unless it was before."""
        tip = next(one for one in TIPS if one.moment == moment)
        if self.wanted and moment not in _shown() and not self.bubble.isVisible():
            self._waiting = min(self._waiting or tip, tip, key=TIPS.index)
            self._rest.start()

    def bring_back(self) -> None:
        """All tips may be shown again."""
        QSettings().remove(OFF)
        QSettings().remove(SHOWN)
        self._parts.status.set_hint(self.tr("Tips are shown again, each at its moment"), seconds=4)

    def _follow(self) -> None:
        """What came to be: the first node, the first block."""
        nodes, blocks = len(self._document.graph.nodes), len(self._document.project.blocks)
        if nodes == 1 and not self._nodes and not self._document.place.path:
            self.offer("first node")
        if blocks == 1 and not self._blocks:
            self.offer("block")
        self._nodes, self._blocks = nodes, blocks

    def _begin_anew(self) -> None:
        """What a project that was opened has already is no moment."""
        self._waiting = None
        self.bubble.hide()

    def _look_at_selection(self) -> None:
        count = len(self._parts.canvas.selected_names())
        if count:
            self.offer("selected" if count == 1 else "several selected")

    def _show(self) -> None:
        tip, canvas = self._waiting, self._parts.canvas
        if tip is None:
            return
        if self._is_busy():
            self._rest.start()
            return
        self._waiting = None
        if not self.wanted or tip.moment in _shown():
            return
        keys = _Keys(self._window)
        if not self.bubble.tell(_said(tip.text).format_map(keys), canvas):
            return  # there will be a better moment
        QSettings().setValue(SHOWN, [*_shown(), tip.moment])
        for action in keys.actions:
            action.triggered.connect(self.bubble.hide)  # it was taken to heart

    def _is_busy(self) -> bool:
        """Whether a hand is on something: a gesture, a menu, a dialog, a sheet over the canvas."""
        if self._parts.canvas.gesture is not None or QApplication.mouseButtons().value:
            return True
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return True
        return any(one.isVisible() for one in self._window.findChildren(Panel))

    def _words(self, tip: Tip) -> str:
        return _said(tip.text).format_map(_Keys(self._window))

    def _silence(self, forever: bool) -> None:
        if forever:
            QSettings().setValue(OFF, True)
            self._waiting = None


class _Keys(dict[str, str]):
    """The key of each action, by its name; `actions` are those that were asked for."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.actions: list[QAction] = []

    def __missing__(self, name: str) -> str:
        action = self._window.findChild(QAction, f"{name}Action")
        assert action is not None, f"no action is called {name}"
        self.actions.append(action)
        return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _shown() -> list[str]:
    kept = QSettings().value(SHOWN, [])
    return [kept] if isinstance(kept, str) else list(kept or [])


def _said(text: str) -> str:
    return QCoreApplication.translate("Tips", text)
