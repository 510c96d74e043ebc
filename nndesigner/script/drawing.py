"""What a script does not say of the project it was written of, in a comment at its end: places, notes, data, settings.

The comment is the file of the project without what stands in the code, and the names of what does, in the order of the
code. The code is what counts: what is known by name keeps its place, what the code no longer has is gone, and a comment
that is lost costs the layout and the settings only.
"""

import ast
import difflib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from nndesigner import catalogue, layout, nnd
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, GraphError, Node, Value
from nndesigner.indexing import IndexingError, spelled
from nndesigner.plan import Place, Plan, Step
from nndesigner.project import Project
from nndesigner.script.lines import WIDTH, Line

MARK = "# nndesigner:"
_HEAD = (
    "# How it was drawn, for nndesigner. Without these lines the drawing is laid out anew,",
    "# and what the code does not say is lost: notes, data and settings.",
)
_LONGEST = 4_000_000


@dataclass(frozen=True)
class Said:
    """What of a graph stands in the code: its steps in that order, its inputs, and what is returned."""

    steps: tuple[str, ...] = ()
    inputs: Mapping[str, Place] = field(default_factory=dict)
    results: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """The project without what the code says, and what that is, for the main graph ("") and each block.

    `rest` are checksums of what stands in the script besides the network, by name, so that a change by hand is seen.
    """

    project: Project
    said: Mapping[str, Said]
    rest: Mapping[str, str] = field(default_factory=dict)


def drawing(project: Project, plan: Plan) -> Drawing:
    """What the script of a project does not say."""
    plans = {"": plan, **_inner(plan)}
    said = {
        name: Said(tuple(step.name for step in one.steps), dict(one.inputs), tuple(one.results))
        for name, one in plans.items()
    }
    blocks = {
        name: replace(block, graph=_rest(project, block.graph, plans[name])) if name in plans else block
        for name, block in project.blocks.items()
    }
    rest = replace(project, graph=_rest(project, project.graph, plan), blocks=blocks, trusted=frozenset())
    return Drawing(rest, said)


def _inner(plan: Plan) -> dict[str, Plan]:
    """The plan of the inside of each block that is used."""
    found: dict[str, Plan] = {}
    for step in plan.steps:
        for part in step.parts:
            if part.inner is not None and step.kind.name not in found:
                found[step.kind.name] = part.inner
                found |= _inner(part.inner)
    return found


def _rest(project: Project, graph: Graph, plan: Plan) -> Graph:
    """A graph without what its plan tells."""
    steps = {step.name: step for step in plan.steps}
    entries = set(plan.inputs.values())
    nodes = [
        _node_rest(project, node, steps[name]) if name in steps else node
        for name, node in graph.nodes.items()
    ]
    told = {
        edge
        for edge in graph.edges
        if edge.target in steps and (edge.source in steps or (edge.source, edge.output) in entries)
    }
    return Graph.of(nodes, graph.edges - told, graph.notes)


def _node_rest(project: Project, node: Node, step: Step) -> Node:
    """A node with those params only that the code does not spell as they are."""
    kept = {name: value for name, value in node.params.items() if not _told(step, name, value)}
    frozen = node.frozen and not step.owns  # the code freezes layers, not their uses
    return Node(node.name, node.kind, kept, node.position, frozen=frozen, rate=node.rate)


def _told(step: Step, name: str, value: Value) -> bool:
    """Whether reading the code gives just this value."""
    inner = step.parts[0].inner
    if inner is not None and name not in _read_inside(inner):
        return False
    param = step.kind.by_name.get(name)
    if param is None or (param.own and inner is None):
        return False
    same = not isinstance(value, Expression) and value == param.default and type(value) is type(param.default)
    return not same and _plain(value)


def _read_inside(plan: Plan) -> set[str]:
    """The params of a block that the nodes inside use."""
    found: set[str] = set()
    for step in plan.steps:
        for value in step.node.params.values():
            found |= _names(value)
    return found


