"""A data set that was read, kept to be looked at again and again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data import parts
from nndesigner.data.problem import DataError
from nndesigner.data.recipe import Recipe, recipe
from nndesigner.project import Training

_MOST_READ = 300  # of the records of a data set that is too large to be held


@dataclass
class Opened:
    """A data set that was read, kept to be looked at again and again.

    Where it is too large to be held, `arrays` are those of its `records` alone, and `known` is what is known of all.
    """

    data_set: DataSet
    arrays: Mapping[str, np.ndarray]
    records: np.ndarray | None = None
    known: "Opened | None" = None
    scaled: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    worded: dict[tuple[object, ...], list[str]] = field(default_factory=dict)
    split: dict[Training, tuple[np.ndarray, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(next(iter(self.arrays.values())))

    def number(self, row: int) -> int:
        """The number that a record in the arrays has in the data set."""
        return int(row if self.records is None else self.records[row])

    @property
    def label(self) -> Field | None:
        """The field that tells the class, if there is one."""
        return next((one for one in self.data_set.fields if one.sort == "label"), None)

    @property
    def rate(self) -> int:
        """How many samples a second its recordings have."""
        return int(str(self.data_set.arguments.get("rate", 8000)))

    def label_of(self, row: int) -> str:
        """The class of a record in the arrays, or the number that is to be predicted of it; nothing where it has none."""
        one = self.label
        if one is not None:
            number, names = int(self.arrays[one.name][row]), class_names(one)
            return names[number] if 0 <= number < len(names) else str(number)
        target = self.arrays.get("target")
        if target is None or target.dtype.kind != "f":
            return ""
        return f"{float(np.ravel(target[row])[0]):g}"

    def training_part(self, how: Recipe, training: Training) -> tuple[np.ndarray, ...]:
        """The records of the training, validation and test part; raises `DataError`."""
        key = Training(
            split=training.split,
            validation=training.validation,
            test=training.test,
            split_seed=training.split_seed,
        )
        if key not in self.split:
            by = self.arrays[how.split_by] if how.split_by else self.size
            try:
                self.split[key] = how.split.function(by, **how.split.arguments)
            except ValueError as error:
                raise DataError(
                    f"{self.data_set.title} can't be split like that: {error}"
                ) from None
        return self.split[key]


def opened(data_set: DataSet) -> Opened:
    """Reads a data set, or some of the records of a large one; raises `DataError`."""
    arrays = parts.read(data_set, {}, Training())
    reading = recipe(data_set, {}, Training()).reading
    if reading is None:
        return Opened(data_set, arrays)
    records, some = parts.read_some(data_set, arrays, reading, _MOST_READ)
    return Opened(data_set, some, records, Opened(data_set, arrays))


def class_names(label: Field) -> tuple[str, ...]:
    """The names of the classes, or their numbers where they have none."""
    return label.classes or tuple(str(number) for number in range(label.count))
