"""A layer of one's own: a short Python class or function kept in the project, read here and never run.

What it takes is found by parsing alone: the arguments of `__init__` are its params, those of `forward` its inputs. The
text stays text until the person trusts it; trust goes to its SHA-256, so that a changed text is asked for anew.
"""

import ast
import builtins
import functools
import keyword
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from nndesigner.catalogue.kind import REQUIRED, Follows, Kind, Param, ParamType, Port
from nndesigner.graph import RESERVED, Code, GraphError, Value, check_name

_LONGEST = 20_000
# What a training script calls its own things at its top.
_SCRIPTS = frozenset(
    [
        "main",
        "evaluate",
        "objective",
        "closure",
        "epochs",
        "batch_size",
        "seed",
        "threads",
        "weights_file",
        "datasets",
        "train_test_split",
        "os",
    ]
)
_BASES = ("nn.Module", "torch.nn.Module", "Module")
# Arguments of a constructor that follow from the first input, as everywhere in torch, and the axis they follow from.
_FOLLOWING = {"in_channels": 1, "num_features": 1, "num_channels": 1, "in_features": -1, "input_size": -1}
_TYPES: dict[str, tuple[ParamType, Value]] = {
    "int": ("int", 1),
    "float": ("float", 1.0),
    "bool": ("bool", False),
    "str": ("text", ""),
    "tuple": ("shape", (1,)),
}


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """Why a text is no layer, and in which line of it."""

    message: str
    line: int = 0

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@functools.lru_cache(maxsize=512)
def read(code: Code) -> Kind | CodeProblem:
    """The kind a text defines, or what stands against it."""
    if len(code.text) > _LONGEST:
        return CodeProblem(f"it has {len(code.text):,} characters; at most {_LONGEST:,} are taken")
    try:
        tree = ast.parse(code.text)
    except SyntaxError as error:
        return CodeProblem(f"this is not Python: {error.msg}", error.lineno or 0)
    except (ValueError, RecursionError, MemoryError):
        return CodeProblem("this is not Python")
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == code.name
    ]
    if len(found) != 1:
        return CodeProblem(f"expected one class or function named {code.name}, got {len(found) or 'none'}")
    if wrong := next(_strange(tree), None):
        return wrong
    return _class(code, found[0]) if isinstance(found[0], ast.ClassDef) else _function(code, found[0])


def parts(code: Code) -> tuple[list[str], str]:
    """Its imports, a line each, and the text without them and without its heading."""
    lines = code.text.splitlines()
    imports, gone = [], set[int]()
    for node in ast.parse(code.text).body:
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        if is_import:
            imports.append(ast.unparse(node))
        if is_import or isinstance(node, ast.Expr):
            gone |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    kept = [line.rstrip() for number, line in enumerate(lines, 1) if number not in gone]
    return imports, "\n".join(kept).strip("\n")


