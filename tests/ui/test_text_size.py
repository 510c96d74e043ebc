"""The size of text: chosen in the window, kept, and what Qt is started with."""

import os
import subprocess
import sys

import pytest
from pilot import Pilot
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtTest import QTest

from nndesigner.graph import Graph, Node
from nndesigner.project import Project
from nndesigner.ui import text_size
from nndesigner.ui.notice import Notice
from nndesigner.ui.text_size import SIZES, TextSize, kept, set_before_qt


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The programs that were started, by what they were to open."""
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(text_size, "start", lambda *arguments: found.append(arguments))
    return found


@pytest.mark.parametrize(("value", "size"), [(150, 150), ("125", 125), (128, 125), (999, 200), ("big", 100)])
def test_a_size_that_was_kept_is_one_of_those_there_are(own_folders, value, size) -> None:
    QSettings().setValue("textSize", value)
    assert kept() == size


@pytest.mark.parametrize(
    ("outside", "size", "factor"),
    [(None, 150, 1.5), ("2", 80, 1.6), ("nonsense", 200, 2.0), ("1.25", 100, 1.25)],
)
def test_the_size_multiplies_what_comes_from_outside(own_folders, monkeypatch, outside, size, factor) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", outside or "")
    if outside is None:
        monkeypatch.delenv("QT_SCALE_FACTOR")
    QSettings("nndesigner-test", "nndesigner-test").setValue("textSize", size)
    set_before_qt("nndesigner-test")
    assert float(os.environ["QT_SCALE_FACTOR"]) == factor


def test_qt_shows_everything_in_that_size(own_folders) -> None:
    words = (
        "from PySide6.QtCore import QSettings\n"
        "from PySide6.QtGui import QGuiApplication\n"
        "from nndesigner.ui.text_size import set_before_qt\n"
        f"QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, {str(own_folders)!r})\n"
        "QSettings('one', 'one').setValue('textSize', 175)\n"
        "set_before_qt('one')\n"
        "print(QGuiApplication([]).primaryScreen().devicePixelRatio())"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("QT_SCALE_FACTOR", None)
    told = subprocess.run(
        [sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "1.75"


def test_where_nothing_can_be_lost_the_window_opens_anew_at_once(pilot: Pilot, started) -> None:
    QSettings().setValue("textSize", 175)
    pilot.window.actions_["text_size"].trigger()
    found = pilot.window.findChild(TextSize)
    found.menu.close()
    found.menu.actions()[SIZES.index(200)].trigger()
    assert kept() == 200 and started == [()]
    assert not pilot.window.isVisible()
    assert pilot.window.size() == QSize(1120, 700)  # of the larger units, as large as before


def test_it_opens_the_file_it_shows(pilot: Pilot, started, tmp_path) -> None:
    path = tmp_path / "net.nnd"
    pilot.window.filing.new()
    pilot.window.filing._save(path, lambda: None)
    pilot.wait(lambda: pilot.window.document.path == path)
    pilot.window.actions_["text_smaller"].trigger()
    assert kept() == 90 and started == [(str(path),)]


def test_unsaved_work_stays_until_the_person_says_so(pilot: Pilot, started) -> None:
    pilot.window.filing.new()
    pilot.window.document.edit("Add", Project(Graph.of([Node("relu1", "ReLU")])))
    for _ in range(2):
        pilot.window.actions_["text_larger"].trigger()
    assert kept() == 125 and started == [] and pilot.window.isVisible()
    assert pilot.window.findChild(Notice).accessibleName().startswith("Text is shown at 125 %")
    (button,) = pilot.window.findChild(Notice)._buttons
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    pilot.click("questionDiscard")
    pilot.wait(lambda: started == [()])
    assert not pilot.window.isVisible()


def test_the_sizes_are_a_menu_with_the_one_in_use_checked(pilot: Pilot, started) -> None:
    QSettings().setValue("textSize", 150)
    pilot.window.actions_["text_size"].trigger()
    menu = pilot.window.findChild(TextSize).menu
    assert menu.isVisible()
    assert [action.isChecked() for action in menu.actions()] == [size == 150 for size in SIZES]
    assert menu.activeAction() is menu.actions()[SIZES.index(150)]
    menu.close()
