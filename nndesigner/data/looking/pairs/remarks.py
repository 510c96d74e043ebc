"""What a person should know of pairs of sentences, and what suits them to begin with."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from nndesigner.data.looking.found import counted, verb
from nndesigner.data.looking.pairs.reading import Reading, is_unspaced
from nndesigner.graph import Value

Pair = tuple[str, str]


def remarks_of(
    arrays: Mapping[str, np.ndarray], empty: int, reading: Reading | None
) -> list[str]:
    """What was left out, what comes twice, and what is odd, a sentence each; `empty` pairs lacked a side."""
    pairs = list(zip(arrays["source"], arrays["target"], strict=True))
    return [
        *_of_file(empty, reading or Reading()),
        *_of_pairs(pairs),
        *_of_parts(pairs, arrays.get("part", ())),
    ]


def _of_file(empty: int, reading: Reading) -> Iterator[str]:
    if reading.ignored > 0:
        yield f"{counted(reading.ignored, 'further column')} not used."
    if reading.header:
        yield "The first line has names, and was passed over."
    if empty:
        yield f"{counted(empty, 'pair')} with an empty side left out."


def _of_pairs(pairs: Sequence[Pair]) -> Iterator[str]:
    distinct = set(pairs)
    if again := len(pairs) - len(distinct):
        yield f"{counted(again, 'pair')} {verb(again, 'comes', 'come')} more than once."
    if several := len(distinct) - len({source for source, _ in pairs}):
        yield f"{counted(several, 'sentence')} more than there are sources: some have several translations."
    if same := sum(first == other for first, other in pairs):
        yield f"{counted(same, 'pair')} {verb(same, 'has', 'have')} the same text on both sides."


def _of_parts(pairs: Sequence[Pair], parts: Iterable[str]) -> Iterator[str]:
    told = list(zip(pairs, parts, strict=False))
    trained = {pair for pair, part in told if part == "train"}
    if twice := sum(part != "train" and pair in trained for pair, part in told):
        yield f"{counted(twice, 'pair')} outside the training part {verb(twice, 'is', 'are')} in it too."


def start_of(arrays: Mapping[str, np.ndarray]) -> dict[str, Value]:
    """The params such a data set begins with: tokens that suit its script, and a length that most sentences fit in."""
    texts = [*arrays["source"][:20_000], *arrays["target"][:20_000]]
    unspaced = sum(any(map(is_unspaced, text)) for text in texts) > 0.2 * len(texts)
    words = [
        len(re.findall(r"\w+|[^\w\s]", text))
        if not unspaced
        else max(len(text.split()), sum(map(is_unspaced, text)))
        for text in texts
    ]
    length = int(np.quantile(words, 0.99)) + 2
    return {
        "tokens": "bpe" if unspaced else "words",
        "length": max(2, min(8192, length)),
    }
