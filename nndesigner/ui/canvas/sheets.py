"""What lies behind the cards: notes and frames. Both are taken hold of, changed in size and written on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import is_
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from nndesigner.graph import Frame, Graph, Note
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.ink import Ink, ink, line_pen
from nndesigner.ui.canvas.metrics import Lettering, elided, font, laid_out

if TYPE_CHECKING:
    from nndesigner.ui.canvas.items import NodeItem
    from nndesigner.ui.canvas.scene import Scene

TITLE = 28.0  # the height of a frame's title, by which it is taken
HANDLE = 16.0  # the corner by which a sheet is made larger or smaller
_EDGE = 8.0
_BESIDE = 10.0  # around wide cards on paper
_CORNER = 6.0
_NO_PEN = Qt.PenStyle.NoPen
_FAMILIES = {
    "grey": "data",
    "blue": "linear",
    "green": "pooling",
    "yellow": "normalization",
    "red": "loss",
    "violet": "shaping",
}


class NoteItem(QGraphicsRectItem):
    """One note: words on a quiet sheet of paper."""

    def __init__(self, note: Note) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setZValue(-1)
        self.setPen(_NO_PEN)
        self.note = note
        self.written_on = False  # its words are those of the field above it
        self.show_note(note)

    def show_note(self, note: Note) -> None:
        """Shows this note from now on."""
        self.note = note
        self.setPos(*note.position)
        self.setRect(QRectF(0, 0, *note.size))
        self.update()

    @property
    def area(self) -> QRectF:
        """Where it is in the scene."""
        return self.rect().translated(self.pos())

    def takes(self, position: QPointF) -> bool:
        """Whether it is taken hold of here."""
        return self.area.contains(position)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        colors, rect = ink(), self.rect()
        painter.setPen(colors.ring if self.isSelected() and not colors.prints else colors.note_outline)
        painter.setBrush(colors.note)
        painter.drawRoundedRect(rect, _CORNER, _CORNER)
        if not colors.prints and painter.worldTransform().m11() < metrics.ITEMS_FROM:
            return
        if self.isSelected() and not colors.prints:
            paint_handle(painter, colors, rect)
        if self.written_on:
            return
        painter.setFont(font(Lettering.SMALL))
        painter.setPen(colors.secondary)
        painter.drawText(rect.adjusted(12, 8, -12, -8), Qt.TextFlag.TextWordWrap, self.note.text)


class FrameItem(QGraphicsRectItem):
    """One frame: a tinted area with a title."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setPen(_NO_PEN)
        self.frame = frame
        self.written_on = False
        self.show_frame(frame)

    def show_frame(self, frame: Frame) -> None:
        """Shows this frame from now on; one that is larger lies below others."""
        self.frame = frame
        self.setPos(*frame.position)
        self.setRect(QRectF(0, 0, *frame.size))
        self.setZValue(-2 - min(frame.size[0] * frame.size[1] / 1e9, 1.0))
        self.update()

    @property
    def area(self) -> QRectF:
        """Where it is in the scene."""
        return self.rect().translated(self.pos())

    def members(self, nodes: Iterable[NodeItem]) -> list[NodeItem]:
        """Those of these cards that lie in it."""
        return [item for item in nodes if self.area.contains(item.card)]

    def surround(self, members: Sequence[NodeItem]) -> None:
        """Is as wide as these cards need, which were made wider and moved to the sides."""
        if not members:
            return
        left = min(item.card.left() for item in members) - _BESIDE
        right = max(item.card.right() for item in members) + _BESIDE
        self.setPos(left, self.y())
        self.setRect(0, 0, right - left, self.rect().height())

    def takes(self, position: QPointF) -> bool:
        """Whether it is taken hold of here: by its title, its border or its corner; what is inside stays free."""
        area = self.area
        if not area.contains(position):
            return False
        inner = area.adjusted(_EDGE, TITLE, -_EDGE, -_EDGE)
        return not inner.contains(position) or in_corner(area, position)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        colors, rect = ink(), self.rect()
        selected = self.isSelected() and not colors.prints
        fill, edge = frame_colors(self.frame.color, colors)
        painter.setPen(colors.ring if selected else edge)
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, metrics.CORNER, metrics.CORNER)
        scale = painter.worldTransform().m11()
        if not colors.prints and scale < metrics.ITEMS_FROM:
            return
        if selected:
            paint_handle(painter, colors, rect)
        if self.written_on:
            return
        lettering = Lettering.NAME if colors.prints or scale >= metrics.FULL_FROM else Lettering.FAR
        title = elided(self.frame.title, lettering, rect.width() - 24)
        painter.setFont(font(lettering))
        painter.setPen(colors.text)
        painter.drawStaticText(
            QPointF(12, 6 if lettering is Lettering.NAME else 2), laid_out(title, lettering)
        )


