"""How good the weights of a run are, in all figures that mean something for what was learned."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nndesigner import nnd
from nndesigner.cli import choosing
from nndesigner.cli.answer import FAILED, Answer, Command, WrongUse, say, table
from nndesigner.project import Project

if TYPE_CHECKING:
    from nndesigner.training.evaluation import Evaluation

_KEPT = ("last", "best")
_MOST_ROWS = 20


def _evaluate(chosen: argparse.Namespace) -> Answer:
    project, folder, own = _meant(chosen)
    from tqdm import tqdm

    from nndesigner.training import evaluation, incoming, prepared, runs, weights
    from nndesigner.training.run import TrainingError, prepare

    path = own or folder / (runs.BEST if chosen.weights == "best" else runs.LAST)
    try:
        fitted = prepared.load(folder / runs.PREPARED) if own is None else None
        with tqdm(
            total=100, disable=None, leave=False, bar_format="{percentage:3.0f}% {bar} {remaining} left"
        ) as bar:

            def progress(share: float) -> None:
                bar.update(round(100 * share) - bar.n)

            run = prepare(project)
            state = weights.load(path) if own is None else incoming.whole(run.plan, path)
            found = evaluation.evaluate(run, state, chosen.part, fitted, progress=progress)
    except (TrainingError, weights.WeightsError, prepared.PreparedError) as error:
        return FAILED, {"error": str(error)}
    say(chosen, f"{path}, on the {found.part} part, {found.records:,} records")
    _say(chosen, found)
    return 0, {"weights": str(path), **found.plain()}


def _meant(chosen: argparse.Namespace) -> tuple[Project, Path, Path | None]:
    """The project, the folder of its run, and the file of weights where one of one's own is named."""
    from nndesigner.training import runs

    own = None if chosen.weights in _KEPT else Path(chosen.weights)
    place = Path(chosen.project)
    if place.is_dir():
        if not (place / runs.RECEIPT).is_file():
            raise WrongUse(f"there is no run in the folder {place}")
        folder = place
    else:
        found = choosing.find(chosen)
        if own is not None:
            return found, place, own
        try:
            folder = runs.find(choosing.home(chosen, found), chosen.run)
        except runs.RunsError as error:
            raise WrongUse(f"{error}. Train first, or name a file with --weights") from None
    return choosing.trusted(nnd.load(folder / runs.PROJECT), chosen), folder, own


def _say(chosen: argparse.Namespace, found: "Evaluation") -> None:
    from nndesigner.training.evaluation import WORDS

    rows = [(WORDS.get(name, name), f"{value:.6g}") for name, value in found.figures.items()]
    table(chosen, rows, right=(1,))
    if found.classes:
        heads = ("class", "precision", "recall", "F1", "records")
        shown = found.classes[:_MOST_ROWS]
        rows_of = [
            (one.name, f"{one.precision:.4f}", f"{one.recall:.4f}", f"{one.f1:.4f}", f"{one.records:,}")
            for one in shown
        ]
        table(chosen, [heads, *rows_of], right=range(1, 5))
        if len(found.classes) > len(shown):
            say(chosen, f"and {len(found.classes) - len(shown)} classes more")
    for one in found.translations[:5]:
        say(chosen, f"{one.source}\n  {one.said}" + ("" if one.exact else f"\n  expected {one.truth}"))


def _options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "project",
        metavar="RUN|FILE|EXAMPLE",
        help="the folder of a run; or a project, of which it is the last run",
    )
    one.add_argument("--trust", action="store_true", help="let the code inside the project run, from now on")
    one.add_argument("--run", type=int, metavar="N", help="another run of the project than its last")
    one.add_argument(
        "--weights", default="last", metavar="last|best|FILE",
        help="the weights the run ended with, those of its best epoch, or a file of weights, .safetensors or .pt (default: last)",
    )  # fmt: skip
    one.add_argument(
        "--part",
        choices=("train", "validation", "test"),
        default="test",
        help="on which part (default: test)",
    )


EVALUATE = Command(_evaluate, "say how good the weights of a run are", (_options,))
