"""LeNet-5 typed, wired, trained and exported by keys alone: nothing is clicked, and the palette is never asked."""

from pathlib import Path

from pilot import Pilot
from PySide6.QtWidgets import QApplication

from nndesigner import script
from nndesigner.graph import Edge
from nndesigner.training.report import EpochEnded

LENET = (
    "Data(digits) > Conv2d(6, 5, padding=2) > Tanh > AvgPool2d(2) > Conv2d(16, 3) > Tanh > Flatten"
    " > Linear(120) > Tanh > Linear(84) > Tanh > Linear(10)"
)


class Keys:
    """Ten fingers: keys go where the focus is, and Tab leads on."""

    def __init__(self, pilot: Pilot) -> None:
        self._pilot, self._hand = pilot, pilot.hand

    def press(self, *keys: str) -> None:
        for one in keys:
            self._hand.keys(one)

    def type(self, text: str) -> None:
        self._hand.type(text)

    def tab_to(self, name: str, key: str = "Tab") -> None:
        met = []
        for _ in range(120):
            here = QApplication.focusWidget()
            if here is not None and here.objectName() == name:
                return
            met.append(here.objectName() if here is not None else "")
            self._hand.keys(key)
            self._pilot.wait(lambda here=here: QApplication.focusWidget() is not here)
        raise AssertionError(f"{key} never leads to {name}, but to {met}")

    def command(self, words: str) -> None:
        self.press("Ctrl+Shift+P")
        self.type(words)
        self.press("Return")


def focused(name: str) -> bool:
    here = QApplication.focusWidget()
    return here is not None and here.objectName() == name


def test_lenet_is_typed_wired_trained_and_exported_by_keys_alone(pilot: Pilot, tmp_path: Path) -> None:
    window, keys = pilot.window, Keys(pilot)
    keys.press("Ctrl+N")
    pilot.wait(lambda: focused("canvas"))

    keys.press("/")
    pilot.wait(lambda: focused("typedLineField"))
    keys.type(LENET)
    keys.press("Return")
    pilot.wait(lambda: len(pilot.graph.nodes) == 12 and focused("canvas"))
    keys.command("go to linear3")
    keys.press("Tab")
    pilot.wait(lambda: focused("layerSearchField"))
    keys.type("crossentropyloss")
    keys.press("Return")
    keys.command("go to linear3")
    keys.press("Tab")
    pilot.wait(lambda: focused("layerSearchField"))
    keys.type("output")
    keys.press("Return")
    pilot.wait(lambda: len(pilot.graph.nodes) == 14)
    pilot.settle()

    keys.command("go to data1")
    keys.press("W")
    pilot.wait(lambda: focused("joiningField"))
    keys.type("label target")
    keys.press("Return")
    pilot.wait(lambda: Edge("data1", "label", "loss1", "target") in pilot.graph.edges)
    before = pilot.graph
    keys.press("Ctrl+Shift+L")
    pilot.wait(lambda: pilot.graph is not before)
    pilot.settle()
    assert pilot.canvas.stage.plan.problems == ()

    keys.press("Ctrl+2")
    keys.tab_to("param_epochs", "Shift+Tab")  # Tab alone opens the search on the canvas
    keys.press("Ctrl+A")
    keys.type("1")
    keys.press("Return")
    pilot.wait(lambda: window.document.project.training.epochs == 1)
    keys.press("F5")
    pilot.wait(lambda: window.run.state == "finished" and bool(window.run.reports))
    assert sum(isinstance(report, EpochEnded) for report in window.run.reports) == 1

    keys.press("Ctrl+E")
    pilot.wait(lambda: window.exporting.dialog is not None and window.exporting.dialog.isActiveWindow())
    keys.tab_to("exportPlace")
    keys.press("Ctrl+A")
    keys.type(str(tmp_path / "lenet.py"))
    keys.press("Return")
    words = window.exporting.dialog.verdict
    pilot.wait(lambda: bool(words.words) and not words.words.startswith("Proving"))
    assert words.words.startswith("Verified: outputs identical")
    assert (tmp_path / "lenet.py").read_text() == script.write(window.document.project).text
