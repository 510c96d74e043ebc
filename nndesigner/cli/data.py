"""The data sets: listed, fetched, added, shown, forgotten."""

import argparse
from pathlib import Path
from typing import Any

from nndesigner import amounts, shelf
from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.datasets import BY_NAME, DATA_SETS
from nndesigner.cli import options, stopping
from nndesigner.cli.answer import FAILED, Answer, Command, WrongUse, say, table


def _list(chosen: argparse.Namespace) -> Answer:
    every: list[DataSet] = list(DATA_SETS)
    broken = []
    for name in shelf.names():
        try:
            own = shelf.find(name)
        except ValueError as error:
            broken.append(str(error))
            continue
        every += [own] if own is not None else []
    table(chosen, [(one.name, f"{one.size:,}", _state(one), one.sentence) for one in every], right=(1,))
    for words in broken:
        say(chosen, words)
    return 0, {"datasets": [_told(one) for one in every], "broken": broken}


def _state(one: DataSet) -> str:
    """Whether it is there."""
    if one.name not in BY_NAME:
        return "yours"
    if not one.fetched:
        return "here"
    from nndesigner.data import fetching

    return "here" if fetching.present(one.name) else "to be fetched"


def _told(one: DataSet) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "sentence": one.sentence,
        "fields": [
            {
                "name": field.name,
                "sizes": list(field.sizes),
                "dtype": field.dtype,
                "sort": field.sort,
                "classes": list(field.classes),
            }
            for field in one.fields
        ],
        "size": one.size,
        "parts": dict(one.parts),
        "group": one.group,
        "source": one.source,
        "licence": one.licence,
        "known": one.known,
        "state": _state(one),
        "files": sorted(one.files),
    }


def _show(chosen: argparse.Namespace) -> Answer:
    one = _named(chosen.name)
    say(chosen, f"{one.title}: {one.sentence}")
    rows = [
        ("records", f"{one.size:,}"),
        ("state", _state(one)),
        ("source", one.source),
        ("licence", one.licence),
    ]
    rows += [(f"{name} part", f"{count:,}") for name, count in one.parts.items()]
    rows += [("group", one.group)] if one.group else []
    for field in one.fields:
        sizes = "×".join(map(str, field.sizes)) or "one"
        classes = f", {len(field.classes)} classes: {_few(field.classes)}" if field.classes else ""
        rows.append(
            (f"field {field.name}", f"{field.sort}, {sizes} {field.dtype}{classes}. {field.sentence}")
        )
    rows += [(f"param {param.name}", f"{param.sentence} (default: {param.start})") for param in one.params]
    table(chosen, rows)
    if one.known:
        say(chosen, one.known)
    return 0, _told(one)


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


def _named(name: str) -> DataSet:
    try:
        found = BY_NAME.get(name) or shelf.find(name)
    except ValueError as error:
        raise WrongUse(str(error)) from None
    if found is None:
        raise WrongUse(f"there is no data set {name!r}; there are {', '.join((*BY_NAME, *shelf.names()))}")
    return found


def _fetched(name: str) -> DataSet:
    one = BY_NAME.get(name)
    if one is None or not one.fetched:
        names = ", ".join(other.name for other in DATA_SETS if other.fetched)
        what = (
            "is not fetched: it is here" if one or name in shelf.names() else "is no data set of the program"
        )
        raise WrongUse(f"{name} {what}; those that are fetched are {names}")
    return one


def _get(chosen: argparse.Namespace) -> Answer:
    one = _fetched(chosen.name)
    from tqdm import tqdm

    from nndesigner.data import fetching

    try:
        with stopping.noted() as asked, tqdm(unit="B", unit_scale=True, disable=None, leave=False) as bar:

            def progress(done: int, total: int | None) -> None:
                bar.total = total
                bar.update(done - bar.n)

            place = fetching.fetch(one.name, chosen.origin, progress, lambda: bool(asked))
    except fetching.Cancelled:
        again = f"“nndesigner data get {one.name}”"
        return FAILED, {"error": f"stopped; what has come is kept, and {again} goes on from there"}
    except fetching.FetchError as error:
        return FAILED, {"error": str(error)}
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    say(chosen, f"{one.title} is in {place}, {amounts.memory(size)}")
    return 0, {"name": one.name, "path": str(place), "bytes": size}


def _forget(chosen: argparse.Namespace) -> Answer:
    one = _fetched(chosen.name)
    from nndesigner.data import fetching

    place = fetching.folder(one.name)
    try:
        fetching.forget(one.name)
    except fetching.FetchError as error:
        return FAILED, {"error": str(error)}
    say(chosen, f"{one.title} is no longer in {place}")
    return 0, {"name": one.name, "path": str(place)}


