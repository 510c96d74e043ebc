"""The line in which a network is typed: what fits while typing, the shape after each step, a mistake at its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QVBoxLayout, QWidget

from nndesigner.typed import Completion, Mistake
from nndesigner.ui.adding.habits import Habits
from nndesigner.ui.adding.panel import Panel
from nndesigner.ui.facts import plain_label
from nndesigner.ui.palette import FAMILY, NAME, TOLD, RowPainter
from nndesigner.ui.theme import font, look

_WIDEST, _ROW, _SHAPE_ROWS = 880, 28, 3


@dataclass(frozen=True, slots=True)
class Given:
    """What a step gives: its name, the shape in words, whether it is wrong, and where it stands in the line."""

    name: str
    shape: str
    wrong: bool
    start: int
    end: int


class TypedLine(Panel):
    """A field for a line of layers.

    **Signals:** `typed` after each change; `entered` when it is to be drawn.
    """

    typed = Signal(str)
    entered = Signal(str)

    def __init__(self, habits: Habits, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("typedLine")
        self._habits = habits
        self._completion = Completion(0, 0)
        self._mistake: Mistake | None = None
        self._past: int | None = None
        self._draft = ""
        self._head = plain_label("", "secondary", font(11))
        self._head.setObjectName("typedLineHead")
        self.edit = _Field(self)
        self.shapes = _Shapes(self)
        self._told = plain_label("", "secondary", font(11), wrap=True)
        self._told.setObjectName("typedLineTold")
        self._model = QStandardItemModel(self)
        self.offers = _Offers(self._model, self)
        self.watch(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for part in (self._head, self.edit, self.shapes, self._told, self.offers):
            column.addWidget(part)
        self.edit.textEdited.connect(self._edited)
        self.edit.textChanged.connect(self.typed)
        self.edit.cursorPositionChanged.connect(lambda *_: self.shapes.point_at(self.edit.cursorPosition()))
        self.offers.clicked.connect(self._take)

    # What is shown.

    def begin(self, head: str) -> None:
        """Opens it, empty, with words about what it begins after."""
        self._head.setText(head)
        self._past = None
        self.edit.setText("")  # and forget what could be undone in it
        self.show_completion(Completion(0, 0))
        self.show_steps(())
        self.show_mistake(None)
        self.fit_into()
        self.open()

    def fit_into(self) -> None:
        """Stands at the head of the canvas, in its middle."""
        room = self.parentWidget().width()
        self.setFixedWidth(min(_WIDEST, max(room - 32, 160)))
        self.adjustSize()
        self.move((room - self.width()) // 2, 48)

    @property
    def at(self) -> int:
        """Where in the line the person types."""
        return self.edit.cursorPosition()

    def show_steps(self, steps: Sequence[Given]) -> None:
        """Shows what each step gives."""
        self.shapes.show_steps(steps)
        self.shapes.point_at(self.at)
        self._settle()

    def show_mistake(self, mistake: Mistake | None, insist: bool = False) -> None:
        """Shows what is wrong at its place; what is only unfinished is told quietly, unless one has to `insist`."""
        self._mistake = mistake
        loud = mistake is not None and (insist or not mistake.unfinished)
        self.edit.mark((mistake.start, mistake.end) if mistake is not None and loud else None)
        self._told.setProperty("tone", "error" if loud else "secondary")
        self._told.style().unpolish(self._told)
        self._told.style().polish(self._told)
        self._tell()

    def show_completion(self, completion: Completion) -> None:
        """Shows what could stand where one types."""
        self._completion = completion
        self._model.clear()
        for offer in completion.offers:
            item = QStandardItem(offer.text)
            item.setData(offer.text, NAME)
            item.setData(offer.told, TOLD)
            item.setData(offer.family, FAMILY)
            item.setData(f"{offer.text}, {offer.told}", Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        rows = self._model.rowCount()
        self.offers.setVisible(rows > 0)
        self.offers.setFixedHeight(max(rows, 1) * _ROW)
        self._tell()

    def _tell(self) -> None:
        mistake = self._mistake
        loud = self._told.property("tone") == "error"
        words = mistake.words if mistake is not None and loud else self._completion.told
        if not words and mistake is not None and not self._model.rowCount():
            words = mistake.words
        if not self.edit.text():
            words = self.tr("[a, b] stand side by side · x3 repeats · name = Layer · Up brings earlier lines")
        self._told.setText(words)
        self._told.setVisible(bool(words))
        self.edit.setAccessibleDescription(words)
        self._settle()

    def _settle(self) -> None:
        if not self.isHidden():
            self.layout().activate()
            self.adjustSize()

    # What is typed.

    def key_pressed(self, event: QKeyEvent) -> bool:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Down and plain:
            if self._past is not None:
                self._go_back(-1)
            else:
                self._step(1)
        elif key == Qt.Key.Key_Up and plain:
            if self.offers.currentIndex().isValid() and self._past is None:
                self._step(-1)
            else:
                self._go_back(1)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if self._model.rowCount():
                self._take(self._at_hand())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            return super().key_pressed(event)
        return True

    def _enter(self) -> None:
        index = self.offers.currentIndex()
        mistake = self._mistake
        unknown = mistake is not None and mistake.unfinished and mistake.start == self._completion.start
        if index.isValid():
            self._take(index)
        elif unknown and self._model.rowCount() and self._completion.end > self._completion.start:
            self._take(self._model.index(0, 0))
        elif mistake is not None:
            self.show_mistake(mistake, insist=True)
        elif self.edit.text().strip():
            self.entered.emit(self.edit.text())
        else:
            self.close_up()

    def _edited(self) -> None:
        self._past = None

    def _at_hand(self) -> QModelIndex:
        index = self.offers.currentIndex()
        return index if index.isValid() else self._model.index(0, 0)

    def _step(self, steps: int) -> None:
        rows = self._model.rowCount()
        row = (self.offers.currentIndex().row() if self.offers.currentIndex().isValid() else -1) + steps
        flags = QItemSelectionModel.SelectionFlag
        if row < 0 or not rows:
            self.offers.selectionModel().clear()
            return
        index = self._model.index(min(row, rows - 1), 0)
        self.offers.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)

    def _take(self, index: QModelIndex) -> None:
        """Puts what is offered in the place of what was begun."""
        text, found = index.data(NAME), self._completion
        if not text:
            return
        self._past = None
        self.edit.setSelection(found.start, found.end - found.start)
        self.edit.insert(text)

    def _go_back(self, steps: int) -> None:
        """To the lines typed before, the last one first."""
        lines = self._habits.lines
        if not lines:
            return
        if self._past is None:
            self._draft = self.edit.text()
        past = (-1 if self._past is None else self._past) + steps
        past = min(past, len(lines) - 1)
        text = self._draft if past < 0 else lines[-1 - past]
        self.edit.setText(text)
        self._past = None if past < 0 else past
        self.show_completion(Completion(len(text), len(text)))


class _Field(QLineEdit):
    """The field, which underlines a mistake at its place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marked: tuple[int, int] | None = None
        self.setObjectName("typedLineField")
        self.setAccessibleName(self.tr("Layers, one after the other"))
        self.setPlaceholderText("Conv2d(32, 3) > BatchNorm2d > ReLU > x3 > Flatten > Linear(10)")
        self.setFont(font(13, mono=True))
        self.setFixedHeight(32)
        self.setMaxLength(4000)

    def mark(self, span: tuple[int, int] | None) -> None:
        """Underlines these characters."""
        self._marked = span
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked is None:
            return
        start, end = self._marked
        measures = QFontMetrics(self.font())
        # Where the text begins, which scrolls along with what is typed.
        caret = self.cursorRect()
        origin = caret.center().x() - measures.horizontalAdvance(self.text()[: self.cursorPosition()])
        left = origin + measures.horizontalAdvance(self.text()[:start])
        right = max(origin + measures.horizontalAdvance(self.text()[:end]), left + 6)
        y = self.rect().center().y() + measures.height() // 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect().adjusted(7, 0, -7, 0))
        painter.setPen(QPen(QColor(look.theme.error), 1.5))
        xs = range(left, right + 1, 3)
        painter.drawPolyline(
            QPolygonF([QPointF(x, y + (2 if place % 2 else 0)) for place, x in enumerate(xs)])
        )
        painter.end()


