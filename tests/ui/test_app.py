"""What stands between the command and the window."""

import gc
import logging
import subprocess
import sys
from importlib import metadata

import pytest
from PySide6.QtWidgets import QApplication

from nndesigner.ui import app, platform


def test_a_missing_library_is_named_with_the_package_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(platform.ctypes, "CDLL", refuse)
    assert platform.obstacle() == (
        "the system library libxcb-cursor.so.0, which Qt needs, is missing; "
        "on Debian and Ubuntu: sudo apt install libxcb-cursor0"
    )


@pytest.mark.parametrize(("python", "stands"), [((3, 11), True), ((3, 12), False)])
def test_the_pair_of_python_and_qt_that_crashes_is_refused(
    python: tuple[int, int], stands: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "6.12.0")
    monkeypatch.setattr(platform.sys, "version_info", (*python, 0))
    assert ("PySide6 6.12.0 crashes on Python 3.11" in platform.obstacle()) == stands


def test_nothing_stands_against_a_window_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert platform.obstacle() == ""


def test_widgets_are_collected_on_their_own_thread_only(
    qtbot, own_folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    hook = sys.excepthook
    try:
        window = app.start(QApplication.instance())
        qtbot.addWidget(window)
        assert not gc.isenabled()
        window.leaving.agreed = True
        window.close()
    finally:
        gc.enable()
        sys.excepthook = hook
        window.checker.finish()


def test_the_window_stands_before_torch_is_loaded() -> None:
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from nndesigner.ui.main_window import MainWindow; window = MainWindow(); window.parts; window.grab();"
        "import os; os._exit('torch' in sys.modules or 'pyqtgraph' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60).returncode == 0
