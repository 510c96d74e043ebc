"""Looking at folders of pictures and of recordings: their classes and parts, their sizes, the files that are no use."""

import hashlib
import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from PIL import Image

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest_of, media
from nndesigner.data.looking.found import (
    Found,
    Progress,
    counted,
    found,
    frozen,
    in_order,
    listed,
    only,
)
from nndesigner.data.own import PARTS, PICTURES, SOUNDS, files_in, name_in, picture
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

_LARGEST = 256
_LONGEST = 30.0
_SILENT = 1e-4
_MOST_RATE = 16_000  # enough for speech
_IGNORED = (".ds_store", "thumbs.db", "desktop.ini")


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
    root = folder
    while (
        not _directly(root, endings)
        and len(inner := _folders(root, endings)) == 1
        and len(_subfolders(root)) == 1
    ):
        if not _folders(inner[0], endings) and not _directly(root, endings):
            break
        root = inner[0]
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


class _Skipped:
    """Files that are left out, with the reason, and the SHA-256 of all that were looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.reasons: dict[str, str] = {}
        self.contents: dict[Path, tuple[int, str]] = {}

    def read(self, path: Path) -> None:
        """Takes the SHA-256 of a file."""
        data = path.read_bytes()
        self.contents[path] = (len(data), hashlib.sha256(data).hexdigest())

    def leave_out(self, path: Path, reason: str) -> None:
        """Remembers why a file is of no use."""
        self.reasons[name_in(self.root, path)] = reason

    def files(self) -> dict[str, str]:
        """The one SHA-256 of the folder by its path."""
        for path in media(self.root):
            if path not in self.contents:
                self.read(path)
        return {
            str(self.root): digest_of(
                {
                    name_in(self.root, one): self.contents[one]
                    for one in media(self.root)
                }
            )
        }

    def remarks(self) -> list[str]:
        """What was left out, by reason."""
        by_reason: dict[str, list[str]] = defaultdict(list)
        for name, reason in self.reasons.items():
            by_reason[reason].append(name)
        return [
            f"{counted(len(names), 'file')} left out, {'as it' if len(names) == 1 else 'as they'} {reason}: {listed(names)}."
            for reason, names in by_reason.items()
        ]


def _layout_remarks(layout: Layout, skipped: _Skipped, noun: str) -> list[str]:
    said = skipped.remarks()
    if layout.empty:
        said.append(
            f"The folder {listed(layout.empty)} has no {noun} in it, so it is no class."
        )
    if layout.loose:
        names = [name_in(layout.root, one) for one in layout.loose]
        said.append(
            f"{counted(len(names), 'file')} in no folder of a class left out: {listed(names)}."
        )
    if layout.without:
        said.append(
            f"{listed(layout.without)} has no folders of classes, so it was left out."
        )
    kept = [
        path
        for path in layout.paths
        if name_in(layout.root, path) not in skipped.reasons
    ]
    odd = [
        one
        for one in layout.root.rglob("*")
        if one.is_file() and one.suffix.lower() not in PICTURES + SOUNDS and not one.name.startswith(".")
        and one.name.lower() not in _IGNORED
    ]  # fmt: skip
    if odd:
        said.append(
            f"{counted(len(odd), 'other file')} passed over: {listed(sorted(name_in(layout.root, one) for one in odd))}."
        )
    place = dict(zip(layout.paths, layout.places, strict=True))
    trained = {skipped.contents[path][1] for path in kept if place[path] == "train"}
    twice = sum(
        skipped.contents[path][1] in trained for path in kept if place[path] != "train"
    )
    if twice:
        said.append(
            f"{counted(twice, 'file')} outside the training part {'is' if twice == 1 else 'are'} in it too."
        )
    hashes = Counter(
        skipped.contents[path][1] for path in kept if place[path] == "train"
    )
    if again := sum(count - 1 for count in hashes.values()):
        said.append(
            f"{counted(again, 'file')} {'repeats' if again == 1 else 'repeat'} another."
        )
    counts = Counter(
        label
        for path, label in zip(layout.paths, layout.labels, strict=True)
        if name_in(layout.root, path) not in skipped.reasons
    )
    if counts and max(counts.values()) > 3 * min(counts.values()):
        few, many = (
            min(counts, key=counts.__getitem__),
            max(counts, key=counts.__getitem__),
        )
        said.append(
            f"The classes are of uneven size: {counts[few]:,} of {few}, {counts[many]:,} of {many}."
        )
    return said


def _classes_left(
    path: Path, layout: Layout, skipped: _Skipped, noun: str
) -> tuple[str, ...]:
    left = {
        label
        for one, label in zip(layout.paths, layout.labels, strict=True)
        if name_in(layout.root, one) not in skipped.reasons
    }
    if not left:
        raise DataError(
            f"{path} has no {noun} that can be read. " + " ".join(skipped.remarks())
        )
    if len(left) < 2:
        raise DataError(
            f"{path} has one class only, {next(iter(left))}: expected a folder for each class, with its {noun} in it."
        )
    return in_order(left)


def _parts_of(layout: Layout, skipped: _Skipped) -> dict[str, int]:
    if not layout.parts:
        return {}
    counts = Counter(
        part
        for path, part in zip(layout.paths, layout.places, strict=True)
        if name_in(layout.root, path) not in skipped.reasons
    )
    return {part: counts[part] for part in ("train", "validation", "test")}


def look_at_pictures(
    path: Path, name: str, choices: Mapping[str, Any], progress: Progress | None = None
) -> Found:
    """The pictures in a folder; raises `DataError`."""
    only(choices, "a folder of pictures", "kind", "size", "grey")
    layout = layout_of(path, PICTURES)
    if not layout.paths:
        raise DataError(
            f"{path} has no pictures in folders: expected a folder for each class, with its pictures in it."
            if layout.loose
            else f"{path} has no pictures in it: expected files that end in {', '.join(PICTURES)}."
        )
    skipped = _Skipped(layout.root)
    shapes: Counter[tuple[int, int]] = Counter()
    grey = True
    for index, one in enumerate(layout.paths):
        try:
            shape, colourless = _picture_facts(one, skipped, grey)
        except _Unusable as error:
            skipped.leave_out(one, str(error))
        else:
            shapes[shape] += 1
            grey = grey and colourless
        if progress:
            progress(index + 1, len(layout.paths))
    classes = _classes_left(path, layout, skipped, "pictures")
    grey = bool(choices.get("grey", grey))
    records, channels = sum(shapes.values()), 1 if grey else 3
    size = _size(choices.get("size"), shapes)
    said = _layout_remarks(layout, skipped, "pictures")
    if set(shapes) != {size}:
        seen = (
            f"They are of {len(shapes)} sizes"
            if len(shapes) > 1
            else f"They are of {_by(next(iter(shapes)))} pixels"
        )
        said.insert(
            0,
            f"{seen} and are brought to {_by(size)}: scaled, and cut off where their shape is another.",
        )
    arguments: dict[str, Value] = {
        "folder": str(layout.root),
        "size": size,
        "classes": classes,
    }
    if grey:
        arguments["grey"] = True
    if layout.parts:
        arguments["parts"] = frozen(layout.parts)
    if skipped.reasons:
        arguments["skip"] = tuple(sorted(skipped.reasons))
    sort = "grey" if grey else "coloured"
    return found(
        name,
        path,
        f"{counted(records, 'picture')} of {_by(size)} {sort} pixels, of {len(classes)} classes.",
        records,
        (
            Field("image", (channels, *size), "Grey values from 0 to 255" if grey else "Red, green and blue from 0 to 255", prepare="standardize", sort="image"),
            Field("label", (), "What is shown", "int64", classes, sort="label"),
        ),
        "own.load_images",
        arguments,
        skipped.files(),
        said,
        parts=_parts_of(layout, skipped),
    )  # fmt: skip


class _Unusable(Exception):
    """A file that is left out; its text says why, after 'as it'."""


def _picture_facts(
    path: Path, skipped: _Skipped, grey: bool
) -> tuple[tuple[int, int], bool]:
    """Height and width of a picture, and whether it has no colour, which is only looked at where all before have none."""
    try:
        skipped.read(path)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                turned = file.getexif().get(0x0112, 1) >= 5
                width, height = file.size
                plain = file.mode in ("1", "L", "LA", "I", "F") or file.mode.startswith(
                    "I;"
                )
                if plain or not grey:
                    file.load()
                    return ((width, height) if turned else (height, width)), plain
            pixels = picture(
                path, (width, height) if turned else (height, width), False
            )
            return (pixels.shape[1], pixels.shape[2]), bool(
                (pixels == pixels[:1]).all()
            )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _Unusable("would be too large unpacked") from None
    except PermissionError:
        raise _Unusable("may not be read") from None
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
    ):
        raise _Unusable(
            "can't be read as a picture" if path.stat().st_size else "is empty"
        ) from None


def _by(size: Sequence[int]) -> str:
    return f"{size[0]}×{size[1]}"


def _size(chosen: Any, shapes: Counter[tuple[int, int]]) -> tuple[int, int]:
    """Height and width all pictures are brought to: the most frequent, or else a square, of 256 pixels at most."""
    if chosen is not None:
        size = (chosen, chosen) if isinstance(chosen, int) else tuple(chosen)
        if len(size) != 2 or not all(
            isinstance(one, int) and 1 <= one <= 10_000 for one in size
        ):
            raise DataError(
                f"expected a size of one number or two, height and width, from 1 to 10,000, got {chosen!r}."
            )
        return size[0], size[1]
    shape, count = shapes.most_common(1)[0]
    if count < 0.5 * sum(shapes.values()):
        side = round(float(np.median([min(one) for one in shapes.elements()])))
        shape = (side, side)
    shrink = min(1.0, _LARGEST / max(shape))
    return max(1, round(shape[0] * shrink)), max(1, round(shape[1] * shrink))


def look_at_sounds(
    path: Path, name: str, choices: Mapping[str, Any], progress: Progress | None = None
) -> Found:
    """The recordings in a folder; raises `DataError`."""
    only(
        choices,
        "a folder of sounds",
        "kind",
        "rate",
        "seconds",
        "label_from",
        "speaker",
        "divider",
    )
    layout = layout_of(path, SOUNDS)
    label_from = choices.get("label_from") or (
        "folder" if len(layout.classes) > 1 else "name"
    )
    if label_from not in ("folder", "name"):
        raise DataError(
            f"a label comes from the folder or the name of a file, not from {label_from!r}."
        )
    divider = choices.get("divider") or "_"
    if label_from == "name":
        layout = _by_name(path, divider, choices.get("divider") is None)
        divider = layout.without[0]
        layout = Layout(
            layout.root,
            {},
            layout.classes,
            (),
            layout.paths,
            layout.labels,
            layout.places,
            (),
            (),
        )
    if not layout.paths:
        raise DataError(
            f"{path} has no sounds in it: expected files that end in {', '.join(SOUNDS)}."
        )
    skipped = _Skipped(layout.root)
    rates: Counter[int] = Counter()
    lengths: list[float] = []
    for index, one in enumerate(layout.paths):
        try:
            seconds, rate = _sound_facts(one, skipped)
        except _Unusable as error:
            skipped.leave_out(one, str(error))
        else:
            rates[rate] += 1
            lengths.append(seconds)
        if progress:
            progress(index + 1, len(layout.paths))
    classes = _classes_left(path, layout, skipped, "sounds")
    rate = int(choices.get("rate") or min(_MOST_RATE, rates.most_common(1)[0][0]))
    longest = max(lengths)
    seconds = float(
        choices.get("seconds") or min(math.ceil(longest * 100) / 100, _LONGEST)
    )
    kept = [
        one for one in layout.paths if name_in(layout.root, one) not in skipped.reasons
    ]
    speaker = choices.get("speaker")
    speaker = _speaker(kept, divider, label_from) if speaker is None else int(speaker)
    if any(len(one.stem.split(divider)) <= speaker for one in kept):
        raise DataError(
            f"some names of {path} have no piece {speaker} that would say who speaks."
        )
    said = _layout_remarks(layout, skipped, "sounds")
    if len(rates) > 1 or rate not in rates:
        said.append(
            f"They have {listed(f'{one:,}' for one in sorted(rates))} samples a second, and are brought to {rate:,}."
        )
    if cut := sum(one > seconds + 0.005 for one in lengths):
        said.append(
            f"{counted(cut, 'sound')} longer than {seconds:g} seconds {'is' if cut == 1 else 'are'} cut off there."
        )
    if label_from == "name":
        said.append(
            f"The class is what the name of a file begins with, before {divider}."
        )
    arguments: dict[str, Value] = {
        "folder": str(layout.root),
        "rate": rate,
        "seconds": seconds,
        "classes": classes,
    }
    told: dict[str, tuple[Value, Value]] = {
        "label_from": (label_from, "folder"), "speaker": (speaker, -1), "divider": (divider, "_"),
    }  # fmt: skip
    arguments |= {
        key: value for key, (value, default) in told.items() if value != default
    }
    if layout.parts:
        arguments["parts"] = frozen(layout.parts)
    if skipped.reasons:
        arguments["skip"] = tuple(sorted(skipped.reasons))
    if speaker >= 0:
        people = {one.stem.split(divider)[speaker] for one in kept}
        said.append(
            f"The names of the files tell {len(people)} speakers, {listed(sorted(people))}: a split can keep each together."
        )
    usual = math.ceil(10 * float(np.quantile(lengths, 0.95))) / 10
    return found(
        name,
        path,
        f"{counted(len(lengths), 'sound')} of up to {longest:.2f} seconds, of {len(classes)} classes.",
        len(lengths),
        (
            Field("sound", (), "The recording", sort="sound"),
            Field("label", (), "What is heard", "int64", classes, sort="label"),
        ),
        "own.load_sounds",
        arguments,
        skipped.files(),
        said,
        parts=_parts_of(layout, skipped),
        group="speaker" if speaker >= 0 else "",
        start={
            "seconds": min(usual, seconds, 60.0),
            "window": min(8192, max(16, 2 ** round(math.log2(rate * 0.032)))),
        },
    )


def _sound_facts(path: Path, skipped: _Skipped) -> tuple[float, int]:
    """How many seconds a recording has, and how many samples a second."""
    try:
        skipped.read(path)
        if not path.stat().st_size:
            raise _Unusable("is empty")
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except PermissionError:
        raise _Unusable("may not be read") from None
    except (OSError, soundfile.SoundFileError):
        raise _Unusable("can't be read as sound") from None
    if not len(sound):
        raise _Unusable("has no samples")
    mixed = sound.mean(axis=1)
    if not np.isfinite(mixed).all():
        raise _Unusable("has samples that are no numbers")
    if np.abs(mixed).max() < _SILENT:
        raise _Unusable("is silent")
    return len(sound) / rate, int(rate)


def _by_name(path: Path, divider: str, guess: bool) -> Layout:
    """Sounds whose class is what their name begins with. What divides the name is given as the only one of `without`."""
    paths = files_in(path, SOUNDS)
    parents = {one.parent for one in paths}
    root = next(iter(parents)) if len(parents) == 1 else path
    for sign in (divider, "-", " ", ".") if guess else (divider,):
        labels = [one.stem.split(sign)[0] for one in paths]
        if (
            paths
            and all(sign in one.stem for one in paths)
            and 2 <= len(set(labels)) <= len(paths) / 2
        ):
            return Layout(
                root,
                {},
                in_order(set(labels)),
                (),
                tuple(paths),
                tuple(labels),
                ("train",) * len(paths),
                (),
                (sign,),
            )
    if not paths:
        raise DataError(
            f"{path} has no sounds in it: expected files that end in {', '.join(SOUNDS)}."
        )
    raise DataError(
        f"{path} tells no classes: expected a folder for each class, or names of files that begin with the class, such as "
        f"yes_anna_1.wav; got {paths[0].name}."
    )


def _speaker(paths: Sequence[Path], divider: str, label_from: str) -> int:
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
