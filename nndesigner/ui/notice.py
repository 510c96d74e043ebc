"""A quiet line over the canvas: what happened, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from nndesigner.ui import icons


class Notice(QWidget):
    """One message at a time, with buttons; stays until it is closed or another takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark = icons.Picture("ok", 16)
        self._warns = False
        self._label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._label.setObjectName("noticeText")
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._close = QToolButton(autoRaise=True)
        self._close.setObjectName("noticeClose")
        self._close.setIconSize(QSize(16, 16))
        self._close.setFixedSize(24, 24)
        icons.dress(self._close, "close", "secondary")
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 4, 8)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._label, 1)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    @property
    def asks(self) -> bool:
        """Whether it offers a choice that was not made yet."""
        return not self.isHidden() and bool(self._buttons)

    def tell(
        self,
        text: str,
        *choices: tuple[str, Callable[[], object]],
        warning: bool = False,
        waiting: bool = False,
    ) -> None:
        """Shows a sentence and a button for each choice; a click does it and closes the notice.

        One that is `waiting` speaks of what goes on.
        """
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        self._warns = warning
        done = ("clock", "secondary") if waiting else ("ok", "good")
        self._mark.show_icon(*(("warning", "warning") if warning else done))
        self._label.setText(text)
        self.setAccessibleName(text)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        for number, (words, action) in enumerate(choices):
            button = QPushButton(words)
            button.setObjectName(f"noticeChoice{number + 1}")
            button.setAccessibleName(words)
            # A click must not take the focus along: it would fall on whatever comes next once this is closed.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            # Without whether the button is checked, which an action with an argument of its own would take.
            button.clicked.connect(lambda _=False, action=action: action())
            button.clicked.connect(self.hide)
            row.insertWidget(2 + number, button)
            self._buttons.append(button)
        self.show()

    def settle(self) -> None:
        """Takes a warning away, as something else succeeded since; what offers a choice stays."""
        if self._warns and not self._buttons:
            self.hide()
