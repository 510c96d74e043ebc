"""The list of what does not fit: where, why, and the edits that would cure it."""

import html
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui import icons
from nndesigner.ui.row import Row
from nndesigner.ui.theme import font, look

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.problem import Cure, Problem

_TALLEST = 200
_SHOWN = 50
_NARROW = 560  # below it, cures stand under the words
_ALTERNATIVE = " or "
_AT_LEAST = " or more"


class Axis(NamedTuple):
    """One axis of a shape that was expected and of the one that came, and whether they differ."""

    expected: str
    actual: str
    differs: bool


def compared(expected: str, actual: str) -> list[Axis]:
    """Two shapes axis by axis; of several that would do, the one with as many axes as came, or nearly."""
    came = actual.split("×")
    shapes = [expected] if _AT_LEAST in expected else expected.split(_ALTERNATIVE)
    wanted = min((shape.split("×") for shape in shapes), key=lambda axes: abs(len(axes) - len(came)))
    return [Axis(one, other, not _fits(one, other)) for one, other in zip_longest(wanted, came, fillvalue="")]


def _fits(wanted: str, came: str) -> bool:
    if not wanted or not came:
        return False
    if wanted.endswith(_AT_LEAST):
        return came.isdigit() and int(came) >= int(wanted.removesuffix(_AT_LEAST))
    exact = wanted.isdigit() or wanted[-1:] == "N" or wanted[-1:].isdigit()
    return wanted == came if exact else True


class Comparison(QWidget):
    """What was expected above what came, axis by axis; an axis that differs is bold and underlined."""

    _GAP, _ROW = 16, 20

    def __init__(self, axes: Sequence[Axis], tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axes, self._tone = tuple(axes), tone
        self._plain, self._bold = font(12, mono=True), font(12, QFont.Weight.Bold, mono=True)
        self._labels = (self.tr("expected"), self.tr("got"))
        self.setObjectName("comparison")
        rows = ("×".join(filter(None, column)) for column in list(zip(*self._axes, strict=True))[:2])
        self.setAccessibleName(
            ", ".join(f"{word} {row}" for word, row in zip(self._labels, rows, strict=True))
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self._left() + sum(self._widths()) + self._GAP * len(self._axes), 2 * self._ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 2 * self._ROW)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._bold)

    def _widths(self) -> list[int]:
        """The widths of the columns."""
        width = self._metrics().horizontalAdvance
        return [max(width(axis.expected), width(axis.actual), 8) for axis in self._axes]

    def _left(self) -> int:
        metrics = QFontMetrics(font(11))
        return max(map(metrics.horizontalAdvance, self._labels)) + 12

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = look.theme
        for row, label in enumerate(self._labels):
            painter.setFont(font(11))
            painter.setPen(QColor(theme.secondary))
            area = QRect(0, row * self._ROW, self._left(), self._ROW)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)
            x, before = self._left(), False
            for axis, width in zip(self._axes, self._widths(), strict=True):
                words = (axis.expected, axis.actual)[row]
                cell = QRect(x, row * self._ROW, width, self._ROW)
                if before and words:
                    self._sign(painter, cell)
                self._cell(painter, cell, words, axis.differs, wrong=row == 1)
                x, before = x + width + self._GAP, True
        painter.end()

    def _sign(self, painter: QPainter, cell: QRect) -> None:
        painter.setFont(self._plain)
        painter.setPen(QColor(look.theme.secondary))
        gap = QRect(cell.left() - self._GAP, cell.top(), self._GAP, cell.height())
        painter.drawText(gap, Qt.AlignmentFlag.AlignCenter, "×")

    def _cell(self, painter: QPainter, cell: QRect, words: str, differs: bool, wrong: bool) -> None:
        theme = look.theme
        colour = QColor(theme.colour(self._tone) if differs and wrong else theme.ink)
        painter.setFont(self._bold if differs else self._plain)
        painter.setPen(colour)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, words)
        if differs and wrong:
            wide = max(8, self._metrics().horizontalAdvance(words))
            painter.fillRect(cell.center().x() - wide // 2, cell.bottom() - 2, wide, 2, colour)


class CureButton(QPushButton):
    """A button that says what it would do, cut where room is short. **Signals:** `chosen` with its cure."""

    chosen = Signal(object)

    def __init__(self, cure: "Cure", parent: QWidget | None = None) -> None:
        super().__init__(cure.title.replace("&", "&&"), parent)
        self.cure = cure
        self._words = cure.title
        shape = cure.gives.rpartition(" gives ")[2]
        self._result = f"  →  {shape}" if shape else ""
        self.setObjectName("cure")
        self.setAccessibleName(f"{cure.title}: {cure.gives}" if cure.gives else cure.title)
        self.setToolTip(
            f"<p>{html.escape(cure.title)}<br>{html.escape(cure.gives)}</p>" if cure.gives else ""
        )
        self.setProperty("small", True)
        self.setFont(font(11))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)
        self.clicked.connect(self._click)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._words + self._result) + 26
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 20 - self.fontMetrics().horizontalAdvance(self._result)
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 60))
        self.setText((words + self._result).replace("&", "&&"))

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

    @property
    def listed(self) -> "tuple[Problem, ...]":
        """All of them in their order."""
        return self._problems

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
            row.chosen.connect(self.chosen.emit)
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


