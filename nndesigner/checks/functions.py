"""What functions of torch expect beyond ranks and dtypes, where torch says it late, or not in words for people."""

import math
from collections.abc import Iterator

from nndesigner.catalogue.tensor import CHECK_BATCH, axis_words
from nndesigner.checks import cures
from nndesigner.checks.site import Site, described, times
from nndesigner.graph import Value
from nndesigner.problem import Problem

_COMPARISONS = frozenset(f"operator.{sign}" for sign in ("eq", "ne", "lt", "le", "gt", "ge"))

_NOT_OF_MASKS = frozenset(
    ["operator.sub", "operator.neg", "operator.matmul", "torch.abs"]
    + [f"torch.Tensor.{name}" for name in ("argmax", "argmin", "topk", "clamp")]
)


def _masks(site: Site) -> Problem | None:
    """A mask is true or false; a number of something is neither."""
    for arrival in site.arrivals:
        wanted, given = arrival.port.dtype, arrival.type.dtype
        if (wanted == "bool") != (given == "bool") and wanted in ("bool", "int"):
            words = {"bool": "a mask (bool), such as a comparison gives", "int": "whole numbers (int64)"}[
                wanted
            ]
            return site.problem(
                f"{site.node.name} expects {words} at {arrival.name}, {arrival.source} gives {given}",
                arrival.name,
                expected={"bool": "bool", "int": "int64"}[wanted],
                actual=given,
            )
    return None


def _computed_masks(site: Site) -> Problem | None:
    """Torch adds and multiplies masks, but does not subtract or order them; on the meta device it would."""
    if site.kind.target not in _NOT_OF_MASKS:
        return None
    for arrival in site.arrivals:
        if arrival.type.dtype == "bool":
            return site.problem(
                f"{site.node.name} expects numbers, {arrival.source} gives a mask (bool). A ToFloat makes zeros and "
                "ones of it, a Not its opposite",
                arrival.name,
                *cures.dtype(site, site.wire(arrival), "float32"),
                expected="float32",
                actual="bool",
            )
    return None


def _several_axes(site: Site) -> Problem | None:
    """Axes that are named lie within those that come in, each once; an order names all of them."""
    if not site.arrivals:
        return None
    first = site.arrivals[0]
    rank = len(first.type.sizes)
    for param in site.kind.params:
        value = site.values.get(param.name)
        if param.type != "axes" or value is None or param.name == "shifts":
            continue
        axes = [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, int)]
        name = f"{param.name} of {site.node.name}"
        if any(not -rank <= axis < rank for axis in axes):
            return site.problem(
                f"{name} are axes from {-rank} to {rank - 1}, as {first.source} gives {described(first.type)}; "
                f"set are {_listed(axes)}",
                param.name,
            )
        if len({axis % rank for axis in axes}) < len(axes):
            return site.problem(f"{name} name an axis twice: {_listed(axes)}", param.name)
        if site.kind.name == "Permute" and len(axes) != rank:
            order = (*axes, *(axis for axis in range(rank) if axis not in {one % rank for one in axes}))
            return site.problem(
                f"{name} must name each axis once, and {first.source} gives {described(first.type)}; "
                f"set are {_listed(axes)}",
                param.name,
                cures.set_param(site, site.node.name, param.name, order) if len(axes) < rank else None,
            )
    return None


def _compared(site: Site) -> Problem | None:
    if site.kind.target not in _COMPARISONS:
        return None
    name, count, value = site.node.name, len(site.arrivals), site.values.get("value")
    if count > 2:
        return site.problem(f"{name} compares two inputs, and has {count}", site.arrivals[2].name)
    if count == 2 and value is not None:
        return site.problem(
            f"{name} compares either with a number or with a second input, and has both. Set value to nothing to "
            "compare the two",
            "value",
            cures.set_param(site, name, "value", None),
        )
    if count == 1 and value is None:
        return site.problem(
            f"{name} compares with a number or with a second input, and has neither",
            "value",
            cures.set_param(site, name, "value", 0),
        )
    return None


def _multiplied(site: Site) -> Problem | None:
    """The rows of one matrix go with the columns of the other."""
    if site.kind.name not in ("MatMul", "BatchMatMul") or len(site.arrivals) != 2:
        return None
    first, other = site.arrivals
    one, two = first.type.sizes, other.type.sizes
    if not one or not two:
        return site.problem(f"{site.node.name} expects matrices; a single number is none", first.name)
    inner = two[-2] if len(two) > 1 else two[0]
    if one[-1] != inner:
        return site.problem(
            f"{site.node.name} expects as many columns in {first.name} as rows in {other.name}; {first.source} gives "
            f"{first.type}, so {axis_words(one[-1])} columns, and {other.source} gives {other.type}, so "
            f"{axis_words(inner)} rows",
            other.name,
        )
    return None


def _equation(site: Site) -> Problem | None:
    """An equation of einsum names each axis of each input; a letter has one size; the result has known letters."""
    if site.kind.target != "torch.einsum":
        return None
    for message, port in _equation_problems(site):
        return site.problem(message, port)
    return None


