"""The values in a line's brackets, as literals: numbers, on and off, texts, and several of them."""

from nndesigner.catalogue.param import Param
from nndesigner.expression import Expression
from nndesigner.graph import Value

_PLAIN: dict[str, Value] = {
    "true": True, "on": True, "yes": True, "false": False, "off": False, "no": False, "none": None, "nothing": None,
}  # fmt: skip


def number(text: str) -> int | float:
    """A number, whole where it is written so."""
    return int(text) if text.isdecimal() else float(text)


def named_value(
    word: str, param: Param | None, arguments: frozenset[str] = frozenset()
) -> tuple[bool, Value]:
    """Whether a bare word is a value, and which: one of the param's choices, on, off, nothing, or a param of the block."""
    if param is not None:
        same = [choice for choice in param.choices if choice.casefold() == word.casefold()]
        if same:
            return True, same[0]
    if word.casefold() in _PLAIN:
        return True, _PLAIN[word.casefold()]
    if word in arguments:
        return True, Expression(word)
    return False, None


def fitted(param: Param, value: Value) -> Value:
    """The value as the param has it: one size is a shape of one, a whole number of a float is that float."""
    if param.type == "shape" and isinstance(value, int) and not isinstance(value, bool):
        return (value,)
    if param.type == "bool" and value in (0, 1) and isinstance(value, int):
        return bool(value)
    if param.type == "choice" and isinstance(value, str):
        return next((one for one in param.choices if one.casefold() == value.casefold()), value)
    return value


def shown(value: Value) -> str:
    """A value as one writes it."""
    match value:
        case bool():
            return "on" if value else "off"
        case None:
            return "none"
        case tuple():
            return f"({', '.join(map(shown, value))})"
        case float():
            return f"{value:g}"
        case Expression():
            return value.text
        case _:
            return str(value)
