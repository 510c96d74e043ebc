"""Looking at text: in which encoding a file is, and whether it is text at all."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from nndesigner.data.own.texts import opened
from nndesigner.data.problem import DataError

_BLOCK = 1 << 20
_IN_1252 = bytes(set(range(256)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D})
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a\x1b")


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, unpacked if it is gzipped; raises `DataError` where it is damaged."""
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if zipped else path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path} is cut short or damaged: it can't be unpacked to its end."
        ) from error


def encoding_of(path: Path) -> str:
    """The encoding of a text file, found in its bytes; raises `DataError` where it is empty or no text.

    UTF-8, with or without a mark at its start; UTF-16; or else Windows-1252, Western Europe's, which is a guess.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8 = western = True
    first = b""
    for block in blocks(path):
        if not first:
            first = block
            if wide := _wide(first):
                return wide
            if _is_binary(first):
                raise DataError(f"{path} is no text: it holds bytes that no text has.")
        if utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
        western = western and not block.translate(None, _IN_1252)
    if utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    if not first.strip(b"\xef\xbb\xbf \t\r\n"):
        raise DataError(f"{path} is empty.")
    if utf8:
        return "utf-8-sig"
    return "cp1252" if western else "latin-1"


def _wide(first: bytes) -> str:
    """UTF-16 by its mark, or by every second byte of it being zero; nothing if it is not."""
    if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    sample = first[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _is_binary(first: bytes) -> bool:
    sample = first[:65536]
    return 0 in sample or sum(byte in _CONTROL for byte in sample) > 0.01 * len(sample)


def head(
    path: Path, encoding: str, lines: int = 1000, characters: int = 1 << 20
) -> tuple[list[str], bool]:
    """The first lines of a text with their ends, and whether that is all; raises `DataError` for a wrong encoding."""
    found: list[str] = []
    try:
        with opened(str(path), encoding) as file:
            while len(found) < lines and (line := file.readline(characters)):
                found.append(line)
                characters -= len(line)
                if characters <= 0:
                    return found[:-1] or found, False
            return found, not file.readline(1)
    except LookupError:
        raise DataError(f"{encoding!r} is no encoding of text that is known.") from None
    except ValueError as error:
        raise DataError(str(error)) from None
