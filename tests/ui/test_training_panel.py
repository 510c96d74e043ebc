from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QScrollArea

from nndesigner.project import Choice, Project, Training
from nndesigner.training.report import Began, EpochEnded, Finished, Stepped
from nndesigner.ui.document import Document
from nndesigner.ui.figures import THIN, duration, thousands
from nndesigner.ui.pace import Pace, rounded_left, seconds_left
from nndesigner.ui.run_bar import RunBar
from nndesigner.ui.training_panel import TrainingPanel


@pytest.fixture
def document():
    found = Document()
    yield found
    found.stack.clear()


@pytest.fixture
def panel(qtbot, document):
    found = TrainingPanel(document)
    qtbot.addWidget(found)
    found.resize(300, 900)
    found.show()
    qtbot.waitExposed(found)
    return found


def type_into(panel, name, text):
    field = panel.findChild(object, f"param_{name}")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def pick(panel, name, word):
    combo = panel.findChild(object, name)
    combo.setFocus()
    for _ in range(combo.count()):
        QTest.keyClick(combo, Qt.Key.Key_Up)
    for _ in range(combo.findText(word)):
        QTest.keyClick(combo, Qt.Key.Key_Down)


def test_a_long_name_in_a_list_keeps_no_setting_from_a_narrow_dock(panel, qtbot):
    panel.resize(282, 600)
    area = panel.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.width() == 282)
    assert area.horizontalScrollBar().maximum() == 0
    scheduler = panel.findChild(QComboBox, "trainingScheduler")
    names = [scheduler.itemText(row) for row in range(scheduler.count())]
    widest = max(map(scheduler.fontMetrics().horizontalAdvance, names))
    assert widest < scheduler.view().minimumWidth()


def test_epochs_are_edited_as_one_step(panel, document):
    type_into(panel, "epochs", "25")
    assert document.project.training.epochs == 25
    assert document.stack.count() == 1
    document.stack.undo()
    assert document.project.training.epochs == 10


def test_a_param_of_the_optimizer_is_stored_unless_it_is_the_default(panel, document):
    type_into(panel, "lr", "0.01")
    assert document.project.training.optimizer == Choice("Adam", {"lr": 0.01, "fused": True})
    assert dict(document.project.training.optimizer.params) == {"lr": 0.01, "fused": True}
    type_into(panel, "lr", "0.001")
    assert dict(document.project.training.optimizer.params) == {"fused": True}
    QTest.keyClick(panel.findChild(object, "param_fused"), Qt.Key.Key_Space)
    assert dict(document.project.training.optimizer.params) == {}


def test_another_optimizer_begins_with_its_own_values(panel, document):
    type_into(panel, "lr", "0.01")
    pick(panel, "trainingOptimizer", "SGD")
    assert document.project.training.optimizer.kind == "SGD"
    assert dict(document.project.training.optimizer.params) == {"lr": 0.1, "fused": True}
    assert "Gradient descent" in panel.findChild(object, "trainingOptimizerSentence").text()


def test_a_scheduler_begins_with_what_it_needs_and_can_be_taken_away(panel, document):
    pick(panel, "trainingScheduler", "StepLR")
    assert document.project.training.scheduler is not None
    assert dict(document.project.training.scheduler.params) == {"step_size": 10}
    pick(panel, "trainingScheduler", "None")
    assert document.project.training.scheduler is None


def test_parts_that_leave_nothing_to_train_on_are_refused_with_a_sentence(panel, document):
    type_into(panel, "validation", "0.9")
    assert document.project.training.validation == 0.1
    assert "at least 5 %" in panel.refusal
    type_into(panel, "validation", "0.3")
    assert document.project.training.validation == 0.3
    assert panel.refusal == ""


def test_the_panel_follows_the_document(panel, document):
    training = replace(Training(), epochs=7, optimizer=Choice("SGD", {"momentum": 0.9}))
    document.load(Project(training=training), None)
    assert panel.findChild(object, "param_epochs").value == 7
    assert panel.findChild(object, "param_momentum").value == 0.9


def test_a_running_panel_says_that_changes_wait(panel):
    line = panel.findChild(object, "trainingLater")
    assert not line.isVisible()
    panel.set_running(True)
    assert line.isVisible()
    panel.set_running(False)
    assert not line.isVisible()


@pytest.mark.parametrize(
    ("ended", "steps", "running", "left"),
    [((), 2, 1.0, None), ((), 10, 1.0, 9.0), ((2.0,), 10, 2.0, 18.0), ((2.0, 2.0, 9.0), 35, 13.0, 13.0)],
)
def test_the_time_left_follows_from_epochs_or_else_from_steps(ended, steps, running, left):
    began = Began(10, 10, (100, 10, 20), 1)
    assert seconds_left(began, ended, steps, running) == (None if left is None else pytest.approx(left))


def test_a_pause_does_not_count_as_running():
    pace = Pace(Began(10, 10, (1000, 0, 0), 1), 100.0)
    pace.pause(101.0)
    pace.resume(500.0)
    pace.mark(501.0, 20)
    assert pace.running(501.0) == 2.0
    assert pace.records_per_second == pytest.approx(1000.0)


