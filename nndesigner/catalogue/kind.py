"""What a catalogue entry is: plain data about something a person can pick, torch named in strings only.

A kind says what it *expects* of the tensors that reach it (rank, dtype, axes); that gives the plain sentence when
something does not fit. The shapes it *gives* come from torch itself, on the meta device, in `nndesigner.plan`.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from nndesigner.expression import Expression
from nndesigner.graph import Value

Role = Literal["data", "input", "output", "layer", "loss", "optimizer", "scheduler", "block"]
ParamType = Literal["int", "float", "bool", "choice", "size", "shape", "axis", "floats"]
CHECK_BATCH = 2


class Required(enum.Enum):
    """The default of a param that has none."""

    REQUIRED = "required"


REQUIRED = Required.REQUIRED
_LARGEST = 3.4e38  # a float32 holds no more


@dataclass(frozen=True, slots=True)
class TensorType:
    """What flows along a wire: sizes with the batch first, and a dtype such as `float32` or `int64`.

    `classes` is the number of classes where the tensor holds class numbers, as far as the data set tells.
    """

    sizes: tuple[int, ...]
    dtype: str = "float32"
    classes: int | None = None

    def __str__(self) -> str:
        return "×".join(["N", *map(str, self.sizes[1:])]) if self.sizes else "a single number"

    @property
    def elements(self) -> int:
        """How many numbers one sample has."""
        count = 1
        for size in self.sizes[1:]:
            count *= size
        return count

    @property
    def is_float(self) -> bool:
        """Whether gradients can flow through it."""
        return self.dtype.startswith(("float", "bfloat"))


@dataclass(frozen=True, slots=True)
class Port:
    """A place for a wire. `ranks` are the numbers of axes it takes (none: any), the batch counted.

    `many` is 0 for a plain port; else it stands for as many ports as there are wires (`input1`, `input2`, …), and
    at least that many. `like` names the port whose sizes it must equal, `axes` names its axes for people.
    """

    name: str
    ranks: tuple[int, ...] = ()
    dtype: Literal["any", "float", "int"] = "float"
    many: int = 0
    like: str | None = None
    axes: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Param:
    """A value a person sets. `initial` is what a new node gets where torch has no default.

    A `size` is a whole number or one for each of `axes` spatial axes. `own` params are ours, not torch's.
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

    def problem(self, value: Value) -> str | None:
        """Why `value` can't be this param's, in words for people, or None."""
        if isinstance(value, Expression):
            return None
        if value is None:
            return None if self.optional or self.default is None else self._expected(value)
        if isinstance(value, str):
            return None if value in self.choices else self._expected(value)
        match self.type:
            case "bool":
                fits = isinstance(value, bool)
            case "int" | "axis":
                fits = _whole(value) and self._in_range(value)
            case "float":
                fits = (
                    isinstance(value, int | float) and not isinstance(value, bool) and self._in_range(value)
                )
            case "size":
                several = isinstance(value, tuple) and len(value) == self.axes
                numbers = value if several and isinstance(value, tuple) else (value,)
                fits = all(_whole(number) and self._in_range(number) for number in numbers)
            case "shape":
                fits = isinstance(value, tuple) and all(_whole(number) for number in value) and len(value) > 0
                fits = fits and isinstance(value, tuple) and all(self._in_range(number) for number in value)
            case "floats":
                fits = isinstance(value, tuple) and len(value) == self.axes
                fits = (
                    fits
                    and isinstance(value, tuple)
                    and all(
                        isinstance(number, int | float)
                        and not isinstance(number, bool)
                        and self._in_range(number)
                        for number in value
                    )
                )
            case _:
                fits = False
        return None if fits else self._expected(value)

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
        words = {
            "bool": "on or off",
            "int": "a whole number" + bounds,
            "axis": "the number of an axis",
            "float": "a number" + bounds,
            "size": f"a whole number{bounds}" + (f", or {self.axes} of them" if self.axes > 1 else ""),
            "shape": "whole numbers such as 16, 7, 7",
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
        return self.initial if isinstance(self.default, Required) else self.default


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Follows:
    """An argument that follows from a shape and is never asked for: `in_channels` from axis 1 of `input`.

    `wrapped` gives it as a tuple of one, as `normalized_shape` wants it.
    """

    argument: str
    port: str
    axis: int
    wrapped: bool = False


@dataclass(frozen=True)
class Kind:
    """A catalogue entry. `target` is the dotted name of a torch callable, empty for what is ours.

    `example` are tensors for its inputs that fit, used by its test and its help. `metric` is, for a loss, what is
    measured beside it. `keywords_only` is for callables whose followed arguments are not the first.
    """

    name: str
    family: str
    target: str
    sentence: str
    formula: str = ""
    role: Role = "layer"
    inputs: tuple[Port, ...] = (Port("input"),)
    outputs: tuple[Port, ...] = (Port("output"),)
    params: tuple[Param, ...] = ()
    follows: tuple[Follows, ...] = ()
    example: tuple[TensorType, ...] = (TensorType((CHECK_BATCH, 8)),)
    synonyms: str = ""
    metric: str = ""
    stem: str = ""
    keywords_only: bool = False
    by_name: Mapping[str, Param] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {param.name: param for param in self.params})

    @property
    def is_module(self) -> bool:
        """Whether it is an object with a state of its own, rather than a function."""
        return self.target.startswith("torch.nn.") and self.target.rpartition(".")[2][0].isupper()

    @property
    def is_method(self) -> bool:
        """Whether it is called on its first input."""
        return self.target.startswith("torch.Tensor.")

    @property
    def positional(self) -> tuple[str, ...]:
        """The arguments that people write without their names: `nn.Conv2d(3, 64, …)`."""
        if self.keywords_only:
            return ()
        outs = (param.name for param in self.params if param.name.startswith("out_"))
        return (*(one.argument for one in self.follows), *outs)

    @property
    def documentation(self) -> str:
        """Where its documentation stands, or nothing."""
        if not self.target.startswith("torch."):
            return ""
        return f"https://docs.pytorch.org/docs/stable/generated/{self.target}.html"

    def start_params(self) -> dict[str, Value]:
        """The params a new node of this kind stores: those without a default, and those it begins otherwise."""
        return {
            param.name: param.initial
            for param in self.params
            if isinstance(param.default, Required) or param.initial not in (None, param.default)
        }

    def values(self, params: Mapping[str, Value]) -> dict[str, Value]:
        """All params, defaults filled in; one that is required and missing is left out."""
        found: dict[str, Value] = {}
        for param in self.params:
            if param.name in params:
                found[param.name] = params[param.name]
            elif not isinstance(param.default, Required):
                found[param.name] = param.default
        return found

    def problems(self, params: Mapping[str, Value]) -> list[tuple[str, str]]:
        """(param, what is wrong with it) for each param that can't stand as it is."""
        found = []
        for name, value in params.items():
            param = self.by_name.get(name)
            if param is None:
                known = ", ".join(self.by_name) or "none"
                found.append((name, f"{self.name} has no param {name!r}; it has {known}"))
            elif problem := param.problem(value):
                found.append((name, problem))
        for param in self.params:
            if isinstance(param.default, Required) and param.name not in params:
                found.append((param.name, f"{param.name} is missing; it is {param.expects()}"))
        return found

    def input_names(self, connected: Iterable[str] = ()) -> tuple[str, ...]:
        """The names of its input ports, given which have a wire: a port for many always offers one more."""
        names: list[str] = []
        for port in self.inputs:
            if not port.many:
                names.append(port.name)
                continue
            taken = [int(tail) for name in connected if (tail := name.removeprefix(port.name)).isdigit()]
            count = max(port.many, max(taken, default=0) + 1)
            names.extend(f"{port.name}{number}" for number in range(1, count + 1))
        return tuple(names)

    def input_port(self, name: str) -> Port | None:
        """The port an input's name stands for."""
        for port in self.inputs:
            if port.name == name and not port.many:
                return port
            if port.many and (tail := name.removeprefix(port.name)).isdigit() and tail[0] != "0":
                return port
        return None

    @property
    def name_stem(self) -> str:
        """What its nodes are named after: `conv`, `linear`, `relu`."""
        return self.stem or self.name.lower()
