"""Runs in the window: paused, stepped, stopped, gone on with, broken, compared, noted, opened, deleted."""

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pilot import Pilot
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from nndesigner import nnd
from nndesigner.project import Choice, Project
from nndesigner.training import journal, runs
from nndesigner.training.recording import Recording
from nndesigner.training.report import Began, EpochEnded, Examined, Finished, Stepped
from nndesigner.training.run import prepare, train
from nndesigner.training.session import Session
from nndesigner.ui.figures import THIN
from nndesigner.ui.vitals import level
from tests.conftest import small_digits


def open_project(pilot: Pilot, folder: Path, **training: object) -> Project:
    """Small digits, from a file in this folder."""
    path = folder / "mine.nnd"
    nnd.save(small_digits(**training), path)
    pilot.window.filing.open(path)
    pilot.settle()
    return pilot.window.document.project


def run_to_its_end(pilot: Pilot) -> Finished:
    """Waits until the run is over; gives its last report."""
    run = pilot.window.run
    pilot.wait(lambda: not run.active and run.state in ("finished", "failed", "stopped"))
    assert run.state == "finished"
    last = run.reports[-1]
    assert isinstance(last, Finished)
    return last


def train_once(pilot: Pilot) -> Finished:
    pilot.wait(lambda: pilot.find("trainButton").isEnabled())
    pilot.click("trainButton")
    pilot.wait(lambda: pilot.window.run.active)
    return run_to_its_end(pilot)


def listed(pilot: Pilot, count: int) -> list[runs.RunInfo]:
    """Waits until so many runs are in the table."""
    panel = pilot.window.parts.runs
    pilot.wait(lambda: len(panel.runs) == count and all(run.status != "running" for run in panel.runs))
    return panel.runs


def weights_of_an_unbroken_run(project: Project) -> str:
    last = list(train(prepare(project)))[-1]
    assert isinstance(last, Finished)
    return last.weights_sha256


def steps_made(pilot: Pilot) -> int:
    return sum(isinstance(report, Stepped) for report in pilot.window.run.reports)


def rests(pilot: Pilot) -> bool:
    """All steps that were made are told and kept, and none follows."""
    run = pilot.window.run
    return run.rests and run.kept is not None and run.kept.step == steps_made(pilot)


# Pause, step, stop, resume.


def test_paused_stepped_and_resumed_it_ends_with_the_weights_of_an_unbroken_run(
    pilot: Pilot, tmp_path: Path
) -> None:
    project = open_project(pilot, tmp_path, epochs=4)
    pilot.click("trainButton")
    pilot.wait(lambda: steps_made(pilot) > 5)
    pilot.click("pauseButton")
    pilot.wait(lambda: rests(pilot))
    before = steps_made(pilot)
    for made in (1, 2, 3):
        pilot.click("stepButton")
        pilot.wait(lambda made=made: steps_made(pilot) == before + made)
    pilot.hand.keys("F8")
    pilot.wait(lambda: steps_made(pilot) == before + 4)
    assert pilot.window.run.state == "paused"
    pilot.wait(lambda: pilot.window.run.kept.step == before + 4)
    pilot.click("resumeButton")
    assert run_to_its_end(pilot).weights_sha256 == weights_of_an_unbroken_run(project)


def test_a_run_that_was_stopped_goes_on_to_the_same_weights_and_its_curves_too(
    pilot: Pilot, tmp_path: Path
) -> None:
    project = open_project(pilot, tmp_path, epochs=6)
    pilot.click("trainButton")
    pilot.wait(lambda: steps_made(pilot) > 30)
    pilot.click("stopButton")
    pilot.wait(lambda: pilot.window.run.state == "stopped" and not pilot.window.run.active)
    pilot.click("runResume")
    pilot.wait(lambda: pilot.window.run.active)
    last = run_to_its_end(pilot)
    assert last.weights_sha256 == weights_of_an_unbroken_run(project)
    curves = pilot.window.parts.run_page.curves
    pilot.wait(lambda: len(curves.series("loss", "validation")[0]) == 6)
    assert curves.series("loss", "validation")[0].tolist() == [1, 2, 3, 4, 5, 6]
    x = curves.series("loss", "steps")[0]
    assert (x[1:] > x[:-1]).all()
    assert [run.number for run in listed(pilot, 1)] == [1]


