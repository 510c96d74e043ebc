"""Looking at NPZ files of NumPy."""

import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from nndesigner.data.looking.arrays.records import classes_of, found_in
from nndesigner.data.looking.found import Found, only, unless_usual, verb
from nndesigner.data.own.arrays import load_npz
from nndesigner.data.own.files import PARTS
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

Arrays = dict[str, str]
"""The names of arrays, by the part they are of."""
Shapes = Mapping[str, tuple[int, ...]]
_X = ("images", "image", "x", "data", "features", "inputs", "input", "pixels")
_Y = ("labels", "label", "y", "target", "targets", "classes", "class", "digits")


def look_at_npz(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """The arrays in an NPZ file; raises `DataError`."""
    only(choices, "an NPZ file", "kind", "x", "y", "channels")
    if not zipfile.is_zipfile(path):
        raise DataError(
            f"{path} is no NPZ file, or is cut short: expected arrays as numpy.savez writes them."
        )
    try:
        shapes, objects = _shapes(path)
        xs, ys = _chosen(path, shapes, choices)
        arguments = _arguments(path, xs, ys, choices.get("channels"))
        arrays = load_npz(**arguments)  # type: ignore[arg-type]
    except DataError:
        raise
    except (ValueError, KeyError, EOFError, zlib.error) as error:
        raise DataError(f"{path} can't be read: {error}.") from None
    except (zipfile.BadZipFile, RuntimeError) as error:  # damaged, or locked
        raise DataError(f"{path} can't be unpacked: {error}.") from None
    said = []
    if objects:
        said.append(
            f"{', '.join(objects)} {verb(len(objects), 'holds', 'hold')} Python objects, which are not read, as they could run code."
        )
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
    return found_in(name, path, "own.load_npz", arguments, arrays, [path], said)


def _shapes(path: Path) -> tuple[Shapes, list[str]]:
    """The arrays of an NPZ file with their sizes, and those that hold Python objects, which could run code."""
    found: dict[str, tuple[int, ...]] = {}
    objects: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if not member.endswith(".npy"):
                continue
            try:
                with archive.open(member) as file:
                    shape, dtype = _header(file)
            except ValueError:
                raise DataError(
                    f"{path} is damaged: {member} in it is no array of NumPy."
                ) from None
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
    return found, objects


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Size and type of an array, of which nothing else is read."""
    if np.lib.format.read_magic(file) == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    else:
        shape, _, dtype = np.lib.format.read_array_header_2_0(file)
    return shape, dtype


def _chosen(
    path: Path, shapes: Shapes, choices: Mapping[str, Any]
) -> tuple[Arrays, Arrays]:
    """The arrays of records and of labels, as far as a person chose them, and else as they look; raises `DataError`."""
    x, y, names = choices.get("x"), choices.get("y"), ", ".join(shapes)
    for asked in (x, y):
        if asked and asked not in shapes:
            raise DataError(f"{path} has no array {asked!r}; it has {names}.")
    xs, ys = _named(shapes)
    if x:
        xs, ys = {"train": x}, _only_train(ys)
    if y is not None:
        xs, ys = _only_train(xs), {"train": y} if y else {}
    if "train" not in xs:
        rest = [one for one in shapes if one not in ys.values()]
        if not rest:
            raise DataError(
                f"{path} has no array of records; it has {names}. Say which is x."
            )
        largest = max(rest, key=lambda one: (len(shapes[one]), math.prod(shapes[one])))
        xs = {"train": largest}
    if not ys and y is None:
        ys = _beside(shapes, xs)
    if not shapes[xs["train"]]:
        raise DataError(
            f"{path}: {xs['train']} is one number: expected an array of records."
        )
    if ys:
        xs = {part: one for part, one in xs.items() if part in ys}
        ys = {part: one for part, one in ys.items() if part in xs}
    if "train" not in xs:
        raise DataError(
            f"{path} has no records for training with their labels; it has {names}."
        )
    return xs, ys


def _named(shapes: Shapes) -> tuple[Arrays, Arrays]:
    """The arrays with the names that records and labels have."""
    xs: Arrays = {}
    ys: Arrays = {}
    for name in shapes:
        words = name.lower().replace("-", "_").replace(" ", "_").split("_")
        part = next((PARTS[word] for word in words if word in PARTS), "train")
        kind = [word for word in words if word not in PARTS][-1:]
        if set(kind) & set(_X):
            xs.setdefault(part, name)
        if set(kind) & set(_Y):
            ys.setdefault(part, name)
    return xs, ys


def _only_train(arrays: Arrays) -> Arrays:
    return {part: one for part, one in arrays.items() if part == "train"}


def _beside(shapes: Shapes, xs: Arrays) -> Arrays:
    """The first array with as many records as there are, which may be their labels."""
    many = shapes[xs["train"]][:1]
    same = [one for one in shapes if one not in xs.values() and shapes[one][:1] == many]
    return {"train": same[0]} if same else {}


def _arguments(
    path: Path, xs: Arrays, ys: Arrays, channels: str | None
) -> dict[str, Value]:
    """What `load_npz` is to be given."""
    with np.load(path, allow_pickle=False) as file:
        first = file[xs["train"]]
        answers = [file[one] for one in ys.values()]
    if not first.size:
        raise DataError(f"{path}: {xs['train']} is empty.")
    classes: Value = classes_of(path, answers) if answers else ()
    channels = _channels(first, xs["train"]) if channels is None else channels
    told: dict[str, tuple[Value, Value]] = {
        "y": (ys.get("train", ""), ""),
        "classes": (classes, ()),
        "channels": (channels, ""),
    }
    for part in ("validation", "test"):
        told[f"{part}_x"] = (xs.get(part, ""), "")
        told[f"{part}_y"] = (ys.get(part, ""), "")
    return {"path": str(path), "x": xs["train"], **unless_usual(told)}


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
