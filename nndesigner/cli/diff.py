"""Two projects compared: files, examples, scripts or runs, in lines as a good diff has them."""

import argparse
import os
import sys
from collections.abc import Mapping
from typing import Any

from nndesigner.cli import choosing
from nndesigner.cli.answer import FAILED, Answer, Command, WrongUse, say
from nndesigner.data.problem import DataError
from nndesigner.difference import Difference, GraphDifference, difference, told
from nndesigner.expression import Expression
from nndesigner.graph import Edge, Frame, Node
from nndesigner.nnd import ProjectError

_COLOURS = {"+": "32", "-": "31", "~": "33"}
_HEADING = "1"


def _diff(chosen: argparse.Namespace) -> Answer:
    try:
        before, after = (choosing.named(words, chosen) for words in (chosen.before, chosen.after))
    except (ProjectError, DataError) as error:
        raise WrongUse(str(error)) from None  # 1 means that they differ
    found = difference(before, after)
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    count = 0
    for group in told(found):
        say(chosen, _painted(group.title, _HEADING, coloured))
        for line in group.lines:
            say(chosen, _painted(f"  {line.sign} {line.text}", _COLOURS[line.sign], coloured))
        count += len(group.lines)
    if not found:
        say(chosen, "no difference")
    if chosen.moves:
        for one in found.graphs:
            for name in (*one.moved, *one.sheets_moved):
                say(chosen, f"  {f'{one.block}/' if one.block else ''}{name} stands elsewhere")
    return (FAILED if found else 0), {"equal": not found, "count": count, **_plain(found)}


def _painted(words: str, colour: str, coloured: bool) -> str:
    return f"\x1b[{colour}m{words}\x1b[0m" if coloured else words


def _plain(found: Difference) -> dict[str, Any]:
    """All of it, as JSON can hold it."""
    return {
        "graphs": [_graph(one) for one in found.graphs],
        "blocks": {
            "added": [block.name for block in found.blocks_added],
            "removed": [block.name for block in found.blocks_removed],
            "renamed": dict(found.blocks_renamed),
        },
        "code": [_names(before, after) for before, after in found.code],
        "data": [_names(before, after) for before, after in found.data],
        "settings": [_change(change) for change in found.settings],
    }


def _graph(one: GraphDifference) -> dict[str, Any]:
    return {
        "block": one.block or None,
        "nodes": [
            {
                "sign": node.sign,
                "before": _node(node.before),
                "after": _node(node.after),
                "changes": [_change(change) for change in node.changes],
            }
            for node in one.nodes
        ],
        "wires": {"added": _wires(one.wires_added), "removed": _wires(one.wires_removed)},
        "notes": {"added": list(one.notes_added), "removed": list(one.notes_removed)},
        "frames": [
            {
                "sign": frame.sign,
                "before": _frame(frame.before),
                "after": _frame(frame.after),
                "entered": list(frame.entered),
                "left": list(frame.left),
            }
            for frame in one.frames
        ],
        "params": [_change(change) for change in one.params],
        "moved": list(one.moved),
        "sheets_moved": list(one.sheets_moved),
    }


def _node(node: Node | None) -> dict[str, Any] | None:
    if node is None:
        return None
    return {"name": node.name, "kind": node.kind, "params": _value(node.params)}


def _frame(frame: Frame | None) -> dict[str, Any] | None:
    return None if frame is None else {"title": frame.title, "color": frame.color}


def _wires(edges: tuple[Edge, ...]) -> list[list[str]]:
    return [list(edge) for edge in edges]


def _change(change: Any) -> dict[str, Any]:
    return {"name": change.name, "before": _value(change.before), "after": _value(change.after)}


def _names(before: Any, after: Any) -> dict[str, str | None]:
    sign = "+" if before is None else "-" if after is None else "~"
    return {"sign": sign, "name": (after or before).name}


def _value(value: Any) -> Any:
    match value:
        case Expression(text=text):
            return {"=": text}
        case tuple():
            return [_value(one) for one in value]
        case Mapping():
            return {name: _value(one) for name, one in value.items()}
        case float() if not abs(value) < float("inf"):
            return str(value)
        case _:
            return value


def _options(one: argparse.ArgumentParser) -> None:
    for name, words in (("before", "what was"), ("after", "what is")):
        one.add_argument(
            name,
            metavar=name.upper(),
            help=f"{words}: a project file, an example, a script (.py), or FILE:RUN for a run of a project by its number",
        )
    one.add_argument(
        "--moves", action="store_true", help="also tell which nodes, notes and frames stand elsewhere"
    )
    one.add_argument("--trust", action="store_true", help="let the code inside the projects run, from now on")


DIFF = Command(_diff, "say what makes one project differ from another, or from one of its runs", (_options,))
