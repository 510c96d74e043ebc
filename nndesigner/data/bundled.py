"""The data sets that need no network, each read by one plain function.

The text of these functions is also what an exported script contains, so each stands alone: it imports nothing but
what `IMPORTS` says, and gives a dict of arrays by field.
"""

import csv
import gzip
from pathlib import Path

import numpy as np
import soundfile
from sklearn import datasets


def load_digits() -> dict[str, np.ndarray]:
    """1,797 pictures of handwritten digits: image (N, 1, 8, 8) from 0 to 1, label (N,)."""
    digits = datasets.load_digits()
    image = digits.images[:, None].astype(np.float32) / 16
    return {"image": image, "label": digits.target.astype(np.int64)}


def load_iris() -> dict[str, np.ndarray]:
    """150 iris flowers: features (N, 4), label (N,)."""
    iris = datasets.load_iris()
    return {
        "features": iris.data.astype(np.float32),
        "label": iris.target.astype(np.int64),
    }


def load_wine() -> dict[str, np.ndarray]:
    """178 wines: features (N, 13), label (N,)."""
    wine = datasets.load_wine()
    return {
        "features": wine.data.astype(np.float32),
        "label": wine.target.astype(np.int64),
    }


def load_breast_cancer() -> dict[str, np.ndarray]:
    """569 tumours: features (N, 30), benign (N, 1) as 0 or 1."""
    cancer = datasets.load_breast_cancer()
    return {
        "features": cancer.data.astype(np.float32),
        "benign": cancer.target[:, None].astype(np.float32),
    }


def load_diabetes() -> dict[str, np.ndarray]:
    """442 patients: features (N, 10), progression (N, 1)."""
    diabetes = datasets.load_diabetes()
    return {
        "features": diabetes.data.astype(np.float32),
        "progression": diabetes.target[:, None].astype(np.float32),
    }


def load_translation(path: str) -> dict[str, np.ndarray]:
    """26,000 sentences, English source and foreign target; part is train, validation or test."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    part, source, target = zip(*rows, strict=True)
    return {
        "source": np.array(source, dtype=object),
        "target": np.array(target, dtype=object),
        "part": np.array(part),
    }


def load_spoken_digits(path: str, table: str) -> dict[str, np.ndarray]:
    """Spoken digits at 8 kHz: sound (N, samples) from -1 to 1, zeros after its length, label, group the voice."""
    speech, _ = soundfile.read(path, dtype="float32")
    with Path(table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    start = np.array([int(row["start"]) for row in rows])
    length = np.array([int(row["length"]) for row in rows], dtype=np.int64)
    sound = np.zeros((len(rows), int(length.max())), dtype=np.float32)
    for clip, begin, samples in zip(sound, start, length, strict=True):
        clip[:samples] = speech[begin : begin + samples]
    return {
        "sound": sound,
        "length": length,
        "label": np.array([int(row["digit"]) for row in rows], dtype=np.int64),
        "group": np.array([row["voice"] for row in rows]),
        "part": np.array([row["part"] for row in rows]),
    }


def load_text(path: str, piece: int) -> dict[str, np.ndarray]:
    """A text in pieces of so many characters, each beginning with the last of the one before.

    The first four fifths are for training, then come validation and test.
    """
    text = Path(path).read_text(encoding="utf-8")
    starts = range(0, max(1, len(text) - piece), piece - 1)
    pieces = np.array([text[start : start + piece] for start in starts], dtype=object)
    place = np.arange(len(pieces)) / len(pieces)
    part = np.where(place < 0.8, "train", np.where(place < 0.9, "validation", "test"))
    return {"text": pieces, "part": part}


def load_moons() -> dict[str, np.ndarray]:
    """1,000 points of two half moons that reach into each other: point (N, 2), label (N,)."""
    random = np.random.default_rng(0)
    label = random.permutation(np.arange(1000) % 2)
    angle = random.uniform(0, np.pi, 1000)
    x = np.where(label == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(label == 0, np.sin(angle), 0.5 - np.sin(angle))
    point = np.stack([x, y], 1) + random.normal(0, 0.15, (1000, 2))
    return {"point": point.astype(np.float32), "label": label.astype(np.int64)}


def load_circles() -> dict[str, np.ndarray]:
    """1,000 points of a ring within a ring: point (N, 2), label (N,)."""
    random = np.random.default_rng(1)
    label = random.permutation(np.arange(1000) % 2)
    angle = random.uniform(0, 2 * np.pi, 1000)
    radius = np.where(label == 0, 1.0, 0.5)
    point = radius[:, None] * np.stack(
        [np.cos(angle), np.sin(angle)], 1
    ) + random.normal(0, 0.1, (1000, 2))
    return {"point": point.astype(np.float32), "label": label.astype(np.int64)}


def load_spirals() -> dict[str, np.ndarray]:
    """1,000 points of three spirals around one middle: point (N, 2), label (N,)."""
    random = np.random.default_rng(2)
    label = random.permutation(np.arange(1000) % 3)
    radius = random.uniform(0.05, 1, 1000)
    angle = 4 * radius + label * 2 * np.pi / 3 + random.normal(0, 0.15, 1000)
    point = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return {"point": point.astype(np.float32), "label": label.astype(np.int64)}


def load_xor() -> dict[str, np.ndarray]:
    """1,000 points of a square whose opposite quarters belong together: point (N, 2), label (N,)."""
    random = np.random.default_rng(3)
    clean = random.uniform(-1, 1, (1000, 2))
    label = (clean[:, 0] > 0) != (clean[:, 1] > 0)
    point = clean + random.normal(0, 0.05, (1000, 2))
    return {"point": point.astype(np.float32), "label": label.astype(np.int64)}


def load_gauss() -> dict[str, np.ndarray]:
    """1,000 points of two round clouds that overlap a little: point (N, 2), label (N,)."""
    random = np.random.default_rng(4)
    label = random.permutation(np.arange(1000) % 2)
    middle = np.where(label == 0, -1.0, 1.0)[:, None]
    point = middle + random.normal(0, 0.7, (1000, 2))
    return {"point": point.astype(np.float32), "label": label.astype(np.int64)}
