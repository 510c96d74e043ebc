"""The command palette: every action by name, with its menu and its key, and every node of the graph to go to."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from nndesigner.ui import actions
from nndesigner.ui.canvas.face import DOT
from nndesigner.ui.chooser import Choice, Chooser
from nndesigner.ui.keys import key_of

if TYPE_CHECKING:
    from nndesigner.ui.main_window import MainWindow

_RECENT, _MOST_RECENT, _NODE = "commands/recent", 12, "node "
_WORKSPACES = frozenset(record.name for record in actions.RECORDS if record.group == "workspace")


class Commands(Chooser):
    """The palette of one window. What was run last comes first; what can't be done now is faded."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__("commands", "", "", 560, 12, window)
        self._window = window
        title = self.tr("Run a command, or go to a node")
        self.setAccessibleName(title)
        self.search.setAccessibleName(title)
        self.list.setAccessibleName(title)
        self.search.setPlaceholderText(self.tr("Type a word of it: align, export, conv2"))
        self._before: QWidget | None = None
        kept = QSettings().value(_RECENT, [])
        self._recent = [kept] if isinstance(kept, str) else list(kept or [])
        self.chosen.connect(self._run)

    def ask(self) -> None:
        """Opens it, or closes it when it is open."""
        if not self.isHidden():
            self.close_up(True)
            return
        self._before = QApplication.focusWidget()
        self.offer([*self._commands(), *self._nodes()], self.accessibleName())
        self.put(QPoint((self._window.width() - self.width()) // 2, 64))

    def close_up(self, escaped: bool = False) -> None:
        """Goes away; the keys go back to where they were, unless the person turned to something else."""
        held, before = self.search.hasFocus(), self._before
        super().close_up(escaped)
        if held and before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _commands(self) -> list[Choice]:
        order = {name: place for place, name in enumerate(self._recent)}
        made = [self._choice(name, menu) for name, menu in actions.listed() if name != "commands"]
        return sorted(made, key=lambda one: (order.get(one.key, len(order)), not one.possible))

    def _choice(self, name: str, menu: str) -> Choice:
        action = self._window.actions_[name]
        told = DOT.join(part for part in (menu, key_of(name, _keys(action))) if part)
        words = self.tr("on") if action.isCheckable() and action.isChecked() else ""
        text = action.text().replace("&", "")
        if name in _WORKSPACES:  # "Train" alone begins a run
            text = self.tr("{} workspace").format(text)
        return Choice(
            name, f"{text}  ✓" if words else text, told, "", name.replace("_", " "), action.isEnabled()
        )

    def _nodes(self) -> list[Choice]:
        if not self._window._drawing or self._window._parts is None:
            return []
        seen = self._window.document.seen
        found = []
        for node in seen.graph.nodes.values():
            kind = seen.kind_of(node)
            words = self.tr("Go to {name}").format(name=node.name)
            found.append(Choice(_NODE + node.name, words, node.kind, kind.family if kind else "unknown"))
        return found

    def _run(self, key: str) -> None:
        if key.startswith(_NODE):
            self._window.show_workspace(self._window.workspaces.current or "design")
            self._window.parts.canvas.reveal(key.removeprefix(_NODE))
            self._window.parts.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._recent = [key, *(one for one in self._recent if one != key)][:_MOST_RECENT]
        QSettings().setValue(_RECENT, self._recent)
        self._window.actions_[key].trigger()


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
