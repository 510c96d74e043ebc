"""A little bar on the canvas that asks for a name, with a good one in it already."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nndesigner.ui.facts import plain_label
from nndesigner.ui.form import Refusal
from nndesigner.ui.line import Line
from nndesigner.ui.theme import font, look

_WIDTH = 336


class NamingBar(QFrame):
    """Asks for the name of something that is about to be made; Escape lets it be.

    **Signals:** `named` with a name that was not refused; `left` when the person lets it be.
    """

    named = Signal(str)
    left = Signal()

    def __init__(self, judge: Callable[[str], str | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("namingBar")
        self._judge = judge
        self._head = plain_label("", "secondary", font(11, QFont.Weight.DemiBold))
        self._line = Line(judge, self)
        self._line.setObjectName("namingLine")
        self._line.setAccessibleName(self.tr("Name"))
        self._line.setFixedHeight(28)
        self._make = QPushButton(self)
        self._make.setObjectName("namingMake")
        self._make.setAccessibleName(self.tr("Make it"))
        self._make.setFixedHeight(28)
        # A click must not take the focus out of the field: left with a name that is refused, it would take that back.
        self._make.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self._line)
        refusal = Refusal(self)
        refusal.setObjectName("namingProblem")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._line, 1)
        row.addWidget(self._make)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(4)
        column.addWidget(self._head)
        column.addLayout(row)
        column.addWidget(refusal)
        self._line.installEventFilter(self)
        self._line.refused.connect(refusal.show_reason)
        self._line.refused.connect(self._resize)
        self._make.clicked.connect(self._take)
        look.changed.connect(self._recolour)
        self._recolour()
        self.hide()

    def ask(self, head: str, verb: str, name: str, at: QPoint) -> None:
        """Asks near a place of the parent, which it never leaves."""
        self._head.setText(head)
        self._line.setAccessibleName(head)
        self._make.setText(verb)
        self._make.setAccessibleName(verb)
        self._line.set_text("")
        self._line.set_text(name)
        self._line.selectAll()
        self._resize()
        room = self.parentWidget().rect().adjusted(8, 8, -8, -8)
        x = min(max(at.x() - self.width() // 2, room.left()), max(room.left(), room.right() - self.width()))
        y = min(max(at.y() - self.height() - 12, room.top()), max(room.top(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.raise_()
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The field would keep Enter to itself.
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in enter:
            self._take()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take()
            case Qt.Key.Key_Escape:
                self.close_bar()
            case _:
                super().keyPressEvent(event)

    def close_bar(self) -> None:
        """Goes away without a name."""
        if self.isVisible():
            self.hide()
            self.left.emit()

    def _take(self) -> None:
        name = self._line.text().strip()
        if self._judge(name) is None:
            self.hide()
            self.named.emit(name)

    def _resize(self) -> None:
        self.setFixedWidth(min(_WIDTH, max(160, self.parentWidget().width() - 16)))
        self.layout().activate()
        self.resize(
            self.width(),
            self.layout().heightForWidth(self.width())
            if self.layout().hasHeightForWidth()
            else self.sizeHint().height(),
        )

    def _recolour(self) -> None:
        theme = look.theme
        self.setStyleSheet(
            f"#namingBar {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: 8px; }}"
        )
