"""The way from the main network into the block that is looked at, each step a click back."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from nndesigner.ui import icons
from nndesigner.ui.fields import explained
from nndesigner.ui.theme import font, look

_WIDEST = 160


class Crumbs(QFrame):
    """The names of the blocks one went through; there only while one is inside of one.

    **Signals:** `chosen` with the number of steps from the main network, 0 for that itself.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("crumbs")
        self.setAccessibleName(self.tr("Where this is"))
        self._shown: tuple[tuple[str, ...], tuple[str, ...], str] | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 4, 4, 4)
        self._row.setSpacing(0)
        look.changed.connect(self._recolour)
        self._recolour()
        self.hide()

    def show_way(self, names: Sequence[str], nodes: Sequence[str], remark: str) -> None:
        """Shows the blocks of these names, each reached through a node, and a remark; no names hide it."""
        wanted = (tuple(names), tuple(nodes), remark)
        if wanted == self._shown:
            return
        self._shown = wanted
        while item := self._row.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for step, name in enumerate((self.tr("Main"), *names)):
            if step:
                self._row.addWidget(icons.Picture("chevron-right", 14, "secondary", self))
            through = nodes[step - 1] if 0 < step <= len(nodes) else ""
            self._row.addWidget(self._crumb(step, name, through, step == len(names)))
        if remark:
            words = QLabel(remark, self)
            words.setObjectName("crumbsRemark")
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setFont(font(11))
            words.setProperty("tone", "secondary")
            words.setContentsMargins(8, 0, 8, 0)
            self._row.addWidget(words)
        for place in range(self._row.count()):
            self._row.itemAt(place).widget().show()
        self._row.activate()
        self.resize(self._row.sizeHint())
        self.setVisible(bool(names))
        self.raise_()

    def _crumb(self, step: int, name: str, through: str, last: bool) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"crumb_{step}")
        button.setAccessibleName(name)
        button.setFont(font(13, QFont.Weight.DemiBold if last else QFont.Weight.Normal))
        words = button.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST)
        button.setText(words.replace("&", "&&"))
        button.setProperty("last", last)
        button.setAutoRaise(True)
        button.setFixedHeight(24)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if through:
            button.setToolTip(explained(self.tr("By way of {name}").format(name=through)))
        if last:
            button.setEnabled(False)
        button.clicked.connect(partial(self.chosen.emit, step))
        return button

    def _recolour(self) -> None:
        theme = look.theme
        self.setStyleSheet(
            f"#crumbs {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: 6px; }}"
            f"#crumbs QToolButton {{ border: none; background: transparent; padding: 0 8px; border-radius: 4px;"
            f" color: {theme.secondary}; }}"
            f"#crumbs QToolButton:hover {{ background: {theme.raised}; color: {theme.ink}; }}"
            f"#crumbs QToolButton:focus {{ border: 2px solid {theme.accent}; padding: 0 6px; }}"
            f"#crumbs QToolButton[last=true] {{ color: {theme.ink}; }}"
        )
