"""What a screen reader finds on the canvas: a list of the nodes, each with its words, its place, its states and its wires.

Qt keeps what it was given until it is told that it is gone, and would reach for what Python has thrown away: so all of it is
kept here for as long.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleObject,
    QWindow,
)
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.canvas.walking import spoken

_FROM, _TO = QAccessible.RelationFlag.FlowsFrom, QAccessible.RelationFlag.FlowsTo
_EVERY = _FROM | _TO


@cache
def begin_hearing() -> None:
    """From now on, whoever asks for a canvas finds its nodes."""
    hearing = Hearing()
    QAccessible.installFactory(hearing.found)
    app = QCoreApplication.instance()
    assert app is not None
    # At the very end, widgets go when Python is half gone, and must not be asked for words then.
    app.aboutToQuit.connect(hearing.end)


class Hearing:
    """Gives and keeps what is heard of canvases, for as long as the program runs."""

    def __init__(self) -> None:
        self._ended = False
        self._kept: set[CanvasHeard | NodeHeard] = set()

    def found(self, class_name: str, asked: QObject) -> QAccessibleInterface | None:
        """What Qt is given for an object."""
        if self._ended or class_name != "Canvas" or not isinstance(asked, Canvas):
            return None
        return CanvasHeard(asked, self)

    def keep(self, one: CanvasHeard | NodeHeard) -> None:
        """It is Qt's from now on."""
        self._kept.add(one)

    def drop(self, one: CanvasHeard | NodeHeard) -> None:
        """It is gone, for Qt too."""
        if isValid(one):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(one))
        self._kept.discard(one)

    def end(self) -> None:
        """Nothing is heard any more."""
        self._ended = True
        for one in [*self._kept]:
            self.drop(one)


class CanvasHeard(QAccessibleObject):
    """The canvas as a list: its nodes, then the widgets that lie on it."""

    def __init__(self, canvas: Canvas, hearing: Hearing) -> None:
        super().__init__(canvas)
        self.hearing = hearing
        self._nodes: dict[str, NodeHeard] = {}
        hearing.keep(self)
        canvas.destroyed.connect(self._end)

    @property
    def canvas(self) -> Canvas:
        """What is heard."""
        canvas = self.object()
        assert isinstance(canvas, Canvas)
        return canvas

    def node(self, name: str) -> NodeHeard:
        """A node by its name."""
        if name not in self._nodes:
            self._nodes[name] = NodeHeard(self, name)
        return self._nodes[name]

    def childCount(self) -> int:
        return len(self.canvas.stage.node_items) + len(self._widgets())

    def child(self, index: int) -> QAccessibleInterface | None:
        names = [*self.canvas.stage.node_items]
        if 0 <= index < len(names):
            return self.node(names[index])
        widgets = self._widgets()
        if len(names) <= index < len(names) + len(widgets):
            return QAccessible.queryAccessibleInterface(widgets[index - len(names)])
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        names = [*self.canvas.stage.node_items]
        if isinstance(child, NodeHeard):
            return names.index(child.name) if child.name in names else -1
        widgets, asked = self._widgets(), child.object()
        return len(names) + widgets.index(asked) if isinstance(asked, QWidget) and asked in widgets else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        canvas = self.canvas
        at = canvas.viewport().mapFromGlobal(QPoint(x, y))
        name = canvas.stage.node_at(canvas.mapToScene(at)) if canvas.viewport().rect().contains(at) else None
        return self.node(name) if name is not None else None

    def focusChild(self) -> QAccessibleInterface | None:
        names = self.canvas.selected_names()
        return self.node(names[0]) if len(names) == 1 and self.canvas.hasFocus() else None

    def parent(self) -> QAccessibleInterface | None:
        above = self.canvas.parentWidget()
        return QAccessible.queryAccessibleInterface(above) if above is not None else None

    def window(self) -> QWindow | None:
        return self.canvas.window().windowHandle()

    def rect(self) -> QRect:
        return QRect(self.canvas.mapToGlobal(QPoint()), self.canvas.size())

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def text(self, wanted: QAccessible.Text) -> str:
        if wanted == QAccessible.Text.Name:
            return self.canvas.accessibleName()
        return self.canvas.accessibleDescription() if wanted == QAccessible.Text.Description else ""

    def state(self) -> QAccessible.State:
        canvas, state = self.canvas, QAccessible.State()
        state.focusable = state.multiSelectable = True
        state.focused = canvas.hasFocus()
        state.invisible = not canvas.isVisible()
        state.disabled = not canvas.isEnabled()
        return state

    def _widgets(self) -> list[QWidget]:
        children = self.canvas.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [one for one in children if not one.isWindow() and not one.isHidden()]

    def forget(self) -> None:
        """Nodes that are gone are no longer heard of."""
        for name in self._nodes.keys() - self.canvas.document.graph.nodes.keys():
            self.hearing.drop(self._nodes.pop(name))

    def _end(self) -> None:
        """The canvas is gone, and Qt has thrown this away with it."""
        for node in self._nodes.values():
            self.hearing.drop(node)
        self._nodes.clear()
        self.hearing.drop(self)


