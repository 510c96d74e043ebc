"""A button for which a double click is one click."""

from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QPushButton


class OnceButton(QPushButton):
    """Of a double click on a button that goes away, the second falls on the one that takes its place: on this one."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
