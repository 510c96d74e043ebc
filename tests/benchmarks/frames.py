"""How long a frame of the canvas takes, from the event to the painted pixels, beside a bare view of plain shapes.

Each kind of movement is told by its name: panning, zooming, dragging one node and a hundred, and the rubber band, at
several scales. A frame is what the program itself paints after an event; `-v` lists what a frame takes in which
everything in sight is painted anew. A machine that is busy with other things makes every time longer, so each is told
twice: as it passed, and as time of the processor that the window's thread used; and the same is measured of a bare
view with as many rectangles and lines, in the same run.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView

from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.gestures import RubberBand
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document

_ACROSS, _DOWN, _ROW = 256, 112, 40
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
SCALES = (1.0, 0.8, 0.6, 0.45, 0.32, 0.2)
FRAMES = 30
KINDS = ("pan", "zoom", "drag one", "drag hundred", "rubber band")


class PlanOf:
    """A plan as the canvas sees it: a shape for every output."""

    problems = ()
    parameters = 0

    def __init__(self, project: Project) -> None:
        shape = TensorType((2, 32, 28, 28))
        self.types = {(name, "output"): shape for name in project.graph.nodes}
        self.parameters_of: dict[str, int] = {}


def generated(nodes: int) -> Project:
    """Convolutions and their activations in a chain laid out in rows, with a branch at every fifth."""
    made = []
    for index in range(nodes):
        position = (float(index % _ROW * _ACROSS), float(index // _ROW * _DOWN))
        if index % 10 == 9:
            made.append(Node(f"add{index}", "Add", {}, position))
        elif index % 2:
            made.append(Node(f"relu{index}", "ReLU", {}, position))
        else:
            params = {"out_channels": 32, "kernel_size": 3, "padding": 1}
            made.append(Node(f"conv{index}", "Conv2d", params, position))
    edges = []
    for index in range(1, nodes):
        join = made[index].kind == "Add"
        edges.append(Edge(made[index - 1].name, "output", made[index].name, "input1" if join else "input"))
        if join:
            edges.append(Edge(made[index - 4].name, "output", made[index].name, "input2"))
    return replace(Project(), graph=Graph.of(made, edges))


@dataclass
class Times:
    """The frames of one movement in ms: as they passed, and on the processor."""

    passed: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)

    @contextmanager
    def frame(self, view: QGraphicsView, whole: bool) -> Iterator[None]:
        """One frame; all of the view is painted where it is to be `whole`."""
        passed, used = perf_counter(), thread_time()
        yield
        if whole:
            view.viewport().update()
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        self.used.append((thread_time() - used) * 1000)
        self.passed.append((perf_counter() - passed) * 1000)


def mouse(
    view: QGraphicsView, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton
) -> None:
    """Sends what a mouse does here."""
    where = view.viewport().mapToGlobal(at)
    event = QMouseEvent(kind, at, where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), event)


def _dragged(
    canvas: Canvas, button: Qt.MouseButton, start: QPointF, whole: bool, step: QPointF | None = None
) -> Times:
    times, step = Times(), step or QPointF(8, 5)
    mouse(canvas, QEvent.Type.MouseButtonPress, start, button, button)
    at = start
    for _ in range(FRAMES):
        at = at + step
        with times.frame(canvas, whole):
            mouse(canvas, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, button)
    mouse(canvas, QEvent.Type.MouseButtonRelease, at, button, Qt.MouseButton.NoButton)
    return times


def zoomed(view: QGraphicsView, frames: int, whole: bool) -> Times:
    """Turns the wheel, half of the frames back and the other half forth."""
    times = Times()
    at = QPointF(view.viewport().rect().center())
    for step in range(frames):
        event = QWheelEvent(
            at,
            view.viewport().mapToGlobal(at),
            QPoint(),
            QPoint(0, -60 if step < frames / 2 else 60),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        with times.frame(view, whole):
            QApplication.sendEvent(view.viewport(), event)
    return times


def _grab(canvas: Canvas) -> QPointF:
    """A place on the card nearest the middle of the window."""
    middle = canvas.in_scene(QPointF(canvas.viewport().rect().center()))
    cards = [item.card for item in canvas.stage.node_items.values()]
    card = min(cards, key=lambda one: (one.center() - middle).manhattanLength())
    return canvas.viewportTransform().map(card.center())


def shown(project: Project) -> tuple[Document, Canvas]:
    """A window of 1,280 by 800 that shows this, once all of its wires are led."""
    application = QApplication.instance() or QApplication([])
    document = Document()
    canvas = Canvas(document)
    canvas.resize(1280, 800)
    canvas.show()
    application.processEvents()
    document.load(project, None)
    canvas.set_plan(PlanOf(project))
    canvas.stage.detours.settle()
    return document, canvas


def frames_of(nodes: int, whole: bool = False) -> dict[str, Times]:
    """The times of all frames, by what was done and at which scale."""
    project = generated(nodes)
    document, canvas = shown(project)
    detours, canvas.stage.detours.follow = canvas.stage.detours.follow, lambda: None  # its bits are no frames
    middle = canvas.stage.bounds().center()
    times: dict[str, Times] = {}

    def look(scale: float, names: list[str]) -> None:
        canvas.zoom_reset()
        canvas.camera.zoom_to(scale)
        canvas.centerOn(middle)
        canvas.select(names)
        canvas.viewport().repaint()

    names = list(project.graph.nodes)
    some = names[nodes // 2 : nodes // 2 + 100]
    for scale in SCALES:
        look(scale, [])
        times[f"pan {scale:.0%}"] = _dragged(canvas, _MIDDLE, QPointF(100, 100), whole)
        look(scale, [])
        times[f"drag one {scale:.0%}"] = _dragged(canvas, _LEFT, _grab(canvas), whole)
        document.stack.undo()
        look(scale, some)
        canvas.centerOn(canvas.stage.node_items[some[len(some) // 2]].card.center())
        times[f"drag hundred {scale:.0%}"] = _dragged(canvas, _LEFT, _grab(canvas), whole)
        document.stack.undo()
        look(scale, [])
        corner = QPointF(60, 60)
        canvas.begin(RubberBand(canvas, corner, adding=False))  # as if there were paper
        times[f"rubber band {scale:.0%}"] = _dragged(canvas, _LEFT, corner, whole, QPointF(36, 20))
        assert canvas.selected_names()
    look(1.0, [])
    times["zoom"] = zoomed(canvas, 80, whole)
    canvas.stage.detours.follow = detours
    canvas.close()
    canvas.deleteLater()
    return times


class _Bare(QGraphicsView):
    """A view of nothing but rectangles and lines, which zooms by the wheel."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._stage = QGraphicsScene(self)
        self.setScene(self._stage)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        for node in project.graph.nodes.values():
            self._stage.addRect(*node.position, 208, 56)
        places = {name: node.position for name, node in project.graph.nodes.items()}
        for edge in project.graph.edges:
            (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
            self._stage.addLine(x1 + 104, y1 + 56, x2 + 104, y2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = 1.0015 ** event.angleDelta().y()
        self.scale(factor, factor)


def reference(nodes: int) -> Times:
    """Zooming a bare view over as many rectangles and lines."""
    application = QApplication.instance() or QApplication([])
    view = _Bare(generated(nodes))
    view.resize(1280, 800)
    view.show()
    application.processEvents()
    view.centerOn(view.sceneRect().center())
    times = zoomed(view, 80, True)
    view.close()
    view.deleteLater()
    return times


def p95(times: list[float]) -> float:
    """The time that 95 of 100 frames stay below."""
    return sorted(times)[min(int(len(times) * 0.95), len(times) - 1)]


def measure(nodes: int) -> dict[str, float]:
    """The 95th percentiles in ms, by kind of movement over all scales, and the reference's."""
    found = frames_of(nodes)
    figures: dict[str, float] = {}
    for kind in KINDS:
        of_kind = [times for name, times in found.items() if name.startswith(kind)]
        key = f"{kind.replace(' ', '_')}_{nodes}"
        figures[key] = p95([one for times in of_kind for one in times.passed])
        figures[f"{key}_used"] = p95([one for times in of_kind for one in times.used])
    figures[f"frame_{nodes}"] = p95([one for times in found.values() for one in times.passed])
    figures[f"frame_{nodes}_used"] = p95([one for times in found.values() for one in times.used])
    bare = reference(nodes)
    figures[f"bare_{nodes}"], figures[f"bare_{nodes}_used"] = p95(bare.passed), p95(bare.used)
    return figures


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:] if word.isdigit()] or [100, 500, 2000, 10000]
    for count in counts:
        for name, value in measure(count).items():
            print(f"{name:26} {value:8.2f} ms")
        if "-v" in sys.argv:
            part, all_of_it = frames_of(count), frames_of(count, whole=True)
            for name in part:
                print(
                    f"    {name:20} used p95 {p95(part[name].used):6.2f}   "
                    f"all painted {p95(all_of_it[name].used):6.2f}"
                )
