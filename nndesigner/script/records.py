"""Made-up records, as a data set has them before anything is prepared: a proof must not wait for data, nor lack them.

They go through all that the real ones go through: the split, what is fitted, what is prepared and varied.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data.recipe import Recipe
from nndesigner.graph import Value
from nndesigner.project import Training

_FEWEST = 24
_GROUPS = 12
_PARTS = ("train", "validation", "test")
_WORDS = (
    "some words are often here and others seldom there one two three small large red blue",
    "ab cd efg hi",
)


def count(training: Training, steps: int) -> int:
    """How many records are enough for so many steps of training, and for two classes in each part."""
    shares = training.validation, training.test
    apart = max(math.ceil(2.5 / share) for share in shares)
    left = 1 - sum(shares)
    return max(_FEWEST, apart, math.ceil((steps * training.batch_size * training.accumulate + 2) / left))


def made(
    data_set: DataSet, params: Mapping[str, Value], how: Recipe, many: int, seed: int
) -> dict[str, np.ndarray]:
    """So many records of a data set as they are stored, drawn by a seed: arrays by field, and what they are split by."""
    draw = np.random.default_rng(seed)
    values = data_set.values(params)
    found: dict[str, np.ndarray] = {}
    for number, one in enumerate(data_set.fields):
        found |= _field(one, data_set, values, how, many, number == 0, draw)
    if data_set.parts:
        found["part"] = np.resize(np.array(_PARTS)[[0, 0, 0, 0, 1, 2]], many)
    if data_set.group:
        found["group"] = np.array([f"group {number % _GROUPS}" for number in range(many)])
    return found


def _field(
    one: Field,
    data_set: DataSet,
    values: Mapping[str, Value],
    how: Recipe,
    many: int,
    first: bool,
    draw: np.random.Generator,
) -> dict[str, np.ndarray]:
    """A field, and for sounds their lengths."""
    if one.sort == "sound":
        return _sounds(one.name, data_set, values, many, draw)
    if one.sort in ("text", "pair", "corpus"):
        piece = how.load.arguments.get("piece")
        return {one.name: _texts(many, piece if isinstance(piece, int) else 0, draw)}
    classes = len(one.classes) or one.count
    sizes = (many, *one.sizes)
    if one.sort == "label" and not one.sizes:
        # Two classes, the first and the last, each as often as the other, so that any split has both.
        return {one.name: (np.arange(many) % 2 * max(classes - 1, 0)).astype(one.dtype)}
    if one.dtype.startswith("int") or one.sort == "label":
        return {one.name: draw.integers(0, max(classes, 2), sizes).astype(one.dtype)}
    if one.dtype == "bool":
        return {one.name: draw.integers(0, 2, sizes).astype(bool)}
    if one.sort == "image":
        bytes_ = bool(one.prepare)
        pixels = draw.integers(0, 256, sizes)
        return {one.name: pixels.astype(np.uint8) if bytes_ else (pixels / 256).astype(np.float32)}
    if first or one.prepare:
        return {one.name: draw.normal(size=sizes).astype(one.dtype)}
    # What is learned may have to be 0 or 1, and where it has not, it may be.
    return {one.name: draw.integers(0, 2, sizes).astype(one.dtype)}


def _sounds(
    name: str, data_set: DataSet, values: Mapping[str, Value], many: int, draw: np.random.Generator
) -> dict[str, np.ndarray]:
    rate, seconds = data_set.arguments.get("rate", 8000), values["seconds"]
    assert isinstance(rate, int) and isinstance(seconds, int | float)
    most = max(64, round(rate * seconds))
    length = draw.integers(most // 2, most + 1, many)
    sound = draw.uniform(-1, 1, (many, most)).astype(np.float32)
    sound[np.arange(most) >= length[:, None]] = 0
    return {name: sound, "length": length.astype(np.int64)}


def _texts(many: int, piece: int, draw: np.random.Generator) -> np.ndarray:
    """Texts of some words; of at least so many characters where they are pieces of a long one."""
    words: Sequence[Any] = " ".join(_WORDS).split()
    texts = []
    for _ in range(many):
        text = " ".join(draw.choice(words, int(draw.integers(3, 16))))
        while len(text) < piece:
            text += " " + " ".join(draw.choice(words, 8))
        texts.append(text[:piece] if piece else text)
    return np.array(texts, dtype=object)
