"""How late the window's events are while it trains the networks that `training.py` measures, with all their settings.

The window shows its curves meanwhile; a timer of 5 ms tells how late its events are, for some seconds from the first
steps on. The data are those of `training.py`, there before the run begins.
"""

import argparse
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import tempfile
import time
from dataclasses import replace

import training
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from window_training import TICK, wait_until

from nndesigner.process import ready_for_torch
from nndesigner.training import session
from nndesigner.training.run import prepare

SECONDS = 8.0


def measure(name: str) -> dict[str, float]:
    """The 99th percentile in ms."""
    project = training.CASES[name].project()
    project = replace(project, training=replace(project.training, epochs=1000))
    run = prepare(project)
    data = training.data_of(run, 4096, varied=True)
    session.read = lambda *_: data  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = os.environ["XDG_DATA_HOME"] = home
        ready_for_torch()
        app = QApplication.instance() or QApplication([])
        from nndesigner.ui.app import start

        window = start(app)
        window.resize(1280, 800)
        window.filing.example("digits")
        window.document.edit("Another network", project)
        wait_until(lambda: window.parts.checked_project is window.document.project)
        late: list[float] = []
        last = [0.0]

        def tick() -> None:
            now = time.perf_counter()
            late.append(max(0.0, 1000 * (now - last[0]) - TICK))
            last[0] = now

        window.train()
        wait_until(lambda: len(window.run.reports) > 2 or window.run.state == "failed")
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        last[0] = time.perf_counter()
        timer.start(int(TICK))
        ends = time.perf_counter() + SECONDS
        wait_until(lambda: time.perf_counter() > ends)
        timer.stop()
        assert window.run.state == "running", window.run.state
        window.run.stop()
        wait_until(lambda: not window.run.active)
        window.document.stack.setClean()
        window.leaving.agreed = True
        window.close()
    late.sort()
    return {f"{name}_lateness": late[int(len(late) * 0.99)]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=training.CASES)
    print(measure(parser.parse_args().case))
