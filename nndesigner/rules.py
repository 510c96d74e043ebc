"""Shapes of kinds for which the meta device is slow or has no answer, and of those that networks have most of.

A test holds each rule equal to torch.
"""

from collections.abc import Callable, Mapping

from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Value

Found = tuple[tuple[TensorType, ...], int]
# What a rule has no answer for (None), torch is asked.
Rule = Callable[[Mapping[str, Value], Mapping[str, TensorType]], Found | None]


def _one_number(_: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found:
    """A loss that looks at values, of which there are none on the meta device."""
    return (TensorType((), inputs["input"].dtype),), 0


def _ctc(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found:
    """Raises `ValueError` where the sequences are not as many as their texts and lengths."""
    scores, letters = inputs["input"].sizes[1:]
    for name, one in inputs.items():
        if name != "input" and one.sizes[0] != scores:
            raise ValueError(f"{name} has {one.sizes[0]} rows, and the second axis of input has {scores}")
    blank = given.get("blank", 0)
    if not isinstance(blank, int) or blank >= letters:
        raise ValueError(f"blank is the number of a letter below {letters}, not {blank}")
    return _one_number(given, inputs)


def _size(given: Mapping[str, Value], name: str, begins: int) -> int:
    value = given.get(name, begins)
    return value if isinstance(value, int) else begins


def _recurrent(gates: int) -> Rule:
    """A layer that reads a sequence, with so many gates in each cell."""

    def rule(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found:
        first, second, features = inputs["input"].sizes
        hidden, layers = _size(given, "hidden_size", 1), _size(given, "num_layers", 1)
        projected = _size(given, "proj_size", 0)
        directions = 2 if given.get("bidirectional") else 1
        batch, out = first if given.get("batch_first") else second, projected or hidden
        parameters = 0
        for layer in range(layers):
            width = out * directions if layer else features
            weights = gates * hidden * (width + out + 2 * bool(given.get("bias", True)))
            parameters += directions * (weights + projected * hidden)
        dtype = inputs["input"].dtype
        states = [TensorType((layers * directions, batch, size), dtype) for size in (out, hidden)]
        output = TensorType((first, second, out * directions), dtype)
        return (output, *(states if gates == 4 else states[:1])), parameters

    return rule


def _transformer(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found:
    """An encoder and a decoder; torch looks into their masks, whose values are not there on the meta device."""
    width, deep = inputs["src"].sizes[-1], _size(given, "dim_feedforward", 2048)
    readers, writers = _size(given, "num_encoder_layers", 6), _size(given, "num_decoder_layers", 6)
    constant = bool(given.get("bias", True))
    attention = 4 * width * (width + constant)
    norm = width * (1 + constant)
    middle = deep * (2 * width + constant) + width * constant
    reader, writer = attention + middle + 2 * norm, 2 * attention + middle + 3 * norm
    return (inputs["tgt"],), readers * reader + writers * writer + 2 * norm


def _batch_norm(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found:
    """Without a momentum, torch looks at how many batches it has seen, which meta does not know."""
    arriving = inputs["input"]
    learned = 2 * arriving.sizes[1] if given.get("affine", True) else 0
    return (TensorType(arriving.sizes, arriving.dtype),), learned


def _same(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found | None:
    """What changes each number by itself."""
    arriving = inputs["input"]
    return (
        ((TensorType(arriving.sizes, arriving.dtype),), 0) if arriving.is_float and not _odd(given) else None
    )


def _odd(given: Mapping[str, Value]) -> bool:
    """Whether another function is wrapped around the layer, which adds parameters."""
    return given.get("parametrization") is not None


def _linear(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found | None:
    arriving, out = inputs["input"], given.get("out_features")
    if not isinstance(out, int) or not arriving.sizes or _odd(given) or arriving.dtype != "float32":
        return None
    weights = out * (arriving.sizes[-1] + bool(given.get("bias", True)))
    return (TensorType((*arriving.sizes[:-1], out), arriving.dtype),), weights


def _convolution(axes: int) -> Rule:
    """A window that moves over maps; see the formula in the documentation of `torch.nn.Conv2d`."""

    def rule(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found | None:
        arriving, out, groups = inputs["input"], given.get("out_channels"), given.get("groups", 1)
        padding = given.get("padding", 0)
        plain = len(arriving.sizes) == axes + 2 and arriving.dtype == "float32" and not _odd(given)
        if not plain or isinstance(padding, str) or not isinstance(out, int) or not isinstance(groups, int):
            return None
        channels = arriving.sizes[1]
        if channels % groups or out % groups or given.get("padding_mode", "zeros") != "zeros":
            return None
        kernel, stride, around, dilation = (
            _each(value, axes)
            for value in (given.get("kernel_size"), given.get("stride", 1), padding, given.get("dilation", 1))
        )
        sizes, weights = [arriving.sizes[0], out], out * (channels // groups)
        for size, k, s, p, d in zip(arriving.sizes[2:], kernel, stride, around, dilation, strict=True):
            sizes.append((size + 2 * p - d * (k - 1) - 1) // s + 1)
            weights *= k
        if min(sizes) < 1:
            return None
        return (TensorType(tuple(sizes), arriving.dtype),), weights + out * bool(given.get("bias", True))

    return rule


def _each(value: Value, axes: int) -> tuple[int, ...]:
    several = value if isinstance(value, tuple) else (value,) * axes
    return tuple(one for one in several if isinstance(one, int))


def _joined(given: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found | None:
    """Tensors one behind the other along an axis."""
    first, *others = inputs.values()
    dim = given.get("dim", 0)
    rank = len(first.sizes)
    if not isinstance(dim, int) or not -rank <= dim < rank:
        return None
    dim %= rank
    rests = {
        (one.dtype, len(one.sizes), (*one.sizes[:dim], *one.sizes[dim + 1 :])) for one in inputs.values()
    }
    if len(rests) != 1:
        return None
    sizes = list(first.sizes)
    sizes[dim] += sum(one.sizes[dim] for one in others)
    return (TensorType(tuple(sizes), first.dtype),), 0


def _alike(_: Mapping[str, Value], inputs: Mapping[str, TensorType]) -> Found | None:
    """An operation between tensors of the same shape and dtype."""
    first = next(iter(inputs.values()))
    kinds = {(one.sizes, one.dtype) for one in inputs.values()}
    return ((TensorType(first.sizes, first.dtype),), 0) if len(kinds) == 1 and first.is_float else None


_BY_ITSELF = (
    "CELU", "Dropout", "ELU", "GELU", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "Mish", "RReLU", "ReLU",
    "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softsign", "Tanh",
)  # fmt: skip

# Each gives the outputs and the number of parameters, of the arguments and the inputs by their ports.
RULES: dict[str, Rule] = {
    **dict.fromkeys(_BY_ITSELF, _same),
    **{f"Conv{axes}d": _convolution(axes) for axes in (1, 2, 3)},
    **dict.fromkeys(("Add", "Multiply", "Subtract"), _alike),
    "Concat": _joined,
    "Linear": _linear,
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d", "BatchNorm3d"), _batch_norm),
    "CTCLoss": _ctc,
    "GRU": _recurrent(3),
    "GaussianNLLLoss": _one_number,
    "LSTM": _recurrent(4),
    "RNN": _recurrent(1),
    "Transformer": _transformer,
}
