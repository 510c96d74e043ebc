"""A source parsed even where it is broken: the statements that are no Python are left out, each with a remark.

Where the whole can't be parsed, it is split into statements by its brackets and margins, and each is parsed alone: what
is right stays, what is wrong is looked into, down to the single statement that is to blame. So one mistake costs one
statement, and the work stays in proportion to the length of the text, however much is wrong in it.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nndesigner.script.reader.reading import Remark

_MOST_REMARKS = 200
_MOST_LINES = 2000  # of one statement that is never closed
_MOST_CONTINUED = 500  # lines that end in a backslash
_DEEPEST = 90  # statements inside one another; Python itself takes 100
_WORK = 12  # how often each letter is looked at, at most
_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n]* )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<end> \n )
    | (?P<long> \"{3} [^"\\]* (?: (?: \\(?:.|\Z) | "(?!"") ) [^"\\]* )* (?: \"{3} | \Z ) )
    | (?P<other_long> '{3} [^'\\]* (?: (?: \\(?:.|\Z) | '(?!'') ) [^'\\]* )* (?: '{3} | \Z ) )
    | (?P<text> " [^"\\\n]* (?: \\(?:.|\Z) [^"\\\n]* )* "? | ' [^'\\\n]* (?: \\(?:.|\Z) [^'\\\n]* )* '? )
    | (?P<goes_on> \\\n )
    """,
    re.VERBOSE | re.DOTALL,
)
_HEAD = re.compile(
    r"(async\s|def\b|class\b|if\b|for\b|while\b|with\b|try\b|match\b|case\b|elif\b|else\b|except\b|finally\b)"
)
_CLAUSE = re.compile(r"(elif|else|except|finally)\b")
_BEGINS = re.compile(
    r"(def|class|return|if|elif|else|for|while|with|try|except|finally|import|from|async|raise|assert|del|pass|break"
    r"|continue|global|nonlocal|yield|await|match)\b|@|[\w.]+(\[[^\]]*\])?(\s*,\s*[\w.]+)*(\s*:\s*[\w.\[\], ]+)?\s*"
    r"([-+*/@%&|^]|//|\*\*|>>|<<)?=(?!=)|(self|super|nn)\b"
)  # fmt: skip
_BODY = "\n" + " " * 200 + "pass"
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_TOO_MUCH = "too much is wrong here to be read"
_FAILURES = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


