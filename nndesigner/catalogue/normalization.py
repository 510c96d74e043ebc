"""Normalization: values brought to mean 0 and variance 1, so that deep networks learn."""

from nndesigner.catalogue.kind import Follows, Kind, Param, Port
from nndesigner.catalogue.maps import example, maps

_EPS = Param("eps", "float", 1e-5, "Added to the variance, against division by zero", above=0)
_FORMULA = "y = γ·(x − mean) / √(variance + ε) + β"
_RUNNING = (
    _EPS,
    Param("momentum", "float", 0.1, "How fast the running mean and variance follow", minimum=0, maximum=1),
    Param("affine", "bool", True, "Whether scale γ and shift β are learned"),
    Param("track_running_stats", "bool", True, "Whether evaluation uses the running mean and variance"),
)


_ROWS_OR_MAPS = Port("input", ranks=(2, 3), axes="N, channels or N, channels, length")

KINDS = (
    *(
        Kind(
            f"BatchNorm{axes}d",
            "normalization",
            f"torch.nn.BatchNorm{axes}d",
            "Normalizes each channel over the whole batch; usually between a convolution and its activation.",
            _FORMULA,
            inputs=(_ROWS_OR_MAPS if axes == 1 else maps(axes),),
            params=_RUNNING,
            follows=(Follows("num_features", "input", 1),),
            example=example(axes),
            synonyms="bn batch norm",
            stem="norm",
        )
        for axes in (1, 2, 3)
    ),
    Kind(
        "InstanceNorm2d",
        "normalization",
        "torch.nn.InstanceNorm2d",
        "Normalizes each channel of each sample by itself.",
        _FORMULA,
        inputs=(maps(2),),
        params=(
            _EPS,
            Param("affine", "bool", False, "Whether scale γ and shift β are learned"),
        ),
        follows=(Follows("num_features", "input", 1),),
        example=example(2),
        stem="norm",
    ),
    Kind(
        "LayerNorm",
        "normalization",
        "torch.nn.LayerNorm",
        "Normalizes the last axis of each sample by itself, whatever the batch.",
        _FORMULA,
        params=(
            _EPS,
            Param("elementwise_affine", "bool", True, "Whether scale γ and shift β are learned"),
            Param("bias", "bool", True, "Whether the shift β is learned"),
        ),
        follows=(Follows("normalized_shape", "input", -1, wrapped=True),),
        synonyms="ln layer norm",
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
        stem="norm",
        keywords_only=True,
    ),
)
