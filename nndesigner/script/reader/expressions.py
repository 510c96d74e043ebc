"""What the expressions of a source stand for: names, signs, brackets, comprehensions; and what assignments do."""

import ast
import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from nndesigner.script.reader import arrays, calling, operations, python, tables
from nndesigner.script.reader.arrays import Array
from nndesigner.script.reader.values import (
    TRAINING,
    Bound,
    Class,
    Constant,
    Container,
    Count,
    Function,
    Held,
    Instance,
    Known,
    Layer,
    Library,
    Number,
    Partial,
    Scope,
    Super,
    Tensor,
    Thing,
    Torch,
    Training,
    Unknown,
    Unreadable,
    Weight,
    what,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_LONGEST = 100_000  # items of a list, letters of a text
_BITS = 4096
_SPELLED = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}
_NUMBERS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_TENSORS = (Tensor, Held, Constant)


def value(interp: "Interpreter", node: ast.expr, scope: Scope) -> Any:
    """What an expression stands for; raises `Unreadable`."""
    match node:
        case ast.Constant(value=found):
            if isinstance(found, bytes | complex):
                raise Unreadable(f"{found!r:.40} is not read")
            return found
        case ast.Name(id=name):
            return _named(name, scope)
        case ast.Attribute(value=inner, attr=name):
            return attribute(interp, interp.value(inner, scope), name)
        case ast.Call():
            return _called(interp, node, scope)
        case ast.BinOp(left=left, op=op, right=right):
            wanted, interp.wanted = interp.wanted, ""
            first, second = interp.value(left, scope), interp.value(right, scope)
            interp.wanted = wanted
            return signed(interp, first, op, second)
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(interp, op, interp.value(operand, scope), node.lineno)
        case ast.BoolOp(op=op, values=several):
            found = None
            for one in several:
                found = interp.value(one, scope)
                if truth(interp, found, one.lineno) == isinstance(op, ast.Or):
                    return found if not isinstance(found, Training) else isinstance(op, ast.Or)
            return found if not isinstance(found, Training) else isinstance(op, ast.And)
        case ast.Compare():
            return _compared(interp, node, scope)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return interp.value(body if interp.truth(test, scope) else orelse, scope)
        case ast.Tuple(elts=elements):
            return interp.weigh(tuple(_listed(interp, elements, scope)))
        case ast.List(elts=elements) | ast.Set(elts=elements):
            return interp.weigh(_listed(interp, elements, scope))
        case ast.Dict(keys=keys, values=values):
            return interp.weigh(_table(interp, keys, values, scope))
        case ast.Subscript(value=inner, slice=index):
            return _subscript(interp, interp.value(inner, scope), index, scope)
        case ast.Slice(lower=lower, upper=upper, step=step):
            return slice(*(None if one is None else interp.value(one, scope) for one in (lower, upper, step)))
        case ast.ListComp(elt=element, generators=loops) | ast.SetComp(elt=element, generators=loops):
            return _comprehended(interp, loops, scope, lambda inner: interp.value(element, inner))
        case ast.GeneratorExp(elt=element, generators=loops):
            return _comprehended(interp, loops, scope, lambda inner: interp.value(element, inner))
        case ast.DictComp(key=key, value=inside, generators=loops):
            pairs = _comprehended(
                interp,
                loops,
                scope,
                lambda inner: (_key(interp.value(key, inner)), interp.value(inside, inner)),
            )
            return dict(pairs)
        case ast.Lambda():
            return Function(node, scope)
        case ast.JoinedStr(values=parts):
            return _short("".join(_formatted(interp, part, scope) for part in parts))
        case ast.NamedExpr(target=target, value=inside):
            found = interp.value(inside, scope)
            assign(interp, target, found, scope)
            return found
        case ast.Yield(value=given):
            _yields(scope).append(None if given is None else interp.value(given, scope))
            return None
        case ast.YieldFrom(value=several_):
            _yields(scope).extend(items_of(interp, interp.value(several_, scope)))
            return None
        case ast.Starred():
            raise Unreadable("* is not read here")
    raise Unreadable(f"{type(node).__name__} is not read")


def _yields(scope: Scope) -> list[Any]:
    found: list[Any] = scope.names.get("yield", [])
    if len(found) >= _LONGEST:
        _too_long(len(found) + 1)
    return found