def _add(chosen: argparse.Namespace) -> Answer:
    from tqdm import tqdm

    from nndesigner.data import adding

    choices: dict[str, Any] = {name: getattr(chosen, name) for name in _CHOICES}
    choices["types"] = dict(chosen.type) or None
    choices["grey"] = {"yes": True, "no": False}.get(chosen.grey)
    choices["header"] = {"yes": True, "no": False}.get(chosen.header)
    choices["columns"] = tuple(chosen.columns) if chosen.columns else None
    choices["size"] = (
        None if not chosen.size else chosen.size[0] if len(chosen.size) == 1 else tuple(chosen.size)
    )
    with tqdm(unit="file", disable=None, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = adding.look_at(chosen.path, chosen.name, progress, **choices)
    shelf.put(found.data_set)
    one = found.data_set
    say(chosen, f"added {one.name}: {one.size:,} records. {one.sentence}")
    if found.columns:
        heads = ("column", "type", "used as", "missing", "distinct", "such as")
        rows = [
            (
                column.name, column.type, column.role or "not used", f"{column.missing:,}", f"{column.distinct:,}",
                ", ".join(column.examples[:3])[:50],
            )
            for column in found.columns
        ]  # fmt: skip
        table(chosen, [heads, *rows], right=(3, 4))
    for remark in found.remarks:
        say(chosen, remark)
    say(chosen, f"“nndesigner new --data {one.name} -o {one.name}.nnd” writes a network to begin with")
    columns = [
        {
            "name": column.name, "type": column.type, "role": column.role, "missing": column.missing,
            "distinct": column.distinct, "examples": list(column.examples), "why": column.why,
        }
        for column in found.columns
    ]  # fmt: skip
    return 0, {**_told(one), "columns": columns, "remarks": list(found.remarks)}


def _remove(chosen: argparse.Namespace) -> Answer:
    if chosen.name in BY_NAME:
        raise WrongUse(f"{chosen.name} is a data set of the program; only your own can be removed")
    if not shelf.remove(chosen.name):
        raise WrongUse(
            f"there is no data set {chosen.name!r} of yours; there are {', '.join(shelf.names()) or 'none'}"
        )
    say(chosen, f"removed {chosen.name}; its files stay where they are")
    return 0, {"name": chosen.name}


def _type(text: str) -> tuple[str, str]:
    column, equals, kind = text.rpartition("=")
    if not equals or kind not in ("number", "category", "boolean", "date", "text"):
        raise argparse.ArgumentTypeError(
            f"expected COLUMN=TYPE with number, category, boolean, date or text, got {text!r}"
        )
    return column, kind


# What is handed on as it is said: how it is read from the command line, and a sentence.
_CHOICES: dict[str, tuple[Any, str]] = {
    "kind": (
        ("table", "pairs", "pictures", "sounds", "idx", "npz"),
        "what it holds, if that is not found out",
    ),
    "target": (str, "the column, or the language, that is to be told"),
    "group": (str, "the column of what must not be torn apart by a split, such as a patient"),
    "part": (str, "the column that says which part a row is in"),
    "validation": (Path, "a further file, for validation"),
    "test": (Path, "a further file, for the test"),
    "separator": (str, "what stands between two columns"),
    "encoding": (str, "the encoding of the text, such as latin-1"),
    "quote": (str, "what stands around a text"),
    "decimal": (str, "the decimal mark, . or ,"),
    "thousands": (str, "what stands between thousands"),
    "second": (Path, "the file with the other side of the pairs"),
    "source": (str, "the language that is translated from"),
    "rate": (int, "samples a second that sounds are brought to"),
    "seconds": (float, "after how many seconds sounds are cut off"),
    "label_from": (
        ("folder", "name"),
        "whether the class of a sound is its folder, or the beginning of its name",
    ),
    "speaker": (int, "which piece of a sound's name says who speaks, from 0"),
    "divider": (str, "what stands between the pieces of a name"),
    "x": (str, "the array of an NPZ file to learn from"),
    "y": (str, "the array of an NPZ file with the answers"),
    "channels": (("none", "first", "last"), "where the channels of pictures stand in an NPZ file"),
    "labels": (Path, "the IDX file with the labels"),
}


def _add_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("path", type=Path, metavar="PATH", help="a file or a folder")
    one.add_argument("--name", required=True, help="how it is to be called")
    one.add_argument(
        "--type", type=_type, action="append", default=[], metavar="COLUMN=TYPE",
        help="set right what a column holds: number, category, boolean, date or text; as often as wanted",
    )  # fmt: skip
    one.add_argument(
        "--ignore", action="append", metavar="COLUMN", help="a column that is not used; as often as wanted"
    )
    for name, (kind, sentence) in _CHOICES.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(kind, tuple):
            one.add_argument(option, choices=kind, help=sentence)
        elif name != "ignore":
            one.add_argument(option, type=kind, help=sentence)
    one.add_argument("--header", choices=("yes", "no"), help="whether the first line names the columns")
    one.add_argument("--grey", choices=("yes", "no"), help="whether pictures are read as grey")
    one.add_argument(
        "--size", type=int, nargs="+", metavar="PIXELS", help="a side of pictures, or height and width"
    )
    one.add_argument("--columns", type=int, nargs=2, metavar="N", help="which columns hold the pairs, from 0")


def _name_option(one: argparse.ArgumentParser) -> None:
    one.add_argument("name", metavar="NAME", help="the name of a data set")


def _get_options(one: argparse.ArgumentParser) -> None:
    _name_option(one)
    one.add_argument(
        "--from",
        dest="origin",
        metavar="ADDRESS|FOLDER",
        help="take the files from elsewhere than where they were published",
    )


_ACTIONS = {
    "list": Command(_list, "list all data sets"),
    "get": Command(_get, "fetch a data set; what was cut off goes on", (_get_options,)),
    "add": Command(_add, "add data of one's own", (_add_options,)),
    "show": Command(_show, "show what is known of a data set", (_name_option,)),
    "forget": Command(_forget, "delete what was fetched of a data set", (_name_option,)),
    "remove": Command(_remove, "take a data set of one's own off the list; its files stay", (_name_option,)),
}


DATA = Command(_list, "list, fetch and add data sets", (options.actions(_ACTIONS),))
