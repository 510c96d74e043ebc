"""Going from problem to problem, in the order in which they are listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from nndesigner.ui.problems import Problems, sentence_of

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas


class ProblemWalk(QObject):
    """The walk on one canvas; `reveal` shows a node by name, in the graph whose problems are listed."""

    def __init__(
        self, canvas: Canvas, problems: Problems, reveal: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._canvas, self._problems, self._reveal = canvas, problems, reveal
        self._at = -1

    def step(self, steps: int) -> None:
        """Shows the node of the next problem, or of the one before, and says what is wrong with it."""
        listed = self._problems.listed
        if not listed:
            self._canvas.hint.emit(self.tr("There are no problems"))
            return
        names = [problem.culprit or problem.node for problem in listed]
        selected = self._canvas.selected_names()
        if not (0 <= self._at < len(names) and selected == tuple(filter(None, [names[self._at]]))):
            places = [place for place, name in enumerate(names) if selected == (name,)]
            self._at = places[0] if places else -1 if steps > 0 else 0
        self._at = (self._at + steps) % len(names)
        if names[self._at]:
            self._reveal(names[self._at])
        else:  # it is of the whole project
            self._canvas.select([])
        words = self.tr("Problem {number} of {count}: {words}")
        self._canvas.hint.emit(
            words.format(number=self._at + 1, count=len(names), words=sentence_of(listed[self._at]))
        )
