"""What is wrong with the training settings."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.catalogue.param import Required
from nndesigner.expression import Expression
from nndesigner.graph import Graph, Value
from nndesigner.problem import Cure, Problem
from nndesigner.project import Choice, Project, Training

_MOST_KEPT = 0.95 + 1e-9  # of the data
Change = tuple[str, str, dict[str, Value]]  # what is wrong; the role whose params cure it; those params


def settings_problems(project: Project) -> list[Problem]:
    """What is wrong with the optimizer and the scheduler a project is to be trained with."""
    training = project.training
    found = [*_impossible(project)]
    for role, choice in (("optimizer", training.optimizer), ("scheduler", training.scheduler)):
        if choice is None:
            continue
        kind = catalogue.BY_NAME.get(choice.kind)
        if kind is None or kind.role != role:
            message = f"{choice.kind!r} is no {role} that this version knows; it is kept, but can't be used"
            other = (
                replace(training, optimizer=Choice("Adam"))
                if role == "optimizer"
                else replace(training, scheduler=None)
            )
            title = "Train with Adam" if role == "optimizer" else "Train without a scheduler"
            found.append(Problem("", message, role, cures=(Cure(title, project.graph, training=other),)))
            continue
        wrong: list[Change] = [
            (message, role, _back(kind, choice, name)) for name, message in kind.problems(choice.params)
        ]
        wrong += [
            (f"{name} is a value of its own, not computed", role, _back(kind, choice, name))
            for name, value in choice.params.items()
            if isinstance(value, Expression)
        ]
        if not wrong:
            values = kind.values(choice.params)
            wrong += _together(role, values, training.optimizer)
            wrong += _too_long(role, choice, values.get("warmup"), training.epochs)
        found += [
            Problem(
                "",
                f"{choice.kind}: {message}",
                role,
                cures=tuple(_cure(project.graph, training, part, params)),
            )
            for message, part, params in wrong
        ]
    return found


def _impossible(project: Project) -> Iterator[Problem]:
    """Settings that the data or the optimizer does not allow."""
    training, data_set = project.training, project.data_set()
    if data_set is not None:
        labelled = any(one.sort == "label" for one in data_set.fields)
        words = {
            "grouped": "by groups: nothing in it says which records belong together, such as those of a speaker",
            "stratified": "so that each class is as often in each part: it has no classes",
        }
        if {"grouped": not data_set.group, "stratified": not labelled}.get(training.split, False):
            title = "Split at random, or by the parts it comes in"
            cure = Cure(title, project.graph, training=replace(training, split="given"))
            yield Problem("", f"{data_set.title} can't be split {words[training.split]}", cures=(cure,))
    kind = catalogue.BY_NAME.get(training.optimizer.kind)
    if kind is not None and kind.closure and training.accumulate > 1:
        cure = Cure("Set accumulate to 1", project.graph, training=replace(training, accumulate=1))
        message = f"{kind.name} computes the loss of a batch several times a step, so gradients of several batches can't be summed up"
        yield Problem("", message, cures=(cure,))
    if kind is not None and kind.closure and training.precision == "fp16":
        cure = Cure("Set precision to fp32", project.graph, training=replace(training, precision="fp32"))
        message = f"{kind.name} computes the loss of a batch several times a step, which fp16 can't scale"
        yield Problem("", message, cures=(cure,))
    if training.validation + training.test > _MOST_KEPT and not (
        data_set and data_set.parts and training.split == "given"
    ):
        cure = Cure(
            "Keep 10 % for validation and 20 % for the test",
            project.graph,
            training=replace(training, validation=0.1, test=0.2),
        )
        yield Problem("", "validation and test leave less than 5 % of the data to train on", cures=(cure,))


def _back(kind: Kind, choice: Choice, name: str) -> dict[str, Value]:
    """All params with one back at what it is by default, or gone."""
    kept = {other: value for other, value in choice.params.items() if other != name}
    param = kind.by_name.get(name)
    return kept if param is None or not isinstance(param.default, Required) else {**kept, name: param.initial}


def _cure(graph: Graph, training: Training, role: str, params: dict[str, Value]) -> Iterator[Cure]:
    choice: Choice | None = getattr(training, role)
    if choice is None or params == choice.params:
        return
    gone = [name for name in choice.params if name not in params]
    kind = catalogue.BY_NAME[choice.kind]
    words = [
        f"{name} back to {kind.by_name[name].default}" if name in kind.by_name else f"{name} away"
        for name in gone
    ]
    words += [f"{name} to {value}" for name, value in params.items() if choice.params.get(name) != value]
    chosen = Choice(choice.kind, params)
    changed = (
        replace(training, optimizer=chosen) if role == "optimizer" else replace(training, scheduler=chosen)
    )
    yield Cure(f"Set {', '.join(words)}", graph, training=changed)


def _together(role: str, values: Mapping[str, Value], optimizer: Choice) -> Iterator[Change]:
    """What is wrong with values that are right one by one."""
    own = dict(values)

    def changed(**params: Value) -> dict[str, Value]:
        kind = catalogue.BY_NAME.get(optimizer.kind)
        given = optimizer.params if role == "optimizer" and kind else {}
        return {**given, **params}

    if values.get("nesterov") and not values.get("momentum"):
        yield "nesterov needs a momentum above 0", role, changed(momentum=0.9, **_zero(own))
    elif values.get("nesterov") and values.get("dampening"):
        yield "nesterov needs a dampening of 0", role, changed(dampening=0.0)
    match values.get("etas"):
        case (float() | int() as less, float() | int() as more) if not less < 1 < more:
            yield (
                f"etas are a number below 1 and one above 1, not {less} and {more}",
                role,
                changed(etas=(0.5, 1.2)),
            )
    kind = catalogue.BY_NAME.get(optimizer.kind)
    if values.get("cycle_momentum") and kind and not kind.by_name.keys() & {"momentum", "betas"}:
        message = f"cycle_momentum needs an optimizer with momentum, which {kind.name} has not; turn it off"
        yield message, role, {**own, "cycle_momentum": False}


def _too_long(role: str, choice: Choice, warmup: Value, epochs: int) -> Iterator[Change]:
    """A warm-up that never ends."""
    if isinstance(warmup, int) and 0 < epochs <= warmup:
        shorter = {**choice.params, "warmup": epochs // 10}
        yield f"a warmup of {warmup} epochs leaves nothing of the {epochs} to train", role, shorter


def _zero(values: Mapping[str, Value]) -> dict[str, Value]:
    """Without dampening, which nesterov does not take."""
    return {"dampening": 0.0} if values.get("dampening") else {}
