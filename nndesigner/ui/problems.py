"""The list of what does not fit: where, why, and the edits that would cure it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui import icons
from nndesigner.ui.theme import font, look, mixed

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.problem import Cure, Problem

_TALLEST = 200
_SHOWN = 50


class CureButton(QPushButton):
    """A button that says what it would do, cut where room is short. **Signals:** `chosen` with its cure."""

    chosen = Signal(object)

    def __init__(self, cure: "Cure", parent: QWidget | None = None) -> None:
        super().__init__(cure.title.replace("&", "&&"), parent)
        self.cure = cure
        self._words = cure.title
        self.setObjectName("cure")
        self.setAccessibleName(cure.title)
        self.setProperty("small", True)
        self.setFont(font(11))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)
        self.clicked.connect(self._click)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._words) + 24
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width() - 20)
        self.setText(words.replace("&", "&&"))

    def _click(self) -> None:
        self.chosen.emit(self.cure)


def sentence_of(problem: "Problem") -> str:
    """What is wrong, beginning as a sentence does unless it begins with a name."""
    words = problem.message
    return words if problem.node and words.startswith(problem.node) else words[:1].upper() + words[1:]


class Problems(QWidget):
    """The list of problems, errors first, only as tall as it needs.

    **Signals:** `chosen` with the name of the node whose problem was picked ("" for the whole project);
    `cure_chosen` with a `Cure`; `count_changed` with the numbers of errors and warnings.
    """

    chosen = Signal(str)
    cure_chosen = Signal(object)
    count_changed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setAccessibleName(self.tr("Problems"))
        self._problems: tuple[Problem, ...] = ()
        self._rows: list[_Row] = []
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(8, 0, 8, 8)
        self._column.setSpacing(0)
        self._empty = _quiet(self.tr("No problems. Everything on the canvas fits together."))
        self._more = _quiet("")
        self._column.addWidget(self._empty)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self._more.hide()
        scroll = QScrollArea(self)
        scroll.setProperty("bare", True)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._inside)
        self._scroll = scroll
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_plan(self, plan: "Plan | None") -> None:
        """Lists the problems of this plan."""
        found = plan.problems if plan is not None else ()
        ordered = tuple(sorted(found, key=lambda problem: problem.severity != "error"))
        counts, before = _counts(ordered), _counts(self._problems)
        if ordered != self._problems:
            self._problems = ordered
            self._fill()
        if counts != before:
            self.count_changed.emit(*counts)

    def sizeHint(self) -> QSize:
        width = max(self.width(), 240) if self.isVisible() else 480
        return QSize(480, min(_TALLEST, self._inside.layout().heightForWidth(width - 10)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _fill(self) -> None:
        focused = next((index for index, row in enumerate(self._rows) if row.hasFocus()), None)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_Row(problem, self._inside) for problem in self._problems[:_SHOWN]]
        for index, row in enumerate(self._rows):
            self._column.insertWidget(index, row)
            row.chosen.connect(self.chosen)
            row.cure_chosen.connect(self.cure_chosen)
            row.stepped.connect(self._step)
            row.show()
        hidden = len(self._problems) - len(self._rows)
        self._more.setText(self.tr("And %n more, listed once some of these are solved.", "", hidden))
        self._more.setVisible(hidden > 0)
        self._empty.setVisible(not self._problems)
        if focused is not None and self._rows:
            self._rows[min(focused, len(self._rows) - 1)].setFocus()
        self.updateGeometry()

    def _step(self, row: "_Row", steps: int) -> None:
        place = self._rows.index(row) + steps
        if 0 <= place < len(self._rows):
            self._rows[place].setFocus()
            self._scroll.ensureWidgetVisible(self._rows[place], 0, 0)


def _counts(problems: "tuple[Problem, ...]") -> tuple[int, int]:
    errors = sum(problem.severity == "error" for problem in problems)
    return errors, len(problems) - errors


def _quiet(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("tone", "secondary")
    label.setContentsMargins(8, 6, 8, 6)
    label.setWordWrap(True)
    return label


class _Row(QFrame):
    """One problem. **Signals:** `chosen` and `cure_chosen` as the list's, `stepped` by the arrow keys."""

    chosen = Signal(str)
    cure_chosen = Signal(object)
    stepped = Signal(object, int)

    def __init__(self, problem: "Problem", parent: QWidget) -> None:
        super().__init__(parent)
        self._node = problem.node
        error = problem.severity == "error"
        word = self.tr("Error") if error else self.tr("Warning")
        self.setObjectName(f"problem_{problem.node}")
        self.setAccessibleName(f"{word}: {problem.node} {problem.message}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(8)
        sign = icons.Picture("problem" if error else "warning", 16, "error" if error else "warning")
        sign.setToolTip(word)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        name = QLabel(problem.node or self.tr("The project"))
        name.setFont(font(13, QFont.Weight.DemiBold))
        message = QLabel(sentence_of(problem))
        message.setWordWrap(True)
        for label in (name, message):
            label.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(label)
        layout.addLayout(words, 1)
        cures = QVBoxLayout()
        cures.setSpacing(4)
        for cure in problem.cures:
            button = CureButton(cure)
            button.chosen.connect(self.cure_chosen)
            cures.addWidget(button, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        cures.addStretch(1)
        layout.addLayout(cures)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._node)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(self, 1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self.underMouse() or self.hasFocus()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = look.theme
        ring = QPen(QColor(theme.accent), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen)
        painter.setPen(ring)
        painter.setBrush(QColor(mixed(theme.ink, theme.surface, 0.05)))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
