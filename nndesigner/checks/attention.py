"""What attention asks of the sequences and masks that reach it, in words for people where torch's own are late."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nndesigner.catalogue.tensor import TensorType, axis_words
from nndesigner.checks import cures
from nndesigner.checks.edits import inserted, kind_for
from nndesigner.checks.site import Arrival, Site
from nndesigner.graph import Edge, Node
from nndesigner.problem import Cure, Problem


@dataclass(frozen=True)
class _Form:
    """How a kind of attention takes things: its sequences, those of the same length and of the same width; its masks,
    by who looks at whom; its masks of what only fills up; and the switch that says a mask is causal.
    """

    heads: str
    sequences: tuple[str, ...]
    masks: Mapping[str, tuple[str, str]]
    paddings: Mapping[str, str]
    causal: Mapping[str, str]
    as_long: tuple[str, ...] = ()
    as_wide: tuple[str, ...] = ()


_FORMS = {
    "MultiheadAttention": _Form(
        "num_heads",
        ("query", "key", "value"),
        {"attn_mask": ("query", "key")},
        {"key_padding_mask": "key"},
        {"is_causal": "attn_mask"},
        as_long=("key", "value"),
    ),
    "TransformerEncoderLayer": _Form(
        "nhead",
        ("src",),
        {"src_mask": ("src", "src")},
        {"src_key_padding_mask": "src"},
        {"is_causal": "src_mask"},
    ),
    "TransformerDecoderLayer": _Form(
        "nhead",
        ("tgt", "memory"),
        {"tgt_mask": ("tgt", "tgt"), "memory_mask": ("tgt", "memory")},
        {"tgt_key_padding_mask": "tgt", "memory_key_padding_mask": "memory"},
        {"tgt_is_causal": "tgt_mask", "memory_is_causal": "memory_mask"},
        as_wide=("tgt", "memory"),
    ),
    "Transformer": _Form(
        "nhead",
        ("src", "tgt"),
        {"src_mask": ("src", "src"), "tgt_mask": ("tgt", "tgt"), "memory_mask": ("tgt", "src")},
        {"src_key_padding_mask": "src", "tgt_key_padding_mask": "tgt", "memory_key_padding_mask": "src"},
        {},
        as_wide=("src", "tgt"),
    ),
}


def _form(site: Site) -> tuple[_Form, dict[str, Arrival], int, int] | None:
    """How it takes things, what arrives, and on which axes the batch and the positions are."""
    form = _FORMS.get(site.kind.name)
    if form is None or site.kind.family != "attention":
        return None
    batch = 0 if site.values["batch_first"] else 1
    return form, {one.name: one for one in site.arrivals}, batch, 1 - batch


def _heads(site: Site) -> Problem | None:
    """Each head gets its share of the features."""
    if (found := _form(site)) is None:
        return None
    form, arrivals, *_ = found
    first = arrivals[form.sequences[0]]
    count, width = site.values[form.heads], first.type.sizes[2]
    if isinstance(count, int) and width % count:
        return site.problem(
            f"{form.heads} of {site.node.name} must divide the {width} features of {first.source}; it is set to {count}",
            form.heads,
            *cures.divisor(site, form.heads, width),
        )
    return None


def _sequences(site: Site) -> Problem | None:
    """The same records everywhere; what is taken belongs to what is looked at."""
    if (found := _form(site)) is None:
        return None
    form, arrivals, batch, positions = found
    words = {batch: "records", positions: "positions", 2: "features"}
    turned = cures.set_param(site, site.node.name, "batch_first", True) if batch else None
    for axis, names in ((batch, form.sequences), (positions, form.as_long), (2, form.as_wide)):
        for name in names[1:]:
            one, other = arrivals[names[0]], arrivals[name]
            sizes = [each.type.sizes[axis] for each in (one, other)]
            if sizes[0] != sizes[1]:
                return site.problem(
                    f"{site.node.name} expects as many {words[axis]} at {name} as at {one.name}: {one.source} gives "
                    f"{axis_words(sizes[0])} ({one.type}), {other.source} gives {axis_words(sizes[1])} ({other.type})",
                    name,
                    turned,
                    expected=axis_words(sizes[0]),
                    actual=axis_words(sizes[1]),
                )
    return None


def _mask_types(site: Site) -> Problem | None:
    """A mask is true or false, or numbers that are added; tokens are neither."""
    if site.kind.family != "attention":
        return None
    for arrival in site.arrivals:
        if arrival.port.optional and arrival.type.dtype != "bool" and not arrival.type.is_float:
            return site.problem(
                f"{site.node.name} expects a mask (bool) or numbers that are added at {arrival.name}, {arrival.source} "
                f"gives {arrival.type.dtype}",
                arrival.name,
                *_masked(site, arrival),
                expected="bool",
                actual=arrival.type.dtype,
            )
    return None


def _masked(site: Site, arrival: Arrival) -> list[Cure]:
    """A mask made of tokens."""
    kind = kind_for("nndesigner.functions.padding_mask")
    if kind is None or "padding" not in arrival.name:
        return []
    layers = inserted(site.graph, site.wire(arrival), (kind.name, {}))
    return [Cure(f"Insert a {kind.name} before {site.node.name}", layers)]


def _mask_shapes(site: Site) -> Problem | None:
    """Who looks by whom is looked at, for all or for each head of each record; each record by its positions."""
    if (found := _form(site)) is None:
        return None
    form, arrivals, batch, positions = found
    heads = site.values[form.heads]
    assert isinstance(heads, int)
    for name, arrival in arrivals.items():
        sizes = arrival.type.sizes
        if name in form.masks:
            looks, seen = (arrivals[one].type.sizes for one in form.masks[name])
            wanted: tuple[int, ...] = (looks[positions], seen[positions])
            words = f"positions of {form.masks[name][0]} by positions of {form.masks[name][1]}"
            fits = sizes == wanted or sizes == (looks[batch] * heads, *wanted)
        elif name in form.paddings:
            seen = arrivals[form.paddings[name]].type.sizes
            wanted = (seen[batch], seen[positions])
            words = f"records by positions of {form.paddings[name]}"
            fits = sizes == wanted
        else:
            continue
        if not fits:
            return site.problem(
                f"{site.node.name} expects {name} of {TensorType(wanted)}, {words}; {arrival.source} gives {arrival.type}",
                name,
                expected=str(TensorType(wanted)),
                actual=str(arrival.type),
            )
    return None


def _causal(site: Site) -> Problem | None:
    """The switch says something of the mask; it does not make one."""
    if (found := _form(site)) is None:
        return None
    form, arrivals, *_ = found
    for param, mask in form.causal.items():
        if site.values[param] and mask not in arrivals:
            return site.problem(
                f"{param} of {site.node.name} says that its {mask} hides later positions, and {mask} gets nothing; "
                "wire a CausalMask to it",
                mask,
                *_with_mask(site, mask, form.masks[mask]),
                cures.set_param(site, site.node.name, param, False),
            )
    return None


def _with_mask(site: Site, mask: str, between: tuple[str, str]) -> Iterator[Cure]:
    """A causal mask of what looks, where it looks at itself."""
    kind = kind_for("nndesigner.functions.causal_mask")
    looks, seen = ({one.name: one for one in site.arrivals}[name] for name in between)
    edge = site.wire(looks)
    same = site.wire(seen)[:2] == edge[:2]
    if kind is None or not same or not site.values["batch_first"]:
        return
    x, y = site.node.position
    graph, name = site.graph, site.graph.fresh_name(kind.name_stem)
    graph = graph.add(Node(name, kind.name, kind.start_params(), (x - 120, y - 120)))
    graph = graph.connect(Edge(edge.source, edge.output, name, kind.input_names()[0]))
    graph = graph.connect(Edge(name, kind.outputs[0].name, site.node.name, mask))
    yield Cure(f"Wire a {kind.name} to {mask}", graph)


def _products(site: Site) -> Problem | None:
    """Scores are products of query and key; then value is mixed, a row for each row of key."""
    if not site.kind.target.endswith("scaled_dot_product_attention"):
        return None
    name, by_name = site.node.name, {one.name: one for one in site.arrivals}
    query, key, value = (by_name[one] for one in ("query", "key", "value"))
    for one in (key, value):
        if len(one.type.sizes) != len(query.type.sizes):
            return _differ(site, query, one, "axes", len(query.type.sizes), len(one.type.sizes))
    grouped = site.values["enable_gqa"] and len(query.type.sizes) == 4
    for one, other, axis, words in (
        (query, key, 0, "records"),
        (query, value, 0, "records"),
        (query, key, -1, "features"),
        (key, value, -2, "positions"),
        *(((query, key, 1, "heads"), (key, value, 1, "heads")) if len(query.type.sizes) == 4 else ()),
    ):
        sizes = one.type.sizes[axis], other.type.sizes[axis]
        fits = sizes[0] == sizes[1] or (
            grouped and words == "heads" and one is query and not sizes[0] % sizes[1]
        )
        if not fits:
            return _differ(site, one, other, words, *sizes)
    mask = by_name.get("attn_mask")
    if mask is None:
        return None
    if site.values["is_causal"]:
        return site.problem(
            f"{name} hides later positions either by is_causal or by an attn_mask, not by both",
            "attn_mask",
            cures.set_param(site, name, "is_causal", False),
            Cure(f"Take out the wire to attn_mask of {name}", site.graph.disconnect([site.wire(mask)])),
        )
    wanted = (*query.type.sizes[:-1], key.type.sizes[-2])
    spread = len(mask.type.sizes) <= len(wanted) and all(
        size in (1, full) for size, full in zip(mask.type.sizes[::-1], wanted[::-1], strict=False)
    )
    if not spread:
        return site.problem(
            f"{name} expects attn_mask of {TensorType(wanted)}, or with ones in it or without the first axes; "
            f"{mask.source} gives {mask.type}",
            "attn_mask",
            expected=str(TensorType(wanted)),
            actual=str(mask.type),
        )
    return _turned(site, mask)


def _differ(site: Site, one: Arrival, other: Arrival, words: str, *sizes: int) -> Problem:
    return site.problem(
        f"{site.node.name} expects as many {words} at {other.name} as at {one.name}: {one.source} gives "
        f"{axis_words(sizes[0])} ({one.type}), {other.source} gives {axis_words(sizes[1])} ({other.type})",
        other.name,
        expected=axis_words(sizes[0]),
        actual=axis_words(sizes[1]),
    )


def _turned(site: Site, mask: Arrival) -> Problem | None:
    """Torch's function looks where its mask is true, torch's modules where it is not."""
    edge = site.origin(site.wire(mask))
    kind = site.kind_of(edge.source)
    if kind is None or kind.target not in (
        "nndesigner.functions.causal_mask",
        "nndesigner.functions.padding_mask",
    ):
        return None
    turning = kind_for("operator.invert", "torch.logical_not")
    cure = None
    if turning is not None:
        layers = inserted(site.graph, site.wire(mask), (turning.name, {}))
        cure = Cure(f"Insert a {turning.name} before {site.node.name}", layers)
    return site.problem(
        f"{site.node.name} looks where attn_mask is true, and {edge.source} is true where one may not look",
        "attn_mask",
        cure,
        severity="warning",
    )


ATTENTION_CHECKS = (_heads, _sequences, _mask_types, _mask_shapes, _causal, _products)
