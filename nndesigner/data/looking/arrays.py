"""Looking at arrays: IDX files, as MNIST comes in, and NPZ files of NumPy."""

import gzip
import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest
from nndesigner.data.looking.found import Found, counted, found, only
from nndesigner.data.own import PARTS, idx_array, load_idx, load_npz
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

_TYPES = (8, 9, 11, 12, 13, 14)
_MOST_CLASSES = 1000
_X = ("images", "image", "x", "data", "features", "inputs", "input", "pixels")
_Y = ("labels", "label", "y", "target", "targets", "classes", "class", "digits")


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
    folder = path if path.is_dir() else path.parent
    files = sorted(
        one
        for one in folder.iterdir()
        if one.is_file() and not one.name.startswith(".") and is_idx(one)
    )
    pairs: dict[str, tuple[Path, Path]] = {}
    for images in files:
        if "images" not in images.name and not (
            path == images and choices.get("labels")
        ):
            continue
        labels = (
            Path(choices["labels"])
            if path == images and choices.get("labels")
            else _labels_of(images, files)
        )
        if labels:
            pairs[images.name] = (images, labels)
    if path.is_file():
        if "labels" in path.name and path.name not in pairs:
            raise DataError(
                f"{path} holds labels: give the file of what they label, or the folder."
            )
        if path.name not in pairs:
            raise DataError(
                f"{path} has no labels beside it: expected a file of the same name with labels in place of images."
            )
    if not pairs:
        raise DataError(
            f"{path} has no IDX files that belong together: expected names with images and with labels."
        )
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
        classes = _classes(path, answers)
        arguments: dict[str, Value] = {
            "images": str(first[0]),
            "labels": str(first[1]),
            "classes": classes,
        }
        if second:
            arguments |= {"test_images": str(second[0]), "test_labels": str(second[1])}
        arrays = load_idx(**arguments)  # type: ignore[arg-type]
    except ValueError as error:
        raise DataError(str(error)) from None
    used = [*first, *(second or ())]
    return _found(
        name,
        path,
        "own.load_idx",
        arguments,
        arrays,
        classes,
        {str(one): digest(one) for one in used},
        said,
    )


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


def _classes(path: Path, answers: Sequence[np.ndarray]) -> tuple[int | str, ...]:
    """The classes that labels tell apart; nothing where they are numbers to be predicted."""
    first = answers[0]
    if first.ndim == 2 and first.shape[1] > 1:
        if all(
            ((one == 0) | (one == 1)).all() and (one.sum(axis=1) == 1).all()
            for one in answers
        ):
            return tuple(range(first.shape[1]))
        return ()
    if first.ndim > 2:
        return ()
    values = np.unique(np.concatenate([one.ravel() for one in answers]))
    if values.dtype.kind == "f" and not (
        len(values) <= 20 and (values == np.round(values)).all()
    ):
        return ()
    if values.dtype.kind not in "biufU":
        raise DataError(
            f"{path} has labels of the type {values.dtype}: expected numbers or words."
        )
    if values.dtype.kind != "U" and len(values) > min(_MOST_CLASSES, len(first) / 2):
        return ()
    if len(values) < 2:
        raise DataError(
            f"{path} has one class only, {values[0]}: there is nothing to tell apart."
        )
    return tuple(str(one) if values.dtype.kind == "U" else int(one) for one in values)


