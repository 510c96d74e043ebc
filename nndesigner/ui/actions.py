"""Everything a person can do from a menu or a key: one table, from which actions and menus are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from nndesigner.ui import icons
from nndesigner.ui.precedence import Precedence


@dataclass(frozen=True, slots=True)
class Record:
    """One action. `group` names the actions of which exactly one is checked; `line` puts a line above it."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    line: bool = False


_FILE, _EDIT, _ARRANGE, _BLOCK = "File", "Edit", "Arrange", "Block"
_VIEW, _GO, _RUN, _HELP = "View", "Go", "Run", "Help"

RECORDS = (
    Record("new", _FILE, "New network", ("Ctrl+N",), "new"),
    Record("open", _FILE, "Open…", ("Ctrl+O",), "open"),
    Record("data", _FILE, "Data sets…", ("Ctrl+Shift+D",), "family-data"),
    Record("save", _FILE, "Save", ("Ctrl+S",), "save", line=True),
    Record("save_as", _FILE, "Save as…", ("Ctrl+Shift+S",), "save-as"),
    Record("export", _FILE, "Export", ("Ctrl+E",), "export", line=True),
    Record("load_weights", _FILE, "Load weights…", ("Ctrl+Shift+O",)),
    Record("save_run", _FILE, "Save weights…", ("Ctrl+Shift+E",)),
    Record("welcome", _FILE, "Welcome page", ("Alt+Home",), "home", line=True),
    Record("quit", _FILE, "Quit", ("Ctrl+Q", "Ctrl+W"), "close"),
    Record("cut", _EDIT, "Cut", ("Ctrl+X",), "cut", line=True),
    Record("copy", _EDIT, "Copy", ("Ctrl+C",), "copy"),
    Record("paste", _EDIT, "Paste", ("Ctrl+V",), "paste"),
    Record("duplicate", _EDIT, "Duplicate", ("Ctrl+D",), "duplicate"),
    Record("delete", _EDIT, "Delete", (), "delete"),
    Record("select_all", _EDIT, "Select all", ("Ctrl+A",), line=True),
    Record("find", _EDIT, "Find…", ("Ctrl+F",), "search", line=True),
    Record("find_next", _EDIT, "Find the next", ("F3",)),
    Record("find_back", _EDIT, "Find the one before", ("Shift+F3",)),
    Record("select_found", _EDIT, "Select all found", ("Alt+Return",)),
    Record("add_layer", _EDIT, "Add a layer", ("Ctrl+Shift+A",), "plus", line=True),
    Record("add_here", _EDIT, "Add a layer here…", ("Shift+A",), "plus"),
    Record("type_line", _EDIT, "Type layers…", ("/",), "code"),
    Record("replace", _EDIT, "Replace by…", ("Ctrl+H",)),
    Record("rename", _EDIT, "Rename…", ("F2",), line=True),
    Record("values", _EDIT, "Change the values…", ("Shift+F2",)),
    Record("bypass", _EDIT, "Bypass", ("Ctrl+B",)),
    Record("freeze", _EDIT, "Freeze", ("Ctrl+I",)),
    Record("wire_to", _EDIT, "Wire to…", ("W",), line=True),
    Record("wire_from", _EDIT, "Wire from…", ("Shift+W",)),
    Record("swap_inputs", _EDIT, "Swap inputs", ("Alt+S",)),
    Record("disconnect", _EDIT, "Disconnect", ("Alt+W",)),
    Record("arrange", _ARRANGE, "Arrange all", ("Ctrl+Shift+L",)),
    Record("arrange_selection", _ARRANGE, "Arrange the selection", ("Alt+L",)),
    Record("arrange_down", _ARRANGE, "From top to bottom", ("Alt+D",), "", True, "flow"),
    Record("arrange_across", _ARRANGE, "From left to right", ("Alt+A",), "", True, "flow"),
    Record("align_left", _ARRANGE, "Align left", ("Ctrl+Shift+Left",), line=True),
    Record("align_center", _ARRANGE, "Align centres", ("Ctrl+Shift+H",)),
    Record("align_right", _ARRANGE, "Align right", ("Ctrl+Shift+Right",)),
    Record("align_top", _ARRANGE, "Align top", ("Ctrl+Shift+Up",)),
    Record("align_middle", _ARRANGE, "Align middles", ("Ctrl+Shift+M",)),
    Record("align_bottom", _ARRANGE, "Align bottom", ("Ctrl+Shift+Down",)),
    Record("distribute_across", _ARRANGE, "Distribute across", ("Alt+H",), line=True),
    Record("distribute_down", _ARRANGE, "Distribute down", ("Alt+V",)),
    Record("note", _ARRANGE, "Add a note", ("Ctrl+Shift+T",), line=True),
    Record("frame", _ARRANGE, "Frame the selection", ("Ctrl+Shift+F",)),
    Record("frame_color", _ARRANGE, "Next colour of the frame", ("Alt+F",)),
    Record("make_block", _BLOCK, "Make a block…", ("Ctrl+G",), "family-block"),
    Record("unpack_block", _BLOCK, "Unpack block", ("Ctrl+Shift+G",)),
    Record("make_unique", _BLOCK, "Make this one unique", ("Alt+U",)),
    Record("keep_block", _BLOCK, "Keep in the library…", ("Alt+K",), "star"),
    Record("new_block", _BLOCK, "New block", ("Ctrl+Shift+B",), "plus"),
    Record("new_own", _BLOCK, "New layer of your own", ("Ctrl+Shift+Y",), "code"),
    Record("go_in", _BLOCK, "Go in", ("Alt+Down",), line=True),
    Record("go_out", _BLOCK, "Go out", ("Alt+Up",)),
    Record("design", _VIEW, "Design", ("Ctrl+1",), "design", True, "workspace"),
    Record("training", _VIEW, "Train", ("Ctrl+2",), "chart", True, "workspace"),
    Record("code", _VIEW, "Code", ("Ctrl+K",), "code", True, line=True),
    Record("problems", _VIEW, "Problems", ("Ctrl+J",), "problem", True),
    Record("runs", _VIEW, "Runs", ("Ctrl+U",), "clock", True),
    Record("history", _VIEW, "History", ("Ctrl+Shift+J",), "clock", True),
    Record("layers", _VIEW, "Layers of the run", ("Ctrl+L",)),
    Record("compare", _VIEW, "Compare with…", ("Ctrl+Shift+K",), "compare", line=True),
    Record("fit", _VIEW, "Zoom to fit", ("Ctrl+0",), "fit", line=True),
    Record("fit_selection", _VIEW, "Zoom to the selection", ("F",)),
    Record("zoom_in", _VIEW, "Zoom in", ("Ctrl++", "Ctrl+="), "zoom-in"),
    Record("zoom_out", _VIEW, "Zoom out", ("Ctrl+-",), "zoom-out"),
    Record("zoom_reset", _VIEW, "Zoom to 100 %", ("Ctrl+9",)),
    Record("costs_off", _VIEW, "No costs", ("Alt+0",), "", True, "costs", line=True),
    Record("costs_parameters", _VIEW, "Parameters of each layer", ("Alt+1",), "", True, "costs"),
    Record("costs_flops", _VIEW, "Operations of each layer", ("Alt+2",), "", True, "costs"),
    Record("costs_memory", _VIEW, "Memory of each layer", ("Alt+3",), "", True, "costs"),
    Record("costs_gradients", _VIEW, "Gradients of each layer", ("Alt+4",), "", True, "costs"),
    Record("costs_time", _VIEW, "Time of each layer", ("Alt+5",), "", True, "costs"),
    Record("measure_time", _VIEW, "Measure the time again", ("Alt+6",), "clock"),
    Record("minimap", _VIEW, "Map of the network", ("M",), "", True, line=True),
    Record("system", _VIEW, "Colours of the system", ("Ctrl+F9",), "", True, "theme", line=True),
    Record("light", _VIEW, "Light", ("Ctrl+F10",), "sun", True, "theme"),
    Record("dark", _VIEW, "Dark", ("Ctrl+F11",), "moon", True, "theme"),
    Record("text_size", _VIEW, "Text size…", ("Ctrl+Alt+0",), line=True),
    Record("text_larger", _VIEW, "Larger text", ("Ctrl+Alt++", "Ctrl+Alt+=")),
    Record("text_smaller", _VIEW, "Smaller text", ("Ctrl+Alt+-",)),
    Record("full_screen", _VIEW, "Full screen", ("F11",), line=True),
    Record("reset_layout", _VIEW, "Reset the layout", ("Ctrl+F12",)),
    Record("back", _GO, "Back", ("Alt+Left",), "chevron-left"),
    Record("forward", _GO, "Forward", ("Alt+Right",), "chevron-right"),
    Record("next_problem", _GO, "Next problem", ("F4",), "problem", line=True),
    Record("previous_problem", _GO, "Previous problem", ("Shift+F4",)),
    Record("bookmark", _GO, "Bookmark this view…", ("Alt+Shift+B",), "star", line=True),
    Record("bookmarks", _GO, "Bookmarks…", ("Alt+B",)),
    Record("train", _RUN, "Train", ("F5", "Ctrl+R"), "train"),
    Record("pause", _RUN, "Pause", ("F6",), "pause"),
    Record("resume", _RUN, "Resume", ("F7",), "train"),
    Record("step", _RUN, "Step", ("F8",), "step"),
    Record("stop", _RUN, "Stop", ("Shift+F5",), "stop"),
    Record("try_all", _RUN, "Try all before a run", ("Ctrl+F5",), line=True),
    Record("initial_loss", _RUN, "First loss", ("Ctrl+F6",)),
    Record("overfit_one_batch", _RUN, "Overfit one batch", ("Ctrl+F7",)),
    Record("learning_rate_range", _RUN, "Learning-rate range", ("Ctrl+F8",)),
    Record("commands", _HELP, "Commands…", ("Ctrl+Shift+P",), "search"),
    Record("keys", _HELP, "Keys", ("F1",)),
    Record("explain", _HELP, "Explain this layer", ("Shift+F1", "?"), "help"),
    Record("tips", _HELP, "Show tips again", ("Ctrl+Shift+F1",)),
    Record("about", _HELP, "About nndesigner", ("Ctrl+F1",)),
)


