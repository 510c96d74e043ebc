"""Data sets fetched from a server of our own, which cuts, spoils, stalls and forgets as the network does."""

import gzip
import hashlib
import io
import os
import stat
import struct
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import soundfile

from nndesigner.catalogue import sources
from nndesigner.catalogue.sources import Collection, Source, SourceFile
from nndesigner.data import fetched, fetching
from nndesigner.data.fetching import Cancelled, DiskError, FetchError, Missing

SHARED = Path(__file__).parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real data isn't here")

BIG = np.random.default_rng(1).bytes(1_000_000)
SMALL = b"a few words\n"
WAVES = {f"{digit}_ann_{index}.wav": bytes([digit, index]) * 50 for digit in range(3) for index in range(2)}


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@dataclass
class Server:
    """Serves `files` and the folder `behind` them; `faults` says, for a path, what goes wrong at its next requests."""

    files: dict[str, bytes] = field(default_factory=dict)
    behind: Path | None = None
    faults: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    knows_range: bool = True
    address: str = ""

    def find(self, path: str) -> bytes | None:
        if path in self.files:
            return self.files[path]
        file = self.behind / path if self.behind else None
        return file.read_bytes() if file and file.is_file() else None


class _Handler(BaseHTTPRequestHandler):
    serving: Server

    def do_GET(self) -> None:
        served, path, span = self.serving, self.path.lstrip("/"), self.headers["Range"]
        served.asked.append((path, span))
        data = served.find(path)
        fault, _, amount = (served.faults.get(path) or [""]).pop(0).partition(" ")
        if fault == "moved":
            self.send_response(302)
            self.send_header("Location", served.address + amount)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if data is None or fault == "answer":
            self.send_error(int(amount or 404))
            return
        whole, start = len(data), 0
        if span and served.knows_range:
            start = int(span.removeprefix("bytes=").rstrip("-"))
            if start >= whole:
                self.send_error(416)
                return
        if fault == "spoil":
            data = data[:-1] + bytes([data[-1] ^ 1])
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        if fault != "unmeasured":
            self.send_header("Content-Length", str(whole - start))
        self.end_headers()
        if fault in ("cut", "stall"):
            self.wfile.write(data[start : start + int(amount)])
            if fault == "stall":
                served.over.wait(60)
            return
        self.wfile.write(data[start:])

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()
    handler = type("Handler", (_Handler,), {"serving": served})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        served.address = f"http://127.0.0.1:{listening.server_port}/"
        yield served
        served.over.set()
        listening.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NNDESIGNER_CACHE", str(tmp_path / "cache"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "cache"


@pytest.fixture
def tiny(server: Server, monkeypatch: pytest.MonkeyPatch) -> Source:
    """A set of two files, published at the server under `first` and under `second`."""
    files = (SourceFile("big.bin", sha256(BIG), len(BIG)), SourceFile("small.txt", sha256(SMALL)))
    tiny = Source("tiny", (f"{server.address}first/", f"{server.address}second"), files)
    for mirror in ("first", "second"):
        server.files |= {f"{mirror}/big.bin": BIG, f"{mirror}/small.txt": SMALL}
    monkeypatch.setitem(sources.BY_NAME, "tiny", tiny)
    return tiny


def only_first(tiny: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sources.BY_NAME, "tiny", replace(tiny, addresses=tiny.addresses[:1]))


@pytest.fixture
def voices(server: Server, monkeypatch: pytest.MonkeyPatch) -> Source:
    """A collection of six recordings, published in an archive."""
    listed = b"".join(name.encode() + b"\0" + hashlib.sha256(WAVES[name]).digest() for name in sorted(WAVES))
    collection = Collection("recordings", tuple(WAVES), sha256(listed), "abc.zip", 600, 1000)
    voices = Source("voices", (f"{server.address}archive/",), (), collection)
    monkeypatch.setitem(sources.BY_NAME, "voices", voices)
    return voices


def archive(entries: dict[str, bytes], links: tuple[str, ...] = ()) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = ((stat.S_IFLNK if name in links else stat.S_IFREG) | 0o644) << 16
            opened.writestr(info, data)
    return packed.getvalue()


def published() -> dict[str, bytes]:
    return {f"free-abc/recordings/{name}": data for name, data in WAVES.items()} | {
        "free-abc/README.md": b"hello"
    }


