"""Which records are learned from, which are watched while training, and which are kept for the end.

Each function gives three arrays of record numbers: training, validation, test. Their text is also what an exported
script contains, so each stands alone.
"""

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, train_test_split


def split_at_random(
    count: int, validation: float, test: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fractions of `count` records for validation and test, drawn by `seed`."""
    rest, test_part = train_test_split(
        np.arange(count), test_size=test, random_state=seed
    )
    train, watched = train_test_split(
        rest, test_size=validation / (1 - test), random_state=seed
    )
    return train, watched, test_part


def split_evenly(
    labels: np.ndarray, validation: float, test: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fractions for validation and test in which each class is as frequent as in the whole; `labels` (N,)."""
    records = np.arange(len(labels))
    rest, test_part = train_test_split(
        records, test_size=test, random_state=seed, stratify=labels
    )
    share = validation / (1 - test)
    train, watched = train_test_split(
        rest, test_size=share, random_state=seed, stratify=labels[rest]
    )
    return train, watched, test_part


def split_by_group(
    groups: np.ndarray, validation: float, test: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fractions of the groups, a speaker or a patient, for validation and test: none is in two parts; `groups` (N,)."""
    records = np.arange(len(groups))
    apart = GroupShuffleSplit(1, test_size=test, random_state=seed)
    rest, test_part = next(apart.split(records, groups=groups))
    apart = GroupShuffleSplit(1, test_size=validation / (1 - test), random_state=seed)
    train, watched = next(apart.split(rest, groups=groups[rest]))
    return rest[train], rest[watched], test_part


def split_as_given(
    part: np.ndarray, validation: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The parts the data comes divided into, by name; a fraction of the training part where none is for validation."""
    train, watched, test_part = (
        np.flatnonzero(part == name) for name in ("train", "validation", "test")
    )
    if not len(watched):
        train, watched = train_test_split(
            train, test_size=validation, random_state=seed
        )
    if not len(test_part):
        train, test_part = train_test_split(
            train, test_size=validation, random_state=seed + 1
        )
    return train, watched, test_part
