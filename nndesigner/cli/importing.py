"""A network read from the source of a script, and written as a project file."""

import argparse
import os
from pathlib import Path

from nndesigner import nnd
from nndesigner.cli.answer import FAILED, Answer, Command, WrongUse, say


def _import(chosen: argparse.Namespace) -> Answer:
    path, main = _meant(chosen.source)
    inputs = tuple(_shape(words) for words in chosen.input)
    if chosen.output.exists() and not chosen.force:
        raise WrongUse(f"{chosen.output} is there already; --force writes over it")
    from nndesigner import plan
    from nndesigner.script.reader.reading import ReadingError, read_file

    try:
        reading = read_file(path, main, inputs)
    except ReadingError as error:
        return FAILED, {"error": f"{path}: {error}"}
    for remark in reading.remarks:
        where = f"{path}:{remark.line}" if remark.line else str(path)
        say(chosen, f"{where}: {remark.severity}: {remark.message}")
    made = plan.make(reading.project)
    nnd.save(reading.project, chosen.output)
    count = len(reading.project.graph.nodes)
    nodes = "1 node" if count == 1 else f"{count:,} nodes"
    say(chosen, f"{reading.main or path.name}: {nodes}, {made.parameters:,} parameters")
    others = [name for name in reading.classes if name != reading.main]
    if others and not main:
        say(chosen, f"other classes in it: {', '.join(others)}; read one of them as {path}:{others[0]}")
    errors = len(reading.errors)
    if errors:
        what = "one thing" if errors == 1 else f"{errors} things"
        say(chosen, f"wrote {chosen.output}, with what could be read: {what} could not")
    else:
        say(chosen, f"wrote {chosen.output}")
    answer = {
        "path": str(chosen.output),
        "main": reading.main,
        "classes": list(reading.classes),
        "parameters": made.parameters,
        "remarks": [
            {"line": one.line, "message": one.message, "severity": one.severity} for one in reading.remarks
        ],
        "read": not errors,
    }
    return (FAILED if errors else 0), answer


def _meant(source: str) -> tuple[Path, str]:
    """The file, and the class in it where one is named."""
    if os.path.lexists(source):
        return Path(source), ""
    name, colon, main = source.rpartition(":")
    path = Path(name if colon else source)
    if not path.is_file():
        raise WrongUse(f"there is no file {path}")
    if not main.isidentifier():
        raise WrongUse(f"{main!r} names no class; a class is named as {path}:Net")
    return path, main


def _shape(words: str) -> tuple[int, ...]:
    sizes = words.replace("×", ",").replace("x", ",").split(",")
    if not all(size.strip().isdecimal() and int(size) > 0 for size in sizes):
        raise WrongUse(f"--input takes a shape with the batch first, such as 1,3,224,224, not {words!r}")
    return tuple(map(int, sizes))


def _options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "source",
        metavar="FILE.py[:CLASS]",
        help="the script, and the class that is the network where it has several",
    )
    one.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="SHAPE",
        help="the shape of what the network takes, the batch first, such as 1,3,224,224; once for each input",
    )
    one.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="where the project goes"
    )
    one.add_argument("--force", action="store_true", help="write over a file that is there")


IMPORT = Command(
    _import,
    "read a network from a script, without running anything in it, and write it as a project file",
    (_options,),
)
