"""The weights that a run, or the trials before it, begin with."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nndesigner.cli import options
from nndesigner.cli.answer import WrongUse

if TYPE_CHECKING:
    from nndesigner.training.incoming import Start


def weights_option(one: argparse.ArgumentParser) -> None:
    """A file of weights, and whether they are also taken by their order."""
    one.add_argument(
        "--weights", type=Path, metavar="FILE",
        help="begin with the weights in a file, .safetensors, .pt or .pth, as far as they fit by name and shape",
    )  # fmt: skip
    options.by_order(one)


def start(chosen: argparse.Namespace) -> "Start | None":
    """The weights that were chosen; raises `TrainingError` where they can't be read."""
    if chosen.weights is None:
        if chosen.by_order:
            raise WrongUse("--by-order says how --weights are taken, and no weights are named")
        return None
    from nndesigner.training import incoming
    from nndesigner.training.run import TrainingError
    from nndesigner.training.weights import WeightsError

    try:
        return incoming.chosen(chosen.weights, chosen.by_order)
    except WeightsError as error:
        raise TrainingError(str(error)) from None
