"""Going into blocks and out of them: the canvas remembers how each graph was looked at, and shows the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Slot

from nndesigner.blocks import inside, outside, through
from nndesigner.graph import GraphError
from nndesigner.ui.canvas.crumbs import Crumbs

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_NEARER = 0.88  # where the little movement begins that tells in from out


class Passage(QObject):
    """The ways in and out of the graphs of one document, as the canvas shows them."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._document = canvas, canvas.document
        self._place = canvas.document.place
        self._views: dict[str, tuple[float, QPointF]] = {}
        self.crumbs = Crumbs(canvas)
        self.crumbs.move(8, 8)
        self.crumbs.chosen.connect(self.go_to_step)
        canvas.entered.connect(self.enter)
        # After the canvas's own: the scene shows the other graph already, the camera still has the old view.
        self._document.changed.connect(self._follow)

    def enter(self, name: str) -> None:
        """Goes into a block's node."""
        try:
            self._document.go(inside(self._document.project, self._document.place, name))
        except GraphError as error:
            self._canvas.hint.emit(str(error))

    def enter_selected(self) -> None:
        """Goes into the block that is selected."""
        names = self._canvas.selected_names()
        if len(names) == 1:
            self.enter(names[0])
        else:
            self._canvas.hint.emit(self.tr("Select one block to go into it"))

    def leave(self) -> None:
        """Goes one step out, to the block's node it came through."""
        place = self._document.place
        if not place.path:
            return
        came = place.trail[-1:]
        self._document.go(outside(self._document.project, place))
        self._canvas.select(came)

    @Slot(int)
    def go_to_step(self, step: int) -> None:
        """Goes so many steps in from the main network on the way that was taken."""
        place = self._document.place
        came = place.trail[step : step + 1]
        self._document.go(outside(self._document.project, place, max(1, len(place.trail) - step)))
        self._canvas.select(came)

    def _follow(self) -> None:
        place, project = self._document.place, self._document.project
        names = through(project, place.trail) if place.trail else (place.path,) if place.path else ()
        remark = ""
        if place.path and not place.trail:
            remark = self.tr("not used yet, so its shapes are not known")
        self.crumbs.show_way(names, place.trail, remark)
        before, self._place = self._place, place
        if before.path == place.path:
            return
        camera, viewport = self._canvas.camera, self._canvas.viewport()
        middle = self._canvas.in_scene(QPointF(viewport.rect().center()))
        self._views[before.path] = (camera.scale, middle)
        deeper = len(names) > len(before.trail)
        if deeper or place.path not in self._views:
            self._canvas.fit()
            scale, middle = camera.scale, self._canvas.in_scene(QPointF(viewport.rect().center()))
        else:
            scale, middle = self._views[place.path]
        camera.arrive(scale, middle, _NEARER if deeper else 1 / _NEARER)
        self._canvas.refresh_overview()
