"""A source followed statement by statement, with values that stand for layers and tensors. Nothing of it is run: what
every name and sign does is written here or in the modules beside.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nndesigner.catalogue.kind import TensorType
from nndesigner.script.reader import calling, expressions, following, operations
from nndesigner.script.reader.account import Account
from nndesigner.script.reader.parsing import parsed
from nndesigner.script.reader.sheet import Sheet
from nndesigner.script.reader.values import (
    Class,
    Constant,
    Function,
    Held,
    Instance,
    Known,
    Number,
    Partial,
    Returned,
    Scope,
    Tensor,
    Thing,
    Torch,
    Unknown,
    Unreadable,
    because,
    what,
)

_DEEPEST = 60
# What the functions that stand for those of Python and torch raise when they are given what they do not take.
_MISFITS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


class _Broken(Exception):
    """`break`."""


class _Continued(Exception):
    """`continue`."""


class Interpreter(Account):
    """What is known while a source is followed. `sheet` is what is drawn on, while a `forward` is followed."""

    def __init__(self, top: Scope) -> None:
        super().__init__()
        self.top: Scope = top
        self.sheet: Sheet | None = None
        self.wanted = ""
        self.depth = 0
        self.loops = 0  # around what is followed
        self.around: dict[ast.AST, Scope] = {}  # in which scope the defaults of a method are looked for
        self.trial: Sheet | None = None  # what a constructor tries its layers out on, to see what they give
        self.in_use = True  # what `self.training` decides is followed as it is when the network is used
        self.made: list[Instance] = []
        self.called: set[int] = set()
        self.siblings: Mapping[str, str] = {}
        self._beside: dict[str, Scope] = {}

    # Statements.

    def run(
        self, statements: Sequence[ast.stmt], scope: Scope, *, lenient: bool = False, severity: Any = "error"
    ) -> None:
        """Follows statements. If `lenient`, what can't be read is said (unless there is no severity), and what it
        would have set is not known: who needs it says so.
        """
        quiet, self.quiet = self.quiet, self.quiet or (lenient and not severity)
        try:
            for one in statements:
                if lenient:
                    self._leniently(one, scope, severity)
                else:
                    self.one(one, scope)
        finally:
            self.quiet = quiet

    def _leniently(self, one: ast.stmt, scope: Scope, severity: Any) -> None:
        try:
            with self.spared():
                self.one(one, scope)
        except Unreadable as error:
            line = error.line or one.lineno
            if severity:
                self.say(error.message, line, severity)
            _forget(one, scope, Unknown(because(error.message, line)))
            if not severity:
                _doubt(one, scope, Unknown(because(error.message, line)))

    def one(self, node: ast.stmt, scope: Scope) -> None:
        """Follows one statement; raises `Unreadable` with its line."""
        self.count()
        self.line = node.lineno
        try:
            self._one(node, scope)
        except Unreadable as error:
            error.line = error.line or node.lineno
            raise
        except RecursionError:
            raise Unreadable("this is nested too deep to follow", node.lineno) from None
        except _MISFITS:
            raise Unreadable("this can't be read: its values do not go together", node.lineno) from None

    def _one(self, node: ast.stmt, scope: Scope) -> None:
        match node:
            case ast.FunctionDef():
                function = Function(node, scope, decorators=tuple(map(_word, node.decorator_list)))
                scope.names[node.name] = _decorated(self, node, function, scope)
            case ast.ClassDef():
                scope.names[node.name] = self.class_of(node, scope)
                scope.names[node.name] = _decorated(self, node, scope.names[node.name], scope)
            case ast.Import() | ast.ImportFrom():
                expressions.imported(self, node, scope)
            case ast.Assign() | ast.AugAssign() if self.sheet is None and _fills(node):
                self.say("how weights begin is not drawn; this line is left out", node.lineno, "note")
            case ast.Assign(targets=targets, value=value):
                self.wanted = targets[0].id if isinstance(targets[0], ast.Name) else ""
                found = self.value(value, scope)
                self.wanted = ""
                for target in targets:
                    expressions.assign(self, target, found, scope)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    expressions.assign(self, target, self.value(value, scope), scope)
            case ast.AugAssign():
                expressions.augment(self, node, scope)
            case ast.Expr(value=value):
                self._expression(value, scope)
            case ast.If(test=test, body=body, orelse=orelse):
                if _is_main(test):
                    self.run(body, scope, lenient=True, severity="")
                else:
                    self.run(body if self.truth(test, scope) else orelse, scope)
            case ast.For() | ast.While():
                self.loops += 1
                try:
                    self._for(node, scope) if isinstance(node, ast.For) else self._while(node, scope)
                finally:
                    self.loops -= 1
            case ast.Return() if scope.parent is None:
                raise Unreadable("return stands in no function")
            case ast.Return(value=value):
                self.wanted = "output"
                raise Returned(None if value is None else self.value(value, scope))
            case ast.With(items=items, body=body):
                for item in items:
                    _enter(self, item, scope)
                self.run(body, scope)
            case ast.Try():
                _try(self, node, scope)
            case ast.Raise(exc=raised):
                words = _word(raised.func if isinstance(raised, ast.Call) else raised) if raised else ""
                raise Unreadable(
                    f"with these values it raises: {ast.unparse(node)[:80]}",
                    raises=words.rpartition(".")[2],
                )
            case ast.Assert() | ast.Pass() | ast.Global() | ast.Nonlocal():
                pass
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name):
                        scope.names.pop(target.id, None)
            case ast.Break() | ast.Continue() if not self.loops:
                raise Unreadable("this stands in no loop")
            case ast.Break():
                raise _Broken
            case ast.Continue():
                raise _Continued
            case _:
                raise Unreadable(f"{type(node).__name__} is not read")

    def _expression(self, value: ast.expr, scope: Scope) -> None:
        """A statement that is only there for what it does."""
        if isinstance(value, ast.Constant):
            return
        if initializes(value):
            if not _applied(self, value, scope):
                self.say("how weights begin is not drawn; this line is left out", value.lineno, "note")
            return
        try:
            self.value(value, scope)
        except Unreadable as error:
            if not _harmless(self, value, scope):
                raise
            self.say(f"this line is left out: {error.message}", value.lineno, "note")

    def _while(self, node: ast.While, scope: Scope) -> None:
        for _ in range(100_000):
            if not self.truth(node.test, scope):
                self.run(node.orelse, scope)
                return
            try:
                self.run(node.body, scope)
            except _Broken:
                return
            except _Continued:
                continue
        raise Unreadable("this loop comes to no end")

    def _for(self, node: ast.For, scope: Scope) -> None:
        if over_modules(node.iter) and not changes(node.body):
            self.say("how weights begin is not drawn; this loop is left out", node.lineno, "note")
            return
        for item in expressions.items_of(self, self.value(node.iter, scope)):
            self.count()
            expressions.assign(self, node.target, item, scope)
            try:
                self.run(node.body, scope)
            except _Broken:
                return
            except _Continued:
                continue
        self.run(node.orelse, scope)

    # Values.

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """What an expression stands for; raises `Unreadable`."""
        self.count()
        self.depth += 1
        if self.depth > _DEEPEST * 8:
            self.depth -= 1
            raise Unreadable("this is nested too deep to follow", node.lineno)
        try:
            found = expressions.value(self, node, scope)
        except Unreadable as error:
            error.line = error.line or node.lineno
            raise
        except _MISFITS:
            raise Unreadable(
                f"{_word(node)} can't be read: its values do not go together", node.lineno
            ) from None
        finally:
            self.depth -= 1
        return found

    def truth(self, test: ast.expr, scope: Scope) -> bool:
        """Whether a condition holds; raises `Unreadable` where a tensor decides."""
        return expressions.truth(self, self.value(test, scope), test.lineno)

    def items(self, found: Any) -> Any:
        """What a loop over a value goes through; raises `Unreadable`."""
        return expressions.items_of(self, found)

    # What the modules beside ask for.

    def call(self, function: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """What a call gives; raises `Unreadable`."""
        return calling.call(self, function, args, keywords)

    def attribute(self, owner: Any, name: str) -> Any:
        """`owner.name`; raises `Unreadable`."""
        return expressions.attribute(self, owner, name)

    def signed(self, first: Any, op: ast.operator, second: Any) -> Any:
        """`first op second`; raises `Unreadable`."""
        return expressions.signed(self, first, op, second)

    def is_true(self, found: Any) -> bool:
        """Whether a value counts as true; raises `Unreadable`."""
        return expressions.truth(self, found, self.line)

    def copied(self, found: Any) -> Any:
        """Another layer just like this one."""
        return calling.copied(found)

    def draw(self, kind: str, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> Any:
        """A node of a kind; raises `Unreadable`."""
        return operations.draw(self, kind, inputs, params)

    def tensor(self, found: Any, words: str) -> Tensor:
        """A value as a tensor on the sheet; raises `Unreadable` for anything else."""
        if not isinstance(found, Tensor | Held | Constant):
            reason = found.reason if isinstance(found, Unknown) else f"{words} is {what(found)}, not a tensor"
            raise Unreadable(reason)
        return operations.drawn(self, found)

    def drawing_on(self) -> Sheet:
        """The sheet that is drawn on; raises `Unreadable` where none is."""
        if self.sheet is None and self.trial is None:
            raise Unreadable("a layer is called outside forward")
        return self.sheet or self.trial  # type: ignore[return-value]

    def type_of(self, found: Any) -> TensorType:
        """Sizes and dtype of a tensor; raises `Unreadable` where they are not known."""
        if isinstance(found, Held):
            found = found.constant
        if isinstance(found, Constant) and not found.after and not found.columns:
            return TensorType(tuple(map(int, found.shape)))
        if isinstance(found, Constant):
            scratch = Sheet(None)
            held = found
            type_: TensorType = calling.within(
                self, scratch, lambda: scratch.type(operations.drawn(self, held))
            )
            return type_
        if isinstance(found, Unknown):
            raise Unreadable(found.reason)
        return found.sheet.type(found)  # type: ignore[no-any-return]

    def sizes(self, found: Any) -> tuple[Number, ...]:
        """The sizes of a tensor, each knowing of which axis it is."""
        sizes = self.type_of(found).sizes
        if not isinstance(found, Tensor):
            return tuple(Number(one) for one in sizes)
        seen = Tensor(found.sheet, found.place)
        return tuple(Number(one, axis=(seen, number)) for number, one in enumerate(sizes))

    def beside(self, name: str) -> Scope:
        """The names of a module beside the source."""
        if name not in self._beside:
            scope = self._beside[name] = Scope({}, None)
            tree, _ = parsed(self.siblings[name])
            self.run(tree.body, scope, lenient=True, severity="")
        return self._beside[name]

    def forward(self, method: Function, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """What a `forward` gives; statements that can't be read become code where they can."""
        return following.followed(self, method, args, keywords)

    def class_of(self, node: ast.ClassDef, scope: Scope) -> Class:
        """A class, its bases and its body."""
        bases: list[Any] = []
        for base in node.bases:
            try:
                bases.append(self.value(base, scope))
            except Unreadable:
                bases.append(Unknown(f"{_word(base)} is not known"))
        made = Class(node.name, node, scope, bases)
        inner = Scope({}, scope)
        for one in node.body:
            if isinstance(one, ast.FunctionDef):
                self.around[one] = inner
                made.body[one.name] = Function(
                    one, scope, cls=made, decorators=tuple(map(_word, one.decorator_list))
                )
                inner.names[one.name] = made.body[one.name]
            elif isinstance(one, ast.Assign | ast.AnnAssign | ast.ClassDef):
                self.run([one], inner, lenient=True)
        made.body.update({name: value for name, value in inner.names.items() if name not in made.body})
        return made


