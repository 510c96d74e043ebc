"""Optimizers: how the weights are changed, given their gradients."""

from typing import Literal

from nndesigner.catalogue.kind import Kind, Param

_ALMOST_ONE = 0.999999


def _lr(default: float, initial: float | None = None) -> Param:
    sentence = "The learning rate: how large a step is"
    return Param("lr", "float", default, sentence, initial=initial, above=0)


def _decay(default: float = 0.0) -> Param:
    return Param("weight_decay", "float", default, "How strongly weights are pulled towards zero", minimum=0)


def _eps(default: float = 1e-8) -> Param:
    return Param("eps", "float", default, "Added to the denominator, against division by zero", above=0)


def _momentum(default: float, maximum: float | None = _ALMOST_ONE) -> Param:
    return Param(
        "momentum", "float", default, "How much of the last step is kept", minimum=0, maximum=maximum
    )


def _nesterov(default: bool, sentence: str) -> Param:
    return Param("nesterov", "bool", default, sentence)


def _optimizer(
    name: str,
    sentence: str,
    formula: str,
    *params: Param,
    closure: bool = False,
    weights: Literal["", "matrices", "sparse"] = "",
) -> Kind:
    return Kind(
        name, "optimizer", f"torch.optim.{name}", sentence, formula, "optimizer", inputs=(), outputs=(), params=params,
        example=(), closure=closure, weights=weights,
    )  # fmt: skip


_BETAS = Param(
    "betas", "floats", (0.9, 0.999), "How long the means of gradient and square remember",
    minimum=0, maximum=_ALMOST_ONE, axes=2,
)  # fmt: skip
_AMSGRAD = Param("amsgrad", "bool", False, "Keeps the largest spread seen so far")
_MAXIMIZE = Param("maximize", "bool", False, "Climbs instead of descending: makes the loss large")
_FUSED = Param(
    "fused", "bool", False, "Takes each step in one kernel: the same formula, faster; not for sparse gradients",
    initial=True,
)  # fmt: skip

