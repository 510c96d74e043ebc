"""Options that several commands have."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from nndesigner.cli.answer import Command


def project(one: argparse.ArgumentParser) -> None:
    """Which project it is about, and whether its own code may run."""
    one.add_argument("project", metavar="FILE|EXAMPLE", help="a project file, or the name of an example")
    one.add_argument("--trust", action="store_true", help="let the code inside the project run, from now on")


def by_order(one: argparse.ArgumentParser) -> None:
    """Whether weights may be taken by their order."""
    one.add_argument(
        "--by-order",
        action="store_true",
        help="also take weights whose names fit nothing, in their order, as long as shapes agree",
    )


def output(what: str) -> Callable[[argparse.ArgumentParser], None]:
    """Where something goes that is written."""

    def add(one: argparse.ArgumentParser) -> None:
        one.add_argument(
            "-o",
            "--output",
            type=Path,
            required=True,
            metavar=what,
            help=f"where the {what.lower()} goes",
        )

    return add


def actions(commands: Mapping[str, Command]) -> Callable[[argparse.ArgumentParser], None]:
    """What a command can be told to do, each with options of its own."""

    def add(one: argparse.ArgumentParser) -> None:
        several = one.add_subparsers(metavar="what")
        for name, command in commands.items():
            action = several.add_parser(name, help=command.sentence, description=command.sentence)
            action.set_defaults(command=command.run)
            for options in command.options:
                options(action)
            # Where it is not said here, it may have been said before the action.
            action.add_argument(
                "--json",
                action="store_true",
                default=argparse.SUPPRESS,
                help="print one JSON object as the last line",
            )

    return add
