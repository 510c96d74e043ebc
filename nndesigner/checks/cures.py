"""The edits that may cure a problem. Each is tried before it is offered, so these may guess."""

import math
from collections.abc import Iterator
from itertools import islice

from nndesigner.catalogue.kind import Kind, TensorType
from nndesigner.checks.edits import as_kind, inserted, kind_for, taken_out, with_param
from nndesigner.checks.site import Arrival, Site, each, times
from nndesigner.graph import Edge, Node, Value
from nndesigner.problem import Cure

_KEEPING = ("activation", "dropout", "normalization")  # families that leave the size of every axis as it is


def deciding(site: Site, edge: Edge) -> tuple[Node, str] | None:
    """The last layer that decides how many outputs come by a wire, and its param that says so."""
    for node, kind in before(site, edge):
        for name in ("out_features", "out_channels"):
            if name in kind.by_name and not node.bypassed:
                return node, name
        if kind.family not in _KEEPING and not node.bypassed:
            return None
    return None


def before(site: Site, edge: Edge) -> Iterator[tuple[Node, Kind]]:
    """The nodes a wire comes from, one behind the other, as long as there is only one."""
    while (kind := site.kind_of(edge.source)) is not None:
        yield site.graph.nodes[edge.source], kind
        feeding = site.graph.incoming.get(edge.source, {})
        if len(feeding) != 1:
            return
        edge = next(iter(feeding.values()))


def set_outputs(site: Site, edge: Edge, size: int) -> Cure | None:
    """Set the outputs of the last layer that decides them."""
    found = deciding(site, edge)
    if found is None:
        return None
    node, name = found
    return set_param(site, node.name, name, size)


def set_param(site: Site, name: str, param: str, value: Value) -> Cure:
    """Set one param of a node."""
    shown = (
        ", ".join(map(str, value)) if isinstance(value, tuple) else "nothing" if value is None else str(value)
    )
    return Cure(f"Set {param} of {name} to {shown}", with_param(site.graph, name, param, value))


def flatten(site: Site, edge: Edge) -> list[Cure]:
    """Lay maps in a row, in a wire: as they are, or pooled to one value a channel."""
    given = site.types.get((edge.source, edge.output))
    if given is None or len(given.sizes) < 3:
        return []
    cures = [Cure(f"Insert a Flatten before {edge.target}", inserted(site.graph, edge, ("Flatten", {})))]
    axes = len(given.sizes) - 2
    if axes <= 3 and given.is_float:
        pool = f"AdaptiveAvgPool{axes}d"
        layers = inserted(site.graph, edge, (pool, {"output_size": 1}), ("Flatten", {}))
        cures.append(Cure(f"Insert {pool} and Flatten before {edge.target}", layers))
    return cures


def flatten_before(site: Site, edge: Edge) -> list[Cure]:
    """Put a Flatten before the first Linear among the ancestors that is fed more than rows, or into this wire."""
    ancestors = site.graph.ancestors([edge.source])
    wires = [
        wire
        for name in site.graph.order
        if name in ancestors and site.graph.nodes[name].kind == "Linear"
        for wire in site.graph.incoming.get(name, {}).values()
    ]
    for wire in [*wires, edge]:
        if cures := flatten(site, wire):
            return cures
    return []


def add_axis(site: Site, edge: Edge, axis: int) -> Cure | None:
    """Give a missing axis of one."""
    given = site.types.get((edge.source, edge.output))
    if given is None:
        return None
    if kind := kind_for("torch.Tensor.unsqueeze", "torch.unsqueeze"):
        layer: tuple[str, dict[str, Value]] = (kind.name, {kind.params[0].name: axis})
    else:
        layer = _reshape((*given.sizes[1:axis], 1, *given.sizes[axis:]))
    named = "channel axis" if axis == 1 else "axis"
    title = f"Insert {layer[0]} for the missing {named} before {edge.target}"
    return Cure(title, inserted(site.graph, edge, layer))


def drop_axis(site: Site, edge: Edge, axis: int) -> Cure | None:
    """Take away an axis of one."""
    given = site.types.get((edge.source, edge.output))
    if given is None or given.sizes[axis] != 1:
        return None
    if kind := kind_for("torch.Tensor.squeeze", "torch.squeeze"):
        layer: tuple[str, dict[str, Value]] = (kind.name, {kind.params[0].name: axis})
    else:
        layer = _reshape((*given.sizes[1:axis], *given.sizes[axis + 1 :]))
    return Cure(f"Insert {layer[0]} before {edge.target}", inserted(site.graph, edge, layer))


