"""Normalization: values brought to mean 0 and variance 1, so that deep networks learn."""

from nndesigner.catalogue.kind import Follows, Kind, Param, Port
from nndesigner.catalogue.maps import example, maps

_EPS = Param("eps", "float", 1e-5, "Added to the variance, against division by zero", above=0)
_FORMULA = "y = γ·(x − mean) / √(variance + ε) + β"
_AXES = Param("axes", "int", 1, "How many of the last axes are normalized together", minimum=1, own=True)
_LAST = (Follows("normalized_shape", "input", -1, last="axes"),)


def _running(axes: int, learned: bool, tracked: bool) -> tuple[Param, ...]:
    momentum = "How fast the running mean and variance follow"
    nothing = "; nothing: they are means over all so far"
    return (
        _EPS,
        Param("momentum", "float", 0.1, momentum + nothing, minimum=0, maximum=1, optional=True)
        if tracked
        else Param("momentum", "float", 0.1, momentum, minimum=0, maximum=1),
        Param("affine", "bool", learned, "Whether scale γ and shift β are learned"),
        Param(
            "track_running_stats", "bool", tracked, "Whether evaluation uses the running mean and variance"
        ),
    )


def _batch(axes: int) -> Kind:
    rows_or_maps = Port("input", ranks=(2, 3), axes="N, channels or N, channels, length")
    return Kind(
        f"BatchNorm{axes}d",
        "normalization",
        f"torch.nn.BatchNorm{axes}d",
        "Normalizes each channel over the whole batch; usually between a convolution and its activation.",
        _FORMULA,
        inputs=(rows_or_maps if axes == 1 else maps(axes),),
        params=_running(axes, True, True),
        follows=(Follows("num_features", "input", 1),),
        example=example(axes),
        synonyms="bn batch norm",
        stem="norm",
    )


def _instance(axes: int) -> Kind:
    return Kind(
        f"InstanceNorm{axes}d",
        "normalization",
        f"torch.nn.InstanceNorm{axes}d",
        "Normalizes each channel of each sample by itself. Used where the style of a picture is to go.",
        _FORMULA,
        inputs=(maps(axes),),
        params=_running(axes, False, False),
        follows=(Follows("num_features", "input", 1),),
        example=example(axes),
        synonyms="in instance norm style transfer",
        stem="norm",
    )


KINDS = (
    *map(_batch, (1, 2, 3)),
    *map(_instance, (1, 2, 3)),
    Kind(
        "LayerNorm",
        "normalization",
        "torch.nn.LayerNorm",
        "Normalizes the last axis, or several, of each sample by itself, whatever the batch.",
        _FORMULA,
        params=(
            _AXES,
            _EPS,
            Param("elementwise_affine", "bool", True, "Whether scale γ and shift β are learned"),
            Param("bias", "bool", True, "Whether the shift β is learned"),
        ),
        follows=_LAST,
        synonyms="ln layer norm",
        stem="norm",
    ),
    Kind(
        "RMSNorm",
        "normalization",
        "torch.nn.RMSNorm",
        "Divides by the root of the mean square of the last axis; a LayerNorm without means. Used in language models.",
        "y = γ·x / √(mean of x² + ε)",
        params=(
            _AXES,
            Param("eps", "float", None, "Added under the root; nothing: the smallest step from 1", above=0),
            Param("elementwise_affine", "bool", True, "Whether the scale γ is learned"),
        ),
        follows=_LAST,
        synonyms="rms root mean square layer norm llama",
        stem="norm",
    ),
    Kind(
        "GroupNorm",
        "normalization",
        "torch.nn.GroupNorm",
        "Normalizes groups of channels of each sample by themselves, whatever the batch.",
        _FORMULA,
        params=(
            Param(
                "num_groups", "int", sentence="How many groups; divides the channels", initial=4, minimum=1
            ),
            _EPS,
            Param("affine", "bool", True, "Whether scale γ and shift β are learned"),
        ),
        inputs=(Port("input", ranks=(2, 3, 4, 5), axes="N, channels, …"),),
        follows=(Follows("num_channels", "input", 1),),
        example=example(2),
        synonyms="gn group norm",
        stem="norm",
        keywords_only=True,
    ),
    Kind(
        "LocalResponseNorm",
        "normalization",
        "torch.nn.LocalResponseNorm",
        "Makes channels compete: a value shrinks where its neighbours in other channels are large. Used in AlexNet.",
        "y = x / (k + α·mean of x² over neighbouring channels)^β",
        inputs=(Port("input", ranks=(3, 4, 5), axes="N, channels, …"),),
        params=(
            Param("size", "int", sentence="How many neighbouring channels count", initial=5, minimum=1),
            Param("alpha", "float", 0.0001, "α: how much the neighbours count", minimum=0),
            Param("beta", "float", 0.75, "β: the power that is divided by", minimum=0),
            Param("k", "float", 1.0, "What is divided by where the neighbours are 0", above=0),
        ),
        example=example(2),
        synonyms="lrn local response normalization alexnet",
        stem="norm",
    ),
)
