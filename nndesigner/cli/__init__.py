"""The same project without a window: a module for each noun, and here what they have in common."""

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Sequence

from nndesigner import __version__
from nndesigner.cli import (
    blocks,
    catalogue,
    check,
    data,
    diff,
    evaluation,
    examples,
    export,
    importing,
    probe,
    runs,
    train,
    weights,
)
from nndesigner.cli.answer import FAILED, WRONG_USE, Answer, Command, WrongUse, print_json
from nndesigner.data.problem import DataError
from nndesigner.nnd import ProjectError
from nndesigner.process import ready_for_torch

_COMMANDS: dict[str, Command] = {
    "examples": examples.LIST,
    "new": examples.NEW,
    "check": check.CHECK,
    "probe": probe.PROBE,
    "train": train.TRAIN,
    "runs": runs.RUNS,
    "evaluate": evaluation.EVALUATE,
    "export": export.EXPORT,
    "catalogue": catalogue.CATALOGUE,
    "data": data.DATA,
    "blocks": blocks.BLOCKS,
    "diff": diff.DIFF,
    "weights": weights.WEIGHTS,
    "import": importing.IMPORT,
}


def main(arguments: Sequence[str]) -> int:
    """Runs one command; gives its exit code: 0 all well, 1 a project's problems or a failed run, 2 wrong use."""
    ready_for_torch()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no × must not end a run
    try:
        chosen = _parsed(arguments)
        code, answer = _ran(chosen)
        if "error" in answer and not getattr(chosen, "quiet", False):
            print(f"nndesigner: {answer['error']}", file=sys.stderr)
        if chosen.json:
            print_json(answer)
    except BrokenPipeError:
        # Who read along has left, as `head` does: nothing is wrong, and nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def commands() -> tuple[str, ...]:
    """The names of all commands."""
    return tuple(_COMMANDS)


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    top = argparse.ArgumentParser(
        "nndesigner",
        description="Draw a neural network, see at once whether it fits, train it and export it as a PyTorch script. "
        "Alone, or with the name of a project file, opens the window.",
    )
    top.add_argument("--version", action="version", version=f"nndesigner {__version__}")
    several = top.add_subparsers(required=True, metavar="command")
    for name, command in _COMMANDS.items():
        one = several.add_parser(name, help=command.sentence, description=command.sentence)
        one.set_defaults(command=command.run)
        for option in command.options:
            option(one)
        one.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    return top


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments read; what can't be is told by argparse, and with --json as an object too."""
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told):
            return parser().parse_args(arguments)
    except SystemExit as stop:
        sys.stderr.write(told.getvalue())
        if stop.code and "--json" in arguments:
            print_json({"error": told.getvalue().strip().rpartition("error: ")[2]})
        raise


def _ran(chosen: argparse.Namespace) -> Answer:
    """What the command answers, or the error that ended it."""
    try:
        answer: Answer = chosen.command(chosen)
    except WrongUse as error:
        return WRONG_USE, {"error": str(error)}
    except (ProjectError, DataError) as error:
        return FAILED, {"error": str(error)}
    except BrokenPipeError:
        raise
    except OSError as error:
        place = getattr(chosen, "output", None) or error.filename or "the file"
        return FAILED, {"error": f"{place}: {error.strerror or error}"}
    except KeyboardInterrupt:
        return FAILED, {"error": "stopped"}
    return answer
