"""What layers share: feature maps, a channel for each pattern, laid out in space; and weights brought to a norm."""

from nndesigner.catalogue.kind import CHECK_BATCH, Param, Port, TensorType

_SPATIAL = {1: "length", 2: "height, width", 3: "depth, height, width"}
_SIZES = {1: (32,), 2: (12, 12), 3: (8, 8, 8)}

PARAMETRIZATION = Param(
    "parametrization",
    "choice",
    None,
    "weight_norm learns length and direction of the weights apart; spectral_norm keeps the layer from stretching "
    "anything; nothing: weights as they are",
    choices=("weight_norm", "spectral_norm"),
    passed="wrapped",
)


def maps(axes: int) -> Port:
    """An input port for maps with so many spatial axes."""
    return Port("input", ranks=(axes + 2,), axes=f"N, channels, {_SPATIAL[axes]}")


def example(axes: int) -> tuple[TensorType, ...]:
    """Maps that fit such a port."""
    return (TensorType((CHECK_BATCH, 4, *_SIZES[axes])),)
