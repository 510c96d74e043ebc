"""Everything a person can pick, as plain data. A new kind is one entry in its family's file."""

from nndesigner.catalogue import (
    activation,
    arithmetic,
    attention,
    constants,
    convolution,
    datasets,
    distance,
    dropout,
    embedding,
    joining,
    linear,
    losses,
    normalization,
    optimizers,
    padding,
    plugins,
    pooling,
    recurrent,
    reduction,
    resampling,
    schedulers,
    selecting,
    shaping,
)
from nndesigner.catalogue.kind import Kind

_OURS: tuple[Kind, ...] = (
    *datasets.KINDS,
    *linear.KINDS,
    *convolution.KINDS,
    *padding.KINDS,
    *pooling.KINDS,
    *resampling.KINDS,
    *normalization.KINDS,
    *recurrent.KINDS,
    *attention.KINDS,
    *embedding.KINDS,
    *activation.KINDS,
    *dropout.KINDS,
    *shaping.KINDS,
    *joining.KINDS,
    *distance.KINDS,
    *arithmetic.KINDS,
    *reduction.KINDS,
    *selecting.KINDS,
    *constants.KINDS,
    *losses.KINDS,
    *optimizers.KINDS,
    *schedulers.KINDS,
)
KINDS: tuple[Kind, ...] = (*_OURS, *plugins.kinds({kind.name for kind in _OURS}))
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(kind.family for kind in KINDS))
