"""What leaves the window as a file: the project in any form, and the weights of the last run."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from nndesigner.training import runs
from nndesigner.ui.checker import Checked
from nndesigner.ui.document import Document
from nndesigner.ui.filing import Filing
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.notice import Notice

if TYPE_CHECKING:
    from nndesigner.ui.export.dialog import ExportDialog
    from nndesigner.ui.export.work import Outcome, Work


class Exporting(QObject):
    """The dialog of exports, made when it is needed first, and what it must know: the project as it was last checked."""

    def __init__(self, document: Document, filing: Filing, run: LiveRun, notice: Notice) -> None:
        super().__init__(notice)
        self._document, self._filing, self._run, self._notice = document, filing, run, notice
        self._checked: Checked | None = None
        self._work: Work | None = None
        self._anew = True
        self.loaded: Path | None = None  # the weights from elsewhere that the next run starts from
        self.dialog: ExportDialog | None = None
        filing.opened.connect(self._forget)

    def take(self, found: Checked) -> None:
        """Takes note of a project that was checked."""
        self._checked = found
        if self.dialog is not None:
            self.dialog.take(found)

    def open(self) -> None:
        """Opens the dialog on the project as it is now."""
        dialog = self._made()
        project = self._document.project
        known = self._checked if self._checked is not None and self._checked.project is project else None
        home = runs.home(self._document.path, project)
        dialog.loaded = self.loaded
        dialog.open()
        dialog.show_for(project, known, self._document.name, home, self._anew)
        self._anew = False

    def save_run(self) -> None:
        """Asks for a folder and writes the weights of the last run into it."""
        self._filing.ask_folder(self.tr("Save the weights"), self._write_run)

    def finish(self) -> None:
        """Ends all that goes on, before the window goes."""
        if self.dialog is not None:
            self.dialog.close()
        if self._work is not None:
            self._work.close()

    def _made(self) -> "ExportDialog":
        if self.dialog is None:
            from nndesigner.ui.export.dialog import ExportDialog
            from nndesigner.ui.export.work import Work

            self._work = Work(self)
            self.dialog = ExportDialog(self._work, self._notice.window())
            self.dialog.ended.connect(self._tell_outcome)
        return self.dialog

    def _forget(self) -> None:
        self._anew = True

    def _tell_outcome(self, outcome: "Outcome") -> None:
        """What was begun in the dialog came to its end after the dialog was closed."""
        path = outcome.path
        if path is None:
            self._refuse(outcome.words)
        elif outcome.verified is False:
            self._refuse(self.tr("{} was written. {}").format(path.name, outcome.words))
        else:
            self._tell(f"{path.name}: {outcome.words}" if outcome.words else path.name, path.parent)

    def _write_run(self, folder: Path) -> None:
        from nndesigner.training import result  # brings torch, which a finished run has loaded

        project, network = self._run.project, self._run.network
        if project is None or network is None or self._run.active:
            self._refuse(self.tr("There is no finished run to save"))
            return
        try:
            result.save(folder, project, network, self._run.reports)
        except OSError as error:
            self._refuse(self.tr("{} can’t be written: {}").format(folder, error.strerror or error))
            return
        self._tell(self.tr("Weights, project and report are in {}").format(folder.name), folder)

    def _tell(self, text: str, folder: Path) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        self._notice.tell(self.tr("Wrote {}").format(text), (self.tr("Show the folder"), show))

    def _refuse(self, message: str) -> None:
        self._notice.tell(message, warning=True)
