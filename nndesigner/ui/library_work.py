"""What a person does with the library of blocks: keep one in it, call it otherwise, take it out again."""

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtWidgets import QMenu

from nndesigner import library
from nndesigner.graph import GraphError
from nndesigner.project import Project
from nndesigner.ui.block_library import BlockLibrary
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.naming_bar import NamingBar
from nndesigner.ui.notice import Notice


class LibraryWork(QObject):
    """The work with the library at one canvas; the names it needs are asked for over it."""

    def __init__(self, document: Document, canvas: Canvas, blocks: BlockLibrary) -> None:
        super().__init__(canvas)
        self._document, self._canvas, self.library = document, canvas, blocks
        canvas.kept = blocks.kept
        self._block = self._old = ""
        self._bar = NamingBar(self._name_problem, canvas)
        self._bar.named.connect(self._named)
        self._bar.left.connect(canvas.setFocus)
        document.changed.connect(self._bar.close_bar)
        blocks.refused.connect(canvas.hint)

    def keep(self, name: str = "") -> None:
        """Asks under which name a block of the project is to be kept: the one named, else the one that is selected or
        looked at.
        """
        block = name or self._at_hand()
        if not block:
            self._canvas.hint.emit(self.tr("Select a block to keep it in the library"))
            return
        self._block, self._old = block, ""
        self._bar.ask(self.tr("Name in the library"), self.tr("Keep"), block, self._place())

    def fill(self, menu: QMenu, name: str) -> None:
        """Adds to the menu of a kind in the palette what can be done with it."""
        if library.is_marked(name):
            plain = library.plain(name)
            menu.addSeparator()
            menu.addAction(self.tr("Rename…"), lambda: self.ask_name(plain))
            menu.addAction(self.tr("Remove from the library"), lambda: self.remove(plain))
        elif name in self._document.project.blocks:
            menu.addSeparator()
            menu.addAction(self.tr("Keep in the library…"), lambda: self.keep(name))

    def ask_name(self, name: str) -> None:
        """Asks how a block of the library is to be called."""
        self._block, self._old = "", name
        self._bar.ask(self.tr("Name in the library"), self.tr("Rename"), name, self._place())

    def remove(self, name: str) -> None:
        """Takes a block out of the library, and offers to put it back."""
        kept = self.library.remove(name)
        if kept is None:
            return
        words = self.tr("{name} is no longer in the library; projects that have it keep it.")
        notice = self._canvas.window().findChild(Notice)
        if notice is None:
            self._canvas.hint.emit(words.format(name=name))
        else:
            notice.tell(words.format(name=name), (self.tr("Put it back"), lambda: self.library.put(kept)))

    def _at_hand(self) -> str:
        document, names = self._document, self._canvas.selected_names()
        kinds = [document.graph.nodes[name].kind for name in names]
        chosen = [kind for kind in kinds if kind in document.project.blocks]
        if len(chosen) == 1:
            return chosen[0]
        return document.place.path if not names else ""

    def _place(self) -> QPoint:
        """Above the card of what is selected, or in the upper middle."""
        names = self._canvas.selected_names()
        if self._block and len(names) == 1 and self._document.graph.nodes[names[0]].kind == self._block:
            card = self._canvas.stage.node_items[names[0]].card
            at = self._canvas.viewportTransform().map(QPointF(card.center().x(), card.top()))
            return QPoint(*map(round, at.toTuple()))
        return QPoint(self._canvas.width() // 2, self._canvas.height() // 3)

    def _kept_as(self, name: str) -> Project | None:
        try:
            return library.kept_of(self._document.project, self._block, name)
        except GraphError:
            return None

    def _name_problem(self, name: str) -> str | None:
        if name == self._old and name:
            return None
        problem = library.name_problem(name)
        if problem is None and (other := self._taken(name)):
            words = self.tr("The library has another block named {name}; choose another name")
            return words.format(name=other)
        if problem is None and self._block and self._kept_as(name) is None:
            return self.tr("{name} is the name of another block that it uses").format(name=name)
        return problem and problem[:1].upper() + problem[1:]

    def _taken(self, name: str) -> str:
        """The block of the library that stands against this name, or nothing."""
        other = next((one for one in self.library.kept if one.casefold() == name.casefold()), "")
        if self._old:
            return other if other != self._old else ""
        same = self._kept_as(name) if other == name else None
        there = self.library.kept.get(other)
        alike = same is not None and there is not None and same.blocks == there.blocks
        return "" if alike else other

    def _named(self, name: str) -> None:
        self._canvas.setFocus()
        if self._old:
            self.library.rename(self._old, name)
            return
        kept = self._kept_as(name)
        if kept is not None and self.library.put(kept):
            words = self.tr("{name} is in the library: every project can use it")
            self._canvas.hint.emit(words.format(name=name))
