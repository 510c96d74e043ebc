"""Data of one's own, read from files by one plain function a kind of file, with everything told in its arguments.

Nothing is guessed here, so what is read today is read the same tomorrow; `nndesigner.data.adding` finds the arguments.
The text of these functions is also what an exported script contains, so each uses nothing but what this file imports
and other functions and constants of this file. Each gives a dict of arrays by field. `part` says of each record which
part it comes in, `group` what it belongs to, such as its speaker. All raise `OSError`, and `ValueError` with the file
and what is wrong with it.
"""

import csv
import gzip
import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd
import scipy
import soundfile
from PIL import Image, ImageOps, UnidentifiedImageError

MISSING = frozenset(
    ("", "?", "-", "--", "—", ".", "NA", "N/A", "n/a", "na", "<NA>", "#N/A", "NaN", "nan", "NAN", "NULL", "null", "None")
)  # fmt: skip
PARTS = {
    "train": "train", "training": "train", "trn": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test", "tst": "test", "t10k": "test",
}  # fmt: skip
PICTURES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".bmp",
    ".gif",
    ".webp",
    ".tif",
    ".tiff",
    ".ppm",
    ".pgm",
)
SOUNDS = (".wav", ".flac", ".ogg", ".oga", ".aiff", ".aif", ".mp3")


def load_table(
    path: str,
    names: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    target: str = "",
    separator: str = ",",
    encoding: str = "utf-8-sig",
    skip: int = 1,
    quote: str = '"',
    decimal: str = ".",
    thousands: str = "",
    group: str = "",
    part: str = "",
    validation: str = "",
    test: str = "",
) -> dict[str, np.ndarray]:
    """A table: features (N, k) as float32, and of the target label (N,) or, where it is a number, target (N, 1).

    `names` are those of all columns, after `skip` lines; `columns` are those that are used, each with its type: number;
    boolean with its two words; category with its values, one feature each, 1 where it has that value; date with its
    format, as days since 1970; text, which is a field of its own, text (N,). A number, date or boolean that is missing
    or can't be read is NaN, and a missing category 0 in all its features. Rows without their target are left out. The
    column `part` says which part a row is in; `validation` and `test` are further files like the first.
    """
    pieces: dict[str, list[np.ndarray]] = {}
    for where, file in (("train", path), ("validation", validation), ("test", test)):
        for rows in (
            table_rows(file, len(names), separator, encoding, skip, quote)
            if file
            else ()
        ):
            cells = {
                name: pd.Series(column, dtype=object)
                for name, column in zip(names, zip(*rows, strict=True), strict=True)
            }
            found: dict[str, np.ndarray] = {}
            kept = np.ones(len(rows), dtype=bool)
            features = []
            for name, (sort, *details) in columns.items():
                values = column_values(cells[name], sort, details, decimal, thousands)
                if name == target and sort in ("category", "boolean"):
                    codes = (
                        values[:, 0]
                        if sort == "boolean"
                        else np.where(values.any(1), values.argmax(1), np.nan)
                    )
                    kept = ~np.isnan(codes)
                    odd = ~kept & ~cells[name].isin(MISSING).to_numpy()
                    if odd.any():
                        raise ValueError(
                            f"{file}: {cells[name][odd].iloc[0]!r} in the column {name} is none of the classes "
                            f"{', '.join(details)}."
                        )
                    found["label"] = np.nan_to_num(codes).astype(np.int64)
                elif name == target:
                    kept = ~np.isnan(values[:, 0])
                    found["target"] = values
                elif sort == "text":
                    found["text"] = values
                else:
                    features.append(values)
            if features:
                found["features"] = np.concatenate(features, axis=1)
            if group:
                found["group"] = cells[group].to_numpy(dtype=str)
            if part or validation or test:
                words = (
                    cells[part].str.lower() if part else pd.Series([where] * len(rows))
                )
                if not words.isin(PARTS).all():
                    raise ValueError(
                        f"{file}: {words[~words.isin(PARTS)].iloc[0]!r} in the column {part} is no part."
                    )
                found["part"] = words.map(PARTS).to_numpy(dtype="<U10")
            for name, array in found.items():
                pieces.setdefault(name, []).append(array[kept])
    if not pieces:
        raise ValueError(f"{path} has no rows.")
    order = ("features", "text", "label", "target", "group", "part")
    return {name: np.concatenate(pieces[name]) for name in order if name in pieces}


