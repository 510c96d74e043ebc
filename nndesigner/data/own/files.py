"""Where files of one's own lie: in folders of classes, which may lie in folders of parts; always in the same order."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

PARTS = {
    "train": "train", "training": "train", "trn": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test", "tst": "test", "t10k": "test",
}  # fmt: skip
PICTURES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".bmp",
    ".gif",
    ".webp",
    ".tif",
    ".tiff",
    ".ppm",
    ".pgm",
)
SOUNDS = (".wav", ".flac", ".ogg", ".oga", ".aiff", ".aif", ".mp3")


def files_by_class(
    folder: str,
    classes: Sequence[str],
    parts: Mapping[str, str] | None,
    skip: Sequence[str],
    endings: tuple[str, ...],
) -> tuple[list[Path], np.ndarray, np.ndarray]:
    """The files of each class in its folder, in order, with their labels (N,) and parts (N,)."""
    root = Path(folder)
    paths: list[Path] = []
    label: list[int] = []
    part: list[str] = []
    for place, where in (parts or {"": "train"}).items():
        for index, name in enumerate(classes):
            found = files_but(root, Path(place, name), endings, skip)
            paths += found
            label += [index] * len(found)
            part += [where] * len(found)
    if not paths:
        raise ValueError(
            f"{folder} has no files that end in {', '.join(endings)} in folders of the classes."
        )
    return paths, np.array(label, dtype=np.int64), np.array(part)


def files_but(
    root: Path, inner: Path | str, endings: tuple[str, ...], skip: Sequence[str]
) -> list[Path]:
    """All files in a folder within `root` that end so, but those to `skip`, which are named as seen from `root`."""
    left_out = set(skip)
    return [
        one
        for one in files_in(root / inner, endings)
        if name_in(root, one) not in left_out
    ]


def files_in(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """All files in a folder and those within it that end so, in the order of their names; hidden ones left out."""
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in endings
        and not any(name.startswith(".") for name in path.relative_to(folder).parts)
        and path.is_file()
    ]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def name_in(folder: Path, path: Path) -> str:
    """How a file is named as seen from a folder, with slashes on every system."""
    return path.relative_to(folder).as_posix()
