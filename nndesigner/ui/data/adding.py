"""Adding data of one's own: what was found in a file or folder, to be set right, named and put on the shelf."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from nndesigner.catalogue.data import DataSet
from nndesigner.data.desk import LookAt
from nndesigner.data.looking.found import Found
from nndesigner.graph import Value
from nndesigner.shelf import name_problem
from nndesigner.ui import icons
from nndesigner.ui.data.choices import Choices, choices_for
from nndesigner.ui.data.columns import ColumnsTable
from nndesigner.ui.data.preview import Preview
from nndesigner.ui.data.reading import Reading
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.facts import plain_label
from nndesigner.ui.figures import thousands
from nndesigner.ui.form import Form, Refusal
from nndesigner.ui.line import Line
from nndesigner.ui.theme import font

_WAIT = 400  # ms after which a choice that is typed is taken
_NOTES_TALL = 108

_COMMON = (
    "data",
    "images",
    "recordings",
    "audio",
    "wav",
    "files",
    "train",
)  # names that tell nothing


def name_for(path: Path) -> str:
    """A name for the data set in a file or folder, made of what that is called, or the folder it lies in."""
    stem = path.name
    while (suffix := Path(stem).suffix) and len(suffix) <= 5 and path.is_file():
        stem = stem.removesuffix(suffix)
    stem = path.parent.name if stem.lower() in _COMMON else stem
    name = re.sub(r"[^\w-]+", "-", stem).strip("-_")[:64]
    if name_problem(name or "data"):
        name = f"my-{name}"[:64]
    return "data" if name_problem(name) else name


class AddingPage(QWidget):
    """One file or folder on its way to the shelf.

    **Signals:** `ready_changed` with whether it can be added as it is.
    """

    ready_changed = Signal(bool)

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("addPage")
        self._reading = reading
        self._path = Path()
        self._choices: dict[str, Any] = {}
        self._before: dict[str, Any] | None = None  # the choices that were answered last
        self._found: Found | None = None
        self._asked: LookAt | None = None
        self._made: Choices | None = None
        self._form: Form | None = None
        self._soon = QTimer(self, singleShot=True, interval=_WAIT)
        self._soon.timeout.connect(self._look)
        self._where = ElidedLabel(Qt.TextElideMode.ElideMiddle, self)
        self._where.setFont(font(11))
        self._where.setProperty("tone", "secondary")
        self._sentence = plain_label("", face=font(15, QFont.Weight.DemiBold), wrap=True)
        self._sentence.setObjectName("addSentence")
        self._name = Line(self._judge, self)
        self._name.setObjectName("addName")
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setMaximumWidth(280)
        self._name_refusal = Refusal(self)
        self._name_refusal.setObjectName("addNameProblem")
        self._name.refused.connect(self._name_refusal.show_reason)
        self._name.textChanged.connect(self._tell_ready)
        self._problem = Refusal(self)
        self._problem.setObjectName("addProblem")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._progress = plain_label("", "secondary", font(11))
        self._progress.setObjectName("addProgress")
        self._notes = _Notes(self)
        self.columns = ColumnsTable(self)
        self.columns.columns.type_chosen.connect(self._choose_type)
        self.columns.columns.use_chosen.connect(self._choose_use)
        self.preview = Preview(reading, self, columns=False)
        self._lay_out()
        reading.answered.connect(self._take)
        reading.failed.connect(self._refuse)
        reading.progressed.connect(self._tell_progress)

    @property
    def data_set(self) -> DataSet | None:
        """The data set as it would be added, under the name that is written; None while there is none."""
        name = self._name.text().strip()
        if self._found is None or self._asked is not None or name_problem(name):
            return None
        return replace(self._found.data_set, name=name, title=name)

    @property
    def looking(self) -> bool:
        """Whether the files are being looked at."""
        return self._asked is not None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be known of what was found."""
        return self._found.remarks if self._found is not None else ()

    def look_at(self, paths: Sequence[Path]) -> None:
        """Looks at a file or folder, or at two files that are the sides of sentence pairs."""
        self._path = paths[0]
        self._choices, self._before = {}, None
        if len(paths) == 2 and all(one.is_file() for one in paths):
            first, second = sorted(paths, key=lambda one: (".en" not in one.name, one.name))
            self._path, self._choices = first, {"second": str(second)}
        self._found = None
        self._name.set_text("")
        self._name.set_text(name_for(self._path))
        self._where.setText(str(self._path))
        self._sentence.setText("")
        self._show_form(None)
        self._notes.show_remarks(())
        self._show_tabs(False)
        self.preview.show_nothing("")
        if len(paths) > 2:
            self._settle()
            words = self.tr(
                "Add one file or folder at a time, or the two files of sentence pairs; these are {}."
            )
            self._problem.show_reason(words.format(len(paths)))
            return
        self._look()

    def refuse(self, reason: str) -> None:
        """Says why it can't be added."""
        self._problem.show_reason(reason)

    # How it is laid out.

    def _lay_out(self) -> None:
        named = QHBoxLayout()
        named.setSpacing(8)
        label = QLabel(self.tr("Name"), self)
        label.setProperty("tone", "secondary")
        label.setBuddy(self._name)
        named.addWidget(label)
        named.addWidget(self._name, 1)
        named.addStretch(1)
        self._choices_place = QVBoxLayout()
        self._choices_place.setContentsMargins(0, 0, 0, 0)
        side = QWidget()
        side.setLayout(self._choices_place)
        side.setFixedWidth(280)
        self._side = side
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addWidget(self._notes, 1)
        middle.addWidget(side, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("addTabs")
        self._tabs.setDocumentMode(True)
        around = QWidget()
        inner = QVBoxLayout(around)
        inner.setContentsMargins(0, 12, 0, 0)
        inner.addWidget(self.columns)
        self._tabs.addTab(around, self.tr("Columns"))
        self._tabs.addTab(self.preview, self.tr("Preview"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._where)
        column.addWidget(self._sentence)
        column.addWidget(self._bar)
        column.addWidget(self._progress)
        column.addLayout(named)
        column.addWidget(self._name_refusal)
        column.addWidget(self._problem)
        column.addLayout(middle)
        column.addWidget(self._tabs, 1)

    def _show_tabs(self, columns: bool) -> None:
        """A table can be set right column by column; all else is only seen."""
        self._tabs.setTabVisible(0, columns)
        self._tabs.tabBar().setVisible(columns)

    def _show_form(self, made: Choices | None) -> None:
        """The choices of this kind of data; the form stays while it is the same kind."""
        same = made is not None and self._made is not None and made.labels == self._made.labels
        self._made = made
        if not same:
            if self._form is not None:
                self._choices_place.removeWidget(self._form)
                self._form.hide()
                self._form.deleteLater()
                self._form = None
            if made is not None and made.params:
                self._form = Form(made.params, self, labels=made.labels)
                self._form.edited.connect(self._choose)
                self._choices_place.addWidget(self._form)
        self._side.setVisible(self._form is not None)
        if self._form is not None and made is not None:
            self._form.set_values(made.values)

    # What is chosen.

    def _choose(self, name: str, value: Value) -> None:
        if self._made is not None:
            self._choices = self._made.made(name, value, self._choices)
            self._soon.start()

    def _choose_type(self, column: str, kind: str) -> None:
        self._choices["types"] = {**self._choices.get("types", {}), column: kind}
        self._look()

    def _choose_use(self, column: str, role: str) -> None:
        assert self._found is not None
        one = next(each for each in self._found.columns if each.name == column)
        ignored = [name for name in self._choices.get("ignore", ()) if name != column]
        for special in ("group", "part"):
            if one.role == special:
                self._choices[special] = ""
        if role in ("target", "group", "part"):
            self._choices[role] = column
        elif role == "feature":
            # A type that is chosen says: this one is to be used, whatever speaks against it.
            self._choices["types"] = {**self._choices.get("types", {}), column: one.type}
        else:
            ignored.append(column)
        self._choices["ignore"] = tuple(ignored)
        self._look()

    def _look(self) -> None:
        self._soon.stop()
        name = self._name.text().strip()
        chosen = name if name_problem(name) is None else name_for(self._path)
        self._asked = LookAt(self._path, chosen, dict(self._choices))
        self._problem.show_reason("")
        self._bar.setRange(0, 0)
        self._bar.show()
        self._progress.setText(self.tr("Looking at {} …").format(self._path.name))
        self._progress.show()
        self._tell_ready()
        self._reading.ask(self._asked)

    # What is answered.

    def _take(self, question: object, answer: object) -> None:
        if question is not self._asked or not isinstance(answer, Found):
            return
        self._settle()
        first, self._found, self._before = self._found is None, answer, dict(self._choices)
        self._sentence.setText(answer.data_set.sentence)
        self._notes.show_remarks(answer.remarks)
        self._show_form(choices_for(answer.data_set))
        self._show_tabs(bool(answer.columns))
        if first:
            self._tabs.setCurrentIndex(0 if answer.columns else 1)
        self.columns.show_columns(answer.columns)
        self.preview.show_data_set(answer.data_set)
        self._tell_ready()

    def _refuse(self, question: object, reason: str) -> None:
        """What can't be chosen is told, and what was there before stays."""
        if question is not self._asked:
            return
        self._settle()
        self._problem.show_reason(reason[:1].upper() + reason[1:])
        if self._before is not None and self._found is not None:
            self._choices = dict(self._before)
            self._show_form(choices_for(self._found.data_set))
        else:
            self.preview.show_nothing(self.tr("There is nothing to show."))
        self._tell_ready()

    def _settle(self) -> None:
        self._asked = None
        self._bar.hide()
        self._progress.hide()

    def _tell_progress(self, question: object, done: int, total: int) -> None:
        if question is self._asked:
            self._bar.setRange(0, max(1, total))
            self._bar.setValue(done)
            told = self.tr("{done} of {total} files looked at")
            self._progress.setText(told.format(done=thousands(done), total=thousands(total)))

    def _judge(self, name: str) -> str | None:
        problem = name_problem(name.strip())
        return problem and problem[:1].upper() + problem[1:]

    def _tell_ready(self) -> None:
        self.ready_changed.emit(self.data_set is not None)


class _Notes(QScrollArea):
    """Remarks, one sentence a line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("addRemarks")
        self.setAccessibleName(self.tr("What was found"))
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMaximumHeight(_NOTES_TALL)
        self.viewport().setAutoFillBackground(False)

    def show_remarks(self, remarks: Sequence[str]) -> None:
        """Shows these; none leaves the place empty."""
        page = QWidget()
        page.setAutoFillBackground(False)
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, words in enumerate(remarks):
            warns = "it alone tells" in words or "can't be read" in words
            sign = icons.Picture("warning" if warns else "ok", 14, "warning" if warns else "secondary")
            grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(plain_label(words, wrap=True), row, 1)
        grid.setRowStretch(len(remarks), 1)
        self.setWidget(page)
        self.setVisible(bool(remarks))
