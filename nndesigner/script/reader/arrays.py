"""Arrays of NumPy in a source: known numbers, computed by NumPy itself, by the few functions that are named here."""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nndesigner.script.reader.values import Known, Number, Torch, Unreadable, what

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_MOST = 100_000
_FAILURES = (ValueError, TypeError, IndexError, OverflowError, ZeroDivisionError, MemoryError)


@dataclass(eq=False)
class Array:
    """An array whose numbers are known."""

    data: Any


_SIGNS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.MatMult: np.matmul,
}
_COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}
_TYPES = {
    **dict.fromkeys(("float32", "float", "float64", "double", "float16"), float),
    **dict.fromkeys(("int64", "int", "long", "int32", "int8", "uint8", "int16"), np.int64),
    **dict.fromkeys(("bool", "bool_"), bool),
}


def _type(one: Any) -> Any:
    name = (
        one.name.rpartition(".")[2] if isinstance(one, Torch | Known) else one if isinstance(one, str) else ""
    )
    if name not in _TYPES:
        raise Unreadable(f"{what(one)} as a type of NumPy is not read")
    return _TYPES[name]


def plain(one: Any) -> Any:
    """A value as NumPy takes it; raises `Unreadable` for what it must not see."""
    if isinstance(one, Array):
        return one.data
    if isinstance(one, Number):
        return int(one)
    if isinstance(one, list | tuple | range):
        if len(one) > _MOST:
            raise Unreadable("an array of so many numbers is not read")
        return [plain(each) for each in one]
    if one is None or isinstance(one, bool | int | float):
        return one
    raise Unreadable(f"{what(one)} in an array is not read")


def kept(found: Any) -> Any:
    """What NumPy gave as a value: a number, or an array that is not too large; raises `Unreadable`."""
    if isinstance(found, tuple | list):
        return type(found)(kept(one) for one in found)
    found = np.asarray(found)
    if found.size > _MOST or found.dtype.kind not in "biuf":
        raise Unreadable("such an array is not read")
    return found.item() if found.ndim == 0 else Array(found)


def _done(work: Callable[[], Any]) -> Any:
    with np.errstate(all="ignore"):
        try:
            return kept(work())
        except _FAILURES as error:
            raise Unreadable(f"this array can't be computed: {error}") from None


def _bounded(*numbers: Any) -> None:
    whole = 1
    for one in numbers:
        for each in one if isinstance(one, list | tuple) else (one,):
            if not isinstance(each, int) or not 0 <= int(each) <= _MOST:
                raise Unreadable("an array of this size is not read")
            whole *= int(each)
    if whole > _MOST:
        raise Unreadable("an array of so many numbers is not read")


def _together(*found: Any) -> None:
    """Sees to it that what comes of several arrays put together is not too large."""
    shapes = [np.shape(one) for one in found]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        shape = tuple(size for one in shapes for size in one)  # a product of matrices, or nothing at all
    if math.prod(shape) > 100 * _MOST:
        raise Unreadable("an array of so many numbers is not read")


def signed(first: Any, op: ast.operator, second: Any) -> Any:
    """`first op second`."""
    one, other = plain(first), plain(second)
    _together(one, other)
    if isinstance(op, ast.Pow):
        return _done(lambda: np.power(np.asarray(one, dtype=float), other))
    if type(op) not in _SIGNS:
        raise Unreadable("this sign between arrays is not read")
    return _done(lambda: _SIGNS[type(op)](one, other))


def compared(first: Any, op: ast.cmpop, second: Any) -> Any:
    """`first op second`."""
    if type(op) not in _COMPARED:
        raise Unreadable("this comparison of arrays is not read")
    one, other = plain(first), plain(second)
    _together(one, other)
    return _done(lambda: _COMPARED[type(op)](one, other))


def unary(op: ast.unaryop, found: Array) -> Any:
    """`-array`."""
    return Array(-found.data) if isinstance(op, ast.USub) else found


def _index(part: Any) -> Any:
    if isinstance(part, tuple):
        return tuple(_index(one) for one in part)
    if isinstance(part, slice):
        return slice(*(None if one is None else int(one) for one in (part.start, part.stop, part.step)))
    return part if part is None or part is ... else plain(part)


def indexed(found: Array, index: Any) -> Any:
    """`array[index]`."""
    return _done(lambda: found.data[_index(index)])


def set_part(found: Array, index: Any, value: Any) -> None:
    """`array[index] = value`."""
    try:
        found.data[_index(index)] = plain(value)
    except _FAILURES as error:
        raise Unreadable(f"this array can't be changed: {error}") from None


