"""One file into its place in the cache: from an address, going on where an earlier try ended, or from a folder.

Written here instead of taken from pooch, which starts every download from the first byte and can't be cancelled: half of
CIFAR-10 over a slow line would be lost with each cut.
"""

import contextlib
import hashlib
import http.client
import os
import queue
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Literal

from nndesigner import __version__
from nndesigner.data.fetching.errors import (
    Cancelled,
    DiskError,
    FetchError,
    Missing,
    disk_error,
)

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there and with all there will be, where that is known."""
Cancel = Callable[[], bool]
"""True as soon as nobody wants the rest."""

_PIECE = 2**16
_SILENCE = 30.0  # seconds without a byte after which a connection counts as cut
_LOOK = 0.05  # seconds between two looks at whether it is still wanted
_MOST = 2**30  # bytes of a file whose size isn't known


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as it must be: `checksum` as `sha256:…`, or empty where whoever asks checks it himself."""

    name: str
    checksum: str
    size: int | None = None
    bound: int | None = None

    @property
    def most(self) -> int:
        """Bytes beyond which what comes can't be the file."""
        return self.bound or (2 * self.size if self.size else _MOST)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Folders on the network: mirrors of one another, or places of which only one need have the files."""

    each: tuple[str, ...]
    mirrors: bool


def place_from_addresses(
    wanted: Wanted,
    addresses: Addresses,
    place: Path,
    progress: Progress,
    cancelled: Cancel,
) -> None:
    """Gets the file from the first address that gives it, checks it and moves it to `place`.

    What comes is written beside it, with `.part` after the name; after a cut or a cancel that stays, and the next try
    asks for the rest. Raises `FetchError`: `Missing` where no address has it, `Cancelled`, `DiskError`.
    """
    errors: list[FetchError] = []
    for address in addresses.each:
        try:
            return _from_address(wanted, address, place, progress, cancelled)
        except (Cancelled, DiskError):
            raise
        except FetchError as error:
            if not addresses.mirrors and not isinstance(error, Missing):
                raise
            errors.append(error)
    kind = (
        Missing if all(isinstance(error, Missing) for error in errors) else FetchError
    )
    raise kind(" ".join(map(str, errors))) from errors[-1]


def _from_address(
    wanted: Wanted, address: str, place: Path, progress: Progress, cancelled: Cancel
) -> None:
    part = part_of(place)
    resumed = _size(part) > 0
    if not resumed or _size(part) != wanted.size or _wrong(part, wanted, cancelled):
        _download(wanted, address, part, progress, cancelled)
    came = _wrong(part, wanted, cancelled)
    if came and resumed:
        # The beginning may be another try's, from another address: it isn't this one's fault yet.
        remove(part)
        _download(wanted, address, part, progress, cancelled)
        came = _wrong(part, wanted, cancelled)
    if came:
        remove(part)
        raise _other_file(wanted, address, came)
    _move(part, place)


def place_from_folder(
    wanted: Wanted, file: Path, place: Path, progress: Progress, cancelled: Cancel
) -> None:
    """Copies `file`, checks the copy and moves it to `place`.

    Raises `FetchError`: `Missing` where it isn't there, `Cancelled`, `DiskError`.
    """
    part = part_of(place)
    try:
        source = file.open("rb")
    except FileNotFoundError:
        raise Missing(f"There is no {file.name} in {file.parent}.") from None
    except OSError as error:
        raise FetchError(f"{file} can't be read: {error.strerror or error}.") from error
    done = 0
    try:
        with source, _opened(part, "wb") as copy:
            while piece := _read(source.read, file):
                if cancelled():
                    raise Cancelled(f"Copying {wanted.name} was cancelled.")
                _write(copy, piece, part)
                done += len(piece)
                progress(done, wanted.size)
                if done > wanted.most:
                    raise _too_long(wanted, str(file))
        if came := _wrong(part, wanted, cancelled):
            raise _other_file(wanted, str(file), came)
        _move(part, place)
    finally:
        remove(part)


def is_right(file: Path, checksum: str, cancelled: Cancel) -> bool:
    """Whether there is such a file and it has that checksum."""
    return file.is_file() and not _wrong(file, Wanted(file.name, checksum), cancelled)


def digest(file: Path, algorithm: str, cancelled: Cancel) -> bytes:
    """The checksum of a file; raises `Cancelled`, and `FetchError` where it can't be read."""
    running = hashlib.new(algorithm, usedforsecurity=False)
    try:
        with file.open("rb") as opened:
            while piece := opened.read(2**20):
                if cancelled():
                    raise Cancelled(f"Checking {file.name} was cancelled.")
                running.update(piece)
    except OSError as error:
        raise FetchError(f"{file} can't be read: {error.strerror or error}.") from error
    return running.digest()


