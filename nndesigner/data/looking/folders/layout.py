"""How files lie in a folder: in folders of classes, which may lie in folders of parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nndesigner.data.looking.found import in_order
from nndesigner.data.own.files import PARTS, files_in


@dataclass(frozen=True)
class Layout:
    """Where the files of each class lie: in folders of classes, which may lie in folders of parts."""

    root: Path
    parts: Mapping[str, str]  # by the name of the folder; empty where there are none
    classes: tuple[str, ...]
    empty: tuple[str, ...]  # folders of classes with nothing in them
    paths: tuple[Path, ...]
    labels: tuple[str, ...]
    places: tuple[str, ...]  # the part of each file
    loose: tuple[Path, ...]  # files that lie in no folder of a class
    without: tuple[str, ...]  # folders of parts without folders of classes


def layout_of(folder: Path, endings: tuple[str, ...]) -> Layout:
    """How the files of a folder are laid out."""
    root = _root(folder, endings)
    inner = _folders(root, endings)
    names = {one.name: PARTS.get(one.name.lower(), "") for one in inner}
    parts = names if inner and all(names.values()) and "train" in names.values() else {}
    paths: list[Path] = []
    labels: list[str] = []
    places: list[str] = []
    empty: set[str] = set()
    without: list[str] = []
    loose = _directly(root, endings)
    for place, part in (parts or {"": "train"}).items():
        classes = _subfolders(root / place)
        filled = [one for one in classes if files_in(one, endings)]
        if parts and not filled:
            without.append(place)
            continue
        if parts:
            loose += _directly(root / place, endings)
        empty |= {one.name for one in classes if one not in filled}
        for one in filled:
            held = files_in(one, endings)
            paths += held
            labels += [one.name] * len(held)
            places += [part] * len(held)
    return Layout(
        root,
        {place: part for place, part in parts.items() if place not in without},
        in_order(set(labels)),
        in_order(empty - set(labels)),
        tuple(paths),
        tuple(labels),
        tuple(places),
        tuple(loose),
        tuple(without),
    )


def _root(folder: Path, endings: tuple[str, ...]) -> Path:
    """The folder in which classes or parts lie: this one, or one that it does nothing but hold."""
    while not _directly(folder, endings):
        inner = _folders(folder, endings)
        if len(inner) != 1 or len(_subfolders(folder)) != 1:
            break
        if not _folders(inner[0], endings):
            break
        folder = inner[0]
    return folder


def _subfolders(folder: Path) -> list[Path]:
    return sorted(
        one
        for one in folder.iterdir()
        if one.is_dir() and not one.name.startswith((".", "__MACOSX"))
    )


def _folders(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return [one for one in _subfolders(folder) if files_in(one, endings)]


def _directly(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return [one for one in files_in(folder, endings) if one.parent == folder]
