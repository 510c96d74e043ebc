"""Some records of a data set that are to be looked at, prepared and varied as training would."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from nndesigner.catalogue.data import Field
from nndesigner.data.recipe import Recipe
from nndesigner.data.showing.opened import Opened
from nndesigner.graph import Value
from nndesigner.project import Training


@dataclass(frozen=True)
class Asked:
    """The `rows` of the arrays that are asked for; `how` is what these params and this training make of them.

    What is varied in training is drawn by `seed`.
    """

    shown: Opened
    params: Mapping[str, Value]
    training: Training
    how: Recipe
    rows: np.ndarray
    seed: int

    def of(self, name: str) -> np.ndarray:
        """A field of these records."""
        values: np.ndarray = self.shown.arrays[name][self.rows]
        return values

    def is_varied(self, one: Field) -> bool:
        """Whether training varies a field of them."""
        return len(self.rows) > 0 and any(
            name == one.name for name, _ in self.how.augment
        )

    def varied(self, one: Field, values: np.ndarray) -> np.ndarray:
        """A field of them, prepared for the network, as training would vary it."""
        batch = torch.from_numpy(values)
        generator = torch.Generator().manual_seed(self.seed)
        for name, call in self.how.augment:
            if name == one.name:
                batch = call.function(batch, generator, **call.arguments)
        found: np.ndarray = batch.numpy()
        return found

    @property
    def training_part(self) -> np.ndarray:
        """The records that are learned from; raises `DataError`."""
        return self.shown.training_part(self.how, self.training)[0]
