"""The dialog a project leaves by: the forms at the left, at the right what the one picked will be, where it goes, and how
its proof goes.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nndesigner.project import Project
from nndesigner.ui.export.forms import Form, forms
from nndesigner.ui.export.list import FormList
from nndesigner.ui.export.options import Options
from nndesigner.ui.export.place import PlaceField
from nndesigner.ui.export.preview import PreviewPane
from nndesigner.ui.export.verdict import Verdict
from nndesigner.ui.export.work import Kept, Outcome, Preview, Wanted, Work
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font

if TYPE_CHECKING:
    from nndesigner.ui.checker import Checked

_SIZE, _SMALLEST = (1080, 720), QSize(480, 256)
_FORM = "export/form"
_REST = 120  # milliseconds without a change of form or options before a preview is made


class ExportDialog(QDialog):
    """The dialog. What it has begun goes on when it is closed.

    **Signals:** `ended` with an `Outcome` that came while it was closed.
    """

    ended = Signal(object)

    def __init__(self, work: Work, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(self.tr("Export"))
        if parent is not None:
            self.resize(
                min(max(_SIZE[0], round(0.6 * parent.width())), parent.width() - 32),
                min(max(_SIZE[1], round(0.7 * parent.height())), parent.height() - 32),
            )
        self._work = work
        self._project = Project()
        self._known: Checked | None = None
        self._stem = ""
        self._waits = True  # for a preview
        self._wanted: Wanted | None = None
        self._outcome: Outcome | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._look)
        self._forms = FormList(forms(), self)
        self._forms.chosen.connect(self._show_form)
        self._title = QLabel(self)
        self._title.setObjectName("exportTitle")
        self._title.setFont(font(20))
        self._title.setMinimumHeight(32)  # as high as the button that may stand beside it
        self._note = plain_label("", "secondary", wrap=True)
        self._note.setObjectName("exportNote")
        self._options = Options(self)
        self._options.changed.connect(self._change)
        self._preview = PreviewPane(self)
        self._place = PlaceField(self)
        self._place.changed.connect(self._change_place)
        self._place.looked.connect(self._enable)
        self._verdict = Verdict(self)
        self._make_buttons()
        self._lay_out()
        work.previewed.connect(self._take_preview)
        work.listed.connect(self._offer)
        self.loaded: Path | None = None  # weights from elsewhere, which the next run starts from
        work.done.connect(self._take_outcome)
        self._enable()

    def show_for(self, project: Project, known: "Checked | None", name: str, home: Path, anew: bool) -> None:
        """Opens on a project: what is known of it, what it is called, where its runs are, whether it is another one."""
        self._project, self._known = project, known
        if anew:
            self._place.forget()
        self._stem = name.lower().replace(" ", "-") or "network"
        if not self._work.busy:
            self._wanted = None
            self._clear()
        self._options.offer((), project.training.seed, self.loaded)
        self._work.list_weights(home, project)
        blocked = self._forms.blockSignals(True)
        self._forms.choose(str(QSettings().value(_FORM, "train")))
        self._forms.blockSignals(blocked)
        self._show_form(self._forms.current)
        self._place.setFocus()
        self._place.mark_name()

    def take(self, found: "Checked") -> None:
        """The project was checked meanwhile."""
        if self.isVisible() and found.project is self._project and self._known is None:
            self._known = found
            self._change()

    @property
    def form(self) -> Form:
        """The form that is picked."""
        return self._forms.current

    @property
    def preview(self) -> PreviewPane:
        """What it will look like."""
        return self._preview

    @property
    def place(self) -> PlaceField:
        """Where it goes."""
        return self._place

    @property
    def options(self) -> Options:
        """What can be set."""
        return self._options

    @property
    def verdict(self) -> Verdict:
        """How it goes."""
        return self._verdict

    def choose(self, name: str) -> None:
        """Picks a form."""
        self._forms.choose(name)

    # How it is laid out.

    def _make_buttons(self) -> None:
        self._show = self._button("exportShow", self.tr("Show the folder"), self._show_folder)
        self._copy = self._button("exportCopy", self.tr("Copy"), self._copy_text)
        self._stop = self._button("exportStop", self.tr("Stop"), self._work.stop)
        self._export = self._button("exportNow", self.tr("Export"), self._begin)
        self._done = self._button("exportDone", self.tr("Done"), self.accept)
        for button in (self._export, self._done):
            button.setProperty("primary", True)
            button.setAutoDefault(True)

    def _button(self, name: str, words: str, slot: object) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 12, 8, 12)
        column.addWidget(self._forms)
        rule = QFrame(self)
        rule.setFixedWidth(1)
        rule.setFrameShape(QFrame.Shape.VLine)
        rule.setFrameShadow(QFrame.Shadow.Plain)
        rule.setForegroundRole(self.palette().ColorRole.Mid)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._copy)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._verdict, 1)
        for button in (self._show, self._stop, self._export, self._done):
            foot.addWidget(button)
        right = QVBoxLayout()
        right.setContentsMargins(24, 16, 24, 16)
        right.setSpacing(12)
        right.addLayout(head)
        right.addWidget(self._note)
        right.addWidget(self._options)
        right.addWidget(self._preview, 1)
        right.addWidget(self._place)
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

    # What is picked.

    def _show_form(self, form: Form) -> None:
        self._title.setText(form.title)
        self._options.show_form(form, bool(self._project.blocks))
        self._place.show_form(form, self._stem)
        if form.sort != "picture":
            self._work.warm()
        self._waits = True
        self._note.hide()
        self._preview.wait(self.tr("Drawing…") if form.sort == "picture" else self.tr("Writing…"))
        self._change()

    def _change(self) -> None:
        """Something else is wanted: what was said of another export holds no more."""
        if not self._work.busy:
            self._clear()
        self._rest.start()

    def _change_place(self) -> None:
        if not self._work.busy:
            self._clear()

    def _clear(self) -> None:
        self._outcome = None
        self._verdict.clear()
        self._enable()

    def _want(self) -> Wanted:
        style = self._options.style
        plan = self._known.plan if self._known is not None else None
        return Wanted(self._project, plan, self.form, self._options.weights, style)

    def _look(self) -> None:
        if not self.isVisible():
            return
        known = self._known
        if known is not None and self.form.sort != "picture" and known.refusal:
            self._show_preview(Preview(refusal=known.refusal))
            return
        if known is not None and known.script is not None and self.form.name == "train":
            self._show_preview(Preview(known.script.text, True))
            return
        self._wanted = self._want()
        self._work.look_at(self._wanted)

    def _take_preview(self, wanted: Wanted, preview: Preview) -> None:
        if wanted is self._wanted:
            self._show_preview(preview)

    def _show_preview(self, preview: Preview) -> None:
        self._waits = False
        self._note.setText(self._remark_on(preview))
        self._note.setVisible(bool(self._note.text()))
        self._preview.show_preview(preview)
        self._enable()

    def _remark_on(self, preview: Preview) -> str:
        """What else is to be known of an export before it is made."""
        known = self._known
        trains = known is None or known.script is None or known.script.trains
        if trains or not preview.text or self.form.name not in ("train", "notebook", "folder"):
            return ""
        return self.tr("There is no data or no loss to train with, so this is the network alone.")

    def _offer(self, kept: list[Kept], others: int) -> None:
        self._options.offer(kept, self._project.training.seed, self.loaded)
        if self.form.weights:
            self._change()

    # The export.

    def _begin(self) -> None:
        path = self._place.path
        if path is None or self._work.busy:
            return
        QSettings().setValue(_FORM, self.form.name)
        self._place.keep()
        self._place.be_quiet()
        self._options.keep()
        self._outcome = None
        self._verdict.begin(self.form.sort != "picture")
        self._work.export(self._want(), path)
        self._enable()

    def _take_outcome(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._verdict.tell(outcome)
        self._enable()
        if not self.isVisible():
            self.ended.emit(outcome)

    def _enable(self) -> None:
        busy = self._work.busy and self._outcome is None
        done = self._outcome is not None and self._outcome.path is not None
        refused = bool(self._preview.preview.refusal) and not self._waits
        for widget in (self._forms, self._options, self._place):
            widget.setEnabled(not busy)
        self._copy.setVisible(bool(self._preview.preview.text))
        self._stop.setVisible(busy)
        self._show.setVisible(done)
        self._done.setVisible(done)
        self._export.setVisible(not busy and not done)
        self._export.setText(self.tr("Replace") if self._place.replaces else self.tr("Export"))
        self._export.setEnabled(not refused and self._place.path is not None)
        primary = self._done if done else self._export
        primary.setDefault(True)
        if done:
            self._done.setFocus()

    def _show_folder(self) -> None:
        if self._outcome is not None and self._outcome.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._outcome.path.parent)))

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self._preview.preview.text)
        self._copy.setText(self.tr("Copied"))
        QTimer.singleShot(1500, self._copy, lambda: self._copy.setText(self.tr("Copy")))

    # Qt.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._work.busy:
            self._work.stop()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        super().done(result)
        if (window := self.parentWidget()) is not None:
            QTimer.singleShot(
                0, window, window.activateWindow
            )  # not every platform goes back there by itself

    def closeEvent(self, event: QCloseEvent) -> None:
        # Not `reject`: what goes on, goes on.
        self.done(QDialog.DialogCode.Rejected)
        event.accept()
