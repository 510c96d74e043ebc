"""Whether a network that fits together can learn: gradients reach its weights, and batches are large enough."""

import math
from collections.abc import Iterator
from dataclasses import replace

from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.kind import Kind
from nndesigner.checks.edits import taken_out
from nndesigner.checks.sequences import sparse_problems
from nndesigner.graph import Graph
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project, Training
from nndesigner.steps import Plan, Step

# What gradients do not come through, by torch's word for it.
_CUTTING = frozenset(
    {
        "detach",
        "argmax",
        "argmin",
        "argsort",
        "sign",
        "round",
        "floor",
        "ceil",
        "trunc",
        "heaviside",
        "bool",
        "long",
        "int",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "logical_not",
        "logical_and",
        "logical_or",
        "isnan",
        "isinf",
        "floor_divide",
        "one_hot",
        "bucketize",
        "multinomial",
        "bernoulli",
    }
)


def learning_problems(project: Project, plan: Plan) -> list[Problem]:
    """What keeps a network that fits together from learning."""
    if not plan.objectives:
        return []
    if found := _nothing_to_learn(project.graph, plan):
        return [found]
    return [*_unreached(project.graph, plan), *_batch_of_one(project, plan), *sparse_problems(project, plan)]


def _nothing_to_learn(graph: Graph, plan: Plan) -> Problem | None:
    """Every layer with weights is frozen. A network without any trains nothing either."""
    owners = [step for step in plan.steps if step.owns and plan.parameters_of.get(step.name)]
    if not plan.steps or any(not step.node.frozen for step in owners):
        return None
    if not owners:
        message = "There is nothing to learn: no layer between the data and the loss has weights"
        return Problem("", message)
    thawed = graph
    for step in owners:
        thawed = thawed.replace_node(replace(thawed.nodes[step.name], frozen=False))
    last = owners[-1]
    names = _named([step.name for step in owners])
    one = Cure(f"Unfreeze {last.name}", graph.replace_node(replace(last.node, frozen=False)))
    every = Cure(f"Unfreeze {names}", thawed)
    cures = (one, every) if len(owners) > 1 else (one,)
    message = f"There is nothing to learn: {names} {'is' if len(owners) == 1 else 'are'} frozen"
    return Problem(last.name, message, cures=cures)


def _named(names: list[str]) -> str:
    if len(names) <= 3:
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{names[0]}, {names[1]} and {len(names) - 2} more"


def _unreached(graph: Graph, plan: Plan) -> Iterator[Problem]:
    """Layers from whose weights no loss is reached by a way that gradients can go."""
    reached = {place[0] for one in plan.objectives for place in one.inputs.values() if _flows(plan, place)}
    cut: dict[str, str] = {}  # by what a node is cut off, the last on the way
    unreached: list[str] = []
    shared = {step.attribute for step in plan.steps if not step.owns}
    for step in reversed(plan.steps):
        goes = step.name in reached
        cuts = goes and _cuts(step.kind, plan, step)
        if goes and not cuts:
            reached |= {place[0] for place in step.inputs.values() if _flows(plan, place)}
        for source, _ in step.inputs.values():
            if cuts:
                cut.setdefault(source, step.name)
            elif not goes and step.name in cut:
                cut.setdefault(source, cut[step.name])
        has = not goes and plan.parameters_of.get(step.name) and not step.node.frozen
        if has and step.owns and step.name not in shared:
            unreached.append(step.name)
    yield from _told(graph, plan, unreached, cut)


def _told(graph: Graph, plan: Plan, unreached: list[str], cut: dict[str, str]) -> Iterator[Problem]:
    """One problem for each place where gradients end, and for each end that no loss judges."""
    behind: dict[str, list[str]] = {}
    for name in unreached:
        behind.setdefault(cut.get(name, ""), []).append(name)
    for cutter, names in behind.items():
        listed = _named(names[::-1])
        learns = "learns" if len(names) == 1 else "learn"
        frozen = graph
        for name in names:
            frozen = frozen.replace_node(replace(graph.nodes[name], frozen=True))
        freeze = Cure(f"Freeze {listed}", frozen)
        if cutter:
            message = f"no gradient comes through {cutter}, so {listed} {learns} nothing"
            offered = (Cure(f"Remove {cutter}", taken_out(graph, cutter)), freeze)
            yield Problem(cutter, message, severity="warning", cures=offered)
        else:
            message = f"no loss is reached from {listed}, so {listed} {learns} nothing"
            if len(names) > 1:
                message = f"no loss is reached from {listed}, so they learn nothing"
            yield Problem(names[0], message, severity="warning", cures=(freeze,))


def _flows(plan: Plan, place: tuple[str, str]) -> bool:
    given = plan.types.get(place)
    return given is None or given.is_float


def _cuts(kind: Kind, plan: Plan, step: Step) -> bool:
    """Whether gradients end at a step."""
    if kind.role == "layer" and kind.target.rpartition(".")[2] in _CUTTING:
        return True
    return not any(_flows(plan, place) for place in step.outputs)


def _batch_of_one(project: Project, plan: Plan) -> Iterator[Problem]:
    """A batch norm needs more than one value a channel, and the last batch of an epoch may have one record only."""
    training, data_set = project.training, project.data_set()
    if data_set is None:
        return
    count = training_part(data_set, training)
    if count % training.batch_size != 1 and training.batch_size != 1:
        return
    for step in plan.steps:
        if (inner := _one_value(step, plan)) is None:
            continue
        where = f"{inner.name} inside {step.name}" if inner.name != step.name else step.name
        last = "every batch" if training.batch_size == 1 else "the last batch of an epoch"
        yield Problem(
            step.name,
            f"{where} needs more than one value for each channel, and {last} has one record: {count} are learned "
            f"from, in batches of {training.batch_size}",
            cures=tuple(_other_batches(project.graph, training, count)),
        )
        return


def training_part(data_set: DataSet, training: Training) -> int:
    """How many records are learned from, split as `data.splitting` does it."""
    given = data_set.parts if training.split == "given" else {}
    if given:
        rest = given.get("train", 0)
        if not given.get("validation"):
            rest -= math.ceil(training.validation * rest)
        return rest if given.get("test") else rest - math.ceil(training.validation * rest)
    rest = data_set.size - math.ceil(training.test * data_set.size)
    return rest - math.ceil(training.validation / (1 - training.test) * rest)


def _one_value(step: Step, plan: Plan) -> Step | None:
    """The batch norm in a step that gets one value for each channel from one record."""
    if step.kind.family == "normalization" and step.kind.name.startswith("BatchNorm"):
        given = plan.types.get(next(iter(step.inputs.values()), ("", "")))
        if given is not None and given.batched:
            sizes = given.at(1)
            if math.prod(sizes) == sizes[1]:
                return step
    for part in step.parts:
        for inner in part.inner.steps if part.inner else ():
            assert part.inner is not None
            if (found := _one_value(inner, part.inner)) is not None:
                return found
    return None


def _other_batches(graph: Graph, training: Training, count: int) -> Iterator[Cure]:
    size = training.batch_size
    nearest = sorted(range(max(2, size // 2), 2 * size + 3), key=lambda other: (abs(other - size), -other))
    for other in [other for other in nearest if other != size and count % other != 1][:2]:
        changed = replace(training, batch_size=other)
        left = count % other or other
        yield Cure(f"Set batch_size to {other}", graph, f"the last batch has {left}", training=changed)
