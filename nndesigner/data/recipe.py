"""How the data of a project is read, split, prepared and varied: calls, as values.

The engine makes these calls and the script writer writes them down, so both do the same.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nndesigner import resources
from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data import augmenting, preparing, splitting
from nndesigner.data.fetching import folder
from nndesigner.graph import Value
from nndesigner.project import Training


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
class Recipe:
    """All that is done with the data before, and with a batch while, it is learned from."""

    load: Call
    split: Call
    split_by: str  # the array the split looks at; nothing where only the number of records counts
    first: str  # the field that tells how many records there are
    prepare: tuple[Preparing, ...]
    augment: tuple[tuple[str, Call], ...]


def recipe(
    data_set: DataSet, params: Mapping[str, Value], training: Training
) -> Recipe:
    """What is to be done with this data set, prepared as the params of its node say, split as the training says."""
    values = data_set.values(params)
    split, by = _split(data_set, training)
    load = loading(data_set)
    if data_set.fields[0].sort == "corpus":
        load = Call(load.function, {**load.arguments, "piece": _piece(values)})
    return Recipe(
        load,
        split,
        by,
        data_set.fields[0].name,
        tuple(
            step for one in data_set.fields for step in _prepare(one, data_set, values)
        ),
        tuple(step for one in data_set.fields for step in _augment(one, values)),
    )


def _piece(values: Mapping[str, Value]) -> int:
    """How many characters a piece of a long text has: one more than what is looked at, so that each has a next."""
    length = values["length"]
    assert isinstance(length, int)
    return length + 1 if values["tokens"] == "characters" else 6 * length + 1


def loading(data_set: DataSet) -> Call:
    """The call that reads a data set."""
    module, _, name = data_set.loader.partition(".")
    arguments = {name: _placed(value) for name, value in data_set.arguments.items()}
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
