"""Time to a window one can click, against a bare QApplication with an empty QMainWindow, process start included."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

_SHOWN = """
from PySide6.QtCore import QTimer
def painted():
    import sys, time, json
    print(json.dumps({"at": time.time(), "torch": "torch" in sys.modules}), flush=True)
    import os
    os._exit(0)
window.grab()
QTimer.singleShot(0, painted)
app.exec()
"""
_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
"""
_OURS = """
from PySide6.QtWidgets import QApplication
from nndesigner.ui.app import start
app = QApplication([])
window = start(app)
"""
TIMES = 7
_COMPILED = tempfile.TemporaryDirectory()


def measure() -> tuple[float, float, bool]:
    """Seconds to our window, to the bare one, and whether torch was imported by then; medians, taken in turn."""
    ours, bare, torch = [], [], False
    _started(_OURS), _started(_BARE)
    for _ in range(TIMES):
        seconds, imported = _started(_OURS)
        ours.append(seconds)
        torch = torch or imported
        bare.append(_started(_BARE)[0])
    return statistics.median(ours), statistics.median(bare), torch


def _started(code: str) -> tuple[float, bool]:
    with tempfile.TemporaryDirectory() as home:
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "HOME": home, "XDG_RUNTIME_DIR": home}
        # As an installed program, both have their compiled files.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = _COMPILED.name
        began = time.time()
        done = subprocess.run(
            [sys.executable, "-c", code + _SHOWN], env=environment, capture_output=True, text=True, check=True
        )
        answer = json.loads(done.stdout.splitlines()[-1])
        return answer["at"] - began, answer["torch"]


if __name__ == "__main__":
    print(measure())
