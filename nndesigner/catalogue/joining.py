"""Operations that make one tensor of several."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_MAP = TensorType((CHECK_BATCH, 4, 6, 6))
_SAME = (_MAP, _MAP)
_MASKS = (TensorType((CHECK_BATCH, 6), "bool"), TensorType((CHECK_BATCH, 6), "bool"))
_ANY = (Port("input", dtype="any", many=2),)
_PAIR = (Port("input", dtype="any"), Port("other", dtype="any"))


def _signed(
    name: str,
    sign: str,
    sentence: str,
    formula: str,
    synonyms: str,
    inputs: tuple[Port, ...] = _PAIR,
    example: tuple[TensorType, ...] = _SAME,
) -> Kind:
    return Kind(
        name,
        "joining",
        f"operator.{sign}",
        sentence,
        formula,
        inputs=inputs,
        example=example,
        synonyms=synonyms,
    )


def _compared(name: str, sign: str, sentence: str, formula: str, synonyms: str) -> Kind:
    """A comparison with a number, or with a second input where the number is nothing."""
    return Kind(
        name,
        "joining",
        f"operator.{sign}",
        sentence,
        formula,
        inputs=(Port("input", dtype="any", many=1),),
        outputs=(Port("output", dtype="bool"),),
        params=(
            Param(
                "value",
                "float",
                None,
                "What each number is compared with; nothing to compare with a second input",
                initial=0,
                passed="positional",
            ),
        ),
        example=(_MAP,),
        synonyms=f"{sign} compare mask {synonyms}",
    )


KINDS = (
    _signed(
        "Add",
        "add",
        "Adds its inputs, number by number: the join of a residual connection.",
        "y = x₁ + x₂ + …",
        "sum plus residual skip",
        _ANY,
    ),
    _signed(
        "Subtract",
        "sub",
        "Takes the second input from the first, number by number.",
        "y = x₁ − x₂",
        "sub minus difference",
    ),
    _signed(
        "Multiply",
        "mul",
        "Multiplies its inputs, number by number: a gate.",
        "y = x₁ · x₂ · …",
        "product gate times mul",
        _ANY,
    ),
    _signed(
        "Divide",
        "truediv",
        "Divides the first input by the second, number by number.",
        "y = x₁ / x₂",
        "div quotient ratio",
    ),
    _signed(
        "MatMul",
        "matmul",
        "Multiplies matrices: the rows of the first with the columns of the second. Axes before the last two are a batch.",
        "y = x₁ x₂",
        "matrix product matmul mm dot attention scores @",
        _PAIR,
        (TensorType((CHECK_BATCH, 6, 4)), TensorType((CHECK_BATCH, 4, 5))),
    ),
    Kind(
        "BatchMatMul",
        "joining",
        "torch.bmm",
        "Multiplies a matrix of each sample with another matrix of the same sample.",
        "yₙ = x₁ₙ x₂ₙ",
        inputs=(
            Port("input", ranks=(3,), axes="N, rows, columns"),
            Port("other", ranks=(3,), axes="N, rows, columns"),
        ),
        example=(TensorType((CHECK_BATCH, 6, 4)), TensorType((CHECK_BATCH, 4, 5))),
        synonyms="bmm matrix product batch",
        stem="bmm",
    ),
    Kind(
        "Einsum",
        "joining",
        "torch.einsum",
        "Multiplies its inputs and sums over each letter that the result lacks.",
        "bij, bjk → bik:  yᵦᵢₖ = Σⱼ aᵦᵢⱼ bᵦⱼₖ",
        inputs=(Port("input", many=1, spread=True),),
        params=(
            Param(
                "equation",
                "text",
                sentence="A letter for each axis of each input, then those of the result",
                initial="bij,bjk->bik",
                pattern=r"[a-zA-Z]+(, ?[a-zA-Z]+)* ?-> ?[a-zA-Z]*",
                example="bij,bjk->bik",
                passed="first",
            ),
        ),
        example=(TensorType((CHECK_BATCH, 6, 4)), TensorType((CHECK_BATCH, 4, 5))),
        synonyms="einstein sum contraction tensordot outer product",
    ),
    Kind(
        "Concat",
        "joining",
        "torch.cat",
        "Lays its inputs one behind the other along an axis; the other axes must agree.",
        "y = [x₁, x₂, …]",
        inputs=_ANY,
        params=(
            Param("dim", "axis", 0, "The axis along which they are joined; 1 is the channels", initial=1),
        ),
        example=_SAME,
        synonyms="cat concatenate join",
    ),
    Kind(
        "Stack",
        "joining",
        "torch.stack",
        "Lays its inputs, all of one shape, side by side along a new axis.",
        "N×C, N×C → N×2×C",
        inputs=_ANY,
        params=(Param("dim", "axis", 0, "Where the new axis stands", initial=1, beyond=1),),
        example=_SAME,
        synonyms="new axis join",
    ),
    Kind(
        "Maximum",
        "joining",
        "torch.maximum",
        "The larger of two numbers, place by place.",
        "y = max(x₁, x₂)",
        inputs=_PAIR,
        example=_SAME,
        synonyms="max larger maxout",
    ),
    Kind(
        "Minimum",
        "joining",
        "torch.minimum",
        "The smaller of two numbers, place by place.",
        "y = min(x₁, x₂)",
        inputs=_PAIR,
        example=_SAME,
        synonyms="min smaller",
    ),
    Kind(
        "Where",
        "joining",
        "torch.where",
        "Takes a number from the first input where the condition is true, and from the second elsewhere.",
        "y = condition ? x₁ : x₂",
        inputs=(Port("condition", dtype="bool"), Port("input", dtype="any"), Port("other", dtype="any")),
        example=(TensorType(_MAP.sizes, "bool"), _MAP, _MAP),
        synonyms="if choose select condition mask",
    ),
    _compared("Equal", "eq", "True where a number equals another.", "y = (x₁ = x₂)", "same =="),
    _compared("NotEqual", "ne", "True where a number differs from another.", "y = (x₁ ≠ x₂)", "different !="),
    _compared("Less", "lt", "True where a number is below another.", "y = (x₁ < x₂)", "smaller below <"),
    _compared(
        "LessOrEqual", "le", "True where a number is at most another.", "y = (x₁ ≤ x₂)", "smaller at most <="
    ),
    _compared("Greater", "gt", "True where a number is above another.", "y = (x₁ > x₂)", "larger above >"),
    _compared(
        "GreaterOrEqual",
        "ge",
        "True where a number is at least another.",
        "y = (x₁ ≥ x₂)",
        "larger at least >=",
    ),
    _signed(
        "And",
        "and_",
        "True where all its masks are true.",
        "y = x₁ ∧ x₂ ∧ …",
        "logical_and mask both &",
        (Port("input", dtype="bool", many=2),),
        _MASKS,
    ),
    _signed(
        "Or",
        "or_",
        "True where any of its masks is true.",
        "y = x₁ ∨ x₂ ∨ …",
        "logical_or mask either |",
        (Port("input", dtype="bool", many=2),),
        _MASKS,
    ),
    _signed(
        "Not",
        "invert",
        "True where a mask is false.",
        "y = ¬x",
        "logical_not mask invert ~",
        (Port("input", dtype="bool"),),
        _MASKS[:1],
    ),
)
