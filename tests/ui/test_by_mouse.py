"""LeNet-5 drawn from the palette, wired, set, trained and exported by the mouse alone: no key is touched."""

from itertools import pairwise
from pathlib import Path

import pytest
from pilot import Pilot
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QStyle, QStyleOptionSpinBox

from nndesigner import script
from nndesigner.training.report import EpochEnded
from nndesigner.ui.fields import Entry
from nndesigner.ui.ladder import climbed
from nndesigner.ui.scrub import RUNG

LEFT_COLUMN = ("Data", "Conv2d", "Tanh", "AvgPool2d", "Conv2d", "Tanh", "Flatten")
RIGHT_COLUMN = ("Linear", "Tanh", "Linear", "Tanh", "Linear", "Output", "CrossEntropyLoss")
CHAIN = (
    *("conv1", "tanh1", "pool1", "conv2", "tanh2", "flatten1"),
    *("linear1", "tanh3", "linear2", "tanh4", "linear3"),
)


class Mouse:
    """A hand that only points, drags and turns the wheel."""

    def __init__(self, pilot: Pilot) -> None:
        self._pilot, self._hand = pilot, pilot.hand
        self._canvas = pilot.canvas

    def has_paper(self) -> bool:
        """Whether the canvas stands there with its middle in the middle."""
        away = self._canvas.mapFromScene(QPointF()) - self._canvas.viewport().rect().center()
        return self._canvas.isVisible() and away.manhattanLength() <= 4

    def click(self, name: str) -> None:
        self._pilot.click(name)

    def zoom_out(self, scale: float) -> None:
        """Turns the wheel over the canvas until it is no larger than this."""
        viewport = self._canvas.viewport()

        def far() -> bool:
            if self._canvas.camera.scale > scale:
                self._hand.wheel(viewport, viewport.rect().center(), -1)
            return bool(self._canvas.camera.scale <= scale)

        self._pilot.wait(far)

    def carry(self, kind: str, x: float, y: float) -> None:
        """Turns the wheel over the palette until a kind is in sight, and drags it to a place of the canvas."""
        rows = self._pilot.window.parts.palette.findChild(QAbstractItemView)
        port, count = rows.viewport(), len(self._pilot.graph.nodes)
        at, bar = rows.rows()[self._pilot.window.parts.palette.names().index(kind)], rows.verticalScrollBar()
        moved = port.height()  # by a notch, more than which no hand would guess before it turned one
        for _ in range(200):
            row = rows.visualRect(at)
            if port.rect().contains(row):
                break
            away, before = row.center().y() - port.rect().center().y(), bar.value()
            notches = max(1, int(abs(away) / moved))
            self._hand.wheel(port, port.rect().center(), -notches if away > 0 else notches)
            self._pilot.wait(lambda before=before: bar.value() != before)
            moved = min(moved, abs(bar.value() - before) / notches)
        end = self._canvas.mapFromScene(QPointF(x, y))
        assert self._canvas.viewport().rect().contains(end)
        self._hand.carry(port, row.center(), kind, self._canvas.viewport(), end)
        self._pilot.wait(lambda: len(self._pilot.graph.nodes) == count + 1)

    def step(self, param: str, steps: int) -> None:
        """Clicks the upper arrow of a number so many times, or the lower one."""
        field = self._pilot.find(f"param_{param}")
        spin, parts = QStyle.ComplexControl.CC_SpinBox, QStyle.SubControl
        arrow = parts.SC_SpinBoxUp if steps > 0 else parts.SC_SpinBoxDown
        for _ in range(abs(steps)):
            option = QStyleOptionSpinBox()
            field.initStyleOption(option)
            before = field.value
            # Where it is now: what came up a moment ago may still have been given its room.
            self._hand.click(field, field.style().subControlRect(spin, option, arrow, field).center())
            self._pilot.wait(lambda before=before: field.value != before)

    def slide(self, param: str, value: int) -> None:
        """Drags the name of a number to the side until it is the one that is wanted."""
        field, label = self._pilot.find(f"param_{param}"), self._pilot.find(f"paramLabel_{param}")
        assert isinstance(field, Entry)
        rungs = next(one for one in range(-99, 99) if climbed(field._param, field.value, one) == value)
        start = QPoint(4, label.height() // 2)
        self._hand.drag(label, start, start + QPoint(RUNG * rungs + (2 if rungs > 0 else -2), 0))

    def choose(self, name: str, word: str) -> None:
        """Opens a menu of choices and clicks one."""
        box = self._pilot.find(name)
        assert isinstance(box, QComboBox)
        self._hand.click(box, box.rect().center())
        rows = box.view()
        self._pilot.wait(rows.isVisible)
        index = rows.model().index(box.findText(word), 0)
        rows.scrollTo(index)

        def clicked() -> bool:
            # For as long as a double click may take, a menu does not heed what opened it.
            if rows.isVisible():
                self._hand.click(rows.viewport(), rows.visualRect(index).center())
            return box.currentText() == word

        self._pilot.wait(clicked)


def dragged_and_wired(pilot: Pilot, mouse: Mouse) -> None:
    """The layers in two columns, each wired to the next."""
    for x, column in ((-150, LEFT_COLUMN), (150, RIGHT_COLUMN)):
        for number, kind in enumerate(column):
            mouse.carry(kind, x, 88 * (number - 3))
            mouse.zoom_out(0.75)
    pilot.wire("data1", "image", "conv1", "input")
    for source, target in pairwise(CHAIN):
        pilot.wire(source, "output", target, "input")
    pilot.wire("linear3", "output", "output1", "input")
    pilot.wire("linear3", "output", "loss1", "input")
    pilot.wire("data1", "label", "loss1", "target")


def set_by_hand(pilot: Pilot, mouse: Mouse) -> None:
    """The sizes of LeNet-5, by arrows where they are near and dragged where they are far."""
    pilot.select("conv1")
    mouse.slide("out_channels", 6)
    mouse.step("kernel_size", 2)
    mouse.step("padding", 2)
    for name, param, sizes in (
        ("conv2", "out_channels", (16,)),
        ("linear1", "out_features", (120,)),
        ("linear2", "out_features", (80, 84)),
        ("linear3", "out_features", (10,)),
    ):
        pilot.select(name)
        mouse.slide(param, sizes[0])
        mouse.step(param, sizes[-1] - sizes[0])


@pytest.fixture
def mouse(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> Mouse:
    """The mouse of a hand that can touch no key."""

    def touched(words: str) -> None:
        raise AssertionError(f"{words} was typed")

    monkeypatch.setattr(pilot.hand, "keys", touched)
    monkeypatch.setattr(pilot.hand, "type", touched)
    return Mouse(pilot)


def test_lenet_is_drawn_wired_trained_and_exported_by_the_mouse_alone(
    pilot: Pilot, mouse: Mouse, tmp_path: Path
) -> None:
    window = pilot.window
    mouse.click("welcomeNew")
    pilot.wait(mouse.has_paper)
    dragged_and_wired(pilot, mouse)
    set_by_hand(pilot, mouse)
    pilot.settle()
    assert pilot.canvas.stage.plan.problems == ()
    assert {name: dict(node.params) for name, node in pilot.graph.nodes.items() if node.params} == {
        "data1": {"dataset": "digits"},
        "conv1": {"out_channels": 6, "kernel_size": 5, "padding": 2},
        "pool1": {"kernel_size": 2},
        "conv2": {"out_channels": 16, "kernel_size": 3},
        "linear1": {"out_features": 120},
        "linear2": {"out_features": 84},
        "linear3": {"out_features": 10},
    }

    mouse.click("workspace_training")
    pilot.wait(lambda: window.parts.run_page is not None and window.parts.run_page.isVisible())
    mouse.step("epochs", 1 - window.document.project.training.epochs)
    pilot.wait(lambda: window.document.project.training.epochs == 1)
    mouse.choose("trainingOptimizer", "SGD")
    assert window.document.project.training.optimizer.kind == "SGD"
    mouse.click("trainButton")
    pilot.wait(lambda: window.run.state == "finished")
    assert sum(isinstance(report, EpochEnded) for report in window.run.reports) == 1

    mouse.click("exportButton")
    pilot.wait(lambda: window.exporting.dialog is not None and window.exporting.dialog.isVisible())
    mouse.click("exportNow")
    words = window.exporting.dialog.verdict
    pilot.wait(lambda: bool(words.words) and not words.words.startswith("Proving"))
    assert words.words.startswith("Verified: outputs identical")
    (written,) = tmp_path.glob("*.py")
    assert written.read_text() == script.write(window.document.project).text
    mouse.click("exportDone")