def truth(interp: "Interpreter", found: Any, line: int) -> bool:
    """Whether a value counts as true; raises `Unreadable` where a tensor would decide, or what is not known."""
    if isinstance(found, Training):
        interp.say("drawn as it is in use, not while training", line, "note")
        return not interp.in_use
    if isinstance(found, _TENSORS):
        raise Unreadable("a branch on a tensor's value can't be drawn")
    if isinstance(found, Unknown):
        raise Unreadable(found.reason)
    if isinstance(found, Container):
        return bool(found.items)
    if isinstance(found, None | bool | int | float | str | list | tuple | dict | range):
        return bool(found)
    return True


def items_of(interp: "Interpreter", found: Any) -> Iterable[Any]:
    """What a loop over a value goes through."""
    match found:
        case list() | tuple() | range() | str():
            return found if len(found) <= _LONGEST else _too_long(len(found))
        case dict():
            return list(found)
        case Container(sort="ModuleDict"):
            return list(found.items)
        case Container():
            return list(found.items.values())
        case Instance(inside=Container() as inside):
            return items_of(interp, inside)
        case Instance() if isinstance(method := found.cls.find("__iter__"), Function):
            return items_of(
                interp, calling.invoke(interp, Function(method.node, method.scope, found, method.cls), (), {})
            )
        case Instance() if tables.is_table(found):
            return list(found.attributes)
        case Array():
            return [arrays.indexed(found, number) for number in range(len(arrays.listed(found)))]
        case Instance() if not found.cls.is_network and found.cls.find("__iter__") is None:
            return list(found.attributes.values())
        case Tensor():
            return operations.unbound(interp, found)
        case Weight():
            return [found]
        case Unknown():
            raise Unreadable(found.reason)
    raise Unreadable(f"a loop over {what(found)} is not read")


def _too_long(count: int) -> Any:
    raise Unreadable(f"{count:,} times is more than is followed; at most {_LONGEST:,}")


def _named(name: str, scope: Scope) -> Any:
    try:
        found = scope.get(name)
    except KeyError:
        if name in python.BUILTINS:
            return python.BUILTINS[name]
        raise Unreadable(f"{name} is not known here", raises="NameError") from None
    return found


def attribute(interp: "Interpreter", owner: Any, name: str) -> Any:
    """`owner.name`."""
    match owner:
        case Torch():
            return python.TORCH_CONSTANTS.get(f"{owner.name}.{name}", Torch(f"{owner.name}.{name}"))
        case Library():
            return python.member(owner, name)
        case Instance():
            return _of_instance(interp, owner, name)
        case Container() | Layer() if name in owner.notes:
            return owner.notes[name]
        case Container():
            if name in owner.items:
                return owner.items[name]
            if name == "_modules":
                return dict(owner.items)
            return TRAINING if name == "training" else Bound(owner, name)
        case Layer():
            return _of_layer(owner, name)
        case Class():
            if name == "__name__":
                return owner.name
            found = owner.find(name)
            if found is None:
                raise Unreadable(f"{owner.name} has no {name}", raises="AttributeError")
            if isinstance(found, Function) and "classmethod" in found.decorators:
                return Function(found.node, found.scope, owner, found.cls, found.decorators)
            return found
        case Super():
            return _of_super(owner, name)
        case Tensor() | Held() | Constant():
            return operations.attribute(interp, owner, name)
        case Partial():
            if name in ("func", "args", "keywords"):
                return {"func": owner.function, "args": owner.args, "keywords": owner.keywords}[name]
            return Bound(owner, name)
        case Scope():
            try:
                return owner.get(name)
            except KeyError:
                raise Unreadable(f"there is no {name} there", raises="AttributeError") from None
        case Weight() if name in ("numel", "nelement"):
            return Bound(owner, name)
        case Weight() if name == "requires_grad":
            return True
        case Weight() if name == "data":
            return owner
        case Weight() if name in ("device", "dtype"):
            return Torch("torch.device" if name == "device" else "torch.float32")
        case Unknown():
            raise Unreadable(owner.reason)
        case None:
            raise Unreadable(f"None has no {name}")
        case tables.Named() if name in (*owner.fields, "_fields"):
            return owner.asked(name)
        case Array():
            found = arrays.attribute(owner, name)
            return Bound(owner, name) if found is None else found
        case tables.Options():
            return Bound(owner, name)
        case Known(name="sys.modules"):
            return attribute(interp, interp.top, name)
        case Known(name="dict" | "object"):
            return Bound(owner, name)
        case (Tensor() as values, Tensor() as indices) if name in ("values", "indices"):
            return values if name == "values" else indices
        case str() if name == "value":
            return owner  # of an Enum
        case str() | list() | tuple() | dict() | range():
            return Bound(owner, name)
        case Training():
            return TRAINING
        case int() | float():
            if name == "item":
                return Bound(owner, name)
            if name == "value":
                return owner  # of an Enum
        case Function() | Known():
            if name == "__name__":
                return owner.name
    raise Unreadable(f"{name} of {what(owner)} is not read")


