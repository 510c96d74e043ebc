"""The reports of a run in a file, one JSON object a line: appended as they come, readable up to wherever it is cut off.

A long run stays small. Of the steps no more than some thousands are kept, every second, fourth, eighth of them the more
there are; likewise of the looks at the layers, and the fewer the more layers there are. All other reports are kept.
"""

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

import msgspec

from nndesigner import files
from nndesigner.training.report import (
    Began,
    Diverged,
    EpochEnded,
    Examined,
    Finished,
    Health,
    Report,
    Stepped,
)

MOST_STEPS = 20_000
MOST_LOOKS = 500
_USUAL = 50  # layers in a look; one at more counts as so many looks more
_DIGITS = 5  # of what is seen of a layer
_PACE = 0.25  # seconds for which steps may stay in memory
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Began, Stepped, Examined, Diverged, EpochEnded, Finished)
}


class Journal:
    """The file of one run, open to be added to; it begins with the reports that are `kept`.

    Raises `OSError` as the system gives it, when made and in every call but `close()`.
    """

    def __init__(self, path: Path, kept: Iterable[Report] = ()) -> None:
        self.path = path
        self._stride = 1
        self._looks, self._look_stride, self._looked = 0.0, 1, 0
        lines = []
        for report in kept:
            lines.append(to_line(report))
            if isinstance(report, Stepped):
                self._stride = stride(report.step)
            elif isinstance(report, Examined):
                self._looks += _weight(report)
        self._file = self._begin(lines)
        self._flushed = time.monotonic()

    def add(self, report: Report) -> None:
        """Adds a report; a step may be left out, and may stay in memory for a moment."""
        if isinstance(report, Stepped):
            if (wanted := stride(report.step)) != self._stride:
                self._stride = wanted
                self._thin()
            if report.step % self._stride:
                return
        elif isinstance(report, Examined):
            self._looked += 1
            if self._looked % self._look_stride:
                return
            self._looks += _weight(report)
            if self._looks > MOST_LOOKS:
                self._look_stride *= 2
                self._thin_looks()
        self._file.write(to_line(report))
        now = time.monotonic()
        if not isinstance(report, Stepped) or now - self._flushed > _PACE:
            self._file.flush()
            self._flushed = now

    def flush(self) -> None:
        """All that was added is on the disk."""
        self._file.flush()

    def close(self) -> None:
        """Lets go of the file; what can't be written any more is lost."""
        try:
            self._file.close()
        except OSError:
            self._file = None  # type: ignore[assignment]

    def _begin(self, lines: Iterable[bytes]) -> IO[bytes]:
        files.write(self.path, b"".join(lines))
        return self.path.open("ab")

    def _thin(self) -> None:
        self._rewrite(
            report
            for report in self._all()
            if not isinstance(report, Stepped) or report.step % self._stride == 0
        )

    def _thin_looks(self) -> None:
        found = self._all()
        looks = [report for report in found if isinstance(report, Examined)]
        kept = {id(report) for report in looks[1::2]}
        self._looks /= 2
        self._rewrite(report for report in found if not isinstance(report, Examined) or id(report) in kept)

    def _all(self) -> list[Report]:
        self._file.flush()
        return read(self.path)

    def _rewrite(self, reports: Iterable[Report]) -> None:
        lines = [to_line(report) for report in reports]
        self._file.close()
        self._file = self._begin(lines)


def stride(step: int) -> int:
    """Of how many steps one is kept, once there are so many."""
    found = 1
    while step > MOST_STEPS * found:
        found *= 2
    return found


def _weight(look: Examined) -> float:
    return max(1.0, len(look.layers) / _USUAL)


def to_line(report: Report) -> bytes:
    """A report as a line; what is no number is null, as JSON knows no NaN. Of a layer, zeros are left out."""
    content = {one.name: getattr(report, one.name) for one in fields(report)}
    if isinstance(report, Examined):
        content["layers"] = {path: _short(health) for path, health in report.layers.items()}
    return msgspec.json.encode({"report": type(report).__name__, **content}) + b"\n"


def _short(health: Health) -> dict[str, float]:
    found = ((one.name, getattr(health, one.name)) for one in fields(health))
    return {name: float(f"{value:.{_DIGITS}g}") for name, value in found if value != 0}


def read(path: Path, *only: type[Report]) -> list[Report]:
    """The reports in a file, or those of some sorts; nothing where there is no file. What can't be read is left out.

    Raises `OSError` as the system gives it.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    wanted = tuple(f'{{"report":"{kind.__name__}"'.encode() for kind in only)
    if wanted:
        lines = [line for line in lines if line.startswith(wanted)]
    return list(_reports(lines))


def before(reports: Iterable[Report], epoch: int, step: int) -> list[Report]:
    """Those that stay where a run goes on from a checkpoint: made up to this step, and before this epoch ended."""

    def stays(report: Report) -> bool:
        match report:
            case Began() | Stepped() | Examined():
                return report.step <= step
            case EpochEnded():
                return report.epoch < epoch
            case _:
                return False

    return [report for report in reports if stays(report)]


def _reports(lines: Iterable[bytes]) -> Iterator[Report]:
    for line in lines:
        try:
            content = msgspec.json.decode(line)
            yield msgspec.convert(_with_nan(content), _KINDS[content["report"]])
        except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError):
            continue  # cut off, or damaged


def _with_nan(value: Any) -> Any:
    match value:
        case None:
            return math.nan
        case dict():
            return {key: _with_nan(one) for key, one in value.items()}
        case _:
            return value
