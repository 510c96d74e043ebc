"""What a catalogue entry is: plain data about something a person can pick, torch named in strings only.

A kind says what it *expects* of the tensors that reach it (rank, dtype, axes); that gives the plain sentence when
something does not fit. The shapes it *gives* come from torch itself, on the meta device, in `nndesigner.inference`.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nndesigner.catalogue.param import REQUIRED, Param, ParamType, Passing, Required
from nndesigner.catalogue.tensor import CHECK_BATCH, TensorType
from nndesigner.graph import Code, Value

__all__ = [
    "CHECK_BATCH",
    "REQUIRED",
    "Follows",
    "Kind",
    "Param",
    "ParamType",
    "Passing",
    "Port",
    "Required",
    "Role",
    "Structure",
    "TensorType",
    "taken",
]

Role = Literal["data", "input", "output", "layer", "loss", "optimizer", "scheduler", "block"]
Structure = str | tuple["Structure", ...]
_OWN = "nndesigner.functions."


@dataclass(frozen=True, slots=True)
class Port:
    """A place for a wire. `ranks` are the numbers of axes it takes (none: any), the batch counted.

    `many` is 0 for a plain port; else it stands for as many ports as there are wires (`input1`, `input2`, …), and
    at least that many; they are passed as a list, or `spread` one by one. `like` names the port whose sizes it must equal, `axes` names its axes for people.

    An `optional` input may stay without a wire; it is passed by its name, as one that is `named` is. Neighbours of the same `group` are passed as
    one tuple of that name. A port is there only `when` that param is on; `count` names the param that says how many
    ports it stands for (`output1`, `output2`, …), by its value or by how many values it has.
    """

    name: str
    ranks: tuple[int, ...] = ()
    dtype: Literal["any", "float", "int", "bool"] = "float"
    many: int = 0
    like: str | None = None
    axes: str = ""
    sentence: str = ""
    optional: bool = False
    group: str = ""
    when: str = ""
    count: str = ""
    spread: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Follows:
    """An argument that follows from a shape and is never asked for: `in_channels` from axis 1 of `input`.

    It is there only `when` that param is on, and not where it equals the argument named in `unless`, as an attention's
    `kdim` that is its `embed_dim`. With `last`, it is a tuple of the sizes of the last axes, as many as that
    param says: `normalized_shape`.
    """

    argument: str
    port: str
    axis: int
    when: str = ""
    last: str = ""
    unless: str = ""

    def value(
        self, sizes: tuple[int, ...], params: Mapping[str, Value], before: Mapping[str, Value]
    ) -> int | tuple[int, ...] | None:
        """What it is for these sizes at its port, these params, and what followed `before`; None: it is not there."""
        if self.when and not params.get(self.when):
            return None
        if self.last:
            count = params.get(self.last)
            return sizes[-count:] if isinstance(count, int) else None
        if not -len(sizes) <= self.axis < len(sizes):
            return None
        size = sizes[self.axis]
        return None if self.unless and size == before.get(self.unless) else size


@dataclass(frozen=True)
class Kind:
    """A catalogue entry. `target` is the dotted name of a torch callable, empty for what is ours.

    `example` are tensors for its inputs that fit, used by its test and its help. `metric` is, for a loss, what is
    measured beside it. `keywords_only` is for callables whose followed arguments are not the first. `returns` is the
    tuple that comes out, by the names of the outputs (a name of none stands for what is left unused); without it, the
    single output, or all of them in order. `code` is the text of a layer of one's own.

    A scheduler is `stepped` after each epoch, after each step, or after each epoch with the validation loss. An optimizer
    with a `closure` computes the loss several times a step; one that takes only some `weights` says which.
    """

    name: str
    family: str
    target: str
    sentence: str
    formula: str = ""
    role: Role = "layer"
    inputs: tuple[Port, ...] = (Port("input"),)
    outputs: tuple[Port, ...] = (Port("output"),)
    params: tuple[Param, ...] = ()
    follows: tuple[Follows, ...] = ()
    example: tuple[TensorType, ...] = (TensorType((CHECK_BATCH, 8)),)
    synonyms: str = ""
    metric: str = ""
    stem: str = ""
    keywords_only: bool = False
    returns: Structure = ()
    code: Code | None = None
    stepped: Literal["epoch", "step", "validation"] = "epoch"
    closure: bool = False
    weights: Literal["", "matrices", "sparse"] = ""
    by_name: Mapping[str, Param] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {param.name: param for param in self.params})

    @property
    def is_module(self) -> bool:
        """Whether it is an object with a state of its own, rather than a function."""
        return (
            self.target.rpartition(".")[2][:1].isupper()
            and self.role in ("layer", "loss")
            and not self.is_tensor
        )

    @property
    def is_tensor(self) -> bool:
        """Whether it is a tensor the network holds, learned or not, rather than something that is called."""
        return self.target in ("torch.nn.Parameter", "torch.nn.Buffer")

    @property
    def is_method(self) -> bool:
        """Whether it is called on its first input."""
        return self.target.startswith("torch.Tensor.")

    @property
    def is_operator(self) -> bool:
        """Whether it is written as a sign between its inputs."""
        return self.target.startswith("operator.")

    @property
    def is_ours(self) -> bool:
        """Whether it is a function of this program, whose source goes into the script."""
        return self.target.startswith(_OWN)

    @property
    def spelled(self) -> str:
        """How a script names it: `nn.Conv2d`, `F.softmax`, `torch.cat`."""
        for long, short in (("torch.nn.functional.", "F."), ("torch.nn.", "nn."), (_OWN, ""), ("own.", "")):
            if self.target.startswith(long):
                return short + self.target.removeprefix(long)
        return self.target

    @property
    def structure(self) -> Structure:
        """What comes out of it, by the names of its outputs."""
        if self.returns:
            return self.returns
        names = tuple(port.name for port in self.outputs)
        return names[0] if len(names) == 1 else names

    @functools.cached_property
    def deciding(self) -> tuple[str, ...]:
        """The params on which its ports depend."""
        ports = (*self.inputs, *self.outputs)
        return tuple(dict.fromkeys(name for port in ports for name in (port.when, port.count) if name))

    def at(self, params: Mapping[str, Value]) -> "Kind":
        """It with the ports it has when its params are these."""
        if not self.deciding:
            return self
        values = {**self.values({}), **params}
        return _with_ports(self.name, tuple(values.get(name) for name in self.deciding), _Same(self))

    @property
    def positional(self) -> tuple[str, ...]:
        """The arguments that people write without their names: `nn.Conv2d(3, 64, …)`."""
        if self.keywords_only:
            return ()
        outs = (param.name for param in self.params if param.name.startswith("out_"))
        return (*(one.argument for one in self.follows if not one.unless), *outs)

    @property
    def documentation(self) -> str:
        """Where its documentation stands, or nothing."""
        if self.is_operator or self.target.startswith("torch.Tensor."):
            method = self.target.rpartition(".")[2]
            return f"https://docs.pytorch.org/docs/stable/generated/torch.Tensor.{_METHODS.get(method, method)}.html"
        if not self.target.startswith("torch."):
            return ""
        return f"https://docs.pytorch.org/docs/stable/generated/{_PAGES.get(self.target, self.target)}.html"

    def start_params(self) -> dict[str, Value]:
        """The params a new node of this kind stores: those without a default, and those it begins otherwise."""
        return {
            param.name: param.initial
            for param in self.params
            if isinstance(param.default, Required) or param.initial not in (None, param.default)
        }

    def values(self, params: Mapping[str, Value]) -> dict[str, Value]:
        """All params, defaults filled in; one that is required and missing is left out."""
        found: dict[str, Value] = {}
        for param in self.params:
            if param.name in params:
                found[param.name] = params[param.name]
            elif not isinstance(param.default, Required):
                found[param.name] = param.default
        return found

    def arguments(self, params: Mapping[str, Value]) -> dict[str, Value]:
        """What its callable is given: the params that differ from torch's defaults."""
        return {
            name: value
            for name, value in self.values(params).items()
            if not self.by_name[name].own and value != self.by_name[name].default
        }

    def problems(self, params: Mapping[str, Value]) -> list[tuple[str, str]]:
        """(param, what is wrong with it) for each param that can't stand as it is."""
        found = []
        for name, value in params.items():
            param = self.by_name.get(name)
            if param is None:
                known = ", ".join(self.by_name) or "none"
                found.append((name, f"{self.name} has no param {name!r}; it has {known}"))
            elif problem := param.problem(value):
                found.append((name, problem))
        for param in self.params:
            if isinstance(param.default, Required) and param.name not in params:
                found.append((param.name, f"{param.name} is missing; it is {param.expects()}"))
        return found

    def input_names(self, connected: Iterable[str] = ()) -> tuple[str, ...]:
        """The names of its input ports, given which have a wire: a port for many always offers one more."""
        names: list[str] = []
        for port in self.inputs:
            if not port.many:
                names.append(port.name)
                continue
            taken = [int(tail) for name in connected if (tail := name.removeprefix(port.name)).isdigit()]
            count = max(port.many, max(taken, default=0) + 1)
            names.extend(f"{port.name}{number}" for number in range(1, count + 1))
        return tuple(names)

    def input_port(self, name: str) -> Port | None:
        """The port an input's name stands for."""
        for port in self.inputs:
            if port.name == name and not port.many:
                return port
            if port.many and (tail := name.removeprefix(port.name)).isdigit() and tail[0] != "0":
                return port
        return None

    @property
    def name_stem(self) -> str:
        """What its nodes are named after: `conv`, `linear`, `relu`."""
        return self.stem or self.name.lower()


