"""How large text and everything round it is shown, beside what the system asks for: kept from session to session.

Qt scales a whole program, sharp and with nothing cut off, by a factor that it reads once, before its first window. So
another size opens the window anew with the file it shows: at once where nothing can be lost by it, else when a person
says so.
"""

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QProcess, QProcessEnvironment, QSettings
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from nndesigner.ui.figures import THIN

if TYPE_CHECKING:
    from nndesigner.ui.main_window import MainWindow

SIZES = (80, 90, 100, 110, 125, 150, 175, 200)  # %
USUAL = 100
_KEY, _FACTOR = "textSize", "QT_SCALE_FACTOR"
_given: list[str | None] = []  # the factor that came from outside


def kept(settings: QSettings | None = None) -> int:
    """The size a person chose, in %."""
    found = (settings or QSettings()).value(_KEY, USUAL)
    try:
        return min(SIZES, key=lambda size: abs(size - int(found)))
    except (TypeError, ValueError):
        return USUAL


def set_before_qt(name: str) -> None:
    """Makes everything as large as it was chosen for the program of this name; a factor from outside still counts."""
    outside = os.environ.get(_FACTOR)
    _given[:] = [outside]
    size = kept(QSettings(name, name))
    if size != USUAL:
        os.environ[_FACTOR] = str(_number(outside) * size / 100)


def _number(factor: str | None) -> float:
    try:
        found = float(factor or 1)
    except ValueError:
        return 1.0
    return found if found > 0 else 1.0


class TextSize(QObject):
    """The choice of a size in one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.shown = kept()  # what the window was opened with
        self.menu = QMenu(window)
        self.menu.setObjectName("textSizeMenu")
        self.menu.setAccessibleName(self.tr("Text size"))
        group = QActionGroup(self.menu)
        for size in SIZES:
            action = self.menu.addAction(f"{size}{THIN}%")
            action.setObjectName(f"textSize{size}")
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, size=size: self.choose(size))

    def ask(self) -> None:
        """Shows the sizes there are, below the title row."""
        chosen = self.menu.actions()[SIZES.index(kept())]
        chosen.setChecked(True)
        row = self._window.title_row
        self.menu.popup(
            row.mapToGlobal(QPoint((row.width() - self.menu.sizeHint().width()) // 2, row.height()))
        )
        self.menu.setActiveAction(chosen)

    def step(self, steps: int) -> None:
        """Chooses the next larger or smaller size."""
        place = SIZES.index(kept()) + steps
        self.choose(SIZES[min(max(place, 0), len(SIZES) - 1)])

    def choose(self, size: int) -> None:
        """Keeps this size and shows it: at once where nothing is lost by opening the window anew."""
        QSettings().setValue(_KEY, size)
        window = self._window
        if size == self.shown:
            window.notice.settle()
        elif not (window.run.active or window.document.unsaved or window.document.stack.count()):
            self.reopen()
        elif window.run.active:
            words = self.tr("Text is shown at {} % once the window is opened anew, after the run.")
            window.notice.tell(words.format(size))
        else:
            words = self.tr("Text is shown at {} % once the window is opened anew.")
            window.notice.tell(words.format(size), (self.tr("Open it anew"), self.reopen))

    def reopen(self) -> None:
        """Opens the window anew, with the same file, once nothing is lost by it."""
        if not self._window.run.active:
            self._window.filing.when_safe(self._go)

    def _go(self) -> None:
        window, path = self._window, self._window.document.path
        if not window.isMaximized() and not window.isFullScreen():
            # What is kept of its place is in units of the size: as large on the screen as it is now.
            window.resize(window.size() * (self.shown / kept()))
        window.leaving.agreed = True
        window.close()
        start(*([str(path)] if path else []))


def start(*arguments: str) -> None:
    """Starts the program once more, beside this one that ends."""
    process = QProcess()
    frozen = getattr(sys, "frozen", False)
    process.setProgram(sys.executable)
    process.setArguments([*([] if frozen else ["-m", "nndesigner"]), *arguments])
    environment = QProcessEnvironment.systemEnvironment()
    outside = _given[0] if _given else None
    if outside is None:
        environment.remove(_FACTOR)
    else:
        environment.insert(_FACTOR, outside)
    process.setProcessEnvironment(environment)
    process.startDetached()
