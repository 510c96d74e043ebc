"""The sheet of help: the page of one kind at a time, a field to look another up, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Value
from nndesigner.project import Project
from nndesigner.ui import icons
from nndesigner.ui.help.finder import Finder
from nndesigner.ui.help.page import KindPage

if TYPE_CHECKING:
    from nndesigner.catalogue.kind import TensorType
    from nndesigner.ui.help.findings import Findings

_SIZE = (600, 760)


@dataclass(frozen=True)
class Subject:
    """What is explained: a kind, and what is known of the node it is asked for."""

    kind: Kind
    params: Mapping[str, Value] | None = None
    inside: Project | None = None
    known: "Mapping[str, TensorType] | None" = field(default=None)
    said: str = ""


class HelpSheet(QDialog):
    """The sheet of one window; it stays open beside it while a person goes on drawing."""

    def __init__(self, subject_of: Callable[[str], Subject | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("kindHelp")
        self.setWindowTitle(self.tr("Help"))
        self._subject_of = subject_of
        self._past: list[Subject] = []
        self.subject: Subject | None = None
        self.kinds: Sequence[Kind] = catalogue.KINDS
        self.finder = Finder(self)
        self.finder.found.connect(self._take)
        self._back = QToolButton(autoRaise=True)
        self._back.setObjectName("kindHelpBack")
        self._back.setFixedSize(28, 28)
        self._back.setAccessibleName(self.tr("Back"))
        icons.dress(self._back, "chevron-left")
        back = QKeySequence(QKeySequence.StandardKey.Back)
        self._back.setToolTip(f"{self.tr('Back')} ({back.toString(QKeySequence.SequenceFormat.NativeText)})")
        self._back.clicked.connect(self.go_back)
        QShortcut(back, self, self.go_back)
        self.search = QLineEdit()
        self.search.setObjectName("kindHelpField")
        self.search.setAccessibleName(self.tr("Look a layer up"))
        self.search.setPlaceholderText(self.tr("Look a layer up: LSTM, Adam, Huber"))
        self.search.setFixedHeight(28)
        lens = self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        icons.dress(lens, "search", "secondary")
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(self.look_up)
        self.search.setCompleter(completer)
        self.search.returnPressed.connect(self._look_first_up)
        self.page = KindPage()
        self.page.wanted.connect(self.look_up)
        self._room = QScrollArea()
        self._room.setObjectName("kindHelpRoom")
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setWidgetResizable(True)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setWidget(self.page)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 24, 4)
        top.setSpacing(8)
        top.addWidget(self._back)
        top.addWidget(self.search, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._room, 1)
        parent = self.parentWidget()
        self.resize(min(_SIZE[0], parent.width() - 32), min(_SIZE[1], parent.height() - 32))

    def show_subject(self, subject: Subject) -> None:
        """Shows the page of a kind; the one that was shown is a step back."""
        if self.subject is not None and self.subject.kind != subject.kind:
            self._past.append(self.subject)
        self._turn_to(subject)
        if not self.isVisible():
            self.show()
            self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_up(self, name: str) -> None:
        """Shows the page of the kind of this name, if there is one."""
        if (subject := self._subject_of(name)) is not None:
            self.search.clear()
            self.show_subject(subject)

    def go_back(self) -> None:
        """Shows what was shown before."""
        if self._past:
            self._turn_to(self._past.pop())

    def _turn_to(self, subject: Subject) -> None:
        self.subject = subject
        self._back.setEnabled(bool(self._past))
        self._names.setStringList([one.name for one in self.kinds])
        self.setWindowTitle(self.tr("Help: {name}").format(name=subject.kind.name))
        self.page.show_kind(
            subject.kind, subject.params, subject.inside, subject.known, self.kinds, subject.said
        )
        self._room.verticalScrollBar().setValue(0)
        self.finder.ask(subject.kind, self._params(), subject.known)

    def _params(self) -> Mapping[str, Value]:
        if self.subject is None:
            return {}
        given = self.subject.params
        return given if given is not None else self.subject.kind.start_params()

    def _take(self, kind: Kind, found: "Findings") -> None:
        if self.subject is not None and kind is self.subject.kind:
            self.page.take(found)

    def _look_first_up(self) -> None:
        """Enter takes the best match for what was typed."""
        typed = self.search.text().strip().casefold()
        names = [one.name for one in self.kinds]
        match = next((name for name in names if name.casefold() == typed), "") or next(
            (name for name in names if typed and name.casefold().startswith(typed)), ""
        )
        if match:
            self.look_up(match)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._past.clear()
        super().closeEvent(event)
