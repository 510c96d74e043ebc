"""Layers of torch in a source: how they are constructed, and what comes of calling them."""

import ast
import functools
import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, Port
from nndesigner.inference import resolve
from nndesigner.script.reader.values import (
    Constant,
    Container,
    Held,
    Layer,
    Number,
    Tensor,
    Torch,
    Training,
    Unknown,
    Unreadable,
    what,
)

if TYPE_CHECKING:
    from nndesigner.script.reader.interpreter import Interpreter

_RECURRENT = {
    "RNN": "input_size hidden_size num_layers nonlinearity bias batch_first dropout bidirectional",
    "LSTM": "input_size hidden_size num_layers bias batch_first dropout bidirectional proj_size",
    "GRU": "input_size hidden_size num_layers bias batch_first dropout bidirectional",
}
# Arguments that make no difference to what is drawn.
_IGNORED = frozenset(["inplace", "device"])


@functools.cache
def by_target() -> Mapping[str, Kind]:
    """The layers of the catalogue by their names in torch."""
    return {
        kind.target: kind
        for kind in catalogue.BY_NAME.values()
        if (kind.is_module or kind.is_tensor) and kind.role == "layer"
    }


def layer_named(name: str) -> Kind | None:
    """The layer of a full name in torch, such as `torch.nn.modules.conv.Conv2d`."""
    if name.startswith("torch.nn.modules."):
        name = f"torch.nn.{name.rpartition('.')[2]}"
    return by_target().get(name)


@functools.cache
def arguments_of(target: str) -> tuple[str, ...]:
    """The arguments of a layer's constructor in torch's order."""
    short = target.rpartition(".")[2]
    if short in _RECURRENT:
        return tuple(_RECURRENT[short].split())
    found = inspect.signature(resolve(target)).parameters.values()
    return tuple(one.name for one in found if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY))


@functools.cache
def defaults_of(target: str) -> Mapping[str, Any]:
    """The defaults of a layer's constructor."""
    if target.rpartition(".")[2] in _RECURRENT:
        return {}
    found = inspect.signature(resolve(target)).parameters.values()
    return {one.name: one.default for one in found if one.default is not one.empty}


def arguments_in(text: str, name: str) -> list[str]:
    """The arguments of a function in a text, in order."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
    return []


def named(
    names: tuple[str, ...], function: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> dict[str, Any]:
    """Arguments by their names; raises `Unreadable` for one too many, given twice, or not known."""
    if len(args) > len(names):
        raise Unreadable(f"{function} takes {len(names)} arguments, and {len(args)} are given")
    found = dict(zip(names, args, strict=False))
    for name, one in keywords.items():
        if name in found:
            raise Unreadable(f"{name} of {function} is given twice")
        if name not in names:
            raise Unreadable(f"{function} has no argument {name}")
        found[name] = one
    for name, one in found.items():
        if isinstance(one, Unknown):
            raise Unreadable(one.reason)
        if isinstance(one, Training):
            found[name] = False
    return found


def constructed(interp: "Interpreter", kind: Kind, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """A layer as its constructor makes it."""
    short = f"nn.{kind.name}"
    if kind.is_tensor:
        return _held(interp, kind, args, keywords)
    given = named(arguments_of(kind.target), short, args, keywords)
    followed: dict[str, Any] = {}
    params: dict[str, Any] = {}
    follows = {one.argument: one for one in kind.follows}
    for name, one in given.items():
        if name in follows:
            followed[name] = tuple(one) if isinstance(one, list | tuple) else one
        elif name in kind.by_name:
            one = False if one is None and isinstance(kind.by_name[name].default, bool) else one
            params[name] = _value(kind, name, one)
        elif name not in _IGNORED and not _is_default(one, defaults_of(kind.target).get(name)):
            raise Unreadable(f"{name} of {short} is not in the catalogue, so it can't be drawn")
    for name, param in kind.by_name.items():
        if param.passed in ("wrapped", "call") or param.own or name in params:
            continue
        if param.default not in (None,) and callable(getattr(param.default, "name", None)):
            continue
    for one in kind.follows:
        if one.last and one.argument in followed:
            shape = followed[one.argument]
            params[one.last] = len(shape) if isinstance(shape, tuple) else 1
            followed[one.argument] = shape if isinstance(shape, tuple) else (shape,)
    for one in kind.follows:
        # Where it may follow or be one for all, another number than torch's own says that it follows.
        if one.when in kind.by_name and one.argument in followed:
            if followed[one.argument] == defaults_of(kind.target).get(one.argument):
                del followed[one.argument]
            elif kind.by_name[one.when].own:
                params[one.when] = True
    missing = [
        name
        for name, param in kind.by_name.items()
        if not param.own and _required(param.default) and name not in params
    ]
    if missing:
        raise Unreadable(f"{short} needs {' and '.join(missing)}")
    values = {name: _bare(one) for name, one in params.items()}
    for name, message in kind.problems(values):
        if name in values:
            raise Unreadable(f"{short}: {message}")
    inplace = bool(given.get("inplace", False))
    return Layer(interp.line, kind=kind.name, params=params, followed=followed, inplace=inplace)


def changed(interp: "Interpreter", layer: Layer, name: str, value: Any) -> None:
    """A layer that was made, with another argument; raises `Unreadable` where that can't be drawn."""
    kind = interp.own_kind(layer.kind) or catalogue.BY_NAME[layer.kind]
    if name == "inplace":
        layer.inplace = bool(value)
    elif name in kind.by_name and not kind.by_name[name].own:
        given = {**layer.params, name: _value(kind, name, value)}
        for key, message in kind.problems({key: _bare(one) for key, one in given.items()}):
            if key == name:
                raise Unreadable(f"nn.{layer.kind}: {message}")
        layer.params = given
    elif name not in arguments_of(kind.target) and name not in layer.followed:
        layer.notes[name] = value
    else:
        raise Unreadable(f"{name} of nn.{layer.kind} can't be changed once it is made")


