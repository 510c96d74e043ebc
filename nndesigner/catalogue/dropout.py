"""Dropout: while training, some values are set to zero at random, so that the network learns not to rely on one."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_P = Param("p", "float", 0.5, "The probability that a value is dropped", minimum=0, maximum=1)


def _channels(axes: int, words: str, example: tuple[int, ...]) -> Kind:
    return Kind(
        f"Dropout{axes}d",
        "dropout",
        f"torch.nn.Dropout{axes}d",
        "While training, sets whole channels to zero at random; does nothing afterwards.",
        "y = x·mask / (1 − p), one mask a channel",
        inputs=(Port("input", ranks=(axes + 2,), axes=words),),
        params=(_P,),
        example=(TensorType((CHECK_BATCH, 4, *example)),),
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
    _channels(1, "N, channels, length", (16,)),
    _channels(2, "N, channels, height, width", (6, 6)),
)
