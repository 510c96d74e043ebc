"""A collection of small files: out of a zip archive, a folder or an address, checked together, in place all at once.

An archive can't write outside: from it are read only entries that are plain files with an expected name, and written
under that name into a folder of ours.
"""

import hashlib
import lzma
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from nndesigner.catalogue.sources import Collection
from nndesigner.data.fetching.errors import Cancelled, DiskError, FetchError, Missing
from nndesigner.data.fetching.transfer import (
    Addresses,
    Cancel,
    Progress,
    Wanted,
    digest,
    in_words,
    part_of,
    place_from_addresses,
    place_from_folder,
    remove,
    writing,
)


def is_whole(collection: Collection, place: Path, cancelled: Cancel) -> bool:
    """Whether all its files lie in `place` with the right checksum."""
    return (
        holds(collection, place)
        and _checksum(collection, place, cancelled) == collection.checksum
    )


def holds(collection: Collection, place: Path) -> bool:
    """Whether the folder has a file of each name."""
    try:
        names = {file.name for file in place.iterdir()}
    except OSError:
        return False
    return names.issuperset(collection.files)


def from_addresses(
    collection: Collection,
    addresses: Addresses,
    place: Path,
    progress: Progress,
    cancelled: Cancel,
) -> None:
    """Gets the archive and unpacks it into `place`; an address of one's own may have the files themselves instead.

    Raises `FetchError`.
    """
    archive = place.with_name(collection.archive)
    try:
        if not archive.is_file():
            wanted = Wanted(collection.archive, "")
            place_from_addresses(wanted, addresses, archive, progress, cancelled)
    except Missing:
        if addresses.mirrors:
            raise
        _one_by_one(collection, addresses, place, progress, cancelled)
    else:
        _unpack(collection, archive, addresses.each[0], place, cancelled)


def from_folders(
    collection: Collection,
    folders: tuple[Path, ...],
    place: Path,
    progress: Progress,
    cancelled: Cancel,
) -> None:
    """Copies the files, or unpacks the archive, from the first of `folders` that has them; raises `FetchError`."""
    for folder in folders:
        for inner in (folder / collection.folder, folder):
            if holds(collection, inner):
                return _copy(collection, inner, place, progress, cancelled)
        if (folder / collection.archive).is_file():
            return _unpack(
                collection, folder / collection.archive, str(folder), place, cancelled
            )
    raise Missing(
        f"{folders[0]} has neither a folder {collection.folder} with all {len(collection.files):,} files "
        f"(such as {collection.files[0]}) nor the archive {collection.archive}."
    )


def _copy(
    collection: Collection,
    origin: Path,
    place: Path,
    progress: Progress,
    cancelled: Cancel,
) -> None:
    staging, done = _staging(place), 0
    try:
        for name in collection.files:
            wanted = Wanted(name, "", bound=collection.most)
            place_from_folder(wanted, origin / name, staging / name, _silent, cancelled)
            done += (staging / name).stat().st_size
            progress(done, collection.size)
        _finish(collection, staging, str(origin), place, cancelled)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _one_by_one(
    collection: Collection,
    addresses: Addresses,
    place: Path,
    progress: Progress,
    cancelled: Cancel,
) -> None:
    """The files by themselves; those of an earlier try stay, as they are checked together at the end."""
    staging, done = _staging(place), 0
    within = Addresses(
        tuple(
            f"{address.rstrip('/')}/{collection.folder}" for address in addresses.each
        ),
        mirrors=False,
    )
    for name in collection.files:
        if not (staging / name).is_file():
            wanted = Wanted(name, "", bound=collection.most)
            place_from_addresses(wanted, within, staging / name, _silent, cancelled)
        done += (staging / name).stat().st_size
        progress(done, collection.size)
    _finish(collection, staging, within.each[0], place, cancelled)


def _unpack(
    collection: Collection, archive: Path, origin: str, place: Path, cancelled: Cancel
) -> None:
    staging = _staging(place)
    ours = archive.parent == place.parent
    try:
        _extract(collection, archive, staging, cancelled)
        _finish(collection, staging, origin, place, cancelled)
    except (Cancelled, DiskError):
        raise
    except FetchError:
        if ours:
            remove(archive)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    if ours:
        remove(archive)


def _extract(
    collection: Collection, archive: Path, staging: Path, cancelled: Cancel
) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = {
                PurePosixPath(entry.filename).parts[1:]: entry
                for entry in opened.infolist()
            }
            for name in collection.files:
                if cancelled():
                    raise Cancelled(f"Unpacking {archive.name} was cancelled.")
                entry = entries.get((collection.folder, name))
                if entry is None or not _is_plain(entry):
                    raise FetchError(
                        f"The archive {archive.name} has no file {collection.folder}/{name}."
                    )
                with opened.open(entry) as packed:
                    data = packed.read(collection.most + 1)
                if len(data) > collection.most:
                    raise FetchError(
                        f"{collection.folder}/{name} in the archive {archive.name} is too large: "
                        f"expected at most {collection.most:,} bytes."
                    )
                with writing(staging / name):
                    (staging / name).write_bytes(data)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise FetchError(f"The archive {archive.name} is damaged: {error}.") from error


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return not entry.is_dir() and kind in (0, stat.S_IFREG)


def _finish(
    collection: Collection, staging: Path, origin: str, place: Path, cancelled: Cancel
) -> None:
    came = _checksum(collection, staging, cancelled)
    if came != collection.checksum:
        shutil.rmtree(staging, ignore_errors=True)
        raise FetchError(
            f"The {len(collection.files):,} files of {collection.folder} from {origin} aren't the published ones, and "
            f"were thrown away: expected {in_words(collection.checksum)}, got {in_words(came)}."
        )
    with writing(place):
        if place.exists():
            shutil.rmtree(place)
        staging.replace(place)


def _checksum(collection: Collection, folder: Path, cancelled: Cancel) -> str:
    running = hashlib.sha256()
    for name in sorted(collection.files):
        running.update(
            name.encode() + b"\0" + digest(folder / name, "sha256", cancelled)
        )
    return f"sha256:{running.hexdigest()}"


def _staging(place: Path) -> Path:
    staging = part_of(place)
    with writing(staging):
        staging.mkdir(parents=True, exist_ok=True)
    return staging


def _silent(done: int, total: int | None) -> None:
    """The files are too small to be told of one by one."""
