"""The runs of a project: a table, notes, deleting."""

import argparse
import math
from typing import TYPE_CHECKING, Any

from nndesigner.cli import choosing, options
from nndesigner.cli.answer import FAILED, Answer, Command, say, table

if TYPE_CHECKING:
    from nndesigner.training.runs import RunInfo


def _runs(chosen: argparse.Namespace) -> Answer:
    found = choosing.find(chosen)
    from nndesigner.training import runs

    where = choosing.home(chosen, found)
    try:
        if chosen.note is not None:
            number, text = chosen.note
            runs.set_note(runs.find(where, _number(number)), text)
        if chosen.delete is not None:
            for number in chosen.delete:
                runs.delete(runs.find(where, number))
    except runs.RunsError as error:
        return FAILED, {"error": str(error)}
    kept = runs.runs_of(where)
    if kept:
        heads = ("run", "began", "", "epochs", "best", "test", "time", "changed", "note")
        table(chosen, [heads, *map(_row, kept)], right=(0, 3))
    else:
        say(chosen, f"there is no run in {where} yet")
    return 0, {"folder": str(where), "runs": [told(one) for one in kept]}


def _number(text: str) -> int:
    from nndesigner.training.runs import RunsError

    if not text.isdecimal():
        raise RunsError(f"--note takes the number of a run and a text; {text!r} is no number")
    return int(text)


def _row(one: "RunInfo") -> tuple[str, ...]:
    began = one.started.astimezone().strftime("%Y-%m-%d %H:%M") if one.started else ""
    best = f"{_metric(one.best)} in epoch {one.best_epoch}" if one.best else ""
    changed = ", ".join(one.changes)
    return (
        str(one.number or one.folder.name), began, one.status, f"{one.epochs}/{one.epochs_set}", best, _metric(one.test),
        _time(one.seconds), changed if len(changed) <= 60 else f"{changed[:59]}…", " ".join(one.note.split()),
    )  # fmt: skip


def _metric(metrics: Any) -> str:
    """The metric, or the loss where there is no other."""
    names = [name for name in metrics if name != "loss"] or list(metrics)
    return f"{names[0].replace('_', ' ')} {metrics[names[0]]:.4f}" if names else ""


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def told(one: "RunInfo") -> dict[str, Any]:
    """A run as JSON can hold it."""
    return {
        "number": one.number,
        "folder": str(one.folder),
        "started": one.started.isoformat() if one.started else None,
        "status": one.status,
        "epochs": one.epochs,
        "epochs_set": one.epochs_set,
        "best": finite(one.best),
        "best_epoch": one.best_epoch,
        "test": finite(one.test),
        "seconds": one.seconds,
        "changes": list(one.changes),
        "note": one.note,
        "reason": one.reason,
    }


def finite(metrics: Any) -> dict[str, float | None]:
    """JSON knows no NaN: what is none is null."""
    return {name: value if math.isfinite(value) else None for name, value in metrics.items()}


def _options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--note", nargs=2, metavar=("N", "TEXT"), help="write a note to run N; an empty text takes it away"
    )
    one.add_argument(
        "--delete", type=int, action="append", metavar="N", help="delete run N with all that was kept of it"
    )


RUNS = Command(
    _runs, "list the runs of a project, write notes to them, delete them", (options.project, _options)
)
