"""The words of a line: names, numbers, texts and signs, each with its place; any text at all can be cut into them."""

import re
from dataclasses import dataclass
from typing import Literal

Sort = Literal["name", "number", "text", "sign", "strange", "end"]

_WORDS = re.compile(
    r"""(?P<space>\s+)
    |(?P<arrow>->|=>|→|\|>|>)
    |(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d]\w*)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<sign>[()\[\],=.:×*-])
    |(?P<strange>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of the line, from `start` up to `end`, both counted in characters."""

    sort: Sort
    text: str
    start: int
    end: int

    def is_(self, sign: str) -> bool:
        """Whether it is this sign."""
        return self.sort == "sign" and self.text == sign

    @property
    def times(self) -> int | None:
        """How often, if it says so: `x3`."""
        found = re.fullmatch(r"[xX](\d{1,6})", self.text) if self.sort == "name" else None
        return int(found[1]) if found else None


def words_of(line: str) -> tuple[Word, ...]:
    """The line cut up, without its spaces, and with an `end` last."""
    found = []
    for match in _WORDS.finditer(line):
        match match.lastgroup:
            case "space":
                continue
            case "arrow":
                found.append(Word("sign", ">", match.start(), match.end()))
            case "name" | "number" | "text" | "sign" as sort:
                found.append(Word(sort, match[0], match.start(), match.end()))
            case _:
                found.append(Word("strange", match[0], match.start(), match.end()))
    return (*found, Word("end", "", len(line), len(line)))
