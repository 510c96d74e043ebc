"""What a hand does on the canvas: one object a gesture, alive from press to release, that makes one edit at most."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from nndesigner.ui.canvas import edits
from nndesigner.ui.canvas.guides import Guides
from nndesigner.ui.canvas.ink import ink, line_pen
from nndesigner.ui.canvas.metrics import snapped
from nndesigner.ui.canvas.raft import Raft
from nndesigner.ui.canvas.sheets import FrameItem, Sheet

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

START_DISTANCE = 4
_LEAST = (80.0, 48.0)  # of a note or a frame


class Gesture(Protocol):
    """One drag. It is made at the press; places are those of the viewport."""

    def move(self, at: QPointF) -> None:
        """The pointer is here now."""

    def release(self, at: QPointF) -> None:
        """The button was let go here: the gesture's edit is made."""

    def cancel(self) -> None:
        """Nothing happened, and everything is where it was."""


class Pan:
    """The paper is moved under the window."""

    def __init__(self, canvas: Canvas, at: QPointF) -> None:
        self._canvas, self._last = canvas, at
        canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, at: QPointF) -> None:
        """Moves it along."""
        way = at - self._last
        steps = QPointF(round(way.x()), round(way.y()))
        self._canvas.camera.scroll(-steps.x(), -steps.y())
        self._last += steps

    def release(self, at: QPointF) -> None:
        """Lets it lie."""
        self._canvas.viewport().unsetCursor()

    def cancel(self) -> None:
        """Lets it lie where it is: looking changes nothing."""
        self._canvas.viewport().unsetCursor()


class _Band(QGraphicsRectItem):
    """The rectangle itself, whose edges are sharp."""

    def __init__(self) -> None:
        super().__init__()
        self.setPen(line_pen(ink().accent, 1))
        self.setBrush(ink().accent_veil)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(self.rect(), self.brush())
        painter.setPen(self.pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect())


class RubberBand:
    """A rectangle is drawn, and what it touches is selected, beside what was before if `adding`."""

    def __init__(self, canvas: Canvas, at: QPointF, adding: bool) -> None:
        self._canvas, self._start = canvas, canvas.in_scene(at)
        self._before = canvas.stage.selected_names()
        self._kept = self._before if adding else ()
        self._touched: set[str] = set()
        self._band = _Band()
        canvas.stage.select(self._kept)
        canvas.stage.add_overlay(self._band)

    def move(self, at: QPointF) -> None:
        """Draws it from its corner to here."""
        area = QRectF(self._start, self._canvas.in_scene(at)).normalized()
        self._band.setRect(area)
        if (touched := self._canvas.stage.nodes_in(area)) != self._touched:
            self._touched = touched
            self._canvas.stage.select((*self._kept, *touched))

    def release(self, at: QPointF) -> None:
        """Keeps the selection."""
        self._canvas.stage.remove_overlay(self._band)

    def cancel(self) -> None:
        """Selects what was selected before."""
        self._canvas.stage.remove_overlay(self._band)
        self._canvas.stage.select(self._before)


class MoveNodes:
    """Nodes and sheets are dragged, the grabbed one along the grid and the others with it, frames with all that lies in
    them. `clicked` is selected alone when nothing was dragged.
    """

    def __init__(
        self,
        canvas: Canvas,
        at: QPointF,
        grabbed: str | Sheet,
        names: Iterable[str],
        clicked: str | None,
        sheets: Iterable[Sheet] = (),
    ) -> None:
        self._canvas, self._pressed, self._clicked = canvas, at, clicked
        self._sheets, held = canvas.stage.sheets.carried(tuple(sheets))
        self._names = tuple(
            dict.fromkeys((*names, *(one for one in canvas.document.graph.nodes if one in held)))
        )
        self._places = {sheet: sheet.pos() for sheet in self._sheets}
        card = canvas.stage.node_items[grabbed].card if isinstance(grabbed, str) else grabbed.area
        self._card = QRectF(card)
        self._grabbed = (card.x(), card.y())
        self._title = title_of("move", self._names) if isinstance(grabbed, str) else moved_title(grabbed)
        self._guides: Guides | None = None
        self._start = canvas.in_scene(at)
        self._way = QPointF()
        self._raft: Raft | None = None

    def move(self, at: QPointF) -> None:
        """Moves the cards, and their wires once."""
        if self._raft is None:
            if (at - self._pressed).manhattanLength() < START_DISTANCE:
                return
            self._raft = Raft(self._canvas.stage, self._names)
            self._guides = Guides(self._canvas, self._card, set(self._names))
        to = self._canvas.in_scene(at) - self._start
        x, y = self._grabbed
        way = self._guides.settled(x + to.x(), y + to.y()) - QPointF(x, y)
        if way != self._way:
            self._way = way
            self._raft.move(way)
            for sheet, place in self._places.items():
                sheet.setPos(place + way)

    def release(self, at: QPointF) -> None:
        """Makes the move one edit."""
        if self._raft is None:
            if self._clicked is not None:
                self._canvas.stage.select([self._clicked])
            return
        self._end()
        if self._way.isNull():
            return
        way = (self._way.x(), self._way.y())
        notes, frames = self._canvas.stage.sheets.places(self._sheets)
        after = edits.moved(self._canvas.document.graph, self._names, way, notes, frames)
        self._canvas.document.edit_graph(self._title, after)

    def cancel(self) -> None:
        """Puts the cards back."""
        self._end()

    def _end(self) -> None:
        if self._raft is not None:
            self._raft.land()
        for sheet, place in self._places.items():
            sheet.setPos(place)
        if self._guides is not None:
            self._guides.end()


