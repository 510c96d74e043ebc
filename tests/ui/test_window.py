"""The window as a whole: what it asks, what it survives, and what it keeps."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pilot import Pilot
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nndesigner import examples, files, nnd
from nndesigner.training.report import Finished
from nndesigner.ui import recovery, theme
from nndesigner.ui.app import guard
from nndesigner.ui.leaving import offer_rescued
from tests.conftest import small_digits

FIELDS = (
    QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QDockWidget, QPlainTextEdit, QSlider,
)  # fmt: skip


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """As in the program, garbage is collected on this thread only: on another, windows would be destroyed there."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


def load(pilot: Pilot, **training: object) -> None:
    """Small digits, as if opened from nowhere."""
    pilot.window.filing._load(small_digits(**training), None)
    pilot.settle()


def edit(pilot: Pilot, title: str = "Renamed") -> None:
    """An edit, so that there is something unsaved."""
    project = pilot.window.document.project
    pilot.window.document.edit("Rename", replace(project, title=title))


def asked(pilot: Pilot, words: str) -> None:
    """Waits for a question that has these words in it."""
    pilot.wait(
        lambda: any(words in box.text() for box in pilot.window.findChildren(QMessageBox) if box.isVisible())
    )


def answer(pilot: Pilot, name: str) -> None:
    pilot.click(name)
    pilot.wait(lambda: not [box for box in pilot.window.findChildren(QMessageBox) if box.isVisible()])


# Leaving.


def test_closing_with_nothing_unsaved_asks_nothing(pilot: Pilot) -> None:
    load(pilot)
    pilot.window.close()
    assert not pilot.window.isVisible()
    assert not pilot.window.checker.isRunning()


def test_closing_while_training_asks_and_going_on_continues_the_run(pilot: Pilot) -> None:
    load(pilot, epochs=500)
    pilot.click("trainButton")
    pilot.wait(lambda: len(pilot.window.run.reports) > 3)
    pilot.window.close()
    asked(pilot, "Training goes on")
    answer(pilot, "questionCancel")
    steps = len(pilot.window.run.reports)
    pilot.wait(lambda: len(pilot.window.run.reports) > steps)
    assert pilot.window.isVisible() and pilot.window.run.state == "running"


def test_stop_and_close_ends_the_run_and_the_window(pilot: Pilot) -> None:
    load(pilot, epochs=500)
    pilot.click("trainButton")
    pilot.wait(lambda: len(pilot.window.run.reports) > 3)
    pilot.window.close()
    asked(pilot, "Training goes on")
    answer(pilot, "questionStop")
    pilot.wait(lambda: not pilot.window.isVisible())
    assert not pilot.window.run.active


def test_stop_and_close_still_asks_about_what_is_unsaved(pilot: Pilot) -> None:
    load(pilot, epochs=500)
    edit(pilot)
    pilot.click("trainButton")
    pilot.wait(lambda: len(pilot.window.run.reports) > 3)
    pilot.window.close()
    asked(pilot, "Training goes on")
    pilot.click("questionStop")
    asked(pilot, "Save the changes")
    answer(pilot, "questionCancel")
    pilot.wait(lambda: not pilot.window.run.active)
    assert pilot.window.isVisible() and pilot.window.document.unsaved


def test_a_paused_run_ends_when_the_window_closes(pilot: Pilot) -> None:
    load(pilot, epochs=500)
    pilot.click("trainButton")
    pilot.wait(lambda: len(pilot.window.run.reports) > 3)
    pilot.click("pauseButton")
    pilot.window.close()
    asked(pilot, "Training is paused")
    answer(pilot, "questionStop")
    pilot.wait(lambda: not pilot.window.isVisible())
    assert not pilot.window.run.active


def test_closing_unsaved_work_and_cancelling_keeps_everything(pilot: Pilot) -> None:
    load(pilot)
    edit(pilot)
    pilot.window.close()
    asked(pilot, "Save the changes to Renamed?")
    answer(pilot, "questionCancel")
    assert pilot.window.isVisible() and pilot.window.document.unsaved


def test_escape_is_cancel(pilot: Pilot) -> None:
    load(pilot)
    edit(pilot)
    pilot.window.close()
    asked(pilot, "Save the changes")
    QTest.keyClick(pilot.find("question"), Qt.Key.Key_Escape)
    pilot.wait(lambda: not [box for box in pilot.window.findChildren(QMessageBox) if box.isVisible()])
    assert pilot.window.isVisible() and pilot.window.document.unsaved