def everything(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_nothing_is_asked_until_fetch_is_called(server: Server, tiny: Source, cache: Path) -> None:
    assert fetching.folder("tiny") == cache / "data" / "tiny"
    assert not fetching.present("tiny")
    assert server.asked == []
    assert not cache.exists()


def test_without_the_variable_the_cache_is_the_platforms(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NNDESIGNER_CACHE")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name, appauthor: tmp_path / name)
    assert fetching.folder("mnist") == tmp_path / "nndesigner" / "data" / "mnist"


def test_files_are_fetched_checked_and_told_of(server: Server, tiny: Source) -> None:
    told: list[tuple[int, int | None]] = []
    place = fetching.fetch("tiny", progress=lambda done, total: told.append((done, total)))
    assert (place / "big.bin").read_bytes() == BIG
    assert (place / "small.txt").read_bytes() == SMALL
    assert fetching.present("tiny")
    assert told[-1] == (len(BIG) + len(SMALL), len(BIG) + len(SMALL))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert everything(place) == {"big.bin", "small.txt", "checked.json"}


def test_what_is_there_is_not_fetched_again(server: Server, tiny: Source) -> None:
    fetching.fetch("tiny")
    server.asked.clear()
    fetching.fetch("tiny")
    assert server.asked == []


def test_files_put_into_the_cache_by_hand_are_checked_and_taken(server: Server, tiny: Source) -> None:
    place = fetching.folder("tiny")
    place.mkdir(parents=True)
    (place / "big.bin").write_bytes(BIG)
    (place / "small.txt").write_bytes(b"something else")
    fetching.fetch("tiny")
    assert server.asked == [("first/small.txt", None)]
    assert (place / "small.txt").read_bytes() == SMALL


def test_a_file_that_lost_its_end_is_noticed_and_fetched_again(server: Server, tiny: Source) -> None:
    place = fetching.fetch("tiny")
    os.truncate(place / "big.bin", 10)
    assert not fetching.present("tiny")
    fetching.fetch("tiny")
    assert (place / "big.bin").read_bytes() == BIG


def test_a_corrected_checksum_makes_the_old_files_count_no_longer(
    tiny: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching.fetch("tiny")
    changed = replace(tiny, files=(tiny.files[0], replace(tiny.files[1], checksum=sha256(b"new"))))
    monkeypatch.setitem(sources.BY_NAME, "tiny", changed)
    assert not fetching.present("tiny")


def test_after_a_cut_the_next_try_goes_on_at_the_right_byte(
    server: Server, tiny: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_first(tiny, monkeypatch)
    server.faults["first/big.bin"] = ["cut 300000"]
    with pytest.raises(FetchError, match=r"was cut after 300,000 of 1,000,000 bytes of big\.bin"):
        fetching.fetch("tiny")
    place = fetching.folder("tiny")
    assert everything(place) == {"big.bin.part"}
    assert not fetching.present("tiny")
    fetching.fetch("tiny")
    assert [span for path, span in server.asked if path == "first/big.bin"] == [None, "bytes=300000-"]
    assert (place / "big.bin").read_bytes() == BIG


def test_a_cut_is_noticed_where_the_server_never_said_how_much_comes(
    server: Server, tiny: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_first(tiny, monkeypatch)
    server.files["first/big.bin"] = BIG[:500_000]
    server.faults["first/big.bin"] = ["unmeasured"]
    with pytest.raises(FetchError, match="was cut after 500,000 of 1,000,000 bytes"):
        fetching.fetch("tiny")
    server.files["first/big.bin"] = BIG
    fetching.fetch("tiny")
    assert ("first/big.bin", "bytes=500000-") in server.asked


def test_after_a_cut_a_mirror_gives_the_rest(server: Server, tiny: Source) -> None:
    server.faults["first/big.bin"] = ["cut 300000"]
    place = fetching.fetch("tiny")
    assert ("second/big.bin", "bytes=300000-") in server.asked
    assert (place / "big.bin").read_bytes() == BIG


def test_a_server_that_only_begins_at_the_beginning_is_followed(server: Server, tiny: Source) -> None:
    server.knows_range = False
    server.faults["first/big.bin"] = ["cut 300000"]
    place = fetching.fetch("tiny")
    assert (place / "big.bin").read_bytes() == BIG


def test_a_redirection_is_followed_to_the_right_byte(server: Server, tiny: Source) -> None:
    place = fetching.folder("tiny")
    place.mkdir(parents=True)
    (place / "big.bin.part").write_bytes(BIG[:1000])
    server.faults["first/big.bin"] = ["moved elsewhere/big.bin"]
    server.files["elsewhere/big.bin"] = BIG
    fetching.fetch("tiny")
    assert server.asked[:2] == [("first/big.bin", "bytes=1000-"), ("elsewhere/big.bin", "bytes=1000-")]
    assert (place / "big.bin").read_bytes() == BIG


def test_a_part_that_is_whole_is_moved_without_asking(server: Server, tiny: Source) -> None:
    place = fetching.folder("tiny")
    place.mkdir(parents=True)
    (place / "big.bin.part").write_bytes(BIG)
    fetching.fetch("tiny")
    assert [path for path, _ in server.asked] == ["first/small.txt"]


@pytest.mark.parametrize(
    "left", [b"x" * 300_000, b"x" * 1_000_000, b"x" * 1_500_000], ids=["short", "same", "long"]
)
def test_a_part_that_is_something_else_is_thrown_away(server: Server, tiny: Source, left: bytes) -> None:
    place = fetching.folder("tiny")
    place.mkdir(parents=True)
    (place / "big.bin.part").write_bytes(left)
    fetching.fetch("tiny")
    assert (place / "big.bin").read_bytes() == BIG


def test_cancelled_midway_it_keeps_the_part_and_goes_on_later(server: Server, tiny: Source) -> None:
    done = [0]
    with pytest.raises(Cancelled, match=r"Fetching big\.bin was cancelled"):
        fetching.fetch("tiny", progress=lambda got, _: done.append(got), cancelled=lambda: done[-1] > 200_000)
    place = fetching.folder("tiny")
    kept = (place / "big.bin.part").stat().st_size
    assert kept == done[-1]
    assert everything(place) == {"big.bin.part"}
    fetching.fetch("tiny")
    assert server.asked[1] == ("first/big.bin", f"bytes={kept}-")


def test_cancelled_while_the_server_is_silent_it_ends_at_once(server: Server, tiny: Source) -> None:
    server.faults["first/big.bin"] = ["stall 1000"]
    got = threading.Event()
    looks = []

    def cancelled() -> bool:
        looks.append(got.is_set())
        return looks.count(True) > 3  # the server has nothing more to send, and still holds the line

    with pytest.raises(Cancelled):
        fetching.fetch(
            "tiny", progress=lambda done, _: got.set() if done == 1000 else None, cancelled=cancelled
        )
    assert not server.over.is_set()
    assert (fetching.folder("tiny") / "big.bin.part").read_bytes() == BIG[:1000]


def test_a_wrong_checksum_says_what_came_and_leaves_nothing(
    server: Server, tiny: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_first(tiny, monkeypatch)
    server.faults["first/big.bin"] = ["spoil"]
    came = hashlib.sha256(BIG[:-1] + bytes([BIG[-1] ^ 1])).hexdigest()
    with pytest.raises(FetchError) as told:
        fetching.fetch("tiny")
    assert str(told.value) == (
        f"big.bin from {server.address}first/ isn't the published file, and was thrown away: "
        f"expected SHA-256 {hashlib.sha256(BIG).hexdigest()}, got {came}."
    )
    assert everything(fetching.folder("tiny")) == set()


def test_a_mirror_makes_up_for_a_wrong_file(server: Server, tiny: Source) -> None:
    server.faults["first/big.bin"] = ["spoil"]
    place = fetching.fetch("tiny")
    assert (place / "big.bin").read_bytes() == BIG


def test_a_stream_without_end_is_left(server: Server, tiny: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    only_first(tiny, monkeypatch)
    server.files["first/big.bin"] = BIG * 5
    with pytest.raises(FetchError, match="expected 1,000,000 bytes, got more than 2,000,000"):
        fetching.fetch("tiny")
    assert everything(fetching.folder("tiny")) == set()


def test_where_no_address_has_it_each_is_named(server: Server, tiny: Source) -> None:
    del server.files["first/big.bin"], server.files["second/big.bin"]
    with pytest.raises(Missing) as told:
        fetching.fetch("tiny")
    assert str(told.value) == (
        f"There is no big.bin at {server.address}first/ (404). There is no big.bin at {server.address}second/ (404)."
    )


def test_a_server_in_trouble_is_quoted(server: Server, tiny: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    only_first(tiny, monkeypatch)
    server.faults["first/big.bin"] = ["answer 503"]
    with pytest.raises(FetchError, match=r"doesn't give big\.bin: it answers 503 Service Unavailable"):
        fetching.fetch("tiny")


def test_without_a_network_the_host_is_named(tiny: Source) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as closed:
        port = closed.server_port
    with pytest.raises(
        FetchError, match=rf"127\.0\.0\.1:{port} can't be reached for big\.bin \(.*refused.*\)"
    ):
        fetching.fetch("tiny", f"http://127.0.0.1:{port}/")
    assert everything(fetching.folder("tiny")) == set()


@pytest.mark.parametrize("inner", ["", "tiny/"])
def test_another_address_takes_the_place_of_the_published_ones(
    server: Server, tiny: Source, inner: str
) -> None:
    server.files |= {f"mine/{inner}big.bin": BIG, f"mine/{inner}small.txt": SMALL}
    fetching.fetch("tiny", f"{server.address}mine")
    assert fetching.present("tiny")
    assert all(path.startswith("mine/") for path, _ in server.asked)


@pytest.mark.parametrize("inner", ["", "tiny"])
@pytest.mark.parametrize("as_address", [False, True])
def test_a_folder_takes_the_place_of_the_addresses(
    server: Server, tiny: Source, tmp_path: Path, inner: str, as_address: bool
) -> None:
    folder = tmp_path / "my own files" / inner
    folder.mkdir(parents=True)
    (folder / "big.bin").write_bytes(BIG)
    (folder / "small.txt").write_bytes(SMALL)
    given = tmp_path / "my own files"
    place = fetching.fetch("tiny", given.as_uri() if as_address else str(given))
    assert (place / "big.bin").read_bytes() == BIG
    assert fetching.present("tiny")
    assert server.asked == []


def test_a_wrong_file_in_a_folder_is_refused(tiny: Source, tmp_path: Path) -> None:
    (tmp_path / "big.bin").write_bytes(b"something else")
    with pytest.raises(
        FetchError, match=r"big\.bin from .* isn't the published file.*expected SHA-256 .* got "
    ):
        fetching.fetch("tiny", str(tmp_path))
    assert everything(fetching.folder("tiny")) == set()
    assert (tmp_path / "big.bin").exists()


def test_copying_can_be_cancelled(tiny: Source, tmp_path: Path) -> None:
    (tmp_path / "big.bin").write_bytes(BIG)
    with pytest.raises(Cancelled, match=r"Copying big\.bin was cancelled"):
        fetching.fetch("tiny", str(tmp_path), cancelled=lambda: True)
    assert everything(fetching.folder("tiny")) == set()


def test_a_folder_without_the_file_is_named(tiny: Source, tmp_path: Path) -> None:
    with pytest.raises(Missing, match=rf"There is no big\.bin in {tmp_path}"):
        fetching.fetch("tiny", str(tmp_path))
    with pytest.raises(Missing, match=rf"There is no folder {tmp_path / 'nowhere'}"):
        fetching.fetch("tiny", str(tmp_path / "nowhere"))
    with pytest.raises(FetchError, match="neither a folder nor an address"):
        fetching.fetch("tiny", "ftp://example.org/")


def test_an_unknown_name_gets_the_known_ones() -> None:
    with pytest.raises(
        FetchError, match="There is no data set 'minst' to fetch; there are mnist, fashion-mnist"
    ):
        fetching.fetch("minst")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("local", [False, True])
def test_a_full_disk_is_said_and_leaves_nothing_in_place(tiny: Source, tmp_path: Path, local: bool) -> None:
    place = fetching.folder("tiny")
    place.mkdir(parents=True)
    (place / "big.bin.part").symlink_to("/dev/full")
    (tmp_path / "big.bin").write_bytes(BIG)
    with pytest.raises(DiskError, match=r"The disk is full: no room for big\.bin\.part in "):
        fetching.fetch("tiny", str(tmp_path) if local else None)
    assert not (place / "big.bin").exists()
    assert not fetching.present("tiny")


@pytest.mark.skipif(sys.platform == "win32", reason="limits on a file's size are of Unix")
def test_a_disk_that_fills_up_midway_keeps_what_has_come(server: Server, tiny: Source) -> None:
    import resource
    import signal

    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, before[1]))
        with pytest.raises(DiskError, match=r"big\.bin\.part can't be written: File too large"):
            fetching.fetch("tiny")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (fetching.folder("tiny") / "big.bin.part").stat().st_size == 400_000
    fetching.fetch("tiny")
    assert server.asked[1] == ("first/big.bin", "bytes=400000-")


def test_a_cache_that_cant_be_made_is_named(
    tiny: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NNDESIGNER_CACHE", str(tmp_path / "file"))
    with pytest.raises(DiskError, match="can't be written: Not a directory"):
        fetching.fetch("tiny")


def test_two_at_once_dont_write_the_same_part(tiny: Source) -> None:
    refused: list[str] = []

    def again(done: int, total: int | None) -> None:
        for act in (fetching.fetch, fetching.forget):
            with pytest.raises(FetchError) as told:
                act("tiny")
            refused.append(str(told.value))

    fetching.fetch("tiny", progress=again)
    assert set(refused) == {"Another nndesigner is fetching tiny at this moment."}
    assert fetching.present("tiny")


def test_forgetting_deletes_it_and_once_more_does_no_harm(tiny: Source) -> None:
    place = fetching.fetch("tiny")
    fetching.forget("tiny")
    assert not place.exists()
    assert not fetching.present("tiny")
    fetching.forget("tiny")


def test_an_archive_is_fetched_unpacked_and_thrown_away(server: Server, voices: Source) -> None:
    server.files["archive/abc.zip"] = archive(published())
    place = fetching.fetch("voices")
    assert {name: (place / "recordings" / name).read_bytes() for name in WAVES} == WAVES
    assert everything(place) == {*(f"recordings/{name}" for name in WAVES), "checked.json"}
    assert fetching.present("voices")
    (place / "recordings" / "0_ann_0.wav").unlink()
    assert not fetching.present("voices")


def test_a_cut_archive_is_resumed(server: Server, voices: Source) -> None:
    packed = server.files["archive/abc.zip"] = archive(published())
    server.faults["archive/abc.zip"] = ["cut 100"]
    with pytest.raises(FetchError, match=f"was cut after 100 of {len(packed):,} bytes"):
        fetching.fetch("voices")
    fetching.fetch("voices")
    assert server.asked == [("archive/abc.zip", None), ("archive/abc.zip", "bytes=100-")]
    assert fetching.present("voices")


def test_an_archive_cant_write_outside_its_folder(server: Server, voices: Source, tmp_path: Path) -> None:
    outside = tmp_path / "outside.wav"
    server.files["archive/abc.zip"] = archive(
        {
            "../../../../outside.wav": b"evil",
            str(outside): b"evil",
            "free-abc/recordings/../../../../../outside.wav": b"evil",
            "free-abc/recordings/more.wav": b"evil",
            **published(),
        }
    )
    place = fetching.fetch("voices")
    assert everything(place) == {*(f"recordings/{name}" for name in WAVES), "checked.json"}
    assert not outside.exists()
    assert {file.name for file in tmp_path.iterdir()} == {"cache"}


def test_a_link_in_an_archive_is_no_recording(server: Server, voices: Source) -> None:
    entries = published() | {"free-abc/recordings/0_ann_0.wav": b"/etc/passwd"}
    server.files["archive/abc.zip"] = archive(entries, links=("free-abc/recordings/0_ann_0.wav",))
    with pytest.raises(FetchError, match=r"The archive abc\.zip has no file recordings/0_ann_0\.wav"):
        fetching.fetch("voices")
    assert everything(fetching.folder("voices")) == set()


def test_an_archive_that_swells_is_stopped(server: Server, voices: Source) -> None:
    server.files["archive/abc.zip"] = archive(published() | {"free-abc/recordings/0_ann_0.wav": bytes(10**8)})
    with pytest.raises(
        FetchError, match=r"0_ann_0\.wav in the archive abc\.zip is too large: expected at most 1,000"
    ):
        fetching.fetch("voices")
    assert everything(fetching.folder("voices")) == set()


@pytest.mark.parametrize("harm", ["no archive", "bytes changed"])
def test_a_damaged_archive_is_said_and_thrown_away(server: Server, voices: Source, harm: str) -> None:
    packed = bytearray(archive(published()))
    packed[60] ^= 255
    server.files["archive/abc.zip"] = b"<html>sign in</html>" if harm == "no archive" else bytes(packed)
    with pytest.raises(FetchError, match=r"The archive abc\.zip is damaged"):
        fetching.fetch("voices")
    assert everything(fetching.folder("voices")) == set()


def test_other_recordings_are_refused_together(server: Server, voices: Source) -> None:
    server.files["archive/abc.zip"] = archive(published() | {"free-abc/recordings/0_ann_0.wav": b"other"})
    with pytest.raises(
        FetchError, match=r"The 6 files of recordings from .* aren't the published ones.*SHA-256 "
    ):
        fetching.fetch("voices")
    assert everything(fetching.folder("voices")) == set()


@pytest.mark.parametrize("shape", ["recordings", "bare", "inner", "archive"])
def test_recordings_come_from_a_folder_of_any_usual_shape(voices: Source, tmp_path: Path, shape: str) -> None:
    given = tmp_path / "given"
    inner = {"recordings": "recordings", "bare": ".", "inner": "voices/recordings", "archive": "."}[shape]
    (given / inner).mkdir(parents=True)
    if shape == "archive":
        (given / "abc.zip").write_bytes(archive(published()))
    else:
        for name, data in WAVES.items():
            (given / inner / name).write_bytes(data)
    before = everything(given)
    fetching.fetch("voices", str(given))
    assert fetching.present("voices")
    assert everything(given) == before


def test_a_folder_that_lacks_recordings_is_told_what_belongs_there(voices: Source, tmp_path: Path) -> None:
    with pytest.raises(
        Missing, match=r"has neither a folder recordings with all 6 files .* nor the archive abc\.zip"
    ):
        fetching.fetch("voices", str(tmp_path))


def test_recordings_come_one_by_one_where_an_address_has_no_archive(server: Server, voices: Source) -> None:
    server.files |= {f"mine/recordings/{name}": data for name, data in WAVES.items()}
    server.faults["mine/recordings/1_ann_0.wav"] = ["cut 10"]
    with pytest.raises(FetchError, match=r"was cut after 10 of 100 bytes of 1_ann_0\.wav"):
        fetching.fetch("voices", f"{server.address}mine")
    server.asked.clear()
    fetching.fetch("voices", f"{server.address}mine")
    assert ("mine/recordings/1_ann_0.wav", "bytes=10-") in server.asked
    assert "mine/recordings/0_ann_0.wav" not in [path for path, _ in server.asked]
    assert fetching.present("voices")


def test_every_source_has_addresses_and_checksums_of_full_length() -> None:
    lengths = {"sha256": 64, "md5": 32}
    for source in sources.SOURCES:
        assert source.addresses
        assert all(address.startswith(("https://", "http://")) for address in source.addresses)
        checksums = [file.checksum for file in source.files]
        if source.collection:
            checksums.append(source.collection.checksum)
        for algorithm, _, digits in (checksum.partition(":") for checksum in checksums):
            assert len(bytes.fromhex(digits)) * 2 == lengths[algorithm]
        assert source.size and source.size > 10**6


@needs_data
def test_the_real_sets_come_from_a_server_and_from_a_folder(server: Server) -> None:
    server.behind = SHARED
    fetching.fetch("mnist", f"{server.address}mnist/")
    fetching.fetch("multi30k", server.address)
    fetching.fetch("fsdd", str(SHARED / "fsdd"))
    assert all(map(fetching.present, ("mnist", "multi30k", "fsdd")))
    fetching.forget("fsdd")
    told: list[tuple[int, int | None]] = []
    fetching.fetch("fsdd", f"{server.address}fsdd", progress=lambda done, total: told.append((done, total)))
    assert fetching.present("fsdd")
    assert told[-1] == (21_128_848, 21_128_848)


def idx(values: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


def write_idx(path: Path, values: np.ndarray) -> None:
    path.write_bytes(gzip.compress(idx(values), 1))


def test_an_idx_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    write_idx(tmp_path / "a.gz", values)
    read = fetched.read_idx(tmp_path / "a.gz", (2, 3, 4))
    assert np.array_equal(read, values)
    assert read.flags.writeable


def test_a_truncated_or_foreign_idx_file_is_told_in_words(tmp_path: Path) -> None:
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    path = tmp_path / "a.gz"
    cases = {
        gzip.compress(idx(values))[:-9]: "is cut short or damaged",
        b"hello": "is cut short or damaged",
        gzip.compress(idx(values)[:-5]): r"is cut short: expected 24 values \(2 × 3 × 4\), got 19",
        gzip.compress(idx(values.reshape(2, 4, 3))): "has other sizes: expected 2 × 3 × 4, got 2 × 4 × 3",
        gzip.compress(idx(values.ravel())): "expected it to begin with 00000803, got 00000801",
        gzip.compress(b""): "got nothing",
    }
    for data, words in cases.items():
        path.write_bytes(data)
        with pytest.raises(ValueError, match=words):
            fetched.read_idx(path, (2, 3, 4))


def test_mnist_is_70000_pictures_training_first(tmp_path: Path) -> None:
    for prefix, count in (("train", 60_000), ("t10k", 10_000)):
        write_idx(tmp_path / f"{prefix}-images-idx3-ubyte.gz", np.zeros((count, 28, 28), np.uint8))
        write_idx(tmp_path / f"{prefix}-labels-idx1-ubyte.gz", np.full(count, count // 10_000, np.uint8))
    arrays = fetched.load_mnist(str(tmp_path))
    assert arrays["image"].shape == (70_000, 1, 28, 28)
    assert arrays["label"].dtype == np.int64
    assert np.array_equal(arrays["part"] == "test", arrays["label"] == 1)
    assert arrays["part"][0] == "train"


@needs_data
def test_the_real_mnist_has_the_known_counts() -> None:
    arrays = fetched.load_mnist(str(SHARED / "mnist"))
    assert arrays["image"].dtype == np.uint8
    assert np.bincount(arrays["label"][arrays["part"] == "test"]).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert round(arrays["image"][:60_000].mean() / 255, 4) == 0.1307


def batch_of_python_2(pictures: np.ndarray, labels: list[int]) -> bytes:
    """A dict of an array and a list, pickled as Python 2 and the numpy of its time did."""
    raw = pictures.tobytes()
    dtype = b"cnumpy\ndtype\n(U\x02u1K\x00K\x01tR(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01"
        + struct.pack("<cicic", b"J", pictures.shape[0], b"J", pictures.shape[1], b"\x86")
        + dtype
        + b"\x89T" + struct.pack("<i", len(raw)) + raw + b"tb"
    )  # fmt: skip
    listed = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    return b"\x80\x02}(U\x04data" + array + b"U\x06labels" + listed + b"u."


def write_cifar10(folder: Path, spoiled: bytes | None = None) -> None:
    with tarfile.open(folder / "cifar-10-python.tar.gz", "w:gz", compresslevel=1) as packed:
        for number, name in enumerate([*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]):
            pictures = np.full((10_000, 3072), number, np.uint8)
            pictures[:, 1024] = 9  # the first pixel's green
            data = batch_of_python_2(pictures, [number] * 10_000)
            if spoiled is not None and name == "data_batch_3":
                data = spoiled
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))


def test_cifar10_is_60000_pictures_channels_first(tmp_path: Path) -> None:
    write_cifar10(tmp_path)
    arrays = fetched.load_cifar10(str(tmp_path))
    assert arrays["image"].shape == (60_000, 3, 32, 32)
    assert arrays["image"].dtype == np.uint8
    assert arrays["image"][25_000, :, 0, 0].tolist() == [2, 9, 2]
    assert np.bincount(arrays["label"]).tolist() == [10_000] * 6
    assert np.array_equal(arrays["part"] == "test", arrays["label"] == 5)


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (
            b"cos\nsystem\n(S'touch evil'\ntR.",
            r"data_batch_3 in .*: it asks for os\.system, which has no place in it",
        ),
        (b"cbuiltins\neval\n(S'1'\ntR.", r"it asks for builtins\.eval"),
        (b"cnumpy\nload\n(S'x'\ntR.", r"it asks for numpy\.load"),
        (b"cnumpy.core.multiarray\nfromfile\n(S'x'\ntR.", r"it asks for multiarray\.fromfile"),
        (b"\x80\x02}.", "isn't 10,000 pictures with labels"),
        (b"", "isn't 10,000 pictures with labels"),
        (batch_of_python_2(np.zeros((9, 3072), np.uint8), [0] * 9), "cannot reshape"),
    ],
)
def test_a_pickle_that_asks_for_more_than_arrays_is_refused(
    tmp_path: Path, spoiled: bytes, words: str
) -> None:
    write_cifar10(tmp_path, spoiled)
    with pytest.raises(ValueError, match=words):
        fetched.load_cifar10(str(tmp_path))


def test_a_truncated_cifar10_is_told_in_words(tmp_path: Path) -> None:
    write_cifar10(tmp_path)
    path = tmp_path / "cifar-10-python.tar.gz"
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(ValueError, match="is cut short or damaged"):
        fetched.load_cifar10(str(tmp_path))
    with tarfile.open(path, "w:gz"):
        pass
    with pytest.raises(ValueError, match="has no data_batch_1"):
        fetched.load_cifar10(str(tmp_path))


def write_sounds(folder: Path, rate: int = 8000) -> None:
    (folder / "recordings").mkdir(exist_ok=True)
    for number, name in enumerate(["3_ann_4", "3_bob_5", "7_ann_49"]):
        sound = np.full(100 * (number + 1), 0.5, np.float32)
        soundfile.write(folder / "recordings" / f"{name}.wav", sound, rate, subtype="PCM_16")


def test_spoken_digits_are_padded_and_told_apart_by_their_names(tmp_path: Path) -> None:
    write_sounds(tmp_path)
    arrays = fetched.load_fsdd(str(tmp_path))
    assert arrays["sound"].shape == (3, 300)
    assert arrays["sound"].dtype == np.float32
    assert (arrays["sound"] == 0.5).sum(axis=1).tolist() == arrays["length"].tolist() == [100, 200, 300]
    assert arrays["label"].tolist() == [3, 3, 7]
    assert arrays["group"].tolist() == ["ann", "bob", "ann"]
    assert arrays["part"].tolist() == ["test", "train", "train"]


def test_what_is_no_such_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There are no recordings in"):
        fetched.load_fsdd(str(tmp_path))
    write_sounds(tmp_path, rate=16000)
    with pytest.raises(
        ValueError, match=r"3_ann_4\.wav has .* at 16000 a second: expected one channel at 8000"
    ):
        fetched.load_fsdd(str(tmp_path))
    (tmp_path / "recordings" / "3_ann_4.wav").write_bytes(b"not a sound")
    with pytest.raises(ValueError, match=r"3_ann_4\.wav can't be read as sound"):
        fetched.load_fsdd(str(tmp_path))


@needs_data
def test_the_real_spoken_digits_have_the_official_parts() -> None:
    arrays = fetched.load_fsdd(str(SHARED / "fsdd"))
    assert arrays["sound"].shape == (3000, arrays["length"].max())
    assert np.bincount(arrays["label"]).tolist() == [300] * 10
    assert (arrays["part"] == "test").sum() == 300
    assert sorted(set(arrays["group"])) == ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"]


def write_pairs(folder: Path, english: str = "One.\nTwo.\n") -> None:
    for stem in ("train", "val", "test_2016_flickr"):
        (folder / f"{stem}.en.gz").write_bytes(gzip.compress(english.encode()))
        (folder / f"{stem}.de.gz").write_bytes(gzip.compress("Eins.\nZwölf.\n".encode()))


def test_sentences_come_in_pairs(tmp_path: Path) -> None:
    write_pairs(tmp_path)
    arrays = fetched.load_multi30k(str(tmp_path))
    assert arrays["source"].tolist() == ["One.", "Two."] * 3
    assert arrays["target"].tolist() == ["Eins.", "Zwölf."] * 3
    assert arrays["part"].tolist() == ["train", "train", "validation", "validation", "test", "test"]


def test_sentences_without_a_partner_are_refused(tmp_path: Path) -> None:
    write_pairs(tmp_path, "One.\n")
    with pytest.raises(ValueError, match=r"train in .* has 1 sentences in English and 2 in German"):
        fetched.load_multi30k(str(tmp_path))
    (tmp_path / "train.en.gz").write_bytes(gzip.compress(b"One.\nTwo.\n")[:-4])
    with pytest.raises(ValueError, match=r"train\.en\.gz is cut short or damaged"):
        fetched.load_multi30k(str(tmp_path))


@needs_data
def test_the_real_captions_have_the_known_counts() -> None:
    arrays = fetched.load_multi30k(str(SHARED / "multi30k"))
    counts = {str(part): int((arrays["part"] == part).sum()) for part in set(arrays["part"])}
    assert counts == {"train": 29_000, "validation": 1_014, "test": 1_000}
    assert all(map(len, arrays["source"])) and all(map(len, arrays["target"]))
