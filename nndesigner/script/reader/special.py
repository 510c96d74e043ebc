"""Functions of torch that are no single kind with fixed arguments: shapes that hang on the batch, tuples that come out,
tensors made of nothing.
"""

import ast
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.catalogue.kind import CHECK_BATCH
from nndesigner.script.reader import layers
from nndesigner.script.reader.arrays import Array, listed
from nndesigner.script.reader.layers import named
from nndesigner.script.reader.sheet import bare
from nndesigner.script.reader.tables import namespace
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
    Weight,
    what,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

    Work = Callable[[Interpreter, tuple[Any, ...], Mapping[str, Any]], Any]

UNCHANGED = frozenset(["contiguous", "cpu", "cuda", "clone", "requires_grad_", "share_memory_", "pin_memory"])
KNOWN_OF_CONSTANTS = frozenset(
    [f"torch.Tensor.{name}" for name in ["size", "dim", "numel", "to", "type", "item", "tolist"]]
    + [
        "torch.nn.Embedding.from_pretrained",
        "torch.meshgrid",
        "torch.nn.DataParallel",
        "torch.autograd.Variable",
    ]
)
_LEAST = -3.4e38
_MOST_NUMBERS = 64  # of a tensor that is given by its numbers
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
    if isinstance(one, float) and one < _LEAST:
        words = "−inf" if math.isinf(one) else "the least number there is"
        interp.say(f"{words} is drawn as {_LEAST:g}, which is the same after a softmax", severity="note")
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
    if isinstance(data, Tensor | Held | Constant):
        return data
    if isinstance(data, Array):
        data = listed(data)
    if isinstance(data, int | float) and not isinstance(data, bool):
        return data
    sizes: list[int] = []
    while isinstance(data, list | tuple) and data and all(isinstance(one, list | tuple) for one in data):
        sizes.append(len(data))
        if len({len(one) for one in data}) != 1:
            raise Unreadable("the rows of a torch.tensor are of the same length")
        data = [each for one in data for each in one]
    numbers = data if isinstance(data, list | tuple) else ()
    if not numbers or not all(isinstance(one, int | float) for one in numbers):
        raise Unreadable("torch.tensor is only read of numbers")
    if len(numbers) > _MOST_NUMBERS:
        return Constant("zeros", (*sizes, len(numbers) // math.prod(sizes))).then(_too_many)
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


def _too_many(_drawn: Any) -> Any:
    """It is told only where such a tensor is needed: often it is but what a loss is computed from."""
    raise Unreadable(f"a tensor of more than {_MOST_NUMBERS} numbers that are given can't be drawn")


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


def _of_data(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """`torch.Tensor(2, 3)`, or `torch.Tensor([0.5, 0.2])`: sizes, or what it holds."""
    one = args[0] if len(args) == 1 else None
    if isinstance(one, list | Array) or (
        isinstance(one, tuple) and not all(isinstance(each, int) for each in one)
    ):
        return _to(interp, (_tensor(interp, (one,), {}), Torch("torch.float32")), {})
    return _made("zeros")(interp, args, keywords)


def _whole_data(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    return _to(interp, (_of_data(interp, args, keywords), Torch("torch.int64")), {})


def _new(work: "Work") -> "Work":
    """A method of a tensor that makes another, of the same dtype."""

    def made(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        found = work(interp, args[1:], keywords)
        if isinstance(found, Constant) and keywords.get("dtype") is None:
            return _of_dtype(interp, found, Torch(f"torch.{interp.type_of(args[0]).dtype}"))
        return found

    return made


def _full_like(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = {"input": args[0], "value": args[1] if len(args) > 1 else keywords.get("fill_value")}
    value = settled(interp, given["value"])
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Unreadable("torch.full_like takes a number")
    found = interp.draw("OnesLike", {"input": given["input"]}, {})
    return interp.signed(found, ast.Mult(), value)


def _addmm(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    given = named(("input", "mat1", "mat2", "beta", "alpha"), "torch.addmm", args, keywords)
    if given.get("beta", 1) != 1 or given.get("alpha", 1) != 1:
        raise Unreadable("beta and alpha of torch.addmm can't be drawn")
    product = interp.draw("MatMul", {"input": given["mat1"], "other": given["mat2"]}, {})
    return interp.draw("Add", {"input1": given["input"], "input2": product}, {})


def _stacked(dim: int) -> "Work":
    """`torch.hstack`, `torch.vstack`."""

    def work(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        tensors = list(interp.items(args[0] if args else keywords["tensors"]))
        if any(len(interp.sizes(one)) < 2 for one in tensors):
            raise Unreadable("this is only read of tensors of two axes or more")
        return _joined("Concat")(interp, (tensors, dim), {})

    return work


def _meshgrid(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    several = list(args[0] if len(args) == 1 and isinstance(args[0], list | tuple) else args)
    crossed = keywords.get("indexing", "ij") == "xy" and len(several) > 1
    sizes = [int(interp.sizes(one)[0]) for one in several]
    order = [1, 0, *range(2, len(several))] if crossed else list(range(len(several)))
    shape = tuple(sizes[number] for number in order)
    if any(is_batch(one) for one in shape):
        raise Unreadable("a grid over the samples can't be drawn")

    def spread(one: Any, axis: int) -> Any:
        kept = tuple(shape[axis] if number == axis else 1 for number in range(len(shape)))
        return interp.draw(
            "Expand", {"input": interp.draw("Reshape", {"input": one}, {"shape": kept})}, {"sizes": shape}
        )

    found = []
    for number, one in enumerate(several):
        axis = order.index(number)
        plain = interp.sheet is None and isinstance(one, Constant)
        found.append(one.then(lambda each, axis=axis: spread(each, axis)) if plain else spread(one, axis))
    return tuple(found)


def _limits(_interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    """`torch.finfo(…)`: what a tensor here is computed in is float32."""
    name = args[0].name.rpartition(".")[2] if args and isinstance(args[0], Torch) else "float32"
    if name not in ("float32", "float"):
        raise Unreadable(f"torch.finfo of {name} is not read")
    most = 3.4028234663852886e38
    return namespace({"max": most, "min": -most, "eps": 2.0**-23, "tiny": 2.0**-126, "bits": 32})


def _where(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """`torch.where`, of which one of the two may be a number."""
    given = named(
        ("condition", "input", "other"),
        "torch.where",
        args,
        {"condition" if key == "cond" else key: one for key, one in keywords.items()},
    )
    condition, first, second = (given[name] for name in ("condition", "input", "other"))
    tensors = [isinstance(one, Tensor | Held | Constant) for one in (first, second)]
    if all(tensors):
        return interp.draw("Where", {"condition": condition, "input": first, "other": second}, {})
    if not any(tensors):
        raise Unreadable("torch.where between two numbers can't be drawn")
    mask = condition if tensors[1] else interp.draw("Not", {"input": condition}, {})
    tensor, value = (second, first) if tensors[1] else (first, second)
    if interp.type_of(tensor).sizes != interp.type_of(condition).sizes:
        known = [interp.sizes(tensor), interp.sizes(condition)]
        if len(known[1]) > len(known[0]) or any(
            int(one) not in (1, int(other))
            for one, other in zip(reversed(known[1]), reversed(known[0]), strict=False)
        ):
            raise Unreadable("torch.where with a number can't be drawn where it makes the tensor larger")
    return interp.draw("MaskedFill", {"input": tensor, "mask": mask}, {"value": settled(interp, value)})


def _pretrained(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """`nn.Embedding.from_pretrained(…)`: of the size of the table it is given, which it only begins with."""
    names = ("embeddings", "freeze", "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse")
    given = named(names, "nn.Embedding.from_pretrained", args, keywords)
    sizes = interp.sizes(given.pop("embeddings"))
    frozen = given.pop("freeze", True)
    layer = interp.call(Torch("torch.nn.Embedding"), tuple(map(int, sizes)), given)
    layer.frozen = bool(frozen)
    interp.say("what this table begins with is not drawn", severity="note")
    return layer


def _first_given(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    return args[0] if args else next(iter(keywords.values()))


def _as_pair(count: int) -> "Work":
    def work(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
        return tuple(interp.items(args[0])) if isinstance(args[0], list | tuple) else (args[0],) * count

    return work


# Layers as functions of the weights a layer holds: in a class that derives from it, or beside it.


def _as_layer(names: tuple[str, ...], work: "Work | None" = None) -> "Work":
    """`F.conv2d(x, self.weight, self.bias, self.stride, …)` in a class that derives from that layer is the layer itself."""

    def called(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        given = dict(zip(names, args, strict=False)) | dict(keywords)
        weight, bias = given.get("weight"), given.get("bias")
        if not isinstance(weight, Weight) or weight.name != "weight":
            if work is not None:
                return work(interp, args, keywords)
            raise Unreadable("a layer as a function is only drawn of the weights of a layer")
        layer = weight.layer
        own_bias = interp.attribute(layer, "bias")
        same = (
            isinstance(bias, Weight) and bias.layer is layer if isinstance(own_bias, Weight) else bias is None
        )
        for name in names[1:]:
            if name in ("weight", "bias"):
                continue
            wanted = (
                interp.attribute(layer, name) if name in _ASKED.get(layer.kind, names) else given.get(name)
            )
            same = same and _alike(given.get(name, _PLAIN.get(name)), wanted)
        if not same or layer.params.get("padding_mode", "zeros") != "zeros":
            raise Unreadable(
                f"the weights of an nn.{layer.kind} used in another way than by itself can't be drawn"
            )
        return layers.called(interp, layer, (given["input"],), {})

    return called


_PLAIN = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "eps": 1e-5}
_ASKED: Mapping[str, tuple[str, ...]] = {"Embedding": ("padding_idx",)}
_OF_CONV = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, where one number may stand for several of it."""
    first, second = (tuple(each) if isinstance(each, list | tuple) else each for each in (one, other))
    if isinstance(first, tuple) and not isinstance(second, tuple):
        return all(each == second for each in first)
    if isinstance(second, tuple) and not isinstance(first, tuple):
        return all(each == first for each in second)
    return bool(first == second)


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
    if isinstance(size, list | tuple) and not size:
        return value
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
    "torch.Tensor": _of_data,
    "torch.FloatTensor": _of_data,
    "torch.LongTensor": _whole_data,
    "torch.from_numpy": _tensor,
    "torch.Tensor.new_tensor": _new(_tensor),
    "torch.Tensor.new_zeros": _new(_made("zeros")),
    "torch.Tensor.new_ones": _new(_made("ones")),
    "torch.Tensor.new_empty": _new(_made("zeros")),
    "torch.Tensor.new_full": _new(_full),
    "torch.full_like": _full_like,
    "torch.empty_like": lambda interp, args, _: interp.draw("ZerosLike", {"input": args[0]}, {}),
    "torch.addmm": _addmm,
    "torch.nn.Module.__init__": _nothing(None),
    "torch.nn.Embedding.from_pretrained": _pretrained,
    "torch.where": _where,
    "torch.hstack": _stacked(1),
    "torch.vstack": _stacked(0),
    "torch.meshgrid": _meshgrid,
    "torch.finfo": _limits,
    "torch.autograd.Variable": _first_given,
    "torch.nn.DataParallel": _first_given,
    "torch.nn.parallel.DistributedDataParallel": _first_given,
    **{
        f"torch.nn.modules.utils.{name}": _as_pair(count)
        for name, count in (("_single", 1), ("_pair", 2), ("_triple", 3), ("_quadruple", 4))
    },
    **{f"torch.nn.functional.conv{number}d": _as_layer(_OF_CONV) for number in (1, 2, 3)},
    "torch.nn.functional.embedding": _as_layer(("input", "weight", "padding_idx")),
    "torch.full": _full,
    "torch.arange": _arange,
    "torch.eye": _eye,
    "torch.linspace": _linspace,
    "torch.Tensor.to": _to,
    "torch.Tensor.type": _to,
    "torch.Tensor.type_as": _type_as,
    "torch.nn.functional.layer_norm": _as_layer(
        ("input", "normalized_shape", "weight", "bias", "eps"), _layer_norm
    ),
    "torch.nn.functional.group_norm": _as_layer(("input", "num_groups", "weight", "bias", "eps")),
    "torch.nn.functional.linear": _as_layer(("input", "weight", "bias"), _linear),
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
    **{f"torch.nn.utils.{name}": _wrapped(name) for name in ("weight_norm", "spectral_norm")},
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