def test_closing_without_saving_leaves_the_file_as_it_was(pilot: Pilot, tmp_path: Path) -> None:
    path = tmp_path / "kept.nnd"
    nnd.save(small_digits(), path)
    pilot.window.filing.open(path)
    before = path.read_bytes()
    edit(pilot)
    pilot.window.close()
    answer(pilot, "questionDiscard")
    pilot.wait(lambda: not pilot.window.isVisible())
    assert path.read_bytes() == before
    assert not list(recovery.folder().glob("*.json"))


def test_closing_with_saving_saves_and_closes(pilot: Pilot, tmp_path: Path) -> None:
    path = tmp_path / "kept.nnd"
    nnd.save(small_digits(), path)
    pilot.window.filing.open(path)
    edit(pilot, "Another title")
    pilot.window.close()
    pilot.click("questionSave")
    pilot.wait(lambda: not pilot.window.isVisible())
    assert nnd.load(path).title == "Another title"


def test_a_save_that_fails_keeps_the_window_open(pilot: Pilot, tmp_path: Path) -> None:
    path = tmp_path / "folder" / "kept.nnd"
    path.parent.mkdir()
    nnd.save(small_digits(), path)
    pilot.window.filing.open(path)
    edit(pilot)
    path.unlink()
    path.parent.rmdir()
    pilot.window.close()
    answer(pilot, "questionSave")
    assert pilot.window.isVisible() and pilot.window.document.unsaved
    assert "can't be written" in pilot.window.notice.text


def test_an_example_over_unsaved_work_asks_first(pilot: Pilot) -> None:
    load(pilot)
    edit(pilot)
    pilot.window.show_welcome()
    pilot.click("example_digits")
    asked(pilot, "Save the changes to Renamed?")
    answer(pilot, "questionDiscard")
    assert pilot.window.document.project == examples.load("digits")


# What it survives.


def test_an_exception_is_told_quietly_and_the_work_kept(
    pilot: Pilot, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(pilot)
    edit(pilot, "Precious")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    guard(pilot.window)
    hook = sys.excepthook

    def broken() -> None:
        raise ValueError("no <b>good</b>")

    pilot.window.actions_["add_layer"].triggered.connect(broken)
    with qtbot.capture_exceptions() as caught:
        pilot.window.actions_["add_layer"].trigger()
    (kind, error, trace), *_ = caught
    hook(kind, error, trace)
    assert pilot.window.notice.isVisible()
    assert pilot.window.notice.text == "Something went wrong; your work is safe. (ValueError: no <b>good</b>)"
    pilot.wait(lambda: bool(list(recovery.folder().glob("*.json"))))
    kept = json.loads(next(recovery.folder().glob("*.json")).read_text())
    assert nnd.from_text(kept["project"]).title == "Precious"
    pilot.drop_kind("ReLU", 300, 0)
    pilot.settle()
    pilot.hand.keys("Ctrl+Z")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda text: text[:400], "cut off"),
        (
            lambda text: text.replace(f'"version": {nnd.VERSION}', '"version": 99'),
            "made by a newer nndesigner",
        ),
        (lambda text: "", "is empty"),
        (lambda text: "[1, 2]", "this is no nndesigner project"),
        (lambda text: "\x00\x01", "not readable"),
    ],
    ids=["cut off", "newer", "empty", "other", "binary"],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    pilot: Pilot, tmp_path: Path, content: Callable[[str], str], words: str
) -> None:
    load(pilot)
    edit(pilot, "Stays")
    pilot.window.document.stack.setClean()
    before, steps = pilot.window.document.project, pilot.window.document.stack.count()
    path = tmp_path / "broken.nnd"
    path.write_text(content(nnd.to_text(small_digits())))
    pilot.window.filing.open(path)
    assert words in pilot.window.notice.text and pilot.window.notice.isVisible()
    assert "\n" not in pilot.window.notice.text and "Traceback" not in pilot.window.notice.text
    assert pilot.window.document.project is before and pilot.window.document.stack.count() == steps
    assert pilot.window.document.path is None
    assert path not in pilot.window.filing.recent.paths()


def test_a_missing_file_and_a_folder_are_refused(pilot: Pilot, tmp_path: Path) -> None:
    load(pilot)
    for path, words in ((tmp_path / "gone.nnd", "there is no file"), (tmp_path, "can't be read")):
        pilot.window.filing.open(path)
        assert words in pilot.window.notice.text
    assert pilot.window.document.project == small_digits()