def test_closing_while_it_trains_keeps_what_was_learned(pilot: Pilot, tmp_path: Path) -> None:
    open_project(pilot, tmp_path, epochs=500)
    pilot.click("trainButton")
    pilot.wait(lambda: steps_made(pilot) > 10)
    folder = pilot.window.run.folder
    pilot.window.close()
    pilot.click("questionStop")
    pilot.wait(lambda: not pilot.window.isVisible())
    assert folder is not None
    info = runs.info(folder)
    assert info.status == "stopped" and (folder / runs.CHECKPOINT).exists()


def double_click(pilot: Pilot, name: str) -> None:
    """The second press falls on what is there by then."""
    button = pilot.find(name)
    place = button.mapTo(pilot.window, button.rect().center())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    under = pilot.window.childAt(place)
    QTest.mouseDClick(under, Qt.MouseButton.LeftButton, pos=under.mapFrom(pilot.window, place))


def test_of_a_double_click_only_the_first_counts_though_the_buttons_change(
    pilot: Pilot, tmp_path: Path
) -> None:
    open_project(pilot, tmp_path, epochs=200)
    double_click(pilot, "trainButton")
    pilot.wait(lambda: steps_made(pilot) > 3)
    assert pilot.window.run.state == "running"
    double_click(pilot, "pauseButton")
    assert pilot.window.run.state == "paused"
    double_click(pilot, "resumeButton")
    assert pilot.window.run.state == "running"
    assert not [one for one in pilot.window.findChildren(QFileDialog) if one.isVisible()]


def test_ten_undos_during_a_run_leave_it_alone(pilot: Pilot, tmp_path: Path) -> None:
    project = open_project(pilot, tmp_path, epochs=5)
    document = pilot.window.document
    for number in range(10):
        document.edit(f"Title {number}", replace(document.project, title=f"Title {number}"))
    pilot.click("trainButton")
    pilot.wait(lambda: steps_made(pilot) > 3)
    for _ in range(10):
        pilot.click("undoButton")
    assert document.project == project
    assert run_to_its_end(pilot).weights_sha256 == weights_of_an_unbroken_run(project)


# What breaks.


def break_it(project: Project) -> Project:
    """With a learning rate at which nothing stays a number."""
    optimizer = Choice("SGD", {"lr": 1e22})
    return replace(project, training=replace(project.training, optimizer=optimizer))


def test_a_loss_that_is_no_number_shows_the_node_and_the_way_back_works(pilot: Pilot, tmp_path: Path) -> None:
    open_project(pilot, tmp_path, epochs=2)
    window = pilot.window
    window.document.edit("Break it", break_it(window.document.project))
    pilot.click("trainButton")
    pilot.wait(lambda: window.run.state == "failed" and not window.run.active)
    broken = window.run.diverged
    assert broken is not None
    item = pilot.canvas.stage.node_items[broken.node]
    assert item.broken and pilot.canvas.selected_names() == (broken.node,)
    assert broken.node in window.notice.text
    assert pilot.find("noticeChoice1").text() == "Begin again with a tenth of the learning rate"
    pilot.click("noticeChoice1")
    assert window.run.active and not item.broken
    pilot.wait(lambda: window.run.state == "failed" and not window.run.active)
    # A tenth of far too much is too much, too.
    assert pilot.find("noticeChoice1").text() == "Begin again with 1e-02 times the learning rate"


