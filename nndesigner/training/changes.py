"""What was set otherwise in one run than in the run before it, in words."""

from collections.abc import Iterator, Mapping

from nndesigner.graph import Graph, Value
from nndesigner.project import TRAINING_PARAMS, Choice, Project

_MOST = 12


def changes(before: Project, now: Project) -> tuple[str, ...]:
    """Each setting, param, layer and block that is not as it was: `lr 0.001 → 0.01`, `conv2 added`."""
    found = [
        *_settings(before, now),
        *_graph("", before.graph, now.graph),
        *(
            line
            for name in before.blocks.keys() & now.blocks.keys()
            for line in _graph(f"{name}: ", before.blocks[name].graph, now.blocks[name].graph)
        ),
        *_kept(before.blocks, now.blocks),
        *_kept(before.code, now.code),
        *(
            f"{name} changed"
            for name in before.code.keys() & now.code.keys()
            if before.code[name] != now.code[name]
        ),
    ]
    return tuple(found[:_MOST]) + ((f"{len(found) - _MOST} more",) if len(found) > _MOST else ())


def _settings(before: Project, now: Project) -> Iterator[str]:
    for param in TRAINING_PARAMS:
        yield from _value(param.name, getattr(before.training, param.name), getattr(now.training, param.name))
    yield from _choice("optimizer", before.training.optimizer, now.training.optimizer)
    yield from _choice("scheduler", before.training.scheduler, now.training.scheduler)


def _choice(what: str, before: Choice | None, now: Choice | None) -> Iterator[str]:
    if before is None or now is None or before.kind != now.kind:
        yield from _value(what, before.kind if before else None, now.kind if now else None)
    params = now.params if now else {}
    earlier = before.params if before and now and before.kind == now.kind else {}
    yield from _params("", earlier, params)


def _graph(where: str, before: Graph, now: Graph) -> Iterator[str]:
    for name, node in now.nodes.items():
        if (earlier := before.nodes.get(name)) is None:
            yield f"{where}{name} added"
        elif earlier.kind != node.kind:
            yield from _value(f"{where}{name}", earlier.kind, node.kind)
        else:
            yield from _params(f"{where}{name}.", earlier.params, node.params)
            for flag in ("bypassed", "frozen", "repeat", "shares", "rate"):
                yield from _value(f"{where}{name} {flag}", getattr(earlier, flag), getattr(node, flag))
    yield from (f"{where}{name} removed" for name in before.nodes if name not in now.nodes)
    if set(before.sorted_edges) != set(now.sorted_edges) and before.nodes.keys() == now.nodes.keys():
        yield f"{where}wired otherwise"


def _params(where: str, before: Mapping[str, Value], now: Mapping[str, Value]) -> Iterator[str]:
    for name in dict.fromkeys([*before, *now]):
        yield from _value(f"{where}{name}", before.get(name, "default"), now.get(name, "default"))


def _value(name: str, before: Value, now: Value) -> Iterator[str]:
    if before != now:
        yield f"{name} {_words(before)} → {_words(now)}"


def _words(value: Value) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case tuple():
            return " × ".join(_words(one) for one in value)
        case float():
            return f"{value:.6g}"
        case _:
            return str(value)


def _kept(before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    yield from (f"{name} added" for name in now if name not in before)
    yield from (f"{name} removed" for name in before if name not in now)
