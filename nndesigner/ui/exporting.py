"""What leaves the window as a file: the script, and the weights of the last run."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from nndesigner import files
from nndesigner.ui.checker import Checked
from nndesigner.ui.document import Document
from nndesigner.ui.filing import Filing
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.notice import Notice


class Exporting(QObject):
    """Writes the project as it was last checked; if it was edited since, as soon as it is checked again."""

    def __init__(self, document: Document, filing: Filing, run: LiveRun, notice: Notice) -> None:
        super().__init__(notice)
        self._document, self._filing, self._run, self._notice = document, filing, run, notice
        self._checked: Checked | None = None
        self._path: Path | None = None

    def take(self, found: Checked) -> None:
        """Takes note of a project that was checked."""
        self._checked = found
        if self._path is not None:
            self._write_script(self._path)

    def export_script(self) -> None:
        """Asks for a file and writes the training script into it."""
        if (
            self._checked is not None
            and self._checked.project is self._document.project
            and self._checked.refusal
        ):
            self._refuse(self._checked.refusal)
            return
        self._filing.ask_path(self.tr("Export a training script"), ".py", self._write_script)

    def save_run(self) -> None:
        """Asks for a folder and writes the weights of the last run into it."""
        self._filing.ask_folder(self.tr("Save the weights"), self._write_run)

    def _write_script(self, path: Path) -> None:
        if self._checked is None or self._checked.project is not self._document.project:
            self._path = path
            return
        self._path = None
        script = self._checked.script
        if script is None:
            self._refuse(self._checked.refusal)
            return
        try:
            files.write(path, script.text.encode())
        except OSError as error:
            self._refuse(self.tr("{} can’t be written: {}").format(path, error.strerror or error))
            return
        what = (
            self.tr("{}: a complete training script") if script.trains else self.tr("{}: the network alone")
        )
        self._tell(what.format(path.name), path.parent)

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
