"""A person at the window: sees what is shown, and acts by mouse and keys.

The pilot has one of two hands. `QtHand` makes Qt's events itself and works on any platform; `XHand` moves the real
pointer and presses real keys of an X server through xdotool, so that everything between hand and window is real too.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QCursor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QWidget,
)

from nndesigner.graph import Graph
from nndesigner.ui.canvas.dropping import MIME
from nndesigner.ui.main_window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
LONG = 120_000
Wait = Callable[[Callable[[], bool]], None]


class Hand(Protocol):
    """What a hand can do; points are in the widget named."""

    def click(self, widget: QWidget, at: QPoint) -> None: ...
    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None: ...
    def carry(self, source: QWidget, start: QPoint, kind: str, target: QWidget, end: QPoint) -> None: ...
    def wheel(self, widget: QWidget, at: QPoint, notches: int) -> None: ...
    def keys(self, keys: str) -> None: ...
    def type(self, text: str) -> None: ...


class QtHand:
    """A hand that makes Qt's events. Keys go to what it touched last, as no window is active without a screen."""

    def __init__(self) -> None:
        self._touched: QWidget | None = None

    def click(self, widget: QWidget, at: QPoint) -> None:
        self._touched = widget
        QTest.mouseClick(widget, LEFT, PLAIN, at)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        QTest.mousePress(widget, LEFT, PLAIN, start)
        for part in (0.2, 0.6, 1.0):
            at = start + (end - start) * part
            where = QPointF(widget.mapToGlobal(at))
            move = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), where, NONE, LEFT, PLAIN)
            QApplication.sendEvent(widget, move)
        QTest.mouseRelease(widget, LEFT, PLAIN, end)

    def carry(self, source: QWidget, start: QPoint, kind: str, target: QWidget, end: QPoint) -> None:
        """The platforms without a screen end a drag at once, so the events of its end are made here."""
        data = QMimeData()
        data.setData(MIME, kind.encode())
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(target, QDragEnterEvent(end, copy, data, LEFT, PLAIN))
        QApplication.sendEvent(target, QDragMoveEvent(end, copy, data, LEFT, PLAIN))
        QApplication.sendEvent(target, QDropEvent(QPointF(end), copy, data, LEFT, PLAIN))

    def wheel(self, widget: QWidget, at: QPoint, notches: int) -> None:
        """Up where `notches` are above 0."""
        turn, where = QPoint(0, 120 * notches), QPointF(widget.mapToGlobal(at))
        phase = Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(
            widget, QWheelEvent(QPointF(at), where, QPoint(), turn, NONE, PLAIN, phase, False)
        )

    def keys(self, keys: str) -> None:
        QTest.keySequence(self._target(), QKeySequence(keys))

    def type(self, text: str) -> None:
        QTest.keyClicks(self._target(), text)

    def _target(self) -> QWidget:
        try:
            if self._touched is not None and self._touched.isVisible():
                return self._touched
        except RuntimeError:  # it was deleted
            self._touched = None
        return QApplication.focusWidget() or QApplication.activeWindow()


class XHand:
    """A hand on the real pointer and keyboard of an X server. It waits until the pointer is where it is to be, on a widget
    that can be seen and whose window has come to its place: one that opens is moved once more by the window manager.
    """

    def __init__(self, wait: Wait) -> None:
        self._wait = wait

    def click(self, widget: QWidget, at: QPoint) -> None:
        if self._reach(widget, at):  # else it went away, as a menu does that was chosen from
            self._do("click", "1", "sleep", "0.05")

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        self.carry(widget, start, "", widget, end)

    def carry(self, source: QWidget, start: QPoint, kind: str, target: QWidget, end: QPoint) -> None:
        assert self._reach(source, start)
        first, last = source.mapToGlobal(start), target.mapToGlobal(end)
        steps: list[str] = ["mousedown", "1", "sleep", "0.05"]
        for part in (0.05, 0.1, 0.3, 0.6, 0.9, 0.98, 1.0):
            at = first + (last - first) * part
            steps += ["mousemove", str(at.x()), str(at.y()), "sleep", "0.03"]
        self._do(*steps, "sleep", "0.1", "mouseup", "1", "sleep", "0.1")

    def wheel(self, widget: QWidget, at: QPoint, notches: int) -> None:
        button = "4" if notches > 0 else "5"
        assert self._reach(widget, at)
        self._do("click", "--repeat", str(abs(notches)), "--delay", "10", button, "sleep", "0.05")

    def keys(self, keys: str) -> None:
        names = {"Ctrl": "ctrl", "Shift": "shift", "/": "slash"}
        parts = [names.get(part, part.lower() if len(part) == 1 else part) for part in keys.split("+")]
        self._do("key", "+".join(parts), "sleep", "0.03")

    def type(self, text: str) -> None:
        self._do("type", "--delay", "8", text)

    def _reach(self, widget: QWidget, at: QPoint) -> bool:
        """Moves the pointer there, again if the window was moved meanwhile, as it is when it opens; whether it got there."""
        self._wait(
            lambda: not widget.isVisible() or widget.window().testAttribute(Qt.WidgetAttribute.WA_Mapped)
        )
        last = monotonic() + LONG / 1000
        while widget.isVisible():
            assert monotonic() < last, f"{widget.objectName()} is covered"
            where, ends = widget.mapToGlobal(at), monotonic() + 1.0
            if QCursor.pos() == where and widget.underMouse():
                return True
            self._do("mousemove", str(where.x()), str(where.y()))
            self._wait(
                lambda where=where, ends=ends: (
                    (QCursor.pos() == where and widget.underMouse())
                    or widget.mapToGlobal(at) != where
                    or monotonic() > ends
                )
            )
        return False

    def _do(self, *words: str) -> None:
        done = subprocess.Popen(["xdotool", *words])
        self._wait(lambda: done.poll() is not None)
        assert done.returncode == 0, words


