"""What the text beside the canvas and the canvas say to each other.

A text that was typed is the person's for as long as it differs from the written script. It is read elsewhere after a
short pause; if nothing in it is wrong the canvas follows, as one undo step for as long as the person stays in the text.
If something is wrong the canvas stays, and so does the text. Where the canvas changed while the text could not be read,
neither is put in place of the other before the person says which.
"""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nndesigner.project import Project
from nndesigner.ui.checker import Checked
from nndesigner.ui.code_view import CodeView
from nndesigner.ui.document import Document
from nndesigner.ui.likeness import drawn_alike, placed_like
from nndesigner.ui.sources.reader import SourceReader
from nndesigner.ui.sources.signs import errors_in, sentence_of, sign_of, signs_of, source_of
from nndesigner.ui.standing import Standing, State
from nndesigner.ui.text.folding import plain
from nndesigner.ui.text.marks import Sign

if TYPE_CHECKING:
    from nndesigner.script.reader.reading import Reading

PAUSE = 300  # milliseconds without a key until a text is read
_PATIENCE = 2000  # milliseconds that saving waits for a text to be read
_MERGE = "text"


class Conversation(QObject):
    """One text and one document.

    **Signals:** `settled` when nothing waits to be read any more.
    """

    settled = Signal()

    def __init__(self, document: Document, view: CodeView, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._view = document, view
        self.reader = SourceReader(self)
        self.state: State = "script"
        self.name = self._source = ""  # of the source that the text came from
        self._checked: Checked | None = None
        self._base = document.project  # what the text is a change of
        self._found: Reading | None = None  # what was read in the text as it stands
        self._owned: set[str] = set()  # layers of one's own that may run, and were changed in the text
        self._then: list[Callable[[], object]] = []
        self._question = 0
        self._editing = False
        self._wrong: tuple[Sign, ...] = ()  # what stands against the text
        self._borne: frozenset[str] = frozenset()  # what could not be read when its source was opened
        self._standing = Standing(view, self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._ask)
        self.reader.read.connect(self._take_reading)
        self.reader.refused.connect(self._take_refusal)
        document.changed.connect(self._follow)
        document.loaded.connect(self.begin)
        view.typed.connect(self._typed)
        view.left.connect(self._left)
        view.entered.connect(self._tell)
        self._standing.back_wanted.connect(self._back)
        self._standing.text_wanted.connect(self._take_text)
        view.entered.connect(self.reader.warm)
        self.settled.connect(self._go_on)
        view.undo_wanted.connect(document.stack.undo)
        view.redo_wanted.connect(document.stack.redo)

    @property
    def waits(self) -> bool:
        """Whether something typed is not read yet."""
        return bool(self._question) or self._pause.isActive()

    @property
    def problem(self) -> str:
        """What stands against the text that is the person's alone, or nothing."""
        if self.state == "wrong":
            return sentence_of(self._wrong)
        if self.state == "apart":
            return sentence_of(self._wrong) or self.tr("the canvas was changed meanwhile")
        return ""

    # The canvas speaks.

    def take(self, found: Checked) -> None:
        """The script of the canvas, or why there is none."""
        self._checked = found
        if self.state == "script":
            self._show_script()
        elif not self._agree() and self.state == "read" and not self._view.is_used:
            self._rest()

    def begin(self) -> None:
        """Another project is there: the text that stood beside the one before has gone with it."""
        self._drop()
        self.name = self._source = ""

    def show_source(self, text: str, name: str, found: "Reading") -> None:
        """Shows the source that a project was read from, with what is to be said of its lines. What could not be read
        in it is code on the canvas; it does not stand in the way of what is typed elsewhere.
        """
        undoable = bool(self.problem)
        self._drop()
        self.name, self._source, self._found, self._base = name, text, found, found.project
        self._view.set_code(plain(text), found.lines, undoable=undoable)
        signs = signs_of(found)
        self._borne = frozenset(sign.message for sign in errors_in(signs))
        self._put_signs(signs)
        self._become("read" if drawn_alike(self._document.project, self._base) else "apart")

    def holds(self, text: str) -> bool:
        """Whether this source stands there, as it came or changed by the person."""
        return self.state != "script" and self._source == text

    def _follow(self) -> None:
        """The document changed, by an edit of this text or another way."""
        project = self._document.project
        if self._editing:
            return
        if self.state == "read":
            if project != self._base:
                self._become("script")  # which comes as soon as it is written
        elif self.state in ("unread", "wrong"):
            if not drawn_alike(project, self._base):
                self._become("apart")
        elif self.state == "apart" and drawn_alike(project, self._base):
            self._become("wrong" if self._wrong else "unread")
            if not self._wrong:
                self._ask()

    # The person types.

    def _typed(self) -> None:
        if self._agree():
            return
        self._found = None
        if self.state != "apart":
            self.state = "unread"
        self.reader.drop()
        self._question = 0
        self._pause.start()

    def _agree(self) -> bool:
        """Whether the text is again what is written for the canvas as it is; then it is the canvas's."""
        found = self._checked
        if found is None or found.script is None or found.project is not self._document.project:
            return False
        if self._view.code != found.script.text:
            return False
        self._drop()
        self._base = found.project
        self._view.take_lines(found.script.lines)
        self.settled.emit()
        return True

    def _left(self) -> None:
        """The person turned to something else."""
        self._document.seal()
        if self._pause.isActive():
            self._ask()
        elif self.state == "read":
            self._rest()
        self._tell()

    def when_settled(self, then: Callable[[], object]) -> None:
        """Goes on once everything typed is read, or after a moment."""
        if self._pause.isActive():
            self._ask()
        if not self.waits:
            then()
            return
        self._then.append(then)
        QTimer.singleShot(_PATIENCE, self, self._go_on)

    def _go_on(self) -> None:
        waiting, self._then = self._then, []
        for then in waiting:
            then()

    # The text is read.

    def _ask(self) -> None:
        self._pause.stop()
        if not self._view.shows_text:
            return
        text, name = self._view.code, self.name
        self._question = self.reader.ask(lambda read: read(source_of(text, name)))

    def _take_reading(self, question: int, found: "Reading") -> None:
        if question != self._question:
            return
        self._question = 0
        self._found = found
        signs = signs_of(found, own=not self._source)
        self._put_signs(signs)
        self._view.take_lines(found.lines)
        if self._wrong:
            self._become("apart" if self.state == "apart" else "wrong")
        elif not (self._is_change or drawn_alike(self._document.project, found.project)):
            self._become("apart")
        else:
            self._apply(found.project)
        self.settled.emit()

    @property
    def _is_change(self) -> bool:
        """Whether the text is a change of the canvas as it is, and not of what it was before."""
        return self.state != "apart" and drawn_alike(self._document.project, self._base)

    def _take_refusal(self, question: int, words: str) -> None:
        """Nothing of it could be read."""
        if question != self._question:
            return
        self._question = 0
        self._put_signs((sign_of(words),))
        self._become("apart" if self.state == "apart" else "wrong")
        self.settled.emit()

    def _apply(self, project: Project) -> None:
        """The canvas follows."""
        drawn = self._document.project
        after = placed_like(project, drawn) if self._keeps_places() else project
        after = replace(after, data={**drawn.data, **after.data}, trusted=drawn.trusted)
        self._owned |= {
            name
            for name, code in drawn.code.items()
            if code.sha256 in drawn.trusted and after.code.get(name, code) != code
        }
        self._editing = True
        self._document.edit(self.tr("Edit the script"), after, merge=_MERGE)
        self._editing = False
        self._base = self._document.project
        self._become("read")
        if not self._view.is_used:
            self._document.seal()
            self._rest()

    def _keeps_places(self) -> bool:
        """Whether the text says of places what it said before, so that those of the canvas are newer."""
        return self._view.code.endswith(self._view.text.tail)

    # The text is shown.

    def _rest(self) -> None:
        """The person is elsewhere and nothing is wrong: the script takes the place of the text, once there is one."""
        self._trust_own()
        checked = self._checked
        if checked is None or checked.project is not self._document.project:
            return
        if checked.script is not None:
            self._become("script")
            self._show_script()
        else:
            self._tell()

    def _show_script(self, *, undoable: bool = False) -> None:
        found = self._checked
        if found is None:
            return
        if found.script is None:
            self._view.set_message(found.refusal)
            return
        self._put_signs(())
        self._base, self._source = found.project, ""
        self._view.set_code(found.script.text, found.script.lines, undoable=undoable)
        self._tell()

    def _trust_own(self) -> None:
        """What the person typed in place of a text that might run may run, once it is done."""
        codes = [code for name, code in self._document.project.code.items() if name in self._owned]
        self._owned.clear()
        if codes:
            with contextlib.suppress(OSError):  # then it is asked for, as it is of any other
                self._document.trust(*codes)

    def _back(self) -> None:
        """The script of the canvas takes the place of the text, which can be brought back by undoing."""
        self._drop()
        self._show_script(undoable=True)

    def _take_text(self) -> None:
        """The canvas becomes what the text says, as a step that can be undone."""
        found = self._found
        if found is not None:
            self._document.seal()
            self._apply(found.project)

    def _drop(self) -> None:
        self._pause.stop()
        self.reader.drop()
        self._question = 0
        self._found, self._borne = None, frozenset()
        self._put_signs(())
        self._become("script")

    def _put_signs(self, signs: tuple[Sign, ...]) -> None:
        self._wrong = tuple(sign for sign in errors_in(signs) if sign.message not in self._borne)
        self._view.sign(signs)

    # What is said of it.

    def _become(self, state: State) -> None:
        self.state = state
        self._tell()

    def _tell(self) -> None:
        found = self._checked
        current = found is not None and found.project is self._document.project
        refusal = found.refusal if found is not None and current else ""
        self._standing.tell(self.state, self._wrong, refusal, can_be_taken=self._found is not None)
