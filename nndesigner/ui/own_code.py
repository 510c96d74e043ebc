"""The text of a layer of one's own in the inspector: to be read, let run, and changed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from nndesigner.code import CodeProblem
from nndesigner.code import read as read_code
from nndesigner.graph import Code, GraphError
from nndesigner.own_layers import recoded
from nndesigner.ui.document import Document
from nndesigner.ui.facts import head, plain_label
from nndesigner.ui.highlighter import Highlighter
from nndesigner.ui.text import keys
from nndesigner.ui.theme import font, look

if TYPE_CHECKING:
    from nndesigner.catalogue.kind import Kind

_MOST_LINES = 24


class CodeEditor(QPlainTextEdit):
    """A small editor of Python text. **Signals:** `left` when what was typed is to be taken."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(12, mono=True))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.document().contentsChange.connect(self._read)  # before the colours are painted
        self._colours = Highlighter(self.document())
        self._colours.recolour()
        look.changed.connect(self._colours.recolour)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.left.emit()
        elif not keys.key_pressed(self, event):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.text():
            event.accept()  # what is typed is text here, also where it is a shortcut elsewhere
            return True
        return super().event(event)

    def _read(self, _place: int, _gone: int, _new: int) -> None:
        self._colours.read(self.toPlainText().split("\n"))


class OwnCode(QWidget):
    """The text of one of the project's own layers.

    A text from elsewhere stands beside a button that lets it run; a text the person types here is the person's own,
    and may run if the one before it might.
    """

    def __init__(self, document: Document, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._name = document, name
        self.editor = CodeEditor()
        self.editor.setObjectName("ownCode")
        self.editor.setAccessibleName(self.tr("Python text of {name}").format(name=name))
        self.editor.left.connect(self._take)
        self.editor.textChanged.connect(self._judge)
        self._problem = plain_label("", "error", wrap=True)
        self._problem.setObjectName("ownProblem")
        self._asked = plain_label("", wrap=True)
        self._asked.setObjectName("ownAsked")
        self.allow = QPushButton(self.tr("Let it run"))
        self.allow.setObjectName("ownAllow")
        self.allow.setAccessibleName(self.tr("Let the code of {name} run").format(name=name))
        self.allow.setProperty("primary", True)
        self.allow.clicked.connect(self._allow)
        row = QHBoxLayout()
        row.addWidget(self.allow)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(8)
        column.addWidget(head(self.tr("Code")))
        column.addWidget(self._asked)
        column.addLayout(row)
        column.addWidget(self.editor)
        column.addWidget(self._problem)
        self.show_code()

    @property
    def _code(self) -> Code | None:
        return self._document.project.code.get(self._name)

    def show_code(self) -> None:
        """Shows the text as the document has it now, unless it is being typed in."""
        code = self._code
        if code is None:
            return
        if not self.editor.hasFocus() and self.editor.toPlainText() != code.text:
            self.editor.setPlainText(code.text)
        lines = min(max(code.text.count("\n") + 2, 6), _MOST_LINES)
        self.editor.setFixedHeight(lines * self.editor.fontMetrics().lineSpacing() + 16)
        waiting = code.sha256 not in self._document.project.trusted
        self._asked.setText(
            self.tr(
                "This text came with the project and has not been run. Read it; it could do anything you can."
            )
        )
        self._asked.setVisible(waiting)
        self.allow.setVisible(waiting)
        self._judge()

    def _judge(self) -> None:
        """Says what stands against the text as it is being typed."""
        code = self._code
        if code is None:
            return
        found: Kind | CodeProblem = read_code(Code(code.name, self.editor.toPlainText()))
        words = str(found) if isinstance(found, CodeProblem) else ""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    def _allow(self) -> None:
        if (code := self._code) is not None:
            self._document.trust(code)

    def _take(self) -> None:
        """What was typed becomes the layer's text."""
        before, text = self._code, self.editor.toPlainText()
        if before is None or text == before.text:
            return
        try:
            after, project = recoded(self._document.project, before.name, text)
        except GraphError as error:
            self._problem.setText(str(error))
            self._problem.show()
            return
        trusted = before.sha256 in self._document.project.trusted
        self._document.seal()
        if trusted:
            self._document.trust(after)
        self._document.edit(self.tr("Change the code of {name}").format(name=after.name), project)
