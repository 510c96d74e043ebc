"""The dialog of data sets: the list at the left, at the right the one that is chosen, or one that is being added."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from nndesigner import shelf
from nndesigner.catalogue.data import DataSet
from nndesigner.graph import Value
from nndesigner.project import Training
from nndesigner.ui import icons
from nndesigner.ui.data.adding import AddingPage
from nndesigner.ui.data.dropping import paths_in
from nndesigner.ui.data.entry_page import EntryPage
from nndesigner.ui.data.library import Library
from nndesigner.ui.data.preview import Preview
from nndesigner.ui.data.reading import Reading
from nndesigner.ui.data.shelves import Shelves
from nndesigner.ui.facts import plain_label, quiet_button
from nndesigner.ui.question import Role, ask, nothing
from nndesigner.ui.theme import font

_SIZE, _SMALLEST = (1080, 720), QSize(480, 256)
_LIST = 264
_NOTHING: Mapping[str, Value] = MappingProxyType({})


class DataDialog(QDialog):
    """All data sets.

    **Signals:** `used` with a data set that the network is to learn from; `build_wanted` with one to draw a network for;
    `added` with one that was put on the shelf.
    """

    used = Signal(object)
    build_wanted = Signal(object)
    added = Signal(object)

    def __init__(self, library: Library, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataDialog")
        self.setWindowTitle(self.tr("Data sets"))
        self.setAcceptDrops(True)
        if parent is not None:
            self.resize(
                min(max(_SIZE[0], round(0.6 * parent.width())), parent.width() - 32),
                min(max(_SIZE[1], round(0.7 * parent.height())), parent.height() - 32),
            )
        self._library, self._reading = library, reading
        self._used = ""
        self._params: Mapping[str, Value] = _NOTHING
        self._training = Training()
        self._drawing = False
        self._shelves = Shelves(library, self)
        self._shelves.chosen.connect(self._choose)
        self._entry = EntryPage(library, reading, self)
        self._adding: AddingPage | None = None
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._entry)
        self._make_buttons()
        self._lay_out()
        library.changed.connect(self._refresh)
        self._refresh()

    def show_for(
        self, project_open: bool, used: str, params: Mapping[str, Value], training: Training
    ) -> None:
        """Opens on the data set that is used, prepared as its node says; `project_open` if there is a network to use it."""
        self._drawing, self._used, self._params, self._training = project_open, used, params, training
        self._library.refresh()
        self._pages.setCurrentIndex(0)
        name = used or self._shelves.current or next(iter(self._shelves.names()), "")
        self._shelves.choose(name)
        self._choose(name)
        self._enable()

    def look_at(self, paths: Sequence[Path]) -> None:
        """Looks at files that may be added."""
        self._entry.rest()
        self._shelves.unmark()
        self._pages.setCurrentWidget(self.adding)
        self.adding.look_at(paths)
        self._enable()

    @property
    def adding(self) -> AddingPage:
        """The page of what is being added, made when it is needed first."""
        if self._adding is None:
            self._adding = AddingPage(self._reading, self)
            self._adding.ready_changed.connect(self._enable)
            self._pages.addWidget(self._adding)
        return self._adding

    @property
    def preview(self) -> Preview:
        """What is seen of the data set that is chosen."""
        return self._entry.preview

    @property
    def shelves(self) -> Shelves:
        """The list."""
        return self._shelves

    @property
    def current(self) -> DataSet | None:
        """The data set that is chosen."""
        entry = self._library.find(self._shelves.current)
        return entry.data_set if entry is not None else None

    # How it is laid out.

    def _make_buttons(self) -> None:
        self._add = QPushButton(self.tr("Add…"), self)
        self._add.setObjectName("dataAdd")
        self._add.setAccessibleName(self._add.text())
        icons.dress(self._add, "plus")
        menu = QMenu(self._add)
        menu.setObjectName("dataAddMenu")
        menu.addAction(self.tr("A file…"), self._choose_file).setObjectName("dataAddFile")
        menu.addAction(self.tr("A folder…"), self._choose_folder).setObjectName("dataAddFolder")
        self._add.setMenu(menu)
        self._remove = quiet_button(self.tr("Remove"), "dataRemove", "delete", "error")
        self._remove.setToolTip(self.tr("Takes it off this list; the files stay where they are"))
        self._remove.clicked.connect(self._ask_to_remove)
        self._back = self._button("dataBackToList", self.tr("Back"), self._leave_adding)
        self._put = self._button("dataPut", self.tr("Add"), self._put_on_shelf)
        self._put.setProperty("primary", True)
        self._build = self._button("dataBuild", self.tr("Build a network for it"), self._want_network)
        self._use = self._button("dataUse", self.tr("Use it"), self._use_it)

    def _button(self, name: str, words: str, slot: object) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        left = QWidget(self)
        left.setFixedWidth(_LIST)
        column = QVBoxLayout(left)
        column.setContentsMargins(16, 16, 12, 12)
        column.setSpacing(8)
        column.addWidget(self._shelves, 1)
        column.addWidget(
            plain_label(self.tr("Drop a file or folder here to add it."), "secondary", font(11), wrap=True)
        )
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        rule = QFrame(self)
        rule.setFixedWidth(1)
        rule.setFrameShape(QFrame.Shape.VLine)
        rule.setFrameShadow(QFrame.Shadow.Plain)
        rule.setForegroundRole(self.palette().ColorRole.Mid)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self._remove, self._back):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self._build, self._use, self._put):
            foot.addWidget(button)
        right = QVBoxLayout()
        right.setContentsMargins(24, 16, 24, 16)
        right.setSpacing(16)
        right.addWidget(self._pages, 1)
        right.addLayout(foot)
        whole = QHBoxLayout(self)
        # What is shown first may ask for more room than a small screen has.
        whole.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(_SMALLEST)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(left)
        whole.addWidget(rule)
        whole.addLayout(right, 1)

    # The one that is chosen.

    def _choose(self, name: str) -> None:
        self._pages.setCurrentIndex(0)
        entry = self._library.find(name)
        self._enable()
        if entry is None:
            return
        used = entry.data_set.name == self._used
        self._entry.show_entry(entry, self._params if used else _NOTHING, self._training)

    def _refresh(self) -> None:
        self._enable()
        if self.isVisible() and self._pages.currentIndex() == 0 and self.current is None:
            self._choose(next(iter(self._shelves.names()), ""))

    def _enable(self) -> None:
        adding = self._adding is not None and self._pages.currentWidget() is self._adding
        one = self.current
        shown = {
            self._remove: not adding and one is not None and self._library.on_shelf(one.name),
            self._back: adding,
            self._put: adding,
            self._build: not adding and one is not None,
            self._use: not adding and one is not None and self._drawing,
        }
        for button, on in shown.items():
            button.setVisible(on)
        self._put.setEnabled(adding and self.adding.data_set is not None)
        entry = self._library.find(self._shelves.current)
        here = entry is not None and entry.presence == "here"
        in_use = one is not None and one.name == self._used
        self._use.setText(self.tr("In use") if in_use else self.tr("Use it"))
        self._use.setEnabled(not in_use)
        for button, primary in (
            (self._use, self._drawing and here),
            (self._build, not self._drawing and here),
        ):
            if button.property("primary") != primary:
                button.setProperty("primary", primary)
                button.style().unpolish(button)
                button.style().polish(button)

    def _use_it(self) -> None:
        if (one := self.current) is not None:
            self.used.emit(one)

    def _want_network(self) -> None:
        if (one := self.current) is not None:
            self.build_wanted.emit(one)

    # Adding and removing.

    def _choose_file(self) -> None:
        self._choose_paths(self.tr("Add a file"), QFileDialog.FileMode.ExistingFiles)

    def _choose_folder(self) -> None:
        self._choose_paths(self.tr("Add a folder"), QFileDialog.FileMode.Directory)

    def _choose_paths(self, title: str, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, title)
        dialog.setObjectName("dataFileDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda names: self.look_at([Path(name) for name in names]))
        dialog.open()

    def _put_on_shelf(self) -> None:
        one = self.adding.data_set
        if one is None:
            return
        try:
            shelf.put(one)
        except (OSError, ValueError) as error:
            self.adding.refuse(self.tr("It could not be added: {}").format(error))
            return
        self.added.emit(one)
        self._library.refresh()
        self._shelves.choose(one.name)
        self._shelves.setFocus()
        self._choose(one.name)

    def _leave_adding(self) -> None:
        name = self._shelves.current or next(iter(self._shelves.names()), "")
        self._shelves.choose(name)
        self._choose(name)

    def _ask_to_remove(self) -> None:
        one = self.current
        if one is None:
            return
        ask(
            self,
            self.tr("Remove {} from the list?").format(one.title),
            self.tr("Its files stay where they are, and projects that use it keep it."),
            ("dataRemoveYes", self.tr("Remove"), Role.DestructiveRole, lambda: self._take_off(one.name)),
            ("dataRemoveNo", self.tr("Cancel"), Role.RejectRole, nothing),
        )

    def _take_off(self, name: str) -> None:
        try:
            shelf.remove(name)
        except OSError as error:
            self._entry.refuse(self.tr("It could not be removed: {}").format(error.strerror or error))
            return
        self._library.refresh()
        first = name if self._library.find(name) is not None else next(iter(self._shelves.names()), "")
        self._shelves.choose(first)
        self._choose(first)

    # Qt.

    def done(self, result: int) -> None:
        self._entry.rest()
        self._reading.ask()
        super().done(result)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if paths_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := paths_in(event.mimeData()):
            event.acceptProposedAction()
            self.look_at(paths)