KINDS = (
    _optimizer(
        "SGD",
        "Gradient descent: each weight goes a little against its gradient. Momentum keeps it rolling.",
        "v ← μ·v + g;  w ← w − lr·v",
        _lr(1e-3, 0.1),
        _momentum(0.0),
        Param("dampening", "float", 0.0, "How much less the gradient adds to the momentum", minimum=0, maximum=1),
        _decay(),
        _nesterov(False, "Looks ahead before it steps; needs momentum, and no dampening"),
        _MAXIMIZE,
        _FUSED,
    ),
    _optimizer(
        "Adam",
        "Gives each weight a step size of its own, from the mean and spread of its gradients: a good first choice.",
        "w ← w − lr·m̂ / (√v̂ + ε)",
        _lr(1e-3),
        _BETAS,
        _eps(),
        _decay(),
        _AMSGRAD,
        _MAXIMIZE,
        _FUSED,
    ),
    _optimizer(
        "AdamW",
        "Adam with weight decay done apart from the gradient; usual for transformers.",
        "w ← w − lr·(m̂ / (√v̂ + ε) + λ·w)",
        _lr(1e-3),
        _BETAS,
        _eps(),
        _decay(1e-2),
        _AMSGRAD,
        _MAXIMIZE,
        _FUSED,
    ),
    _optimizer(
        "RMSprop",
        "Divides each step by the recent size of the weight's gradients.",
        "w ← w − lr·g / (√v + ε)",
        _lr(1e-2),
        Param("alpha", "float", 0.99, "How long the size remembers", minimum=0, maximum=_ALMOST_ONE),
        _eps(),
        _decay(),
        _momentum(0.0, None),
        Param("centered", "bool", False, "Divides by the spread instead of the size"),
        _MAXIMIZE,
    ),
    _optimizer(
        "NAdam",
        "Adam that looks ahead along its momentum, as Nesterov's method does.",
        "w ← w − lr·(μ·m̂ + (1 − μ)·ĝ) / (√v̂ + ε)",
        _lr(2e-3),
        _BETAS,
        _eps(),
        _decay(),
        Param("momentum_decay", "float", 4e-3, "How fast the momentum grows to its full size", minimum=0),
        _MAXIMIZE,
    ),
    _optimizer(
        "RAdam",
        "Adam that takes careful steps at first, while it has seen too few gradients to know their spread.",
        "w ← w − lr·m̂·r / (√v̂ + ε)",
        _lr(1e-3, 1e-2),
        _BETAS,
        _eps(),
        _decay(),
        _MAXIMIZE,
    ),
    _optimizer(
        "Adamax",
        "Adam that divides by the largest recent gradient instead of the spread; steady where gradients jump.",
        "u ← max(β₂·u, |g|);  w ← w − lr·m̂ / u",
        _lr(2e-3),
        _BETAS,
        _eps(),
        _decay(),
        _MAXIMIZE,
    ),
    _optimizer(
        "Adagrad",
        "Divides each step by all gradients a weight has had: weights that seldom learn take larger steps.",
        "w ← w − lr·g / (√Σg² + ε)",
        _lr(1e-2),
        Param("lr_decay", "float", 0.0, "How fast the learning rate sinks from step to step", minimum=0),
        _decay(),
        _eps(1e-10),
        _MAXIMIZE,
    ),
    _optimizer(
        "Adadelta",
        "Finds its step size by itself, from how far the weights went before; the learning rate may stay at 1.",
        "w ← w − lr·g·√(Δ + ε) / √(v + ε)",
        _lr(1.0),
        Param("rho", "float", 0.9, "How long the means remember", minimum=0, maximum=1),
        _eps(1e-6),
        _decay(),
        _MAXIMIZE,
    ),
    _optimizer(
        "Adafactor",
        "Like Adam with far less memory: it keeps sums over rows and columns instead of a spread for each weight.",
        "w ← w − lr·scale(w)·g / √(row·column)",
        _lr(1e-2),
        Param("beta2_decay", "float", -0.8, "How the spread forgets: closer to 0 forgets faster", maximum=0),
        Param("d", "float", 1.0, "A step larger than this is made smaller", minimum=1),
        _decay(),
        _MAXIMIZE,
    ),
    _optimizer(
        "ASGD",
        "Gradient descent that also keeps the mean of the weights it went through.",
        "w ← w·(1 − λ·lr) − lr·g",
        _lr(1e-2, 0.1),
        Param("lambd", "float", 1e-4, "How fast weights and learning rate sink", minimum=0),
        Param("alpha", "float", 0.75, "How the learning rate sinks with the steps", minimum=0),
        Param("t0", "float", 1e6, "From which step the mean is kept", minimum=0),
        _decay(),
        _MAXIMIZE,
    ),
    _optimizer(
        "Rprop",
        "Looks at the sign of each gradient only: the step grows while it stays, and shrinks when it turns. "
        "Made for batches of all records.",
        "w ← w − step·sign(g)",
        _lr(1e-2),
        Param(
            "etas", "floats", (0.5, 1.2), "What a step is multiplied by when the sign turns, and when it stays",
            above=0, axes=2,
        ),
        Param("step_sizes", "floats", (1e-6, 50.0), "The smallest and the largest step", above=0, axes=2),
        _MAXIMIZE,
    ),
    _optimizer(
        "LBFGS",
        "Learns the curvature of the loss from its last steps, and looks at each batch several times a step. "
        "For small networks and large batches.",
        "w ← w − lr·H·g",
        _lr(1.0),
        Param("max_iter", "int", 20, "How often a step looks at its batch", minimum=1),
        Param("max_eval", "int", None, "How many losses a step may compute; none: a quarter more", minimum=1),
        Param("tolerance_grad", "float", 1e-7, "A gradient smaller than this ends the step", minimum=0),
        Param("tolerance_change", "float", 1e-9, "A change smaller than this ends the step", minimum=0),
        Param("history_size", "int", 100, "From how many changes it learns the curvature", minimum=1),
        Param(
            "line_search_fn", "choice", None, "How it finds how far to go; none: as far as lr says",
            initial="strong_wolfe", choices=("strong_wolfe",),
        ),
        closure=True,
    ),
    _optimizer(
        "Muon",
        "Makes each step of a weight matrix equally strong in all directions. Takes matrices only: layers without bias.",
        "w ← w − lr·(orthogonal(v) + λ·w)",
        _lr(1e-3, 0.1),
        _decay(0.1),
        _momentum(0.95),
        _nesterov(True, "Looks ahead before it steps"),
        _eps(1e-7),
        Param("ns_steps", "int", 5, "How often the step is made more even", minimum=1, maximum=99),
        Param(
            "adjust_lr_fn", "choice", None, "How steps follow from the matrix's sizes; none: the original way",
            choices=("original", "match_rms_adamw"),
        ),
        weights="matrices",
    ),
    _optimizer(
        "SparseAdam",
        "Adam for an Embedding with sparse gradients: it changes only the rows that were looked up.",
        "w[rows] ← w[rows] − lr·m̂ / (√v̂ + ε)",
        _lr(1e-3),
        _BETAS,
        _eps(),
        _MAXIMIZE,
        weights="sparse",
    ),
)  # fmt: skip
