"""Bookmarks: sights of a project that have a name. They are the person's own, so they are kept in the settings by the
path of the file, and neither mark it as unsaved nor travel with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Signal

from nndesigner.blocks import Place
from nndesigner.ui.finding.sight import Sight

if TYPE_CHECKING:
    from pathlib import Path

    from nndesigner.ui.document import Document

KEY = "bookmarks"
MOST, _FILES = 99, 100


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A sight by name."""

    name: str
    sight: Sight


class Bookmarks(QObject):
    """Those of the project of one document; of one that was never saved they are kept until the window closes.

    **Signals:** `changed` when there are others than before.
    """

    changed = Signal()

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._path: Path | None = None
        self._marks: tuple[Bookmark, ...] = ()
        document.loaded.connect(self._read)
        document.file_changed.connect(self._follow)
        self._read()

    @property
    def all(self) -> tuple[Bookmark, ...]:
        """The bookmarks in the order in which they were made."""
        return self._marks

    def add(self, bookmark: Bookmark) -> None:
        """Puts it last, in place of one of that name."""
        others = [one for one in self._marks if one.name != bookmark.name]
        self._keep([*others, bookmark][-MOST:])

    def rename(self, number: int, name: str) -> None:
        """Calls one of them something else, in place of another of that name."""
        marks = [
            replace(one, name=name) if place == number else one
            for place, one in enumerate(self._marks)
            if place == number or one.name != name
        ]
        self._keep(marks)

    def delete(self, number: int) -> None:
        """Forgets one of them."""
        self._keep([one for place, one in enumerate(self._marks) if place != number])

    def _keep(self, marks: Sequence[Bookmark]) -> None:
        self._marks = tuple(marks)
        self._write()
        self.changed.emit()

    def _read(self) -> None:
        self._path = self._document.path
        self._marks = tuple(map(_bookmark, _kept().get(self._key(), ()))) if self._path else ()
        self.changed.emit()

    def _follow(self) -> None:
        """A project that is saved elsewhere takes its bookmarks along."""
        if self._document.path != self._path:
            self._path = self._document.path
            self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        kept = _kept()
        kept.pop(self._key(), None)
        if self._marks:
            kept[self._key()] = [_content(mark) for mark in self._marks]
        QSettings().setValue(KEY, json.dumps(dict(list(kept.items())[-_FILES:])))

    def _key(self) -> str:
        return str(self._path.absolute()) if self._path is not None else ""


def _kept() -> dict[str, list[dict[str, Any]]]:
    """What is kept of all files, that which was written last at the end; nothing where it can't be read."""
    try:
        found = json.loads(str(QSettings().value(KEY, "{}")))
        for marks in found.values():
            for content in marks:
                _bookmark(content)
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
    return dict(found)


def _content(bookmark: Bookmark) -> dict[str, Any]:
    sight = bookmark.sight
    return {
        "name": bookmark.name,
        "block": sight.place.path,
        "trail": sight.place.trail,
        "scale": sight.scale,
        "middle": sight.middle,
    }


def _bookmark(content: dict[str, Any]) -> Bookmark:
    across, down = map(float, content["middle"])
    place = Place(str(content["block"]), tuple(map(str, content["trail"])))
    scale = min(max(float(content["scale"]), 0.01), 100.0)
    return Bookmark(str(content["name"]), Sight(place, scale, (across, down)))
