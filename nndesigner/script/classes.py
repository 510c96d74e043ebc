"""Plans as classes of `torch.nn.Module`: one for the network, one for each block it uses.

A block's class serves all its uses. What differs between them (the channels that arrive, mostly) becomes an argument
of its constructor; what is the same everywhere is written out.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nndesigner.catalogue.param import computed
from nndesigner.expression import Expression
from nndesigner.graph import Value
from nndesigner.plan import Part, Place, Plan, Step, unused
from nndesigner.project import Project
from nndesigner.script.calls import calling
from nndesigner.script.lines import (
    INDENT,
    WIDTH,
    Line,
    assigned,
    call,
    commented,
    literal,
    returned,
    text,
)

_Slot = tuple[str, int]  # a node, and which of its repetitions
_Constructor = tuple[str, list[str], str]


@dataclass
class _Class:
    """A block's class while it is found out: its uses, what its layers and what its constructor are given.

    `kept` are the arguments of the constructor that `forward` needs, and the attributes they are kept in.
    """

    uses: list[Part] = field(default_factory=list)
    texts: dict[_Slot, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

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
            if not steps[0].is_attribute:
                self._keep(made, steps, plans[0])
            if not steps[0].owns:
                continue
            for number in range(len(steps[0].parts)):
                given = [self._values(step.kind.name, step.parts[number]) for step in steps]
                texts = made.texts.setdefault((steps[0].name, number), {})
                for name in _names(steps[0], given):
                    default = steps[0].kind.values({}).get(name)
                    values = tuple(one.get(name, default) for one in given)
                    texts[name] = _written(made, steps[0], name, values, exposed)

    def _keep(self, made: _Class, steps: Sequence[Step], plan: Plan) -> None:
        """Sees to it that what a function inside is given by expressions is there when it is called."""
        taken = {step.name for step in plan.steps} | set(plan.inputs)
        for value in steps[0].node.params.values():
            for name in sorted(_read(value)):
                made.kept.setdefault(name, unused(name, f"{name}_value", taken))

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
        for argument, attribute in made.kept.items():
            yield from text(2, f"self.{attribute} = {argument}")
        for step in plan.steps:
            if step.owns:
                yield from self._construction(made, step)
        yield Line("")
        head = call(1, "def forward", ["self", *plan.inputs], ":")
        told = _arriving(plan) if made is self.main else ""
        if told and len(head) == 1:
            head = [commented(head[0], told)]
        yield from head
        if told and told not in head[0].text:
            yield from (Line(f"{INDENT * 2}# {row}") for row in textwrap.wrap(told, WIDTH - 10))
        spelled = {argument: f"self.{attribute}" for argument, attribute in made.kept.items()}
        yield from _forward(plan, [use.inner for use in made.uses if use.inner is not None], spelled)

    def _construction(self, made: _Class, step: Step) -> list[Line]:
        if step.kind.is_tensor:
            lines = text(2, f"self.{step.name} = {_tensor(step, made.texts[step.name, 0])}", node=step.name)
        elif len(step.parts) == 1:
            head, arguments, tail = self._constructor(made, step, 0)
            lines = assigned(2, [f"self.{step.name}"], head, arguments, step.name, tail)
        else:
            lines = _sequence(
                step, [self._constructor(made, step, number) for number in range(len(step.parts))]
            )
        freeze = ".requires_grad_(False)" if step.node.frozen else ""
        if freeze and len(lines) == 1 and len(lines[0].text + freeze) <= WIDTH:
            return [Line(lines[0].text + freeze, step.name)]
        return lines + (text(2, f"self.{step.name}{freeze}", node=step.name) if freeze else [])

    def _constructor(self, made: _Class, step: Step, number: int) -> _Constructor:
        """What constructs a part: its head, its arguments, and its tail, where another call is wrapped around it."""
        texts = dict(made.texts[step.name, number])
        passed = {param.name: param.passed for param in step.kind.params}
        wrapped = [str(step.parts[number].arguments[name]) for name in texts if passed.get(name) == "wrapped"]
        texts = {name: words for name, words in texts.items() if passed.get(name) not in ("wrapped", "call")}
        first = [texts.pop(name) for name in step.kind.positional if name in texts]
        head = step.kind.spelled if step.kind.is_module else step.kind.name
        for name in wrapped:
            head = f"nn.utils.parametrizations.{name}({head}"
        return head, [*first, *(f"{name}={words}" for name, words in texts.items())], ")" * len(wrapped)


def _arriving(plan: Plan) -> str:
    """What a network takes, for people and for who reads it back: `image: (N, 1, 28, 28)`."""
    found = []
    for name, place in plan.inputs.items():
        type_ = plan.types[place]
        shape = f"({', '.join(type_.axes)}{',' if len(type_.axes) == 1 else ''})"
        found.append(f"{name}: {shape}" if type_.dtype == "float32" else f"{name}: {shape} {type_.dtype}")
    return ", ".join(found)


def _names(step: Step, given: Sequence[Mapping[str, Value]]) -> list[str]:
    """The arguments that are written: those that differ from their defaults in some use, and all expressions."""
    found = dict.fromkeys(name for values in given for name in values)
    found |= dict.fromkeys(name for name, value in step.node.params.items() if computed(value))
    known = list(step.kind.by_name)
    return sorted(found, key=lambda name: known.index(name) if name in known else -1)


def _read(value: Value) -> frozenset[str]:
    """The names that the expressions in a value read."""
    if isinstance(value, Expression):
        return value.names()
    return frozenset().union(*map(_read, value)) if isinstance(value, tuple) else frozenset()


def _tensor(step: Step, texts: Mapping[str, str]) -> str:
    """A parameter or a buffer of the network."""
    values = step.kind.values({})
    shape = texts["shape"].removeprefix("(").removesuffix(")").removesuffix(",")
    shape = shape or "()"  # torch.ones() says nothing, torch.ones(()) is one number
    init = texts.get("init", literal(values["init"])).strip('"')
    scale = f"{texts['scale']} * " if "scale" in texts else ""
    return f"{step.kind.spelled}({scale}torch.{init}({shape}))"


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
    if drawn is not None and computed(drawn):
        return literal(drawn)
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


def _sequence(step: Step, made_of: Sequence[_Constructor]) -> list[Line]:
    """A repeated layer: one behind the other."""
    head = f"self.{step.name} = nn.{'ModuleList' if step.is_chained else 'Sequential'}"
    every = [f"{constructor}({', '.join(arguments)}){tail}" for constructor, arguments, tail in made_of]
    same, loop = len(set(every)) == 1, f"for _ in range({len(every)})"
    listed = f"[{every[0]} {loop}]" if same else f"[{', '.join(every)}]"
    items = [listed] if step.is_chained else [f"*{listed}"] if same else every
    one = call(2, head, items, node=step.name)
    if all(len(line.text) <= WIDTH for line in one):
        return one
    depth = 4 if same or step.is_chained else 3
    inner = [
        line
        for constructor, arguments, tail in (made_of[:1] if same else made_of)
        for line in call(depth, constructor, arguments, tail if same else f"{tail},", step.name)
    ]
    if depth == 4:
        inner += text(4, loop, node=step.name) if same else []
        star = "" if step.is_chained else "*"
        inner = [*text(3, f"{star}[", node=step.name), *inner, *text(3, "]", node=step.name)]
    return [*text(2, f"{head}(", node=step.name), *inner, *text(2, ")", node=step.name)]


def _forward(plan: Plan, uses: Sequence[Plan], spelled: Mapping[str, str]) -> Iterator[Line]:
    """The body of `forward`. What only the next line needs is called x; what is needed later has its node's name.

    Shapes stand behind the lines that change them, where they are the same in all `uses`.
    """
    variables: dict[Place, str] = {place: name for name, place in plan.inputs.items()}
    names = {*plan.inputs, *(step.name for step in plan.steps)}
    kept = _needed_later(plan)
    used = {place for step in plan.steps for place in step.inputs.values()} | set(plan.results)
    for index, step in enumerate(plan.steps):
        taken = {port: variables[place] for port, place in step.inputs.items()}
        if step.kind.is_tensor:
            variables[step.outputs[0]] = f"self.{step.attribute}"
            continue
        for place in step.outputs:
            variables[place] = step.name if place in kept or step.is_chained else "x"
            if len(step.outputs) > 1 and place not in used:
                variables[place] = "_"
            elif len(step.outputs) > 1:
                variables[place] = unused(f"{step.name}_{place[1]}", f"{step.name}_{place[1]}_", names)
                names.add(variables[place])
        given = {place[1]: variables[place] for place in step.outputs}
        lines = calling(step, given, taken, spelled, names)
        shapes = {use.types[step.outputs[0]].axes for use in uses}
        if len(shapes) == 1 and len(step.outputs) == 1:
            axes = shapes.pop()
            before = [plan.types[place].axes for place in step.inputs.values()]
            if index == 0 or not before or axes != before[0]:
                shape = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
                lines = [commented(lines[0], shape)] if len(lines) == 1 else lines
        yield from lines
    yield from returned(2, [variables[place] for place in plan.results])


def _needed_later(plan: Plan) -> set[Place]:
    """The places that something else than the very next step needs."""
    last = len(plan.steps) - 1
    kept: set[Place] = set()
    made_at = {place: index for index, step in enumerate(plan.steps) for place in step.outputs}
    for index, step in enumerate(plan.steps):
        kept |= {place for place in step.inputs.values() if place in made_at and made_at[place] != index - 1}
    kept |= {place for place in plan.results if place in made_at and made_at[place] != last}
    return kept
