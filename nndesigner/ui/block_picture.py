"""The inside of a block as a small picture in a panel, painted once and kept."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from nndesigner.graph import Block
from nndesigner.project import Project
from nndesigner.ui.theme import look
from nndesigner.ui.thumbnail import thumbnail

_HEIGHT = 96


class BlockPicture(QWidget):
    """The network in a block. **Signals:** `clicked` where it `leads` in."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, leads: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("blockPicture")
        self._block: Block | None = None
        self._project = Project()
        self._leads, self._under = leads, False
        self._kept: QPixmap | None = None
        self._key: tuple[object, ...] = ()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if leads:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        look.changed.connect(self.update)

    def show_block(self, project: Project, name: str) -> None:
        """Shows the inside of a block of this project; hidden where there is none."""
        block = project.blocks.get(name)
        there = block is not None and bool(block.graph.nodes)
        self.setVisible(there)
        if block is not None and (block is not self._block or project.blocks is not self._project.blocks):
            self._block, self._key = block, ()
            self._project = replace(project, graph=block.graph)
            self.setAccessibleName(self.tr("The inside of {name}").format(name=name))
            words = self.tr("{count} nodes: {names}").format(
                count=len(block.graph.nodes), names=", ".join(list(block.graph.nodes)[:12])
            )
            self.setAccessibleDescription(words)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def picture(self) -> QPixmap:
        """The network alone, at the size it is shown."""
        theme, ratio = look.theme, self.devicePixelRatioF()
        key = (theme.name, self.width(), ratio)
        if self._kept is None or key != self._key:
            self._kept, self._key = thumbnail(self._project, self.size(), theme, ratio), key
        return self._kept

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self._leads and (self._under or self.hasFocus())
        painter.setPen(QPen(QColor(theme.accent if strong else theme.line), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(theme.paper))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 6, 6)
        painter.drawPixmap(0, 0, self.picture())
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._under = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._under = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._leads and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._leads and event.key() in keys:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
