"""What layers over sequences ask: states of a fitting shape, tokens within an embedding's rows, bags that begin somewhere."""

from collections.abc import Iterator
from dataclasses import replace

from nndesigner.catalogue.tensor import CHECK_BATCH, TensorType, axis_words
from nndesigner.checks import cures
from nndesigner.checks.attention import ATTENTION_CHECKS
from nndesigner.checks.site import Arrival, Site
from nndesigner.graph import Graph, Node
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project
from nndesigner.steps import Plan, Step

SPARSE = ("SGD", "Adagrad", "SparseAdam")  # optimizers that take sparse gradients


def _number(site: Site, name: str, begins: int = 0) -> int:
    value = site.values.get(name)
    return value if isinstance(value, int) else begins


def _counted(count: int) -> str:
    """A number with a comma by thousands: `5,000`."""
    return f"{count:,}"


def _states(site: Site) -> Problem | None:
    """What a recurrent layer begins with: for each layer and direction, each record, each number of its state."""
    if site.kind.family != "recurrent":
        return None
    states = {one.name: one for one in site.arrivals if one.port.optional}
    asked = [port.name for port in site.kind.inputs if port.optional]
    if states and len(states) < len(asked):
        has, lacks = (next(name for name in asked if (name in states) is given) for given in (True, False))
        return site.problem(
            f"{site.node.name} begins with {has} and {lacks}, or with neither; {lacks} gets nothing", lacks
        )
    for name, arrival in states.items():
        wanted, words = _wanted(site, name)
        if arrival.type.sizes != wanted.sizes:
            return site.problem(
                f"{site.node.name} expects {name} of {wanted} ({words}), {arrival.source} gives {arrival.type}",
                name,
                expected=str(wanted),
                actual=str(arrival.type),
            )
    return None


def _wanted(site: Site, state: str) -> tuple[TensorType, str]:
    """The shape of a state a recurrent layer begins with, and what its axes are."""
    given = site.arrivals[0].type.sizes
    hidden = _number(site, "hidden_size")
    if site.kind.name.endswith("Cell"):
        return TensorType((given[0], hidden)), "batch, hidden_size"
    batch = given[0] if site.values.get("batch_first") else given[1]
    directions = 2 if site.values.get("bidirectional") else 1
    projected = _number(site, "proj_size") if state == "h_0" else 0
    layers = "num_layers" if directions == 1 else "num_layers and directions"
    sizes = (_number(site, "num_layers", 1) * directions, batch, projected or hidden)
    return TensorType(sizes), f"{layers}, batch, {'proj_size' if projected else 'hidden_size'}"


