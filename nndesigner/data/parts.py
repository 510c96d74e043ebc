"""A data set split into the part that is learned from, the part that is watched and the part kept for the end.

A part is something that gives batches. What fits into memory is held there as tensors and goes around the DataLoader,
which would cost small networks a fifth of their time; what does not is read from its files through it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import torch

from nndesigner.catalogue.data import DataSet
from nndesigner.data import flaws
from nndesigner.data.large import BatchReader, FilePart, FilesDataset, sampled
from nndesigner.data.problem import DataError
from nndesigner.data.recipe import Preparing, Reading, Recipe, recipe
from nndesigner.graph import Value
from nndesigner.project import Training

Tensors = Mapping[str, torch.Tensor]
_FEWEST = 1


class Part(Protocol):
    """Some records of a data set, ready for a network. The numbers it is given count within the part."""

    def __len__(self) -> int:
        """How many records there are."""

    def batches(
        self, wanted: Iterable[torch.Tensor]
    ) -> Iterator[dict[str, torch.Tensor]]:
        """A batch for each of these tensors of numbers, in this order: tensors by the names of the fields.

        What was asked for before, and not taken, is forgotten. Raises `OSError`, or `ValueError` with the file and what
        is wrong with it, where a record can't be read any more.
        """

    def in_order(self, size: int) -> Iterator[dict[str, torch.Tensor]]:
        """All records from first to last, so many at once."""

    def batch(self, wanted: torch.Tensor) -> dict[str, torch.Tensor]:
        """A single batch, between others."""

    def to(self, device: str) -> "Part":
        """The same records, as batches on another device."""

    def close(self) -> None:
        """Ends the processes that read, if there are any; who asks for batches later gets others."""


@dataclass(frozen=True)
class HeldPart:
    """Records that are held in memory: a tensor for each field, with the records first."""

    tensors: Tensors

    def __len__(self) -> int:
        return len(next(iter(self.tensors.values())))

    def batches(
        self, wanted: Iterable[torch.Tensor]
    ) -> Iterator[dict[str, torch.Tensor]]:
        """A batch for each of these tensors of numbers."""
        return map(self.batch, wanted)

    def in_order(self, size: int) -> Iterator[dict[str, torch.Tensor]]:
        """All records from first to last, so many at once, without copying them."""
        for start in range(0, len(self), size):
            yield {
                name: values[start : start + size]
                for name, values in self.tensors.items()
            }

    def batch(self, wanted: torch.Tensor) -> dict[str, torch.Tensor]:
        """A single batch."""
        # The same as values[wanted], in half the time.
        return {
            name: values.index_select(0, wanted.to(values.device))
            for name, values in self.tensors.items()
        }

    def to(self, device: str) -> "HeldPart":
        """The same records, held on another device."""
        return HeldPart(
            {name: values.to(device) for name, values in self.tensors.items()}
        )

    def close(self) -> None:
        """Nothing has to be ended."""


@dataclass(frozen=True)
class Parts:
    """Three parts.

    `fitted` is what was fitted on the training part, by field; `vary` gives a batch of the training part varied, and
    is None where nothing is. `records` are the numbers of the records in each part. `data_sha256` is that of the arrays
    as they were read, or, where they are read later, of all that is known of them beforehand and the SHA-256 of their
    files; `split_sha256` that of the numbers of the records. `notes` are sentences about what was left out.
    """

    train: Part
    validation: Part
    test: Part
    fitted: Mapping[str, Any] = field(default_factory=dict)
    vary: (
        Callable[[dict[str, torch.Tensor], torch.Generator], dict[str, torch.Tensor]]
        | None
    ) = None
    records: Mapping[str, np.ndarray] = field(default_factory=dict)
    data_sha256: str = ""
    split_sha256: str = ""
    notes: tuple[str, ...] = ()

    def named(self, name: str) -> Part:
        """The part train, validation or test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[
            name
        ]

    def to(self, device: str) -> "Parts":
        """The same parts, their batches on another device."""
        moved = [part.to(device) for part in (self.train, self.validation, self.test)]
        return replace(self, train=moved[0], validation=moved[1], test=moved[2])

    def close(self) -> None:
        """Ends the processes that read, if there are any."""
        for part in (self.train, self.validation, self.test):
            part.close()


def read(
    data_set: DataSet, params: Mapping[str, Value], training: Training
) -> dict[str, np.ndarray]:
    """The arrays of a data set as they are stored; raises `DataError` where they can't be read.

    Of records that are too many to be held, there is the path in place of what is in the file.
    """
    call = recipe(data_set, params, training).load
    with _told(data_set):
        return dict(call.function(**call.arguments))


