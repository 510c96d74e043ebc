"""Operations that take a part of a tensor, by place or by a mask."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_ANY = (Port("input", dtype="any"),)
_SEQUENCE = TensorType((CHECK_BATCH, 6, 8))
_DIM = Param("dim", "axis", sentence="The axis that is chosen from; 0 is the batch", initial=1)


KINDS = (
    Kind(
        "Slice",
        "selecting",
        "operator.getitem",
        "Takes a part: an index or a range for each axis, the batch first.",
        "y = x[:, 0, 1:5]",
        inputs=_ANY,
        params=(
            Param(
                "index",
                "index",
                sentence="What stands between the brackets; : takes all of an axis",
                initial=":, 0",
                passed="positional",
            ),
        ),
        example=(_SEQUENCE,),
        synonyms="index getitem select crop first last token brackets",
    ),
    Kind(
        "Select",
        "selecting",
        "torch.Tensor.select",
        "Takes one place of an axis and drops the axis.",
        "N×L×C → N×C",
        inputs=_ANY,
        params=(
            Param("dim", "axis", sentence="The axis", initial=1, passed="positional"),
            Param("index", "int", sentence="Which place; −1 is the last", initial=-1, passed="positional"),
        ),
        example=(_SEQUENCE,),
        synonyms="index pick last step token",
    ),
    Kind(
        "Narrow",
        "selecting",
        "torch.Tensor.narrow",
        "Takes a range of places of an axis.",
        "N×L×C → N×length×C",
        inputs=_ANY,
        params=(
            Param("dim", "axis", sentence="The axis", initial=1, passed="positional"),
            Param("start", "int", sentence="The first place", initial=0, passed="positional"),
            Param("length", "int", sentence="How many places", initial=3, minimum=1, passed="positional"),
        ),
        example=(_SEQUENCE,),
        synonyms="range slice crop",
    ),
    Kind(
        "Gather",
        "selecting",
        "torch.gather",
        "Takes, at each place, the value whose number along the axis stands in index.",
        "yₙₗ = xₙ,index(n,l)",
        inputs=(Port("input", dtype="any"), Port("index", dtype="int", named=True)),
        params=(_DIM,),
        example=(TensorType((CHECK_BATCH, 6)), TensorType((CHECK_BATCH, 3), "int64")),
        synonyms="pick index lookup take",
    ),
    Kind(
        "MaskedFill",
        "selecting",
        "torch.Tensor.masked_fill",
        "Writes a number wherever a mask is true: −10⁹ before a softmax leaves nothing there.",
        "y = mask ? value : x",
        inputs=(Port("input"), Port("mask", dtype="bool")),
        params=(Param("value", "float", sentence="What is written", initial=-1e9, passed="positional"),),
        example=(TensorType((CHECK_BATCH, 6, 6)), TensorType((CHECK_BATCH, 6, 6), "bool")),
        synonyms="mask attention causal infinity hide",
    ),
    Kind(
        "Tril",
        "selecting",
        "torch.tril",
        "Keeps the lower triangle of each matrix and writes 0 above it.",
        "yᵢⱼ = xᵢⱼ if j ≤ i + diagonal, else 0",
        inputs=_ANY,
        params=(Param("diagonal", "int", 0, "How far above the diagonal is kept"),),
        example=(_SEQUENCE,),
        synonyms="triangle lower causal",
    ),
    Kind(
        "Triu",
        "selecting",
        "torch.triu",
        "Keeps the upper triangle of each matrix and writes 0 below it.",
        "yᵢⱼ = xᵢⱼ if j ≥ i + diagonal, else 0",
        inputs=_ANY,
        params=(Param("diagonal", "int", 0, "How far above the diagonal it begins"),),
        example=(_SEQUENCE,),
        synonyms="triangle upper",
    ),
)
