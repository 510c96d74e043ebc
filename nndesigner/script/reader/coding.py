"""What can't be read of a source, kept as it is: a statement as a function, a class as a layer, both as code of one's own."""

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.code import CodeProblem
from nndesigner.code import read as read_code
from nndesigner.graph import Code
from nndesigner.script.reader import operations
from nndesigner.script.reader.values import (
    Class,
    Constant,
    Function,
    Held,
    Instance,
    Layer,
    Library,
    Number,
    Scope,
    Tensor,
    Torch,
    Unreadable,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_MOST_CODE = 200


def returns(statement: ast.stmt) -> bool:
    """Whether a statement may end the function it stands in."""
    return any(isinstance(one, ast.Return) for one in ast.walk(statement))


def set_by(statement: ast.stmt) -> list[str]:
    """The names a statement sets, or changes a part of."""
    found = []
    for one in ast.walk(statement):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.append(one.id)
        elif (
            isinstance(one, ast.Subscript)
            and isinstance(one.ctx, ast.Store)
            and isinstance(one.value, ast.Name)
        ):
            found.append(one.value.id)
    return list(dict.fromkeys(found))


class _Plain(ast.NodeTransformer):
    """Puts the values of `self.…` in their places, where they are plain."""

    def __init__(self, interp: "Interpreter", scope: Scope) -> None:
        self.interp, self.scope = interp, scope
        self.fits = True

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and isinstance(self.scope.names.get(node.value.id), Instance):
            try:
                found = self.interp.attribute(self.scope.names[node.value.id], node.attr)
            except Unreadable:
                found = None
            if isinstance(found, bool | int | float | str):
                return ast.copy_location(
                    ast.Constant(int(found) if isinstance(found, Number) else found), node
                )
            self.fits = False
        return self.generic_visit(node)


def as_code(interp: "Interpreter", statement: ast.stmt, scope: Scope) -> tuple[str, Any]:
    """Draws a statement as a function of its own; gives its node and what it returns, or nothing where it can't."""
    outputs = [] if isinstance(statement, ast.Return) else set_by(statement)
    if len(interp.codes) >= _MOST_CODE or (not outputs and not isinstance(statement, ast.Return)):
        return "", None
    if returns(statement) and not isinstance(statement, ast.Return):
        return "", None
    changed = _Plain(interp, scope)
    tree = changed.visit(
        ast.parse(ast.unparse(statement)).body[0]
        if not isinstance(statement, ast.Return)
        else _return(statement)
    )
    inputs: dict[str, Any] = {}
    heads: list[str] = ["import torch"]
    constants: list[str] = []
    for one in ast.walk(tree):
        if not isinstance(one, ast.Name) or one.id in inputs:
            continue
        try:
            found = scope.get(one.id)
        except KeyError:
            continue
        if isinstance(found, Tensor | Held | Constant):
            inputs[one.id] = found
        elif isinstance(found, Torch | Library):
            heads.append(f"import {found.name} as {one.id}" if found.name != one.id else f"import {one.id}")
        elif isinstance(one.ctx, ast.Load) and isinstance(
            found, None | bool | int | float | str | tuple | list
        ):
            if not _spelled(found):
                return "", None
            constants.append(f"    {one.id} = {_plain(found)!r}")
        elif isinstance(one.ctx, ast.Load):
            return "", None
    if not inputs or not changed.fits:
        return "", None
    return _draw_code(interp, scope, tree, inputs, outputs, heads, constants)


def _return(statement: ast.Return) -> ast.stmt:
    wrapped = ast.parse(f"def f():\n    {ast.unparse(statement)}").body[0]
    assert isinstance(wrapped, ast.FunctionDef)
    return wrapped.body[0]


def _plain(found: Any) -> Any:
    if isinstance(found, Number):
        return int(found)
    return type(found)(_plain(one) for one in found) if isinstance(found, list | tuple) else found


def _spelled(found: Any) -> bool:
    if isinstance(found, list | tuple):
        return len(found) < 1000 and all(_spelled(one) for one in found)
    return isinstance(found, None | bool | int | float | str)


def _draw_code(
    interp: "Interpreter",
    scope: Scope,
    tree: ast.stmt,
    inputs: Mapping[str, Any],
    outputs: list[str],
    heads: list[str],
    constants: list[str],
) -> tuple[str, Any]:
    name = interp.code_name(interp.top.names)
    try:
        body = ast.unparse(tree)
    except (RecursionError, ValueError):
        return "", None
    given = "" if isinstance(tree, ast.Return) else f"    return {', '.join(outputs)}\n"
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    text = "\n".join(dict.fromkeys(heads)) + f"\n\n\ndef {name}({', '.join(inputs)}):\n"
    text += "".join(f"{line}\n" for line in dict.fromkeys(constants)) + f"{lines}\n{given}"
    code = Code(name, text)
    kind = read_code(code)
    if isinstance(kind, CodeProblem) or interp.sheet is None:
        return "", None
    try:
        tensors = {port: operations.drawn(interp, one) for port, one in inputs.items()}
    except Unreadable:
        return "", None
    interp.codes[name] = code
    result = interp.sheet.draw(kind, tensors, {}, interp.line)
    node = next(reversed(interp.sheet.nodes))
    if isinstance(tree, ast.Return):
        return node, result
    several = result if isinstance(result, tuple) else (result,)
    for one, tensor in zip(outputs, several, strict=True):
        scope.names[one] = tensor
    return node, None


# Whole classes.


def as_layer(
    interp: "Interpreter", instance: Instance, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> tuple[Any] | None:
    """Draws an object of a class as a layer of code, with all the class needs of its source; None where it can't."""
    cls = instance.cls
    text = _text_of(cls, interp)
    if text is None or len(interp.codes) >= _MOST_CODE:
        return None
    code = Code(cls.name, text)
    kind = interp.own.get(cls.name) or read_code(code)
    if isinstance(kind, CodeProblem):
        return None
    try:
        layer = operations.own_layer(interp, kind, cls, *instance.arguments)
        values = [*layer.params.values(), *layer.followed.values()]
        if not all(_spelled(one) for one in values):
            return None
        layer.line = instance.line
        layer.owner, layer.name = instance.owner, instance.name
        interp.codes[cls.name] = code
        interp.own[cls.name] = kind
        found = operations.layer_called(interp, layer, args, keywords)
    except Unreadable:
        return None
    interp.called.add(id(layer))
    _called_inside(interp, instance)
    return (found,)


def _called_inside(interp: "Interpreter", instance: Instance) -> None:
    """What a layer of code holds is not left out."""
    for one in instance.attributes.values():
        if isinstance(one, Layer | Held):
            interp.called.add(id(one))
        elif isinstance(one, Instance):
            _called_inside(interp, one)


def _text_of(cls: Class, interp: "Interpreter") -> str | None:
    """The text of a class, after the imports, functions and classes of the source it needs; None where one is not known."""
    needed: dict[str, ast.stmt] = {}
    heads: dict[str, None] = {"import torch": None, "from torch import nn": None}

    def need(node: ast.AST, scope: Scope) -> bool:
        for one in ast.walk(node):
            if not isinstance(one, ast.Name) or not isinstance(one.ctx, ast.Load) or one.id in needed:
                continue
            try:
                found = scope.get(one.id)
            except KeyError:
                continue
            if isinstance(found, Torch | Library):
                heads[_import(one.id, found.name)] = None
            elif isinstance(found, Class | Function) and not isinstance(found.node, ast.Lambda):
                if found.node is cls.node:
                    continue
                needed[one.id] = found.node
                if not need(found.node, found.scope):
                    return False
            elif isinstance(found, None | bool | int | float | str | tuple) and _spelled(found):
                needed[one.id] = ast.parse(f"{one.id} = {_plain(found)!r}").body[0]
            elif not isinstance(found, None | bool | int | float | str):
                return False
        return True

    if not need(cls.node, cls.scope):
        return None
    try:
        parts = [ast.unparse(one) for one in (*reversed(needed.values()), _as_module(cls))]
    except (RecursionError, ValueError):
        return None
    del interp
    return "\n".join(heads) + "\n\n\n" + "\n\n\n".join(parts) + "\n"


def _as_module(cls: Class) -> ast.ClassDef:
    """The class as it stands, and said to be a module where it derives from one of torch's layers."""
    bases = [base.name for base in cls.bases if isinstance(base, Torch)]
    if not bases or "torch.nn.Module" in bases or not cls.is_network:
        return cls.node
    made = ast.parse(ast.unparse(cls.node)).body[0]
    assert isinstance(made, ast.ClassDef)
    made.bases.append(ast.parse("nn.Module", mode="eval").body)
    return made


def _import(name: str, full: str) -> str:
    module, _, last = full.rpartition(".")
    if last == name and module:
        return f"from {module} import {name}"
    return f"import {full}" if full == name else f"import {full} as {name}"
