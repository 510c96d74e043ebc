"""What nobody can learn from, found in data before a run and named: numbers that are none, silence, classes without records."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data.problem import DataError
from nndesigner.graph import Value


def check_read(data_set: DataSet, arrays: Mapping[str, np.ndarray]) -> None:
    """Raises `DataError` for a record, as it was read, that preparing it would only hide.

    NaN in the first field is a number that is missing, which becomes the mean; in another it is an answer nobody knows.
    """
    for number, one in enumerate(data_set.fields):
        values = arrays[one.name]
        if values.dtype.kind != "f":
            continue
        wrong = np.isinf(values) if number == 0 else ~np.isfinite(values)
        if wrong.any():
            record = int(np.flatnonzero(wrong.reshape(len(values), -1).any(axis=1))[0])
            raise DataError(
                f"{_record(data_set, record)} has a {one.name} that is no number"
            )
        if one.sort == "sound" and len(values):
            silent = np.flatnonzero(values.max(axis=1) == values.min(axis=1))
            if len(silent):
                raise DataError(
                    f"{_record(data_set, int(silent[0]))} is silent from beginning to end, so there is nothing to learn "
                    "from it: take it out"
                )


def check_prepared(data_set: DataSet, one: Field, values: np.ndarray) -> None:
    """Raises `DataError` where a record does not hold what the field promises."""
    if tuple(values.shape[1:]) != one.sizes:
        before, now = (
            "×".join(map(str, sizes)) or "one number"
            for sizes in (one.sizes, values.shape[1:])
        )
        raise DataError(
            f"{data_set.title} has changed: {one.name} was {before} for each record, and is {now} now. Add the data set "
            "anew"
        )
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            record = int(
                np.flatnonzero(
                    ~np.isfinite(values).reshape(len(values), -1).all(axis=1)
                )[0]
            )
            raise DataError(
                f"{_record(data_set, record)} has a {one.name} that is no number"
            )
        return
    classes = one.type.classes
    if classes and one.sort == "label":
        wrong = np.flatnonzero((values < 0) | (values >= classes))
        if len(wrong):
            raise DataError(
                f"{_record(data_set, int(wrong[0]))} has the {one.name} {int(values.flat[wrong[0]])}, but there are "
                f"{classes} classes, numbered from 0 to {classes - 1}"
            )


def check_classes(
    data_set: DataSet, one: Field, labels: np.ndarray, train: np.ndarray
) -> None:
    """Raises `DataError` where a class has no record to learn from; `train` are the numbers of those records."""
    classes = one.type.classes
    if not classes or one.sort != "label":
        return
    empty = np.flatnonzero(np.bincount(labels[train].ravel(), minlength=classes) == 0)
    if not len(empty):
        return
    name = f"“{one.classes[empty[0]]}”" if one.classes else str(empty[0])
    if not (labels == empty[0]).any():
        raise DataError(
            f"{data_set.title} has no record of the class {name}: give it some, or add the data set anew without that class"
        )
    raise DataError(
        f"no record of the class {name} is in the training part of {data_set.title}, so it can't be learned: set the split to "
        "stratified, or make the other parts smaller"
    )


def cut_off(
    data_set: DataSet,
    read: Mapping[str, np.ndarray],
    prepared: Mapping[str, np.ndarray],
    fitted: Mapping[str, list[str]],
    values: Mapping[str, Value],
) -> tuple[str, ...]:
    """A sentence for each field of texts of which some are longer than what is looked at."""
    told = []
    for one in data_set.fields:
        if one.sort not in ("text", "pair"):
            continue
        from nndesigner.data import wording  # brings tokenizers

        tokens, length = values["tokens"], values["length"]
        assert isinstance(tokens, str) and isinstance(length, int)
        last = prepared["next" if one.sort == "pair" else one.name][:, -1]
        full = read[one.name][
            last > 0
        ]  # what fills its row fits exactly, or was cut off
        longer = [
            len(numbers)
            for numbers in wording.numbered(full, fitted[one.name], tokens)
            if len(numbers) >= length
        ]
        if longer:
            told.append(
                f"{len(longer):,} of {len(last):,} texts of {one.name} are longer than {length} tokens and are cut off; the "
                f"longest has {max(longer):,}, and one more for its end"
            )
    return tuple(told)


def _record(data_set: DataSet, record: int) -> str:
    """A record by the name of its file, where it has one of its own."""
    if data_set.loader != "own.load_sounds":
        return f"record {record} of {data_set.title}"
    from nndesigner.data.own.sounds import find_sounds

    listing: dict[str, Any] = {
        key: one
        for key, one in data_set.arguments.items()
        if key not in ("rate", "seconds")
    }
    return str(find_sounds(**listing)["path"][record])
