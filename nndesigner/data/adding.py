"""Adding data of one's own: a file or folder is looked at once, and all that is needed to read it again is told."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from nndesigner.data.looking.arrays.idx import is_idx, look_at_idx
from nndesigner.data.looking.arrays.npz import look_at_npz
from nndesigner.data.looking.folders.pictures import look_at_pictures
from nndesigner.data.looking.folders.sounds import look_at_sounds
from nndesigner.data.looking.found import Column, Found, Progress, listed
from nndesigner.data.looking.pairs import pairs
from nndesigner.data.looking.pairs.reading import reading_of
from nndesigner.data.looking.pairs.sides import sibling, sides_of
from nndesigner.data.looking.tables import table
from nndesigner.data.looking.text import encoding_of, head
from nndesigner.data.own.files import PARTS, PICTURES, SOUNDS, files_in
from nndesigner.data.problem import DataError
from nndesigner.shelf import name_problem

__all__ = ["Column", "Found", "look_at"]

KINDS = ("table", "pairs", "pictures", "sounds", "idx", "npz")
_TEXTS = (
    ".csv",
    ".tsv",
    ".txt",
    ".tab",
    ".data",
    ".dat",
    ".psv",
    ".csv.gz",
    ".tsv.gz",
    ".txt.gz",
)
_OTHERS = {
    ".xlsx": "an Excel workbook: save it as CSV", ".xls": "an Excel workbook: save it as CSV",
    ".ods": "a spreadsheet: save it as CSV", ".parquet": "a Parquet file: save it as CSV",
    ".zip": "a ZIP archive: unpack it and give the folder", ".tar": "a TAR archive: unpack it and give the folder",
    ".tgz": "a TAR archive: unpack it and give the folder", ".7z": "an archive: unpack it and give the folder",
    ".npy": "a single array: save it with its labels as an NPZ file, with numpy.savez",
    ".pkl": "a pickle, which could run code: save it as NPZ or CSV", ".pt": "a file of torch: save it as NPZ",
    ".pdf": "a PDF document: save its table as CSV",
}  # fmt: skip


# What files of these kinds begin with, whatever they are called.
_BEGINNINGS = {
    b"PK\x03\x04": "a ZIP archive, as workbooks of Excel are too: unpack it, or save its table as CSV",
    b"PAR1": _OTHERS[".parquet"], b"%PDF": _OTHERS[".pdf"], b"7z\xbc\xaf": _OTHERS[".7z"], b"\x93NUMPY": _OTHERS[".npy"],
    b"\xd0\xcf\x11\xe0": _OTHERS[".xls"], b"\x80\x02": _OTHERS[".pkl"], b"\x80\x03": _OTHERS[".pkl"],
    b"\x80\x04": _OTHERS[".pkl"], b"\x80\x05": _OTHERS[".pkl"], b"SQLite format 3": "a database: save its table as CSV",
    b"<!doctype html": "a web page: fetch the file itself", b"<html": "a web page: fetch the file itself",
}  # fmt: skip


def look_at(
    path: Path, name: str, progress: Progress | None = None, **choices: Any
) -> Found:
    """The data set in a file or folder, under a name of one's own.

    A choice sets right what would be guessed otherwise. `kind` is table, pairs, pictures, sounds, idx or npz. A table
    takes `target`, `group` and `part`, names of columns, `types`, a type for names of columns, `ignore`, names of columns,
    and `separator`, `encoding`, `quote`, `header`, `decimal`, `thousands`, `validation` and `test`, further files. Pictures
    take `size`, a number or height and width, and `grey`. Sounds take `rate`, `seconds`, `label_from` (folder or name),
    `speaker` and `divider`. Pairs take `second`, `source`, `target`, `encoding`, `separator`, `columns` and `header`; NPZ
    `x`, `y` and `channels`; IDX `labels`. `progress` is told the number of files done, and of all.

    Raises `DataError` where nothing can be made of it.
    """
    if problem := name_problem(name):
        raise DataError(problem)
    chosen = {key: value for key, value in choices.items() if value is not None}
    try:
        path = path.expanduser().resolve()
        if not path.exists():
            raise DataError(f"there is no file or folder {path}.")
        if path.is_dir():
            return _look_at_folder(path, name, chosen, progress)
        if not path.is_file():
            raise DataError(f"{path} is neither a file nor a folder.")
        return _look_at_file(path, name, chosen)
    except DataError:
        raise
    except OSError as error:
        raise DataError(
            f"{error.filename or path} can't be read: {error.strerror or error}."
        ) from None
    except ValueError as error:
        raise DataError(f"{path}: {error}") from None


def _look_at_file(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    kind = choices.get("kind")
    if not path.stat().st_size:
        raise DataError(f"{path} is empty.")
    if kind == "npz" or (not kind and path.suffix.lower() == ".npz"):
        return look_at_npz(path, name, choices)
    if kind == "idx" or (not kind and is_idx(path)):
        return look_at_idx(path, name, choices)
    if path.suffix.lower() in PICTURES + SOUNDS:
        raise DataError(
            f"{path} is one file: give the folder that holds a folder for each class."
        )
    other = _OTHERS.get(path.suffix.lower()) or ("" if kind else _beginning(path))
    if other:
        raise DataError(f"{path} is {other}.")
    if kind == "table":
        return table.look(path, name, choices)
    if kind == "pairs" or "second" in choices:
        return pairs.look_at_file(path, name, choices)
    if kind:
        raise DataError(f"a file holds a table, pairs, idx or npz, not {kind!r}.")
    encoding = choices.get("encoding") or encoding_of(path)
    lines, _ = head(path, encoding, 5000)
    if not set(choices) - set(pairs.CHOICES):
        if other_side := sibling(path):
            return pairs.look_at_file(path, name, {**choices, "second": other_side})
        if "target" not in choices and reading_of(lines, choices):
            return pairs.look_at_file(path, name, choices)
    return table.look(path, name, choices)


def _beginning(path: Path) -> str:
    """What a file is that can't be read, as seen from its first bytes; nothing where it may be read."""
    with path.open("rb") as file:
        first = file.read(256)
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, told in _BEGINNINGS.items():
        if first.startswith(beginning) or text.startswith(beginning):
            return told
    if b"".join(text.split())[:2] in (b"[{", b'{"', b"[["):
        return "JSON: save its records as a table in CSV"
    return ""


