"""Some samples of a data set, to be looked at one by one."""

from collections.abc import Mapping

import numpy as np

from nndesigner.data.recipe import recipe
from nndesigner.data.showing.asked import Asked
from nndesigner.data.showing.columns import cells_of
from nndesigner.data.showing.opened import Opened
from nndesigner.data.showing.pictures import pictures_of
from nndesigner.data.showing.sentences import texts_of
from nndesigner.data.showing.sounds import sounds_of
from nndesigner.data.shown import Page, Sample, Sort
from nndesigner.graph import Value
from nndesigner.project import Training


def page(
    shown: Opened,
    params: Mapping[str, Value],
    training: Training,
    first: int,
    count: int,
    of_class: int = -1,
    seed: int = 0,
) -> Page:
    """`count` samples from the `first` on, of one class or, for -1, of all; tables in their order, others mixed.

    What is varied in training is drawn by `seed`.
    """
    kind = _kind(shown)
    rows, here = _rows(shown, kind, of_class), slice(first, first + count)
    if kind == "rows":
        columns, cells = cells_of(shown, rows[here], first, count)
        samples = [
            Sample(shown.number(row), cells=one)
            for row, one in zip(rows[here], cells, strict=False)
        ]
        return Page(kind, tuple(samples), first, len(rows), columns)
    how = recipe(shown.data_set, params, training)
    asked = Asked(shown, params, training, how, rows[here], seed)
    sorts = {one.sort: one for one in shown.data_set.fields}
    if kind == "texts":
        samples = texts_of(asked)
    elif kind == "pictures":
        samples = pictures_of(asked, sorts["image"])
    else:
        samples = sounds_of(asked, sorts["sound"])
    return Page(kind, tuple(samples), first, len(rows))


def _kind(shown: Opened) -> Sort:
    """What the records are, for the eye."""
    sorts = {one.sort for one in shown.data_set.fields}
    if "image" in sorts:
        return "pictures"
    if "sound" in sorts:
        return "sounds"
    if sorts & {"text", "pair", "corpus"} and "features" not in shown.arrays:
        return "texts"
    return "rows"


def _rows(shown: Opened, kind: Sort, of_class: int) -> np.ndarray:
    """The records of a class, or of all, in the order in which they are shown."""
    order = np.arange(shown.size)
    corpus = any(one.sort == "corpus" for one in shown.data_set.fields)
    if kind != "rows" and not corpus:
        order = np.random.default_rng(0).permutation(order)
    label = shown.label
    if of_class >= 0 and label is not None:
        order = order[shown.arrays[label.name][order] == of_class]
    return order