def look_at_npz(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """The arrays in an NPZ file; raises `DataError`."""
    only(choices, "an NPZ file", "kind", "x", "y", "channels")
    try:
        shapes = _shapes(path)
        xs, ys = _pick(path, shapes, choices)
        with np.load(path, allow_pickle=False) as file:
            first = file[xs["train"]]
            answers = [file[one] for one in ys.values()]
        if not first.size:
            raise DataError(f"{path}: {xs['train']} is empty.")
        classes = _classes(path, answers) if answers else ()
        channels = choices.get("channels")
        channels = _channels(first, xs["train"]) if channels is None else channels
        arguments: dict[str, Value] = {"path": str(path), "x": xs["train"]}
        if ys:
            arguments["y"] = ys["train"]
        if classes:
            arguments["classes"] = classes
        if channels:
            arguments["channels"] = channels
        for part in ("validation", "test"):
            if part in xs:
                arguments |= {f"{part}_x": xs[part]} | (
                    {f"{part}_y": ys[part]} if ys else {}
                )
        arrays = load_npz(**arguments)  # type: ignore[arg-type]
    except DataError:
        raise
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise DataError(f"{path} can't be read: {error}.") from None
    said = []
    unused = [one for one in shapes if one not in (*xs.values(), *ys.values())]
    if unused:
        said.append(f"Not used: {', '.join(unused)}.")
    said.append(
        f"{xs['train']} was taken for the records"
        + (
            f", {ys['train']} for what is to be predicted of them."
            if ys
            else "; nothing is to be predicted of them."
        )
    )
    return _found(
        name,
        path,
        "own.load_npz",
        arguments,
        arrays,
        classes,
        {str(path): digest(path)},
        said,
    )


def _shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The arrays of an NPZ file with their sizes; those that hold Python objects are left out, as they could run code."""
    found: dict[str, tuple[int, ...]] = {}
    objects: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if not member.endswith(".npy"):
                continue
            with archive.open(member) as file:
                version = np.lib.format.read_magic(file)
                read = (
                    np.lib.format.read_array_header_1_0
                    if version == (1, 0)
                    else np.lib.format.read_array_header_2_0
                )
                shape, _, dtype = read(file)
            if dtype.hasobject:
                objects.append(member.removesuffix(".npy"))
            else:
                found[member.removesuffix(".npy")] = shape
    if not found:
        raise DataError(
            f"{path} holds Python objects ({', '.join(objects)}), which are not read, as they could run code."
            if objects
            else f"{path} holds no arrays."
        )
    return found


def _pick(
    path: Path, shapes: Mapping[str, tuple[int, ...]], choices: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the arrays of records and of labels, by part."""
    for asked in (choices.get("x"), choices.get("y")):
        if asked and asked not in shapes:
            raise DataError(
                f"{path} has no array {asked!r}; it has {', '.join(shapes)}."
            )
    xs: dict[str, str] = {}
    ys: dict[str, str] = {}
    for name in shapes:
        words = name.lower().replace("-", "_").replace(" ", "_").split("_")
        part = next((PARTS[word] for word in words if word in PARTS), "train")
        kind = [word for word in words if word not in PARTS]
        if kind and kind[-1] in _X and part not in xs:
            xs[part] = name
        if kind and kind[-1] in _Y and part not in ys:
            ys[part] = name
    named = list(shapes)
    if choices.get("x"):
        xs = {"train": choices["x"]}
        ys = {"train": ys["train"]} if "train" in ys else {}
    if choices.get("y") is not None:
        ys = {"train": choices["y"]} if choices["y"] else {}
        xs = {"train": xs["train"]} if "train" in xs else {}
    if "train" not in xs:
        rest = [one for one in named if one not in ys.values()]
        if not rest:
            raise DataError(
                f"{path} has no array of records; it has {', '.join(named)}. Say which is x."
            )
        xs = {
            "train": max(
                rest, key=lambda one: (len(shapes[one]), math.prod(shapes[one]))
            )
        }
    if not ys and choices.get("y") is None:
        same = [
            one
            for one in named
            if one not in xs.values() and shapes[one][:1] == shapes[xs["train"]][:1]
        ]
        ys = {"train": same[0]} if same else {}
    if not shapes[xs["train"]]:
        raise DataError(
            f"{path}: {xs['train']} is one number: expected an array of records."
        )
    if ys:
        xs = {part: one for part, one in xs.items() if part in ys}
        ys = {part: one for part, one in ys.items() if part in xs}
    if "train" not in xs:
        raise DataError(
            f"{path} has no records for training with their labels; it has {', '.join(named)}."
        )
    return xs, ys


def _channels(values: np.ndarray, name: str) -> str:
    """Where the channels of pictures stand; nothing if these are no pictures."""
    shape = values.shape
    if len(shape) == 4 and shape[-1] in (1, 3, 4):
        return "last"
    if len(shape) == 4 and shape[1] in (1, 3, 4):
        return "first"
    square = len(shape) == 3 and min(shape[1:]) >= 8 and shape[1] == shape[2]
    if len(shape) == 3 and (
        values.dtype == np.uint8 or "image" in name.lower() or square
    ):
        return "none"
    return ""


def _found(
    name: str,
    path: Path,
    loader: str,
    arguments: Mapping[str, Value],
    arrays: Mapping[str, np.ndarray],
    classes: Sequence[int | str],
    files: Mapping[str, str],
    said: list[str],
) -> Found:
    """The data set of what was read."""
    fields: list[Field] = []
    key = "image" if "image" in arrays else "features"
    values = arrays[key]
    bad = (
        0
        if values.dtype.kind != "f"
        else int((~np.isfinite(values)).any(axis=tuple(range(1, values.ndim))).sum())
    )
    if bad:
        said.append(
            f"{counted(bad, 'record')} {'has' if bad == 1 else 'have'} values that are missing or no numbers."
        )
    if key == "image":
        least, most = values.min(), values.max()
        sentence = f"Values from {least:g} to {most:g}"
        fields.append(
            Field(key, values.shape[1:], sentence, prepare="standardize", sort="image")
        )
    else:
        fields.append(
            Field(
                key,
                values.shape[1:],
                f"{math.prod(values.shape[1:]):,} numbers",
                prepare="standardize",
            )
        )
    if "label" in arrays:
        names = tuple(str(one) for one in classes)
        fields.append(Field("label", (), "The class", "int64", names, sort="label"))
        counts = np.bincount(arrays["label"], minlength=len(classes))
        if (counts == 0).any():
            said.append(
                f"No record is of the class {', '.join(names[i] for i in np.flatnonzero(counts == 0))}."
            )
    if "target" in arrays:
        fields.append(
            Field(
                "target",
                arrays["target"].shape[1:],
                "What is to be predicted",
                prepare="standardize",
            )
        )
    parts = (
        {
            part: int((arrays["part"] == part).sum())
            for part in ("train", "validation", "test")
        }
        if "part" in arrays
        else {}
    )
    noun = "picture" if key == "image" else "record"
    sizes = "×".join(map(str, values.shape[1:]))
    return found(
        name,
        path,
        f"{counted(len(values), noun)} of {sizes} values"
        + (f", of {len(classes)} classes." if classes else "."),
        len(values),
        tuple(fields),
        loader,
        arguments,
        files,
        said,
        parts=parts,
    )
