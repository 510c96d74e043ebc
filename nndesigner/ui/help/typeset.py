"""Formulas typeset: every part of the tree becomes a box with a baseline, painted at any size in the theme's ink."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nndesigner.ui.help.formula import Fence, FormulaError, Fraction, Part, Root, Row, Scripts, Sign, read
from nndesigner.ui.theme import look

_FACES = ("STIX Two Text", "Cambria", "Times New Roman", "Liberation Serif", "DejaVu Serif")
_SMALL = 0.72  # of the size around them, for scripts
_TIGHT = 0.9  # of the size, for both parts of a fraction
_SMALLEST = 9.0
_BARS_FROM = 13.0  # pixels, where a bar between two parts can be read
_SPACE = 0.26  # of the size, between parts that stand apart
_LINE = 1.1
Paint = Callable[[QPainter, float, float], None]


@dataclass(frozen=True)
class Box:
    """Something to paint: how wide it is, how far it reaches above and below its baseline."""

    width: float
    above: float
    below: float
    paint: Paint

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.above + self.below


def lines_of(text: str, size: float, room: float) -> list[Box]:
    """The lines of a formula within so many pixels, broken before operators and words; one that can't be read is plain."""
    try:
        parts = read(text).parts
    except FormulaError:
        parts = tuple(Sign(word, apart=bool(place)) for place, word in enumerate(text.split(" ")))
    lines: list[list[tuple[float, Box]]] = [[]]
    used = 0.0
    for part in parts:
        gap, box = _gap(part, size), box_of(part, size)
        if lines[-1] and part.apart and used + gap + box.width > (room if len(lines) == 1 else room - size):
            lines.append([])
            gap = used = 0.0
        lines[-1].append((gap, box))
        used += gap + box.width
    return [_beside(line) for line in lines if line]


def box_of(part: Part, size: float) -> Box:
    """The box of a part in letters of so many pixels."""
    match part:
        case Sign():
            return _letters(part.text, size, part.leans)
        case Row():
            return _beside(
                [
                    (_gap(one, size) if place else 0.0, box_of(one, size))
                    for place, one in enumerate(part.parts)
                ]
            )
        case Scripts():
            return _scripts(part, size)
        case Fraction():
            return _fraction(part, size)
        case Root():
            return _root(box_of(part.inside, size), size)
        case Fence():
            return _fence(part, size)


def _face(size: float, leans: bool) -> QFont:
    face = QFont()
    face.setFamilies(list(_FACES))
    face.setStyleHint(QFont.StyleHint.Serif)
    face.setPixelSize(round(size))
    face.setItalic(leans)
    return face


def _gap(part: Part, size: float) -> float:
    if part.apart:
        return _SPACE * size
    return 0.06 * size if isinstance(part, Sign) and part.text == "·" else 0.0


def _letters(text: str, size: float, leans: bool) -> Box:
    face = _face(size, leans)
    measures = QFontMetricsF(face)
    # An italic letter leans out of its width.
    lean = 0.06 * size if leans else 0.0

    def paint(painter: QPainter, x: float, y: float) -> None:
        painter.setFont(face)
        painter.drawText(QPointF(x, y), text)

    return Box(measures.horizontalAdvance(text) + lean, 0.76 * size, 0.24 * size, paint)


def _beside(boxes: Sequence[tuple[float, Box]]) -> Box:
    places: list[tuple[float, Box]] = []
    x = 0.0
    for gap, box in boxes:
        places.append((x + gap, box))
        x += gap + box.width

    def paint(painter: QPainter, left: float, y: float) -> None:
        for place, box in places:
            box.paint(painter, left + place, y)

    above, below = (max((getattr(box, side) for _, box in boxes), default=0.0) for side in ("above", "below"))
    return Box(x, above, below, paint)


def _scripts(part: Scripts, size: float) -> Box:
    base, small = box_of(part.base, size), max(_SMALL * size, _SMALLEST)
    over = box_of(part.above, small) if part.above else None
    under = box_of(part.below, small) if part.below else None
    up = max(0.38 * size, base.above - 0.38 * size) if over else 0.0
    down = max(0.2 * size, base.below - 0.05 * size) if under else 0.0

    def paint(painter: QPainter, x: float, y: float) -> None:
        base.paint(painter, x, y)
        if over:
            over.paint(painter, x + base.width, y - up)
        if under:
            under.paint(painter, x + base.width, y + down)

    width = max((box.width for box in (over, under) if box), default=0.0)
    return Box(
        base.width + width + 0.04 * size,
        max(base.above, up + over.above if over else 0.0),
        max(base.below, down + under.below if under else 0.0),
        paint,
    )


