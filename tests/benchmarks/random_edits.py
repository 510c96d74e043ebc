"""Random edits by the hundred thousand: `python random_edits.py [how many]` ends with an error at the first that is wrong."""

import os
import sys
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

from edits import RandomEdits, settings_for
from hypothesis.stateful import run_state_machine_as_test
from PySide6.QtWidgets import QApplication

from nndesigner.ui import theme


def measure(wanted: int) -> tuple[int, float]:
    """How many edits, undos, jumps and visits were made, of at least `wanted`, and how many seconds that took."""
    application = QApplication.instance() or QApplication([])
    theme.apply(application, theme.LIGHT)
    start = perf_counter()
    while RandomEdits.count < wanted:
        run_state_machine_as_test(RandomEdits, settings=settings_for(2000))
        print(f"{RandomEdits.count} of {wanted}", file=sys.stderr, flush=True)
    return RandomEdits.count, perf_counter() - start


if __name__ == "__main__":
    count, seconds = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    print(f"{count} edits in {seconds:.0f} s: the items always equalled the graph, and both ends were found")
