"""The file of a project, .nnd: JSON text, read and written.

The text has one node and one wire a line, so that a person can read it and see what changed. It is read against a
schema; what is wrong is told with its place. Layers this version does not know are kept as they are.
"""

import codecs
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from nndesigner import files, shelf
from nndesigner.expression import Expression, ExpressionError
from nndesigner.graph import Block, Code, Edge, Frame, Graph, GraphError, Node, Note, Value
from nndesigner.project import TRAINING_PARAMS, Choice, Project, Training

FORMAT = "nndesigner"
VERSION = 4
SUFFIX = ".nnd"
_DEEPEST = 50
_SAME_RATE = 1.0  # msgspec leaves a number away where it is the very object that is the default
_ALWAYS = frozenset(("epochs", "batch_size", "seed", "validation", "test", "split_seed", "threads"))


class ProjectError(ValueError):
    """A file that is no project, or one that can't be used; its text is meant for people."""


# The file. These structs are its schema; a change to them is a new version with a migration.


class _Node(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    kind: str
    params: dict[str, Any] = {}
    position: tuple[float, float] = (0.0, 0.0)
    bypassed: bool = False
    frozen: bool = False
    repeat: int = 1
    shares: str | None = None
    rate: float = _SAME_RATE


class _Note(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    position: tuple[float, float]
    size: tuple[float, float]


class _Frame(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    position: tuple[float, float]
    size: tuple[float, float]
    color: str


class _Graph(msgspec.Struct, forbid_unknown_fields=True):
    nodes: list[_Node]
    edges: list[tuple[str, str, str, str]]
    notes: list[_Note] = []
    frames: list[_Frame] = []


class _Block(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    graph: _Graph
    params: dict[str, Any] = {}


class _Code(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    lines: list[str]


class _Choice(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    params: dict[str, Any] = {}


class _Training(msgspec.Struct, forbid_unknown_fields=True):
    optimizer: _Choice
    scheduler: _Choice | None
    epochs: int
    batch_size: int
    seed: int
    validation: float
    test: float
    split_seed: int
    threads: int = 0
    split: str = "given"
    steps: int = 0
    minutes: float = 0.0
    accumulate: int = 1
    clip: float = 0.0
    patience: int = 0
    average: float = 0.0
    device: str = "auto"
    precision: str = "fp32"
    channels_last: bool = False
    compile: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    title: str
    graph: _Graph
    training: _Training
    blocks: list[_Block] = []
    code: list[_Code] = []
    data: list[dict[str, Any]] = []


class _Head(msgspec.Struct):
    format: str = ""
    version: int = 0


# Version 2 brought layers of one's own, version 3 data sets of one's own and more settings of the training, version 4
# frames; what was there before is the same.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: lambda content: content,
    2: lambda content: content,
    3: lambda content: content,
}


def to_text(project: Project) -> str:
    """The project as the text of its file."""
    training = project.training
    content = {
        "format": FORMAT,
        "version": VERSION,
        "title": project.title,
        "graph": _graph_content(project.graph),
        "blocks": [
            {"name": block.name, "params": _plain(block.params), "graph": _graph_content(block.graph)}
            for block in project.blocks.values()
        ],
        "code": [{"name": code.name, "lines": code.text.split("\n")} for code in project.code.values()],
        **({"data": [shelf.content(one) for one in project.data.values()]} if project.data else {}),
        "training": {
            "optimizer": _choice_content(training.optimizer),
            "scheduler": _choice_content(training.scheduler) if training.scheduler else None,
            **{
                param.name: getattr(training, param.name)
                for param in TRAINING_PARAMS
                if param.name in _ALWAYS or getattr(training, param.name) != param.default
            },
        },
    }
    return _laid_out(content, 0) + "\n"


def from_text(text: str | bytes) -> Project:
    """The project a text holds; raises `ProjectError` with the place of what is wrong."""
    data = (text.encode() if isinstance(text, str) else text).removeprefix(codecs.BOM_UTF8)
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:
        head = _Head()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProjectError(_broken(data, error)) from None
    if head.format != FORMAT:
        raise ProjectError(f'this is no nndesigner project: expected "format": "{FORMAT}" in it')
    if head.version > VERSION:
        raise ProjectError(
            f"this project is of version {head.version}, made by a newer nndesigner; "
            f"this one reads versions up to {VERSION}. Update nndesigner to open it"
        )
    if head.version < 1:
        raise ProjectError(
            f"this project has no version this program knows: expected 1 to {VERSION}, got {head.version}"
        )
    try:
        if head.version < VERSION:
            content = msgspec.json.decode(data)
            for version in range(head.version, VERSION):
                content = MIGRATIONS[version](content)
            file = msgspec.convert(content, _File)
        else:
            file = msgspec.json.decode(data, type=_File)
        return _project_of(file)
    except msgspec.ValidationError as error:
        raise ProjectError(_misfit(str(error))) from None
    except (GraphError, ExpressionError) as error:
        raise ProjectError(str(error)) from None


def load(path: Path) -> Project:
    """The project in a file; raises `ProjectError` that begins with the file's name."""
    try:
        return from_text(path.read_bytes())
    except ProjectError as error:
        raise ProjectError(f"{path.name}: {error}") from None
    except FileNotFoundError:
        raise ProjectError(f"there is no file {path}") from None
    except OSError as error:
        raise ProjectError(f"{path} can't be read: {error.strerror or error}") from None


def save(project: Project, path: Path) -> None:
    """Writes the project whole or not at all, the file before it kept as `path~`; raises `ProjectError`."""
    try:
        files.write(path, to_text(project).encode(), backup=True)
    except OSError as error:
        raise ProjectError(f"{path} can't be written: {error.strerror or error}") from None


def _project_of(file: _File) -> Project:
    training = file.training
    for param in TRAINING_PARAMS:
        if problem := param.problem(getattr(training, param.name)):
            raise ProjectError(f"{problem}, at training.{param.name}")
    if training.validation + training.test > 0.95:
        raise ProjectError("validation and test leave less than 5 % of the data to train on, at training")
    project = Project(
        _graph_of(file.graph, "graph"),
        {},
        Training(
            _choice_of(training.optimizer, "training.optimizer"),
            _choice_of(training.scheduler, "training.scheduler") if training.scheduler else None,
            **{param.name: getattr(training, param.name) for param in TRAINING_PARAMS},
        ),
        file.title,
    )
    for index, block in enumerate(file.blocks):
        place = f"blocks[{index}]"
        if block.name in project.blocks:
            raise ProjectError(f"two blocks are named {block.name!r}; names are unique")
        params = _values(block.params, f"{place}.params")
        project = project.with_block(
            Block(block.name, _graph_of(block.graph, f"{place}.graph"), params), hides=True
        )
    for index, content in enumerate(file.data):
        try:
            project = project.with_data(shelf.data_set_of(content))
        except ValueError as error:
            raise ProjectError(f"{error}, at data[{index}]") from None
    for code in file.code:
        if code.name in project.code:
            raise ProjectError(f"two layers of your own are named {code.name!r}; names are unique")
        project = project.with_code(Code(code.name, "\n".join(code.lines)), hides=True)
    return project


def _graph_of(content: _Graph, place: str) -> Graph:
    nodes = []
    for index, node in enumerate(content.nodes):
        here = f"{place}.nodes[{index}]"
        try:
            nodes.append(
                Node(
                    node.name,
                    node.kind,
                    _values(node.params, f"{here}.params"),
                    node.position,
                    node.bypassed,
                    node.frozen,
                    node.repeat,
                    node.shares,
                    node.rate,
                )
            )
        except (GraphError, ExpressionError) as error:
            raise ProjectError(f"{error}, at {here}") from None
    notes = [Note(note.text, note.position, note.size) for note in content.notes]
    try:
        frames = [Frame(frame.title, frame.position, frame.size, frame.color) for frame in content.frames]
        return Graph.of(nodes, (Edge(*edge) for edge in content.edges), notes, frames)
    except GraphError as error:
        raise ProjectError(f"{error}, at {place}") from None


def _choice_of(content: _Choice, place: str) -> Choice:
    return Choice(content.kind, _values(content.params, f"{place}.params"))


def _values(params: dict[str, Any], place: str) -> dict[str, Value]:
    return {name: _value(value, f"{place}.{name}") for name, value in params.items()}


def _value(value: Any, place: str, depth: int = 1) -> Value:
    if depth > _DEEPEST:
        raise ProjectError(f"expected at most {_DEEPEST} lists inside one another, got more, at {place[:80]}")
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list():
            return tuple(_value(item, place, depth + 1) for item in value)
        case {"=": str(text)} if len(value) == 1:
            try:
                return Expression(text)
            except ExpressionError as error:
                raise ProjectError(f"{error}, at {place}") from None
        case dict():
            return MappingProxyType({str(key): _value(item, place, depth + 1) for key, item in value.items()})
    raise ProjectError(f"expected a number, text, list or nothing, got {value!r}, at {place}")


def _plain(value: Value) -> Any:
    match value:
        case Expression(text=text):
            return {"=": text}
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value


def _choice_content(choice: Choice) -> dict[str, Any]:
    return {"kind": choice.kind, "params": _plain(choice.params)}


def _graph_content(graph: Graph) -> dict[str, Any]:
    return {
        "nodes": [
            msgspec.to_builtins(
                _Node(
                    node.name,
                    node.kind,
                    _plain(node.params),
                    _floats(node.position),
                    node.bypassed,
                    node.frozen,
                    node.repeat,
                    node.shares,
                    _SAME_RATE if node.rate == _SAME_RATE else node.rate,
                )
            )
            for node in graph.nodes.values()
        ],
        "edges": [list(edge) for edge in graph.sorted_edges],
        "notes": [
            {"text": note.text, "position": _floats(note.position), "size": _floats(note.size)}
            for note in graph.notes
        ],
        **(
            {
                "frames": [
                    {
                        "title": frame.title,
                        "position": _floats(frame.position),
                        "size": _floats(frame.size),
                        "color": frame.color,
                    }
                    for frame in graph.frames
                ]
            }
            if graph.frames
            else {}
        ),
    }


def _floats(pair: tuple[float, float]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


_OPENED = {"graph", "blocks", "code", "data", "lines", "training", "nodes", "edges", "notes", "frames"}


def _laid_out(value: Any, depth: int, key: str = "", opened: bool = True) -> str:
    """JSON with each node, wire and setting on a line of its own."""
    if not opened or not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        rows = [
            f"{json.dumps(name, ensure_ascii=False)}: {_laid_out(item, depth + 1, name, name in _OPENED)}"
            for name, item in value.items()
        ]
        left, right = "{", "}"
    else:
        rows = [_laid_out(item, depth + 1, opened=key in ("blocks", "code")) for item in value]
        left, right = "[", "]"
    return f"{left}\n" + ",\n".join(inner + row for row in rows) + f"\n{outer}{right}"


def _broken(data: bytes, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "this is no text, so no nndesigner project"
    if isinstance(error, RecursionError):
        return "this is nested too deeply to be an nndesigner project"
    found = re.search(r"byte (\d+)", str(error))
    ended = found and int(found[1]) >= len(data) - 1 and "trailing" not in str(error)
    if "truncated" in str(error) or ended:
        lines = len(data.splitlines())
        return (
            f"the file is cut off: it ends in line {lines}, before the project does"
            if data
            else "the file is empty"
        )
    if not found:
        return f"this is no JSON text, so no nndesigner project ({error})"
    before = data[: int(found[1])]
    line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
    return f"this is not readable as JSON: line {line}, column {column} has something unexpected"


def _misfit(message: str) -> str:
    words, _, place = message.partition(" - at `$")
    where = place.rstrip("`").lstrip(".")
    return f"{words[:1].lower()}{words[1:].replace('`', chr(39))}, at {where}" if where else words