def _fraction(part: Fraction, size: float) -> Box:
    within = max(_TIGHT * size, _SMALLEST)
    if size < _BARS_FROM:  # among scripts
        return _beside(
            [
                (0.0, box_of(part.top, size)),
                (0.0, _letters("/", size, False)),
                (0.0, box_of(part.bottom, size)),
            ]
        )
    top, bottom = box_of(part.top, within), box_of(part.bottom, within)
    width = max(top.width, bottom.width) + 0.3 * size
    axis, gap = 0.28 * size, 0.16 * size  # where the bar stands above the baseline, and what is free of it

    def paint(painter: QPainter, x: float, y: float) -> None:
        top.paint(painter, x + (width - top.width) / 2, y - axis - gap - top.below)
        bottom.paint(painter, x + (width - bottom.width) / 2, y - axis + gap + bottom.above)
        painter.fillRect(QRectF(x, y - axis - _LINE / 2, width, _LINE), painter.pen().color())

    return Box(width, axis + gap + top.height, max(0.24 * size, bottom.height + gap - axis), paint)


def _root(inside: Box, size: float) -> Box:
    sign, rise = 0.62 * size, 0.12 * size

    def paint(painter: QPainter, x: float, y: float) -> None:
        top, low = y - inside.above - rise, y + inside.below
        path = QPainterPath(QPointF(x + 0.06 * size, y - 0.3 * size))
        path.lineTo(x + 0.2 * size, y - 0.36 * size)
        path.lineTo(x + 0.36 * size, low)
        path.lineTo(x + sign, top)
        path.lineTo(x + sign + inside.width + 0.06 * size, top)
        painter.strokePath(path, QPen(painter.pen().color(), _LINE))
        inside.paint(painter, x + sign + 0.04 * size, y)

    return Box(sign + inside.width + 0.12 * size, inside.above + rise + _LINE, inside.below, paint)


def _fence(part: Fence, size: float) -> Box:
    inside = box_of(part.inside, size)
    grown = max(1.0, inside.height / (1.12 * size))
    opened, closed = _letters(part.opened, size, False), _letters(part.closed, size, False)
    middle = (inside.below - inside.above) / 2

    def paint(painter: QPainter, x: float, y: float) -> None:
        bracket(painter, opened, x, y)
        inside.paint(painter, x + opened.width, y)
        bracket(painter, closed, x + opened.width + inside.width, y)

    def bracket(painter: QPainter, box: Box, x: float, y: float) -> None:
        if grown <= 1.05:
            box.paint(painter, x, y)
            return
        painter.save()
        painter.translate(x, y + middle)
        painter.scale(1.0, grown)
        box.paint(painter, 0.0, 0.28 * size)
        painter.restore()

    return Box(opened.width + inside.width + closed.width, inside.above, inside.below, paint)


class FormulaView(QWidget):
    """A formula on a quiet ground, as wide as there is room and as tall as it needs; screen readers get its text."""

    def __init__(self, text: str = "", size: float = 17, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formula")
        self._size = size
        self.text = ""
        self._lines: list[Box] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)
        self.show_formula(text)

    def show_formula(self, text: str) -> None:
        """Shows another formula; none takes it away."""
        self.text = text
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._break()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._break()

    def _break(self) -> None:
        room = max(self.width(), 120) - 24
        self._lines = lines_of(self.text, self._size, room) if self.text else []
        gaps = 4 * max(len(self._lines) - 1, 0)
        self.setFixedHeight(round(sum(line.height for line in self._lines)) + gaps + 20)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.theme.raised))
        painter.drawRoundedRect(self.rect(), 6, 6)
        painter.setPen(QColor(look.theme.ink))
        y = 10.0
        for number, line in enumerate(self._lines):
            line.paint(painter, 12.0 + (self._size if number else 0.0), y + line.above)
            y += line.height + 4
        painter.end()