def _decorated(interp: Interpreter, node: ast.FunctionDef | ast.ClassDef, found: Any, scope: Scope) -> Any:
    """What the decorators of the source itself make of a function or a class, such as those that register it."""
    for one in reversed(node.decorator_list):
        try:
            work = interp.value(one, scope)
            made = interp.call(work, (found,), {}) if isinstance(work, Function) else found
        except Unreadable:
            continue
        found = made if isinstance(made, Function | Class | Partial) else found
    return found


def _applied(interp: Interpreter, node: ast.expr, scope: Scope) -> bool:
    """Follows `net.apply(function)` where that does more to modules than to set their first weights; says whether it did."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or len(node.args) != 1:
        return False
    try:
        work = interp.value(node.args[0], scope) if node.func.attr == "apply" else None
    except Unreadable:
        return False
    body = work.node.body if isinstance(work, Function) else None
    if not isinstance(body, list) or not changes(body):
        return False
    owner = interp.value(node.func.value, scope)
    for one in reversed(interp.items(interp.call(interp.attribute(owner, "modules"), (), {}))):
        interp.call(work, (one,), {})
    return True


def _enter(interp: Interpreter, item: ast.withitem, scope: Scope) -> None:
    words = _word(item.context_expr.func if isinstance(item.context_expr, ast.Call) else item.context_expr)
    if words.rpartition(".")[2] not in _CONTEXTS:
        raise Unreadable(f"with {words} is not read")
    if words.rpartition(".")[2] == "no_grad" and interp.sheet is not None:
        interp.say("torch.no_grad is not drawn: gradients flow here too", item.context_expr.lineno, "note")
    if item.optional_vars is not None:
        expressions.assign(interp, item.optional_vars, None, scope)


def _try(interp: Interpreter, node: ast.Try, scope: Scope) -> None:
    """What Python itself would raise is handled as it says there; what is only not read here is not."""
    try:
        for one in node.body:
            interp.one(one, scope)
            _found(interp, one, scope)
    except Unreadable as error:
        handler = next((one for one in node.handlers if _handles(one, error.raises)), None)
        if handler is None:
            interp.run(node.finalbody, scope)
            raise
        if handler.name:
            scope.names[handler.name] = Unknown(error.message)
        interp.run([*handler.body, *node.finalbody], scope)
        return
    interp.run([*node.orelse, *node.finalbody], scope)


def _found(interp: Interpreter, node: ast.stmt, scope: Scope) -> None:
    """Whether what an import asks for may well be there; raises `Unreadable` for a library that is not read."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for name in stored(node):
            found = scope.names.get(name)
            if isinstance(found, Unknown):
                raise Unreadable(found.reason, node.lineno, "ImportError")


