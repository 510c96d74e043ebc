"""One step of a network as a line of `forward`."""

from collections.abc import Collection, Mapping, Sequence

from nndesigner.catalogue.kind import Structure, taken
from nndesigner.catalogue.param import computed
from nndesigner.expression import Expression
from nndesigner.indexing import spelled as spelled_index
from nndesigner.plan import Step, unused
from nndesigner.script.lines import INDENT, WIDTH, Line, assigned, bracketed, literal, operation, text

_SIGNS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "matmul": "@",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "neg": "-",
    "invert": "~",
}


def calling(
    step: Step,
    given: Mapping[str, str],
    inputs: Mapping[str, str],
    spelled: Mapping[str, str],
    names: Collection[str],
) -> list[Line]:
    """The call of a step: the variables it is `given` to by its outputs, those it takes by its ports.

    `spelled` says how the params of the block it stands in are written there; `names` are taken.
    """
    kind, arguments = step.kind, dict(step.parts[0].arguments)
    if kind.role == "block":
        return _called(step, list(given.values()), list(inputs.values()), names)
    arguments |= {name: value for name, value in step.node.params.items() if computed(value)}
    if kind.target == "operator.getitem":
        source = next(iter(inputs.values()))
        index = spelled_index(str(arguments["index"]))
        return text(2, f"{next(iter(given.values()))} = {source}[{index}]", node=step.name)
    texts: dict[str, object] = {}
    for name, value in arguments.items():
        spread = kind.by_name[name].passed == "spread" if name in kind.by_name else False
        several = value if isinstance(value, tuple) else (value,)
        texts[name] = [literal(one, spelled) for one in several] if spread else literal(value, spelled)
        if kind.is_operator and isinstance(value, Expression) and not str(texts[name]).isidentifier():
            texts[name] = f"({texts[name]})"
    by_place, by_name = taken(kind, inputs, texts)
    if kind.is_operator:
        terms = [*by_place[0], *by_place[1:]] if isinstance(by_place[0], list) else by_place
        left, sign = next(iter(given.values())), _SIGNS[kind.target.rpartition(".")[2]]
        if len(terms) == 1:
            return text(2, f"{left} = {sign}{terms[0]}", node=step.name)
        if sign == "+" and len(terms) == 2 and terms[1].startswith("-"):
            sign, terms = "-", [terms[0], terms[1][1:]]
        return operation(2, left, sign, terms, step.name)
    words = [*map(_joined, by_place), *(f"{name}={_joined(value)}" for name, value in by_name.items())]
    left_side = _targets(kind.structure, given)
    if kind.is_module:
        return _called(step, left_side, words, names)
    if kind.is_method:
        return assigned(2, left_side, f"{words[0]}.{kind.target.rpartition('.')[2]}", words[1:], step.name)
    listed = [word for value in by_place if isinstance(value, list) for word in value]
    if not listed or len(INDENT * 3 + words[0]) < WIDTH:
        return assigned(2, left_side, kind.spelled, words, step.name)
    joined = bracketed(3, "[", [f"{one}," for one in listed], "],", step.name)
    top, bottom = bracketed(2, f"{left_side[0]} = {kind.spelled}(", [], ")", step.name)
    return [top, *joined, *text(3, *(f"{word}," for word in words[1:]), node=step.name), bottom]


def _called(step: Step, left: Sequence[str], words: Sequence[str], names: Collection[str]) -> list[Line]:
    """The call of what the network holds; of a repeated layer with several inputs, in a loop."""
    if not step.is_chained:
        return assigned(2, left, f"self.{step.attribute}", words, step.name)
    first, result = words[0], left[0]
    lines = [] if first == result else text(2, f"{result} = {first}", node=step.name)
    layer = unused("layer", "layer_", names)
    body = assigned(3, [result, *left[1:]], layer, [result, *words[1:]], step.name)
    return [*lines, *text(2, f"for {layer} in self.{step.attribute}:", node=step.name), *body]


def _joined(value: object) -> str:
    """Tensors that are passed together."""
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    if isinstance(value, tuple):
        return f"({', '.join(value)}{',' if len(value) == 1 else ''})"
    return str(value)


def _targets(structure: Structure, given: Mapping[str, str]) -> list[str]:
    """The left side: the outputs in the structure they come in, `_` for what nobody uses."""

    def spelled(part: Structure) -> str:
        if isinstance(part, str):
            return given.get(part, "_")
        parts = [spelled(one) for one in part]
        return "_" if all(one == "_" for one in parts) else f"({', '.join(parts)})"

    if isinstance(structure, str):
        return [spelled(structure)]
    names = [spelled(one) for one in structure]
    return names if len(names) > 1 else [f"{names[0]},"]
