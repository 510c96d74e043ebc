"""Records and labels in arrays, as a data set."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest
from nndesigner.data.looking.found import Found, counted, found, sizes_of_parts, verb
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

_MOST_CLASSES = 1000


def classes_of(path: Path, answers: Sequence[np.ndarray]) -> tuple[int | str, ...]:
    """The classes that labels tell apart; nothing where they are numbers to be predicted."""
    first = answers[0]
    if first.ndim == 2 and first.shape[1] > 1:
        if all(
            ((one == 0) | (one == 1)).all() and (one.sum(axis=1) == 1).all()
            for one in answers
        ):
            return tuple(range(first.shape[1]))
        return ()
    if first.ndim > 2:
        return ()
    values = np.unique(np.concatenate([one.ravel() for one in answers]))
    if values.dtype.kind == "f" and not (
        len(values) <= 20 and (values == np.round(values)).all()
    ):
        return ()
    if values.dtype.kind not in "biufU":
        raise DataError(
            f"{path} has labels of the type {values.dtype}: expected numbers or words."
        )
    if values.dtype.kind != "U" and len(values) > min(_MOST_CLASSES, len(first) / 2):
        return ()
    if len(values) < 2:
        raise DataError(
            f"{path} has one class only, {values[0]}: there is nothing to tell apart."
        )
    return tuple(str(one) if values.dtype.kind == "U" else int(one) for one in values)


def found_in(
    name: str,
    path: Path,
    loader: str,
    arguments: Mapping[str, Value],
    arrays: Mapping[str, np.ndarray],
    files: Iterable[Path],
    said: Sequence[str],
) -> Found:
    """The data set of the arrays that a loader gave for these arguments out of these files."""
    key = "image" if "image" in arrays else "features"
    values = arrays[key]
    classes = arguments.get("classes", ())
    names = tuple(map(str, classes)) if isinstance(classes, tuple) else ()
    fields = [_records_field(key, values)]
    if "label" in arrays:
        fields.append(Field("label", (), "The class", "int64", names, sort="label"))
    if "target" in arrays:
        told = "What is to be predicted"
        shape = arrays["target"].shape[1:]
        fields.append(Field("target", shape, told, prepare="standardize"))
    noun = "picture" if key == "image" else "record"
    sizes = "×".join(map(str, values.shape[1:]))
    of = f", of {len(names)} classes" if names else ""
    return found(
        name,
        path,
        f"{counted(len(values), noun)} of {sizes} values{of}.",
        len(values),
        tuple(fields),
        loader,
        arguments,
        {str(one): digest(one) for one in files},
        [*said, *_remarks(values, arrays, names)],
        parts=sizes_of_parts(arrays),
    )


def _records_field(key: str, values: np.ndarray) -> Field:
    sizes = values.shape[1:]
    if key == "image":
        told = f"Values from {values.min():g} to {values.max():g}"
        return Field(key, sizes, told, prepare="standardize", sort="image")
    return Field(key, sizes, f"{math.prod(sizes):,} numbers", prepare="standardize")


def _remarks(
    values: np.ndarray, arrays: Mapping[str, np.ndarray], names: Sequence[str]
) -> Iterator[str]:
    if values.dtype.kind == "f":
        axes = tuple(range(1, values.ndim))
        if bad := int((~np.isfinite(values)).any(axis=axes).sum()):
            yield f"{counted(bad, 'record')} {verb(bad, 'has', 'have')} values that are missing or no numbers."
    if "label" in arrays:
        counts = np.bincount(arrays["label"], minlength=len(names))
        none = [name for name, count in zip(names, counts, strict=True) if not count]
        if none:
            yield f"No record is of the class {', '.join(none)}."
