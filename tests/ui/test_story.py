"""The whole story, told by a pilot that has a hand and nothing else."""

import os
import re
from pathlib import Path

from pilot import Pilot
from PySide6.QtCore import QPoint

from nndesigner import nnd, script
from nndesigner.graph import Edge, Graph
from nndesigner.training.report import EpochEnded, Finished
from nndesigner.training.run import prepare, train

SHOTS = os.environ.get("NNDESIGNER_SHOTS")


def picture(pilot: Pilot, name: str) -> None:
    """Keeps a picture of the window, where somebody asked for them."""
    if SHOTS:
        pilot.window.grab().save(f"{SHOTS}/{name}.png")


def draw_network(pilot: Pilot) -> None:
    """A convolutional network for the digits, dragged and wired by hand."""
    picture(pilot, "1-welcome")
    pilot.click("welcomeNew")
    pilot.wait(lambda: pilot.canvas.isVisible() and pilot.canvas.width() > 300)
    picture(pilot, "2-empty")
    for number, kind in enumerate(("Data", "Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear")):
        pilot.drop_kind(kind, 0, 88 * number - 320)
    pilot.drop_kind("Output", -130, 88 * 6 - 320)
    pilot.drop_kind("CrossEntropyLoss", 130, 88 * 6 - 320)
    picture(pilot, "3-dropped")
    pilot.wire("data1", "image", "conv1", "input")
    for source, target in (
        ("conv1", "relu1"),
        ("relu1", "pool1"),
        ("pool1", "flatten1"),
        ("flatten1", "linear1"),
        ("linear1", "output1"),
        ("linear1", "loss1"),
    ):
        pilot.wire(source, "output", target, "input")
    pilot.wire("data1", "label", "loss1", "target")
    pilot.settle()
    picture(pilot, "4-wired")
    pilot.select("linear1")
    pilot.set_param("out_features", "10")
    pilot.settle()
    picture(pilot, "5-drawn")


def test_the_whole_story(pilot: Pilot, tmp_path: Path) -> None:
    """Draw by hand, train, watch the curves, export, undo all the way back and redo."""
    window = pilot.window
    draw_network(pilot)
    assert len(pilot.graph.nodes) == 8 and len(pilot.graph.edges) == 8
    assert pilot.canvas.stage.plan.problems == ()
    assert pilot.canvas.stage.edge_items[Edge("conv1", "output", "relu1", "input")].label == "N×32×6×6"
    drawn = pilot.graph

    pilot.click("trainButton")
    pilot.wait(lambda: len(window.run.reports) > 60)
    picture(pilot, "6-training")
    pilot.wait(lambda: window.run.state == "finished")
    picture(pilot, "7-trained")
    page = window.parts.run_page
    losses = page.curves.series("loss", "train")[1]
    assert len(losses) == 10 and losses[-1] < 0.3 * losses[0]
    assert re.search(r"test accuracy 9\d", page.bar.words)
    ours = [report for report in window.run.reports if isinstance(report, EpochEnded | Finished)]
    alone = [
        report
        for report in train(prepare(window.document.project))
        if isinstance(report, EpochEnded | Finished)
    ]
    assert alone[-1].weights_sha256 == ours[-1].weights_sha256
    assert [report.train for report in alone[:-1]] == [report.train for report in ours[:-1]]

    pilot.hand.keys("Ctrl+E")
    pilot.wait(lambda: window.exporting.dialog is not None and window.exporting.dialog.isVisible())
    dialog, place = window.exporting.dialog, pilot.find("exportPlace")
    pilot.hand.click(place, place.rect().center())
    pilot.hand.keys("Ctrl+A")
    pilot.hand.type(str(tmp_path / "mine.py"))
    pilot.hand.keys("Return")
    pilot.wait(lambda: bool(dialog.verdict.words) and not dialog.verdict.words.startswith("Proving"))
    picture(pilot, "8-exported")
    assert dialog.verdict.words == "Verified: outputs identical, 3 steps identical"
    assert (tmp_path / "mine.py").read_text() == script.write(window.document.project).text
    pilot.click("exportDone")
    pilot.wait(lambda: not dialog.isVisible() and window.isActiveWindow())

    pilot.click("workspace_design")
    paper = pilot.canvas.viewport()
    pilot.hand.click(paper, paper.rect().bottomLeft() + QPoint(16, -16))
    for _ in range(window.document.stack.count()):
        pilot.hand.keys("Ctrl+Z")
    pilot.wait(lambda: pilot.graph == Graph())
    picture(pilot, "9-undone")
    for _ in range(window.document.stack.count()):
        pilot.hand.keys("Ctrl+Shift+Z")
    pilot.wait(lambda: pilot.graph == drawn)

    pilot.hand.keys("Ctrl+S")
    pilot.choose_file(tmp_path / "mine.nnd")
    pilot.wait(lambda: not window.document.unsaved)
    assert nnd.load(tmp_path / "mine.nnd").graph == drawn
