"""The formula of a kind as a tree: fractions, powers, indices, roots, and what stands between brackets."""

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˣᵀᵖⁿᵗ", "0123456789+−()xTpnt", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₚₜₓᵦ", "0123456789+−ijklmnptxb", strict=True))
_CLOSED = {"(": ")", "[": "]", "{": "}", "⌊": "⌋⌉", "|": "|", "‖": "‖"}
_SUMS = "ΣΠ∫"
# What ends a numerator to the left.
_PARTS = frozenset("=,;:+−→←<>≤≥≠×?~∈∧∨⋆↗↘")
_WORDS = frozenset(("if", "else", "then", "of", "over", "below", "above", "with", "between", "where", "for"))


class FormulaError(ValueError):
    """A formula that can't be read."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Letters, digits or an operator; a variable `leans`. `apart` tells of a space before it."""

    text: str
    leans: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Parts side by side."""

    parts: "tuple[Part, ...]"
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Scripts:
    """A part with something small above or below at its right."""

    base: "Part"
    above: "Part | None" = None
    below: "Part | None" = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    """A part over another."""

    top: "Part"
    bottom: "Part"
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """The square root of a part."""

    inside: "Part"
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Fence:
    """A part between brackets, which grow with it."""

    opened: str
    inside: "Part"
    closed: str
    apart: bool = False


Part = Sign | Row | Scripts | Fraction | Root | Fence


def read(text: str) -> Row:
    """The tree of a formula; raises `FormulaError` where a bracket has no other, or a part is missing."""
    reader = _Reader(text)
    row = reader.row("")
    if not reader.is_over:
        raise FormulaError(f"{text!r}: nothing opened the {reader.here!r} at {reader.at}")
    return row


class _Reader:
    """A formula, read from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    @property
    def is_over(self) -> bool:
        return self.at >= len(self._text)

    @property
    def here(self) -> str:
        return self._text[self.at : self.at + 1]

    def row(self, closers: str) -> Row:
        """All up to the end or one of the closing signs, which stays."""
        parts: list[Part] = []
        while not self.is_over and self.here not in closers:
            before = parts[-1] if parts else None
            if self.here in _RAISED or self.here in _LOWERED or self._is_power():
                if before is None:
                    raise FormulaError(f"{self._text!r}: nothing to raise or lower at {self.at}")
                parts[-1] = self._scripted(before)
                continue
            apart = self._skip()
            if self.is_over or self.here in closers:
                break
            if self._is_stray_closer():
                break
            parts.append(replace(self._atom(before), apart=apart and bool(parts)))
        return Row(_with_fractions(_upright_articles(parts), self._text))

    def _skip(self) -> bool:
        start = self.at
        while self.here == " ":
            self.at += 1
        return self.at > start

    def _is_power(self) -> bool:
        return self._text[self.at :].lstrip(" ").startswith("^")

    def _is_stray_closer(self) -> bool:
        return self.here in ")]}⌋⌉"

    def _atom(self, before: Part | None) -> Part:
        sign = self.here
        if sign == "√":
            self.at += 1
            return Root(self._whole())
        if sign in _CLOSED and (sign not in "|‖" or _opens(before)):
            return self._fenced()
        if sign in ")]}⌋⌉":
            raise FormulaError(f"{self._text!r}: nothing opened the {sign!r} at {self.at}")
        if sign.isalpha() and sign not in _SUMS:
            return self._word()
        if sign.isdigit():
            return Sign(self._run(lambda one: one.isdigit() or one == "."))
        self.at += 1
        return Sign(sign)

    def _whole(self) -> Part:
        """What stands under a root or above as a power: one part with its scripts, after a sum or a minus the next too."""
        self._skip()
        if self.is_over:
            raise FormulaError(f"{self._text!r}: it ends where a part is missing")
        leads = self.here in _SUMS or self.here == "−"
        part = self._atom(None)
        while self.here in _RAISED or self.here in _LOWERED:
            part = self._scripted(part)
        if isinstance(part, Fence) and part.opened == "(":
            return part.inside
        return Row((part, self._whole())) if leads else part

    def _fenced(self) -> Fence:
        opened, start = self.here, self.at
        self.at += 1
        inside = self.row(_CLOSED[opened])
        if self.is_over or self.here not in _CLOSED[opened]:
            raise FormulaError(f"{self._text!r}: nothing closes the {opened!r} at {start}")
        closed = self.here
        self.at += 1
        return Fence(opened, inside, closed)

    def _word(self) -> Sign:
        def goes_on(one: str) -> bool:
            known = one in _RAISED or one in _LOWERED or one in _SUMS
            return not known and (one.isalnum() or one == "_" or unicodedata.category(one) == "Mn")

        word = self._run(goes_on)
        return Sign(
            word, leans=sum(unicodedata.category(one) != "Mn" for one in word) == 1 and word not in "ℝ"
        )

    def _run(self, goes_on) -> str:  # type: ignore[no-untyped-def]
        word = "".join(itertools.takewhile(goes_on, self._text[self.at :]))
        self.at += len(word)
        return word

    def _scripted(self, base: Part) -> Scripts:
        found = base if isinstance(base, Scripts) else Scripts(base, apart=base.apart)
        if self.here in _RAISED:
            return replace(found, above=self._small(_RAISED))
        if self.here in _LOWERED:
            return replace(found, below=self._small(_LOWERED))
        self._skip()
        self.at += 1  # the ^
        return replace(found, above=self._whole())

    def _small(self, table: dict[str, str]) -> Row:
        letters = [table[one] for one in self._run(lambda one: one in table)]
        return Row(tuple(Sign(one, leans=one.isalpha() and one != "T") for one in letters))


