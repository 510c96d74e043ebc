"""A project written as a script, a notebook, a folder, a file other programs read, or a diagram; and proven."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nndesigner import apart
from nndesigner.cli import choosing, options
from nndesigner.cli.answer import FAILED, Answer, Command, WrongUse, say
from nndesigner.project import Project

if TYPE_CHECKING:
    from nndesigner.script.formats import Exported

_KEPT = ("last", "best")
_PICTURES = (".svg", ".pdf", ".png")


def _export(chosen: argparse.Namespace) -> Answer:
    if not chosen.no_proof and chosen.output.suffix not in _PICTURES:
        apart.begin(nice=0)  # which loads torch while this process does
    found = choosing.find(chosen)
    from nndesigner.script import formats

    try:
        form = chosen.form or formats.form_of(chosen.output)
    except formats.FormatError as error:
        raise WrongUse(str(error)) from None
    if form not in formats.BY_NAME:
        raise WrongUse(f"there is no form {form!r}; there are {', '.join(formats.BY_NAME)}")
    if chosen.weights is not None and not formats.BY_NAME[form].weights:
        with_weights = ", ".join(one.name for one in formats.FORMATS if one.weights)
        raise WrongUse(f"no weights go into the form {form}; they do into {with_weights}")
    weights = _weights(chosen, found)
    try:
        made = formats.export(found, chosen.output, form, weights, prove=not chosen.no_proof)
    except formats.FormatError as error:
        return FAILED, {"error": str(error)}
    say(chosen, f"wrote {made.path}: {_what(made)}")
    for remark in made.remarks:
        say(chosen, remark)
    answer = {
        "path": str(made.path),
        "form": form,
        "trains": made.trains,
        "verified": None,
        "max_difference": None,
        "words": "",
    }
    if made.proof is None:
        return 0, answer
    say(chosen, f"{made.proof.words} ({made.proof.seconds:.1f} s)")
    answer |= {
        "verified": made.proof.verified,
        "max_difference": formats.plain(made.proof.max_difference),
        "words": made.proof.words,
    }
    return (0 if made.proof.verified else FAILED), answer


def _what(made: "Exported") -> str:
    from nndesigner.script import formats

    title = formats.BY_NAME[made.form].title
    words = (
        title if title.split()[0].isupper() or title.startswith("PyTorch") else title[0].lower() + title[1:]
    )
    if made.form in ("train", "notebook", "folder") and not made.trains:
        return f"the {words}, of the network alone, as there is no data or no loss"
    return f"the {words}"


def _weights(chosen: argparse.Namespace, found: Project) -> Path | None:
    """The file of weights that is meant: itself, or that of a run by its folder, its number, or as the last or the best of the
    last run.
    """
    named = chosen.weights
    if named is None:
        return None
    from nndesigner.training import runs

    path, file = Path(named), runs.BEST if named == "best" else runs.LAST
    if path.is_file():
        return path
    if path.is_dir():
        if not (path / runs.RECEIPT).is_file():
            raise WrongUse(f"there is no run in the folder {path}")
        return path / file
    if named not in _KEPT and not named.isdecimal():
        raise WrongUse(f"there is no file of weights and no run {named}")
    try:
        number = int(named) if named.isdecimal() else None
        return runs.find(choosing.home(chosen, found), number) / file
    except runs.RunsError as error:
        raise WrongUse(f"{error}. Train first, or name a file with --weights") from None


def _options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--form",
        metavar="FORM",
        help="train, model, notebook, folder, onnx, pt2, weights, svg, pdf or png (default: what the suffix says; .py is "
        "train, none is folder)",
    )
    one.add_argument(
        "--weights", metavar="FILE|RUN",
        help="the weights that go in: a file, a run by its number or folder, or last or best of the last run",
    )  # fmt: skip
    one.add_argument(
        "--no-proof", action="store_true", help="do not run what was written to compare it with the program"
    )


EXPORT = Command(
    _export,
    "write a project as a script, a notebook, a folder, ONNX, or a diagram, and prove it",
    (options.project, options.output("FILE"), _options),
)
