"""A project lowered to ordered steps with every argument and shape filled in, or the problems that stand against it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Port, TensorType
from nndesigner.catalogue.param import computed
from nndesigner.checks import Arrival, Site, advice, problem_at, settings_problems
from nndesigner.expression import Expression, ExpressionError
from nndesigner.graph import Block, Edge, Graph, Node, Value
from nndesigner.inference import infer
from nndesigner.problem import Cure, Problem
from nndesigner.project import Project
from nndesigner.steps import Objective, Part, Place, Plan, Step, unused

__all__ = ["Cure", "Objective", "Part", "Place", "Plan", "Problem", "Step", "make", "unused"]


def make(project: Project) -> Plan:
    """The plan of a project's main graph."""
    plan = _Lowering(project, project.graph, _Insides()).run({})
    settings = settings_problems(project.training) if plan.objectives else ()
    return replace(plan, problems=(*plan.problems, *settings, *advice(project)))


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
        key = (*map(id, blocks), tuple(values.items()), tuple(incoming.items()))
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

    def run(self, given: Mapping[str, TensorType]) -> Plan:
        """Lowers all nodes; `given` are the types at the Input nodes of a block."""
        for name in self.graph.order:
            node = self.graph.nodes[name]
            kind = self.project.kind_of(node)
            if kind is None or (misplaced := self._misplaced(node, kind)):
                unknown = (
                    f"{name} is of the unknown kind {node.kind!r}; it is kept as it is, but can't be used"
                )
                self._refuse(node, unknown if kind is None else misplaced)
                continue
            if kind.role == "loss" and node.bypassed:
                continue
            values = self._values(node, kind)
            if values is None:
                continue
            if kind.role in ("data", "input"):
                self._begin(node, kind, values, given)
            elif (arrivals := self._arrivals(node, kind)) is not None:
                self._lower(Site(self.project, self.graph, node, kind, values, arrivals, self.types))
        return self._plan()

    def _misplaced(self, node: Node, kind: Kind) -> str:
        """Why a node of this kind can't stand in this graph, or nothing."""
        if kind.role in ("optimizer", "scheduler"):
            return f"{node.name} is no layer: {kind.name} is chosen in the training settings"
        if self.inside and kind.role in ("data", "loss"):
            return f"{node.name} can't be in a block: data and losses stand in the main network"
        return ""

    def _refuse(self, node: Node, message: str, port: str = "") -> None:
        self.problems.append(Problem(node.name, message, port))

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
            self._refuse(node, f"{node.name}.{name}: {error}", name)
            return None
        wrong = kind.problems(params)
        for name, message in wrong:
            self._refuse(node, f"{node.name}: {message}", name)
        return None if wrong else kind.values(params)

    def _begin(
        self, node: Node, kind: Kind, values: Mapping[str, Value], given: Mapping[str, TensorType]
    ) -> None:
        """A node that tensors come from."""
        if kind.role == "input":
            shape, dtype = values["shape"], values["dtype"]
            assert isinstance(shape, tuple) and isinstance(dtype, str)
            fixed = TensorType((CHECK_BATCH, *(size for size in shape if isinstance(size, int))), dtype)
            self.types[node.name, "output"] = given.get(node.name, fixed)
            self.inputs[node.name, "output"] = node.name
            return
        data_set = self.project.data_set() if values["dataset"] else None
        for one in data_set.fields if data_set else ():
            place = (node.name, one.name)
            self.types[place] = one.type
            self.inputs[place] = unused(
                one.name, f"{node.name}_{one.name}", {*self.inputs.values(), *self.graph.nodes}
            )

    def _arrivals(self, node: Node, kind: Kind) -> list[Arrival] | None:
        """What reaches a node, port by port; None where something is missing or not known."""
        wires = self.graph.incoming.get(node.name, {})
        complete = True
        for name, edge in wires.items():
            if kind.input_port(name) is None:
                self._refuse(
                    node, f"{node.name} has no input {name!r}, and {edge.source} is wired to it", name
                )
                complete = False
            complete = self._gives(edge) and complete
        arrivals = []
        for port in kind.inputs:
            names = sorted(
                (name for name in wires if kind.input_port(name) is port), key=lambda name: (len(name), name)
            )
            if len(names) < (0 if port.optional else max(1, port.many)):
                self._refuse(
                    node, _missing(node, port, len(names)), port.name if not port.many else f"{port.name}1"
                )
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
        gives = ", ".join(port.name for port in kind.outputs) or "nothing"
        message = (
            f"{edge.source} has no output {edge.output!r}, which is wired to {edge.target}; it gives {gives}"
        )
        if not any(problem.message == message for problem in self.problems):
            self.problems.append(Problem(edge.source, message, edge.output))
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
            self.problems.append(problem)
            return
        if kind.role == "loss":
            self._objective(site, inputs)
        else:
            self._call(site, inputs)

    def _objective(self, site: Site, inputs: Mapping[str, Place]) -> None:
        incoming = {arrival.name: arrival.type for arrival in site.arrivals}
        arguments = _arguments(site.kind, site.values, incoming)
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
                    self._refuse(node, f"{node.name} can't be repeated: only a layer with one output can")
                    return
                incoming[next(iter(incoming))] = given[0]
        outputs = tuple((node.name, port.name) for port in kind.outputs)
        self.types.update(zip(outputs, given, strict=True))
        step = Step(node, kind, owner, tuple(parts), inputs, outputs)
        if not step.owns and step.is_attribute and self.steps[owner].parts != step.parts:
            self._refuse(node, f"{node.name} can't share the weights of {owner}: their sizes differ")
            return
        self.steps[node.name] = step
        self.parameters_of[node.name] = sum(part.parameters for part in parts) if step.owns else 0

    def _owner(self, node: Node, kind: Kind) -> str | None:
        if node.shares is None:
            return node.name
        step = self.steps.get(node.shares)
        if step is None or not step.owns or step.kind.name != kind.name:
            self._refuse(
                node, f"{node.name} can share the weights of a {kind.name} before it; {node.shares} is none"
            )
            return None
        return node.shares

    def _part(
        self, site: Site, incoming: Mapping[str, TensorType]
    ) -> tuple[Part, Sequence[TensorType]] | None:
        kind = site.kind
        if kind.role == "block":
            return self._inside(site, incoming)
        arguments = _arguments(kind, site.values, incoming)
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
            self._refuse(site.node, f"inside {site.node.name}: {problem.message}")
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
        self._refuse(site.node, f"{site.node.name} can't take {gets}: {words}")

    def _plan(self) -> Plan:
        wanted = list(self.outputs.values())
        for objective in self.objectives.values():
            wanted += objective.inputs.values()
        results = tuple(
            dict.fromkeys([*self.outputs.values(), *(place for place in wanted if place not in self.inputs)])
        )
        used = self._feeding(results)
        steps = tuple(step for name, step in self.steps.items() if name in used)
        if not self.outputs and not self.objectives:  # no end yet: all there is, and what it leads to
            steps = tuple(self.steps.values())
            taken = {place for step in steps for place in step.inputs.values()}
            results = tuple(place for step in steps for place in step.outputs if place not in taken)
        called = {place for step in steps for place in step.inputs.values()} | set(self.outputs.values())
        return Plan(
            {name: place for place, name in self.inputs.items() if place in called or self._is_port(place)},
            steps,
            self.outputs,
            results,
            tuple(self.objectives.values()),
            self.types,
            self.parameters_of,
            sum(self.parameters_of[step.name] for step in steps),
            tuple(self.problems),
        )

    def _is_port(self, place: Place) -> bool:
        """An Input node is an argument whether it is used or not."""
        return self.graph.nodes[place[0]].kind == "Input"

    def _feeding(self, places: Iterable[Place]) -> set[str]:
        """The steps these places come from, through the wires that are really used, and whose weights they share."""
        found: set[str] = set()
        open_ = [name for name, _ in places]
        while open_:
            name = open_.pop()
            if name in found or name not in self.steps:
                continue
            found.add(name)
            step = self.steps[name]
            open_ += [source for source, _ in step.inputs.values()] + [step.attribute]
        return found


def _arguments(
    kind: Kind, values: Mapping[str, Value], incoming: Mapping[str, TensorType]
) -> dict[str, Value]:
    """What the callable is given: what follows from the shapes, then the params that differ from the defaults."""
    found: dict[str, Value] = {}
    for one in kind.follows:
        size = incoming[one.port].sizes[one.axis]
        found[one.argument] = (size,) if one.wrapped else size
    for param in kind.params:
        if not param.own and values[param.name] != param.default:
            found[param.name] = values[param.name]
    return found


def _evaluated(value: Value, arguments: Mapping[str, Value]) -> Value:
    """The value with its expressions computed; raises `ExpressionError`."""
    if isinstance(value, Expression):
        return value.value(arguments)
    return tuple(_evaluated(one, arguments) for one in value) if isinstance(value, tuple) else value


def _missing(node: Node, port: Port, has: int) -> str:
    if port.many:
        return f"{node.name} joins {port.many} or more inputs, and has {has or 'none'}"
    return f"{node.name} gets nothing at {port.name!r}; pull a wire to it"
