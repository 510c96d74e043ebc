"""Data in the window's work: the dialog is opened from everywhere, and what is chosen there comes into the project.

What it is made of is made when it is needed first, as the window is to stand before that.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from nndesigner.blocks import MAIN
from nndesigner.catalogue.data import DataSet
from nndesigner.ui.document import Document

if TYPE_CHECKING:
    from nndesigner.ui.data.dialog import DataDialog
    from nndesigner.ui.data.library import Library
    from nndesigner.ui.data.reading import Reading
    from nndesigner.ui.inspector import Inspector


class DataWork(QObject):
    """The library, the dialog and what they do to the document.

    **Signals:** `chosen` with the name of the Data node that was changed or made; `built` with a project to begin with.
    """

    chosen = Signal(str)
    built = Signal(object)

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._node = ""
        self._library: Library | None = None
        self._reading: Reading | None = None
        self.dialog: DataDialog | None = None
        self.drawing = False  # whether a network is open, and not the welcome page

    @property
    def library(self) -> "Library":
        """All data sets there are."""
        if self._library is None:
            from nndesigner.ui.data.library import Library

            self._library = Library(self._document, self)
        return self._library

    @property
    def reading(self) -> "Reading":
        """The thread that asks for what is in them."""
        if self._reading is None:
            from nndesigner.ui.data.reading import Reading

            self._reading = Reading(self)
        return self._reading

    def open(self, node: str = "") -> None:
        """Opens the dialog on the data set of a Data node, or of the first one."""
        self.reading.warm()
        project = self._document.project
        found = project.graph.nodes.get(node) if node else project.data_node()
        if not self.drawing:
            found = None
        self._node = found.name if found is not None else ""
        dialog = self._made()
        name = str(found.params.get("dataset") or "") if found is not None else ""
        dialog.show_for(self.drawing, name, found.params if found is not None else {}, project.training)
        dialog.open()

    def attach(self, inspector: "Inspector") -> None:
        """The inspector shows what is on its way, and asks for the dialog."""
        inspector.fetches = self.library.fetches
        inspector.data_wanted.connect(lambda _, node: self.open(node))

    def add(self, paths: Sequence[Path]) -> None:
        """Opens the dialog on files that may be added."""
        if self.dialog is None or not self.dialog.isVisible():
            self.open()
        self._made().look_at(paths)

    def finish(self) -> None:
        """Ends all that goes on, before the window goes."""
        if self.dialog is not None:
            self.dialog.close()
        if self._reading is not None:
            self._reading.finish()
        if self._library is not None:
            self._library.fetches.finish()

    def _made(self) -> "DataDialog":
        if self.dialog is None:
            from nndesigner.ui.data.dialog import DataDialog

            self.dialog = DataDialog(self.library, self.reading, self._window)
            self.dialog.used.connect(self._use)
            self.dialog.build_wanted.connect(self._build)
            self.dialog.added.connect(self._add)
        return self.dialog

    def _use(self, data_set: DataSet) -> None:
        from nndesigner.ui.data.choosing import with_data_set

        after, node = with_data_set(self._document.project, data_set, self._node)
        self._made().accept()
        self._document.go(MAIN)
        self._document.seal()
        self._document.edit(self.tr("Use {}").format(data_set.title), after)
        self.chosen.emit(node)

    def _build(self, data_set: DataSet) -> None:
        from nndesigner import starters

        project = starters.project_for(data_set)
        self._made().accept()
        self.built.emit(project)

    def _add(self, data_set: DataSet) -> None:
        """What was added can be picked in the project that is open, too."""
        if self.drawing:
            self._document.seal()
            self._document.edit(
                self.tr("Add the data set {}").format(data_set.name),
                self._document.project.with_data(data_set),
            )
