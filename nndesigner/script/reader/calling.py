"""What a call in a source does: functions are followed, classes constructed, layers drawn, blocks followed on a sheet of
their own.
"""

import ast
import copy
import functools
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, Port
from nndesigner.graph import name_problem, snake_case
from nndesigner.inference import resolve
from nndesigner.script.reader import coding, operations, python, tables
from nndesigner.script.reader.sheet import Sheet, Use
from nndesigner.script.reader.values import (
    Bound,
    Class,
    Constant,
    Container,
    Function,
    Held,
    Instance,
    Known,
    Layer,
    Number,
    Operation,
    Partial,
    Returned,
    Scope,
    Super,
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

_DEEPEST = 60
_CONTAINERS = {
    *("torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ModuleDict"),
    *("torch.nn.ParameterList", "torch.nn.ParameterDict"),
}


def call(interp: "Interpreter", function: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """What `function(*args, **keywords)` gives; raises `Unreadable`."""
    interp.count()
    match function:
        case Known():
            return function.call(interp, args, keywords)
        case Operation():
            return function.work(interp, args, keywords)
        case Function():
            return invoke(interp, function, args, keywords)
        case Class():
            return constructed(interp, function, args, keywords)
        case Instance():
            return followed(interp, function, args, keywords)
        case Layer():
            return operations.layer_called(interp, function, args, keywords)
        case Container():
            return through(interp, function, args, keywords)
        case Torch():
            if function.name in _CONTAINERS:
                return contained(interp, function.name.rpartition(".")[2], args, keywords)
            return operations.torch_called(interp, function.name, args, keywords)
        case Bound():
            return _method(interp, function, args, keywords)
        case Partial():
            return call(interp, function.function, (*function.args, *args), {**function.keywords, **keywords})
        case Unknown():
            raise Unreadable(function.reason)
    raise Unreadable(f"{what(function)} can't be called")


# Functions.


def invoke(
    interp: "Interpreter",
    function: Function,
    args: tuple[Any, ...],
    keywords: Mapping[str, Any],
    *,
    lenient: bool = False,
) -> Any:
    """What a function of the source gives."""
    plain = isinstance(function.node, ast.FunctionDef) and function.bound is None
    kind = (ours(function.node) or interp.own_kind(function.name)) if plain else None
    if kind is not None:
        return operations.function_called(interp, kind, args, keywords)
    if function.bound is not None:
        args = (function.bound, *args)
    local = bound(interp, function, args, keywords)
    if function.cls is not None:
        local.names["__class__"] = (function.cls, args[0] if args else None)
    if isinstance(function.node, ast.Lambda):
        return interp.value(function.node.body, local)
    if yields(function.node):
        local.names["yield"] = []
    if interp.nested >= _DEEPEST:
        raise Unreadable(f"{function.name} calls itself too often to be followed")
    interp.nested += 1
    try:
        interp.run(function.node.body, local, lenient=lenient)
    except Returned as result:
        return local.names.get("yield", result.value)
    finally:
        interp.nested -= 1
    return local.names.get("yield")


@functools.cache
def yields(node: ast.FunctionDef) -> bool:
    """Whether a function is a generator, which is followed to its end as if it gave a list."""
    open_: list[ast.AST] = list(node.body)
    while open_:
        one = open_.pop()
        if isinstance(one, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(one, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            open_ += ast.iter_child_nodes(one)
    return False


@functools.cache
def _ours() -> Mapping[str, tuple[str, Kind]]:
    """The functions of this program that a script may hold: their text without what makes no difference."""
    found = {}
    for kind in catalogue.BY_NAME.values():
        if kind.is_ours:
            node = ast.parse(inspect.getsource(resolve(kind.target))).body[0]
            assert isinstance(node, ast.FunctionDef)
            found[node.name] = (_bones(node), kind)
    return found


def _bones(node: ast.FunctionDef) -> str:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    given = [(one.arg, ast.dump(default) if default else "") for one, default in _with_defaults(node.args)]
    return f"{given}{[ast.dump(one) for one in body]}"


def _with_defaults(given: ast.arguments) -> list[tuple[ast.arg, ast.expr | None]]:
    plain = [None] * (len(given.args) - len(given.defaults))
    return list(zip(given.args, [*plain, *given.defaults], strict=True))


def ours(node: ast.FunctionDef | ast.Lambda) -> Kind | None:
    """The kind a function of the source is, if this program wrote it into a script."""
    if isinstance(node, ast.Lambda):
        return None
    known = _ours().get(node.name)
    return known[1] if known is not None and _bones(node) == known[0] else None


def bound(
    interp: "Interpreter", function: Function, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Scope:
    """The names inside a function at a call; raises `Unreadable` for arguments that do not fit."""
    given = function.node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    found = dict(zip(names, args, strict=False))
    if len(args) > len(names) and given.vararg is None:
        raise Unreadable(f"{function.name} takes {len(names)} arguments, and {len(args)} are given")
    if given.vararg is not None:
        found[given.vararg.arg] = tuple(args[len(names) :])
    more: dict[str, Any] = {}
    known = {*names, *(one.arg for one in given.kwonlyargs)}
    for name, one in keywords.items():
        if name in known:
            if name in found:
                raise Unreadable(f"{name} is given twice")
            found[name] = one
        elif given.kwarg is not None:
            more[name] = one
        else:
            raise Unreadable(f"{function.name} has no argument {name}")
    if given.kwarg is not None:
        found[given.kwarg.arg] = more
    defaults = dict(zip(reversed(names), reversed(given.defaults), strict=False))
    defaults |= {
        one.arg: default
        for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is not None
    }
    for name in (*names, *(one.arg for one in given.kwonlyargs)):
        if name not in found:
            if name not in defaults:
                raise Unreadable(f"{function.name} needs {name}, and it is not given")
            try:
                scope = interp.around.get(function.node, function.scope)
                found[name] = interp.value(defaults[name], scope)
            except Unreadable as error:
                found[name] = Unknown(f"line {error.line or defaults[name].lineno}: {error.message}")
    return Scope(found, function.scope)


def super_of(scope: Scope) -> Super:
    """`super()` as it is in a method."""
    try:
        cls, instance = scope.get("__class__")
    except KeyError:
        raise Unreadable("super() stands in no method") from None
    if not isinstance(instance, Instance):
        raise Unreadable("super() stands in no method of an object")
    return Super(instance, cls)


# Classes.


def constructed(interp: "Interpreter", cls: Class, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """An object of a class of the source."""
    if (kind := interp.own_kind(cls.name)) is not None:
        return operations.own_layer(interp, kind, cls, args, keywords)
    made = Instance(line=interp.line, cls=cls, arguments=(args, dict(keywords)))
    if len(interp.made) > 20_000:
        raise Unreadable("more than 20,000 objects are not made")
    interp.made.append(made)
    constructor = cls.find("__init__")
    if not isinstance(constructor, Function):
        if cls.is_network:
            _begun(interp, made, cls, args, keywords)
            return made
        return _record(interp, made, args, keywords)
    method = Function(constructor.node, constructor.scope, made, constructor.cls, constructor.decorators)
    if cls.is_network:
        known = bound(interp, method, (made, *args), keywords)
        own = {one.arg for one in (*constructor.node.args.args, *constructor.node.args.kwonlyargs)}
        for name, given in list(known.names.items()):
            if (
                name in own
                and isinstance(given, int)
                and not isinstance(given, bool)
                and not name_problem(name)
            ):
                made.given[name] = given
                known.names[name] = Number(given, name, made)
        _run_constructor(interp, method, known, made)
    else:
        _keep(interp, method, args, keywords)
    return made


def _keep(
    interp: "Interpreter", method: Function, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> None:
    """Follows the constructor of an object that is no network: what can't be read in it is told by who needs it."""
    local = bound(interp, method, (method.bound, *args), keywords)
    local.names["__class__"] = (method.cls, method.bound)
    if interp.nested >= _DEEPEST:
        raise Unreadable(f"{method.name} calls itself too often to be followed")
    interp.nested += 1
    try:
        interp.run(method.node.body, local, lenient=True, severity="")  # type: ignore[arg-type]
    except Returned:
        pass
    finally:
        interp.nested -= 1


def _run_constructor(interp: "Interpreter", method: Function, known: Scope, made: Instance) -> None:
    """Follows `__init__` with its arguments; what can't be read in it is said, and the rest goes on."""
    assert isinstance(method.node, ast.FunctionDef)
    known.names["__class__"] = (method.cls, made)
    if interp.nested >= _DEEPEST:
        raise Unreadable(f"{made.cls.name} is made inside itself too often to be followed")
    interp.nested += 1
    sheet, interp.sheet = interp.sheet, None
    quiet, interp.quiet = interp.quiet, False
    trial = interp.trial
    interp.trial = trial or Sheet(None, symbolic=False)
    try:
        interp.run(method.node.body, known, lenient=True)
    except Returned:
        pass
    finally:
        interp.nested -= 1
        interp.sheet, interp.quiet, interp.trial = sheet, quiet, trial


def _begun(
    interp: "Interpreter", made: Instance, cls: Class, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> None:
    """What the constructor of the class of torch does that a class derives from."""
    base = cls.torch_base
    if tables.is_table(made):
        tables.fill(interp, made, args, keywords)
        return
    if base in _CONTAINERS:
        inside: Any = contained(interp, base.rpartition(".")[2], args, keywords)
    elif base in ("torch.nn.Module", ""):
        if args or keywords:
            raise Unreadable(f"{base or 'object'} takes no arguments")
        return
    else:
        inside = operations.torch_called(interp, base, args, keywords)
    if isinstance(inside, Container):
        for name, one in inside.items.items():
            if isinstance(one, Thing):
                one.owner = None
                one.held(made, name)
    elif isinstance(inside, Thing):
        inside.held(made, "")
    made.inside = inside


def _record(
    interp: "Interpreter", made: Instance, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Instance:
    """An object that only keeps values, as a dataclass makes it."""
    if tables.is_table(made):
        tables.fill(interp, made, args, keywords)
        return made
    fields: dict[str, Any] = {}
    for cls in reversed(list(made.cls.lineage())):
        for one in cls.node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                fields[one.target.id] = cls.body.get(one.target.id, _MISSING)
    if len(args) > len(fields):
        raise Unreadable(f"{made.cls.name} takes {len(fields)} values, and {len(args)} are given")
    given = {**dict(zip(fields, args, strict=False)), **keywords}
    for name, default in fields.items():
        found = given.pop(name, default)
        if found is _MISSING:
            raise Unreadable(f"{made.cls.name} needs {name}, and it is not given")
        made.put(name, found)
    if given:
        raise Unreadable(f"{made.cls.name} has no {next(iter(given))}")
    return made


_MISSING = object()


# Containers.


def contained(
    interp: "Interpreter", sort: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Container:
    """An nn.Sequential, nn.ModuleList or nn.ModuleDict."""
    sort = sort.replace("Parameter", "Module")  # what holds tensors holds them in the same way
    made = Container(line=interp.line, sort=sort)
    if keywords.keys() - {"modules"} or (keywords and args):
        raise Unreadable(f"nn.{sort} has no argument {next(iter(keywords))}")
    args = args or tuple(keywords.values())
    if len(args) == 1 and isinstance(args[0], dict):
        for name, one in args[0].items():
            _put(made, str(name), one)
        return made
    if sort == "Sequential":
        several: Sequence[Any] = args
    elif len(args) > 1:
        raise Unreadable(f"nn.{sort} takes one list")
    elif sort == "ModuleDict":
        several = ()
        for pair in interp.items(args[0]) if args else ():
            name, one = interp.items(pair)
            _put(made, str(name), one)
    else:
        several = tuple(interp.items(args[0])) if args else ()
    for number, one in enumerate(several):
        _put(made, str(number), one)
    return made


def _put(made: Container, name: str, one: Any) -> None:
    if isinstance(one, Unknown):
        raise Unreadable(one.reason)
    if one is not None and not isinstance(one, Thing):
        raise Unreadable(f"{what(one)} is no layer, and stands in an nn.{made.sort}")
    if len(made.items) > 20_000:
        raise Unreadable("more than 20,000 layers are not read")
    made.put(name, one)


def picked(found: Container, index: Any) -> Any:
    """`container[index]`."""
    if found.sort == "ModuleDict" or isinstance(index, str):
        if index not in found.items:
            raise Unreadable(f"there is no layer {index!r} in it")
        return found.items[index]
    names = list(found.items)
    if isinstance(index, slice):
        ends = [None if one is None else int(one) for one in (index.start, index.stop, index.step)]
        part = Container(found.line, found, "", found.sort)
        part.items = {name: found.items[name] for name in names[slice(*ends)]}
        return part
    if not isinstance(index, int) or not -len(names) <= index < len(names):
        raise Unreadable(f"there is no layer {index} in it: it has {len(names)}")
    return found.items[names[index]]


def joined(first: Container, second: Any) -> Container:
    """Two containers as one."""
    made = Container(first.line, sort=first.sort)
    more = second.items.values() if isinstance(second, Container) else second
    for one in (*first.items.values(), *more):
        made.put(str(len(made.items)), one)
    return made


def through(
    interp: "Interpreter", container: Container, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """What an nn.Sequential gives: each layer takes what the one before gave."""
    if container.sort == "Encoder":
        return operations.encoded(interp, container, args, keywords)
    if container.sort != "Sequential":
        raise Unreadable(f"an nn.{container.sort} can't be called")
    if len(args) + len(keywords) != 1:
        raise Unreadable("an nn.Sequential takes one input")
    found = args[0] if args else next(iter(keywords.values()))
    for one in container.items.values():
        interp.wanted = ""
        found = call(interp, one, (found,), {})
    return found


# Methods.


def _method(interp: "Interpreter", method: Bound, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    owner, name = method.value, method.name
    match owner:
        case Tensor() | Held() | Constant():
            return operations.method_called(interp, owner, name, args, keywords)
        case Super():
            return _of_super(interp, owner, name, args, keywords)
        case Instance():
            return _of_module(interp, owner, name, args, keywords)
        case Container():
            return _of_container(interp, owner, name, args, keywords)
        case Layer():
            return _of_module(interp, owner, name, args, keywords)
    return python.method_called(interp, owner, name, args, keywords)


def _of_super(
    interp: "Interpreter", owner: Super, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    if tables.is_table(owner.instance) and name in ("__getitem__", *tables.METHODS):
        several = owner.instance.attributes
        if name != "__getitem__":
            return python.method_called(interp, several, name, args, keywords)
        if args[0] not in several:
            raise Unreadable(f"there is no {args[0]!r} in it", raises="KeyError")
        return several[args[0]]
    if name == "__init__":
        return _begun(interp, owner.instance, owner.instance.cls, args, keywords)
    if name in ("forward", "__call__") and owner.instance.inside is not None:
        return call(interp, owner.instance.inside, args, keywords)
    return _of_module(interp, owner.instance, name, args, keywords)


def _of_module(
    interp: "Interpreter", owner: Thing, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """A method every nn.Module has."""
    inside = owner.inside if isinstance(owner, Instance) else None
    if isinstance(inside, Container) and name in (
        "append",
        "extend",
        "insert",
        "items",
        "keys",
        "values",
        "add_module",
    ):
        found = _of_container(interp, inside, name, args, keywords)
        for key, one in inside.items.items():
            if isinstance(one, Thing) and one.owner is inside:
                one.owner = None
                one.held(owner, key)
        return found
    if name == "forward":
        if isinstance(owner, Instance) and inside is not None:
            return call(interp, inside, args, keywords)
        return call(interp, owner, args, keywords)
    if name in ("add_module", "register_module", "register_parameter", "register_buffer"):
        return _registered(owner, name, args, keywords)
    if name == "requires_grad_":
        if args[:1] == (False,) or keywords.get("requires_grad") is False:
            _freeze(owner)
        return owner
    if name in (
        "eval",
        "train",
        "to",
        "cuda",
        "cpu",
        "half",
        "float",
        "double",
        "apply",
        "init_weights",
        "_init_weights",
    ):
        return owner
    if name in ("flatten_parameters", "log", "log_dict", "_log_api_usage_once", "post_init"):
        return None
    if name == "save_hyperparameters" and isinstance(owner, Instance):
        owner.put("hparams", tables.namespace(_settings(interp, owner)))
        return None
    if name in ("parameters", "named_parameters", "buffers", "named_buffers"):
        return Weight(f"the weights of {what(owner)} are not known before it is drawn")
    if name in ("reset_parameters", "load_state_dict", "state_dict", "zero_grad", "register_forward_hook"):
        interp.say(f"{name} is not drawn; it is left out", interp.line, "note")
        return None
    if name == "children":
        return [one for one in _held(owner) if isinstance(one, _MODULES)]
    if name == "named_children":
        return [(key, one) for key, one in children(owner) if isinstance(one, _MODULES)]
    if name in ("modules", "named_modules"):
        found = list(_modules(owner, str(args[1]) if len(args) > 1 else "", set()))
        return found if name == "named_modules" else [one for _, one in found]
    raise Unreadable(f"{name} of {what(owner)} is not read")


_MODULES = (Layer, Container, Instance, Operation)


def _modules(owner: Any, prefix: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """A network and all inside it, each once, by their paths."""
    if id(owner) in seen or (isinstance(owner, Instance) and not owner.cls.is_network):
        return
    seen.add(id(owner))
    yield prefix, owner
    for key, one in children(owner):
        if isinstance(one, _MODULES):
            yield from _modules(one, f"{prefix}.{key}" if prefix else key, seen)


def _settings(interp: "Interpreter", owner: Instance) -> dict[str, Any]:
    """What an object was constructed with, by name."""
    constructor = owner.cls.find("__init__")
    if not isinstance(constructor, Function):
        return {}
    args, keywords = owner.arguments
    names = bound(interp, constructor, (owner, *args), keywords).names
    given = constructor.node.args
    more = names.pop(given.kwarg.arg, {}) if given.kwarg is not None else {}
    return {**{name: one for name, one in names.items() if one is not owner}, **more}


def _held(owner: Thing) -> list[Any]:
    return [one for _, one in children(owner)]


def children(owner: Thing) -> list[tuple[str, Any]]:
    """What a network holds itself, by name."""
    if isinstance(owner, Instance):
        inside = owner.inside.items if isinstance(owner.inside, Container) else {}
        return [*owner.attributes.items(), *inside.items()]
    return list(owner.items.items()) if isinstance(owner, Container) else []


def _freeze(owner: Any) -> None:
    if isinstance(owner, Layer | Held | Instance):
        owner.frozen = True
    if isinstance(owner, Instance | Container):
        for one in _held(owner):
            _freeze(one)


def _registered(owner: Thing, method: str, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    given = [*args, *keywords.values()]
    if len(given) < 2 or not isinstance(given[0], str):
        raise Unreadable(f"{method} takes a name and what is kept")
    name, one = given[0], given[1]
    if method == "register_buffer" and isinstance(one, Constant):
        one = Held(line=0, kind="Buffer", constant=one)
    if isinstance(owner, Instance | Container):
        owner.put(name, one)
    else:
        raise Unreadable(f"{method} of {what(owner)} is not read")


def _of_container(
    interp: "Interpreter", owner: Container, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    match name, args:
        case "append", (one,):
            _put(owner, str(len(owner.items)), one)
            return owner
        case "extend", (several,):
            for one in interp.items(several):
                _put(owner, str(len(owner.items)), one)
            return owner
        case "insert", (int() as index, one):
            several = list(owner.items.values())
            several.insert(int(index), one)
            owner.items = {}
            for number, each in enumerate(several):
                each.owner = None
                owner.put(str(number), each)
            return None
        case "add_module", (str() as key, one):
            _put(owner, key, one)
            return None
        case "items", ():
            return list(owner.items.items())
        case "keys", ():
            return list(owner.items)
        case "values", ():
            return list(owner.items.values())
        case "update", (dict() as more,):
            for key, one in more.items():
                _put(owner, str(key), one)
            return None
        case "forward", _:
            return through(interp, owner, args, keywords)
    return _of_module(interp, owner, name, args, keywords)


# Networks inside networks.


def followed(
    interp: "Interpreter", instance: Instance, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """What an object of a class of the source gives when it is called: what its `forward` says, drawn as a block."""
    forward = instance.cls.find("forward") or instance.cls.find("__call__")
    if not instance.cls.is_network:
        if isinstance(forward, Function):
            return invoke(
                interp, Function(forward.node, forward.scope, instance, forward.cls), args, keywords
            )
        raise Unreadable(f"{what(instance)} can't be called")
    if forward is None and isinstance(instance.inside, Layer):
        return call(interp, instance.inside, args, keywords)
    if interp.sheet is None and interp.trial is None:
        raise Unreadable(f"{what(instance)} is called outside forward")
    outer = interp.drawing_on()
    inner = Sheet(instance)
    ports: dict[str, Tensor] = {}
    came: list[tuple[Tensor, Tensor, tuple[str, str]]] = []
    method = (
        Function(forward.node, forward.scope, instance, forward.cls)
        if isinstance(forward, Function)
        else None
    )
    names = _argument_names(method, len(args))

    def enter(found: Any, name: str) -> Any:
        if isinstance(found, Held | Constant):
            found = operations.drawn(interp, found)
        if isinstance(found, Tensor):
            given, found = found, outer.entered(found)
            for port, known in ports.items():
                if known.place == found.place and port == name:
                    return Tensor(inner, (port, "output"))
            seen = found
            entered = inner.begin(name, lambda: outer.type(Tensor(outer, seen.place)), interp.line)
            ports[entered.place[0]] = Tensor(outer, found.place)
            came.append((given, entered, entered.place))
            return entered
        if isinstance(found, list | tuple):
            return tables.like(found, (enter(one, f"{name}{number}") for number, one in enumerate(found, 1)))
        if isinstance(found, dict):
            return {key: enter(one, f"{name}_{key}") for key, one in found.items()}
        return found

    inner.enter = lambda found: enter(outer.entered(found), outer.entered(found).place[0])
    inside_args = tuple(enter(one, name) for one, name in zip(args, names, strict=False))
    inside_keywords = {name: enter(one, name) for name, one in keywords.items()}
    result = within(interp, inner, lambda: _inside(interp, instance, method, inside_args, inside_keywords))
    for given, entered, place in came:
        if entered.place != place:
            given.stale = (
                f"{what(instance)} changes {place[0]} in its place, and it is used after; that can't be drawn"
            )
    use = Use(instance.cls.name, inner, instance.given, _defaults(interp, instance))
    outputs: dict[int, str] = {}
    leave = leaving(interp, inner, outputs)
    structure = leave(result, "output")
    if not outputs:
        if (found := coding.as_layer(interp, instance, args, keywords)) is not None:
            return found[0]
        raise Unreadable(f"{what(instance)} gives no tensor")
    ports = {name: one for name, one in ports.items() if name in inner.nodes}
    kind = Kind(
        instance.cls.name,
        "block",
        "",
        "",
        role="block",
        inputs=tuple(Port(name, dtype="any") for name in ports),
        outputs=tuple(Port(name, dtype="any") for name in inner.outputs),
        keywords_only=True,
        stem=snake_case(instance.cls.name.strip("_")),
    )
    use.outputs = list(inner.outputs)
    drawn = outer.draw(kind, ports, {}, interp.line, wanted=interp.wanted, thing=instance, use=use)
    node = next(reversed(outer.nodes))
    outer.nodes[node].frozen = instance.frozen
    del drawn

    def rebuilt(found: Any) -> Any:
        if isinstance(found, _Left):
            return Tensor(outer, (node, found.port))
        if isinstance(found, list | tuple):
            return tables.like(found, (rebuilt(one) for one in found))
        if isinstance(found, dict):
            return {key: rebuilt(one) for key, one in found.items()}
        if isinstance(found, Instance) and not found.cls.is_network:
            found.attributes = {key: rebuilt(one) for key, one in found.attributes.items()}
        return found

    return rebuilt(structure)


class _Left:
    """A tensor that left a block, by the port it left through."""

    def __init__(self, port: str) -> None:
        self.port = port


def leaving(interp: "Interpreter", inner: Sheet, outputs: dict[int, str]) -> Any:
    """A function that gives each tensor in a result an Output, and says which."""

    def count(found: Any) -> int:
        if isinstance(found, Tensor | Held | Constant):
            return 1
        if isinstance(found, Instance) and not found.cls.is_network:
            found = found.attributes
        several = (
            found.values() if isinstance(found, dict) else found if isinstance(found, list | tuple) else ()
        )
        return sum(map(count, several))

    def leave(found: Any, name: str) -> Any:
        if isinstance(found, Held | Constant):
            found = within(interp, inner, lambda: operations.drawn(interp, found))
        if isinstance(found, Tensor):
            port = inner.end(name, inner.entered(found), interp.line)
            outputs[len(outputs)] = port
            return _Left(port)
        if isinstance(found, list | tuple):
            single = count(found) == 1
            return tables.like(
                found,
                (leave(one, name if single else f"{name}{number}") for number, one in enumerate(found, 1)),
            )
        if isinstance(found, dict):
            return {key: leave(one, str(key)) for key, one in found.items()}
        if isinstance(found, Instance) and not found.cls.is_network:
            made = Instance(line=found.line, cls=found.cls)
            made.attributes = {key: leave(one, key) for key, one in found.attributes.items()}
            return made
        if isinstance(found, Unknown):
            interp.say(found.reason)
            return None
        return found

    return leave


def within(interp: "Interpreter", sheet: Sheet, work: Any) -> Any:
    """`work()` while another sheet is drawn on."""
    before, interp.sheet = interp.sheet, sheet
    if interp.nested >= _DEEPEST:
        interp.sheet = before
        raise Unreadable("networks are nested too deep to be followed")
    interp.nested += 1
    try:
        return work()
    finally:
        interp.sheet = before
        interp.nested -= 1


def _inside(
    interp: "Interpreter",
    instance: Instance,
    method: Function | None,
    args: tuple[Any, ...],
    keywords: Mapping[str, Any],
) -> Any:
    if method is not None:
        return interp.forward(method, args, keywords)
    if isinstance(instance.inside, Container):
        return through(interp, instance.inside, args, keywords)
    raise Unreadable(f"{instance.cls.name} has no forward")


def _argument_names(method: Function | None, count: int) -> list[str]:
    if method is None:
        return ["input"][:count] or ["input"]
    given = method.node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)][1:]
    if given.vararg is not None:
        names += [f"{given.vararg.arg}{number}" for number in range(1, count - len(names) + 1)]
    return names


def _defaults(interp: "Interpreter", instance: Instance) -> dict[str, int]:
    """The whole numbers the constructor of a class has for its arguments by itself."""
    constructor = instance.cls.find("__init__")
    if not isinstance(constructor, Function):
        return {}
    given = constructor.node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    pairs = [*zip(reversed(names), reversed(given.defaults), strict=False)]
    pairs += [
        (one.arg, default)
        for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is not None
    ]
    found = {}
    for name, default in pairs:
        try:
            value = interp.value(default, constructor.scope)
        except Unreadable:
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            found[name] = int(value)
    return found


def copied(found: Any) -> Any:
    """Another layer just like this one, as `copy.deepcopy` makes it."""
    match found:
        case Layer() | Held():
            return replace(found, owner=None, name="")
        case Container():
            made = Container(found.line, sort=found.sort)
            for name, one in found.items.items():
                made.put(name, copied(one))
            return made
        case Instance():
            other = Instance(line=found.line, cls=found.cls, given=dict(found.given), frozen=found.frozen)
            for name, one in found.attributes.items():
                other.put(name, copied(one))
            other.inside = copied(found.inside)
            return other
        case list() | tuple():
            return tables.like(found, (copied(one) for one in found))
        case dict():
            return {key: copied(one) for key, one in found.items()}
    return copy.copy(found) if isinstance(found, Constant) else found


# Modules beside the source.


def sibling(interp: "Interpreter", module: str, level: int) -> Scope | None:
    """The names of a module beside the source, followed once; None where there is none."""
    name = module.lstrip(".")
    for known in (name, name.rpartition(".")[2]):
        if known and known in interp.siblings:
            return interp.beside(known)
    del level
    return None
