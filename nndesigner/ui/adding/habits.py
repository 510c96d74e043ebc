"""What a person likes and uses most, kept in the program's settings."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QSettings, Signal

from nndesigner.catalogue.kind import Kind

_FAVOURITES, _USES, _LINES = "adding/favourites", "adding/uses", "adding/lines"
_MOST_LINES = 50
# Until something was used, what most networks are made of comes first.
_COMMON = [
    "Conv2d",
    "Linear",
    "ReLU",
    "BatchNorm2d",
    "MaxPool2d",
    "Flatten",
    "Dropout",
    "Add",
    "Concat",
    "LSTM",
    "Embedding",
    "LayerNorm",
    "Output",
    "CrossEntropyLoss",
    "Data",
]


class Habits(QObject):
    """Favourites, how often each kind was added, and the lines typed last. **Signals:** `changed` after a change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.favourites = _words(_FAVOURITES)
        self._uses: dict[str, int] = {}
        for word in _words(_USES):
            name, _, count = word.rpartition(" ")
            if name and count.isdecimal():
                self._uses[name] = int(count)
        self.lines = _words(_LINES)

    def toggle(self, name: str) -> None:
        """Makes a kind a favourite, or none any more."""
        kept = [one for one in self.favourites if one != name]
        self.favourites = kept if name in self.favourites else [*kept, name]
        QSettings().setValue(_FAVOURITES, self.favourites)
        self.changed.emit()

    def use(self, names: Iterable[str]) -> None:
        """Counts what was added."""
        for name in names:
            self._uses[name] = self._uses.get(name, 0) + 1
        QSettings().setValue(_USES, [f"{name} {count}" for name, count in self._uses.items()])
        self.changed.emit()

    def most_used(self, count: int) -> list[str]:
        """The kinds added most often, at least three times, that are no favourites."""
        ranked = sorted(self._uses, key=lambda name: -self._uses[name])
        return [name for name in ranked if self._uses[name] > 2 and name not in self.favourites][:count]

    def rank(self, kind: Kind) -> tuple[int, int, int]:
        """What comes first: favourites in their order, then what was used most, then what is common."""
        liked = self.favourites.index(kind.name) if kind.name in self.favourites else len(self.favourites)
        common = _COMMON.index(kind.name) if kind.name in _COMMON else len(_COMMON)
        return liked, -self._uses.get(kind.name, 0), common

    def keep_line(self, line: str) -> None:
        """A line that was typed can be had again."""
        self.lines = [*(one for one in self.lines if one != line), line][-_MOST_LINES:]
        QSettings().setValue(_LINES, self.lines)


def _words(key: str) -> list[str]:
    kept = QSettings().value(key, [])
    words = [kept] if isinstance(kept, str) else list(kept or [])  # a list of one comes back as the one
    return [word for word in words if isinstance(word, str) and word]
