"""What a person can set right when data of one's own are looked at, beside the columns of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.param import Param
from nndesigner.graph import Value

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
_POINTS = {"point": ".", "comma": ","}


def _said(text: str) -> str:
    return QCoreApplication.translate("Choices", text)


@dataclass(frozen=True)
class Choices:
    """The params of a form, how they are called, what they are now, and how a value becomes a choice."""

    params: tuple[Param, ...]
    labels: Mapping[str, str]
    values: Mapping[str, Value]

    def made(self, name: str, value: Value, so_far: Mapping[str, Any]) -> dict[str, Any]:
        """The choices for `adding.look_at` once this param has that value."""
        found = dict(so_far)
        if name == "separator":
            found[name] = _SEPARATORS[str(value)]
        elif name == "decimal":
            found[name] = _POINTS[str(value)]
        elif name in ("first", "second_column"):
            first, second = (self.values["first"], self.values["second_column"])
            pair = (value, second) if name == "first" else (first, value)
            found["columns"] = tuple(int(str(one)) - 1 for one in pair)
        elif name == "size":
            found[name] = value
        else:
            found[name] = value
        return found


def choices_for(data_set: DataSet) -> Choices:
    """What can be chosen for data of this kind, as they were read."""
    given = dict(data_set.arguments)
    match data_set.loader:
        case "own.load_images":
            size = given["size"]
            assert isinstance(size, tuple)
            height, width = size
            words = _said("Height and width all pictures are brought to")
            return Choices(
                (
                    Param("size", "shape", (height, width), words, minimum=4),
                    Param("grey", "bool", False, _said("Whether colours are left out")),
                ),
                {"size": _said("Size, pixels"), "grey": _said("Grey")},
                {"size": (height, width), "grey": given.get("grey", False)},
            )
        case "own.load_sounds":
            return Choices(
                (
                    Param("label_from", "choice", "folder", _said("What tells the class"), choices=("folder", "name")),
                    Param("rate", "int", 8000, _said("Samples a second all recordings are brought to"), minimum=100, maximum=96000),
                    Param("seconds", "float", 1.0, _said("What is longer is cut off"), above=0, maximum=60),
                ),
                {"label_from": _said("Class from"), "rate": _said("Samples a second"), "seconds": _said("At most, seconds")},
                {name: given.get(name, "folder") for name in ("label_from", "rate", "seconds")},
            )  # fmt: skip
        case "own.load_pairs" if not given.get("second"):
            columns = given.get("columns", (0, 1))
            assert isinstance(columns, tuple)
            values = {"first": columns[0] + 1, "second_column": columns[1] + 1}
            return Choices(
                (
                    Param("first", "int", 1, _said("The column with the sentences"), minimum=1, maximum=64),
                    Param(
                        "second_column",
                        "int",
                        2,
                        _said("The column with what they become"),
                        minimum=1,
                        maximum=64,
                    ),
                ),
                {"first": _said("From column"), "second_column": _said("To column")},
                values,
            )
        case "own.load_table":
            separators = {sign: word for word, sign in _SEPARATORS.items()}
            points = {sign: word for word, sign in _POINTS.items()}
            return Choices(
                (
                    Param("separator", "choice", "comma", _said("What stands between two cells"), choices=tuple(_SEPARATORS)),
                    Param("decimal", "choice", "point", _said("What stands before the fraction of a number"), choices=tuple(_POINTS)),
                    Param("encoding", "text", "utf-8-sig", _said("How letters are written as bytes"), pattern="[A-Za-z0-9_. -]+", example="utf-8"),
                ),
                {"separator": _said("Separator"), "decimal": _said("Decimal sign"), "encoding": _said("Encoding")},
                {
                    "separator": separators.get(str(given.get("separator", ",")), "comma"),
                    "decimal": points.get(str(given.get("decimal", ".")), "point"),
                    "encoding": given.get("encoding", "utf-8-sig"),
                },
            )  # fmt: skip
        case "own.load_npz":
            words = _said("Where the channels of pictures stand; none: they have no axis")
            return Choices(
                (Param("channels", "choice", "", words, choices=("none", "first", "last")),),
                {"channels": _said("Channels")},
                {"channels": given.get("channels", "")},
            )
        case _:
            return Choices((), {}, {})
