"""A project lowered to ordered steps with every argument and shape filled in, or the problems that stand against it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, TensorType
from nndesigner.catalogue.param import computed
from nndesigner.checks import (
    Arrival,
    Site,
    cures,
    problem_at,
    settings_problems,
    unusable,
    whole_problems,
    wiring,
)
from nndesigner.checks.trial import Trial, proved, to_lower
from nndesigner.expression import Expression, ExpressionError
from nndesigner.graph import Block, Edge, Graph, Node, Value
from nndesigner.inference import infer, infer_own
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project
from nndesigner.steps import Objective, Part, Place, Plan, Step, unused

__all__ = ["Cure", "Objective", "Part", "Place", "Plan", "Problem", "Step", "arguments_of", "make", "unused"]

_MOST_TRIALS = 60  # in one plan: a file full of mistakes is told at once, if without all its cures


def make(project: Project) -> Plan:
    """The plan of a project's main graph."""
    lowering = _Lowering(project, project.graph, _Insides())
    plan = lowering.run({})
    if plan.objectives:
        plan = replace(plan, problems=(*plan.problems, *settings_problems(project)))
    found = [lowering.proved(problem)[0] for problem in whole_problems(project, plan)]
    return replace(plan, problems=(*plan.problems, *found))


class _Insides:
    """The plans of the insides of blocks, remembered from one check to the next.

    A block that is not edited keeps its identity, and so do those it uses; for the same arguments and types its plan
    is the same then.
    """

    _known: ClassVar[dict[tuple[object, ...], tuple["Plan", tuple[Block, ...]]]] = {}
    _MOST = 4096

    def __init__(self) -> None:
        self._reached: dict[str, tuple[Block, ...]] = {}

    def plan(
        self, project: Project, name: str, values: Mapping[str, Value], incoming: Mapping[str, TensorType]
    ) -> Plan:
        """The plan of a block's inside, for the arguments and the types it is given."""
        blocks = self._blocks(project, name)
        key = (
            *map(id, blocks),
            *project.code.values(),
            project.trusted,
            tuple(values.items()),
            tuple(map(type, values.values())),
            tuple(incoming.items()),
        )
        found = self._known.get(key)
        if found is None:
            plan = _Lowering(project, project.blocks[name].graph, self, values).run(incoming)
            if len(self._known) >= self._MOST:
                self._known.clear()
            found = self._known[key] = (plan, blocks)  # the blocks, so that no other gets their identity
        return found[0]

    def _blocks(self, project: Project, name: str) -> tuple[Block, ...]:
        """A block and all that are used in it."""
        if name not in self._reached:
            block = project.blocks[name]
            kinds = dict.fromkeys(node.kind for node in block.graph.nodes.values())
            inner = (one for kind in kinds if kind in project.blocks for one in self._blocks(project, kind))
            self._reached[name] = (block, *inner)
        return self._reached[name]


