"""Whether a loss fits what it judges: shapes, the number of classes, the activation before it."""

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.checks import cures
from nndesigner.checks.edits import as_kind, inserted, taken_out
from nndesigner.checks.site import Arrival, Site, described
from nndesigner.graph import Edge, Value
from nndesigner.problem import Cure, Problem

_OWN_ACTIVATION = {
    "CrossEntropyLoss": ("Softmax", "Sigmoid"),
    "MultiMarginLoss": ("Softmax",),
    "BCEWithLogitsLoss": ("Sigmoid", "Softmax"),
    "SoftMarginLoss": ("Sigmoid",),
    "MultiLabelSoftMarginLoss": ("Sigmoid",),
}

_OF_LOGARITHMS = ("NLLLoss", "KLDivLoss", "CTCLoss")
_UNBOUNDED = ("linear", "convolution", "recurrent", "normalization")


def for_target(site: Site) -> list[Cure | None]:
    """Other losses, for what there is to judge by: class numbers, or numbers."""
    by_name = {arrival.name: arrival for arrival in site.arrivals}
    scores, target = by_name.get("input"), by_name.get("target")
    if scores is None or target is None:
        return []
    if not target.type.is_float:
        return [_swapped(site, "CrossEntropyLoss", scores, target.type.classes)]
    wanted = target.type.sizes[-1] if len(target.type.sizes) == 2 else None
    names = ["BCEWithLogitsLoss", "MSELoss"]
    if any(
        field.dtype == "float32" and field.prepare == "standardize" and field.type.sizes == target.type.sizes
        for field in site.project.data_fields()
    ):
        names.reverse()
    return [_swapped(site, name, scores, wanted) for name in names if name != site.kind.name]


def _swapped(site: Site, name: str, scores: Arrival, outputs: int | None = None) -> Cure:
    graph = as_kind(site.graph, site.node.name, catalogue.BY_NAME[name])
    title = f"Use {name} instead of {site.kind.name}"
    found = cures.deciding(site, site.wire(scores))
    if outputs and found and scores.type.sizes[-1] != outputs:
        node, param = found
        graph = graph.replace_node(node.with_param(param, outputs))
        title += f", and set {param} of {node.name} to {outputs}"
    return Cure(title, graph)


def _alike(site: Site) -> Problem | None:
    by_name = {arrival.name: arrival for arrival in site.arrivals}
    for arrival in site.arrivals:
        other = by_name.get(arrival.port.like or "")
        if other and other.type.sizes != arrival.type.sizes:
            return site.problem(
                f"{site.node.name} expects {arrival.name} to have the shape of its {other.name}, {other.type}, "
                f"but {arrival.source} gives {arrival.type}",
                arrival.name,
                *_as(site, other, arrival),
                *_as(site, arrival, other),
                expected=str(other.type),
                actual=str(arrival.type),
            )
    return None


def _as(site: Site, given: Arrival, wanted: Arrival) -> list[Cure | None]:
    """Bring what arrives to the shape of the other."""
    edge, sizes = site.wire(given), wanted.type.sizes
    found: list[Cure | None] = []
    if len(given.type.sizes) == len(sizes) + 1:
        found.append(cures.drop_axis(site, edge, len(sizes)))
    if len(sizes) > 1:
        found += [cures.set_outputs(site, edge, size) for size in dict.fromkeys((sizes[-1], sizes[1]))]
    if len(sizes) == len(given.type.sizes) > 2:
        found += cures.match(site, given, wanted)
    if given.type.elements == wanted.type.elements and len(sizes) > 2:
        layer = inserted(site.graph, edge, ("Reshape", {"shape": (-1, *sizes[1:])}))
        found.append(Cure(f"Insert a Reshape to {TensorType(sizes)} before {site.node.name}", layer))
    if len(sizes) == 2:
        found += cures.flatten_before(site, edge)
    return found


def _classes(site: Site) -> Problem | None:
    """For a loss over classes: scores (N, classes, …) and class numbers (N, …), or a probability for each score."""
    if site.kind.metric != "accuracy" or len(site.arrivals) != 2:
        return None
    scores, target = site.arrivals
    name, edge = site.node.name, site.wire(scores)
    if target.type.is_float:
        if scores.type.sizes != target.type.sizes or len(scores.type.sizes) < 2:
            return site.problem(
                f"{name} expects class numbers (int64), or a probability for each score ({scores.type}); "
                f"{target.source} gives {described(target.type)}",
                target.name,
                *for_target(site),
                expected=str(scores.type),
                actual=str(target.type),
            )
        return None
    sizes = target.type.sizes
    if len(scores.type.sizes) < 2 or (scores.type.sizes[0], *scores.type.sizes[2:]) != sizes:
        wanted = "×".join(["N", "classes", *target.type.axes[1:]])
        return site.problem(
            f"{name} expects scores of {wanted} for a target of {target.type}, {scores.source} gives {scores.type}",
            scores.name,
            _classes_last(site, edge, scores.type, sizes),
            *cures.flatten_before(site, edge),
            cures.drop_axis(site, site.wire(target), len(sizes) - 1) if len(sizes) == 2 else None,
            _last_linear(site, edge, scores.type, target.type.classes),
            expected="×".join(["N", str(target.type.classes or "classes"), *target.type.axes[1:]]),
            actual=str(scores.type),
        )
    count = target.type.classes
    if count and scores.type.sizes[1] != count:
        return site.problem(
            f"{name} needs a score for each of the {count} classes of {target.source}, "
            f"but {scores.source} gives {scores.type.sizes[1]}",
            scores.name,
            cures.set_outputs(site, edge, count) or _last_linear(site, edge, scores.type, count),
            expected="×".join(["N", str(count), *scores.type.axes[2:]]),
            actual=str(scores.type),
        )
    return None


