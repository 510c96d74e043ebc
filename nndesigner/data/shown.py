"""What a data set looks like: samples, distributions and the sizes of its parts, as small plain values to be drawn."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Sort = Literal["pictures", "sounds", "texts", "rows"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text; one that is not in the vocabulary, or beyond the length that is looked at, is lost."""

    text: str
    lost: Literal["", "unknown", "cut"] = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a field, and the tokens it is divided into."""

    field: str
    text: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One record: its number, its label in words, and what can be seen of it.

    A picture is (height, width, 1 or 3) of bytes; a wave the lowest and highest value of each stretch, (points, 2) from
    -1 to 1; a spectrogram (bands, moments) of bytes, the lowest band first. `varied` is the picture or spectrogram as it
    may look in training.
    """

    record: int
    label: str = ""
    picture: np.ndarray | None = None
    wave: np.ndarray | None = None
    spectrogram: np.ndarray | None = None
    varied: np.ndarray | None = None
    seconds: float = 0.0
    texts: tuple[Text, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some samples out of `total`; `columns` are the names of the cells of a table."""

    sort: Sort
    samples: tuple[Sample, ...]
    first: int
    total: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Distribution:
    """How often each value comes: of named values, or of numbers in ranges between `edges`, one more than counts."""

    title: str
    counts: tuple[int, ...]
    names: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column of a table: of which type it is, what is done with it, and how many of its cells are empty."""

    name: str
    type: str
    use: str
    missing: int
    range: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """What is told of a whole data set. `problem` says why it can't be split as the training is set."""

    size: int
    parts: tuple[tuple[str, int], ...]
    problem: str = ""
    classes: tuple[str, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    columns: tuple[ColumnFacts, ...] = ()
