"""Notes and frames as a person makes them: added, written on, coloured, made larger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF

from nndesigner.graph import FRAME_COLORS, Frame, Graph, Note
from nndesigner.layout.following import framed
from nndesigner.ui.canvas.arranging import cards_of
from nndesigner.ui.canvas.metrics import GRID, snapped
from nndesigner.ui.canvas.sheets import TITLE, FrameItem, NoteItem, Sheet
from nndesigner.ui.canvas.writing import Writing

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

SMALLEST = (80.0, 48.0)
_NOTE = (200.0, 80.0)
_FRAME = (320.0, 240.0)


class Annotating(QObject):
    """The notes and frames of one canvas. At most one of them is written on."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.writing: Writing | None = None

    def add_note(self) -> None:
        """Asks for the words of a new note, where there is room; without words there is none."""
        place = self._free_place(*_NOTE)
        note = Note("", (place.x(), place.y()), _NOTE)
        self._write(
            QRectF(place.x(), place.y(), *_NOTE), "", False, lambda words: self._add_note(note, words)
        )

    def frame_selection(self) -> None:
        """Lays a frame round the selected nodes, or an empty one in the middle, and asks for its title."""
        canvas, document = self._canvas, self._canvas.document
        graph, names = document.graph, canvas.selected_names()
        if names:
            frame = framed(names, graph, cards_of(canvas.stage), Frame(self.tr("Frame")))
        else:
            place = self._free_place(*_FRAME)
            frame = Frame(self.tr("Frame"), (place.x(), place.y()), _FRAME)
        frame = replace(frame, color=FRAME_COLORS[len(graph.frames) % len(FRAME_COLORS)])
        document.seal()
        merge = f"frame {len(graph.frames)}"
        document.edit_graph(self.tr("Add a frame"), replace(graph, frames=(*graph.frames, frame)), merge)
        item = canvas.stage.sheets.frames[-1]
        self._take(item)
        self._write_title(item, merge)

    def recolor(self) -> None:
        """The next colour for the selected frames."""
        chosen = [item.frame for item in self._canvas.stage.sheets.selected() if isinstance(item, FrameItem)]
        if not chosen:
            self._canvas.hint.emit(self.tr("Select a frame by its title to change its colour"))
            return
        after = {}
        for frame in chosen:
            next_one = (FRAME_COLORS.index(frame.color) + 1) % len(FRAME_COLORS)
            after[id(frame)] = replace(frame, color=FRAME_COLORS[next_one])
        graph = self._canvas.document.graph
        frames = tuple(after.get(id(frame), frame) for frame in graph.frames)
        self._canvas.document.edit_graph(self.tr("Colour a frame"), replace(graph, frames=frames))

    def write_on(self, sheet: Sheet) -> None:
        """Lets a note's words or a frame's title be written."""
        if isinstance(sheet, FrameItem):
            self._write_title(sheet, "")
            return
        sheet.written_on = True
        sheet.update()
        self._write(sheet.area, sheet.note.text, False, lambda words: self._written(sheet, words))

    def _write_title(self, item: FrameItem, merge: str) -> None:
        area = QRectF(item.area.x() + 6, item.area.y(), item.area.width() - 12, TITLE)
        item.written_on = True
        item.update()
        self._write(area, item.frame.title, True, lambda words: self._titled(item, words, merge))

    def _write(self, area: QRectF, words: str, single: bool, done: Callable[[str | None], None]) -> None:
        if self.writing is not None:
            self.writing.finish()
        self.writing = Writing(self._canvas, area, words, single, done)

    def _add_note(self, note: Note, words: str | None) -> None:
        self.writing = None
        if not words:
            return
        document = self._canvas.document
        graph = document.graph
        noted = replace(graph, notes=(*graph.notes, replace(note, text=words)))
        document.edit_graph(self.tr("Add a note"), noted)
        self._take(self._canvas.stage.sheets.notes[-1])

    def _written(self, item: NoteItem, words: str | None) -> None:
        self.writing = None
        item.written_on = False
        item.update()
        if not words or words == item.note.text:
            return
        self._change(self.tr("Write a note"), item, replace(item.note, text=words))

    def _titled(self, item: FrameItem, words: str | None, merge: str) -> None:
        self.writing = None
        item.written_on = False
        item.update()
        if words and words != item.frame.title:
            self._change(self.tr("Name a frame"), item, replace(item.frame, title=words), merge)
        self._canvas.document.seal()

    def resize(self, item: Sheet, size: tuple[float, float]) -> None:
        """Makes a sheet this large."""
        if isinstance(item, NoteItem):
            self._change(self.tr("Resize a note"), item, replace(item.note, size=size))
        else:
            self._change(self.tr("Resize a frame"), item, replace(item.frame, size=size))

    def _change(self, title: str, item: Sheet, value: Note | Frame, merge: str = "") -> None:
        document = self._canvas.document
        if isinstance(item, NoteItem) and item in self._canvas.stage.sheets.notes:
            index = self._canvas.stage.sheets.notes.index(item)
            document.edit_graph(title, with_note(document.graph, index, value), merge)
        elif isinstance(item, FrameItem) and item in self._canvas.stage.sheets.frames:
            index = self._canvas.stage.sheets.frames.index(item)
            document.edit_graph(title, with_frame(document.graph, index, value), merge)

    def _take(self, item: Sheet) -> None:
        self._canvas.select([])
        item.setSelected(True)

    def _free_place(self, width: float, height: float) -> QPointF:
        """In the middle of what is seen, or the next place to the right where no card and no note lies."""
        canvas = self._canvas
        middle = canvas.in_scene(QPointF(canvas.viewport().rect().center()))
        x, y = snapped(middle.x() - width / 2), snapped(middle.y() - height / 2)
        taken = [item.card for item in canvas.stage.node_items.values()]
        taken += [note.area for note in canvas.stage.sheets.notes]
        while any(
            QRectF(x - GRID, y - GRID, width + 2 * GRID, height + 2 * GRID).intersects(one) for one in taken
        ):
            x += 4 * GRID
        return QPointF(x, y)


def with_note(graph: Graph, index: int, note: Note | Frame) -> Graph:
    """With another note in place of that one."""
    assert isinstance(note, Note)
    return replace(graph, notes=(*graph.notes[:index], note, *graph.notes[index + 1 :]))


def with_frame(graph: Graph, index: int, frame: Note | Frame) -> Graph:
    """With another frame in place of that one."""
    assert isinstance(frame, Frame)
    return replace(graph, frames=(*graph.frames[:index], frame, *graph.frames[index + 1 :]))