def in_words(checksum: str) -> str:
    """`sha256:…` as people write it."""
    algorithm, _, digits = checksum.partition(":")
    return f"{ {'sha256': 'SHA-256', 'md5': 'MD5'}[algorithm] } {digits}"


def part_of(place: Path) -> Path:
    """Where a file lies until it is whole and checked."""
    return place.with_name(f"{place.name}.part")


def remove(file: Path) -> None:
    """Deletes a file that may not be there; raises `DiskError`."""
    with writing(file):
        file.unlink(missing_ok=True)


def _download(
    wanted: Wanted, address: str, part: Path, progress: Progress, cancelled: Cancel
) -> None:
    """Appends to `part` what it lacks; begins anew where the server can't go on in the middle."""
    start = _size(part)
    url = f"{address.rstrip('/')}/{urllib.parse.quote(wanted.name)}"
    with contextlib.closing(_Answer(url, start, wanted.name, cancelled)) as answer:
        head = answer.head()
        if head.unsatisfiable:
            remove(part)
            return _download(wanted, address, part, progress, cancelled)
        done = start if head.start == start else 0
        total = wanted.size if head.length is None else done + head.length
        with _opened(part, "ab" if done else "wb") as file:
            progress(done, total)
            while piece := answer.piece():
                _write(file, piece, part)
                done += len(piece)
                if done > wanted.most:
                    break
                progress(done, total)
    if done > wanted.most:
        remove(part)
        raise _too_long(wanted, url)
    if answer.cut or (total is not None and done < total):
        of = "" if total is None else f" of {total:,}"
        raise FetchError(
            f"The connection to {_host(url)} was cut after {done:,}{of} bytes of {wanted.name}. "
            "Fetching again goes on from there."
        )
    return None


@dataclass(frozen=True, slots=True)
class _Head:
    """What a server says before the bytes: where they begin, and how many there will be."""

    start: int
    length: int | None
    unsatisfiable: bool = False


class _Answer:
    """What a server sends, read by a thread of its own, so that who waits for it can leave at any moment."""

    def __init__(self, url: str, start: int, name: str, cancelled: Cancel) -> None:
        self._url, self._start, self._name, self._cancelled = (
            url,
            start,
            name,
            cancelled,
        )
        self._pieces: queue.Queue[_Head | bytes | Exception] = queue.Queue(maxsize=8)
        self._left = threading.Event()
        self.cut = False
        threading.Thread(
            target=self._read, name=f"fetching {name}", daemon=True
        ).start()

    def head(self) -> _Head:
        """Waits for the server's answer; raises `FetchError` where there is none."""
        first = self._take()
        if isinstance(first, _Head):
            return first
        if isinstance(first, bytes):
            raise TypeError("the head comes before the bytes")
        raise _no_answer(first, self._url, self._name) from first

    def piece(self) -> bytes:
        """The next bytes; none at the end, where `cut` says whether more was promised."""
        piece = self._take()
        if isinstance(piece, bytes):
            return piece
        self.cut = True
        return b""

    def close(self) -> None:
        """Lets the thread end; it closes the connection."""
        self._left.set()

    def _take(self) -> _Head | bytes | Exception:
        while True:
            if self._cancelled():
                raise Cancelled(
                    f"Fetching {self._name} was cancelled. Fetching again goes on from there."
                )
            with contextlib.suppress(queue.Empty):
                return self._pieces.get(timeout=_LOOK)

    def _put(self, piece: _Head | bytes | Exception) -> bool:
        while not self._left.is_set():
            with contextlib.suppress(queue.Full):
                self._pieces.put(piece, timeout=_LOOK)
                return True
        return False

    def _read(self) -> None:
        try:
            request = urllib.request.Request(
                self._url, headers={"User-Agent": f"nndesigner/{__version__}"}
            )
            if self._start:
                request.add_header("Range", f"bytes={self._start}-")
            with urllib.request.urlopen(request, timeout=_SILENCE) as answer:
                wanted = self._put(_head(answer))
                while wanted and (piece := answer.read1(_PIECE)):
                    wanted = self._put(piece)
            self._put(b"")
        except urllib.error.HTTPError as error:
            error.close()
            refused = (
                error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
                and self._start > 0
            )
            self._put(_Head(0, None, unsatisfiable=True) if refused else error)
        except (
            Exception
        ) as error:  # whatever it is, somebody waits for it in the other thread
            self._put(error)