def _equation_problems(site: Site) -> Iterator[tuple[str, str]]:
    name = site.node.name
    left, _, right = str(site.values["equation"]).replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(site.arrivals):
        yield (
            f"the equation of {name} is for {len(terms)} {_plural(len(terms), 'input')}, and it has "
            f"{len(site.arrivals)}",
            "equation",
        )
        return
    sizes: dict[str, tuple[int, str]] = {}
    for term, arrival in zip(terms, site.arrivals, strict=True):
        if len(term) != len(arrival.type.sizes):
            yield (
                f"the equation of {name} has {len(term)} {_plural(len(term), 'letter')} ({term}) for "
                f"{arrival.name}, and {arrival.source} gives {described(arrival.type)}",
                arrival.name,
            )
            return
        for letter, size in zip(term, arrival.type.sizes, strict=True):
            known, source = sizes.setdefault(letter, (size, arrival.source))
            if known != size and 1 not in (known, size):
                yield (
                    f"{letter} in the equation of {name} is {axis_words(known)} in {source} and {axis_words(size)} "
                    f"in {arrival.source}",
                    arrival.name,
                )
                return
            sizes[letter] = (max(known, size), source)
    for letter in right:
        if letter not in sizes:
            yield f"the result in the equation of {name} has {letter}, which no input has", "equation"
        elif right.count(letter) > 1:
            yield f"the result in the equation of {name} has {letter} twice", "equation"


def _cut(site: Site) -> Problem | None:
    """The pieces of an axis are as many as there are outputs, whatever the batch."""
    if site.kind.name not in ("Chunk", "Split", "Unbind"):
        return None
    name, given = site.node.name, site.arrivals[0]
    dim = site.values["dim"]
    if not isinstance(dim, int) or not -len(given.type.sizes) <= dim < len(given.type.sizes):
        return None
    size = given.type.sizes[dim]
    gives = f"axis {dim} of {given.source} ({given.type}) has {axis_words(size)}"
    if size and size % CHECK_BATCH == 0:
        return site.problem(f"{name} can't cut the batch, whose size varies: {gives}", "dim")
    match site.kind.name, site.values:
        case "Chunk", {"chunks": int(count)}:
            pieces = math.ceil(size / math.ceil(size / count)) if size else 0
            if pieces != count:
                return site.problem(
                    f"{name} can't make {count} pieces: {gives}, which gives {pieces}", "chunks"
                )
        case "Split", {"split_size": (_,)}:
            return site.problem(f"{name} needs two sizes or more, one for each piece", "split_size")
        case "Split", {"split_size": tuple(sizes)}:
            if sum(one for one in sizes if isinstance(one, int)) != size:
                return site.problem(
                    f"the sizes of {name}, {_listed(sizes)}, must add up to those of the axis: {gives}",
                    "split_size",
                )
        case "Unbind", {"count": int(count)} if count != size:
            return site.problem(
                f"{name} has {count} outputs, one for each place of the axis, but {gives}",
                "count",
                cures.set_param(site, name, "count", size) if 1 < size <= 64 else None,
            )
    return None


def _laid_out(site: Site) -> Problem | None:
    """A shape holds as many numbers as there are, with at most one size left to follow."""
    if site.kind.name != "Reshape":
        return None
    given = site.arrivals[0]
    shape = [one for one in _several(site.values["shape"]) if isinstance(one, int)]
    name = site.node.name
    if shape.count(-1) > 1:
        return site.problem(
            f"the shape of {name} may leave one size open (−1), not {shape.count(-1)}", "shape"
        )
    count = math.prod(given.type.sizes)
    known = math.prod(size for size in shape if size != -1)
    if known and (count % known or (-1 not in shape and count != known)):
        without = "" if -1 in shape else "; −1 first stands for the batch"
        return site.problem(
            f"{name} can't lay {given.type} from {given.source}, {axis_words(count)} numbers, out as "
            f"{times(shape)}{without}",
            "shape",
            expected=f"{axis_words(count)} numbers",
            actual=times(shape),
        )
    return None


def _padded(site: Site) -> Problem | None:
    """Two sizes an axis, from the last on; what is put around must come from somewhere."""
    if site.kind.name != "Pad":
        return None
    name, given = site.node.name, site.arrivals[0]
    pad = [one for one in _several(site.values["pad"]) if isinstance(one, int)]
    rank, axes = len(given.type.sizes), len(pad) // 2
    if len(pad) % 2:
        return site.problem(
            f"pad of {name} has two sizes for each axis, so an even number of them, not {len(pad)}", "pad"
        )
    if axes > rank:
        return site.problem(
            f"pad of {name} is for {axes} axes, and {given.source} gives {described(given.type)}", "pad"
        )
    mode = site.values["mode"]
    if mode != "constant" and (rank - axes not in (1, 2) or axes > 3):
        return site.problem(
            f"with the mode {mode}, {name} puts values around all axes but the first one or two; pad is for {axes}, "
            f"and {given.source} gives {described(given.type)}",
            "pad",
        )
    if mode in ("reflect", "replicate") and given.type.dtype == "bool":
        return site.problem(
            f"{name} can't take a mask, which {given.source} gives, with the mode {mode}", "mode"
        )
    if mode != "constant" and site.values["value"]:
        return site.problem(f"{name} has no use for value with the mode {mode}; set it to nothing", "value")
    return None


def _settled(site: Site) -> Problem | None:
    """Params of which one is needed, or one only."""
    name, values = site.node.name, site.values
    if site.kind.name == "Clamp" and values["min"] is None and values["max"] is None:
        return site.problem(f"{name} needs min, or max, or both", "min")
    if site.kind.name == "TopK":
        given, k, dim = site.arrivals[0].type, values["k"], values["dim"]
        if isinstance(k, int) and isinstance(dim, int) and -len(given.sizes) <= dim < len(given.sizes):
            size = given.sizes[dim]
            if k > size:
                return site.problem(
                    f"{name} can't take the {k} largest of {size} along axis {dim} of {given}", "k"
                )
    return None


def _several(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _listed(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list | tuple) else str(values)


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


FUNCTION_CHECKS = (
    _masks,
    _computed_masks,
    _several_axes,
    _compared,
    _multiplied,
    _equation,
    _cut,
    _laid_out,
    _padded,
    _settled,
)
