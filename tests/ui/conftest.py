"""The window and its pilot."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pilot import LONG, Pilot, QtHand, XHand
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from nndesigner.ui import theme
from nndesigner.ui.help.tips import OFF
from nndesigner.ui.main_window import MainWindow


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, caches and unsaved work of the test, apart from those of the person who runs it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    QApplication.setOrganizationName("nndesigner-test")
    QApplication.setApplicationName("nndesigner-test")
    QSettings().clear()
    QSettings().setValue(OFF, True)  # someone who wants no tips
    return tmp_path


@pytest.fixture
def pilot(qtbot, own_folders: Path) -> Iterator[Pilot]:
    """A person at a new window."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    _dressed(QApplication.instance())
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=_put_away)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()

    def wait(until: Callable[[], bool]) -> None:
        qtbot.waitUntil(until, timeout=LONG)

    # As in the program: run on the checker's thread, the cycle collector would destroy widgets there.
    gc.disable()
    hand = XHand(wait) if os.environ.get("NNDESIGNER_HAND") == "x" else QtHand()
    wait(lambda: window._parts is not None)
    yield Pilot(window, hand, wait)
    gc.enable()


def _dressed(app: QApplication) -> None:
    """The program in its light theme; put on anew only after a test of another, as every widget there is takes part in it."""
    if theme.look.theme is not theme.LIGHT or app.styleSheet() != theme.style_sheet(theme.LIGHT):
        theme.apply(app, theme.LIGHT)


def _put_away(window: MainWindow) -> None:
    """Closes a window whatever is unsaved or running."""
    window.leaving.agreed = True
    window.close()
    assert not window.run.active and not window.checker.isRunning()