def attribute(found: Array, name: str) -> Any:
    """`array.name`; None where it is a method."""
    match name:
        case "shape":
            return tuple(int(one) for one in found.data.shape)
        case "size" | "ndim":
            return int(getattr(found.data, name))
        case "T":
            return Array(found.data.T)
        case "dtype":
            return Torch("torch.float32" if found.data.dtype.kind == "f" else "torch.int64")
    return None


def listed(found: Array) -> Any:
    """Its numbers in lists."""
    return found.data.tolist()


_METHODS = frozenset(
    ["sum", "mean", "max", "min", "prod", "cumsum", "reshape", "transpose", "flatten", "ravel", "copy", "squeeze", "repeat",
     "round", "clip", "any", "all", "argmax", "argmin", "std", "var", "item"]
)  # fmt: skip


def method_called(found: Array, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """`array.name(…)`."""
    if name == "astype" and args:
        return _done(lambda: found.data.astype(_type(args[0])))
    if name == "tolist":
        return listed(found)
    if name not in _METHODS:
        raise Unreadable(f"{name} of an array is not read")
    if name == "repeat":
        _bounded(found.data.size, *map(plain, args))
    given = {key: plain(one) for key, one in keywords.items() if key in ("axis", "keepdims")}
    return _done(lambda: getattr(found.data, name)(*map(plain, args), **given))


def _array(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    type_ = args[1] if len(args) > 1 else keywords.get("dtype")
    data = np.asarray(plain(args[0])) if args else None
    if data is None or data.dtype.kind not in "biuf" or data.size > _MOST:
        raise Unreadable("such an array is not read")
    return Array(np.array(data if type_ is None else data.astype(_type(type_))))


def _filled(value: float) -> Any:
    def call(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        shape = plain(args[0] if args else keywords.get("shape"))
        type_ = args[1] if len(args) > 1 else keywords.get("dtype")
        _bounded(shape)
        return _done(lambda: np.full(shape, value, dtype=float if type_ is None else _type(type_)))

    return call


def _arange(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    numbers = [plain(one) for one in args]
    if not 1 <= len(numbers) <= 3 or not all(isinstance(one, int | float) for one in numbers):
        raise Unreadable("numpy.arange is only read of numbers")
    start, stop, step = (0, numbers[0], 1) if len(numbers) == 1 else (*numbers, 1)[:3]
    if not step or abs((stop - start) / step) > _MOST:
        raise Unreadable("an array of so many numbers is not read")
    type_ = keywords.get("dtype")
    return _done(lambda: np.arange(start, stop, step, dtype=None if type_ is None else _type(type_)))


def _function(name: str) -> Any:
    def call(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        if name in ("repeat", "tile"):
            _bounded(np.asarray(plain(args[0])).size, *map(plain, args[1:2]))
        if name in ("outer", "eye"):
            _bounded(*(np.asarray(plain(one)).size if name == "outer" else plain(one) for one in args))
        if name in ("maximum", "minimum", "multiply", "divide", "add", "subtract", "floor_divide", "where"):
            _together(*map(plain, args))
        given = {key: plain(one) for key, one in keywords.items() if key in ("axis", "keepdims", "k")}
        return _done(lambda: getattr(np, name)(*map(plain, args), **given))

    return Known(name, call)


FUNCTIONS: Mapping[str, Any] = {
    "array": Known("array", _array),
    "asarray": Known("asarray", _array),
    "ascontiguousarray": Known("asarray", _array),
    "zeros": Known("zeros", _filled(0.0)),
    "ones": Known("ones", _filled(1.0)),
    "arange": Known("arange", _arange),
    **{
        name: _function(name)
        for name in ["cumsum", "sum", "mean", "max", "min", "concatenate", "stack", "hstack", "vstack", "outer", "eye", "tile",
                     "repeat", "where", "sin", "cos", "tan", "tanh", "abs", "maximum", "minimum", "clip", "round", "tril",
                     "triu", "transpose", "expand_dims", "multiply", "divide", "add", "subtract", "sign", "square", "log10",
                     "floor_divide", "zeros_like", "ones_like", "flip", "diff"]
    },
    "newaxis": None,
    **{name: Torch(f"torch.{name}") for name in ("float32", "float64", "int64", "int32", "float16", "uint8")},
    "int_": Torch("torch.int64"),
    "bool_": Torch("torch.bool"),
}  # fmt: skip
