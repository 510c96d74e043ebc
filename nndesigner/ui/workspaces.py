"""The workspaces: each a layout of the same docks, which a person may rearrange and reset."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow

_LAYOUT_VERSION = 2
_KEY = "workspaces"
_LOW = 560  # pixels of a window's height below which nothing stands at its foot to begin with


@dataclass(frozen=True)
class Place:
    """Where a dock begins: its side, and the share of the window's width or height it takes, or pixels."""

    dock: str
    side: Qt.DockWidgetArea
    size: float
    shown: bool = True
    under: str = ""  # the dock it shares its room with, behind it


_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_LAYOUTS: dict[str, tuple[Place, ...]] = {
    "design": (
        Place("palette", _LEFT, 240),
        Place("code", _RIGHT, 440, shown=False),
        Place("inspector", _RIGHT, 300),
        Place("history", _RIGHT, 240, shown=False),
        Place("problems", _BOTTOM, 140, shown=False),
    ),
    "training": (
        Place("curves", _LEFT, 0.52),
        Place("code", _RIGHT, 440, shown=False),
        Place("training", _RIGHT, 316),
        Place("inspector", _RIGHT, 316, under="training"),
        Place("history", _RIGHT, 240, shown=False),
        Place("runs", _BOTTOM, 216),
        Place("problems", _BOTTOM, 140, shown=False),
    ),
}


# The side that a corner at the foot of the window belongs to, at its left and at its right.
_FEET = {"design": (_LEFT, _RIGHT), "training": (_BOTTOM, _RIGHT)}


class Workspaces(QObject):
    """The layouts of one window. **Signals:** `changed` with the name of the workspace shown."""

    changed = Signal(str)

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self.current = ""
        self._kept: dict[str, QByteArray] = {}
        for dock in docks.values():
            # A layout that was kept can only be given back to docks that belong to the window.
            window.addDockWidget(_RIGHT, dock)
            dock.hide()
            dock.visibilityChanged.connect(self._keep_rooms)
        settings = QSettings()
        for name in _LAYOUTS:
            kept = settings.value(f"{_KEY}/{name}")
            if isinstance(kept, QByteArray):
                self._kept[name] = kept

    def show(self, name: str) -> None:
        """Shows a workspace as the person left it, or as it begins."""
        if name == self.current:
            return
        self.leave()
        left, right = _FEET[name]
        self._window.setCorner(Qt.Corner.BottomLeftCorner, left)
        self._window.setCorner(Qt.Corner.BottomRightCorner, right)
        if not (name in self._kept and self._window.restoreState(self._kept[name], _LAYOUT_VERSION)):
            # Docks have their room only once the page they stand round is laid out.
            self._begin(name)
            QTimer.singleShot(0, lambda: self._give_rooms(name))
        self.current = name
        self.changed.emit(name)

    def leave(self) -> None:
        """Remembers the workspace shown and hides all docks."""
        if self.current:
            self._kept[self.current] = self._window.saveState(_LAYOUT_VERSION)
        self.current = ""
        for dock in self._docks.values():
            dock.hide()
            layout = self._window.layout()
            if layout is not None and self._window.tabifiedDockWidgets(dock):
                layout.activate()  # hidden all at once, docks behind one another leave their tabs on the window

    def set_shown(self, name: str, shown: bool) -> None:
        """Shows or hides one dock; one that is shown takes its room from the canvas."""
        made = self._docks[name]
        if shown == made.isVisible():
            return
        others = self._beside(made)
        rooms = [dock.width() for dock in others]
        if shown and others and self._is_narrow(made, others[0]):
            self._window.tabifyDockWidget(others[0], made)
        made.setVisible(shown)
        if not shown:
            return
        place = next(place for places in _LAYOUTS.values() for place in places if place.dock == name)
        if place.side == _BOTTOM:
            self._give_room(place)
        elif others and made in self._window.tabifiedDockWidgets(others[0]):
            made.raise_()
        else:  # all at once, as otherwise each would take from its neighbour
            sizes = [self._size(place), *rooms]
            self._window.resizeDocks([made, *others], sizes, Qt.Orientation.Horizontal)

    def reset(self) -> None:
        """Lays out all workspaces as they begin."""
        self._kept.clear()
        if name := self.current:
            self.current = ""
            self.show(name)

    def keep(self) -> None:
        """Remembers all workspaces for the next time the program is opened."""
        if self.current:
            self._kept[self.current] = self._window.saveState(_LAYOUT_VERSION)
        settings = QSettings()
        settings.remove(_KEY)
        for name, state in self._kept.items():
            settings.setValue(f"{_KEY}/{name}", state)

    def _keep_rooms(self, shown: bool) -> None:
        """What a closed dock leaves goes to the canvas; Qt would give it to the docks at the same side."""
        closed = self.sender()
        if shown or not self.current or not isinstance(closed, QDockWidget) or not closed.isHidden():
            return
        others = self._beside(closed)
        self._window.resizeDocks(others, [dock.width() for dock in others], Qt.Orientation.Horizontal)

    def _is_narrow(self, dock: QDockWidget, other: QDockWidget) -> bool:
        """Whether a dock has no room beside another, so that the window would have to grow."""
        here = other.minimumSizeHint().width()
        behind = [tab.minimumSizeHint().width() - here for tab in self._window.tabifiedDockWidgets(other)]
        needed = self._window.minimumSizeHint().width() + dock.minimumSizeHint().width()
        return needed + max([0, *behind]) > self._window.width()

    def _beside(self, dock: QDockWidget) -> list[QDockWidget]:
        side = self._window.dockWidgetArea(dock)
        if side not in (_LEFT, _RIGHT):
            return []
        shown = [other for other in self._docks.values() if other is not dock and other.isVisible()]
        return [other for other in shown if self._window.dockWidgetArea(other) == side]

    def _begin(self, name: str) -> None:
        places = _LAYOUTS[name]
        for place in places:
            dock = self._docks[place.dock]
            dock.setFloating(False)
            self._window.addDockWidget(place.side, dock)
        beside = [self._docks[place.dock] for place in places if place.side == _RIGHT and not place.under]
        for first, second in pairwise(beside):
            self._window.splitDockWidget(first, second, Qt.Orientation.Horizontal)
        for place in places:
            if place.under:
                self._window.tabifyDockWidget(self._docks[place.under], self._docks[place.dock])
        for place in places:
            low = place.side == _BOTTOM and self._window.height() < _LOW
            self._docks[place.dock].setVisible(place.shown and not low)
            if place.under:
                self._docks[place.under].raise_()
        for place in places:
            self._give_room(place)

    def _give_rooms(self, name: str) -> None:
        if name == self.current:
            for place in _LAYOUTS[name]:
                self._give_room(place)

    def _give_room(self, place: Place) -> None:
        if self._is_beside_shown(place):
            return
        axis = Qt.Orientation.Vertical if place.side == _BOTTOM else Qt.Orientation.Horizontal
        self._window.resizeDocks([self._docks[place.dock]], [self._size(place)], axis)

    def _is_beside_shown(self, place: Place) -> bool:
        """Whether it is hidden beside another at the foot, which would get the room that is meant for it."""
        beside = _LAYOUTS.get(self.current, ())
        shown = [
            one
            for one in beside
            if one.side == place.side == _BOTTOM and one.dock != place.dock and one.shown
        ]
        return bool(shown) and self._docks[place.dock].isHidden()

    def _size(self, place: Place) -> int:
        whole = self._window.height() if place.side == _BOTTOM else self._window.width()
        return round(place.size * whole) if place.size < 1 else round(place.size)