def test_long_times_are_rounded_more():
    assert [rounded_left(seconds) for seconds in (12.3, 47.0, 200.0, 1234.0)] == [12, 45, 210, 1260]


def test_numbers_are_written_for_people():
    assert thousands(1234567) == f"1{THIN}234{THIN}567"
    assert [duration(seconds) for seconds in (0.84, 14.2, 80, 7500)] == [
        f"0.8{THIN}s",
        f"14{THIN}s",
        f"1{THIN}min 20{THIN}s",
        f"2{THIN}h 5{THIN}min",
    ]


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bar(qtbot, clock):
    found = RunBar(clock=clock)
    qtbot.addWidget(found)
    found.resize(800, 50)
    found.show()
    return found


def buttons(bar):
    names = ("runTrain", "runPause", "runResume", "runStep", "runStop")
    return {name for name in names if bar.findChild(object, name).isVisible()}


def test_the_bar_shows_the_buttons_of_its_state(bar):
    shown = {}
    for state in ("idle", "running", "paused", "stopping", "stopped", "finished", "failed"):
        bar.set_state(state)
        shown[state] = buttons(bar)
    assert shown == {
        "idle": {"runTrain"},
        "running": {"runPause", "runStop"},
        "paused": {"runResume", "runStep", "runStop"},
        "stopping": {"runPause", "runStop"},
        "stopped": {"runTrain", "runResume"},
        "finished": {"runTrain"},
        "failed": {"runTrain"},
    }
    bar.set_state("stopping")
    assert not bar.findChild(object, "runStop").isEnabled()


def test_the_buttons_ask(bar, qtbot):
    for name, signal in (("runTrain", bar.train), ("runPause", bar.pause), ("runStop", bar.stop)):
        bar.set_state("idle" if name == "runTrain" else "running")
        with qtbot.waitSignal(signal):
            QTest.mouseClick(bar.findChild(object, name), Qt.MouseButton.LeftButton)
    bar.set_state("paused")
    with qtbot.waitSignal(bar.resume):
        QTest.mouseClick(bar.findChild(object, "runResume"), Qt.MouseButton.LeftButton)


def test_the_bar_tells_how_a_run_goes_and_ends(bar, clock):
    bar.begin(Began(20, 10, (1000, 100, 200), 1))
    clock.now += 2.0
    bar.add([Stepped(2, 20, 0.5), EpochEnded(1, {"loss": 1.0}, {"loss": 1.0}, 1e-3, 1.0)])
    assert bar.words == f"epoch 2 of 20 · 1{THIN}000 records/s · 18{THIN}s left"
    assert bar.progress == pytest.approx(0.1)
    bar.add([Finished({"loss": 0.1, "accuracy": 0.989}, "", 14.2)])
    assert bar.state == "finished"
    assert bar.words == f"Finished in 14{THIN}s · test accuracy 98.9{THIN}%"


def test_a_failure_is_told_in_its_words(bar):
    bar.begin(Began(20, 10, (1000, 100, 200), 1))
    bar.fail("The loss is not a number <b>")
    assert bar.state == "failed"
    assert bar.words == "The loss is not a number <b>"


def test_steps_that_all_come_at_once_tell_no_pace():
    began = Began(10, 10, (1000, 0, 0), 1)
    pace = Pace(began, 100.0)
    pace.mark(100.001, 30)
    assert pace.records_per_second is None
    assert seconds_left(began, [], 30, 0.001) is None


def unit(panel, name):
    return panel.findChild(object, f"param_{name}").findChild(object, "unit")


def test_values_have_units_and_zero_says_what_it_means(panel):
    assert unit(panel, "batch_size").text() == "records" and unit(panel, "batch_size").isVisible()
    assert unit(panel, "minutes").text() == "no limit"
    type_into(panel, "minutes", "30")
    assert unit(panel, "minutes").text() == "min"
    type_into(panel, "validation", "0.15")
    assert unit(panel, "validation").text() == f"15{THIN}%"


def test_a_unit_gives_way_to_a_long_number(panel):
    type_into(panel, "batch_size", "1000000")
    panel.resize(250, 900)
    assert not unit(panel, "batch_size").isVisible()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("steps", "500", 500),
        ("minutes", "1.5", 1.5),
        ("accumulate", "4", 4),
        ("clip", "1", 1.0),
        ("patience", "5", 5),
    ],
)
def test_every_setting_can_be_typed(panel, document, name, text, value):
    type_into(panel, name, text)
    assert getattr(document.project.training, name) == value


def test_device_and_precision_are_picked(panel, document):
    pick(panel, "param_precision", "bf16")
    pick(panel, "param_device", "cpu")
    assert (document.project.training.precision, document.project.training.device) == ("bf16", "cpu")


def test_a_run_that_goes_on_tells_the_time_that_is_left_from_what_is_left():
    began = Began(10, 10, (1000, 10, 20), 1, step=50)
    assert seconds_left(began, [], 60, 2.0) == pytest.approx(8.0)
    pace = Pace(began, 100.0)
    pace.mark(101.0, 60)
    assert pace.records_per_second == pytest.approx(1000.0)