def parsed(text: str) -> tuple[ast.Module, list[Remark]]:
    """The statements of a text, and a remark for each that had to be left out. Numbers of lines stay."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    remarks = []
    if (place := text.find("\0")) >= 0:
        remarks.append(Remark("this is no text: it holds null bytes", text.count("\n", 0, place) + 1))
        text = text.replace("\0", " ")
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    text = _without_long_continuations(text, remarks)
    try:
        return _tree(text), remarks
    except _FAILURES:
        pass
    repair = _Repair(text)
    repair.block(0, len(repair.statements), 0)
    remarks += repair.remarks
    try:
        tree = _tree("\n".join(repair.lines))
    except _FAILURES:
        remarks.append(Remark("this is no Python that can be read"))
        tree = ast.Module([], [])
    remarks.sort(key=lambda one: one.line)
    return tree, remarks


def _without_long_continuations(text: str, remarks: list[Remark]) -> str:
    """The text without statements that go on by a backslash over very many lines: Python's own parser takes a time for
    them that grows with the square of their length.
    """
    if text.count("\\\n") <= _MOST_CONTINUED:
        return text
    lines = text.split("\n")
    first = 0
    for number, line in enumerate(lines):
        if line.endswith("\\"):
            continue
        if number - first > _MOST_CONTINUED:
            remarks.append(Remark(f"this goes on over {number - first:,} lines and is left out", first + 1))
            lines[first : number + 1] = [_white(lines[first]) + "pass"] + [""] * (number - first)
        first = number + 1
    return "\n".join(lines)


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text + "\n")


@dataclass(frozen=True, slots=True)
class _Statement:
    """The lines of a statement, or of the head of one, counted from 0, both inclusive.

    `stop` is where its code ends in the last of them, before a comment; `missing` are the brackets that are never closed.
    """

    first: int
    last: int
    margin: int
    stop: int
    missing: str


class _Repair:
    """A text on its way to be parsed: its lines, in which what is wrong is replaced by `pass`."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.remarks: list[Remark] = []
        self._text = text
        self._work = _WORK * len(text) + 1_000_000
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.statements = list(self._split(0, len(self.lines)))

    # Statements.

    def _split(self, first: int, end: int) -> Iterator[_Statement]:
        while first < end:
            bare = self.lines[first].strip()
            if not bare or bare.startswith("#"):
                first += 1
                continue
            found = self._statement(first, end)
            yield found
            first = found.last + 1

    def _statement(self, first: int, end: int) -> _Statement:
        """The statement that begins in a line. It ends where its brackets are closed; where they never are, or not to any
        good, before the next line that looks like the beginning of another.
        """
        margin = _margin(self.lines[first])
        if self._work < 0:
            end = first + 1
        stop, last, opened = self._followed(first, min(end, first + _MOST_LINES))
        if not opened and not self._swallows(first, last, margin):
            return _Statement(first, last, margin, stop, "")
        last = first
        if not (_HEAD.match(self.lines[first].strip()) and self.lines[first].rstrip().endswith(":")):
            while last + 1 < end and not self._begins(last + 1, margin):
                last += 1
        while last > first and not self.lines[last].strip():
            last -= 1
        stop, _, opened = self._followed(first, last + 1)
        return _Statement(
            first, last, margin, stop, "".join(_CLOSING.get(sign, "") for sign in reversed(opened))
        )

    def _swallows(self, first: int, last: int, margin: int) -> bool:
        """Whether some lines that are closed are one statement and the beginning of others, joined by a mistake."""
        if not any(self._begins(line, margin) for line in range(first + 1, last + 1)):
            return False
        return self._problem(first, last) is not None and self._problem(first, last, _BODY) is not None

    def _begins(self, line: int, margin: int) -> bool:
        text = self.lines[line]
        return bool(text.strip()) and _margin(text) <= margin and _BEGINS.match(text.strip()) is not None

    def _followed(self, first: int, end: int) -> tuple[int, int, list[str]]:
        """Where the code that begins in a line ends in its last line, which that is, and what is still open there."""
        opened: list[str] = []
        line, stop = first, -1
        start, finish = self._starts[first], self._starts[end] - 1
        for token in _TOKEN.finditer(self._text, start, finish):
            sort, words = token.lastgroup, token[0]
            if sort == "open":
                opened.append(words)
            elif sort == "close":
                if opened:
                    opened.pop()
            elif sort == "comment":
                stop = token.start() - self._starts[line]
            elif sort == "end":
                if not opened:
                    finish = token.start()
                    break
                line, stop = line + 1, -1
            else:
                line += words.count("\n")
                if sort in ("long", "other_long") and (len(words) < 6 or words[-3:] != words[:3]):
                    opened.append(words[:3])
        self._work -= finish - start
        line = min(line, end - 1)
        return (stop if stop >= 0 else len(self.lines[line])), line, opened

    # Repairs.

    def block(self, begin: int, end: int, depth: int) -> None:
        """Repairs statements that stand together, given by their numbers."""
        if begin >= end:
            return
        margin, whole = self.statements[begin].margin, _white(self.lines[self.statements[begin].first])
        astray = False
        if not depth and margin:
            margin, whole = 0, ""
        while begin < end:
            one = self.statements[begin]
            moved = one.margin != margin
            if moved:
                self.lines[one.first] = whole + self.lines[one.first].lstrip()
                if not astray:
                    self._say(
                        "this line stands deeper or less deep than those around it; it is read as one of them",
                        one.first,
                    )
            astray = moved
            upto = self._whole(begin, end)
            self._chunk(begin, upto, depth)
            begin = upto

    def _whole(self, begin: int, end: int) -> int:
        """The number of the first statement that does not belong to one: with its decorators, its body, its clauses."""
        margin = self.statements[begin].margin
        one = begin
        while (
            one + 1 < end and self._first(one).startswith("@") and self.statements[one + 1].margin == margin
        ):
            one += 1
        if not _HEAD.match(self._first(one)):
            return one + 1
        one += 1
        while one < end:
            deeper = self.statements[one].margin > margin
            if not deeper and not (self.statements[one].margin == margin and _CLAUSE.match(self._first(one))):
                break
            one += 1
        return one

    def _first(self, number: int) -> str:
        return self.lines[self.statements[number].first].strip()

    def _chunk(self, begin: int, end: int, depth: int) -> None:
        """Repairs one statement, whatever belongs to it."""
        first, last = self.statements[begin].first, self.statements[end - 1].last
        if depth > _DEEPEST or (self._work < 0 and depth):
            self._drop(first, last, "nested too deep to be read" if depth > _DEEPEST else _TOO_MUCH)
            return
        if self._problem(first, last) is None:
            return
        if self._work < 0:
            self._drop(first, last, _TOO_MUCH)
            return
        while end - begin > 1 and self._first(begin).startswith("@"):
            one = self.statements[begin]
            if (problem := self._problem(one.first, one.last, "\ndef f(): pass")) is not None:
                self._leave(one, problem)
                self.lines[one.first] = ""  # nothing may stand between decorators
            begin += 1
        if end - begin == 1 and not self._is_bare_head(begin):
            self._leaf(begin)
            return
        self._clauses(begin, end, depth)

    def _is_bare_head(self, number: int) -> bool:
        one = self.statements[number]
        line = self.lines[one.last][: one.stop].rstrip()
        return _HEAD.match(self._first(number)) is not None and line.endswith(":")

    def _clauses(self, begin: int, end: int, depth: int) -> None:
        """Repairs a compound statement: its heads, and what is inside each."""
        margin = self.statements[begin].margin
        heads = [begin, *(n for n in range(begin + 1, end) if self.statements[n].margin == margin), end]
        starts = [self.statements[n].first for n in heads[:-1]]
        for head, upto in pairwise(heads):
            self._head(head)
            if upto - head > 1:
                self.block(head + 1, upto, depth + 1)
            elif self._is_bare_head(head):
                one = self.statements[head]
                self._say("this is no Python (an indented block is missing here)", one.last)
                self.lines[one.last] = self.lines[one.last][: one.stop] + " pass"
        first, last = starts[0], self.statements[end - 1].last
        while len(starts) > 1 and (problem := self._problem(first, last)) is not None:
            again = starts.pop()
            if re.match(r"try\s*:", self.lines[first].strip()) and len(starts) == 1:
                break
            self._drop(again, last, problem[0], again)
            self.lines[again] = ""
            last = again - 1
        if (problem := self._problem(first, last)) is None:
            return
        if re.match(r"try\s*:", self.lines[first].strip()):
            self.lines[first] = re.sub(r"try\s*:", "if 1:", self.lines[first], count=1)
            self._say(
                f"this is no Python ({problem[0]}); what stands in it is read as if it always went well",
                first,
            )
            if self._problem(first, last) is None:
                return
        self._drop(first, last, *problem)

    def _head(self, number: int) -> None:
        """Repairs the first line of a compound statement, if a colon or a bracket is all it lacks."""
        one = self.statements[number]
        text = self.lines[one.last][: one.stop].rstrip()
        if _CLAUSE.match(self._first(number)) or re.match(r"try\b|case\b", self._first(number)):
            if not text.endswith(":"):
                self._say("this is no Python (expected ':'); it is read as if it was there", one.last)
                self.lines[one.last] = text + ":"
            return
        whole = self.lines[one.last]
        body = _BODY.replace("pass", "case _: pass") if self._first(number).startswith("match") else _BODY
        problem = self._problem(one.first, one.last, body)
        if problem is None:
            return
        bare = text.removesuffix(":")
        for tried in (text + ":", bare + one.missing + ":"):
            self.lines[one.last] = tried
            if self._problem(one.first, one.last, body) is None:
                self._say(f"this is no Python ({problem[0]}); it is read as if it was there", problem[1])
                return
        self.lines[one.last] = whole

    def _leaf(self, number: int) -> None:
        """Repairs a statement that has nothing inside, by leaving it out, or as much of it as must be."""
        one = self.statements[number]
        problem = self._problem(one.first, one.last)
        if problem is None:
            return
        if one.missing and one.last >= len(self.lines) - 2 and self._closed(one):
            return
        self._leave(one, problem)

    def _closed(self, one: _Statement) -> bool:
        """Whether a statement the text ends in can be closed behind its last whole line, as it then is."""
        last = one.last
        if not self.lines[last].rstrip().endswith(","):
            last -= 1
        if last <= one.first or not self.lines[last].rstrip().endswith(","):
            return False
        before = self.lines[last : one.last + 1]
        _, _, opened = self._followed(one.first, last + 1)
        self.lines[last] += "".join(_CLOSING.get(sign, "") for sign in reversed(opened))
        self.lines[last + 1 : one.last + 1] = [""] * (one.last - last)
        if self._problem(one.first, one.last) is not None:
            self.lines[last : one.last + 1] = before
            return False
        shown = before[-1].strip() if one.last > last else ""
        self._say(
            "the text ends in the middle of this" + (f"; {_short(shown)} is left out" if shown else ""),
            one.last,
        )
        return True

    def _leave(self, one: _Statement, problem: tuple[str, int]) -> None:
        self._drop(one.first, one.last, *problem)

    def _drop(self, first: int, last: int, reason: str, line: int | None = None) -> None:
        """Leaves lines out, and says why."""
        line = first if line is None else min(max(first, line), last)
        shown = self.lines[line].strip()
        reason = f"this is no Python ({reason})"
        count = last - first
        more = f" and {count:,} more line{'s' * (count > 1)} are left out" if count else " is left out"
        self._say(f"{reason}; {_short(shown) if shown else 'it'}{more}", line)
        white = _white(self.lines[first])
        self.lines[first : last + 1] = [white + "pass"] + [""] * (last - first)

    def _say(self, message: str, line: int) -> None:
        if len(self.remarks) < _MOST_REMARKS:
            self.remarks.append(Remark(message, line + 1))

    def _problem(self, first: int, last: int, behind: str = "") -> tuple[str, int] | None:
        """What is wrong with some lines taken by themselves, and in which of them; None if they are right."""
        lines = self.lines[first : last + 1]
        inside = bool(_white(lines[0]))
        text = "\n".join(["if 1:", *lines] if inside else lines) + behind
        self._work -= len(text)
        try:
            _tree(text)
        except SyntaxError as error:
            where = first + (error.lineno or 1) - (2 if inside else 1)
            return _words(error.msg or "no Python"), min(max(first, where), last)
        except ValueError:
            return "a number or a text that can't be read", first
        except (MemoryError, RecursionError, OverflowError):
            return "nested too deep to be read", first
        return None


def _margin(line: str) -> int:
    """How deep a line stands; a tab leads to the next multiple of eight, as in Python."""
    return len(_white(line).expandtabs(8))


def _white(line: str) -> str:
    bare = line.lstrip(" \t\f")
    return line[: len(line) - len(bare)].replace("\f", "")


def _short(words: str) -> str:
    return repr(words[:60])


def _words(reason: str) -> str:
    reason = reason.partition(". Perhaps")[0].partition(". Did")[0].partition(" (detected at")[0]
    return re.sub(r" on line \d+", "", reason)
