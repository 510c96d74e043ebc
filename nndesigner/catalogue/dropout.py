"""Dropout: while training, some values are set to zero at random, so that the network learns not to rely on one."""

from nndesigner.catalogue.kind import Kind, Param, Port
from nndesigner.catalogue.maps import example, maps

_P = Param("p", "float", 0.5, "The probability that a value is dropped", minimum=0, maximum=1)


def _channels(axes: int) -> Kind:
    return Kind(
        f"Dropout{axes}d",
        "dropout",
        f"torch.nn.Dropout{axes}d",
        "While training, sets whole channels to zero at random; does nothing afterwards.",
        "y = x·mask / (1 − p), one mask a channel",
        inputs=(maps(axes),),
        params=(_P,),
        example=example(axes),
        synonyms="spatial dropout regularization",
        stem="dropout",
    )


KINDS = (
    Kind(
        "Dropout",
        "dropout",
        "torch.nn.Dropout",
        "While training, sets values to zero at random; does nothing afterwards.",
        "y = x·mask / (1 − p)",
        params=(_P,),
        synonyms="regularization",
    ),
    *map(_channels, (1, 2, 3)),
    Kind(
        "AlphaDropout",
        "dropout",
        "torch.nn.AlphaDropout",
        "Dropout for networks with SELU: what is dropped becomes −1.758, and mean and variance stay as they are.",
        "y = a·(x if kept else −1.758) + b, with mean 0 and variance 1",
        params=(_P,),
        synonyms="selu regularization self-normalizing",
        stem="dropout",
    ),
    Kind(
        "FeatureAlphaDropout",
        "dropout",
        "torch.nn.FeatureAlphaDropout",
        "AlphaDropout of whole channels, for networks with SELU.",
        "y = a·(x if its channel is kept else −1.758) + b",
        inputs=(Port("input", ranks=(3, 4, 5), axes="N, channels, …"),),
        params=(_P,),
        example=example(2),
        synonyms="selu regularization self-normalizing channels",
        stem="dropout",
    ),
)
