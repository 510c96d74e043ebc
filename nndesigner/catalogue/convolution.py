"""Convolutions: the same small window of weights laid on every place."""

from nndesigner.catalogue.kind import Follows, Kind, Param
from nndesigner.catalogue.maps import PARAMETRIZATION, example, maps


def _shared(axes: int) -> tuple[Param, ...]:
    return (
        Param("groups", "int", 1, "Channels are split into this many groups that do not mix", minimum=1),
        Param("bias", "bool", True, "Whether a learned number is added to each output channel"),
        Param("dilation", "size", 1, "Distance between the window's places", minimum=1, axes=axes),
    )


def _first(axes: int) -> tuple[Param, ...]:
    return (
        Param("out_channels", "int", sentence="How many patterns are looked for", initial=32, minimum=1),
        Param("kernel_size", "size", sentence="How large the window is", initial=3, minimum=1, axes=axes),
        Param("stride", "size", 1, "How far the window moves on", minimum=1, axes=axes),
    )


def _convolution(axes: int) -> Kind:
    return Kind(
        f"Conv{axes}d",
        "convolution",
        f"torch.nn.Conv{axes}d",
        "Looks for small patterns, the same everywhere, and gives a map of where each was found.",
        "y[o] = b[o] + Σᵢ w[o, i] ⋆ x[i]",
        inputs=(maps(axes),),
        params=(
            *_first(axes),
            Param(
                "padding",
                "size",
                0,
                "How many zeros are put around; same keeps the size",
                minimum=0,
                axes=axes,
                choices=("same", "valid"),
            ),
            *_shared(axes),
            Param(
                "padding_mode",
                "choice",
                "zeros",
                "What is put around",
                choices=("zeros", "reflect", "replicate", "circular"),
            ),
            PARAMETRIZATION,
        ),
        follows=(Follows("in_channels", "input", 1),),
        example=example(axes),
        synonyms="convolution filter kernel",
        stem="conv",
    )


def _transposed(axes: int) -> Kind:
    return Kind(
        f"ConvTranspose{axes}d",
        "convolution",
        f"torch.nn.ConvTranspose{axes}d",
        "A convolution run backwards: each value paints a small pattern, so that maps grow.",
        "the gradient of a convolution with respect to its input",
        inputs=(maps(axes),),
        params=(
            *_first(axes),
            Param("padding", "size", 0, "How much is cut off around", minimum=0, axes=axes),
            Param("output_padding", "size", 0, "How much is added at one side", minimum=0, axes=axes),
            *_shared(axes),
            PARAMETRIZATION,
        ),
        follows=(Follows("in_channels", "input", 1),),
        example=example(axes),
        synonyms="deconvolution transposed convolution upsample",
        stem="deconv",
    )


KINDS = (*map(_convolution, (1, 2, 3)), *map(_transposed, (1, 2, 3)))
