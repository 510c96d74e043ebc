"""The page of a comparison: what was and what is side by side, looked at together, and the list of what differs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from nndesigner.blocks import MAIN, Place
from nndesigner.difference import Difference, GraphDifference, Line, NodeDifference, Sign, difference
from nndesigner.graph import Edge, Frame, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.compare.listing import Listing
from nndesigner.ui.compare.marks import CardMark, FrameMark, Ghost, WireMark
from nndesigner.ui.compare.sheet import Sheet
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.facts import quiet_button
from nndesigner.ui.theme import font

_LIST = 304
_HEAD = 40


@dataclass(frozen=True)
class Side:
    """One of the two: what it is called, and the project."""

    title: str
    project: Project


class ComparePage(QWidget):
    """Two projects side by side.

    **Signals:** `left` when a person goes back to the canvas.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparePage")
        self.setAccessibleName(self.tr("Comparison"))
        self.before = Sheet("sheetBefore")
        self.before.setAccessibleName(self.tr("Before"))
        self.after = Sheet("sheetAfter")
        self.after.setAccessibleName(self.tr("After"))
        self.listing = Listing()
        self.block = ""
        self.found = Difference()
        self._sides = Side("", Project()), Side("", Project())
        self._apart = QPointF()
        self._ghosts: dict[Sheet, dict[str, QRectF]] = {self.before: {}, self.after: {}}
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self.fit)
        self._lay_out()
        self.before.looked.connect(lambda: self._follow(self.before))
        self.after.looked.connect(lambda: self._follow(self.after))
        self.before.chosen.connect(lambda name: self._choose_node(self.before, name))
        self.after.chosen.connect(lambda name: self._choose_node(self.after, name))
        self.listing.chosen.connect(self._choose)

    def _lay_out(self) -> None:
        self._back = quiet_button(self.tr("Back to the canvas"), "compareBack", "chevron-left")
        self._back.clicked.connect(self.left)
        self._where = ElidedLabel()
        self._where.setObjectName("compareWhere")
        self._where.setFont(font(15))
        fit = quiet_button(self.tr("Fit"), "compareFit", "fit")
        fit.clicked.connect(self.fit)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 16, 4)
        head.setSpacing(16)
        head.addWidget(self._back)
        head.addWidget(self._where, 1)
        head.addWidget(fit)
        self._titles = ElidedLabel(), ElidedLabel()
        for title in self._titles:
            title.setFont(font(13, QFont.Weight.DemiBold))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for sheet, title in zip((self.before, self.after), self._titles, strict=True):
            split.addWidget(_captioned(title, sheet))
        split.addWidget(self.listing)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setStretchFactor(2, 0)
        self._split = split
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(_rule())
        column.addWidget(split, 1)

    # What is shown.

    def show_sides(self, before: Side, after: Side) -> None:
        """Compares these two, and shows all of the main network, or of the first block that differs."""
        self._sides = before, after
        self.found = difference(before.project, after.project)
        for label, side in zip(self._titles, self._sides, strict=True):
            label.setText(side.title)
        self.listing.show_difference(self.found)
        first = next((one.block for one in self.found.graphs if one), "")
        self._show_graph(first)
        count = self.listing.total
        self._where.setText(self._words(count))
        self._settle.start()  # both have their room only once the page is laid out

    def follow(self, project: Project) -> None:
        """The project at the right was edited: what is looked at stays."""
        if project is self._sides[1].project:
            return
        self._sides = self._sides[0], replace(self._sides[1], project=project)
        self.found = difference(self._sides[0].project, project)
        self.listing.show_difference(self.found)
        self._show_graph(self.block if self.block in project.blocks else "")
        self._where.setText(self._words(self.listing.total))

    def _words(self, count: int) -> str:
        if not count:
            return self.tr("No difference")
        return self.tr("One difference") if count == 1 else self.tr("{} differences").format(count)

    def _show_graph(self, block: str) -> None:
        """Shows the main graph, or the inside of a block."""
        self.block = block
        found = self.found.graph(block)
        back = {new: old for old, new in self.found.blocks_renamed.items()}
        names = back.get(block, block), block
        for sheet, side, name in zip((self.before, self.after), self._sides, names, strict=True):
            sheet.show_graph(*_graph_of(side.project, name))
        self._mark(found)

    def _mark(self, found: GraphDifference) -> None:
        gone = [one for one in found.nodes if one.sign == "-" and one.before is not None]
        new = [one for one in found.nodes if one.sign == "+" and one.after is not None]
        changed = [one for one in found.nodes if one.sign == "~"]
        self.before.lay_over(*_wire_marks(self.before, found.wires_removed, "-"))
        self.after.lay_over(*_wire_marks(self.after, found.wires_added, "+"))
        self.before.lay_over(*_frame_marks((one.before, one.sign, "") for one in found.frames))
        self.after.lay_over(
            *_frame_marks((one.after, one.sign, ", ".join(one.changes)) for one in found.frames)
        )
        cards, others = self.before.cards(), self.after.cards()
        self.before.lay_over(*(CardMark(cards[one.before.name], "-") for one in gone))
        self.after.lay_over(*(CardMark(others[one.after.name], "+") for one in new))
        for one in changed:
            self.before.lay_over(CardMark(cards[one.before.name], "~", _was(one)))
            self.after.lay_over(CardMark(others[one.after.name], "~", _is(one)))
        self._mark_insides(changed)
        graphs = self.before.stage.project.graph, self.after.stage.project.graph
        back = {after: before for before, after in found.renamed.items()}
        self._ghost(self.after, [one.before for one in gone], graphs, dict(found.renamed))
        self._ghost(self.before, [one.after for one in new], graphs[::-1], back)

    def _mark_insides(self, changed: Iterable[NodeDifference]) -> None:
        """Nodes that are blocks which differ inside."""
        told = {one.after.name for one in changed if one.after is not None}
        blocks = {one.block for one in self.found.graphs if one and one.block}
        for sheet in (self.before, self.after):
            for name, item in sheet.stage.node_items.items():
                kind = self.found.blocks_renamed.get(item.node.kind, item.node.kind)
                if kind in blocks and name not in told:
                    sheet.lay_over(CardMark(QRectF(item.card), "~", self.tr("differs inside")))

    def _ghost(
        self, sheet: Sheet, missing: Iterable[Node], graphs: tuple[Graph, Graph], names: Mapping[str, str]
    ) -> None:
        """Shows where nodes are missing: beside what they are wired to on the other side."""
        there, _ = graphs
        cards, other = sheet.cards(), (self.before if sheet is self.after else self.after).cards()
        self._ghosts[sheet] = {}
        for node in missing:
            wired = [
                edge.source if edge.target == node.name else edge.target
                for edge in there.edges_of([node.name])
            ]
            near = next((name for name in sorted(wired) if names.get(name, name) in cards), None)
            if near is None:
                continue
            shift = cards[names.get(near, near)].topLeft() - other[near].topLeft()
            place = other[node.name].translated(shift)
            self._ghosts[sheet][node.name] = place
            if not any(place.intersects(card) for card in cards.values()):
                sheet.lay_over(Ghost(place, node.name))

    # Where it is looked at.

    def fit(self) -> None:
        """Shows all of both, equally large, one beside the other where what is equal stands equal."""
        areas = [_area(sheet) for sheet in (self.before, self.after)]
        scale = min(
            sheet.scale_to_fit(area) for sheet, area in zip((self.before, self.after), areas, strict=True)
        )
        moved = self.found.graph(self.block).moved
        if not moved and all(area.isValid() for area in areas):
            whole = areas[0].united(areas[1])
            scale = min(self.before.scale_to_fit(whole), self.after.scale_to_fit(whole))
            areas = [whole, whole]
        self._apart = areas[1].center() - areas[0].center()
        self.before.look_at(scale, areas[0].center())
        self.after.look_at(scale, areas[1].center())

    def _follow(self, sheet: Sheet) -> None:
        """The other one is moved and zoomed along."""
        if sheet is self.before:
            self.after.look_at(sheet.scale_, sheet.middle + self._apart)
        else:
            self.before.look_at(sheet.scale_, sheet.middle - self._apart)

    def _choose(self, block: str, line: Line) -> None:
        """Brings what a line is about to the middle of both."""
        self._settle.stop()
        if block != self.block:
            self._show_graph(block)
            self.fit()
        targets = []
        for sheet, names in ((self.before, line.before), (self.after, line.after)):
            cards = {**self._ghosts[sheet], **sheet.cards()}
            others = line.after if sheet is self.before else line.before
            area = QRectF()
            for name in names or others:
                if name in cards:
                    area = area.united(cards[name])
            targets.append(area)
            sheet.mark_chosen(names)
        middles = [area.center() for area in targets]
        if not targets[0].isValid() and targets[1].isValid():
            middles[0] = middles[1] - self._apart
        elif not targets[1].isValid() and targets[0].isValid():
            middles[1] = middles[0] + self._apart
        elif not targets[0].isValid():
            return
        self._apart = middles[1] - middles[0]
        scale = max(self.before.scale_, 0.75)
        for sheet, middle in zip((self.before, self.after), middles, strict=True):
            if sheet.scale_ != scale:
                sheet.look_at(scale, sheet.middle)
            sheet.camera.glide_to(middle)

    def _choose_node(self, sheet: Sheet, name: str) -> None:
        found = self.found.graph(self.block)
        names = dict(found.renamed)
        if sheet is self.after:
            self.before.mark_chosen([{new: old for old, new in names.items()}.get(name, name)])
        else:
            self.after.mark_chosen([names.get(name, name)])
        sheet.mark_chosen([name])
        self.listing.mark(self.block, name, sheet is self.before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.after.zoom_in()
            case Qt.Key.Key_Minus:
                self.after.zoom_out()
            case Qt.Key.Key_0:
                self.fit()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = max(_LIST, round(0.18 * event.size().width()))
        rest = (event.size().width() - wide) // 2
        self._split.setSizes([rest, rest, wide])


def _graph_of(project: Project, block: str) -> tuple[Project, Place]:
    if not block:
        return project, MAIN
    return replace(project, graph=project.blocks[block].graph), Place(block)


def _wire_marks(sheet: Sheet, edges: Iterable[Edge], sign: Sign) -> list[WireMark]:
    return [WireMark(sheet.stage.edge_items[edge], sign) for edge in edges if edge in sheet.stage.edge_items]


def _frame_marks(frames: Iterable[tuple[Frame | None, Sign, str]]) -> Iterator[FrameMark]:
    """Marks round frames as they lie on one side."""
    for frame, sign, words in frames:
        if frame is not None:
            yield FrameMark(QRectF(*frame.position, *frame.size), sign, words)


def _was(one: NodeDifference) -> str:
    return ", ".join(change.said_before for change in one.changes)


def _is(one: NodeDifference) -> str:
    return ", ".join(change.said_after for change in one.changes)


def _area(sheet: Sheet) -> QRectF:
    area = sheet.stage.bounds()
    for mark in sheet.stage.overlays:
        area = area.united(mark.sceneBoundingRect())
    return area


def _captioned(title: ElidedLabel, sheet: Sheet) -> QWidget:
    holder = QWidget()
    title.setContentsMargins(16, 0, 16, 0)
    title.setFixedHeight(_HEAD - 8)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(title)
    column.addWidget(sheet, 1)
    return holder


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("rule", True)
    return rule
