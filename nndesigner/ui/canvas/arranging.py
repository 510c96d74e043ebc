"""Bringing order into a drawing: laid out as a whole or in part, aligned, distributed. Each is one edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractAnimation,
    QEasingCurve,
    QEvent,
    QObject,
    QPointF,
    QRectF,
    QVariantAnimation,
)

from nndesigner import layout
from nndesigner.graph import Graph, Position
from nndesigner.layout.aligning import Side, aligned, distributed
from nndesigner.layout.card import Card
from nndesigner.layout.following import followed
from nndesigner.layout.ground import Box
from nndesigner.ui.canvas.metrics import GRID, snapped

if TYPE_CHECKING:
    from nndesigner.ui.canvas.scene import Scene
    from nndesigner.ui.canvas.view import Canvas

_MOST_MOVING = 400  # more cards than this jump: nobody follows them, and each step would take long
_APART = 2 * GRID
_ENDING = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.DragEnter)


def cards_of(scene: Scene) -> dict[str, Card]:
    """The size and the ports of each card."""
    return {
        name: Card(
            item.face.width,
            item.face.height,
            {spot.name: spot.x for spot in item.face.inputs},
            {spot.name: spot.x for spot in item.face.outputs},
        )
        for name, item in scene.node_items.items()
    }


class Arranging(QObject):
    """The arrangements of one canvas. `across` says that layers run from left to right."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.across = False
        self.gliding = Gliding(canvas)

    def run(self, across: bool) -> None:
        """Layers run this way from now on; the drawing is laid out so at once."""
        self.across = across
        self.lay_out()

    def lay_out(self) -> None:
        """Lays out all nodes, from where the upper left one is."""
        graph, cards = self._canvas.document.graph, cards_of(self._canvas.stage)
        if not graph.nodes:
            return
        found = layout.arranged(graph, cards=cards, across=self.across)
        left = snapped(min(node.position[0] for node in graph.nodes.values()))
        top = snapped(min(node.position[1] for node in graph.nodes.values()))
        positions = {name: (x + left, y + top) for name, (x, y) in found.items()}
        self._move(self.tr("Arrange all"), followed(graph, positions, cards), whole=True)

    def lay_out_selection(self) -> None:
        """Lays out the selected nodes, where they are, beside what else is there."""
        canvas = self._canvas
        names = canvas.selected_names()
        if len(names) < 2:
            canvas.hint.emit(self.tr("Select two nodes or more to arrange them"))
            return
        graph, cards = canvas.document.graph, cards_of(canvas.stage)
        chosen = set(names)
        part = Graph.of(
            [graph.nodes[name] for name in names],
            (edge for edge in graph.edges if edge.source in chosen and edge.target in chosen),
        )
        found = layout.arranged(part, cards=cards, across=self.across)
        before = _around(graph, names, cards)
        after = _around(part.move(found), names, cards)
        way = before.center() - after.center()
        x, y = snapped(way.x()), snapped(way.y())
        others = [item.card for name, item in canvas.stage.node_items.items() if name not in chosen]
        while any(
            QRectF(a + x, b + y, cards[name].width, cards[name].height)
            .adjusted(-_APART, -_APART, _APART, _APART)
            .intersects(other)
            for name, (a, b) in found.items()
            for other in others
        ):
            x += 4 * GRID
        positions = {name: (a + x, b + y) for name, (a, b) in found.items()}
        self._move(self.tr("Arrange {count} nodes").format(count=len(names)), graph.move(positions))

    def align(self, side: Side) -> None:
        """Puts the selected nodes in line."""
        boxes = self._boxes(2, self.tr("Select two nodes or more to align them"))
        if boxes:
            self._move(
                self.tr("Align {count} nodes").format(count=len(boxes)), self._moved(aligned(boxes, side))
            )

    def distribute(self, across: bool) -> None:
        """Makes the gaps between the selected nodes the same."""
        boxes = self._boxes(3, self.tr("Select three nodes or more to distribute them"))
        if boxes:
            words = self.tr("Distribute {count} nodes").format(count=len(boxes))
            self._move(words, self._moved(distributed(boxes, across)))

    def _boxes(self, least: int, words: str) -> dict[str, Box]:
        names = self._canvas.selected_names()
        if len(names) < least:
            self._canvas.hint.emit(words)
            return {}
        cards = {name: self._canvas.stage.node_items[name].card for name in names}
        return {
            name: Box(card.x(), card.y(), card.x() + card.width(), card.y() + card.height())
            for name, card in cards.items()
        }

    def _moved(self, positions: Mapping[str, Position]) -> Graph:
        return self._canvas.document.graph.move(positions)

    def _move(self, title: str, after: Graph, whole: bool = False) -> None:
        canvas = self._canvas
        before = {name: node.position for name, node in canvas.document.graph.nodes.items()}
        if after == canvas.document.graph:
            canvas.hint.emit(self.tr("Everything is in its place already"))
            if whole:
                canvas.fit()
            return
        canvas.document.edit_graph(title, after)
        canvas.refresh_overview()
        if whole:
            canvas.fit()
        self.gliding.show(before)


class Gliding(QObject):
    """Cards that have been moved by an edit are seen going there. It changes nothing but what is shown, and anything
    that happens meanwhile ends it at once.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._from: dict[str, QPointF] = {}
        self._way = QVariantAnimation(self)
        self._way.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._way.setStartValue(0.0)
        self._way.setEndValue(1.0)
        self._way.valueChanged.connect(self._step)
        self._way.finished.connect(self.finish)
        canvas.document.changed.connect(self.finish)
        canvas.installEventFilter(self)
        canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._from and event.type() in _ENDING:
            self.finish()
        return False

    @property
    def runs(self) -> bool:
        """Whether cards are on their way."""
        return bool(self._from)

    def show(self, before: Mapping[str, Position]) -> None:
        """Shows the cards going from where they were to where they are, if motion is wanted."""
        graph = self._canvas.document.graph
        moved = {
            name: QPointF(*place)
            for name, place in before.items()
            if name in graph.nodes and graph.nodes[name].position != place
        }
        duration = self._canvas.camera.duration()
        if not duration or not moved or len(moved) > _MOST_MOVING:
            return
        self._from = moved
        self._way.setDuration(duration)
        self._step(0.0)
        self._way.start()

    def finish(self) -> None:
        """Puts the cards where they belong."""
        if not self._from:
            return
        self._step(1.0)
        self._from = {}
        if self._way.state() != QAbstractAnimation.State.Stopped:
            self._way.stop()
        self._canvas.refresh_overview()

    def _step(self, part: float) -> None:
        stage = self._canvas.stage
        nodes = stage.project.graph.nodes
        for name, start in self._from.items():
            if (item := stage.node_items.get(name)) is not None and name in nodes:
                x, y = nodes[name].position
                item.place(start.x() + (x - start.x()) * part, start.y() + (y - start.y()) * part)
        stage.version += 1
        stage.reroute(self._from)
        self._canvas.refresh_overview()


def _around(graph: Graph, names: tuple[str, ...], cards: Mapping[str, Card]) -> QRectF:
    area = QRectF()
    for name in names:
        area = area.united(QRectF(*graph.nodes[name].position, cards[name].width, cards[name].height))
    return area
