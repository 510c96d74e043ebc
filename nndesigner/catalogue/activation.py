"""Activations: the bend between two layers, without which all of them together would be one linear layer."""

from nndesigner.catalogue.kind import Follows, Kind, Param

_DIM = Param("dim", "axis", None, "The axis along which the values sum to 1; −1 is the last", initial=-1)


def _activation(
    name: str,
    sentence: str,
    formula: str,
    *params: Param,
    follows: tuple[Follows, ...] = (),
    synonyms: str = "",
) -> Kind:
    return Kind(
        name,
        "activation",
        f"torch.nn.{name}",
        sentence,
        formula,
        params=params,
        follows=follows,
        synonyms=f"{synonyms} nonlinearity",
    )


KINDS = (
    _activation(
        "ReLU",
        "Keeps what is positive and sets the rest to 0: the usual choice.",
        "y = max(0, x)",
        synonyms="rectified linear unit",
    ),
    _activation(
        "LeakyReLU",
        "Like ReLU, but lets a little of what is negative through, so that no unit dies.",
        "y = x if x > 0 else slope·x",
        Param("negative_slope", "float", 0.01, "How much of what is negative gets through", minimum=0),
    ),
    _activation(
        "PReLU",
        "Like LeakyReLU, with a slope that is learned.",
        "y = x if x > 0 else a·x",
        Param("init", "float", 0.25, "The slope before learning"),
    ),
    _activation(
        "ELU",
        "Like ReLU, with a smooth bend that goes down to −α.",
        "y = x if x > 0 else α·(eˣ − 1)",
        Param("alpha", "float", 1.0, "How far down it goes", above=0),
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
    _activation("Sigmoid", "Squeezes everything between 0 and 1.", "y = 1 / (1 + e⁻ˣ)", synonyms="logistic"),
    _activation("Tanh", "Squeezes everything between −1 and 1.", "y = tanh x"),
    _activation(
        "Softplus",
        "A ReLU with a round corner; always positive.",
        "y = log(1 + e^(β·x)) / β",
        Param("beta", "float", 1.0, "How sharp the corner is", above=0),
    ),
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
)