def _projected(site: Site) -> Problem | None:
    size, hidden = _number(site, "proj_size"), _number(site, "hidden_size")
    if size and size >= hidden:
        return site.problem(
            f"proj_size of {site.node.name} must be less than its hidden_size, {hidden}; it is set to {size}",
            "proj_size",
            cures.set_param(site, site.node.name, "proj_size", hidden // 2),
        )
    return None


def _dropped(site: Site) -> Problem | None:
    """Dropout stands between layers, of which there is only one."""
    if site.kind.family != "recurrent" or not site.values.get("dropout") or _number(site, "num_layers") != 1:
        return None
    name = site.node.name
    return site.problem(
        f"{name} drops between its layers, and it has only one, so dropout does nothing",
        "dropout",
        cures.set_param(site, name, "num_layers", 2),
        cures.set_param(site, name, "dropout", 0.0),
        severity="warning",
    )


def _tokens(site: Site) -> Problem | None:
    """Each token needs its row, and the one that fills up is one of them."""
    if site.kind.family != "embedding" or "num_embeddings" not in site.kind.by_name:
        return None
    name, count, padding = site.node.name, _number(site, "num_embeddings"), site.values["padding_idx"]
    arrival = site.arrivals[0]
    known = _classes(site, arrival)
    if known > count:
        return site.problem(
            f"{name} has {_counted(count)} entries, {arrival.source} has {_counted(known)} different tokens",
            "num_embeddings",
            cures.set_param(site, name, "num_embeddings", known),
            expected=f"{_counted(known)} entries",
            actual=_counted(count),
        )
    if isinstance(padding, int) and not -count <= padding < count:
        return site.problem(
            f"padding_idx of {name} is a token below {_counted(count)}; it is set to {padding}",
            "padding_idx",
            cures.set_param(site, name, "padding_idx", 0),
        )
    return None


def _classes(site: Site, arrival: Arrival) -> int:
    """How many different tokens come, as far as the data set tells; 0 where it does not."""
    edge = site.origin(site.wire(arrival))
    given = site.types.get((edge.source, edge.output))
    return arrival.type.classes or (given.classes if given else None) or 0


def _bags(site: Site) -> Problem | None:
    """Tokens in rows are bags; those behind one another need to be told where each begins."""
    if site.kind.name != "EmbeddingBag":
        return None
    name, arrival = site.node.name, site.arrivals[0]
    others = {one.name: one for one in site.arrivals[1:]}
    if len(arrival.type.sizes) == 1 and "offsets" not in others:
        return site.problem(
            f"{name} gets tokens in one row ({arrival.type} from {arrival.source}), so it needs offsets: where each "
            "bag begins",
            "offsets",
        )
    if len(arrival.type.sizes) == 2 and "offsets" in others:
        return site.problem(
            f"{name} takes each row of {arrival.source} ({arrival.type}) as a bag, so it has no use for offsets",
            "offsets",
        )
    if "offsets" in others and others["offsets"].type.dtype != arrival.type.dtype:
        return site.problem(
            f"{name} expects offsets of the type of its tokens, {arrival.type.dtype}; {others['offsets'].source} "
            f"gives {others['offsets'].type.dtype}",
            "offsets",
        )
    return _bag_mode(site, others)


def _bag_mode(site: Site, others: dict[str, Arrival]) -> Problem | None:
    """What goes with some modes only."""
    name, mode = site.node.name, site.values["mode"]
    if "per_sample_weights" in others and mode != "sum":
        return site.problem(
            f"{name} takes per_sample_weights only with the mode sum; its mode is {mode}",
            "per_sample_weights",
            cures.set_param(site, name, "mode", "sum"),
        )
    for param in ("sparse", "scale_grad_by_freq"):
        if mode == "max" and site.values[param]:
            return site.problem(
                f"{name} can't have {param} with the mode max",
                param,
                cures.set_param(site, name, param, False),
                cures.set_param(site, name, "mode", "mean"),
            )
    if site.values["include_last_offset"] and "offsets" not in others:
        return site.problem(
            f"include_last_offset of {name} is about its offsets, and it gets none",
            "include_last_offset",
            cures.set_param(site, name, "include_last_offset", False),
        )
    return None


def sparse_problems(project: Project, plan: Plan) -> Iterator[Problem]:
    """Gradients for some rows only are something that most optimizers can't take."""
    choice = project.training.optimizer
    takes = choice.kind in SPARSE
    decays = takes and bool(choice.params.get("weight_decay"))
    fused = takes and bool(choice.params.get("fused"))
    if takes and not decays and not fused:
        return
    for step, holder in _looking_up(plan):
        if not step.parts[0].arguments.get("sparse"):
            continue
        others = " and ".join(filter(None, [", ".join(SPARSE[:-1]), SPARSE[-1]]))
        name = f"{step.name} inside {holder}" if holder else step.name
        message = f"{name} gives sparse gradients, which {choice.kind} can't take; {others} can"
        if decays:
            message = f"{name} gives sparse gradients, for which {choice.kind} has no weight_decay"
        elif fused:
            message = f"{name} gives sparse gradients, which {choice.kind} can't take with fused on"
        dense = () if holder else (_dense(project.graph, step.node),)
        unfused = (_unfused(project),) if fused and not decays else ()
        yield Problem(holder or step.name, message, "" if holder else "sparse", cures=(*unfused, *dense))


def _looking_up(plan: Plan, holder: str = "") -> Iterator[tuple[Step, str]]:
    """The embeddings of a network, and the block each is in."""
    for step in plan.steps:
        if step.owns and step.kind.family == "embedding":
            yield step, holder
        for part in step.parts[:1]:
            if part.inner is not None:
                yield from _looking_up(part.inner, holder or step.name)


def _dense(graph: Graph, node: Node) -> Cure:
    return Cure(f"Turn sparse of {node.name} off", graph.replace_node(node.without_param("sparse")))


def _unfused(project: Project) -> Cure:
    optimizer = project.training.optimizer
    plain = replace(optimizer, params={**optimizer.params, "fused": False})
    training = replace(project.training, optimizer=plain)
    return Cure(f"Turn fused of {optimizer.kind} off", project.graph, training=training)


def _in_order(site: Site) -> Problem | None:
    """With the batch taken for the steps, records would be read as one sequence."""
    if site.values.get("batch_first") is not False or not site.arrivals:
        return None
    arrival = site.arrivals[0]
    first, second, *_ = arrival.type.sizes
    if first % CHECK_BATCH or not second % CHECK_BATCH:
        return None
    name = site.node.name
    return site.problem(
        f"{name} takes the first axis of {arrival.type} from {arrival.source} as the steps, and it is the batch; "
        f"the second, {axis_words(second)}, as the batch",
        "batch_first",
        cures.set_param(site, name, "batch_first", True),
        severity="warning",
    )


SEQUENCE_CHECKS = (
    _states,
    _projected,
    _tokens,
    _bags,
    *ATTENTION_CHECKS,
    _dropped,
    _in_order,
)