def test_opening_what_can_be_read_takes_the_old_warning_away(pilot: Pilot, tmp_path: Path) -> None:
    load(pilot)
    pilot.window.filing.open(tmp_path / "gone.nnd")
    assert pilot.window.notice.isVisible()
    pilot.window.filing.example("digits")
    assert not pilot.window.notice.isVisible()


def test_an_unknown_layer_is_shown_as_a_problem_and_saved_as_it_came(pilot: Pilot, tmp_path: Path) -> None:
    path = tmp_path / "unknown.nnd"
    text = nnd.to_text(small_digits()).replace('"ReLU"', '"<b>Wobble</b>"')
    path.write_text(text)
    pilot.window.filing.open(path)
    pilot.settle()
    assert [problem.node for problem in pilot.canvas.stage.plan.problems] == ["relu1"]
    pilot.wait(lambda: pilot.window.parts.docks["problems"].isVisible())
    pilot.canvas.select(["relu1"])
    pilot.window.actions_["save"].trigger()
    assert path.read_text() == text


def test_a_file_dropped_on_the_window_is_opened(pilot: Pilot, tmp_path: Path) -> None:
    path = tmp_path / "dropped.nnd"
    nnd.save(small_digits(), path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy = Qt.DropAction.CopyAction
    left, plain, at = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(50, 50)
    for target in (pilot.window.welcome.viewport(), pilot.canvas.viewport()):
        pilot.window.document.load(small_digits(), None)
        QApplication.sendEvent(target, QDragEnterEvent(at, copy, data, left, plain))
        QApplication.sendEvent(target, QDragMoveEvent(at, copy, data, left, plain))
        QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, data, left, plain))
        assert pilot.window.document.path == path