class _Row(Row):
    """One problem. **Signals:** `chosen` and `cure_chosen` as the list's, `stepped` by the arrow keys."""

    cure_chosen = Signal(object)

    def __init__(self, problem: "Problem", parent: QWidget) -> None:
        super().__init__(problem.culprit or problem.node, parent)
        self._buttons: list[CureButton] = []
        error = problem.severity == "error"
        word = self.tr("Error") if error else self.tr("Warning")
        self.setObjectName(f"problem_{problem.node}")
        self.setAccessibleName(f"{word}: {problem.node} {problem.message}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(8)
        tone = "error" if error else "warning"
        sign = icons.Picture("problem" if error else "warning", 16, tone)
        sign.setToolTip(word)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self._inside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._inside.setSpacing(8)
        self._inside.addLayout(self._words(problem, tone), 1)
        if problem.cures:
            self._inside.addLayout(self._cures(problem))
        layout.addLayout(self._inside, 1)

    def _words(self, problem: "Problem", tone: str) -> QVBoxLayout:
        """Where, what is wrong, and what came instead of what."""
        words = QVBoxLayout()
        words.setSpacing(2)
        name = QLabel(problem.node or self.tr("The project"))
        name.setFont(font(13, QFont.Weight.DemiBold))
        if problem.culprit not in ("", problem.node):
            name.setText(
                self.tr("{node}, because of {culprit}").format(node=problem.node, culprit=problem.culprit)
            )
        message = QLabel(sentence_of(problem))
        message.setWordWrap(True)
        for label in (name, message):
            label.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(label)
        if problem.expected and problem.actual:
            words.addSpacing(2)
            words.addWidget(Comparison(compared(problem.expected, problem.actual), tone, self))
        words.addStretch(1)
        return words

    def _cures(self, problem: "Problem") -> QVBoxLayout:
        cures = QVBoxLayout()
        cures.setSpacing(4)
        for cure in problem.cures:
            button = CureButton(cure)
            button.chosen.connect(self.cure_chosen)
            cures.addWidget(button)
            self._buttons.append(button)
        cures.addStretch(1)
        return cures

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if self._inside.direction() != way:
            self._inside.setDirection(way)
        side = Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag.AlignRight
        for button in self._buttons:
            self._align(button, side)

    def _align(self, button: CureButton, side: Qt.AlignmentFlag) -> None:
        column = self._inside.itemAt(1).layout()
        if column is not None:
            column.setAlignment(button, side | Qt.AlignmentFlag.AlignTop)
