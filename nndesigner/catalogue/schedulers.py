"""Schedulers: how the learning rate changes while a network is trained."""

from typing import Literal

from nndesigner.catalogue.kind import Follows, Kind, Param


def _scheduler(
    name: str,
    sentence: str,
    formula: str,
    *params: Param,
    follows: tuple[str, ...] = (),
    stepped: Literal["epoch", "step", "validation"] = "epoch",
) -> Kind:
    """`follows` are arguments and what of the training they take: `T_max=epochs`."""
    followed = (one.partition("=")[::2] for one in follows)
    return Kind(
        name, "scheduler", f"torch.optim.lr_scheduler.{name}", sentence, formula, "scheduler", inputs=(), outputs=(),
        params=params, follows=tuple(Follows(argument, source, 0) for argument, source in followed), example=(),
        keywords_only=True, stepped=stepped,
    )  # fmt: skip


def _gamma(initial: float | None = None, default: float | None = None) -> Param:
    sentence = "What it is multiplied by"
    if default is None:
        return Param("gamma", "float", sentence=sentence, initial=initial, above=0)
    return Param("gamma", "float", default, sentence, above=0)


def _momenta(lowest: float, highest: float) -> tuple[Param, ...]:
    sentence = "How much of the last step is kept where the learning rate is {}"
    return (
        Param("cycle_momentum", "bool", True, "Lets the momentum sink while the learning rate rises"),
        Param("base_momentum", "float", lowest, sentence.format("highest"), minimum=0, maximum=0.999999),
        Param("max_momentum", "float", highest, sentence.format("lowest"), minimum=0, maximum=0.999999),
    )


_ETA_MIN = Param("eta_min", "float", 0.0, "Where it ends", minimum=0)
_WARMUP = Param(
    "warmup",
    "int",
    0,
    "For how many epochs the learning rate first rises, from a tenth of it",
    minimum=0,
    own=True,
)

KINDS = (
    _scheduler(
        "StepLR",
        "Multiplies the learning rate by gamma every few epochs.",
        "lr·γ^⌊epoch / step⌋",
        Param("step_size", "int", sentence="After how many epochs", initial=10, minimum=1),
        _gamma(default=0.1),
        _WARMUP,
    ),
    _scheduler(
        "MultiStepLR",
        "Multiplies the learning rate by gamma after each of the epochs you name.",
        "lr·γ^(milestones passed)",
        Param("milestones", "shape", sentence="After which epochs", initial=(5, 8), minimum=1),
        _gamma(default=0.1),
        _WARMUP,
    ),
    _scheduler(
        "ExponentialLR",
        "Multiplies the learning rate by gamma after each epoch.",
        "lr·γ^epoch",
        _gamma(0.95),
        _WARMUP,
    ),
    _scheduler(
        "CosineAnnealingLR",
        "Lets the learning rate sink along a half cosine until the last epoch.",
        "η + (lr − η)·(1 + cos(π·epoch / epochs)) / 2",
        _ETA_MIN,
        _WARMUP,
        follows=("T_max=epochs",),
    ),
    _scheduler(
        "CosineAnnealingWarmRestarts",
        "Lets the learning rate sink along a half cosine, and begins anew every few epochs.",
        "η + (lr − η)·(1 + cos(π·t / T)) / 2",
        Param("T_0", "int", sentence="After how many epochs it begins anew for the first time", initial=5, minimum=1),
        Param("T_mult", "int", 1, "How much longer each round is than the one before", minimum=1),
        _ETA_MIN,
        _WARMUP,
    ),
    _scheduler(
        "LinearLR",
        "Brings the learning rate from a part of it to all of it over the first epochs: a warm-up.",
        "lr·(start + (end − start)·epoch / total)",
        Param("start_factor", "float", 1 / 3, "With which part of it the first epoch begins", above=0, maximum=1),
        Param("end_factor", "float", 1.0, "Which part of it is reached", minimum=0, maximum=1),
        Param("total_iters", "int", 5, "After how many epochs", minimum=1),
    ),
    _scheduler(
        "ConstantLR",
        "Keeps the learning rate at a part of it for the first epochs, then takes all of it.",
        "lr·factor, then lr",
        Param("factor", "float", 1 / 3, "Which part of it", minimum=0, maximum=1),
        Param("total_iters", "int", 5, "For how many epochs", minimum=0),
    ),
    _scheduler(
        "PolynomialLR",
        "Lets the learning rate sink to zero at the last epoch: along a line, or a curve of a higher power.",
        "lr·(1 − epoch / epochs)^power",
        Param("power", "float", 1.0, "1 is a straight line; higher sinks faster at first", above=0),
        _WARMUP,
        follows=("total_iters=epochs",),
    ),
    _scheduler(
        "CyclicLR",
        "Lets the learning rate swing up and down between two values, step by step.",
        "base + (max − base)·triangle(step)",
        Param("base_lr", "float", sentence="The lowest learning rate", initial=1e-3, above=0),
        Param("max_lr", "float", sentence="The highest learning rate", initial=1e-2, above=0),
        Param("step_size_up", "int", 2000, "How many steps it rises", initial=100, minimum=1),
        Param("step_size_down", "int", None, "How many steps it sinks; none: as many as it rises", minimum=1),
        Param(
            "mode", "choice", "triangular",
            "Swings that stay, that halve each time, or that shrink with gamma at each step",
            choices=("triangular", "triangular2", "exp_range"),
        ),
        Param("gamma", "float", 1.0, "How swings shrink at each step, for exp_range", above=0, maximum=1),
        *_momenta(0.8, 0.9),
        stepped="step",
    ),
    _scheduler(
        "OneCycleLR",
        "Lets the learning rate rise step by step to its highest value, and then sink far below where it began, over "
        "the whole training.",
        "max / div ↗ max ↘ max / (div·final)",
        Param(
            "max_lr", "float", sentence="The highest learning rate; that of the optimizer is not used",
            initial=1e-2, above=0,
        ),
        Param("pct_start", "float", 0.3, "For which part of the training it rises", above=0, maximum=0.999),
        Param("anneal_strategy", "choice", "cos", "Along a cosine or a line", choices=("cos", "linear")),
        *_momenta(0.85, 0.95),
        Param("div_factor", "float", 25.0, "It begins with the highest divided by this", above=0),
        Param("final_div_factor", "float", 1e4, "It ends with the beginning divided by this", above=0),
        Param("three_phase", "bool", False, "Sinks as it rose, and only then to the end"),
        follows=("epochs=epochs", "steps_per_epoch=steps_per_epoch"),
        stepped="step",
    ),
    _scheduler(
        "ReduceLROnPlateau",
        "Makes the learning rate smaller when the validation loss has not become better for some epochs.",
        "lr·factor, if no better",
        Param("factor", "float", 0.1, "What it is multiplied by", above=0, maximum=0.999999),
        Param("patience", "int", 10, "For how many epochs it waits", initial=3, minimum=0),
        Param("threshold", "float", 1e-4, "How much better is better", minimum=0),
        Param(
            "threshold_mode", "choice", "rel", "Whether that is a part of the loss or a difference",
            choices=("rel", "abs"),
        ),
        Param("cooldown", "int", 0, "For how many epochs it rests after it became smaller", minimum=0),
        Param("min_lr", "float", 0.0, "It does not become smaller than this", minimum=0),
        Param("eps", "float", 1e-8, "A change smaller than this is not made", minimum=0),
        stepped="validation",
    ),
)  # fmt: skip
