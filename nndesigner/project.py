"""The project, which is the file: main graph, blocks and training settings, read and written as JSON text.

The text has one node and one wire a line, so that a person can read it and see what changed. It is read against a
schema; what is wrong is told with its place. Layers this version does not know are kept as they are.
"""

import codecs
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from nndesigner import catalogue, files
from nndesigner.catalogue.data import BY_NAME as DATA_SETS
from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.kind import Kind, Param, ParamType, Port
from nndesigner.code import name_refused, read
from nndesigner.expression import Expression, ExpressionError
from nndesigner.graph import Block, Code, Edge, Graph, GraphError, Node, Note, Value, frozen_params, loop_in

FORMAT = "nndesigner"
VERSION = 2
SUFFIX = ".nnd"
_DEEPEST = 50


class ProjectError(ValueError):
    """A file that is no project, or one that can't be used; its text is meant for people."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An optimizer or scheduler picked from the catalogue, with the params that differ from its defaults."""

    kind: str
    params: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", frozen_params(self.params))


@dataclass(frozen=True, slots=True)
class Training:
    """How the network is trained. `validation` and `test` are fractions of the data, drawn by `split_seed`.

    `threads` is how many torch computes with; 0 is one less than the machine has.
    """

    optimizer: Choice = Choice("Adam")
    scheduler: Choice | None = None
    epochs: int = 10
    batch_size: int = 64
    seed: int = 0
    validation: float = 0.1
    test: float = 0.2
    split_seed: int = 0
    threads: int = 0


TRAINING_PARAMS: tuple[Param, ...] = (
    Param(
        "epochs", "int", 10, "How often the network sees the whole training part", minimum=1, maximum=100000
    ),
    Param("batch_size", "int", 64, "How many records make one step", minimum=1, maximum=1000000),
    Param("seed", "int", 0, "The same seed gives the same weights", minimum=0, maximum=2**32 - 1),
    Param(
        "validation",
        "float",
        0.1,
        "Part of the data that is watched, but not learned from",
        minimum=0.01,
        maximum=0.9,
    ),
    Param("test", "float", 0.2, "Part of the data that is kept for the end", minimum=0.01, maximum=0.9),
    Param("split_seed", "int", 0, "Which records fall into which part", minimum=0, maximum=2**32 - 1),
    Param(
        "threads",
        "int",
        0,
        "How many threads torch computes with; 0: one less than the machine has",
        minimum=0,
        maximum=1024,
    ),
)


@dataclass(frozen=True)
class Project:
    """Everything that is in a file: graph, blocks, layers of one's own (`code`), training.

    `trusted` are the hashes of the code this person lets run; it is of the person, not of the project, so it is not in
    the file and makes no difference between two projects.
    """

    graph: Graph = field(default_factory=Graph)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    training: Training = Training()
    title: str = ""
    code: Mapping[str, Code] = field(default_factory=dict)
    trusted: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", MappingProxyType(dict(self.blocks)))
        object.__setattr__(self, "code", MappingProxyType(dict(self.code)))

    def with_block(self, block: Block, *, hides: bool = False) -> "Project":
        """With this block, new or changed; raises `GraphError` for a name taken or a block inside itself.

        A block that `hides` may have the name of a layer of torch: a file may be older than that layer in the catalogue.
        """
        if block.name in self.code:
            raise GraphError(f"{block.name!r} is a layer of your own; give the block another name")
        if block.name in catalogue.BY_NAME and block.name not in self.blocks and not hides:
            raise GraphError(f"{block.name!r} is a layer of torch; give the block another name")
        grown = replace(self, blocks={**self.blocks, block.name: block})
        for holder in grown.blocks.values():
            for hidden in holder.params.keys() & grown.blocks.keys():
                raise GraphError(f"{hidden!r} is a block and a param of the block {holder.name}; rename one")
        used = (
            (inner.name, node.kind)
            for inner in grown.blocks.values()
            for node in inner.graph.nodes.values()
            if node.kind in grown.blocks
        )
        if loop := loop_in(used):
            raise GraphError(f"a block can't contain itself: {' → '.join(loop)}")
        return grown

    def with_code(self, code: Code, *, hides: bool = False) -> "Project":
        """With this layer of one's own, new or changed; raises `GraphError` for a name taken. For `hides`, see above."""
        if refusal := name_refused(code.name):
            raise GraphError(refusal)
        hiding = code.name in catalogue.BY_NAME and code.name not in self.code and not hides
        if hiding or code.name in self.blocks:
            what = "a block of this project" if code.name in self.blocks else "a layer of torch"
            raise GraphError(f"{code.name!r} is {what}; give your layer another name")
        return replace(self, code={**self.code, code.name: code})

    def kind_of(self, node: Node) -> Kind | None:
        """What a node is: its catalogue entry, with the ports its data set or its block gives it; None if unknown."""
        if (code := self.code.get(node.kind)) is not None:
            found = read(code)
            return found if isinstance(found, Kind) else None
        if (block := self.blocks.get(node.kind)) is not None:
            return block_kind(block)
        kind = catalogue.BY_NAME.get(node.kind)
        if kind is not None and kind.role == "data":
            return _data_kind(kind, node.params.get("dataset"))
        return kind.at(node.params) if kind is not None else None

    def data_set(self) -> DataSet | None:
        """The data set on the canvas: that of the first Data node."""
        for node in self.graph.nodes.values():
            if node.kind == "Data":
                name = node.params.get("dataset")
                return DATA_SETS.get(name) if isinstance(name, str) else None
        return None


