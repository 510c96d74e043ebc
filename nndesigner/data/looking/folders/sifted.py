"""The files of a folder, each looked at once: those that are kept, and those that are of no use with the reasons."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest_of, media
from nndesigner.data.looking.folders.layout import Layout
from nndesigner.data.looking.found import Progress, counted, frozen, in_order, listed
from nndesigner.data.own.files import name_in
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

_Fact = TypeVar("_Fact")
_OF_MANY = {"is": "are", "has": "have"}


class Unusable(Exception):
    """A file that is left out; its text says why, after 'as it'."""


class Sifted:
    """The files of a folder, with the reasons of those that are left out, and the SHA-256 of all that were looked at."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.reasons: dict[str, str] = {}
        self.contents: dict[Path, tuple[int, str]] = {}

    def each(
        self, fact: Callable[[Path], _Fact], progress: Progress | None
    ) -> Iterator[_Fact]:
        """What is to be known of each file that is kept; those of which `fact` raises `Unusable` are left out."""
        paths = self.layout.paths
        for index, path in enumerate(paths):
            try:
                self._read(path)
                yield fact(path)
            except PermissionError:
                self._leave_out(path, "may not be read")
            except Unusable as error:
                self._leave_out(path, str(error) if path.stat().st_size else "is empty")
            if progress:
                progress(index + 1, len(paths))

    def _read(self, path: Path) -> None:
        data = path.read_bytes()
        self.contents[path] = (len(data), hashlib.sha256(data).hexdigest())

    def _leave_out(self, path: Path, reason: str) -> None:
        self.reasons[name_in(self.layout.root, path)] = reason

    @property
    def kept(self) -> list[tuple[Path, str, str]]:
        """The files that are kept, each with its class and its part."""
        held = self.layout
        return [
            (path, label, place)
            for path, label, place in zip(
                held.paths, held.labels, held.places, strict=True
            )
            if name_in(held.root, path) not in self.reasons
        ]

    def classes(self, path: Path, noun: str) -> tuple[str, ...]:
        """The classes that have a file which is kept; raises `DataError` where there are fewer than two."""
        left = {label for _, label, _ in self.kept}
        if not left:
            reasons = " ".join(self.remarks())
            raise DataError(f"{path} has no {noun} that can be read. {reasons}")
        if len(left) < 2:
            raise DataError(
                f"{path} has one class only, {next(iter(left))}: expected a folder for each class, with its {noun} in it."
            )
        return in_order(left)

    @property
    def parts(self) -> dict[str, int]:
        """How many files each part has; nothing where there are no parts."""
        if not self.layout.parts:
            return {}
        counts = Counter(place for _, _, place in self.kept)
        return {part: counts[part] for part in ("train", "validation", "test")}

    @property
    def arguments(self) -> dict[str, Value]:
        """What a loader of folders is to be given of it, beside the folder."""
        found: dict[str, Value] = {}
        if self.layout.parts:
            found["parts"] = frozen(self.layout.parts)
        if self.reasons:
            found["skip"] = tuple(sorted(self.reasons))
        return found

    def files(self) -> dict[str, str]:
        """The one SHA-256 of the folder by its path."""
        root = self.layout.root
        every = media(root)
        for path in every:
            if path not in self.contents:
                self._read(path)
        whole = digest_of({name_in(root, one): self.contents[one] for one in every})
        return {str(root): whole}

    def remarks(self) -> list[str]:
        """What was left out, by reason."""
        by_reason: dict[str, list[str]] = defaultdict(list)
        for name, reason in self.reasons.items():
            by_reason[reason].append(name)
        said = []
        for reason, names in by_reason.items():
            verb, rest = reason.split(" ", 1)
            many = f"as they {_OF_MANY.get(verb, verb)} {rest}"
            why = f"as it {reason}" if len(names) == 1 else many
            said.append(
                f"{counted(len(names), 'file')} left out, {why}: {listed(names)}."
            )
        return said


def label_field(sentence: str, classes: tuple[str, ...]) -> Field:
    """The field of the classes that the folders are of."""
    return Field("label", (), sentence, "int64", classes, sort="label")
