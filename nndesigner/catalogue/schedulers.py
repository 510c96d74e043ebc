"""Schedulers: how the learning rate changes from epoch to epoch."""

from nndesigner.catalogue.kind import Follows, Kind, Param


def _scheduler(
    name: str, sentence: str, formula: str, *params: Param, follows: tuple[Follows, ...] = ()
) -> Kind:
    return Kind(
        name, "scheduler", f"torch.optim.lr_scheduler.{name}", sentence, formula, "scheduler", inputs=(), outputs=(),
        params=params, follows=follows, example=(), keywords_only=True,
    )  # fmt: skip


KINDS = (
    _scheduler(
        "StepLR",
        "Multiplies the learning rate by gamma every few epochs.",
        "lr·γ^⌊epoch / step⌋",
        Param("step_size", "int", sentence="After how many epochs", initial=10, minimum=1),
        Param("gamma", "float", 0.1, "What it is multiplied by", above=0),
    ),
    _scheduler(
        "ExponentialLR",
        "Multiplies the learning rate by gamma after each epoch.",
        "lr·γ^epoch",
        Param("gamma", "float", sentence="What it is multiplied by", initial=0.95, above=0),
    ),
    _scheduler(
        "CosineAnnealingLR",
        "Lets the learning rate sink along a half cosine until the last epoch.",
        "η + (lr − η)·(1 + cos(π·epoch / epochs)) / 2",
        Param("eta_min", "float", 0.0, "Where it ends", minimum=0),
        follows=(Follows("T_max", "epochs", 0),),
    ),
)
