"""What one sees of a project at a time: which graph, how near, and what is in the middle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtWidgets import QWidget

from nndesigner.blocks import MAIN, Place, settled, through

if TYPE_CHECKING:
    from nndesigner.project import Project
    from nndesigner.ui.canvas.view import Canvas

_NEARER = 0.88  # where the little movement begins that tells in from out
_SAME = 2.0  # pixels that are no difference
_CLEAR = 16  # pixels round what lies over the canvas


@dataclass(frozen=True, slots=True)
class Sight:
    """A graph as it is looked at: `scale` in pixels for a unit of the scene, `middle` in those units."""

    place: Place = MAIN
    scale: float = 1.0
    middle: tuple[float, float] = (0.0, 0.0)

    def resembles(self, other: Sight) -> bool:
        """Whether nobody would see a difference."""
        away = max(abs(one - two) for one, two in zip(self.middle, other.middle, strict=True))
        near = abs(self.scale / other.scale - 1) < 0.01
        return self.place == other.place and near and away * self.scale <= _SAME

    def within(self, project: Project) -> Sight | None:
        """The same where its graph is called something else by now; None where that is gone."""
        place = settled(project, self.place)
        there = place.path == self.place.path or (place.path and len(place.trail) == len(self.place.trail))
        return replace(self, place=place) if there else None


def sight_of(canvas: Canvas, place: Place) -> Sight:
    """What is seen, or will be once the camera has arrived, of the graph at a place."""
    scale, middle = canvas.camera.bound_for
    return Sight(place, scale, (middle.x(), middle.y()))


def show(canvas: Canvas, sight: Sight) -> None:
    """Shows it, going into another graph where need be."""
    document, middle = canvas.document, QPointF(*sight.middle)
    before = document.place
    document.go(sight.place)
    if document.place.path == before.path:
        canvas.camera.travel(sight.scale, middle)
    else:
        deeper = len(document.place.trail) > len(before.trail)
        canvas.camera.arrive(sight.scale, middle, _NEARER if deeper else 1 / _NEARER)
    canvas.refresh_overview()


def where(project: Project, place: Place) -> str:
    """The way to a graph in words."""
    names = through(project, place.trail) if place.trail else (place.path,) if place.path else ()
    return " › ".join((QCoreApplication.translate("Finding", "Main"), *names))


def seen_of(canvas: Canvas) -> QRectF:
    """The area of the scene that is in sight, or will be once the camera has arrived."""
    scale, middle = canvas.camera.bound_for
    room = canvas.viewport().size()
    width, height = room.width() / scale, room.height() / scale
    return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)


def bring_in_sight(canvas: Canvas, area: QRectF, *, follows: bool) -> None:
    """Glides to an area that is not in sight; from under what lies over the canvas, only as far as need be."""
    seen, scale = seen_of(canvas), canvas.camera.bound_for[0]
    if not seen.contains(area):
        canvas.camera.glide_to(area.center(), follows=follows)
        return
    shown = QRectF((area.topLeft() - seen.topLeft()) * scale, area.size() * scale)
    for over in (*canvas.children(), *canvas.viewport().children()):
        if not isinstance(over, QWidget) or over is canvas.viewport() or not over.isVisible():
            continue
        cover = QRectF(over.geometry()).adjusted(-_CLEAR, -_CLEAR, _CLEAR, _CLEAR)
        if cover.intersects(shown):
            above = cover.center().y() < canvas.height() / 2
            down = shown.top() - cover.bottom() if above else shown.bottom() - cover.top()
            canvas.camera.glide_to(seen.center() + QPointF(0, down / scale), follows=follows)
            return
