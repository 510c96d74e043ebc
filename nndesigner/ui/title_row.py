"""The one row at the top of the window: the project, undo, the workspaces, export and train."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from nndesigner.ui import icons
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.live_run import RunState
from nndesigner.ui.once import OnceButton
from nndesigner.ui.progress_buttons import ActionButton
from nndesigner.ui.theme import font, look, mixed

WORKSPACES = {"design": "design", "training": "chart", "try": "try"}  # and their icons


class _Segments(QFrame):
    """Actions of which one is on, side by side in a groove.

    Their buttons have icons of their own: an action's, given to its button, would stand too near the word.
    """

    def __init__(self, actions: list[tuple[str, QAction]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("workspaces")
        self._marks = True
        self.setAccessibleName(self.tr("Workspaces"))
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for name, action in actions:
            button = QToolButton(self)
            button.setObjectName(f"workspace_{name}")
            button.setText(action.text().replace("&", ""))
            button.setAccessibleName(button.text())
            button.setToolTip(action.toolTip())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            icons.dress(button, WORKSPACES[name])
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setChecked(action.isChecked())
            button.setEnabled(action.isEnabled())
            button.setFixedHeight(26)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(action.trigger)
            action.toggled.connect(button.setChecked)
            action.enabledChanged.connect(button.setEnabled)
            row.addWidget(button)
        look.changed.connect(self._recolour)
        self._recolour()

    def set_shown(self, shown: bool) -> None:
        """Marks the action that is on only while what it stands for is shown."""
        if shown != self._marks:
            self._marks = shown
            self._recolour()

    def _recolour(self) -> None:
        theme = look.theme
        marked = (
            f"QToolButton:checked {{ color: {theme.ink}; background: {theme.surface};"
            f" border-color: {theme.line}; }}"
        )
        self.setStyleSheet(
            f"#workspaces {{ background: {theme.raised}; border: none; border-radius: 7px; }}"
            f"QToolButton {{ border: 1px solid transparent; padding: 1px 11px; color: {theme.secondary};"
            " background: transparent; border-radius: 6px; }"
            f"QToolButton:hover {{ color: {theme.ink}; }}"
            f"QToolButton:disabled {{ color: {mixed(theme.secondary, theme.surface, 0.6)}; }}"
            f"{marked if self._marks else ''}"
            f"QToolButton:focus {{ border: 2px solid {theme.accent}; padding: 0 10px; }}"
        )


class TitleRow(QWidget):
    """A row 44 pixels high.

    Takes its buttons from `actions`: `undo`, `redo`, the workspaces `design`, `training`, `try`, then
    `export`, `train`, `pause`, `resume`, `step`, `stop`; one that is not among them has no button.
    """

    def __init__(self, actions: Mapping[str, QAction], menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("titleRow")
        self.setFixedHeight(44)
        self._runs: dict[str, ActionButton] = {}
        self._ran = False
        self._owes_focus = False
        self._name = ElidedLabel(parent=self)
        self._name.setObjectName("projectName")
        self._name.setFont(font(13, QFont.Weight.DemiBold))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        # Both ends take the same room, so that the workspaces stand in the middle of the window.
        row.addWidget(self._left(actions, menu), 1)
        spaces = [(name, actions[name]) for name in WORKSPACES if name in actions]
        self.workspaces = _Segments(spaces, self)
        row.addWidget(self.workspaces, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._right(actions), 1)
        look.changed.connect(self.update)
        self.set_name("", False)
        self.set_running("idle")

    def _left(self, actions: Mapping[str, QAction], menu: QMenu) -> QWidget:
        left, row = self._end()
        button = self._tool("menuButton", self.tr("Menu"))
        icons.dress(button, "menu")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(button)
        row.addSpacing(4)
        row.addWidget(self._name)
        row.addSpacing(8)
        for name in ("undo", "redo"):
            if name in actions:
                tool = self._tool(f"{name}Button", actions[name].text().replace("&", ""))
                tool.setDefaultAction(actions[name])
                row.addWidget(tool)
        row.addStretch(1)
        return left

    def _right(self, actions: Mapping[str, QAction]) -> QWidget:
        right, row = self._end()
        row.addStretch(1)
        if "export" in actions:
            row.addWidget(self._export(actions["export"]))
            row.addSpacing(8)
        for name, icon in (
            ("train", "train"),
            ("resume", "train"),
            ("pause", "pause"),
            ("step", "step"),
            ("stop", "stop"),
        ):
            if name in actions:
                accent = name in ("train", "resume")
                self._runs[name] = ActionButton(actions[name], f"{name}Button", icon, accent, self)
                self._runs[name].twice = name == "step"
                row.addWidget(self._runs[name])
        return right

    def _end(self) -> tuple[QWidget, QHBoxLayout]:
        end = QWidget(self)
        end.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(end)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        return end, row

    def _tool(self, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(30, 30)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _export(self, action: QAction) -> QPushButton:
        button = OnceButton(action.text().replace("&", ""), self)
        button.setObjectName("exportButton")
        button.setAccessibleName(button.text())
        button.setToolTip(action.toolTip())
        button.setProperty("quiet", True)
        button.setEnabled(action.isEnabled())
        icons.dress(button, "export")
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        return button

    def set_name(self, name: str, unsaved: bool) -> None:
        """The project's name, with a mark where something is not in its file."""
        self._name.setText(f"{name} ●" if unsaved else name)
        said = self.tr("{}, unsaved changes").format(name) if unsaved else name
        self._name.setAccessibleName(said)
        self._name.setToolTip(self.tr("There are changes that are not saved") if unsaved else "")

    @property
    def holds_focus(self) -> bool:
        """Whether one of the buttons of the run has the focus."""
        return any(button.hasFocus() for button in self._runs.values())

    def set_running(self, state: RunState, keep_focus: bool = False) -> None:
        """Shows the buttons of this state; on request one has the focus, which else goes to whatever comes next."""
        self._ran = self._ran or state == "running"
        shown = {
            "running": ("pause", "stop"),
            "stopping": ("pause", "stop"),
            "paused": ("resume", "step", "stop"),
        }.get(state, ("train",))
        for name, button in self._runs.items():
            button.setVisible(name in shown)
        if keep_focus or self._owes_focus:
            able = [name for name in shown if name in self._runs and self._runs[name].isEnabled()]
            self._owes_focus = not able  # none can be used while a run stops
            if able:
                self._runs[able[0]].setFocus()
        if state not in ("running", "stopping", "paused"):
            self.set_progress(0.0)

    def invite(self) -> None:
        """Train glows once, as long as it was never clicked."""
        if not self._ran and "train" in self._runs:
            self._runs["train"].glow()

    def set_progress(self, fraction: float) -> None:
        """How far the run is, from 0 to 1: the ring around Pause."""
        if "pause" in self._runs:
            self._runs["pause"].set_progress(fraction)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.paper))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
