"""Which gesture a press begins: by the button, the keys, and what lies under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent

from nndesigner.ui.canvas import grip, metrics
from nndesigner.ui.canvas.cutting import Blade
from nndesigner.ui.canvas.gestures import Gesture, MoveNodes, Pan, ResizeSheet, RubberBand
from nndesigner.ui.canvas.sheets import Sheet, in_corner
from nndesigner.ui.canvas.wiring import LiftEnd, PullWire

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_ADDING = Qt.KeyboardModifier.ShiftModifier | _CONTROL


def gesture_at(canvas: Canvas, event: QMouseEvent) -> Gesture | None:
    """The gesture that begins here, if any; the selection follows the press at once."""
    button, at = event.button(), event.position()
    if button == Qt.MouseButton.MiddleButton:
        return Pan(canvas, at)
    if button == Qt.MouseButton.LeftButton:
        if canvas.panning_by_space:
            return Pan(canvas, at)
        if event.modifiers() & _ALT and canvas.stage.node_at(canvas.in_scene(at)) is None:
            return Blade(canvas, at)
        return _drawing_at(canvas, at, bool(event.modifiers() & _ADDING))
    if button == Qt.MouseButton.RightButton and event.modifiers() & _CONTROL:
        return Blade(canvas, at)
    if button == Qt.MouseButton.RightButton:
        name = canvas.stage.node_at(canvas.in_scene(at))
        if name is not None and name not in canvas.selected_names():
            canvas.select([name])
        sheet = canvas.stage.sheets.at(canvas.in_scene(at)) if name is None else None
        if sheet is not None and not sheet.isSelected():
            canvas.select([])
            sheet.setSelected(True)
    return None


def asks_for_menu(event: QContextMenuEvent) -> bool:
    """Whether it is a menu that is asked for: the right button may hold the blade."""
    by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
    return not (by_mouse and event.modifiers() & _CONTROL)


def opened(canvas: Canvas, event: QMouseEvent) -> bool:
    """Whether a second press opens a card: a block is gone into, the values of a layer are to be changed there."""
    position = canvas.in_scene(event.position())
    name = canvas.stage.node_at(position)
    plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & _ADDING
    if name is None and plain and (sheet := canvas.stage.sheets.at(position)) is not None:
        canvas.annotating.write_on(sheet)
        return True
    if name is None or not plain:
        return False
    if canvas.stage.node_items[name].node.kind in canvas.document.project.blocks:
        canvas.entered.emit(name)
        return True
    near = canvas.stage.port_at(position, canvas.reach()) if canvas.shows_items else None
    if near is None:
        canvas.values_wanted.emit(name)
    return near is None


def searched(canvas: Canvas, event: QMouseEvent) -> bool:
    """Whether a second press is beside all cards and ports; if so, a layer is asked for, to stand there or in the wire."""
    position = canvas.in_scene(event.position())
    plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & _ADDING
    near = canvas.stage.port_at(position, canvas.reach()) if canvas.shows_items else None
    if not plain or near is not None or canvas.panning_by_space or canvas.stage.node_at(position) is not None:
        return False
    canvas.select(name for name in canvas.chosen_before if name in canvas.document.graph.nodes)
    canvas.search_wanted.emit(event.position(), None)
    return True


def _drawing_at(canvas: Canvas, at: QPointF, adding: bool) -> Gesture | None:
    stage, position = canvas.stage, canvas.in_scene(at)
    # From further away, where ports are not painted, the middle of a card must not be taken for one of them.
    pixels = metrics.PORT_REACH if canvas.camera.scale >= metrics.FULL_FROM else metrics.PORT_REACH / 2
    if canvas.shows_items and (place := stage.port_at(position, canvas.reach(pixels))) is not None:
        return PullWire(canvas, grip.at_port(canvas, place, along=adding), at)
    if (name := stage.node_at(position)) is not None:
        return _grabbed(canvas, at, name, adding)
    if (edge := stage.edge_at(position, canvas.reach(8))) is not None:
        chosen = {*stage.selected_edges()} ^ {edge} if adding else {edge}
        stage.select(stage.selected_names() if adding else (), chosen)
        end = None if adding else grip.on_wire(canvas, edge, position)
        return LiftEnd(canvas, end, at) if end is not None else None
    if (sheet := stage.sheets.at(position)) is not None:
        return _sheet_grabbed(canvas, at, sheet, adding)
    return RubberBand(canvas, at, adding)


def _sheet_grabbed(canvas: Canvas, at: QPointF, sheet: Sheet, adding: bool) -> Gesture | None:
    stage = canvas.stage
    if in_corner(sheet.area, canvas.in_scene(at)):
        return ResizeSheet(canvas, at, sheet)
    if adding:
        sheet.setSelected(not sheet.isSelected())
        return None
    if not sheet.isSelected():
        stage.select([])
        sheet.setSelected(True)
    return MoveNodes(canvas, at, sheet, stage.selected_names(), None, stage.sheets.selected())


def _grabbed(canvas: Canvas, at: QPointF, name: str, adding: bool) -> Gesture | None:
    stage = canvas.stage
    chosen = stage.selected_names()
    if adding and name in chosen:
        stage.select([one for one in chosen if one != name], stage.selected_edges())
        return None
    if adding:
        stage.select((*chosen, name), stage.selected_edges())
    elif name not in chosen:
        stage.select([name])
    clicked = name if not adding and len(chosen) > 1 and name in chosen else None
    return MoveNodes(canvas, at, name, stage.selected_names(), clicked, stage.sheets.selected())
