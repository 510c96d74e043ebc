"""Two fingers on the canvas: they pan, and zoom where the pointer is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QNativeGestureEvent,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document

Key, Phase = Qt.KeyboardModifier, Qt.ScrollPhase
AT = QPointF(300, 200)


@pytest.fixture
def canvas(qtbot) -> Iterator[Canvas]:
    """A canvas that does not begin where its window does."""
    window = QWidget()
    made = Canvas(Document())
    column = QVBoxLayout(window)
    column.setContentsMargins(120, 80, 0, 0)
    column.addWidget(made)
    qtbot.addWidget(window)
    window.resize(1000, 700)
    with qtbot.waitExposed(window):
        window.show()
    yield made


def scroll(canvas: Canvas, across: int, down: int, keys: Key = Key.NoModifier) -> QPointF:
    """Two fingers move by so many pixels; gives how the paper moved."""
    port = canvas.viewport()
    kept = canvas.in_scene(AT)
    moved, turned = QPoint(across, down), QPoint(across, down) * 4
    event = QWheelEvent(
        AT, port.mapToGlobal(AT), moved, turned, Qt.MouseButton.NoButton, keys, Phase.ScrollUpdate, False
    )
    QApplication.sendEvent(port, event)
    return canvas.viewportTransform().map(kept) - AT


def pinch(canvas: Canvas, factor: float) -> None:
    port = canvas.viewport()
    pad = QPointingDevice(
        "pad", 7, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position, 2, 3, "", QPointingDeviceUniqueId(),
    )  # fmt: skip
    in_window, on_screen = QPointF(port.mapTo(port.window(), AT.toPoint())), port.mapToGlobal(AT)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, pad, 2, in_window, in_window, on_screen, factor - 1, QPointF()
    )
    QApplication.sendEvent(port, event)


def test_two_fingers_pan_both_ways(canvas: Canvas) -> None:
    assert scroll(canvas, 30, -40) == QPointF(30, -40)
    assert canvas.camera.scale == 1


def test_two_fingers_with_shift_pan_across(canvas: Canvas) -> None:
    assert scroll(canvas, 0, 25, Key.ShiftModifier) == QPointF(25, 0)


def test_two_fingers_with_control_zoom_at_the_pointer(canvas: Canvas) -> None:
    assert scroll(canvas, 0, -50, Key.ControlModifier).manhattanLength() < 2
    assert canvas.camera.scale == pytest.approx(1.0015**-200)


def test_a_pinch_zooms_at_the_pointer(canvas: Canvas) -> None:
    kept = canvas.in_scene(AT)
    for _ in range(3):
        pinch(canvas, 1.1)
    assert canvas.camera.scale == pytest.approx(1.1**3)
    assert (canvas.viewportTransform().map(kept) - AT).manhattanLength() < 2