def test_the_way_back_leads_to_the_end_of_the_last_epoch_and_from_there_ever_slower(
    pilot: Pilot, tmp_path: Path
) -> None:
    """A schedule that makes far too large steps from the second epoch on."""
    steep = Choice("StepLR", {"step_size": 1, "gamma": 1e24})
    open_project(pilot, tmp_path, epochs=3, scheduler=steep, optimizer=Choice("SGD", {"lr": 0.01}))
    window = pilot.window
    pilot.click("trainButton")
    pilot.wait(lambda: window.run.state == "failed" and not window.run.active)
    assert window.run.diverged is not None and window.run.diverged.epoch == 2
    words = pilot.find("noticeChoice1").text()
    assert words == "Go back to the end of epoch 1, with a tenth of the learning rate"
    before = [report for report in window.run.reports if isinstance(report, EpochEnded)]
    pilot.click("noticeChoice1")
    pilot.wait(lambda: window.run.state == "failed" and not window.run.active)
    gone_on = [report for report in window.run.reports if isinstance(report, Began)][-1]
    assert gone_on.step == before[0].step
    rates = [report.learning_rate for report in window.run.reports if isinstance(report, Stepped)]
    assert rates[before[0].step] == pytest.approx(0.01 * 1e24 * 0.1)
    words = pilot.find("noticeChoice1").text()
    assert words == "Go back to the end of epoch 1, with 1e-02 times the learning rate"
    assert listed(pilot, 1)[0].status == "failed"


# What was left behind.


@pytest.fixture
def killed(tmp_path: Path) -> Callable[[Project, Path], Path]:
    """`killed(project, path)`: a run beside a project's file as a program leaves it that is killed in its second epoch."""

    def make(project: Project, path: Path) -> Path:
        session = Session(prepare(project))
        alive = tmp_path / "alive"
        left = runs.home(path, project) / "0001"
        with contextlib.closing(Recording(session, alive).reports()) as reports:
            for report in reports:
                if isinstance(report, Stepped) and report.epoch == 2:
                    shutil.copytree(alive, left)
                    break
        assert runs.info(left).status == "interrupted"
        return left

    return make


def test_an_interrupted_run_is_offered_when_its_project_is_opened(
    pilot: Pilot, tmp_path: Path, killed: Callable[[Project, Path], Path]
) -> None:
    path = tmp_path / "mine.nnd"
    project = small_digits(epochs=3)
    nnd.save(project, path)
    folder = killed(project, path)
    pilot.window.filing.open(path)
    pilot.wait(lambda: pilot.window.notice.asks)
    assert pilot.window.notice.text == "Run 1 was interrupted in epoch 2."
    pilot.click("noticeChoice1")
    pilot.wait(lambda: pilot.window.run.active)
    assert pilot.window.run.folder == folder
    assert run_to_its_end(pilot).weights_sha256 == weights_of_an_unbroken_run(project)
    assert listed(pilot, 1)[0].status == "finished"


def test_runs_of_a_project_without_a_file_go_along_when_it_gets_one(pilot: Pilot, tmp_path: Path) -> None:
    pilot.window.filing._load(small_digits(epochs=1), None)
    pilot.settle()
    train_once(pilot)
    (before,) = listed(pilot, 1)
    pilot.window.document.save(tmp_path / "now.nnd")
    pilot.wait(lambda: (tmp_path / "now.runs" / "0001" / runs.RECEIPT).exists())
    pilot.wait(lambda: pilot.window.parts.runs.runs[0].folder == tmp_path / "now.runs" / "0001")
    assert not before.folder.exists()


# The table.


def two_runs(pilot: Pilot, tmp_path: Path) -> list[runs.RunInfo]:
    """Two runs that differ in the learning rate."""
    open_project(pilot, tmp_path, epochs=2)
    train_once(pilot)
    document = pilot.window.document
    slower = replace(document.project.training, optimizer=Choice("Adam", {"lr": 0.001}))
    document.edit("Slower", replace(document.project, training=slower))
    train_once(pilot)
    return listed(pilot, 2)


def row_of(pilot: Pilot, number: int, column: int) -> QPoint:
    """Where a cell of a run is."""
    table = pilot.find("runsTable")
    model = table.model()
    rows = [row for row in range(model.rowCount()) if model.index(row, 0).data() == str(number)]
    return table.visualRect(model.index(rows[0], column)).center()


