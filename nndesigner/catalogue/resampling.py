"""Maps made larger or smaller, cut into patches and put together again."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType
from nndesigner.catalogue.maps import example, maps

_MODES = ("nearest", "linear", "bilinear", "bicubic", "trilinear", "nearest-exact")
_SIZE = Param("size", "size", None, "The size of the result; nothing: by factor", minimum=1, axes=2)
_FACTOR = Param(
    "scale_factor",
    "float",
    None,
    "How many times as large the result is; nothing: by size",
    initial=2.0,
    above=0,
    maximum=1024,
    axes=2,
)
_MAPS = Port("input", ranks=(3, 4, 5), axes="N, channels, length or height, width or depth, height, width")


def _patches(word: str, *first: Param) -> tuple[Param, ...]:
    return (
        *first,
        Param("kernel_size", "size", sentence="How large a patch is", initial=2, minimum=1, axes=2),
        Param("dilation", "size", 1, "Distance between the values of a patch", minimum=1, axes=2),
        Param("padding", "size", 0, word, minimum=0, axes=2),
        Param("stride", "size", 1, "How far it is from one patch to the next", minimum=1, axes=2),
    )


KINDS = (
    Kind(
        "Upsample",
        "resampling",
        "torch.nn.Upsample",
        "Makes maps larger, by repeating values or by drawing lines or curves between them.",
        "y at a place = x at that place / factor",
        inputs=(_MAPS,),
        params=(
            _SIZE,
            _FACTOR,
            Param(
                "mode",
                "choice",
                "nearest",
                "How what lies between is found: linear for lengths, bilinear or bicubic for height and width, "
                "trilinear for depth too",
                choices=_MODES,
            ),
            Param(
                "align_corners", "bool", None, "Whether the middles of the corner values stay in the corners"
            ),
            Param(
                "recompute_scale_factor",
                "bool",
                None,
                "Whether the factor is that of the sizes, which are whole",
            ),
        ),
        example=example(2),
        synonyms="interpolate resize enlarge unpool nearest bilinear bicubic",
        stem="up",
    ),
    *(
        Kind(
            name,
            "resampling",
            f"torch.nn.{name}",
            sentence,
            "y at a place = x at that place / factor",
            inputs=(maps(2),),
            params=(_SIZE, _FACTOR),
            example=example(2),
            synonyms="interpolate resize enlarge upsample",
            stem="up",
        )
        for name, sentence in (
            ("UpsamplingNearest2d", "Makes maps larger by repeating values. An older name for Upsample."),
            (
                "UpsamplingBilinear2d",
                "Makes maps larger by drawing lines between values, corners kept. An older name for Upsample.",
            ),
        )
    ),
    Kind(
        "PixelShuffle",
        "resampling",
        "torch.nn.PixelShuffle",
        "Lays the channels of each place out as a square of pixels: fewer channels, larger maps.",
        "N×(C·r²)×H×W → N×C×(H·r)×(W·r)",
        inputs=(maps(2),),
        params=(
            Param(
                "upscale_factor",
                "int",
                sentence="r: how many times as large the maps become",
                initial=2,
                minimum=1,
            ),
        ),
        example=example(2),
        synonyms="depth to space sub-pixel super-resolution upsample",
        stem="shuffle",
    ),
    Kind(
        "PixelUnshuffle",
        "resampling",
        "torch.nn.PixelUnshuffle",
        "Stacks the pixels of each square as channels: more channels, smaller maps, nothing lost.",
        "N×C×(H·r)×(W·r) → N×(C·r²)×H×W",
        inputs=(maps(2),),
        params=(
            Param(
                "downscale_factor",
                "int",
                sentence="r: how many times as small the maps become",
                initial=2,
                minimum=1,
            ),
        ),
        example=example(2),
        synonyms="space to depth downsample focus",
        stem="unshuffle",
    ),
    Kind(
        "ChannelShuffle",
        "resampling",
        "torch.nn.ChannelShuffle",
        "Deals the channels of groups out in turn, so that groups of a convolution get to know each other.",
        "channels as groups×n → n×groups",
        inputs=(Port("input", ranks=(3, 4, 5), axes="N, channels, …"),),
        params=(
            Param("groups", "int", sentence="How many groups; divides the channels", initial=2, minimum=1),
        ),
        example=example(2),
        synonyms="shufflenet groups mix permute channels",
        stem="shuffle",
    ),
    Kind(
        "Unfold",
        "resampling",
        "torch.nn.Unfold",
        "Cuts maps into patches, which may overlap, and lays each in a column.",
        "N×C×H×W → N×(C·values of a patch)×patches",
        inputs=(maps(2),),
        params=_patches("How many zeros are put around"),
        example=example(2),
        synonyms="im2col patches sliding window blocks",
    ),
    Kind(
        "Fold",
        "resampling",
        "torch.nn.Fold",
        "Puts patches together to maps; where they overlap, they are added. The way back from Unfold.",
        "N×(C·values of a patch)×patches → N×C×H×W",
        inputs=(Port("input", ranks=(3,), axes="N, channels · values of a patch, patches"),),
        params=_patches(
            "How much is cut off around",
            Param("output_size", "size", sentence="The size of the maps", initial=4, minimum=1, axes=2),
        ),
        example=(TensorType((CHECK_BATCH, 8, 9)),),
        synonyms="col2im patches overlap add",
    ),
)