class ResizeSheet:
    """A note or a frame is made larger or smaller by its corner."""

    def __init__(self, canvas: Canvas, at: QPointF, sheet: Sheet) -> None:
        self._canvas, self._sheet = canvas, sheet
        self._size = (sheet.rect().width(), sheet.rect().height())
        self._start = canvas.in_scene(at)
        self._wanted = self._size

    def move(self, at: QPointF) -> None:
        """Shows it that large."""
        way = self._canvas.in_scene(at) - self._start
        width, height = self._size[0] + way.x(), self._size[1] + way.y()
        self._wanted = (max(snapped(width), _LEAST[0]), max(snapped(height), _LEAST[1]))
        self._sheet.setRect(QRectF(QPointF(), QSizeF(*self._wanted)))

    def release(self, at: QPointF) -> None:
        """Makes that one edit."""
        if self._wanted != self._size:
            self._canvas.annotating.resize(self._sheet, self._wanted)

    def cancel(self) -> None:
        """Makes it as large as it was."""
        self._sheet.setRect(QRectF(QPointF(), QSizeF(*self._size)))


def moved_title(sheet: Sheet) -> str:
    """What moving a note or a frame is called in the list of edits."""
    if isinstance(sheet, FrameItem):
        return QCoreApplication.translate("Canvas", "Move the frame {title}").format(title=sheet.frame.title)
    return QCoreApplication.translate("Canvas", "Move a note")


def title_of(verb: str, names: tuple[str, ...], wires: int = 0, sheets: int = 0) -> str:
    """What an edit of these nodes is called in the list of edits."""
    one = {
        "move": QCoreApplication.translate("Canvas", "Move {name}"),
        "delete": QCoreApplication.translate("Canvas", "Delete {name}"),
        "paste": QCoreApplication.translate("Canvas", "Paste {name}"),
        "cut": QCoreApplication.translate("Canvas", "Cut {name}"),
        "duplicate": QCoreApplication.translate("Canvas", "Duplicate {name}"),
    }
    many = {
        "move": QCoreApplication.translate("Canvas", "Move {count} nodes"),
        "delete": QCoreApplication.translate("Canvas", "Delete {count} nodes"),
        "paste": QCoreApplication.translate("Canvas", "Paste {count} nodes"),
        "cut": QCoreApplication.translate("Canvas", "Cut {count} nodes"),
        "duplicate": QCoreApplication.translate("Canvas", "Duplicate {count} nodes"),
    }
    if len(names) == 1:
        return one[verb].format(name=names[0])
    if not names and sheets and not wires:
        sheet = {
            "delete": QCoreApplication.translate("Canvas", "Delete {count} notes and frames"),
            "paste": QCoreApplication.translate("Canvas", "Paste {count} notes and frames"),
            "cut": QCoreApplication.translate("Canvas", "Cut {count} notes and frames"),
            "duplicate": QCoreApplication.translate("Canvas", "Duplicate {count} notes and frames"),
        }
        if sheets > 1:
            return sheet[verb].format(count=sheets)
        return {
            "delete": QCoreApplication.translate("Canvas", "Delete a note or frame"),
            "paste": QCoreApplication.translate("Canvas", "Paste a note or frame"),
            "cut": QCoreApplication.translate("Canvas", "Cut a note or frame"),
            "duplicate": QCoreApplication.translate("Canvas", "Duplicate a note or frame"),
        }[verb]
    if not names and wires:
        if wires == 1:
            return QCoreApplication.translate("Canvas", "Delete a wire")
        return QCoreApplication.translate("Canvas", "Delete {count} wires").format(count=wires)
    return many[verb].format(count=len(names))
