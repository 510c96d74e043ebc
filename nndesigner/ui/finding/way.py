"""Everything by which one finds one's way on one canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF

from nndesigner.ui.finding.finding import Finding
from nndesigner.ui.finding.journey import Journey
from nndesigner.ui.finding.keeping import Keeping
from nndesigner.ui.finding.minimap import Minimap
from nndesigner.ui.finding.problem_walk import ProblemWalk
from nndesigner.ui.problems import Problems

if TYPE_CHECKING:
    from nndesigner import query
    from nndesigner.plan import Plan
    from nndesigner.ui.canvas.view import Canvas

_AROUND = 32.0


class Way(QObject):
    """The map, the search, the bookmarks, the walk from problem to problem, and the way one came.

    `known` gives the plan of the whole; `reveal` shows a node of the graph whose problems are listed.
    """

    def __init__(
        self,
        canvas: Canvas,
        problems: Problems,
        known: Callable[[], Plan | None],
        reveal: Callable[[str], None],
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._known = canvas, known
        self.journey = Journey(canvas)
        self.keeping = Keeping(canvas, self)
        self.problems = ProblemWalk(canvas, problems, reveal, self)
        self.finding = Finding(canvas, self._wrong, self)
        self.map = Minimap(canvas)

    def fit_selection(self) -> None:
        """Shows all that is selected, at natural size at most; the whole network where nothing is."""
        stage = self._canvas.stage
        area = QRectF()
        for name in self._canvas.selected_names():
            area = area.united(stage.node_items[name].card)
        for sheet in stage.sheets.selected():
            area = area.united(sheet.area)
        for edge in stage.selected_edges():
            for end in (edge.source, edge.target):
                area = area.united(stage.node_items[end].card)
        if area.isEmpty():
            self._canvas.fit()
        else:
            self._canvas.camera.fit(area.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND))
        self._canvas.refresh_overview()

    def _wrong(self) -> query.Problems:
        """What is wrong, in words: of the main graph, and of the one that is looked at."""
        found: dict[tuple[str, str], list[str]] = {}
        for path, plan in ((self._canvas.document.place.path, self._canvas.stage.plan), ("", self._known())):
            if plan is None or (path, "") in found:
                continue
            found[path, ""] = []
            for problem in plan.problems:
                words = f"{problem.severity}: {problem.message}"
                found.setdefault((path, problem.node), []).append(words)
        return found
