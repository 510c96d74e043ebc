"""The menu under the pointer on the canvas: what can be done with what is selected, from the table of actions."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from nndesigner.blocks import uses
from nndesigner.ui.canvas.sheets import FrameItem
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.wire_work import can_swap, wires_of_selection

_ON_NODES = (
    "go_in",
    "values",
    "replace",
    "swap_inputs",
    "disconnect",
    "",
    "make_block",
    "unpack_block",
    "make_unique",
    "keep_block",
    "frame",
    "",
    "align",
    "arrange_selection",
    "frame_color",
    "",
    "cut",
    "copy",
    "duplicate",
    "delete",
)
_ALIGN = (
    *("align_left", "align_center", "align_right", "", "align_top", "align_middle", "align_bottom"),
    *("", "distribute_across", "distribute_down"),
)
_ON_PAPER = (
    "go_out",
    "",
    "add_here",
    "type_line",
    "",
    "paste",
    "select_all",
    "",
    "note",
    "frame",
    "arrange",
    "",
    "fit",
    "new_block",
)


class ContextMenu(QMenu):
    """What can be done here, made anew each time it opens."""

    def __init__(self, canvas: Canvas, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvasMenu")
        self._canvas, self._made = canvas, actions
        self._place = QPoint()
        # Its place is where the menu was asked for, not where the pointer is when it is chosen.
        self._here = QAction(parent)  # of its own, it would be deleted when the menu is made anew
        self._here.setObjectName("addHereAction")
        self._here.triggered.connect(self._add_here)
        canvas.menu_wanted.connect(self.open_at)

    def open_at(self, place: QPoint) -> None:
        """Opens at a place of the screen."""
        document, names = self._canvas.document, self._canvas.selected_names()
        kinds = [document.graph.nodes[name].kind for name in names]
        blocks = sum(kind in document.project.blocks for kind in kinds)
        left_out = set()
        if blocks != 1 or len(names) != 1:
            left_out.add("go_in")
        if not blocks:
            left_out.add("unpack_block")
        if blocks != 1:
            left_out.add("keep_block")
        if blocks != 1 or len(names) != 1 or kinds.count(kinds[0]) == len(uses(document.project, kinds[0])):
            left_out.add("make_unique")
        if len(names) < 2:
            left_out |= {"align", "arrange_selection"}
        if len(names) != 1:
            left_out.add("replace")
        if not can_swap(self._canvas):
            left_out.add("swap_inputs")
        if not wires_of_selection(self._canvas):
            left_out.add("disconnect")
        if not document.place.path:
            left_out.add("go_out")
        sheets = self._canvas.stage.sheets.selected()
        if sheets and not names:
            left_out |= {"make_block", "frame"}
        if not any(isinstance(one, FrameItem) for one in sheets):
            left_out.add("frame_color")
        chosen = bool(names or sheets or self._canvas.stage.selected_edges())
        self.clear()
        self._fill(self, [name for name in (_ON_NODES if chosen else _ON_PAPER) if name not in left_out])
        self._place = place
        self.popup(place)

    def _add_here(self) -> None:
        self._canvas.search_wanted.emit(QPointF(self._canvas.viewport().mapFromGlobal(self._place)), None)

    def _fill(self, menu: QMenu, names: Sequence[str]) -> None:
        """Puts actions into a menu, a line where a name is empty."""
        line = False
        for name in names:
            if not name:
                line = not menu.isEmpty()
                continue
            if line:
                menu.addSeparator()
            line = False
            if name == "align":
                self._fill(menu.addMenu(self.tr("Align")), _ALIGN)
            elif name == "add_here":
                self._here.setText(self._made[name].text())
                self._here.setIcon(self._made[name].icon())
                menu.addAction(self._here)
            else:
                menu.addAction(self._made[name])
