"""The examples: listed, and written as files of one's own."""

import argparse

from nndesigner import examples, nnd
from nndesigner.cli import choosing, options
from nndesigner.cli.answer import Answer, Command, WrongUse, say, table


def _list(chosen: argparse.Namespace) -> Answer:
    rows = [{"name": name, "title": examples.load(name).title} for name in examples.names()]
    table(chosen, [(row["name"], row["title"]) for row in rows])
    return 0, {"examples": rows}


def _new(chosen: argparse.Namespace) -> Answer:
    if (chosen.example is None) == (chosen.data is None):
        raise WrongUse("new takes the name of an example, or --data with that of a data set")
    if chosen.example is not None and chosen.example not in examples.names():
        raise WrongUse(f"there is no example {chosen.example!r}; there are {', '.join(examples.names())}")
    if chosen.output.exists() and not chosen.force:
        raise WrongUse(f"{chosen.output} is there already; --force writes over it")
    if chosen.example is not None:
        project = examples.load(chosen.example)
    else:
        from nndesigner import starters

        project = starters.project_for(choosing.data_set(chosen.data, chosen))
    nnd.save(project, chosen.output)
    say(chosen, f"wrote {chosen.output}")
    return 0, {"path": str(chosen.output)}


def _new_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("example", nargs="?", metavar="EXAMPLE", help="the name of an example")
    one.add_argument(
        "--data",
        metavar="NAME|PATH",
        help="instead of an example, a network to begin with for this data set, or for this file or folder",
    )
    one.add_argument("--force", action="store_true", help="write over a file that is there")


LIST = Command(_list, "list the example projects")
NEW = Command(
    _new,
    "write an example, or a network to begin with for a data set, as a project file",
    (_new_options, options.output("FILE")),
)
