"""What is done with tensors in a source: signs, brackets, methods and functions of torch, each drawn as a node."""

import ast
import functools
import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nndesigner import catalogue
from nndesigner.catalogue.kind import CHECK_BATCH, Kind
from nndesigner.script.reader import layers, special
from nndesigner.script.reader.sheet import bare
from nndesigner.script.reader.table import FUNCTIONS, Row
from nndesigner.script.reader.values import (
    Class,
    Constant,
    Container,
    Function,
    Held,
    Layer,
    Number,
    Tensor,
    Torch,
    Unknown,
    Unreadable,
    what,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_SIGNS: dict[type[ast.operator], tuple[str, str, str]] = {
    # tensor and tensor; tensor and number; number and tensor
    ast.Add: ("Add", "Shift", "Shift"),
    ast.Sub: ("Subtract", "Shift", "SubtractFrom"),
    ast.Mult: ("Multiply", "Scale", "Scale"),
    ast.Div: ("Divide", "DivideBy", "DivideInto"),
    ast.Pow: ("", "Power", "PowerOf"),
    ast.MatMult: ("MatMul", "", ""),
    ast.BitAnd: ("And", "", ""),
    ast.BitOr: ("Or", "", ""),
}
_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("Equal", "Equal"),
    ast.NotEq: ("NotEqual", "NotEqual"),
    ast.Lt: ("Less", "Greater"),
    ast.LtE: ("LessOrEqual", "GreaterOrEqual"),
    ast.Gt: ("Greater", "Less"),
    ast.GtE: ("GreaterOrEqual", "LessOrEqual"),
}
# What gives a view of a tensor, which shares its memory.
_VIEWS = frozenset(
    [
        "Slice",
        "Select",
        "Narrow",
        "Reshape",
        "Flatten",
        "Unflatten",
        "Permute",
        "Transpose",
        "Unsqueeze",
        "Squeeze",
        "Expand",
        "Chunk",
        "Split",
        "Unbind",
        "Detach",
        "ExpandBatch",
    ]
)
_PARAM = {
    "Shift": "amount",
    "Scale": "factor",
    "DivideBy": "divisor",
    "SubtractFrom": "start",
    "DivideInto": "dividend",
    "Power": "exponent",
    "PowerOf": "base",
}


def kind_named(name: str) -> Kind:
    """A kind of the catalogue."""
    return catalogue.BY_NAME[name]


# Drawing.


def drawn(interp: "Interpreter", found: Any) -> Tensor:
    """A tensor on the sheet that is drawn on; what a network holds, or what is constant, is drawn when first needed."""
    sheet = interp.drawing_on()
    match found:
        case Tensor():
            return sheet.entered(found)
        case Held():
            if found.kind == "Buffer" and (found.constant.after or found.constant.columns):
                if id(found) not in sheet.constants:
                    sheet.constants[id(found)] = (found, special.filled(interp, found.constant, found))
                return Tensor(sheet, sheet.constants[id(found)][1].place)
            if (name := sheet.first_of.get(id(found))) is not None:
                return Tensor(sheet, (name, "output"))
            if found.constant.after or found.constant.columns:
                raise Unreadable("a parameter that begins as a computed tensor can't be drawn", found.line)
            interp.called.add(id(found))
            made: Tensor = sheet.draw(
                kind_named(found.kind),
                {},
                {"shape": found.constant.shape, "init": found.constant.init, "scale": found.constant.scale},
                found.line or interp.line,
                thing=found,
                frozen=found.frozen and found.kind == "Parameter",
            )
            return made
        case Constant():
            if id(found) not in sheet.constants:
                sheet.constants[id(found)] = (found, special.filled(interp, found, None))
            return Tensor(sheet, sheet.constants[id(found)][1].place)
        case Unknown():
            raise Unreadable(found.reason)
    raise Unreadable(f"expected a tensor, got {what(found)}")


