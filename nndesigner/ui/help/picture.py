"""The picture of a kind at work, with the params it really has: painted here, computed by torch where numbers are shown."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Value
from nndesigner.project import Project
from nndesigner.ui.help import diagrams, normal, plotting, sliding, tensors
from nndesigner.ui.help.figures import Curve, Drawn, Grids, Path
from nndesigner.ui.help.ink import Ink
from nndesigner.ui.theme import Theme, look
from nndesigner.ui.thumbnail import paint_network

HEIGHT = 208
_ATTENTION = ("MultiheadAttention", "scaled_dot_product_attention")
_DIAGRAMS = {
    "recurrent": diagrams.paint_unrolled,
    "normalization": normal.paint,
    "attention": diagrams.paint_transformer,
}


def told(kind: Kind) -> bool:
    """Whether its picture is built of its params alone, and nothing needs to be computed."""
    if kind.family in _DIAGRAMS or kind.code is not None or not kind.target:
        return True
    return slides(kind) or kind.name in ("Linear", "Bilinear", "Embedding", "EmbeddingBag")


def slides(kind: Kind) -> bool:
    """Whether a window slides over a map in its picture."""
    windows = kind.family == "pooling" and not kind.name.startswith(("Fractional", "MaxUnpool"))
    return kind.family == "convolution" or windows or kind.name == "Unfold"


def paint(
    painter: QPainter,
    area: QRectF,
    kind: Kind,
    params: Mapping[str, Value],
    theme: Theme,
    drawn: Drawn | None = None,
    inside: Project | None = None,
    at: QPointF | None = None,
) -> None:
    """Paints the picture of a kind; of a block, what is `inside`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    family = {"optimizer": "linear", "scheduler": "linear"}.get(kind.family, kind.family)
    ink = Ink(painter, theme, family)
    match drawn:
        case Curve():
            plotting.paint_curve(ink, area, drawn)
        case Path():
            plotting.paint_path(ink, area, drawn)
        case Grids():
            tensors.paint(ink, area, drawn)
        case None:
            _paint_told(ink, area, kind, params, inside, at)
    painter.restore()


def _paint_told(
    ink: Ink,
    area: QRectF,
    kind: Kind,
    params: Mapping[str, Value],
    inside: Project | None,
    at: QPointF | None,
) -> None:
    if inside is not None and inside.graph.nodes:
        paint_network(ink.painter, area, inside, ink.theme)
    elif slides(kind):
        sliding.paint(ink, area, kind, params, at)
    elif kind.name in ("Linear", "Bilinear"):
        diagrams.paint_dense(ink, area, kind, params)
    elif kind.name in _ATTENTION:
        diagrams.paint_attention(ink, area, kind, params)
    elif kind.name in ("Embedding", "EmbeddingBag"):
        diagrams.paint_table(ink, area, kind, params)
    else:
        _DIAGRAMS.get(kind.family, diagrams.paint_card)(ink, area, kind, params)


class KindPicture(QWidget):
    """The picture on a help page; where a window slides, it goes where the pointer is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kindPicture")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._kind: Kind | None = None
        self._params: Mapping[str, Value] = {}
        self.drawn: Drawn | None = None
        self._inside: Project | None = None
        self._at: QPointF | None = None
        look.changed.connect(self.update)

    def show_kind(self, kind: Kind, params: Mapping[str, Value], inside: Project | None = None) -> None:
        """Shows a kind with these params; what is computed comes later."""
        self._kind, self._params, self._inside = kind, params, inside
        self.drawn = self._at = None
        self.setAccessibleName(self.tr("Picture: {}").format(kind.sentence))
        self.setToolTip(self.tr("Point at a place to see what it is made of") if slides(kind) else "")
        self.update()

    def show_drawn(self, drawn: Drawn | None) -> None:
        """Shows what was computed for it."""
        self.drawn = drawn
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._kind is not None and slides(self._kind):
            self._at = event.position()
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._at = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(self.rect(), 6, 6)
        if self._kind is not None:
            paint(
                painter,
                QRectF(self.rect()),
                self._kind,
                self._params,
                theme,
                self.drawn,
                self._inside,
                self._at,
            )
        painter.end()
