"""The pictures of recent files: each is read beside the window, as a large one takes its time."""

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from nndesigner import nnd
from nndesigner.nnd import ProjectError
from nndesigner.project import Project

_LARGEST = 1_000_000  # bytes of a file that is read for its picture


class RecentPictures(QObject):
    """Reads the files that are asked for, once for each time they were saved. **Signals:** `found` with a path and a project."""

    found = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[Path, tuple[float, Project]] = {}
        self._round = 0

    def ask(self, paths: Sequence[Path]) -> None:
        """Tells the projects of these files, in their order; those that can't be read stay without."""
        self._round += 1
        threading.Thread(target=self._read, args=(tuple(paths), self._round), daemon=True).start()

    def _read(self, paths: Sequence[Path], number: int) -> None:
        for path in paths:
            if number != self._round:  # others were asked for since
                return
            # The window may be gone by now, and this object with it.
            with contextlib.suppress(OSError, ProjectError, RuntimeError):
                self.found.emit(path, self._project(path))

    def _project(self, path: Path) -> Project:
        saved = path.stat()
        if saved.st_size > _LARGEST:
            raise ProjectError(f"{path} is too large for a picture")
        known = self._known.get(path)
        if known is None or known[0] != saved.st_mtime:
            known = self._known[path] = (saved.st_mtime, nnd.load(path))
        return known[1]
