"""Writing a file whole or not at all: to a temporary one beside it, to the disk, then in its place."""

import contextlib
import errno
import glob
import os
import re
import time
from pathlib import Path

_STALE = 60.0
_DEVICES = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")


def is_device(name: str) -> bool:
    """Whether Windows takes the name for one of its devices, so that no file can be called so there."""
    return _DEVICES.fullmatch(name) is not None


def write(path: Path, data: bytes, *, backup: bool = False, lasting: bool = True) -> None:
    """Puts `data` at `path` so that a crash leaves the old or the new file, never half of one.

    With `backup` the file that was there stays as `path~`. What can be made again need not be `lasting`: it is not waited
    for until it is on the disk, so only a power cut could lose it. Raises `OSError` as the system gives it.
    """
    path = Path(os.path.realpath(path))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    _sweep(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
            if backup:
                _keep(path)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if lasting:
        _flush_folder(path.parent)


def _keep(path: Path) -> None:
    kept = path.with_name(path.name + "~")
    with contextlib.suppress(OSError):
        kept.unlink(missing_ok=True)
        kept.hardlink_to(path)


def _flush_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(path: Path) -> None:
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()