def _required(default: object) -> bool:
    return getattr(default, "name", "") == "REQUIRED"


def _is_default(one: Any, default: Any) -> bool:
    return one is None or one == default


def _value(kind: Kind, name: str, one: Any) -> Any:
    """An argument as a node may store it; raises `Unreadable` for what is no plain value."""
    if isinstance(one, list | tuple):
        return tuple(_value(kind, name, each) for each in one)
    if isinstance(one, None | bool | int | float | str):
        return one
    if isinstance(one, Torch):
        # An activation given as a function: `activation=F.gelu`.
        short = one.name.rpartition(".")[2]
        if short in kind.by_name[name].choices:
            return short
    raise Unreadable(f"{name} of nn.{kind.name} is {what(one)}, which can't be drawn")


def _bare(one: Any) -> Any:
    if isinstance(one, Number):
        return int(one)
    return tuple(_bare(each) for each in one) if isinstance(one, tuple) else one


def _held(interp: "Interpreter", kind: Kind, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Held:
    names = ("data", "requires_grad") if kind.name == "Parameter" else ("data", "persistent")
    given = named(names, f"nn.{kind.name}", args, keywords)
    data = given.get("data")
    if isinstance(data, Held):
        data = data.constant
    if isinstance(data, int | float) and not isinstance(data, bool):
        data = Constant("ones", (), float(data))
    if not isinstance(data, Constant):
        raise Unreadable(f"nn.{kind.name} of {what(data)} can't be drawn")
    frozen = given.get("requires_grad") is False
    if kind.name == "Parameter" and (data.after or data.columns):
        if frozen:
            return Held(interp.line, kind="Buffer", constant=data, frozen=True)
        interp.say("how this parameter begins is not drawn", severity="note")
        data = Constant("zeros", tuple(int(one) for one in interp.sizes(data)))
    return Held(interp.line, kind=kind.name, constant=data, frozen=frozen)


def called(interp: "Interpreter", layer: Layer, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """What a layer gives, drawn as a node."""
    kind = interp.own_kind(layer.kind) or catalogue.BY_NAME[layer.kind]
    sheet = interp.drawing_on()
    tensors, params = taken(interp, kind, args, keywords, f"nn.{kind.name}")
    result = sheet.draw(
        kind.at({**_bare_params(layer.params), **params}),
        tensors,
        {**layer.params, **params},
        interp.line,
        wanted=interp.wanted,
        thing=layer,
        followed=layer.followed,
        frozen=layer.frozen,
    )
    interp.called.add(id(layer))
    first = args[0] if args else None
    if layer.inplace and isinstance(first, Tensor) and isinstance(result, Tensor):
        first.change(result)
    return result


def _bare_params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _bare(one) for name, one in params.items()}


def taken(
    interp: "Interpreter", kind: Kind, args: tuple[Any, ...], keywords: Mapping[str, Any], words: str
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What a layer is called with: tensors by their ports, and the arguments of the call that are params."""
    ports = list(kind.inputs)
    names = list(dict.fromkeys(port.group or port.name for port in ports))
    calls = [param.name for param in kind.params if param.passed == "call"]
    order = tuple(_call_names(kind) or [*names, *calls])
    given = named(order, words, args, keywords)
    tensors: dict[str, Tensor] = {}
    params: dict[str, Any] = {}
    for name, one in given.items():
        if name in calls:
            if kind.by_name[name].default != one:
                params[name] = one
            continue
        several = [port for port in ports if (port.group or port.name) == name]
        if not several:
            if one is None or isinstance(one, bool):
                continue
            raise Unreadable(f"{name} of {words} can't be drawn")
        _wire(interp, several, name, one, tensors, words)
    return tensors, params


def _wire(
    interp: "Interpreter", ports: list[Port], name: str, one: Any, tensors: dict[str, Tensor], words: str
) -> None:
    if one is None:
        return
    if ports[0].group:
        values = list(interp.items(one)) if isinstance(one, list | tuple) else [one]
        if len(values) != len(ports):
            raise Unreadable(f"{name} of {words} is {len(ports)} tensors, not {len(values)}")
    else:
        values = [one]
    zeros = all(isinstance(one, Constant) and one.init == "zeros" and not one.after for one in values)
    if zeros and all(port.optional for port in ports):
        return  # it begins with zeros anyway
    for port, value in zip(ports, values, strict=True):
        tensors[port.name] = interp.tensor(value, f"{name} of {words}")


def _call_names(kind: Kind) -> list[str]:
    """The arguments a layer is called with, in torch's order, where they are not just its ports."""
    return _CALLS.get(kind.name, [])


_CALLS = {
    "MultiheadAttention": [
        "query",
        "key",
        "value",
        "key_padding_mask",
        "need_weights",
        "attn_mask",
        "average_attn_weights",
        "is_causal",
    ],
    "TransformerEncoderLayer": ["src", "src_mask", "src_key_padding_mask", "is_causal"],
    "TransformerDecoderLayer": [
        "tgt",
        "memory",
        "tgt_mask",
        "memory_mask",
        "tgt_key_padding_mask",
        "memory_key_padding_mask",
        "tgt_is_causal",
        "memory_is_causal",
    ],
    "Transformer": [
        "src",
        "tgt",
        "src_mask",
        "tgt_mask",
        "memory_mask",
        "src_key_padding_mask",
        "tgt_key_padding_mask",
        "memory_key_padding_mask",
        "src_is_causal",
        "tgt_is_causal",
        "memory_is_causal",
    ],
    "MaxUnpool1d": ["input", "indices", "output_size"],
    "MaxUnpool2d": ["input", "indices", "output_size"],
    "MaxUnpool3d": ["input", "indices", "output_size"],
}


def encoder(
    interp: "Interpreter", args: tuple[Any, ...], keywords: Mapping[str, Any], copied: Any
) -> Container:
    """An nn.TransformerEncoder or nn.TransformerDecoder: the layer copied, and a norm behind."""
    names = ("layer", "num_layers", "norm", "enable_nested_tensor", "mask_check")
    renamed = {
        {"encoder_layer": "layer", "decoder_layer": "layer"}.get(name, name): one
        for name, one in keywords.items()
    }
    given = named(names, "nn.TransformerEncoder", args, renamed)
    layer, count = given.get("layer"), given.get("num_layers")
    if not isinstance(layer, Layer) or not isinstance(count, int) or not 0 < count <= 1000:
        raise Unreadable("nn.TransformerEncoder takes a layer and how many of them")
    made = Container(interp.line, sort="Encoder")
    layers = Container(interp.line, sort="ModuleList")
    for number in range(count):
        layers.put(str(number), copied(layer))
    made.put("layers", layers)
    if given.get("norm") is not None:
        made.put("norm", copied(given["norm"]))
    return made


def encoded(
    interp: "Interpreter", encoder: Container, args: tuple[Any, ...], keywords: Mapping[str, Any], call: Any
) -> Any:
    """What an nn.TransformerEncoder or nn.TransformerDecoder gives."""
    layers = list(encoder.items["layers"].items.values())
    decodes = layers[0].kind == "TransformerDecoderLayer"
    names = _CALLS[layers[0].kind] if decodes else ["src", "mask", "src_key_padding_mask", "is_causal"]
    given = named(tuple(names), "nn.TransformerEncoder", args, keywords)
    given = {{"mask": "src_mask"}.get(name, name): one for name, one in given.items()}
    found = given.pop("tgt" if decodes else "src")
    for layer in layers:
        interp.wanted = ""
        found = call(interp, layer, (found,), given)
    if "norm" in encoder.items:
        found = call(interp, encoder.items["norm"], (found,), {})
    return found
