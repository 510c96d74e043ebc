"""Functions of torch that are no single kind with fixed arguments: shapes that hang on the batch, tuples that come out,
tensors made of nothing.
"""

import ast
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.catalogue.kind import CHECK_BATCH
from nndesigner.script.reader.layers import named
from nndesigner.script.reader.sheet import bare
from nndesigner.script.reader.values import (
    Constant,
    Held,
    Known,
    Layer,
    Number,
    Tensor,
    Torch,
    Training,
    Unreadable,
    what,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

    Work = Callable[[Interpreter, tuple[Any, ...], Mapping[str, Any]], Any]

UNCHANGED = frozenset(["contiguous", "cpu", "cuda", "clone", "requires_grad_", "share_memory_", "pin_memory"])
KNOWN_OF_CONSTANTS = frozenset(
    f"torch.Tensor.{name}" for name in ["size", "dim", "numel", "to", "type", "item", "tolist"]
)
_LEAST = -3.4e38
_AXIS = {"axis": "dim", "keepdims": "keepdim", "self": "input", "x": "input"}


def bare_all(params: Mapping[str, Any]) -> dict[str, Any]:
    """Params without where their numbers come from."""
    return {name: bare(one) for name, one in params.items()}


def is_batch(one: Any) -> bool:
    """Whether a number is that of the samples, or a multiple of it."""
    return isinstance(one, int) and not isinstance(one, bool) and one != 0 and int(one) % CHECK_BATCH == 0


def settled(interp: "Interpreter", one: Any) -> Any:
    """A value for a param; raises `Unreadable` where it hangs on the number of samples."""
    if isinstance(one, list | tuple):
        return tuple(settled(interp, each) for each in one)
    if isinstance(one, Number) and one.axis is not None:
        tensor, axis = one.axis
        if is_batch(interp.sizes(tensor)[axis]):
            raise Unreadable("this hangs on the number of samples, which varies")
    if isinstance(one, float) and math.isinf(one) and one < 0:
        interp.say(f"−inf is drawn as {_LEAST:g}, which is the same after a softmax", severity="note")
        return _LEAST
    return one


def several(result: Any) -> tuple[Any, ...]:
    """The outputs of a node as a tuple."""
    return result if isinstance(result, tuple) else (result,)


def later(first: Any, second: Any, work: Callable[[Any, Any], Any]) -> Any:
    """What is done with a constant before anything is drawn."""
    if isinstance(first, Held) or isinstance(second, Held):
        first = first.constant if isinstance(first, Held) else first
        second = second.constant if isinstance(second, Held) else second
    if isinstance(first, Constant):
        return first.then(lambda one: work(one, second))
    if isinstance(second, Constant):
        return second.then(lambda one: work(first, one))
    raise Unreadable("a tensor is computed outside forward")


def constant_in(found: Any) -> Constant | None:
    """The first constant in what a function is given."""
    if isinstance(found, Constant):
        return found
    several = (
        found.values() if isinstance(found, Mapping) else found if isinstance(found, list | tuple) else ()
    )
    return next((one for one in map(constant_in, several) if one is not None), None)


def replaced(found: Any, constant: Constant, drawn: Any) -> Any:
    """What a function is given, with what a constant was drawn as in its place."""
    if found is constant:
        return drawn
    if isinstance(found, Mapping):
        return {name: replaced(one, constant, drawn) for name, one in found.items()}
    if isinstance(found, list | tuple):
        return tuple(replaced(one, constant, drawn) for one in found)
    return found


def scaled(one: Any, factor: Any) -> Constant | None:
    """A constant times a number, where it is told by its factor."""
    plain = isinstance(one, Constant) and not one.after and not one.columns
    if plain and isinstance(factor, int | float) and not isinstance(factor, bool):
        return Constant(
            one.init, one.shape, one.scale * (int(factor) if isinstance(factor, Number) else factor)
        )
    return None


def filled(interp: "Interpreter", constant: Constant, held: Held | None) -> Tensor:
    """A constant drawn: a buffer, and what is done to it."""
    del held
    if constant.columns:
        if set(constant.columns) != {0, 1}:
            raise Unreadable("only half of the columns of this tensor are set")
        pair = {f"input{number + 1}": constant.columns[number] for number in (0, 1)}
        found = interp.draw("Stack", pair, {"dim": -1})
        found = interp.draw("Flatten", {"input": found}, {"start_dim": -2})
    else:
        shape = list(constant.shape)
        like = None
        if shape and is_batch(shape[0]):
            like, shape[0] = shape[0], 1
        if not shape:
            raise Unreadable("a tensor that is a single number can't be drawn")
        found = interp.draw(
            "Buffer", {}, {"shape": tuple(shape), "init": constant.init, "scale": constant.scale}
        )
        if like is not None:
            found = _for_each(interp, found, like)
        if constant.init == "zeros":
            found.zeros = True
    for work in constant.after:
        found = work(found)
    if not isinstance(found, Tensor):
        raise Unreadable("this constant can't be drawn")
    return found


def _for_each(interp: "Interpreter", found: Any, number: Any) -> Any:
    """A tensor once for each sample; `number` is how many there are, and tells of what."""
    axis = number.axis if isinstance(number, Number) else None
    if axis is None or axis[1] != 0 or int(number) != CHECK_BATCH:
        raise Unreadable("the number of samples must be that of the first axis of a tensor")
    return interp.draw("ExpandBatch", {"input": found, "like": axis[0]}, {})


# Shapes.


def _sizes(args: tuple[Any, ...], keywords: Mapping[str, Any], *names: str) -> tuple[Any, list[Any]]:
    """The tensor and the sizes a method is given, one by one or in a list."""
    found = [*args, *(keywords[name] for name in ("input", *names) if name in keywords)]
    tensor, sizes = found[0], found[1:]
    if len(sizes) == 1 and isinstance(sizes[0], list | tuple):
        sizes = list(sizes[0])
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in sizes):
        raise Unreadable("sizes must be whole numbers")
    return tensor, sizes