def _harmless(interp: Interpreter, node: ast.expr, scope: Scope) -> bool:
    """Whether a statement may be left out: no function of the source is called in it, and nothing that is known here
    is changed by it.
    """
    if isinstance(node, ast.Call) and _word(node.func) == "print":
        return True
    return all(_changes_nothing(interp, one, scope) for one in ast.walk(node) if isinstance(one, ast.Call))


def _changes_nothing(interp: Interpreter, node: ast.Call, scope: Scope) -> bool:
    words = _word(node.func)
    if words.startswith("self.log"):
        return True
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if any(isinstance(one, ast.Call) for one in ast.walk(owner)):
            return not re.search(r"[^_]_$", node.func.attr)  # that call is looked at by itself
        try:
            found = interp.value(owner, scope)
        except Unreadable:
            return not words.startswith("self.")
        if isinstance(found, Tensor | Held | Constant):
            return not re.search(r"[^_]_$", node.func.attr)
        if isinstance(found, Torch):
            return not re.search(r"[^_]_$", node.func.attr)
        return not isinstance(found, list | dict | Thing | Scope)
    try:
        known = interp.value(node.func, scope)
    except Unreadable:
        return True
    return not (
        isinstance(known, Function | Class | Partial | Thing)
        or (isinstance(known, Known) and known.name == "setattr")
    )


