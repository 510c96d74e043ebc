"""Whether what is joined goes together: sizes, axes and the types of numbers."""

from nndesigner.catalogue.kind import CHECK_BATCH
from nndesigner.checks import cures
from nndesigner.checks.site import Arrival, Site, described
from nndesigner.problem import Cure, Problem


def _other_ranks(site: Site) -> Problem | None:
    """Torch lays shapes over one another from the last axis on, so with fewer axes the batch would meet another."""
    batched = [arrival for arrival in site.arrivals if arrival.type.batched]
    if not _laid_over(site) or len(batched) < 2:
        return None
    for other in batched[1:]:
        if problem := _another_rank(site, batched[0], other):
            return problem
    return None


def _another_rank(site: Site, first: Arrival, other: Arrival, flattens: bool = False) -> Problem | None:
    """All have the same number of axes; where one may be laid flat, that is the first cure."""
    if len(other.type.sizes) == len(first.type.sizes):
        return None
    few, many = sorted((first, other), key=lambda arrival: len(arrival.type.sizes))
    flat = cures.flatten(site, site.wire(many)) if flattens and len(few.type.sizes) == 2 else []
    return site.problem(
        f"{site.node.name} expects the same number of axes from all, but {first.source} gives "
        f"{described(first.type)} and {other.source} gives {described(other.type)}",
        other.name,
        *flat,
        *_same_rank(site, few, many),
        expected=str(first.type),
        actual=str(other.type),
    )


def _laid_over(site: Site) -> bool:
    """Whether its inputs are taken number by number."""
    return site.kind.is_operator and site.kind.target not in ("operator.matmul", "operator.getitem")


def _same_rank(site: Site, few: Arrival, many: Arrival) -> list[Cure | None]:
    """Take an axis of one away from the one, or give it to the other."""
    last = len(many.type.sizes) - 1
    found: list[Cure | None] = []
    if len(few.type.sizes) == last:
        found += [
            cures.drop_axis(site, site.wire(many), last),
            cures.add_axis(site, site.wire(few), last),
            cures.add_axis(site, site.wire(few), 1),
        ]
    return [*found, *(cures.flatten(site, site.wire(many)) if len(few.type.sizes) == 2 else [])]


def _other_sizes(site: Site) -> Problem | None:
    """Sizes must be equal where neither is one; the batch must not meet another axis."""
    if not _laid_over(site) or len(site.arrivals) < 2:
        return None
    first, *others = site.arrivals
    for other in others:
        pairs = list(zip(reversed(first.type.sizes), reversed(other.type.sizes), strict=False))
        if any(a != b and 1 not in (a, b) for a, b in pairs):
            return site.problem(
                f"{site.node.name} can't take {first.type} from {first.source} and {other.type} from "
                f"{other.source}: sizes must be equal",
                other.name,
                *cures.match(site, first, other),
                expected=str(first.type),
                actual=str(other.type),
            )
        spread = sum(_is_batch(max(a, b)) for a, b in pairs)
        if spread > max(_batches(first), _batches(other)):
            return site.problem(
                f"{site.node.name} would lay {first.type} from {first.source} over {other.type} from "
                f"{other.source}: every sample would meet every other",
                other.name,
                cures.drop_axis(site, site.wire(other), 0),
                severity="warning",
                expected=str(first.type),
                actual=str(other.type),
            )
    return None


def _is_batch(size: int) -> bool:
    return size > 0 and size % CHECK_BATCH == 0


def _batches(arrival: Arrival) -> int:
    return sum(map(_is_batch, arrival.type.sizes))


def _laid_behind(site: Site) -> Problem | None:
    """All but the axis along which they are joined agree."""
    if site.kind.target != "torch.cat" or len(site.arrivals) < 2:
        return None
    first, *others = site.arrivals
    dim = site.values.get("dim")
    for other in others:
        if problem := _another_rank(site, first, other, flattens=True):
            return problem
        if not isinstance(dim, int):
            continue
        along = dim % len(first.type.sizes)
        pairs = enumerate(zip(first.type.sizes, other.type.sizes, strict=True))
        wrong = [place for place, (a, b) in pairs if a != b and place != along]
        if wrong:
            axes = list(first.type.axes)
            axes[along] = "any"
            elsewhere = cures.set_param(site, site.node.name, "dim", wrong[0]) if len(wrong) == 1 else None
            return site.problem(
                f"{site.node.name} joins along axis {along}, so the other axes must agree, but {first.source} gives "
                f"{first.type} and {other.source} gives {other.type}",
                other.name,
                *(cure for cure in cures.match(site, first, other) if cure),
                elsewhere,
                expected="×".join(axes),
                actual=str(other.type),
            )
    return None


def _mixed(site: Site) -> Problem | None:
    """Whole and fractional numbers in one tensor: torch makes all of them fractional without a word."""
    if site.kind.target not in ("torch.cat", "torch.stack") or len(site.arrivals) < 2:
        return None
    whole = [arrival for arrival in site.arrivals if not arrival.type.is_float]
    fractional = [arrival for arrival in site.arrivals if arrival.type.is_float]
    if not whole or not fractional:
        return None
    return site.problem(
        f"{site.node.name} joins whole numbers ({whole[0].type.dtype}) from {whole[0].source} with fractional ones "
        f"(float32) from {fractional[0].source}",
        whole[0].name,
        *cures.dtype(site, site.wire(whole[0]), "float32"),
        expected="float32",
        actual=whole[0].type.dtype,
        severity="warning",
    )


CHECKS = (_other_ranks, _other_sizes, _laid_behind, _mixed)
