"""How far apart, or how alike, two inputs are."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_TWO = (Port("x1"), Port("x2", like="x1"))
_ROWS = (TensorType((CHECK_BATCH, 8)), TensorType((CHECK_BATCH, 8)))

KINDS = (
    Kind(
        "CosineSimilarity",
        "distance",
        "torch.nn.CosineSimilarity",
        "How much two inputs point the same way: 1 the same, 0 across, −1 the opposite.",
        "y = x₁·x₂ / (|x₁|·|x₂|)",
        inputs=_TWO,
        params=(
            Param("dim", "axis", 1, "The axis along which they are compared; it goes away"),
            Param("eps", "float", 1e-8, "The least that is divided by", above=0),
        ),
        example=_ROWS,
        synonyms="cosine angle alike embedding siamese",
        stem="similarity",
    ),
    Kind(
        "PairwiseDistance",
        "distance",
        "torch.nn.PairwiseDistance",
        "How far two inputs are apart, along the last axis.",
        "y = (Σ |x₁ − x₂ + ε|ᵖ)^(1/p)",
        inputs=_TWO,
        params=(
            Param("p", "float", 2.0, "2: as the crow flies; 1: along the axes", minimum=0),
            Param("eps", "float", 1e-6, "Added to the difference, against slopes without end", minimum=0),
            Param("keepdim", "bool", False, "Whether the last axis stays, with a size of 1"),
        ),
        example=_ROWS,
        synonyms="euclidean manhattan norm siamese metric",
        stem="distance",
    ),
)