class Pilot:
    """Speaks of what is seen; looks at the program's state, but changes it by hand only."""

    def __init__(self, window: MainWindow, hand: Hand, wait: Wait) -> None:
        self.window, self.hand, self.wait = window, hand, wait

    @property
    def canvas(self) -> "QWidget":
        return self.window.parts.canvas

    @property
    def graph(self) -> Graph:
        return self.window.document.graph

    def find(self, name: str) -> QWidget:
        """The widget of that name that can be seen."""
        shown = [one for one in QApplication.allWidgets() if one.objectName() == name and one.isVisible()]
        assert shown, f"nothing named {name} can be seen"
        return shown[0]

    def click(self, name: str) -> None:
        target = self.find(name)
        self.hand.click(target, target.rect().center())

    def drop_kind(self, kind: str, x: float, y: float) -> None:
        """Drags a kind from the palette to a place of the canvas."""
        search = self.find("paletteSearch")
        self.hand.click(search, search.rect().center())
        self.hand.keys("Ctrl+A")
        self.hand.type(kind)
        rows = self.window.parts.palette.findChild(QAbstractItemView)
        # A list that is not yet narrowed by all that was typed would be another one a moment later.
        self.wait(lambda: search.text() == kind and kind in self.window.parts.palette.names())
        index = self.window.parts.palette.names().index(kind)
        start = rows.visualRect(rows.model().index(index, 0)).center()
        end = self.canvas.mapFromScene(QPointF(x, y))
        count = len(self.graph.nodes)
        self.hand.carry(rows.viewport(), start, kind, self.canvas.viewport(), end)
        self.wait(lambda: len(self.graph.nodes) == count + 1)

    def place(self, node: str, port: str, is_output: bool) -> QPoint:
        spot = self.canvas.stage.spot_of(node, port, is_output)
        assert spot is not None, f"{node} has no port {port}"
        return self.canvas.mapFromScene(spot)

    def wire(self, source: str, output: str, target: str, into: str) -> None:
        start, end = self.place(source, output, True), self.place(target, into, False)
        self.hand.drag(self.canvas.viewport(), start, end)

    def select(self, node: str) -> None:
        card = self.canvas.stage.node_items[node].card
        self.hand.click(self.canvas.viewport(), self.canvas.mapFromScene(card.center()))
        self.wait(lambda: self.canvas.selected_names() == (node,))

    def set_param(self, name: str, text: str) -> None:
        field = self.find(f"param_{name}")
        self.hand.click(field, QPoint(24, field.height() // 2))
        self.hand.keys("Ctrl+A")
        self.hand.type(text)
        self.hand.keys("Return")

    def drop_files(self, *paths: Path) -> None:
        """Drops files or folders on the window, or on the dialog that is open in front of it."""
        target = QApplication.activeModalWidget() or self.window
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        at, copy = target.rect().center(), Qt.DropAction.CopyAction
        over = QDragEnterEvent(at, copy, data, LEFT, PLAIN)
        QApplication.sendEvent(target, over)
        assert over.isAccepted(), f"{paths} can't be dropped here"
        QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, data, LEFT, PLAIN))

    def choose_file(self, path: Path) -> None:
        """Pastes a path into the file dialog that is open and accepts it; typed, it would be completed."""
        self.wait(lambda: self._dialog() is not None)
        dialog = self._dialog()
        assert dialog is not None
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        self.hand.click(field, field.rect().center())
        self.hand.keys("Ctrl+A")
        QApplication.clipboard().setText(str(path))
        self.hand.keys("Ctrl+V")
        # A dialog that opens takes the folder out of the field and goes there.
        self.wait(lambda: field.text() in (str(path), path.name))
        box = dialog.findChild(QDialogButtonBox)
        button = box.button(QDialogButtonBox.StandardButton.Save) or box.button(
            QDialogButtonBox.StandardButton.Open
        )
        self.hand.click(button, button.rect().center())
        self.wait(lambda: not dialog.isVisible())

    def _dialog(self) -> QFileDialog | None:
        return next(
            (
                one
                for one in QApplication.topLevelWidgets()
                if isinstance(one, QFileDialog) and one.isVisible()
            ),
            None,
        )

    def settle(self) -> None:
        """Waits until what is drawn has been checked."""
        self.wait(lambda: self.window.parts.checked_project is self.window.document.project)