class _Shapes(QWidget):
    """The shape after each step, flowing over a few lines; the step one types in stands out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("typedLineShapes")
        self.steps: tuple[Given, ...] = ()
        self._at = 0
        self.hide()

    def show_steps(self, steps: Sequence[Given]) -> None:
        """Shows these."""
        self.steps = tuple(steps)
        words = ", ".join(f"{one.name} {one.shape}" for one in self.steps)
        self.setAccessibleName(words)
        self.setVisible(bool(steps))
        self.setFixedHeight(self._lines() * 20 or 1)
        self.update()

    def point_at(self, at: int) -> None:
        """The person types here."""
        self._at = at
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._lines() * 20)

    def _lines(self) -> int:
        places = self._places()
        return min(places[-1][1].y() // 20 + 1, _SHAPE_ROWS) if places else 0

    def _places(self) -> list[tuple[Given, QRect]]:
        names, shapes = QFontMetrics(font(11)), QFontMetrics(font(11, mono=True))
        width = max(self.parentWidget().width() - 16, 100)
        found: list[tuple[Given, QRect]] = []
        x = y = 0
        for one in self.steps:
            wide = names.horizontalAdvance(one.name) + shapes.horizontalAdvance(one.shape) + 6 + 16
            if x and x + wide > width:
                x, y = 0, y + 20
            found.append((one, QRect(x, y, wide, 20)))
            x += wide + 4
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        places = self._places()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # What was typed last is always in sight.
        lines = places[-1][1].y() // 20 + 1 if places else 0
        painter.translate(0, -20 * max(lines - _SHAPE_ROWS, 0))
        now = next((one for one, _ in reversed(places) if one.start <= self._at), None)
        for one, area in places:
            if one is now:
                veil = QColor(look.theme.accent)
                veil.setAlphaF(0.14)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(veil)
                painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 6, 6)
            painter.setFont(font(11))
            painter.setPen(QColor(look.theme.secondary))
            words = area.adjusted(8, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, one.name)
            words.setLeft(words.left() + painter.fontMetrics().horizontalAdvance(one.name) + 6)
            painter.setFont(font(11, mono=True))
            painter.setPen(QColor(look.theme.error if one.wrong else look.theme.ink))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, one.shape)
        painter.end()


class _Offers(QListView):
    """What could stand there; it never takes the keys from the field."""

    def __init__(self, model: QStandardItemModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setObjectName("typedLineOffers")
        self.setAccessibleName(self.tr("What could stand here"))
        self.setProperty("bare", True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(RowPainter(self))
        self.hide()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the first press did it
