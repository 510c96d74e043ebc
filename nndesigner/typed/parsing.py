"""The line's grammar: words to a tree of steps, without knowing yet what they mean.

    line   = chain
    chain  = step { ">" step }
    step   = layer [ times ] | "[" chain { "," chain } "]" [ times ] | "(" chain ")" [ times ] | times
    layer  = [ name "=" ] name { "." name } [ "(" [ value { "," value } ] ")" ]
    value  = [ name "=" ] ( number | text | name [ "." name ] | tuple )
    times  = "x" number          (or × or *)

A branch may be empty: what comes in passes by, as in a residual connection. Brackets that are still open at the end of
the line count as closed there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from nndesigner.graph import Value
from nndesigner.typed.values import number
from nndesigner.typed.words import Word, words_of

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong from `start` up to `end` of the line. An `unfinished` one is at the end, where one still types."""

    start: int
    end: int
    words: str
    unfinished: bool = False


class Stopped(Exception):
    """The line can't be read on."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.words)
        self.mistake = mistake


@dataclass(frozen=True, slots=True)
class Bare:
    """A word that stands for a choice, or for a node, perhaps with one of its outputs."""

    name: str
    output: str = ""

    def __str__(self) -> str:
        return f"{self.name}.{self.output}" if self.output else self.name


@dataclass(frozen=True, slots=True)
class Argument:
    """A value in a layer's brackets, with its name if it is written."""

    name: str
    value: Value | Bare
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer, or a node that is there already. `torch` tells that it is written as in a line of PyTorch."""

    label: str
    name: str
    output: str
    arguments: tuple[Argument, ...]
    called: bool
    torch: bool
    repeat: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Branches:
    """Chains side by side, each fed by what came before."""

    chains: tuple["Chain", ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """A chain in brackets, or branches, so many times one after the other."""

    chain: "Chain"
    times: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Times:
    """The part before it is there so many times."""

    times: int
    start: int
    end: int


Item = Layer | Branches | Group | Times
Chain = tuple[Item, ...]


def parse(line: str) -> tuple[Chain, Mistake | None]:
    """The steps of a line as far as it can be read, and the first mistake."""
    reader = _Reader(words_of(line))
    items: list[Item] = []
    try:
        reader.chain(items, 0)
        reader.expect_end()
    except Stopped as stop:
        return tuple(items), stop.mistake
    return tuple(items), None


class _Reader:
    """Goes through the words of a line, one after the other."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words, self._at = words, 0

    @property
    def _now(self) -> Word:
        return self._words[self._at]

    def _next(self) -> Word:
        return self._words[min(self._at + 1, len(self._words) - 1)]

    def _take(self) -> Word:
        word = self._now
        self._at = min(self._at + 1, len(self._words) - 1)
        return word

    def _done(self) -> bool:
        return self._now.sort == "end"

    def _last_end(self) -> int:
        return self._words[self._at - 1].end

    def _wrong(self, words: str, word: Word | None = None) -> Stopped:
        word = word or self._now
        return Stopped(Mistake(word.start, max(word.end, word.start + 1), words, word.sort == "end"))

    def _stop(self, words: str, word: Word | None = None) -> NoReturn:
        raise self._wrong(words, word)

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self._now.sort != "end":
            self._stop(f"A > belongs before {self._now.text!r}, between one layer and the next")

    def chain(self, items: list[Item], depth: int, closing: str = "") -> None:
        """Reads steps into `items`, so that those before a mistake are known."""
        if depth > _DEEPEST:
            self._stop(f"Brackets go {_DEEPEST} deep at most")
        if self._now.is_(">"):
            self._take()
        while True:
            if self._done() or (closing and self._now.is_(closing)) or self._ends_branch(closing):
                return
            items.append(self._step(depth))
            if not self._now.is_(">"):
                return
            self._take()

    def _ends_branch(self, closing: str) -> bool:
        return closing == "]" and self._now.is_(",")

    def _step(self, depth: int) -> Item:
        word = self._now
        if (times := self._times()) is not None:
            return Times(times, word.start, self._last_end())
        if word.is_("["):
            return self._branches(depth)
        if word.is_("("):
            return self._group(depth)
        if word.sort == "name":
            return self._layer()
        if word.is_(">"):
            self._stop("A layer belongs between > and >")
        raise self._wrong(f"A layer belongs here, not {word.text!r}" if word.text else "A layer belongs here")

    def _times(self) -> int | None:
        word = self._now
        if (times := word.times) is not None and not self._next().is_("(") and not self._next().is_("="):
            self._take()
        elif (word.is_("×") or word.is_("*")) and self._next().sort == "number":
            self._take()
            if not self._now.text.isdecimal():
                self._stop("How often it is repeated is a whole number, such as x3")
            times = int(self._take().text)
        else:
            return None
        if not 1 <= times <= 1000:
            self._stop(f"It is repeated 1 to 1000 times, not {times}", word)
        return times

    def _branches(self, depth: int) -> Item:
        opened = self._take()
        chains: list[Chain] = []
        while True:
            items: list[Item] = []
            self.chain(items, depth + 1, "]")
            chains.append(tuple(items))
            if self._now.is_("]") or self._done():
                break
            if not self._now.is_(","):
                self._stop("A comma or ] belongs here: branches stand in [ and ], with commas between them")
            self._take()
        self._take()
        found = Branches(tuple(chains), opened.start, self._last_end())
        times = self._times()
        return found if times is None else Group((found,), times, opened.start, self._last_end())

    def _group(self, depth: int) -> Item:
        opened = self._take()
        items: list[Item] = []
        self.chain(items, depth + 1, ")")
        if not self._now.is_(")") and not self._done():
            self._stop("A ) belongs here, to close the part in brackets")
        self._take()
        times = self._times()
        return Group(tuple(items), 1 if times is None else times, opened.start, self._last_end())

    def _layer(self) -> Layer:
        first = self._take()
        label = ""
        if self._now.is_("="):
            self._take()
            label = first.text
            if self._now.sort != "name":
                self._stop(f"A layer belongs after {label} =")
            name = self._take()
        else:
            name = first
        parts = [name.text]
        while self._now.is_("."):
            self._take()
            if self._now.sort != "name":
                self._stop("A name belongs after the point")
            parts.append(self._take().text)
        torch = len(parts) > 1 and parts[:-1] in (["nn"], ["F"], ["torch", "nn"], ["torch"])
        if torch:
            parts = parts[-1:]
        if len(parts) > 2:
            self._stop("One output of a node is written as conv1.output", name)
        arguments: tuple[Argument, ...] = ()
        called = self._now.is_("(")
        if called:
            arguments = self._arguments()
        end = self._last_end()
        times = self._times() or 1
        output = parts[1] if len(parts) == 2 else ""
        return Layer(label, parts[0], output, arguments, called, torch, times, name.start, end)

    def _arguments(self) -> tuple[Argument, ...]:
        self._take()
        found: list[Argument] = []
        while not self._now.is_(")") and not self._done():
            found.append(self._argument())
            if self._now.is_(","):
                self._take()
            elif not self._now.is_(")") and not self._done():
                self._stop("A comma or ) belongs here")
        self._take()
        return tuple(found)

    def _argument(self) -> Argument:
        start, name = self._now.start, ""
        if self._now.sort == "name" and self._next().is_("="):
            name = self._take().text
            self._take()
        value = self._value(0)
        return Argument(name, value, start, self._last_end())

    def _value(self, depth: int) -> Value | Bare:
        word = self._now
        if word.is_("-") and self._next().sort == "number":
            self._take()
            return -number(self._take().text)
        if word.sort == "number":
            return self._number()
        if word.sort == "text":
            return self._take().text[1:-1]
        if word.sort == "name":
            return self._bare()
        if (word.is_("(") or word.is_("[")) and depth < _DEEPEST:
            return self._tuple(")" if word.is_("(") else "]", depth)
        raise self._wrong("A value belongs here, such as 3, 0.5, same or (3, 3)")

    def _number(self) -> Value:
        """A number, or sizes such as 3x5."""
        first = self._take()
        sizes, end = [number(first.text)], first.end
        while self._now.times is not None and self._now.start == end:
            end = self._now.end
            sizes.append(self._take().times or 0)
        return tuple(sizes) if len(sizes) > 1 else sizes[0]

    def _bare(self) -> Bare:
        word = self._take()
        text, end = word.text, word.end
        while self._now.is_("-") and self._now.start == end and self._next().start == self._now.end:
            self._take()  # names of data sets have hyphens
            end = self._now.end
            text += f"-{self._take().text}"
        if self._now.is_(".") and self._next().sort == "name":
            self._take()
            return Bare(text, self._take().text)
        return Bare(text)

    def _tuple(self, closing: str, depth: int) -> Value:
        self._take()
        found: list[Value] = []
        while not self._now.is_(closing) and not self._done():
            value = self._value(depth + 1)
            if isinstance(value, Bare):
                known = {"None": None, "none": None, "True": True, "False": False}
                if str(value) not in known:
                    self._stop("Several values in brackets are numbers, such as (3, 3)")
                value = known[str(value)]
            found.append(value)
            if self._now.is_(","):
                self._take()
            elif self._done():
                break
            elif not self._now.is_(closing):
                self._stop(f"A comma or {closing} belongs here")
        self._take()
        return tuple(found)
