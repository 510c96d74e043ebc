"""What tells whether data are still what they were when they were added: SHA-256 of files and folders."""

import hashlib
from pathlib import Path

from nndesigner.catalogue.data import DataSet
from nndesigner.data.own.files import PICTURES, SOUNDS, files_in, name_in
from nndesigner.data.problem import DataError


def digest(path: Path) -> str:
    """The SHA-256 of a file; of a folder, that of the names, sizes and SHA-256 of its pictures and sounds in order.

    Raises `OSError`.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            whole = hashlib.sha256()
            while block := file.read(1 << 20):
                whole.update(block)
            return whole.hexdigest()
    return digest_of(
        {name_in(path, one): (one.stat().st_size, digest(one)) for one in media(path)}
    )


def media(folder: Path) -> list[Path]:
    """All pictures and sounds of a folder, in order."""
    return files_in(folder, PICTURES + SOUNDS)


def digest_of(contents: dict[str, tuple[int, str]]) -> str:
    """One SHA-256 for many files, each with its name, its size and its own."""
    whole = hashlib.sha256()
    for name, (size, own) in contents.items():
        whole.update(f"{name}\0{size}\0{own}\n".encode())
    return whole.hexdigest()


def check(data_set: DataSet) -> None:
    """Raises `DataError` with the first file of the data set that is gone, can't be read or is not what it was."""
    for name, before in data_set.files.items():
        try:
            now = digest(Path(name))
        except FileNotFoundError:
            raise DataError(
                f"{name} is no longer there. Put it back, or add the data set {data_set.name} again."
            ) from None
        except OSError as error:
            raise DataError(
                f"{name} can't be read: {error.strerror or error}."
            ) from None
        if now != before:
            raise DataError(
                f"{name} has changed since it was added. Add the data set {data_set.name} again to use it as it is now."
            )
