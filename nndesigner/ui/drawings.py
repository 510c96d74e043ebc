"""The program's drawings in a colour: SVG files with their `currentColor` replaced, where Qt can read them.

Qt's style sheets and its SVG icon engine take files, not text, and draw them sharp at any device pixel ratio.
"""

import functools
import os
import tempfile
from pathlib import Path

import platformdirs

from nndesigner import resources


@functools.cache
def names() -> frozenset[str]:
    """All drawings there are."""
    return frozenset(path.stem for path in resources.folder("icons").glob("*.svg"))


@functools.cache
def coloured(name: str, colour: str) -> Path:
    """A file of the drawing `name` in `colour` (#RRGGBB); raises `FileNotFoundError` for an unknown name."""
    text = (resources.folder("icons") / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    path = _folder() / f"{name}-{colour.removeprefix('#').lower()}.svg"
    if not path.is_file() or path.read_text("utf-8") != text:
        # By way of a file of its own, as another window of the program may be reading.
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    return path


@functools.cache
def _folder() -> Path:
    folder = platformdirs.user_cache_path("nndesigner", appauthor=False) / "drawings"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="nndesigner-"))
