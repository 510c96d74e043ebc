"""Random numbers of one's own out of the generators that everybody draws from."""

import contextlib
import random
from collections.abc import Iterator

import numpy as np
import torch

from nndesigner.training import checkpoint


def seed_all(seed: int) -> None:
    """Seeds all generators that code of a run may draw from: those of torch, NumPy and Python."""
    torch.manual_seed(seed)
    np.random.seed(seed % 2**32)
    random.seed(seed)


class Chance:
    """A sequence of random numbers that begins at a seed.

    Within `drawn()`, the generators of torch, NumPy and Python go on from where they were when it was left last; outside,
    they are as if nothing had been drawn there.
    """

    def __init__(self, seed: int) -> None:
        outside = checkpoint.random_state()
        seed_all(seed)
        self._inside = checkpoint.random_state()
        checkpoint.restore_random(outside)

    @contextlib.contextmanager
    def drawn(self) -> Iterator[None]:
        """For as long as random numbers are drawn."""
        outside = checkpoint.random_state()
        checkpoint.restore_random(self._inside)
        try:
            yield
        finally:
            self._inside = checkpoint.random_state()
            checkpoint.restore_random(outside)
