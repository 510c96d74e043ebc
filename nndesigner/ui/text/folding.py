"""The lines at the end of a script in which the program keeps the layout: out of sight, and still part of the text."""

import re

MARK = "# nndesigner"
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffc]")
_MARGIN = re.compile(r"^[ \t]+", re.MULTILINE)


def folded(text: str) -> tuple[str, str]:
    """What is shown of a script, and the rest of it: the lines of the layout with the blank ones around them."""
    lines = text.split("\n")
    count = _without_blank(lines, len(lines))
    while count and lines[count - 1].startswith(MARK):
        count -= 1
    shown = "\n".join(lines[: _without_blank(lines, count)])
    return shown, text[len(shown) :]


def unfolded(shown: str, tail: str) -> str:
    """The whole text; what is shown may bring lines of the layout of its own, as what is pasted does."""
    _, own = folded(shown)
    return shown + ("\n" if own.strip() else tail)


def plain(text: str) -> str:
    """A text as an editor can hold it: line breaks are \\n, margins are spaces, nothing in it can't be seen."""
    for other in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(other, "\n")
    text = _MARGIN.sub(lambda found: found.group().expandtabs(4), text)
    return _STRANGE.sub("", text).replace("\u00a0", " ")


def _without_blank(lines: list[str], count: int) -> int:
    while count and not lines[count - 1].strip():
        count -= 1
    return count
