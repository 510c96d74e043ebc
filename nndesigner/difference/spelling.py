"""Values, layers and nodes as they are written in a line for people."""

from collections.abc import Mapping

from nndesigner.expression import Expression
from nndesigner.graph import Node, Value


def words(value: Value) -> str:
    """A value as Python writes it; an expression as it stands."""
    match value:
        case Expression(text=text):
            return text
        case tuple():
            return f"({', '.join(map(words, value))}{',' if len(value) == 1 else ''})"
        case Mapping():
            return f"{{{', '.join(f'{name}: {words(one)}' for name, one in value.items())}}}"
        case float():
            return f"{value:g}" if float(f"{value:g}") == value else repr(value)
        case _:
            return repr(value)


def call(kind: str, params: Mapping[str, Value]) -> str:
    """A layer with its params: `Conv2d(out_channels=64)`."""
    listed = ", ".join(f"{name}={words(value)}" for name, value in params.items())
    return f"{kind}({listed})" if listed else kind


def described(node: Node | None) -> str:
    """A node in a line: `conv3 Conv2d(out_channels=64)`, and its flags."""
    if node is None:
        return ""
    flags = [name for name in ("bypassed", "frozen") if getattr(node, name)]
    flags += [f"repeat {node.repeat}"] if node.repeat != 1 else []
    flags += [f"weights of {node.shares}"] if node.shares is not None else []
    flags += [f"rate {node.rate:g}"] if node.rate != 1 else []
    return ", ".join([f"{node.name} {call(node.kind, node.params)}", *flags])


def quoted(text: str, most: int = 60) -> str:
    """The beginning of a text in quotation marks, in one line."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= most else f'{line[: most - 1]}…'}”"
