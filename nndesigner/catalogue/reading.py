"""The value that a text means to a param: `0.01`, `3, 5`, `same`, `on`."""

import re

from nndesigner.catalogue.param import Param
from nndesigner.graph import Value

_LARGEST = 2**63 - 1
_WHOLE = re.compile(r"[+-]?[0-9]+")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SEPARATOR = re.compile(r"\s*[,;×xX]\s*|\s+")
_YES, _NO, _NOTHING = ("on", "true", "yes"), ("off", "false", "no"), ("", "none", "nothing")


def read(param: Param, text: str) -> Value:
    """The value that `text` means to `param`; raises `ValueError` with the reason why it means none."""
    plain = text.strip().replace("−", "-")
    if plain.lower() in _NOTHING and plain not in param.choices and (param.optional or param.default is None):
        return None
    if not plain:
        raise ValueError(f"{param.name} is {param.expects()}")
    value = _parsed(param, plain)
    if problem := param.problem(value):
        raise ValueError(problem)
    return value


def _parsed(param: Param, plain: str) -> Value:
    """What `plain` says, or `plain` itself where it says nothing that this type of param could be."""
    for choice in param.choices:
        if choice.lower() == plain.lower():
            return choice
    if param.type == "bool":
        return True if plain.lower() in _YES else False if plain.lower() in _NO else plain
    if param.type in ("int", "axis"):
        return plain if (whole := _whole(plain)) is None else whole
    if param.type == "float" and param.axes < 2:
        return float(plain) if NUMBER.fullmatch(plain) else plain
    if param.bare and plain in ("()", "[]"):
        return ()
    several = parts(plain)
    if param.type in ("float", "floats"):
        if not all(map(NUMBER.fullmatch, several)):
            return plain
        return (
            float(several[0]) if param.type == "float" and len(several) == 1 else tuple(map(float, several))
        )
    holes = ("none",) if param.holes and len(several) > 1 else ()
    numbers = [_whole(part) for part in several]
    known = all(part.lower() in holes or one is not None for part, one in zip(several, numbers, strict=True))
    if param.type not in ("size", "shape", "axes") or not known:
        return plain
    single = param.type == "size" or (param.type == "axes" and not isinstance(param.start, tuple))
    return numbers[0] if single and len(numbers) == 1 else tuple(numbers)


def parts(plain: str) -> list[str]:
    """What stands between separators, with or without brackets around all."""
    bracketed = len(plain) > 1 and (plain[0], plain[-1]) in {("(", ")"), ("[", "]")}
    return _SEPARATOR.split((plain[1:-1] if bracketed else plain).strip())


def _whole(text: str) -> int | None:
    if not _WHOLE.fullmatch(text) or len(text) > 20:
        return None
    return number if abs(number := int(text)) <= _LARGEST else None