_block_kinds: dict[int, tuple[Block, Kind]] = {}


def block_kind(block: Block) -> Kind:
    """A block seen from outside: a kind whose ports are its Input and Output nodes."""
    if (known := _block_kinds.get(id(block))) is None:
        if len(_block_kinds) > 1000:
            _block_kinds.clear()
        known = _block_kinds[id(block)] = (block, _seen_from_outside(block))
    return known[1]


def _seen_from_outside(block: Block) -> Kind:
    nodes = block.graph.nodes.values()
    return Kind(
        block.name,
        "block",
        "",
        "A block: a network of its own used as a layer.",
        role="block",
        inputs=tuple(Port(node.name, dtype="any") for node in nodes if node.kind == "Input"),
        outputs=tuple(Port(node.name, dtype="any") for node in nodes if node.kind == "Output"),
        params=tuple(Param(name, _type_of(value), value, own=True) for name, value in block.params.items()),
        keywords_only=True,
        stem=re.sub(r"(?<!^)(?=[A-Z])", "_", block.name).lower(),
    )


def _type_of(value: Value) -> ParamType:
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case tuple():
            return "shape"
        case _:
            return "choice"


_data_kinds: dict[str, Kind] = {}


def _data_kind(kind: Kind, name: Value) -> Kind:
    if not isinstance(name, str) or name not in DATA_SETS:
        return kind
    if name not in _data_kinds:
        outputs = tuple(Port(one.name, dtype="any", sentence=one.sentence) for one in DATA_SETS[name].fields)
        _data_kinds[name] = replace(kind, outputs=outputs)
    return _data_kinds[name]


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


class _Note(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    position: tuple[float, float]
    size: tuple[float, float]


class _Graph(msgspec.Struct, forbid_unknown_fields=True):
    nodes: list[_Node]
    edges: list[tuple[str, str, str, str]]
    notes: list[_Note] = []


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


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    title: str
    graph: _Graph
    training: _Training
    blocks: list[_Block] = []
    code: list[_Code] = []


class _Head(msgspec.Struct):
    format: str = ""
    version: int = 0


# Version 2 brought layers of one's own; what was there before is the same.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: lambda content: content}


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
        "training": {
            "optimizer": _choice_content(training.optimizer),
            "scheduler": _choice_content(training.scheduler) if training.scheduler else None,
            **{param.name: getattr(training, param.name) for param in TRAINING_PARAMS},
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
                )
            )
        except (GraphError, ExpressionError) as error:
            raise ProjectError(f"{error}, at {here}") from None
    notes = [Note(note.text, note.position, note.size) for note in content.notes]
    try:
        return Graph.of(nodes, (Edge(*edge) for edge in content.edges), notes)
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
                )
            )
            for node in graph.nodes.values()
        ],
        "edges": [list(edge) for edge in graph.sorted_edges],
        "notes": [
            {"text": note.text, "position": _floats(note.position), "size": _floats(note.size)}
            for note in graph.notes
        ],
    }


def _floats(pair: tuple[float, float]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


_OPENED = {"graph", "blocks", "code", "lines", "training", "nodes", "edges", "notes"}


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