def listed() -> tuple[tuple[str, str], ...]:
    """The name and the menu, in words, of every action of a window, in the order of the menus."""
    found = [(record.name, record.menu) for record in RECORDS]
    first = next(place for place, (_, menu) in enumerate(found) if menu == _EDIT)
    found[first:first] = [("undo", _EDIT), ("redo", _EDIT)]
    return tuple((name, _said(menu)) for name, menu in found)


_TO_BEGIN_WITH = ("costs_off", "arrange_down")


def make(owner: QObject, slots: Mapping[str, Callable[..., object]]) -> dict[str, QAction]:
    """An action for every record, wired to the slot of its name."""
    found: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    Precedence(owner)
    for record in RECORDS:
        action = QAction(_said(record.text), owner)
        action.setObjectName(f"{record.name}Action")
        action.setShortcuts([QKeySequence(keys) for keys in record.keys])
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{action.text().rstrip('…')} ({keys})" if keys else action.text())
        action.setCheckable(record.checkable)
        if record.group:
            action.setChecked(record.name in _TO_BEGIN_WITH)
            action.setActionGroup(groups.setdefault(record.group, QActionGroup(owner)))
        action.triggered.connect(slots[record.name])
        found[record.name] = action
    return found


def menu(actions: Mapping[str, QAction], undo: QAction, redo: QAction, recent: QMenu) -> QMenu:
    """The one menu of the window, with a submenu for each of the table's."""
    whole = QMenu()
    whole.setObjectName("mainMenu")
    parts: dict[str, QMenu] = {}
    for record in RECORDS:
        if record.menu not in parts:
            parts[record.menu] = whole.addMenu(_said(record.menu))
            parts[record.menu].setObjectName(f"{record.menu.lower()}Menu")
            if record.menu == _EDIT:
                parts[_EDIT].addActions([undo, redo])
        part = parts[record.menu]
        if record.line:
            part.addSeparator()
        part.addAction(actions[record.name])
        if record.name == "open":
            part.addMenu(recent)
    whole.aboutToShow.connect(partial(_dress, dict(actions)))
    return whole


def _dress(actions: dict[str, QAction]) -> None:
    """Icons are made when the menu is opened first."""
    for record in RECORDS:
        if record.icon and actions[record.name].icon().isNull():
            icons.dress(actions[record.name], record.icon)


def _said(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
