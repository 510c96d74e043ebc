"""How a `forward` is followed: statement by statement; one that can't be read becomes a layer of code, its source kept."""

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.script.reader import calling, coding
from nndesigner.script.reader.values import (
    Function,
    Returned,
    Unknown,
    Unreadable,
    because,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter


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
            with interp.spared():
                interp.one(statement, local)
        except Returned as returned:
            return returned.value
        except Unreadable as error:
            sheet.back_to(mark)
            line = error.line or statement.lineno
            node, result = coding.as_code(interp, statement, local)
            interp.say(error.message, line, node=node)
            if isinstance(statement, ast.Return) or (node == "" and coding.returns(statement)):
                return result if node else Unknown(because(error.message, line))
            if not node:
                for name in coding.set_by(statement):
                    local.names[name] = Unknown(because(error.message, line))
    return None
