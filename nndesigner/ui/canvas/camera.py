"""Where the canvas looks: scale and place, and the short glide to another place."""

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QPainter, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QStyle

from nndesigner.ui.canvas.metrics import LARGEST_SCALE, SMALLEST_SCALE

STEP = 1.25
GLIDE = 150
FIT_MARGIN = 24
_WORLD = QRectF(-100_000, -100_000, 200_000, 200_000)


class Camera(QObject):
    """Scale and place of a view.

    **Signals:** `zoomed` with the new scale; `leaving` before it turns to somewhere else, rather than bit by bit.
    """

    zoomed = Signal(float)
    leaving = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self._view = view
        self._motion = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._moved)
        self._from = self._to = (1.0, QPointF())

    @property
    def scale(self) -> float:
        """Pixels of the screen for one unit of the scene."""
        return self._view.transform().m11()

    def zoom(self, factor: float, at: QPointF) -> None:
        """Zooms so that what is at this place of the viewport stays there."""
        self.stop()
        scale = min(max(self.scale * factor, SMALLEST_SCALE), LARGEST_SCALE)
        if abs(scale - 1) < 0.02:
            scale = 1.0
        if scale == self.scale:
            return
        inverse, _ = self._view.viewportTransform().inverted()
        kept = inverse.map(at)
        mode = self._view.viewportUpdateMode()
        # All is painted anew: what was painted need not be moved along before.
        self._view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self._view.setTransform(QTransform.fromScale(scale, scale))
        self.zoomed.emit(scale)
        now = self._view.viewportTransform().map(kept)
        self.scroll(now.x() - at.x(), now.y() - at.y())
        self._view.setViewportUpdateMode(mode)

    def zoom_to(self, scale: float) -> None:
        """Zooms to this scale round the middle."""
        self.zoom(scale / self.scale, QPointF(self._view.viewport().rect().center()))

    def scroll(self, dx: float, dy: float) -> None:
        """Looks further to the right and down by so many pixels."""
        self.stop()
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() + round(dx))
        down.setValue(down.value() + round(dy))

    def turn(self, event: QWheelEvent) -> None:
        """Does what a wheel or two fingers ask for."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ShiftModifier and not pixels.isNull():
            self.scroll(-pixels.y() or -pixels.x(), 0)
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self.scroll(-(angle.y() or angle.x()), 0)
        elif pixels.isNull() or keys & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.0015 ** (angle.y() or angle.x()), event.position())
        else:
            self.scroll(-pixels.x(), -pixels.y())

    @property
    def bound_for(self) -> tuple[float, QPointF]:
        """The scale and the place in the middle, as they are or will be once it has arrived."""
        if not self.still:
            return self._to
        inverse, _ = self._view.viewportTransform().inverted()
        return self.scale, inverse.map(QRectF(self._view.viewport().rect()).center())

    def fit(self, area: QRectF) -> None:
        """Shows all of this area, at natural size at most."""
        self.leaving.emit()
        self.stop()
        room = self._view.viewport().size()
        width, height = max(room.width() - 2 * FIT_MARGIN, 1), max(room.height() - 2 * FIT_MARGIN, 1)
        scale = min(1.0, width / max(area.width(), 1), height / max(area.height(), 1))
        scale = max(scale, SMALLEST_SCALE)
        self._view.setTransform(QTransform.fromScale(scale, scale))
        self.zoomed.emit(scale)
        self._view.centerOn(area.center())

    def glide_to(self, place: QPointF, *, follows: bool = False) -> None:
        """Brings this place of the scene to the middle, at once where no motion is wanted.

        Where it only `follows` what is being done, nothing is left for good.
        """
        if not follows:
            self.leaving.emit()
        self.stop()
        self._go((self.scale, self.bound_for[1]), (self.scale, place))

    def arrive(self, scale: float, middle: QPointF, share: float) -> None:
        """Shows this place at this scale, growing to it from `share` of it where motion is wanted."""
        self.leaving.emit()
        self.stop()
        self._go((scale * share, middle), (scale, middle))
        self.zoomed.emit(scale)

    def travel(self, scale: float, middle: QPointF) -> None:
        """Goes from here to this place at this scale."""
        self.leaving.emit()
        self.stop()
        self._go(self.bound_for, (scale, middle))
        self.zoomed.emit(scale)

    @property
    def still(self) -> bool:
        """Whether nothing moves by itself."""
        return self._motion.state() == QVariantAnimation.State.Stopped

    def stop(self) -> None:
        """Ends a glide where it is; a change of scale is brought to its end."""
        if not self.still:
            self._motion.stop()
            if self._from[0] != self._to[0]:
                self._moved(1.0)

    def duration(self) -> int:
        """How long a motion lasts in milliseconds; 0 where none is wanted."""
        style = self._view.style()
        hint = style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self._view)
        return min(hint, GLIDE) if hint > 0 and self._view.isVisible() else 0

    def _go(self, start: tuple[float, QPointF], end: tuple[float, QPointF]) -> None:
        self._from, self._to = start, end
        duration = self.duration()
        self._moved(0.0 if duration else 1.0)
        if duration:
            self._motion.setDuration(duration)
            self._motion.start()

    def _moved(self, share: float) -> None:
        """Shows what is seen when so much of the way is done."""
        (first, here), (last, there) = self._from, self._to
        scale = first * (last / first) ** share if share < 1 else last
        if scale != self.scale:
            self._view.setTransform(QTransform.fromScale(scale, scale))
        self._view.centerOn(here + (there - here) * share)


def bare(view: QGraphicsView) -> None:
    """Makes of a view a sheet without frame and scroll bars, that only its camera moves."""
    view.setSceneRect(_WORLD)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    view.setMinimumSize(160, 120)
