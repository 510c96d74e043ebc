"""What a person does with blocks from menus and keys: make one of the selection, unpack it, go in and out."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Signal

from nndesigner import blocks, own_layers
from nndesigner.graph import GraphError
from nndesigner.project import Project
from nndesigner.ui.canvas import nudging
from nndesigner.ui.canvas.passage import Passage
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.naming_bar import NamingBar
from nndesigner.ui.way_in import make_unique


def block_name_problem(project: Project, name: str, own: str = "") -> str | None:
    """Why a block can't be called `name`, or None; `own` is what it is called now."""
    if name == own:
        return None
    try:
        blocks.with_new_block(project, name)
    except GraphError as error:
        words = str(error)
        return words[:1].upper() + words[1:]
    return None


class BlockWork(QObject):
    """The work with blocks on one canvas. **Signals:** `refused` with the reason why something can't be."""

    refused = Signal(str)

    def __init__(self, document: Document, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._document, self._canvas = document, canvas
        self.passage = Passage(canvas)
        self._names: tuple[str, ...] = ()
        self._bar = NamingBar(self._name_problem, canvas)
        self._bar.named.connect(self._named)
        self._bar.left.connect(canvas.setFocus)
        document.changed.connect(self._bar.close_bar)

    def make(self) -> None:
        """Asks for a name, and makes a block of the selection."""
        self._names = self._canvas.selected_names()
        project, path = self._document.project, self._document.place.path
        suggestion = blocks.suggested_name(project, path, self._names)
        if self._tried(lambda: blocks.enclosed(project, path, self._names, suggestion)) is None:
            return
        cards = [self._canvas.stage.node_items[name].card for name in self._names]
        top = min(card.top() for card in cards)
        middle = (min(card.left() for card in cards) + max(card.right() for card in cards)) / 2
        at = self._canvas.viewportTransform().map(middle, top)
        self._bar.ask(
            self.tr("Name of the block"), self.tr("Make a block"), suggestion, QPoint(*map(round, at))
        )

    def new(self) -> None:
        """Makes a block that hands on what it gets, and goes into it."""
        name = blocks.free_block_name(self._document.project)
        after = self._tried(lambda: blocks.with_new_block(self._document.project, name))
        if after is not None:
            self._document.edit(self.tr("New block {name}").format(name=name), after)
            self._document.go(blocks.place_of(self._document.project, name))

    def new_own(self) -> None:
        """Adds a layer written in Python, with a text to begin with, and shows it."""
        code = own_layers.fresh(self._document.project)
        nudging.add_kind(self._canvas, code.name, self._document.seen.with_code(code))
        self._document.trust(code)

    def unpack(self) -> None:
        """Replaces the selected blocks by what is in them."""
        project, path = self._document.project, self._document.place.path
        graph = self._document.graph
        names = [name for name in self._canvas.selected_names() if graph.nodes[name].kind in project.blocks]
        if not names:
            self.refused.emit(self.tr("Select a block to unpack it"))
            return
        for name in names:
            after = self._tried(lambda project=project, name=name: blocks.unpacked(project, path, name))
            if after is None:
                return
            project = after
        one = self.tr("Unpack {name}").format(name=names[0])
        title = one if len(names) == 1 else self.tr("Unpack {count} blocks").format(count=len(names))
        self._document.edit(title, project)
        self._canvas.select(
            [name for name in self._document.graph.nodes if name not in graph.nodes or name in names]
        )

    def make_unique(self) -> None:
        """Gives the selected block's node a copy of the block, so that a change in it changes no other use."""
        names = self._canvas.selected_names()
        if len(names) != 1:
            self.refused.emit(self.tr("Select one block to make it unique"))
            return
        make_unique(self._document, names[0])

    def _name_problem(self, name: str) -> str | None:
        return block_name_problem(self._document.project, name)

    def _named(self, name: str) -> None:
        project, path, before = self._document.project, self._document.place.path, self._document.graph
        after = self._tried(lambda: blocks.enclosed(project, path, self._names, name))
        self._canvas.setFocus()
        if after is not None:
            self._document.edit(self.tr("Make the block {name}").format(name=name), after)
            self._canvas.select([one for one in self._document.graph.nodes if one not in before.nodes])

    def _tried(self, edit: Callable[[], Project]) -> Project | None:
        try:
            return edit()
        except GraphError as error:
            words = str(error)
            self.refused.emit(words[:1].upper() + words[1:] if words.startswith(("a ", "there ")) else words)
            return None
