"""The library of blocks: listed, added to, renamed, removed from."""

import argparse
from typing import Any

from nndesigner import library
from nndesigner.cli import choosing, options
from nndesigner.cli.answer import Answer, Command, WrongUse, say, table
from nndesigner.expression import Expression
from nndesigner.graph import GraphError, Value
from nndesigner.library import LibraryError
from nndesigner.project import Project, block_kind


def _list(chosen: argparse.Namespace) -> Answer:
    found, broken = library.read()
    told = [_told(name, kept) for name, kept in found.items()]
    if told:
        rows = [
            (one["name"], f"{one['nodes']} nodes", " · ".join(f"{key} {value}" for key, value in one["params"].items()))
            for one in told
        ]  # fmt: skip
        table(chosen, rows, right=(1,))
    elif not broken:
        say(chosen, "the library is empty; “nndesigner blocks add FILE BLOCK” keeps a block in it")
    for words in broken:
        say(chosen, words)
    return 0, {"blocks": told, "broken": list(broken)}


def _told(name: str, kept: Project) -> dict[str, Any]:
    block = kept.blocks[name]
    ports = block_kind(block)
    return {
        "name": name,
        "nodes": len(block.graph.nodes),
        "inputs": [port.name for port in ports.inputs],
        "outputs": [port.name for port in ports.outputs],
        "params": {key: _plain(value) for key, value in block.params.items()},
        "uses": [one for one in kept.blocks if one != name],
        "own_layers": list(kept.code),
    }


def _plain(value: Value) -> Any:
    if isinstance(value, Expression):
        return value.text
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _add(chosen: argparse.Namespace) -> Answer:
    project = choosing.find(chosen)
    if chosen.block not in project.blocks:
        there = ", ".join(project.blocks) or "none"
        raise WrongUse(f"there is no block {chosen.block!r} in {chosen.project}; there are {there}")
    try:
        kept = library.kept_of(project, chosen.block, chosen.name or "")
        new = library.put(kept)
    except (LibraryError, GraphError) as error:
        raise WrongUse(str(error)) from None
    say(chosen, f"{kept.title} is in the library{'' if new else ' already'}")
    return 0, {**_told(kept.title, kept), "new": new}


def _rename(chosen: argparse.Namespace) -> Answer:
    try:
        kept = library.rename(chosen.name, chosen.new)
    except LibraryError as error:
        raise WrongUse(str(error)) from None
    say(chosen, f"{chosen.name} is called {chosen.new} now")
    return 0, _told(chosen.new, kept)


def _remove(chosen: argparse.Namespace) -> Answer:
    if not library.remove(chosen.name):
        there = ", ".join(library.names()) or "none"
        raise WrongUse(f"there is no block {chosen.name!r} in the library; there are {there}")
    say(chosen, f"removed {chosen.name}; projects that have it keep it")
    return 0, {"name": chosen.name}


def _add_options(one: argparse.ArgumentParser) -> None:
    options.project(one)
    one.add_argument("block", metavar="BLOCK", help="the name of a block in it")
    one.add_argument("--name", help="how it is to be called in the library, if otherwise")


def _name_option(one: argparse.ArgumentParser) -> None:
    one.add_argument("name", metavar="NAME", help="the name of a block in the library")


def _rename_options(one: argparse.ArgumentParser) -> None:
    _name_option(one)
    one.add_argument("new", metavar="NEW", help="what it is to be called")


_ACTIONS = {
    "list": Command(_list, "list the blocks of the library"),
    "add": Command(_add, "keep a block of a project for all others, with all it uses", (_add_options,)),
    "rename": Command(_rename, "call a block of the library otherwise", (_rename_options,)),
    "remove": Command(
        _remove, "take a block out of the library; projects that have it keep it", (_name_option,)
    ),
}


BLOCKS = Command(_list, "list the library of blocks, and keep blocks in it", (options.actions(_ACTIONS),))
