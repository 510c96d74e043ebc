"""A dock: one part of the window with its title, which can be moved and closed."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from nndesigner.ui import icons
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.theme import font

_HEIGHT = 32


def dock(name: str, title: str, content: QWidget) -> QDockWidget:
    """A dock that holds one part of the window."""
    made = QDockWidget(title)
    made.setObjectName(f"{name}Dock")
    made.setAccessibleName(title)
    made.setWidget(content)
    made.setFeatures(
        QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetClosable
    )
    made.setTitleBarWidget(_Title(name, made))
    return made


class _Title(QWidget):
    """The title of a dock, in line with what is in it, and the button that closes it."""

    def __init__(self, name: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName(f"{name}Title")
        self.setFixedHeight(_HEIGHT)
        words = ElidedLabel(parent=self)
        words.setText(dock.windowTitle())
        words.setFont(font(13, QFont.Weight.DemiBold))
        close = QToolButton(self)
        close.setObjectName(f"{name}Close")
        close.setAccessibleName(self.tr("Close {}").format(dock.windowTitle()))
        close.setToolTip(close.accessibleName())
        close.setIconSize(QSize(16, 16))
        close.setFixedSize(24, 24)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.dress(close, "close", "secondary")
        close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 4, 4)
        row.setSpacing(4)
        row.addWidget(words, 1)
        row.addWidget(close)
