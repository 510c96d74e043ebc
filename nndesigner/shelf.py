"""The data sets a person added, one JSON file each; and how a data set is written into a file and read back.

What is read back is held to a schema: a file may come from anywhere, and what it says becomes arguments of a loader and
lines of a script. So the loaders and their arguments are a closed set, and names are names.
"""

import codecs
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec
import platformdirs

from nndesigner import files
from nndesigner.catalogue.data import DataSet, Field
from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.expression import Expression
from nndesigner.graph import GraphError, Value, check_name

Part = Literal["train", "validation", "test"]
_Size = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
_Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_MOST_NUMBERS = 1_000_000_000


# What each loader takes, with the defaults of the function of that name in `nndesigner.data.own`.


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    names: list[str]
    columns: dict[str, list[str]]
    target: str = ""
    separator: str = ","
    encoding: str = "utf-8-sig"
    skip: Annotated[int, msgspec.Meta(ge=0)] = 1
    quote: str = '"'
    decimal: Literal[".", ","] = "."
    thousands: str = ""
    group: str = ""
    part: str = ""
    validation: str = ""
    test: str = ""


class _Images(msgspec.Struct, forbid_unknown_fields=True):
    folder: str
    size: tuple[_Size, _Size]
    classes: list[str]
    grey: bool = False
    parts: dict[str, Part] = {}
    skip: list[str] = []


class _Idx(msgspec.Struct, forbid_unknown_fields=True):
    images: str
    labels: str
    classes: list[int]
    test_images: str = ""
    test_labels: str = ""


class _Npz(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    x: str
    y: str = ""
    classes: list[int | str] = []
    channels: Literal["", "none", "first", "last"] = ""
    validation_x: str = ""
    validation_y: str = ""
    test_x: str = ""
    test_y: str = ""


class _Sounds(msgspec.Struct, forbid_unknown_fields=True):
    folder: str
    rate: Annotated[int, msgspec.Meta(ge=100, le=1_000_000)]
    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)]
    classes: list[str]
    label_from: Literal["folder", "name"] = "folder"
    speaker: Annotated[int, msgspec.Meta(ge=-1)] = -1
    divider: str = "_"
    parts: dict[str, Part] = {}
    skip: list[str] = []


