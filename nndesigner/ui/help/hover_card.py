"""The card beside a row of the palette: what a kind does, its formula, and the way to its help page."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from nndesigner import library
from nndesigner.catalogue.kind import Kind
from nndesigner.project import Project
from nndesigner.ui.block_picture import BlockPicture
from nndesigner.ui.facts import plain_label, quiet_button
from nndesigner.ui.help.typeset import FormulaView
from nndesigner.ui.palette import NAME, family_word, section_of
from nndesigner.ui.theme import font

_WIDTH, _GAP, _PATIENCE = 320, 6, 260
_ENDING = (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.KeyPress, QEvent.Type.Hide)


class HoverCard(QFrame):
    """One card in a window, shown where the pointer rests on a row of a list of kinds; it never takes the focus.

    **Signals:** `asked` with the name of the kind whose help page is wanted.
    """

    asked = Signal(str)

    def __init__(
        self, rows: QAbstractItemView, kind_of: Callable[[str], Kind | None], key: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("hoverCard")
        self.setFixedWidth(_WIDTH)
        self._rows, self._kind_of, self._window = rows, kind_of, parent
        self.kind: Kind | None = None
        self._name = plain_label("", face=font(13, QFont.Weight.DemiBold))
        self._family = plain_label("", "secondary", font(11))
        self._sentence = plain_label("", wrap=True)
        self._formula = FormulaView(size=15)
        self._inside = BlockPicture(self)
        self.inside_of: Callable[[str], Project | None] = lambda _: None
        more = quiet_button(self.tr("Explain it"), "hoverCardMore", "help")
        more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        more.clicked.connect(self._ask)
        head = QHBoxLayout()
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(self._family)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(more)
        foot.addStretch(1)
        foot.addWidget(plain_label(key, "secondary", font(11)))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 6)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.addWidget(self._formula)
        column.addWidget(self._inside)
        column.addLayout(foot)
        self._leaving = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._leaving.timeout.connect(self._leave)
        rows.viewport().installEventFilter(self)
        rows.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._show_at(event.pos())
        if event.type() in _ENDING:
            self.hide()
        elif event.type() == QEvent.Type.Leave and self.isVisible():
            self._leaving.start()
        elif event.type() == QEvent.Type.MouseMove and self.isVisible():
            self._leaving.stop()
            if self._name_at(event.position().toPoint()) != (self.kind.name if self.kind else ""):
                self._leaving.start()
        return False

    def enterEvent(self, event: QEvent) -> None:
        self._leaving.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._leaving.start()

    def _name_at(self, place: QPoint) -> str:
        return self._rows.indexAt(place).data(NAME) or ""

    def _show_at(self, place: QPoint) -> bool:
        """The card of the row at a place of the list; tells whether there is one."""
        index = self._rows.indexAt(place)
        kind = self._kind_of(index.data(NAME) or "")
        if kind is None:
            self.hide()
            return False
        self.kind = kind
        self._leaving.stop()
        self._name.setText(library.plain(kind.name))
        self._inside.show_block(self.inside_of(kind.name) or Project(), library.plain(kind.name))
        self._family.setText(family_word(section_of(kind)))
        self._sentence.setText(kind.sentence)
        self._formula.resize(_WIDTH - 26, self._formula.height())
        self._formula.show_formula(kind.formula)
        self.layout().activate()
        self.resize(_WIDTH, self.layout().totalHeightForWidth(_WIDTH))
        self._put(index)
        self.show()
        self.raise_()
        return True

    def _put(self, index) -> None:  # type: ignore[no-untyped-def]
        row = self._rows.visualRect(index)
        window = self._window
        corner = self._rows.viewport().mapTo(window, QPoint(self._rows.viewport().width(), row.top()))
        x, y = corner.x() + _GAP, corner.y() - 8
        if x + self.width() > window.width():
            x = self._rows.viewport().mapTo(window, QPoint(0, 0)).x() - _GAP - self.width()
        self.move(max(x, 4), max(4, min(y, window.height() - self.height() - 8)))

    def _leave(self) -> None:
        if not self.underMouse():
            self.hide()

    def _ask(self) -> None:
        self.hide()
        if self.kind is not None:
            self.asked.emit(self.kind.name)
