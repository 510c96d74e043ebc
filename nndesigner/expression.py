"""Arithmetic on a block's params, such as `width * 2`, evaluated by a closed evaluator.

Only names, whole numbers, `+ - * // %` and brackets exist; anything else is refused when the expression is
read, so that opening a file can never run code from it.
"""

import ast
import copy
import functools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_LONGEST = 200


class ExpressionError(ValueError):
    """An expression that can't be read or has no value; its text is meant for people."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A value that is computed from the params of the block it stands in.

    Raises `ExpressionError` when `text` is anything but whole-number arithmetic on names.
    """

    text: str

    def __post_init__(self) -> None:
        _walk(_parse(self.text), None, self.text)

    def names(self) -> frozenset[str]:
        """The params it reads."""
        return frozenset(node.id for node in ast.walk(_parse(self.text)) if isinstance(node, ast.Name))

    def source(self, spelled: Mapping[str, str] | None = None) -> str:
        """It as Python source, spaced as it should be; names as they are `spelled` there."""
        tree = copy.deepcopy(_parse(self.text))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and spelled:
                node.id = spelled.get(node.id, node.id)
        return ast.unparse(tree)

    def value(self, arguments: Mapping[str, object]) -> int:
        """Its value for these arguments; raises `ExpressionError` where a name is missing or no number."""
        return _walk(_parse(self.text), arguments, self.text)


@functools.lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise ExpressionError(f"an expression has at most {_LONGEST} characters, this one has {len(text)}")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"expected arithmetic such as width * 2, got {text!r}") from None


def _walk(node: ast.expr, arguments: Mapping[str, object] | None, text: str) -> int:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            if arguments is None:
                return 1
            found = arguments.get(name)
            if not isinstance(found, int) or isinstance(found, bool):
                raise ExpressionError(
                    f"{text!r} needs the whole number {name!r}, which this block does not have"
                )
            return found
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_walk(operand, arguments, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            first, second = _walk(left, arguments, text), _walk(right, arguments, text)
            if second == 0 and isinstance(op, ast.FloorDiv | ast.Mod):
                if arguments is None:
                    return 1
                raise ExpressionError(f"{text!r} divides by zero")
            return _OPERATORS[type(op)](first, second)
    raise ExpressionError(f"expected whole numbers, names, + - * // % and brackets, got {text!r}")
