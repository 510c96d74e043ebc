"""Which run a process is at work on: a lock on a file, which the system lets go of when the process is gone, however."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_TRIES, _PAUSE = 5, 0.01  # who only asks whether a run is going on holds its lock for a moment


class Held(Exception):
    """Somebody else holds the lock."""


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds the lock for as long as the body runs; raises `Held` where another does, `OSError` as the system gives it."""
    with path.open("ab") as file:
        for attempt in range(_TRIES):
            if _taken(file):
                break
            if attempt == _TRIES - 1:
                raise Held(str(path))
            time.sleep(_PAUSE)
        yield


def is_held(path: Path) -> bool:
    """Whether a process, this one or another, holds the lock at this moment."""
    try:
        with path.open("rb+") as file:
            return not _taken(file)
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _taken(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _taken(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
