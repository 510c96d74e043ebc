"""The list of bookmarks: a digit or a few letters go to one, F2 gives it another name, Delete forgets it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from nndesigner.ui.canvas.face import DOT
from nndesigner.ui.chooser import Choice, Chooser
from nndesigner.ui.facts import plain_label
from nndesigner.ui.palette import NAME
from nndesigner.ui.theme import font

NEW = "new"
_DIGITS = range(Qt.Key.Key_1, Qt.Key.Key_9 + 1)


class BookmarkList(Chooser):
    """The list over a canvas.

    **Signals:** `chosen` with the number of a bookmark, from 0, or `NEW`; `renaming` and `deleting` with a number.
    """

    renaming = Signal(int)
    deleting = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("bookmarks", "", "", 360, 10, parent)
        title = self.tr("Bookmarks")
        for part in (self, self.search, self.list):
            part.setAccessibleName(title)
        self.search.setPlaceholderText(self.tr("Type its digit, or a word of it"))
        self._foot = plain_label(
            DOT.join((self.tr("F2 renames"), self.tr("Delete forgets"), self.tr("right click does both"))),
            "secondary",
            font(11),
        )
        self._foot.setObjectName("bookmarksFoot")
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(self._foot)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._ask)

    def show_bookmarks(self, marks: Sequence[tuple[str, str]], key: str) -> None:
        """Opens with these names and places; a last row, with its key, is for a new one."""
        choices = [
            Choice(str(place), name, f"{where}{DOT}{place + 1}" if place < len(_DIGITS) else where)
            for place, (name, where) in enumerate(marks)
        ]
        self._foot.setVisible(bool(marks))
        self.offer([*choices, Choice(NEW, self.tr("Bookmark this view…"), key)], self.tr("Bookmarks"))
        self.put(QPoint((self.parentWidget().width() - self.width()) // 2, 48))

    def point_to(self, number: int) -> None:
        """Goes to that row, or to the last there is."""
        self._select(min(number, len(self.keys()) - 1))

    def key_pressed(self, event: QKeyEvent) -> bool:
        key, current = event.key(), self.current()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        empty = not self.search.text()
        if empty and plain and key in _DIGITS:
            self._choose(wanted if (wanted := str(key - Qt.Key.Key_1)) in self.keys() else "")
        elif key == Qt.Key.Key_F2 and current not in ("", NEW):
            self.renaming.emit(int(current))
        elif key == Qt.Key.Key_Delete and empty and current not in ("", NEW):
            self.deleting.emit(int(current))
        else:
            return super().key_pressed(event)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # F2 is a key of the window too.
        if (
            watched is self.field
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_F2
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _ask(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        if not index.isValid() or index.data(NAME) == NEW:
            return
        number = int(index.data(NAME))
        self._select(index.row())
        menu = QMenu(self)
        menu.setObjectName("bookmarkMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Rename…"), lambda: self.renaming.emit(number))
        menu.addAction(self.tr("Delete"), lambda: self.deleting.emit(number))
        menu.popup(self.list.viewport().mapToGlobal(at))
