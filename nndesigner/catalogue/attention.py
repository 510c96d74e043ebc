"""Attention: each position of a sequence looks at the others; and the layers of a transformer, made of it.

The masks of torch's modules are true where one may *not* look; that of `scaled_dot_product_attention` is true where
one may.
"""

from nndesigner.catalogue.kind import CHECK_BATCH, Follows, Kind, Param, Port, TensorType

_SEQUENCE = TensorType((CHECK_BATCH, 6, 8))
_AXES = "N, positions, features"
_BATCH_FIRST = Param(
    "batch_first", "bool", False, "Whether the batch is the first axis, not the second", initial=True
)
_BIAS = Param("bias", "bool", True, "Whether constants are added")


def _sequence(name: str, sentence: str) -> Port:
    return Port(name, ranks=(3,), axes=_AXES, sentence=sentence)


def _mask(name: str, who: str = "a position", whom: str = "another") -> Port:
    return Port(
        name, ranks=(2, 3), dtype="any", axes="positions, positions", optional=True,
        sentence=f"True where {who} may not look at {whom}; or numbers that are added",
    )  # fmt: skip


def _padding(name: str, whom: str) -> Port:
    return Port(
        name, ranks=(2,), dtype="any", axes="N, positions", optional=True,
        sentence=f"True where {whom} only fills up its row",
    )  # fmt: skip


def _heads(name: str, default: int | None = None) -> Param:
    sentence = "Into how many parts the features are split, each of which looks for something else"
    if default is not None:
        return Param(name, "int", default, sentence, minimum=1)
    return Param(name, "int", sentence=sentence, initial=4, minimum=1)


def _causal(name: str, mask: str) -> Param:
    return Param(
        name, "bool", False, f"Says that {mask} hides all later positions, which is faster", passed="call"
    )


def _drop(default: float) -> Param:
    return Param("dropout", "float", default, "How much is dropped while training", minimum=0, maximum=1)


def _forward_params(*first: Param) -> tuple[Param, ...]:
    """What the layers of a transformer have in common."""
    return (
        *first,
        Param("dim_feedforward", "int", 2048, "How wide the layer in the middle of each is", minimum=1),
        _drop(0.1),
        Param("activation", "choice", "relu", "What stands in the middle", choices=("relu", "gelu")),
        Param("layer_norm_eps", "float", 1e-5, "Added to the variance, so that nothing is divided by 0", above=0),
        _BATCH_FIRST,
        Param("norm_first", "bool", False, "Whether it normalizes before each part, not after: trains more easily"),
        _BIAS,
    )  # fmt: skip


