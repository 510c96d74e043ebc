"""NodeGraphQt beside the canvas: the same network, the same movements, in one process, one after the other.

It comes with the extra `compare`. Its figures are those of its own ways: a saved session is loaded, its viewer gets the
mouse. Where it isn't installed, nothing is measured.
"""

import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from time import thread_time
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_PREFERRED_BINDING", "PySide6")

import opening
from frames import FRAMES, KINDS, SCALES, Times, frames_of, generated, mouse, p95, zoomed
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication

from nndesigner.project import Project

_NONE, _LEFT, _MIDDLE = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


def is_there() -> bool:
    """Whether it is installed, with what it needs."""
    return all(find_spec(name) is not None for name in ("NodeGraphQt", "Qt", "distutils"))


def _empty() -> Any:
    """Its graph, as large as our window, with a kind of node that has two inputs."""
    from NodeGraphQt import BaseNode, NodeGraph

    class Layer(BaseNode):
        """A card with its name, two inputs and an output."""

        __identifier__ = "benchmark"
        NODE_NAME = "Layer"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("input1", multi_input=False)
            self.add_input("input2", multi_input=False)
            self.add_output("output")

    graph = NodeGraph()
    graph.register_node(Layer)
    graph.widget.resize(1280, 800)
    graph.widget.show()
    QApplication.processEvents()
    return graph


def _draw(graph: Any, project: Project) -> None:
    made = {
        name: graph.create_node(
            "benchmark.Layer", name=name, pos=node.position, selected=False, push_undo=False
        )
        for name, node in project.graph.nodes.items()
    }
    for edge in project.graph.edges:
        into = made[edge.target].input(1 if edge.input == "input2" else 0)
        made[edge.source].output(0).connect_to(into, push_undo=False)
    graph.clear_undo_stack()


def _opened(nodes: int) -> tuple[Any, float, float]:
    """A graph with the network in it, the time in ms on the processor that loading it took, and the kB a node that drawing
    it took first.
    """
    graph, project = _empty(), generated(nodes)
    before = opening.resident()
    _draw(graph, project)
    graph.viewer().viewport().repaint()
    grown = opening.resident() - before
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "large.json")
        graph.save_session(path)
        used = thread_time()
        graph.load_session(path)
        graph.viewer().viewport().repaint()
        opened = (thread_time() - used) * 1000
    return graph, opened, grown / nodes / 1000


def _dragged(viewer: Any, button: Qt.MouseButton, start: QPointF, step: QPointF) -> Times:
    times, at = Times(), start
    mouse(viewer, QEvent.Type.MouseButtonPress, start, button, button)
    for _ in range(FRAMES):
        at = at + step
        with times.frame(viewer, False):
            mouse(viewer, QEvent.Type.MouseMove, at, _NONE, button)
    mouse(viewer, QEvent.Type.MouseButtonRelease, at, button, _NONE)
    return times


def _frames(graph: Any, nodes: int) -> dict[str, Times]:
    """The times of all frames, by what was done and at which scale, as `frames.frames_of` has them of ours."""
    viewer = graph.viewer()
    made = graph.all_nodes()
    middle = made[nodes // 2 + nodes // 50 % 20]
    times: dict[str, Times] = {}

    def look(scale: float, chosen: list[Any]) -> None:
        graph.clear_selection()
        for node in chosen:
            node.set_selected(True)
        width, height = viewer.width() / scale, viewer.height() / scale
        center = middle.view.sceneBoundingRect().center()
        viewer._scene_range = QRectF(center.x() - width / 2, center.y() - height / 2, width, height)
        viewer.force_update()
        viewer.viewport().repaint()

    def paper() -> QPointF:
        return next(
            QPointF(x, y)
            for y in range(20, 300, 8)
            for x in range(20, 300, 8)
            if not viewer._items_near(viewer.mapToScene(QPoint(x, y)), None, 20, 20)
        )

    def grip() -> QPointF:
        return QPointF(viewer.mapFromScene(middle.view.sceneBoundingRect().center()))

    some = made[nodes // 2 : nodes // 2 + 100]
    for scale in SCALES:
        look(scale, [])
        times[f"pan {scale:.0%}"] = _dragged(viewer, _MIDDLE, paper(), QPointF(8, 5))
        look(scale, [])
        times[f"drag one {scale:.0%}"] = _dragged(viewer, _LEFT, grip(), QPointF(8, 5))
        look(scale, some)
        times[f"drag hundred {scale:.0%}"] = _dragged(viewer, _LEFT, grip(), QPointF(8, 5))
        look(scale, [])
        times[f"rubber band {scale:.0%}"] = _dragged(viewer, _LEFT, paper(), QPointF(36, 20))
    look(1.0, [])
    times["zoom"] = zoomed(viewer, 80, False)
    return times


def measure(nodes: int) -> dict[str, float]:
    """What its frames take at the 95th percentile on the processor, and how many times as long as ours, measured in turn;
    what opening takes, and memory for a node.
    """
    if not is_there():
        return {}
    QApplication.instance() or QApplication([])
    graph, opened, memory = _opened(nodes)
    theirs = _frames(graph, nodes)
    graph.widget.close()
    ours = frames_of(nodes)
    figures = {f"beside_open_{nodes}_used": opened, f"beside_memory_{nodes}": memory}
    for kind in KINDS:
        one, other = (
            p95([time for name, times in found.items() if name.startswith(kind) for time in times.used])
            for found in (theirs, ours)
        )
        key = f"beside_{kind.replace(' ', '_')}_{nodes}"
        figures[f"{key}_used"], figures[f"{key}_ratio"] = one, one / other
    return figures


if __name__ == "__main__":
    if not is_there():
        sys.exit("NodeGraphQt is not installed: pip install -e .[compare]")
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000).items():
        print(f"{name:32} {value:8.2f}")
