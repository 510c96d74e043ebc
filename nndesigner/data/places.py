"""Where an exported script looks for its data, if it is not told. The text of these functions is what it contains."""

import importlib.util
import os
import sys
from pathlib import Path


def cache_folder(name: str) -> Path:
    """Where nndesigner keeps the data set of this name once it has fetched it."""
    kept = os.environ.get("NNDESIGNER_CACHE")
    if kept:
        return Path(kept).expanduser() / "data" / name
    if sys.platform == "darwin":
        cache = Path.home() / "Library/Caches/nndesigner"
    elif sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local"
        cache = Path(local) / "nndesigner/Cache"
    else:
        local = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        cache = Path(local) / "nndesigner"
    return cache / "data" / name


def bundled_folder(name: str, here: Path) -> Path:
    """Where a file lies that comes with nndesigner: here, or in the program's own folder, if it is installed."""
    found = importlib.util.find_spec("nndesigner")
    if found is not None and found.origin is not None and not (here / name).exists():
        package = Path(found.origin).parent
        for folder in (package / "resources/data", package.parent / "resources/data"):
            if (folder / name).exists():
                return folder
    return here
