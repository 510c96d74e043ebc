"""Which class of a source is its network, and how its object is made."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nndesigner.script.reader import calling
from nndesigner.script.reader.entering import layers_of, needs
from nndesigner.script.reader.interpreter import Interpreter
from nndesigner.script.reader.reading import ReadingError, Source
from nndesigner.script.reader.values import (
    Class,
    Container,
    Function,
    Instance,
    Scope,
    Thing,
    Unknown,
    Unreadable,
    cause,
    what,
)

# What is taken for an argument of a constructor that nothing tells, by what its name says.
_GUESSES: tuple[tuple[str, Any], ...] = (
    ("drop", 0.1),
    ("rate", 0.1),
    ("prob", 0.1),
    ("resolution", (8, 8)),
    ("window", 4),
    ("patch", 4),
    ("stride", 1),
    ("kernel", 3),
    ("padding", 1),
    ("dilation", 1),
    ("groups", 1),
    ("expan", 4),
    ("factor", 2),
    ("ratio", 4),
    ("head", 4),
    ("layers", 2),
    ("depth", 2),
    ("blocks", 2),
    ("classes", 10),
    ("vocab", 1000),
    ("img", 32),
    ("image", 32),
    ("", 64),
)


@dataclass(frozen=True)
class Found:
    """A network in a source: what it is called by, and how its object is made."""

    name: str
    line: int
    made: Any


def networks(interp: Interpreter, tree: ast.Module, top: Scope) -> list[Found]:
    """All networks of a source: classes, and things made at its top."""
    found = []
    for name, one in top.names.items():
        if isinstance(one, Class) and one.is_network and one.scope is top:
            found.append(Found(name, one.node.lineno, one))
    for name, one in top.names.items():
        if isinstance(one, Instance | Container) and not (
            isinstance(one, Instance) and not one.cls.is_network
        ):
            found.append(Found(name, one.line, one))
    return found


def chosen_of(interp: Interpreter, source: Source, networks: list[Found], top: Scope) -> Found:
    """The network that is asked for, or else the main one."""
    if source.main:
        found = top.names.get(source.main)
        if isinstance(found, Class | Instance | Container | Function):
            line = found.node.lineno if isinstance(found, Class | Function) else found.line
            return Found(source.main, line, found)
        if isinstance(found, Unknown):
            line, reason = cause(found.reason)
            raise ReadingError(f"{source.main} can't be made: {reason}" + (f" (line {line})" if line else ""))
        names = ", ".join(one.name for one in networks) or "none"
        raise ReadingError(f"there is no {source.main} in {source.name}; it has {names}")
    classes = [one for one in networks if isinstance(one.made, Class)]
    if not classes:
        return max(networks, key=lambda one: (sum(1 for _ in layers_of(one.made)), one.line))
    made = [one for one in networks if isinstance(one.made, Instance)]
    if made:
        by_name = {one.name: one for one in classes}
        main = made[-1].made.cls.name
        if main in by_name:
            return Found(main, by_name[main].line, made[-1].made)
    used = _used_by_others([one.made for one in classes])
    free = [one for one in classes if one.name not in used] or classes
    with_forward = [one for one in free if one.made.find("forward") is not None] or free
    returned = _returned(top)
    with_forward.sort(
        key=lambda one: one.name in returned
    )  # stable: the last of those a function gives, else the last
    if len(with_forward) > 1:
        others = ", ".join(one.name for one in with_forward[:-1])
        interp.say(
            f"{with_forward[-1].name} is taken as the network; there is also {others}",
            with_forward[-1].line,
            "note",
        )
    return with_forward[-1]


def _returned(top: Scope) -> set[str]:
    """The classes whose objects a function of the source gives."""
    found = set()
    for function in top.names.values():
        if not isinstance(function, Function) or not isinstance(function.node, ast.FunctionDef):
            continue
        named = {
            target.id: statement.value.func.id
            for statement in ast.walk(function.node)
            if isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Call)
            and isinstance(statement.value.func, ast.Name)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        for statement in ast.walk(function.node):
            if not isinstance(statement, ast.Return):
                continue
            match statement.value:
                case ast.Call(func=ast.Name(id=name)):
                    found.add(name)
                case ast.Name(id=name):
                    found.add(named.get(name, ""))
    return found


def _used_by_others(classes: list[Class]) -> set[str]:
    """The classes that another class names, or that are given to another as an argument."""
    names = {one.name for one in classes}
    used = set()
    for one in classes:
        words = {node.id for node in ast.walk(one.node) if isinstance(node, ast.Name)}
        used |= (words & names) - {one.name}
    scope = classes[0].scope
    for function in scope.names.values():
        if not isinstance(function, Function):
            continue
        for node in ast.walk(function.node):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                given = {
                    inner.id
                    for argument in (*node.args, *(keyword.value for keyword in node.keywords))
                    for inner in ast.walk(argument)
                    if isinstance(inner, ast.Name)
                }
                used |= (given & names) - {node.func.id}
    return used


def object_of(interp: Interpreter, chosen: Found, tree: ast.Module, top: Scope) -> Thing:
    """The network itself; a class is constructed as the source does it, or with its defaults."""
    interp.line = chosen.line
    if isinstance(chosen.made, Thing):
        return chosen.made
    if isinstance(chosen.made, Function):
        return _made(interp, chosen.made, chosen)
    cls = chosen.made
    assert isinstance(cls, Class)
    tried: list[str] = []
    for words, attempt in _ways(interp, cls, tree, top):
        remarks = list(interp.remarks)
        try:
            thing = attempt()
        except Unreadable as error:
            tried.append(error.message)
            interp.remarks = remarks
            continue
        if isinstance(thing, Thing):
            if words:
                interp.say(f"{cls.name} is made as in {words}", chosen.line, "note")
            return thing
        interp.remarks = remarks
    reason = tried[0] if tried else "nothing says how"
    raise ReadingError(
        f"{cls.name} can't be made: {reason}. Name a function that makes it, or give its arguments defaults"
    )


def _made(interp: Interpreter, function: Function, chosen: Found) -> Thing:
    try:
        thing = calling.invoke(interp, function, (), {})
    except Unreadable as error:
        raise ReadingError(f"{chosen.name} makes no network: {error.message} (line {error.line})") from None
    if not isinstance(thing, Thing):
        raise ReadingError(f"{chosen.name} gives {what(thing)}, not a network")
    return thing


def _ways(interp: Interpreter, cls: Class, tree: ast.Module, top: Scope) -> Iterator[tuple[str, Any]]:
    """How an object of a class may be made: by its defaults, as functions of the source do, as a call in it is."""
    constructor = cls.find("__init__")
    needed = needs(constructor) if isinstance(constructor, Function) else []
    if not needed:
        yield "", lambda: calling.call(interp, cls, (), {})
    for name, function in top.names.items():
        if (
            isinstance(function, Function)
            and isinstance(function.node, ast.FunctionDef)
            and not needs(function, 0)
        ):
            returned = {
                node.func.id
                for statement in ast.walk(function.node)
                if isinstance(statement, ast.Return | ast.Assign) and statement.value is not None
                for node in ast.walk(statement.value)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            makes = any(
                one == cls.name
                or (isinstance(top.names.get(one), Function) and _calls(top.names[one], cls.name))
                for one in returned
            )
            if makes:
                yield (
                    f"{name}()",
                    lambda function=function: _instance(calling.invoke(interp, function, (), {}), cls),
                )
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == cls.name:
            yield f"line {node.lineno}", lambda node=node: interp.value(node, top)
    if needed:
        given = {name: next(value for word, value in _GUESSES if word in name.lower()) for name in needed}
        words = ", ".join(f"{name}={value}" for name, value in given.items())
        yield (
            f"{cls.name}({words}), as the source says nothing of it",
            lambda: calling.call(interp, cls, (), given),
        )


def _instance(found: Any, cls: Class) -> Any:
    return found if isinstance(found, Instance) and cls in list(found.cls.lineage()) else None


def _calls(function: Function, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(function.node))
