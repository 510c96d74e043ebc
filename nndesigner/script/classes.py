"""Plans as classes of `torch.nn.Module`: one for the network, one for each block it uses.

A block's class serves all its uses. What differs between them (the channels that arrive, mostly) becomes an argument
of its constructor; what is the same everywhere is written out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nndesigner.expression import Expression
from nndesigner.graph import Value
from nndesigner.plan import Part, Place, Plan, Step, unused
from nndesigner.project import Project
from nndesigner.script.lines import (
    INDENT,
    WIDTH,
    Line,
    assigned,
    bracketed,
    call,
    commented,
    literal,
    operation,
    returned,
    text,
)

_Slot = tuple[str, int]  # a node, and which of its repetitions


@dataclass
class _Class:
    """A block's class while it is found out: its uses, what its layers and what its constructor are given."""

    uses: list[Part] = field(default_factory=list)
    texts: dict[_Slot, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    def given(self, part: Part) -> dict[str, Value]:
        """The extra arguments this use is constructed with."""
        index = next(number for number, use in enumerate(self.uses) if use is part)
        return {name: values[index] for name, values in self.extra.items()}


class Classes:
    """All classes of a project's script."""

    def __init__(self, project: Project, plan: Plan, name: str) -> None:
        self.project, self.plan, self.name = project, plan, name
        self.blocks: dict[str, _Class] = {}
        self._collect(plan)
        for block in self.order():
            self._settle(block)
        self.main = _Class([Part({}, plan)])
        self._arguments_of(self.main, {})

    def order(self) -> list[str]:
        """The blocks used, each after those it uses."""
        found: dict[str, None] = {}

        def visit(plan: Plan) -> None:
            for step, part in _parts(plan):
                if part.inner is not None:
                    visit(part.inner)
                    found.setdefault(step.kind.name)

        visit(self.plan)
        return list(found)

    def lines(self) -> Iterator[Line]:
        """The text of all classes."""
        for block in self.order():
            made = self.blocks[block]
            inner = made.uses[0].inner
            assert inner is not None
            exposed = self.project.blocks[block].params
            arguments = [*made.extra, *(f"{name}={literal(value)}" for name, value in exposed.items())]
            yield from self._class(block, made, inner, arguments)
            yield from text(0, "", "")
        yield from self._class(self.name, self.main, self.plan, [])

    # What the constructors are given.

    def _collect(self, plan: Plan) -> None:
        for step, part in _parts(plan):
            if part.inner is not None:
                self.blocks.setdefault(step.kind.name, _Class()).uses.append(part)
                self._collect(part.inner)

    def _settle(self, block: str) -> None:
        self._arguments_of(self.blocks[block], self.project.blocks[block].params)

    def _arguments_of(self, made: _Class, exposed: Mapping[str, Value]) -> None:
        """Decides for each argument of each layer inside how it is written."""
        plans = [use.inner for use in made.uses if use.inner is not None]
        for steps in zip(*(plan.steps for plan in plans), strict=True):
            if not steps[0].owns:
                continue
            for number in range(len(steps[0].parts)):
                given = [self._values(step.kind.name, step.parts[number]) for step in steps]
                texts = made.texts.setdefault((steps[0].name, number), {})
                for name in dict.fromkeys(name for values in given for name in values):
                    values = tuple(one.get(name) for one in given)
                    texts[name] = _written(made, steps[0], name, values, exposed)

    def _values(self, kind: str, part: Part) -> dict[str, Value]:
        if part.inner is None:
            return dict(part.arguments)
        exposed = self.project.blocks[kind].params
        return {
            **self.blocks[kind].given(part),
            **{name: value for name, value in part.arguments.items() if value != exposed[name]},
        }

    # Their text.

    def _class(self, name: str, made: _Class, plan: Plan, arguments: Sequence[str]) -> Iterator[Line]:
        yield from text(0, f"class {name}(nn.Module):")
        yield from call(1, "def __init__", ["self", *arguments], ":")
        yield from text(2, "super().__init__()")
        for step in plan.steps:
            if step.owns:
                yield from self._construction(made, step)
        yield Line("")
        yield from call(1, "def forward", ["self", *plan.inputs], ":")
        yield from _forward(plan, [use.inner for use in made.uses if use.inner is not None])

    def _construction(self, made: _Class, step: Step) -> list[Line]:
        made_of = [self._arguments(made, step, number) for number in range(len(step.parts))]
        if len(made_of) == 1:
            lines = assigned(2, [f"self.{step.name}"], _constructor(step), made_of[0], step.name)
        else:
            lines = _sequence(step, made_of)
        freeze = ".requires_grad_(False)" if step.node.frozen else ""
        if freeze and len(lines) == 1 and len(lines[0].text + freeze) <= WIDTH:
            return [Line(lines[0].text + freeze, step.name)]
        return lines + (text(2, f"self.{step.name}{freeze}", node=step.name) if freeze else [])

    def _arguments(self, made: _Class, step: Step, number: int) -> list[str]:
        texts = dict(made.texts[step.name, number])
        first = [texts.pop(name) for name in step.kind.positional if name in texts]
        return [*first, *(f"{name}={written}" for name, written in texts.items())]


def _parts(plan: Plan) -> Iterator[tuple[Step, Part]]:
    for step in plan.steps:
        if step.owns:
            for part in step.parts:
                yield step, part


def _written(
    made: _Class, step: Step, name: str, values: tuple[Value, ...], exposed: Mapping[str, Value]
) -> str:
    """An argument as source: its expression, the value all uses agree on, or an argument of the constructor."""
    drawn = step.node.params.get(name)
    if isinstance(drawn, Expression):
        return drawn.source()
    if all(value == values[0] for value in values):
        return literal(values[0])
    for param in exposed:
        if tuple(use.arguments[param] for use in made.uses) == values:
            return param
    for extra, before in made.extra.items():
        if before == values:
            return extra
    argument = unused(name, f"{step.name}_{name}", {*made.extra, *exposed})
    made.extra[argument] = values
    return argument


def _constructor(step: Step) -> str:
    return f"nn.{step.kind.name}" if step.kind.is_module else step.kind.name


def _sequence(step: Step, made_of: Sequence[Sequence[str]]) -> list[Line]:
    """A repeated layer: one behind the other."""
    constructor, head = _constructor(step), f"self.{step.name} = nn.Sequential"
    every = [f"{constructor}({', '.join(arguments)})" for arguments in made_of]
    if len(set(every)) > 1:
        one = call(2, head, every, node=step.name)
        if all(len(line.text) <= WIDTH for line in one):
            return one
        inner = [line for arguments in made_of for line in call(3, constructor, arguments, ",", step.name)]
        return [Line(f"{INDENT * 2}{head}(", step.name), *inner, Line(f"{INDENT * 2})", step.name)]
    loop = f"for _ in range({len(every)})"
    one = call(2, head, [f"*[{every[0]} {loop}]"], node=step.name)
    if all(len(line.text) <= WIDTH for line in one):
        return one
    inner = [*call(4, constructor, made_of[0], node=step.name), *text(4, loop, node=step.name)]
    top, bottom = bracketed(2, f"{head}(", [], ")", step.name)
    return [top, *text(3, "*[", node=step.name), *inner, *text(3, "]", node=step.name), bottom]


def _forward(plan: Plan, uses: Sequence[Plan]) -> Iterator[Line]:
    """The body of `forward`. What only the next line needs is called x; what is needed later has its node's name.

    Shapes stand behind the lines that change them, where they are the same in all `uses`.
    """
    variables: dict[Place, str] = {place: name for name, place in plan.inputs.items()}
    names = {*plan.inputs, *(step.name for step in plan.steps)}
    kept = _needed_later(plan)
    used = {place for step in plan.steps for place in step.inputs} | set(plan.results)
    for index, step in enumerate(plan.steps):
        taken = [variables[place] for place in step.inputs]
        for place in step.outputs:
            variables[place] = step.name if place in kept else "x"
            if len(step.outputs) > 1 and place not in used:
                variables[place] = "_"
            elif len(step.outputs) > 1:
                variables[place] = unused(f"{step.name}_{place[1]}", f"{step.name}_{place[1]}_", names)
                names.add(variables[place])
        lines = _calling(step, [variables[place] for place in step.outputs], taken)
        shapes = {use.types[step.outputs[0]].sizes for use in uses}
        if len(shapes) == 1 and len(step.outputs) == 1:
            sizes = shapes.pop()
            if index == 0 or sizes != plan.types[step.inputs[0]].sizes:
                shape = f"({', '.join(['N', *map(str, sizes[1:])])}{',' if len(sizes) == 1 else ''})"
                lines = [commented(lines[0], shape)] if len(lines) == 1 else lines
        yield from lines
    yield from returned(2, [variables[place] for place in plan.results])


def _needed_later(plan: Plan) -> set[Place]:
    """The places that something else than the very next step needs."""
    last = len(plan.steps) - 1
    kept: set[Place] = set()
    made_at = {place: index for index, step in enumerate(plan.steps) for place in step.outputs}
    for index, step in enumerate(plan.steps):
        kept |= {place for place in step.inputs if place in made_at and made_at[place] != index - 1}
    kept |= {place for place in plan.results if place in made_at and made_at[place] != last}
    return kept


def _calling(step: Step, left: Sequence[str], taken: Sequence[str]) -> list[Line]:
    """The call of a step, as source."""
    if step.is_called:
        return assigned(2, left, f"self.{step.attribute}", taken, step.name)
    kind, arguments = step.kind, step.parts[0].arguments
    words = [f"{name}={literal(value)}" for name, value in arguments.items()]
    if kind.target.startswith("operator."):
        return operation(2, left[0], _OPERATORS[kind.target], taken, step.name)
    name = kind.target.rpartition(".")[2]
    if kind.is_method:
        plain = [
            literal(item)
            for value in arguments.values()
            for item in (value if isinstance(value, tuple) else (value,))
        ]
        return assigned(2, left, f"{taken[0]}.{name}", plain, step.name)
    first = f"[{', '.join(taken)}]" if kind.inputs[0].many else taken[0]
    if len(INDENT * 3 + first) < WIDTH:
        return assigned(2, left, kind.target, [first, *words], step.name)
    joined = bracketed(3, "[", [f"{one}," for one in taken], "],", step.name)
    top, bottom = bracketed(2, f"{left[0]} = {kind.target}(", [], ")", step.name)
    return [top, *joined, *text(3, *(f"{word}," for word in words), node=step.name), bottom]


_OPERATORS = {"operator.add": "+", "operator.mul": "*"}
