"""What an empty canvas says: three ways to begin, each with its key, each a click away."""

import itertools

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QSizePolicy, QWidget

from nndesigner.ui import key_cap
from nndesigner.ui.theme import font, look, mixed

_CARD, _GAP, _HEAD = QSize(204, 180), 16, 64
# A card that lies flat, where there is no room for all beside each other, and a line, where there is none for its picture.
_ROW, _LINE, _PICTURED = 76, 44, 340


class Beginning(QAbstractButton):
    """One way to begin: a picture, a title, a sentence and its key. A click does what the action of its name does."""

    def __init__(self, name: str, title: str, sentence: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"begin_{name}")
        self.name, self._title, self._sentence = name, title, sentence
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._begin)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return _CARD

    @property
    def action(self) -> QAction | None:
        """What it does, once it stands in a window."""
        return self.window().findChild(QAction, f"{self.name}Action")

    @property
    def keys(self) -> str:
        """Its key for people."""
        action = self.action
        return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) if action else ""

    def _begin(self) -> None:
        if (action := self.action) is not None:
            action.trigger()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.hasFocus()
        card = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = theme.accent if self.hasFocus() else theme.edge if lit else theme.line
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(theme.surface if not self.isDown() else theme.raised))
        painter.drawRoundedRect(card, 8, 8)
        caps = key_cap.width_of(self.keys)
        if self.height() == _LINE:
            words = card.adjusted(16, 0, -16, 0)
            self._paint_title(painter, words)
            at = QPointF(words.right() - caps, card.center().y() - key_cap.HEIGHT / 2)
        elif self.height() == _ROW:
            _PICTURES[self.name](painter, QRectF(card.left() + 12, card.top() + 10, 100, 54))
            words = card.adjusted(128, 10, -16, -8)
            self._paint_title(painter, QRectF(words.topLeft(), QSizeF(words.width(), 22)))
            self._paint_sentence(painter, words.adjusted(0, 26, 0, 0))
            at = QPointF(words.right() - caps, words.top())
        else:
            words = card.adjusted(16, 14, -16, -12)
            _PICTURES[self.name](painter, QRectF(words.topLeft(), QSizeF(words.width(), 56)))
            self._paint_title(painter, QRectF(words.left(), words.top() + 70, words.width(), 20))
            self._paint_sentence(painter, words.adjusted(0, 92, 0, 0))
            at = QPointF(words.left(), words.bottom() - key_cap.HEIGHT)
        key_cap.paint(painter, at, self.keys, theme)
        painter.end()

    def _paint_title(self, painter: QPainter, place: QRectF) -> None:
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.setPen(QColor(look.theme.ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._title)

    def _paint_sentence(self, painter: QPainter, place: QRectF) -> None:
        painter.setFont(font(11))
        painter.setPen(QColor(look.theme.secondary))
        painter.drawText(
            place, int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), self._sentence
        )


