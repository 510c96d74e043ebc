"""Arrays of one's own: IDX files, and NPZ files of NumPy."""

import gzip
import math
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


def load_idx(
    images: str,
    labels: str,
    classes: Sequence[int],
    test_images: str = "",
    test_labels: str = "",
) -> dict[str, np.ndarray]:
    """IDX files: image (N, channels, height, width), or features (N, k) where a record has one axis, and label (N,).

    Bytes stay bytes, other numbers become float32. `classes` are the numbers that stand for the classes, in order.
    """
    found: dict[str, list[np.ndarray]] = {}
    for part, first, second in (
        ("train", images, labels),
        ("test", test_images, test_labels),
    ):
        if not first:
            continue
        values, answers = idx_array(first), idx_array(second)
        if len(values) != len(answers):
            raise ValueError(
                f"{first} has {len(values):,} records, but {second} has {len(answers):,} labels."
            )
        channels = {2: "", 3: "none"}.get(
            values.ndim, "last" if values.shape[-1] in (1, 3) else "first"
        )
        for name, array in (
            records(values, channels) | answers_of(answers, classes, second)
        ).items():
            found.setdefault(name, []).append(array)
        if test_images:
            found.setdefault("part", []).append(np.full(len(values), part, dtype="<U5"))
    return {name: np.concatenate(arrays) for name, arrays in found.items()}


def idx_array(path: str) -> np.ndarray:
    """What an IDX file holds, gzipped or not: two zeros, a type, the number of axes, a size for each, then the values.

    The format is described at the place MNIST was published.
    """
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"{path} is cut short or damaged: {error}.") from error
    types = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    if (
        len(data) < 4
        or data[:2] != b"\0\0"
        or data[2] not in types
        or len(data) < 4 + 4 * data[3]
    ):
        raise ValueError(
            f"{path} isn't an IDX file: it begins with {data[:4].hex() or 'nothing'}."
        )
    sizes = [int(size) for size in np.frombuffer(data, ">u4", data[3], 4)]
    kind, start = np.dtype(types[data[2]]), 4 + 4 * data[3]
    expected = math.prod(sizes) * kind.itemsize
    if not sizes or len(data) - start != expected:
        raise ValueError(
            f"{path} is cut short or damaged: expected {expected:,} bytes for {' × '.join(map(str, sizes))} values, "
            f"got {len(data) - start:,}."
        )
    return (
        np.frombuffer(data, kind, offset=start)
        .reshape(sizes)
        .astype(kind.newbyteorder("="))
    )


def load_npz(
    path: str,
    x: str,
    y: str = "",
    classes: Sequence[int | str] = (),
    channels: str = "",
    validation_x: str = "",
    validation_y: str = "",
    test_x: str = "",
    test_y: str = "",
) -> dict[str, np.ndarray]:
    """Arrays of an NPZ file by name: image or features of `x`; of `y`, label (N,) or, without `classes`, target (N, k).

    `channels` says where those of a picture stand: first, last, or none, as (N, height, width); empty if `x` holds no
    pictures. Labels are numbers, words, or rows with a 1 in the place of the class.
    """
    found: dict[str, list[np.ndarray]] = {}
    with Path(path).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        for part, first, second in (
            ("train", x, y),
            ("validation", validation_x, validation_y),
            ("test", test_x, test_y),
        ):
            if not first:
                continue
            arrays = records(file[first], channels)
            if second:
                arrays |= answers_of(file[second], classes, f"{second} in {path}")
            counts = [len(array) for array in arrays.values()]
            if len(set(counts)) > 1:
                raise ValueError(
                    f"{path}: {first} has {counts[0]:,} records, but {second} has {counts[1]:,}."
                )
            if validation_x or test_x:
                arrays["part"] = np.full(counts[0], part, dtype="<U10")
            for name, array in arrays.items():
                found.setdefault(name, []).append(array)
    return {name: np.concatenate(arrays) for name, arrays in found.items()}


def records(values: np.ndarray, channels: str) -> dict[str, np.ndarray]:
    """Arrays as image (N, channels, height, width), bytes as they are, else float32; or as features (N, …), float32."""
    if not channels:
        return {
            "features": (values[:, None] if values.ndim == 1 else values).astype(
                np.float32
            )
        }
    if channels == "none":
        values = values[:, None]
    elif channels == "last":
        values = np.moveaxis(values, -1, 1)
    return {
        "image": np.ascontiguousarray(
            values if values.dtype == np.uint8 else values.astype(np.float32)
        )
    }


def answers_of(
    values: np.ndarray, classes: Sequence[int | str], origin: str
) -> dict[str, np.ndarray]:
    """Arrays as label (N,), the place of each among the classes; without classes as target (N, k)."""
    if not classes:
        return {"target": values.reshape(len(values), -1).astype(np.float32)}
    if values.ndim == 2 and values.shape[1] > 1:
        return {"label": values.argmax(axis=1).astype(np.int64)}
    places: dict[Any, int] = {name: index for index, name in enumerate(classes)}
    try:
        return {
            "label": np.array(
                [places[one] for one in values.ravel().tolist()], dtype=np.int64
            )
        }
    except KeyError as error:
        raise ValueError(
            f"{origin} has the label {error}, which is none of the {len(classes)} classes."
        ) from error
