"""Pairs of sentences of one's own, in two columns of one file or line by line in two."""

import csv
from collections.abc import Sequence

import numpy as np

from nndesigner.data.own.texts import lines_of


def load_pairs(
    path: str,
    second: str = "",
    encoding: str = "utf-8-sig",
    separator: str = "\t",
    columns: Sequence[int] = (0, 1),
    skip: int = 0,
    quoted: bool = False,
    validation: Sequence[str] = (),
    test: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Sentences and what each becomes, as texts: source (N,), target (N,).

    They stand in two `columns` of one file, after `skip` lines, or line by line in `path` and `second`. `validation` and
    `test` are the file, or the two files, of those parts. Pairs of which one side is empty are left out.
    """
    parts = {
        "train": [one for one in (path, second) if one],
        "validation": list(validation),
        "test": list(test),
    }
    source: list[str] = []
    target: list[str] = []
    part: list[str] = []
    for name, files in parts.items():
        if not files:
            continue
        pairs = pairs_in(files, encoding, separator, columns, skip, quoted)
        kept = [(first, other) for first, other in pairs if first and other]
        source += [first for first, _ in kept]
        target += [other for _, other in kept]
        part += [name] * len(kept)
    found = {
        "source": np.array(source, dtype=object),
        "target": np.array(target, dtype=object),
    }
    return found | ({"part": np.array(part)} if validation or test else {})


def pairs_in(
    files: Sequence[str],
    encoding: str,
    separator: str,
    columns: Sequence[int],
    skip: int,
    quoted: bool,
) -> list[tuple[str, str]]:
    """The pairs of one file with columns, or of two files, without the space around each sentence."""
    texts = [lines_of(file, encoding)[skip:] for file in files]
    if len(texts) == 2:
        if len(texts[0]) != len(texts[1]):
            raise ValueError(
                f"{files[0]} has {len(texts[0]):,} lines and {files[1]} has {len(texts[1]):,}: expected as many of each."
            )
        return [(one.strip(), other.strip()) for one, other in zip(*texts, strict=True)]
    rows = (
        csv.reader(texts[0], delimiter=separator)
        if quoted
        else (line.split(separator) for line in texts[0])
    )
    first, other = columns
    return [
        (row[first].strip(), row[other].strip())
        for row in rows
        if len(row) > max(first, other)
    ]