def _of_instance(interp: "Interpreter", owner: Instance, name: str) -> Any:
    if name in owner.attributes:
        return owner.attributes[name]
    if name == "training":
        return TRAINING
    if name == "__class__":
        return owner.cls
    if name == "__dict__" and not owner.cls.is_network:
        return owner.attributes
    if name == "_modules":
        return {key: one for key, one in calling.children(owner) if isinstance(one, Thing)}
    if name in ("__setattr__", "__getattr__"):
        return Partial(python.BUILTINS[name.strip("_")], (owner,), {})
    found = owner.cls.find(name)
    if isinstance(found, Function):
        if "staticmethod" in found.decorators:
            return found
        bound = Function(found.node, found.scope, owner, found.cls, found.decorators)
        if any(
            one in ("property", "cached_property", "functools.cached_property") for one in found.decorators
        ):
            return calling.invoke(interp, bound, (), {})
        return bound
    if found is not None:
        return found
    if isinstance(owner.inside, Container) and name in owner.inside.items:
        return owner.inside.items[name]
    if name in tables.METHODS and tables.is_table(owner):
        return Bound(owner.attributes, name)
    if isinstance(owner.inside, Layer) and name not in _METHODS:
        return _of_layer(owner.inside, name)
    if name in _METHODS or isinstance(owner.inside, Container):
        return Bound(owner, name)
    raise Unreadable(f"{owner.cls.name} has no {name}", raises="AttributeError")


# Methods of nn.Module that are known.
_METHODS = frozenset(
    [
        "add_module",
        "register_module",
        "register_buffer",
        "register_parameter",
        "children",
        "modules",
        "named_children",
        "named_modules",
        "parameters",
        "named_parameters",
        "apply",
        "eval",
        "train",
        "to",
        "cuda",
        "cpu",
        "half",
        "float",
        "double",
        "requires_grad_",
        "state_dict",
        "load_state_dict",
        "zero_grad",
        "type",
        "register_forward_hook",
        "forward",
        "__init__",
        "get_submodule",
        "extra_repr",
        "buffers",
        "init_weights",
        "_init_weights",
        "reset_parameters",
        "save_hyperparameters",
        "log",
        "log_dict",
        "post_init",
        "named_buffers",
    ]
)


def _of_layer(owner: Layer, name: str) -> Any:
    if name == "bias" and owner.params.get("bias") is False:
        return None
    if name in ("weight", "bias"):
        return Weight(f"{name} of a layer is not read: a layer is drawn whole", owner, name)
    if name in owner.followed:
        return owner.followed[name]
    if name in owner.params:
        return owner.params[name]
    kind = operations.kind_named(owner.kind)
    if name in kind.by_name and not callable(kind.by_name[name].default):
        return kind.values({}).get(name)
    return TRAINING if name == "training" else Bound(owner, name)


def _of_super(owner: Super, name: str) -> Any:
    found = owner.instance.cls.find(name, after=owner.cls)
    if isinstance(found, Function):
        return Function(found.node, found.scope, owner.instance, found.cls, found.decorators)
    return Bound(owner, name)


# Signs.