def _head(answer: http.client.HTTPResponse) -> _Head:
    length = answer.headers.get("Content-Length", "")
    span = answer.headers.get("Content-Range", "")
    start = span.removeprefix("bytes ").partition("-")[0]
    return _Head(
        int(start)
        if answer.status == http.HTTPStatus.PARTIAL_CONTENT and start.isdecimal()
        else 0,
        int(length) if length.isdecimal() else None,
    )


def _no_answer(error: Exception, url: str, name: str) -> FetchError:
    if isinstance(error, urllib.error.HTTPError):
        if error.code in (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE):
            return Missing(
                f"There is no {name} at {url.rpartition('/')[0]}/ ({error.code})."
            )
        return FetchError(
            f"{_host(url)} doesn't give {name}: it answers {error.code} {error.reason}."
        )
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return FetchError(
            f"{_host(url)} didn't answer within {_SILENCE:g} seconds when asked for {name}."
        )
    words = (
        reason.strerror
        if isinstance(reason, OSError) and reason.strerror
        else str(reason)
    )
    return FetchError(
        f"{_host(url)} can't be reached for {name} ({words}). Check the address and the network connection."
    )


def _other_file(wanted: Wanted, origin: str, came: str) -> FetchError:
    return FetchError(
        f"{wanted.name} from {origin} isn't the published file, and was thrown away: "
        f"expected {in_words(wanted.checksum)}, got {came}."
    )


def _too_long(wanted: Wanted, origin: str) -> FetchError:
    size = f"{wanted.size:,} bytes" if wanted.size else f"at most {wanted.most:,} bytes"
    return FetchError(
        f"{wanted.name} from {origin} isn't the published file, and was thrown away: "
        f"expected {size}, got more than {wanted.most:,}."
    )


def _wrong(file: Path, wanted: Wanted, cancelled: Cancel) -> str:
    """The digest the file has where it is another than wanted, else nothing."""
    algorithm, _, expected = wanted.checksum.partition(":")
    if not algorithm:
        return ""
    came = digest(file, algorithm, cancelled).hex()
    return "" if came == expected else came


def _move(part: Path, place: Path) -> None:
    with writing(place):
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(place)


def _opened(part: Path, mode: Literal["ab", "wb"]) -> FileIO:
    with writing(part):
        return part.open(mode, buffering=0)


def _write(file: FileIO, piece: bytes, part: Path) -> None:
    """Straight to the system, so that a full disk is told here and not when the file is closed."""
    rest = memoryview(piece)
    with writing(part):
        while rest:
            rest = rest[file.write(rest) :]


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Errors of the system within are told as `DiskError` about `path`."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path) from error


def _read(read: Callable[[int], bytes], file: Path) -> bytes:
    try:
        return read(2**20)
    except OSError as error:
        raise FetchError(f"{file} can't be read: {error.strerror or error}.") from error


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc or url
