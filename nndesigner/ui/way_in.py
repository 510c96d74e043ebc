"""What the page of a block's node begins with: its inside, the way in, and whether a change there changes other uses."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nndesigner import blocks
from nndesigner.graph import GraphError
from nndesigner.ui import icons
from nndesigner.ui.block_picture import BlockPicture
from nndesigner.ui.document import Document
from nndesigner.ui.facts import plain_label
from nndesigner.ui.fields import explained
from nndesigner.ui.theme import font


class WayIn(QWidget):
    """The inside of one block's node. **Signals:** `opened` when it is to be gone into."""

    opened = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._node = document, ""
        self._picture = BlockPicture(self, leads=True)
        self._picture.setToolTip(explained(self.tr("A click goes in")))
        self._picture.clicked.connect(self.opened)
        open_ = QPushButton(self.tr("Open"), self)
        open_.setObjectName("nodeOpen")
        open_.setAccessibleName(self.tr("Open the block"))
        open_.setToolTip(explained(self.tr("Shows what is in it; a change there changes every use")))
        icons.dress(open_, "family-block")
        open_.clicked.connect(self.opened)
        self._part = QPushButton(self.tr("Make unique"), self)
        self._part.setObjectName("nodeMakeUnique")
        self._part.setAccessibleName(self.tr("Make this one unique"))
        self._part.setToolTip(
            explained(
                self.tr("Gives this node a copy of the block: a change in it changes no other use (Alt+U)")
            )
        )
        self._part.clicked.connect(self._make_unique)
        self._uses = plain_label("", "secondary", font(11), wrap=True)
        self._uses.setObjectName("nodeUses")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(open_)
        row.addWidget(self._part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._picture)
        column.addLayout(row)
        column.addWidget(self._uses)

    def show_node(self, name: str, kind: str) -> None:
        """Shows the block of this kind, as it is used by the node."""
        self._node = name
        project = self._document.project
        self._picture.show_block(project, kind)
        count = len(blocks.uses(project, kind))
        self._part.setVisible(count > 1)
        self._uses.setVisible(count > 1)
        words = self.tr("{kind} is used {count} times; a change in it changes all of them.")
        self._uses.setText(words.format(kind=kind, count=count))

    def _make_unique(self) -> None:
        make_unique(self._document, self._node)


def make_unique(document: Document, name: str) -> str:
    """Gives a block's node a copy of its block; gives the reason where that can't be."""
    try:
        after, copy = blocks.parted(document.project, document.place.path, name)
    except GraphError as error:
        document.refused.emit(str(error))
        return str(error)
    document.seal()
    title = document.tr("Make {name} unique, as {copy}").format(name=name, copy=copy)
    document.edit(title, after)
    return ""