def test_work_of_a_program_that_died_is_offered_and_comes_back_unsaved(pilot: Pilot, tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    left = recovery.folder() / f"{process.pid}.json"
    lost = tmp_path / "lost.nnd"
    content = {"path": str(lost), "project": nnd.to_text(small_digits())}
    left.parent.mkdir(parents=True, exist_ok=True)
    files.write(left, json.dumps(content).encode())
    offer_rescued(pilot.window.notice, pilot.window.filing)
    assert "lost.nnd" in pilot.window.notice.text
    pilot.click("noticeChoice1")
    assert pilot.window.document.project == small_digits()
    assert pilot.window.document.unsaved and pilot.window.document.path == lost
    assert not left.exists() and not pilot.window.notice.isVisible()


def test_work_of_a_program_that_lives_is_not_offered(pilot: Pilot) -> None:
    left = recovery.folder() / f"{os.getppid()}.json"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text(json.dumps({"path": None, "project": nnd.to_text(small_digits())}))
    offer_rescued(pilot.window.notice, pilot.window.filing)
    assert not pilot.window.notice.isVisible()


def test_unsaved_work_is_on_the_disk_a_moment_after_the_edit(pilot: Pilot) -> None:
    load(pilot)
    edit(pilot, "On the disk")
    own = recovery.folder() / f"{os.getpid()}.json"
    pilot.wait(own.exists)
    assert nnd.from_text(json.loads(own.read_text())["project"]).title == "On the disk"


# Training.


def test_editing_while_training_does_not_change_the_run(pilot: Pilot) -> None:
    def trained(meanwhile: Callable[[], object]) -> Finished:
        pilot.click("trainButton")
        pilot.wait(lambda: len(pilot.window.run.reports) > 3)
        meanwhile()
        pilot.wait(lambda: pilot.window.run.state == "finished")
        last = pilot.window.run.reports[-1]
        assert isinstance(last, Finished)
        return last

    def interfere() -> None:
        window = pilot.window
        window.show_workspace("design")
        pilot.canvas.select(["conv1"])
        pilot.canvas.delete_selection()
        window.document.stack.undo()
        window.document.stack.redo()
        window.show_workspace("training")

    load(pilot, epochs=3)
    alone = trained(lambda: None)
    disturbed = trained(interfere)
    assert disturbed.weights_sha256 == alone.weights_sha256
    assert "conv1" not in pilot.graph.nodes and pilot.window.run.project == small_digits(epochs=3)


def test_pause_resume_stop_and_train_again(pilot: Pilot) -> None:
    load(pilot, epochs=500)
    run = pilot.window.run
    pilot.click("trainButton")
    pilot.wait(lambda: len(run.reports) > 3)
    pilot.click("pauseButton")
    assert run.state == "paused"
    pilot.click("resumeButton")
    steps = len(run.reports)
    pilot.wait(lambda: len(run.reports) > steps)
    pilot.click("stopButton")
    pilot.wait(lambda: run.state == "stopped" and not run.active)
    pilot.click("trainButton")
    pilot.wait(lambda: run.state == "running" and len(run.reports) > 3)
    pilot.click("stopButton")
    pilot.wait(lambda: not run.active)


def test_a_network_that_cannot_be_trained_says_why(pilot: Pilot) -> None:
    pilot.window.filing.new()
    pilot.settle()
    pilot.click("trainButton")
    pilot.wait(lambda: pilot.window.run.state == "failed")
    assert pilot.window.notice.isVisible() and pilot.window.notice.text
    pilot.wait(lambda: pilot.find("trainButton").isEnabled())


# How it looks, and where things are.


def test_every_shown_part_follows_the_theme(pilot: Pilot) -> None:
    load(pilot)
    pilot.window.notice.tell("Something", warning=True)
    pilot.window.workspaces.set_shown("code", True)
    pilot.window.workspaces.set_shown("problems", True)
    for table, action in ((theme.DARK, "dark"), (theme.LIGHT, "light")):
        pilot.window.actions_[action].trigger()
        assert theme.look.theme is table
        other = theme.LIGHT if table is theme.DARK else theme.DARK
        pilot.window.repaint()
        picture = pilot.window.grab().toImage()
        grounds = {QColor(other.paper).rgb(), QColor(other.surface).rgb()} - {QColor(table.on_accent).rgb()}
        wrong = [
            (x, y)
            for x in range(0, picture.width(), 8)
            for y in range(0, picture.height(), 8)
            if picture.pixelColor(x, y).rgb() in grounds
        ]
        assert wrong == []
    pilot.window.actions_["system"].trigger()


def test_the_signs_of_a_notice_follow_the_theme(pilot: Pilot) -> None:
    load(pilot)
    pilot.window.notice.tell("Something", warning=True)
    close = pilot.find("noticeClose")
    pilot.window.actions_["dark"].trigger()
    drawn = close.icon().pixmap(16, 16).toImage()
    colours = [drawn.pixelColor(x, y) for x in range(16) for y in range(16)]
    assert min(colour.lightness() for colour in colours if colour.alpha() == 255) > 128


def test_workspaces_keep_their_layout(pilot: Pilot) -> None:
    load(pilot)
    docks = pilot.window.parts.docks
    pilot.click("paletteClose")
    pilot.window.resizeDocks([docks["inspector"]], [380], Qt.Orientation.Horizontal)
    pilot.wait(lambda: docks["inspector"].width() == 380)
    pilot.click("workspace_training")
    assert docks["curves"].isVisible() and docks["runs"].isVisible()
    pilot.click("workspace_design")
    pilot.wait(lambda: docks["inspector"].width() == 380)
    assert not docks["palette"].isVisible()
    pilot.window.actions_["reset_layout"].trigger()
    pilot.wait(lambda: docks["palette"].isVisible() and docks["inspector"].width() == 300)


def test_the_layout_is_there_again_in_the_next_window(pilot: Pilot, qtbot: QtBot) -> None:
    load(pilot)
    pilot.click("paletteClose")
    pilot.window.close()
    second = type(pilot.window)()
    qtbot.addWidget(second, before_close_func=lambda window: window.close())
    second.show()
    second.filing._load(small_digits(), None)
    assert not second.parts.docks["palette"].isVisible()
    assert second.parts.docks["inspector"].isVisible()


def test_closing_a_dock_gives_its_room_to_the_canvas(pilot: Pilot) -> None:
    load(pilot)
    docks = pilot.window.parts.docks
    pilot.wait(lambda: docks["inspector"].width() == 300)
    room = pilot.canvas.width()
    for close in (lambda: pilot.hand.keys("Ctrl+K"), lambda: pilot.click("codeClose")):
        pilot.hand.keys("Ctrl+K")
        pilot.wait(lambda: docks["code"].isVisible() and pilot.canvas.width() < room)
        pilot.wait(lambda: docks["inspector"].width() == 300 and docks["palette"].width() == 240)
        close()
        pilot.wait(lambda: pilot.canvas.width() == room and docks["inspector"].width() == 300)


def test_the_drawing_stays_where_it_is_when_docks_come_and_go(pilot: Pilot) -> None:
    load(pilot)
    docks = pilot.window.parts.docks
    pilot.wait(lambda: docks["inspector"].width() == 300)
    spot = QPoint()

    def place() -> QPoint:
        return pilot.canvas.mapFromScene(0, 0) - QPoint(pilot.canvas.width() // 2, 0)

    pilot.wait(lambda: pilot.canvas.camera.scale < 1 or place().y() > 0)
    spot = place()
    for name in ("problems", "code"):
        for shown in (True, False):
            pilot.window.workspaces.set_shown(name, shown)
            pilot.wait(lambda name=name, shown=shown: docks[name].isVisible() == shown)
            pilot.wait(lambda: place() == spot)


def test_a_new_network_is_shown_at_its_natural_size(pilot: Pilot) -> None:
    pilot.window.filing.example("digits-inception")
    pilot.settle()
    pilot.wait(lambda: pilot.canvas.camera.scale < 1)
    pilot.window.filing.new()
    pilot.wait(lambda: pilot.canvas.camera.scale == 1)


@pytest.mark.parametrize("way", ["design", "Escape", "training"])
def test_from_the_welcome_page_a_way_leads_back_to_what_is_open(pilot: Pilot, way: str) -> None:
    load(pilot)
    drawn = pilot.window.document.graph
    pilot.window.show_welcome()
    pilot.wait(pilot.window.welcome.isVisible)
    if way == "Escape":
        QTest.keyClick(pilot.window.welcome, Qt.Key.Key_Escape)
    else:
        pilot.window.actions_[way].trigger()
    pilot.wait(pilot.canvas.isVisible)
    assert pilot.window.document.graph == drawn
    assert pilot.window.workspaces.current == ("training" if way == "training" else "design")
    assert pilot.window.actions_["train"].isEnabled()


def test_escape_in_the_list_of_commands_stays_on_the_welcome_page(pilot: Pilot) -> None:
    pilot.window.actions_["commands"].trigger()
    pilot.wait(
        lambda: (
            QApplication.focusWidget() is not None and pilot.window.welcome is not QApplication.focusWidget()
        )
    )
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert pilot.window.welcome.isVisible()
    QTest.keyClick(pilot.window.welcome, Qt.Key.Key_Escape)
    assert not pilot.window.welcome.isVisible()


@pytest.mark.parametrize("choice", ["questionReplace", "questionCancel"])
def test_a_file_that_was_written_elsewhere_is_not_saved_over_unasked(
    pilot: Pilot, tmp_path: Path, choice: str
) -> None:
    path = tmp_path / "shared.nnd"
    load(pilot)
    document, filing = pilot.window.document, pilot.window.filing
    filing._save(path, lambda: None)
    document.edit_graph("Remove", document.graph.remove(list(document.graph.nodes)[-1:]))
    filing.save()  # nobody else wrote
    assert not document.unsaved
    theirs = examples.load("digits-mlp")
    nnd.save(theirs, path)
    document.edit_graph("Remove", document.graph.remove(list(document.graph.nodes)[-1:]))
    filing.save()
    assert nnd.load(path) == theirs and document.unsaved
    answer(pilot, choice)
    replaced = choice == "questionReplace"
    assert document.unsaved is not replaced
    assert nnd.load(path) == (document.project if replaced else theirs)
    assert not replaced or nnd.load(path.with_name("shared.nnd~")) == theirs


def test_a_workspace_left_with_problems_has_no_list_of_them_once_they_are_solved(pilot: Pilot) -> None:
    load(pilot)
    document, listed = pilot.window.document, pilot.window.parts.docks["problems"]
    whole = document.graph
    document.edit_graph("Remove", whole.remove(["loss", "linear1"]))
    pilot.wait(listed.isVisible)
    pilot.window.show_workspace("training")
    document.edit_graph("Bring back", whole)
    pilot.wait(lambda: not listed.isVisible())
    pilot.window.show_workspace("design")
    assert not listed.isVisible()


def test_no_workspace_is_marked_on_the_welcome_page(pilot: Pilot) -> None:
    marked = "QToolButton:checked"
    assert marked not in pilot.window.title_row.workspaces.styleSheet()
    load(pilot)
    assert marked in pilot.window.title_row.workspaces.styleSheet()


def test_a_first_window_leaves_room_for_its_frame_on_the_screen(pilot: Pilot) -> None:
    pilot.window._restore_window()
    room = pilot.window.screen().availableSize()
    assert pilot.window.width() < room.width() and pilot.window.height() <= room.height() - 32


def test_the_row_at_the_foot_reaches_every_edge_of_the_window(pilot: Pilot) -> None:
    load(pilot)
    row = pilot.find("statusRow")
    place = QRect(row.mapTo(pilot.window, QPoint()), row.size())
    assert place.left() == 0 and place.right() == pilot.window.width() - 1
    assert place.bottom() == pilot.window.height() - 1
    picture, line = pilot.window.grab().toImage(), QColor(theme.LIGHT.line)
    shown = [y for y in range(place.top() - 6, place.bottom()) if picture.pixelColor(600, y) == line]
    assert shown == [place.top()]


def test_small_and_large_windows_hold_all_parts(pilot: Pilot) -> None:
    load(pilot)
    for size in ((700, 500), (2560, 1440), (1280, 800)):
        pilot.window.resize(*size)
        for space in ("training", "design"):
            pilot.window.show_workspace(space)
            QApplication.processEvents()
            docks = [dock for dock in pilot.window.parts.docks.values() if dock.isVisible()]
            assert pilot.canvas.width() >= 160
            assert all(dock.width() >= 160 for dock in docks), (size, space)


# Keys.


def test_keys_in_a_field_act_on_its_text_and_on_the_canvas_on_nodes(pilot: Pilot) -> None:
    pilot.window.filing.example("digits")
    pilot.settle()
    drawn = pilot.graph
    pilot.select("relu1")
    search = pilot.find("paletteSearch")
    pilot.hand.click(search, search.rect().center())
    pilot.hand.type("conv")
    pilot.hand.keys("Ctrl+A")
    pilot.hand.keys("Ctrl+X")
    assert search.text() == "" and QApplication.clipboard().text() == "conv"
    pilot.hand.keys("Ctrl+V")
    assert search.text() == "conv"
    pilot.hand.keys("Ctrl+A")
    pilot.hand.keys("Delete")
    assert search.text() == ""
    pilot.hand.keys("Ctrl+Z")
    assert search.text() == "conv"
    assert pilot.graph == drawn and pilot.canvas.selected_names() == ("relu1",)
    pilot.select("relu1")
    pilot.hand.keys("Delete")
    assert "relu1" not in pilot.graph.nodes
    pilot.hand.keys("Ctrl+Z")
    assert "relu1" in pilot.graph.nodes
    pilot.hand.keys("Ctrl+A")
    assert len(pilot.canvas.selected_names()) == len(pilot.graph.nodes)


# Names for those who do not see, and for tests.


def named(pilot: Pilot) -> list[QWidget]:
    return [
        one for one in pilot.window.findChildren(QWidget) if isinstance(one, FIELDS) and not _internal(one)
    ]


def _internal(widget: QWidget) -> bool:
    """Parts of Qt's own widgets: a spin box's field, a list of a combo box, buttons in a field."""
    if widget.objectName().startswith("qt_"):
        return True
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractSpinBox | QComboBox | QLineEdit | QAbstractItemView):
            return True
        above = above.parentWidget()
    return False


def test_everything_that_can_be_used_has_a_name(pilot: Pilot) -> None:
    pilot.window.notice.tell("Something", ("Do it", lambda: None))
    pilot.window.filing.example("digits")
    pilot.settle()
    pilot.window.workspaces.set_shown("code", True)
    pilot.window.show_workspace("training")
    pilot.window.show_workspace("design")
    for names in ((), ("conv1",), ("conv1", "relu1"), ("data",), ("loss",)):
        pilot.canvas.select(names)
        QApplication.processEvents()
        nameless = [
            (type(one).__name__, one.objectName(), one.accessibleName())
            for one in named(pilot)
            if not one.objectName() or not one.accessibleName()
        ]
        assert nameless == []
    assert all(action.objectName() and action.text() for action in pilot.window.actions_.values())


def test_no_label_takes_a_name_for_markup(pilot: Pilot) -> None:
    hostile = "<img src=x>&amp;<b>bold</b>"
    project = small_digits()
    pilot.window.filing._load(replace(project, title=hostile), None)
    edit(pilot, hostile + "!")
    pilot.settle()
    pilot.window.close()
    asked(pilot, hostile)
    shown = [
        label for label in QApplication.allWidgets() if isinstance(label, QLabel) and hostile in label.text()
    ]
    boxes = [box for box in QApplication.allWidgets() if isinstance(box, QMessageBox)]
    assert shown and boxes
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}
    assert {box.textFormat() for box in boxes} == {Qt.TextFormat.PlainText}
    answer(pilot, "questionCancel")
