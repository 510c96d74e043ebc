"""Looking at the recordings in a folder."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from nndesigner.catalogue.data import Field
from nndesigner.data.looking.folders.layout import Layout, layout_of
from nndesigner.data.looking.folders.names import by_name, speaker_in
from nndesigner.data.looking.folders.remarks import remarks_of
from nndesigner.data.looking.folders.sifted import Sifted, Unusable, label_field
from nndesigner.data.looking.found import (
    Found,
    Progress,
    counted,
    found,
    listed,
    only,
    unless_usual,
    verb,
)
from nndesigner.data.own.files import SOUNDS
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

CHOICES = ("kind", "rate", "seconds", "label_from", "speaker", "divider")
_LONGEST = 30.0
_SILENT = 1e-4
_MOST_RATE = 16_000  # enough for speech


@dataclass(frozen=True)
class _Reading:
    """How recordings are read, and what their names tell; see `load_sounds`."""

    rate: int
    seconds: float
    label_from: str
    divider: str
    speaker: int


def look_at_sounds(
    path: Path, name: str, choices: Mapping[str, Any], progress: Progress | None = None
) -> Found:
    """The recordings in a folder; raises `DataError`."""
    only(choices, "a folder of sounds", *CHOICES)
    layout, label_from, divider = _laid_out(path, choices)
    sifted = Sifted(layout)
    facts = list(sifted.each(_seconds_and_rate, progress))
    classes = sifted.classes(path, "sounds")
    lengths, rates = [one for one, _ in facts], Counter(one for _, one in facts)
    usual = min(_MOST_RATE, rates.most_common(1)[0][0])
    longest = max(lengths)
    whole = min(math.ceil(longest * 100) / 100, _LONGEST)
    how = _Reading(
        int(choices.get("rate") or usual),
        float(choices.get("seconds") or whole),
        label_from,
        divider,
        _speaker(path, sifted, label_from, divider, choices.get("speaker")),
    )
    return found(
        name,
        path,
        f"{counted(len(lengths), 'sound')} of up to {longest:.2f} seconds, of {len(classes)} classes.",
        len(lengths),
        (
            Field("sound", (), "The recording", sort="sound"),
            label_field("What is heard", classes),
        ),
        "own.load_sounds",
        _arguments(sifted, how, classes),
        sifted.files(),
        [*remarks_of(sifted, "sounds"), *_remarks(sifted, how, lengths, rates)],
        parts=sifted.parts,
        group="speaker" if how.speaker >= 0 else "",
        start=_start(how, lengths),
    )


def _laid_out(path: Path, choices: Mapping[str, Any]) -> tuple[Layout, str, str]:
    """Where the recordings lie, whether folder or name tells their class, and what divides their names."""
    layout = layout_of(path, SOUNDS)
    usual = "folder" if len(layout.classes) > 1 else "name"
    label_from = choices.get("label_from") or usual
    if label_from not in ("folder", "name"):
        raise DataError(
            f"a label comes from the folder or the name of a file, not from {label_from!r}."
        )
    divider = choices.get("divider")
    if label_from == "name":
        layout, divider = by_name(path, divider)
    if not layout.paths:
        raise DataError(
            f"{path} has no sounds in it: expected files that end in {', '.join(SOUNDS)}."
        )
    return layout, label_from, divider or "_"


def _speaker(
    path: Path, sifted: Sifted, label_from: str, divider: str, chosen: Any
) -> int:
    kept = [one for one, _, _ in sifted.kept]
    if chosen is None:
        return speaker_in(kept, divider, label_from)
    speaker = int(chosen)
    if any(len(one.stem.split(divider)) <= speaker for one in kept):
        raise DataError(
            f"some names of {path} have no piece {speaker} that would say who speaks."
        )
    return speaker


def _arguments(
    sifted: Sifted, how: _Reading, classes: tuple[str, ...]
) -> dict[str, Value]:
    """What `load_sounds` is to be given."""
    told: dict[str, tuple[Value, Value]] = {
        "label_from": (how.label_from, "folder"),
        "speaker": (how.speaker, -1),
        "divider": (how.divider, "_"),
    }
    return {
        "folder": str(sifted.layout.root),
        "rate": how.rate,
        "seconds": how.seconds,
        "classes": classes,
        **unless_usual(told),
        **sifted.arguments,
    }


def _start(how: _Reading, lengths: Sequence[float]) -> dict[str, Value]:
    """The params such a data set begins with: nearly all recordings are heard to their end."""
    long = math.ceil(10 * float(np.quantile(lengths, 0.95))) / 10
    window = 2 ** round(math.log2(how.rate * 0.032))
    return {
        "seconds": min(long, how.seconds, 60.0),
        "window": min(8192, max(16, window)),
    }


def _remarks(
    sifted: Sifted, how: _Reading, lengths: Sequence[float], rates: Counter[int]
) -> Iterator[str]:
    if len(rates) > 1 or how.rate not in rates:
        came = listed(f"{one:,}" for one in sorted(rates))
        yield f"They have {came} samples a second, and are brought to {how.rate:,}."
    if cut := sum(one > how.seconds + 0.005 for one in lengths):
        yield f"{counted(cut, 'sound')} longer than {how.seconds:g} seconds {verb(cut, 'is', 'are')} cut off there."
    if how.label_from == "name":
        yield f"The class is what the name of a file begins with, before {how.divider}."
    if how.speaker >= 0:
        names = [one.stem.split(how.divider) for one, _, _ in sifted.kept]
        people = sorted({one[how.speaker] for one in names})
        yield f"The names of the files tell {len(people)} speakers, {listed(people)}: a split can keep each together."


def _seconds_and_rate(path: Path) -> tuple[float, int]:
    """How many seconds a recording has, and how many samples a second; raises `Unusable`."""
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except PermissionError:
        raise
    except (OSError, soundfile.SoundFileError):
        raise Unusable("can't be read as sound") from None
    if not len(sound):
        raise Unusable("has no samples")
    mixed = sound.mean(axis=1)
    if not np.isfinite(mixed).all():
        raise Unusable("has samples that are no numbers")
    if np.abs(mixed).max() < _SILENT:
        raise Unusable("is silent")
    return len(sound) / rate, int(rate)
