"""What lies on the canvas: cards and wires. Items hold no document and no other item.

They know what they look like: as pictures and glyphs that `passes` puts down for many at once, and painted one by one
where it is for print.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QGlyphRun, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Edge, Node
from nndesigner.layout.wires import Lane, course, label_place, room_of, runs_back
from nndesigner.ui.canvas import glyphs, metrics
from nndesigner.ui.canvas.card import Ground, paint_ground, the_one
from nndesigner.ui.canvas.cells import Area
from nndesigner.ui.canvas.face import DOT, Face, Spot
from nndesigner.ui.canvas.ink import Ink, ink
from nndesigner.ui.canvas.load import Load
from nndesigner.ui.canvas.marks import Marks, Pulse
from nndesigner.ui.canvas.metrics import Lettering, elided, font, glyphs_of, laid_out, text_width
from nndesigner.ui.canvas.strokes import Shape, the_one_shape

_NO_BRUSH = Qt.BrushStyle.NoBrush
_NO_PEN = Qt.PenStyle.NoPen
_ORIGIN = QPointF()
_IN_LABEL = QPointF(6, 1)
Word = tuple[str, Lettering, float, float]  # where its upper left corner is, seen from the card's
Glyphs = tuple[QPointF, QGlyphRun]


class NodeItem(QGraphicsRectItem):
    """The card of one node, with its ports and its words, in as much detail as the scale allows.

    `shape` is what it gives, `problem` the severity of what stands against it, `lit` the ports that fit the wire
    being pulled (None when there is none), `load` how much of the whole it takes, `pulse` how it learns, `broken` whether
    it was the first that gave no numbers any more.
    """

    def __init__(self, node: Node, face: Face) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setZValue(1)
        self.setPen(_NO_PEN)
        self.node, self.face = node, face
        self.shape_text = ""
        self.problem = ""
        self.hovered = False
        self.lit: frozenset[str] | None = None
        self.load: Load | None = None
        self.pulse: Pulse | None = None
        self.broken = False
        self.card = QRectF()
        self.box: Area = (0.0, 0.0, 0.0, 0.0)  # the card too
        self._grounds: dict[tuple[bool, bool], Ground] = {}
        self._named: list[Glyphs] | None = None
        self._said: tuple[list[Glyphs], list[Glyphs]] | None = None
        self._show_face(face)
        self.place(*node.position)

    def show(self, node: Node, face: Face) -> bool:
        """Shows this node from now on. Says whether its ports moved, so that its wires must follow."""
        moved = (self.card.x(), self.card.y()) != node.position
        before, self.node = self.face, node
        if face != before:
            self._show_face(face)
            self._redraw()
        if moved:
            self.place(*node.position)
        return moved or (before.inputs, before.outputs) != (face.inputs, face.outputs)

    def place(self, x: float, y: float) -> None:
        """Moves the card."""
        self.setPos(x, y)
        self.card.moveTo(x, y)
        self._lie()

    def _lie(self) -> None:
        self.box = area_of(self.card)
        self._named = self._said = None

    def tell(self, shape: str, problem: str) -> None:
        """Shows what the plan knows of it."""
        if (shape, problem) != (self.shape_text, self.problem):
            self.shape_text, self.problem = shape, problem
            self._redraw()

    def hover(self, hovered: bool) -> None:
        """Lifts the card, or puts it back."""
        if hovered != self.hovered:
            self.hovered = hovered
            self._redraw()

    def light(self, lit: frozenset[str] | None) -> None:
        """Lights these ports up and fades the others; None ends that."""
        if lit != self.lit:
            self.lit = lit
            self._redraw()

    def bear(self, marks: Marks) -> None:
        """Shows what is marked of its node."""
        name = self.face.name
        load, pulse, broken = marks.loads.get(name), marks.pulses.get(name), name == marks.broken
        if (load, broken) != (self.load, self.broken) or (pulse != self.pulse and load is None):
            self._redraw()
        self.load, self.pulse, self.broken = load, pulse, broken

    def spot(self, spot: Spot) -> QPointF:
        """Where a port is in the scene."""
        return QPointF(self.card.x() + spot.x, self.card.y() + spot.y)

    def _redraw(self) -> None:
        self._grounds, self._said = {}, None
        self.update()

    def _show_face(self, face: Face) -> None:
        self.face = face
        self.card.setSize(QRectF(0, 0, face.width, face.height).size())
        self._lie()
        margin = metrics.MARGIN
        self.setRect(-margin, -margin, face.width + 2 * margin, face.height + 2 * margin)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paints it for print, with the card's corner at the painter's origin."""
        paint_ground(painter, self._ground_of(True, False))
        painter.setOpacity(0.6 if self.face.bypassed else 1.0)
        painter.setPen(ink().text)
        for text, lettering, x, y in self._words_of():
            painter.setFont(font(lettering))
            painter.drawStaticText(QPointF(x, y), laid_out(text, lettering))
            painter.setPen(ink().secondary)
        if self.face.frozen:
            self.paint_flake(painter)

    def paint_flake(self, painter: QPainter) -> None:
        """Paints the sign of what is frozen, with the card's corner at the painter's origin."""
        painter.translate(self.face.width - metrics.TEXT_RIGHT - 12, 32)
        painter.fillPath(glyphs.snowflake(), ink().accent_brush)

    def name_glyphs(self) -> list[Glyphs]:
        """Its name as it is seen from far away, in the scene."""
        if self._named is None:
            face = self.face
            name = elided(face.name, Lettering.FAR, face.width - 64)
            self._named = self._placed(name, Lettering.FAR, 52, face.height / 2 - 12)
        return self._named

    def word_glyphs(self) -> tuple[list[Glyphs], list[Glyphs]]:
        """Its name, and all that is said more quietly, in the scene."""
        if self._said is None:
            name, *quiet = self._words_of()
            self._said = self._placed(*name), [one for word in quiet for one in self._placed(*word)]
        return self._said

    def _placed(self, text: str, lettering: Lettering, x: float, y: float) -> list[Glyphs]:
        where = QPointF(self.card.x() + x, self.card.y() + y)
        return [(where, run) for run in glyphs_of(text, lettering)]

    def ground(self, near: bool) -> Ground:
        """Its ground as it is now. Cards that look the same have the same one."""
        key = (near, self.isSelected())
        if key not in self._grounds:
            self._grounds[key] = the_one(self._ground_of(*key))
        return self._grounds[key]

    def says_all(self) -> bool:
        """Whether there is room for all of its words."""
        texts = [text for text, *_ in self._words_of()]
        whole = {self.face.name, self.shape_text or self.face.name, *self._lines_in(self._room_below())}
        return whole <= set(texts)

    def _ground_of(self, near: bool, selected: bool) -> Ground:
        face = self.face
        if ink().prints:
            return Ground(
                face.family,
                face.width,
                face.height,
                (),
                (),
                near,
                known=face.known,
                bypassed=face.bypassed,
                repeated=face.repeat > 1,
                inside=face.inside,
                second_line=len(self._lines_in(self._room_below())) > 1,
            )
        return Ground(
            face.family,
            face.width,
            face.height,
            self._port_states("in", face.inputs) if near or self.lit is not None else (),
            self._port_states("out", face.outputs) if near or self.lit is not None else (),
            near,
            self.hovered,
            selected,
            self.problem or self._ailing,
            face.known,
            face.bypassed,
            face.repeat > 1,
            face.inside,
            self.broken,
        )

    @property
    def _ailing(self) -> str:
        """How badly it learns: "error", "warning" or nothing."""
        bad = self.pulse is not None and self.load is None and self.pulse.tone != "good"
        return self.pulse.tone if bad and self.pulse is not None else ""

    def _port_states(self, side: str, spots: tuple[Spot, ...]) -> tuple[tuple[float, str], ...]:
        if self.lit is None:
            return tuple((spot.x, _state_of(spot)) for spot in spots)
        return tuple((spot.x, "fits" if f"{side} {spot.name}" in self.lit else "faded") for spot in spots)

    def _words_of(self) -> tuple[Word, ...]:
        """The name first, then what is said more quietly: the shape, the params, how often it is repeated."""
        face, right = self.face, self.face.width - metrics.TEXT_RIGHT
        top = -6 if face.inside is None and len(self._lines_in(self._room_below())) > 1 else 0
        room = float(right - metrics.TEXT_LEFT)
        name = elided(face.name, Lettering.NAME, room)
        words: list[Word] = [(name, Lettering.NAME, metrics.TEXT_LEFT, top + 10)]
        beside = room - text_width(name, Lettering.NAME) - 12
        if self.shape_text and beside >= 24:
            shape = elided(self.shape_text, Lettering.SHAPE, beside)
            words.append((shape, Lettering.SHAPE, right - text_width(shape, Lettering.SHAPE), top + 12))
        if face.frozen:
            room -= 20
        if said := (self.load or self.pulse):
            room -= text_width(said.words, Lettering.SMALL)
            words.append((said.words, Lettering.SMALL, metrics.TEXT_LEFT + room, top + 31))
            room -= 8 if said.words else 0
        if face.repeat > 1:
            times = f"×{face.repeat}"
            room -= text_width(times, Lettering.SHAPE)
            words.append((times, Lettering.SHAPE, metrics.TEXT_LEFT + room, top + 31))
            room -= 8
        for number, line in enumerate(self._lines_in(room)):
            line = elided(line, Lettering.SMALL, room)
            words.append((line, Lettering.SMALL, metrics.TEXT_LEFT, top + 31 + 12 * number))
        return tuple(words)

    def _room_below(self) -> float:
        """The room for params beside what else stands in their line."""
        face = self.face
        room = float(face.width - metrics.TEXT_RIGHT - metrics.TEXT_LEFT) - (20 if face.frozen else 0)
        return room - text_width(f"×{face.repeat}", Lettering.SHAPE) - 8 if face.repeat > 1 else room

    def _lines_in(self, room: float) -> tuple[str, ...]:
        """The params in one line; on paper, on the card of a block or a wide one, in two where they are many."""
        summary = self.face.summary
        roomy = self.face.inside is not None or self.face.width >= metrics.LINES_FROM
        if not ink().prints or not roomy or text_width(summary, Lettering.SMALL) <= room:
            return (summary,)
        first, *rest = summary.split(DOT)
        while rest and text_width(longer := first + DOT + rest[0], Lettering.SMALL) <= room:
            first, rest = longer, rest[1:]
        return (first, DOT.join(rest)) if rest else (first,)


