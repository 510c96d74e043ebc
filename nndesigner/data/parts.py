"""A data set split into the part that is learned from, the part that is watched and the part kept for the end."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from nndesigner.catalogue.data import DataSet
from nndesigner.data import flaws
from nndesigner.data.problem import DataError
from nndesigner.data.recipe import Recipe, recipe
from nndesigner.graph import Value
from nndesigner.project import Training

Tensors = Mapping[str, torch.Tensor]
_FEWEST = 1


@dataclass(frozen=True)
class Parts:
    """Three parts, each a tensor for each field, with the records first.

    `fitted` is what was fitted on the training part, by field; `vary` gives a batch of the training part varied, and
    is None where nothing is. `records` are the numbers of the records in each part. `data_sha256` is that of the arrays
    as they were read, `split_sha256` that of the numbers of the records. `notes` are sentences about what was left out.
    """

    train: Tensors
    validation: Tensors
    test: Tensors
    fitted: Mapping[str, Any] = field(default_factory=dict)
    vary: (
        Callable[[dict[str, torch.Tensor], torch.Generator], dict[str, torch.Tensor]]
        | None
    ) = None
    records: Mapping[str, np.ndarray] = field(default_factory=dict)
    data_sha256: str = ""
    split_sha256: str = ""
    notes: tuple[str, ...] = ()


def read(
    data_set: DataSet, params: Mapping[str, Value], training: Training
) -> dict[str, np.ndarray]:
    """The arrays of a data set as they are stored; raises `DataError` where they can't be read."""
    call = recipe(data_set, params, training).load
    try:
        return dict(call.function(**call.arguments))
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(_gone(data_set, str(error.filename or error))) from None
    except MemoryError:
        raise
    except Exception as error:  # whatever the libraries raise that read files
        place = (
            f" from {next(iter(data_set.files))}" if len(data_set.files) == 1 else ""
        )
        raise DataError(f"{data_set.title} can't be read{place}: {error}") from error


def _gone(data_set: DataSet, path: str) -> str:
    if data_set.fetched:
        return f"{data_set.title} is not on this computer yet: get it with “nndesigner data get {data_set.name}”"
    return f"{data_set.title} can't be read: there is no {path} any more. Put it back, or add the data set anew"


def load(
    data_set: DataSet,
    params: Mapping[str, Value],
    training: Training,
    before: Mapping[str, Any] | None = None,
) -> Parts:
    """The data set split and prepared as its node's params and the training say, fitted on the training part.

    What was fitted `before`, by field, is taken as it is. Raises `DataError` where it can't be read, where a part would be
    empty, or where a record can't be learned from.
    """
    how = recipe(data_set, params, training)
    found = arrays = read(data_set, params, training)
    flaws.check_read(data_set, arrays)
    digest = sha256(arrays)
    count = len(arrays[how.first])
    split = _split(how, data_set, arrays, count, training)
    train = split[0]
    fitted: dict[str, Any] = dict(before or {})
    arrays = {
        name: values for name, values in arrays.items() if name not in ("part", "group")
    }
    for step in how.prepare:
        given = [arrays[name] for name in step.inputs]
        if step.fit is not None:
            if before is None:
                fitted[step.inputs[0]] = step.fit.function(
                    given[0][train], **step.fit.arguments
                )
            given.append(fitted[step.inputs[0]])
        result = step.apply.function(*given, **step.apply.arguments)
        made = result if isinstance(result, tuple) else (result,)
        arrays |= dict(zip(step.outputs, made, strict=True))
    outputs = data_set.outputs(params)
    for one in outputs:
        flaws.check_prepared(data_set, one, arrays[one.name])
        flaws.check_classes(data_set, one, arrays[one.name], train)
    notes = flaws.cut_off(data_set, found, arrays, fitted, data_set.values(params))
    tensors = {one.name: torch.from_numpy(arrays[one.name]) for one in outputs}

    def part(records: np.ndarray) -> Tensors:
        chosen = torch.from_numpy(records)
        return {name: tensor[chosen] for name, tensor in tensors.items()}

    named = dict(zip(("train", "validation", "test"), split, strict=True))
    learned, watched, kept = map(part, split)
    return Parts(
        learned, watched, kept, fitted, _vary(how), named, digest, sha256(named), notes
    )


def sha256(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 over names, dtypes, shapes and values of arrays, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        values = arrays[name]
        digest.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
        if values.dtype.hasobject:
            for one in values.ravel():
                digest.update(f"{one}\0".encode())
        else:
            digest.update(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def _split(
    how: Recipe,
    data_set: DataSet,
    arrays: Mapping[str, np.ndarray],
    count: int,
    training: Training,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    validation, test = training.validation, training.test
    if how.split_by != "part" and (
        round(count * validation) < 1
        or round(count * test) < 1
        or round(count * (1 - validation - test)) < 1
    ):
        raise DataError(
            f"{count} records are too few for a validation part of {validation:g} and a test part of {test:g}"
        )
    first = arrays[how.split_by] if how.split_by else count
    try:
        found: tuple[np.ndarray, np.ndarray, np.ndarray] = how.split.function(
            first, **how.split.arguments
        )
    except ValueError as error:
        raise DataError(f"{data_set.title} can't be split like that: {error}") from None
    for name, records in zip(("training", "validation", "test"), found, strict=True):
        if len(records) < _FEWEST:
            raise DataError(
                f"the {name} part of {data_set.title} is empty: choose other fractions or another split"
            )
    return found


def _vary(
    how: Recipe,
) -> (
    Callable[[dict[str, torch.Tensor], torch.Generator], dict[str, torch.Tensor]] | None
):
    if not how.augment:
        return None

    def vary(
        batch: dict[str, torch.Tensor], generator: torch.Generator
    ) -> dict[str, torch.Tensor]:
        for name, call in how.augment:
            batch[name] = call.function(batch[name], generator, **call.arguments)
        return batch

    return vary