def _names(value: Value) -> set[str]:
    if isinstance(value, Expression):
        return set(value.names())
    return set().union(*map(_names, value)) if isinstance(value, tuple) else set()


def _plain(value: Value) -> bool:
    """Whether a value is written and read back as it is."""
    if isinstance(value, Expression):
        return ast.unparse(ast.parse(value.text.strip(), mode="eval").body) == value.text
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return not isinstance(value, Mapping)


# As a comment.


def lines(project: Project, plan: Plan, code: str) -> list[Line]:
    """The comment at the end of a script, whose text before it is `code`."""
    found = replace(drawing(project, plan), rest=rest(code))
    text = json.dumps(_packed(found), separators=(",", ":"), allow_nan=False)
    rows = [*map(Line, _HEAD)]
    start, room = 0, WIDTH - len(MARK) - 1
    while start < len(text):
        end = min(len(text), start + room)
        while end < len(text) and " " in (text[end], text[end - 1]):
            end -= 1
        end = end if end > start else min(len(text), start + room)
        rows.append(Line(f"{MARK} {text[start:end]}"))
        start = end
    return [Line(""), Line(""), *rows]


def rest(code: str) -> dict[str, str]:
    """A checksum of each function, class and value of a script that is no network, by its name; of no Python, nothing."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, str] = {}
    for node in tree.body:
        if name := name_of(node):
            found[name] = f"{zlib.crc32(ast.dump(node).encode()):08x}"
    return found


def name_of(node: ast.stmt) -> str:
    """What a statement at the top of a script defines; nothing for a network, an import, a text."""
    match node:
        case ast.ClassDef(name=name, bases=bases):
            return "" if any(ast.unparse(base).endswith("Module") for base in bases) else name
        case ast.FunctionDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name), *_]):
            return name
    return ""


def parted(text: str) -> tuple[str, Drawing | None, str]:
    """A script without its comment, what the comment tells, and why it can't be read if it can't."""
    rows = text.splitlines()
    found = [number for number, row in enumerate(rows) if row.startswith(MARK)]
    if not found:
        return text, None, ""
    payload = "".join(rows[number].removeprefix(MARK).removeprefix(" ") for number in found)
    gone = {*found, *(number for number, row in enumerate(rows) if row in _HEAD)}
    code = "\n".join("" if number in gone else row for number, row in enumerate(rows)).rstrip() + "\n"
    try:
        if len(payload) > _LONGEST:
            raise ValueError("it is too long")
        return code, _unpacked(json.loads(payload)), ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return (
            code,
            None,
            f"the layout at the end of the script can't be read ({str(error)[:80]}); it is laid out anew",
        )


_EMPTY: dict[str, Any] = {"title": "", "blocks": [], "code": [], "data": []}


def _packed(found: Drawing) -> dict[str, Any]:
    """A drawing as JSON, short: a step of which the code says all but its place is the text `name kind x y`."""
    content = json.loads(nnd.to_text(found.project))
    graphs = {"": content["graph"], **{block["name"]: block["graph"] for block in content["blocks"]}}
    said: dict[str, Any] = {}
    for name, one in found.said.items():
        nodes = [_packed_node(node) if node["name"] in one.steps else node for node in graphs[name]["nodes"]]
        graphs[name]["nodes"] = nodes
        said[name] = {"results": [" ".join(place) for place in one.results]}
        if _steps_in(nodes) != one.steps:
            said[name]["steps"] = list(one.steps)
        plain = all(place == (key, "output") for key, place in one.inputs.items())
        said[name]["inputs"] = (
            list(one.inputs) if plain else {key: " ".join(place) for key, place in one.inputs.items()}
        )
    for graph in graphs.values():
        if not graph["notes"]:
            del graph["notes"]
        graph["edges"] = [" ".join(edge) for edge in graph["edges"]]
    training = json.loads(nnd.to_text(Project()))["training"]
    content["training"] = {key: one for key, one in content["training"].items() if training.get(key) != one}
    content.pop("format")
    if found.rest:
        content["rest"] = " ".join(f"{name}:{checksum}" for name, checksum in found.rest.items())
    return {"said": said, **{key: one for key, one in content.items() if _EMPTY.get(key) != one}}


def _packed_node(node: dict[str, Any]) -> str | dict[str, Any]:
    x, y = node["position"]
    if node.keys() <= {"name", "kind", "position"} and x == int(x) and y == int(y):
        return f"{node['name']} {node['kind']} {int(x)} {int(y)}"
    return {**node, "step": True}


def _steps_in(nodes: list[Any]) -> tuple[str, ...]:
    """The steps among packed nodes, in their order."""
    return tuple(
        node.split(" ")[0] if isinstance(node, str) else node["name"]
        for node in nodes
        if isinstance(node, str) or node.get("step")
    )


def _unpacked(content: dict[str, Any]) -> Drawing:
    """The drawing that was packed; raises `ValueError` and the like where it is none."""
    empty = json.loads(nnd.to_text(Project()))
    whole = {**empty, **_EMPTY, **content, "training": {**empty["training"], **content.get("training", {})}}
    told = whole.pop("said")
    checksums = dict(one.split(":") for one in str(whole.pop("rest", "")).split())
    graphs = {"": whole["graph"], **{block["name"]: block["graph"] for block in whole["blocks"]}}
    said = {}
    for name, one in told.items():
        steps = tuple(map(str, one.get("steps", _steps_in(graphs[name]["nodes"]))))
        inputs = one["inputs"]
        inputs = inputs if isinstance(inputs, dict) else {key: f"{key} output" for key in inputs}
        said[str(name)] = Said(
            steps,
            {str(key): _place(place) for key, place in inputs.items()},
            tuple(map(_place, one["results"])),
        )
    for graph in graphs.values():
        graph["nodes"] = list(map(_unpacked_node, graph["nodes"]))
        graph["edges"] = [edge.split(" ") for edge in graph["edges"]]
    return Drawing(nnd.from_text(json.dumps(whole)), said, checksums)


def _unpacked_node(node: Any) -> dict[str, Any]:
    if isinstance(node, str):
        name, kind, x, y = node.split(" ")
        return {"name": name, "kind": kind, "position": [float(x), float(y)]}
    return {key: one for key, one in node.items() if key != "step"}


def _place(content: Any) -> Place:
    node, port = str(content).split(" ")
    return node, port


# Put together again.


def restored(read: Project, told: Drawing) -> tuple[Project, Mapping[str, str]]:
    """The project a script stands for: what was read of its code, and what its comment tells besides. With it, what the
    nodes of the main graph are called now, by what they were called in reading.
    """
    ports = {
        name: _ports(read.blocks[name].graph, told.said[name], told.project.blocks[name].graph)
        for name in read.blocks.keys() & told.said.keys() & told.project.blocks.keys()
    }
    blocks: dict[str, Block] = {}
    for name in [*told.project.blocks, *(name for name in read.blocks if name not in told.project.blocks)]:
        known, one = told.project.blocks.get(name), read.blocks.get(name)
        if one is None:
            if known is not None and name not in told.said:
                blocks[name] = known  # it is not used, so the code has nothing of it
            continue
        if known is None or name not in told.said:
            blocks[name] = replace(one, graph=_with_ports(one.graph, ports))
            continue
        graph, _ = _graph(one.graph, known.graph, told.said[name], ports, read.blocks)
        params = {key: one.params.get(key, value) for key, value in known.params.items()}
        blocks[name] = Block(
            name, graph, {**params, **one.params} if one.params.keys() - params.keys() else params
        )
    graph, names = _graph(read.graph, told.project.graph, told.said.get("", Said()), ports, read.blocks)
    whole = replace(
        told.project,
        graph=graph,
        blocks=_ordered(blocks),
        code={**told.project.code, **read.code},
    )
    return whole, names


def _ordered(blocks: Mapping[str, Block]) -> Mapping[str, Block]:
    return MappingProxyType(dict(blocks))


def _ends(graph: Graph) -> list[str]:
    return [name for name, node in graph.nodes.items() if node.kind == "Output"]


def _ports(read: Graph, said: Said, known: Graph) -> dict[str, str]:
    """What the outputs of a block were called, by what they are called in reading."""
    places = {}
    for end in _ends(known):
        for edge in known.incoming.get(end, {}).values():
            places[end] = _through(known, (edge.source, edge.output))
    by_result: dict[int, str] = {}
    for index, place in enumerate(said.results):
        free = [end for end, source in places.items() if source == place and end not in by_result.values()]
        if free:
            by_result[index] = free[0]
    return {end: by_result[index] for index, end in enumerate(_ends(read)) if index in by_result}


def _through(graph: Graph, place: Place) -> Place:
    """A place, or where it comes from beyond nodes that are bypassed."""
    for _ in range(len(graph.nodes)):
        node = graph.nodes.get(place[0])
        wires = graph.incoming.get(place[0], {})
        if node is None or not node.bypassed or not wires:
            return place
        first = min(wires, key=lambda port: (len(port), port))
        place = wires[first].source, wires[first].output
    return place


def _with_ports(graph: Graph, ports: Mapping[str, Mapping[str, str]]) -> Graph:
    """The wires at the outputs of blocks as those are called."""

    def output(edge: Edge) -> Edge:
        known = ports.get(graph.nodes[edge.source].kind, {})
        return edge._replace(output=known.get(edge.output, edge.output))

    return replace(graph, edges=frozenset(map(output, graph.edges)))


def _graph(
    read: Graph, known: Graph, said: Said, ports: Mapping[str, Mapping[str, str]], blocks: Mapping[str, Block]
) -> tuple[Graph, Mapping[str, str]]:
    """A graph as it was read, with the names, places and other nodes it was drawn with; and what was named how."""
    read = _with_ports(read, ports)
    names = _names_of(read, known, said)
    steps = {name: node for name, node in read.nodes.items() if node.kind not in ("Input", "Output")}
    others = {name: node for name, node in known.nodes.items() if name not in said.steps}
    taken = {*names.values(), *others}
    for name in steps:
        if name not in names:
            names[name] = _free(name, taken)
            taken.add(names[name])
    nodes: dict[str, Node] = {}
    for name, node in steps.items():
        new = names[name]
        shares = names.get(node.shares) if node.shares is not None else None
        node = replace(node, name=new, shares=shares)
        nodes[new] = (
            _as_drawn(node, known.nodes[new], blocks[node.kind].params if node.kind in blocks else {})
            if new in said.steps and new in known.nodes
            else node
        )
    entries: dict[str, Place] = {}
    for name, node in read.nodes.items():
        if node.kind == "Input":
            place = said.inputs.get(name)
            if place is not None and place[0] in others:
                entries[name] = place
            else:
                entries[name] = (_free(name, taken), "output")
                nodes[entries[name][0]] = replace(node, name=entries[name][0])
    nodes |= others

    def source(edge: Edge) -> Place:
        return entries[edge.source] if edge.source in entries else (names[edge.source], edge.output)

    ends = _ends(read)
    wires = {(names[edge.target], edge.input): source(edge) for edge in read.edges if edge.target in steps}
    results = {end: source(edge) for end in ends for edge in read.incoming.get(end, {}).values()}
    gone = {place[0] for place in said.inputs.values()} - {place[0] for place in entries.values()}
    for edge in known.edges:
        place = (edge.source, edge.output)
        into_step = edge.target in said.steps
        if into_step:
            # Beyond a node that is bypassed: only where the code still says so.
            if edge.target in nodes and wires.get((edge.target, edge.input)) == _through(known, place):
                wires[edge.target, edge.input] = place
            continue
        if place in said.results and edge.source in said.steps:
            index = said.results.index(place)
            if index < len(ends) and ends[index] in results:
                wires[edge.target, edge.input] = results[ends[index]]
        elif edge.source in nodes and edge.source not in gone | (set(said.steps) - nodes.keys()):
            wires[edge.target, edge.input] = place
    for index, end in enumerate(ends):
        if index >= len(said.results):
            name = _free(end, {*taken, *nodes})
            nodes[name] = replace(read.nodes[end], name=name)
            if end in results:
                wires[name, "input"] = results[end]
    called = {**names, **{name: place[0] for name, place in entries.items()}}
    return _made(known, nodes, wires, blocks), called


def _made(
    known: Graph, nodes: dict[str, Node], wires: Mapping[tuple[str, str], Place], tall: Iterable[str]
) -> Graph:
    order = [
        *(name for name in known.nodes if name in nodes),
        *(name for name in nodes if name not in known.nodes),
    ]
    edges = [
        Edge(*source, *target)
        for target, source in wires.items()
        if source[0] in nodes and target[0] in nodes
    ]
    try:
        graph = Graph.of([nodes[name] for name in order], edges, known.notes)
    except GraphError:
        graph = Graph.of([nodes[name] for name in order], (), known.notes)
    positions = {name: known.nodes[name].position for name in order if name in known.nodes}
    return layout.placed(graph, positions, set(tall))


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def _key(node: Node) -> str:
    kind = catalogue.BY_NAME.get(node.kind)
    held = (
        (kind is None or kind.is_module or kind.is_tensor) and node.shares is None and node.kind[:1].isupper()
    )
    return f"={node.name}" if held else f"{node.kind}:{bool(node.shares)}"


def _names_of(read: Graph, known: Graph, said: Said) -> dict[str, str]:
    """What the nodes that were read were called: layers by name, operations in the order of the code."""
    before = [known.nodes[name] for name in said.steps if name in known.nodes]
    after = [node for node in read.nodes.values() if node.kind not in ("Input", "Output")]
    keys_before = [_known_key(node, read) for node in before]
    keys_after = [_key(node) for node in after]
    found: dict[str, str] = {}
    used: set[str] = set()
    same = {node.name for node in before}
    for node, key in zip(after, keys_after, strict=True):
        if key.startswith("=") and node.name in same:
            found[node.name] = node.name
            used.add(node.name)
    matcher = difflib.SequenceMatcher(None, keys_before, keys_after, autojunk=False)
    for start, other, size in matcher.get_matching_blocks():
        for step in range(size):
            old, new = before[start + step].name, after[other + step].name
            if new not in found and old not in used:
                found[new] = old
                used.add(old)
    return found


def _known_key(node: Node, read: Graph) -> str:
    kind = catalogue.BY_NAME.get(node.kind)
    held = (kind is None or kind.is_module or kind.is_tensor) and node.kind[:1].isupper()
    if held and node.name in read.nodes and read.nodes[node.name].shares is None:
        return f"={node.name}"
    return f"{node.kind}:{held}"


def _as_drawn(node: Node, known: Node, defaults: Mapping[str, Value]) -> Node:
    """A node that was read, with its params spelled as they were drawn where that is the same. For one of a block,
    `defaults` are what its params are now.
    """
    kind = catalogue.BY_NAME.get(node.kind)
    params = dict(node.params)
    for name, value in known.params.items():
        default = kind.by_name[name].default if kind is not None and name in kind.by_name else None
        if name in params:
            if _same(params[name], value):
                params[name] = value
        elif value == (default if kind is not None else defaults.get(name, value)):
            params[name] = value
    order = [
        *(name for name in known.params if name in params),
        *(name for name in params if name not in known.params),
    ]
    return replace(
        node,
        params={name: params[name] for name in order},
        position=known.position,
        rate=known.rate,
        frozen=node.frozen or known.frozen,
    )


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, Expression) and isinstance(other, Expression):
        return one.source() == other.source()
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        try:
            return spelled(one) == spelled(other)
        except IndexingError:
            return False
    return type(one) is type(other) and one == other
