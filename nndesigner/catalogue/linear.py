"""Layers that multiply by a matrix of weights, and the one that does nothing."""

from nndesigner.catalogue.kind import CHECK_BATCH, Follows, Kind, Param, Port, TensorType
from nndesigner.catalogue.maps import PARAMETRIZATION

_BIAS = Param("bias", "bool", True, "Whether a learned number is added to each output")

KINDS = (
    Kind(
        "Linear",
        "linear",
        "torch.nn.Linear",
        "Every output is a weighted sum of all inputs: the fully connected, or dense, layer.",
        "y = x·Wᵀ + b",
        params=(
            Param("out_features", "int", sentence="How many outputs", initial=64, minimum=1),
            _BIAS,
            PARAMETRIZATION,
        ),
        follows=(Follows("in_features", "input", -1),),
        synonyms="dense fully connected fc",
    ),
    Kind(
        "Bilinear",
        "linear",
        "torch.nn.Bilinear",
        "Every output weighs all products of one value of the first with one of the second input.",
        "y = x₁ᵀ·A·x₂ + b",
        inputs=(Port("input1"), Port("input2")),
        params=(
            Param("out_features", "int", sentence="How many outputs", initial=64, minimum=1),
            _BIAS,
            PARAMETRIZATION,
        ),
        follows=(Follows("in1_features", "input1", -1), Follows("in2_features", "input2", -1)),
        example=(TensorType((CHECK_BATCH, 8)), TensorType((CHECK_BATCH, 6))),
        synonyms="products second order",
    ),
    Kind(
        "Identity",
        "linear",
        "torch.nn.Identity",
        "Gives what it gets: a placeholder.",
        "y = x",
        inputs=(Port("input", dtype="any"),),
        synonyms="nothing pass through",
    ),
)