# The page of an operator is that of the method it calls; some pages have another name.
_METHODS = {
    "truediv": "div",
    "and_": "logical_and",
    "or_": "logical_or",
    "invert": "logical_not",
    "getitem": "select",
}
_PAGES = {
    "torch.nn.Parameter": "torch.nn.parameter.Parameter",
    "torch.nn.Buffer": "torch.nn.parameter.Buffer",
}


@dataclass(frozen=True)
class _Same:
    """A kind as part of a key: two are the same when they are one object."""

    kind: Kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.kind is self.kind

    def __hash__(self) -> int:
        return id(self.kind)


@functools.lru_cache(maxsize=4096)
def _with_ports(_name: str, values: tuple[Value, ...], same: _Same) -> Kind:
    kind = same.kind
    given = dict(zip(kind.deciding, values, strict=True))

    def ports(declared: Sequence[Port]) -> tuple[Port, ...]:
        found: list[Port] = []
        for port in declared:
            if port.when and not given[port.when]:
                continue
            number = given.get(port.count) if port.count else None
            number = len(number) if isinstance(number, tuple) else number
            if port.count and isinstance(number, int) and not isinstance(number, bool):
                found += (
                    replace(port, name=f"{port.name}{n}", count="") for n in range(1, min(number, 99) + 1)
                )
            else:
                found.append(port)
        return tuple(found)

    outputs = ports(kind.outputs)
    absent = {port.name for port in kind.outputs} - {port.name for port in outputs}
    return replace(kind, inputs=ports(kind.inputs), outputs=outputs, returns=_without(kind.returns, absent))


