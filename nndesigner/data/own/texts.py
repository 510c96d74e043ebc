"""Files of text, gzipped or not, in any encoding."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def opened(path: str, encoding: str) -> Iterator[TextIO]:
    """A text to be read, unpacked on the way if it is gzipped, its ends of lines as they are.

    While it is read, `ValueError` tells of a file that is damaged or not in this encoding.
    """
    with Path(path).open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    try:
        with (
            gzip.open(path, "rt", encoding=encoding, newline="")
            if zipped
            else Path(path).open(encoding=encoding, newline="")
        ) as text:
            yield text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(
            f"{path} is cut short or damaged: it can't be unpacked to its end."
        ) from error
    except UnicodeError as error:
        raise ValueError(f"{path} is not text in {encoding}: {error}.") from error


def lines_of(path: str, encoding: str) -> list[str]:
    """The lines of a text, gzipped or not, without the empty one after the last."""
    with opened(path, encoding) as file:
        text = file.read()
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")