def _classes_last(site: Site, edge: Edge, scores: TensorType, target: tuple[int, ...]) -> Cure | None:
    """Scores that stand last, as a Linear gives them for a sequence, go to axis 1."""
    if len(scores.sizes) < 3 or scores.sizes[:-1] != target:
        return None
    last = len(scores.sizes) - 1
    return cures.permuted(site, edge, (0, last, *range(1, last)))


def _last_linear(site: Site, edge: Edge, scores: TensorType, count: int | None) -> Cure | None:
    """A Linear where the network gives its scores, for the loss and for all else that takes them."""
    if not count or len(scores.sizes) < 2:
        return None
    others = [one for one in site.graph.outgoing[edge.source] if one.output == edge.output and one != edge]
    linear: tuple[str, dict[str, Value]] = ("Linear", {"out_features": count})
    layers = [linear] if len(scores.sizes) == 2 else [("Flatten", {}), linear]
    graph = inserted(site.graph, edge, *layers)
    last = graph.incoming[edge.target][edge.input]
    for other in others:
        graph = graph.connect(last._replace(target=other.target, input=other.input))
    words = "a Linear" if len(layers) == 1 else "a Flatten and a Linear"
    return Cure(f"Insert {words} to {count} after {edge.source}", graph)


def _activated_twice(site: Site) -> Problem | None:
    """A loss that takes scores has the activation in itself."""
    arrival = site.arrivals[0] if site.arrivals else None
    if arrival is None or site.kind.name not in _OWN_ACTIVATION:
        return None
    edge = site.wire(arrival)
    origin = site.origin(edge)
    kind = site.kind_of(origin.source)
    if kind is None or kind.family == "block":
        return None
    word = next((one for one in _OWN_ACTIVATION[site.kind.name] if _word(kind) == one.lower()), None)
    if word is None:
        return None
    return site.problem(
        f"{site.node.name} takes scores as they are, and {origin.source} has made them a {word} already: learning "
        "would be slow",
        arrival.name,
        *_before_activation(site, edge, origin),
        *_instead(site, origin, kind),
        severity="warning",
    )


def _before_activation(site: Site, edge: Edge, origin: Edge) -> list[Cure | None]:
    """Take the activation away, or only from the loss's way where others need it."""
    name = origin.source
    feeding = site.graph.incoming.get(name, {})
    others = [one for one in site.graph.outgoing[name] if one != origin]
    if origin == edge and others and len(feeding) == 1:
        ahead = next(iter(feeding.values()))
        wire = Edge(ahead.source, ahead.output, edge.target, edge.input)
        return [Cure(f"Wire {ahead.source} to {site.node.name}, before {name}", site.graph.connect(wire))]
    return [Cure(f"Remove {name}", taken_out(site.graph, name))]


def _instead(site: Site, origin: Edge, kind: Kind) -> list[Cure | None]:
    """The loss that takes what the activation gives."""
    if site.kind.name == "CrossEntropyLoss" and kind.name == "Softmax":
        graph = as_kind(site.graph, site.node.name, catalogue.BY_NAME["NLLLoss"])
        graph = as_kind(graph, origin.source, catalogue.BY_NAME["LogSoftmax"])
        return [Cure(f"Make {origin.source} a LogSoftmax, and use NLLLoss", graph)]
    if site.kind.name == "BCEWithLogitsLoss" and _word(kind) == "sigmoid":
        graph = as_kind(site.graph, site.node.name, catalogue.BY_NAME["BCELoss"])
        return [Cure("Use BCELoss instead of BCEWithLogitsLoss", graph)]
    return []


def _not_activated(site: Site) -> Problem | None:
    """A loss of probabilities, or of their logarithms, that gets scores."""
    arrival = site.arrivals[0] if site.arrivals else None
    if arrival is None or site.kind.name not in (*_OF_LOGARITHMS, "BCELoss"):
        return None
    edge, name = site.wire(arrival), site.node.name
    origin = site.origin(edge)
    kind = site.kind_of(origin.source)
    if kind is None:
        return None
    if site.kind.name == "BCELoss":
        if kind.family not in _UNBOUNDED:
            return None
        layer = inserted(site.graph, edge, ("Sigmoid", {}))
        return site.problem(
            f"{name} expects probabilities from 0 to 1, and {origin.source} gives any number",
            arrival.name,
            _swapped(site, "BCEWithLogitsLoss", arrival),
            Cure(f"Insert a Sigmoid before {name}", layer),
        )
    if kind.family not in (*_UNBOUNDED, "activation") or _word(kind).startswith("log"):
        return None
    found: list[Cure | None] = []
    if _word(kind) == "softmax":
        graph = as_kind(site.graph, origin.source, catalogue.BY_NAME["LogSoftmax"])
        found.append(Cure(f"Make {origin.source} a LogSoftmax", graph))
    elif site.kind.name == "NLLLoss":
        found.append(_swapped(site, "CrossEntropyLoss", arrival))
    dim = -1 if len(arrival.type.sizes) == 2 or site.kind.name != "NLLLoss" else 1
    layer = inserted(site.graph, edge, ("LogSoftmax", {"dim": dim}))
    found.append(Cure(f"Insert a LogSoftmax before {name}", layer))
    return site.problem(
        f"{name} expects log-probabilities, as a LogSoftmax gives them, and {origin.source} gives none",
        arrival.name,
        *found,
        severity="warning",
    )


def _word(kind: Kind) -> str:
    """Softmax and torch.softmax are one word here."""
    return kind.target.rpartition(".")[2].lower().replace("_", "")


CHECKS = (_alike, _classes)
CHECKS_AROUND = (_activated_twice, _not_activated)
