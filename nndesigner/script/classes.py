"""Plans as classes of `torch.nn.Module`: one for the network, one for each block it uses.

A block's class serves all its uses. What differs between them (the channels that arrive, mostly) becomes an argument
of its constructor; what is the same everywhere is written out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nndesigner.expression import Expression
from nndesigner.graph import Value
from nndesigner.plan import Part, Place, Plan, Step
from nndesigner.project import Project
from nndesigner.script.lines import Line, call, commented, literal, text

_Slot = tuple[str, int, str]  # a node, which of its repetitions, and the name of an argument


@dataclass
class _Class:
    """A block's class while it is found out: its uses, and which values its constructor is given."""

    uses: list[Part] = field(default_factory=list)
    texts: dict[_Slot, str] = field(default_factory=dict)
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
            if not steps[0].owns and steps[0].is_called:
                continue
            for number in range(len(steps[0].parts)):
                given = [self._values(step.kind.name, step.parts[number]) for step in steps]
                names = dict.fromkeys(name for values in given for name in values)
                for name in names:
                    values = tuple(one.get(name) for one in given)
                    made.texts[steps[0].name, number, name] = _written(made, steps[0], name, values, exposed)

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
        head = f"self.{step.name} = "
        freeze = ".requires_grad_(False)" if step.node.frozen else ""
        made_of = [self._arguments(made, step, number) for number in range(len(step.parts))]
        constructor = _constructor(step)
        if len(made_of) == 1:
            return call(2, head + constructor, made_of[0], freeze, step.name)
        every = [f"{constructor}({', '.join(arguments)})" for arguments in made_of]
        if len(set(every)) == 1:
            every = [f"*[{every[0]} for _ in range({len(every)})]"]
        return call(2, f"{head}nn.Sequential", every, freeze, step.name)

    def _arguments(self, made: _Class, step: Step, number: int) -> list[str]:
        texts = {
            name: written
            for (node, part, name), written in made.texts.items()
            if (node, part) == (step.name, number)
        }
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
        return drawn.text
    if all(value == values[0] for value in values):
        return literal(values[0])
    for param in exposed:
        if tuple(use.arguments[param] for use in made.uses) == values:
            return param
    for extra, before in made.extra.items():
        if before == values:
            return extra
    argument = name if name not in made.extra and name not in exposed else f"{step.name}_{name}"
    made.extra[argument] = values
    return argument


def _constructor(step: Step) -> str:
    return f"nn.{step.kind.name}" if step.kind.is_module else step.kind.name


def _forward(plan: Plan, uses: Sequence[Plan]) -> Iterator[Line]:
    """The body of `forward`. What only the next line needs is called x; what is needed later has its node's name.

    Shapes stand behind the lines that change them, where they are the same in all `uses`.
    """
    variables: dict[Place, str] = {place: name for name, place in plan.inputs.items()}
    kept = _needed_later(plan)
    for index, step in enumerate(plan.steps):
        taken = [variables[place] for place in step.inputs]
        for place in step.outputs:
            plain = place not in kept and len(step.outputs) == 1
            suffix = f"_{place[1]}" if len(step.outputs) > 1 else ""
            variables[place] = "x" if plain else f"{step.name}{suffix}"
        left = ", ".join(variables[place] for place in step.outputs)
        line = Line(f"        {left} = {_expression(step, taken)}", step.name)
        shapes = {use.types[step.outputs[0]].sizes for use in uses}
        if len(shapes) == 1 and len(step.outputs) == 1:
            sizes = shapes.pop()
            if index == 0 or sizes != plan.types[step.inputs[0]].sizes:
                line = commented(
                    line, f"({', '.join(['N', *map(str, sizes[1:])])}{',' if len(sizes) == 1 else ''})"
                )
        yield line
    yield from text(2, f"return {', '.join(variables[place] for place in plan.results) or 'None'}")


def _needed_later(plan: Plan) -> set[Place]:
    """The places that something else than the very next step needs."""
    last = len(plan.steps) - 1
    kept: set[Place] = set()
    made_at = {place: index for index, step in enumerate(plan.steps) for place in step.outputs}
    for index, step in enumerate(plan.steps):
        kept |= {place for place in step.inputs if place in made_at and made_at[place] != index - 1}
    kept |= {place for place in plan.results if place in made_at and made_at[place] != last}
    return kept


def _expression(step: Step, taken: Sequence[str]) -> str:
    """The call of a step, as source."""
    if step.is_called:
        return f"self.{step.attribute}({', '.join(taken)})"
    kind, arguments = step.kind, step.parts[0].arguments
    words = [f"{name}={literal(value)}" for name, value in arguments.items()]
    if kind.target.startswith("operator."):
        return f" {_OPERATORS[kind.target]} ".join(taken)
    name = kind.target.rpartition(".")[2]
    if kind.is_method:
        plain = [
            literal(item)
            for value in arguments.values()
            for item in (value if isinstance(value, tuple) else (value,))
        ]
        return f"{taken[0]}.{name}({', '.join(plain)})"
    first = f"[{', '.join(taken)}]" if kind.inputs[0].many else taken[0]
    return f"{kind.target}({', '.join([first, *words])})"


_OPERATORS = {"operator.add": "+", "operator.mul": "*"}
