"""Bookmarks as a person works with them: the view is kept under a name, gone to by a digit, renamed, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from nndesigner.ui import actions
from nndesigner.ui.canvas.face import DOT
from nndesigner.ui.finding.bookmark_list import NEW, BookmarkList
from nndesigner.ui.finding.bookmarks import Bookmark, Bookmarks
from nndesigner.ui.finding.sight import Sight, show, sight_of, where
from nndesigner.ui.naming_bar import NamingBar

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_KEY = next(record.keys[0] for record in actions.RECORDS if record.name == "bookmark")
_LONGEST = 60


class Keeping(QObject):
    """The work with bookmarks on one canvas."""

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._document = canvas, canvas.document
        self.bookmarks = Bookmarks(canvas.document, self)
        self.list = BookmarkList(canvas)
        self._bar = NamingBar(self._problem, canvas)
        self._sight = Sight()
        self._renamed: int | None = None
        self._bar.named.connect(self._named)
        self._bar.left.connect(canvas.setFocus)
        self.list.chosen.connect(self._chosen)
        self.list.renaming.connect(self._rename)
        self.list.deleting.connect(self._delete)
        self.list.closed.connect(lambda escaped: canvas.setFocus() if escaped else None)
        canvas.installEventFilter(self)
        self._document.loaded.connect(self._put_away)

    def ask(self) -> None:
        """Asks for a name for what is seen."""
        self.list.close_up()
        self._sight, self._renamed = sight_of(self._canvas, self._document.place), None
        self._name(self.tr("Name of the bookmark"), self.tr("Keep"), suggested_name(self._canvas))

    def open(self) -> None:
        """Opens the list, or closes it."""
        if not self.list.isHidden():
            self.list.close_up(True)
            return
        self._bar.close_bar()
        project = self._document.project
        marks = [(one.name, where(project, one.sight.place)) for one in self.bookmarks.all]
        key = QKeySequence(_KEY).toString(QKeySequence.SequenceFormat.NativeText)
        self.list.show_bookmarks(marks, key)

    def go(self, number: int) -> None:
        """Shows what that bookmark is of."""
        mark = self.bookmarks.all[number]
        sight = mark.sight.within(self._document.project)
        if sight is None:
            words = self.tr("“{name}” was in the block {block}, which is gone")
            self._canvas.hint.emit(words.format(name=mark.name, block=mark.sight.place.path))
            return
        show(self._canvas, sight)
        self._canvas.hint.emit(DOT.join((mark.name, where(self._document.project, sight.place))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            number = event.key() - Qt.Key.Key_1
            keys = event.modifiers() & ~(
                Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
            )
            if not keys and 0 <= number < min(9, len(self.bookmarks.all)) and self._canvas.gesture is None:
                self.go(number)
                return True
        return False

    def _chosen(self, key: str) -> None:
        if key == NEW:
            self.ask()
            return
        self._canvas.setFocus()
        self.go(int(key))

    def _rename(self, number: int) -> None:
        self.list.close_up()
        self._renamed = number
        self._name(self.tr("Other name of the bookmark"), self.tr("Rename"), self.bookmarks.all[number].name)

    def _delete(self, number: int) -> None:
        self.bookmarks.delete(number)
        self.list.close_up()
        self.open()
        self.list.point_to(number)

    def _name(self, head: str, verb: str, name: str) -> None:
        self._bar.ask(head, verb, name, QPoint(self._canvas.width() // 2, 160))

    def _named(self, name: str) -> None:
        if self._renamed is not None:
            self.bookmarks.rename(self._renamed, name)
            self.open()
            self.list.point_to(self._renamed)
            return
        self.bookmarks.add(Bookmark(name, self._sight))
        self._canvas.setFocus()
        words = (
            self.tr("Kept as “{name}”; {digit} goes there")
            if len(self.bookmarks.all) <= 9
            else self.tr("Kept as “{name}”")
        )
        self._canvas.hint.emit(words.format(name=name, digit=len(self.bookmarks.all)))

    def _problem(self, name: str) -> str | None:
        words = name.strip()
        if not words:
            return self.tr("A bookmark needs a name")
        return self.tr("A name of at most {} letters").format(_LONGEST) if len(words) > _LONGEST else None

    def _put_away(self) -> None:
        self.list.close_up()
        self._bar.close_bar()


def suggested_name(canvas: Canvas) -> str:
    """What is seen in a word: the one node that is selected, the title of a frame, or what is in the middle."""
    stage, names = canvas.stage, canvas.selected_names()
    if len(names) == 1:
        return names[0]
    seen = QRectF(canvas.mapToScene(canvas.viewport().rect()).boundingRect())
    middle = seen.center()
    whole = seen.contains(stage.bounds())
    if whole:
        return canvas.document.place.path or canvas.tr("Whole network")
    framed = [one.frame.title for one in stage.sheets.frames if one.area.contains(middle) and one.frame.title]
    if framed:
        return framed[-1][:_LONGEST]

    def away(name: str) -> float:
        return QPointF(stage.node_items[name].card.center() - middle).manhattanLength()

    return min(stage.node_items, key=away, default=canvas.tr("Whole network"))
