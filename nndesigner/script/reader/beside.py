"""The text of a source file, and of the modules beside it that it imports; none of them is parsed here, only looked at.

A file may come from anywhere, so nothing outside its own folder is ever read for it: neither through `..` nor through a
link. What is read is bounded in number and size.
"""

import os
import re
import stat
from collections import deque
from collections.abc import Iterator
from pathlib import Path

LONGEST = 1_000_000  # characters of a source
_LONGEST_MESSAGE = 300
_MOST_FILES = 50
_MOST_BYTES = 2_000_000  # of all modules beside a file
_DECLARED = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "ascii": "ascii",
    "us-ascii": "ascii",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "latin-9": "iso-8859-15",
    "cp1252": "cp1252",
    "windows-1252": "cp1252",
}
_MODULE = re.compile(r"[^\W\d]\w{0,99}(?:\.[^\W\d]\w{0,99}){0,9}", re.ASCII)


class ReadingError(ValueError):
    """A source of which nothing could be read; its text is meant for people."""

    def __init__(self, message: str) -> None:
        super().__init__(shown(message))


def shown(message: str) -> str:
    """A message fit to be shown whatever a source has put into it: in one line, with no sign that is none, not too long."""
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[:_LONGEST_MESSAGE]} …"
    message = " ".join(message.split())
    if message.isprintable():
        return message
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in message)


def text_of(path: Path) -> str:
    """The text of a source file; raises `ReadingError` for what is no text or too long, and `OSError`."""
    return _text(_bytes(path, 4 * LONGEST, path.name), path.name)


def modules_beside(path: Path, text: str) -> dict[str, str]:
    """The texts of the modules in the folder of a file that its text imports, and those import in turn, by name."""
    folder = path.resolve().parent
    found: dict[str, str] = {}
    open_ = deque[tuple[str, tuple[str, ...]]]((name, ()) for name in _imported(text))
    seen: set[tuple[str, tuple[str, ...]]] = set()
    left = _MOST_BYTES
    while open_ and len(found) < _MOST_FILES:
        wanted = open_.popleft()
        if wanted in seen or len(seen) > 1000:
            continue
        seen.add(wanted)
        name, package = wanted
        for module, file in _places(folder, name, package):
            if module in found or file == path.resolve():
                break
            if (inside := _inside(folder, file, left)) is None:
                continue
            found[module] = inside
            left -= len(inside)
            within = tuple(module.split(".")) if file.name == "__init__.py" else tuple(module.split(".")[:-1])
            open_ += [(one, within) for one in _imported(inside)]
            break
    for module in list(found):  # as those beside it in a package of their own call it
        found.setdefault(module.rpartition(".")[2], found[module])
    return found


def _places(folder: Path, name: str, package: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Where a module may be: in the package of who imports it, in the folder, or named with the folder's own name."""
    words = name.split(".")
    for start in dict.fromkeys((package, ())):
        for several in (words, words[1:] if words[0] == folder.name else []):
            if several:
                module = ".".join((*start, *several))
                place = folder.joinpath(*start, *several)
                yield module, place.with_name(f"{place.name}.py")
                yield module, place / "__init__.py"


def _inside(folder: Path, file: Path, most: int) -> str | None:
    """The text of a file, if it is one inside this folder, and no link leads to it."""
    try:
        if file.resolve() != file or not file.is_relative_to(folder) or not file.is_file():
            return None
        return _text(_bytes(file, most, file.name), file.name)
    except (OSError, ValueError):  # a `ReadingError` is a ValueError
        return None


def _bytes(path: Path, most: int, name: str) -> bytes:
    # A pipe or a device would keep who opens it waiting, or never end.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ReadingError(f"{name} is no file with a text")
        with open(handle, "rb", closefd=False) as file:
            data = file.read(most + 1)
    finally:
        os.close(handle)
    if len(data) > most:
        raise ReadingError(f"{name} is longer than is read: at most {LONGEST:,} characters")
    return data


def _text(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadingError(f"{name} is in UTF-16; save it as UTF-8")
    marked = data.startswith(b"\xef\xbb\xbf")
    encoding = "utf-8"
    for line in data[:2000].split(b"\n")[:2]:
        if declared := _DECLARED.match(line):
            word = declared[1].decode("ascii", "replace").lower().replace("_", "-")
            if word not in _ENCODINGS:
                raise ReadingError(
                    f"{name} says that it is in {word[:40]}, which is not read; save it as UTF-8"
                )
            encoding = _ENCODINGS[word]
    if marked:
        encoding = "utf-8"
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode(encoding)
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise ReadingError(
            f"{name} is no text in {encoding.upper()}: line {number} can't be decoded"
        ) from None
    if len(text) > LONGEST:
        raise ReadingError(f"{name} is longer than is read: at most {LONGEST:,} characters")
    return text


def _imported(text: str) -> list[str]:
    """The names of the modules a text may import, as it is spelled; what is said in texts inside it counts too."""
    found: dict[str, None] = {}
    listing = ""  # the module whose names are listed over several lines
    for line in text.splitlines():
        words = line.strip()
        if listing:
            _names(found, listing, words)
            listing = "" if ")" in words or len(found) > 500 else listing
        elif words.startswith("import "):
            for part in words[7:2000].split(","):
                _put(found, part.split(" as ")[0].strip())
        elif words.startswith("from "):
            module, imports, names = words[5:2000].partition(" import ")
            if not imports:
                continue
            module = module.strip()
            climbs = len(module) - len(module.lstrip("."))
            if climbs > 1:
                continue  # out of the folder
            module = module.lstrip(".").strip() if climbs else module
            _put(found, module)
            _names(found, module or ".", names)
            listing = (module or ".") if "(" in names and ")" not in names else ""
        if len(found) > 500:
            break
    return list(found)


def _names(found: dict[str, None], module: str, words: str) -> None:
    """The names imported from a module may be modules themselves."""
    for part in words.partition("#")[0][:2000].strip("()\\ ").split(","):
        name = part.split(" as ")[0].strip(" ()\\")
        _put(found, name if module == "." else f"{module}.{name}")


def _put(found: dict[str, None], name: str) -> None:
    if _MODULE.fullmatch(name) and name.partition(".")[0] not in ("torch", "torchvision", "numpy"):
        found[name] = None
