"""Looking at pairs of sentences: in two columns of one file, in two files line by line, or in a folder of such files."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest
from nndesigner.data.looking.dialect import SEPARATORS, rows_of
from nndesigner.data.looking.found import Found, counted, found, listed, only
from nndesigner.data.looking.text import encoding_of, head
from nndesigner.data.own import PARTS, load_pairs, pairs_in
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

CHOICES = (
    "kind",
    "second",
    "source",
    "target",
    "encoding",
    "separator",
    "columns",
    "header",
)
_ENDINGS = (".txt", ".tsv", ".csv", ".tok", ".lc", ".raw")
_NAMES = re.compile(
    r"(?i)(source|src|target|tgt|input|output|sentence ?[12ab]?|text ?[12ab]?|translation|question|answer|[a-z]{2}(_[a-z]{2})?"
    r"|english|german|french|spanish|italian|chinese|mandarin|japanese|russian|portuguese|dutch|polish|turkish|arabic)"
)
_CREDIT = re.compile(r"(?i)cc[- ]by|attribution|licen[cs]e|https?://|copyright")


@dataclass(frozen=True)
class Reading:
    """How a file with a pair on each line is read."""

    separator: str
    columns: tuple[int, int]
    header: bool
    quoted: bool
    ignored: int  # how many columns are not used


def reading_of(lines: Sequence[str], choices: Mapping[str, Any]) -> Reading | None:
    """How lines hold pairs of sentences; None where they hold a table or something else."""
    separators = (choices["separator"],) if choices.get("separator") else SEPARATORS[:4]
    for separator in separators:
        quoted = separator != "\t"
        plain = [line.rstrip("\r\n") for line in lines]
        rows = (
            [row for _, row in rows_of(lines, separator, '"')]
            if quoted
            else [line.split(separator) for line in plain if line.strip()]
        )
        if not rows:
            continue
        columns = choices.get("columns") or _sentences(rows)
        if columns is None or max(columns) >= max(map(len, rows)):
            continue
        first = rows[0]
        header = choices.get("header")
        if header is None:
            header = len(first) > max(columns) and all(
                _NAMES.fullmatch(first[one].strip()) for one in columns
            )
        width = max(len(row) for row in rows)
        return Reading(
            separator, (columns[0], columns[1]), bool(header), quoted, width - 2
        )
    return None


def _sentences(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """The two columns that hold sentences, if there are two, and nothing but names and credits beside them."""
    width = max(set(map(len, rows)), key=[len(row) for row in rows].count)
    if not 2 <= width <= 8 or sum(len(row) == width for row in rows) < 0.98 * len(rows):
        return None
    fitting = [row for row in rows[1:] or rows if len(row) == width]
    sentences: list[int] = []
    for index in range(width):
        cells = [row[index].strip() for row in fitting]
        if sum(bool(_CREDIT.search(cell)) for cell in cells) > 0.9 * len(cells):
            continue
        numeric = sum(
            bool(re.fullmatch(r"[-+]?[\d.,%]*", cell)) for cell in cells
        ) / len(cells)
        if numeric > 0.2:
            if len(set(cells)) < 0.9 * len(cells):
                return None  # a number that comes again belongs to a table
            continue
        if len(set(cells)) < min(0.3 * len(cells), 1000) or len(set(cells)) < 2:
            return None
        sentences.append(index)
    if len(sentences) != 2:
        return None
    texts = [row[index].strip() for row in fitting for index in sentences]
    spoken = sum(
        " " in text or any(map(_unspaced, text)) or text[-1:] in ".!?" for text in texts
    )
    return (sentences[0], sentences[1]) if spoken > 0.6 * len(texts) else None


def _unspaced(letter: str) -> bool:
    """Whether a letter is of a script that puts no space between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese."""
    if letter < "\u0e00":
        return False
    name = unicodedata.name(letter, "")
    return name.startswith(
        ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
    )


def sides_of(folder: Path) -> dict[str, dict[str, Path]]:
    """Files that are the two sides of something, such as train.en.gz and train.de.gz: by what they share, by language."""
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            stem, language = _side(path)
            if language:
                found[stem][language] = path
    return {stem: sides for stem, sides in found.items() if len(sides) >= 2}


def _side(path: Path) -> tuple[str, str]:
    """A name divided into what both sides share and the language: `train.en.gz`, `en.txt`, `train_en.txt`."""
    name = path.name.removesuffix(".gz")
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    match = re.fullmatch(
        r"(?:(.*)[._-])?([a-z]{2,3}(?:_[A-Z]{2})?|src|tgt|source|target)", name
    )
    return (match[1] or "", match[2]) if match else (name, "")


def look_at_file(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """Pairs in one file, or in two, the other one given as `second` or lying beside it; raises `DataError`."""
    only(choices, "pairs of sentences", *CHOICES)
    second = choices.get("second")
    if second:
        return _found(path, name, {"train": (path, Path(second))}, choices, None, [])
    encoding = choices.get("encoding") or encoding_of(path)
    lines, _ = head(path, encoding, 5000)
    reading = reading_of(lines, choices)
    if reading is None:
        raise DataError(
            f"{path} has no two columns of sentences: say which, as columns, counted from 0."
        )
    return _found(path, name, {"train": (path,)}, choices, reading, [])


def sibling(path: Path) -> Path | None:
    """The one file beside this that is its other side; None where there is none or more than one."""
    stem, language = _side(path)
    if not language:
        return None
    others = [
        other
        for one, other in sides_of(path.parent).get(stem, {}).items()
        if one != language
    ]
    return others[0] if len(others) == 1 else None


def look_at_folder(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """Pairs in the files of a folder, by part; raises `DataError`."""
    only(choices, "a folder of sentences", *CHOICES)
    sides = sides_of(path)
    languages = sorted({one for pair in sides.values() for one in pair})
    source, target = _languages(path, languages, choices)
    said: list[str] = []
    files: dict[str, tuple[Path, ...]] = {}
    for stem, pair in sides.items():
        if source not in pair or target not in pair:
            continue
        words = re.split(r"[._ -]", stem.lower())
        part = next((PARTS[word] for word in words if word in PARTS), "train")
        if part in files:
            said.append(
                f"{stem} was left out, as there is {files[part][0].name} already."
            )
            continue
        files[part] = (pair[source], pair[target])
    if "train" not in files:
        raise DataError(
            f"{path} has no sentences for training: expected names such as train.{source} and train.{target}."
        )
    if len(languages) > 2:
        said.append(
            f"Of the languages {listed(languages)}, {source} and {target} were taken."
        )
    said.append(f"{source} is translated into {target}.")
    return _found(path, name, files, choices, None, said)


def _languages(
    path: Path, languages: Sequence[str], choices: Mapping[str, Any]
) -> tuple[str, str]:
    for asked in (choices.get("source"), choices.get("target")):
        if asked and asked not in languages:
            raise DataError(
                f"{path} has no sentences in {asked!r}; it has {', '.join(languages)}."
            )
    first = next(
        (
            one
            for one in ("src", "source", "en", *languages)
            if one in languages and one != choices.get("target")
        ),
        "",
    )
    source = choices.get("source") or first
    target = choices.get("target") or next(one for one in languages if one != source)
    if source == target:
        raise DataError(f"expected two languages, got {source} twice.")
    return source, target


def _found(
    path: Path,
    name: str,
    files: Mapping[str, tuple[Path, ...]],
    choices: Mapping[str, Any],
    reading: Reading | None,
    said: list[str],
) -> Found:
    every = [one for pair in files.values() for one in pair]
    encodings = {one: choices.get("encoding") or encoding_of(one) for one in every}
    if len(set(encodings.values())) > 1:
        raise DataError(
            "the files are in different encodings: "
            + ", ".join(
                f"{one.name} in {encoding}" for one, encoding in encodings.items()
            )
            + ". Bring them to one, UTF-8."
        )
    encoding = encodings[every[0]]
    arguments: dict[str, Value] = {"path": str(files["train"][0])}
    if len(files["train"]) > 1:
        arguments["second"] = str(files["train"][1])
    if encoding != "utf-8-sig":
        arguments["encoding"] = encoding
    if reading:
        told: dict[str, tuple[Value, Value]] = {
            "separator": (reading.separator, "\t"), "columns": (reading.columns, (0, 1)),
            "skip": (int(reading.header), 0), "quoted": (reading.quoted, False),
        }  # fmt: skip
        arguments |= {
            key: value for key, (value, default) in told.items() if value != default
        }
    arguments |= {
        part: tuple(map(str, pair)) for part, pair in files.items() if part != "train"
    }
    try:
        arrays = load_pairs(**arguments)  # type: ignore[arg-type]
        separator, columns, skip, quoted = (
            (reading.separator, reading.columns, int(reading.header), reading.quoted)
            if reading
            else ("\t", (0, 1), 0, False)
        )
        raw = sum(
            len(
                pairs_in(
                    [str(one) for one in pair],
                    encoding,
                    separator,
                    columns,
                    skip,
                    quoted,
                )
            )
            for pair in files.values()
        )
    except ValueError as error:
        raise DataError(str(error)) from None
    size = len(arrays["source"])
    if not size:
        raise DataError(f"{path} has no pairs of sentences: one side of each is empty.")
    return found(
        name,
        path,
        f"{counted(size, 'pair')} of sentences, such as {_short(arrays['source'][0])} and {_short(arrays['target'][0])}.",
        size,
        (
            Field("source", (), "The sentence", sort="text"),
            Field(
                "target", (), "What it becomes, as far as it is written", sort="pair"
            ),
        ),
        "own.load_pairs",
        arguments,
        {str(one): digest(one) for one in every},
        said + _remarks(arrays, raw - size, reading),
        parts={
            part: int((arrays["part"] == part).sum())
            for part in ("train", "validation", "test")
        }
        if "part" in arrays
        else {},
        start=_start(arrays),
    )


def _short(text: str) -> str:
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"


def _remarks(
    arrays: Mapping[str, np.ndarray], empty: int, reading: Reading | None
) -> list[str]:
    said: list[str] = []
    pairs = list(zip(arrays["source"], arrays["target"], strict=True))
    if reading and reading.ignored > 0:
        said.append(f"{counted(reading.ignored, 'further column')} not used.")
    if reading and reading.header:
        said.append("The first line has names, and was passed over.")
    if empty:
        said.append(f"{counted(empty, 'pair')} with an empty side left out.")
    if again := len(pairs) - len(set(pairs)):
        said.append(
            f"{counted(again, 'pair')} {'comes' if again == 1 else 'come'} more than once."
        )
    if several := len(set(pairs)) - len(set(arrays["source"])):
        said.append(
            f"{counted(several, 'sentence')} more than there are sources: some have several translations."
        )
    if same := sum(first == other for first, other in pairs):
        said.append(
            f"{counted(same, 'pair')} {'has' if same == 1 else 'have'} the same text on both sides."
        )
    if "part" in arrays:
        trained = {
            pair
            for pair, part in zip(pairs, arrays["part"], strict=True)
            if part == "train"
        }
        twice = sum(
            part != "train" and pair in trained
            for pair, part in zip(pairs, arrays["part"], strict=True)
        )
        if twice:
            said.append(
                f"{counted(twice, 'pair')} outside the training part {'is' if twice == 1 else 'are'} in it too."
            )
    return said


def _start(arrays: Mapping[str, np.ndarray]) -> dict[str, Value]:
    """The params such a data set begins with: tokens that suit its script, and a length that most sentences fit in."""
    texts = [*arrays["source"][:20_000], *arrays["target"][:20_000]]
    unspaced = sum(any(map(_unspaced, text)) for text in texts) > 0.2 * len(texts)
    words = [
        len(re.findall(r"\w+|[^\w\s]", text))
        if not unspaced
        else max(len(text.split()), sum(map(_unspaced, text)))
        for text in texts
    ]
    length = int(np.quantile(words, 0.99)) + 2
    return {
        "tokens": "bpe" if unspaced else "words",
        "length": max(2, min(8192, length)),
    }
