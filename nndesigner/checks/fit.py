"""What a kind expects, held against what reaches it: the sentences people read, and the cures beside them.

Torch's meta device gives shapes but lets some mistakes through and words the rest for itself; so what a catalogue
entry declares is checked first, here.
"""

from nndesigner.catalogue.kind import TensorType
from nndesigner.checks.cures import flatten_before, set_outputs
from nndesigner.checks.site import Site, described, each, times
from nndesigner.problem import Problem


def problem_at(site: Site) -> Problem | None:
    """The first thing that does not fit at a node whose inputs are all there, or None."""
    for check in (_ranks, _dtypes, _axes, _windows, _painting, _joined, _alike, _classes):
        if found := check(site):
            return found
    return None


def _ranks(site: Site) -> Problem | None:
    for arrival in site.arrivals:
        ranks = arrival.port.ranks
        if ranks and len(arrival.type.sizes) not in ranks:
            axes = " or ".join(map(str, ranks))
            named = f" ({arrival.port.axes})" if arrival.port.axes else ""
            return site.problem(
                f"{site.node.name} expects {axes} axes{named}, {arrival.source} gives {described(arrival.type)}",
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
    kernel = each(site.values.get("kernel_size"), len(spatial))
    around = each(0 if padding == "valid" else padding, len(spatial))
    dilation = each(site.values.get("dilation", 1), len(spatial))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    if any(r > size + 2 * pad for r, size, pad in zip(reach, spatial, around, strict=True)):
        return site.problem(
            f"the window of {site.node.name} is {times(reach)}, and {arrival.source} gives only {times(spatial)} "
            f"({arrival.type}). Make the window smaller, pad more, or pool less before",
            arrival.name,
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
                f"{described(first.type)} and {other.source} gives {described(other.type)}",
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
                set_outputs(site, other.source, arrival.type),
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
                f"{target.source} gives {described(target.type)}",
                target.name,
            )
        return None
    if len(scores.type.sizes) < 2 or (scores.type.sizes[0], *scores.type.sizes[2:]) != target.type.sizes:
        wanted = "×".join(["N", "classes", *map(str, target.type.sizes[1:])])
        return site.problem(
            f"{name} expects scores of {wanted} for a target of {target.type}, {scores.source} gives {scores.type}",
            scores.name,
            flatten_before(site, scores.source),
        )
    if target.type.classes and scores.type.sizes[1] != target.type.classes:
        return site.problem(
            f"{name} needs a score for each of the {target.type.classes} classes of {target.source}, "
            f"but {scores.source} gives {scores.type.sizes[1]}",
            scores.name,
            set_outputs(site, scores.source, TensorType((0, target.type.classes))),
        )
    return None