def signed(interp: "Interpreter", first: Any, op: ast.operator, second: Any) -> Any:
    """`first op second`; raises `Unreadable`."""
    for one in (first, second):
        if isinstance(one, Count):
            return one
        if isinstance(one, Unknown):
            raise Unreadable(one.reason)
    if isinstance(first, _TENSORS) or isinstance(second, _TENSORS):
        return operations.signed(interp, first, op, second)
    if isinstance(first, Array) or isinstance(second, Array):
        return arrays.signed(first, op, second)
    if _number(first) and _number(second):
        return _arithmetic(first, op, second)
    if isinstance(op, ast.Add) and isinstance(first, list | tuple) and isinstance(second, list | tuple):
        both = [*first, *second]
        return _short(tuple(both) if isinstance(first, tuple) else both)
    if isinstance(op, ast.Add) and isinstance(first, str) and isinstance(second, str):
        return _short(first + second)
    if isinstance(op, ast.Mult) and isinstance(first, int) and isinstance(second, list | tuple | str):
        first, second = second, first
    if isinstance(op, ast.Mult) and isinstance(first, list | tuple | str) and isinstance(second, int):
        if len(first) * max(0, second) > _LONGEST:
            raise Unreadable(f"{len(first) * second:,} items are more than are read; at most {_LONGEST:,}")
        return first * int(second)
    if isinstance(op, ast.Mod) and isinstance(first, str):
        return _percent(first, second)
    if isinstance(op, ast.BitOr) and isinstance(first, dict) and isinstance(second, dict):
        return {**first, **second}
    if (
        isinstance(first, Container)
        and isinstance(op, ast.Add)
        and isinstance(second, Container | list | tuple)
    ):
        return calling.joined(first, second)
    raise Unreadable(f"{what(first)} and {what(second)} can't be put together here")


def _percent(text: str, given: Any) -> str:
    values = given if isinstance(given, tuple) else (given,)
    pieces = text.replace("%%", "").count("%")
    if pieces != len(values) or any(sign in text for sign in "*(") or not all(_plain(one) for one in values):
        raise Unreadable("this way of putting text together is not read")
    if any(len(part) > 4 and part[:4].strip(".0123456789") == "" for part in text.split("%")[1:]):
        raise Unreadable("this way of putting text together is not read")
    try:
        return str(_short(text % tuple(int(one) if isinstance(one, Number) else one for one in values)))
    except (TypeError, ValueError, OverflowError):
        raise Unreadable("this way of putting text together is not read") from None


def _arithmetic(first: Any, op: ast.operator, second: Any) -> Any:
    one = int(first) if isinstance(first, Number) else first
    other = int(second) if isinstance(second, Number) else second
    try:
        if isinstance(op, ast.Pow):
            if isinstance(one, int) and isinstance(other, int) and one.bit_length() * max(1, other) > _BITS:
                raise Unreadable("this power is larger than is read")
            found = one**other
        elif isinstance(op, ast.LShift | ast.RShift):
            if not (isinstance(one, int) and isinstance(other, int) and 0 <= other <= _BITS):
                raise Unreadable("this shift is larger than is read")
            found = one << other if isinstance(op, ast.LShift) else one >> other
        elif type(op) in _NUMBERS:
            found = _NUMBERS[type(op)](one, other)
        else:
            raise Unreadable("this sign between numbers is not read")
    except (ZeroDivisionError, OverflowError, ValueError, TypeError) as error:
        raise Unreadable(f"this has no value: {error}") from None
    if isinstance(found, complex):
        raise Unreadable("a complex number is not read")
    if not isinstance(found, int) or isinstance(found, bool):
        return found
    if found.bit_length() > _BITS:
        raise Unreadable("this number is larger than is read")
    text, owner = _computed(first, op, second)
    axis = None
    for number in (first, second):
        if isinstance(number, Number) and number.axis is not None:
            axis = number.axis
    return Number(found, text, owner, axis) if text or axis else found


def _computed(first: Any, op: ast.operator, second: Any) -> tuple[str, Instance | None]:
    """How a number is computed from the arguments of one constructor, if it is."""
    owners = {id(one.owner): one.owner for one in (first, second) if isinstance(one, Number) and one.text}
    if len(owners) != 1 or type(op) not in _SPELLED:
        return "", None
    sides = []
    for one in (first, second):
        if isinstance(one, Number) and one.text:
            sides.append(ast.parse(one.text, mode="eval").body)
        elif isinstance(one, int) and not isinstance(one, bool) and getattr(one, "axis", None) is None:
            sides.append(ast.Constant(int(one)))
        else:
            return "", None
    text = ast.unparse(ast.BinOp(sides[0], op, sides[1]))
    return (text, next(iter(owners.values()))) if len(text) <= 120 else ("", None)


