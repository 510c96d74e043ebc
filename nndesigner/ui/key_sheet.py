"""The sheet of all keys: made from the table of actions and the table of the canvas, to be searched and taken as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui import actions, icons
from nndesigner.ui.facts import plain_label, quiet_button
from nndesigner.ui.keys import GESTURES, key_of, said
from nndesigner.ui.theme import font

_SIZE, _COLUMNS, _SHORTEST = (1120, 720), 3, 24  # rows that a column holds before the next begins


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together on the sheet: a head, and rows of what is done and by which keys."""

    head: str
    rows: tuple[tuple[str, str], ...]


def groups_of(made: Mapping[str, QAction], query: str = "") -> tuple[Group, ...]:
    """All that has a key, by menu, then the canvas; only rows that hold every word of `query`."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, menu in actions.listed():
        shortcuts = [keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in made[name].shortcuts()]
        if keys := key_of(name, ", ".join(shortcuts)):
            found.setdefault(menu, []).append((made[name].text().replace("&", "").rstrip("…"), keys))
    for head, gestures in GESTURES.items():
        found[said(head)] = [(said(one.text), said(one.keys)) for one in gestures if not one.action]
    words = query.casefold().split()
    groups = (
        Group(
            head,
            tuple(row for row in rows if all(word in " ".join((head, *row)).casefold() for word in words)),
        )
        for head, rows in found.items()
    )
    return tuple(group for group in groups if group.rows)


def as_text(groups: Sequence[Group]) -> str:
    """The sheet as plain lines, keys in a column of their own."""
    width = max((len(keys) for group in groups for _, keys in group.rows), default=0)
    parts = []
    for group in groups:
        lines = [f"  {keys:<{width}}  {text}" for text, keys in group.rows]
        parts.append("\n".join((group.head, *lines)))
    return "\n\n".join(parts) + "\n" if parts else ""


class KeySheet(QDialog):
    """The sheet of one window."""

    def __init__(self, made: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keySheet")
        self.setWindowTitle(self.tr("Keys"))
        self._made = made
        self.groups: tuple[Group, ...] = ()
        self.search = QLineEdit(self)
        self.search.setObjectName("keySheetField")
        self.search.setAccessibleName(self.tr("Search keys"))
        self.search.setPlaceholderText(self.tr("Search keys: zoom, Ctrl+Shift, wire"))
        self.search.setFixedHeight(28)
        self.search.setMaximumWidth(360)
        lens = self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        icons.dress(lens, "search", "secondary")
        copy = quiet_button(self.tr("Copy as text"), "keySheetCopy", "copy")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(as_text(self.groups)))
        self._room = QScrollArea(self)
        self._room.setObjectName("keySheetRoom")
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setWidgetResizable(True)
        self._room.setAccessibleName(self.tr("Keys"))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addStretch(1)
        top.addWidget(copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(top)
        column.addWidget(self._room, 1)
        self.search.textChanged.connect(self._fill)
        self.resize(min(_SIZE[0], parent.width() - 32), min(_SIZE[1], parent.height() - 32))

    def toggle(self) -> None:
        """Opens it with an empty search, or closes it."""
        if self.isVisible():
            self.close()
            return
        self.search.clear()
        self._fill()
        self.show()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        self.groups = groups_of(self._made, self.search.text())
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(32)
        if not self.groups:
            words = self.tr("No key is listed under “{query}”.").format(query=self.search.text().strip())
            row.addWidget(plain_label(words, "secondary"), 1, Qt.AlignmentFlag.AlignTop)
        for groups in _in_columns(self.groups) if self.groups else ():
            column = QVBoxLayout()
            column.setSpacing(16)
            for group in groups:
                column.addLayout(_drawn(group))
            column.addStretch(1)
            row.addLayout(column, 1)
        self._room.setWidget(page)


def _in_columns(groups: Sequence[Group]) -> list[list[Group]]:
    """The groups in their order, in columns about as long as one another."""
    lengths = [len(group.rows) + 2 for group in groups]
    longest = max(sum(lengths) / _COLUMNS, _SHORTEST)
    columns: list[list[Group]] = [[] for _ in range(_COLUMNS)]
    before = 0
    for group, length in zip(groups, lengths, strict=True):
        columns[min(int((before + length / 2) / longest), _COLUMNS - 1)].append(group)
        before += length
    return columns


def _drawn(group: Group) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    grid.addWidget(plain_label(group.head, "secondary", font(11, QFont.Weight.DemiBold)), 0, 0, 1, 2)
    for place, (text, keys) in enumerate(group.rows, 1):
        words = plain_label(text, wrap=True)
        keyed = plain_label(keys, face=font(12, mono=len(keys) < 24), wrap=len(keys) >= 24)
        keyed.setAccessibleName(f"{text}: {keys}")
        keyed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, place, 0)
        grid.addWidget(keyed, place, 1)
    return grid
