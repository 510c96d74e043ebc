"""What stands in a field: a value, none yet, or the several values of several nodes; and how it is written."""

import re
from dataclasses import dataclass
from typing import Final

from nndesigner.expression import Expression
from nndesigner.graph import Value


class Missing:
    """The value of a required param that nobody has set."""


MISSING: Final = Missing()


@dataclass(frozen=True)
class Various(Missing):
    """The values of several nodes that do not agree."""

    values: tuple["Shown", ...]


Shown = Value | Missing


def text_of(value: Shown) -> str:
    """A value as it stands in a field: `3, 5`, `1e-8`, `same`, and nothing for None."""
    match value:
        case None | Missing():
            return ""
        case Expression(text=text):
            return f"= {text}"
        case bool():
            return str(value)
        case float():
            return re.sub(r"e([+-])0*(\d)", lambda found: "e" + found[1].strip("+") + found[2], repr(value))
        case tuple():
            return ", ".join(text_of(one) or "none" for one in value) or "()"
        case _:
            return str(value)
