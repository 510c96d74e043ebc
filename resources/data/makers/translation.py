"""Makes translation-fr, -de and -zh: sentences of one English grammar with their French, German and Chinese.

Run it as `python resources/data/makers/translation.py [FOLDER]`; without a folder it writes beside `makers`. The same
program and the same Python give the same bytes.
"""

import gzip
import io
import sys
from pathlib import Path
from typing import NamedTuple

import chinese
import english
import french
import german
from sentences import Draw, Sentence

SEED = 4
PARTS = {"test": 1_000, "validation": 1_000, "train": 24_000}
LANGUAGES = {"fr": "french", "de": "german", "zh": "chinese"}


class Row(NamedTuple):
    """One meaning in all four languages."""

    part: str
    english: str
    french: str
    german: str
    chinese: str


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[0].upper() + text[1:]


def said(meaning: Sentence) -> tuple[str, str, str, str]:
    """A meaning in the four languages."""
    return (
        capital(english.sentence(meaning)),
        capital(french.sentence(meaning)),
        capital(german.sentence(meaning)),
        chinese.sentence(meaning),
    )


def make_rows(seed: int = SEED, parts: dict[str, int] = PARTS) -> list[Row]:
    """Sentences that are all different, in each of the four languages, so that no part holds one of another.

    Raises ValueError where one English sentence is drawn with two translations: the grammar must not leave open what
    the English does not say.
    """
    draw = Draw(seed)
    known: dict[str, tuple[str, str, str, str]] = {}
    used: tuple[set[str], ...] = (set(), set(), set())
    kept: list[tuple[str, str, str, str]] = []
    while len(kept) < sum(parts.values()):
        texts = said(draw.sentence())
        if not 3 <= len(texts[0].split()) <= 16:
            continue
        before = known.setdefault(texts[0], texts)
        if before != texts:
            raise ValueError(f"two translations of one sentence:\n{before}\n{texts}")
        if any(text in seen for text, seen in zip(texts[1:], used, strict=True)):
            continue
        for text, seen in zip(texts[1:], used, strict=True):
            seen.add(text)
        kept.append(texts)
    names = [part for part, count in parts.items() for _ in range(count)]
    return [Row(part, *texts) for part, texts in zip(names, kept, strict=True)]


def table(rows: list[Row], language: str) -> bytes:
    """The rows of one language as tab-separated text; the training part comes first, each part in order of the alphabet.

    Neighbours that begin alike make the packed file a third smaller.
    """
    order = ["train", "validation", "test"]
    lines = sorted((order.index(row.part), row.english, getattr(row, language)) for row in rows)
    text = [
        f"part\tenglish\t{language}",
        *(f"{order[part]}\t{source}\t{target}" for part, source, target in lines),
    ]
    return ("\n".join(text) + "\n").encode()


def packed(data: bytes) -> bytes:
    """The data under gzip, with no time and no name in it."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=stream, mtime=0) as file:
        file.write(data)
    return stream.getvalue()


def main(folder: Path) -> None:
    """Write the three files."""
    rows = make_rows()
    for code, language in LANGUAGES.items():
        (folder / f"translation-{code}.tsv.gz").write_bytes(packed(table(rows, language)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
