"""Padding: something put around maps, so that windows reach their edges."""

from nndesigner.catalogue.kind import Kind, Param, Port
from nndesigner.catalogue.maps import example, maps

_ORDER = {1: "left, right", 2: "left, right, top, bottom", 3: "left, right, top, bottom, front, back"}


def _pad(axes: int, what: str, sentence: str, formula: str, synonyms: str) -> Kind:
    around = f"How much is put around; or {_ORDER[axes]}"
    value = Param("value", "float", sentence="What is put around", initial=0.0)
    plain = maps(axes)
    return Kind(
        f"{what}Pad{axes}d",
        "padding",
        f"torch.nn.{what}Pad{axes}d",
        sentence,
        formula,
        inputs=(Port("input", plain.ranks, "any", axes=plain.axes) if what == "Zero" else plain,),
        params=(
            Param("padding", "size", sentence=around, initial=1, minimum=0, axes=2 * axes),
            *([value] if what == "Constant" else []),
        ),
        example=example(axes),
        synonyms=f"padding border {synonyms}",
        stem="pad",
    )


_KINDS = (
    ("Zero", "Puts zeros around.", "a b c → 0 a b c 0", "same zeros"),
    ("Constant", "Puts one number around.", "a b c → v a b c v", "value"),
    ("Reflection", "Mirrors what is at the edges, the edge itself left out.", "a b c → b a b c b", "mirror"),
    ("Replication", "Repeats what is at the edges.", "a b c → a a b c c", "replicate edge"),
    ("Circular", "Goes on at the other side, as if maps were rolled up.", "a b c → c a b c a", "wrap around"),
)
KINDS = tuple(_pad(axes, *words) for words in _KINDS for axes in (1, 2, 3))
