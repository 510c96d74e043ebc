from dataclasses import replace
from pathlib import Path

import pytest
import torch
from pilot import Pilot
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget

from nndesigner import nnd
from nndesigner.model import Network
from nndesigner.plan import make
from nndesigner.training import incoming, runs
from tests.conftest import small_digits


@pytest.fixture
def small(pilot: Pilot, tmp_path: Path) -> Path:
    """The folder of a small network, which is open, with weights beside it under the names of a compiled network."""
    nnd.save(small_digits(epochs=1), tmp_path / "small.nnd")
    state = Network(make(small_digits())).state_dict()
    torch.save(
        {"state_dict": {f"_orig_mod.{key}": value for key, value in state.items()}}, tmp_path / "some.pt"
    )
    pilot.window.filing.open(tmp_path / "small.nnd")
    pilot.settle()
    return tmp_path


def folds(pilot: Pilot) -> list[str]:
    tree = pilot.find("weightsTree")
    assert isinstance(tree, QTreeWidget)
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]


def shown(pilot: Pilot, name: str) -> bool:
    page = pilot.window.parts.run_page
    found = page.findChild(QPushButton, name) if page is not None else None
    return found is not None and found.isVisible()


def test_weights_that_are_dropped_become_the_start_of_the_next_run(pilot: Pilot, small: Path) -> None:
    pilot.drop_files(small / "some.pt")
    pilot.wait(lambda: any(one.isVisible() for one in pilot.window.findChildren(QTreeWidget, "weightsTree")))
    total = pilot.find("weightsSum")
    assert isinstance(total, QLabel) and total.text() == "4 of 4 fit"
    assert folds(pilot) == ["Under another name (4)"]
    pilot.click("weightsUse")
    assert pilot.window.notice.text == "The next run starts from some.pt, 4 of 4 fit."
    assert pilot.window.exporting.loaded == small / "some.pt"  # which an export offers, too
    pilot.window.show_workspace("training")
    pilot.wait(lambda: shown(pilot, "runStart"))
    button = pilot.find("runStart")
    assert isinstance(button, QPushButton) and button.text() == "starts from some.pt, 4 of 4 fit"
    pilot.window.train()
    pilot.wait(lambda: pilot.window.run.state == "finished")
    folder = pilot.window.run.folder
    assert folder is not None
    start = runs.receipt_of(folder)["start"]
    assert start["sha256"] == incoming.file_sha256(small / "some.pt") and start["pairs"] == 4


def test_what_fits_is_counted_again_after_an_edit_and_can_be_taken_away(pilot: Pilot, small: Path) -> None:
    pilot.window.show_workspace("training")
    pilot.window.weights.look_at(small / "some.pt")
    pilot.wait(lambda: any(one.isVisible() for one in pilot.window.findChildren(QTreeWidget, "weightsTree")))
    pilot.click("weightsUse")
    project = pilot.window.document.project
    wider = project.graph.replace_node(project.graph.nodes["conv1"].with_param("out_channels", 16))
    pilot.window.document.edit("Widen", replace(project, graph=wider))
    pilot.wait(lambda: pilot.window.weights.words == "some.pt, 1 of 4 fit")
    pilot.window.weights.look_again()
    pilot.wait(lambda: any(one.isVisible() for one in pilot.window.findChildren(QTreeWidget, "weightsTree")))
    assert folds(pilot)[0] == "Of another shape (3)"
    pilot.find("weightsDialog").close()
    pilot.window.parts.run_page.bar.start_cleared.emit()
    assert pilot.window.weights.start is None and not shown(pilot, "runStart")
    assert pilot.window.exporting.loaded is None


def test_trials_begin_with_the_weights_that_the_run_would_begin_with(pilot: Pilot, small: Path) -> None:
    pilot.window.show_workspace("training")
    pilot.window.weights.look_at(small / "some.pt")
    pilot.wait(lambda: any(one.isVisible() for one in pilot.window.findChildren(QTreeWidget, "weightsTree")))
    pilot.click("weightsUse")
    card = pilot.window.parts.run_page.trials.cards["initial_loss"]
    pilot.window.running.try_first("initial_loss")
    pilot.wait(lambda: "With the weights of some.pt, of which 4 of 4 fit" in card.words)


def test_a_file_that_is_no_weights_is_told_and_nothing_starts_from_it(pilot: Pilot, small: Path) -> None:
    torch.save(torch.nn.Linear(2, 2), small / "whole.pt")
    pilot.drop_files(small / "whole.pt")
    pilot.wait(lambda: "save its weights alone" in pilot.window.notice.text)
    assert pilot.window.weights.start is None


def test_another_project_starts_at_random(pilot: Pilot, small: Path) -> None:
    pilot.window.weights.look_at(small / "some.pt")
    pilot.wait(lambda: any(one.isVisible() for one in pilot.window.findChildren(QTreeWidget, "weightsTree")))
    pilot.click("weightsUse")
    assert pilot.window.weights.start is not None
    pilot.window.filing.example("digits")
    assert pilot.window.weights.start is None
