"""Operations that give the same values another shape or another order."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_MAPS = (TensorType((CHECK_BATCH, 4, 6, 6)),)
_SEQUENCE = (TensorType((CHECK_BATCH, 6, 8)),)
_ROW = (TensorType((CHECK_BATCH, 8)),)
_ANY = (Port("input", dtype="any"),)
_MOST = 64


def _shaping(
    name: str,
    target: str,
    sentence: str,
    formula: str,
    params: tuple[Param, ...],
    example: tuple[TensorType, ...],
    synonyms: str,
    outputs: tuple[Port, ...] = (Port("output", dtype="any"),),
) -> Kind:
    return Kind(
        name,
        "shaping",
        f"torch.{target}",
        sentence,
        formula,
        inputs=_ANY,
        outputs=outputs,
        params=params,
        example=example,
        synonyms=synonyms,
    )


KINDS = (
    _shaping(
        "Flatten",
        "nn.Flatten",
        "Lays all values of a sample in one row, as Linear wants them.",
        "N×C×H×W → N×(C·H·W)",
        (
            Param("start_dim", "axis", 1, "The first axis that is joined; 0 is the batch"),
            Param("end_dim", "axis", -1, "The last axis that is joined"),
        ),
        _MAPS,
        "vector row",
    ),
    _shaping(
        "Unflatten",
        "nn.Unflatten",
        "Lays one axis out as several: a row becomes maps. The way back from Flatten.",
        "N×(C·H·W) → N×C×H×W",
        (
            Param("dim", "axis", sentence="The axis that is laid out; 1 is the first of a sample", initial=1),
            Param(
                "unflattened_size",
                "shape",
                sentence="The sizes it becomes; −1 for the one that follows from the rest",
                initial=(4, 2),
                minimum=-1,
            ),
        ),
        _ROW,
        "reshape maps decoder rearrange",
    ),
    _shaping(
        "Reshape",
        "Tensor.reshape",
        "Gives the values another shape. Write −1 for the one axis that follows from the rest, usually the batch.",
        "N×(C·H·W) → N×C×H×W",
        (
            Param(
                "shape",
                "shape",
                sentence="All sizes, the batch (−1) first",
                initial=(-1, 4, 2, 1),
                minimum=-1,
                passed="spread",
            ),
        ),
        _ROW,
        "view unflatten",
    ),
    _shaping(
        "Permute",
        "Tensor.permute",
        "Puts the axes in another order.",
        "N×L×C → N×C×L",
        (
            Param(
                "dims",
                "axes",
                sentence="The axes in their new order, each once; 0 is the batch",
                initial=(0, 2, 1),
                passed="spread",
            ),
        ),
        _SEQUENCE,
        "transpose swap axes order channels last movedim",
    ),
    _shaping(
        "Transpose",
        "Tensor.transpose",
        "Swaps two axes.",
        "N×L×C → N×C×L",
        (
            Param("dim0", "axis", sentence="One axis", initial=1, passed="positional"),
            Param("dim1", "axis", sentence="The other axis", initial=2, passed="positional"),
        ),
        _SEQUENCE,
        "swap axes swapaxes permute",
    ),
    _shaping(
        "Squeeze",
        "Tensor.squeeze",
        "Drops an axis of size 1.",
        "N×1×C → N×C",
        (Param("dim", "axis", sentence="The axis that is dropped", initial=1, passed="positional"),),
        (TensorType((CHECK_BATCH, 1, 8)),),
        "remove axis dimension",
    ),
    _shaping(
        "Unsqueeze",
        "Tensor.unsqueeze",
        "Puts in an axis of size 1.",
        "N×C → N×1×C",
        (
            Param(
                "dim", "axis", sentence="Where the new axis stands", initial=1, passed="positional", beyond=1
            ),
        ),
        _ROW,
        "add axis dimension None newaxis",
    ),
    _shaping(
        "Expand",
        "Tensor.expand",
        "Shows an axis of size 1 as if it were repeated, without copying. Write −1 to leave an axis as it is.",
        "N×1×C → N×L×C",
        (
            Param(
                "sizes",
                "shape",
                sentence="All sizes; −1 leaves an axis as it is",
                initial=(-1, 6, -1),
                minimum=-1,
                passed="spread",
            ),
        ),
        (TensorType((CHECK_BATCH, 1, 8)),),
        "broadcast repeat broadcast_to",
    ),
    _shaping(
        "Repeat",
        "Tensor.repeat",
        "Lays copies of the whole one behind the other: abc → abcabc.",
        "N×C → N×2C",
        (
            Param(
                "repeats",
                "shape",
                sentence="How many copies along each axis; 1 leaves it as it is",
                initial=(1, 2),
                minimum=1,
                maximum=4096,
                passed="spread",
            ),
        ),
        _ROW,
        "tile copy",
    ),
    _shaping(
        "RepeatInterleave",
        "Tensor.repeat_interleave",
        "Lays copies of each value behind it: abc → aabbcc.",
        "N×C → N×2C",
        (
            Param(
                "repeats",
                "int",
                sentence="How many of each",
                initial=2,
                minimum=1,
                maximum=4096,
                passed="positional",
            ),
            Param("dim", "axis", None, "The axis along which they lie", initial=1),
        ),
        _ROW,
        "copy heads grouped query nearest",
    ),
    _shaping(
        "Split",
        "Tensor.split",
        "Cuts an axis into pieces of these sizes, each at an output of its own.",
        "N×8 → N×2, N×6",
        (
            Param(
                "split_size",
                "shape",
                sentence="The size of each piece; together they fill the axis",
                initial=(2, 6),
                minimum=1,
                passed="positional",
            ),
            Param("dim", "axis", 0, "The axis that is cut; 1 is the channels", initial=1),
        ),
        _ROW,
        "cut pieces divide split_with_sizes",
        (Port("output", dtype="any", count="split_size"),),
    ),
    _shaping(
        "Chunk",
        "Tensor.chunk",
        "Cuts an axis into so many equal pieces, each at an output of its own.",
        "N×8 → N×4, N×4",
        (
            Param(
                "chunks",
                "int",
                sentence="How many pieces",
                initial=2,
                minimum=2,
                maximum=_MOST,
                passed="positional",
            ),
            Param("dim", "axis", 0, "The axis that is cut; 1 is the channels", initial=1),
        ),
        _ROW,
        "cut pieces split halves glu",
        (Port("output", dtype="any", count="chunks"),),
    ),
    _shaping(
        "Unbind",
        "Tensor.unbind",
        "Takes an axis apart: each place of it at an output of its own.",
        "N×3×C → N×C, N×C, N×C",
        (
            Param(
                "count",
                "int",
                sentence="How many places the axis has",
                initial=3,
                minimum=2,
                maximum=_MOST,
                own=True,
            ),
            Param("dim", "axis", 0, "The axis that is taken apart", initial=1),
        ),
        (TensorType((CHECK_BATCH, 3, 8)),),
        "unstack apart query key value qkv",
        (Port("output", dtype="any", count="count"),),
    ),
    _shaping(
        "Roll",
        "roll",
        "Moves the values along an axis; what falls off at its end comes in at its beginning.",
        "abcd → dabc",
        (
            Param("shifts", "axes", sentence="By how many places, along each of the axes", initial=1),
            Param("dims", "axes", None, "The axis, or as many axes as there are shifts", initial=2),
        ),
        _MAPS,
        "cyclic shift circular swin window",
    ),
    _shaping(
        "Flip",
        "flip",
        "Turns the order of the values along an axis.",
        "abcd → dcba",
        (Param("dims", "axes", sentence="The axis, or several", initial=(2,)),),
        _MAPS,
        "reverse mirror",
    ),
    _shaping(
        "Pad",
        "nn.functional.pad",
        "Puts values around: at both ends of the last axis, then of the one before, and so on. "
        "Negative sizes cut off.",
        "N×C×L → N×C×(left + L + right)",
        (
            Param(
                "pad",
                "shape",
                sentence="Two sizes for each axis, beginning with the last",
                initial=(1, 1, 1, 1),
                minimum=-4096,
                maximum=4096,
            ),
            Param(
                "mode",
                "choice",
                "constant",
                "What is put around",
                choices=("constant", "reflect", "replicate", "circular"),
            ),
            Param("value", "float", None, "The number for the mode constant; nothing is 0"),
        ),
        _MAPS,
        "padding zeros border crop",
    ),
    Kind(
        "Interpolate",
        "shaping",
        "torch.nn.functional.interpolate",
        "Makes maps larger or smaller: to a size, or by a factor.",
        "N×C×H×W → N×C×(s·H)×(s·W)",
        inputs=(Port("input", ranks=(4,), axes="N, channels, height, width"),),
        params=(
            Param(
                "size",
                "size",
                None,
                "Height and width to reach; nothing to use the factor",
                minimum=1,
                axes=2,
            ),
            Param(
                "scale_factor",
                "float",
                None,
                "How many times as large; nothing to use the size",
                initial=2,
                above=0,
                maximum=256,
            ),
            Param(
                "mode",
                "choice",
                "nearest",
                "How the values between are found",
                choices=("nearest", "nearest-exact", "bilinear", "bicubic", "area"),
            ),
        ),
        example=_MAPS,
        synonyms="resize upsample downsample scale",
        stem="resize",
    ),
)
