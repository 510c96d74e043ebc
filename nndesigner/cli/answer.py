"""What a command answers: an exit code and one object, and what it says to a person on the way."""

import argparse
import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

Answer = tuple[int, dict[str, Any]]
FAILED, WRONG_USE = 1, 2


class WrongUse(Exception):
    """The command was called with something that can't be meant; its text is for people."""


@dataclass(frozen=True)
class Command:
    """A command: what runs it, a sentence about it, and what adds its options to a parser."""

    run: Callable[[argparse.Namespace], Answer]
    sentence: str
    options: tuple[Callable[[argparse.ArgumentParser], object], ...] = ()


def say(chosen: argparse.Namespace, words: str) -> None:
    """Tells a person something, unless an object is all that was asked for."""
    if not chosen.json and not getattr(chosen, "quiet", False):
        print(words, flush=True)


def print_json(answer: dict[str, Any]) -> None:
    """The answer as one line, in which what the terminal does not know stands as JSON writes it."""
    line = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(answer, allow_nan=False)
    print(line, flush=True)


def table(chosen: argparse.Namespace, rows: Sequence[tuple[str, ...]], right: Collection[int] = ()) -> None:
    """Rows under one another, the columns of numbers on the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        say(chosen, "  ".join(cells).rstrip())
