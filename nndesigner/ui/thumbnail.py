"""A small picture of a network: its nodes where they stand on the canvas, its wires as curves."""

import itertools
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from nndesigner.graph import Edge, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.metrics import CARD_HEIGHT, CARD_WIDTH
from nndesigner.ui.theme import Theme, mixed

_MARGIN = 12.0
_SHARE = 0.72  # of the way to the next node, for a node
_CLEAR = 5.0  # pixels between a wire and the cards it goes round
_ONE_ROW = 0.6  # of the height there is, for cards that all stand in one row
_TALLEST = 0.66  # of the height there is, for a card that stands for large maps
_FEW_ROWS = 3
_LARGEST = QSizeF(56, 26)
_SMALLEST = QSizeF(7, 5)


def thumbnail(project: Project, size: QSize, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """The picture in `size` device-independent pixels, transparent around it."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_network(painter, QRectF(0, 0, size.width(), size.height()), project, theme)
    painter.end()
    return pixmap


def paint_network(
    painter: QPainter,
    area: QRectF,
    project: Project,
    theme: Theme,
    margin: float = _MARGIN,
    heights: Mapping[str, float] = MappingProxyType({}),
) -> None:
    """Paints the main graph of `project` within `area`; one that is too tall for it lies on its side.

    Where `heights` are known, each card is as tall across the flow as its share of the tallest.
    """
    graph = project.graph
    if not graph.nodes:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = area.adjusted(margin, margin, -margin, -margin)
    turned = lies(graph.nodes, room)
    cards = cards_of(graph.nodes, room)
    if heights and turned:
        cards = by_height(cards, heights, room)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(mixed(theme.secondary, theme.surface, 0.55)), 1.2))
    for edge in sorted(graph.edges):
        painter.drawPath(_wire(project, edge, cards, turned))
    for name, card in cards.items():
        _paint_card(painter, card, _family(project, graph.nodes[name]), theme, turned)
    painter.restore()


def lies(nodes: Mapping[str, Node], area: QRectF) -> bool:
    """Whether a network has more room in the area with its data at the left than at the top."""
    across, down = ([node.position[axis] for node in nodes.values()] for axis in (0, 1))
    tall, wide = max(down) - min(down) + CARD_HEIGHT, max(across) - min(across) + CARD_WIDTH
    return tall * area.width() > 1.2 * wide * area.height()


def cards_of(nodes: Mapping[str, Node], area: QRectF) -> dict[str, QRectF]:
    """Where each card lies in the picture. Gaps are smaller than on the canvas, so that cards can be seen."""
    if lies(nodes, area):
        places = {name: (node.position[1], node.position[0]) for name, node in nodes.items()}
        whole, largest = QSizeF(CARD_HEIGHT, CARD_WIDTH), _LARGEST.transposed()
    else:
        places = {name: node.position for name, node in nodes.items()}
        whole, largest = QSizeF(CARD_WIDTH, CARD_HEIGHT), _LARGEST
    across, down = (sorted({place[axis] for place in places.values()}) for axis in (0, 1))
    card = QSizeF(
        _extent(across, area.width(), whole.width(), _SMALLEST.width(), largest.width()),
        _extent(down, area.height(), whole.height(), _SMALLEST.height(), largest.height()),
    )
    if largest is _LARGEST:
        card.setHeight(min(card.height(), max(_SMALLEST.height(), 0.7 * card.width())))
    if len(down) == 1:
        card.setHeight(min(card.height(), _ONE_ROW * area.height()))
    wide, tall = across[-1] - across[0], down[-1] - down[0]
    over = (area.width() - card.width()) / wide if wide else 0.0
    # A flat network stays flat: heights are never drawn out more than widths.
    under = min((area.height() - card.height()) / tall, over or 0.4) if tall else 0.0
    over = min(over, 0.5)
    left = area.center().x() - (wide * over + card.width()) / 2
    top = area.center().y() - (tall * under + card.height()) / 2
    return {
        name: QRectF(QPointF(left + (x - across[0]) * over, top + (y - down[0]) * under), card)
        for name, (x, y) in places.items()
    }


def by_height(cards: Mapping[str, QRectF], heights: Mapping[str, float], room: QRectF) -> dict[str, QRectF]:
    """Cards as tall as their shares; those with free room above and below grow into it."""
    tallest = min(_TALLEST * room.height(), 5 * max(card.height() for card in cards.values()))
    counted = Counter(round(card.center().y()) for card in cards.values())
    rows = sorted(y for y, count in counted.items() if count > 1)
    if len(rows) > _FEW_ROWS:  # as those of a U-Net, whose wires run between them
        tallest = min(tallest, min(below - above for above, below in itertools.pairwise(rows)))
    found = {}
    for name, card in cards.items():
        share = heights.get(name, 0.3)
        grown = _tall(card, share * tallest)
        free = room.top() <= grown.top() and grown.bottom() <= room.bottom()
        crowded = any(other is not card and grown.intersects(other) for other in cards.values())
        found[name] = grown if free and not crowded else _tall(card, (0.3 + 0.7 * share) * card.height())
    return found


def _tall(card: QRectF, height: float) -> QRectF:
    return QRectF(card.left(), card.center().y() - height / 2, card.width(), height)


def _extent(places: list[float], room: float, whole: float, smallest: float, largest: float) -> float:
    """How wide, or tall, a card may be so that the closest neighbours do not touch."""
    apart = [after - before for before, after in itertools.pairwise(places) if after - before > whole / 4]
    if not apart:
        return largest
    scale = min(0.5, room / (places[-1] - places[0] + min(apart) * _SHARE))
    return max(smallest, min(largest, min(apart) * scale * _SHARE))


def _family(project: Project, node: Node) -> str:
    kind = project.kind_of(node)
    return kind.family if kind else "unknown"


def _wire(project: Project, edge: Edge, cards: Mapping[str, QRectF], turned: bool) -> QPainterPath:
    """Downwards, or from side to side between cards beside each other and where the network lies."""
    source, target = cards[edge.source], cards[edge.target]
    kind = project.kind_of(project.graph.nodes[edge.source])
    begin_share = _share(edge.output, [port.name for port in kind.outputs] if kind else [])
    end_share = _share(edge.input, sorted(project.graph.incoming[edge.target]))
    beside = target.left() >= source.right() and target.top() < source.bottom()
    if turned and _blocked(edge, cards):
        return _round(source, target, _between(edge, cards))
    if turned or beside:
        begin = QPointF(source.right(), source.top() + begin_share * source.height())
        end = QPointF(target.left(), target.top() + end_share * target.height())
        reach = QPointF((end.x() - begin.x()) / 2, 0)
    else:
        down = target.center().y() >= source.center().y()
        begin = QPointF(
            source.left() + begin_share * source.width(), source.bottom() if down else source.top()
        )
        end = QPointF(target.left() + end_share * target.width(), target.top() if down else target.bottom())
        reach = QPointF(0, (end.y() - begin.y()) / 2)
    path = QPainterPath(begin)
    path.cubicTo(begin + reach, end - reach, end)
    return path


def _blocked(edge: Edge, cards: Mapping[str, QRectF]) -> bool:
    """Whether other cards lie straight ahead; in a picture too small for them, neighbours may overlap."""
    begin, end = cards[edge.source], cards[edge.target]
    way = QRectF(begin.topRight(), QPointF(end.left(), begin.bottom()))
    return any(
        way.intersects(card) and begin.right() < card.center().x() < end.left()
        for name, card in cards.items()
        if name not in (edge.source, edge.target)
    )


def _between(edge: Edge, cards: Mapping[str, QRectF]) -> float:
    """How far down the cards reach that stand between two on the same height."""
    begin, end = cards[edge.source], cards[edge.target]
    level = [
        card.bottom()
        for name, card in cards.items()
        if begin.right() < card.center().x() < end.left() and card.top() < begin.bottom()
    ]
    return max(level, default=begin.bottom())


def _round(source: QRectF, target: QRectF, lowest: float) -> QPainterPath:
    """From the lower or upper side of a card past those that lie between, the lowest of which reaches so far down."""
    end = QPointF(target.left(), target.center().y())
    if source.top() < end.y() < source.bottom():
        path = QPainterPath(QPointF(source.center().x(), source.bottom()))
        end = QPointF(target.center().x(), target.bottom())
        below = QPointF(0, 0.3 * source.height())
        path.cubicTo(path.currentPosition() + below, end + below, end)
        return path
    begin = QPointF(source.center().x(), source.bottom() if end.y() > source.bottom() else source.top())
    path = QPainterPath(begin)
    if end.y() >= source.bottom() and lowest + _CLEAR > min(begin.y(), end.y()):
        # A curve's middle comes three quarters of the way to its two handles.
        deep = max(end.y(), (lowest + _CLEAR - (begin.y() + end.y()) / 8) / 0.75)
        path.cubicTo(QPointF(begin.x(), deep), QPointF((begin.x() + 2 * end.x()) / 3, deep), end)
        return path
    path.cubicTo(QPointF(begin.x(), end.y()), QPointF((begin.x() + end.x()) / 2, end.y()), end)
    return path


def _share(name: str, names: list[str]) -> float:
    """Where along its side a port is."""
    return (names.index(name) + 1) / (len(names) + 1) if name in names else 0.5


def _paint_card(painter: QPainter, card: QRectF, family: str, theme: Theme, turned: bool) -> None:
    color = QColor(theme.family(family))
    corner = min(3.0, card.height() / 3, card.width() / 3)
    outline = QPainterPath()
    outline.addRoundedRect(card, corner, corner)
    painter.fillPath(outline, QColor(mixed(theme.family(family), theme.surface, 0.14)))
    painter.save()
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    stripe = QSizeF(max(2.0, 0.09 * max(card.width(), card.height())), card.height())
    if turned:
        stripe = QSizeF(card.width(), stripe.width())
    painter.fillRect(QRectF(card.topLeft(), stripe), color)
    painter.restore()
    painter.setPen(QPen(QColor(mixed(theme.family(family), theme.surface, 0.6)), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