def reshape(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """A tensor with other sizes, of which one may hang on the number of samples."""
    tensor, sizes = _sizes(args, keywords, "shape", "size")
    batch = [number for number, one in enumerate(sizes) if is_batch(one)]
    if len(batch) > 1:
        raise Unreadable("two sizes that hang on the number of samples can't be drawn")
    if not batch:
        return interp.draw("Reshape", {"input": tensor}, {"shape": tuple(sizes)})
    known = interp.sizes(tensor)
    rest = [number for number, one in enumerate(sizes) if int(one) == -1]
    if rest:
        others = math.prod(int(one) for number, one in enumerate(sizes) if number not in rest)
        whole = math.prod(map(int, known))
        if len(rest) > 1 or not others or whole % others:
            raise Unreadable("these sizes do not fit the tensor")
        sizes[rest[0]] = whole // others
    if (found := _told_by_axes(interp, tensor, list(known), sizes, rest)) is not None:
        return found
    sizes[batch[0]] = -1
    return interp.draw("Reshape", {"input": tensor}, {"shape": tuple(sizes)})


def _told_by_axes(
    interp: "Interpreter", tensor: Any, known: list[Any], sizes: list[Any], rest: list[int]
) -> Any:
    """A reshape that joins some axes, splits one, or adds axes of size 1, which hangs on no other size."""
    before, after = [int(one) for one in known], [int(one) for one in sizes]
    if before == after:
        return tensor
    if not before or not after or before[0] != after[0] or math.prod(before) != math.prod(after):
        return None
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    gone, come = before[start : len(before) - end], sizes[start : len(sizes) - end]
    if len(come) == 1 and len(gone) > 1:
        last = -1 if end == 0 else start + len(gone) - 1
        return interp.draw("Flatten", {"input": tensor}, {"start_dim": start, "end_dim": last})
    if not gone and all(int(one) == 1 for one in come) and len(come) <= 4:
        for _ in come:
            tensor = interp.draw("Unsqueeze", {"input": tensor}, {"dim": start})
        return tensor
    if len(gone) == 1 and len(come) > 1:
        free = [number for number, one in enumerate(come) if start + number in rest] or [
            number for number, one in enumerate(come) if isinstance(one, Number) and one.axis is not None
        ]
        if free:
            come[free[-1]] = -1
        return interp.draw("Unflatten", {"input": tensor}, {"dim": start, "unflattened_size": tuple(come)})
    return None


def _reshape_as(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    return reshape(interp, (args[0], interp.sizes(args[1])), {})


def permute(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """A tensor with its axes in another order."""
    tensor, dims = _sizes(args, keywords, "dims")
    rank = len(dims)
    dims = [int(one) % rank if rank else one for one in dims]
    return interp.draw("Permute", {"input": tensor}, {"dims": tuple(dims)})


def expand(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """A tensor, axes of size 1 as often as it takes; the first perhaps once for each sample."""
    tensor, sizes = _sizes(args, keywords, "size")
    known = interp.sizes(tensor)
    for _ in range(len(sizes) - len(known)):
        tensor = interp.draw("Unsqueeze", {"input": tensor}, {"dim": 0})
    known = (*[Number(1)] * (len(sizes) - len(known)), *known)
    if any(is_batch(one) for one in sizes[1:]):
        for number, one in enumerate(sizes):
            if is_batch(one) and int(known[number]) == int(one):
                sizes[number] = -1
    if sizes and is_batch(sizes[0]):
        if int(known[0]) != int(sizes[0]):
            tensor = _for_each(interp, tensor, sizes[0])
        sizes[0] = -1
    sizes = [-1 if int(one) == int(was) else one for one, was in zip(sizes, known, strict=True)]
    if all(int(one) == -1 for one in sizes):
        return tensor
    return interp.draw("Expand", {"input": tensor}, {"sizes": tuple(sizes)})


def _expand_as(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    return expand(interp, (args[0], interp.sizes(args[1])), {})


def _repeat(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    tensor, sizes = _sizes(args, keywords, "repeats", "dims")
    rank = len(interp.sizes(tensor))
    for _ in range(len(sizes) - rank):
        tensor = interp.draw("Unsqueeze", {"input": tensor}, {"dim": 0})
    if sizes and is_batch(sizes[0]):
        tensor = _for_each(interp, tensor, sizes[0])
        sizes[0] = 1
    if all(int(one) == 1 for one in sizes):
        return tensor
    return interp.draw("Repeat", {"input": tensor}, {"repeats": tuple(sizes)})


def _size(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    sizes = interp.sizes(args[0])
    dim = args[1] if len(args) > 1 else keywords.get("dim")
    if dim is None:
        return sizes
    if not isinstance(dim, int) or not -len(sizes) <= dim < len(sizes):
        raise Unreadable(f"there is no axis {dim}: it has {len(sizes)}")
    return sizes[dim]


def _numel(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return math.prod(map(int, interp.sizes(args[0])))


def _squeeze(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    tensor = args[0] if args else keywords["input"]
    dim = args[1] if len(args) > 1 else keywords.get("dim")
    if dim is None:
        dims = [number for number, one in enumerate(interp.sizes(tensor)) if int(one) == 1]
    else:
        dims = [int(one) for one in (dim if isinstance(dim, list | tuple) else [dim])]
    if len(dims) > 1:
        rank = len(interp.sizes(tensor))
        dims = sorted((one % rank for one in dims), reverse=True)
    for one in dims:
        tensor = interp.draw("Squeeze", {"input": tensor}, {"dim": one})
    return tensor


def _transposed(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return interp.draw("Transpose", {"input": args[0]}, {"dim0": 0, "dim1": 1})


def _movedim(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("input", "source", "destination"), "movedim", args, keywords)
    rank = len(interp.sizes(given["input"]))
    pair = [
        one if isinstance(one, list | tuple) else (one,) for one in (given["source"], given["destination"])
    ]
    source, target = ([int(one) % rank for one in several_] for several_ in pair)
    order = [one for one in range(rank) if one not in source]
    for to, one in sorted(zip(target, source, strict=True)):
        order.insert(to, one)
    return interp.draw("Permute", {"input": given["input"]}, {"dims": tuple(order)})


# Several tensors out, or in.


def _split(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    names = ("input", "split_size", "dim")
    renamed = {
        {"split_size_or_sections": "split_size", **_AXIS}.get(name, name): one
        for name, one in keywords.items()
    }
    given = named(names, "split", args, renamed)
    size, dim = given["split_size"], given.get("dim", 0)
    if isinstance(size, int):
        whole = int(interp.sizes(given["input"])[int(dim)])
        if is_batch(whole) or whole // max(1, int(size)) > 99:
            raise Unreadable("a split of the samples can't be drawn")
        count, rest = divmod(whole, int(size))
        size = (*[size] * count, *([rest] if rest else []))
    return several(interp.draw("Split", {"input": given["input"]}, {"split_size": tuple(size), "dim": dim}))


def _chunk(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("input", "chunks", "dim"), "chunk", args, _renamed(keywords))
    params = {"chunks": given["chunks"], "dim": given.get("dim", 0)}
    return several(interp.draw("Chunk", {"input": given["input"]}, params))


def _unbind(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("input", "dim"), "unbind", args, _renamed(keywords))
    dim = given.get("dim", 0)
    count = int(interp.sizes(given["input"])[int(dim)])
    if is_batch(count) or count > 99:
        raise Unreadable("an unbind of the samples can't be drawn")
    return several(interp.draw("Unbind", {"input": given["input"]}, {"count": count, "dim": dim}))


def _joined(kind: str) -> "Work":
    def work(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        given = named(("tensors", "dim", "out"), kind.lower(), args, _renamed(keywords))
        tensors = list(interp.items(given["tensors"]))
        if len(tensors) == 1 and kind == "Concat":
            return tensors[0]
        inputs = {f"input{number}": one for number, one in enumerate(tensors, 1)}
        return interp.draw(kind, inputs, {"dim": given.get("dim", 0)})

    return work


def _einsum(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    equation, *tensors = args
    if isinstance(equation, str):
        equation = equation.replace(" ", "")
    if len(tensors) == 1 and isinstance(tensors[0], list | tuple):
        tensors = list(tensors[0])
    inputs = {f"input{number}": one for number, one in enumerate(tensors, 1)}
    return interp.draw("Einsum", inputs, {"equation": equation})


def _extreme(pairs: str, values: str, both: str) -> "Work":
    def work(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        renamed = _renamed(keywords)
        if len(args) > 1 and isinstance(args[1], Tensor | Held | Constant):
            return interp.draw(both, {"input": args[0], "other": args[1]}, {})
        given = named(("input", "dim", "keepdim"), pairs.lower(), args, renamed)
        if given.get("dim") is None:
            return interp.draw(values, {"input": given["input"]}, {})
        params = {"dim": given["dim"], "keepdim": given.get("keepdim", False)}
        return interp.draw(pairs, {"input": given["input"]}, params)

    return work


def _outer(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("input", "vec2"), "torch.outer", args, keywords)
    column = interp.draw("Unsqueeze", {"input": given["input"]}, {"dim": 1})
    return interp.draw("Multiply", {"input1": column, "input2": given["vec2"]}, {})


def _pow(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("input", "exponent"), "pow", args, _renamed(keywords))
    return interp.signed(given["input"], ast.Pow(), given["exponent"])


def _tensor(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """A tensor of a few numbers: each a buffer of one, joined; one number alone stays a number."""
    given = named(("data", "dtype", "device", "requires_grad"), "torch.tensor", args, keywords)
    data = given["data"]
    if isinstance(data, int | float) and not isinstance(data, bool):
        return data
    sizes: list[int] = []
    while isinstance(data, list | tuple) and data and all(isinstance(one, list | tuple) for one in data):
        sizes.append(len(data))
        if len({len(one) for one in data}) != 1:
            raise Unreadable("the rows of a torch.tensor are of the same length")
        data = [each for one in data for each in one]
    numbers = data if isinstance(data, list | tuple) else ()
    if not 0 < len(numbers) <= 64 or not all(isinstance(one, int | float) for one in numbers):
        raise Unreadable("torch.tensor is only read of up to 64 numbers")
    if len(set(numbers)) == 1:
        made = Constant("ones", (len(numbers),), numbers[0])
    else:
        first, *others = (Constant("ones", (1,), bare(one)) for one in numbers)
        made = first.then(
            lambda one: interp.draw(
                "Concat",
                {f"input{number}": part for number, part in enumerate((one, *others), 1)},
                {"dim": 0},
            )
        )
    if sizes:
        rows = math.prod(sizes)
        shape = (*sizes, len(numbers) // rows)
        made = made.then(lambda one: interp.draw("Reshape", {"input": one}, {"shape": shape}))
    whole = all(isinstance(one, int) for one in numbers) and given.get("dtype") is None
    return (
        made.then(lambda one: interp.draw("ToLong", {"input": one}, {}))
        if whole
        else _of_dtype(interp, made, given.get("dtype"))
    )


def _flip(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    tensor, dims = _sizes(args, keywords, "dims")
    return interp.draw("Flip", {"input": tensor}, {"dims": tuple(dims)})


# Layers as functions.


def _dropout(kind: str) -> "Work":
    def work(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        names = ("input", "p", "training", "inplace")
        training = args[2] if len(args) > 2 else keywords.get("training", True)
        given = named(names, f"F.{kind.lower()}", args, keywords)
        if training is False:
            return given["input"]
        if not isinstance(training, Training):
            interp.say(
                "this drops while the network is used, too; it is drawn as a layer that does not",
                severity="note",
            )
        p = given.get("p", 0.5)
        return interp.draw(kind, {"input": given["input"]}, {"p": p})

    return work


def _interpolate(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    names = ("input", "size", "scale_factor", "mode", "align_corners", "recompute_scale_factor", "antialias")
    given = named(names, "F.interpolate", args, keywords)
    if given.get("antialias"):
        raise Unreadable("antialias of F.interpolate can't be drawn")
    tensor = given.pop("input")
    params = {
        name: given[name]
        for name in ("size", "scale_factor", "mode", "align_corners", "recompute_scale_factor")
        if given.get(name) is not None
    }
    size = params.get("size")
    if isinstance(size, list | tuple) and len(size) == 1:
        params["size"] = size[0]
    plain = params.keys() <= {"size", "scale_factor", "mode"} and params.get("mode", "nearest") in (
        "nearest",
        "bilinear",
        "area",
        "bicubic",
        "nearest-exact",
    )
    return interp.draw("Interpolate" if plain and _fits(params) else "Upsample", {"input": tensor}, params)


def _fits(params: Mapping[str, Any]) -> bool:
    from nndesigner import catalogue

    entry = catalogue.BY_NAME["Interpolate"]
    return not [one for one in entry.problems(bare_all(params)) if one[0] in params]


def _own_weights(interp: "Interpreter", *held: Any) -> None:
    """Notes that tensors a network holds are drawn as those of a layer; raises `Unreadable` for others."""
    for one in held:
        if one is not None and not isinstance(one, Held):
            raise Unreadable("a layer as a function is only drawn of weights the network holds")
        interp.called.add(id(one))


def _layer_norm(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    names = ("input", "normalized_shape", "weight", "bias", "eps")
    given = named(names, "F.layer_norm", args, keywords)
    shape, weight, bias = given["normalized_shape"], given.get("weight"), given.get("bias")
    _own_weights(interp, weight, bias)
    axes = len(shape) if isinstance(shape, list | tuple) else 1
    params = {"axes": axes, "eps": given.get("eps", 1e-5), "elementwise_affine": weight is not None}
    if weight is not None:
        params["bias"] = bias is not None
    return interp.draw("LayerNorm", {"input": given["input"]}, params)


def _linear(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("input", "weight", "bias"), "F.linear", args, keywords)
    weight, bias = given["weight"], given.get("bias")
    _own_weights(interp, weight, bias)
    params = {"out_features": weight.constant.shape[0], "bias": bias is not None}
    return interp.draw("Linear", {"input": given["input"]}, params)


def _wrapped(name: str) -> "Work":
    def work(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        layer = args[0] if args else keywords.get("module")
        if not isinstance(layer, Layer) or len(args) > 1 or keywords.keys() - {"module"}:
            raise Unreadable(f"{name} of {what(layer)} can't be drawn")
        layer.params = {**layer.params, "parametrization": name}
        return layer

    return work


def _checkpoint(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    interp.say("checkpointing is not drawn; the network is called directly", severity="note")
    known = {
        name: one for name, one in keywords.items() if name not in ("use_reentrant", "preserve_rng_state")
    }
    return interp.call(args[0], args[1:], known)


# Tensors made of nothing.


def _made(init: str) -> "Work":
    def work(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        _, sizes = _sizes(
            (None, *args), {name: one for name, one in keywords.items() if name == "size"}, "size"
        )
        if not all(0 <= int(one) < 10**9 for one in sizes):
            raise Unreadable("sizes must be whole numbers from 0")
        dtype = keywords.get("dtype")
        made = Constant(init, tuple(sizes))
        return _of_dtype(interp, made, dtype)

    return work


def _of_dtype(interp: "Interpreter", made: Constant, dtype: Any) -> Constant:
    if isinstance(dtype, Torch):
        kind = _DTYPES.get(dtype.name.rpartition(".")[2])
        if kind == "ToLong" or kind == "ToBool":
            return made.then(lambda one: interp.draw(kind, {"input": one}, {}))
    return made


def _full(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("size", "fill_value", "dtype", "device", "requires_grad"), "torch.full", args, keywords)
    value = settled(interp, given["fill_value"])
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Unreadable("torch.full takes a number")
    size = given["size"]
    return Constant("ones", tuple(size) if isinstance(size, list | tuple) else (size,), value)


def _eye(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """Ones, of which what is above and below the diagonal is left out."""
    given = named(
        ("n", "m", "out", "dtype", "layout", "device", "requires_grad"), "torch.eye", args, keywords
    )
    sizes = (given["n"], given.get("m") or given["n"])
    if not all(isinstance(one, int) and 0 < int(one) < 10**5 for one in sizes):
        raise Unreadable("torch.eye takes whole numbers")
    found = Constant("ones", sizes)
    for kind in ("Tril", "Triu"):
        found = found.then(lambda one, kind=kind: interp.draw(kind, {"input": one}, {}))  # type: ignore[misc]
    return _of_dtype(interp, found, given.get("dtype"))


def _arange(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    numbers = [*args, *(keywords[name] for name in ("start", "end", "step") if name in keywords)]
    if not 1 <= len(numbers) <= 3 or not all(isinstance(one, int | float) for one in numbers):
        raise Unreadable("torch.arange is only read of numbers")
    start, end, step = (0, numbers[0], 1) if len(numbers) == 1 else (*numbers, 1)[:3]
    floats = any(isinstance(one, float) for one in numbers) or _is_float(keywords.get("dtype"))
    axis = end.axis if isinstance(end, Number) else None
    counts = axis is not None and axis[1] == 1 and (start, step) == (0, 1) and interp.sheet is axis[0].sheet
    if axis is not None and counts and int(end) == int(interp.sizes(axis[0])[1]):
        found = interp.draw("Positions", {"input": axis[0]}, {})
        return interp.draw("ToFloat", {"input": found}, {}) if floats else found
    if is_batch(end):
        raise Unreadable("this hangs on the number of samples, which varies")
    count = max(0, math.ceil((end - start) / step)) if step else 0
    if not 0 < count <= 10_000_000:
        raise Unreadable("this torch.arange has no elements, or too many")

    def counted(one: Any) -> Any:
        found = interp.draw("Cumsum", {"input": one}, {"dim": 0})
        found = interp.draw("Shift", {"input": found}, {"amount": -1})
        if step != 1:
            found = interp.draw("Scale", {"input": found}, {"factor": bare(step)})
        if start != 0:
            found = interp.draw("Shift", {"input": found}, {"amount": bare(start)})
        return found if floats else interp.draw("ToLong", {"input": found}, {})

    return Constant("ones", (count,)).then(counted)


def _is_float(dtype: Any) -> bool:
    return isinstance(dtype, Torch) and _DTYPES.get(dtype.name.rpartition(".")[2]) == "ToFloat"


def _linspace(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("start", "end", "steps", "device", "dtype"), "torch.linspace", args, keywords)
    start, end, steps = (given[name] for name in ("start", "end", "steps"))
    if not isinstance(steps, int) or not 0 <= steps <= 10_000:
        raise Unreadable("torch.linspace is only read of few numbers")
    return [start + (end - start) * number / max(1, int(steps) - 1) for number in range(int(steps))]


# Types.


_DTYPES = {
    "float32": "ToFloat", "float": "ToFloat", "int64": "ToLong", "long": "ToLong", "bool": "ToBool",
}  # fmt: skip
_OF = {"ToFloat": "float32", "ToLong": "int64", "ToBool": "bool"}


def _to(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    tensor = args[0]
    wanted = [one for one in (*args[1:], *keywords.values()) if isinstance(one, Torch)]
    for one in wanted:
        kind = _DTYPES.get(one.name.rpartition(".")[2])
        if kind is None:
            if one.name.rpartition(".")[2] in (
                "float16",
                "half",
                "bfloat16",
                "float64",
                "double",
                "int32",
                "int",
                "uint8",
            ):
                raise Unreadable(f"{one.name} can't be drawn")
            continue
        if interp.sheet is None and isinstance(tensor, Constant):
            return tensor.then(lambda found, kind=kind: interp.draw(kind, {"input": found}, {}))  # type: ignore[misc]
        if interp.sheet is not None and interp.type_of(tensor).dtype != _OF[kind]:
            tensor = interp.draw(kind, {"input": tensor}, {})
    return tensor


def _type_as(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return _to(interp, (args[0], Torch(f"torch.{interp.type_of(args[1]).dtype}")), {})


def _value_asked(_interp: "Interpreter", _args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    raise Unreadable("what hangs on a tensor's value can't be drawn")


def _nothing(result: Any) -> "Work":
    return lambda interp, args, keywords: result


def _renamed(keywords: Mapping[str, Any]) -> dict[str, Any]:
    return {_AXIS.get(name, name): one for name, one in keywords.items()}


def _both(name: str, work: "Work") -> "dict[str, Work]":
    return {f"torch.{name}": work, f"torch.Tensor.{name}": work}


_IN_USE = Known("nothing", _nothing(None))

SPECIAL: "dict[str, Work]" = {
    **_both("reshape", reshape),
    "torch.Tensor.view": reshape,
    "torch.Tensor.view_as": _reshape_as,
    "torch.Tensor.reshape_as": _reshape_as,
    **_both("permute", permute),
    "torch.Tensor.expand": expand,
    "torch.broadcast_to": expand,
    "torch.Tensor.broadcast_to": expand,
    "torch.Tensor.expand_as": _expand_as,
    "torch.Tensor.repeat": _repeat,
    **_both("tile", _repeat),
    "torch.Tensor.size": _size,
    "torch.Tensor.dim": lambda interp, args, _: len(interp.sizes(args[0])),
    "torch.Tensor.ndimension": lambda interp, args, _: len(interp.sizes(args[0])),
    **_both("numel", _numel),
    **_both("squeeze", _squeeze),
    **_both("t", _transposed),
    **_both("movedim", _movedim),
    **_both("moveaxis", _movedim),
    **_both("split", _split),
    **_both("chunk", _chunk),
    **_both("unbind", _unbind),
    "torch.cat": _joined("Concat"),
    "torch.concat": _joined("Concat"),
    "torch.concatenate": _joined("Concat"),
    "torch.stack": _joined("Stack"),
    "torch.einsum": _einsum,
    **_both("max", _extreme("Max", "Amax", "Maximum")),
    **_both("min", _extreme("Min", "Amin", "Minimum")),
    **_both("flip", _flip),
    **_both("pow", _pow),
    "torch.tensor": _tensor,
    "torch.as_tensor": _tensor,
    **_both("outer", _outer),
    **_both("ger", _outer),
    "torch.nn.functional.dropout": _dropout("Dropout"),
    "torch.dropout": _dropout("Dropout"),
    "torch.nn.functional.dropout1d": _dropout("Dropout1d"),
    "torch.nn.functional.dropout2d": _dropout("Dropout2d"),
    "torch.nn.functional.dropout3d": _dropout("Dropout3d"),
    "torch.nn.functional.alpha_dropout": _dropout("AlphaDropout"),
    "torch.nn.functional.interpolate": _interpolate,
    "torch.nn.functional.upsample": _interpolate,
    "torch.zeros": _made("zeros"),
    "torch.ones": _made("ones"),
    "torch.randn": _made("randn"),
    "torch.rand": _made("rand"),
    "torch.empty": _made("zeros"),
    "torch.Tensor": _made("zeros"),
    "torch.FloatTensor": _made("zeros"),
    "torch.full": _full,
    "torch.arange": _arange,
    "torch.eye": _eye,
    "torch.linspace": _linspace,
    "torch.Tensor.to": _to,
    "torch.Tensor.type": _to,
    "torch.Tensor.type_as": _type_as,
    "torch.nn.functional.layer_norm": _layer_norm,
    "torch.nn.functional.linear": _linear,
    "torch.Tensor.item": _value_asked,
    "torch.Tensor.tolist": _value_asked,
    "torch.Tensor.numpy": _value_asked,
    "torch.Tensor.any": _value_asked,
    "torch.Tensor.all": _value_asked,
    "torch.Size": lambda interp, args, _: tuple(interp.items(args[0])),
    "torch.is_tensor": lambda interp, args, _: isinstance(args[0], Tensor | Held | Constant),
    "torch.jit.is_scripting": _nothing(False),
    "torch.jit.is_tracing": _nothing(False),
    "torch.onnx.is_in_onnx_export": _nothing(False),
    "torch.cuda.is_available": _nothing(False),
    "torch.is_grad_enabled": _nothing(False),
    "torch.manual_seed": _nothing(None),
    "torch.set_num_threads": _nothing(None),
    "torch._assert": _nothing(None),
    "torch.device": _nothing(Torch("torch.device")),
    "torch.compile": lambda interp, args, _: args[0] if args else _IN_USE,
    "torch.jit.script": lambda interp, args, _: args[0] if args else _IN_USE,
    "torch.utils.checkpoint.checkpoint": _checkpoint,
    **{
        f"torch.nn.utils.parametrizations.{name}": _wrapped(name)
        for name in ("weight_norm", "spectral_norm", "orthogonal")
    },
}


def _adapted_spread(
    interp: "Interpreter", _inputs: Mapping[str, Any], params: dict[str, Any]
) -> dict[str, Any]:
    """`std` and `var`: `unbiased` is a correction of 1 or 0."""
    unbiased = params.pop("unbiased", None)
    if isinstance(params.get("correction"), bool):
        unbiased = params.pop("correction")
    return params if unbiased is None else {**params, "correction": int(bool(unbiased))}


def _adapted_pad(interp: "Interpreter", _inputs: Mapping[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    if params.get("value") == 0:
        params.pop("value")
    return params


def _adapted_norm(
    interp: "Interpreter", _inputs: Mapping[str, Any], params: dict[str, Any]
) -> dict[str, Any]:
    if params.get("ord") in ("fro", None):
        params.pop("ord", None)
    return params


ADAPTED: "dict[str, Callable[[Interpreter, Mapping[str, Any], dict[str, Any]], dict[str, Any]]]" = {
    "Std": _adapted_spread,
    "Var": _adapted_spread,
    "Pad": _adapted_pad,
    "Norm": _adapted_norm,
}
