"""Cards that are being dragged, painted elsewhere than they rest, so that moving a thousand costs what moving one does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from nndesigner.ui.canvas.metrics import MARGIN

if TYPE_CHECKING:
    from nndesigner.ui.canvas.scene import Scene


class Raft:
    """These nodes and the wires among them, lifted off the paper; `crossing` are the wires that hold on to it."""

    def __init__(self, scene: Scene, names: Iterable[str]) -> None:
        self._scene = scene
        self.names = frozenset(names)
        edges = scene.edges_at(self.names)
        self.inner = {edge for edge in edges if edge.source in self.names and edge.target in self.names}
        self.crossing = edges - self.inner
        self.offset = QPointF()
        self._area = self._taken_up()
        scene.raft = self
        scene.version += 1
        scene.update(self._area)

    def move(self, offset: QPointF) -> None:
        """Moves it so far from where it began, and leads the wires that hold on to it anew."""
        self._scene.update(self._area.translated(self.offset))
        self.offset = offset
        self._scene.update(self._area.translated(offset))
        self._scene.lead(self.crossing)

    def land(self) -> None:
        """Puts everything back where it was; a move that is meant to last is an edit of the document."""
        self._scene.raft = None
        self._scene.version += 1
        self._scene.update(self._area)
        self._scene.update(self._area.translated(self.offset))
        self._scene.lead(self.crossing)

    def _taken_up(self) -> QRectF:
        """Where its cards and wires lie while they rest."""
        cards = [self._scene.node_items[name].box for name in self.names]
        areas = [*cards, *(self._scene.edge_items[edge].room for edge in self.inner)]
        if not areas:
            return QRectF()  # frames and notes alone
        left, top, right, lower = zip(*areas, strict=True)
        area = QRectF(QPointF(min(left), min(top)), QPointF(max(right), max(lower)))
        return area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
