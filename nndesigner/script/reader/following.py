"""How a `forward` is followed: statement by statement; one that can't be read becomes a layer of code, its source kept."""

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.code import CodeProblem
from nndesigner.code import read as read_code
from nndesigner.graph import Code
from nndesigner.script.reader import calling, operations
from nndesigner.script.reader.values import (
    Constant,
    Function,
    Held,
    Instance,
    Library,
    Number,
    Returned,
    Scope,
    Tensor,
    Torch,
    Unknown,
    Unreadable,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_MOST_CODE = 200


def followed(
    interp: "Interpreter", method: Function, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> Any:
    """What a `forward` gives; `Unknown` where that can't be read."""
    assert isinstance(method.node, ast.FunctionDef)
    local = calling.bound(interp, method, (method.bound, *args), keywords)
    local.names["__class__"] = (method.cls, method.bound)
    for statement in method.node.body:
        sheet = interp.drawing_on()
        mark = sheet.mark()
        try:
            interp.one(statement, local)
        except Returned as returned:
            return returned.value
        except Unreadable as error:
            sheet.back_to(mark)
            line = error.line or statement.lineno
            node, result = _as_code(interp, statement, local)
            interp.say(error.message, line, node=node)
            if isinstance(statement, ast.Return) or (node == "" and _returns(statement)):
                return result if node else Unknown(f"line {line}: {error.message}")
            if not node:
                for name in _set_by(statement):
                    local.names[name] = Unknown(f"line {line}: {error.message}")
    return None


def _returns(statement: ast.stmt) -> bool:
    return any(isinstance(one, ast.Return) for one in ast.walk(statement))


def _set_by(statement: ast.stmt) -> list[str]:
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


def _as_code(interp: "Interpreter", statement: ast.stmt, scope: Scope) -> tuple[str, Any]:
    """Draws a statement as a function of its own; gives its node and what it returns, or nothing where it can't."""
    outputs = [] if isinstance(statement, ast.Return) else _set_by(statement)
    if len(interp.codes) >= _MOST_CODE or (not outputs and not isinstance(statement, ast.Return)):
        return "", None
    if _returns(statement) and not isinstance(statement, ast.Return):
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
    name = interp.code_name("code")
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