def test_the_table_tells_what_came_of_each_run(pilot: Pilot, tmp_path: Path) -> None:
    second, first = two_runs(pilot, tmp_path)
    assert (second.number, first.number) == (2, 1)
    model = pilot.find("runsTable").model()
    cells = [str(model.index(0, column).data()) for column in range(model.columnCount())]
    assert cells[0] == "2" and cells[2:4] == ["finished", "2 / 2"]
    assert cells[4].endswith(f"{THIN}%") and cells[5].endswith(f"{THIN}%")
    assert cells[7] == "optimizer.lr 0.01 → 0.001"
    # What stands there is not the best accuracy of all, so the head says of which epoch it is.
    head = [model.headerData(4, Qt.Orientation.Horizontal, role) for role in (0, Qt.ItemDataRole.ToolTipRole)]
    assert head == ["Validation", "After the epoch with the lowest validation loss"]


def test_the_curves_of_several_runs_are_laid_over_one_another(pilot: Pilot, tmp_path: Path) -> None:
    two_runs(pilot, tmp_path)
    page = pilot.window.parts.run_page
    table = pilot.find("runsTable")
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row_of(pilot, 1, 1))
    assert page.view == "compare"
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, control, row_of(pilot, 2, 1))
    pilot.wait(lambda: len(page.overlay.runs) == 2)
    assert {run.number for run in page.overlay.runs} == {1, 2}
    assert len({run.colour for run in page.overlay.runs}) == 2
    assert "Run " in page.overlay.best("accuracy")
    plot = pilot.find("overlayPlot_loss")
    assert plot.points == 8  # two epochs, of training and validation, of two runs
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, control, row_of(pilot, 1, 1))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, control, row_of(pilot, 2, 1))
    assert page.view == "curves"


def test_a_note_is_edited_in_place_and_kept(pilot: Pilot, tmp_path: Path) -> None:
    second, _ = two_runs(pilot, tmp_path)
    table = pilot.find("runsTable")
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row_of(pilot, 2, 8))
    QTest.keyClick(table, Qt.Key.Key_F2)
    editors = [one for one in table.viewport().children() if one.inherits("QLineEdit")]
    assert len(editors) == 1
    QTest.keyClicks(editors[0], "a tenth is too slow")
    QTest.keyClick(editors[0], Qt.Key.Key_Return)
    pilot.wait(lambda: runs.note(second.folder) == "a tenth is too slow")
    assert pilot.window.parts.runs.runs[0].note == "a tenth is too slow"


def test_a_run_is_deleted_once_it_is_confirmed(pilot: Pilot, tmp_path: Path) -> None:
    _, first = two_runs(pilot, tmp_path)
    table = pilot.find("runsTable")
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row_of(pilot, 1, 1))
    pilot.click("runsDelete")
    pilot.click("questionCancel")
    assert first.folder.exists()
    pilot.window.activateWindow()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Delete)
    pilot.click("questionDelete")
    pilot.wait(lambda: not first.folder.exists())
    assert [run.number for run in listed(pilot, 1)] == [2]


def test_a_run_is_opened_as_it_was_and_undo_brings_back_what_was_there(pilot: Pilot, tmp_path: Path) -> None:
    _, first = two_runs(pilot, tmp_path)
    document = pilot.window.document
    now = document.project
    QTest.mouseClick(pilot.find("runsTable").viewport(), Qt.MouseButton.LeftButton, pos=row_of(pilot, 1, 1))
    pilot.click("runsOpen")
    pilot.wait(lambda: document.project != now)
    assert document.project.training.optimizer == Choice("Adam", {"lr": 0.01})
    assert document.path == tmp_path / "mine.nnd"
    vitals = pilot.window.parts.vitals
    *_, look = journal.read(first.folder / runs.JOURNAL, Examined)
    pilot.wait(lambda: vitals.layers["conv1"].health == look.layers["conv1"])
    pilot.hand.keys("Alt+4")
    pulse = pilot.canvas.stage.node_items["conv1"].pulse
    assert pulse is not None and pulse.length == level(look.layers["conv1"].gradient)
    pilot.click("undoButton")
    assert document.project == now