def table_rows(
    path: str, width: int, separator: str, encoding: str, skip: int, quote: str
) -> Iterator[list[list[str]]]:
    """The rows of a table after `skip` lines, 10,000 at a time, each `width` cells without the space around them.

    Short rows are filled up with empty cells; empty rows, and rows with more cells than there are columns, are left
    out. The separator of one space stands for any amount of white space.
    """
    with opened(path, encoding) as file:
        for _ in range(skip):
            file.readline()
        lines = (" ".join(line.split()) for line in file) if separator == " " else file
        reader = csv.reader(
            lines,
            delimiter=separator,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            skipinitialspace=True,
        )
        try:
            while rows := list(islice(reader, 10_000)):
                cells = [list(map(str.strip, row)) for row in rows]
                fitting = [
                    row
                    if len(row) == width
                    else row[:width] + [""] * (width - len(row))
                    for row in cells
                    if any(row) and (len(row) <= width or not any(row[width:]))
                ]
                if fitting:
                    yield fitting
        except (csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"{path} is cut short or damaged: {error}.") from error
        except UnicodeError as error:
            raise ValueError(f"{path} isn't text in {encoding}: {error}.") from error


def opened(path: str, encoding: str) -> TextIO:
    """A text to be read, unpacked on the way if it is gzipped, its ends of lines as they are."""
    with Path(path).open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    if zipped:
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return Path(path).open(encoding=encoding, newline="")