def _state_of(spot: Spot) -> str:
    return "wired" if spot.wired else "optional" if spot.optional else "free"


class EdgeItem(QGraphicsRectItem):
    """One wire. Its curve is made when it is first painted; its place is that of the port it comes from. `lanes`, seen
    from there, lead it round cards.
    """

    def __init__(self, edge: Edge) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setPen(_NO_PEN)
        self.edge = edge
        self.line = QLineF()
        self.state = ""
        self.label = ""
        self.dtype = ""
        self.width = 2.0
        self.lanes: tuple[Lane, ...] = ()
        self.room: Area = (0.0, 0.0, 0.0, 0.0)  # that it takes in the scene with its words
        self._across = QPointF(math.nan, 0)
        self.straight = False
        self.has_room = False  # for words to sit on it
        self._pen = QPen()
        self._penned: tuple[Ink, bool, bool] | None = None
        self._path: QPainterPath | None = None
        self._told: TensorType | None = None
        self._named = True
        self._words: tuple[QRectF, list[Glyphs]] | None = None
        self._shape: Shape | None = None

    def route(self, start: QPointF, end: QPointF, lanes: Sequence[Lane] = ()) -> None:
        """Leads the wire from here to there, by way of these lanes of the scene if any."""
        self.line = QLineF(start, end)
        self.setPos(start)
        across = end - start
        seen: tuple[Lane, ...] = ()
        if lanes:
            x, y = start.x(), start.y()
            seen = tuple(Lane(lane.x - x, lane.begin - y, lane.end - y) for lane in lanes)
        if across != self._across or seen != self.lanes:
            self._across, self.lanes, self._path, self._shape = across, seen, None, None
            dx, dy = across.x(), across.y()
            self.straight = dx == 0 and dy > 0 and not seen
            self.has_room = bool(seen) or runs_back(dx, dy) or (dy >= _LABEL_ROOM and abs(dx) <= 2 * dy)
            left, top, right, bottom = room_of(dx, dy, seen)
            self.setRect(left - _WORDS, top - 8, right - left + 2 * _WORDS, bottom - top + 16)
        self.room, self._words = area_of(self.rect().translated(start)), None

    def tell(self, type: TensorType | None, named: bool = True) -> None:
        """Shows what flows along it; not in words where a wire beside it says so."""
        if type is self._told and named == self._named:
            return
        self._told, self._named = type, named
        label = str(type) if type and named else ""
        dtype = "" if type is None or type.is_float else "bool" if type.dtype == "bool" else "int"
        width = wire_width(type.elements) if type else 2.0
        if (label, dtype, width) != (self.label, self.dtype, self.width):
            self.label, self.dtype, self.width = label, dtype, width
            self._penned = self._words = None
            self.update()

    def set_state(self, state: str) -> None:
        """Shows it as "", "hovered", "marked", "faded" or "cut"."""
        if state != self.state:
            self.state = state
            self._penned = None
            self.update()

    @property
    def winds(self) -> bool:
        """Whether it takes another way than the straight one, so that this is seen from far away too."""
        return bool(self.lanes) or (self._across.y() > _FAR and self._across.x() != 0)

    def legs(self) -> list[QLineF]:
        """The straight lines that stand for it where it is seen from far away, in the scene."""
        start = self.line.p1()
        corners = [start]
        for lane in self.lanes:
            corners += [start + QPointF(lane.x, lane.begin), start + QPointF(lane.x, lane.end)]
        if not self.lanes:
            corners.append(QPointF(self.line.x2(), start.y() + _CHANGED))
        corners.append(self.line.p2())
        return [QLineF(one, other) for one, other in pairwise(corners)]

    @property
    def path(self) -> QPainterPath:
        """Its curve, from its own place."""
        if self._path is None:
            self._path = curve(QPointF(), self._across, self.lanes)
        return self._path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draws it for print with a head, from the painter's origin. Its words come when all wires are drawn, by
        `paint_label`.
        """
        colors = ink()
        painter.setPen(self.pen_for(colors, True))
        painter.setBrush(_NO_BRUSH)
        end, length, half = self._across, 4 + 1.5 * self.thickness, 2 + 0.9 * self.thickness
        painter.drawPath(curve(_ORIGIN, end - QPointF(0, length - 1), self.lanes))
        left, right = end + QPointF(-half, -length), end + QPointF(half, -length)
        painter.setPen(_NO_PEN)
        painter.setBrush(colors.wire_brush)
        painter.drawPolygon(QPolygonF([end, left, right]))

    def words(self) -> tuple[QRectF, list[Glyphs]] | None:
        """The words on it and the paper under them, in the scene, where there is room for them."""
        if not self.label or self.state in ("faded", "cut") or not self.has_room:
            return None
        if self._words is None:
            area = self.label_area().translated(self.line.p1())
            where = area.topLeft() + _IN_LABEL
            self._words = area, [(where, run) for run in glyphs_of(self.label, Lettering.SHAPE)]
        return self._words

    def pen_for(self, colors: Ink, near: bool) -> QPen:
        """The pen of its line."""
        key = (colors, near, self.isSelected())
        if key != self._penned:
            self._penned, self._shape = key, None
            state = "selected" if key[2] and self.state not in ("faded", "cut") else self.state
            width = self.thickness if colors.prints else self.width
            self._pen = colors.wire_pen(state, width, self.dtype, near)
        return self._pen

    @property
    def shape(self) -> Shape:
        """All that its curve looks like with the pen it was asked for last. Wires that look the same have the same one."""
        if self._shape is None:
            pen = self._pen
            looks = (pen.color().rgba(), pen.widthF(), pen.isCosmetic(), self.dtype)
            self._shape = the_one_shape((self._across.toTuple(), self.lanes, looks))
        return self._shape

    @property
    def thickness(self) -> float:
        """How thick its line is on paper, where lines are finer."""
        return 0.5 + 0.5 * self.width

    def label_area(self) -> QRectF:
        """Where the words on it are, seen from its beginning."""
        width = text_width(self.label, Lettering.SHAPE) + 12
        x, y = label_place(self._across.x(), self._across.y(), self.lanes)
        return QRectF(x - width / 2, y - 8, width, 16)

    def paint_label(self, painter: QPainter, colors: Ink, area: QRectF) -> None:
        """Paints the words on it into an area."""
        painter.fillRect(area, colors.paper)
        painter.setFont(font(Lettering.SHAPE))
        painter.setPen(colors.secondary)
        painter.drawStaticText(area.topLeft() + _IN_LABEL, laid_out(self.label, Lettering.SHAPE))


def area_of(rect: QRectF) -> Area:
    """A rectangle as plain numbers."""
    return rect.left(), rect.top(), rect.right(), rect.bottom()


_LABEL_ROOM = 30.0
_FAR, _CHANGED = 160.0, 56.0  # a wire longer than this has changed its column after so much
_WORDS = 72.0  # how far the words on a wire reach beside it


def curve(start: QPointF, end: QPointF, lanes: Sequence[Lane] = ()) -> QPainterPath:
    """The course of a wire, which leaves downwards and arrives from above, by way of its lanes."""
    path = QPainterPath(start)
    for piece in course(start.toTuple(), end.toTuple(), lanes):
        if len(piece) == 1:
            path.lineTo(*piece[0])
        else:
            (x1, y1), (x2, y2), (x3, y3) = piece
            path.cubicTo(x1, y1, x2, y2, x3, y3)
    return path


def wire_width(elements: int) -> float:
    """How thick a wire is that carries so many numbers: by their logarithm, in steps of a half."""
    width = 2 + 0.5 * (math.log10(max(elements, 1)) - 1)
    return min(max(round(width * 2) / 2, 1.5), 5.0)