_CONTEXTS = frozenset(
    [
        "no_grad",
        "enable_grad",
        "inference_mode",
        "autocast",
        "set_grad_enabled",
        "device",
        "record_function",
        "profile",
    ]
)


def _forget(node: ast.stmt, scope: Scope, unknown: Unknown) -> None:
    """Notes of all that a statement would have set that it is not known."""
    for name in stored(node):
        scope.names[name] = unknown
    for one in ast.walk(node):
        if (
            isinstance(one, ast.Subscript)
            and isinstance(one.ctx, ast.Store)
            and isinstance(one.value, ast.Name)
            and one.value.id in scope.names
        ):
            scope.names[one.value.id] = unknown
        if (
            isinstance(one, ast.Attribute)
            and isinstance(one.ctx, ast.Store)
            and isinstance(one.value, ast.Name)
        ):
            owner = scope.names.get(one.value.id)
            if isinstance(owner, Instance):
                owner.attributes.setdefault(one.attr, unknown)


def _doubt(node: ast.stmt, scope: Scope, unknown: Unknown) -> None:
    """Notes of what a statement may have changed, of which nothing is said, that it is not known any more either."""
    for one in ast.walk(node):
        changed: ast.expr | None = None
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in _CHANGING:
            changed = one.func.value
        elif isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store):
            changed = one
        if isinstance(changed, ast.Name) and isinstance(scope.names.get(changed.id), list | dict):
            scope.names[changed.id] = unknown
        elif isinstance(changed, ast.Attribute) and isinstance(changed.value, ast.Name):
            owner = scope.names.get(changed.value.id)
            if isinstance(owner, Instance) and not isinstance(owner.attributes.get(changed.attr), Thing):
                owner.attributes[changed.attr] = unknown


