"""The slim bar over the canvas in which one types what is to be found."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from nndesigner.ui import icons
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.facts import plain_label
from nndesigner.ui.line import mark_refused
from nndesigner.ui.theme import font, look

_WIDTH, _MARGIN = 376, 8


class FindBar(QFrame):
    """A field, how many were found, and by what the one at hand was.

    **Signals:** `opened` when it came onto the canvas; `typed` with the words; `stepped` by 1 or -1; `all_wanted` when all are to be selected; `left` when it
    was closed.
    """

    opened = Signal()
    typed = Signal(str)
    stepped = Signal(int)
    all_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvasFind")
        self.field = QLineEdit(self)
        self.field.setObjectName("canvasFindField")
        self.field.setAccessibleName(self.tr("Find in the network"))
        self.field.setPlaceholderText(self.tr("Find: conv2, ReLU, kernel_size=3, error"))
        self.field.setFixedHeight(28)
        self.field.installEventFilter(self)
        self._count = plain_label("", "secondary", font(11))
        self._count.setObjectName("canvasFindCount")
        self._told = ElidedLabel(parent=self)
        self._told.setObjectName("canvasFindTold")
        self._told.setFont(font(11))
        self._told.setProperty("tone", "secondary")
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addSpacing(4)
        row.addWidget(self._count)
        row.addSpacing(4)
        for name, drawing, words, slot in (
            (
                "canvasFindBack",
                "chevron-up",
                self.tr("The one before (Shift+F3)"),
                lambda: self.stepped.emit(-1),
            ),
            ("canvasFindOn", "chevron-down", self.tr("The next one (F3)"), lambda: self.stepped.emit(1)),
            ("canvasFindAll", "", self.tr("Select all of them (Alt+Enter)"), self.all_wanted.emit),
            ("canvasFindClose", "close", self.tr("Close the search (Escape)"), self.close_bar),
        ):
            button = QToolButton(self, autoRaise=True)
            button.setObjectName(name)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setFixedHeight(24)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if drawing:
                button.setIconSize(QSize(16, 16))
                button.setFixedWidth(24)
                icons.dress(button, drawing, "secondary")
            else:
                button.setText(self.tr("All"))
                button.setFont(font(11))
            button.clicked.connect(slot)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._told)
        self.field.textEdited.connect(self.typed)
        parent.installEventFilter(self)
        look.changed.connect(self._recolour)
        self._recolour()
        self._told.hide()
        self.hide()

    def open_bar(self) -> None:
        """Asks what to find; what was looked for last is still there."""
        self.show()
        self.raise_()
        self._place()
        self.opened.emit()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        """Goes away."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def tell(self, count: str, told: str, refused: bool = False) -> None:
        """Says how many there are, and what is to be said of the one at hand."""
        self._count.setText(count)
        self._told.setText(told)
        self._told.setVisible(bool(told))
        self.field.setAccessibleDescription(", ".join(filter(None, (count, told))))
        mark_refused(self.field, refused)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key_pressed(event)
            escaped = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            if event.type() == QEvent.Type.ShortcutOverride and escaped:
                event.accept()
                return True
        elif event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key_pressed(event):
            super().keyPressEvent(event)

    def _key_pressed(self, event: QKeyEvent) -> bool:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.all_wanted.emit()
            else:
                self.stepped.emit(-1 if back else 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            return False
        return True

    def _place(self) -> None:
        """At the top right of its parent, which it never leaves."""
        parent = self.parentWidget()
        width = min(_WIDTH, parent.width() - 2 * _MARGIN)
        self.layout().activate()
        self.setGeometry(parent.width() - width - _MARGIN, _MARGIN, width, self.sizeHint().height())

    def _recolour(self) -> None:
        theme = look.theme
        self.setStyleSheet(
            f"#canvasFind {{ background: {theme.surface}; border: 1px solid {theme.edge}; border-radius: 8px; }}"
        )
