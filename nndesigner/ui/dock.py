"""A dock: one part of the window with its title, which can be moved and closed."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QScrollArea, QToolButton, QWidget

from nndesigner.ui import icons
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.theme import font

_HEIGHT = 32
_LEAST = QSize(136, 56)


def dock(name: str, title: str, content: QWidget, *, scrolls: bool = False) -> QDockWidget:
    """A dock that holds one part of the window; in a small window, one that scrolls can be smaller than its part."""
    made = QDockWidget(title)
    made.setObjectName(f"{name}Dock")
    made.setAccessibleName(title)
    made.setWidget(_Room(content) if scrolls else content)
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


class _Room(QScrollArea):
    """Room for a part that needs much of it: where there is less, it scrolls."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:
        return self.widget().minimumSizeHint().boundedTo(_LEAST)

    def sizeHint(self) -> QSize:
        return self.widget().sizeHint()