def _reshape(sizes: tuple[int, ...]) -> tuple[str, dict[str, Value]]:
    return "Reshape", {"shape": (-1, *sizes)}


def permuted(site: Site, edge: Edge, axes: tuple[int, ...]) -> Cure | None:
    """Put the axes into another order."""
    kind = kind_for("torch.Tensor.permute", "torch.permute")
    if kind is None:
        return None
    layer = inserted(site.graph, edge, (kind.name, {kind.params[0].name: axes}))
    return Cure(f"Insert {kind.name} ({', '.join(map(str, axes))}) before {edge.target}", layer)


def sibling(site: Site, rank: int) -> Cure | None:
    """The same layer for another number of axes: Conv2d for Conv1d."""
    name = site.kind.name
    if name[-2:] not in ("1d", "2d", "3d"):
        return None
    from nndesigner import catalogue

    kind = catalogue.BY_NAME.get(f"{name[:-2]}{rank - 2}d")
    if kind is None or not any(rank in port.ranks for port in kind.inputs):
        return None
    article = "an" if kind.name[0] in "AEIOU" else "a"
    return Cure(f"Make {site.node.name} {article} {kind.name}", as_kind(site.graph, site.node.name, kind))


def without(site: Site, name: str) -> Cure:
    """Take a node out, what it got going on to all it fed."""
    return Cure(f"Remove {name}", taken_out(site.graph, name))


def dtype(site: Site, edge: Edge, wanted: str) -> list[Cure | None]:
    """Change the type of the numbers that come by a wire."""
    origin = site.origin(edge)
    cures: list[Cure | None] = []
    if (
        site.graph.nodes[origin.source].kind == "Input"
        and "dtype" in (site.kind_of(origin.source) or site.kind).by_name
    ):
        cures.append(set_param(site, origin.source, "dtype", wanted))
    kind = kind_for("torch.Tensor.float" if wanted == "float32" else "torch.Tensor.long")
    if kind is not None:
        layer = inserted(site.graph, edge, (kind.name, {}))
        cures.append(Cure(f"Insert {kind.name} before {edge.target}", layer))
    return cures


