"""Texts as numbers of tokens, and back.

What is fitted is fitted on the training part alone. The text of these functions is also what an exported script
contains, so each uses nothing but what this file imports and other functions of it.
"""

import re

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers


def pieces(text: str, tokens: str) -> list[str]:
    """A text as words, numbers and signs, or as characters; each Chinese character is a word."""
    if tokens == "characters":
        return list(text)
    return re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|[^\w\s]", text)


def fit_tokens(texts: np.ndarray, tokens: str, vocabulary: int) -> list[str]:
    """The `vocabulary` most frequent tokens of these texts; the first four stand for padding, unknown, begin, end.

    Where texts are divided by byte-pair encoding, it is one text, which holds all that was learned.
    """
    special = ["<pad>", "<unknown>", "<begin>", "<end>"]
    if tokens == "bpe":
        learned = Tokenizer(models.BPE(unk_token="<unknown>"))
        learned.pre_tokenizer = pre_tokenizers.Metaspace()
        learned.decoder = decoders.Metaspace()
        trainer = trainers.BpeTrainer(
            vocab_size=vocabulary,
            special_tokens=special,
            show_progress=False,
            min_frequency=2,
        )
        learned.train_from_iterator((str(text) for text in texts), trainer)
        return [learned.to_str()]
    counts: dict[str, int] = {}
    for text in texts:
        for piece in pieces(text, tokens):
            counts[piece] = counts.get(piece, 0) + 1
    frequent = sorted(counts, key=lambda piece: (-counts[piece], piece))
    return special + frequent[: max(0, vocabulary - len(special))]


def numbered(texts: np.ndarray, fitted: list[str], tokens: str) -> list[list[int]]:
    """The numbers of the tokens of each text; 1 where a token is not known."""
    if tokens == "bpe":
        learned = Tokenizer.from_str(fitted[0])
        return [one.ids for one in learned.encode_batch([str(text) for text in texts])]
    numbers = {token: number for number, token in enumerate(fitted)}
    return [[numbers.get(piece, 1) for piece in pieces(text, tokens)] for text in texts]


def encoded(
    texts: np.ndarray, fitted: list[str], tokens: str, length: int
) -> np.ndarray:
    """Token numbers (N, length): each text, then its end, then padding; a longer text is cut off."""
    found = np.zeros((len(texts), length), np.int64)
    for row, numbers in enumerate(numbered(texts, fitted, tokens)):
        numbers = [*numbers[: length - 1], 3]
        found[row, : len(numbers)] = numbers
    return found


def paired(
    texts: np.ndarray, fitted: list[str], tokens: str, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """What is written so far, and what follows: two times (N, length).

    The first begins with 2 and is padded with 0; the second ends with 3 and is padded with -100, which no loss counts.
    """
    so_far, following = (
        np.zeros((len(texts), length), np.int64),
        np.full((len(texts), length), -100),
    )
    for row, numbers in enumerate(numbered(texts, fitted, tokens)):
        numbers = [2, *numbers[: length - 1], 3]
        so_far[row, : len(numbers) - 1] = numbers[:-1]
        following[row, : len(numbers) - 1] = numbers[1:]
    return so_far, following


def windows(
    texts: np.ndarray, fitted: list[str], tokens: str, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of long text, and the same one token later: two times (N, length); short ones padded with 0 and -100."""
    here, following = (
        np.zeros((len(texts), length), np.int64),
        np.full((len(texts), length), -100),
    )
    for row, numbers in enumerate(numbered(texts, fitted, tokens)):
        numbers = numbers[: length + 1]
        here[row, : len(numbers) - 1] = numbers[:-1]
        following[row, : len(numbers) - 1] = numbers[1:]
    return here, following


def written(numbers: np.ndarray, fitted: list[str], tokens: str) -> list[str]:
    """The texts that rows of token numbers stand for, each up to its end."""
    found = []
    for row in numbers:
        ends = np.flatnonzero(row == 3)
        kept = [
            int(number)
            for number in row[: ends[0] if len(ends) else len(row)]
            if number > 3
        ]
        if tokens == "bpe":
            found.append(Tokenizer.from_str(fitted[0]).decode(kept))
        else:
            words = [fitted[number] for number in kept if number < len(fitted)]
            found.append("".join(words) if tokens == "characters" else " ".join(words))
    return found
