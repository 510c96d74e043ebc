"""What is to be said of a whole network, beyond its single nodes."""

from collections.abc import Iterable

from nndesigner.catalogue.kind import TensorType
from nndesigner.checks.edits import appended, with_param
from nndesigner.checks.learning import learning_problems
from nndesigner.graph import Graph
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project
from nndesigner.steps import Plan


def whole_problems(project: Project, plan: Plan) -> list[Problem]:
    """What is wrong with a network as a whole, and what is not wrong yet but will be missed."""
    found = _ends(project, plan)
    return found if plan.errors else [*found, *learning_problems(project, plan)]


def _ends(project: Project, plan: Plan) -> list[Problem]:
    """Parts that nothing uses, a network without an end."""
    graph = project.graph
    if not graph.nodes:
        return []
    kinds = {name: project.kind_of(node) for name, node in graph.nodes.items()}
    roles = {name: kind.role if kind else "" for name, kind in kinds.items()}
    ends = [name for name, role in roles.items() if role in ("output", "loss")]
    sources = [name for name, role in roles.items() if role == "data"]
    found = [_second(graph, sources[0], name) for name in sources[1:]]
    if not ends:
        message = "The network has no end yet: wire its last layer to an Output, and to a loss"
        return [*found, Problem("", message, severity="warning", cures=_end_cures(project, plan))]
    found += _unused(graph, roles, ends, plan)
    losses = [name for name, role in roles.items() if role == "loss"]
    outputs = [name for name, role in roles.items() if role == "output"]
    if not outputs:
        message = "There is no Output: wire the layer that gives the answer to one"
        place = next((one.prediction for one in plan.objectives), None)
        answers = tuple(_output(graph, [place], plan)) if place else ()
        found.append(Problem("", message, severity="warning", cures=answers))
    if not losses and sources:
        message = "There is no loss, so there is nothing to learn from: add one to train"
        offered = (_with_loss(graph, project, plan, place) for place in plan.outputs.values())
        cures = tuple(cure for cure in offered if cure)
        found.append(Problem("", message, severity="warning", cures=cures))
    return found


def _second(graph: Graph, first: str, name: str) -> Problem:
    without = graph.remove([name])
    for edge in graph.outgoing.get(name, ()):
        without = without.connect(edge._replace(source=first))
    message = f"{name} is a second Data node; a network learns from one"
    return Problem(name, message, cures=(Cure(f"Use {first} in its place", without),))


def _unused(graph: Graph, roles: dict[str, str], ends: list[str], plan: Plan) -> list[Problem]:
    """One problem for each end of a part that leads nowhere, unless a cure of another problem wires it."""
    used = graph.ancestors(ends)
    idle = [name for name in graph.nodes if name not in used and roles[name] != "data"]
    if not idle:
        return []
    wired = {
        edge.source
        for problem in plan.problems
        for cure in problem.cures
        if not cure.block
        for edge in cure.graph.edges - graph.edges
    }
    wrong = {problem.node for problem in plan.errors}
    found = []
    told: set[str] = set()
    for name in idle:
        if name in graph.outgoing:
            continue
        part = {one for one in graph.ancestors([name]) if one not in used and roles[one] != "data"}
        if part & wrong or name in wired:
            continue
        behind = len(part - told) - 1
        told |= part
        more = f" and {behind} {'node' if behind == 1 else 'nodes'} before it" if behind else ""
        places = [place for place in plan.types if place[0] == name]
        cures = (
            *(_output(graph, places, plan) if not any(plan.parameters_of.get(one) for one in part) else ()),
            Cure(f"Remove {name}{more}", graph.remove(part)),
            *_output(graph, places, plan),
        )
        message = f"nothing uses {name}: it leads to no Output and no loss"
        found.append(Problem(name, message, severity="warning", cures=cures))
    return found


def _output(graph: Graph, places: Iterable[tuple[str, str]], plan: Plan) -> list[Cure]:
    return [
        Cure(
            f"Add an Output after {name}",
            appended(graph, "Output", input=(name, port)),
            f"{name} gives {plan.types[name, port]}",
        )
        for name, port in places
        if (name, port) in plan.types
    ]


def _end_cures(project: Project, plan: Plan) -> tuple[Cure, ...]:
    """An Output, and with data a loss, after the one layer that nothing uses."""
    graph = project.graph
    if len(plan.results) != 1 or plan.results[0] not in plan.types:
        return ()
    (answer,) = _output(graph, plan.results, plan)
    complete = _with_loss(answer.graph, project, plan, plan.results[0])
    if complete is None:
        return () if project.data_set() else (answer,)
    title = f"Add an Output and a {complete.title.partition(' a ')[2]}"
    return (Cure(title, complete.graph, complete.gives),)


def _with_loss(graph: Graph, project: Project, plan: Plan, place: tuple[str, str]) -> Cure | None:
    """A loss after a place, judged by the field of the data that is no input."""
    given = plan.types.get(place)
    data = next((name for name, node in graph.nodes.items() if node.kind == "Data"), None)
    used = {edge.output for edge in graph.edges if edge.source == data}
    free = [field for field in project.data_fields() if field.name not in used]
    if given is None or data is None or len(free) != 1:
        return None
    field = free[0]
    kind = "CrossEntropyLoss" if field.classes else "MSELoss" if field.prepare else "BCEWithLogitsLoss"
    wired = appended(graph, kind, input=place, target=(data, field.name))
    if wanted := _outputs(given, field.type):
        node = graph.nodes[place[0]]
        if node.kind == "Linear" and node.params.get("out_features") != wanted:
            wired = with_param(wired, node.name, "out_features", wanted)
    return Cure(f"Add a {kind} after {place[0]}", wired, f"{place[0]} gives {given}")


def _outputs(given: TensorType, target: TensorType) -> int | None:
    if target.classes:
        return target.classes
    return target.sizes[-1] if len(given.sizes) == len(target.sizes) == 2 else None
