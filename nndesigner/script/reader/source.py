"""A whole source: its network drawn for what goes in, checked against what the source says of its sizes, a project."""

import ast
import contextlib
import itertools
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nndesigner import catalogue, layout
from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.code import read as read_code
from nndesigner.graph import Code, Graph, Node, Value
from nndesigner.inference import warm
from nndesigner.plan import Part, Plan, make
from nndesigner.project import Project
from nndesigner.script.reader import calling
from nndesigner.script.reader.entering import (
    given_by,
    inputs_of,
    layers_of,
    needs,
    optional,
    runs,
    told_by,
    tries,
)
from nndesigner.script.reader.interpreter import Interpreter
from nndesigner.script.reader.networks import chosen_of, networks, object_of
from nndesigner.script.reader.parsing import parsed
from nndesigner.script.reader.reading import Reading, ReadingError, Remark, Source
from nndesigner.script.reader.settling import Settling
from nndesigner.script.reader.sheet import Drawn, Sheet
from nndesigner.script.reader.values import (
    Class,
    Function,
    Held,
    Instance,
    Layer,
    Scope,
    Tensor,
    Thing,
    Unreadable,
)

_MOST_TRIED = 36
_LONGEST = 3.0  # seconds that following a source may take
_MOST_ALONE = 2000  # layers without wires
_SECONDS = 5.0  # for trying out what goes in


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
    found = networks(interp, tree, top)
    if not found and source.main not in top.names:
        reasons = [str(remark) for remark in interp.remarks if remark.severity == "error"][:1]
        why = f": {reasons[0]}" if reasons else ""
        raise ReadingError(f"there is no network in {source.name}: no class that derives from nn.Module{why}")
    chosen = chosen_of(interp, source, found, top)
    warm()  # what torch loads for its first shapes takes seconds, and is no fault of the source
    interp.until = time.thread_time() + _LONGEST / 2
    thing = object_of(interp, chosen, tree, top)
    kept = list(interp.remarks)
    interp.until = time.thread_time() + _LONGEST
    best = _best(interp, source, thing, kept)
    names = tuple(dict.fromkeys(one.name for one in found if isinstance(one.made, Class)))
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


def _best(interp: Interpreter, source: Source, thing: Thing, kept: list[Remark]) -> _Drawing:
    """The network drawn for its inputs: those that are given or told, or else those that fit best of what is tried."""
    forward = thing.cls.find("forward") if isinstance(thing, Instance) else None
    names = inputs_of(thing, forward)
    if not names and forward is None and not runs(thing):
        return _alone(interp, thing, kept)
    told = given_by(source, names, optional(forward, names)) or told_by(source, forward, names)
    if told is not None:
        return _drawn(interp, thing, told, kept)
    end = time.thread_time() + _SECONDS
    found: list[tuple[int, int, _Drawing, Mapping[str, TensorType]]] = []
    for number, types in enumerate(itertools.islice(tries(thing, names), _MOST_TRIED)):
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
    whole = any(layer.kind.startswith("Embedding") for layer in layers_of(thing))
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
        needed = needs(forward)
        if not needed and forward.node.args.vararg is not None:
            return interp.forward(method, tuple(entered.values()), {})
        taken = {*needed, *optional(forward, needed)}
        return interp.forward(method, (), {name: one for name, one in entered.items() if name in taken})
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
    for layer in itertools.islice(layers_of(thing), _MOST_ALONE):
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
        for one in layers_of(thing)
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
        layers = layers_of(thing)
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
