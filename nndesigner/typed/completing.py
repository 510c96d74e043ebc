"""What could stand where one types: layers, nodes, arguments with their defaults, and choices."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from nndesigner import library
from nndesigner.catalogue.kind import Kind
from nndesigner.catalogue.param import Param, Required
from nndesigner.graph import Node
from nndesigner.project import Project
from nndesigner.typed.kinds import SHARED, Calls, calls_of, dimension, positional
from nndesigner.typed.values import shown
from nndesigner.typed.words import Word, words_of

MOST = 8
_ENOUGH = 3  # names that fit, so that synonyms need not be looked at
Rank = Callable[[Kind], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A text to put in, and what is to be said of it: the default of an argument, what a layer does."""

    text: str
    told: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What fits from `start` up to `end` of the line. `told` speaks of the place itself: the argument that belongs there."""

    start: int
    end: int
    offers: tuple[Offer, ...] = ()
    told: str = ""


def complete(
    line: str,
    at: int,
    project: Project,
    rank: Rank | None = None,
    kept: Mapping[str, Project] | None = None,
) -> Completion:
    """What could stand at a place of the line; of layers that fit as well, those of the smallest `rank` first.

    Blocks that are `kept` in the library can stand there as well as the project's own.
    """
    words = [word for word in words_of(line) if word.sort != "end" and word.start < at]
    part = words.pop() if words and words[-1].sort == "name" and words[-1].end >= at else None
    start = part.start if part else at
    typed = line[start:at]
    called = _called(words)
    kept = kept or {}
    calls = calls_of(project, kept)
    if called is None:
        if len(words) > 1 and words[-1].is_(".") and words[-2].text == SHARED and calls.shared:
            found = _ranked(calls.shared.values(), typed, rank)
            return Completion(words[-2].start, at, tuple(_offer(kind, calls) for kind in found[:MOST]))
        return _layers(calls, _new(calls, project, kept), project, typed, start, at, words, rank)
    name, place, argument, given, before = called
    kind = calls.called_in_library(name) if before == SHARED else calls.called(name)
    if kind is None:
        return Completion(start, at)
    kind = project.kind_of(Node("probe", kind.name, kind.start_params())) or kind
    if argument:
        param = kind.by_name.get(argument)
        return Completion(start, at, _choices(param, typed), _told(param) if param else "")
    order = positional(kind, torch_order=bool(before))
    here = kind.by_name.get(order[place]) if place < len(order) and not given else None
    offers = [*_choices(here, typed)]
    offers += [
        Offer(f"{param.name}=", _default(param))
        for param in kind.params
        if param.name not in given and param.name not in order[:place] and _begins(param.name, typed)
    ]
    return Completion(start, at, tuple(offers[:MOST]), _told(here) if here else "")


def _layers(
    calls: Calls,
    kinds: Iterable[Kind],
    project: Project,
    typed: str,
    start: int,
    at: int,
    before: list[Word],
    liking: Rank | None,
) -> Completion:
    if not typed or (before and (before[-1].is_(")") or before[-1].sort == "name")):
        return Completion(start, at)
    nodes = [Offer(name, node.kind) for name, node in project.graph.nodes.items() if name.startswith(typed)]
    layers = [_offer(kind, calls) for kind in _ranked(kinds, typed, liking)]
    return Completion(start, at, (*layers[: MOST - min(len(nodes), 2)], *nodes[:2]))


def _new(calls: Calls, project: Project, kept: Mapping[str, Project]) -> Iterable[Kind]:
    """The kinds to choose from, without blocks of the library that the project has as they are."""
    there = {name for name in kept.keys() & project.blocks.keys() if library.has(project, kept[name])}
    return (
        kind
        for kind in calls.kinds
        if not (library.is_marked(kind.name) and library.plain(kind.name) in there)
    )


def _offer(kind: Kind, calls: Calls) -> Offer:
    """A layer to put in, by its name; a block of the library with where it is from, if another has its name."""
    name = library.plain(kind.name)
    text = name if calls.names[name] is kind else f"{SHARED}.{name}"
    return Offer(text, kind.sentence, kind.family)


def _ranked(kinds: Iterable[Kind], typed: str, liking: Rank | None) -> list[Kind]:
    """Those that fit what is typed, the best first."""
    wanted = typed.casefold()

    def place(kind: Kind) -> int | None:
        name = library.plain(kind.name).casefold()
        synonym = any(word.startswith(wanted) for word in kind.synonyms.casefold().split())
        found = (name.startswith(wanted), wanted in name, synonym)
        return next((number for number, there in enumerate(found) if there), None)

    ranked = [
        (found, liking(kind) if liking else (), dimension(kind), len(library.plain(kind.name)), kind)
        for kind in kinds
        if (found := place(kind)) is not None
    ]
    ranked.sort(key=lambda one: one[:4])
    names = [one for one in ranked if one[0] < 2]
    return [kind for *_, kind in (names if len(names) >= _ENOUGH else ranked)]


def _called(words: list[Word]) -> tuple[str, int, str, frozenset[str], str] | None:
    """The layer whose brackets are open here: its name, how many values came, the argument that is being given, those
    that were, and what stands before its name, as in a line of PyTorch; or nothing.
    """
    depth, commas = 0, 0
    argument = words[-2].text if len(words) > 1 and words[-1].is_("=") and words[-2].sort == "name" else ""
    given: set[str] = set()
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        if word.is_(")") or word.is_("]"):
            depth += 1
        elif (word.is_("(") or word.is_("[")) and depth:
            depth -= 1
        elif word.is_("(") and index and words[index - 1].sort == "name" and words[index - 1].times is None:
            dotted = index > 2 and words[index - 2].is_(".")
            before = words[index - 3].text if dotted else ""
            return words[index - 1].text, commas, argument, frozenset(given), before
        elif word.is_("(") or word.is_("[") or word.is_(">"):
            if word.is_(">") and depth:
                continue
            return None
        elif word.is_(",") and not depth:
            commas += 1
        elif word.is_("=") and not depth and index and words[index - 1].sort == "name":
            given.add(words[index - 1].text)
    return None


def _choices(param: Param | None, typed: str) -> tuple[Offer, ...]:
    if param is None:
        return ()
    names = param.choices or (("on", "off") if param.type == "bool" else ())
    default = "" if isinstance(param.default, Required) else shown(param.default)
    return tuple(
        Offer(one, "as it is by default" if one == default else "") for one in names if _begins(one, typed)
    )[:MOST]


def _begins(name: str, typed: str) -> bool:
    return name.casefold().startswith(typed.casefold()) and name != typed


def _default(param: Param) -> str:
    return shown(param.start)


def _told(param: Param) -> str:
    """An argument and what it takes: `kernel_size: a whole number from 1, or 2 of them`."""
    return param.name if len(param.choices) > 4 else f"{param.name}: {param.expects()}"
