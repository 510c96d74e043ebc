"""Functions of this program that an exported script contains: their text, that of what they use, and their imports."""

import ast
import functools
import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any


def gathered(functions: Iterable[Callable[..., Any]]) -> tuple[list[str], list[str]]:
    """The imports that these functions need, one a line, and the texts of them and of all they use of this program.

    What is used stands before what uses it where it is of another module, and else as it does in the module.
    """
    imports: dict[str, None] = {}
    texts: dict[str, None] = {}
    for module, names in _by_module(functions).items():
        _gather(module, names, imports, texts)
    return list(imports), list(texts)


def _gather(module: Any, names: Iterable[str], imports: dict[str, None], texts: dict[str, None]) -> None:
    """Adds what these names of a module need, and their texts."""
    known = _module(module)
    wanted: set[str] = set()
    for name in names:
        known.reach(name, wanted)
    borrowed: dict[str, list[str]] = {}
    for name, origin in known.borrowed.items():
        if name in wanted:
            borrowed.setdefault(origin, []).append(name)
    for origin, theirs in borrowed.items():
        _gather(importlib.import_module(origin), theirs, imports, texts)
    for name in known.order:
        if name in wanted:
            texts.setdefault(known.texts[name])
    for name in sorted(wanted & known.imports.keys()):
        imports.setdefault(known.imports[name])


def _by_module(functions: Iterable[Callable[..., Any]]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    for function in functions:
        found.setdefault(inspect.getmodule(function), []).append(function.__name__)
    return found


class _Module:
    """The text of a module: what it defines, in order, and what it imports, by the names these go by.

    `borrowed` are the names that it has from other modules of this program, with these modules.
    """

    def __init__(self, text: str) -> None:
        self.order: list[str] = []
        self.texts: dict[str, str] = {}
        self.imports: dict[str, str] = {}
        self.borrowed: dict[str, str] = {}
        self._uses: dict[str, set[str]] = {}
        for statement in ast.parse(text).body:
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("nndesigner."):
                self.borrowed.update(
                    dict.fromkeys((one.name for one in statement.names), str(statement.module))
                )
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                self.imports.update(_imported(statement))
            else:
                self._take(text, statement)

    def _take(self, text: str, statement: ast.stmt) -> None:
        for name in _defined(statement):
            self.order.append(name)
            self.texts[name] = _text(text, statement)
            self._uses[name] = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name)}

    def reach(self, name: str, found: set[str]) -> None:
        """Adds a name and all that it uses."""
        if name in found:
            return
        found.add(name)
        for used in self._uses.get(name, ()):
            if used in self.texts or used in self.imports or used in self.borrowed:
                self.reach(used, found)


@functools.cache
def _module(module: Any) -> _Module:
    return _Module(inspect.getsource(module))


def _imported(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in statement.names:
        spelled = alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"
        bound = alias.asname or alias.name.partition(".")[0]
        origin = f"from {statement.module} " if isinstance(statement, ast.ImportFrom) else ""
        yield bound, f"{origin}import {spelled}"


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _text(text: str, statement: ast.stmt) -> str:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    return "\n".join(text.splitlines()[first - 1 : statement.end_lineno])
