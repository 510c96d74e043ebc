"""Texts with the tokens they are divided into."""

from collections.abc import Callable

from tokenizers import Tokenizer

from nndesigner.data.showing.asked import Asked
from nndesigner.data.shown import Sample, Text, Token
from nndesigner.data.wording import pieces
from nndesigner.graph import Value


def texts_of(asked: Asked) -> list[Sample]:
    """Texts as samples, each with its tokens and what becomes of them."""
    shown = asked.shown
    setting = shown.data_set.values(asked.params)
    divided, length = str(setting["tokens"]), int(str(setting["length"]))
    sorts = {one.name: one.sort for one in shown.data_set.fields}
    # A text of its own is followed by its end; a piece of a long one by the next token, which is to be told.
    seen = length + 1 if "corpus" in sorts.values() else length - 1
    tokens_of = {
        name: _divider(
            divided, _vocabulary(asked, name, divided, setting["vocabulary"])
        )
        for name, sort in sorts.items()
        if sort in ("text", "pair", "corpus")
    }
    found = []
    for row in asked.rows:
        texts = []
        for name, tokens in tokens_of.items():
            text = str(shown.arrays[name][row])[:4000]
            told = [
                one if place < seen else Token(one.text, "cut")
                for place, one in enumerate(tokens(text))
            ]
            texts.append(Text(name, text, tuple(told[:400])))
        found.append(Sample(shown.number(row), shown.label_of(row), texts=tuple(texts)))
    return found


def _divider(divided: str, fitted: list[str]) -> Callable[[str], list[Token]]:
    """What divides a text into tokens, and knows which of them are in the vocabulary."""
    if divided == "bpe":
        learned = Tokenizer.from_str(fitted[0])
        return lambda text: [
            Token(one, "unknown" if one == "<unknown>" else "")
            for one in learned.encode(text).tokens
        ]
    known = frozenset(fitted)
    return lambda text: [
        Token(one, "" if one in known else "unknown") for one in pieces(text, divided)
    ]


def _vocabulary(asked: Asked, name: str, divided: str, size: Value) -> list[str]:
    worded, training = asked.shown.worded, asked.training
    key = (
        name,
        divided,
        size,
        training.split,
        training.split_seed,
        training.validation,
        training.test,
    )
    if key not in worded:
        step = next(one for one in asked.how.prepare if one.inputs[0] == name)
        assert step.fit is not None
        train = asked.shown.arrays[name][asked.training_part]
        worded[key] = step.fit.function(train, **step.fit.arguments)
    return worded[key]
