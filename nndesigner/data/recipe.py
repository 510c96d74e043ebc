"""How the data of a project is read, split, prepared and varied: calls, as values.

The engine makes these calls and the script writer writes them down, so both do the same. Pictures and sounds of one's
own that are too many to be held are only listed beforehand; they are read and prepared while they are learned from.
"""

import importlib
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nndesigner import resources
from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data import augmenting, own, preparing
from nndesigner.data.fetching import folder
from nndesigner.graph import Value
from nndesigner.project import Training

LARGE = (
    2 * 2**30
)  # bytes of float32 from which records are not held but read again and again: the same everywhere
_PIECE = 32 * 2**20  # bytes of records that a process reads at a time
_SAMPLE = (
    512 * 2**20
)  # bytes of the records that preparation is fitted on, where they are not held
_MOST_SAMPLED = 1000  # a mean over so many pictures is off by a thirtieth of how much pictures differ
# What reads a data set whole; what lists its files, and what reads some of them, with which of its arguments.
_BY_FILE = {
    "own.load_images": ("find_images", "read_images", ("size", "grey")),
    "own.load_sounds": ("find_sounds", "read_sounds", ("rate", "seconds")),
}


@dataclass(frozen=True)
class Call:
    """A function, with the arguments it gets by name beside those that come from what was computed before."""

    function: Callable[..., Any]
    arguments: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Preparing:
    """A field made ready: fitted on the training part, if there is something to fit, then applied to all records.

    `inputs` are the fields it is computed from, the first of which is fitted; `outputs` the fields that come of it.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    fit: Call | None
    apply: Call


@dataclass(frozen=True)
class Reading:
    """What reads the records at some paths, where they are too many to be held: then `load` gives their paths, as path.

    They are prepared as they are read, `piece` at a time; what is fitted is fitted on `sample` of them.
    """

    read: Call
    piece: int
    sample: int


@dataclass(frozen=True)
class Recipe:
    """All that is done with the data before, and with a batch while, it is learned from."""

    load: Call
    split: Call
    split_by: str  # the array the split looks at; nothing where only the number of records counts
    first: str  # the array that tells how many records there are
    prepare: tuple[Preparing, ...]
    augment: tuple[tuple[str, Call], ...]
    reading: Reading | None = None

    @property
    def fitted(self) -> Preparing | None:
        """The step of records read from files for which something is fitted: there is one at most."""
        return next((step for step in self.prepare if step.fit is not None), None)


def recipe(
    data_set: DataSet, params: Mapping[str, Value], training: Training
) -> Recipe:
    """What is to be done with this data set, prepared as the params of its node say, split as the training says."""
    values = data_set.values(params)
    split, by = _split(data_set, training)
    load, reading = loading(data_set), None
    if is_large(data_set, params):
        load, reading = _by_file(data_set, load, values)
    if data_set.fields[0].sort == "corpus":
        load = Call(load.function, {**load.arguments, "piece": _piece(values)})
    return Recipe(
        load,
        split,
        by,
        "path" if reading is not None else data_set.fields[0].name,
        tuple(
            step for one in data_set.fields for step in _prepare(one, data_set, values)
        ),
        tuple(step for one in data_set.fields for step in _augment(one, values)),
        reading,
    )


def is_large(data_set: DataSet, params: Mapping[str, Value]) -> bool:
    """Whether its records are read from their files while they are learned from, as they are too many to be held."""
    if data_set.loader not in _BY_FILE:
        return False
    size = _record(data_set, data_set.values(params))
    return data_set.size * size >= LARGE


def _record(data_set: DataSet, values: Mapping[str, Value]) -> int:
    """The bytes of a record as float32, as it is read or as it is prepared, whichever is more."""
    given = data_set.arguments
    samples = 1.0
    if data_set.loader == "own.load_sounds":
        rate, seconds = given["rate"], given["seconds"]
        assert isinstance(rate, int) and isinstance(seconds, int | float)
        samples = rate * seconds
    prepared = [
        math.prod(one.sizes)
        for one in data_set.outputs(values)
        if one.dtype == "float32"
    ]
    return 4 * round(max(samples, sum(prepared)))


def _by_file(
    data_set: DataSet, load: Call, values: Mapping[str, Value]
) -> tuple[Call, Reading]:
    """What lists the files, and what reads some of them, in place of what reads them all."""
    module = sys.modules[load.function.__module__]
    find, read, names = _BY_FILE[data_set.loader]
    listed = {key: one for key, one in load.arguments.items() if key not in names}
    given = {key: one for key, one in load.arguments.items() if key in names}
    size = _record(data_set, values)
    reading = Reading(
        Call(getattr(module, read), given),
        max(1, _PIECE // size),
        max(1, min(_MOST_SAMPLED, _SAMPLE // size)),
    )
    return Call(getattr(module, find), listed), reading


def _piece(values: Mapping[str, Value]) -> int:
    """How many characters a piece of a long text has: one more than what is looked at, so that each has a next."""
    length = values["length"]
    assert isinstance(length, int)
    return length + 1 if values["tokens"] == "characters" else 6 * length + 1


def loading(data_set: DataSet) -> Call:
    """The call that reads a data set."""
    module, _, name = data_set.loader.partition(".")
    arguments = {name: _placed(value) for name, value in data_set.arguments.items()}
    if module == "own":
        return Call(own.loader(name), arguments)
    # Only when it is needed: some bring libraries that take their time to load.
    return Call(
        getattr(importlib.import_module(f"nndesigner.data.{module}"), name), arguments
    )


def _placed(value: Value) -> Value:
    """A path in the program's resources or in the cache as it is on this machine."""
    if isinstance(value, str) and value.startswith("resource:"):
        return str(resources.folder("data") / value.removeprefix("resource:"))
    if isinstance(value, str) and value.startswith("cache:"):
        return str(Path(folder(value.removeprefix("cache:"))))
    return value