def smaller_window(site: Site, arrival: Arrival) -> list[Cure | None]:
    """Let a window fit on what it looks at."""
    spatial = arrival.type.sizes[2:]
    around = each(site.values.get("padding", 0), len(spatial))
    dilation = each(site.values.get("dilation", 1), len(spatial))
    kernel = each(site.values.get("kernel_size"), len(spatial))
    fitting = tuple(
        max(1, min(k, (size + 2 * pad - 1) // d + 1))
        for k, size, pad, d in zip(kernel, spatial, around or (0,) * len(spatial), dilation, strict=True)
    )
    value: Value = fitting[0] if len(set(fitting)) == 1 else fitting
    smaller = set_param(site, site.node.name, "kernel_size", value)
    padding = site.kind.by_name.get("padding")
    same = (
        set_param(site, site.node.name, "padding", "same") if padding and "same" in padding.choices else None
    )
    pools = (node.name for node, kind in before(site, site.wire(arrival)) if kind.family == "pooling")
    fewer = [without(site, name) for name in islice(pools, 1)]
    return [same, smaller, *fewer]


def match(site: Site, here: Arrival, there: Arrival) -> list[Cure | None]:
    """Bring two branches that are joined to the same sizes, by a layer on the shorter one."""
    cures: list[Cure | None] = []
    if here.type.sizes[2:] != there.type.sizes[2:]:
        small = min(here, there, key=lambda arrival: math.prod(arrival.type.sizes[2:]))
        cures.append(_padded(site, small))
    short, long = _by_length(site, here, there)
    cures.append(_projected(site, short, long))
    for arrival, other in ((long, short), (short, long)):
        if len(other.type.sizes) > 1:
            cures.append(set_outputs(site, site.wire(arrival), other.type.sizes[1]))
    return cures


def _by_length(site: Site, one: Arrival, other: Arrival) -> tuple[Arrival, Arrival]:
    """The shorter branch first: the one that has fewer nodes behind it."""
    counts = {
        arrival.name: len(site.graph.ancestors([site.wire(arrival).source])) for arrival in (one, other)
    }
    return (one, other) if counts[one.name] <= counts[other.name] else (other, one)


def _projected(site: Site, short: Arrival, long: Arrival) -> Cure | None:
    """A Linear, or a 1×1 convolution with the stride it takes, that gives the other branch's sizes."""
    given, wanted, edge = short.type.sizes, long.type.sizes, site.wire(short)
    axes = len(given) - 2
    if len(wanted) != len(given) or len(given) < 2 or given[0] != wanted[0]:
        return None
    if axes == 0:
        layer = inserted(site.graph, edge, ("Linear", {"out_features": wanted[-1]}))
        return Cure(f"Insert a Linear to {wanted[-1]} before {site.node.name}", layer)
    if axes > 3:
        return None
    strides = {-(-a // b) for a, b in zip(given[2:], wanted[2:], strict=True)}
    if len(strides) != 1 or min(wanted) < 1:
        return None
    params: dict[str, Value] = {"out_channels": wanted[1], "kernel_size": 1}
    if (stride := strides.pop()) > 1:
        params["stride"] = stride
    words = f"{times([1] * axes)} convolution to {wanted[1]} channels"
    layer = inserted(site.graph, edge, (f"Conv{axes}d", params))
    return Cure(f"Insert a {words} before {site.node.name}", layer)


def _padded(site: Site, small: Arrival) -> Cure | None:
    """Every convolution on the branch that shrinks its maps for want of padding keeps their size."""
    graph, names = site.graph, []
    edge = site.wire(small)
    for node, kind in before(site, edge):
        padding = kind.by_name.get("padding")
        stride = kind.values(node.params).get("stride", 1)
        if padding and "same" in padding.choices and stride in (1, (1,) * padding.axes):
            feeding = next(iter(site.graph.incoming.get(node.name, {}).values()), edge)
            given = site.types.get((feeding.source, feeding.output))
            made = site.types.get((node.name, kind.outputs[0].name))
            if given and made and given.sizes[2:] != made.sizes[2:]:
                graph = with_param(graph, node.name, "padding", "same")
                names.append(node.name)
    if not names:
        return None
    return Cure(f"Set padding of {', '.join(reversed(names[:3]))}{', …' * (len(names) > 3)} to same", graph)


def reshape(site: Site, given: TensorType) -> list[Cure | None]:
    """Change one size of a Reshape so that the values of a sample fit."""
    sizes = site.values.get("shape")
    if not isinstance(sizes, tuple) or sizes[0] != -1:
        return []
    cures: list[Cure | None] = []
    for place in range(1, len(sizes)):
        rest = math.prod(
            size for index, size in enumerate(sizes) if index not in (0, place) and isinstance(size, int)
        )
        if rest > 0 and given.elements % rest == 0:
            fitting = (*sizes[:place], given.elements // rest, *sizes[place + 1 :])
            cures.append(set_param(site, site.node.name, "shape", fitting))
    return [*cures, set_param(site, site.node.name, "shape", (-1, given.elements))]


def divisor(site: Site, param: str, *sizes: int) -> list[Cure | None]:
    """Set a number of groups or heads to the next smaller one that divides all of these."""
    value = site.values.get(param)
    if not isinstance(value, int):
        return []
    fitting = next(n for n in range(max(1, value), 0, -1) if not any(size % n for size in sizes))
    return [set_param(site, site.node.name, param, fitting)] if fitting != value else []


def after_failure(site: Site) -> list[Cure | None]:
    """What may help where torch itself refuses."""
    if not site.arrivals:
        return []
    given = site.arrivals[0].type
    cures: list[Cure | None] = []
    if "shape" in site.kind.by_name and site.kind.family == "shaping":
        cures += reshape(site, given)
    if len(given.sizes) > 1:
        outputs = [size for size in (site.values.get("out_channels"),) if isinstance(size, int)]
        cures += divisor(site, "num_groups", given.sizes[1])
        cures += divisor(site, "groups", given.sizes[1], *outputs)
        cures += divisor(site, "num_heads", given.sizes[-1])
    if site.kind.family == "pooling" and isinstance(site.values.get("padding"), int | tuple):
        kernel = each(site.values.get("kernel_size"), len(given.sizes) - 2)
        half = tuple(size // 2 for size in kernel)
        cures.append(set_param(site, site.node.name, "padding", half[0] if len(set(half)) == 1 else half))
    if site.values.get("padding") == "same":
        cures.append(set_param(site, site.node.name, "stride", 1))
    if (
        site.node.shares is None
        and len(site.arrivals) == 2
        and len(site.arrivals[1].type.sizes) == len(given.sizes)
    ):
        cures += match(site, site.arrivals[0], site.arrivals[1])
    return [*cures, *(flatten(site, site.wire(site.arrivals[0])) if len(site.arrivals) == 1 else [])]
