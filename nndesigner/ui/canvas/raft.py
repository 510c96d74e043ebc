"""Cards that are being dragged, on one item, so that moving a thousand costs what moving one does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

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
        self._item = QGraphicsRectItem()
        self._item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self._item.setZValue(2)
        scene.addItem(self._item)
        for item in self._riders():
            item.setParentItem(self._item)
        scene.raft = self
        scene.version += 1

    def move(self, offset: QPointF) -> None:
        """Moves it so far from where it began, and leads the wires that hold on to it anew."""
        self.offset = offset
        self._item.setPos(offset)
        self._scene.lead(self.crossing)

    def land(self) -> None:
        """Puts everything back where it was; a move that is meant to last is an edit of the document."""
        self._scene.raft = None
        self._scene.version += 1
        for item in self._riders():
            item.setParentItem(None)  # type: ignore[arg-type]
        self._scene.removeItem(self._item)
        self._scene.lead(self.crossing)

    def _riders(self) -> list[QGraphicsItem]:
        nodes = [self._scene.node_items[name] for name in self.names]
        return [*(self._scene.edge_items[edge] for edge in self.inner), *nodes]
