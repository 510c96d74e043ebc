"""What a kind expects, held against what reaches it: the sentences people read, and the cures beside them.

Torch's meta device gives shapes but lets some mistakes through and words the rest for itself; so what a catalogue
entry declares is checked first, here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nndesigner import catalogue
from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Port, TensorType
from nndesigner.expression import Expression
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project, Training


@dataclass(frozen=True)
class Arrival:
    """What reaches a port: its name and declaration, from which node, of which type."""

    name: str
    port: Port
    source: str
    type: TensorType


@dataclass(frozen=True)
class Site:
    """A node with its kind, its values and all that reaches it: what a check looks at."""

    project: Project
    graph: Graph
    node: Node
    kind: Kind
    values: Mapping[str, Value]
    arrivals: Sequence[Arrival]
    types: Mapping[tuple[str, str], TensorType] = field(repr=False)

    def problem(self, message: str, port: str = "", *cures: Cure | None) -> Problem:
        """A problem of this node."""
        return Problem(self.node.name, message, port, cures=tuple(cure for cure in cures if cure))


def problem_at(site: Site) -> Problem | None:
    """The first thing that does not fit at a node whose inputs are all there, or None."""
    for check in (_ranks, _dtypes, _axes, _windows, _painting, _rows, _joined, _alike, _classes):
        if found := check(site):
            return found
    return None


def settings_problems(training: Training) -> list[Problem]:
    """What is wrong with the optimizer and the scheduler a project is to be trained with."""
    found = []
    for role, choice in (("optimizer", training.optimizer), ("scheduler", training.scheduler)):
        if choice is None:
            continue
        kind = catalogue.BY_NAME.get(choice.kind)
        if kind is None or kind.role != role:
            message = f"{choice.kind!r} is no {role} that this version knows; it is kept, but can't be used"
            found.append(Problem("", message, role))
            continue
        wrong = [message for _, message in kind.problems(choice.params)]
        wrong += [
            f"{name} is a value of its own, not computed"
            for name, value in choice.params.items()
            if isinstance(value, Expression)
        ]
        if not wrong and choice.params.get("nesterov") and not choice.params.get("momentum"):
            wrong.append("nesterov needs a momentum above 0")
        found += [Problem("", f"{choice.kind}: {message}", role) for message in wrong]
    return found


def _ranks(site: Site) -> Problem | None:
    for arrival in site.arrivals:
        ranks = arrival.port.ranks
        if ranks and len(arrival.type.sizes) not in ranks:
            axes = " or ".join(map(str, ranks))
            named = f" ({arrival.port.axes})" if arrival.port.axes else ""
            return site.problem(
                f"{site.node.name} expects {axes} axes{named}, {arrival.source} gives {_described(arrival.type)}",
                arrival.name,
            )
    return None


def _dtypes(site: Site) -> Problem | None:
    for arrival in site.arrivals:
        wanted = arrival.port.dtype
        if (wanted == "float" and not arrival.type.is_float) or (wanted == "int" and arrival.type.is_float):
            words = {"float": "fractional numbers (float32)", "int": "whole numbers (int64)"}[wanted]
            return site.problem(
                f"{site.node.name} expects {words} at {arrival.name}, {arrival.source} gives {arrival.type.dtype}",
                arrival.name,
            )
    return None


def _axes(site: Site) -> Problem | None:
    if not site.arrivals:
        return None
    rank = len(site.arrivals[0].type.sizes)
    for param in site.kind.params:
        value = site.values.get(param.name)
        if param.type == "axis" and isinstance(value, int) and not -rank <= value < rank:
            return site.problem(
                f"{param.name} of {site.node.name} is an axis from {-rank} to {rank - 1}, as "
                f"{site.arrivals[0].source} gives {rank} axes; it is set to {value}",
                param.name,
            )
    return None


def _windows(site: Site) -> Problem | None:
    """A window may not be larger than what it looks at, what is put around counted."""
    if "kernel_size" not in site.kind.by_name or "output_padding" in site.kind.by_name or not site.arrivals:
        return None
    arrival = site.arrivals[0]
    spatial = arrival.type.sizes[2:]
    padding = site.values.get("padding", 0)
    if padding == "same":
        return None
    kernel = _each(site.values.get("kernel_size"), len(spatial))
    around = _each(0 if padding == "valid" else padding, len(spatial))
    dilation = _each(site.values.get("dilation", 1), len(spatial))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    if any(r > size + 2 * pad for r, size, pad in zip(reach, spatial, around, strict=True)):
        return site.problem(
            f"the window of {site.node.name} is {_times(reach)}, and {arrival.source} gives only {_times(spatial)} "
            f"({arrival.type}). Make the window smaller, pad more, or pool less before",
            arrival.name,
        )
    return None


def _painting(site: Site) -> Problem | None:
    """What is added at one side is less than a step; torch says so on the CPU only."""
    if "output_padding" not in site.kind.by_name:
        return None
    added, stride, dilation = (
        _each(site.values[name], site.kind.by_name[name].axes)
        for name in ("output_padding", "stride", "dilation")
    )
    if any(more >= max(steps) for more, *steps in zip(added, stride, dilation, strict=True)):
        return site.problem(
            f"output_padding of {site.node.name} must be less than its stride or its dilation; it is set to "
            f"{_times(added)}, with a stride of {_times(stride)} and a dilation of {_times(dilation)}",
            "output_padding",
        )
    return None


def _rows(site: Site) -> Problem | None:
    """A sample's values may not end up in another's rows, which a batch of two can't always tell from a size of 2."""
    shape = site.values.get("shape")
    if not site.kind.is_method or not isinstance(shape, tuple):
        return None
    row, arrival = 1, site.arrivals[0]
    for size in shape[1:]:
        row *= size if isinstance(size, int) else 0
    has = arrival.type.sizes[0] * arrival.type.elements // CHECK_BATCH
    if shape[0] != -1 or row < 1 or has % row:
        return site.problem(
            f"shape of {site.node.name} is −1 for the batch and then sizes that {arrival.type} from "
            f"{arrival.source} fills, {has} values a sample; it is set to {', '.join(map(str, shape))}",
            "shape",
        )
    return None


