"""Embeddings: rows of learned numbers, looked up by whole numbers such as tokens; and where in a sequence they stand."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_TOKENS = TensorType((CHECK_BATCH, 6), "int64")
_COUNT = Param(
    "num_embeddings", "int", sentence="How many rows there are: one for each different token", initial=1000,
    minimum=1,
)  # fmt: skip
_SIZE = Param("embedding_dim", "int", sentence="How many numbers stand for one token", initial=64, minimum=1)
_NORM = (
    Param("max_norm", "float", None, "Rows longer than this are shortened to it", above=0),
    Param("norm_type", "float", 2.0, "By which norm a row is long: 2 is the usual one", above=0),
    Param("scale_grad_by_freq", "bool", False, "Whether frequent tokens of a batch count less"),
)
_SPARSE = Param("sparse", "bool", False, "Whether gradients are only kept for rows that were looked up")

KINDS = (
    Kind(
        "Embedding",
        "embedding",
        "torch.nn.Embedding",
        "Gives each token a row of numbers that is learned. Tokens are whole numbers from 0.",
        "y = E[x]",
        inputs=(Port("input", dtype="int", sentence="Tokens: whole numbers below num_embeddings"),),
        outputs=(Port("output", sentence="A row of numbers for each token: one axis more"),),
        params=(
            _COUNT,
            _SIZE,
            Param("padding_idx", "int", None, "The token that fills up rows: it stays zero and learns nothing"),
            *_NORM,
            _SPARSE,
        ),
        example=(_TOKENS,),
        synonyms="lookup table token word vector vocabulary positions categorical",
        stem="embedding",
    ),
    Kind(
        "EmbeddingBag",
        "embedding",
        "torch.nn.EmbeddingBag",
        "Gives the mean of all tokens' rows: a text as one row of numbers, whatever its order.",
        "y = mean E[x]",
        inputs=(
            Port(
                "input", ranks=(1, 2), dtype="int", axes="N, tokens",
                sentence="Tokens: a bag in each row; or all bags behind one another, with offsets",
            ),
            Port(
                "offsets", ranks=(1,), dtype="int", axes="bags", optional=True,
                sentence="Where each bag begins, if they stand behind one another",
            ),
            Port(
                "per_sample_weights", ranks=(1, 2), like="input", optional=True,
                sentence="How much each token counts, with mode sum",
            ),
        ),
        params=(
            _COUNT,
            _SIZE,
            Param("mode", "choice", "mean", "How rows become one", choices=("mean", "sum", "max")),
            Param("padding_idx", "int", None, "The token that fills up rows: it counts for nothing"),
            *_NORM,
            _SPARSE,
            Param("include_last_offset", "bool", False, "Whether the last of the offsets is where the last bag ends"),
        ),
        example=(_TOKENS,),
        synonyms="bag of words mean sum text classification offsets",
        stem="bag",
    ),
    Kind(
        "PositionalEncoding",
        "embedding",
        "nndesigner.functions.positional_encoding",
        "Adds sines and cosines to each position of a sequence, so that attention can tell where it is.",
        "y = x + sin, cos(l / 10000^(2i / d))",
        inputs=(Port("input", ranks=(3,), axes="N, positions, features", sentence="A sequence"),),
        outputs=(Port("output", sentence="The sequence, each position marked"),),
        example=(TensorType((CHECK_BATCH, 6, 8)),),
        synonyms="sinusoidal sinusoid position sine transformer fourier",
        stem="positions",
    ),
)  # fmt: skip
