"""How long a project takes to open, and everything to come back by undo; how much memory a node takes."""

import gc
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from frames import PlanOf, generated
from PySide6.QtWidgets import QApplication

from nndesigner import nnd
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document

_TIMES = 5


def measure(nodes: int) -> dict[str, float]:
    """In ms: from the file to the painted canvas, and from the undo of deleting all to the painted canvas, the best of
    five and on the processor; in kB a node: what the process grew by when the drawing was shown for the first time.
    """
    application = QApplication.instance() or QApplication([])
    project = generated(nodes)
    document = Document()
    canvas = Canvas(document)
    canvas.resize(1280, 800)
    canvas.show()
    document.load(generated(20), None)  # what the first drawing of all loads is not the nodes'
    canvas.viewport().repaint()
    application.processEvents()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.nnd"
        nnd.save(project, path)
        del project
        gc.collect()
        before = resident()
        opened = [_timed(lambda: document.open(path), canvas)]
        canvas.set_plan(PlanOf(document.project))
        canvas.viewport().repaint()
        grown = resident() - before
        opened += [_timed(lambda: document.open(path), canvas) for _ in range(_TIMES - 1)]
    canvas.set_plan(PlanOf(document.project))
    undone = []
    for _ in range(_TIMES):
        canvas.select_all()
        canvas.delete_selection()
        application.processEvents()
        undone.append(_timed(document.stack.undo, canvas))
        assert len(canvas.stage.node_items) == nodes
    figures[f"open_{nodes}"] = min(passed for passed, _ in opened)
    figures[f"open_{nodes}_used"] = min(used for _, used in opened)
    figures[f"undo_{nodes}"] = min(passed for passed, _ in undone)
    figures[f"undo_{nodes}_used"] = min(used for _, used in undone)
    figures[f"memory_{nodes}"] = grown / nodes / 1000
    canvas.stage.detours.settle()
    document.stack.clear()
    canvas.close()
    return figures


def resident() -> int:
    """The memory of this process in bytes, as Linux tells it."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _timed(work: Callable[[], object], canvas: Canvas) -> tuple[float, float]:
    """The time until the canvas is painted: as it passed, and on the processor."""
    passed, used = perf_counter(), thread_time()
    work()
    canvas.viewport().repaint()
    return (perf_counter() - passed) * 1000, (thread_time() - used) * 1000


if __name__ == "__main__":
    for name, value in measure(2000).items():
        print(f"{name:20} {value:8.1f} {'kB' if name.startswith('memory') else 'ms'}")