class _Pairs(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    second: str = ""
    encoding: str = "utf-8-sig"
    separator: str = "\t"
    columns: tuple[Annotated[int, msgspec.Meta(ge=0)], Annotated[int, msgspec.Meta(ge=0)]] = (0, 1)
    skip: Annotated[int, msgspec.Meta(ge=0)] = 0
    quoted: bool = False
    validation: list[str] = []
    test: list[str] = []


LOADERS: Mapping[str, type[msgspec.Struct]] = MappingProxyType(
    {
        "own.load_table": _Table,
        "own.load_images": _Images,
        "own.load_idx": _Idx,
        "own.load_npz": _Npz,
        "own.load_sounds": _Sounds,
        "own.load_pairs": _Pairs,
    }
)


class _Field(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    sizes: Annotated[tuple[_Size, ...], msgspec.Meta(max_length=8)]
    sentence: str
    dtype: Literal["float32", "int64", "bool", "uint8"] = "float32"
    classes: tuple[str, ...] = ()
    prepare: Literal["", "standardize"] = ""
    sort: Literal["numbers", "label", "image", "sound", "text", "pair", "corpus"] = "numbers"
    count: Annotated[int, msgspec.Meta(ge=0)] = 0


class _DataSet(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    title: str
    sentence: str
    size: Annotated[int, msgspec.Meta(ge=1)]
    fields: Annotated[list[_Field], msgspec.Meta(min_length=1, max_length=64)]
    loader: str
    arguments: dict[str, Any]
    source: str = ""
    licence: str = ""
    parts: dict[Part, Annotated[int, msgspec.Meta(ge=0)]] = {}
    group: str = ""
    known: str = ""
    start: dict[str, bool | int | float | str] = {}
    files: dict[str, _Hash] = {}


def name_problem(name: str) -> str | None:
    """Why a data set of one's own can't be named so, as a sentence; None if it can."""
    if not re.fullmatch(r"[^\W_][\w-]{0,63}", name) or files.is_device(name):
        return (
            "the name of a data set begins with a letter or a digit and has at most 64 letters, digits, - and _; "
            f"{name[:80]!r} does not fit"
        )
    if name.casefold() in BY_NAME:
        return f"{name} is a data set of the program; take another name for yours"
    return None


def content(data_set: DataSet) -> dict[str, Any]:
    """The data set as plain values for JSON, without what is at its default."""
    fields = [
        _Field(
            one.name,
            one.sizes,
            one.sentence,
            one.dtype,  # type: ignore[arg-type]
            one.classes,
            one.prepare,
            one.sort,
            one.count,
        )
        for one in data_set.fields
    ]
    whole = _DataSet(
        data_set.name,
        data_set.title,
        data_set.sentence,
        data_set.size,
        fields,
        data_set.loader,
        {name: _plain(value) for name, value in data_set.arguments.items()},
        data_set.source,
        data_set.licence,
        dict(data_set.parts),  # type: ignore[arg-type]
        data_set.group,
        data_set.known,
        {name: _plain(value) for name, value in data_set.start.items()},
        dict(data_set.files),
    )
    found: dict[str, Any] = msgspec.to_builtins(whole)
    return found


def data_set_of(content: dict[str, Any]) -> DataSet:
    """The data set that `content` gave; raises `ValueError` with the place of what does not fit."""
    whole = _fitted(content, _DataSet, "")
    if problem := name_problem(whole.name):
        raise ValueError(problem)
    taken = LOADERS.get(whole.loader)
    if taken is None:
        raise ValueError(
            f"expected a loader out of {', '.join(LOADERS)}, got {whole.loader[:80]!r}, at loader"
        )
    arguments = _fitted(whole.arguments, taken, "arguments")
    encoding = getattr(arguments, "encoding", "utf-8")
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise ValueError(f"{encoding[:80]!r} is no encoding of text, at arguments.encoding") from None
    return DataSet(
        whole.name,
        whole.title,
        whole.sentence,
        whole.size,
        whole.source,
        whole.licence,
        _fields_of(whole.fields),
        whole.loader,
        {name: _value(value) for name, value in whole.arguments.items()},
        dict(whole.parts),
        whole.group,
        whole.known,
        start=dict(whole.start),
        files=whole.files,
    )


def names() -> tuple[str, ...]:
    """The names of all data sets this person added, in order; nothing where there is no shelf yet."""
    try:
        found = sorted(one.stem for one in _folder().glob("*.json"))
    except OSError:
        return ()
    return tuple(name for name in found if name_problem(name) is None)


def find(name: str) -> DataSet | None:
    """The data set of that name, None if there is none; raises `ValueError` where its file is broken."""
    if name_problem(name):
        return None
    path = _folder() / f"{name}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        data_set = data_set_of(found)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is broken: {error}. Add the data set again") from None
    if data_set.name != name:
        raise ValueError(f"{path} is broken: it holds {data_set.name}. Add the data set again")
    return data_set


def put(data_set: DataSet) -> None:
    """Keeps a data set, in place of one of the same name.

    Raises `ValueError` where it is none that could be read back, `OSError` where it can't be written.
    """
    plain = content(data_set)
    data_set_of(plain)
    path = _folder() / f"{data_set.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, (json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode())


def remove(name: str) -> bool:
    """Forgets a data set; its data stay where they are. False if there was none. Raises `OSError`."""
    if name_problem(name):
        return False
    path = _folder() / f"{name}.json"
    if not path.is_file():
        return False
    path.unlink()
    return True


def _folder() -> Path:
    return Path(platformdirs.user_data_dir("nndesigner", appauthor=False)) / "data"


def _fitted(content: Any, struct: type[Any], place: str) -> Any:
    try:
        return msgspec.convert(content, struct)
    except msgspec.ValidationError as error:
        words, _, inner = str(error).partition(" - at `$")
        where = ".".join(one for one in (place, inner.rstrip("`").lstrip(".")) if one)
        plain = words[:1].lower() + words[1:].replace("`", "'")
        raise ValueError(f"{plain}, at {where}" if where else plain) from None


def _fields_of(fields: list[_Field]) -> tuple[Field, ...]:
    found: list[Field] = []
    for index, one in enumerate(fields):
        try:
            check_name(one.name)
        except GraphError as error:
            raise ValueError(f"{error}, at fields[{index}].name") from None
        if any(one.name == other.name for other in found):
            raise ValueError(f"two fields are named {one.name!r}, at fields[{index}].name")
        numbers = 1
        for size in one.sizes:
            numbers *= size
        if numbers > _MOST_NUMBERS:
            raise ValueError(
                f"expected at most {_MOST_NUMBERS:,} numbers in a record, got {numbers:,}, at fields[{index}]"
            )
        found.append(
            Field(
                one.name, one.sizes, one.sentence, one.dtype, one.classes, one.prepare, one.sort, one.count,
            )
        )  # fmt: skip
    return tuple(found)


def _plain(value: Value) -> Any:
    match value:
        case Expression():
            raise ValueError("a data set is read with plain values, not with expressions")
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value


def _value(value: Any) -> Value:
    match value:
        case list() | tuple():
            return tuple(_value(item) for item in value)
        case dict():
            return MappingProxyType({str(key): _value(item) for key, item in value.items()})
        case _:
            plain: Value = value
            return plain