KINDS = (
    Kind(
        "MultiheadAttention",
        "attention",
        "torch.nn.MultiheadAttention",
        "Each position of query looks at all of key and takes a mixture of value. One sequence at all three: "
        "self-attention.",
        "softmax(Q Kᵀ / √d) V for each head",
        inputs=(
            _sequence("query", "Who looks"),
            _sequence("key", "What is looked at"),
            _sequence("value", "What is taken from there"),
            _padding("key_padding_mask", "a position of key"),
            _mask("attn_mask", "a position of query", "one of key"),
        ),
        outputs=(
            Port("attn_output", sentence="A mixture of value for each position of query"),
            Port("attn_weights", when="need_weights", sentence="How much each looked at which"),
        ),
        returns=("attn_output", "attn_weights"),
        params=(
            _heads("num_heads"),
            _drop(0.0),
            _BIAS,
            Param("add_bias_kv", "bool", False, "Whether a learned position is added to key and value"),
            Param("add_zero_attn", "bool", False, "Whether a position of zeros is added to key and value"),
            _BATCH_FIRST,
            Param(
                "need_weights", "bool", True, "Whether it also gives how much each looked at which; slower",
                initial=False, passed="call",
            ),
            Param(
                "average_attn_weights", "bool", True, "Whether those are the mean of all heads", passed="call"
            ),
            _causal("is_causal", "attn_mask"),
        ),
        follows=(
            Follows("embed_dim", "query", 2),
            Follows("kdim", "key", 2, unless="embed_dim"),
            Follows("vdim", "value", 2, unless="embed_dim"),
        ),
        example=(_SEQUENCE, _SEQUENCE, _SEQUENCE),
        synonyms="self-attention cross-attention transformer heads mha",
        stem="attention",
    ),
    Kind(
        "TransformerEncoderLayer",
        "attention",
        "torch.nn.TransformerEncoderLayer",
        "Self-attention and two linear layers, each with a residual and a norm. Repeat it for a transformer's encoder.",
        "x + attention(x), then x + W₂ σ(W₁ x)",
        inputs=(
            _sequence("src", "The sequence"),
            _mask("src_mask"),
            _padding("src_key_padding_mask", "a position"),
        ),
        params=(*_forward_params(_heads("nhead")), _causal("is_causal", "src_mask")),
        follows=(Follows("d_model", "src", 2),),
        example=(_SEQUENCE,),
        synonyms="bert vit self-attention block encoder",
        stem="encoder",
    ),
    Kind(
        "TransformerDecoderLayer",
        "attention",
        "torch.nn.TransformerDecoderLayer",
        "Self-attention, attention to an encoder's memory, and two linear layers. Repeat it for a transformer's decoder.",
        "x + attention(x), x + attention(x, memory), then x + W₂ σ(W₁ x)",
        inputs=(
            _sequence("tgt", "The sequence that is written"),
            _sequence("memory", "What the encoder gives"),
            _mask("tgt_mask"),
            _mask("memory_mask", "a position of tgt", "one of memory"),
            _padding("tgt_key_padding_mask", "a position of tgt"),
            _padding("memory_key_padding_mask", "a position of memory"),
        ),
        params=(
            *_forward_params(_heads("nhead")),
            _causal("tgt_is_causal", "tgt_mask"),
            _causal("memory_is_causal", "memory_mask"),
        ),
        follows=(Follows("d_model", "tgt", 2),),
        example=(_SEQUENCE, _SEQUENCE),
        synonyms="cross-attention translation block decoder",
        stem="decoder",
    ),
    Kind(
        "Transformer",
        "attention",
        "torch.nn.Transformer",
        "An encoder that reads src and a decoder that writes tgt, as in \"Attention is all you need\".",
        "y = decoder(tgt, encoder(src))",
        inputs=(
            _sequence("src", "The sequence that is read"),
            _sequence("tgt", "The sequence that is written"),
            _mask("src_mask"),
            _mask("tgt_mask"),
            _mask("memory_mask", "a position of tgt", "one of src"),
            _padding("src_key_padding_mask", "a position of src"),
            _padding("tgt_key_padding_mask", "a position of tgt"),
            _padding("memory_key_padding_mask", "a position of src"),
        ),
        params=_forward_params(
            _heads("nhead", 8),
            Param("num_encoder_layers", "int", 6, "How many layers read", minimum=1, maximum=100),
            Param("num_decoder_layers", "int", 6, "How many layers write", minimum=1, maximum=100),
        ),
        follows=(Follows("d_model", "src", 2),),
        example=(_SEQUENCE, _SEQUENCE),
        synonyms="encoder decoder translation seq2seq attention",
        stem="transformer",
    ),
    Kind(
        "scaled_dot_product_attention",
        "attention",
        "torch.nn.functional.scaled_dot_product_attention",
        "Attention without weights of its own: a mixture of value, by how well query fits key.",
        "softmax(Q Kᵀ / √d) V",
        inputs=(
            Port("query", ranks=(3, 4), axes="N, heads, positions, features", sentence="Who looks"),
            Port("key", ranks=(3, 4), axes="N, heads, positions, features", sentence="What is looked at"),
            Port("value", ranks=(3, 4), axes="N, heads, positions, features", sentence="What is taken from there"),
            Port(
                "attn_mask", ranks=(2, 3, 4), dtype="any", axes="positions, positions", optional=True,
                sentence="True where a position may look; or numbers that are added",
            ),
        ),
        params=(
            Param("is_causal", "bool", False, "Whether no position may look at a later one"),
            Param("scale", "float", None, "What scores are multiplied by; otherwise 1 / √features"),
            Param("enable_gqa", "bool", False, "Whether several heads of query may share one of key and value"),
        ),
        example=(_SEQUENCE, _SEQUENCE, _SEQUENCE),
        synonyms="sdpa flash attention function",
        stem="attention",
    ),
)  # fmt: skip
