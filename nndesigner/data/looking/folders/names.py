"""What the names of recordings tell: the class they begin with, and who speaks."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from nndesigner.data.looking.folders.layout import Layout
from nndesigner.data.looking.found import in_order
from nndesigner.data.own.files import SOUNDS, files_in
from nndesigner.data.problem import DataError


def by_name(path: Path, divider: str | None) -> tuple[Layout, str]:
    """Sounds whose class is what their name begins with, and what divides it from the rest, where that isn't given."""
    paths = tuple(files_in(path, SOUNDS))
    if not paths:
        raise DataError(
            f"{path} has no sounds in it: expected files that end in {', '.join(SOUNDS)}."
        )
    parents = {one.parent for one in paths}
    root = next(iter(parents)) if len(parents) == 1 else path
    for sign in (divider,) if divider else ("_", "-", " ", "."):
        labels = tuple(one.stem.split(sign)[0] for one in paths)
        divided = all(sign in one.stem for one in paths)
        if divided and 2 <= len(set(labels)) <= len(paths) / 2:
            classes, parts = in_order(set(labels)), ("train",) * len(paths)
            return Layout(root, {}, classes, (), paths, labels, parts, (), ()), sign
    raise DataError(
        f"{path} tells no classes: expected a folder for each class, or names of files that begin with the class, such as "
        f"yes_anna_1.wav; got {paths[0].name}."
    )


def speaker_in(paths: Sequence[Path], divider: str, label_from: str) -> int:
    """Which piece of the names says who speaks; -1 if none does."""
    pieces = [one.stem.split(divider) for one in paths]
    place = 0 if label_from == "folder" else 1
    if any(len(one) <= place + 1 for one in pieces):
        return -1
    people = Counter(one[place] for one in pieces)
    heard = defaultdict(set)
    for path, one in zip(paths, pieces, strict=True):
        heard[one[place]].add(path.parent.name if label_from == "folder" else one[0])
    several = sum(len(classes) > 1 for classes in heard.values()) >= len(heard) / 2
    named = all(not one.isdecimal() for one in people)
    return place if 2 <= len(people) <= len(paths) / 3 and several and named else -1