Sheet = NoteItem | FrameItem
_Item = TypeVar("_Item", NoteItem, FrameItem)
_Value = TypeVar("_Value", Note, Frame)


def frame_colors(name: str, colors: Ink) -> tuple[QBrush, QPen]:
    """What a frame is filled with, faint enough for words on it, and its border."""
    hue = QColor(colors.theme.family(_FAMILIES[name]))
    fill, edge = QColor(hue), QColor(hue)
    fill.setAlphaF(0.08)
    edge.setAlphaF(0.45)
    pen = line_pen(edge, 1)
    pen.setCosmetic(not colors.prints)
    return QBrush(fill), pen


def paint_handle(painter: QPainter, colors: Ink, rect: QRectF) -> None:
    """Two short lines across the corner by which a sheet is made larger."""
    painter.setPen(line_pen(colors.accent, 1.5))
    right, lower = rect.right() - 4, rect.bottom() - 4
    for length in (5.0, 9.0):
        painter.drawLine(QPointF(right - length, lower), QPointF(right, lower - length))


def in_corner(area: QRectF, position: QPointF) -> bool:
    """Whether a place is in the corner by which an area is made larger."""
    corner = QRectF(area.right() - HANDLE, area.bottom() - HANDLE, HANDLE, HANDLE)
    return corner.contains(position)


class Sheets:
    """The notes and frames of a scene, in the order of the file."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.notes: list[NoteItem] = []
        self.frames: list[FrameItem] = []

    def follow(self, graph: Graph) -> None:
        """Shows the notes and frames of this graph; what is the same stays, and stays selected."""
        self._match(self.notes, graph.notes, [item.note for item in self.notes], NoteItem, NoteItem.show_note)
        shown = [item.frame for item in self.frames]
        self._match(self.frames, graph.frames, shown, FrameItem, FrameItem.show_frame)

    def _match(
        self,
        items: list[_Item],
        values: Sequence[_Value],
        shown: Sequence[_Value],
        make: Callable[[_Value], _Item],
        show: Callable[[_Item, _Value], None],
    ) -> None:
        if len(shown) == len(values) and all(map(is_, shown, values)):
            return
        kept = _matched(shown, values)
        for index, item in enumerate(items):
            if index not in kept:
                self._scene.removeItem(item)
        found = []
        for value, place in zip(values, kept, strict=True):
            if place is None:
                item = make(value)
                self._scene.addItem(item)
            else:
                item = items[place]
                show(item, value)
            found.append(item)
        items[:] = found

    def at(self, position: QPointF) -> Sheet | None:
        """The sheet that is taken hold of here, the uppermost."""
        for note in reversed(self.notes):
            if note.takes(position):
                return note
        taken = [frame for frame in self.frames if frame.takes(position)]
        return max(taken, key=lambda frame: frame.zValue(), default=None)

    def selected(self) -> tuple[Sheet, ...]:
        """The selected sheets."""
        return tuple(item for item in (*self.notes, *self.frames) if item.isSelected())

    def select_last(self, notes: int, frames: int) -> None:
        """Selects so many notes and frames that came last too."""
        for sheet in (*self.notes[len(self.notes) - notes :], *self.frames[len(self.frames) - frames :]):
            sheet.setSelected(True)

    def carried(self, sheets: Sequence[Sheet]) -> tuple[tuple[Sheet, ...], set[str]]:
        """These sheets with all that lies in their frames: other sheets, and nodes by name."""
        found: dict[Sheet, None] = dict.fromkeys(sheets)
        names: set[str] = set()
        for sheet in sheets:
            if not isinstance(sheet, FrameItem):
                continue
            area = sheet.area
            found |= dict.fromkeys(
                other
                for other in (*self.notes, *self.frames)
                if other is not sheet and area.contains(other.area)
            )
            names |= {name for name, item in self._scene.node_items.items() if area.contains(item.card)}
        return tuple(found), names

    def places(self, sheets: Iterable[Sheet]) -> tuple[set[int], set[int]]:
        """Where notes and where frames of these stand in the file."""
        chosen = set(sheets)
        return (
            {index for index, note in enumerate(self.notes) if note in chosen},
            {index for index, frame in enumerate(self.frames) if frame in chosen},
        )

    def bounds(self) -> QRectF:
        """The area they all take."""
        area = QRectF()
        for sheet in (*self.notes, *self.frames):
            area = area.united(sheet.area)
        return area


def _matched(before: Sequence[object], after: Sequence[object]) -> list[int | None]:
    """For each value which item shows it from now on: the one that does already, or else the one in its place."""
    by_value = {id(value): index for index, value in enumerate(before)}
    found: list[int | None] = [by_value.get(id(value)) for value in after]
    taken = {index for index in found if index is not None}
    same_count = len(before) == len(after)
    for place, index in enumerate(found):
        if index is None and same_count and place not in taken:
            found[place] = place
            taken.add(place)
    return found