def _unary(interp: "Interpreter", op: ast.unaryop, found: Any, line: int) -> Any:
    if isinstance(op, ast.Not):
        return not truth(interp, found, line)
    if isinstance(found, _TENSORS):
        return operations.unary(interp, op, found)
    if isinstance(found, Array):
        return arrays.unary(op, found)
    if not _number(found):
        raise Unreadable(f"{what(found)} has no sign")
    if isinstance(op, ast.USub):
        return -(int(found) if isinstance(found, Number) else found)
    if isinstance(op, ast.Invert) and isinstance(found, int):
        return ~int(found)
    return found


def _compared(interp: "Interpreter", node: ast.Compare, scope: Scope) -> Any:
    left = interp.value(node.left, scope)
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = interp.value(right_node, scope)
        if isinstance(op, ast.Is | ast.IsNot):
            same = _identical(left, right)
            if same == isinstance(op, ast.IsNot):
                return False
        elif isinstance(left, Unknown) or isinstance(right, Unknown):
            raise Unreadable(left.reason if isinstance(left, Unknown) else right.reason)
        elif isinstance(op, ast.In | ast.NotIn):
            if _contained(left, right) == isinstance(op, ast.NotIn):
                return False
        elif isinstance(left, _TENSORS) or isinstance(right, _TENSORS):
            if len(node.ops) > 1:
                raise Unreadable("a chain of comparisons of tensors is not read")
            return operations.compared(interp, left, op, right)
        elif (isinstance(left, Array) or isinstance(right, Array)) and len(node.ops) == 1:
            return arrays.compared(left, op, right)
        elif not _holds(left, op, right):
            return False
        left = right
    return True


def _holds(left: Any, op: ast.cmpop, right: Any) -> bool:
    try:
        return bool(_COMPARED[type(op)](left, right))
    except TypeError:
        raise Unreadable(f"{what(left)} and {what(right)} can't be compared") from None


def _identical(left: Any, right: Any) -> bool:
    if isinstance(left, Weight) and right is None:
        return False
    if isinstance(left, Unknown) and right is None:
        raise Unreadable(left.reason)
    if isinstance(left, Torch) and isinstance(right, Torch):
        return left == right
    if isinstance(left, int | str) and isinstance(right, int | str):
        return type(left) is type(right) and left == right
    return left is right


def _contained(left: Any, right: Any) -> bool:
    if tables.is_table(right):
        return left in right.attributes
    if isinstance(right, Container):
        return left in right.items
    if isinstance(right, list | tuple | dict | str | range):
        try:
            return left in right
        except TypeError:
            pass
    raise Unreadable(f"whether it is in {what(right)} is not read")


# Lists, tables, text.


def _listed(interp: "Interpreter", elements: list[ast.expr], scope: Scope) -> list[Any]:
    found: list[Any] = []
    wanted, interp.wanted = interp.wanted, ""
    for one in elements:
        if isinstance(one, ast.Starred):
            found += items_of(interp, interp.value(one.value, scope))
        else:
            found.append(interp.value(one, scope))
    interp.wanted = wanted
    return found


def _table(
    interp: "Interpreter", keys: list[ast.expr | None], values: list[ast.expr], scope: Scope
) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, one in zip(keys, values, strict=True):
        inside = interp.value(one, scope)
        if key is None:
            if not isinstance(inside, dict):
                raise Unreadable(f"** of {what(inside)} is not read")
            found.update(inside)
        else:
            found[_key(interp.value(key, scope))] = inside
    return found


def _key(found: Any) -> Any:
    if isinstance(found, Number):
        return int(found)
    if isinstance(found, tuple):
        return tuple(_key(one) for one in found)
    if isinstance(found, None | bool | int | float | str | Torch | Class):
        return found
    raise Unreadable(f"{what(found)} as a key is not read")


