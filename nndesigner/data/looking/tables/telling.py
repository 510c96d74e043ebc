"""How much one column of a table tells of another."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

_MOST_COMPARED = 100  # columns, each with each
_FEWEST_ROWS = 30  # below that, a column tells another by chance


def tells(cells: pd.Series, numbers: np.ndarray | None, target: np.ndarray) -> float:
    """How much of the target a column tells by itself, from 0 to 1; `target` are class numbers, or float for numbers.

    For classes: the fraction of the errors of always guessing the most frequent one that is gone when the guess depends
    on the value, or for numbers on as many ranges as there are classes. For a number: the squared rank correlation, or
    the fraction of its variance that lies between the values of a category. `numbers` are the cells as numbers, if they
    are.
    """
    if len(cells) < _FEWEST_ROWS:
        return 0.0
    codes, values = pd.factorize(cells)
    grouped = len(values) * 10 <= len(cells)
    if target.dtype.kind == "f":
        return _tells_number(codes, numbers, target, grouped)
    counts = np.bincount(target)
    base = counts.max() / len(target)
    if base == 1:
        return 0.0
    right = 0.0
    if grouped:
        table = np.zeros((len(values), len(counts)), dtype=np.int64)
        np.add.at(table, (codes, target), 1)
        right = table.max(axis=1).sum() / len(target)
    elif numbers is not None and len(counts) <= 20:
        from sklearn.tree import DecisionTreeClassifier  # takes seconds to load

        filled = np.nan_to_num(numbers, nan=float(np.nanmin(numbers)) - 1)[:, None]
        tree = DecisionTreeClassifier(
            max_leaf_nodes=max(2, int((counts > 0).sum())), random_state=0
        )
        right = float(tree.fit(filled, target).score(filled, target))
    return float(max(0.0, (right - base) / (1 - base)))


def _tells_number(
    codes: np.ndarray, numbers: np.ndarray | None, target: np.ndarray, grouped: bool
) -> float:
    told = 0.0
    if numbers is not None:
        both = ~np.isnan(numbers)
        if (
            both.sum() >= _FEWEST_ROWS
            and np.ptp(numbers[both]) > 0
            and np.ptp(target[both]) > 0
        ):
            ranks = np.corrcoef(
                pd.Series(numbers[both]).rank(), pd.Series(target[both]).rank()
            )
            told = float(ranks[0, 1] ** 2) * both.mean()
    variance = target.var()
    if grouped and variance > 0:
        means = np.bincount(codes, target) / np.maximum(np.bincount(codes), 1)
        told = max(
            told, 1 - float(((target - means[codes]) ** 2).mean()) / float(variance)
        )
    return told


def same_as(sample: pd.DataFrame, names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of columns of which each value of one goes with one value of the other, so that they say the same."""
    if len(names) > _MOST_COMPARED:
        return []
    codes = {name: pd.factorize(sample[name])[0] for name in names}
    sizes = {name: int(code.max(initial=0)) + 1 for name, code in codes.items()}
    found: list[tuple[str, str]] = []
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            if (
                sizes[first] != sizes[second]
                or sizes[first] < 2
                or sizes[first] * 2 > len(sample)
            ):
                continue
            joint = len(
                np.unique(codes[first].astype(np.int64) * sizes[second] + codes[second])
            )
            if joint == sizes[first]:
                found.append((first, second))
    return found