def _opens(before: Part | None) -> bool:
    """Whether a bar after this part is the first of a pair."""
    return before is None or (isinstance(before, Sign) and not before.leans and not before.text.isdigit())


def _upright_articles(parts: list[Part]) -> list[Part]:
    """“a” and “d” are variables, but “a place” begins a sentence."""
    found = list(parts)
    for place, (one, following) in enumerate(itertools.pairwise(parts)):
        if not isinstance(one, Sign) or one.text != "a" or not isinstance(following, Sign):
            continue
        if following.apart and len(following.text) > 1 and following.text.isalpha():
            found[place] = replace(one, leans=following.text in _WORDS)
    return found


def _with_fractions(parts: Sequence[Part], text: str) -> tuple[Part, ...]:
    found: list[Part] = []
    rest = list(parts)
    while rest:
        part = rest.pop(0)
        if not (isinstance(part, Sign) and part.text == "/"):
            found.append(part)
            continue
        top: list[Part] = []
        while found and not _parts_terms(found[-1]):
            top.insert(0, found.pop())
        bottom: list[Part] = [rest.pop(0)] if rest else []
        while rest and bottom and (not rest[0].apart or _leads(rest[0]) or _leads(bottom[-1])):
            if isinstance(rest[0], Sign) and (_parts_terms(rest[0]) or rest[0].text == "/"):
                break
            bottom.append(rest.pop(0))
        if not top or not bottom:
            raise FormulaError(f"{text!r}: a fraction lacks a part")
        apart = top[0].apart
        found.append(Fraction(_one([replace(top[0], apart=False), *top[1:]]), _bare(bottom), apart))
    return tuple(found)


def _parts_terms(part: Part) -> bool:
    return isinstance(part, Sign) and (part.text in _PARTS or part.text in _WORDS)


def _leads(part: Part) -> bool:
    """Whether it draws what follows along."""
    return isinstance(part, Sign) and part.text in ("·", "Σ", "Π")


def _one(parts: Sequence[Part]) -> Part:
    if len(parts) > 1:
        return Row(tuple(parts))
    return _bare(parts)


def _bare(parts: Sequence[Part]) -> Part:
    """A fraction needs no brackets round a whole part of it."""
    first = replace(parts[0], apart=False)
    if len(parts) == 1:
        return first.inside if isinstance(first, Fence) and first.opened == "(" else first
    return Row((first, *parts[1:]))
