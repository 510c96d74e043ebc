"""Which kind is to be explained: that of the selected node, of the row in the palette, of the optimizer picked."""

import ast
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QTreeView, QWidget

from nndesigner import catalogue, library
from nndesigner.catalogue.kind import Kind
from nndesigner.code import read
from nndesigner.expression import Expression
from nndesigner.graph import Node
from nndesigner.project import Project, block_kind
from nndesigner.ui.choice_form import ChoiceForm
from nndesigner.ui.document import Document
from nndesigner.ui.help.hover_card import HoverCard
from nndesigner.ui.help.sheet import HelpSheet, Subject
from nndesigner.ui.palette import NAME

if TYPE_CHECKING:
    from nndesigner.catalogue.kind import TensorType
    from nndesigner.ui.parts import Parts

_FIRST = "Linear"  # explained where nothing is selected


class Explaining(QObject):
    """Help on every kind of one window, by key, by the inspector's question mark and by the palette's card."""

    def __init__(self, document: Document, parts: "Parts") -> None:
        super().__init__(parts)
        self._document, self._parts = document, parts
        window = parts.parent()
        assert isinstance(window, QWidget)
        self._window = window
        self._sheet: HelpSheet | None = None
        self._list = parts.palette.findChild(QTreeView, "paletteList")
        assert self._list is not None
        self.card = HoverCard(self._list, self.kind_named, self.tr("Shift+F1"), window)
        self.card.asked.connect(self.explain)
        self.card.inside_of = self._holder_of
        parts.inspector.help_wanted.connect(self._explain_selected)
        for form in parts.training.findChildren(ChoiceForm):
            form.help_wanted.connect(self.explain)

    @property
    def sheet(self) -> HelpSheet:
        """The sheet, made when it is asked for first."""
        if self._sheet is None:
            self._sheet = HelpSheet(self.subject_named, self._window)
        return self._sheet

    def finish(self) -> None:
        """Ends what is being computed."""
        if self._sheet is not None:
            self._sheet.finder.finish()

    def ask(self) -> None:
        """Explains what a person looks at: the row that has the keys, else the selected node, else what came last."""
        focused = QApplication.focusWidget()
        in_palette = focused is not None and self._parts.palette.isAncestorOf(focused)
        name = self._list.currentIndex().data(NAME) if in_palette else None
        if name:
            self.explain(name)
        elif not self._explain_selected():
            before = self._sheet.subject if self._sheet is not None else None
            self._show(before or Subject(catalogue.BY_NAME[_FIRST]))

    def explain(self, name: str) -> None:
        """Shows the page of the kind of this name."""
        if (subject := self.subject_named(name)) is not None:
            self._show(subject)

    def kind_named(self, name: str) -> Kind | None:
        """A kind of the catalogue or of the project."""
        kept = self._parts.library.kind_named(name) if name else None
        return kept or next((kind for kind in self.kinds() if kind.name == name), None)

    def _holder_of(self, name: str) -> Project | None:
        """The project that has a block of this name: this one, or that of the library."""
        if library.is_marked(name):
            return self._parts.library.kept.get(library.plain(name))
        return self._document.project if name in self._document.project.blocks else None

    def kinds(self) -> list[Kind]:
        """All there is to explain: blocks and layers of one's own first."""
        project = self._document.project
        written = [kind for kind in map(read, project.code.values()) if isinstance(kind, Kind)]
        return [*map(block_kind, project.blocks.values()), *written, *catalogue.KINDS]

    def subject_named(self, name: str) -> Subject | None:
        """What is to be said of a kind by itself."""
        kind = self.kind_named(name)
        return self._subject(kind) if kind is not None else None

    def _explain_selected(self) -> bool:
        names = self._parts.canvas.selected_names()
        node = self._document.graph.nodes.get(names[0]) if len(names) == 1 else None
        kind = self._document.project.kind_of(node) if node is not None else None
        if node is None or kind is None:
            return False
        self._show(self._subject(kind, node))
        return True

    def _subject(self, kind: Kind, node: Node | None = None) -> Subject:
        project = self._holder_of(kind.name) or self._document.project
        kind = replace(kind, name=library.plain(kind.name)) if library.is_marked(kind.name) else kind
        block = project.blocks.get(kind.name) if kind.role == "block" else None
        inside = Project(block.graph, project.blocks, code=project.code) if block is not None else None
        said = ""
        if block is not None:
            said = "\n\n".join(note.text for note in block.graph.notes if note.text.strip())
        elif kind.code is not None:
            said = _docstring(kind.code.text)
        if node is None:
            return Subject(kind, inside=inside, said=said)
        params = {
            name: value
            for name, value in node.params.items()
            if name in kind.by_name and not isinstance(value, Expression)
        }
        return Subject(kind, params, inside, self._known(kind, node), said)

    def _known(self, kind: Kind, node: Node) -> "dict[str, TensorType]":
        """The types at the node's ports, as far as they have been worked out."""
        plan = self._parts.canvas.stage.plan
        if plan is None:
            return {}
        found = {}
        for port, edge in self._document.graph.incoming.get(node.name, {}).items():
            if (given := plan.types.get((edge.source, edge.output))) is not None:
                found[port] = given
        for one in kind.at(node.params).outputs:
            if (given := plan.types.get((node.name, one.name))) is not None:
                found[one.name] = given
        return found

    def _show(self, subject: Subject) -> None:
        self.sheet.kinds = self.kinds()
        self.sheet.show_subject(subject)


def _docstring(text: str) -> str:
    """What the author of a layer says of it."""
    with contextlib.suppress(SyntaxError, ValueError):
        for part in ast.parse(text).body:
            if isinstance(part, ast.ClassDef | ast.FunctionDef) and (found := ast.get_docstring(part)):
                return found
    return ""
