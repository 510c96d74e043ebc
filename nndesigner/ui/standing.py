"""How it stands between a text and the canvas, in words: below the text while one types, else in a bar that asks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QObject, Signal

from nndesigner.ui.code_view import CodeView
from nndesigner.ui.sources.signs import first_line, sentence_of
from nndesigner.ui.text.bar import Choice
from nndesigner.ui.text.marks import Sign

# Whose text it is: the canvas's script; the person's, not read yet; the person's, and the canvas is what it says; the
# person's, with errors; the person's, while the canvas went another way.
State = Literal["script", "unread", "read", "wrong", "apart"]


class Standing(QObject):
    """What a view says of its text.

    **Signals:** `back_wanted` when the script of the canvas is to take the place of the text; `text_wanted` when the
    canvas is to become what the text says.
    """

    back_wanted = Signal()
    text_wanted = Signal()

    def __init__(self, view: CodeView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._state: State = "script"
        self._sentence = ""
        self._words = "", "secondary"
        view.text.cursorPositionChanged.connect(self._caret_moved)

    def tell(self, state: State, signs: Sequence[Sign], refusal: str, *, can_be_taken: bool) -> None:
        """Says it; `refusal` is why no script can be written for the canvas as it is."""
        self._state, self._sentence = state, sentence_of(signs)
        view, line = self._view, first_line(signs)
        if state == "wrong" and not view.is_used:
            view.bar.tell(self._unreadable(), *self._ways(line))
            return
        if state == "apart":
            self._tell_apart(line, can_be_taken and not self._sentence)
            return
        view.bar.put_away()
        if state == "script":
            self._words = self.tr("What you type here changes the canvas"), "secondary"
        elif state == "read":
            self._words = (refusal, "error") if refusal else (self.tr("The canvas follows"), "good")
        elif state == "wrong":
            self._words = self._sentence, "error"
        self._say()

    def _tell_apart(self, line: int, can_be_taken: bool) -> None:
        words = self.tr("The canvas was changed while this text was typed, and stays as it is.")
        if can_be_taken:
            asked = self.tr("Take one of the two; the step can be undone.")
            take = ("codeTake", self.tr("Take this text"), self.text_wanted.emit)
            self._view.bar.tell(f"{words} {asked}", take, *self._ways(0), tone="warning")
        else:
            said = f"{words} {self._unreadable()}" if self._sentence else words
            self._view.bar.tell(said, *self._ways(line), tone="error" if self._sentence else "warning")

    def _unreadable(self) -> str:
        return self.tr("This text can’t be read: {}").format(self._sentence)

    def _ways(self, line: int) -> list[Choice]:
        ways: list[Choice] = [
            ("codeBack", self.tr("Back to the script of the canvas"), self.back_wanted.emit)
        ]
        if line:
            ways.insert(0, ("codeGo", self.tr("Go to the line"), lambda: self._view.text.go_to(line)))
        return ways

    def _say(self) -> None:
        """What is wrong at the caret, or else what is to be said of the whole."""
        line = self._view.text.textCursor().blockNumber() + 1
        sign = self._view.text.marks.signs.get(line)
        here = sentence_of([replace(sign, line=line)]) if sign is not None and self._view.is_used else ""
        self._view.say(*((here, "error") if here else self._words))

    def _caret_moved(self) -> None:
        if self._state in ("read", "wrong") and self._view.is_used:
            self._say()
