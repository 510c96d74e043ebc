"""Records that are too many to be held: read from their files while they are learned from, by processes of their own.

The text of what stands here is also what an exported script contains, so it uses nothing but what this file imports
and one another.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class FilesDataset(Dataset[Any]):
    """Records whose files are read when they are asked for, several at once by their numbers.

    `known` is what is known of all of them, such as labels; `prepared` makes of paths what a network takes.
    """

    def __init__(
        self,
        paths: np.ndarray,
        known: Mapping[str, np.ndarray],
        prepared: Callable[[np.ndarray], Mapping[str, np.ndarray]],
    ) -> None:
        self.paths, self.known, self.prepared = paths, dict(known), prepared

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, records: np.ndarray) -> dict[str, torch.Tensor] | Exception:
        try:
            found = dict(self.prepared(self.paths[records]))
        except (OSError, ValueError) as error:
            return error  # raised by who asked, without the words of another process
        found |= {name: values[records] for name, values in self.known.items()}
        return {name: torch.from_numpy(values) for name, values in found.items()}


class BatchReader:
    """Processes that read batches in the order they are asked for, and some ahead.

    A batch is read `piece` records at a time, so that what lies ready stays small. The processes begin with the first
    batch and wait between epochs; `close()` ends them.
    """

    def __init__(self, files: FilesDataset, piece: int) -> None:
        self.files, self.piece = files, piece
        self._asked: list[np.ndarray] = []
        self._loader: Any = DataLoader(
            files,
            batch_size=None,  # what is asked for is a piece of a batch already
            sampler=self._asked,
            num_workers=processes(),
            worker_init_fn=undisturbed,
            multiprocessing_context="spawn",
            persistent_workers=True,
            generator=torch.Generator(),  # so that none is drawn from that others use
        )

    def batches(self, wanted: Iterable[torch.Tensor]) -> Iterator[dict[str, Any]]:
        """Batches of the records with these numbers; what was asked for before is forgotten."""
        split = [torch.split(one, self.piece) for one in wanted]
        self._asked[:] = [piece.numpy() for pieces in split for piece in pieces]
        coming = iter(self._loader)
        for pieces in split:
            yield joined([next(coming) for _ in pieces])

    def batch(self, records: torch.Tensor) -> dict[str, Any]:
        """One batch, read in this process."""
        pieces = torch.split(records, self.piece)
        return joined([self.files[one.numpy()] for one in pieces])

    def close(self) -> None:
        """Ends the processes."""
        reading, self._loader._iterator = self._loader._iterator, None
        if reading is not None:
            # A process may die while it is asked to end.
            with contextlib.suppress(RuntimeError):
                reading._shutdown_workers()


class FilePart:
    """The records with these numbers, as batches on a device. Numbers given to it count within the part."""

    def __init__(
        self, reader: BatchReader, records: np.ndarray, device: str = "cpu"
    ) -> None:
        self.reader, self.records = reader, torch.from_numpy(records)
        self.device = device

    def __len__(self) -> int:
        return len(self.records)

    def batches(self, wanted: Iterable[torch.Tensor]) -> Iterator[dict[str, Any]]:
        """A batch for each of these tensors of numbers, in this order."""
        for batch in self.reader.batches(self.records[one] for one in wanted):
            yield {name: values.to(self.device) for name, values in batch.items()}

    def in_order(self, size: int) -> Iterator[dict[str, Any]]:
        """All records from first to last, so many at once."""
        return self.batches(torch.split(torch.arange(len(self)), size))

    def batch(self, wanted: torch.Tensor) -> dict[str, Any]:
        """One batch, read without the processes."""
        batch = self.reader.batch(self.records[wanted])
        return {name: values.to(self.device) for name, values in batch.items()}

    def to(self, device: str) -> "FilePart":
        """The same records, as batches on another device."""
        return FilePart(self.reader, self.records.numpy(), device)

    def close(self) -> None:
        """Ends the processes that read."""
        self.reader.close()


def joined(pieces: list[Any]) -> dict[str, Any]:
    """The pieces of a batch as one; raises what kept one from being read."""
    for piece in pieces:
        if isinstance(piece, Exception):
            raise piece
    if len(pieces) == 1:
        return dict(pieces[0])
    return {name: torch.cat([piece[name] for piece in pieces]) for name in pieces[0]}


def processes() -> int:
    """How many processes read: one for each core but one, at most 8; of several runs, each has its share."""
    fitting = getattr(os, "sched_getaffinity", None)
    cores = len(fitting(0)) if fitting else os.cpu_count() or 1
    return max(1, min(8, cores // int(os.environ.get("LOCAL_WORLD_SIZE", "1")) - 1))


def undisturbed(_number: int) -> None:
    """Has a process leave an interrupt from the keyboard to the one that asks it for batches."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def sampled(
    prepared: Callable[[np.ndarray], Mapping[str, np.ndarray]],
    paths: np.ndarray,
    name: str,
    most: int,
    piece: int,
) -> np.ndarray:
    """The field `name` of at most so many records, drawn by a fixed seed: what preparation is fitted on."""
    if len(paths) > most:
        chosen = np.random.default_rng(0).choice(len(paths), most, replace=False)
        paths = paths[np.sort(chosen)]
    starts = range(0, len(paths), piece)
    return np.concatenate([prepared(paths[at : at + piece])[name] for at in starts])
