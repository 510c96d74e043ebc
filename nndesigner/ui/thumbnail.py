"""A small picture of a network: its nodes where they stand on the canvas, its wires as curves."""

import itertools
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from nndesigner.graph import Edge, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.metrics import CARD_HEIGHT, CARD_WIDTH
from nndesigner.ui.theme import Theme, mixed

_MARGIN = 12.0
_SHARE = 0.72  # of the way to the next node, for a node
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


def paint_network(painter: QPainter, area: QRectF, project: Project, theme: Theme) -> None:
    """Paints the main graph of `project` within `area`."""
    graph = project.graph
    if not graph.nodes:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cards = cards_of(graph.nodes, area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(mixed(theme.secondary, theme.surface, 0.55)), 1.2))
    for edge in graph.edges:
        painter.drawPath(_wire(project, edge, cards))
    for name, card in cards.items():
        _paint_card(painter, card, _family(project, graph.nodes[name]), theme)
    painter.restore()


def cards_of(nodes: Mapping[str, Node], area: QRectF) -> dict[str, QRectF]:
    """Where each card lies in the picture. Gaps are smaller than on the canvas, so that cards can be seen."""
    across = sorted({node.position[0] for node in nodes.values()})
    down = sorted({node.position[1] for node in nodes.values()})
    card = QSizeF(
        _extent(across, area.width(), CARD_WIDTH, _SMALLEST.width(), _LARGEST.width()),
        _extent(down, area.height(), CARD_HEIGHT, _SMALLEST.height(), _LARGEST.height()),
    )
    card.setHeight(min(card.height(), max(_SMALLEST.height(), 0.7 * card.width())))
    wide, tall = across[-1] - across[0], down[-1] - down[0]
    over = (area.width() - card.width()) / wide if wide else 0.0
    # A flat network stays flat: heights are never drawn out more than widths.
    under = min((area.height() - card.height()) / tall, over or 0.4) if tall else 0.0
    over = min(over, 0.5)
    left = area.center().x() - (wide * over + card.width()) / 2
    top = area.center().y() - (tall * under + card.height()) / 2
    return {
        name: QRectF(
            QPointF(left + (node.position[0] - across[0]) * over, top + (node.position[1] - down[0]) * under),
            card,
        )
        for name, node in nodes.items()
    }


def _extent(places: list[float], room: float, whole: float, smallest: float, largest: float) -> float:
    """How wide, or tall, a card may be so that the closest neighbours do not touch."""
    apart = [after - before for before, after in itertools.pairwise(places) if after - before > whole / 4]
    if not apart:
        return largest
    scale = min(0.5, (room - smallest) / (places[-1] - places[0]))
    return max(smallest, min(largest, min(apart) * scale * _SHARE))


def _family(project: Project, node: Node) -> str:
    kind = project.kind_of(node)
    return kind.family if kind else "unknown"


def _wire(project: Project, edge: Edge, cards: Mapping[str, QRectF]) -> QPainterPath:
    """Downwards, or from side to side between cards beside each other."""
    source, target = cards[edge.source], cards[edge.target]
    kind = project.kind_of(project.graph.nodes[edge.source])
    begin_share = _share(edge.output, [port.name for port in kind.outputs] if kind else [])
    end_share = _share(edge.input, sorted(project.graph.incoming[edge.target]))
    if target.left() >= source.right() and target.top() < source.bottom():
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


def _share(name: str, names: list[str]) -> float:
    """Where along its side a port is."""
    return (names.index(name) + 1) / (len(names) + 1) if name in names else 0.5


def _paint_card(painter: QPainter, card: QRectF, family: str, theme: Theme) -> None:
    color = QColor(theme.family(family))
    corner = min(3.0, card.height() / 3)
    outline = QPainterPath()
    outline.addRoundedRect(card, corner, corner)
    painter.fillPath(outline, QColor(mixed(theme.family(family), theme.surface, 0.14)))
    painter.save()
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    painter.fillRect(QRectF(card.topLeft(), QSizeF(max(2.0, card.width() * 0.09), card.height())), color)
    painter.restore()
    painter.setPen(QPen(QColor(mixed(theme.family(family), theme.surface, 0.6)), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
