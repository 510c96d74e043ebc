"""The program's drawings in a colour: SVG files with their `currentColor` replaced, where Qt can read them.

Qt's style sheets and its SVG icon engine take files, not text, and draw them sharp at any device pixel ratio.
"""

import functools
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from nndesigner import resources

ROOM = 0.25  # of its width: the room at the right of a drawing that stands before a word


@functools.cache
def names() -> frozenset[str]:
    """All drawings there are."""
    return frozenset(path.stem for path in resources.folder("icons").glob("*.svg"))


@functools.cache
def coloured(name: str, colour: str, before_word: bool = False) -> Path:
    """A file of the drawing `name` in `colour` (#RRGGBB), with room at its right where it stands before a word.

    Raises `FileNotFoundError` for an unknown name.
    """
    text = (resources.folder("icons") / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    if before_word:
        text = re.sub(r'width="(\d+)"', _widened('width="{:g}"'), text, count=1)
        text = re.sub(r'viewBox="0 0 (\d+)', _widened('viewBox="0 0 {:g}'), text, count=1)
    path = _folder() / f"{name}{'-before' if before_word else ''}-{colour.removeprefix('#').lower()}.svg"
    if not path.is_file() or path.read_text("utf-8") != text:
        # By way of a file of its own, as another window of the program may be reading.
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    return path


def _widened(words: str) -> Callable[[re.Match[str]], str]:
    return lambda found: words.format(int(found[1]) * (1 + ROOM))


@functools.cache
def _folder() -> Path:
    folder = platformdirs.user_cache_path("nndesigner", appauthor=False) / "drawings"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="nndesigner-"))
