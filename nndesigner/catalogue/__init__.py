"""Everything a person can pick, as plain data. A new kind is one entry in its family's file."""

from nndesigner.catalogue import (
    activation,
    convolution,
    data,
    dropout,
    joining,
    linear,
    losses,
    normalization,
    optimizers,
    pooling,
    schedulers,
    shaping,
)
from nndesigner.catalogue.kind import Kind

KINDS: tuple[Kind, ...] = (
    *data.KINDS,
    *linear.KINDS,
    *convolution.KINDS,
    *pooling.KINDS,
    *normalization.KINDS,
    *activation.KINDS,
    *dropout.KINDS,
    *shaping.KINDS,
    *joining.KINDS,
    *losses.KINDS,
    *optimizers.KINDS,
    *schedulers.KINDS,
)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(kind.family for kind in KINDS))