def draw(interp: "Interpreter", kind: str, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> Any:
    """A node of a kind; the inputs are drawn first where they are not yet."""
    sheet = interp.drawing_on()
    wanted, interp.wanted = interp.wanted, ""
    tensors = {port: drawn(interp, one) for port, one in inputs.items()}
    values = {name: params[name] for name in params}
    entry = kind_named(kind)
    for name, one in values.items():
        if isinstance(one, Unknown):
            raise Unreadable(one.reason)
        if isinstance(one, Tensor | Held | Constant):
            raise Unreadable(f"{name} hangs on a tensor's value, which can't be drawn")
        values[name] = special.settled(interp, one)
    for name, message in entry.problems({name: bare(one) for name, one in values.items()}):
        if name in values:
            raise Unreadable(message)
    result = sheet.draw(entry.at(special.bare_all(values)), tensors, values, interp.line, wanted=wanted)
    if kind in _VIEWS:
        for one in special.several(result):
            one.views(tensors["input"])
    return result


# Signs.


def signed(interp: "Interpreter", first: Any, op: ast.operator, second: Any) -> Any:
    """`first op second`, where one at least is a tensor."""
    tensors = [isinstance(one, Tensor | Held | Constant) for one in (first, second)]
    if interp.sheet is None or not any(isinstance(one, Tensor) for one in (first, second)):
        if isinstance(op, ast.Mult) and (
            found := special.scaled(first, second) or special.scaled(second, first)
        ):
            return found
        if interp.sheet is None:
            return special.later(first, second, lambda one, other: signed(interp, one, op, other))
    if type(op) not in _SIGNS:
        raise Unreadable("this sign between tensors can't be drawn")
    both, after, before = _SIGNS[type(op)]
    if all(tensors) and both:
        ports = ("input1", "input2") if kind_named(both).inputs[0].many else ("input", "other")
        return draw(interp, both, dict(zip(ports, (first, second), strict=True)), {})
    if all(tensors):
        raise Unreadable("this sign between tensors can't be drawn")
    tensor, number, name = (first, second, after) if tensors[0] else (second, first, before)
    if not name or isinstance(number, bool) or not isinstance(number, int | float):
        raise Unreadable(f"{what(first)} and {what(second)} can't be put together")
    if isinstance(op, ast.Sub) and tensors[0]:
        number = -(int(number) if isinstance(number, Number) else number)
    return draw(interp, name, {"input": tensor}, {_PARAM[name]: number})


def unary(interp: "Interpreter", op: ast.unaryop, found: Any) -> Any:
    """`-tensor`, `~tensor`."""
    if isinstance(op, ast.UAdd):
        return found
    if interp.sheet is None and isinstance(found, Constant):
        return found.then(lambda one: unary(interp, op, one))
    return draw(interp, "Negate" if isinstance(op, ast.USub) else "Not", {"input": found}, {})


def compared(interp: "Interpreter", first: Any, op: ast.cmpop, second: Any) -> Any:
    """`first op second`, where one at least is a tensor."""
    if interp.sheet is None:
        return special.later(first, second, lambda one, other: compared(interp, one, op, other))
    if type(op) not in _COMPARED:
        raise Unreadable("this comparison of tensors can't be drawn")
    straight, turned = _COMPARED[type(op)]
    if isinstance(first, int | float):
        return draw(interp, turned, {"input1": second}, {"value": first})
    if isinstance(second, int | float):
        return draw(interp, straight, {"input1": first}, {"value": second})
    return draw(interp, straight, {"input1": first, "input2": second}, {})


# Brackets.


def indexed(interp: "Interpreter", found: Any, index: Any) -> Any:
    """`tensor[index]`."""
    if interp.sheet is None and isinstance(found, Constant):
        return found.then(lambda one: indexed(interp, one, index))
    parts = index if isinstance(index, tuple) else (index,)
    if sum(isinstance(part, list) for part in parts) == 1 and not any(
        isinstance(part, int) for part in parts
    ):
        parts = tuple(_as_slice(part) if isinstance(part, list) else part for part in parts)
    words = [_index_word(interp, part) for part in parts]
    return draw(interp, "Slice", {"input": found}, {"index": ", ".join(words)})


def _as_slice(numbers: list[Any]) -> Any:
    """A list of numbers one step apart as the slice it is: `x[:, [-1]]`; itself where it is none."""
    if not numbers or not all(isinstance(one, int) and not isinstance(one, bool) for one in numbers):
        return numbers
    steps = {int(other) - int(one) for one, other in itertools.pairwise(numbers)} or {1}
    step, first, last = next(iter(steps)), int(numbers[0]), int(numbers[-1])
    if len(steps) > 1 or step < 1 or (first < 0) != (last < 0):
        return numbers
    return slice(first, last + 1 or None, step if step > 1 else None)


def _index_word(interp: "Interpreter", part: Any) -> str:
    if part is None:
        return "None"
    if part is ...:
        return "..."
    if isinstance(part, slice):
        ends = ["" if one is None else _index_word(interp, one) for one in (part.start, part.stop)]
        step = "" if part.step is None else f":{_index_word(interp, part.step)}"
        return f"{ends[0]}:{ends[1]}{step}"
    if isinstance(part, int) and not isinstance(part, bool):
        number = special.settled(interp, part)
        if number and number % CHECK_BATCH == 0:
            raise Unreadable("an index that hangs on the number of samples can't be drawn")
        return str(int(number))
    raise Unreadable(f"{what(part)} as an index of a tensor can't be drawn")


def set_part(interp: "Interpreter", found: Any, index: Any, value: Any) -> None:
    """`tensor[index] = value`: only every other column of a tensor of zeros, as sines and cosines of positions are."""
    parts = index if isinstance(index, tuple) else (index,)
    last, rest = parts[-1], parts[:-1]
    columns = isinstance(last, slice) and last.step == 2 and last.stop is None and (last.start or 0) in (0, 1)
    fresh = isinstance(found, Constant) and found.init == "zeros" and not found.after
    if isinstance(found, Held):
        found, fresh = found.constant, found.constant.init == "zeros" and not found.constant.after
    full = ... in rest or len(parts) == len(found.shape) if fresh else False
    if not (fresh and columns and full and isinstance(value, Constant)):
        raise Unreadable("setting a part of a tensor in its place can't be drawn")
    for axis, part in enumerate(rest):
        if part is ... or part == slice(None):
            continue
        if isinstance(part, int) and part == 0 and int(found.shape[axis]) == 1:
            value = value.then(_unsqueezing(interp, axis))
            continue
        raise Unreadable("setting a part of a tensor in its place can't be drawn")
    found.columns[int(last.start or 0)] = value


def _unsqueezing(interp: "Interpreter", dim: int) -> Callable[[Any], Any]:
    return lambda one: interp.draw("Unsqueeze", {"input": one}, {"dim": dim})


def unbound(interp: "Interpreter", found: Tensor, count: int | None = None) -> list[Any]:
    """A tensor gone through along its first axis."""
    size = interp.sizes(found)[0]
    if size % CHECK_BATCH == 0 or (count is not None and size != count) or size > 99:
        raise Unreadable("a loop over the samples of a batch can't be drawn")
    return list(special.several(draw(interp, "Unbind", {"input": found}, {"count": int(size), "dim": 0})))


# Attributes.


def attribute(interp: "Interpreter", found: Any, name: str) -> Any:
    """`tensor.name`."""
    from nndesigner.script.reader.values import Bound

    match name:
        case "shape":
            return interp.sizes(found)
        case "ndim":
            return len(interp.sizes(found))
        case "device" | "layout" | "names":
            return Torch("torch.device")
        case "dtype":
            return Torch(f"torch.{interp.type_of(found).dtype}")
        case "is_cuda" | "requires_grad" | "is_sparse" | "is_quantized" | "is_nested":
            return False
        case "data":
            return found
        case "T" | "mT":
            rank = len(interp.sizes(found))
            if rank == 2 or name == "mT":
                return method_called(interp, found, "transpose", (rank - 2, rank - 1), {})
            raise Unreadable(".T of more than two axes can't be drawn")
    return Bound(found, name)


# Calls.


# Methods that change how a tensor is seen, in its place: who else has it sees it as before.
_SEEN_ANEW = frozenset(["unsqueeze_", "squeeze_", "transpose_", "t_", "swapaxes_", "swapdims_"])


def method_called(
    interp: "Interpreter", found: Any, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """`tensor.name(…)`."""
    if isinstance(found, Held) and name in ("size", "dim", "numel"):
        return special.SPECIAL[f"torch.Tensor.{name}"](interp, (found, *args), keywords)
    if name in special.UNCHANGED:
        return found
    if name in ("requires_grad_", "zero_", "normal_", "uniform_", "fill_", "copy_", "register_hook"):
        return found
    full = f"torch.Tensor.{name}"
    if interp.sheet is None and isinstance(found, Constant) and full not in special.KNOWN_OF_CONSTANTS:
        return found.then(lambda one: method_called(interp, one, name, args, keywords))
    after = torch_called(interp, full, (found, *args), keywords)
    if name.endswith("_") and isinstance(found, Tensor) and isinstance(after, Tensor):
        if name in _SEEN_ANEW:
            found.place = after.place
        else:
            found.change(after)
        return found
    return after


def torch_called(interp: "Interpreter", name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """What a function or class of torch gives."""
    if name.startswith("torch.functional."):
        name = f"torch.{name.rpartition('.')[2]}"
    elif name.startswith("torch.nn.parameter."):
        name = f"torch.nn.{name.rpartition('.')[2]}"
    if name.startswith("torch.nn.init.") and (args or "tensor" in keywords):
        return args[0] if args else keywords["tensor"]
    if name in ("torch.nn.TransformerEncoder", "torch.nn.TransformerDecoder"):
        return layers.encoder(interp, args, keywords, interp.copied)
    if (kind := layers.layer_named(name)) is not None:
        return layers.constructed(interp, kind, args, keywords)
    early = interp.sheet is None and name not in special.KNOWN_OF_CONSTANTS
    constant = special.constant_in((args, keywords)) if early else None
    if constant is not None:
        return constant.then(
            lambda one: torch_called(interp, name, *special.replaced((args, keywords), constant, one))
        )
    if (work := special.SPECIAL.get(name)) is not None:
        return work(interp, args, keywords)
    row = FUNCTIONS.get(name)
    if row is None and name in _losses():
        return Unknown(f"{_short(name)} is a loss, which has its own place on the canvas")
    if row is None:
        raise Unreadable(f"{_short(name)} is not in the catalogue, so it can't be drawn")
    return _of_row(interp, name, row, args, keywords)


def _of_row(
    interp: "Interpreter", name: str, row: Row, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    names = tuple(argument.name for argument in row.arguments)
    renamed = {
        {"self": "input", "tensor": "input", "axis": "dim", "keepdims": "keepdim"}.get(key, key): one
        for key, one in keywords.items()
    }
    given = layers.named(names, _short(name), args, renamed if not set(keywords) <= set(names) else keywords)
    inputs: dict[str, Any] = {}
    params: dict[str, Any] = {}
    scalar: Any = None
    for argument in row.arguments:
        if argument.name not in given:
            if argument.given and argument.sort == "param":
                params[argument.ours] = argument.default
            continue
        one = given[argument.name]
        if argument.sort == "port":
            if one is None:
                continue
            if isinstance(one, int | float) and not isinstance(one, bool) and inputs:
                scalar = one
                continue
            inputs[argument.ours] = one
        elif argument.sort == "param":
            params[argument.ours] = one
        elif argument.sort == "fixed" and one != argument.default and one is not None:
            raise Unreadable(f"{argument.name} of {_short(name)} can't be drawn")
    if scalar is not None:
        return _with_number(interp, row.kind, inputs, scalar)
    if (adapt := special.ADAPTED.get(row.kind)) is not None:
        params = adapt(interp, inputs, params)
    result = draw(interp, row.kind, inputs, params)
    inplace = given.get("inplace") is True
    first = next(iter(inputs.values()), None)
    if inplace and isinstance(first, Tensor) and isinstance(result, Tensor):
        first.change(result)
    return result


def _with_number(interp: "Interpreter", kind: str, inputs: Mapping[str, Any], number: Any) -> Any:
    """An operation of two tensors of which the second is a number."""
    (first,) = inputs.values()
    signs = {"Add": ast.Add(), "Subtract": ast.Sub(), "Multiply": ast.Mult(), "Divide": ast.Div()}
    if kind in signs:
        return signed(interp, first, signs[kind], number)
    if kind in ("Equal", "NotEqual", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"):
        return draw(interp, kind, {"input1": first}, {"value": number})
    if kind in ("Maximum", "Minimum"):
        return draw(interp, "Clamp", {"input": first}, {"min" if kind == "Maximum" else "max": number})
    raise Unreadable("a number in the place of a tensor can't be drawn here")


def layer_called(
    interp: "Interpreter", layer: Layer, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """What a layer gives."""
    return layers.called(interp, layer, args, keywords)


def layer_changed(interp: "Interpreter", layer: Layer, name: str, value: Any) -> None:
    """`layer.stride = (1, 1)`, after it was made."""
    layers.changed(interp, layer, name, value)


def function_called(
    interp: "Interpreter", kind: Kind, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """What a function gives that is a kind: one of this program's, or code of one's own."""
    if interp.sheet is None:
        raise Unreadable(f"{kind.name} is called outside forward")
    names = [port.name for port in kind.inputs] + list(kind.by_name)
    if kind.code is not None:
        names = [name for name in layers.arguments_in(kind.code.text, kind.name) if name in names]
    elif kind.is_ours:
        keywords = (
            {("input" if name == next(iter(keywords)) else name): one for name, one in keywords.items()}
            if not args
            else keywords
        )
    given = layers.named(tuple(names), kind.name, args, keywords)
    ports = {port.name for port in kind.inputs}
    inputs = {name: one for name, one in given.items() if name in ports and one is not None}
    params = {name: one for name, one in given.items() if name not in ports}
    wanted, interp.wanted = interp.wanted, ""
    tensors = {port: drawn(interp, one) for port, one in inputs.items()}
    return interp.sheet.draw(kind, tensors, params, interp.line, wanted=wanted)


def own_layer(
    interp: "Interpreter", kind: Kind, cls: Class, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Layer:
    """A layer of code of one's own, constructed."""
    constructor = cls.find("__init__")
    names: tuple[str, ...] = ()
    if isinstance(constructor, Function):
        given_ = constructor.node.args
        names = tuple(one.arg for one in (*given_.args, *given_.kwonlyargs))[1:]
    given = layers.named(names, kind.name, args, keywords)
    follows = {one.argument for one in kind.follows}
    followed = {name: one for name, one in given.items() if name in follows}
    params = {name: one for name, one in given.items() if name not in follows}
    return Layer(interp.line, kind=kind.name, params=params, followed=followed)


def encoded(
    interp: "Interpreter", found: Container, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """What an nn.TransformerEncoder gives."""
    return layers.encoded(interp, found, args, keywords, lambda _, *given: interp.call(*given))


@functools.cache
def _losses() -> frozenset[str]:
    return frozenset(kind.target for kind in catalogue.BY_NAME.values() if kind.role == "loss")


def all_layers() -> dict[str, Any]:
    """What `from torch.nn import *` brings."""
    short = {
        target.rpartition(".")[2]: Torch(target)
        for target in layers.by_target()
        if target.startswith("torch.nn.")
    }
    return {
        **short,
        **{name: Torch(f"torch.nn.{name}") for name in ("Module", "Sequential", "ModuleList", "ModuleDict")},
    }


def _short(name: str) -> str:
    for long, short in (("torch.nn.functional.", "F."), ("torch.nn.", "nn."), ("torch.Tensor.", "")):
        if name.startswith(long):
            return short + name.removeprefix(long)
    return name
