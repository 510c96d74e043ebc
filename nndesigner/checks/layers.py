"""What single layers ask of their sizes, in words for people where torch's own are hard to read."""

import math

from nndesigner.catalogue.tensor import CHECK_BATCH
from nndesigner.checks import cures
from nndesigner.checks.site import Site, each, times
from nndesigner.graph import Value
from nndesigner.problem import Problem


def _spatial(site: Site) -> tuple[int, ...]:
    return site.arrivals[0].type.sizes[2:]


def _has(site: Site, *names: str) -> bool:
    """Whether something arrives at a layer that has all these params."""
    return bool(site.arrivals) and site.kind.by_name.keys() >= {*names}


def _each(site: Site, *names: str) -> list[tuple[int, ...]]:
    """The values of these params, one for each spatial axis."""
    return [each(site.values.get(name), len(_spatial(site))) for name in names]


def _factors(site: Site, value: Value) -> tuple[float, ...]:
    """A factor for each spatial axis; none where it is not set."""
    several = value if isinstance(value, tuple) else (value,) * len(_spatial(site))
    return tuple(one for one in several if isinstance(one, int | float))


def _numbers(value: Value) -> list[int]:
    return [one for one in value if isinstance(one, int)] if isinstance(value, tuple) else []


def _batch_taken(site: Site) -> Problem | None:
    """The size of the batch is not known while a layer is made."""
    by_name = {arrival.name: arrival for arrival in site.arrivals}
    for one in site.kind.follows:
        arrival = by_name.get(one.port)
        found = one.value(arrival.type.sizes, site.values, {}) if arrival is not None else None
        if arrival is None or found is None:
            continue
        taken = found if isinstance(found, tuple) else (found,)
        if any(size and size % CHECK_BATCH == 0 for size in taken):
            return site.problem(
                f"{site.node.name} takes its {one.argument} from {arrival.type}, where the batch stands; "
                "bring the batch to the front before",
                arrival.name,
                actual=str(arrival.type),
            )
    return None


def _last_axes(site: Site) -> Problem | None:
    if not _has(site, "axes") or not any(one.last == "axes" for one in site.kind.follows):
        return None
    arrival, count = site.arrivals[0], site.values["axes"]
    most = len(arrival.type.sizes) - 1
    if isinstance(count, int) and count > most > 0:
        return site.problem(
            f"axes of {site.node.name} is {most} at most, as {arrival.source} gives {arrival.type}; it is set to {count}",
            "axes",
            cures.set_param(site, site.node.name, "axes", most),
        )
    return None


def _groups(site: Site) -> Problem | None:
    for param in ("groups", "num_groups"):
        count = site.values.get(param)
        if not _has(site, param) or not isinstance(count, int):
            continue
        channels = [site.arrivals[0].type.sizes[1]]
        words = f"{channels[0]} channels"
        if isinstance(outputs := site.values.get("out_channels"), int):
            words = f"{channels[0]} input channels and its {outputs} output channels"
            channels.append(outputs)
        if any(size % count for size in channels):
            return site.problem(
                f"{param} of {site.node.name} must divide its {words}; it is set to {count}",
                param,
                *cures.divisor(site, param, *channels),
            )
    return None


def _same_steps(site: Site) -> Problem | None:
    if _has(site, "padding", "stride") and site.values["padding"] == "same":
        stride = each(site.values["stride"], 1)
        if any(step != 1 for step in stride):
            return site.problem(
                f"padding of {site.node.name} can be same only with a stride of 1; its stride is {times(stride)}",
                "padding",
                cures.set_param(site, site.node.name, "stride", 1),
            )
    return None


