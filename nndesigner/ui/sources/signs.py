"""Between a text in the window and the reader of sources: what is asked of it, and what it says as signs at lines."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from nndesigner.ui.text.marks import Sign

if TYPE_CHECKING:
    from nndesigner.script.reader.reading import Reading, Source

_ON_COMMAND_LINE = ". Give it with --input"
_LINE = re.compile(r"\bline (\d{1,7}): ")


def source_of(text: str, name: str = "") -> "Source":
    """A text to be read; `name` is where it came from, if it is known."""
    from nndesigner.script.reader.reading import Source  # brings torch

    return Source(text, name) if name else Source(text)


def signs_of(found: "Reading", *, own: bool = False) -> tuple[Sign, ...]:
    """What the reader says of lines. In a script of the canvas, a change of which is typed, sizes that follow from
    another are no errors, as the script will say them right; nor is it news what the program wrote there itself.
    """
    if not own:
        return tuple(Sign(remark.line, sentence(remark.message), remark.severity) for remark in found.remarks)
    follows = _said("{}; the script will follow")
    return tuple(
        Sign(remark.line, follows.format(remark.message), "note")
        if remark.misfit
        else Sign(remark.line, remark.message)
        for remark in found.remarks
        if remark.severity == "error"
    )


def sentence(message: str) -> str:
    """What the reader says, without what is meant for the command line."""
    return message.removesuffix(_ON_COMMAND_LINE)


def of_input(found: "Reading") -> str:
    """What is to be said of a shape that was tried out, as a sentence, or nothing."""
    said = next(
        (sentence(one.message) for one in found.remarks if one.message.endswith(_ON_COMMAND_LINE)), ""
    )
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def sign_of(words: str) -> Sign:
    """Why nothing could be read, at the line that the sentence speaks of, if it does."""
    found = _LINE.search(words)
    if found is None:
        return Sign(0, words)
    return Sign(int(found[1]), words[found.end() :] if found.start() == 0 else words)


def errors_in(signs: Iterable[Sign]) -> list[Sign]:
    """The errors in the order of their lines."""
    return sorted((sign for sign in signs if sign.severity == "error"), key=lambda sign: sign.line)


def first_line(signs: Iterable[Sign]) -> int:
    """The first line with an error, 0 without one."""
    return next((sign.line for sign in errors_in(signs) if sign.line), 0)


def sentence_of(signs: Iterable[Sign]) -> str:
    """The first error with its line, and how many more there are; nothing without one."""
    errors = errors_in(signs)
    if not errors:
        return ""
    first, more = errors[0], len(errors) - 1
    told = not first.line or _LINE.search(first.message)  # the line is named already
    words = first.message if told else _said("line {}: {}").format(first.line, first.message)
    return _said("{} (and {} more)").format(words, more) if more else words


def _said(words: str) -> str:
    return QCoreApplication.translate("Remarks", words)