class _Lowering:
    """One graph on its way to a plan; for the inside of a block, with the arguments the block is given."""

    def __init__(
        self, project: Project, graph: Graph, insides: _Insides, arguments: Mapping[str, Value] | None = None
    ) -> None:
        self.project, self.graph, self.insides = project, graph, insides
        self.inside, self.arguments = arguments is not None, arguments or {}
        self.types: dict[Place, TensorType] = {}
        self.alias: dict[Place, Place] = {}
        self.steps: dict[str, Step] = {}
        self.objectives: dict[str, Objective] = {}
        self.outputs: dict[str, Place] = {}
        self.inputs: dict[Place, str] = {}
        self.parameters_of: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.given: Mapping[str, TensorType] = {}
        self.done: dict[str, None] = {}
        # Beyond a failure the types are those of its first cure, and what does not fit there is not told: it may
        # only come of that. `doubtful` are the nodes that failed or stand beyond.
        self.assumed: set[Place] = set()
        self.doubtful: set[str] = set()
        self.beyond: _Lowering | None = None
        self.trials: int | None = 0  # None in a trial itself

    def run(self, given: Mapping[str, TensorType]) -> Plan:
        """Lowers all nodes; `given` are the types at the Input nodes of a block."""
        self.given = given
        for name in self.graph.order:
            self._one(name)
            self.done[name] = None
        return _gathered(self)

    def _one(self, name: str) -> None:
        node = self.graph.nodes[name]
        kind = self.project.kind_of(node)
        refused = unusable(self.project, self.graph, node, kind, self.inside)
        if refused:
            self._add(refused)
        if refused or kind is None:
            return
        if kind.role == "loss" and node.bypassed:
            return
        values = self._values(node, kind)
        if values is None:
            return
        if kind.role in ("data", "input"):
            self._begin(node, kind, values)
        elif (arrivals := self._arrivals(node, kind)) is not None:
            site = Site(self.project, self.graph, node, kind, values, arrivals, self.types)
            doubtful = self.doubtful and self._is_doubtful(site)
            (self._suppose if doubtful else self._lower)(site)

    def proved(self, problem: Problem, until: str = "") -> tuple[Problem, Trial | None]:
        """The problem with those of its cures that work, and what came of the first."""
        if not problem.cures or self.trials is None:
            return problem, None
        if self.trials > _MOST_TRIALS:
            return replace(problem, cures=()), None
        before = Trial(self.problems, self.types)
        return proved(problem, self.graph, before, lambda cure: self._trial(cure, until))

    def _trial(self, cure: Cure, until: str) -> Trial | None:
        """What comes of an edit, as far as this graph was lowered before and to the node `until`; None where it can't
        be said here: a block may be used elsewhere, which is seen from the main graph.
        """
        assert self.trials is not None
        if cure.block and self.inside:
            return None
        self.trials += 1
        if cure.block:
            trial = _Lowering(cure.applied(self.project), self.graph, _Insides())
            trial.trials = None
            for name in dict.fromkeys([*self.done, until]):
                trial._one(name)
            return Trial(trial.problems, trial.types)
        after = cure.graph
        names = to_lower(self.graph, after, until, self.done)
        trial = _without(self, after, names)
        for name in names:
            trial._one(name)
        return Trial(trial.problems, trial.types)

    def _is_doubtful(self, site: Site) -> bool:
        wires = self.graph.incoming.get(site.node.name, {}).values()
        return site.node.shares in self.doubtful or any(self._source(edge) in self.assumed for edge in wires)

    def _suppose(self, site: Site) -> None:
        """Goes on with types that are only assumed."""
        if self.beyond is None:
            self.beyond = _without(self, self.graph, self.graph.nodes)
            self.beyond.types, self.beyond.alias = self.types, self.alias
        self.beyond._lower(site)
        self.doubtful.add(site.node.name)
        self.assumed |= {(site.node.name, port.name) for port in site.kind.outputs}

    def _add(self, problem: Problem, until: str = "") -> None:
        """Tells a problem; beyond an error, things go on as if its first cure was done."""
        problem, trial = self.proved(problem, until or problem.node)
        self.problems.append(problem)
        if problem.severity == "error":
            self.doubtful.add(problem.node)
            given = trial.types.items() if trial else ()
            found = {place: type_ for place, type_ in given if place[0] == problem.node}
            self.types |= found
            self.assumed |= found.keys()

    def _refuse(self, node: Node, message: str, port: str = "", *offered: Cure | None) -> None:
        self._add(Problem(node.name, message, port, cures=tuple(cure for cure in offered if cure)))

    def _values(self, node: Node, kind: Kind) -> dict[str, Value] | None:
        """The node's params, expressions computed; None where one is wrong."""
        params: dict[str, Value] = {}
        try:
            for name, value in node.params.items():
                if computed(value):
                    if kind.role not in ("layer", "block"):
                        raise ExpressionError(f"{name} can't be computed for a {kind.name}; give it a value")
                    value = _evaluated(value, self.arguments)
                params[name] = value
        except ExpressionError as error:
            plain = wiring.expression(self.graph, node, kind, name, self.arguments)
            self._refuse(node, f"{node.name}.{name}: {error}", name, *plain)
            return None
        wrong = kind.problems(params)
        for name, message in wrong:
            plain = wiring.value(self.graph, node, kind, name)
            self._refuse(node, f"{node.name}: {message}", name, *plain)
        return None if wrong else kind.values(params)

    def _begin(self, node: Node, kind: Kind, values: Mapping[str, Value]) -> None:
        """A node that tensors come from."""
        if kind.role == "input":
            shape, dtype = values["shape"], values["dtype"]
            assert isinstance(shape, tuple) and isinstance(dtype, str)
            fixed = TensorType((CHECK_BATCH, *(size for size in shape if isinstance(size, int))), dtype)
            self.types[node.name, "output"] = self.given.get(node.name, fixed)
            self.inputs[node.name, "output"] = node.name
            return
        data_set = self.project.data_named(values["dataset"])
        for one in data_set.outputs(node.params) if data_set else ():
            place = (node.name, one.name)
            self.types[place] = one.type
            self.inputs[place] = unused(
                one.name, f"{node.name}_{one.name}", {*self.inputs.values(), *self.graph.nodes}
            )

    def _arrivals(self, node: Node, kind: Kind) -> list[Arrival] | None:
        """What reaches a node, port by port; None where something is missing or not known."""
        wires = self.graph.incoming.get(node.name, {})
        complete = known = True
        for name, edge in wires.items():
            if kind.input_port(name) is None:
                self._add(wiring.unknown_input(self.graph, edge, kind))
                complete = known = False
            complete = self._gives(edge) and complete
        arrivals = []
        for port in kind.inputs:
            names = sorted(
                (name for name in wires if kind.input_port(name) is port), key=lambda name: (len(name), name)
            )
            if len(names) < (0 if port.optional else max(1, port.many)) and known:
                self._add(wiring.missing(self.project, self.graph, node, kind, port))
                complete = False
            for name in names:
                place = self._source(wires[name])
                if place in self.types:
                    arrivals.append(Arrival(name, port, place[0], self.types[place]))
                else:
                    complete = False
        return arrivals if complete else None

    def _gives(self, edge: Edge) -> bool:
        """Whether the wire begins at a port that is there."""
        source = self.graph.nodes[edge.source]
        kind = self.project.kind_of(source)
        if kind is None or any(port.name == edge.output for port in kind.outputs):
            return True
        problem = wiring.unknown_output(self.graph, edge, kind)
        if not any(one.message == problem.message for one in self.problems):
            self._add(problem, edge.target)
        return False

    def _source(self, edge: Edge) -> Place:
        place = (edge.source, edge.output)
        return self.alias.get(place, place)

    def _lower(self, site: Site) -> None:
        node, kind = site.node, site.kind
        wires = self.graph.incoming.get(node.name, {})
        inputs = {arrival.name: self._source(wires[arrival.name]) for arrival in site.arrivals}
        if kind.role == "output":
            self.outputs[node.name] = inputs["input"]
            return
        if node.bypassed and inputs:
            first = next(iter(inputs.values()))
            for port in kind.outputs:
                self.alias[node.name, port.name] = first
                self.types[node.name, port.name] = self.types[first]
            return
        if problem := problem_at(site):
            self._add(problem)
            if problem.severity == "error":
                return
        if kind.role == "loss":
            self._objective(site, inputs)
        else:
            self._call(site, inputs)

    def _objective(self, site: Site, inputs: Mapping[str, Place]) -> None:
        incoming = {arrival.name: arrival.type for arrival in site.arrivals}
        arguments = arguments_of(site.kind, site.values, incoming)
        found = infer(site.kind.name, tuple(arguments.items()), tuple(incoming.values()), tuple(incoming))
        if found.failure:
            self._fail(site, found.failure)
            return
        scale = site.values["scale"]
        assert isinstance(scale, int | float)
        self.objectives[site.node.name] = Objective(site.node.name, site.kind, arguments, scale, inputs)

    def _call(self, site: Site, inputs: Mapping[str, Place]) -> None:
        node, kind = site.node, site.kind
        owner = self._owner(node, kind)
        if owner is None:
            return
        incoming = {arrival.name: arrival.type for arrival in site.arrivals}
        given: Sequence[TensorType] = ()
        parts: list[Part] = []
        for _ in range(node.repeat):
            if (made := self._part(site, incoming)) is None:
                return
            part, given = made
            parts.append(part)
            if node.repeat > 1:
                if not incoming or len(given) != 1 or not (kind.is_module or part.inner):
                    once = Cure(f"Repeat {node.name} once", self.graph.replace_node(replace(node, repeat=1)))
                    message = f"{node.name} can't be repeated: only a layer with one output can"
                    self._refuse(node, message, "", once)
                    return
                incoming[next(iter(incoming))] = given[0]
        outputs = tuple((node.name, port.name) for port in kind.outputs)
        self.types.update(zip(outputs, given, strict=True))
        step = Step(node, kind, owner, tuple(parts), inputs, outputs)
        if not step.owns and step.is_attribute and self.steps[owner].parts != step.parts:
            message = f"{node.name} can't share the weights of {owner}: their sizes differ"
            self._refuse(node, message, "", _own_weights(self.graph, node))
            return
        self.steps[node.name] = step
        self.parameters_of[node.name] = sum(part.parameters for part in parts) if step.owns else 0

    def _owner(self, node: Node, kind: Kind) -> str | None:
        if node.shares is None:
            return node.name
        step = self.steps.get(node.shares)
        if step is None or not step.owns or step.kind.name != kind.name:
            message = f"{node.name} can share the weights of a {kind.name} before it; {node.shares} is none"
            self._refuse(node, message, "", _own_weights(self.graph, node))
            return None
        return node.shares

    def _part(
        self, site: Site, incoming: Mapping[str, TensorType]
    ) -> tuple[Part, Sequence[TensorType]] | None:
        kind = site.kind
        if kind.role == "block":
            return self._inside(site, incoming)
        arguments = arguments_of(kind, site.values, incoming)
        if kind.code is not None:
            found = infer_own(kind, arguments, tuple(incoming.values()), tuple(incoming))
        else:
            found = infer(kind.name, tuple(arguments.items()), tuple(incoming.values()), tuple(incoming))
        empty = any(0 in given.sizes for given in found.outputs)
        if found.failure or empty:
            self._fail(site, found.failure or "nothing would be left of it")
            return None
        return Part(arguments, None, found.parameters), found.outputs

    def _inside(
        self, site: Site, incoming: Mapping[str, TensorType]
    ) -> tuple[Part, Sequence[TensorType]] | None:
        kind = site.kind
        inner = self.insides.plan(self.project, kind.name, site.values, incoming)
        for problem in inner.errors:
            within = tuple(replace(cure, block=cure.block or kind.name) for cure in problem.cures)
            self._add(Problem(site.node.name, f"inside {site.node.name}: {problem.message}", cures=within))
        missing = [port.name for port in kind.outputs if port.name not in inner.outputs]
        if inner.errors or missing or not kind.outputs:
            if not inner.errors:
                self._refuse(site.node, f"the block {kind.name} has no Output that gets something")
            return None
        results = tuple(inner.outputs[port.name] for port in kind.outputs)
        whole = replace(inner, results=results)  # every port, in the order of the ports
        return Part(site.values, whole, whole.parameters), [inner.types[place] for place in results]

    def _fail(self, site: Site, words: str) -> None:
        gets = " and ".join(f"{arrival.type} from {arrival.source}" for arrival in site.arrivals)
        self._refuse(
            site.node, f"{site.node.name} can't take {gets}: {words}", "", *cures.after_failure(site)
        )


