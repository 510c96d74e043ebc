"""What was said while a source was followed, and how much was done: both have an end."""

import contextlib
import time
from collections.abc import Collection, Iterator
from string import ascii_lowercase
from typing import Any

from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Code
from nndesigner.script.reader.reading import Remark
from nndesigner.script.reader.values import Unreadable, cause

_MOST_STEPS = 500_000
_MOST_REMARKS = 200
_MOST_WITHIN = 100_000


class Account:
    """The remarks so far, the line that is followed, and the steps and the time of the processor that are left."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self.line = 0
        self.nested = 0
        self.steps = 0
        self.most = _MOST_STEPS
        self.until = time.thread_time() + 60.0
        self.failures = 0  # how often something could not be read, whether it was said or not
        self.quiet = False  # while the top of the source is followed, which is no part of a network
        self.codes: dict[str, Code] = {}  # layers of code made of what can't be read
        self.own: dict[str, Kind] = {}  # layers of code that the source is known to hold
        self._weights: dict[int, tuple[Any, int]] = {}  # of lists that hold lists, by identity

    def say(self, message: str, line: int = 0, severity: Any = "error", node: str = "") -> None:
        """Notes a remark, once. What follows from what was said before is not said again."""
        if self.quiet and severity == "note":
            return
        self.failures += severity == "error"
        line = line or self.line
        where, reason = cause(message)
        if where and not node and any(one.line == where and one.severity == severity for one in self.remarks):
            return
        message = f"line {where}: {reason}" if where not in (0, line) else reason
        remark = Remark(message, line, severity, node)
        if remark not in self.remarks and len(self.remarks) < _MOST_REMARKS:
            self.remarks.append(remark)

    def count(self, more: int = 1) -> None:
        """Notes how much was done; raises `Unreadable` where it is too much."""
        self.steps += more
        if self.steps > self.most:
            raise Unreadable("this takes too many steps to follow")
        if not self.steps % 16 and time.thread_time() > self.until:
            raise Unreadable("this takes too long to follow")

    def weigh(self, made: Any) -> Any:
        """Gives back a list, tuple or dict that was just made; raises `Unreadable` where it holds too much to be looked
        through. What its lists hold is counted as often as they are held: one that holds another twice, and so on two
        hundred times, has no end.
        """
        inside = made.values() if isinstance(made, dict) else made
        held = [one for one in inside if isinstance(one, list | tuple | dict)]
        if held:
            whole = len(made) + sum(self._weights.get(id(one), (one, len(one)))[1] for one in held)
            if whole > _MOST_WITHIN:
                raise Unreadable("lists within lists hold too much here")
            self._weights[id(made)] = made, whole
        return made

    @contextlib.contextmanager
    def spared(self) -> Iterator[None]:
        """What is done inside may take a part of the steps and the time that are left: something stays for what follows."""
        if self.nested > 3:
            yield
            return
        most, until, now = self.most, self.until, time.thread_time()
        self.most = self.steps + (most - self.steps) * 3 // 4
        self.until = now + (until - now) * 0.75
        try:
            yield
        finally:
            self.most, self.until = most, until

    def own_kind(self, name: str) -> Kind | None:
        """The kind of code of one's own that the source is known to hold under this name."""
        return self.own.get(name)

    def code_name(self, taken: Collection[str]) -> str:
        """A free name for a layer of code: code_a, code_b, …"""
        letters = (f"code_{first}{second}" for first in ("", *ascii_lowercase) for second in ascii_lowercase)
        return next(name for name in letters if name not in self.codes and name not in taken)
