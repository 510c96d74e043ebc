"""All data sets that can be chosen: those of the program, those that are fetched, one's own; and whether they are here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from nndesigner import shelf
from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.datasets import BY_NAME, DATA_SETS
from nndesigner.ui.data.fetches import Fetches
from nndesigner.ui.document import Document

Group = Literal["bundled", "fetched", "own"]
Presence = Literal["here", "to fetch", "fetching", "missing"]


@dataclass(frozen=True)
class Entry:
    """A data set among the others."""

    data_set: DataSet
    group: Group
    presence: Presence


class Library(QObject):
    """The data sets of the program, of this person and of the project.

    **Signals:** `changed` when there are others, or when one came or went.
    """

    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.fetches = Fetches(self)
        self.broken: tuple[str, ...] = ()
        self._own: dict[str, DataSet] = {}
        self._seen = document.project.data
        self.fetches.came.connect(self.changed)
        document.changed.connect(self._follow)

    def refresh(self) -> None:
        """Looks at the shelf and the cache anew."""
        broken = []
        self._own = {}
        for name in shelf.names():
            try:
                found = shelf.find(name)
            except ValueError as error:
                broken.append(str(error))
                continue
            if found is not None:
                self._own[name] = found
        self.broken = tuple(broken)
        self.fetches.look_again()
        self.changed.emit()

    def entries(self) -> list[Entry]:
        """All of them, group by group."""
        own = {**self._own, **self._document.project.data}
        found = [self._entry(one, "fetched" if one.fetched else "bundled") for one in DATA_SETS]
        found += [self._entry(own[name], "own") for name in sorted(own, key=str.casefold)]
        return sorted(found, key=lambda entry: ("bundled", "fetched", "own").index(entry.group))

    def find(self, name: str) -> Entry | None:
        """The data set of that name."""
        own = self._document.project.data.get(name) or self._own.get(name)
        one = own or BY_NAME.get(name)
        if one is None:
            return None
        return self._entry(one, "own" if own else "fetched" if one.fetched else "bundled")

    def on_shelf(self, name: str) -> bool:
        """Whether this person added it, so that it can be taken off the shelf."""
        return name in self._own

    def _entry(self, data_set: DataSet, group: Group) -> Entry:
        presence: Presence = "here"
        if group == "fetched" and not self.fetches.present(data_set.name):
            presence = "fetching" if self.fetches.state(data_set.name).running else "to fetch"
        if group == "own" and any(not Path(name).exists() for name in data_set.files):
            presence = "missing"
        return Entry(data_set, group, presence)

    def _follow(self) -> None:
        if self._document.project.data is not self._seen and self._document.project.data != self._seen:
            self.changed.emit()
        self._seen = self._document.project.data
