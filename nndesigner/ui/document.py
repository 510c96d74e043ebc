"""The one stateful object: the project as it is now, its past and future, and its file."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from nndesigner import project as projects
from nndesigner.graph import Graph
from nndesigner.project import Project


class _Swap(QUndoCommand):
    """One edit: the project before and after. Edits with the same merge key become one step."""

    _ids: ClassVar[dict[str, int]] = {}

    def __init__(self, document: "Document", title: str, after: Project, merge: str) -> None:
        super().__init__(title)
        self._document, self._before, self.after, self._merge = document, document.project, after, merge

    def id(self) -> int:
        return self._ids.setdefault(self._merge, len(self._ids) + 1) if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, _Swap)
        self.after = other.after
        if self.after == self._before:
            self.setObsolete(True)
        return True

    def redo(self) -> None:
        self._document._show(self.after)

    def undo(self) -> None:
        self._document._show(self._before)


class Document(QObject):
    """The project being worked on.

    **Signals:** `changed` after every change of the project, by edit, undo, redo or load; `file_changed` when its
    path or its unsaved mark changed.
    """

    changed = Signal()
    file_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = Project()
        self.path: Path | None = None
        self.stack = QUndoStack(self)
        self._runs_of_merging = 0
        self.stack.cleanChanged.connect(self._tell_unsaved)

    @property
    def graph(self) -> Graph:
        """The main graph as it is now."""
        return self.project.graph

    @property
    def unsaved(self) -> bool:
        """Whether there is something that is not in the file."""
        return not self.stack.isClean()

    @property
    def name(self) -> str:
        """What to call it in the window."""
        return self.path.stem if self.path else self.project.title or self.tr("Untitled")

    def edit(self, title: str, after: Project, merge: str = "") -> None:
        """One undo step to `after`. Edits in a row with the same `merge` key are one step, until `seal()`."""
        if after == self.project:
            return
        key = f"{merge}#{self._runs_of_merging}" if merge else ""
        self.stack.push(_Swap(self, title, after, key))

    def edit_graph(self, title: str, after: Graph, merge: str = "") -> None:
        """`edit()` of the main graph."""
        self.edit(title, replace(self.project, graph=after), merge)

    def seal(self) -> None:
        """Ends merging: the next edit is a step of its own."""
        self._runs_of_merging += 1

    def load(self, project: Project, path: Path | None) -> None:
        """Begins anew with this project; `path` is None for one that was never saved."""
        self.path = path
        self.seal()
        self.stack.clear()
        self._show(project)
        self.file_changed.emit()

    def open(self, path: Path) -> None:
        """Begins anew with a file; raises `ProjectError` and changes nothing where it can't be read."""
        self.load(projects.load(path), path)

    def save(self, path: Path) -> None:
        """Writes the project; raises `ProjectError` where it can't be written."""
        projects.save(self.project, path)
        self.path = path
        self.seal()
        self.stack.setClean()
        self.file_changed.emit()

    def _tell_unsaved(self) -> None:
        self.file_changed.emit()

    def _show(self, project: Project) -> None:
        self.project = project
        self.changed.emit()
