"""Unsaved work, kept on the disk a moment after each edit, so that a crash costs nothing."""

import contextlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, QTimer

from nndesigner import files, nnd
from nndesigner.nnd import ProjectError
from nndesigner.project import Project
from nndesigner.ui.document import Document

_DELAY = 800


@dataclass(frozen=True)
class Rescued:
    """Work that a program which is gone left behind: what it was, and the file it belonged to."""

    kept_in: Path
    project: Project
    path: Path | None

    def discard(self) -> None:
        """Forgets it."""
        self.kept_in.unlink(missing_ok=True)


class Recovery(QObject):
    """Keeps the document's unsaved project in a file of this process, and removes it when there is nothing to lose."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._file = folder() / f"{os.getpid()}.json"
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="recovery")
        self._timer = QTimer(self, singleShot=True, interval=_DELAY)
        self._timer.timeout.connect(self.secure)
        document.changed.connect(self._timer.start)
        document.file_changed.connect(self._timer.start)

    def secure(self) -> None:
        """Writes the work as it is now, in the background."""
        if self._document.unsaved:
            self._writer.submit(_write, self._file, self._document.project, self._document.path)
        else:
            self._writer.submit(self._file.unlink, missing_ok=True)

    def close(self) -> None:
        """Removes the file: the person has decided what becomes of the work."""
        self._timer.stop()
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._file.unlink(missing_ok=True)


def folder() -> Path:
    """Where unsaved work is kept."""
    return Path(platformdirs.user_state_dir("nndesigner", appauthor=False)) / "unsaved"


def rescued() -> Iterator[Rescued]:
    """The work of programs that ended without a word, newest first."""
    with contextlib.suppress(OSError):
        for file in sorted(folder().glob("*.json"), key=lambda file: -file.stat().st_mtime):
            if file.stem.isdigit() and not _lives(int(file.stem)):
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError, ProjectError):
                    content = json.loads(file.read_text())
                    path = Path(content["path"]) if content["path"] else None
                    yield Rescued(file, nnd.from_text(content["project"]), path)


def _write(file: Path, unsaved: Project, path: Path | None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"path": str(path) if path else None, "project": nnd.to_text(unsaved)}
    files.write(file, json.dumps(content).encode())


def _lives(process: int) -> bool:
    if os.name == "nt":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
