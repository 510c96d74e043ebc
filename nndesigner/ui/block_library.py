"""The library of blocks in the window: what is kept for all projects, and what becomes of it."""

from collections.abc import Callable

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from nndesigner import library
from nndesigner.catalogue.kind import Kind
from nndesigner.library import LibraryError
from nndesigner.project import Project

_SETTLED = 200  # ms after the last change of the folder


class BlockLibrary(QObject):
    """The blocks that are kept, by name, as `kept`; a file is read at a time, so that the window never waits for all.

    **Signals:** `changed` when others are kept than before; `refused` with the reason why something can't be.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept: dict[str, Project] = {}
        self._found: dict[str, Project] = {}
        self._broken: tuple[str, ...] = ()
        self._left: list[str] = []
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._read_one)
        self._wait = QTimer(self, singleShot=True, interval=_SETTLED)
        self._wait.timeout.connect(self.look_again)
        self._watch = QFileSystemWatcher(self)
        self._watch.directoryChanged.connect(lambda _: self._wait.start())
        self.look_again()

    def look_again(self) -> None:
        """Reads all that is kept, as another window may have kept something."""
        folder = library.folder()
        if folder.is_dir() and not self._watch.directories():
            self._watch.addPath(str(folder))
        self._left, self._found = [*library.names()][::-1], {}
        self._broken_now: list[str] = []
        self._turn.start()

    @property
    def reading(self) -> bool:
        """Whether not all is read yet."""
        return self._turn.isActive()

    def kinds(self) -> list[Kind]:
        """All of it, to be picked."""
        return [library.kind_of(kept) for kept in self.kept.values()]

    def kind_named(self, name: str) -> Kind | None:
        """The kind that is picked by this name, if it is of the library."""
        kept = self.kept.get(library.plain(name)) if library.is_marked(name) else None
        return library.kind_of(kept) if kept is not None else None

    def put(self, kept: Project) -> bool:
        """Keeps a block; tells whether it is there now."""
        return self._tried(lambda: library.put(kept), lambda: self._insert(kept))

    def rename(self, old: str, new: str) -> bool:
        """Keeps a block under another name; tells whether it is."""

        def follow() -> None:
            del self.kept[old]
            self._insert(library.find(new))

        return self._tried(lambda: library.rename(old, new), follow)

    def remove(self, name: str) -> Project | None:
        """Forgets a block; gives what it was."""
        kept = self.kept.get(name)
        gone = self._tried(lambda: library.remove(name), lambda: self._take_out(name))
        return kept if gone else None

    def _insert(self, kept: Project | None) -> None:
        if kept is not None:
            everything = {**self.kept, kept.title: kept}
            self.kept.clear()
            self.kept.update({name: everything[name] for name in sorted(everything)})
        self.changed.emit()

    def _take_out(self, name: str) -> None:
        self.kept.pop(name, None)
        self.changed.emit()

    def _tried(self, work: Callable[[], object], then: Callable[[], None]) -> bool:
        try:
            work()
        except LibraryError as error:
            words = str(error)
            self.refused.emit(words[:1].upper() + words[1:])
            return False
        except OSError as error:
            self.refused.emit(
                self.tr("The library can't be written: {reason}").format(reason=error.strerror or error)
            )
            return False
        then()
        return True

    def _read_one(self) -> None:
        if self._left:
            name = self._left.pop()
            try:
                kept = library.find(name)
            except LibraryError as error:
                self._broken_now.append(str(error))
            else:
                if kept is not None:
                    self._found[name] = kept
            return
        self._turn.stop()
        before, self._broken = self._broken, tuple(self._broken_now)
        if self._broken and self._broken != before:
            self.refused.emit(self._broken[0])
        if self._found != self.kept:
            self.kept.clear()
            self.kept.update(self._found)
            self.changed.emit()
