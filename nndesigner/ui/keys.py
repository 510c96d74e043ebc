"""What keys, wheel and mouse do on the canvas: the second table beside that of the actions, from which the sheet is made."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence


@dataclass(frozen=True, slots=True)
class Gesture:
    """A key or a movement, and what it does. `action` names the action of the table it is the key of, if it is of one."""

    keys: str
    text: str
    action: str = ""


MOVES, HAND = "Keys on the canvas", "Mouse and trackpad"

GESTURES: dict[str, tuple[Gesture, ...]] = {
    MOVES: (
        Gesture("Arrows", "Move the selection by 8; pan when nothing is selected"),
        Gesture("Shift+Arrows", "Move the selection by 64"),
        Gesture("Ctrl+Arrows", "Go along a wire, else to the nearest node that way"),
        Gesture("Tab", "Search for a layer where the pointer is"),
        Gesture("Enter", "Go into the selected block; change the values of a layer on its card"),
        Gesture("Delete", "Delete what is selected", "delete"),
        Gesture("Escape", "End what goes on; then select nothing"),
        Gesture("Space", "Hold it and drag to pan"),
        Gesture("1 … 9", "Go to the bookmark of that number"),
        Gesture("Shift+Tab", "Leave the canvas"),
    ),
    HAND: (
        Gesture("Click", "Select a node or a wire"),
        Gesture("Shift+Click", "Add it to the selection, or take it out"),
        Gesture("Double-click on paper", "Search for a layer there"),
        Gesture("Double-click on a block", "Go into it"),
        Gesture("Double-click on a layer", "Change its values on its card"),
        Gesture("Drag the name of a number", "Change it; finely with Shift, coarsely with Ctrl"),
        Gesture("Drag a node", "Move the selection"),
        Gesture("Drag from a port", "Pull a wire; let go on paper to choose a layer"),
        Gesture("Drag a wire’s end", "Wire it elsewhere, or take it off"),
        Gesture("Ctrl+Drag from an output", "Wire all that begins there elsewhere"),
        Gesture("Ctrl+Right drag, Alt+Drag on paper", "Cut the wires it crosses"),
        Gesture("Drag on paper", "Select all it goes round"),
        Gesture("Drag a layer on a wire", "Put it in between"),
        Gesture("Middle button, Space+Drag", "Pan"),
        Gesture("Wheel, pinch", "Zoom where the pointer is"),
        Gesture("Two fingers", "Pan"),
        Gesture("Shift+Wheel", "Pan across"),
        Gesture("Fourth and fifth button", "Back and forward among the places looked at"),
        Gesture("Click, drag, wheel on the map", "Look there, nearer or further"),
        Gesture("Right click", "What can be done here"),
    ),
}


def said(text: str) -> str:
    """Words of this table for people."""
    return QCoreApplication.translate("Keys", text)


def key_of(action: str, shortcut: str) -> str:
    """The key of an action: its shortcut, or the key that does it on the canvas."""
    if shortcut:
        return shortcut
    found = (
        gesture.keys for gestures in GESTURES.values() for gesture in gestures if gesture.action == action
    )
    return next((QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in found), "")
