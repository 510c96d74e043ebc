"""Data sets that are fetched: where they lie, whether they are there, getting and deleting them.

Nothing here asks the network unless `fetch` is called. What is fetched lies in the platform's cache folder, or in the
one `NNDESIGNER_CACHE` names; a stamp beside the files says that their checksums were right.
"""

import contextlib
import json
import os
import shutil
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from nndesigner import files
from nndesigner.catalogue.sources import BY_NAME, Source, SourceFile
from nndesigner.data.fetching import recordings
from nndesigner.data.fetching.errors import Cancelled, DiskError, FetchError, Missing
from nndesigner.data.fetching.transfer import (
    Addresses,
    Cancel,
    Progress,
    Wanted,
    is_right,
    place_from_addresses,
    place_from_folder,
    writing,
)

__all__ = [
    "Cancelled",
    "DiskError",
    "FetchError",
    "Missing",
    "fetch",
    "folder",
    "forget",
    "present",
]

_STAMP = "checked.json"


def folder(name: str) -> Path:
    """Where the files of this data set lie, be they there or not."""
    kept = os.environ.get("NNDESIGNER_CACHE")
    cache = (
        Path(kept).expanduser()
        if kept
        else platformdirs.user_cache_path("nndesigner", appauthor=False)
    )
    return cache.absolute() / "data" / _known(name).name


def present(name: str) -> bool:
    """Whether all its files are there and were found right when they came; looks at names and sizes only."""
    source, place = _known(name), folder(name)
    try:
        stamp = json.loads((place / _STAMP).read_text("utf-8"))
        sizes = {file.name: (place / file.name).stat().st_size for file in source.files}
    except (OSError, ValueError):
        return False
    collection = source.collection
    return bool(
        stamp == {"checksums": _checksums(source), "sizes": sizes}
        and (
            collection is None
            or recordings.holds(collection, place / collection.folder)
        )
    )


def fetch(
    name: str,
    source: str | None = None,
    progress: Progress = lambda done, total: None,
    cancelled: Cancel = lambda: False,
) -> Path:
    """Gets what is missing of a data set and gives the folder with its files.

    `source`, an address or a folder, takes the place of the published addresses; the files may lie right there or in a
    folder of the data set's name. `progress` is told the bytes that are there and, where known, all there will be.
    Each file is checked before it is moved into place; what was cut or cancelled goes on at the next call.
    Raises `FetchError`, whose text says what happened: `Cancelled`, `Missing`, `DiskError`.
    """
    wanted, place = _known(name), folder(name)
    if present(name):
        return place
    local = None if source is None else _local(source)
    addresses = Addresses(wanted.addresses, mirrors=True)
    if source is not None:
        addresses = Addresses((source, f"{source.rstrip('/')}/{name}"), mirrors=False)
    with _alone(place):
        with writing(place):
            place.mkdir(parents=True, exist_ok=True)
        told = _Told(progress, wanted)
        for file in wanted.files:
            if is_right(place / file.name, file.checksum, cancelled):
                told.at(file.name)((place / file.name).stat().st_size, file.size)
            elif local is None:
                place_from_addresses(
                    Wanted(file.name, file.checksum, file.size),
                    addresses,
                    place / file.name,
                    told.at(file.name),
                    cancelled,
                )
            else:
                _copy(file, (local, local / name), place, told, cancelled)
        if collection := wanted.collection:
            inner, told_of = place / collection.folder, told.at(collection.folder)
            if not recordings.is_whole(collection, inner, cancelled):
                if local is None:
                    recordings.from_addresses(
                        collection, addresses, inner, told_of, cancelled
                    )
                else:
                    recordings.from_folders(
                        collection, (local, local / name), inner, told_of, cancelled
                    )
        _stamp(wanted, place)
    return place


def forget(name: str) -> None:
    """Deletes what is there of a data set; raises `DiskError`, and `FetchError` while it is being fetched."""
    place = folder(name)
    if not place.exists():
        return
    with _alone(place), writing(place):
        shutil.rmtree(place)


def _known(name: str) -> Source:
    if name not in BY_NAME:
        raise FetchError(
            f"There is no data set {name!r} to fetch; there are {', '.join(BY_NAME)}."
        )
    return BY_NAME[name]


def _local(source: str) -> Path | None:
    """The folder that is meant, or nothing where it is an address of the network."""
    scheme = urllib.parse.urlsplit(source).scheme
    if scheme in ("http", "https"):
        return None
    if "://" in source and scheme != "file":
        raise FetchError(
            f"{source} is neither a folder nor an address that begins with http, https or file."
        )
    place = Path(
        urllib.request.url2pathname(urllib.parse.urlsplit(source).path)
        if scheme == "file"
        else source
    )
    place = place.expanduser()
    if not place.is_dir():
        raise Missing(f"There is no folder {place}.")
    return place


def _copy(
    file: SourceFile,
    folders: tuple[Path, ...],
    place: Path,
    told: "_Told",
    cancelled: Cancel,
) -> None:
    origin = next(
        (there for there in folders if (there / file.name).is_file()), folders[0]
    )
    wanted = Wanted(file.name, file.checksum, file.size)
    place_from_folder(
        wanted, origin / file.name, place / file.name, told.at(file.name), cancelled
    )


class _Told:
    """Progress of the whole data set out of that of its files."""

    def __init__(self, progress: Progress, source: Source) -> None:
        self._progress = progress
        self._sizes = {file.name: file.size for file in source.files}
        if source.collection:
            self._sizes[source.collection.folder] = None  # its archive may be smaller
        self._done = dict.fromkeys(self._sizes, 0)

    def at(self, name: str) -> Progress:
        """To be told of one file."""

        def told(done: int, total: int | None) -> None:
            self._done[name] = done
            self._sizes[name] = total if total is not None else self._sizes[name]
            sizes = [size for size in self._sizes.values() if size is not None]
            known = len(sizes) == len(self._sizes)
            self._progress(sum(self._done.values()), sum(sizes) if known else None)

        return told


def _checksums(source: Source) -> dict[str, str]:
    collection = source.collection
    return {file.name: file.checksum for file in source.files} | (
        {collection.folder: collection.checksum} if collection else {}
    )


def _stamp(source: Source, place: Path) -> None:
    sizes = {file.name: (place / file.name).stat().st_size for file in source.files}
    stamp = json.dumps({"checksums": _checksums(source), "sizes": sizes}, indent=2)
    with writing(place / _STAMP):
        files.write(place / _STAMP, stamp.encode())


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keeps two processes from writing the same part; raises `FetchError` where another is at it."""
    lock = place.with_name(f".{place.name}.lock")
    with writing(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
        opened = lock.open("ab")
    with opened:
        try:
            _lock(opened.fileno())
        except OSError:
            raise FetchError(
                f"Another nndesigner is fetching {place.name} at this moment."
            ) from None
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
