"""Lines of Python on their way into a script, each knowing which nodes it belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nndesigner.expression import Expression
from nndesigner.graph import Value

WIDTH = 88
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and the name of the node it was written for."""

    text: str
    node: str = ""


def literal(value: Value) -> str:
    """A value as Python source."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, tuple):
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return string(value) if isinstance(value, str) else repr(value)


def string(text: str) -> str:
    """Text as a Python literal in double quotes, where that needs no escapes."""
    shown = repr(text)
    return f'"{shown[1:-1]}"' if shown.startswith("'") and '"' not in shown and "\\" not in shown else shown


def call(depth: int, head: str, arguments: Sequence[str], tail: str = "", node: str = "") -> list[Line]:
    """`head(arguments)tail` in one line, or broken the way ruff breaks it."""
    margin = INDENT * depth
    one = f"{margin}{head}({', '.join(arguments)}){tail}"
    if len(one) <= WIDTH or not arguments:
        return [Line(one, node)]
    inner = f"{margin}{INDENT}{', '.join(arguments)}"
    if len(inner) <= WIDTH:
        return [Line(f"{margin}{head}(", node), Line(inner, node), Line(f"{margin}){tail}", node)]
    return [
        Line(f"{margin}{head}(", node),
        *(Line(f"{margin}{INDENT}{argument},", node) for argument in arguments),
        Line(f"{margin}){tail}", node),
    ]


def text(depth: int, *rows: str) -> list[Line]:
    """Plain lines, indented; an empty row stays empty."""
    return [Line(INDENT * depth + row if row else "") for row in rows]


def commented(line: Line, comment: str) -> Line:
    """The line with a comment behind it, where there is room."""
    longer = f"{line.text}  # {comment}"
    return Line(longer, line.node) if len(longer) <= WIDTH else line


def joined(lines: Iterable[Line]) -> tuple[str, dict[str, tuple[int, ...]]]:
    """The whole text, and for each node the numbers of its lines, counted from 1."""
    rows: list[str] = []
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines, 1):
        rows.append(line.text)
        if line.node:
            places.setdefault(line.node, []).append(number)
    return "\n".join(rows) + "\n", {name: tuple(numbers) for name, numbers in places.items()}