def _without(returns: Structure, absent: set[str]) -> Structure:
    """What comes out when some ports are not there: their places stay, unused."""
    if isinstance(returns, str):
        return "" if returns in absent else returns
    return tuple(_without(part, absent) for part in returns)


def taken(
    kind: Kind, inputs: Mapping[str, Any], arguments: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """How a kind's callable is called: its inputs and arguments by place, and those by name.

    Works for tensors and for pieces of source alike. Inputs that belong together come as a list (all that a port for
    many takes) or as a tuple (a group). Arguments that are spread must be iterable. For a module, the arguments of
    its constructor are left out.
    """
    by_place: list[Any] = []
    by_name: dict[str, Any] = {}
    passed = {param.name: param.passed for param in kind.params}
    by_place += (value for name, value in arguments.items() if passed.get(name) == "first")
    groups: dict[str, list[Any]] = {}
    for port in kind.inputs:
        if port.many:
            several = [value for name, value in inputs.items() if kind.input_port(name) is port]
            by_place += several if port.spread else [several]
        elif port.name not in inputs:
            continue
        elif port.group:
            groups.setdefault(port.group, []).append(inputs[port.name])
        elif port.optional or port.named:
            by_name[port.name] = inputs[port.name]
        else:
            by_place.append(inputs[port.name])
    by_name |= {name: tuple(values) for name, values in groups.items()}
    for name, value in arguments.items():
        if name in kind.by_name and kind.by_name[name].own:
            continue
        match passed.get(name):
            case "positional" if not kind.is_module:
                by_place.append(value)
            case "spread" if not kind.is_module:
                by_place += value if isinstance(value, list | tuple) else [value]
            case "call":
                by_name[name] = value
            case "keyword" if not kind.is_module:
                by_name[name] = value
    return by_place, by_name
