"""Icons in the colours of the theme, sharp at any device pixel ratio."""

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from nndesigner.ui import drawings
from nndesigner.ui.theme import Theme, look, mixed

_SIZE = 16


def icon(name: str, theme: Theme | None = None, colour: str = "ink", *, before_word: bool = False) -> QIcon:
    """The drawing `name` as an icon, paler where it is disabled, with room at its right where a word follows.

    `colour` is a colour of the theme's table (`ink`, `on_accent`, `error`, …) or #RRGGBB. Raises
    `FileNotFoundError` where there is no such drawing.
    """
    theme = theme or look.theme
    normal = theme.colour(colour)
    found = QIcon(str(drawings.coloured(name, normal, before_word)))
    pale = mixed(theme.secondary, theme.surface, 0.55)
    found.addFile(str(drawings.coloured(name, pale, before_word)), QSize(), QIcon.Mode.Disabled)
    return found


def family_icon(family: str, theme: Theme | None = None) -> QIcon:
    """The icon of a family of kinds, in its hue; that of the unknown one where it has none."""
    theme = theme or look.theme
    return icon(family_drawing(family), theme, theme.family(family))


def family_drawing(family: str) -> str:
    """The name of a family's drawing."""
    name = f"family-{family}"
    return name if name in drawings.names() else "family-unknown"


def dress(target: QAction | QAbstractButton, name: str, colour: str = "ink") -> None:
    """Gives `target` an icon that follows the theme, in place of the one it may have had.

    Styles put a button's word 4 pixels behind its icon, whatever they are asked; where a button shows both when it
    is dressed, its icon brings the rest of the room along.
    """
    for old in target.findChildren(_Dress, options=Qt.FindChildOption.FindDirectChildrenOnly):
        old.setParent(None)
        old.deleteLater()
    _Dress(target, name, colour)


class _Dress(QObject):
    """The icon of one action or button, kept in the theme's colours."""

    def __init__(self, target: QAction | QAbstractButton, name: str, colour: str) -> None:
        super().__init__(target)
        self._name, self._colour = name, colour
        self._before_word = _has_word(target)
        if self._before_word and isinstance(target, QAbstractButton):
            target.setIconSize(QSize(round(_SIZE * (1 + drawings.ROOM)), _SIZE))
        look.changed.connect(self._put_on)
        self._put_on()

    def _put_on(self) -> None:
        target = self.parent()
        if isinstance(target, QAction | QAbstractButton):
            target.setIcon(icon(self._name, colour=self._colour, before_word=self._before_word))


def _has_word(target: QObject) -> bool:
    if isinstance(target, QToolButton):
        return target.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    return isinstance(target, QPushButton)


class Picture(QWidget):
    """An icon that stands by itself, square, `size` pixels wide; it follows the theme."""

    def __init__(self, name: str, size: int = 16, colour: str = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour = name, colour
        self.setFixedSize(size, size)
        look.changed.connect(self.update)

    def show_icon(self, name: str, colour: str = "ink") -> None:
        """Shows another drawing."""
        self._name, self._colour = name, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon(self._name, colour=self._colour).paint(painter, QRect(0, 0, self.width(), self.height()))
        painter.end()
