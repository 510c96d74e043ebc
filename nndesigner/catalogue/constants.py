"""Tensors that come from nowhere: learned, fixed, random, counted, or a mask. Masks are true where one may not look."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_ANY = (Port("input", dtype="any"),)
_ROW = (TensorType((CHECK_BATCH, 8)),)
_SEQUENCE = (TensorType((CHECK_BATCH, 6, 8)),)
_TOKENS = (TensorType((CHECK_BATCH, 6), "int64"),)


def _held(
    name: str, init: str, shape: tuple[int, ...], scale: float, sentence: str, formula: str, synonyms: str
) -> Kind:
    return Kind(
        name,
        "constants",
        f"torch.nn.{name}",
        sentence,
        formula,
        inputs=(),
        params=(
            Param(
                "shape",
                "shape",
                sentence="Its sizes; there is no batch in it",
                initial=shape,
                minimum=1,
                bare=True,
            ),
            Param("init", "choice", init, "What it begins as", choices=("zeros", "ones", "randn", "rand")),
            Param("scale", "float", 1.0, "What the beginning is multiplied by", initial=scale),
        ),
        example=(),
        synonyms=synonyms,
        stem={"Parameter": "weight", "Buffer": "buffer"}[name],
    )


def _like(name: str, function: str, sentence: str, formula: str, synonyms: str, dtype: str = "any") -> Kind:
    return Kind(
        name,
        "constants",
        f"torch.{function}",
        sentence,
        formula,
        inputs=_ANY if dtype == "any" else (Port("input"),),
        example=_ROW,
        synonyms=f"{function} {synonyms}",
        stem=name.lower(),
    )


KINDS = (
    _held(
        "Parameter",
        "randn",
        (1, 6, 8),
        0.02,
        "A tensor that is learned, the same for every sample: positions, a class token, a gate.",
        "W ∈ ℝ^shape",
        "weight learned position token bias gain",
    ),
    _held(
        "Buffer",
        "ones",
        (1, 8),
        1.0,
        "A tensor that is kept with the weights and not learned.",
        "B ∈ ℝ^shape",
        "constant fixed register_buffer",
    ),
    Kind(
        "Positions",
        "constants",
        "nndesigner.functions.positions",
        "Counts 0, 1, 2, … along the second axis: what an Embedding of positions looks up.",
        "y = 0, 1, …, L − 1",
        inputs=(Port("input", ranks=(2, 3, 4, 5), dtype="any", axes="N, positions, and up to three others"),),
        outputs=(Port("output", dtype="int"),),
        example=_TOKENS,
        synonyms="arange range index position token",
    ),
    Kind(
        "CausalMask",
        "constants",
        "nndesigner.functions.causal_mask",
        "True where a position would look at a later one. An attention's attn_mask wants it so.",
        "Mᵢⱼ = (j > i)",
        inputs=(Port("input", ranks=(2, 3, 4, 5), dtype="any", axes="N, positions, and up to three others"),),
        outputs=(Port("output", dtype="bool"),),
        example=_SEQUENCE,
        synonyms="triu triangular autoregressive attn_mask decoder gpt",
        stem="mask",
    ),
    Kind(
        "PaddingMask",
        "constants",
        "nndesigner.functions.padding_mask",
        "True where a token only fills up its row. An attention's key_padding_mask wants it so.",
        "M = (x = padding_idx)",
        inputs=(Port("input", ranks=(2,), dtype="int", axes="N, positions"),),
        outputs=(Port("output", dtype="bool"),),
        params=(Param("padding_idx", "int", 0, "The number of the token that fills up", minimum=0),),
        example=_TOKENS,
        synonyms="key_padding_mask pad ignore",
        stem="mask",
    ),
    Kind(
        "ExpandBatch",
        "constants",
        "nndesigner.functions.expand_batch",
        "Gives each sample of a batch the same tensor: a class token before its patches, an initial state.",
        "1×… → N×…",
        inputs=(
            Port("input", ranks=(1, 2, 3, 4, 5), dtype="any", axes="1, and up to four others"),
            Port("like", dtype="any", sentence="A tensor with as many samples as are wanted"),
        ),
        outputs=(Port("output", dtype="any"),),
        example=(TensorType((CHECK_BATCH, 1, 8)), TensorType((CHECK_BATCH, 6), "int64")),
        synonyms="class token cls expand repeat batch broadcast",
        stem="expand",
    ),
    _like(
        "RandnLike",
        "randn_like",
        "Random numbers of a normal distribution, as many as its input has.",
        "ε ~ 𝒩(0, 1)",
        "noise normal gauss random reparametrization vae",
        "float",
    ),
    _like(
        "RandLike",
        "rand_like",
        "Random numbers from 0 to 1, as many as its input has.",
        "u ~ 𝒰(0, 1)",
        "noise uniform random",
        "float",
    ),
    _like("ZerosLike", "zeros_like", "Zeros, as many as its input has numbers.", "y = 0", "zero empty"),
    _like("OnesLike", "ones_like", "Ones, as many as its input has numbers.", "y = 1", "one full"),
)
