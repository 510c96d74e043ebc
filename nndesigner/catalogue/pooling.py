"""Pooling: many neighbouring values become one."""

from nndesigner.catalogue.kind import Kind, Param
from nndesigner.catalogue.maps import example, maps


def _window(axes: int) -> tuple[Param, ...]:
    return (
        Param("kernel_size", "size", sentence="How large the window is", initial=2, minimum=1, axes=axes),
        Param(
            "stride", "size", None, "How far the window moves on; nothing: its own size", minimum=1, axes=axes
        ),
        Param("padding", "size", 0, "How much is put around; half the window at most", minimum=0, axes=axes),
    )


_CEIL = Param("ceil_mode", "bool", False, "Whether a window that is not full counts too")


def _maximum(axes: int) -> Kind:
    return Kind(
        f"MaxPool{axes}d",
        "pooling",
        f"torch.nn.MaxPool{axes}d",
        "Keeps the largest value of each window: was the pattern there at all?",
        "y = max of each window",
        inputs=(maps(axes),),
        params=(
            *_window(axes),
            Param("dilation", "size", 1, "Distance between the window's places", minimum=1, axes=axes),
            _CEIL,
        ),
        example=example(axes),
        synonyms="max pooling downsample",
        stem="pool",
    )


def _average(axes: int) -> Kind:
    return Kind(
        f"AvgPool{axes}d",
        "pooling",
        f"torch.nn.AvgPool{axes}d",
        "Takes the mean of each window.",
        "y = mean of each window",
        inputs=(maps(axes),),
        params=(
            *_window(axes),
            _CEIL,
            Param("count_include_pad", "bool", True, "Whether what was put around counts in the mean"),
        ),
        example=example(axes),
        synonyms="average mean pooling downsample",
        stem="pool",
    )


def _adaptive(axes: int, what: str, word: str) -> Kind:
    return Kind(
        f"Adaptive{what}Pool{axes}d",
        "pooling",
        f"torch.nn.Adaptive{what}Pool{axes}d",
        f"Gives maps of the size you ask for, whatever comes in, by taking the {word} of windows that fit.",
        f"y = {word} of windows chosen to fit",
        inputs=(maps(axes),),
        params=(
            Param("output_size", "size", sentence="The size of the result", initial=1, minimum=1, axes=axes),
        ),
        example=example(axes),
        synonyms="global pooling",
        stem="pool",
    )


KINDS = (
    *map(_maximum, (1, 2, 3)),
    *map(_average, (1, 2, 3)),
    *(_adaptive(axes, "Avg", "mean") for axes in (1, 2, 3)),
    *(_adaptive(axes, "Max", "maximum") for axes in (1, 2, 3)),
)
