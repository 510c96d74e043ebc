"""A drawing as comment lines at the end of a script, and read from there."""

import ast
import json
import zlib
from dataclasses import replace
from typing import Any

from nndesigner import nnd
from nndesigner.plan import Place, Plan
from nndesigner.project import Project
from nndesigner.script.drawing.untold import Drawing, Said, drawing
from nndesigner.script.lines import WIDTH, Line

MARK = "# nndesigner:"
_HEAD = (
    "# How it was drawn, for nndesigner. Without these lines the drawing is laid out anew,",
    "# and what the code does not say is lost: notes, data and settings.",
)
_LONGEST = 4_000_000


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
