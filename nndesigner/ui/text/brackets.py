"""Which bracket belongs to the one at the caret."""

import re
from collections.abc import Callable, Iterator

from PySide6.QtGui import QTextBlock, QTextCursor

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_OPENERS = {closing: opening for opening, closing in _PAIRS.items()}
_BRACKET = re.compile(r"[()\[\]{}]")
_FARTHEST = 400  # lines that are looked through

Silent = Callable[[int, int], bool]  # whether what stands in a line at a column is a string or a comment


def pair_at(cursor: QTextCursor, silent: Silent) -> tuple[tuple[int, int | None], ...]:
    """The places in the document of the bracket at the caret and of the one that belongs to it, None without one."""
    block, column = cursor.block(), cursor.positionInBlock()
    words = block.text()
    for place in (column - 1, column):
        if 0 <= place < len(words) and words[place] in "()[]{}" and not silent(block.blockNumber(), place):
            return ((block.position() + place, _other(block, place, silent)),)
    return ()


def _other(block: QTextBlock, column: int, silent: Silent) -> int | None:
    bracket = block.text()[column]
    forth = bracket in _PAIRS
    opening = _PAIRS if forth else _OPENERS
    waiting: list[str] = []
    for place, found in _brackets(block, column, forth, silent):
        if found in opening:
            waiting.append(opening[found])
        elif waiting and waiting.pop() == found:
            if not waiting:
                return place
        else:
            return None
    return None


def _brackets(block: QTextBlock, column: int, forth: bool, silent: Silent) -> Iterator[tuple[int, str]]:
    """The brackets from this one on, forth or back, with their places in the document."""
    start = block.blockNumber()
    while block.isValid() and abs(block.blockNumber() - start) <= _FARTHEST:
        number = block.blockNumber()
        found = [(one.start(), one.group()) for one in _BRACKET.finditer(block.text())]
        for place, bracket in found if forth else reversed(found):
            beyond = number != start or (place >= column if forth else place <= column)
            if beyond and not silent(number, place):
                yield block.position() + place, bracket
        block = block.next() if forth else block.previous()
