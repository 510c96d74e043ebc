"""How a kind is typically used, as a line that can be typed."""

from nndesigner.catalogue.kind import Kind

# {name} stands for the kind, {n} for the number of axes of its maps.
_OF_KIND = {
    "Linear": "Flatten > Linear(128) > ReLU > Linear(10)",
    "Identity": "[Identity, Conv2d(32, 3, padding=1)] > Concat",
    "Upsample": "Upsample > Conv2d(16, 3, padding=1) > ReLU",
    "PixelShuffle": "Conv2d(64, 3, padding=1) > PixelShuffle(2)",
    "PixelUnshuffle": "PixelUnshuffle(2) > Conv2d(64, 3, padding=1)",
    "ChannelShuffle": "Conv2d(32, 1, groups=4) > ChannelShuffle(4)",
    "LayerNorm": "Linear(64) > LayerNorm > GELU",
    "RMSNorm": "Linear(64) > RMSNorm > SiLU",
    "GroupNorm": "Conv2d(32, 3) > GroupNorm(8) > SiLU",
    "LocalResponseNorm": "Conv2d(64, 5) > ReLU > LocalResponseNorm(5)",
    "RNN": "Embedding(1000, 64) > RNN(128)",
    "LSTM": "Embedding(1000, 64) > LSTM(128)",
    "GRU": "Embedding(1000, 64) > GRU(128)",
    "TransformerEncoderLayer": "Embedding(1000, 64) > PositionalEncoding > TransformerEncoderLayer(4)",
    "PositionalEncoding": "Embedding(1000, 64) > PositionalEncoding > TransformerEncoderLayer(4)",
    "Embedding": "Embedding(1000, 64) > LSTM(128)",
    "EmbeddingBag": "EmbeddingBag(1000, 64) > Linear(2)",
    "Sigmoid": "Linear(1) > Sigmoid",
    "Softmax": "Linear(10) > Softmax",
    "LogSoftmax": "Linear(10) > LogSoftmax",
    "GLU": "Linear(128) > GLU > Linear(64)",
    "SELU": "Linear(64) > SELU > AlphaDropout(0.1)",
    "AlphaDropout": "Linear(64) > SELU > AlphaDropout(0.1)",
    "FeatureAlphaDropout": "Conv2d(32, 3) > SELU > FeatureAlphaDropout(0.1)",
    "Flatten": "MaxPool2d(2) > Flatten > Linear(10)",
    "Unflatten": "Linear(784) > Unflatten(1, (16, 7, 7)) > ConvTranspose2d(8, 2, 2)",
    "Permute": "Permute((0, 2, 1)) > Linear(64)",
    "Transpose": "Transpose(1, 2) > Linear(64)",
    "Add": "[Identity, Conv2d(32, 3, padding=1)] > Add > ReLU",
    "Multiply": "[Identity, Linear(64) > Sigmoid] > Multiply",
    "Concat": "[Conv2d(16, 1), Conv2d(16, 3, padding=1)] > Concat",
    "Mean": "Conv2d(64, 3) > ReLU > Mean((2, 3)) > Linear(10)",
}
_OF_FAMILY = {
    "convolution": "{name}(32, 3, padding=1) > BatchNorm{n}d > ReLU",
    "padding": "{name} > Conv{n}d(32, 3)",
    "pooling": "Conv{n}d(32, 3) > ReLU > {name}",
    "normalization": "Conv{n}d(32, 3) > {name} > ReLU",
    "activation": "Linear(64) > {name} > Linear(10)",
    "dropout": "Linear(64) > ReLU > {name} > Linear(10)",
}
_MAPS = "Conv{n}d(32, 3) > ReLU > {name}"


def use_of(kind: Kind) -> str:
    """A line in which the kind stands where it usually does; nothing where none is usual."""
    axes = kind.name[-2:-1] if kind.name.endswith(("1d", "2d", "3d")) else ""
    line = _OF_KIND.get(kind.name) or _OF_FAMILY.get(kind.family, "")
    if kind.family == "dropout" and axes and kind.name not in _OF_KIND:
        line = _MAPS
    if kind.family == "pooling" and kind.name.startswith("MaxUnpool"):
        return ""
    return line.format(name=kind.name, n=axes or "2")
