"""The one stateful object: the project as it is now, its past and future, its file, and which graph is looked at."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from nndesigner import nnd, trust
from nndesigner.blocks import MAIN, Place, graph_at, settled, with_graph_at
from nndesigner.graph import Code, Graph, GraphError
from nndesigner.project import Project


class _Swap(QUndoCommand):
    """One edit: the project before and after, and where it was made. Edits with the same merge key become one step."""

    _ids: ClassVar[dict[str, int]] = {}

    def __init__(self, document: "Document", title: str, after: Project, merge: str) -> None:
        super().__init__(title)
        self._document, self._before, self.after, self._merge = document, document.project, after, merge
        self._place = document.place

    def id(self) -> int:
        return self._ids.setdefault(self._merge, len(self._ids) + 1) if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, _Swap)
        self.after = other.after
        if self.after == self._before:
            self.setObsolete(True)
        return True

    def redo(self) -> None:
        self._document._show(self.after, self._seen_from(self._before, self.after))

    def undo(self) -> None:
        self._document._show(self._before, self._seen_from(self.after, self._before))

    def _seen_from(self, before: Project, after: Project) -> Place:
        """Where a person sees what changes: here if it does so here, else where the edit was made."""
        here = self._document.place
        if _graph(before, here) is not _graph(after, here):
            return here
        elsewhere = before.graph is not after.graph or before.blocks != after.blocks
        return self._place if elsewhere else here


def _graph(project: Project, place: Place) -> Graph | None:
    """The graph of a place, if it is there."""
    return graph_at(project, place.path) if not place.path or place.path in project.blocks else None


class Document(QObject):
    """The project being worked on.

    **Signals:** `changed` after every change of the project, by edit, undo, redo or load, and when another of its
    graphs is looked at; `loaded` when it began anew, after that; `file_changed` when its path or its unsaved mark changed; `refused` with the reason why an
    edit can't be.
    """

    changed = Signal()
    loaded = Signal()
    file_changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = Project()
        self.place = MAIN
        self._seen: tuple[Project, Place, Project] | None = None
        self.path: Path | None = None
        self._left = ""  # what the file held when it was opened or saved here, as a hash
        self._trusted: frozenset[str] = frozenset()
        self.stack = QUndoStack(self)
        self._runs_of_merging = 0
        self.stack.cleanChanged.connect(self._tell_unsaved)

    @property
    def graph(self) -> Graph:
        """The graph that is looked at, as it is now."""
        return graph_at(self.project, self.place.path)

    @property
    def seen(self) -> Project:
        """The project with the graph that is looked at in place of the main one."""
        if not self.place.path:
            return self.project
        if self._seen is None or self._seen[0] is not self.project or self._seen[1] != self.place:
            self._seen = (self.project, self.place, replace(self.project, graph=self.graph))
        return self._seen[2]

    def go(self, place: Place) -> None:
        """Looks at another graph."""
        place = settled(self.project, place)
        if place != self.place:
            self.seal()
            self._show(self.project, place)

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
        """`edit()` of the graph that is looked at; one that can't be is refused."""
        self.edit_seen(title, replace(self.seen, graph=after), merge)

    def edit_seen(self, title: str, after: Project, merge: str = "") -> None:
        """`edit()` to what the project is to look like from here; what can't be is refused."""
        path = self.place.path
        try:
            whole = self.whole(after)
        except GraphError as error:
            self.refused.emit(str(error))
            return
        self.edit(title, whole, f"{path} {merge}" if merge and path else merge)

    def whole(self, seen: Project) -> Project:
        """The project that looks so from here; raises `GraphError` where there can be none."""
        path = self.place.path
        return with_graph_at(replace(seen, graph=self.project.graph), path, seen.graph) if path else seen

    def seal(self) -> None:
        """Ends merging: the next edit is a step of its own."""
        self._runs_of_merging += 1

    def trust(self, *codes: Code) -> None:
        """Lets these layers of one's own run, here and whenever they are met again; raises `OSError`."""
        self._trusted = trust.trust(*codes)
        self._show(self.project, self.place)

    def load(self, project: Project, path: Path | None) -> None:
        """Begins anew with this project; `path` is None for one that was never saved."""
        self.path = path
        self._left = _held(path)
        self._trusted = trust.trusted() if project.code else frozenset()
        self.seal()
        self.stack.clear()
        self._show(project, MAIN)
        self.loaded.emit()
        self.file_changed.emit()

    def open(self, path: Path) -> None:
        """Begins anew with a file; raises `ProjectError` and changes nothing where it can't be read."""
        self.load(nnd.load(path), path)

    def save(self, path: Path) -> None:
        """Writes the project; raises `ProjectError` where it can't be written."""
        nnd.save(self.project, path)
        self.path = path
        self._left = _held(path)
        self.seal()
        self.stack.setClean()
        self.file_changed.emit()

    def changed_elsewhere(self, path: Path) -> bool:
        """Whether its file, being this one, was written by somebody else since it was opened or saved here."""
        return path == self.path and _held(path) not in ("", self._left)

    def _tell_unsaved(self) -> None:
        self.file_changed.emit()

    def _show(self, project: Project, place: Place) -> None:
        if project.code and project.trusted != self._trusted:
            project = replace(project, trusted=self._trusted)
        self.project, self.place = project, settled(project, place)
        self.changed.emit()


def _held(path: Path | None) -> str:
    """What a file holds, as a hash; "" where there is none that can be read."""
    if path is None:
        return ""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
