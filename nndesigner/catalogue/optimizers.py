"""Optimizers: how the weights are changed, given their gradients."""

from nndesigner.catalogue.kind import Kind, Param

_DECAY = "How strongly weights are pulled towards zero"


def _lr(default: float) -> Param:
    return Param("lr", "float", default, "The learning rate: how large a step is", above=0)


def _decay(default: float) -> Param:
    return Param("weight_decay", "float", default, _DECAY, minimum=0)


def _eps() -> Param:
    return Param("eps", "float", 1e-8, "Added to the denominator, against division by zero", above=0)


def _optimizer(name: str, sentence: str, formula: str, *params: Param) -> Kind:
    return Kind(
        name, "optimizer", f"torch.optim.{name}", sentence, formula, "optimizer", inputs=(), outputs=(), params=params,
        example=(),
    )  # fmt: skip


_BETAS = Param(
    "betas", "floats", (0.9, 0.999), "How long the means of gradient and square remember",
    minimum=0, maximum=0.999999, axes=2,
)  # fmt: skip

KINDS = (
    _optimizer(
        "SGD",
        "Gradient descent: each weight goes a little against its gradient. Momentum keeps it rolling.",
        "w ← w − lr·(momentum·v + g)",
        _lr(1e-3),
        Param("momentum", "float", 0.0, "How much of the last step is kept", minimum=0, maximum=0.999999),
        _decay(0.0),
        Param("nesterov", "bool", False, "Looks ahead before it steps; needs momentum"),
    ),
    _optimizer(
        "Adam",
        "Gives each weight a step size of its own, from the mean and spread of its gradients: a good first choice.",
        "w ← w − lr·m̂ / (√v̂ + ε)",
        _lr(1e-3),
        _BETAS,
        _eps(),
        _decay(0.0),
        Param("amsgrad", "bool", False, "Keeps the largest spread seen so far"),
    ),
    _optimizer(
        "AdamW",
        "Adam with weight decay done apart from the gradient; usual for transformers.",
        "w ← w − lr·(m̂ / (√v̂ + ε) + λ·w)",
        _lr(1e-3),
        _BETAS,
        _eps(),
        _decay(1e-2),
        Param("amsgrad", "bool", False, "Keeps the largest spread seen so far"),
    ),
    _optimizer(
        "RMSprop",
        "Divides each step by the recent size of the weight's gradients.",
        "w ← w − lr·g / (√v + ε)",
        _lr(1e-2),
        Param("alpha", "float", 0.99, "How long the size remembers", minimum=0, maximum=0.999999),
        _eps(),
        _decay(0.0),
        Param("momentum", "float", 0.0, "How much of the last step is kept", minimum=0),
        Param("centered", "bool", False, "Divides by the spread instead of the size"),
    ),
)
