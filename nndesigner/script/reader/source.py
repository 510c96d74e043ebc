"""A whole source: which of its classes is the network, what it takes in, and the project that comes of it."""

import ast
import contextlib
import itertools
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nndesigner import catalogue, layout
from nndesigner.catalogue.kind import CHECK_BATCH, Kind, TensorType
from nndesigner.code import read as read_code
from nndesigner.graph import Code, Graph, Node, Value
from nndesigner.inference import warm
from nndesigner.plan import Part, Plan, make
from nndesigner.project import Project
from nndesigner.script.reader import calling
from nndesigner.script.reader.interpreter import Interpreter
from nndesigner.script.reader.parsing import parsed
from nndesigner.script.reader.reading import Reading, ReadingError, Remark, Source
from nndesigner.script.reader.settling import Settling
from nndesigner.script.reader.sheet import Drawn, Sheet
from nndesigner.script.reader.values import (
    Class,
    Container,
    Function,
    Held,
    Instance,
    Layer,
    Scope,
    Tensor,
    Thing,
    Unreadable,
    what,
)

_MOST_TRIED = 36
_LONGEST = 3.0  # seconds that following a source may take
_MOST_ALONE = 2000  # layers without wires
_SECONDS = 5.0  # for trying out what goes in
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
_PICTURES = (224, 32, 28, 64, 299, 227, 256, 128, 96, 512, 84, 448, 105, 416, 384, 300, 40, 16)
_LENGTHS = (64, 16, 32, 128, 256, 8, 512, 1024, 10, 5, 100)


@dataclass(frozen=True)
class _Found:
    """A network in a source: what it is called by, and how its object is made."""

    name: str
    line: int
    made: Any


@dataclass
class _Drawing:
    """The network drawn for some inputs, and what is to be said of it."""

    project: Project
    remarks: list[Remark]
    lines: Mapping[str, tuple[int, ...]]
    wrong: int


def understood(source: Source) -> Reading:
    """What a source holds; raises `ReadingError` where there is no network in it."""
    tree, broken = parsed(source.text)
    top = Scope({"__name__": "source"})
    interp = Interpreter(top)
    # The time is that of the processor, as a machine may have much else to do.
    interp.until = time.thread_time() + _LONGEST / 2
    interp.siblings = source.siblings
    interp.remarks += broken
    interp.own = _own_kinds(source)
    interp.run(tree.body, top, lenient=True, severity="")
    networks = _networks(interp, tree, top)
    if not networks and source.main not in top.names:
        reasons = [str(remark) for remark in interp.remarks if remark.severity == "error"][:1]
        why = f": {reasons[0]}" if reasons else ""
        raise ReadingError(f"there is no network in {source.name}: no class that derives from nn.Module{why}")
    chosen = _chosen(interp, source, networks, top)
    warm()  # what torch loads for its first shapes takes seconds, and is no fault of the source
    interp.until = time.thread_time() + _LONGEST / 2
    thing = _object(interp, chosen, tree, top)
    kept = list(interp.remarks)
    interp.until = time.thread_time() + _LONGEST
    best = _best(interp, source, thing, kept)
    names = tuple(dict.fromkeys(one.name for one in networks if isinstance(one.made, Class)))
    remarks = sorted(best.remarks, key=lambda one: (one.severity != "error", one.line))
    return Reading(best.project, tuple(remarks), best.lines, names, chosen.name)


