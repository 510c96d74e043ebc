"""A value a person sets: of which type, in which range, told in words when it does not fit."""

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from nndesigner.expression import Expression
from nndesigner.graph import Value
from nndesigner.indexing import IndexingError, read

ParamType = Literal[
    "int", "float", "bool", "choice", "size", "shape", "axis", "axes", "floats", "text", "index"
]
Passing = Literal["keyword", "positional", "spread", "first", "call", "wrapped"]
_LARGEST = 3.4e38  # a float32 holds no more


class Required(enum.Enum):
    """The default of a param that has none."""

    REQUIRED = "required"


REQUIRED = Required.REQUIRED


@dataclass(frozen=True, slots=True)
class Param:
    """A value a person sets. `initial` is what a new node gets where torch has no default.

    A `size` is a whole number or one for each of `axes` spatial axes, of which those that are to stay as they are may
    be left out where there are `holes`; a `float` too may be one for each of `axes`. `axes` is the number of an axis,
    or of several;
    `text` matches `pattern`, for which `example` stands in words. `own` params are ours, not torch's.

    A `shape` that may be `bare` may have no sizes at all: one number. An `axis` may lie `beyond` those that come in, where it is a new one. `passed` says how a value reaches the callable: by name (to the constructor, if it has one), by place after the
    inputs, spread over several places, before the inputs, by name at the `call` of a module; or it is a function of
    `torch.nn.utils.parametrizations` that is `wrapped` around the module.
    """

    name: str
    type: ParamType
    default: Value | Required = REQUIRED
    sentence: str = ""
    initial: Value = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    axes: int = 0
    optional: bool = False
    own: bool = False
    pattern: str = ""
    example: str = ""
    passed: Passing = "keyword"
    beyond: int = 0
    holes: bool = False
    bare: bool = False

    def problem(self, value: Value) -> str | None:
        """Why `value` can't be this param's, in words for people, or None."""
        if computed(value):
            return None
        if value is None:
            return None if self.optional or self.default is None else self._expected(value)
        if isinstance(value, str):
            return None if value in self.choices or self._reads(value) else self._expected(value)
        numbers = value if isinstance(value, tuple) else (value,)
        match self.type:
            case "bool":
                fits = isinstance(value, bool)
            case "int" | "axis":
                fits = self._are(_whole, value)
            case "float":
                fits = self._are(_number, *numbers)
                fits = fits and not (isinstance(value, tuple) and (self.axes < 2 or len(value) != self.axes))
            case "axes":
                fits = bool(numbers) and self._are(_whole, *numbers)
            case "size":
                known = [one for one in numbers if one is not None] if self.holes else numbers
                fits = len(numbers) in (1, self.axes) and self._are(_whole, *known)
                fits = fits and not (isinstance(value, tuple) and len(value) != self.axes)
            case "shape":
                fits = isinstance(value, tuple) and (bool(value) or self.bare) and self._are(_whole, *numbers)
            case "floats":
                fits = isinstance(value, tuple) and len(value) == self.axes and self._are(_number, *numbers)
            case _:
                fits = False
        return None if fits else self._expected(value)

    def _are(self, what: Callable[[object], bool], *values: Value) -> bool:
        """Whether all are numbers of this sort and in range."""
        return all(what(value) and self._in_range(value) for value in values)

    def _reads(self, value: str) -> bool:
        """Whether text is what this param expects."""
        if self.type == "text":
            return len(value) <= 200 and re.fullmatch(self.pattern, value) is not None
        if self.type == "index":
            try:
                return len(value) <= 200 and bool(read(value))
            except IndexingError:
                return False
        return False

    def _in_range(self, value: object) -> bool:
        if not isinstance(value, int | float) or not abs(value) <= _LARGEST:  # nor NaN
            return False
        return (
            (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.above is None or value > self.above)
        )

    def expects(self) -> str:
        """What fits, in words: `a whole number from 1`."""
        bounds = ""
        if self.above is not None:
            bounds += f" above {self.above:.10g}"
        if self.minimum is not None:
            bounds += f" from {self.minimum:.10g}"
        if self.maximum is not None:
            bounds += f" to {self.maximum:.10g}"
        each = f", or {self.axes} of them" if self.axes > 1 else ""
        each += ", none where a size stays" if self.holes and each else ""
        words = {
            "bool": "on or off",
            "int": "a whole number" + bounds,
            "axis": "the number of an axis",
            "axes": "the number of an axis, or of several",
            "text": f"text such as {self.example}",
            "index": "an index such as :, 0 or :, 1:5",
            "float": f"a number{bounds}{each}",
            "size": f"a whole number{bounds}{each}",
            "shape": "whole numbers such as 16, 7, 7" + (", () for a single one" if self.bare else ""),
            "floats": f"{self.axes} numbers{bounds}",
            "choice": "",
        }[self.type]
        named = [*self.choices, *(["nothing"] if self.optional or self.default is None else [])]
        return " or ".join(filter(None, [words, *named]))

    def _expected(self, value: object) -> str:
        given = repr(value)
        return f"{self.name} is {self.expects()}, not {given if len(given) < 60 else given[:50] + '…'}"

    @property
    def start(self) -> Value:
        """The value a new node begins with."""
        if isinstance(self.default, Required) or self.initial is not None:
            return self.initial
        return self.default


def computed(value: Value) -> bool:
    """Whether it is an expression, or holds one."""
    return isinstance(value, Expression) or (isinstance(value, tuple) and any(map(computed, value)))


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
