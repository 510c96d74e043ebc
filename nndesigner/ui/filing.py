"""Where the document comes from and goes to: new, open, recent, save; and asking before anything would be lost."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from nndesigner import examples
from nndesigner.nnd import SUFFIX, ProjectError
from nndesigner.project import Project
from nndesigner.ui.document import Document
from nndesigner.ui.question import Role, ask, nothing
from nndesigner.ui.recent import Recent

SOURCE = ".py"


class Filing(QObject):
    """The document's traffic with files.

    **Signals:** `opened` when another project is in the document; `source_wanted` with the path of a Python source
    that is to be read; `refused` with a sentence when something could not
    be read or written; `recent_changed`.
    """

    opened = Signal()
    source_wanted = Signal(object)
    refused = Signal(str)
    recent_changed = Signal()

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self.unread: Callable[[], str] = (
            str  # what stands against a text that is not part of the project, if there is one
        )
        self.recent = Recent()

    def new(self) -> None:
        """An empty network."""
        self.when_safe(lambda: self._load(Project(), None))

    def example(self, name: str) -> None:
        """A copy of an example."""
        self.when_safe(lambda: self._load(examples.load(name), None))

    def begin(self, project: Project) -> None:
        """A project that was made for the person, and is in no file yet."""
        self.when_safe(lambda: self.restore(project, None))

    def take_in(self, project: Project, *, unsaved: bool) -> None:
        """A project that was read from a source; one that is in no file is unsaved."""
        self._load(Project() if unsaved else project, None)
        if unsaved:
            self._document.edit(self.tr("Read a source"), project)

    def restore(self, project: Project, path: Path | None) -> None:
        """Work that was rescued: it comes back unsaved."""
        self._load(Project(), path)
        self._document.edit(self.tr("Recover"), project)

    def choose(self) -> None:
        """Asks which file to open."""
        dialog = self._dialog(self.tr("Open a project"), QFileDialog.AcceptMode.AcceptOpen, "")
        both = self.tr("Projects and Python sources (*{} *{})").format(SUFFIX, SOURCE)
        dialog.setNameFilters([both, self.tr("Projects (*{})").format(SUFFIX), f"Python (*{SOURCE})"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def open(self, path: Path) -> None:
        """Opens a file, once nothing is lost by it; a Python source is read first."""
        if path.suffix.lower() == SOURCE:
            self.source_wanted.emit(path)
            return
        self.when_safe(lambda: self._open(path))

    def save(self, then: Callable[[], object] = nothing) -> None:
        """Saves where it came from, or asks where to; goes on with `then` once it is on the disk."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._save(self._document.path, then)

    def save_as(self, then: Callable[[], object] = nothing) -> None:
        """Asks where to save."""
        self.ask_path(self.tr("Save the project"), SUFFIX, lambda path: self._save(path, then))

    def ask_path(self, title: str, suffix: str, then: Callable[[Path], object]) -> None:
        """Asks for a file to write, named after the project, and goes on with it."""
        dialog = self._dialog(title, QFileDialog.AcceptMode.AcceptSave, suffix)
        dialog.selectFile(f"{self._document.name.lower().replace(' ', '-')}{suffix}")
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()

    def ask_file(self, title: str, suffixes: Sequence[str], then: Callable[[Path], object]) -> None:
        """Asks for a file to read, and goes on with it."""
        dialog = self._dialog(title, QFileDialog.AcceptMode.AcceptOpen, "")
        dialog.setNameFilter(" ".join(f"*{suffix}" for suffix in suffixes))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()

    def ask_folder(self, title: str, then: Callable[[Path], object]) -> None:
        """Asks for a folder to write into, and goes on with it."""
        dialog = self._dialog(title, QFileDialog.AcceptMode.AcceptOpen, "")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()

    def when_safe(self, then: Callable[[], object]) -> None:
        """Goes on when nothing is unsaved, or the person has said what becomes of it."""
        if not self._document.unsaved:
            self._when_read(then)
            return
        ask(
            self._window,
            self.tr("Save the changes to {}?").format(self._document.name),
            self._lost(),
            ("questionSave", self.tr("Save"), Role.AcceptRole, lambda: self.save(then)),
            ("questionDiscard", self.tr("Don’t save"), Role.DestructiveRole, then),
            ("questionCancel", self.tr("Cancel"), Role.RejectRole, nothing),
        )

    def _lost(self) -> str:
        words = self.tr("What is not saved is lost.")
        if problem := self.unread():
            words += " " + self.tr("The text beside the canvas is not part of it: {}.").format(problem)
        return words

    def _when_read(self, then: Callable[[], object]) -> None:
        """Goes on when there is no text that would be lost, or the person lets it go."""
        problem = self.unread()
        if not problem:
            then()
            return
        ask(
            self._window,
            self.tr("Leave the text beside the canvas?"),
            self.tr("It is not part of the project and would be lost: {}.").format(problem),
            ("questionStay", self.tr("Go on editing"), Role.RejectRole, nothing),
            ("questionLeave", self.tr("Leave it"), Role.DestructiveRole, then),
        )

    def fill_recent(self, menu: QMenu) -> None:
        """Lists the files worked on last."""
        menu.clear()
        for path in self.recent.paths():
            action = menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _=False, path=path: self.open(path))
        menu.setEnabled(not menu.isEmpty())

    def forget(self, path: Path) -> None:
        """Takes a file from the list of those worked on last."""
        self.recent.remove(path)
        self.recent_changed.emit()

    def _open(self, path: Path) -> None:
        try:
            self._document.open(path)
        except ProjectError as error:
            self.refused.emit(str(error))
            return
        self._remember(path)
        self.opened.emit()

    def _load(self, project: Project, path: Path | None) -> None:
        self._document.load(project, path)
        self.opened.emit()

    def _save(self, path: Path, then: Callable[[], object]) -> None:
        if not self._document.changed_elsewhere(path):
            self._write(path, then)
            return
        ask(
            self._window,
            self.tr("{} was changed elsewhere. Save over it?").format(path.name),
            self.tr("What was written there since it was opened here is then only in {}.").format(
                f"{path.name}~"
            ),
            ("questionSaveAs", self.tr("Save as…"), Role.AcceptRole, lambda: self.save_as(then)),
            (
                "questionReplace",
                self.tr("Save over it"),
                Role.DestructiveRole,
                lambda: self._write(path, then),
            ),
            ("questionCancel", self.tr("Cancel"), Role.RejectRole, nothing),
        )

    def _write(self, path: Path, then: Callable[[], object]) -> None:
        try:
            self._document.save(path)
        except ProjectError as error:
            self.refused.emit(str(error))
            return
        self._remember(path)
        then()

    def _remember(self, path: Path) -> None:
        self.recent.add(path)
        self.recent_changed.emit()

    def _folder(self) -> Path:
        """Where a person most likely wants to look: beside the file, or the last file, or among the documents."""
        for path in filter(None, (self._document.path, *self.recent.paths())):
            if path.parent.is_dir():
                return path.parent
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode, suffix: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("fileDialog")
        dialog.setAcceptMode(mode)
        dialog.setDirectory(str(self._folder()))
        if suffix:
            named = self.tr("Projects (*{})") if suffix == SUFFIX else "*{}"
            dialog.setNameFilter(named.format(suffix))
            dialog.setDefaultSuffix(suffix.lstrip("."))
        return dialog
