"""What follows from an edit before it is made: shapes and problems on the canvas, costs beside the field.

The project that would be is drawn in place of the one that is, and looked at in the checker's thread; the document
does not know of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtWidgets import QWidget

from nndesigner.graph import Graph, GraphError
from nndesigner.ui import figures
from nndesigner.ui.effect import Effect, EffectNote
from nndesigner.ui.problems import sentence_of

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.project import Project
    from nndesigner.ui.canvas.view import Canvas
    from nndesigner.ui.checker import Checker, Costed

_PAUSE = 40  # ms between two questions while the hand moves
_MOST_PROBLEMS = 2


class Foresight(QObject):
    """The look ahead of one canvas.

    **Signals:** `asked` with a project that would be, the place of its graph and True, as its costs are wanted too.
    """

    asked = Signal(object, object, bool)

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._document = canvas, canvas.document
        self._note: EffectNote | None = None
        self._graph: Graph | None = None  # as it would be; None where nothing is tried
        self._whole: Project | None = None
        self._anchor: QWidget | None = None
        self._before: Plan | None = None  # what is known of the graph that stands
        self._shown: Plan | None = None  # what is known of the one that would be
        self._standing: Costed | None = None
        self._foreseen: Costed | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._ask)
        self._document.changed.connect(self._changed)

    def attach(self, checker: Checker) -> None:
        """Lets this checker look ahead."""
        self.asked.connect(checker.ask)
        checker.answered.connect(self._take)
        checker.foreseen.connect(self._take_costs)
        checker.costed.connect(self._stand)

    @property
    def note(self) -> EffectNote | None:
        """What is said of the effect, while there is something to say."""
        return self._note

    def show(self, graph: Graph, anchor: QWidget) -> None:
        """Shows what this graph would lead to, in words below a widget."""
        seen = replace(self._document.seen, graph=graph)
        try:
            self._whole = self._document.whole(seen)
        except GraphError:
            self.let_be()
            return
        self._graph, self._anchor = graph, anchor
        self._canvas.stage.sync(seen, self._document.place)
        self._canvas.refresh_overview()
        if not self._pause.isActive():
            self._pause.start()

    def let_be(self) -> None:
        """Shows what stands: the graph of before, or the one that was tried if it was taken."""
        if self._graph is None:
            return
        taken = self._document.graph == self._graph
        self._graph = self._whole = self._anchor = self._foreseen = None
        self._pause.stop()
        self._canvas.stage.sync(self._document.seen, self._document.place)
        if not taken and self._shown is not None and self._canvas.stage.plan is self._shown:
            self._canvas.set_plan(self._before)
        self._canvas.refresh_overview()
        self._shown = None
        if self._note is not None:
            self._note.hide()

    def _changed(self) -> None:
        """The canvas shows the document; what was known of another graph is not true of it."""
        if self._shown is not None and self._graph != self._document.graph:
            self._canvas.set_plan(self._before)
            self._shown = None

    def _ask(self) -> None:
        if self._whole is not None:
            self.asked.emit(self._whole, self._document.place, True)

    def _take(self, project: Project, plan: Plan | None) -> None:
        if self._whole is None or project is not self._whole:
            return
        if self._shown is None or self._canvas.stage.plan is not self._shown:
            self._before = self._canvas.stage.plan
        self._shown = plan
        if plan is None:
            return
        self._canvas.set_plan(plan)
        if plan.errors:
            self._tell()  # else with the costs, so that all that is said is of one value

    def _take_costs(self, costed: Costed) -> None:
        if self._whole is not None and costed.project is self._whole:
            self._foreseen = costed
            if self._shown is None or not self._shown.errors:
                self._tell()

    def _stand(self, costed: Costed) -> None:
        self._standing = costed

    # What is said.

    def _tell(self) -> None:
        anchor = self._anchor
        if self._whole is None or anchor is None or not anchor.isVisible():
            return
        effect = self._effect()
        if effect == Effect():
            return
        window = anchor.window()
        if self._note is None or self._note.parentWidget() is not window:
            self._note = EffectNote(window)
        corner = anchor.mapTo(window, QPoint(0, 0))
        self._note.tell(effect, QRect(corner, anchor.size()))

    def _effect(self) -> Effect:
        before, now = self._before, self._shown
        if now is None:
            return Effect(self._differences())
        old = {(one.node, one.message) for one in before.errors} if before is not None else set()
        fresh = [one for one in now.errors if (one.node, one.message) not in old]
        told = tuple(sentence_of(one) for one in fresh[:_MOST_PROBLEMS])
        if len(fresh) > _MOST_PROBLEMS:
            more = self.tr("and {count} more problems").format(count=len(fresh) - _MOST_PROBLEMS)
            told = (*told, more)
        mended = bool(old) and not now.errors
        cured = self.tr("Then everything fits") if mended else ""
        # Where something does not fit, what comes after it is not counted: the difference would be one of that.
        whole = not now.errors and not old
        return Effect(self._differences() if whole else (), "" if fresh else self._shape(), told, cured)

    def _differences(self) -> tuple[str, ...]:
        standing, foreseen = self._standing, self._foreseen
        if standing is None or foreseen is None or foreseen.project is not self._whole:
            return ()
        if standing.project is not self._document.project or standing.costs.batch != foreseen.costs.batch:
            return ()
        old, new = standing.costs.whole, foreseen.costs.whole
        parameters = figures.difference(new.parameters - old.parameters, figures.count)
        flops = figures.difference(new.flops - old.flops, figures.operations)
        memory = figures.difference(
            new.training(foreseen.copies) - old.training(standing.copies), figures.memory
        )
        if parameters or flops:
            words = self.tr("{count} parameters").format(count=parameters) if parameters else ""
            return tuple(filter(None, (words, flops)))
        if memory:
            return (self.tr("{amount} of memory").format(amount=memory),)
        return (self.tr("Costs the same"),)

    def _shape(self) -> str:
        """What the nodes that differ give, where that is another shape than before."""
        graph, before, now = self._graph, self._before, self._shown
        if graph is None or before is None or now is None:
            return ""
        standing = self._document.graph
        changed = [name for name, node in graph.nodes.items() if standing.nodes.get(name) is not node]
        for place, found in now.types.items():
            old = before.types.get(place)
            if place[0] in changed and old is not None and old != found:
                return f"{old} → {found}"
        return ""
