"""Values that only keep others by name: the settings of a network as people hand them around, in tables with dots, in
named tuples, as options of a program.
"""

import ast
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.script.reader.values import Class, Instance, Known, Number, Scope, Unknown, Unreadable, what

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_TABLE = Known("dict", lambda _interp, _args, _keywords: None)
_NODE = ast.parse("class Namespace:\n    pass").body[0]
assert isinstance(_NODE, ast.ClassDef)
NAMESPACE = Class("Namespace", _NODE, Scope(), [_TABLE])
METHODS = frozenset(["get", "items", "keys", "values", "update", "pop", "setdefault", "copy"])


def namespace(found: Mapping[str, Any], *, deep: bool = False) -> Instance:
    """An object whose attributes are these; if `deep`, tables inside become such objects too."""
    made = Instance(cls=NAMESPACE)
    for name, one in found.items():
        made.put(name, namespace(one, deep=True) if deep and isinstance(one, dict) else one)
    return made


def is_table(found: Any) -> bool:
    """Whether an object of a class is a table, as those of classes that derive from `dict` are."""
    if not isinstance(found, Instance):
        return False
    bases = [base for cls in found.cls.lineage() for base in cls.bases]
    return any(isinstance(base, Known) and base.name in ("dict", "OrderedDict", "UserDict") for base in bases)


def fill(interp: "Interpreter", made: Instance, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """Puts into a table what `dict(…)` is given."""
    for one in args:
        if isinstance(one, dict):
            pairs: Iterable[Any] = one.items()
        elif isinstance(one, Instance) and is_table(one):
            pairs = one.attributes.items()
        else:
            pairs = [tuple(interp.items(pair)) for pair in interp.items(one)]
        for key, value in pairs:
            made.put(str(key), value)
    for key, value in keywords.items():
        made.put(key, value)


def made_of(deep: bool) -> Any:
    """A function that makes such an object: `SimpleNamespace(…)`, `EasyDict(…)`."""

    def call(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Instance:
        made = Instance(cls=NAMESPACE)
        fill(interp, made, args, keywords)
        return namespace(made.attributes, deep=deep)

    return call


class Named(tuple[Any, ...]):
    """A named tuple; `fields` are its names."""

    fields: tuple[str, ...] = ()

    def asked(self, name: str) -> Any:
        """What stands under a name; raises `KeyError`."""
        if name == "_fields":
            return self.fields
        if name not in self.fields or len(self.fields) != len(self):
            raise KeyError(name)
        return self[self.fields.index(name)]


def like(found: Any, several: Iterable[Any]) -> Any:
    """A list or tuple of the same sort with other items."""
    made = type(found)(several)
    if isinstance(found, Named):
        made.fields = found.fields
    return made


def named_tuple(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Known:
    """`collections.namedtuple`."""
    words = args[1] if len(args) > 1 else keywords.get("field_names", ())
    fields = (
        tuple(words.replace(",", " ").split())
        if isinstance(words, str)
        else tuple(str(one) for one in interp.items(words))
    )
    given = keywords.get("defaults")
    values = tuple(interp.items(given)) if given is not None else ()
    defaults = dict(zip(fields[len(fields) - len(values) :], values, strict=True))

    def call(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Named:
        if len(args) > len(fields) or keywords.keys() - set(fields):
            raise Unreadable(
                f"this tuple has {', '.join(fields)}, and something else is given", raises="TypeError"
            )
        found = {**defaults, **dict(zip(fields, args, strict=False)), **keywords}
        missing = [name for name in fields if name not in found]
        if missing:
            raise Unreadable(f"this tuple needs {missing[0]}, and it is not given", raises="TypeError")
        made = Named(found[name] for name in fields)
        made.fields = fields
        return made

    return Known("a tuple", call)


# The options of a program.


class Options:
    """An `argparse.ArgumentParser`: the defaults its options have."""

    def __init__(self) -> None:
        self.defaults: dict[str, Any] = {}

    def called(
        self, interp: "Interpreter", name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
    ) -> Any:
        """What a method of it gives."""
        match name:
            case "add_argument":
                self._add(interp, args, keywords)
                return None
            case "add_argument_group" | "add_mutually_exclusive_group":
                return self
            case "set_defaults":
                self.defaults.update(keywords)
                return None
            case "parse_args" | "parse_known_args":
                given = args[0] if args else keywords.get("args")
                if given:
                    raise Unreadable("options that are given in the source are not read")
                found = namespace(self.defaults)
                return (found, []) if name == "parse_known_args" else found
        raise Unreadable(f"{name} of an ArgumentParser is not read")

    def _add(self, interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
        names = [one for one in args if isinstance(one, str)]
        long = [one for one in names if one.startswith("--")] or names
        if not long:
            raise Unreadable("add_argument takes a name")
        name = keywords.get("dest") or long[0].lstrip("-").replace("-", "_")
        action = keywords.get("action", "store")
        if "default" in keywords:
            found = keywords["default"]
        elif action in ("store_true", "store_false"):
            found = action == "store_false"
        elif keywords.get("required") or not long[0].startswith("-"):
            found = Unknown(f"line {interp.line}: the option {long[0]} has no default")
        else:
            found = None
        if isinstance(found, str) and "type" in keywords:
            found = interp.call(keywords["type"], (found,), {})
        self.defaults[str(name)] = found


def options(_interp: "Interpreter", _args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Options:
    """`argparse.ArgumentParser(…)`."""
    return Options()


def table_called(interp: "Interpreter", found: Any, args: tuple[Any, ...]) -> dict[str, Any]:
    """`vars(…)` of an object that only keeps values."""
    if isinstance(found, Instance) and not found.cls.is_network:
        return found.attributes
    raise Unreadable(f"vars of {what(found)} is not read")


def bare_key(found: Any) -> Any:
    """A key without where it comes from."""
    return int(found) if isinstance(found, Number) else found
