"""How long a frame of the canvas takes, from the event to the painted pixels: panning, zooming and dragging."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document

_ACROSS, _DOWN, _ROW = 256, 112, 40
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class _Plan:
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


def _mouse(
    canvas: Canvas, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton
) -> None:
    where = canvas.viewport().mapToGlobal(at)
    event = QMouseEvent(kind, at, where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas.viewport(), event)


@contextmanager
def _frame(canvas: Canvas, times: list[float]) -> Iterator[None]:
    start = perf_counter()
    yield
    canvas.viewport().update()  # all of it, where the program itself would paint only what changed
    QApplication.processEvents()
    times.append((perf_counter() - start) * 1000)


def _dragged(canvas: Canvas, button: Qt.MouseButton, start: QPointF, frames: int) -> list[float]:
    times: list[float] = []
    _mouse(canvas, QEvent.Type.MouseButtonPress, start, button, button)
    for step in range(1, frames + 1):
        at = start + QPointF(8 * step, 5 * step)
        with _frame(canvas, times):
            _mouse(canvas, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, button)
    _mouse(canvas, QEvent.Type.MouseButtonRelease, at, button, Qt.MouseButton.NoButton)
    return times


def _zoomed(canvas: Canvas, frames: int) -> list[float]:
    times: list[float] = []
    at = QPointF(canvas.viewport().rect().center())
    for step in range(frames):
        event = QWheelEvent(
            at,
            canvas.viewport().mapToGlobal(at),
            QPoint(),
            QPoint(0, -60 if step < frames / 2 else 60),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        with _frame(canvas, times):
            QApplication.sendEvent(canvas.viewport(), event)
    return times


def _grab(canvas: Canvas) -> QPointF:
    """A place on the card nearest the middle of the window."""
    middle = canvas.in_scene(QPointF(canvas.viewport().rect().center()))
    cards = [item.card for item in canvas.stage.node_items.values()]
    card = min(cards, key=lambda one: (one.center() - middle).manhattanLength())
    return canvas.viewportTransform().map(card.center())


def frames_of(nodes: int) -> dict[str, list[float]]:
    """The times of all frames in ms, by what was done."""
    application = QApplication.instance() or QApplication([])
    document = Document()
    canvas = Canvas(document)
    canvas.resize(1280, 800)
    canvas.show()
    application.processEvents()
    project = generated(nodes)
    start = perf_counter()
    document.load(project, None)
    opened = (perf_counter() - start) * 1000
    canvas.set_plan(_Plan(project))
    times = {"open": [opened]}
    middle = canvas.stage.bounds().center()
    chosen: tuple[str, ...] = ()
    for scale in (1.0, 0.5, 0.2):
        canvas.zoom_reset()
        canvas.camera.zoom_to(scale)
        canvas.centerOn(middle)
        canvas.viewport().repaint()
        times[f"pan at {scale:.0%}"] = _dragged(canvas, _MIDDLE, QPointF(100, 100), 40)
        canvas.centerOn(middle)
        canvas.select([])
        times[f"drag one at {scale:.0%}"] = _dragged(canvas, _LEFT, _grab(canvas), 40)
        document.stack.undo()
        canvas.select(list(project.graph.nodes)[:50])
        chosen = canvas.selected_names()
        canvas.centerOn(canvas.stage.node_items[chosen[0]].card.center())
        times[f"drag {len(chosen)} at {scale:.0%}"] = _dragged(canvas, _LEFT, _grab(canvas), 40)
        document.stack.undo()
        canvas.centerOn(middle)
        canvas.select_all()
        times[f"drag all at {scale:.0%}"] = _dragged(canvas, _LEFT, _grab(canvas), 40)
        document.stack.undo()
    canvas.select([])
    canvas.zoom_reset()
    canvas.centerOn(middle)
    times["zoom"] = _zoomed(canvas, 80)
    canvas.close()
    canvas.deleteLater()
    return times


def p95(times: list[float]) -> float:
    """The time that 95 of 100 frames stay below."""
    return sorted(times)[min(int(len(times) * 0.95), len(times) - 1)]


def measure(nodes: int) -> float:
    """The 95th percentile of a frame in ms, over panning, zooming and dragging."""
    times = frames_of(nodes)
    return p95([one for name, found in times.items() if name != "open" for one in found])


if __name__ == "__main__":
    for count in (100, 500, 2000):
        found = frames_of(count)
        everything = [one for name, times in found.items() if name != "open" for one in times]
        print(f"{count} nodes: p95 {p95(everything):.1f} ms, open {found['open'][0]:.0f} ms")
        if "-v" in sys.argv:
            for name, times in found.items():
                print(f"    {name:18} p50 {sorted(times)[len(times) // 2]:6.2f}   p95 {p95(times):6.2f}")
