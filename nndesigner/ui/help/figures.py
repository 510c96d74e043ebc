"""What torch computed to be drawn, as plain numbers: a curve, a path, tensors before and after."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """Places of a function, and what its axes are called."""

    points: tuple[tuple[float, float], ...]
    across: str
    up: str


@dataclass(frozen=True, slots=True)
class Path:
    """Where an optimizer went over two weights with this learning rate, from the start."""

    points: tuple[tuple[float, float], ...]
    rate: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A tensor without its batch: the first of its `sheets` as rows of numbers; `cut` if they hold less than it has,
    `whole` if it holds whole numbers or truths.
    """

    shape: tuple[int, ...]
    shown: tuple[tuple[tuple[float, ...], ...], ...]
    sheets: int
    cut: bool
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Grids:
    """What goes in, and what comes out."""

    before: tuple[Grid, ...]
    after: tuple[Grid, ...]


Drawn = Curve | Path | Grids
