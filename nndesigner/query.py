"""What a person looks for in a project, and where it is: nodes, notes and frames of the main graph and of every block.

A query is words and params, all of which must be met: `conv kernel_size=3`, `"skip connection"`, `repeat>1`. A word is
looked for in names, kinds, families, what is set of the params, and what is wrong; a param in the values that a node has,
set or not, so that `stride=1` finds what was left at that.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nndesigner.blocks import graph_at
from nndesigner.graph import Frame, Node, Note, Value
from nndesigner.project import Project

Problems = Mapping[tuple[str, str], Sequence[str]]

_TERM = re.compile(
    r"(?P<name>[A-Za-z_]\w*)\s*(?P<sign><=|>=|!=|=|<|>)\s*(?P<value>\"[^\"]*\"|\([^)]*\)|[^\s\"]*)"
    r"|\"(?P<quoted>[^\"]*)\"?|(?P<word>[^\s\"]+)"
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
_BETWEEN = re.compile(r"\s*[×x*,;]\s*")
_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was found: the path of its graph, its node or else its sheet, and `why`, in words."""

    path: str
    node: str
    why: str
    sheet: Note | Frame | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that must be somewhere, whatever their case."""

    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A param, by its name or the beginning of a part of it, and what its value must be; no `value`: anything."""

    name: str
    sign: str
    value: str


Term = Word | Setting


def terms_of(query: str) -> tuple[Term, ...]:
    """What a query asks for."""
    found: list[Term] = []
    for match in _TERM.finditer(query.casefold()):
        if match["name"]:
            found.append(Setting(match["name"], match["sign"], match["value"].strip('"')))
        elif words := (match["quoted"] or match["word"] or "").strip():
            found.append(Word(words))
    return tuple(found)


def search(project: Project, query: str, problems: Problems | None = None) -> Iterator[Hit | None]:
    """Every hit, in the order one reads: the main graph from top to bottom, then block by block.

    None is given for all that was looked at in vain, so that one may pause at any time. `problems` are the words about
    what is wrong, by the path of the graph and the name of the node.
    """
    terms = terms_of(query)
    if not terms:
        return
    for path in ("", *project.blocks):
        graph = graph_at(project, path)
        for node in sorted(graph.nodes.values(), key=_reading_order):
            why = _found_in_node(project, node, terms, (problems or {}).get((path, node.name), ()))
            yield Hit(path, node.name, why) if why is not None else None
        sheets: tuple[Note | Frame, ...] = (*graph.notes, *graph.frames)
        for sheet in sheets:
            text = " ".join((sheet.text if isinstance(sheet, Note) else sheet.title).split())
            met = all(isinstance(term, Word) and term.text in text.casefold() for term in terms)
            yield Hit(path, "", text, sheet) if met else None


def _reading_order(node: Node) -> tuple[float, float]:
    return node.position[1], node.position[0]


def _found_in_node(
    project: Project, node: Node, terms: Sequence[Term], problems: Sequence[str]
) -> str | None:
    """By what a node meets every term, or None: of several the one that is not to be seen on its card."""
    whys = []
    for term in terms:
        why = (
            _setting(project, node, term)
            if isinstance(term, Setting)
            else _word(project, node, term, problems)
        )
        if why is None:
            return None
        whys.append(why)
    return next(filter(None, whys), "") or node.kind


def _word(project: Project, node: Node, word: Word, problems: Sequence[str]) -> str | None:
    """By what a node meets a word: "" by what it is called."""
    text = word.text
    if text in node.name.casefold() or text in node.kind.casefold():
        return ""
    for problem in problems:
        if text in problem.casefold():
            return problem
    for name, value in node.params.items():
        said = said_of(value)
        if text in name.casefold() or (text == said if _NUMBER.fullmatch(text) else text in said.casefold()):
            return f"{name} = {said}"
    for flag, there in (("bypassed", node.bypassed), ("frozen", node.frozen)):
        if there and text in flag:
            return flag
    kind = project.kind_of(node)
    return kind.family if kind is not None and text in kind.family else None


def _setting(project: Project, node: Node, setting: Setting) -> str | None:
    """By what a node meets a param."""
    kind = project.kind_of(node)
    own = {**(kind.values(node.params) if kind is not None else {}), **node.params}
    own |= {"repeat": node.repeat, "rate": node.rate, "bypassed": node.bypassed, "frozen": node.frozen}
    if node.shares is not None:
        own["shares"] = node.shares
    for name, value in own.items():
        if _begins(name.casefold(), setting.name) and _meets(value, setting):
            return f"{name} = {said_of(value)}"
    return None


def _begins(name: str, part: str) -> bool:
    return name.startswith(part) or f"_{part}" in name


def _meets(value: Value, setting: Setting) -> bool:
    if not setting.value:
        return True
    if setting.sign in _ORDER:
        if not _NUMBER.fullmatch(setting.value):
            return False
        wanted, than = float(setting.value), _ORDER[setting.sign]
        return any(than(one, wanted) for one in _numbers(value))
    return _equals(value, setting.value) is (setting.sign == "=")


def _numbers(value: Value) -> tuple[float, ...]:
    if isinstance(value, tuple):
        return tuple(number for one in value for number in _numbers(one))
    return (float(value),) if isinstance(value, int | float) and not isinstance(value, bool) else ()


def _equals(value: Value, wanted: str) -> bool:
    match value:
        case bool():
            return wanted in (_TRUE if value else _FALSE)
        case int() | float():
            return bool(_NUMBER.fullmatch(wanted)) and float(wanted) == value
        case tuple():
            parts = _BETWEEN.split(wanted.strip("()[] ").strip(",; "))
            if len(parts) == 1:
                return bool(value) and all(_equals(one, parts[0]) for one in value)
            return len(parts) == len(value) and all(map(_equals, value, parts))
        case None:
            return wanted == "none"
    return str(value).casefold().startswith(wanted)


def said_of(value: Value) -> str:
    """A value in words: `3×3`, `yes`, `same`."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return "×".join(map(said_of, value))
    return "none" if value is None else str(value)