def column_values(
    cells: pd.Series, sort: str, details: Sequence[str], decimal: str, thousands: str
) -> np.ndarray:
    """The cells (N,) of a column of one type as float32 (N, k), or as the texts (N,) they are; see `load_table`."""
    if sort == "text":
        texts: np.ndarray = cells.mask(cells.isin(MISSING), "").to_numpy(dtype=object)
        return texts
    if sort == "category":
        codes = pd.Categorical(
            cells.mask(~cells.isin(details)), categories=list(details)
        ).codes
        values = np.zeros((len(cells), len(details)), dtype=np.float32)
        values[np.flatnonzero(codes >= 0), codes[codes >= 0]] = 1
        return values
    if sort == "boolean":
        words = cells.str.lower()
        known = np.where(
            words == details[1].lower(),
            1.0,
            np.where(words == details[0].lower(), 0.0, np.nan),
        )
        return known[:, None].astype(np.float32)
    if sort == "date":
        dates = pd.to_datetime(cells, format=details[0], errors="coerce", utc=True)
        days: np.ndarray = (
            (dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
        ).to_numpy(dtype=np.float32)
        return days[:, None]
    return numbers_in(cells, decimal, thousands)[:, None].astype(np.float32)


def numbers_in(cells: pd.Series, decimal: str, thousands: str) -> np.ndarray:
    """The numbers (N,), float64, written in these cells; NaN where there is none, or none that float32 holds.

    A currency or percent sign around a number is passed over; thousands are groups of three digits.
    """
    point, digits = re.escape(decimal), "[0-9]+"
    whole = (
        f"(?:[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|{digits})"
        if thousands
        else digits
    )
    number = re.compile(
        f"[-+]?(?:{whole}(?:{point}[0-9]*)?|{point}{digits})(?:[eE][-+]?{digits})?"
    )
    present = ~cells.isin(MISSING).to_numpy()
    plain = "[-+0-9eE.\n]*" if decimal == "." else "[-+0-9eE\n]*"
    if re.fullmatch(plain, "\n".join(cells[present])):  # most columns; much faster
        with suppress(ValueError):
            values = np.full(len(cells), np.nan)
            values[present] = cells[present].astype(float)
            values[~(np.abs(values) <= np.finfo(np.float32).max)] = np.nan
            return values
    codes, texts = pd.factorize(cells)
    values = np.full(len(texts), np.nan)
    for index, text in enumerate(texts):
        text = (
            re.sub("[\u00a0\u202f\u2009]", " ", text).replace("−", "-").strip("$€£¥% ")
        )
        if number.fullmatch(text):
            text = text.replace(thousands, "") if thousands else text
            values[index] = float(text.replace(decimal, "."))
    values[~(np.abs(values) <= np.finfo(np.float32).max)] = np.nan
    found: np.ndarray = values[codes]
    return found


def load_images(
    folder: str,
    size: Sequence[int],
    classes: Sequence[str],
    grey: bool = False,
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Pictures in one folder a class: image (N, 1 or 3, height, width) as bytes from 0 to 255, label (N,).

    `size` is height and width; a picture of another shape is scaled until it covers them, and its middle is cut out.
    `parts` tells the part of each folder that the folders of the classes lie in, if they lie in such. The files `skip`
    are left out; they are named as seen from `folder`.
    """
    found = find_images(folder, classes, parts, skip)
    return read_images(found.pop("path"), size, grey) | found


def find_images(
    folder: str,
    classes: Sequence[str],
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Where the pictures of `load_images` lie, path (N,), with their label (N,)."""
    paths, label, part = files_by_class(folder, classes, parts, skip, PICTURES)
    found = {"path": np.array(list(map(str, paths)), dtype=object), "label": label}
    return found | ({"part": part} if parts else {})


def read_images(
    paths: Sequence[str] | np.ndarray, size: Sequence[int], grey: bool = False
) -> dict[str, np.ndarray]:
    """The pictures at these paths: image (N, 1 or 3, height, width), as `load_images` gives them."""
    image = np.empty((len(paths), 1 if grey else 3, *size), dtype=np.uint8)
    for place, path in zip(image, paths, strict=True):
        try:
            place[:] = picture(Path(path), size, grey)
        except FileNotFoundError:
            raise
        except UnidentifiedImageError:
            raise ValueError(
                f"{path} can't be read as a picture: it is none, or damaged."
            ) from None
        except (
            OSError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
        ) as error:
            raise ValueError(f"{path} can't be read as a picture: {error}.") from error
    return {"image": image}


def files_by_class(
    folder: str,
    classes: Sequence[str],
    parts: Mapping[str, str] | None,
    skip: Sequence[str],
    endings: tuple[str, ...],
) -> tuple[list[Path], np.ndarray, np.ndarray]:
    """The files of each class in its folder, in order, with their labels (N,) and parts (N,)."""
    root, left_out = Path(folder), set(skip)
    paths: list[Path] = []
    label: list[int] = []
    part: list[str] = []
    for place, where in (parts or {"": "train"}).items():
        for index, name in enumerate(classes):
            found = [
                one
                for one in files_in(root / place / name, endings)
                if name_in(root, one) not in left_out
            ]
            paths += found
            label += [index] * len(found)
            part += [where] * len(found)
    if not paths:
        raise ValueError(
            f"{folder} has no files that end in {', '.join(endings)} in folders of the classes."
        )
    return paths, np.array(label, dtype=np.int64), np.array(part)


def files_in(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """All files in a folder and those within it that end so, in the order of their names; hidden ones left out."""
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in endings
        and not any(name.startswith(".") for name in path.relative_to(folder).parts)
        and path.is_file()
    ]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def name_in(folder: Path, path: Path) -> str:
    """How a file is named as seen from a folder, with slashes on every system."""
    return path.relative_to(folder).as_posix()


def picture(path: Path, size: Sequence[int], grey: bool) -> np.ndarray:
    """A picture (1 or 3, height, width) as bytes: turned upright, on white where it is transparent, the first of many."""
    with Image.open(path) as file:
        image: Image.Image = ImageOps.exif_transpose(file)
        if image.mode.startswith("I") or image.mode == "F":
            values = np.asarray(image, dtype=np.float64)
            most = (
                65535
                if image.mode.startswith("I") and values.max(initial=0) > 255
                else 255
            )
            image = Image.fromarray(
                (np.clip(values / most, 0, 1) * 255).astype(np.uint8)
            )
        if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        image = image.convert("L" if grey else "RGB")
    if image.size != (size[1], size[0]):
        image = ImageOps.fit(image, (size[1], size[0]), Image.Resampling.BICUBIC)
    pixels = np.asarray(image)
    return pixels[None] if grey else pixels.transpose(2, 0, 1)


def load_idx(
    images: str,
    labels: str,
    classes: Sequence[int],
    test_images: str = "",
    test_labels: str = "",
) -> dict[str, np.ndarray]:
    """IDX files: image (N, channels, height, width), or features (N, k) where a record has one axis, and label (N,).

    Bytes stay bytes, other numbers become float32. `classes` are the numbers that stand for the classes, in order.
    """
    found: dict[str, list[np.ndarray]] = {}
    for part, first, second in (
        ("train", images, labels),
        ("test", test_images, test_labels),
    ):
        if not first:
            continue
        values, answers = idx_array(first), idx_array(second)
        if len(values) != len(answers):
            raise ValueError(
                f"{first} has {len(values):,} records, but {second} has {len(answers):,} labels."
            )
        channels = {2: "", 3: "none"}.get(
            values.ndim, "last" if values.shape[-1] in (1, 3) else "first"
        )
        for name, array in (
            records(values, channels) | answers_of(answers, classes, second)
        ).items():
            found.setdefault(name, []).append(array)
        if test_images:
            found.setdefault("part", []).append(np.full(len(values), part, dtype="<U5"))
    return {name: np.concatenate(arrays) for name, arrays in found.items()}


def idx_array(path: str) -> np.ndarray:
    """What an IDX file holds, gzipped or not: two zeros, a type, the number of axes, a size for each, then the values.

    The format is described at the place MNIST was published.
    """
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"{path} is cut short or damaged: {error}.") from error
    types = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    if (
        len(data) < 4
        or data[:2] != b"\0\0"
        or data[2] not in types
        or len(data) < 4 + 4 * data[3]
    ):
        raise ValueError(
            f"{path} isn't an IDX file: it begins with {data[:4].hex() or 'nothing'}."
        )
    sizes = [int(size) for size in np.frombuffer(data, ">u4", data[3], 4)]
    kind, start = np.dtype(types[data[2]]), 4 + 4 * data[3]
    expected = math.prod(sizes) * kind.itemsize
    if not sizes or len(data) - start != expected:
        raise ValueError(
            f"{path} is cut short or damaged: expected {expected:,} bytes for {' × '.join(map(str, sizes))} values, "
            f"got {len(data) - start:,}."
        )
    return (
        np.frombuffer(data, kind, offset=start)
        .reshape(sizes)
        .astype(kind.newbyteorder("="))
    )


def load_npz(
    path: str,
    x: str,
    y: str = "",
    classes: Sequence[int | str] = (),
    channels: str = "",
    validation_x: str = "",
    validation_y: str = "",
    test_x: str = "",
    test_y: str = "",
) -> dict[str, np.ndarray]:
    """Arrays of an NPZ file by name: image or features of `x`; of `y`, label (N,) or, without `classes`, target (N, k).

    `channels` says where those of a picture stand: first, last, or none, as (N, height, width); empty if `x` holds no
    pictures. Labels are numbers, words, or rows with a 1 in the place of the class.
    """
    found: dict[str, list[np.ndarray]] = {}
    with Path(path).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        for part, first, second in (
            ("train", x, y),
            ("validation", validation_x, validation_y),
            ("test", test_x, test_y),
        ):
            if not first:
                continue
            arrays = records(file[first], channels)
            if second:
                arrays |= answers_of(file[second], classes, f"{second} in {path}")
            counts = [len(array) for array in arrays.values()]
            if len(set(counts)) > 1:
                raise ValueError(
                    f"{path}: {first} has {counts[0]:,} records, but {second} has {counts[1]:,}."
                )
            if validation_x or test_x:
                arrays["part"] = np.full(counts[0], part, dtype="<U10")
            for name, array in arrays.items():
                found.setdefault(name, []).append(array)
    return {name: np.concatenate(arrays) for name, arrays in found.items()}


def records(values: np.ndarray, channels: str) -> dict[str, np.ndarray]:
    """Arrays as image (N, channels, height, width), bytes as they are, else float32; or as features (N, …), float32."""
    if not channels:
        return {
            "features": (values[:, None] if values.ndim == 1 else values).astype(
                np.float32
            )
        }
    if channels == "none":
        values = values[:, None]
    elif channels == "last":
        values = np.moveaxis(values, -1, 1)
    return {
        "image": np.ascontiguousarray(
            values if values.dtype == np.uint8 else values.astype(np.float32)
        )
    }


def answers_of(
    values: np.ndarray, classes: Sequence[int | str], origin: str
) -> dict[str, np.ndarray]:
    """Arrays as label (N,), the place of each among the classes; without classes as target (N, k)."""
    if not classes:
        return {"target": values.reshape(len(values), -1).astype(np.float32)}
    if values.ndim == 2 and values.shape[1] > 1:
        return {"label": values.argmax(axis=1).astype(np.int64)}
    places: dict[Any, int] = {name: index for index, name in enumerate(classes)}
    try:
        return {
            "label": np.array(
                [places[one] for one in values.ravel().tolist()], dtype=np.int64
            )
        }
    except KeyError as error:
        raise ValueError(
            f"{origin} has the label {error}, which is none of the {len(classes)} classes."
        ) from error


def load_sounds(
    folder: str,
    rate: int,
    seconds: float,
    classes: Sequence[str],
    label_from: str = "folder",
    speaker: int = -1,
    divider: str = "_",
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Recordings: sound (N, samples) from -1 to 1, padded with silence to the longest, length (N,) in samples, label (N,).

    All are brought to one channel of `rate` samples a second, and cut off after `seconds`. The class is the folder a
    file lies in, or the first of the pieces its name has between the `divider`; `speaker` is the number of the piece
    that says who speaks, counted from 0, which is the group; -1 if there is none. For `parts` and `skip` see
    `load_images`.
    """
    found = find_sounds(folder, classes, label_from, speaker, divider, parts, skip)
    return read_sounds(found.pop("path"), rate, seconds) | found


def find_sounds(
    folder: str,
    classes: Sequence[str],
    label_from: str = "folder",
    speaker: int = -1,
    divider: str = "_",
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Where the recordings of `load_sounds` lie, path (N,), with their label (N,)."""
    if label_from == "folder":
        paths, label, part = files_by_class(folder, classes, parts, skip, SOUNDS)
    else:
        paths, label, part = files_by_name(folder, classes, parts, skip, divider)
    found = {"path": np.array(list(map(str, paths)), dtype=object), "label": label}
    if speaker >= 0:
        found["group"] = np.array([path.stem.split(divider)[speaker] for path in paths])
    return found | ({"part": part} if parts else {})


def read_sounds(
    paths: Sequence[str] | np.ndarray, rate: int, seconds: float
) -> dict[str, np.ndarray]:
    """The recordings at these paths: sound (N, samples), padded to the longest of them, and length (N,)."""
    limit = round(seconds * rate)
    sounds = [recording(Path(path), rate)[:limit] for path in paths]
    length = np.array([len(one) for one in sounds], dtype=np.int64)
    padded = np.zeros((len(sounds), length.max(initial=0)), dtype=np.float32)
    for row, one in zip(padded, sounds, strict=True):
        row[: len(one)] = one
    return {"sound": padded, "length": length}


def files_by_name(
    folder: str,
    classes: Sequence[str],
    parts: Mapping[str, str] | None,
    skip: Sequence[str],
    divider: str,
) -> tuple[list[Path], np.ndarray, np.ndarray]:
    """Sounds whose names begin with their class, in order, with their labels (N,) and parts (N,)."""
    root, left_out = Path(folder), set(skip)
    places = {name: index for index, name in enumerate(classes)}
    paths: list[Path] = []
    part: list[str] = []
    for place, where in (parts or {"": "train"}).items():
        found = [
            one
            for one in files_in(root / place, SOUNDS)
            if name_in(root, one) not in left_out
        ]
        paths += found
        part += [where] * len(found)
    if not paths:
        raise ValueError(f"{folder} has no files that end in {', '.join(SOUNDS)}.")
    for path in paths:
        if path.stem.split(divider)[0] not in places:
            raise ValueError(
                f"The name of {path} does not begin with one of the classes {', '.join(classes)}."
            )
    label = np.array(
        [places[path.stem.split(divider)[0]] for path in paths], dtype=np.int64
    )
    return paths, label, np.array(part)


def recording(path: Path, rate: int) -> np.ndarray:
    """A recording (samples,) as float32 of one channel, the mean of its own, at `rate` samples a second."""
    try:
        channels, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        path.stat()  # raises what tells that it is gone
        raise ValueError(
            f"{path} can't be read as sound: {error.error_string}"
        ) from error
    sound: np.ndarray = channels.mean(axis=1)
    if own_rate != rate and len(sound):
        shared = math.gcd(rate, own_rate)
        # Asked of scipy only here, as its `signal` takes seconds to load.
        sound = scipy.signal.resample_poly(sound, rate // shared, own_rate // shared)
        sound = sound.astype(np.float32)
    return sound


def load_pairs(
    path: str,
    second: str = "",
    encoding: str = "utf-8-sig",
    separator: str = "\t",
    columns: Sequence[int] = (0, 1),
    skip: int = 0,
    quoted: bool = False,
    validation: Sequence[str] = (),
    test: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Sentences and what each becomes, as texts: source (N,), target (N,).

    They stand in two `columns` of one file, after `skip` lines, or line by line in `path` and `second`. `validation` and
    `test` are the file, or the two files, of those parts. Pairs of which one side is empty are left out.
    """
    parts = {
        "train": [one for one in (path, second) if one],
        "validation": list(validation),
        "test": list(test),
    }
    source: list[str] = []
    target: list[str] = []
    part: list[str] = []
    for name, files in parts.items():
        if not files:
            continue
        pairs = pairs_in(files, encoding, separator, columns, skip, quoted)
        kept = [(first, other) for first, other in pairs if first and other]
        source += [first for first, _ in kept]
        target += [other for _, other in kept]
        part += [name] * len(kept)
    found = {
        "source": np.array(source, dtype=object),
        "target": np.array(target, dtype=object),
    }
    return found | ({"part": np.array(part)} if validation or test else {})


def pairs_in(
    files: Sequence[str],
    encoding: str,
    separator: str,
    columns: Sequence[int],
    skip: int,
    quoted: bool,
) -> list[tuple[str, str]]:
    """The pairs of one file with columns, or of two files, without the space around each sentence."""
    texts = [lines_of(file, encoding)[skip:] for file in files]
    if len(texts) == 2:
        if len(texts[0]) != len(texts[1]):
            raise ValueError(
                f"{files[0]} has {len(texts[0]):,} lines and {files[1]} has {len(texts[1]):,}: expected as many of each."
            )
        return [(one.strip(), other.strip()) for one, other in zip(*texts, strict=True)]
    rows = (
        csv.reader(texts[0], delimiter=separator)
        if quoted
        else (line.split(separator) for line in texts[0])
    )
    first, other = columns
    return [
        (row[first].strip(), row[other].strip())
        for row in rows
        if len(row) > max(first, other)
    ]


def lines_of(path: str, encoding: str) -> list[str]:
    """The lines of a text, gzipped or not, without the empty one after the last."""
    try:
        with opened(path, encoding) as file:
            text = file.read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is cut short or damaged: {error}.") from error
    except UnicodeError as error:
        raise ValueError(f"{path} isn't text in {encoding}: {error}.") from error
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")
