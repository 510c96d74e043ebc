"""Looking at IDX files, as MNIST comes in."""

import gzip
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nndesigner.data.looking.arrays.records import classes_of, found_in
from nndesigner.data.looking.found import Found, only
from nndesigner.data.own.arrays import idx_array, load_idx
from nndesigner.data.own.files import PARTS
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

_TYPES = (8, 9, 11, 12, 13, 14)


def is_idx(path: Path) -> bool:
    """Whether a file begins as an IDX file does, gzipped or not."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                start = file.read(4)
    except (OSError, EOFError, zlib.error):
        return False
    return (
        len(start) == 4
        and start[:2] == b"\0\0"
        and start[2] in _TYPES
        and 1 <= start[3] <= 8
    )


def look_at_idx(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """The records and labels in IDX files, given their folder or the file of the records; raises `DataError`."""
    only(choices, "IDX files", "kind", "labels")
    pairs = _pairs(path, choices.get("labels"))
    test = {one: pair for one, pair in pairs.items() if _part(one) == "test"}
    train = {one: pair for one, pair in pairs.items() if _part(one) != "test"} or test
    first = train.get(path.name) or test.get(path.name) or next(iter(train.values()))
    second = next(iter(test.values())) if test and first not in test.values() else None
    said = []
    if len(train) > 1:
        said.append(
            f"There are {len(train)} sets of records for training; {first[0].name} was taken."
        )
    try:
        answers = [idx_array(str(pair[1])) for pair in (first, second) if pair]
        arguments: dict[str, Value] = {
            "images": str(first[0]),
            "labels": str(first[1]),
            "classes": classes_of(path, answers),
        }
        if second:
            arguments |= {"test_images": str(second[0]), "test_labels": str(second[1])}
        arrays = load_idx(**arguments)  # type: ignore[arg-type]
    except ValueError as error:
        raise DataError(str(error)) from None
    used = [*first, *(second or ())]
    return found_in(name, path, "own.load_idx", arguments, arrays, used, said)


def _pairs(path: Path, labels: str | None) -> dict[str, tuple[Path, Path]]:
    """Files of records with those of their labels, by the names of the first; `labels` are those of `path`, if told."""
    folder = path if path.is_dir() else path.parent
    files = sorted(
        one
        for one in folder.iterdir()
        if one.is_file() and not one.name.startswith(".") and is_idx(one)
    )
    pairs: dict[str, tuple[Path, Path]] = {}
    for one in files:
        if one == path and labels:
            pairs[one.name] = (one, Path(labels))
        elif "images" in one.name and (theirs := _labels_of(one, files)):
            pairs[one.name] = (one, theirs)
    if path.is_file() and path.name not in pairs:
        raise DataError(
            f"{path} holds labels: give the file of what they label, or the folder."
            if "labels" in path.name
            else f"{path} has no labels beside it: expected a file of the same name with labels in place of images."
        )
    if not pairs:
        raise DataError(
            f"{path} has no IDX files that belong together: expected names with images and with labels."
        )
    return pairs


def _part(name: str) -> str:
    words = name.lower().replace("-", " ").replace("_", " ").replace(".", " ").split()
    return next((PARTS[word] for word in words if word in PARTS), "")


def _labels_of(images: Path, files: Sequence[Path]) -> Path | None:
    def stem(path: Path) -> str:
        return (
            path.name.removesuffix(".gz")
            .replace("images", "labels")
            .replace("idx3", "idx1")
            .replace("idx4", "idx1")
        )

    return next(
        (
            one
            for one in files
            if one != images and "labels" in one.name and stem(one) == stem(images)
        ),
        None,
    )