def _joined(site: Site) -> Problem | None:
    """Torch lays shapes over one another from the last axis on, so with fewer axes the batch would meet another."""
    if not site.kind.target.startswith("operator."):
        return None
    first, *others = site.arrivals
    for other in others:
        if len(other.type.sizes) != len(first.type.sizes):
            return site.problem(
                f"{site.node.name} expects the same number of axes from all, but {first.source} gives "
                f"{_described(first.type)} and {other.source} gives {_described(other.type)}",
                other.name,
            )
    return None


def _alike(site: Site) -> Problem | None:
    by_name = {arrival.name: arrival for arrival in site.arrivals}
    for arrival in site.arrivals:
        other = by_name.get(arrival.port.like or "")
        if other and other.type.sizes != arrival.type.sizes:
            return site.problem(
                f"{site.node.name} expects {arrival.name} to have the shape of its {other.name}, {other.type}, "
                f"but {arrival.source} gives {arrival.type}",
                arrival.name,
                _set_outputs(site, other.source, arrival.type),
            )
    return None


def _classes(site: Site) -> Problem | None:
    """For a loss over classes: scores (N, classes, …) and class numbers (N, …), or a probability for each score."""
    if site.kind.metric != "accuracy" or len(site.arrivals) != 2:
        return None
    scores, target = site.arrivals
    name = site.node.name
    if target.type.is_float:
        if scores.type.sizes != target.type.sizes or len(scores.type.sizes) < 2:
            return site.problem(
                f"{name} expects class numbers (int64), or a probability for each score ({scores.type}); "
                f"{target.source} gives {_described(target.type)}",
                target.name,
            )
        return None
    if len(scores.type.sizes) < 2 or (scores.type.sizes[0], *scores.type.sizes[2:]) != target.type.sizes:
        wanted = "×".join(["N", "classes", *map(str, target.type.sizes[1:])])
        return site.problem(
            f"{name} expects scores of {wanted} for a target of {target.type}, {scores.source} gives {scores.type}",
            scores.name,
            _flatten_before(site, scores.source),
        )
    if target.type.classes and scores.type.sizes[1] != target.type.classes:
        return site.problem(
            f"{name} needs a score for each of the {target.type.classes} classes of {target.source}, "
            f"but {scores.source} gives {scores.type.sizes[1]}",
            scores.name,
            _set_outputs(site, scores.source, TensorType((0, target.type.classes))),
        )
    return None


# Cures.


def _set_outputs(site: Site, source: str, wanted: TensorType) -> Cure | None:
    """Set the outputs of the last layer that decides them."""
    if len(wanted.sizes) != 2:
        return None
    size = wanted.sizes[1]
    name = source
    while (node := site.graph.nodes.get(name)) is not None:
        kind = site.project.kind_of(node)
        if kind is None:
            return None
        for param in kind.params:
            if param.name in ("out_features", "out_channels"):
                changed = site.graph.replace_node(node.with_param(param.name, size))
                return Cure(f"Set {param.name} of {name} to {size}", changed)
        feeding = site.graph.incoming.get(name, {})
        if len(feeding) != 1 or kind.family not in ("activation", "dropout", "normalization"):
            return None
        name = next(iter(feeding.values())).source
    return None


def _flatten_before(site: Site, source: str) -> Cure | None:
    """Put a Flatten before the first Linear among the ancestors that is fed more than rows, or before the loss."""
    flatten = catalogue.BY_NAME["Flatten"]
    before = site.graph.ancestors([source])
    places = [name for name in site.graph.order if name in before]
    wires = [
        edge
        for name in places
        if site.graph.nodes[name].kind == "Linear"
        for edge in site.graph.incoming.get(name, {}).values()
    ]
    last = site.graph.incoming.get(site.node.name, {}).get("input")
    for edge in [*wires, *([last] if last else [])]:
        given = site.types.get((edge.source, edge.output))
        if given is not None and len(given.sizes) > 2:
            return Cure(f"Insert a Flatten before {edge.target}", _with(site.graph, flatten, edge))
    return None


def _with(graph: Graph, kind: Kind, edge: Edge) -> Graph:
    x1, y1 = graph.nodes[edge.source].position
    x2, y2 = graph.nodes[edge.target].position
    node = Node(
        graph.fresh_name(kind.name_stem), kind.name, kind.start_params(), ((x1 + x2) / 2, (y1 + y2) / 2 + 80)
    )
    return graph.insert(node, edge, kind.inputs[0].name, kind.outputs[0].name)


# Words.


def _described(given: TensorType) -> str:
    count = len(given.sizes)
    return f"{given} ({count} {'axis' if count == 1 else 'axes'})"


def _times(sizes: Sequence[int]) -> str:
    return "×".join(map(str, sizes))


def _each(value: Value, count: int) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return tuple(one for one in value if isinstance(one, int))
    return (value if isinstance(value, int) else 0,) * count
