"""How fast a run goes and how long it still takes, from what it reported and when."""

from collections.abc import Sequence

from nndesigner.training.report import Began

LEAST = 0.2  # seconds below which nothing is told: what a thread hands over first may all come at once


def seconds_left(began: Began, epoch_seconds: Sequence[float], steps: int, running: float) -> float | None:
    """Seconds until the last epoch ends, or None while that can't be told.

    `epoch_seconds` are those of the epochs that ended, `steps` all that were made, `running` the seconds
    since it began, or went on, without pauses. Whole epochs tell more than steps, for the validation is in them;
    the last five count, for other programs come and go.
    """
    whole = max(1, began.steps_per_epoch)
    ended = len(epoch_seconds)
    if ended:
        recent = sorted(epoch_seconds[-5:])
        begun = min(max(0, steps - ended * whole), whole) / whole
        return max(0.0, recent[len(recent) // 2] * (began.epochs - ended - begun))
    made = steps - began.step
    if made < 3 or running < LEAST:
        return None
    return max(0.0, running / made * (began.epochs * whole - steps))


def rounded_left(seconds: float) -> float:
    """Coarser the longer it takes, so that the number rests."""
    for limit, unit in ((20, 1), (120, 5), (600, 30)):
        if seconds < limit:
            return float(round(seconds / unit) * unit)
    return float(round(seconds / 60) * 60)


class Pace:
    """Records a second over the last moments, pauses left out; times are monotonic seconds."""

    _MOMENTS = 2.0

    def __init__(self, began: Began, now: float) -> None:
        self._per_step = began.records[0] / max(1, began.steps_per_epoch)
        self._marks: list[tuple[float, int]] = [(0.0, began.step)]
        self._running, self._since = 0.0, now
        self._paused = False

    def running(self, now: float) -> float:
        """Seconds since the start, without pauses."""
        return self._running + (0.0 if self._paused else now - self._since)

    def pause(self, now: float) -> None:
        """Time stands still."""
        self._running, self._paused = self.running(now), True

    def resume(self, now: float) -> None:
        """Time goes on."""
        if self._paused:
            self._since, self._paused = now, False

    def mark(self, now: float, steps: int) -> None:
        """So many steps were made by now."""
        at = self.running(now)
        self._marks.append((at, steps))
        while len(self._marks) > 2 and self._marks[1][0] < at - self._MOMENTS:
            self._marks.pop(0)

    @property
    def records_per_second(self) -> float | None:
        """The mean over the last moments, or None while that can't be told."""
        (first, before), (last, after) = self._marks[0], self._marks[-1]
        told = last - first >= LEAST and after > before
        return self._per_step * (after - before) / (last - first) if told else None
