"""Starts the window: what must be set before Qt and torch are loaded, and what keeps the work safe when code fails."""

import gc
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from nndesigner.process import ready_for_torch
from nndesigner.ui import platform

if TYPE_CHECKING:
    from nndesigner.ui.main_window import MainWindow

_log = logging.getLogger("nndesigner")
_NAME = "nndesigner"
_COLLECT_EVERY = 2000
_OLD_ROUNDS = 15


def main(arguments: Sequence[str]) -> int:
    """Opens the window, with the file named first if there is one; gives the exit code."""
    ready_for_torch()
    if obstacle := platform.obstacle():
        sys.stderr.write(f"nndesigner: {obstacle}\n")
        return 1
    from PySide6.QtWidgets import QApplication

    from nndesigner.ui.text_size import set_before_qt

    set_before_qt(_NAME)
    app = QApplication([sys.argv[0]])
    window = start(app)
    if arguments:
        window.filing.open(Path(arguments[0]))
    code: int = app.exec()
    # The window's objects go while Qt still lives, in an order of their own, not the interpreter's; edits before the stack
    # that holds them, as both Python's collector and the stack would delete them.
    window.document.stack.clear()
    del window
    gc.collect()
    return code


def start(app: object) -> "MainWindow":
    """The window, shown, in an application that is guarded."""
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    assert isinstance(app, QApplication)
    app.setApplicationName(_NAME)
    app.setOrganizationName(_NAME)
    app.setApplicationDisplayName("nndesigner")
    app.setDesktopFileName("nndesigner")
    log_to_file()
    from nndesigner.ui import theme
    from nndesigner.ui.main_window import MainWindow

    theme.follow_system(app)
    mode = str(QSettings().value("theme", "system"))
    if mode in ("light", "dark"):
        theme.set_mode(mode)  # type: ignore[arg-type]
    window = MainWindow()
    guard(window)
    # Python's cycle collector may run on any thread and would destroy widgets there: it runs on this one only.
    gc.disable()
    timer = QTimer(window, interval=_COLLECT_EVERY)
    timer.timeout.connect(_collect)
    timer.start()
    # What torch and Qt brought along is there to stay; looked through again and again it would cost 0.1 s each time.
    window.checker.ready.connect(gc.freeze)
    window.show()
    return window


def _collect() -> None:
    """Collects what was made lately; all of it only where that is little."""
    gc.collect(2 if gc.get_count()[2] > _OLD_ROUNDS else 1)


def guard(window: "MainWindow") -> None:
    """An exception anywhere in the window is logged, the work secured, and the person told quietly."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("an exception reached the window", exc_info=(kind, error, trace))
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        window.recovery.secure()
        window.notice.tell(
            window.tr("Something went wrong; your work is safe. ({})").format(f"{kind.__name__}: {error}"),
            warning=True,
        )

    sys.excepthook = caught


def log_to_file() -> None:
    """What goes wrong is written to a file that a person can send."""
    import platformdirs

    try:
        folder = Path(platformdirs.user_log_dir("nndesigner", appauthor=False))
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.FileHandler(
            folder / "nndesigner.log", encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler()
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(message)s"
    )
