"""How a file with a pair of sentences on each line is read."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nndesigner.data.looking.dialect import SEPARATORS, rows_of

_NAMES = re.compile(
    r"(?i)(source|src|target|tgt|input|output|sentence ?[12ab]?|text ?[12ab]?|translation|question|answer|[a-z]{2}(_[a-z]{2})?"
    r"|english|german|french|spanish|italian|chinese|mandarin|japanese|russian|portuguese|dutch|polish|turkish|arabic)"
)
_CREDIT = re.compile(r"(?i)cc[- ]by|attribution|licen[cs]e|https?://|copyright")


@dataclass(frozen=True)
class Reading:
    """How a file with a pair on each line is read, by default as `load_pairs` does."""

    separator: str = "\t"
    columns: tuple[int, int] = (0, 1)
    header: bool = False
    quoted: bool = False
    ignored: int = 0  # how many columns are not used


def reading_of(lines: Sequence[str], choices: Mapping[str, Any]) -> Reading | None:
    """How lines hold pairs of sentences; None where they hold a table or something else."""
    separators = (choices["separator"],) if choices.get("separator") else SEPARATORS[:4]
    for separator in separators:
        quoted = separator != "\t"
        rows = _rows(lines, separator, quoted)
        columns = choices.get("columns") or (_sentences(rows) if rows else None)
        width = max(map(len, rows), default=0)
        if columns is None or max(columns) >= width:
            continue
        header = choices.get("header")
        if header is None:
            header = len(rows[0]) > max(columns) and all(
                _NAMES.fullmatch(rows[0][one].strip()) for one in columns
            )
        both = (columns[0], columns[1])
        return Reading(separator, both, bool(header), quoted, width - 2)
    return None


def _rows(lines: Sequence[str], separator: str, quoted: bool) -> list[list[str]]:
    if quoted:
        return [row for _, row in rows_of(lines, separator, '"')]
    return [line.rstrip("\r\n").split(separator) for line in lines if line.strip()]


def _sentences(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """The two columns that hold sentences, if there are two, and nothing but names and credits beside them."""
    widths = Counter(map(len, rows))
    width, common = widths.most_common(1)[0]
    if not 2 <= width <= 8 or common < 0.98 * len(rows):
        return None
    fitting = [row for row in rows[1:] or rows if len(row) == width]
    sentences: list[int] = []
    for index in range(width):
        sort = _sort([row[index].strip() for row in fitting])
        if sort == "table":
            return None
        if sort == "sentences":
            sentences.append(index)
    if len(sentences) != 2:
        return None
    texts = [row[index].strip() for row in fitting for index in sentences]
    spoken = sum(
        " " in text or any(map(is_unspaced, text)) or text[-1:] in ".!?"
        for text in texts
    )
    return (sentences[0], sentences[1]) if spoken > 0.6 * len(texts) else None


def _sort(cells: Sequence[str]) -> str:
    """What a column may be: sentences, something beside them, or one that only a table has."""
    if sum(bool(_CREDIT.search(cell)) for cell in cells) > 0.9 * len(cells):
        return "beside"
    distinct = len(set(cells))
    numeric = sum(bool(re.fullmatch(r"[-+]?[\d.,%]*", cell)) for cell in cells)
    if numeric > 0.2 * len(cells):
        # A number that comes again belongs to a table.
        return "table" if distinct < 0.9 * len(cells) else "beside"
    few = distinct < min(0.3 * len(cells), 1000) or distinct < 2
    return "table" if few else "sentences"


def is_unspaced(letter: str) -> bool:
    """Whether a letter is of a script that puts no space between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese."""
    if letter < "\u0e00":
        return False
    name = unicodedata.name(letter, "")
    return name.startswith(
        ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
    )
