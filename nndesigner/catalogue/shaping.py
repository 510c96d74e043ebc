"""Operations that give the same values another shape."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_MAPS = (TensorType((CHECK_BATCH, 4, 6, 6)),)
_ANY = (Port("input", dtype="any"),)

KINDS = (
    Kind(
        "Flatten",
        "shaping",
        "torch.nn.Flatten",
        "Lays all values of a sample in one row, as Linear wants them.",
        "N×C×H×W → N×(C·H·W)",
        inputs=_ANY,
        params=(
            Param("start_dim", "axis", 1, "The first axis that is joined; 0 is the batch"),
            Param("end_dim", "axis", -1, "The last axis that is joined"),
        ),
        example=_MAPS,
        synonyms="vector row",
    ),
    Kind(
        "Reshape",
        "shaping",
        "torch.Tensor.reshape",
        "Gives the values another shape. Write −1 for the one axis that follows from the rest, usually the batch.",
        "N×(C·H·W) → N×C×H×W",
        inputs=_ANY,
        params=(
            Param(
                "shape",
                "shape",
                sentence="All sizes, the batch (−1) first",
                initial=(-1, 4, 2, 1),
                minimum=-1,
                passed="spread",
            ),
        ),
        example=(TensorType((CHECK_BATCH, 8)),),
        synonyms="view unflatten",
    ),
)