def _extended(interp: "Interpreter", found: list[Any], node: ast.GeneratorExp, scope: Scope) -> None:
    """A list extended by a generator, which sees each item that came before."""
    _comprehended(interp, node.generators, scope, lambda inner: interp.value(node.elt, inner), found)


def _comprehended(
    interp: "Interpreter",
    loops: list[ast.comprehension],
    scope: Scope,
    made: Callable[[Scope], Any],
    into: list[Any] | None = None,
) -> list[Any]:
    found: list[Any] = [] if into is None else into

    def go(depth: int, inner: Scope) -> None:
        if depth == len(loops):
            if len(found) >= _LONGEST:
                _too_long(len(found) + 1)
            found.append(made(inner))
            return
        loop = loops[depth]
        if loop.is_async:
            raise Unreadable("async is not read")
        for item in items_of(interp, interp.value(loop.iter, inner)):
            interp.count()
            assign(interp, loop.target, item, inner)
            if all(interp.truth(test, inner) for test in loop.ifs):
                go(depth + 1, inner)

    wanted, interp.wanted = interp.wanted, ""
    go(0, Scope({}, scope))
    interp.wanted = wanted
    return found


def _formatted(interp: "Interpreter", part: ast.expr, scope: Scope) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    found = interp.value(part.value, scope)
    if not _plain(found):
        raise Unreadable(f"{what(found)} in a text is not read")
    if part.format_spec is None:
        return str(_short(str(int(found) if isinstance(found, Number) else found)))
    spec = "".join(_formatted(interp, one, scope) for one in getattr(part.format_spec, "values", []))
    if len(spec) > 8 or sum(letter.isdigit() for letter in spec) > 3:
        raise Unreadable("this way of putting text together is not read")
    try:
        return str(_short(format(int(found) if isinstance(found, Number) else found, spec)))
    except (ValueError, TypeError):
        raise Unreadable("this way of putting text together is not read") from None


def _subscript(interp: "Interpreter", found: Any, index_node: ast.expr, scope: Scope) -> Any:
    if isinstance(found, Class | Known | Torch | Library):
        return found  # a type with arguments, as in annotations
    index = interp.value(index_node, scope)
    match found:
        case Tensor() | Held() | Constant():
            return operations.indexed(interp, found, index)
        case list() | tuple() | str() | range():
            return _picked(found, index)
        case dict():
            key = _key(index)
            if key not in found and isinstance(found, python.Defaulting) and found.made is not None:
                return found.lacking(key)
            if key not in found:
                raise Unreadable(f"there is no {key!r} in this table", raises="KeyError")
            return found[key]
        case Instance() if isinstance(method := found.cls.find("__getitem__"), Function):
            return calling.invoke(
                interp, Function(method.node, method.scope, found, method.cls), (index,), {}
            )
        case Instance(inside=Container() as inside):
            return calling.picked(inside, index)
        case Instance() if tables.is_table(found):
            if str(index) not in found.attributes:
                raise Unreadable(f"there is no {index!r} in it", raises="KeyError")
            return found.attributes[str(index)]
        case Instance() if not found.cls.is_network and isinstance(index, int | slice):
            return _picked(tuple(found.attributes.values()), index)
        case Array():
            return arrays.indexed(found, index)
        case Container():
            return calling.picked(found, index)
        case Unknown():
            raise Unreadable(found.reason)
    raise Unreadable(f"[…] of {what(found)} is not read")


def _picked(found: Any, index: Any) -> Any:
    if isinstance(index, slice):
        return found[_bare_slice(index)]
    if not isinstance(index, int):
        raise Unreadable(f"{what(index)} as an index is not read")
    if not -len(found) <= index < len(found):
        raise Unreadable(f"there is no item {int(index)}: it has {len(found)}", raises="IndexError")
    return found[index]


def _bare_slice(index: slice) -> slice:
    ends = [None if one is None else int(one) for one in (index.start, index.stop, index.step)]
    if ends[2] == 0:
        raise Unreadable("a step of 0 leads nowhere")
    return slice(*ends)


