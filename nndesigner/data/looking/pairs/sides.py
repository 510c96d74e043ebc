"""Files that are the two sides of something, told by their names."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nndesigner.data.problem import DataError

_ENDINGS = (".txt", ".tsv", ".csv", ".tok", ".lc", ".raw")


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


def languages_of(
    path: Path, languages: Sequence[str], choices: Mapping[str, Any]
) -> tuple[str, str]:
    """The language that is translated from, and the one into which; raises `DataError`."""
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