def _look_at_folder(
    path: Path, name: str, choices: Mapping[str, Any], progress: Progress | None
) -> Found:
    kind = choices.get("kind") or _kind_of_folder(path)
    if kind == "pictures":
        return look_at_pictures(path, name, choices, progress)
    if kind == "sounds":
        return look_at_sounds(path, name, choices, progress)
    if kind == "idx":
        return look_at_idx(path, name, choices)
    if kind == "pairs" and sides_of(path):
        return pairs.look_at_folder(path, name, choices)
    texts = _texts(path)
    by_part = {PARTS.get(one.name.split(".")[0].lower(), ""): one for one in texts}
    if (
        kind in ("table", "pairs")
        and "train" in by_part
        and len(by_part) == len(texts) > 1
    ):
        further = {part: str(one) for part, one in by_part.items() if part != "train"}
        return table.look(by_part["train"], name, {**choices, **further})
    if kind in ("table", "pairs") and len(texts) == 1:
        return _look_at_file(texts[0], name, choices)
    if kind in ("table", "pairs"):
        raise DataError(
            f"{path} has {len(texts)} tables, {listed(one.name for one in texts)}: give one of them."
        )
    raise DataError(
        f"a folder holds pictures, sounds, tables, pairs or IDX files, not {kind!r}."
    )


def _texts(path: Path) -> list[Path]:
    return sorted(
        one
        for one in path.iterdir()
        if one.is_file() and one.name.lower().endswith(_TEXTS) and not one.name.startswith((".", "_")) and "readme" not in one.name.lower()
    )  # fmt: skip


def _kind_of_folder(path: Path) -> str:
    """What a folder holds, by most of its files."""
    if not next(path.iterdir(), None):
        raise DataError(f"{path} is an empty folder.")
    pictures, sounds = len(files_in(path, PICTURES)), len(files_in(path, SOUNDS))
    if pictures or sounds:
        return "pictures" if pictures >= sounds else "sounds"
    files = [one for one in path.iterdir() if one.is_file()]
    if any(is_idx(one) for one in islice(sorted(files), 100)):
        return "idx"
    if sides_of(path):
        return "pairs"
    if _texts(path):
        return "table"
    raise DataError(
        f"{path} holds nothing that can be read: expected pictures or sounds in a folder for each class, IDX files, a table, "
        "or pairs of sentences."
    )
