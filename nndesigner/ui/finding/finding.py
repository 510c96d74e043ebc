"""Finding nodes and notes: the search bit by bit, the marks on the canvas, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QTimer

from nndesigner import query
from nndesigner.blocks import place_of
from nndesigner.ui.canvas.face import DOT
from nndesigner.ui.finding.find_bar import FindBar
from nndesigner.ui.finding.halo import Halo
from nndesigner.ui.finding.sight import bring_in_sight, where

if TYPE_CHECKING:
    from nndesigner.project import Project
    from nndesigner.query import Hit
    from nndesigner.ui.canvas.sheets import Sheet
    from nndesigner.ui.canvas.view import Canvas

_BIT, _TURN = (
    100,
    0.006,
)  # nodes between two looks at the clock; seconds of searching in one turn of the event loop


class Finding(QObject):
    """The search on one canvas; `known` gives what is wrong, to be searched too."""

    def __init__(self, canvas: Canvas, known: Callable[[], query.Problems], parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._document, self._known = canvas, canvas.document, known
        self.bar = FindBar(canvas)
        self.hits: list[Hit] = []
        self.at = -1
        self._there = False  # whether the one at hand is shown already
        self._halo: Halo | None = None
        self._search: Iterator[Hit | None] = iter(())
        self._before: Hit | None = None
        self._project, self._place = self._document.project, self._document.place
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._look)
        self.bar.typed.connect(self._typed)
        self.bar.stepped.connect(self.step)
        self.bar.all_wanted.connect(self.select_all)
        self.bar.left.connect(self._leave)
        self._document.changed.connect(self._follow)
        self._document.loaded.connect(self.bar.close_bar)

    @property
    def searching(self) -> bool:
        """Whether not all was looked at yet."""
        return self._turn.isActive()

    def open(self) -> None:
        """Opens the bar, with what was looked for last."""
        hidden = self.bar.isHidden()
        self.bar.open_bar()
        if hidden and self.bar.field.text():
            self._begin()

    def step(self, steps: int) -> None:
        """Goes to the next one, or the one before; to the one at hand where that is elsewhere and not shown yet."""
        if self.bar.isHidden():
            self.open()
        if self.searching or not self.hits:
            return
        if self._there:
            self.at = (self.at + steps) % len(self.hits)
        self._go()

    def select_all(self) -> None:
        """Selects all that were found in the graph that is looked at, and ends the search."""
        if self.bar.isHidden() or self.searching:
            self.open()
            return
        here = [hit for hit in self.hits if hit.path == self._document.place.path]
        if not here:
            self._canvas.hint.emit(self.tr("Nothing that was found is in this graph"))
            return
        self._canvas.select(hit.node for hit in here if hit.node)
        for sheet in filter(None, map(self._sheet_of, here)):
            sheet.setSelected(True)
        words = self.tr("{count} selected").format(count=len(here))
        if elsewhere := len(self.hits) - len(here):
            words = DOT.join((words, self.tr("{count} more in other graphs").format(count=elsewhere)))
        self.bar.close_bar()
        self._canvas.hint.emit(words)

    # The search.

    def _typed(self) -> None:
        self._before = None
        self._begin()

    def _begin(self) -> None:
        self._project, self._place = self._document.project, self._document.place
        self.hits, self.at, self._there = [], -1, False
        self._search = query.search(self._project, self.bar.field.text(), self._known())
        self._turn.start()
        self._look()

    def _look(self) -> None:
        """Searches for a moment."""
        until = perf_counter() + _TURN
        while perf_counter() < until:
            bit = list(islice(self._search, _BIT))
            self.hits += filter(None, bit)
            if len(bit) < _BIT:
                self._turn.stop()
                self._found()
                return

    def _found(self) -> None:
        """The one at hand is the one that was, the one that is selected, or the first of the graph that is looked at."""
        if not self.hits:
            self._mark()
            self._tell()
            return
        path, selected = self._document.place.path, self._canvas.selected_names()
        here = [number for number, hit in enumerate(self.hits) if hit.path == path]
        before = self._before
        kept = [
            n
            for n, hit in enumerate(self.hits)
            if before and (hit.path, hit.node) == (before.path, before.node)
        ]
        chosen = [number for number in here if selected == (self.hits[number].node,)]
        self.at = next(iter([*kept, *chosen, *here, 0]))
        self._there = bool(kept)
        if self.at in here and not kept:
            self._show(self.hits[self.at], follows=True)
        self._mark()
        self._tell()

    def _go(self) -> None:
        """Shows the one at hand, in whatever graph it is."""
        hit = self.hits[self.at]
        if hit.path != self._document.place.path:
            self._place = place_of(self._document.project, hit.path)
            self._document.go(self._place)
        self._show(hit, follows=False)
        self._mark()
        self._tell()

    def _show(self, hit: Hit, follows: bool) -> None:
        """Selects it and brings it in sight."""
        self._there, self._before = True, hit
        self._canvas.select([hit.node] if hit.node else [])
        if (sheet := self._sheet_of(hit)) is not None:
            sheet.setSelected(True)
        if (area := self._area_of(hit)) is not None:
            bring_in_sight(self._canvas, area, follows=follows)

    # What is seen of it.

    def _mark(self) -> None:
        stage, place = self._canvas.stage, self._document.place
        if self._halo is None:
            self._halo = Halo()
            stage.add_overlay(self._halo)
        areas = [area for hit in self.hits if hit.path == place.path and (area := self._area_of(hit))]
        holding = _holding(self._document.project, {hit.path for hit in self.hits} - {place.path})
        holders = [one.card for one in stage.node_items.values() if one.node.kind in holding]
        current = self.hits[self.at] if self.at >= 0 else None
        shown = self._area_of(current) if current is not None and current.path == place.path else None
        self._halo.surround(areas, holders, shown)
        self._canvas.refresh_overview()

    def _tell(self) -> None:
        if not self.bar.field.text().strip():
            self.bar.tell("", "")
        elif not self.hits:
            self.bar.tell(self.tr("not there"), "", refused=True)
        else:
            hit = self.hits[self.at]
            parts = [hit.node, hit.why]
            if hit.path != self._document.place.path:
                way = where(self._document.project, place_of(self._document.project, hit.path))
                parts.append(self.tr("Enter goes to {way}").format(way=way))
            elif hit.path:
                parts.append(where(self._document.project, self._document.place))
            count = self.tr("{number} of {count}").format(number=self.at + 1, count=len(self.hits))
            self.bar.tell(count, DOT.join(filter(None, parts)))

    def _area_of(self, hit: Hit) -> QRectF | None:
        if hit.node:
            item = self._canvas.stage.node_items.get(hit.node)
            return item.card if item is not None else None
        sheet = self._sheet_of(hit)
        return sheet.area if sheet is not None else None

    def _sheet_of(self, hit: Hit) -> Sheet | None:
        if hit.sheet is None:
            return None
        sheets = self._canvas.stage.sheets
        notes = (one for one in sheets.notes if one.note is hit.sheet)
        return next(notes, None) or next((one for one in sheets.frames if one.frame is hit.sheet), None)

    def _follow(self) -> None:
        """Another project is searched anew; another graph of it is only marked."""
        if self.bar.isHidden():
            return
        if self._document.project is not self._project:
            self._begin()
        elif self._document.place != self._place:
            self._place = self._document.place
            if not self.searching:
                self._mark()
                self._tell()

    def _leave(self) -> None:
        self._turn.stop()
        if self._halo is not None:
            self._canvas.stage.remove_overlay(self._halo)
            self._halo = None
        self._canvas.refresh_overview()
        self._canvas.setFocus()


def _holding(project: Project, paths: set[str]) -> set[str]:
    """The blocks that have one of these in them, or are one."""
    found, before = {path for path in paths if path}, -1
    while len(found) != before:
        before = len(found)
        found |= {
            name
            for name, block in project.blocks.items()
            if name not in found and any(node.kind in found for node in block.graph.nodes.values())
        }
    return found