def test_the_weights_of_a_run_are_saved(pilot: Pilot, tmp_path: Path) -> None:
    second, _ = two_runs(pilot, tmp_path)
    QTest.mouseClick(pilot.find("runsTable").viewport(), Qt.MouseButton.LeftButton, pos=row_of(pilot, 2, 1))
    pilot.click("runsSave")
    pilot.choose_file(tmp_path / "best.safetensors")
    pilot.wait(lambda: (tmp_path / "best.safetensors").exists())
    assert (tmp_path / "best.safetensors").read_bytes() == (second.folder / runs.BEST).read_bytes()


# How layers learn.


def test_cards_inspector_and_table_show_how_layers_learn(pilot: Pilot, tmp_path: Path) -> None:
    pilot.window.filing.example("digits")
    pilot.settle()
    pilot.click("trainButton")
    vitals = pilot.window.parts.vitals
    pilot.wait(lambda: bool(vitals.layers))
    items = pilot.canvas.stage.node_items
    pulse = items["conv1"].pulse
    assert pulse is not None and pulse.length is not None and 0 < pulse.length < 1
    assert pulse.words.startswith("∇ ") or pulse.tone != "good"
    assert items["flatten1"].pulse is not None and items["flatten1"].pulse.length is None
    pilot.hand.keys("Ctrl+L")
    page = pilot.window.parts.run_page
    pilot.wait(lambda: page.view == "layers" and len(page.layers.model.vitals) == 10)
    pilot.click("pauseButton")
    pilot.select("conv1")
    health = pilot.window.parts.inspector._page.health
    assert [fact.name for fact in health.facts] == [
        "gradient norm",
        "weight norm",
        "update ratio",
        "activations",
        "dead units",
    ]
    table = pilot.find("layersTable")
    assert table.currentIndex().siblingAtColumn(0).data() == "conv1"
    rows = [row for row in range(table.model().rowCount()) if table.model().index(row, 0).data() == "linear1"]
    place = table.visualRect(table.model().index(rows[0], 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert pilot.canvas.selected_names() == ("linear1",)
    pilot.click("stopButton")
    pilot.wait(lambda: pilot.window.run.state == "stopped")
    assert items["conv1"].pulse is None


# Before a run.


def test_trials_say_what_they_found_and_the_rate_can_be_used(pilot: Pilot, tmp_path: Path) -> None:
    open_project(pilot, tmp_path)
    pilot.window.show_workspace("training")
    pilot.hand.click(pilot.canvas.viewport(), QPoint(5, 5))
    pilot.hand.keys("Ctrl+F5")
    trial = pilot.window.running.trial
    pilot.wait(lambda: not pilot.window.actions_["try_all"].isEnabled())
    pilot.wait(lambda: not trial.active)
    assert pilot.window.actions_["try_all"].isEnabled()
    cards = pilot.window.parts.run_page.trials.cards
    assert "ln 10" in cards["initial_loss"].words
    assert "by heart" in cards["overfit_one_batch"].words
    assert "learning rate of about" in cards["learning_rate_range"].words
    assert all(card.plot.points > 3 for card in cards.values())
    use = pilot.find("tryUse_learning_rate_range")
    rate = float(use.text().removeprefix("Use "))
    cards["learning_rate_range"].ensurePolished()
    pilot.window.parts.run_page.trials.ensureWidgetVisible(use)
    pilot.click("tryUse_learning_rate_range")
    assert pilot.window.document.project.training.optimizer == Choice("Adam", {"lr": rate})


def test_train_ends_a_trial_and_begins(pilot: Pilot, tmp_path: Path) -> None:
    project = open_project(pilot, tmp_path, epochs=1)
    pilot.window.show_workspace("training")
    pilot.window.running.try_first("overfit_one_batch", "learning_rate_range")
    pilot.wait(lambda: pilot.window.running.trial.active)
    pilot.click("trainButton")
    pilot.wait(lambda: pilot.window.run.active)
    assert not pilot.window.running.trial.active
    assert run_to_its_end(pilot).weights_sha256 == weights_of_an_unbroken_run(project)
