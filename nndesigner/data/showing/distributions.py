"""How the values of a field are spread."""

from collections.abc import Mapping

import numpy as np

from nndesigner.catalogue.data import Field
from nndesigner.data.showing.opened import Opened, class_names
from nndesigner.data.shown import Distribution
from nndesigner.data.wording import pieces
from nndesigner.graph import Value

_BINS = 24
_LOOKED_AT = 2000  # pictures whose pixels are counted


def distributions_of(
    shown: Opened, one: Field, params: Mapping[str, Value]
) -> list[Distribution]:
    """How a field is spread; nothing where that would not say much."""
    values = shown.arrays[one.name]
    told = shown.data_set.loader == "own.load_table" and one.sort in (
        "label",
        "numbers",
    )
    title = one.sentence if told else one.name  # which is then that of the column
    if one.sort == "label":
        values = (shown.known or shown).arrays[one.name]
        counts = np.bincount(values, minlength=len(class_names(one)))
        return [Distribution(title, whole(counts), names=class_names(one))]
    if one.sort == "image":
        step = max(1, len(values) // _LOOKED_AT)
        return [histogram("pixel values", values[::step].ravel())]
    if one.sort == "sound":
        silent = int((np.abs(values).max(axis=1) < 1e-4).sum())
        remark = f"{silent:,} of them are silent." if silent else ""
        return [histogram("seconds", shown.arrays["length"] / shown.rate, remark)]
    if one.sort in ("text", "pair", "corpus"):
        return [_lengths(one, values, shown.data_set.values(params))]
    if one.name == "target" or (values.ndim == 2 and values.shape[1] == 1):
        return [histogram(title, column) for column in values.T[:3]]
    return []


def _lengths(
    one: Field, texts: np.ndarray, setting: Mapping[str, Value]
) -> Distribution:
    """How many words or characters texts have."""
    divided, most = str(setting["tokens"]), int(str(setting["length"])) - 1
    kind = "characters" if divided == "characters" else "words"
    lengths = np.array([len(pieces(str(text), kind)) for text in texts])
    long = int((lengths > most).sum())
    whole_ones = divided != "bpe" and one.sort != "corpus"
    remark = f"{long:,} are longer than {most} {kind}, and are cut off."
    return histogram(
        f"{kind} in {one.name}", lengths, remark if long and whole_ones else ""
    )


def whole(counts: np.ndarray) -> tuple[int, ...]:
    """Counts as plain numbers."""
    return tuple(int(count) for count in counts)


def histogram(title: str, values: np.ndarray, remark: str = "") -> Distribution:
    """How often numbers come: each by itself where they are few whole ones, else in bins."""
    known = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if not len(known):
        return Distribution(title, (), remark="There are no numbers.")
    low, high = float(known.min()), float(known.max())
    if high - low < _BINS and bool((known == np.rint(known)).all()):
        counts = np.bincount((known - low).astype(np.int64))
        names = tuple(f"{low + number:g}" for number in range(len(counts)))
        return Distribution(title, whole(counts), names, (), remark)
    counts, edges = np.histogram(
        known, bins=_BINS, range=(low, high if high > low else low + 1)
    )
    return Distribution(title, whole(counts), (), tuple(map(float, edges)), remark)