def _called(interp: "Interpreter", node: ast.Call, scope: Scope) -> Any:
    wanted, interp.wanted = interp.wanted, ""
    if isinstance(node.func, ast.Name) and node.func.id == "super" and "super" not in scope.names:
        return calling.super_of(scope)
    if isinstance(node.func, ast.Name) and node.func.id == "eval" and len(node.args) == 1:
        return _evaluated(interp, interp.value(node.args[0], scope), scope)
    function = interp.value(node.func, scope)
    extends = isinstance(function, Bound) and function.name == "extend" and isinstance(function.value, list)
    if extends and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
        _extended(interp, function.value, node.args[0], scope)
        return None
    args = tuple(_listed(interp, node.args, scope))
    keywords: dict[str, Any] = {}
    for keyword in node.keywords:
        found = interp.value(keyword.value, scope)
        if keyword.arg is None:
            found = found.attributes if tables.is_table(found) else found
            if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
                raise Unreadable(f"** of {what(found)} is not read")
            for key, one in found.items():
                if key in keywords:
                    raise Unreadable(f"{key} is given twice")
                keywords[key] = one
        elif keyword.arg in keywords:
            raise Unreadable(f"{keyword.arg} is given twice")
        else:
            keywords[keyword.arg] = found
    interp.wanted, interp.line = wanted, node.lineno
    try:
        return calling.call(interp, function, args, keywords)
    finally:
        interp.wanted = ""


def _evaluated(interp: "Interpreter", text: Any, scope: Scope) -> Any:
    """`eval("nn.ReLU")`: the text is followed as if it stood there."""
    if not isinstance(text, str) or len(text) > 1000:
        raise Unreadable(f"eval of {what(text)} is not read")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable(f"eval of {text!r:.60} is not read", raises="SyntaxError") from None
    return interp.value(tree.body, scope)


# Assignments.


def assign(interp: "Interpreter", target: ast.expr, found: Any, scope: Scope) -> None:
    """`target = found`; raises `Unreadable`."""
    match target:
        case ast.Name(id=name):
            scope.names[name] = found
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            _spread(interp, elements, found, scope)
        case ast.Attribute(value=inner, attr=name):
            owner = interp.value(inner, scope)
            network = isinstance(owner, Layer | Container) or (
                isinstance(owner, Instance) and owner.cls.is_network
            )
            if network and name in ("forward", "__class__", "__call__"):
                raise Unreadable(f"setting {name} of {what(owner)} is not read: it would do something else")
            if name == "__dict__" and isinstance(owner, Instance):
                owner.attributes.update(found if isinstance(found, dict) else {})
            elif isinstance(owner, Container) and not isinstance(found, Thing):
                owner.notes[name] = found
            elif isinstance(owner, (Instance, Container)):
                owner.put(name, found)
            elif isinstance(owner, Layer) and name not in ("weight", "bias"):
                operations.layer_changed(interp, owner, name, found)
            elif isinstance(owner, Layer):
                words = f"the {name} that two layers share is drawn as two: each learns its own, and both are counted"
                interp.say(words, severity="note")
            elif isinstance(owner, Unknown):
                raise Unreadable(owner.reason)
            else:
                raise Unreadable(f"setting {name} of {what(owner)} is not read")
        case ast.Subscript(value=inner, slice=index):
            owner, key = interp.value(inner, scope), interp.value(index, scope)
            if isinstance(owner, list) and isinstance(key, int) and -len(owner) <= key < len(owner):
                owner[key] = found
            elif isinstance(owner, dict):
                owner[_key(key)] = found
            elif isinstance(owner, Instance) and tables.is_table(owner):
                owner.put(str(key), found)
            elif isinstance(owner, Array):
                arrays.set_part(owner, key, found)
            elif isinstance(owner, Container):
                names = list(owner.items)
                if isinstance(key, int) and -len(names) <= key < len(names):
                    key = names[key]
                owner.put(str(key), found)
            elif isinstance(owner, _TENSORS):
                operations.set_part(interp, owner, key, found)
            else:
                raise Unreadable(f"setting a part of {what(owner)} is not read")
        case ast.Starred(value=inner):
            assign(interp, inner, list(items_of(interp, found)), scope)
        case _:
            raise Unreadable("this assignment is not read")


