"""What of Python itself a source may use: some functions, some methods of text, lists and tables, some of math. Each is
written here; nothing else is called.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.script.reader import arrays, tables
from nndesigner.script.reader.arrays import Array
from nndesigner.script.reader.einops import EINOPS
from nndesigner.script.reader.special import settled
from nndesigner.script.reader.values import (
    Bound,
    Class,
    Constant,
    Container,
    Count,
    Function,
    Held,
    Instance,
    Known,
    Layer,
    Library,
    Number,
    Partial,
    Tensor,
    Thing,
    Torch,
    Unknown,
    Unreadable,
    Weight,
    what,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

    Call = Callable[[Interpreter, tuple[Any, ...], Mapping[str, Any]], Any]

_LONGEST = 100_000
TORCH_CONSTANTS: Mapping[str, Any] = {
    "torch.pi": math.pi,
    "torch.inf": math.inf,
    "torch.nan": math.nan,
    "torch.__version__": "2.6.0",
}


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Number) else value


def _numeric(work: Callable[..., Any]) -> "Call":
    """A function of numbers."""

    def call(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        numbers = [_plain(one) for one in args]
        if keywords or not all(isinstance(one, int | float) for one in numbers) or len(numbers) > 8:
            raise Unreadable(f"{work.__name__} is only read of plain numbers")
        try:
            found = work(*numbers)
        except (ValueError, OverflowError, ZeroDivisionError, TypeError) as error:
            raise Unreadable(f"{work.__name__} has no value here: {error}") from None
        return _kept(args, found)

    return call


def _kept(args: tuple[Any, ...], found: Any) -> Any:
    """A number that is the one that was given keeps where it comes from."""
    if len(args) >= 1 and isinstance(args[0], Number) and isinstance(found, int) and found == int(args[0]):
        return args[0]
    return found


def _int(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if not args and not keywords:
        return 0
    if keywords or len(args) != 1:
        raise Unreadable("int takes one value here")
    (one,) = args
    if isinstance(one, Number):
        return one
    if isinstance(one, Array):
        one = arrays.method_called(one, "item", (), {})
    if isinstance(one, str) and len(one) > 30:
        raise Unreadable("this text is too long for a number")
    if not isinstance(one, bool | int | float | str):
        raise Unreadable(f"int of {what(one)} is not read")
    try:
        return int(one)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"int has no value here: {error}") from None


def _float(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if len(args) == 1 and isinstance(args[0], int | float | str) and len(str(_plain(args[0]))) < 400:
        try:
            return float(args[0])
        except (ValueError, OverflowError):
            pass
    raise Unreadable("float has no value here")


def _round(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    numbers = [_plain(one) for one in args]
    if keywords or not 1 <= len(numbers) <= 2 or not all(isinstance(one, int | float) for one in numbers):
        raise Unreadable("round is only read of numbers")
    try:
        return _kept(args, round(*numbers))
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"round has no value here: {error}") from None


def _pow(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    import ast

    if len(args) != 2 or keywords:
        raise Unreadable("pow takes two numbers here")
    return interp.signed(args[0], ast.Pow(), args[1])


def _extreme(work: Callable[..., Any]) -> "Call":
    """`max` or `min`."""

    def call(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        several = list(interp.items(args[0])) if len(args) == 1 else list(args)
        if keywords or not several or not all(isinstance(one, int | float | str) for one in several):
            raise Unreadable(f"{work.__name__} is only read of numbers")
        try:
            found = work(several)
        except TypeError:
            raise Unreadable(f"{work.__name__} is only read of numbers") from None
        # Which one it is hangs on the values, so it is no longer told by where it comes from.
        return _plain(found) if isinstance(found, Number) and not found.axis else found

    return call


def _sum(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    import ast

    found = args[1] if len(args) > 1 else keywords.get("start", 0)
    for one in interp.items(args[0]) if args else ():
        interp.count()
        if isinstance(one, Unknown):
            return one  # such as how many weights there are, which is but told to people
        found = interp.signed(found, ast.Add(), one)
    return found


def _range(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    numbers = [_plain(settled(interp, one)) for one in args]
    if keywords or not 1 <= len(numbers) <= 3 or not all(isinstance(one, int) for one in numbers):
        raise Unreadable("range is only read of whole numbers")
    if len(numbers) == 3 and numbers[2] == 0:
        raise Unreadable("a range with a step of 0 has no end")
    found = range(*numbers)
    try:
        count = len(found)
    except OverflowError:
        count = _LONGEST + 1
    if count > _LONGEST:
        raise Unreadable(f"a range of so many numbers is not followed; at most {_LONGEST:,}")
    return found


def _len(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if len(args) != 1 or keywords:
        raise Unreadable("len takes one value")
    match args[0]:
        case Container() as found:
            return len(found.items)
        case Instance(inside=Container() as inside):
            return len(inside.items)
        case str() | list() | tuple() | dict() | range() as several:
            return len(several)
        case Array() as array:
            return len(arrays.listed(array))
        case Instance() if tables.is_table(args[0]):
            return len(args[0].attributes)
        case Instance() if isinstance(method := args[0].cls.find("__len__"), Function):
            return interp.call(Function(method.node, method.scope, args[0], method.cls), (), {})
        case Tensor() | Held() | Constant() as tensor:
            return interp.sizes(tensor)[0]
    raise Unreadable(f"len of {what(args[0])} is not read")


def _listing(made: Callable[[Any], Any]) -> "Call":
    def call(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        if keywords or len(args) > 1:
            raise Unreadable("it takes one value here")
        return made(interp.items(args[0])) if args else made(())

    return call


def _dict(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    found: dict[Any, Any] = {}
    for one in args:
        if isinstance(one, dict) or tables.is_table(one):
            found.update(one if isinstance(one, dict) else one.attributes)
            continue
        for pair in interp.items(one):
            key, value = interp.items(pair)
            if not isinstance(key, str | int):
                raise Unreadable(f"{what(key)} as a key is not read")
            found[key] = value
    return {**found, **keywords}


def _zip(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    strict = keywords.get("strict", False)
    several = [list(interp.items(one)) for one in args]
    if strict and len({len(one) for one in several}) > 1:
        raise Unreadable("these lists are not of the same length")
    return list(zip(*several, strict=False))


def _enumerate(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    start = _plain(args[1] if len(args) > 1 else keywords.get("start", 0))
    if not isinstance(start, int):
        raise Unreadable("enumerate begins with a whole number")
    return list(enumerate(interp.items(args[0]), start))


def _reversed(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return list(reversed(list(interp.items(args[0]))))


def _sorted(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    several = list(interp.items(args[0]))
    by = keywords.get("key")
    keys = [_plain(one if by is None else interp.call(by, (one,), {})) for one in several]
    if keywords.keys() - {"reverse", "key"} or not all(
        isinstance(one, int | float | str | tuple) for one in keys
    ):
        raise Unreadable("sorted is only read of numbers or names")
    try:
        order = sorted(range(len(several)), key=keys.__getitem__, reverse=bool(keywords.get("reverse")))
        return [several[number] for number in order]
    except TypeError:
        raise Unreadable("sorted is only read of numbers or names") from None


def _map(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    several = [list(interp.items(one)) for one in args[1:]]
    return [interp.call(args[0], tuple(one), {}) for one in zip(*several, strict=False)]


def _any_all(wanted: bool) -> "Call":
    def call(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
        for one in interp.items(args[0]):
            if interp.is_true(one) == wanted:
                return wanted
        return not wanted

    return call


def _isinstance(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    found, wanted = args
    if isinstance(found, Unknown):
        raise Unreadable(found.reason)
    return any(_is(found, one) for one in (wanted if isinstance(wanted, tuple) else (wanted,)))


def _is(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, Known):
        types: dict[str, type | tuple[type, ...]] = {
            "int": int,
            "float": float,
            "str": str,
            "bool": bool,
            "list": list,
            "tuple": tuple,
            "dict": dict,
            **dict.fromkeys(("List", "MutableSequence"), list),
            **dict.fromkeys(("Sequence", "Iterable", "Collection"), (list, tuple, str, range)),
            **dict.fromkeys(("Dict", "Mapping", "MutableMapping", "OrderedDict"), dict),
            "Tuple": tuple,
            "Number": (int, float),
            "partial": Partial,
            "range": range,
            **dict.fromkeys(("FunctionType", "LambdaType"), Function),
        }
        if wanted.name == "Callable":
            return isinstance(found, _CALLABLE)
        if wanted.name in types:
            return isinstance(found, types[wanted.name]) and not (
                wanted.name in ("int", "float") and isinstance(found, bool)
            )
        if wanted is _ANYTHING and isinstance(found, list | tuple | dict):
            return True  # a Sequence, an Iterable, a Mapping
        raise Unreadable(f"whether it is a {wanted.name} is not read")
    if isinstance(wanted, Class):
        return isinstance(found, Instance) and wanted in list(found.cls.lineage())
    if isinstance(wanted, Torch):
        short = wanted.name.rpartition(".")[2]
        if short == "Module":
            return isinstance(found, Layer | Container) or (
                isinstance(found, Instance) and found.cls.is_network
            )
        if short == "Tensor":
            return isinstance(found, Tensor | Held | Constant)
        if isinstance(found, Container):
            return found.sort == short
        return isinstance(found, Layer) and found.kind == short
    if isinstance(wanted, Library | Unknown):
        return False
    raise Unreadable(f"whether it is {what(wanted)} is not read")


def _hasattr(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    if len(args) == 2 and isinstance(args[1], str):
        try:
            interp.attribute(args[0], args[1])
        except Unreadable:
            return False
        return True
    raise Unreadable("hasattr takes a value and a name")


def _getattr(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    if not 2 <= len(args) <= 3 or not isinstance(args[1], str):
        raise Unreadable("getattr takes a value and a name")
    if args[1].startswith("__"):
        raise Unreadable(f"{args[1]} is not read")
    try:
        return interp.attribute(args[0], args[1])
    except Unreadable:
        if len(args) == 3:
            return args[2]
        raise


def _setattr(_interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    if len(args) != 3 or not isinstance(args[1], str) or not isinstance(args[0], Instance | Container):
        raise Unreadable("setattr takes an object, a name and a value")
    if isinstance(args[0], Container) and not isinstance(args[2], Thing):
        args[0].notes[args[1]] = args[2]
    else:
        args[0].put(args[1], args[2])
    return None


_CALLABLE = (Function, Class, Known, Torch, Partial, Bound, Thing)


def _callable(_interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return isinstance(args[0], _CALLABLE)


def _str(_interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    if not args:
        return ""
    if isinstance(args[0], Class):
        return f"<class '__main__.{args[0].name}'>"
    if isinstance(args[0], Torch):
        return f"<class '{args[0].name}'>"
    if len(args) == 1 and isinstance(args[0], bool | int | float | str | None):
        return str(_plain(args[0]))
    raise Unreadable("str is only read of numbers and names")


def _type(_interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    if len(args) != 1:
        raise Unreadable("type takes one value here")
    match args[0]:
        case Instance() as found:
            return found.cls
        case bool() | int() | float() | str() | list() | tuple() | dict() as found:
            return BUILTINS["int" if isinstance(found, Number) else type(found).__name__]
        case Layer() as found:
            return Torch(f"torch.nn.{found.kind}")
        case Container() as found:
            return Torch(f"torch.nn.{found.sort}")
        case Partial():
            return member(Library("functools"), "partial")
        case Function() | Class() | Torch() | None as found:
            return Known(f"type of {what(found)}", _nothing)
    raise Unreadable(f"type of {what(args[0])} is not read")


def _nothing(_interp: "Interpreter", _args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return None


def _filter(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    several = list(interp.items(args[1]))
    if args[0] is None:
        return [one for one in several if interp.is_true(one)]
    return [one for one in several if interp.is_true(interp.call(args[0], (one,), {}))]


def _partial(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if not args:
        raise Unreadable("partial needs a function")
    return Partial(args[0], args[1:], dict(keywords))


def _reduce(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    several = list(interp.items(args[1]))
    if len(args) > 2:
        several.insert(0, args[2])
    if not several:
        raise Unreadable("reduce of nothing has no value")
    found = several[0]
    for one in several[1:]:
        found = interp.call(args[0], (found, one), {})
    return found


def _first(interp: "Interpreter", args: tuple[Any, ...]) -> Any:
    found = args[0]
    if isinstance(found, list) and found:
        return found.pop(0)  # `iter` gives a list of its own
    if len(args) > 1:
        return args[1]
    raise Unreadable(f"next of {what(found)} is not read", raises="StopIteration")


def _product(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    import ast

    found: Any = 1
    for one in interp.items(args[0]):
        interp.count()
        found = interp.signed(found, ast.Mult(), one)
    return found


def _deepcopy(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return interp.copied(args[0])


def _chain(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return [one for several in args for one in interp.items(several)]


def _pairs(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    several = list(interp.items(args[0]))
    return list(itertools.pairwise(several))


def _every(interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """`itertools.product`."""
    several = [list(interp.items(one)) for one in args] * int(keywords.get("repeat", 1))
    if math.prod(map(len, several)) > _LONGEST:
        raise Unreadable(f"so many are not followed; at most {_LONGEST:,}")
    return list(itertools.product(*several))


def _repeated(_interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """`itertools.repeat`, with an end."""
    times = args[1] if len(args) > 1 else keywords.get("times")
    if not isinstance(times, int) or not 0 <= int(times) <= _LONGEST:
        raise Unreadable("a repeat without an end is not followed")
    return [args[0]] * int(times)


def _sums(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    """`itertools.accumulate`."""
    import ast

    found: list[Any] = []
    for one in interp.items(args[0]):
        if not found:
            found.append(one)
        elif len(args) > 1:
            found.append(interp.call(args[1], (found[-1], one), {}))
        else:
            found.append(interp.signed(found[-1], ast.Add(), one))
    return found


def _some(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    """`itertools.islice`."""
    ends = [None if one is None else int(one) for one in args[1:]]
    return list(itertools.islice(interp.items(args[0]), *ends))


def _choices(work: Callable[..., Any]) -> "Call":
    def call(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
        found = list(itertools.islice(work(list(interp.items(args[0])), int(args[1])), _LONGEST + 1))
        if len(found) > _LONGEST:
            raise Unreadable(f"so many are not followed; at most {_LONGEST:,}")
        return found

    return call


def _defaulting(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    """`collections.defaultdict`."""
    made = Defaulting()
    made.made = (lambda: interp.call(args[0], (), {})) if args and args[0] is not None else None
    return made


class Defaulting(dict[Any, Any]):
    """A table that makes what it lacks."""

    made: Callable[[], Any] | None = None

    def lacking(self, key: Any) -> Any:
        """What it makes for a key; raises `KeyError`."""
        if self.made is None:
            raise KeyError(key)
        self[key] = self.made()
        return self[key]


def _joined_path(_interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    if not all(isinstance(one, str) for one in args) or sum(map(len, args)) > 1000:
        raise Unreadable("such a path is not read")
    return "/".join(args)


def _dropped_path(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    """A layer that drops whole samples while it is trained, and does nothing in use."""
    interp.say("the dropping of whole paths in training is not drawn", severity="note")
    return interp.call(Torch("torch.nn.Identity"), (), {})


def _pair_of(count: int) -> "Call":
    def call(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
        (one,) = args
        return tuple(interp.items(one)) if isinstance(one, list | tuple) else (one,) * count

    return call


def _for_count(interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return Known("a tuple of one number", _pair_of(int(args[0])))


def _decorated(_interp: "Interpreter", args: tuple[Any, ...], _keywords: Mapping[str, Any]) -> Any:
    return args[0] if args else None


_FUNCTIONS: dict[str, "Call"] = {
    "int": _int,
    "float": _float,
    "bool": lambda interp, args, _: interp.is_true(args[0]) if args else False,
    "str": _str,
    "len": _len,
    "range": _range,
    "abs": _numeric(abs),
    "round": _round,
    "pow": _pow,
    "divmod": _numeric(divmod),
    "max": _extreme(max),
    "min": _extreme(min),
    "sum": _sum,
    "list": _listing(list),
    "tuple": _listing(tuple),
    "set": _listing(lambda found: list(dict.fromkeys(found))),
    "frozenset": _listing(lambda found: list(dict.fromkeys(found))),
    "iter": _listing(list),
    "dict": _dict,
    "zip": _zip,
    "enumerate": _enumerate,
    "reversed": _reversed,
    "sorted": _sorted,
    "map": _map,
    "filter": _filter,
    "any": _any_all(True),
    "all": _any_all(False),
    "isinstance": _isinstance,
    "hasattr": _hasattr,
    "getattr": _getattr,
    "setattr": _setattr,
    "callable": _callable,
    "type": _type,
    "print": _nothing,
    "object": _nothing,
    "vars": lambda interp, args, _: tables.table_called(interp, args[0], args),
    "next": lambda interp, args, _: _first(interp, args),
    "id": lambda _interp, args, _: id(args[0]),
    "repr": _str,
    "slice": lambda _interp, args, _: slice(*args),
    "globals": lambda interp, _args, _: dict(interp.top.names),
}
BUILTINS: dict[str, Any] = {
    **{name: Known(name, call) for name, call in _FUNCTIONS.items()},
    "NotImplemented": None,
    "__name__": "",
    "__file__": "",
}

_MATH = {
    name: Known(name, _numeric(getattr(math, name)))
    for name in [
        "sqrt",
        "ceil",
        "floor",
        "log",
        "log2",
        "log10",
        "exp",
        "sin",
        "cos",
        "tan",
        "fabs",
        "gcd",
        "trunc",
        "isqrt",
        "atan",
        "tanh",
        "radians",
        "hypot",
    ]
}
_MATH |= {"prod": Known("prod", _product), "pow": Known("pow", _pow)}
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau}
_ANYTHING = Known("a type", _decorated)
LIBRARIES: dict[str, Mapping[str, Any] | None] = {
    "math": {**_MATH, **_CONSTANTS},
    "numpy": {
        "linspace": Known(
            "linspace", lambda interp, args, keywords: interp.call(Torch("torch.linspace"), args, keywords)
        ),
        **{name: _MATH[name] for name in ("sqrt", "ceil", "floor", "log", "log2", "exp", "prod")},
        **{name: _CONSTANTS[name] for name in ("pi", "e", "inf", "nan")},
        "power": Known("power", _pow),
        **arrays.FUNCTIONS,
        "random": Known("numpy.random", _nothing),
        "seed": Known("seed", _nothing),
        "ndarray": Known("ndarray", _nothing),
    },
    "functools": {
        "partial": Known("partial", _partial),
        "reduce": Known("reduce", _reduce),
        "wraps": _ANYTHING,
        "lru_cache": _ANYTHING,
        "cache": _ANYTHING,
        "cached_property": _ANYTHING,
    },
    "collections": {
        "OrderedDict": Known("OrderedDict", _dict),
        "namedtuple": Known("namedtuple", tables.named_tuple),
        "defaultdict": Known("defaultdict", _defaulting),
        "deque": Known("deque", lambda interp, args, _: list(interp.items(args[0])) if args else []),
        "abc": Library("typing"),
        **{name: Known(name, _decorated) for name in ("Iterable", "Sequence", "Mapping", "Callable")},
    },
    "itertools": {
        "chain": Known("chain", _chain),
        "pairwise": Known("pairwise", _pairs),
        "product": Known("product", _every),
        "repeat": Known("repeat", _repeated),
        "accumulate": Known("accumulate", _sums),
        "islice": Known("islice", _some),
        "combinations": Known("combinations", _choices(itertools.combinations)),
        "permutations": Known("permutations", _choices(itertools.permutations)),
    },
    "copy": {"deepcopy": Known("deepcopy", _deepcopy), "copy": Known("copy", _deepcopy)},
    "operator": {"mul": Known("mul", lambda interp, args, _: _product(interp, (args,), {}))},
    "einops": EINOPS,
    "typing": None,
    "typing_extensions": None,
    "types": {
        "SimpleNamespace": Known("SimpleNamespace", tables.made_of(deep=False)),
        **{
            name: Known(name, _decorated)
            for name in ("FunctionType", "LambdaType", "MethodType", "ModuleType")
        },
    },
    "argparse": {
        "ArgumentParser": Known("ArgumentParser", tables.options),
        "Namespace": Known("Namespace", tables.made_of(deep=False)),
        **dict.fromkeys(("ArgumentDefaultsHelpFormatter", "RawTextHelpFormatter", "SUPPRESS")),
    },
    **{
        library: {
            name: Known(name, tables.made_of(deep=True))
            for name in ("EasyDict", "Dict", "ConfigDict", "Munch", "CfgNode")
        }
        for library in ("easydict", "addict", "ml_collections", "munch", "yacs")
    },
    "timm": {
        "DropPath": Known("DropPath", _dropped_path),
        "to_1tuple": Known("to_1tuple", _pair_of(1)),
        "to_2tuple": Known("to_2tuple", _pair_of(2)),
        "to_3tuple": Known("to_3tuple", _pair_of(3)),
        "to_ntuple": Known("to_ntuple", _for_count),
        "register_model": _ANYTHING,
        **{
            name: Known(name, _nothing)
            for name in ("trunc_normal_", "lecun_normal_", "variance_scaling_", "named_apply")
        },
    },
    "torchvision": {"StochasticDepth": Known("StochasticDepth", _dropped_path)},
    **{
        library: {
            "LightningModule": Torch("torch.nn.Module"),
            "seed_everything": Known("seed_everything", _nothing),
        }
        for library in ("pytorch_lightning", "lightning")
    },
    "os": {
        "join": Known("join", _joined_path),
        **{name: Known(name, lambda _interp, _args, _: False) for name in ("exists", "isfile", "isdir")},
        "getenv": Known("getenv", lambda _interp, args, _: args[1] if len(args) > 1 else None),
        "environ": {},
        "makedirs": Known("makedirs", _nothing),
    },
    "sys": {"modules": Known("sys.modules", _nothing), "maxsize": 2**63 - 1, "argv": [""]},
    "random": {"seed": Known("seed", _nothing)},
    "dataclasses": {
        "dataclass": _ANYTHING,
        "field": Known("field", lambda interp, args, keywords: _field(interp, keywords)),
    },
    "abc": None,
    "enum": None,
    "numbers": None,
    "__future__": None,
    "warnings": {"warn": Known("warn", _nothing)},
}


def _field(interp: "Interpreter", keywords: Mapping[str, Any]) -> Any:
    if "default" in keywords:
        return keywords["default"]
    if "default_factory" in keywords:
        return interp.call(keywords["default_factory"], (), {})
    raise Unreadable("a field without a default is not read")


def member(owner: Library, name: str) -> Any:
    """What a library of Python calls so; of those for types alone, anything is a type."""
    known = LIBRARIES.get(owner.name.partition(".")[0])
    if known is None:
        return Known(name, (lambda _interp, args, _: args[1]) if name == "cast" else _decorated)
    if name in known:
        found = known[name]
        return found.copy() if isinstance(found, dict | list) else found  # a source may change it
    if name in _PACKAGES.get(owner.name.partition(".")[0], ()):
        return Library(f"{owner.name}.{name}")
    raise Unreadable(f"{owner.name}.{name} is not read")


# Modules inside packages, whose names are read as if they stood in the package itself.
_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "os": ("path",),
    "timm": ("models", "layers", "registry", "helpers"),
    "torchvision": ("ops", "misc", "stochastic_depth"),
    "pytorch_lightning": ("core", "utilities", "lightning"),
    "lightning": ("pytorch", "core", "utilities"),
    "numpy": ("random",),
    "yacs": ("config",),
}


# Methods.


def method_called(
    interp: "Interpreter", owner: Any, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """What a method of text, a list, a tuple or a table gives; raises `Unreadable`."""
    match owner:
        case Weight() if name in ("numel", "nelement"):
            return Count(owner.reason)
        case str():
            return _of_text(interp, owner, name, args, keywords)
        case list():
            return _of_list(interp, owner, name, args, keywords)
        case dict():
            return _of_table(interp, owner, name, args, keywords)
        case Array():
            return arrays.method_called(owner, name, args, keywords)
        case tables.Options():
            return owner.called(interp, name, args, keywords)
        case tuple() | range():
            if name == "index" and len(args) == 1 and args[0] in owner:
                return owner.index(args[0])
            if name == "count" and len(args) == 1:
                return owner.count(args[0])
            if name == "numel" and isinstance(owner, tuple):
                return _product(interp, (owner,), {})
            if name == "_asdict" and isinstance(owner, tables.Named):
                return dict(zip(owner.fields, owner, strict=True))
        case int() | float() if name == "item" and not args:
            return owner
    raise Unreadable(f"{name} of {what(owner)} is not read")


def _of_text(
    interp: "Interpreter", owner: str, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    if name == "format":
        return _format(owner, args, keywords)
    if name == "join" and len(args) == 1:
        several = list(interp.items(args[0]))
        if (
            all(isinstance(one, str) for one in several)
            and sum(map(len, several)) + len(owner) * len(several) < _LONGEST
        ):
            return owner.join(several)
    plain = all(isinstance(one, str | int) and not isinstance(one, bool) for one in args)
    if (
        name
        in (
            "lower",
            "upper",
            "strip",
            "split",
            "startswith",
            "endswith",
            "replace",
            "lstrip",
            "rstrip",
            "isdigit",
            "partition",
            "find",
            "title",
            "capitalize",
        )
        and plain
        and not keywords
        and len(owner) < 10_000
        and all(len(str(one)) < 100 for one in args)
    ):
        try:
            found = getattr(owner, name)(*map(_plain, args))
        except (TypeError, ValueError) as error:
            raise Unreadable(f"{name} has no value here: {error}") from None
        if len(found if isinstance(found, str | list | tuple) else "") < _LONGEST:
            return found
    raise Unreadable(f"{name} of a text is not read here")


def _format(owner: str, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> str:
    """Only plain {} and {name}: what stands in the brackets could ask for anything else."""
    import string

    found, count = [], 0
    try:
        for text, field, spec, conversion in string.Formatter().parse(owner):
            found.append(text)
            if field is None:
                continue
            short = len(spec or "") <= 8 and sum(letter.isdigit() for letter in spec or "") <= 3
            if not short or conversion or len(owner) > 1000:
                raise Unreadable("this way of putting text together is not read")
            if field == "":
                value, count = args[count], count + 1
            elif field.isdigit() and len(field) < 4:
                value = args[int(field)]
            elif field.isidentifier():
                value = keywords[field]
            else:
                raise Unreadable("this way of putting text together is not read")
            if not isinstance(value, bool | int | float | str):
                raise Unreadable("this way of putting text together is not read")
            found.append(format(_plain(value), spec or ""))
    except (IndexError, KeyError, ValueError, TypeError):
        raise Unreadable("this way of putting text together is not read") from None
    return "".join(found)[:_LONGEST]


def _of_list(
    interp: "Interpreter", owner: list[Any], name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    if len(owner) >= _LONGEST:
        raise Unreadable(f"a list of more than {_LONGEST:,} is not followed")
    match name, args:
        case "append", (one,):
            owner.append(one)
        case "extend", (several,):
            owner.extend(list(interp.items(several)))
        case "insert", (int() as index, one):
            owner.insert(int(index), one)
        case "pop", ():
            if not owner:
                raise Unreadable("there is nothing left in this list")
            return owner.pop()
        case "pop", (int() as index,):
            if not -len(owner) <= index < len(owner):
                raise Unreadable(f"there is no item {int(index)}: it has {len(owner)}")
            return owner.pop(int(index))
        case "reverse", ():
            owner.reverse()
        case "copy", ():
            return list(owner)
        case "clear", ():
            owner.clear()
        case "tolist", ():
            return list(owner)
        case "index", (one,):
            if one in owner:
                return owner.index(one)
            raise Unreadable("it is not in this list")
        case "count", (one,):
            return owner.count(one)
        case _:
            raise Unreadable(f"{name} of a list is not read here")
    return None


def _of_table(
    interp: "Interpreter",
    owner: dict[Any, Any],
    name: str,
    args: tuple[Any, ...],
    keywords: Mapping[str, Any],
) -> Any:
    if name == "update":
        owner.update(_dict(interp, args, keywords))
        return None
    match name, args:
        case "items", ():
            return list(owner.items())
        case "keys", ():
            return list(owner)
        case "values", ():
            return list(owner.values())
        case "copy", ():
            return dict(owner)
        case "get", (str() | int() | float() | tuple() | Torch() | Class() | None as key, *rest):
            return owner.get(_plain(key), rest[0] if rest else None)
        case "pop", (str() | int() as key, *rest):
            if key not in owner and not rest:
                raise Unreadable(f"there is no {key!r} in this table", raises="KeyError")
            return owner.pop(_plain(key), rest[0] if rest else None)
        case "setdefault", (str() | int() as key, one):
            return owner.setdefault(_plain(key), one)
    raise Unreadable(f"{name} of a table is not read here")
