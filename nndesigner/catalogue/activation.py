"""Activations: the bend between two layers, without which all of them together would be one linear layer."""

from nndesigner.catalogue.kind import CHECK_BATCH, Follows, Kind, Param, Port, TensorType
from nndesigner.catalogue.maps import example, maps

_DIM = Param("dim", "axis", None, "The axis along which the values sum to 1; −1 is the last", initial=-1)
_LAMBD = Param("lambd", "float", 0.5, "λ: what lies between −λ and λ becomes 0", minimum=0)


def _activation(
    name: str,
    sentence: str,
    formula: str,
    *params: Param,
    inputs: tuple[Port, ...] = (Port("input"),),
    example: tuple[TensorType, ...] = (TensorType((CHECK_BATCH, 8)),),
    follows: tuple[Follows, ...] = (),
    synonyms: str = "",
) -> Kind:
    return Kind(
        name,
        "activation",
        f"torch.nn.{name}",
        sentence,
        formula,
        inputs=inputs,
        params=params,
        follows=follows,
        example=example,
        synonyms=f"{synonyms} nonlinearity",
    )


_BENDS = (
    _activation(
        "ReLU",
        "Keeps what is positive and sets the rest to 0: the usual choice.",
        "y = max(0, x)",
        synonyms="rectified linear unit",
    ),
    _activation(
        "ReLU6",
        "A ReLU that stops at 6, so that values fit into few bits. Used in MobileNet.",
        "y = min(max(0, x), 6)",
        synonyms="clipped rectified linear unit mobile",
    ),
    _activation(
        "LeakyReLU",
        "Like ReLU, but lets a little of what is negative through, so that no unit dies.",
        "y = x if x > 0 else slope·x",
        Param("negative_slope", "float", 0.01, "How much of what is negative gets through", minimum=0),
    ),
    _activation(
        "PReLU",
        "Like LeakyReLU, with a slope that is learned: one for all, or one for each channel.",
        "y = x if x > 0 else a·x",
        Param("per_channel", "bool", False, "Whether each channel (axis 1) has a slope of its own", own=True),
        Param("init", "float", 0.25, "The slope before learning"),
        follows=(Follows("num_parameters", "input", 1, when="per_channel"),),
        example=example(2),
        synonyms="parametric rectified linear unit",
    ),
    _activation(
        "RReLU",
        "Like LeakyReLU; while training, every value draws its slope at random, afterwards it is the middle.",
        "y = x if x > 0 else a·x, a between lower and upper",
        Param("lower", "float", 1 / 8, "The smallest slope"),
        Param("upper", "float", 1 / 3, "The largest slope"),
        synonyms="randomized leaky relu",
    ),
    _activation(
        "ELU",
        "Like ReLU, with a smooth bend that goes down to −α.",
        "y = x if x > 0 else α·(eˣ − 1)",
        Param("alpha", "float", 1.0, "How far down it goes", above=0),
        synonyms="exponential linear unit",
    ),
    _activation(
        "CELU",
        "An ELU whose slope has no jump, whatever α is.",
        "y = max(0, x) + min(0, α·(e^(x/α) − 1))",
        Param("alpha", "float", 1.0, "How far down it goes", above=0),
        synonyms="continuously differentiable exponential linear unit",
    ),
    _activation(
        "SELU", "Scaled so that values keep mean 0 and variance 1 from layer to layer.", "y = s·ELU(x)"
    ),
    _activation(
        "GELU",
        "A smooth ReLU: x times the probability that a normal number is below x. Used in transformers.",
        "y = x·Φ(x)",
        Param("approximate", "choice", "none", "Whether tanh stands in for Φ", choices=("none", "tanh")),
    ),
    _activation("SiLU", "A smooth ReLU: x times its own sigmoid.", "y = x·σ(x)", synonyms="swish"),
    _activation(
        "Mish", "A smooth ReLU that dips a little below 0 first.", "y = x·tanh(log(1 + eˣ))", synonyms="swish"
    ),
    _activation(
        "Hardswish",
        "SiLU made of straight lines and a parabola, cheap to compute. Used in MobileNetV3.",
        "y = x·min(max(0, x + 3), 6) / 6",
        synonyms="hard swish silu mobile",
    ),
    _activation(
        "Softplus",
        "A ReLU with a round corner; always positive.",
        "y = log(1 + e^(β·x)) / β",
        Param("beta", "float", 1.0, "How sharp the corner is", above=0),
        Param("threshold", "float", 20.0, "Where β·x is larger, y is x itself, which is as good and safer"),
        synonyms="smooth relu",
    ),
    _activation(
        "Threshold",
        "Keeps what is above a threshold and sets the rest to one value.",
        "y = x if x > threshold else value",
        Param("threshold", "float", sentence="What must be exceeded", initial=0.1),
        Param("value", "float", sentence="What the rest becomes", initial=0.0),
        synonyms="cut",
    ),
)
_SQUEEZES = (
    _activation("Sigmoid", "Squeezes everything between 0 and 1.", "y = 1 / (1 + e⁻ˣ)", synonyms="logistic"),
    _activation(
        "LogSigmoid",
        "The logarithm of Sigmoid, computed without loss for large numbers.",
        "y = log(1 / (1 + e⁻ˣ))",
        synonyms="log logistic",
    ),
    _activation(
        "Hardsigmoid",
        "Sigmoid made of straight lines, cheap to compute. Used in MobileNetV3.",
        "y = min(max(0, x + 3), 6) / 6",
        synonyms="hard logistic mobile",
    ),
    _activation("Tanh", "Squeezes everything between −1 and 1.", "y = tanh x"),
    _activation(
        "Hardtanh",
        "Cuts off what is below or above two bounds.",
        "y = min(max(x, min_val), max_val)",
        Param("min_val", "float", -1.0, "The lower bound"),
        Param("max_val", "float", 1.0, "The upper bound"),
        synonyms="clamp clip hard tanh",
    ),
    _activation("Tanhshrink", "What Tanh takes away: almost 0 for small values.", "y = x − tanh x"),
    _activation(
        "Softsign", "Squeezes everything between −1 and 1, more gently than Tanh.", "y = x / (1 + |x|)"
    ),
    _activation(
        "Hardshrink",
        "Sets small values to 0 and keeps the rest as they are.",
        "y = x if |x| > λ else 0",
        _LAMBD,
        synonyms="hard threshold sparse",
    ),
    _activation(
        "Softshrink",
        "Draws everything towards 0 by λ; small values become 0.",
        "y = sign(x)·max(0, |x| − λ)",
        _LAMBD,
        synonyms="soft threshold sparse",
    ),
)
_TOGETHER = (
    _activation(
        "Softmax",
        "Turns scores into probabilities that sum to 1. Not before CrossEntropyLoss, which does it itself.",
        "y = eˣ / Σ eˣ",
        _DIM,
        synonyms="probabilities",
    ),
    _activation(
        "LogSoftmax",
        "The logarithm of Softmax, as KLDivLoss expects it.",
        "y = x − log Σ eˣ",
        _DIM,
        synonyms="log probabilities",
    ),
    _activation(
        "Softmin",
        "Softmax turned round: the smallest value gets the largest probability.",
        "y = e⁻ˣ / Σ e⁻ˣ",
        _DIM,
        synonyms="probabilities",
    ),
    _activation(
        "Softmax2d",
        "Softmax over the channels, at each place of a map by itself.",
        "y = eˣ / Σ eˣ over the channels",
        inputs=(maps(2),),
        example=example(2),
        synonyms="probabilities segmentation",
    ),
    _activation(
        "GLU",
        "Splits an axis in two halves; the sigmoid of the second decides how much of the first gets through.",
        "y = a·σ(b), with x = [a, b]",
        Param("dim", "axis", -1, "The axis that is split in two; −1 is the last"),
        synonyms="gated linear unit gate",
    ),
)

KINDS = (*_BENDS, *_SQUEEZES, *_TOGETHER)