def _spread(interp: "Interpreter", elements: list[ast.expr], found: Any, scope: Scope) -> None:
    if isinstance(found, Tensor):
        found = operations.unbound(interp, found, len(elements))
    several = list(items_of(interp, found))
    stars = [number for number, one in enumerate(elements) if isinstance(one, ast.Starred)]
    if stars:
        first, after = stars[0], len(elements) - stars[0] - 1
        if len(several) < len(elements) - 1:
            raise Unreadable(f"{len(several)} values for {len(elements)} names")
        middle = several[first : len(several) - after]
        several = [*several[:first], middle, *several[len(several) - after :]]
        elements = [one.value if isinstance(one, ast.Starred) else one for one in elements]
    if len(several) != len(elements):
        raise Unreadable(f"{len(several)} values for {len(elements)} names")
    for one, item in zip(elements, several, strict=True):
        assign(interp, one, item, scope)


def augment(interp: "Interpreter", node: ast.AugAssign, scope: Scope) -> None:
    """`target op= value`. A tensor changes in its place: whoever else has it sees the change."""
    target = node.target
    reading: ast.expr
    match target:
        case ast.Name(id=name):
            reading = ast.Name(name, ast.Load(), lineno=node.lineno)
        case ast.Attribute(value=inner, attr=name):
            reading = ast.Attribute(inner, name, ast.Load(), lineno=node.lineno)
        case _:
            reading = ast.Subscript(target.value, target.slice, ast.Load(), lineno=node.lineno)
    before = interp.value(reading, scope)
    if isinstance(before, list) and isinstance(node.op, ast.Add) and isinstance(node.value, ast.GeneratorExp):
        _extended(interp, before, node.value, scope)
        return
    more = interp.value(node.value, scope)
    if isinstance(before, list) and isinstance(node.op, ast.Add):
        before.extend(items_of(interp, more))
        _short(before)
        return
    if isinstance(before, Container) and isinstance(node.op, ast.Add):
        for item in items_of(interp, more):
            before.put(str(len(before.items)), item)
        return
    interp.wanted = target.id if isinstance(target, ast.Name) else ""
    after = signed(interp, before, node.op, more)
    interp.wanted = ""
    if isinstance(before, Tensor) and isinstance(after, Tensor) and not isinstance(target, ast.Subscript):
        before.change(after)
        return
    assign(interp, target, after, scope)


# Imports.


def imported(interp: "Interpreter", node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    """Names that an import brings: of torch, of a few known libraries, of modules beside the source."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            whole = alias.name
            name = alias.asname or whole.partition(".")[0]
            scope.names[name] = _library(interp, whole if alias.asname else whole.partition(".")[0], 0)
            continue
        module, name = node.module or "", alias.asname or alias.name
        if alias.name == "*":
            owner = _library(interp, module, node.level)
            if isinstance(owner, Scope):
                scope.names.update(owner.names)
            elif owner == Torch("torch.nn"):
                scope.names.update(operations.all_layers())
            continue
        if node.level and not module:
            inside = _library(interp, alias.name, node.level)
            scope.names[name] = inside
            continue
        owner = _library(interp, module, node.level)
        if isinstance(owner, Scope):
            try:
                scope.names[name] = owner.get(alias.name)
            except KeyError:
                scope.names[name] = Unknown(f"{module} has no {alias.name}")
        elif isinstance(owner, Unknown):
            scope.names[name] = owner
        else:
            try:
                scope.names[name] = attribute(interp, owner, alias.name)
            except Unreadable as error:
                scope.names[name] = Unknown(error.message)


def _library(interp: "Interpreter", module: str, level: int) -> Any:
    first = module.partition(".")[0]
    if not level and first == "torch":
        return Torch(module)
    if not level and first in python.LIBRARIES:
        return Library(module)
    beside = calling.sibling(interp, module, level)
    if beside is not None:
        return beside
    where = "it is not beside this file" if level else "only torch and modules beside the file are read"
    return Unknown(f"{module or 'the package'} is not read: {where}")


def _number(found: Any) -> bool:
    return isinstance(found, int | float)


def _plain(found: Any) -> bool:
    return isinstance(found, None | bool | int | float | str)


def _short(found: Any) -> Any:
    if len(found) > _LONGEST:
        raise Unreadable(f"{len(found):,} items are more than are read; at most {_LONGEST:,}")
    return found
