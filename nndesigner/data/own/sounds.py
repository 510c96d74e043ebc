"""Recordings of one's own, in one folder a class, or with their class in their names."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import scipy
import soundfile

from nndesigner.data.own.files import SOUNDS, files_but, files_by_class


def load_sounds(
    folder: str,
    rate: int,
    seconds: float,
    classes: Sequence[str],
    label_from: str = "folder",
    speaker: int = -1,
    divider: str = "_",
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Recordings: sound (N, samples) from -1 to 1, padded with silence to the longest, length (N,) in samples, label (N,).

    All are brought to one channel of `rate` samples a second, and cut off after `seconds`. The class is the folder a
    file lies in, or the first of the pieces its name has between the `divider`; `speaker` is the number of the piece
    that says who speaks, counted from 0, which is the group; -1 if there is none. For `parts` and `skip` see
    `load_images`.
    """
    found = find_sounds(folder, classes, label_from, speaker, divider, parts, skip)
    return read_sounds(found.pop("path"), rate, seconds) | found


def find_sounds(
    folder: str,
    classes: Sequence[str],
    label_from: str = "folder",
    speaker: int = -1,
    divider: str = "_",
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Where the recordings of `load_sounds` lie, path (N,), with their label (N,)."""
    if label_from == "folder":
        paths, label, part = files_by_class(folder, classes, parts, skip, SOUNDS)
    else:
        paths, label, part = files_by_name(folder, classes, parts, skip, divider)
    found = {"path": np.array(list(map(str, paths)), dtype=object), "label": label}
    if speaker >= 0:
        found["group"] = np.array([path.stem.split(divider)[speaker] for path in paths])
    return found | ({"part": part} if parts else {})


def read_sounds(
    paths: Sequence[str] | np.ndarray, rate: int, seconds: float
) -> dict[str, np.ndarray]:
    """The recordings at these paths: sound (N, samples), padded to the longest of them, and length (N,)."""
    limit = round(seconds * rate)
    sounds = [recording(Path(path), rate)[:limit] for path in paths]
    length = np.array([len(one) for one in sounds], dtype=np.int64)
    padded = np.zeros((len(sounds), length.max(initial=0)), dtype=np.float32)
    for row, one in zip(padded, sounds, strict=True):
        row[: len(one)] = one
    return {"sound": padded, "length": length}


def files_by_name(
    folder: str,
    classes: Sequence[str],
    parts: Mapping[str, str] | None,
    skip: Sequence[str],
    divider: str,
) -> tuple[list[Path], np.ndarray, np.ndarray]:
    """Sounds whose names begin with their class, in order, with their labels (N,) and parts (N,)."""
    places = {name: index for index, name in enumerate(classes)}
    paths: list[Path] = []
    part: list[str] = []
    for place, where in (parts or {"": "train"}).items():
        found = files_but(Path(folder), place, SOUNDS, skip)
        paths += found
        part += [where] * len(found)
    if not paths:
        raise ValueError(f"{folder} has no files that end in {', '.join(SOUNDS)}.")
    for path in paths:
        if path.stem.split(divider)[0] not in places:
            raise ValueError(
                f"The name of {path} does not begin with one of the classes {', '.join(classes)}."
            )
    label = np.array(
        [places[path.stem.split(divider)[0]] for path in paths], dtype=np.int64
    )
    return paths, label, np.array(part)


def recording(path: Path, rate: int) -> np.ndarray:
    """A recording (samples,) as float32 of one channel, the mean of its own, at `rate` samples a second."""
    try:
        channels, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        path.stat()  # raises what tells that it is gone
        raise ValueError(
            f"{path} can't be read as sound: {error.error_string}"
        ) from error
    sound: np.ndarray = channels.mean(axis=1)
    if own_rate != rate and len(sound):
        shared = math.gcd(rate, own_rate)
        # Asked of scipy only here, as its `signal` takes seconds to load.
        sound = scipy.signal.resample_poly(sound, rate // shared, own_rate // shared)
        sound = sound.astype(np.float32)
    return sound