def read_some(
    data_set: DataSet, found: Mapping[str, np.ndarray], reading: Reading, most: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The numbers of at most so many records of a large data set, evenly over all, and their arrays as they are stored.

    `found` is what `read` gave. Raises `DataError` where a record can't be read.
    """
    count = len(found["path"])
    chosen = np.unique(
        np.linspace(0, count - 1, min(count, most, reading.sample)).astype(np.int64)
    )
    with _told(data_set):
        arrays = dict(
            reading.read.function(found["path"][chosen], **reading.read.arguments)
        )
    return chosen, arrays | {
        name: values[chosen] for name, values in found.items() if name != "path"
    }


@contextmanager
def _told(data_set: DataSet) -> Iterator[None]:
    """Whatever keeps a data set from being read becomes a `DataError` that says so."""
    try:
        yield
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
    found = read(data_set, params, training)
    if how.reading is not None:
        return _by_file(how, how.reading, data_set, params, training, found, before)
    return prepared(how, data_set, params, training, found, before)


def prepared(
    how: Recipe,
    data_set: DataSet,
    params: Mapping[str, Value],
    training: Training,
    found: Mapping[str, np.ndarray],
    before: Mapping[str, Any] | None = None,
) -> Parts:
    """The parts of arrays that were `found`, as they are stored, made ready as `load` does and a recipe says."""
    arrays = dict(found)
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

    def part(records: np.ndarray) -> HeldPart:
        chosen = torch.from_numpy(records)
        return HeldPart({name: tensor[chosen] for name, tensor in tensors.items()})

    named = dict(zip(("train", "validation", "test"), split, strict=True))
    learned, watched, kept = map(part, split)
    return Parts(
        learned, watched, kept, fitted, _vary(how), named, digest, sha256(named), notes
    )


@dataclass(frozen=True)
class _Prepared:
    """What a network takes of the files at some paths; as a value that another process can be sent.

    Without what is fitted, it is what that is fitted on.
    """

    reading: Reading
    steps: tuple[Preparing, ...]
    fitted: Any = None

    def __call__(self, paths: np.ndarray) -> dict[str, np.ndarray]:
        read = self.reading.read
        arrays: dict[str, np.ndarray] = read.function(paths, **read.arguments)
        names: tuple[str, ...] = tuple(arrays)[:1]
        for step in self.steps:
            given = [arrays[name] for name in step.inputs]
            if step.fit is not None:
                if self.fitted is None:
                    break
                given.append(self.fitted)
            arrays[step.outputs[0]] = step.apply.function(
                *given, **step.apply.arguments
            )
            names = step.outputs
        return {name: arrays[name] for name in names}


def _by_file(
    how: Recipe,
    reading: Reading,
    data_set: DataSet,
    params: Mapping[str, Value],
    training: Training,
    found: Mapping[str, np.ndarray],
    before: Mapping[str, Any] | None,
) -> Parts:
    """Parts whose records are read from their files as they are asked for."""
    paths = found["path"]
    split = _split(how, data_set, found, len(paths), training)
    known = {
        one.name: found[one.name]
        for one in data_set.outputs(params)
        if one.name in found
    }
    for one in data_set.outputs(params):
        if one.name in known:
            flaws.check_prepared(data_set, one, known[one.name])
            flaws.check_classes(data_set, one, known[one.name], split[0])
    fitted: dict[str, Any] = dict(before or {})
    prepared, step = _Prepared(reading, how.prepare), how.fitted
    if step is not None and step.fit is not None:
        name = step.inputs[0]
        if before is None:
            with _told(data_set):
                sample = sampled(
                    prepared, paths[split[0]], name, reading.sample, reading.piece
                )
                fitted[name] = step.fit.function(sample, **step.fit.arguments)
        prepared = replace(prepared, fitted=fitted[name])
    reader = BatchReader(FilesDataset(paths, known, prepared), reading.piece)
    named = dict(zip(("train", "validation", "test"), split, strict=True))
    learned, watched, kept = (FilePart(reader, records) for records in split)
    files = {"files": np.array([*data_set.files.values()], dtype=object)}
    digest = sha256(
        {name: values for name, values in found.items() if name != "path"} | files
    )
    notes = (_read_later(data_set, paths, how, split[0]),)
    return Parts(
        learned, watched, kept, fitted, _vary(how), named, digest, sha256(named), notes
    )


def _read_later(
    data_set: DataSet, paths: np.ndarray, how: Recipe, train: np.ndarray
) -> str:
    """A sentence on what is done where the records are too many to be held."""
    told = f"{data_set.title} is too large for memory, so its {len(paths):,} files are read while the network learns"
    sample = how.reading.sample if how.reading is not None else 0
    if how.fitted is not None and sample < len(train):
        told += f"; mean and deviation are those of {sample:,} of them"
    return told


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