def _own_kinds(source: Source) -> dict[str, Kind]:
    """The classes and functions of a source that are layers of one's own, as kinds."""
    found: dict[str, Kind] = {}
    if not source.own:
        return found
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.parse(source.text)
        imports = [ast.unparse(one) for one in tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
        nodes = {one.name: one for one in tree.body if isinstance(one, ast.ClassDef | ast.FunctionDef)}
        for name in source.own:
            if name not in nodes:
                continue
            body = ast.get_source_segment(source.text, nodes[name]) or ""
            code = Code(name, "\n".join([*_needed(imports, body), "", "", body]) + "\n")
            kind = read_code(code)
            if isinstance(kind, Kind):
                found[name] = kind
    return found


def _needed(imports: list[str], body: str) -> list[str]:
    """The imports whose names a text has."""
    words = set(re.findall(r"\w+", body))
    return [one for one in imports if set(re.findall(r"\w+", one.rpartition("import ")[2])) & words]


# Which network.


def _networks(interp: Interpreter, tree: ast.Module, top: Scope) -> list[_Found]:
    """All networks of a source: classes, and things made at its top."""
    found = []
    for name, one in top.names.items():
        if isinstance(one, Class) and one.is_network and one.scope is top:
            found.append(_Found(name, one.node.lineno, one))
    for name, one in top.names.items():
        if isinstance(one, Instance | Container) and not (
            isinstance(one, Instance) and not one.cls.is_network
        ):
            found.append(_Found(name, one.line, one))
    return found


def _chosen(interp: Interpreter, source: Source, networks: list[_Found], top: Scope) -> _Found:
    """The network that is asked for, or else the main one."""
    if source.main:
        found = top.names.get(source.main)
        if isinstance(found, Class | Instance | Container | Function):
            line = found.node.lineno if isinstance(found, Class | Function) else found.line
            return _Found(source.main, line, found)
        names = ", ".join(one.name for one in networks) or "none"
        raise ReadingError(f"there is no {source.main} in {source.name}; it has {names}")
    classes = [one for one in networks if isinstance(one.made, Class)]
    if not classes:
        return max(networks, key=lambda one: (sum(1 for _ in _layers(one.made)), one.line))
    made = [one for one in networks if isinstance(one.made, Instance)]
    if made:
        by_name = {one.name: one for one in classes}
        main = made[-1].made.cls.name
        if main in by_name:
            return _Found(main, by_name[main].line, made[-1].made)
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


def _object(interp: Interpreter, chosen: _Found, tree: ast.Module, top: Scope) -> Thing:
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


def _made(interp: Interpreter, function: Function, chosen: _Found) -> Thing:
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
    needs = _needs(constructor) if isinstance(constructor, Function) else []
    if not needs:
        yield "", lambda: calling.call(interp, cls, (), {})
    for name, function in top.names.items():
        if (
            isinstance(function, Function)
            and isinstance(function.node, ast.FunctionDef)
            and not _needs(function, 0)
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
    if needs:
        given = {name: next(value for word, value in _GUESSES if word in name.lower()) for name in needs}
        words = ", ".join(f"{name}={value}" for name, value in given.items())
        yield (
            f"{cls.name}({words}), as the source says nothing of it",
            lambda: calling.call(interp, cls, (), given),
        )


def _instance(found: Any, cls: Class) -> Any:
    return found if isinstance(found, Instance) and cls in list(found.cls.lineage()) else None


def _calls(function: Function, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(function.node))


def _needs(function: Function, skipped: int = 1) -> list[str]:
    """The arguments without a default, `self` apart."""
    given = function.node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    needed = names[skipped : len(names) - len(given.defaults)] if len(names) > len(given.defaults) else []
    return needed + [
        one.arg for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None
    ]


# What it takes in.


def _best(interp: Interpreter, source: Source, thing: Thing, kept: list[Remark]) -> _Drawing:
    """The network drawn for its inputs: those that are given or told, or else those that fit best of what is tried."""
    forward = thing.cls.find("forward") if isinstance(thing, Instance) else None
    names = _inputs_of(thing, forward)
    if not names and forward is None and not _runs(thing):
        return _alone(interp, thing, kept)
    told = _given(source, names) or _told(source, forward, names)
    if told is not None:
        return _drawn(interp, thing, told, kept)
    end = time.thread_time() + _SECONDS
    found: list[tuple[int, int, _Drawing, Mapping[str, TensorType]]] = []
    for number, types in enumerate(itertools.islice(_tries(thing, names), _MOST_TRIED)):
        drawing = _drawn(interp, thing, types, kept)
        found.append((drawing.wrong, number, drawing, types))
        if not drawing.wrong or time.thread_time() > end:
            break
    _, _, drawing, types = min(found, key=lambda one: one[:2])
    shapes = " and ".join(f"{name} {one}" for name, one in types.items())
    line = forward.node.lineno if isinstance(forward, Function) else 0
    said = f"the source does not say what goes in; {shapes} was tried out. Give it with --input"
    drawing.remarks.append(Remark(said, line, "note"))
    return drawing


def _runs(thing: Thing) -> bool:
    return isinstance(thing, Layer | Container) or (isinstance(thing, Instance) and thing.inside is not None)


def _inputs_of(thing: Thing, forward: Any) -> list[str]:
    if not isinstance(forward, Function):
        return ["input"] if _runs(thing) else []
    given = forward.node.args
    needed = _needs(forward)
    if not needed and given.vararg is not None:
        return [given.vararg.arg]
    return needed


def _given(source: Source, names: list[str]) -> Mapping[str, TensorType] | None:
    if not source.inputs:
        return None
    if len(source.inputs) != len(names):
        raise ReadingError(
            f"{source.main or 'the network'} takes {len(names)} inputs ({', '.join(names)}), and {len(source.inputs)} are given"
        )
    return {
        name: TensorType((CHECK_BATCH, *shape[1:]), "")
        for name, shape in zip(names, source.inputs, strict=True)
    }


def _told(source: Source, forward: Any, names: list[str]) -> Mapping[str, TensorType] | None:
    """What a comment behind `def forward` tells: `image: (N, 1, 28, 28)`."""
    if not isinstance(forward, Function) or not isinstance(forward.node, ast.FunctionDef):
        return None
    lines = source.text.splitlines()[forward.node.lineno - 1 : forward.node.body[0].lineno - 1]
    lines = lines or source.text.splitlines()[forward.node.lineno - 1 : forward.node.lineno]
    words = " ".join(line.partition("#")[2] for line in lines)
    found = {}
    for name, sizes, dtype in re.findall(
        r"(\w+): \(N((?:, \d{1,7}){0,7}),?\)(?: (int64|bool|float32))?", words
    ):
        sizes_ = tuple(int(one) for one in re.findall(r"\d+", sizes))
        found[name] = TensorType((CHECK_BATCH, *sizes_), dtype or "float32")
    return {name: found[name] for name in names} if all(name in found for name in names) and names else None


def _layers(thing: Any, seen: set[int] | None = None) -> Iterator[Layer]:
    """The layers a network holds, in the order they were made."""
    seen = seen if seen is not None else set()
    if id(thing) in seen:
        return
    seen.add(id(thing))
    match thing:
        case Layer():
            yield thing
        case Container():
            for one in thing.items.values():
                yield from _layers(one, seen)
        case Instance():
            for one in (*thing.attributes.values(), thing.inside):
                yield from _layers(one, seen)
        case list() | tuple():
            for one in thing:
                yield from _layers(one, seen)
        case dict():
            for one in thing.values():
                yield from _layers(one, seen)


def _tries(thing: Thing, names: list[str]) -> Iterator[Mapping[str, TensorType]]:
    """What may go in, the likeliest first."""
    shapes = list(_shapes(thing))
    for shape in shapes[:2]:
        yield dict.fromkeys(names, shape)
    if len(names) > 1:
        bare = TensorType((CHECK_BATCH,), "float32")  # one number a sample, such as a step in time
        for several in itertools.product([*shapes[:1], bare, *shapes[1:3]], repeat=min(len(names), 2)):
            if len(set(several)) > 1:
                yield dict(zip(names, several * len(names), strict=False))
    for shape in shapes[2:]:
        yield dict.fromkeys(names, shape)


def _shapes(thing: Thing) -> Iterator[TensorType]:
    layers = list(itertools.islice(_layers(thing), 50))
    first = next((one for one in layers if one.followed or one.kind.startswith("Embedding")), None)
    kind = first.kind if first is not None else ""
    sizes = [int(one) for one in (first.followed.values() if first else ()) if isinstance(one, int)]
    count = sizes[0] if sizes else 1
    linear = next((one for one in layers if one.kind == "Linear"), None)
    width = int(linear.followed.get("in_features", 0)) if linear is not None else 0
    batched = {name: TensorType((CHECK_BATCH, *name)) for name in _guessed(kind, count, width)}
    if kind.startswith("Embedding"):
        for length in _LENGTHS:
            yield TensorType((CHECK_BATCH, length), "int64")
    yield from batched.values()
    if not kind.startswith("Embedding"):
        for length in _LENGTHS[:2]:
            yield TensorType((CHECK_BATCH, length), "int64")


def _guessed(kind: str, count: int, width: int) -> Iterator[tuple[int, ...]]:
    if kind.startswith(("Conv2d", "BatchNorm2d", "Unfold", "GroupNorm", "InstanceNorm2d")):
        if count == 1:
            yield (1, 28, 28)
            yield (1, 32, 32)
        for size in _PICTURES:
            yield (count, size, size)
    elif kind.startswith(("Conv1d", "BatchNorm1d")):
        for length in (128, 1000, 784, 1024, 4096, 8000, 16000, 32):
            yield (count, length)
        yield (count,)
    elif kind.startswith("Conv3d"):
        yield (count, 16, 112, 112)
        yield (count, 32, 32, 32)
    elif kind.startswith("ConvTranspose2d"):
        for size in (1, 4, 7, 8):
            yield (count, size, size)
        yield (count,)
    elif kind == "Linear":
        if width in (784, 1024):
            yield (1, *[int(width**0.5)] * 2)
        if width == 3072:
            yield (3, 32, 32)
        yield (count,)
        for length in (16, 64):
            yield (length, count)
        yield (count, 7)
        for size in (32, 28, 224):
            yield (3, size, size)
    elif kind:
        yield (16, count)
        yield (count,)
        yield (8, 8, count)
    else:
        yield (16,)
    yield (3, 224, 224)
    yield (3, 32, 32)
    yield (1, 28, 28)


# Drawing it.


def _drawn(
    interp: Interpreter, thing: Thing, types: Mapping[str, TensorType], kept: list[Remark]
) -> _Drawing:
    """The network drawn for these inputs; those whose dtype is open get the one that fits."""
    if any(not one.dtype for one in types.values()):
        found = []
        for dtypes in _dtypes(thing, types):
            given = {name: replace(one, dtype=one.dtype or dtypes[name]) for name, one in types.items()}
            found.append(_drawn(interp, thing, given, kept))
            if not found[-1].wrong:
                return found[-1]
        return found[0]
    interp.remarks, interp.codes, interp.called, interp.steps, interp.failures = list(kept), {}, set(), 0, 0
    sheet = Sheet(thing, symbolic=False)
    entered = {
        name: sheet.begin(name if name not in ("x",) else "input", one, 0) for name, one in types.items()
    }
    forward = thing.cls.find("forward") if isinstance(thing, Instance) else None
    interp.line = forward.node.lineno if isinstance(forward, Function) else thing.line
    for tensor in entered.values():
        sheet.nodes[tensor.place[0]].lines = {interp.line}
    try:
        result = calling.within(interp, sheet, lambda: _run(interp, thing, forward, entered))
        leave = calling.leaving(interp, sheet, {})
        leave(result, "output")
    except Unreadable as error:
        interp.say(error.message, error.line)
    if not sheet.outputs and not interp.failures:
        interp.say("forward gives no tensor", interp.line if forward is None else forward.node.lineno)
    if interp.failures or any(one.severity == "error" for one in kept):
        _draw_alone(interp, thing, sheet)
    return _finished(interp, thing, sheet, {tensor.place[0]: types[name] for name, tensor in entered.items()})


def _dtypes(thing: Thing, types: Mapping[str, TensorType]) -> Iterator[Mapping[str, str]]:
    """Of which dtypes inputs may be, the likeliest first: whole numbers where an Embedding is, if they are no pictures."""
    flat = [name for name, one in types.items() if len(one.sizes) <= 3]
    whole = any(layer.kind.startswith("Embedding") for layer in _layers(thing))
    likely = ("int64", "float32") if whole else ("float32", "int64")
    choices = (
        itertools.product(likely, repeat=len(flat))
        if len(flat) <= 3
        else zip(*[likely] * len(flat), strict=True)
    )
    for several in choices:
        yield {**dict.fromkeys(types, "float32"), **dict(zip(flat, several, strict=True))}


def _run(interp: Interpreter, thing: Thing, forward: Any, entered: Mapping[str, Tensor]) -> Any:
    if isinstance(forward, Function):
        method = Function(forward.node, forward.scope, thing, forward.cls)
        needed = set(_needs(forward))
        if not needed and forward.node.args.vararg is not None:
            return interp.forward(method, tuple(entered.values()), {})
        return interp.forward(method, (), {name: one for name, one in entered.items() if name in needed})
    if isinstance(thing, Instance) and thing.inside is not None:
        return calling.call(interp, thing.inside, tuple(entered.values()), {})
    return calling.call(interp, thing, tuple(entered.values()), {})


def _alone(interp: Interpreter, thing: Thing, kept: list[Remark]) -> _Drawing:
    """The layers of a network that has no `forward`, without wires."""
    interp.remarks = list(kept)
    name = thing.cls.name if isinstance(thing, Instance) else "the network"
    line = thing.cls.node.lineno if isinstance(thing, Instance) else thing.line
    interp.say(f"{name} has no forward, so its layers have no wires", line)
    sheet = Sheet(thing, symbolic=False)
    _draw_alone(interp, thing, sheet)
    return _finished(interp, thing, sheet, {})


def _draw_alone(interp: Interpreter, thing: Thing, sheet: Sheet) -> None:
    """Draws the layers no call was read of, without wires; those inside a block that was drawn stay there."""
    for layer in itertools.islice(_layers(thing), _MOST_ALONE):
        if _drawn_within(layer, sheet):
            continue
        kind = interp.own_kind(layer.kind) or catalogue.BY_NAME[layer.kind]
        interp.called.add(id(layer))
        try:
            sheet.draw(kind, {}, layer.params, layer.line, thing=layer, followed=layer.followed)
        except Unreadable as error:
            interp.say(error.message, layer.line)


def _drawn_within(layer: Layer, sheet: Sheet) -> bool:
    """Whether a layer was drawn, or a block that holds it."""
    one: Thing | None = layer
    for _ in range(100):
        if one is None or one is sheet.root:
            return False
        if id(one) in sheet.first_of:
            return True
        one = one.owner
    return False


def _finished(interp: Interpreter, thing: Thing, sheet: Sheet, types: Mapping[str, TensorType]) -> _Drawing:
    """The project of a sheet, laid out, checked against what the source says of its sizes."""
    settling = Settling({*interp.codes, *interp.own}, interp.own)
    graph = settling.settle(sheet)
    nodes = dict(graph.nodes)
    for name, one in types.items():
        params: dict[str, Value] = {"shape": one.sizes[1:]}
        if one.dtype != "float32":
            params["dtype"] = one.dtype
        if name in nodes:
            nodes[name] = Node(name, "Input", params)
    graph = Graph.of(nodes.values(), graph.edges)
    blocks = {
        name: replace(block, graph=layout.placed(block.graph, {}, settling.blocks.keys()))
        for name, block in settling.blocks.items()
    }
    graph = layout.placed(graph, {}, blocks.keys())
    title = thing.cls.name if isinstance(thing, Instance) else ""
    codes = {name: kind.code for name, kind in interp.own.items() if kind.code is not None}
    project = Project(graph, blocks, title=title, code={**codes, **interp.codes})
    plan = make(project)
    remarks = list(interp.remarks)
    wrong = sum(one.severity == "error" for one in remarks)
    if sheet.outputs:
        for message, line in itertools.islice(_misfits(plan, sheet, settling), 20):
            remarks.append(Remark(message, line, misfit=True))
            wrong += 1
        wrong += sum("trust" not in problem.message for problem in plan.errors)
    for thing_, line in _shared(sheet):
        said = f"{thing_.name} is used inside several networks; each gets weights of its own"
        remarks.append(Remark(said, line))
        wrong += 1
    idle = [
        one
        for one in _layers(thing)
        if id(one) not in interp.called and (one.followed or one.kind == "Embedding")
    ]
    if idle and sheet.outputs:
        names = ", ".join(dict.fromkeys(one.path(thing).partition("_0")[0] for one in idle[:5]))
        remarks.append(Remark(f"{names} is made but not called, and left out", idle[0].line, "note"))
    lines = {drawn.name: tuple(sorted(drawn.lines - {0})) for drawn in sheet.nodes.values()}
    return _Drawing(project, remarks, {name: found for name, found in lines.items() if found}, wrong)


def _shared(sheet: Sheet) -> Iterator[tuple[Thing, int]]:
    """What holds weights and is called inside more than one network, and where it was made."""
    roots: dict[int, tuple[Thing, set[int]]] = {}
    open_, seen = [sheet], set[int]()
    while open_:
        one = open_.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for drawn in one.nodes.values():
            if drawn.use is not None:
                open_.append(drawn.use.sheet)
            if drawn.thing is not None and one.root is not None:
                roots.setdefault(id(drawn.thing), (drawn.thing, set()))[1].add(id(one.root))
    for thing, several in roots.values():
        layers = _layers(thing)
        held = isinstance(thing, Held) or any(layer.followed or layer.kind == "Embedding" for layer in layers)
        if len(several) > 1 and held:
            yield thing, thing.line


def _misfits(plan: Plan, sheet: Sheet, settling: Settling) -> Iterator[tuple[str, int]]:
    """Where a source says another size than arrives: the words, and the line."""
    steps = {step.name: step for step in plan.steps}
    for drawn in sheet.nodes.values():
        step = steps.get(drawn.name)
        if step is None or drawn.shares:
            continue
        each = drawn.each or [drawn.followed]
        for part, followed in zip(step.parts, each, strict=False):
            yield from _misfit(drawn, followed, part)
        if drawn.use is not None and step.parts[0].inner is not None:
            with contextlib.suppress(RecursionError):
                yield from _misfits(step.parts[0].inner, drawn.use.sheet, settling)


def _misfit(drawn: Drawn, followed: Mapping[str, Value], part: Part) -> Iterator[tuple[str, int]]:
    for name, written in followed.items():
        arrives = part.arguments.get(name)
        if arrives is not None and arrives != written:
            line = drawn.thing.line if drawn.thing is not None else drawn.line
            yield f"{drawn.name} has {name}={written} in the source, but {arrives} arrive", line