def _paint_card(painter: QPainter, place: QRectF, family: str, word: str) -> None:
    theme = look.theme
    shape = QPainterPath()
    shape.addRoundedRect(place, 5, 5)
    painter.fillPath(shape, QColor(theme.surface))
    painter.save()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.fillRect(QRectF(place.left(), place.top(), 4, place.height()), QColor(theme.family(family)))
    painter.restore()
    painter.strokePath(shape, QPen(QColor(theme.edge), 1))
    painter.setFont(font(11, QFont.Weight.DemiBold))
    painter.setPen(QColor(theme.ink))
    painter.drawText(place.adjusted(12, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, word)


def _paint_drag(painter: QPainter, place: QRectF) -> None:
    """A layer under a hand's arrow, and where it came from."""
    theme = look.theme
    card = QRectF(place.left() + min(46, place.width() * 0.26), place.top() + 16, 78, 28)
    painter.setPen(QPen(QColor(theme.edge), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(card.translated(-place.width() * 0.22, -12).adjusted(0, 0, -8, -6), 5, 5)
    _paint_card(painter, card, "convolution", "Conv2d")
    tip = QPointF(card.right() - 12, card.bottom() - 8)
    arrow = QPainterPath(tip)
    for x, y in ((0, 15), (3.6, 11.6), (6.4, 17), (9, 15.8), (6.4, 10.6), (11, 10.4)):
        arrow.lineTo(tip + QPointF(x, y))
    arrow.closeSubpath()
    painter.setPen(QPen(QColor(theme.surface), 1.2))
    painter.setBrush(QColor(theme.ink))
    painter.drawPath(arrow)


def _paint_line(painter: QPainter, place: QRectF) -> None:
    """A line that is being typed."""
    theme = look.theme
    field = QRectF(place.left(), place.center().y() - 15, place.width(), 30)
    painter.setPen(QPen(QColor(theme.edge), 1))
    painter.setBrush(QColor(theme.paper))
    painter.drawRoundedRect(field, 5, 5)
    face = font(11, mono=True)
    painter.setFont(face)
    measures = QFontMetricsF(face)
    x = field.left() + 8
    for text, colour in (
        ("Conv2d", theme.family("convolution")),
        (" > ", theme.secondary),
        ("ReLU", theme.family("activation")),
        (" > ", theme.secondary),
        ("Linear", theme.family("linear")),
    ):
        wide = measures.horizontalAdvance(text)
        if x + wide > field.right() - 8:
            break
        painter.setPen(QColor(colour))
        painter.drawText(
            QRectF(x, field.top(), wide + 2, field.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        x += wide
    painter.setPen(QPen(QColor(theme.accent), 1.5))
    painter.drawLine(QPointF(x + 2, field.top() + 8), QPointF(x + 2, field.bottom() - 8))


def _paint_network(painter: QPainter, place: QRectF) -> None:
    """A small network with a branch."""
    theme = look.theme
    families = (
        ("data",),
        ("convolution",),
        ("activation", "normalization"),
        ("joining",),
        ("linear",),
        ("loss",),
    )
    step = place.width() / len(families)
    wide, tall = step * 0.62, 24.0
    cards: list[list[QRectF]] = []
    for column, names in enumerate(families):
        x = place.left() + (column + 0.5) * step - wide / 2
        rows = [
            place.center().y() + (row - (len(names) - 1) / 2) * (tall + 6) - tall / 2
            for row in range(len(names))
        ]
        cards.append([QRectF(x, y, wide, tall) for y in rows])
    painter.setPen(QPen(QColor(mixed(theme.secondary, theme.surface, 0.6)), 1.2))
    for before, after in itertools.pairwise(cards):
        for one in before:
            for other in after:
                painter.drawLine(
                    QPointF(one.right(), one.center().y()), QPointF(other.left(), other.center().y())
                )
    for names, places in zip(families, cards, strict=True):
        for name, card in zip(names, places, strict=True):
            hue = theme.family(name)
            painter.setPen(QPen(QColor(mixed(hue, theme.surface, 0.6)), 1))
            painter.setBrush(QColor(mixed(hue, theme.surface, 0.16)))
            painter.drawRoundedRect(card, 3, 3)
            painter.fillRect(QRectF(card.left() + 1, card.top() + 1, 2.5, card.height() - 2), QColor(hue))


_PICTURES = {"add_layer": _paint_drag, "type_line": _paint_line, "welcome": _paint_network}


class EmptyMessage(QWidget):
    """The ways to begin in the middle of an empty canvas. Paper between them is the canvas's own."""

    def __init__(self, parent: QAbstractScrollArea) -> None:
        super().__init__(parent)
        self.setObjectName("canvasEmpty")
        self.setAccessibleName(self.tr("Nothing is drawn yet"))
        self._wanted, self._inside = True, False
        self.beginnings = [
            Beginning(
                "add_layer",
                self.tr("Drag a layer"),
                self.tr("From the list at the left, or search it there"),
                self,
            ),
            Beginning(
                "type_line",
                self.tr("Type layers"),
                self.tr("Several at once, wired and with their shapes"),
                self,
            ),
            Beginning("welcome", self.tr("Open an example"), self.tr("Networks that train right away"), self),
        ]
        for before, after in zip(self.beginnings, self.beginnings[1:], strict=False):
            QWidget.setTabOrder(before, after)
        parent.viewport().installEventFilter(self)
        look.changed.connect(self.update)

    def show_for(self, empty: bool, inside: bool) -> None:
        """Stands there while the canvas is `empty`; `inside` a block there is no example to open."""
        self._wanted, self._inside = empty, inside
        self.beginnings[2].setVisible(not inside)
        self.setVisible(empty)
        self.place()

    def place(self) -> None:
        """Puts itself in the middle of the canvas: cards side by side, else flat ones, else lines below each other."""
        room = self.parentWidget().size()
        shown = [one for one in self.beginnings if not one.isHidden()]
        beside = len(shown) * (_CARD.width() + _GAP) - _GAP
        flat = beside > room.width() - 32
        size, gap = _CARD, _GAP
        if flat:
            wide = min(380, room.width() - 32)
            size, gap = QSize(wide, _ROW if wide >= _PICTURED else _LINE), 8
        tall = _HEAD + (len(shown) * (size.height() + gap) - gap if flat else size.height())
        wide = size.width() if flat else beside
        self.setGeometry((room.width() - wide) // 2, max(8, (room.height() - tall) * 9 // 20), wide, tall)
        for number, one in enumerate(shown):
            one.setFixedSize(size)
            across, down = (0, size.height() + gap) if flat else (size.width() + gap, 0)
            one.move(number * across, _HEAD + number * down)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragEnter:
            self.hide()
        elif event.type() in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self.setVisible(self._wanted)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setFont(font(20, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.ink))
        middle = int(Qt.AlignmentFlag.AlignHCenter)
        title = self.tr("Begin the block") if self._inside else self.tr("Begin a network")
        painter.drawText(QRectF(0, 0, self.width(), 28), middle, title)
        narrow = self.width() < _PICTURED
        painter.setFont(font(11 if narrow else 13))
        painter.setPen(QColor(theme.secondary))
        words = self.tr("or double-click the paper to search for a layer there")
        place = QRectF(0, 30, self.width(), 32)
        painter.drawText(place, middle | int(Qt.TextFlag.TextWordWrap), words)
        painter.end()
