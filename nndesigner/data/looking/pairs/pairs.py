"""Pairs of sentences as a data set."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest
from nndesigner.data.looking.found import (
    Found,
    counted,
    found,
    listed,
    only,
    sizes_of_parts,
    unless_usual,
)
from nndesigner.data.looking.pairs.reading import Reading, reading_of
from nndesigner.data.looking.pairs.remarks import remarks_of, start_of
from nndesigner.data.looking.pairs.sides import languages_of, sides_of
from nndesigner.data.looking.text import encoding_of, head
from nndesigner.data.own.files import PARTS
from nndesigner.data.own.pairs import load_pairs, pairs_in
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

CHOICES = (
    "kind",
    "second",
    "source",
    "target",
    "encoding",
    "separator",
    "columns",
    "header",
)


def look_at_file(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """Pairs in one file, or in two, the other one given as `second` or lying beside it; raises `DataError`."""
    only(choices, "pairs of sentences", *CHOICES)
    second = choices.get("second")
    if second:
        return _found(path, name, {"train": (path, Path(second))}, choices, None, [])
    encoding = choices.get("encoding") or encoding_of(path)
    lines, _ = head(path, encoding, 5000)
    reading = reading_of(lines, choices)
    if reading is None:
        raise DataError(
            f"{path} has no two columns of sentences: say which, as columns, counted from 0."
        )
    return _found(path, name, {"train": (path,)}, choices, reading, [])


def look_at_folder(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """Pairs in the files of a folder, by part; raises `DataError`."""
    only(choices, "a folder of sentences", *CHOICES)
    sides = sides_of(path)
    languages = sorted({one for pair in sides.values() for one in pair})
    source, target = languages_of(path, languages, choices)
    said: list[str] = []
    files: dict[str, tuple[Path, ...]] = {}
    for stem, pair in sides.items():
        if source not in pair or target not in pair:
            continue
        words = re.split(r"[._ -]", stem.lower())
        part = next((PARTS[word] for word in words if word in PARTS), "train")
        if part in files:
            there = files[part][0].name
            said.append(f"{stem} was left out, as there is {there} already.")
            continue
        files[part] = (pair[source], pair[target])
    if "train" not in files:
        raise DataError(
            f"{path} has no sentences for training: expected names such as train.{source} and train.{target}."
        )
    if len(languages) > 2:
        many = listed(languages)
        said.append(f"Of the languages {many}, {source} and {target} were taken.")
    said.append(f"{source} is translated into {target}.")
    return _found(path, name, files, choices, None, said)


def _found(
    path: Path,
    name: str,
    files: Mapping[str, tuple[Path, ...]],
    choices: Mapping[str, Any],
    reading: Reading | None,
    said: list[str],
) -> Found:
    every = [one for pair in files.values() for one in pair]
    encoding = choices.get("encoding") or _encoding(every)
    arguments = _arguments(files, encoding, reading)
    try:
        arrays = load_pairs(**arguments)  # type: ignore[arg-type]
        raw = _lines(files, encoding, reading)
    except ValueError as error:
        raise DataError(str(error)) from None
    size = len(arrays["source"])
    if not size:
        raise DataError(f"{path} has no pairs of sentences: one side of each is empty.")
    such = f"{_short(arrays['source'][0])} and {_short(arrays['target'][0])}"
    told = "What it becomes, as far as it is written"
    return found(
        name,
        path,
        f"{counted(size, 'pair')} of sentences, such as {such}.",
        size,
        (
            Field("source", (), "The sentence", sort="text"),
            Field("target", (), told, sort="pair"),
        ),
        "own.load_pairs",
        arguments,
        {str(one): digest(one) for one in every},
        said + remarks_of(arrays, raw - size, reading),
        parts=sizes_of_parts(arrays),
        start=start_of(arrays),
    )


def _encoding(files: Sequence[Path]) -> str:
    """The one encoding of all these files."""
    encodings = {one: encoding_of(one) for one in files}
    if len(set(encodings.values())) > 1:
        told = ", ".join(f"{one.name} in {name}" for one, name in encodings.items())
        raise DataError(
            f"the files are in different encodings: {told}. Bring them to one, UTF-8."
        )
    return encodings[files[0]]


def _arguments(
    files: Mapping[str, tuple[Path, ...]], encoding: str, reading: Reading | None
) -> dict[str, Value]:
    """What `load_pairs` is to be given."""
    first, *others = map(str, files["train"])
    usual = Reading()
    how = reading or usual
    told: dict[str, tuple[Value, Value]] = {
        "second": (others[0] if others else "", ""),
        "encoding": (encoding, "utf-8-sig"),
        "separator": (how.separator, usual.separator),
        "columns": (how.columns, usual.columns),
        "skip": (int(how.header), 0),
        "quoted": (how.quoted, usual.quoted),
    }
    return {
        "path": first,
        **unless_usual(told),
        **{
            part: tuple(map(str, pair))
            for part, pair in files.items()
            if part != "train"
        },
    }


def _lines(
    files: Mapping[str, tuple[Path, ...]], encoding: str, reading: Reading | None
) -> int:
    """How many pairs the files have, with those of which one side is empty."""
    how = reading or Reading()
    given = (encoding, how.separator, how.columns, int(how.header), how.quoted)
    return sum(len(pairs_in(list(map(str, pair)), *given)) for pair in files.values())


def _short(text: str) -> str:
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"
