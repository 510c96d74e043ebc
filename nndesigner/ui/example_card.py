"""A card of the welcome page: the picture of an example's network, what it is for and what it is made of."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from nndesigner import examples
from nndesigner.catalogue import BY_NAME
from nndesigner.graph import Graph
from nndesigner.project import Project
from nndesigner.ui.example_words import purpose_of, reached_by
from nndesigner.ui.figures import count
from nndesigner.ui.theme import font, look, mixed
from nndesigner.ui.thumbnail import paint_network

HEIGHT = 252
_LIFT = 3.0
_WORDS = 74  # pixels below the picture


class ExampleCard(QAbstractButton):
    """The picture of a project's network, its title, what it is for and what it is made of.

    **Signals:** `stepped` with how many cards across and down an arrow key leads.
    """

    stepped = Signal(int, int)

    def __init__(self, name: str, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._project = project
        self._title = project.title or name
        layers = _layers(project, project.graph)
        words = self.tr("1 layer") if layers == 1 else self.tr("{} layers").format(layers)
        known = examples.facts(name)
        self._heights = _heights(known) if known is not None else {}
        size = [self.tr("{} parameters").format(count(known.parameters))] if known is not None else []
        # The layers of a network that learns from data in seconds are few, and on the picture.
        told = [words] if project.data_set() is None or not size else []
        self._about = " · ".join([*_taken(project), *told, *size])
        self._purpose, self._reached = purpose_of(name), reached_by(name)
        self.setObjectName(f"example_{name}")
        self.setAccessibleName(self._title)
        described = ". ".join(part for part in (self._purpose, self._reached, self._about) if part)
        self.setAccessibleDescription(described)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # The grid alone says how wide a card is; else wide rows would keep the page from getting narrower.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._lift = 0.0
        self._motion = QVariantAnimation(self)
        self._motion.valueChanged.connect(self._lifted)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(260, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = (
            QRectF(self.rect())
            .adjusted(0.5, 5.5, -0.5, -5.5)
            .translated(0, 0 if self.isDown() else -self._lift)
        )
        self._paint_shadow(painter, card)
        edge = mixed(theme.accent, theme.line, 0.7 * self._lift / _LIFT)
        painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(card, 8, 8)
        picture = card.adjusted(1, 1, -1, -_WORDS)
        paint_network(painter, picture, self._project, theme, 16, self._heights)
        if self._reached:
            self._paint_reached(painter, picture)
        painter.setPen(QPen(QColor(theme.line), 1))
        below = round(picture.bottom()) + 0.5
        painter.drawLine(QPointF(card.left() + 1, below), QPointF(card.right() - 1, below))
        words = QRectF(card.left() + 12, below + (7 if self._purpose else 16), card.width() - 24, 18)
        for text, face, color in (
            (self._title, font(13, QFont.Weight.DemiBold), theme.ink),
            *([(self._purpose, font(12), theme.ink)] if self._purpose else []),
            (self._about, font(11), theme.secondary),
        ):
            painter.setFont(face)
            painter.setPen(QColor(color))
            shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
            words.translate(0, 19)
        painter.end()

    def _paint_reached(self, painter: QPainter, picture: QRectF) -> None:
        """What it reached, as a label in the corner of the picture."""
        theme, face = look.theme, font(11, QFont.Weight.DemiBold)
        wide = QFontMetricsF(face).horizontalAdvance(self._reached) + 14
        place = QRectF(picture.right() - wide - 8, picture.top() + 8, wide, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(theme.good, theme.surface, 0.14)))
        painter.drawRoundedRect(place, 10, 10)
        painter.setPen(QColor(theme.good))
        painter.setFont(face)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._reached)

    def _paint_shadow(self, painter: QPainter, card: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for spread in (3, 2, 1):
            shade = QColor(0, 0, 0, round(12 * self._lift / _LIFT))
            painter.setBrush(shade)
            painter.drawRoundedRect(card.adjusted(-spread, 0, spread, spread + 1), 8 + spread, 8 + spread)

    def _lifted(self, value: object) -> None:
        self._lift = float(value)  # type: ignore[arg-type]
        self.update()

    def _lift_to(self, height: float) -> None:
        time = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        self._motion.stop()
        self._motion.setDuration(min(120, max(0, time)))
        self._motion.setStartValue(self._lift)
        self._motion.setEndValue(height)
        self._motion.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, arrows = event.key(), Qt.Key
        steps = {
            arrows.Key_Left: (-1, 0),
            arrows.Key_Right: (1, 0),
            arrows.Key_Up: (0, -1),
            arrows.Key_Down: (0, 1),
        }
        if key in steps:
            self.stepped.emit(*steps[Qt.Key(key)])
        elif key in (arrows.Key_Return, arrows.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._lift_to(_LIFT)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._lift_to(0.0)


def _layers(project: Project, graph: Graph) -> int:
    """How many layers there are, those inside blocks counted."""
    count = 0
    for node in graph.nodes.values():
        if (block := project.blocks.get(node.kind)) is not None:
            count += node.repeat * _layers(project, block.graph)
        elif (kind := project.kind_of(node)) is None or kind.role == "layer":
            count += node.repeat
    return count


def _heights(known: examples.Facts) -> dict[str, float]:
    """How tall each node is drawn, as a share of the tallest: by how many places its maps have, or how many values a row."""
    found = {}
    for node, sizes in known.sizes.items():
        places = sizes[-1] if len(sizes) > 2 else sizes[0] if sizes else 1
        extent = math.log2(1 + places)
        found[node] = extent if len(sizes) > 1 else 0.45 * extent
    tallest = max(found.values(), default=1.0)
    return {node: max(0.22, extent / tallest) for node, extent in found.items()}


def _taken(project: Project) -> list[str]:
    """What the network looks at: its data set, or the shapes of its inputs."""
    if data := project.data_set():
        return [data.title]
    inputs = [node for node in project.graph.nodes.values() if node.kind == "Input"]
    shapes = [node.params.get("shape", BY_NAME["Input"].by_name["shape"].default) for node in inputs]
    return ["×".join(map(str, shape)) for shape in shapes if isinstance(shape, tuple)]