def _split(data_set: DataSet, training: Training) -> tuple[Call, str]:
    from nndesigner.data import splitting  # brings scikit-learn

    shares = {
        "validation": training.validation,
        "test": training.test,
        "seed": training.split_seed,
    }
    label = next((one.name for one in data_set.fields if one.sort == "label"), "")
    if training.split == "given" and data_set.parts:
        return Call(
            splitting.split_as_given,
            {name: shares[name] for name in ("validation", "seed")},
        ), "part"
    if training.split == "grouped" and data_set.group:
        return Call(splitting.split_by_group, shares), "group"
    if training.split == "stratified" and label:
        return Call(splitting.split_evenly, shares), label
    return Call(splitting.split_at_random, shares), ""


def _prepare(
    one: Field, data_set: DataSet, values: Mapping[str, Value]
) -> list[Preparing]:
    name = (one.name,)
    scale = Preparing(name, name, Call(preparing.fit_scale), Call(preparing.scaled))
    if one.sort == "sound":
        spectrogram = {
            key: values[key] for key in ("mels", "frames", "seconds", "window")
        }
        rate = {"rate": data_set.arguments.get("rate", 8000)}
        return [
            Preparing(
                (one.name, "length"),
                name,
                None,
                Call(preparing.log_mel, rate | spectrogram),
            ),
            scale,
        ]
    if one.sort in ("text", "pair", "corpus"):
        from nndesigner.data import wording  # brings tokenizers

        tokens, length = {"tokens": values["tokens"]}, {"length": values["length"]}
        fit = Call(wording.fit_tokens, tokens | {"vocabulary": values["vocabulary"]})
        function, outputs = {
            "text": (wording.encoded, name),
            "pair": (wording.paired, (one.name, "next")),
            "corpus": (wording.windows, (one.name, "next")),
        }[one.sort]
        return [Preparing(name, outputs, fit, Call(function, tokens | length))]
    if one.sort == "label" or one.classes:
        return []
    if values.get("normalize", False) and (one.prepare or one.sort == "image"):
        return [scale]
    if one.sort == "image" and one.prepare:
        return [Preparing(name, name, None, Call(preparing.unit_scaled))]
    if one.prepare and data_set.loader == "own.load_table":
        return [
            Preparing(name, name, Call(preparing.fit_scale), Call(preparing.filled))
        ]
    return []


def _augment(one: Field, values: Mapping[str, Value]) -> list[tuple[str, Call]]:
    def given(*names: str) -> dict[str, Value]:
        return {name: values[name] for name in names if values.get(name)}

    found: list[Call] = []
    if one.sort == "image":
        if affine := given("shift", "rotate", "scale", "shear"):
            found.append(Call(augmenting.moved, affine))
        if values["crop"]:
            found.append(Call(augmenting.cropped, given("crop")))
        if values["flip"]:
            found.append(Call(augmenting.flipped))
    if one.sort == "sound":
        if values["time_shift"]:
            found.append(Call(augmenting.time_shifted, given("time_shift")))
        if masks := given("time_mask", "frequency_mask"):
            found.append(Call(augmenting.masked, masks))
    if values.get("noise") and (
        one.sort in ("image", "sound") or (one.prepare and not one.classes)
    ):
        found.append(Call(augmenting.noisy, given("noise")))
    return [(one.name, call) for call in found]
