"""What a kind expects, held against what reaches it: the sentences people read, and the cures beside them.

Torch's meta device gives shapes but lets some mistakes through and words the rest for itself; so what a catalogue
entry declares is checked first, here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from nndesigner.checks import cures, joins, layers, losses
from nndesigner.checks.edits import inserted
from nndesigner.checks.functions import FUNCTION_CHECKS
from nndesigner.checks.sequences import SEQUENCE_CHECKS
from nndesigner.checks.site import Arrival, Site, described, each, expected_axes, times
from nndesigner.problem import Cure, Problem

Check = Callable[[Site], Problem | None]

_fitting: set[tuple[object, ...]] = set()
_MOST_REMEMBERED = 65536


def problem_at(site: Site) -> Problem | None:
    """The first thing that does not fit at a node whose inputs are all there, or None; what is wrong before advice.

    What fitted once fits again: most nodes are as they were at the check before.
    """
    if site.kind.role == "block":
        return None
    if site.kind.code is not None:
        return _first(site, (*_ALONE, *_AROUND))
    key = (
        site.kind.name,
        tuple(site.values.items()),
        tuple((arrival.name, arrival.type) for arrival in site.arrivals),
    )
    if key in _fitting:
        return _first(site, _AROUND)
    found = _first(site, (*_ALONE, *_AROUND))
    if found is None or found.severity == "warning":
        if len(_fitting) >= _MOST_REMEMBERED:
            _fitting.clear()
        if _first(site, _ALONE) is None:
            _fitting.add(key)
    return found


def _first(site: Site, checks: Sequence[Check]) -> Problem | None:
    advice = None
    for check in checks:
        if found := check(site):
            if found.severity == "error":
                likely = found.cures or tuple(cure for cure in cures.after_failure(site) if cure)
                return replace(found, cures=likely)
            advice = advice or found
    return advice


def _ranks(site: Site) -> Problem | None:
    for arrival in site.arrivals:
        ranks = arrival.port.ranks
        if ranks and len(arrival.type.sizes) not in ranks:
            axes = " or ".join(map(str, ranks))
            named = f" ({arrival.port.axes})" if arrival.port.axes else ""
            return site.problem(
                f"{site.node.name} expects {axes} axes{named}, {arrival.source} gives {described(arrival.type)}",
                arrival.name,
                *_other_ranks(site, arrival),
                expected=expected_axes(arrival.port),
                actual=str(arrival.type),
            )
    return None


def _other_ranks(site: Site, arrival: Arrival) -> list[Cure | None]:
    """Give the number of axes that is wanted, or take a layer that wants what there is."""
    edge, has, wanted = site.wire(arrival), len(arrival.type.sizes), arrival.port.ranks
    found: list[Cure | None] = []
    origin = site.kind_of(site.origin(edge).source)
    begins = origin is not None and origin.role in ("data", "input")
    source = site.kind_of(edge.source)
    if source is not None and source.target == "torch.nn.Flatten":
        found.append(cures.without(site, edge.source))
    unsqueezed = cures.add_axis(site, edge, 1) if has + 1 in wanted else None
    alike = cures.sibling(site, has)
    found += [unsqueezed, alike] if begins else [alike, unsqueezed]
    if has > max(wanted):
        found += cures.flatten(site, edge) if 2 in wanted else []
        found += [cures.drop_axis(site, edge, axis) for axis in range(has - 1, 0, -1) if has - 1 in wanted]
    if 4 in wanted and has == 2:
        shape = (-1, arrival.type.sizes[1], 1, 1)
        layers = inserted(site.graph, edge, ("Reshape", {"shape": shape}))
        found.append(Cure(f"Insert a Reshape to one place a channel before {site.node.name}", layers))
    return found


def _dtypes(site: Site) -> Problem | None:
    for arrival in site.arrivals:
        wanted = arrival.port.dtype
        if (wanted == "float" and not arrival.type.is_float) or (wanted == "int" and arrival.type.is_float):
            words = {"float": "fractional numbers (float32)", "int": "whole numbers (int64)"}[wanted]
            swapped = losses.for_target(site) if site.kind.role == "loss" else []
            return site.problem(
                f"{site.node.name} expects {words} at {arrival.name}, {arrival.source} gives {arrival.type.dtype}",
                arrival.name,
                *swapped,
                *cures.dtype(site, site.wire(arrival), "float32" if wanted == "float" else "int64"),
                expected="float32" if wanted == "float" else "int64",
                actual=arrival.type.dtype,
            )
    return None


def _axes(site: Site) -> Problem | None:
    if not site.arrivals:
        return None
    for param in site.kind.params:
        value = site.values.get(param.name)
        rank = len(site.arrivals[0].type.sizes) + param.beyond
        if param.type == "axis" and isinstance(value, int) and not -rank <= value < rank:
            last = cures.set_param(site, site.node.name, param.name, -1)
            return site.problem(
                f"{param.name} of {site.node.name} is an axis from {-rank} to {rank - 1}, as "
                f"{site.arrivals[0].source} gives {described(site.arrivals[0].type)}; it is set to {value}",
                param.name,
                last,
            )
    return None


def _windows(site: Site) -> Problem | None:
    """A window may not be larger than what it looks at, what is put around counted."""
    params = site.kind.by_name.keys()
    if "kernel_size" not in params or params & {"output_padding", "output_size"} or not site.arrivals:
        return None
    arrival = site.arrivals[0]
    spatial = arrival.type.sizes[2:]
    padding = site.values.get("padding", 0)
    if padding == "same":
        return None
    kernel = each(site.values.get("kernel_size"), len(spatial))
    around = each(0 if padding == "valid" else padding, len(spatial))
    dilation = each(site.values.get("dilation", 1), len(spatial))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    if site.values.get("ceil_mode"):  # the last window may stand out by less than a step
        steps = kernel if site.values.get("stride") is None else each(site.values["stride"], len(spatial))
        reach = [max(1, r - step + 1) for r, step in zip(reach, steps, strict=True)]
    if any(r > size + 2 * pad for r, size, pad in zip(reach, spatial, around, strict=True)):
        least = [max(0, r - 2 * pad) for r, pad in zip(reach, around, strict=True)]
        return site.problem(
            f"the window of {site.node.name} is {times(reach)}, and {arrival.source} gives only {times(spatial)} "
            f"({arrival.type}). Make the window smaller, pad more, or pool less before",
            arrival.name,
            *cures.smaller_window(site, arrival),
            expected=times([*arrival.type.axes[:2], *(f"{size} or more" for size in least)]),
            actual=str(arrival.type),
        )
    return None


def _painting(site: Site) -> Problem | None:
    """What is added at one side is less than a step; torch says so on the CPU only."""
    if "output_padding" not in site.kind.by_name:
        return None
    added, stride, dilation = (
        each(site.values[name], site.kind.by_name[name].axes)
        for name in ("output_padding", "stride", "dilation")
    )
    if any(more >= max(steps) for more, *steps in zip(added, stride, dilation, strict=True)):
        return site.problem(
            f"output_padding of {site.node.name} must be less than its stride or its dilation; it is set to "
            f"{times(added)}, with a stride of {times(stride)} and a dilation of {times(dilation)}",
            "output_padding",
            cures.set_param(site, site.node.name, "stride", max(added) + 1),
            cures.set_param(site, site.node.name, "output_padding", 0),
        )
    return None


def _channels_last(site: Site) -> Problem | None:
    """Pictures as files hold them have the channels behind; torch wants them first."""
    if site.kind.family != "convolution" or len(site.arrivals) != 1:
        return None
    arrival = site.arrivals[0]
    if len(arrival.type.sizes) != 4:
        return None
    _, first, second, last = arrival.type.sizes
    if not (last in (1, 3, 4) and first == second and first > 4):
        return None
    edge = site.wire(arrival)
    origin = site.origin(edge)
    kind = site.kind_of(origin.source)
    if kind is None or kind.role not in ("data", "input"):
        return None
    ahead = None
    if kind.role == "input" and origin == edge:
        ahead = cures.set_param(site, origin.source, "shape", (last, first, second))
    return site.problem(
        f"{site.node.name} takes axis 1 as the channels, and {arrival.source} gives {arrival.type}: the channels "
        "seem to stand last",
        arrival.name,
        cures.permuted(site, edge, (0, 3, 1, 2)),
        ahead,
        expected=f"N×{last}×{first}×{second}",
        actual=str(arrival.type),
        severity="warning",
    )


# What is asked of a node's values and of what arrives, and what is asked of the nodes around it.
_ALONE: tuple[Check, ...] = (
    _ranks,
    _dtypes,
    _axes,
    _windows,
    _painting,
    *layers.LAYER_CHECKS,
    *FUNCTION_CHECKS,
    *SEQUENCE_CHECKS,
    *joins.CHECKS,
    *losses.CHECKS,
)
_AROUND: tuple[Check, ...] = (*losses.CHECKS_AROUND, *layers.LAYER_CHECKS_AROUND, _channels_last)
