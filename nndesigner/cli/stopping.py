"""Being asked to stop by Ctrl-C or by the system: noted, so that work ends where it can be gone on with."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType


class Asked:
    """Whether somebody asked to stop."""

    def __init__(self) -> None:
        self.asked = False

    def __bool__(self) -> bool:
        return self.asked


@contextlib.contextmanager
def noted() -> Iterator[Asked]:
    """While the body runs, the first signal to stop is only noted; the second ends it at once, with `KeyboardInterrupt`."""
    asked = Asked()

    def note(_number: int, _frame: FrameType | None) -> None:
        if asked.asked:
            raise KeyboardInterrupt
        asked.asked = True

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
