"""Lines of Python on their way into a script, each knowing which nodes it belongs to."""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
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


def literal(value: Value, spelled: Mapping[str, str] | None = None) -> str:
    """A value as Python source; the names in its expressions as they are `spelled` there."""
    if isinstance(value, Expression):
        return value.source(spelled)
    if isinstance(value, tuple):
        inner = ", ".join(literal(one, spelled) for one in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{string(key)}: {literal(one, spelled)}' for key, one in value.items())}}}"
    if isinstance(value, float) and abs(value) >= 1e6 and value.is_integer():
        mantissa, _, exponent = f"{value:.15e}".partition("e")
        short = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
        return short if float(short) == value else repr(value)
    return string(value) if isinstance(value, str) else repr(value)


def string(text: str) -> str:
    """Text as a Python literal in double quotes, where that needs no escapes."""
    shown = repr(text)
    return f'"{shown[1:-1]}"' if shown.startswith("'") and '"' not in shown and "\\" not in shown else shown


def call(depth: int, head: str, arguments: Sequence[str], tail: str = "", node: str = "") -> list[Line]:
    """`head(arguments)tail` in one line, or broken the way ruff breaks it.

    A call may be wrapped in another: `outer(head(arguments))` has the head `outer(head`, and a tail that closes it.
    """
    margin = INDENT * depth
    one = f"{margin}{head}({', '.join(arguments)}){tail}"
    if len(one) <= WIDTH or not arguments:
        return [Line(one, node)]
    if "(" in head and tail.startswith(")"):
        outer, _, wrapped = head.partition("(")
        broken = call(depth + 1, wrapped, arguments, "", node)
        return [Line(f"{margin}{outer}(", node), *broken, Line(f"{margin}{tail}", node)]
    inner = f"{margin}{INDENT}{', '.join(arguments)}"
    if len(inner) <= WIDTH:
        return [Line(f"{margin}{head}(", node), Line(inner, node), Line(f"{margin}){tail}", node)]
    return [
        Line(f"{margin}{head}(", node),
        *(Line(f"{margin}{INDENT}{argument},", node) for argument in arguments),
        Line(f"{margin}){tail}", node),
    ]


def broken(depth: int, head: str, value: Value, tail: str = "") -> list[Line]:
    """`head`, a value, `tail` in one line, or a list or table in it broken the way ruff breaks it."""
    one = f"{INDENT * depth}{head}{literal(value)}{tail}"
    if len(one) <= WIDTH or not isinstance(value, tuple | Mapping) or not value:
        return [Line(one)]
    left, right = "{}" if isinstance(value, Mapping) else "()"
    items = value.items() if isinstance(value, Mapping) else (("", item) for item in value)
    rows = [
        row
        for key, item in items
        for row in broken(depth + 1, f"{string(key)}: " if isinstance(value, Mapping) else "", item, ",")
    ]
    return [*text(depth, head + left), *rows, *text(depth, right + tail)]


def table(depth: int, head: str, items: Mapping[str, str], tail: str = "") -> list[Line]:
    """`head`, a dictionary of these keys and expressions, `tail`: in one line, or broken the way ruff breaks it."""
    rows = [f"{string(key)}: {value}" for key, value in items.items()]
    one = f"{INDENT * depth}{head}{{{', '.join(rows)}}}{tail}"
    return (
        text(depth, one.strip())
        if len(one) <= WIDTH
        else bracketed(depth, f"{head}{{", [f"{row}," for row in rows], f"}}{tail}")
    )


def remark(depth: int, words: str) -> list[Line]:
    """A person's words as a comment: what would end it, hide in it or mean something to a tool is taken out of it."""
    room = WIDTH - len(INDENT) * depth - 2
    rows: list[str] = []
    for row in words.expandtabs(4).splitlines():
        plain = "".join(letter for letter in row if letter.isprintable()).rstrip()
        margin = plain[: len(plain) - len(plain.lstrip())][: room // 2]
        rows += textwrap.wrap(
            plain.strip(),
            room,
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    kept = [_PRAGMA.sub(r"\1 ", row) for row in "\n".join(rows).strip("\n").splitlines()]
    return text(depth, *(f"# {row}".rstrip() for row in kept))


# What the tools that read comments take for an order when one begins so.
_PRAGMA = re.compile(
    r"\b(type|fmt|isort|ruff|flake8|mypy|pyright|pylint|yapf|coding|nndesigner)(?=[:=])", re.IGNORECASE
)


def bracketed(depth: int, head: str, items: Sequence[str], tail: str, node: str = "") -> list[Line]:
    """`head`, then each item in a line of its own, then `tail`."""
    margin = INDENT * depth
    rows = [f"{margin}{head}", *(f"{margin}{INDENT}{item}" for item in items), f"{margin}{tail}"]
    return [Line(row, node) for row in rows]


def assigned(
    depth: int, targets: Sequence[str], head: str, arguments: Sequence[str], node: str = "", tail: str = ""
) -> list[Line]:
    """`targets = head(arguments)tail` in one line, or broken the way ruff breaks it."""
    left, right = ", ".join(targets), f"{head}({', '.join(arguments)}){tail}"
    room = WIDTH - len(INDENT) * depth
    if len(f"{left} = {right}") <= room or (arguments and len(f"{left} = {head}(") <= room):
        return call(depth, f"{left} = {head}", arguments, tail, node)
    if len(f"{left} = (") <= room:
        inner = call(depth + 1, head, arguments, tail, node)
        return [*text(depth, f"{left} = (", node=node), *inner, *text(depth, ")", node=node)]
    rows = bracketed(depth, "(", [f"{one}," for one in targets], ")", node)
    return [*rows[:-1], *call(depth, f") = {head}", arguments, tail, node)]


def operation(depth: int, left: str, sign: str, terms: Sequence[str], node: str = "") -> list[Line]:
    """`left = term + term`, in one line or broken the way ruff breaks it."""
    right = f" {sign} ".join(terms)
    room = WIDTH - len(INDENT) * depth
    if len(f"{left} = {right}") <= room:
        return text(depth, f"{left} = {right}", node=node)
    if len(INDENT + right) <= room:
        return bracketed(depth, f"{left} = (", [right], ")", node)
    return bracketed(depth, f"{left} = (", [terms[0], *(f"{sign} {term}" for term in terms[1:])], ")", node)


def returned(depth: int, values: Sequence[str]) -> list[Line]:
    """`return values`, in one line or broken the way ruff breaks it."""
    one = f"return {', '.join(values) or 'None'}"
    if len(one) <= WIDTH - len(INDENT) * depth or len(values) < 2:
        return text(depth, one)
    return bracketed(depth, "return (", [f"{value}," for value in values], ")")


def text(depth: int, *rows: str, node: str = "") -> list[Line]:
    """Plain lines, indented; an empty row stays empty."""
    return [Line(INDENT * depth + row if row else "", node) for row in rows]


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