_CHANGING = frozenset(
    ["append", "extend", "insert", "update", "add", "pop", "setdefault", "remove", "clear", "reverse"]
)


def _word(node: ast.expr) -> str:
    try:
        return ast.unparse(node)[:80]
    except (RecursionError, ValueError):
        return "this"


def _is_main(test: ast.expr) -> bool:
    return "__name__" in {one.id for one in ast.walk(test) if isinstance(one, ast.Name)}


def over_modules(node: ast.expr) -> bool:
    """Whether it goes over all modules or parameters a network has, as only the setting of first weights does."""
    names = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return bool(
        names & {"modules", "named_modules", "parameters", "named_parameters", "children", "named_children"}
    )


def changes(body: Sequence[ast.stmt]) -> bool:
    """Whether a loop over modules does more than set first weights: it sets what a layer is, or keeps what it finds."""
    for one in (inner for statement in body for inner in ast.walk(statement)):
        targets = (
            one.targets
            if isinstance(one, ast.Assign)
            else [one.target]
            if isinstance(one, ast.AugAssign)
            else []
        )
        for target in (
            each for all_ in targets for each in (all_.elts if isinstance(all_, ast.Tuple) else [all_])
        ):
            if isinstance(target, ast.Subscript):
                return True
            if isinstance(target, ast.Attribute) and target.attr not in _OF_WEIGHTS:
                return True
        if isinstance(one, ast.Call) and _word(one.func).rpartition(".")[2] in _KEEPING:
            return True
    return False


# Attributes that say nothing of what is computed once the weights are there.
_OF_WEIGHTS = frozenset(["data", "requires_grad", "weight", "bias", "grad", "inplace", "momentum"])
_KEEPING = frozenset(
    ["append", "extend", "insert", "setattr", "add_module", "register_module", "__setattr__"]
)


def _fills(node: ast.Assign | ast.AugAssign) -> bool:
    """Whether it sets what a weight begins with: `conv.weight.data = …`."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    words = [_word(one) for one in targets]
    return all(re.search(r"\.(weight|bias)\.data(\[.*\])?$", one) for one in words)


def _handles(handler: ast.ExceptHandler, raised: str) -> bool:
    """Whether an `except` takes an exception of this name."""
    if not raised:
        return False
    if handler.type is None:
        return True
    several = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {_word(one).rpartition(".")[2] for one in several}
    kin = {
        "ImportError": {"ModuleNotFoundError"},
        "KeyError": {"LookupError"},
        "IndexError": {"LookupError"},
    }
    return bool(names & {raised, "Exception", "BaseException", *kin.get(raised, ())})


def initializes(node: ast.expr) -> bool:
    """Whether it sets first weights: `nn.init.…(…)`, `self.apply(…)`, `….data.…_(…)`, or `self.init_weights()`."""
    if not isinstance(node, ast.Call):
        return False
    words = _word(node.func)
    last = words.rpartition(".")[2]
    return (
        ".init." in f".{words}"
        or words.startswith("init.")
        or (last == "apply" and "." in words)
        or ".data." in words
        or (last in ("requires_grad_", "reset_parameters") and "self" in words and last == "reset_parameters")
        or last
        in (
            "trunc_normal_",
            "xavier_uniform_",
            "kaiming_normal_",
            "normal_",
            "constant_",
            "zeros_",
            "zero_",
            "fill_",
            "copy_",
            "uniform_",
        )
    )


def stored(node: ast.AST) -> list[str]:
    """The names a statement sets."""
    found = []
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.append(one.id)
        elif isinstance(one, ast.FunctionDef | ast.ClassDef):
            found.append(one.name)
        elif isinstance(one, ast.alias):
            found.append((one.asname or one.name).partition(".")[0])
    return list(dict.fromkeys(found))