def _without(lowering: _Lowering, after: Graph, names: Iterable[str]) -> _Lowering:
    """The lowering of an edited graph for a trial, these nodes and those that are gone not lowered yet."""
    gone = {*names, *(lowering.graph.nodes.keys() - after.nodes.keys())}
    arguments = lowering.arguments if lowering.inside else None
    trial = _Lowering(lowering.project, after, lowering.insides, arguments)
    trial.trials, trial.given = None, lowering.given
    trial.types = {place: given for place, given in lowering.types.items() if place[0] not in gone}
    trial.alias = {place: other for place, other in lowering.alias.items() if place[0] not in gone}
    trial.steps = {name: step for name, step in lowering.steps.items() if name not in gone}
    return trial


def _gathered(lowering: _Lowering) -> Plan:
    """The plan of what was lowered: what leads to an end, in order."""
    wanted = list(lowering.outputs.values())
    for objective in lowering.objectives.values():
        wanted += objective.inputs.values()
    results = tuple(
        dict.fromkeys(
            [*lowering.outputs.values(), *(place for place in wanted if place not in lowering.inputs)]
        )
    )
    used = _feeding(lowering.steps, results)
    steps = tuple(step for name, step in lowering.steps.items() if name in used)
    if not lowering.outputs and not lowering.objectives:  # no end yet: all there is, and what it leads to
        steps = tuple(lowering.steps.values())
        taken = {place for step in steps for place in step.inputs.values()}
        results = tuple(place for step in steps for place in step.outputs if place not in taken)
    called = {place for step in steps for place in step.inputs.values()} | set(lowering.outputs.values())
    return Plan(
        {
            name: place
            for place, name in lowering.inputs.items()
            if place in called or lowering.graph.nodes[place[0]].kind == "Input"
        },
        steps,
        lowering.outputs,
        results,
        tuple(lowering.objectives.values()),
        lowering.types,
        lowering.parameters_of,
        sum(lowering.parameters_of[step.name] for step in steps),
        tuple(lowering.problems),
        frozenset(lowering.assumed),
    )


