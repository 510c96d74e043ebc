"""The data sets that are fetched, each read from the folder its files lie in by one plain function.

The text of these functions is also what an exported script contains, so each stands alone: it uses nothing but what this
file imports and other functions of this file. `part` says of each record which part its authors put it in.
"""

import gzip
import io
import pickle
import tarfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import soundfile


def load_mnist(folder: str) -> dict[str, np.ndarray]:
    """70,000 pictures: image (N, 1, 28, 28) as bytes from 0 to 255, label (N,), part (N,), those for training first.

    Fashion-MNIST has the same files. Raises `OSError` and `ValueError`, with the file and what is wrong with it.
    """
    image, label, part = [], [], []
    for name, prefix, count in (("train", "train", 60_000), ("test", "t10k", 10_000)):
        image.append(
            read_idx(Path(folder) / f"{prefix}-images-idx3-ubyte.gz", (count, 28, 28))[
                :, None
            ]
        )
        label.append(
            read_idx(Path(folder) / f"{prefix}-labels-idx1-ubyte.gz", (count,)).astype(
                np.int64
            )
        )
        part.append(np.full(count, name, dtype="<U5"))
    return {
        "image": np.concatenate(image),
        "label": np.concatenate(label),
        "part": np.concatenate(part),
    }


def read_idx(path: Path, sizes: tuple[int, ...]) -> np.ndarray:
    """A gzipped IDX file of bytes: two zeros, a type, the number of axes, a size for each, then the values.

    The format is described at the place MNIST was published. Raises `ValueError` where it holds something else.
    """
    try:
        data = gzip.decompress(path.read_bytes())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is cut short or damaged: {error}.") from error
    start, expected = 4 + 4 * len(sizes), " × ".join(map(str, sizes))
    if len(data) < start or data[:4] != bytes((0, 0, 8, len(sizes))):
        raise ValueError(
            f"{path} isn't an IDX file of bytes with {len(sizes)} axes: expected it to begin with "
            f"{bytes((0, 0, 8, len(sizes))).hex()}, got {data[:4].hex() or 'nothing'}."
        )
    came = tuple(int(size) for size in np.frombuffer(data, ">u4", len(sizes), 4))
    if came != sizes:
        raise ValueError(
            f"{path} has other sizes: expected {expected}, got {' × '.join(map(str, came))}."
        )
    values = np.frombuffer(data, np.uint8, offset=start)
    if values.size != np.prod(sizes):
        raise ValueError(
            f"{path} is cut short: expected {np.prod(sizes):,} values ({expected}), got {values.size:,}."
        )
    read: np.ndarray = values.reshape(sizes).copy()
    return read


def load_cifar10(folder: str) -> dict[str, np.ndarray]:
    """60,000 pictures: image (N, 3, 32, 32) as bytes from 0 to 255, label (N,), part (N,), those for training first.

    Raises `OSError` and `ValueError`, with the file and what is wrong with it.
    """
    path = Path(folder) / "cifar-10-python.tar.gz"
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    found = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                name = member.name.rpartition("/")[2]
                if (
                    name in names
                    and member.isfile()
                    and member.size < 2**26
                    and (file := archive.extractfile(member))
                ):
                    found[name] = file.read()
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is cut short or damaged: {error}.") from error
    image, label, part = [], [], []
    for name in names:
        if name not in found:
            raise ValueError(f"{path} has no {name}.")
        try:
            batch = unpickle(found.pop(name))
            pictures = (
                batch[b"data"]
                .reshape(10_000, 3, 32, 32)
                .astype(np.uint8, casting="equiv")
            )
            classes = np.array(batch[b"labels"], dtype=np.int64).reshape(10_000)
        except Exception as error:  # a damaged pickle can raise anything
            raise ValueError(
                f"{name} in {path} isn't 10,000 pictures with labels: {error}."
            ) from error
        image.append(pictures)
        label.append(classes)
        part.append(
            np.full(10_000, "test" if name == "test_batch" else "train", dtype="<U5")
        )
    return {
        "image": np.concatenate(image),
        "label": np.concatenate(label),
        "part": np.concatenate(part),
    }


def unpickle(data: bytes) -> Any:
    """A pickle of dicts, lists, numbers, bytes and arrays; raises `UnpicklingError` for anything that could run code."""
    safe = {
        ("multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    class Unpickler(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            module = (
                module
                if module == "numpy"
                else module.removeprefix("numpy.")
                .removeprefix("_")
                .removeprefix("core.")
            )
            if (module, name) not in safe:
                raise pickle.UnpicklingError(
                    f"it asks for {module}.{name}, which has no place in it"
                )
            return safe[module, name]

    return Unpickler(io.BytesIO(data), encoding="bytes").load()


def load_fsdd(folder: str) -> dict[str, np.ndarray]:
    """3,000 spoken digits at 8,000 samples a second, padded with silence to the longest.

    Gives sound (N, samples) from -1 to 1, length (N,) in samples, label (N,), group (N,), the speaker, and part (N,):
    the recordings 0 to 4 of each digit and speaker are for testing. Raises `OSError` and `ValueError`.
    """
    paths = sorted((Path(folder) / "recordings").glob("*.wav"))
    if not paths:
        raise ValueError(f"There are no recordings in {Path(folder) / 'recordings'}.")
    sounds, label, group, part = [], [], [], []
    for path in paths:
        digit, speaker, index = path.stem.split("_")
        try:
            sound, rate = soundfile.read(path, dtype="float32")
        except soundfile.LibsndfileError as error:
            raise ValueError(
                f"{path} can't be read as sound: {error.error_string}"
            ) from error
        if rate != 8000 or sound.ndim != 1 or not sound.size:
            raise ValueError(
                f"{path} has {sound.shape} samples at {rate} a second: expected one channel at 8000."
            )
        sounds.append(sound)
        label.append(int(digit))
        group.append(speaker)
        part.append("test" if int(index) < 5 else "train")
    length = np.array([len(sound) for sound in sounds], dtype=np.int64)
    padded = np.zeros((len(sounds), length.max()), dtype=np.float32)
    for row, sound in zip(padded, sounds, strict=True):
        row[: len(sound)] = sound
    return {
        "sound": padded,
        "length": length,
        "label": np.array(label, dtype=np.int64),
        "group": np.array(group),
        "part": np.array(part),
    }


def load_multi30k(folder: str) -> dict[str, np.ndarray]:
    """31,014 captions of photographs: source (N,) in English, target (N,) in German, part (N,).

    The parts are train, validation and test (of 2016, from Flickr). Raises `OSError` and `ValueError`.
    """
    source: list[str] = []
    target: list[str] = []
    part: list[str] = []
    for name, stem in (
        ("train", "train"),
        ("validation", "val"),
        ("test", "test_2016_flickr"),
    ):
        english, german = (
            read_lines(Path(folder) / f"{stem}.{language}.gz")
            for language in ("en", "de")
        )
        if len(english) != len(german):
            raise ValueError(
                f"{stem} in {folder} has {len(english):,} sentences in English and {len(german):,} in German: "
                "expected as many of each."
            )
        source += english
        target += german
        part += [name] * len(english)
    return {
        "source": np.array(source, dtype=object),
        "target": np.array(target, dtype=object),
        "part": np.array(part),
    }


def read_lines(path: Path) -> list[str]:
    """The lines of a gzipped text; raises `ValueError` where it is cut short or isn't text."""
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    except (EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is cut short or damaged: {error}.") from error
    return [line.strip() for line in text.removesuffix("\n").split("\n")]
