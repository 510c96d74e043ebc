"""A bar below a text: what stands between it and the canvas, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.theme import font, look, mixed

Choice = tuple[str, str, Callable[[], object]]  # the object name of a button, its words, what it does


class Bar(QWidget):
    """A sentence above a row of buttons, of which the first is the one most likely wanted.

    **Signals:** `shown` with whether it is there.
    """

    shown = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("codeBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark = icons.Picture("problem", 16, "error", self)
        self._words = QLabel(self, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._words.setObjectName("codeBarText")
        self._words.setFont(font(12))
        self._buttons: list[QPushButton] = []
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._words, 1)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(24, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(self._row)
        look.changed.connect(self._recolour)
        self._recolour()
        self.hide()

    @property
    def text(self) -> str:
        """What it says, or nothing."""
        return "" if self.isHidden() else self._words.text()

    def tell(self, words: str, *choices: Choice, tone: str = "error") -> None:
        """Shows a sentence and a button for each choice."""
        self._words.setText(words)
        self._mark.show_icon("problem" if tone == "error" else "warning", tone)
        self.setAccessibleName(words)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for number, (name, said, action) in enumerate(choices):
            button = QPushButton(said, self)
            button.setObjectName(name)
            button.setAccessibleName(said)
            button.setProperty("small", True)
            button.setFont(font(11))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, action=action: action())
            self._row.insertWidget(number, button)
            button.show()
            self._buttons.append(button)
        self.show()
        self.shown.emit(True)

    def put_away(self) -> None:
        """Goes away."""
        if not self.isHidden():
            self.hide()
            self.shown.emit(False)

    def _recolour(self) -> None:
        theme = look.theme
        paper = mixed(theme.warning, theme.surface, 0.08)
        self.setStyleSheet(f"#codeBar {{ background: {paper}; border-top: 1px solid {theme.line}; }}")