def _feeding(steps: Mapping[str, Step], places: Iterable[Place]) -> set[str]:
    """The steps these places come from, through the wires that are really used, and whose weights they share."""
    found: set[str] = set()
    open_ = [name for name, _ in places]
    while open_:
        name = open_.pop()
        if name in found or name not in steps:
            continue
        found.add(name)
        step = steps[name]
        open_ += [source for source, _ in step.inputs.values()] + [step.attribute]
    return found


def arguments_of(
    kind: Kind, values: Mapping[str, Value], incoming: Mapping[str, TensorType]
) -> dict[str, Value]:
    """What the callable is given: what follows from the shapes, then the params that differ from the defaults."""
    found: dict[str, Value] = {}
    for one in kind.follows:
        if (size := one.value(incoming[one.port].sizes, values, found)) is not None:
            found[one.argument] = size
    for param in kind.params:
        counted = param.own and kind.role == "layer" and not kind.is_module  # how many outputs there are
        if (counted or not param.own) and values[param.name] != param.default:
            found[param.name] = values[param.name]
    return found


def _own_weights(graph: Graph, node: Node) -> Cure:
    return Cure(f"Give {node.name} weights of its own", graph.replace_node(replace(node, shares=None)))


def _evaluated(value: Value, arguments: Mapping[str, Value]) -> Value:
    """The value with its expressions computed; raises `ExpressionError`."""
    if isinstance(value, Expression):
        return value.value(arguments)
    return tuple(_evaluated(one, arguments) for one in value) if isinstance(value, tuple) else value
