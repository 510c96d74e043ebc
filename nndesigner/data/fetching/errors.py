"""What can keep a data set from coming; the text of each is for people."""

import errno
from pathlib import Path


class FetchError(Exception):
    """A data set didn't come; says which file, from where, and what happened."""


class Missing(FetchError):
    """The address or the folder has no such file."""


class Cancelled(FetchError):
    """Somebody no longer wants it; what had come by then is kept."""


class DiskError(FetchError):
    """The cache can't be written."""


def disk_error(error: OSError, path: Path) -> DiskError:
    """Why `path` can't be written, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskError(
            f"The disk is full: no room for {path.name} in {path.parent}. "
            "Make room and fetch again; what has come is kept."
        )
    return DiskError(f"{path} can't be written: {error.strerror or error}.")
