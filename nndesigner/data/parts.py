"""A data set split into the part that is learned from, the part that is watched and the part kept for the end."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.model_selection import train_test_split

from nndesigner.catalogue.data import DataSet
from nndesigner.data.bundled import LOADERS

Tensors = Mapping[str, torch.Tensor]


@dataclass(frozen=True)
class Parts:
    """Three parts, each a tensor for each field, with the records first."""

    train: Tensors
    validation: Tensors
    test: Tensors


def load(data_set: DataSet, validation: float, test: float, seed: int) -> Parts:
    """The data set split at random, as `seed` says, and prepared as fitted on its training part.

    Raises `ValueError` where a part would be empty.
    """
    arrays = LOADERS[data_set.name]()
    count = len(next(iter(arrays.values())))
    if round(count * validation) < 1 or round(count * test) < 1 or round(count * (1 - validation - test)) < 1:
        raise ValueError(
            f"{count} records are too few for a validation part of {validation:g} and a test part of {test:g}"
        )
    rest, test_part = train_test_split(np.arange(count), test_size=test, random_state=seed)
    train_part, validation_part = train_test_split(rest, test_size=validation / (1 - test), random_state=seed)
    for field in data_set.fields:
        if field.prepare == "standardize":
            arrays[field.name] = standardize(arrays[field.name], train_part)
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}

    def part(records: np.ndarray) -> Tensors:
        chosen = torch.from_numpy(records)
        return {name: tensor[chosen] for name, tensor in tensors.items()}

    return Parts(part(train_part), part(validation_part), part(test_part))


def standardize(values: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Each column to mean 0 and variance 1, as they are in the records `train`."""
    mean, deviation = values[train].mean(axis=0), values[train].std(axis=0)
    scaled: np.ndarray = (values - mean) / np.maximum(deviation, 1e-8)
    return scaled