def defined(code: Code, *, callables: bool = False) -> frozenset[str]:
    """The names it defines at its top, or only those of its classes and functions; raises what `ast.parse` raises."""
    found = set()
    for node in ast.parse(code.text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and not callables:
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(found)


def clash(code: Code, others: Iterable[Code], blocks: Collection[str]) -> str:
    """Why its text can't stand in one script with these others and blocks, or nothing."""
    names = defined(code)
    for name in sorted(names & (_SCRIPTS | RESERVED)):
        return f"it defines {name!r}, which a training script calls something else; rename it"
    for other in others:
        if other.name != code.name and not isinstance(read(other), CodeProblem):
            for name in sorted(names & defined(other)):
                return f"it defines {name!r}, and so does {other.name}; rename one"
    for name in sorted(names & set(blocks)):
        return f"it defines {name!r}, which is a block; rename one"
    return ""


def _strange(tree: ast.Module) -> Iterator[CodeProblem]:
    """What has no place at the top of a layer's text: it would be run on import, whatever uses it."""
    for node in tree.body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        known = isinstance(
            node, ast.ClassDef | ast.FunctionDef | ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign
        )
        if not known and not is_text:
            yield CodeProblem("expected imports, constants, functions and classes only", node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield CodeProblem("a relative import leads nowhere from here", node.lineno)


def _class(code: Code, found: ast.ClassDef) -> Kind | CodeProblem:
    if not any(ast.unparse(base) in _BASES for base in found.bases):
        return CodeProblem(f"the class {code.name} must derive from nn.Module", found.lineno)
    if not code.name[0].isupper():
        return CodeProblem(f"a class begins with a capital letter; {code.name!r} does not", found.lineno)
    methods = {node.name: node for node in found.body if isinstance(node, ast.FunctionDef)}
    if "forward" not in methods:
        return CodeProblem(f"the class {code.name} has no forward", found.lineno)
    made = _arguments(methods["__init__"]) if "__init__" in methods else []
    called = _arguments(methods["forward"])
    if isinstance(made, CodeProblem):
        return made
    if isinstance(called, CodeProblem):
        return called
    inputs = tuple(_port(one) for one in called[1:])
    params: list[Param] = []
    follows: list[Follows] = []
    for one in made[1:]:
        axis = _FOLLOWING.get(one.name)
        if one.default is REQUIRED and axis is not None and inputs:
            follows.append(Follows(one.name, inputs[0].name, axis))
        else:
            params.append(one.param())
    return _kind(code, found, methods["forward"], inputs, tuple(params), tuple(follows))


def _function(code: Code, found: ast.FunctionDef) -> Kind | CodeProblem:
    if code.name[0].isupper():
        return CodeProblem(f"a function begins with a small letter; {code.name!r} does not", found.lineno)
    called = _arguments(found)
    if isinstance(called, CodeProblem):
        return called
    inputs = tuple(_port(one) for one in called if one.default in (REQUIRED, None))
    params = tuple(one.param() for one in called if one.default not in (REQUIRED, None))
    return _kind(code, found, found, inputs, params, ())


def _kind(
    code: Code,
    whole: ast.ClassDef | ast.FunctionDef,
    body: ast.FunctionDef,
    inputs: tuple[Port, ...],
    params: tuple[Param, ...],
    follows: tuple[Follows, ...],
) -> Kind | CodeProblem:
    if not inputs:
        return CodeProblem("it takes no tensor: forward needs an argument", body.lineno)
    counts = {
        len(node.value.elts) if isinstance(node.value, ast.Tuple) else 1
        for node in _own_nodes(body)
        if isinstance(node, ast.Return) and node.value is not None
    }
    if len(counts) != 1:
        return CodeProblem("expected it to return the same number of tensors everywhere", body.lineno)
    count = counts.pop()
    names = ["output"] if count == 1 else [f"output{number}" for number in range(1, count + 1)]
    return Kind(
        code.name,
        "own",
        f"own.{code.name}",
        (ast.get_docstring(whole) or "A layer of one's own.").splitlines()[0],
        inputs=inputs,
        outputs=tuple(Port(name, dtype="any") for name in names),
        params=params,
        follows=follows,
        keywords_only=True,
        stem=code.name.lower(),
        code=code,
    )


@dataclass(frozen=True, slots=True)
class _Argument:
    name: str
    annotation: str
    default: object

    def param(self) -> Param:
        """It as a value a person sets."""
        if self.default is REQUIRED:
            type_, initial = _TYPES.get(self.annotation, ("int", 1))
            return Param(
                self.name, type_, sentence=f"{self.name} of this layer", initial=initial, pattern="(?s).*"
            )
        value: Value = self.default  # type: ignore[assignment]
        name = "tuple" if isinstance(value, tuple) else type(value).__name__
        type_, _ = _TYPES.get(name, ("text", ""))
        return Param(
            self.name, type_, value, f"{self.name} of this layer", pattern="(?s).*", optional=value is None
        )


def _port(one: _Argument) -> Port:
    return Port(one.name, dtype="any", optional=one.default is not REQUIRED)


def _arguments(function: ast.FunctionDef) -> list[_Argument] | CodeProblem:
    """The arguments of a function with their defaults; those must be plain values."""
    given = function.args
    if given.vararg or given.kwarg or given.posonlyargs:
        return CodeProblem(
            f"{function.name} must name its arguments: no *, ** or / among them", function.lineno
        )
    found = []
    plain = [REQUIRED] * (len(given.args) - len(given.defaults))
    defaults = [*plain, *given.defaults, *(one or REQUIRED for one in given.kw_defaults)]
    for argument, default in zip([*given.args, *given.kwonlyargs], defaults, strict=True):
        value: object = REQUIRED
        if isinstance(default, ast.expr):
            try:
                value = ast.literal_eval(default)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return CodeProblem(
                    f"the default of {argument.arg} must be a plain value, not {ast.unparse(default)}",
                    argument.lineno,
                )
            if isinstance(value, list):
                value = tuple(value)
            if not isinstance(value, bool | int | float | str | tuple | None):
                return CodeProblem(
                    f"the default of {argument.arg} is no number, text or tuple", argument.lineno
                )
        annotation = ast.unparse(argument.annotation) if argument.annotation else ""
        found.append(_Argument(argument.arg, annotation.partition("[")[0], value))
    return found


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function, without the functions inside it."""
    open_: list[ast.AST] = list(function.body)
    while open_:
        node = open_.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            open_ += ast.iter_child_nodes(node)


def name_refused(name: str) -> str:
    """Why a layer of one's own can't have this name, or nothing."""
    if hasattr(builtins, name) or keyword.issoftkeyword(name):
        return f"{name!r} already means something in Python; choose another name"
    try:
        check_name(name)
    except GraphError as error:
        return str(error)
    return ""