def _half(site: Site) -> Problem | None:
    """A window of a pool may not lie in the padding altogether."""
    if site.kind.family != "pooling" or not _has(site, "padding") or "output_size" in site.kind.by_name:
        return None
    kernel, padding = _each(site, "kernel_size", "padding")
    if any(2 * pad > size for size, pad in zip(kernel, padding, strict=True)):
        half = tuple(size // 2 for size in kernel)
        return site.problem(
            f"padding of {site.node.name} is half its window at most, {times(half)}; it is set to {times(padding)}",
            "padding",
            cures.set_param(site, site.node.name, "padding", half[0] if len({*half}) == 1 else half),
        )
    return None


def _mirrored(site: Site) -> Problem | None:
    """What is mirrored or repeated around must be there."""
    mode = site.values.get("padding_mode")
    if site.kind.family == "padding":
        mode = {"Ref": "reflect", "Cir": "circular"}.get(site.kind.name[:3])
    if mode not in ("reflect", "circular") or not _has(site, "padding"):
        return None
    arrival, spatial = site.arrivals[0], _spatial(site)
    around = _around(site)
    spare = 1 if mode == "reflect" else 0
    if all(pad + spare <= size for pad, size in zip(around, spatial, strict=True)):
        return None
    does = "mirrors" if spare else "repeats"
    need = "more than it mirrors" if spare else "as many as it repeats"
    return site.problem(
        f"{site.node.name} {does} {times(around)} values around and needs {need}; "
        f"{arrival.source} gives {times(spatial)} ({arrival.type})",
        arrival.name,
        actual=str(arrival.type),
    )


def _around(site: Site) -> tuple[int, ...]:
    """The most that is put at one side, for each spatial axis."""
    padding, count = site.values["padding"], len(_spatial(site))
    if padding == "valid":
        return (0,) * count
    if padding == "same":
        kernel, dilation = _each(site, "kernel_size", "dilation")
        return tuple((d * (k - 1) + 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    sides = each(padding, count)
    if len(sides) == count:
        return sides
    return tuple(max(sides[place : place + 2]) for place in range(2 * count - 2, -2, -2))


def _cut_off(site: Site) -> Problem | None:
    """A transposed convolution that cuts off all it made."""
    if not _has(site, "output_padding"):
        return None
    made = [
        (size - 1) * s + d * (k - 1) + more + 1 - 2 * pad
        for size, s, d, k, more, pad in zip(
            _spatial(site),
            *_each(site, "stride", "dilation", "kernel_size", "output_padding", "padding"),
            strict=True,
        )
    ]
    if min(made) < 1:
        return site.problem(
            f"padding of {site.node.name} cuts off all it would make of {site.arrivals[0].type}; set it to less",
            "padding",
            cures.set_param(site, site.node.name, "padding", 0),
        )
    return None


def _fractional(site: Site) -> Problem | None:
    if not _has(site, "output_ratio"):
        return None
    name, arrival, spatial = site.node.name, site.arrivals[0], _spatial(site)
    size, ratio = site.values["output_size"], site.values["output_ratio"]
    if found := _either(site, "output_size", "output_ratio"):
        return found
    asked = each(size, len(spatial)) if size is not None else ()
    if ratio is not None:
        asked = tuple(int(one * factor) for one, factor in zip(spatial, _factors(site, ratio), strict=True))
    kernel = _each(site, "kernel_size")[0]
    if any(o + k - 1 > one or o < 1 for o, k, one in zip(asked, kernel, spatial, strict=True)):
        most = tuple(max(0, one - k + 1) for k, one in zip(kernel, spatial, strict=True))
        return site.problem(
            f"{name} can make 1 to {times(most)} of {times(spatial)} with a window of {times(kernel)}; "
            f"it is asked for {times(asked)}",
            arrival.name,
            actual=str(arrival.type),
        )
    return None


def _either(site: Site, one: str, other: str) -> Problem | None:
    """Exactly one of two params is to be set."""
    first, second = site.values[one], site.values[other]
    if first is not None and second is not None:
        clear = [cures.set_param(site, site.node.name, name, None) for name in (other, one)]
        return site.problem(f"{site.node.name} takes {one} or {other}, not both", other, *clear)
    if first is None and second is None:
        return site.problem(f"{site.node.name} needs {one} or {other}", other)
    return None


def _resized(site: Site) -> Problem | None:
    """Torch says what is wrong with an Upsample in the words of its own functions."""
    if not _has(site, "size", "scale_factor"):
        return None
    if found := _either(site, "size", "scale_factor"):
        return found
    name, arrival, spatial = site.node.name, site.arrivals[0], _spatial(site)
    mode, size, factor = site.values.get("mode", "nearest"), site.values["size"], site.values["scale_factor"]
    fitting = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}.get(str(mode))
    if fitting is not None and fitting != len(spatial):
        suits = {1: "linear", 2: "bilinear", 3: "trilinear"}[len(spatial)]
        return site.problem(
            f"mode {mode} of {name} is for {fitting + 2} axes, {arrival.source} gives {arrival.type}; "
            f"{suits} suits it, or nearest",
            "mode",
            cures.set_param(site, name, "mode", suits),
        )
    if site.values.get("align_corners") is not None and fitting is None:
        return site.problem(
            f"align_corners of {name} has no meaning for the mode {mode}; leave it out",
            "align_corners",
            cures.set_param(site, name, "align_corners", None),
        )
    for param, value in (("size", size), ("scale_factor", factor)):
        if isinstance(value, tuple) and len(value) != len(spatial):
            return site.problem(
                f"{param} of {name} has {len(value)} numbers, and {arrival.source} gives {len(spatial)} sizes "
                f"beside batch and channels ({arrival.type})",
                param,
            )
    if size is not None and site.values.get("recompute_scale_factor"):
        return site.problem(
            f"recompute_scale_factor of {name} has no meaning where its size is set", "recompute_scale_factor"
        )
    factors = _factors(site, factor)
    if any(int(one * share) < 1 for one, share in zip(spatial, factors, strict=bool(factors))):
        return site.problem(
            f"nothing would be left: {name} makes {times(spatial)} only "
            f"{times([f'{one:g}' for one in dict.fromkeys(factors)])} times as large",
            "scale_factor",
        )
    return None


def _unpooled(site: Site) -> Problem | None:
    if not _is_unpool(site):
        return None
    name, spatial = site.node.name, _spatial(site)
    usual, stride = _unpooled_size(site)
    asked = _numbers(site.values.get("output_size")) or usual
    if len(asked) != len(spatial):
        return site.problem(
            f"output_size of {name} is {len(spatial)} numbers, not {len(asked)}", "output_size"
        )
    if any(not max(0, u - s) < a < u + s for a, u, s in zip(asked, usual, stride, strict=True)):
        least = times([max(1, u - s + 1) for u, s in zip(usual, stride, strict=True)])
        most = times([u + s - 1 for u, s in zip(usual, stride, strict=True)])
        return site.problem(
            f"{name} can make {least} to {most} of {times(spatial)}; it is asked for {times(asked)}",
            "output_size",
        )
    return None


def _misplaced(site: Site) -> Problem | None:
    """Torch puts values at wrong places, or fails, where the size is not that of the maps the indices are from."""
    if not _is_unpool(site) or not (pooled := _pooled(site)):
        return None
    asked = _numbers(site.values.get("output_size")) or _unpooled_size(site)[0]
    if list(pooled) == asked:
        return None
    return site.problem(
        f"{site.node.name} makes maps of {times(asked)}, and its indices are places in maps of {times(pooled)}; "
        "set output_size to these",
        "output_size",
        cures.set_param(site, site.node.name, "output_size", pooled),
    )


def _is_unpool(site: Site) -> bool:
    return site.kind.target.startswith(("torch.nn.MaxUnpool", "torch.nn.functional.max_unpool"))


def _unpooled_size(site: Site) -> tuple[list[int], tuple[int, ...]]:
    """The size an unpooling makes if it is not told, and its steps."""
    kernel, padding = _each(site, "kernel_size", "padding")
    stride = kernel if site.values.get("stride") is None else _each(site, "stride")[0]
    sizes = zip(_spatial(site), stride, kernel, padding, strict=True)
    return [(size - 1) * step + k - 2 * pad for size, step, k, pad in sizes], stride


def _pooled(site: Site) -> tuple[int, ...]:
    """The size of the maps that indices are from, as far as is known."""
    arrival = next((one for one in site.arrivals if one.name == "indices"), None)
    if arrival is None:
        return ()
    edge = site.origin(site.wire(arrival))
    kind = site.kind_of(edge.source)
    feeding = site.graph.incoming.get(edge.source, {}).get("input")
    if kind is None or "return_indices" not in kind.by_name or feeding is None:
        return ()
    given = site.types.get((feeding.source, feeding.output))
    return given.sizes[2:] if given else ()


def _divided(site: Site) -> Problem | None:
    """An axis that is dealt out must divide without rest."""
    for param, axes, power in (("upscale_factor", (1,), 2), ("downscale_factor", (2, 3), 1)):
        factor = site.values.get(param)
        if not _has(site, param) or not isinstance(factor, int):
            continue
        arrival = site.arrivals[0]
        sizes = [arrival.type.sizes[axis] for axis in axes]
        if any(size % factor**power for size in sizes):
            what = "channels" if power == 2 else "height and width"
            return site.problem(
                f"{site.node.name} needs {what} that {factor**power} divides; "
                f"{arrival.source} gives {times(sizes)} ({arrival.type})",
                arrival.name,
                actual=str(arrival.type),
            )
    return None


def _halved(site: Site) -> Problem | None:
    axis = site.values.get("dim")
    if site.kind.target not in ("torch.nn.GLU", "torch.nn.functional.glu") or not isinstance(axis, int):
        return None
    arrival = site.arrivals[0]
    if (size := arrival.type.sizes[axis]) % 2 or size % CHECK_BATCH == 0:
        what = "the batch" if size % CHECK_BATCH == 0 else size
        return site.problem(
            f"{site.node.name} splits axis {axis} in two halves, which needs an even size; it is {what} ({arrival.type})",
            "dim",
        )
    return None


def _unflattened(site: Site) -> Problem | None:
    axis, wanted = site.values.get("dim"), _numbers(site.values.get("unflattened_size"))
    if not _has(site, "unflattened_size") or not isinstance(axis, int) or not wanted:
        return None
    arrival = site.arrivals[0]
    size = arrival.type.sizes[axis]
    known, name = math.prod(one for one in wanted if one != -1), site.node.name
    if wanted.count(-1) > 1 or 0 in wanted:
        return site.problem(f"unflattened_size of {name} may hold one −1, and no 0", "unflattened_size")
    if size % known or (-1 not in wanted and size != known):
        return site.problem(
            f"{name} lays axis {axis} out as {times(wanted)}, which is not {arrival.type.axes[axis]} ({arrival.type})",
            "unflattened_size",
            actual=str(arrival.type),
        )
    return None


def _folded(site: Site) -> Problem | None:
    if site.kind.target not in ("torch.nn.Fold", "torch.nn.functional.fold"):
        return None
    name, arrival = site.node.name, site.arrivals[0]
    names = ("output_size", "kernel_size", "dilation", "padding", "stride")
    size, kernel, dilation, padding, stride = (each(site.values[one], 2) for one in names)
    counts = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, d, p, s in zip(size, kernel, dilation, padding, stride, strict=True)
    ]
    rows, patches = arrival.type.sizes[1:]
    if rows % math.prod(kernel):
        return site.problem(
            f"{name} expects channels × {times(kernel)} values in axis 1, which {math.prod(kernel)} divides; "
            f"{arrival.source} gives {arrival.type}",
            arrival.name,
            actual=str(arrival.type),
        )
    if min(counts) < 1 or math.prod(counts) != patches:
        there = f"{times(counts)} = {math.prod(counts)} patches" if min(counts) > 0 else "no patch"
        return site.problem(
            f"{name} has room for {there} on maps of {times(size)}; {arrival.source} gives {patches} ({arrival.type})",
            arrival.name,
            actual=str(arrival.type),
        )
    return None


def _one_value(site: Site) -> Problem | None:
    if not site.kind.name.startswith("InstanceNorm") or math.prod(_spatial(site)) > 1:
        return None
    arrival = site.arrivals[0]
    return site.problem(
        f"{site.node.name} needs several values a channel to normalize; {arrival.source} gives {arrival.type}",
        arrival.name,
        actual=str(arrival.type),
    )


def _bounds(site: Site) -> Problem | None:
    for low, high, equal in (("lower", "upper", True), ("min_val", "max_val", False)):
        less, more = site.values.get(low), site.values.get(high)
        if isinstance(less, int | float) and isinstance(more, int | float):
            words = "is less than" if equal else "is not larger than"
            if less > more or (less == more and not equal):
                return site.problem(
                    f"{high} of {site.node.name} {words} its {low}, {less:g}; it is {more:g}", high
                )
    return None


def _no_axis(site: Site) -> Problem | None:
    """Torch would guess the axis, and warn."""
    if site.kind.target.rpartition(".")[2].lower() not in ("softmax", "logsoftmax", "log_softmax", "softmin"):
        return None
    if site.values.get("dim") is not None:
        return None
    last = cures.set_param(site, site.node.name, "dim", -1)
    return site.problem(f"dim of {site.node.name} is missing; it is the number of an axis", "dim", last)


def _two_rows(site: Site) -> Problem | None:
    if site.kind.target != "torch.nn.Bilinear":
        return None
    first, second = site.arrivals
    if first.type.sizes[:-1] == second.type.sizes[:-1]:
        return None
    return site.problem(
        f"{site.node.name} expects two inputs that differ in their last axis only; {first.source} gives {first.type}, "
        f"{second.source} gives {second.type}",
        second.name,
    )


LAYER_CHECKS = (
    _last_axes,
    _batch_taken,
    _groups,
    _same_steps,
    _half,
    _mirrored,
    _cut_off,
    _fractional,
    _resized,
    _unpooled,
    _divided,
    _halved,
    _unflattened,
    _folded,
    _one_value,
    _bounds,
    _no_axis,
    _two_rows,
)
# These look further than at what arrives.
LAYER_CHECKS_AROUND = (_misplaced,)
