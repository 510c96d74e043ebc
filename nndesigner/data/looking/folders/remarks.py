"""What a person should know of a folder before it is used."""

from collections import Counter
from collections.abc import Iterator

from nndesigner.data.looking.folders.layout import Layout
from nndesigner.data.looking.folders.sifted import Sifted
from nndesigner.data.looking.found import counted, listed, verb
from nndesigner.data.own.files import PICTURES, SOUNDS, name_in

_IGNORED = (".ds_store", "thumbs.db", "desktop.ini")


def remarks_of(sifted: Sifted, noun: str) -> list[str]:
    """What was left out or passed over, what comes twice, and how even the classes are, a sentence each."""
    return [
        *sifted.remarks(),
        *_of_layout(sifted.layout, noun),
        *_of_other_files(sifted.layout),
        *_of_repeats(sifted),
        *_of_classes(sifted),
    ]


def _of_layout(layout: Layout, noun: str) -> Iterator[str]:
    if layout.empty:
        yield f"The folder {listed(layout.empty)} has no {noun} in it, so it is no class."
    if layout.loose:
        names = [name_in(layout.root, one) for one in layout.loose]
        yield f"{counted(len(names), 'file')} in no folder of a class left out: {listed(names)}."
    if layout.without:
        yield f"{listed(layout.without)} has no folders of classes, so it was left out."


def _of_other_files(layout: Layout) -> Iterator[str]:
    odd = [
        name_in(layout.root, one)
        for one in layout.root.rglob("*")
        if one.suffix.lower() not in PICTURES + SOUNDS
        and not one.name.startswith(".")
        and one.name.lower() not in _IGNORED
        and one.is_file()
    ]
    if odd:
        yield f"{counted(len(odd), 'other file')} passed over: {listed(sorted(odd))}."


def _of_repeats(sifted: Sifted) -> Iterator[str]:
    contents = {path: sha for path, (_, sha) in sifted.contents.items()}
    trained = [contents[path] for path, _, place in sifted.kept if place == "train"]
    others = [contents[path] for path, _, place in sifted.kept if place != "train"]
    known = set(trained)
    if twice := sum(one in known for one in others):
        yield f"{counted(twice, 'file')} outside the training part {verb(twice, 'is', 'are')} in it too."
    if again := len(trained) - len(known):
        yield f"{counted(again, 'file')} {verb(again, 'repeats', 'repeat')} another."


def _of_classes(sifted: Sifted) -> Iterator[str]:
    counts = Counter(label for _, label, _ in sifted.kept)
    few, many = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    if counts[many] > 3 * counts[few]:
        yield f"The classes are of uneven size: {counts[few]:,} of {few}, {counts[many]:,} of {many}."
