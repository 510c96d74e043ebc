"""Operations that make one tensor of several."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_SAME = (TensorType((CHECK_BATCH, 4, 6, 6)), TensorType((CHECK_BATCH, 4, 6, 6)))

KINDS = (
    Kind(
        "Add",
        "joining",
        "operator.add",
        "Adds its inputs, number by number: the join of a residual connection.",
        "y = x₁ + x₂ + …",
        inputs=(Port("input", many=2),),
        example=_SAME,
        synonyms="sum plus residual skip",
    ),
    Kind(
        "Multiply",
        "joining",
        "operator.mul",
        "Multiplies its inputs, number by number: a gate.",
        "y = x₁ · x₂ · …",
        inputs=(Port("input", many=2),),
        example=_SAME,
        synonyms="product gate times",
    ),
    Kind(
        "Concat",
        "joining",
        "torch.cat",
        "Lays its inputs one behind the other along an axis; the other axes must agree.",
        "y = [x₁, x₂, …]",
        inputs=(Port("input", dtype="any", many=2),),
        params=(
            Param("dim", "axis", 0, "The axis along which they are joined; 1 is the channels", initial=1),
        ),
        example=_SAME,
        synonyms="cat join stack",
    ),
)