class NodeHeard(QAccessibleInterface):
    """A node as one of the list."""

    def __init__(self, whole: CanvasHeard, name: str) -> None:
        super().__init__()
        self._whole, self.name = whole, name
        whole.hearing.keep(self)

    def isValid(self) -> bool:
        return isValid(self._whole) and self.name in self._whole.canvas.stage.node_items

    def object(self) -> QObject | None:
        return None

    def window(self) -> QWindow | None:
        return self._whole.window()

    def parent(self) -> QAccessibleInterface | None:
        return self._whole

    def child(self, index: int) -> QAccessibleInterface | None:
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, wanted: QAccessible.Text) -> str:
        if not self.isValid() or wanted not in (QAccessible.Text.Name, QAccessible.Text.Description):
            return ""
        canvas = self._whole.canvas
        head = f"{self.name}, {canvas.document.graph.nodes[self.name].kind}"
        if wanted == QAccessible.Text.Name:
            return head
        return spoken(canvas, self.name).removeprefix(head).lstrip(",; ")

    def setText(self, which: QAccessible.Text, words: str) -> None:
        """A name is given by the field that the canvas opens for it."""

    def rect(self) -> QRect:
        canvas = self._whole.canvas
        seen = canvas.mapFromScene(canvas.stage.node_items[self.name].card).boundingRect()
        return seen.translated(canvas.viewport().mapToGlobal(QPoint()))

    def relations(
        self, wanted: QAccessible.RelationFlag = _EVERY
    ) -> list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]:
        """The wires: what this comes from, and where it goes."""
        graph = self._whole.canvas.document.graph
        sources = (
            {edge.source for edge in graph.incoming.get(self.name, {}).values()} if wanted & _FROM else ()
        )
        targets = {edge.target for edge in graph.outgoing.get(self.name, ())} if wanted & _TO else ()
        return [
            *((self._whole.node(name), _FROM) for name in sorted(sources)),
            *((self._whole.node(name), _TO) for name in sorted(targets)),
        ]

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        if not self.isValid():
            state.invalid = True
            return state
        canvas = self._whole.canvas
        names = canvas.selected_names()
        state.selectable = state.focusable = state.multiSelectable = True
        state.selected = self.name in names
        state.focused = names == (self.name,) and canvas.hasFocus()
        state.offscreen = not self.rect().intersects(self._whole.rect())
        return state


class Voice(QObject):
    """Keeps what a screen reader says of the canvas in step with what is selected."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._at: tuple[str, ...] = ()
        canvas.selection_changed.connect(self.follow)
        canvas.document.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Says anew what is selected; aloud where something else is."""
        canvas, names = self._canvas, self._canvas.selected_names()
        words = self._words(names)
        if words != canvas.accessibleDescription():
            canvas.setAccessibleDescription(words)
        if not QAccessible.isActive():
            return
        heard = QAccessible.queryAccessibleInterface(canvas)
        if isinstance(heard, CanvasHeard):
            heard.forget()
        if names != self._at:
            self._at = names
            if names:
                QAccessible.updateAccessibility(self._event(names, words))

    def _event(self, names: tuple[str, ...], words: str) -> QAccessibleEvent:
        """One node has the focus, if the canvas has it; of anything else it is said what it is."""
        canvas = self._canvas
        heard = QAccessible.queryAccessibleInterface(canvas)
        if len(names) > 1 or not canvas.hasFocus() or not isinstance(heard, CanvasHeard):
            return QAccessibleAnnouncementEvent(canvas, words)
        event = QAccessibleEvent(canvas, QAccessible.Event.Focus)
        event.setChild([*canvas.stage.node_items].index(names[0]))
        return event

    def _words(self, names: tuple[str, ...]) -> str:
        if len(names) == 1:
            return spoken(self._canvas, names[0])
        if names:
            return self.tr("{count} nodes selected: {names}").format(
                count=len(names), names=", ".join(names[:5])
            )
        return self.tr("{count} nodes, none selected").format(count=len(self._canvas.document.graph.nodes))
