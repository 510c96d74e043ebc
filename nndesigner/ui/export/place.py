"""Where an export goes: a path that can be typed or chosen, and whether something is there already."""

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from nndesigner.ui.export.forms import Form
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font

_FOLDER = "export/folder"
_REST = 150  # milliseconds without a key before one looks at the disk


class PlaceField(QWidget):
    """The path, with a button to choose one, and a line about it.

    **Signals:** `changed` when it is another; `looked` once it is known what is there.
    """

    changed = Signal()
    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: Form | None = None
        self._stem = ""
        self.replaces = False  # whether there is a file already
        self._field = QLineEdit(self)
        self._field.setObjectName("exportPlace")
        self._field.setAccessibleName(self.tr("Where it goes"))
        self._field.textEdited.connect(self._edit)
        self._choose = QPushButton(self.tr("Choose…"), self)
        self._choose.setObjectName("exportChoose")
        self._choose.setAccessibleName(self.tr("Choose where it goes"))
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._ask)
        self._remark = plain_label("", "secondary", font(11), wrap=True)
        self._remark.setObjectName("exportPlaceRemark")
        self._timer = QTimer(self, singleShot=True, interval=_REST)
        self._timer.timeout.connect(self._look)
        row = QHBoxLayout()
        row.setSpacing(8)
        label = plain_label(self.tr("To"), "secondary")
        label.setBuddy(self._field)
        self._remark.setContentsMargins(label.sizeHint().width() + 8, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._field, 1)
        row.addWidget(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._remark)
        self.setFocusProxy(self._field)

    @property
    def path(self) -> Path | None:
        """Where it goes, with the suffix of its form; None for no path at all."""
        text = self._field.text().strip()
        if not text or self._form is None:
            return None
        path = Path(text).expanduser()
        if not path.name:
            return None
        if not path.is_absolute():
            path = self._folder() / path
        suffix = self._form.suffix
        return path if path.suffix.lower() == suffix or not suffix else path.with_name(path.name + suffix)

    @property
    def remark(self) -> str:
        """What is said about it."""
        return self._remark.text()

    def show_form(self, form: Form, stem: str) -> None:
        """Goes to the same folder as before, under a name that fits the form; `stem` is the project's."""
        before = self.path
        folder = before.parent if before is not None else self._folder()
        name = self._stem or f"{stem}{form.ending}"
        self._form = form
        self.set_path(folder / f"{name}{form.suffix}")

    def set_path(self, path: Path) -> None:
        """Goes there."""
        self._field.setText(str(path))
        self.mark_name()
        self._look()
        self.changed.emit()

    def forget(self) -> None:
        """Another project: the name is its own again."""
        self._stem = ""
        self._field.clear()

    def mark_name(self) -> None:
        """Selects the name without its suffix, so that it can be typed over."""
        text = self._field.text()
        path = Path(text)
        stem = path.name.removesuffix(self._form.suffix if self._form else "")
        self._field.setSelection(len(text) - len(path.name), len(stem))

    def keep(self) -> None:
        """Remembers the folder."""
        if (path := self.path) is not None:
            QSettings().setValue(_FOLDER, str(path.parent))

    def _folder(self) -> Path:
        kept = QSettings().value(_FOLDER, "")
        if isinstance(kept, str) and kept and Path(kept).is_dir():
            return Path(kept)
        where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(where) if Path(where).is_dir() else Path.home()

    def _edit(self) -> None:
        path = self.path
        self._stem = path.name.removesuffix(self._form.suffix if self._form else "") if path else ""
        self._timer.start()
        self.changed.emit()

    def be_quiet(self) -> None:
        """Says nothing of what was there, as it is being written."""
        self._timer.stop()
        self._field.deselect()
        self.replaces = False
        self._remark.setText("")

    def _look(self) -> None:
        path, tone, words = self.path, "secondary", ""
        self.replaces = path is not None and path.is_file()
        if path is not None and path.exists():
            tone, words = "warning", self.tr("{} is there already and will be replaced").format(path.name)
            if self._form is not None and not self._form.suffix:
                empty = path.is_dir() and not any(path.iterdir())
                words = "" if empty else self.tr("{} is there already: choose another name").format(path.name)
        elif path is not None and not path.parent.is_dir():
            tone, words = "warning", self.tr("There is no folder {}").format(path.parent)
        self._remark.setText(words)
        if self._remark.property("tone") != tone:
            self._remark.setProperty("tone", tone)
            self._remark.style().unpolish(self._remark)
            self._remark.style().polish(self._remark)
        self.looked.emit()

    def _ask(self) -> None:
        form, path = self._form, self.path
        if form is None:
            return
        dialog = QFileDialog(self, self.tr("Export: {}").format(form.title))
        dialog.setObjectName("fileDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if form.suffix:
            dialog.setNameFilter(f"*{form.suffix}")
            dialog.setDefaultSuffix(form.suffix.lstrip("."))
        if path is not None:
            dialog.setDirectory(str(path.parent))
            dialog.selectFile(path.name)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, name: str) -> None:
        path = Path(name)
        self._stem = path.name.removesuffix(self._form.suffix if self._form else "")
        self.set_path(path)
        self._field.setFocus()
